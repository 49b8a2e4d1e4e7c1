use super::super::account::AddedAdministrator;
use super::super::enrolment::{self, Cause};
use super::super::grant::Agreed;
use super::*;
use shared::identity::PasswordProblem;

/// A new account whose enrolment two administrators opened; its id and token.
async fn invited(desk: &Staffed, name: &str) -> (Uuid, String) {
    let [first, second] = [desk.officer(&desk.administrators[0]).await, desk.officer(&desk.administrators[1]).await];
    let id = account::add(desk.ctx(), (&first).into(), &new_account(name)).await.unwrap();
    (id, agreed(desk, &second, id).await)
}

/// The token that the second administrator gets.
async fn agreed(desk: &Staffed, second: &Officer, account: Uuid) -> String {
    let waiting = enrolment::waiting(desk.ctx(), second.into()).await.unwrap();
    let waiting = waiting.iter().find(|waiting| waiting.account.id == account).unwrap();
    assert!(enrolment::may_agree(second, waiting));
    match enrolment::agree(desk.ctx(), second, waiting.id).await.unwrap() {
        Agreed::Done(invitation) => {
            assert_eq!(invitation.until, desk.ctx().now() + TimeDelta::days(1));
            invitation.token.expose().clone()
        }
        other => panic!("{other:?}"),
    }
}

fn bytes(setup: &TotpSetup) -> Vec<u8> {
    data_encoding::BASE32_NOPAD.decode(setup.secret.expose().as_bytes()).unwrap()
}

async fn enrol_with(desk: &Staffed, token: &str, password: &str, code: &str) -> Enrolled {
    enrol(desk.ctx(), token, &typed(password), NewFactor::Totp { code }).await.unwrap()
}

#[tokio::test]
async fn somebody_new_enrols_once_and_signs_in() {
    for desk in staffed().await {
        let (id, token) = invited(&desk, "new.person").await;
        let found = invitation(desk.ctx(), &token).await.unwrap().unwrap();
        assert_eq!((found.account.id, found.cause), (id, Cause::New));
        let setup = invitation_totp(desk.ctx(), &token).await.unwrap().unwrap();
        assert_eq!(
            setup.secret,
            invitation_totp(desk.ctx(), &token).await.unwrap().unwrap().secret,
            "another look is no other secret"
        );
        assert!(setup.address.expose().starts_with("otpauth://totp/Portico:new.person?secret="));
        let secret = bytes(&setup);
        let code = code_at(&secret, desk.ctx().now());
        for (password, problem) in [
            ("short", PasswordProblem::TooShort),
            ("passwordpassword", PasswordProblem::Common),
            ("my name is ejemplo", PasswordProblem::Name),
        ] {
            assert_eq!(enrol_with(&desk, &token, password, &code).await, Enrolled::Password(problem));
        }
        assert_eq!(enrol_with(&desk, &token, PASSWORD, "000000").await, Enrolled::Factor(Added::Wrong));
        assert!(matches!(desk.password("new.person", PASSWORD).await, Password::Wrong), "nothing is set by half");
        assert_eq!(enrol_with(&desk, &token, PASSWORD, &code).await, Enrolled::Done);
        assert_eq!(enrol_with(&desk, &token, PASSWORD, &code).await, Enrolled::Over);
        assert!(invitation(desk.ctx(), &token).await.unwrap().is_none());
        assert!(invitation_totp(desk.ctx(), &token).await.unwrap().is_none());

        let pending = desk.pending("new.person").await;
        assert!(matches!(desk.try_code(&pending, &code).await, SecondFactor::Wrong), "the code that enrolled was used");
        desk.wait(TimeDelta::seconds(30));
        done(desk.try_code(&pending, &code_at(&secret, desk.ctx().now())).await);
        let actions = ["account.add", "enrolment.open", "enrolment.agree", "enrolment.use"];
        for action in actions {
            let audited = desk.audited(action).await;
            let of_this = audited.iter().filter(|(_, subject, _)| *subject == id.to_string()).count();
            assert_eq!(of_this, 1, "{action}");
            assert!(audited.iter().all(|(.., detail)| !detail.contains(&token) && !detail.contains("ejemplo")));
        }
    }
}

