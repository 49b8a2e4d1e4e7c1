use shared::identity::Role;
use store::engine::executed_by;

use super::*;

async fn see(desk: &Staffed, token: &str) -> bool {
    desk.session(token).await.is_some()
}

#[tokio::test]
async fn a_session_ends_when_nobody_is_there_for_a_quarter_of_an_hour() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        desk.wait(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        let live = desk.session(&token).await.unwrap();
        assert_eq!(live.idle_until, desk.ctx().now() + TimeDelta::minutes(15), "somebody is there");
        desk.wait(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        let looked = peek(desk.ctx(), &token).await.unwrap().unwrap();
        assert_eq!(looked.idle_until, live.idle_until, "a page that looks by itself is nobody");
        assert!(matches!(standing(desk.ctx(), &token).await.unwrap(), Standing::Open(_)));
        desk.wait(TimeDelta::seconds(1));
        assert!(peek(desk.ctx(), &token).await.unwrap().is_none());
        assert!(!see(&desk, &token).await);
        assert!(matches!(step_up_totp(desk.ctx(), &token, &desk.code(&desk.officer)).await.unwrap(), SecondFactor::Over));
    }
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_whoever_is_there() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        let ends_at = desk.session(&token).await.unwrap().ends_at;
        let mut token = token;
        for _ in 0..71 {
            desk.wait(TimeDelta::minutes(10));
            assert!(see(&desk, &token).await);
        }
        // A fresh second factor does not make it longer.
        token = done(step_up_totp(desk.ctx(), &token, &desk.code(&desk.officer)).await.unwrap());
        let live = desk.session(&token).await.unwrap();
        assert_eq!((live.ends_at, live.idle_until), (ends_at, ends_at));
        desk.wait(TimeDelta::minutes(10));
        assert!(!see(&desk, &token).await);
    }
}

#[tokio::test]
async fn that_somebody_is_there_is_written_once_a_minute() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        let mut written = 0;
        for _ in 0..10 {
            desk.wait(TimeDelta::seconds(20));
            let (_, ran) = executed_by(desk.session(&token)).await;
            written += ran.iter().filter(|(_, name)| name.ends_with("::SEE")).count();
        }
        assert_eq!(written, 3, "in 200 seconds");
    }
}

#[tokio::test]
async fn grants_are_those_of_the_moment_and_a_disabled_account_has_no_session() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        let may = async |action| desk.session(&token).await.unwrap().officer.may_somewhere(action);
        assert!(may(crate::Action::AnswerRequest).await && !may(crate::Action::ReviewAnswers).await);
        let now = desk.ctx().now();
        let for_an_hour = shared::identity::Grant {
            role: Role::QualityReviewer,
            office: office("TSC"),
            starts_at: now,
            ends_at: Some(now + TimeDelta::minutes(10)),
        };
        grant::propose(desk.ctx(), Manager::Operator, desk.officer.id, &for_an_hour).await.unwrap();
        assert!(may(crate::Action::ReviewAnswers).await);
        desk.wait(TimeDelta::minutes(10));
        assert!(!may(crate::Action::ReviewAnswers).await, "its end has come");
        let held = grant::of_account(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap();
        assert!(grant::end(desk.ctx(), Manager::Operator, held[0].id).await.unwrap());
        assert!(!may(crate::Action::AnswerRequest).await);
        account::disable(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap();
        assert!(!see(&desk, &token).await);
        account::enable(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap();
        assert!(!see(&desk, &token).await, "it does not come back");
    }
}

#[tokio::test]
async fn a_fresh_second_factor_gives_another_token_and_five_minutes() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.administrators[0]).await;
        let live = desk.session(&token).await.unwrap();
        assert_eq!(live.stepped_up_until, Some(desk.ctx().now() + TimeDelta::minutes(5)), "signing in is fresh");
        desk.wait(TimeDelta::minutes(5));
        let stale = desk.session(&token).await.unwrap();
        assert_eq!(stale.stepped_up_until, None);
        let by = Manager::from(&stale.officer);
        assert!(needs_step_up(&account::disable(desk.ctx(), by, desk.officer.id).await));
        assert!(needs_step_up(&change_password(desk.ctx(), &stale, &typed("four other words there")).await));
        assert!(account::list(desk.ctx(), by).await.is_ok(), "looking needs none");

        let renewed = done(step_up_totp(desk.ctx(), &token, &desk.code(&desk.administrators[0])).await.unwrap());
        assert_ne!(renewed, token);
        assert!(!see(&desk, &token).await, "the token before is nobody's");
        let fresh = desk.session(&renewed).await.unwrap();
        assert_eq!((fresh.id, fresh.csrf), (live.id, live.csrf), "forms on other pages still work");
        let other = desk.live(&desk.administrators[0]).await;
        assert_ne!(other.csrf, live.csrf);
        assert!(account::disable(desk.ctx(), (&fresh.officer).into(), desk.officer.id).await.unwrap());
        assert_eq!(desk.audited("session.step_up").await.len(), 1);
    }
}

