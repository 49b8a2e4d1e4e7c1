use shared::identity::{AccountState, Grant, Role};

use super::super::grant::{GrantProblem, Proposed};
use super::*;

#[tokio::test]
async fn only_administrators_look_after_accounts() {
    for desk in staffed().await {
        let officer = desk.officer(&desk.officer).await;
        let (by, id) = (Manager::from(&officer), desk.officer.id);
        let role = Grant { role: Role::Iio, office: office("TSC"), starts_at: desk.ctx().now(), ends_at: None };
        let ctx = desk.ctx();
        let refused = [
            account::add(ctx, by, &new_account("x.y")).await.is_err(),
            account::list(ctx, by).await.is_err(),
            account::find(ctx, by, id).await.is_err(),
            account::by_name(ctx, by, &new_account("iio").sign_in_name).await.is_err(),
            account::disable(ctx, by, desk.administrators[0].id).await.is_err(),
            account::enable(ctx, by, id).await.is_err(),
            account::unlock(ctx, by, id).await.is_err(),
            account::sessions(ctx, by, id).await.is_err(),
            account::revoke_sessions(ctx, by, id).await.is_err(),
            account::revoke_session(ctx, by, id, id).await.is_err(),
            grant::propose(ctx, by, id, &role).await.is_err(),
            grant::agree(ctx, &officer, id).await.is_err(),
            grant::end(ctx, by, id).await.is_err(),
            grant::waiting(ctx, by).await.is_err(),
            grant::of_account(ctx, by, id).await.is_err(),
            enrolment::open(ctx, by, id).await.is_err(),
            enrolment::agree(ctx, &officer, id).await.is_err(),
            enrolment::withdraw(ctx, by, id).await.is_err(),
            enrolment::waiting(ctx, by).await.is_err(),
        ];
        assert_eq!(refused, [true; 19]);
    }
}

#[tokio::test]
async fn an_account_is_added_listed_disabled_and_enabled() {
    for desk in staffed().await {
        let officer = desk.officer(&desk.administrators[0]).await;
        let by = Manager::from(&officer);
        let id = account::add(desk.ctx(), by, &new_account("new.person")).await.unwrap();
        assert!(matches!(account::add(desk.ctx(), by, &new_account("NEW.person")).await, Err(Error::Unusable(_))));
        let listed = account::list(desk.ctx(), by).await.unwrap();
        let names: Vec<&str> = listed.iter().map(|listed| listed.sign_in_name.as_str()).collect();
        assert_eq!(names, ["alba", "bea", "iio", "new.person", "root"]);
        let found = account::find(desk.ctx(), by, id).await.unwrap().unwrap();
        assert_eq!((found.state, found.is_demo, found.has_second_factor), (AccountState::Active, false, false));
        assert_eq!(found.email, Some(typed("zoe@example.org")));
        assert!(!format!("{found:?}").contains("zoe@"));
        assert!(listed[0].is_demo && listed[0].has_second_factor);
        assert!(!account::disable(desk.ctx(), by, officer.id()).await.unwrap(), "nobody locks themselves out");
        assert!(account::disable(desk.ctx(), by, id).await.unwrap() && !account::disable(desk.ctx(), by, id).await.unwrap());
        assert!(enrolment::waiting(desk.ctx(), by).await.unwrap().is_empty(), "no way in to a disabled account");
        assert!(account::enable(desk.ctx(), by, id).await.unwrap() && !account::enable(desk.ctx(), by, id).await.unwrap());
        assert!(!account::disable(desk.ctx(), by, Uuid::nil()).await.unwrap());
        for action in ["account.add", "account.disable", "account.enable"] {
            let audited = desk.audited(action).await;
            let newest = audited.last().unwrap();
            assert_eq!((&newest.0, &newest.1), (&format!("officer {}", officer.id()), &id.to_string()), "{action}");
            assert!(audited.iter().all(|(.., detail)| !detail.contains("Ejemplo") && !detail.contains("zoe")));
        }
    }
}

#[tokio::test]
async fn a_role_that_cannot_be_given_says_why() {
    for desk in staffed().await {
        let officer = desk.officer(&desk.administrators[0]).await;
        let (by, now) = (Manager::from(&officer), desk.ctx().now());
        let role = |role, starts_at, ends_at| Grant { role, office: office("NBC"), starts_at, ends_at };
        let day = TimeDelta::days(1);
        for (account, grant, problem) in [
            (officer.id(), role(Role::Auditor, now, None), GrantProblem::Own),
            (desk.officer.id, role(Role::Iio, now, Some(now)), GrantProblem::Ends),
            (desk.officer.id, role(Role::Iio, now - day - day, Some(now - day)), GrantProblem::Ends),
            (desk.officer.id, role(Role::Administrator, now, None), GrantProblem::Separate),
            (desk.administrators[1].id, role(Role::Iio, now, None), GrantProblem::Separate),
            (Uuid::nil(), role(Role::Iio, now, None), GrantProblem::NoAccount),
        ] {
            assert_eq!(grant::propose(desk.ctx(), by, account, &grant).await.unwrap(), Proposed::Not(problem));
        }
        let later = role(Role::Tier2Agent, now + day, Some(now + day + day));
        assert!(matches!(grant::propose(desk.ctx(), by, desk.officer.id, &later).await.unwrap(), Proposed::Holds(_)));
        let found = grant::of_account(desk.ctx(), by, desk.officer.id).await.unwrap();
        assert_eq!(found.iter().map(|found| found.grant.role).collect::<Vec<_>>(), [Role::Iio, Role::Tier2Agent]);
    }
}

#[tokio::test]
async fn the_demo_is_added_once_and_two_people_stand_behind_each_sensitive_role() {
    for desk in staffed().await {
        account::add_demo(desk.ctx(), &typed(PASSWORD), &[]).await.unwrap();
        assert_eq!(account::list(desk.ctx(), Manager::Operator).await.unwrap().len(), 4);
        for person in &desk.administrators[1..] {
            let held = grant::of_account(desk.ctx(), Manager::Operator, person.id).await.unwrap();
            assert_eq!((held[0].proposed_by, held[0].agreed_by), (None, Some(desk.administrators[0].id)));
        }
    }
}
