use shared::identity::{AccountState, Grant, Method};

use super::super::grant::{self, Agreed};
use super::*;
use crate::Action;

const OFFICES: &str =
    "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\nLIN\tLincoln\tservice_center\t\n";

/// With two offices.
async fn with_offices() -> Vec<Staffed> {
    let desks = staffed().await;
    for desk in &desks {
        crate::office::import(desk.ctx(), Actor::Operator, OFFICES).await.unwrap();
    }
    desks
}

fn vouched(subject: &str, roles: &[(Role, &str)]) -> Vouched {
    Vouched {
        issuer: "https://sign-in.agency.example".into(),
        subject: typed(subject),
        name: Some(StaffName::parse("Iris Ibsen").unwrap()),
        roles: roles.iter().map(|(role, code)| (*role, office(code))).collect(),
        acr: Some("aal2".into()),
        showed_card: true,
    }
}

async fn come(desk: &Staffed, subject: &str, roles: &[(Role, &str)]) -> ByProvider {
    sign_in_by_provider(desk.ctx(), &vouched(subject, roles), firefox()).await.unwrap()
}

async fn entered(desk: &Staffed, subject: &str, roles: &[(Role, &str)]) -> (String, Live) {
    match come(desk, subject, roles).await {
        ByProvider::Done(session) => {
            let token = session.token.expose().clone();
            let live = desk.session(&token).await.unwrap();
            (token, live)
        }
        other => panic!("{other:?}"),
    }
}

fn held(live: &Live) -> Vec<(Role, &str)> {
    live.officer.grants().iter().map(|grant| (grant.role, grant.office.as_str())).collect()
}

#[tokio::test]
async fn who_comes_for_the_first_time_gets_an_account_and_the_same_one_again() {
    for desk in with_offices().await {
        let (_, first) = entered(&desk, "7", &[(Role::Iio, "NBC")]).await;
        assert_eq!((first.method, held(&first)), (Method::Provider, vec![(Role::Iio, "NBC")]));
        assert_eq!((first.account.name.as_str(), first.account.office.as_str()), ("Iris Ibsen", "NBC"));
        assert!(first.account.sign_in_name.as_str().starts_with("sso-"));
        assert!(first.officer.may(Action::AnswerRequest, &office("NBC")));
        let (_, again) = entered(&desk, "7", &[(Role::Iio, "NBC")]).await;
        assert_eq!(again.account.id, first.account.id);
        let (_, other) = entered(&desk, "8", &[(Role::Iio, "NBC")]).await;
        assert_ne!(other.account.id, first.account.id);
        // Another provider's "7" is somebody else.
        let elsewhere = Vouched { issuer: "https://other.example".into(), ..vouched("7", &[(Role::Iio, "NBC")]) };
        assert!(matches!(sign_in_by_provider(desk.ctx(), &elsewhere, firefox()).await.unwrap(), ByProvider::Done(_)));
        assert_ne!(provider_account(desk.ctx(), "https://other.example", &typed("7")).await.unwrap(), Some(first.account.id));

        let renamed = Vouched { name: Some(StaffName::parse("Iris Ibsen-Sol").unwrap()), ..vouched("7", &[(Role::Iio, "NBC")]) };
        sign_in_by_provider(desk.ctx(), &renamed, firefox()).await.unwrap();
        let view = account::find(desk.ctx(), Manager::Operator, first.account.id).await.unwrap().unwrap();
        assert_eq!((view.name.as_str(), view.state), ("Iris Ibsen-Sol", AccountState::Active));
        assert!(matches!(desk.password(view.sign_in_name.as_str(), PASSWORD).await, Password::Wrong), "it has no password");

        let audited = desk.audited("provider.vouch").await;
        let of_first = audited.iter().find(|(_, _, detail)| detail.contains(&first.id.to_string())).unwrap();
        let detail: serde_json::Value = serde_json::from_str(&of_first.2).unwrap();
        let expected = serde_json::json!({ "session": first.id, "roles": ["iio@NBC"], "acr": "aal2", "card": true });
        assert_eq!((of_first.1.clone(), detail), (first.account.id.to_string(), expected));
        assert!(!format!("{audited:?}").contains("Iris"));
    }
}