#[tokio::test]
async fn who_does_not_know_the_second_factor_of_a_session_loses_it() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(format!("{:?}", step_up_totp(desk.ctx(), &token, "000000").await.unwrap()));
        }
        assert_eq!(answers, ["Wrong", "Wrong", "Locked"]);
        assert!(!see(&desk, &token).await);
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Locked));
    }
}

#[tokio::test]
async fn a_locked_session_opens_with_a_second_factor_only() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        let live = desk.session(&token).await.unwrap();
        lock(desk.ctx(), &live).await.unwrap();
        assert!(!see(&desk, &token).await && peek(desk.ctx(), &token).await.unwrap().is_none());
        let Standing::Locked(shut) = standing(desk.ctx(), &token).await.unwrap() else { panic!("it is locked") };
        assert_eq!((shut.id, shut.account, shut.csrf), (live.id, live.account, live.csrf));
        assert!(matches!(step_up_totp(desk.ctx(), &token, "000000").await.unwrap(), SecondFactor::Wrong));
        desk.wait(TimeDelta::seconds(30));
        let opened = done(step_up_totp(desk.ctx(), &token, &desk.code(&desk.officer)).await.unwrap());
        assert!(see(&desk, &opened).await && !see(&desk, &token).await);
        assert_eq!(desk.audited("session.lock").await.len(), 1);
        lock(desk.ctx(), &desk.session(&opened).await.unwrap()).await.unwrap();
        sign_out(desk.ctx(), &opened).await.unwrap();
        assert!(matches!(standing(desk.ctx(), &opened).await.unwrap(), Standing::None));
        assert_eq!(desk.audited("session.end").await.len(), 1);
    }
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_and_nobody_elses() {
    for desk in staffed().await {
        let tokens = [desk.sign_in(&desk.officer).await, desk.sign_in(&desk.officer).await, desk.sign_in(&desk.officer).await];
        let other = desk.live(&desk.administrators[0]).await;
        let here = desk.session(&tokens[2]).await.unwrap();
        let listed = my_sessions(desk.ctx(), &here).await.unwrap();
        assert_eq!(listed.len(), 3);
        let this: Vec<Uuid> = listed.iter().filter(|listed| listed.is_this).map(|listed| listed.id).collect();
        assert_eq!(this, [here.id]);
        assert_eq!(listed[0].client, "Firefox on Linux");
        assert!(!revoke_my_session(desk.ctx(), &here, other.id).await.unwrap());
        let first = desk.session(&tokens[0]).await.unwrap().id;
        assert!(revoke_my_session(desk.ctx(), &here, first).await.unwrap());
        assert!(!revoke_my_session(desk.ctx(), &here, first).await.unwrap());
        assert!(!see(&desk, &tokens[0]).await && see(&desk, &tokens[1]).await);
        assert_eq!(revoke_my_others(desk.ctx(), &here).await.unwrap(), 1);
        assert!(!see(&desk, &tokens[1]).await && see(&desk, &tokens[2]).await);
        // An administrator ends them from elsewhere.
        let by = Manager::from(&other.officer);
        assert_eq!(account::sessions(desk.ctx(), by, desk.officer.id).await.unwrap().len(), 1);
        assert!(!account::revoke_session(desk.ctx(), by, desk.officer.id, other.id).await.unwrap(), "another account's");
        assert!(account::revoke_session(desk.ctx(), by, desk.officer.id, here.id).await.unwrap());
        assert!(!see(&desk, &tokens[2]).await);
        let again = desk.sign_in(&desk.officer).await;
        assert_eq!(account::revoke_sessions(desk.ctx(), by, desk.officer.id).await.unwrap(), 1);
        assert!(!see(&desk, &again).await);
    }
}

#[tokio::test]
async fn what_is_over_is_deleted() {
    for desk in staffed().await {
        let token = desk.sign_in(&desk.officer).await;
        desk.pending("iio").await;
        desk.password("nobody", "wrong words in a row").await;
        enrolment::open(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().unwrap();
        let count = async || {
            let mut transaction = desk.ctx().store.begin().await.unwrap();
            let over = expire(desk.ctx(), &mut transaction).await.unwrap();
            transaction.commit().await.unwrap();
            over
        };
        assert_eq!(count().await, 0, "nothing is over");
        assert!(see(&desk, &token).await);
        desk.wait(TimeDelta::days(7));
        crate::upkeep::sweep(desk.ctx(), Actor::System).await.unwrap();
        assert_eq!(count().await, 0, "upkeep was there before");
        assert!(account::sessions(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().is_empty());
    }
}