#[tokio::test]
async fn a_way_in_is_open_for_a_day_and_waits_for_a_week() {
    for desk in staffed().await {
        let (_, token) = invited(&desk, "new.person").await;
        desk.wait(TimeDelta::days(1));
        assert!(invitation(desk.ctx(), &token).await.unwrap().is_none());
        assert_eq!(enrol_with(&desk, &token, PASSWORD, "000000").await, Enrolled::Over);
        let waiting = enrolment::open(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().unwrap();
        desk.wait(TimeDelta::days(7));
        let second = desk.officer(&desk.administrators[1]).await;
        assert!(matches!(enrolment::agree(desk.ctx(), &second, waiting).await.unwrap(), Agreed::Gone));
    }
}

#[tokio::test]
async fn who_lost_everything_comes_back_by_two_people() {
    for desk in staffed().await {
        let session = desk.sign_in(&desk.officer).await;
        for _ in 0..3 {
            desk.password("iio", "wrong words in a row").await;
        }
        let [first, second] = [desk.officer(&desk.administrators[0]).await, desk.officer(&desk.administrators[1]).await];
        let id = enrolment::open(desk.ctx(), (&first).into(), desk.officer.id).await.unwrap().unwrap();
        assert!(matches!(enrolment::agree(desk.ctx(), &first, id).await.unwrap(), Agreed::NotYou), "one person is not two");
        assert!(desk.session(&session).await.is_some(), "one alone changes nothing");
        let token = agreed(&desk, &second, desk.officer.id).await;
        assert!(desk.session(&session).await.is_none(), "whoever is in there may not be the owner");
        assert_eq!(invitation(desk.ctx(), &token).await.unwrap().unwrap().cause, Cause::Recovery);
        let secret = bytes(&invitation_totp(desk.ctx(), &token).await.unwrap().unwrap());
        let code = code_at(&secret, desk.ctx().now());
        assert_eq!(enrol_with(&desk, &token, "four other words there", &code).await, Enrolled::Done);
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Wrong), "and the lock is gone");
        desk.wait(TimeDelta::seconds(30));
        let Password::Right(pending) = desk.password("iio", "four other words there").await else { panic!("the new one is right") };
        assert!(matches!(desk.try_code(&pending, &desk.code(&desk.officer)).await, SecondFactor::Wrong), "the lost one is void");
        done(desk.try_code(&pending, &code_at(&secret, desk.ctx().now())).await);
    }
}