#[tokio::test]
async fn roles_hold_in_the_session_for_which_they_were_named() {
    for desk in with_offices().await {
        let (morning, _) = entered(&desk, "7", &[(Role::Iio, "NBC"), (Role::QualityReviewer, "LIN")]).await;
        let (noon, _) = entered(&desk, "7", &[(Role::Tier2Agent, "LIN")]).await;
        let morning = desk.session(&morning).await.unwrap();
        assert_eq!(held(&morning), [(Role::Iio, "NBC"), (Role::QualityReviewer, "LIN")]);
        assert_eq!(held(&desk.session(&noon).await.unwrap()), [(Role::Tier2Agent, "LIN")]);
        assert!(grant::of_account(desk.ctx(), Manager::Operator, morning.account.id).await.unwrap().is_empty());
        // With the session its roles are deleted.
        desk.wait(TimeDelta::days(1));
        crate::upkeep::sweep(desk.ctx(), Actor::System).await.unwrap();
        let mut connection = desk.ctx().store.read().await.unwrap();
        assert!(store::identity::provider::roles(&mut connection, morning.id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_sensitive_role_waits_for_an_administrator_and_ends_with_the_providers_word() {
    for desk in with_offices().await {
        assert!(matches!(come(&desk, "7", &[(Role::Siio, "NBC")]).await, ByProvider::Waits));
        assert!(matches!(come(&desk, "7", &[(Role::Siio, "NBC")]).await, ByProvider::Waits));
        // Another role lets in meanwhile, without the one that waits.
        let (_, live) = entered(&desk, "7", &[(Role::Siio, "NBC"), (Role::Iio, "NBC")]).await;
        assert_eq!(held(&live), [(Role::Iio, "NBC")]);
        let administrator = desk.officer(&desk.administrators[0]).await;
        let waiting = grant::waiting(desk.ctx(), (&administrator).into()).await.unwrap();
        assert_eq!(waiting.len(), 1, "asked for once");
        assert_eq!(grant::agree(desk.ctx(), &administrator, waiting[0].id).await.unwrap(), Agreed::Done(()));
        let (_, live) = entered(&desk, "7", &[(Role::Siio, "NBC")]).await;
        assert_eq!(held(&live), [(Role::Siio, "NBC")]);
        // The provider does not say so any more.
        desk.wait(TimeDelta::seconds(1));
        let (_, live) = entered(&desk, "7", &[(Role::Iio, "NBC")]).await;
        assert_eq!(held(&live), [(Role::Iio, "NBC")]);
        desk.wait(TimeDelta::seconds(1));
        assert!(matches!(come(&desk, "7", &[(Role::Siio, "NBC")]).await, ByProvider::Waits), "agreed to anew");
    }
}

#[tokio::test]
async fn nobody_is_an_administrator_and_something_else() {
    for desk in with_offices().await {
        let both = [(Role::Administrator, "NBC"), (Role::Iio, "NBC")];
        assert!(matches!(come(&desk, "7", &both).await, ByProvider::Separate));
        assert!(matches!(come(&desk, "7", &[(Role::Administrator, "NBC")]).await, ByProvider::Waits));
        let administrator = desk.officer(&desk.administrators[0]).await;
        let waiting = grant::waiting(desk.ctx(), (&administrator).into()).await.unwrap();
        assert_eq!(grant::agree(desk.ctx(), &administrator, waiting[0].id).await.unwrap(), Agreed::Done(()));
        let (_, live) = entered(&desk, "7", &[(Role::Administrator, "NBC")]).await;
        assert_eq!(held(&live), [(Role::Administrator, "NBC")]);

        // Given by people in the console while a session of the provider's is open: its roles yield.
        let (token, live) = entered(&desk, "8", &[(Role::Iio, "NBC")]).await;
        let role = Grant { role: Role::Administrator, office: office("NBC"), starts_at: desk.ctx().now(), ends_at: None };
        let administrator = desk.officer(&desk.administrators[0]).await;
        grant::propose(desk.ctx(), Manager::Operator, live.account.id, &role).await.unwrap();
        let waiting = grant::waiting(desk.ctx(), (&administrator).into()).await.unwrap();
        assert_eq!(grant::agree(desk.ctx(), &administrator, waiting[0].id).await.unwrap(), Agreed::Done(()));
        assert_eq!(held(&desk.session(&token).await.unwrap()), [(Role::Administrator, "NBC")]);
        assert!(matches!(come(&desk, "8", &[(Role::Iio, "NBC")]).await, ByProvider::Separate));
    }
}

#[tokio::test]
async fn a_disabled_account_and_an_unknown_office_let_nobody_in() {
    for desk in with_offices().await {
        let (token, live) = entered(&desk, "7", &[(Role::Iio, "NBC")]).await;
        assert!(account::disable(desk.ctx(), Manager::Operator, live.account.id).await.unwrap());
        assert!(desk.session(&token).await.is_none());
        assert!(matches!(come(&desk, "7", &[(Role::Iio, "NBC")]).await, ByProvider::Disabled));
        assert!(matches!(come(&desk, "8", &[(Role::Iio, "ZZZ")]).await, ByProvider::NoOffice));
        assert_eq!(provider_account(desk.ctx(), "https://sign-in.agency.example", &typed("8")).await.unwrap(), None);
        let (_, live) = entered(&desk, "8", &[(Role::Iio, "ZZZ"), (Role::Iio, "LIN")]).await;
        assert_eq!(held(&live), [(Role::Iio, "LIN")], "the one that there is");
    }
}

#[tokio::test]
async fn a_provider_steps_up_its_own_sessions_only() {
    for desk in with_offices().await {
        let (token, live) = entered(&desk, "7", &[(Role::Iio, "NBC")]).await;
        let here = desk.sign_in(&desk.officer).await;
        assert!(step_up_by_provider(desk.ctx(), &here, desk.officer.id).await.unwrap().is_none());
        assert!(step_up_by_provider(desk.ctx(), &token, desk.officer.id).await.unwrap().is_none(), "somebody else");
        lock(desk.ctx(), &live).await.unwrap();
        let renewed = step_up_by_provider(desk.ctx(), &token, live.account.id).await.unwrap().unwrap();
        assert!(desk.session(&token).await.is_none(), "the token is another one");
        let again = desk.session(renewed.token.expose()).await.unwrap();
        assert_eq!((again.id, held(&again)), (live.id, vec![(Role::Iio, "NBC")]));
    }
}

#[tokio::test]
async fn a_refusal_is_noted_without_anybodys_name() {
    for desk in with_offices().await {
        note_refused_by_provider(desk.ctx(), "the person has no role at any office").await.unwrap();
        let audited = desk.audited("sign_in.fail").await;
        let [(actor, subject, detail)] = audited.as_slice() else { panic!("{audited:?}") };
        assert_eq!((actor.as_str(), subject.as_str()), ("public", "provider"));
        assert_eq!(detail, r#"{"at":"the person has no role at any office"}"#);
    }
}
