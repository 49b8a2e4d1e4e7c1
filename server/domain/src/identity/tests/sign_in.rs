use futures::future::join_all;
use shared::identity::{FactorKind, Method};
use store::engine::executed_by;

use super::*;

#[tokio::test]
async fn a_password_and_a_code_open_a_session() {
    for desk in staffed().await {
        let pending = desk.pending("  IIO ").await;
        assert_eq!(pending.factors, [FactorKind::Totp]);
        assert_eq!(super::super::pending(desk.ctx(), pending.token.expose()).await.unwrap(), Some(vec![FactorKind::Totp]));
        assert!(matches!(desk.try_code(&pending, "000000").await, SecondFactor::Wrong));
        let token = done(desk.try_code(&pending, &desk.code(&desk.officer)).await);
        let live = desk.session(&token).await.unwrap();
        assert_eq!((live.account.id, live.officer.id(), live.method), (desk.officer.id, desk.officer.id, Method::Totp));
        assert_eq!(live.account.name.as_str(), "Zoe Ejemplo");
        assert_eq!(live.officer.offices(crate::Action::AnswerRequest), [office("NBC")]);
        assert!(matches!(desk.try_code(&pending, &desk.code(&desk.officer)).await, SecondFactor::Over), "used");
        assert_eq!(super::super::pending(desk.ctx(), pending.token.expose()).await.unwrap(), None);

        let begun = desk.audited("session.begin").await;
        let officer = format!("officer {}", desk.officer.id);
        assert_eq!((&begun[0].0, &begun[0].1), (&officer, &desk.officer.id.to_string()));
        let failed = desk.audited("sign_in.fail").await;
        assert_eq!(failed[0].1, desk.officer.id.to_string());
        assert!(desk.session("").await.is_none() && desk.session("nonsense").await.is_none());
        let found = account::find(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().unwrap();
        assert_eq!(found.signed_in_at, Some(desk.ctx().now()));
    }
}

#[tokio::test]
async fn a_code_is_used_once_by_whatever_way() {
    for desk in staffed().await {
        let code = desk.code(&desk.officer);
        let [first, second] = [desk.pending("iio").await, desk.pending("iio").await];
        let token = done(desk.try_code(&first, &code).await);
        assert!(matches!(desk.try_code(&second, &code).await, SecondFactor::Wrong), "seen over a shoulder");
        let stepped = step_up_totp(desk.ctx(), &token, &code).await.unwrap();
        assert!(matches!(stepped, SecondFactor::Wrong));
        desk.wait(TimeDelta::seconds(30));
        let both = [desk.pending("iio").await, second];
        let code = desk.code(&desk.officer);
        let tried = join_all(both.iter().map(|pending| desk.try_code(pending, &code))).await;
        let done = tried.iter().filter(|tried| matches!(tried, SecondFactor::Done(_))).count();
        assert_eq!(done, 1, "at one moment, too: {tried:?}");
    }
}

#[tokio::test]
async fn a_password_alone_is_good_for_five_minutes() {
    for desk in staffed().await {
        let pending = desk.pending("iio").await;
        assert!(desk.session(pending.token.expose()).await.is_none(), "it is no session");
        desk.wait(TimeDelta::minutes(5));
        assert!(matches!(desk.try_code(&pending, &desk.code(&desk.officer)).await, SecondFactor::Over));
        let pending = desk.pending("iio").await;
        account::disable(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap();
        assert!(matches!(desk.try_code(&pending, &desk.code(&desk.officer)).await, SecondFactor::Over));
    }
}

/// Names of people who cannot sign in, for different reasons, and one who can.
async fn names(desk: &Staffed) -> [&'static str; 5] {
    let administrator = desk.officer(&desk.administrators[0]).await;
    account::add(desk.ctx(), (&administrator).into(), &new_account("never.enrolled")).await.unwrap();
    account::disable(desk.ctx(), (&administrator).into(), desk.administrators[2].id).await.unwrap();
    ["iio", "nobody", "no such/name ñ", "never.enrolled", "bea"]
}

#[tokio::test]
async fn whoever_cannot_sign_in_gets_one_answer_and_is_locked_alike() {
    for desk in staffed().await {
        for name in names(&desk).await {
            let mut answers = Vec::new();
            for _ in 0..4 {
                answers.push(format!("{:?}", desk.password(name, "wrong words in a row").await));
            }
            assert_eq!(answers, ["Wrong", "Wrong", "Locked", "Locked"], "{name}");
            assert!(matches!(desk.password(name, PASSWORD).await, Password::Locked), "{name}: not even with the right one");
        }
        assert!(matches!(desk.password("IIO ", PASSWORD).await, Password::Locked), "however it is typed");
        assert_eq!(desk.audited("sign_in.lock").await.len(), 5);
        let told = desk.audited("sign_in.fail").await;
        assert!(told.iter().all(|(_, subject, _)| !subject.contains("nobody")), "what is typed there may be a password");
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_costs_the_same_statements() {
    for desk in staffed().await {
        let mut ran = Vec::new();
        for name in names(&desk).await {
            let (_, statements) = executed_by(desk.password(name, "wrong words in a row")).await;
            ran.push((name, statements));
        }
        let (_, of_nobody) = &ran[1];
        assert!(of_nobody.len() > 5);
        for (name, statements) in ran.iter().filter(|(name, _)| !name.contains('/')) {
            assert_eq!(statements, of_nobody, "{name}");
        }
    }
}

#[tokio::test]
async fn the_right_password_of_a_disabled_account_is_wrong() {
    for desk in staffed().await {
        let by = Manager::Operator;
        assert!(account::disable(desk.ctx(), by, desk.officer.id).await.unwrap());
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Wrong));
        assert!(account::enable(desk.ctx(), by, desk.officer.id).await.unwrap());
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Right(_)));
    }
}