#[tokio::test]
async fn a_failed_recovery_leaves_what_was() {
    for desk in staffed().await {
        enrolment::open(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().unwrap();
        let token = agreed(&desk, &desk.officer(&desk.administrators[0]).await, desk.officer.id).await;
        invitation_totp(desk.ctx(), &token).await.unwrap().unwrap();
        assert_eq!(enrol_with(&desk, &token, PASSWORD, "000000").await, Enrolled::Factor(Added::Wrong));
        desk.sign_in(&desk.officer).await;
        assert!(enrolment::withdraw(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap());
        assert!(invitation(desk.ctx(), &token).await.unwrap().is_none());
        assert!(!enrolment::withdraw(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap());
    }
}

#[tokio::test]
async fn nobody_opens_their_own_way_in() {
    for desk in staffed().await {
        let first = desk.officer(&desk.administrators[0]).await;
        assert_eq!(enrolment::open(desk.ctx(), (&first).into(), first.id()).await.unwrap(), None);
        let id = enrolment::open(desk.ctx(), Manager::Operator, first.id()).await.unwrap().unwrap();
        assert!(matches!(enrolment::agree(desk.ctx(), &first, id).await.unwrap(), Agreed::NotYou));
        account::disable(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap();
        assert_eq!(enrolment::open(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap(), None, "disabled");
        assert_eq!(enrolment::open(desk.ctx(), Manager::Operator, Uuid::nil()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn people_add_and_take_away_their_own_second_factors() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        let elsewhere = desk.sign_in(&desk.officer).await;
        let live = desk.session(&token).await.unwrap();
        let old = factors(desk.ctx(), &live).await.unwrap();
        assert_eq!(old.len(), 1);
        assert_eq!(remove_factor(desk.ctx(), &live, old[0].id).await.unwrap(), Removed::Last);
        assert_eq!(remove_factor(desk.ctx(), &live, Uuid::nil()).await.unwrap(), Removed::NoSuch);
        let add =
            async |code: String| add_factor(desk.ctx(), &live, " my telephone ", NewFactor::Totp { code: &code }).await.unwrap();
        assert_eq!(add("000000".into()).await, Added::Over, "nothing is being set up");
        let secret = bytes(&new_totp(desk.ctx(), &live).await.unwrap());
        assert_eq!(add("000000".into()).await, Added::Wrong);
        assert_eq!(add(code_at(&secret, desk.ctx().now())).await, Added::Done);
        assert_eq!(add(code_at(&secret, desk.ctx().now())).await, Added::Over);
        let both = factors(desk.ctx(), &live).await.unwrap();
        assert_eq!((both.len(), both[1].name.as_str()), (2, "my telephone"));
        let other = desk.live(&desk.administrators[0]).await;
        assert_eq!(remove_factor(desk.ctx(), &other, old[0].id).await.unwrap(), Removed::NoSuch, "somebody else's");
        assert_eq!(remove_factor(desk.ctx(), &live, old[0].id).await.unwrap(), Removed::Done);
        assert!(desk.session(&elsewhere).await.is_none() && desk.session(&token).await.is_some());
        assert_eq!((desk.audited("factor.add").await.len(), desk.audited("factor.remove").await.len()), (1, 1));
        desk.wait(TimeDelta::seconds(30));
        let pending = desk.pending("iio").await;
        assert!(matches!(desk.try_code(&pending, &desk.code(&desk.officer)).await, SecondFactor::Wrong));
        done(desk.try_code(&pending, &code_at(&secret, desk.ctx().now())).await);
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    for desk in staffed().await {
        let [elsewhere, token] = [desk.sign_in(&desk.officer).await, desk.sign_in(&desk.officer).await];
        let live = desk.session(&token).await.unwrap();
        let short = change_password(desk.ctx(), &live, &typed("short")).await.unwrap();
        assert_eq!(short, Some(PasswordProblem::TooShort));
        assert!(desk.session(&elsewhere).await.is_some());
        assert_eq!(change_password(desk.ctx(), &live, &typed("four other words there")).await.unwrap(), None);
        assert!(desk.session(&elsewhere).await.is_none() && desk.session(&token).await.is_some());
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Wrong));
        assert!(matches!(desk.password("iio", "four other words there").await, Password::Right(_)));
    }
}

#[tokio::test]
async fn the_first_administrator_needs_nobody_and_any_other_does() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let add = async |name: &str| account::add_administrator(ctx, &new_account(name)).await;
        let Ok(AddedAdministrator::First(lost)) = add("first").await else { panic!("there is nobody to agree") };
        let Ok(AddedAdministrator::First(token)) = add("first").await else { panic!("the token was lost before it was used") };
        assert!(invitation(ctx, lost.token.expose()).await.unwrap().is_none());
        let token = token.token.expose();
        assert_eq!(invitation(ctx, token).await.unwrap().unwrap().cause, Cause::First);
        let secret = bytes(&invitation_totp(ctx, token).await.unwrap().unwrap());
        let code = code_at(&secret, ctx.now());
        let enrolled = enrol(ctx, token, &typed(PASSWORD), NewFactor::Totp { code: &code }).await.unwrap();
        assert_eq!(enrolled, Enrolled::Done);
        assert!(matches!(add("first").await, Err(Error::Unusable(_))), "a name is taken once");
        assert!(matches!(add("second").await, Ok(AddedAdministrator::Waits)));
        test.test.clock.advance(TimeDelta::seconds(30));
        let Password::Right(pending) = password(ctx, "first", &typed(PASSWORD)).await.unwrap() else { panic!("enrolled") };
        let session_token = done(totp(ctx, pending.token.expose(), &code_at(&secret, ctx.now()), firefox()).await.unwrap());
        let first = session(ctx, &session_token).await.unwrap().unwrap().officer;
        let waits = grant::waiting(ctx, (&first).into()).await.unwrap();
        assert_eq!(waits.len(), 1);
        assert!(grant::may_agree(&first, &waits[0]));
        assert!(matches!(grant::agree(ctx, &first, waits[0].id).await.unwrap(), Agreed::Done(())));

        // The only administrator is lost, and the second never enrolled: an operator begins anew.
        account::disable(ctx, Manager::Operator, first.id()).await.unwrap();
        assert!(matches!(add("third").await, Ok(AddedAdministrator::First(_))));
    }
}