#[tokio::test]
async fn three_failures_in_a_quarter_of_an_hour_lock_for_three_hours() {
    for desk in staffed().await {
        let fail = async || format!("{:?}", desk.password("iio", "wrong words in a row").await);
        // Two, and two more when the first are out of sight.
        assert_eq!([fail().await, fail().await], ["Wrong"; 2]);
        desk.wait(TimeDelta::minutes(15));
        assert_eq!([fail().await, fail().await], ["Wrong"; 2]);
        desk.wait(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        assert_eq!(fail().await, "Locked", "the third within the quarter of an hour");
        let view = account::find(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().unwrap();
        let until = account::locked_until(desk.ctx(), Manager::Operator, &view).await.unwrap();
        assert_eq!(until, Some(desk.ctx().now() + TimeDelta::hours(3)));
        desk.wait(TimeDelta::hours(3) - TimeDelta::seconds(1));
        assert_eq!(fail().await, "Locked");
        desk.wait(TimeDelta::seconds(1));
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Right(_)));
        assert_eq!(account::locked_until(desk.ctx(), Manager::Operator, &view).await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_administrator_unlocks() {
    for desk in staffed().await {
        let administrator = desk.officer(&desk.administrators[0]).await;
        assert!(!account::unlock(desk.ctx(), (&administrator).into(), desk.administrators[1].id).await.unwrap(), "nothing failed");
        for _ in 0..3 {
            desk.password("iio", "wrong words in a row").await;
        }
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Locked));
        assert!(account::unlock(desk.ctx(), (&administrator).into(), desk.officer.id).await.unwrap());
        let pending = desk.pending("iio").await;
        done(desk.try_code(&pending, &desk.code(&desk.officer)).await);
        let unlocked = desk.audited("account.unlock").await;
        assert_eq!(unlocked[0].0, format!("officer {}", desk.administrators[0].id));
    }
}

#[tokio::test]
async fn a_stolen_password_does_not_buy_tries_at_the_code() {
    for desk in staffed().await {
        let mut answers = Vec::new();
        for _ in 0..3 {
            let pending = desk.pending("iio").await;
            answers.push(format!("{:?}", desk.try_code(&pending, "000000").await));
        }
        assert_eq!(answers, ["Wrong", "Wrong", "Locked"]);
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Locked));
    }
}

#[tokio::test]
async fn signing_in_forgets_the_failures_before() {
    for desk in staffed().await {
        for _ in 0..3 {
            desk.password("iio", "wrong words in a row").await;
            desk.password("iio", "wrong words in a row").await;
            desk.sign_in(&desk.officer).await;
        }
    }
}

#[tokio::test]
async fn many_tries_at_once_are_no_more_than_three() {
    for desk in staffed().await {
        let tries = join_all((0..12).map(|_| desk.password("iio", "wrong words in a row"))).await;
        let wrong = tries.iter().filter(|tried| matches!(tried, Password::Wrong)).count();
        assert!(wrong <= 2, "{wrong} were looked at, and one more that locked");
        assert!(matches!(desk.password("iio", PASSWORD).await, Password::Locked));
        assert!(desk.audited("sign_in.fail").await.len() <= 3);
    }
}
