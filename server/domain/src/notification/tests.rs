use std::num::NonZeroU32;

use chrono::TimeDelta;
use futures::future::join_all;
use shared::api_client::{Allowance, ClientName, Scope};
use shared::locale::Locale;
use shared::notification::FollowForm;
use store::notification::{Due, Kind, Means, Outcome};

use super::*;
use crate::api_client::{self, Authenticated};
use crate::case_status::limits::{LimitSettings, TooMany};
use crate::testing::{TestContext, contexts, contexts_with, due, import_lines, line, send_all};
use crate::{Actor, ClientIp, Context, Error, upkeep};

const NUMBER: &str = "EAC9999103403";

fn client(last: u8) -> ClientIp {
    ClientIp([192, 0, 2, last].into())
}

fn form(number: &str, year: &str, zip: &str) -> FollowForm {
    let [month, day] = if year.is_empty() { ["", ""] } else { ["2", "3"] };
    FollowForm {
        receipt_number: number.into(),
        month: month.into(),
        day: day.into(),
        year: year.into(),
        zip: zip.into(),
        email: "ana@example.org".into(),
    }
}

/// A case of somebody born on 3 February 1990, with mail to 22150.
async fn a_case(ctx: &Context, more: &str) {
    let address = r#","mailing_address":{"street":"1 Sample Street","city":"Springfield","state":"VA","postal_code":"22150-1234","country":"USA"}"#;
    import_lines(ctx, &[line("e1", NUMBER, "IAA", "2026-01-08T15:00:00Z", &format!("{address}{more}"))]).await;
}

async fn ask(ctx: &Context, form: &FollowForm) {
    assert_eq!(request_to_follow(ctx, client(1), form, Locale::Es).await.unwrap(), Answer::Taken);
}

/// The token of the one message to confirm.
async fn token_to_confirm(ctx: &Context) -> String {
    let mails = send_all(ctx).await;
    assert_eq!(mails.len(), 1);
    match &mails[0].content {
        Content::Confirm { token, last_four } => {
            assert_eq!((last_four.as_str(), mails[0].locale), ("3403", Locale::Es));
            token.clone()
        }
        other => panic!("{other:?} before anybody confirmed"),
    }
}

async fn follower(test: &TestContext) -> &Context {
    let ctx = &test.ctx;
    a_case(ctx, "").await;
    ask(ctx, &form(NUMBER, "1990", "")).await;
    let token = token_to_confirm(ctx).await;
    assert_eq!(confirm(ctx, &token).await.unwrap(), Confirmed::Following);
    assert!(send_all(ctx).await.is_empty(), "nothing has changed since");
    ctx
}

async fn event(ctx: &Context, id: &str, code: &str, at: &str, more: &str) {
    import_lines(ctx, &[line(id, NUMBER, code, at, more)]).await;
}

#[tokio::test]
async fn only_who_knows_the_case_gets_a_message_and_everybody_the_same_answer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        let sealed = r#","protection_markers":[{"sealed":true}]"#;
        import_lines(ctx, &[line("s1", "EAC9999203403", "IAA", "2026-01-08T15:00:00Z", sealed)]).await;
        for (form, mails) in [
            (form(NUMBER, "1990", ""), 1),
            (form(NUMBER, "", "22150"), 1),
            (form(NUMBER, "1991", "22150"), 1),
            (form(NUMBER, "1991", ""), 0),
            (form(NUMBER, "", "22151"), 0),
            // Hidden, and unknown.
            (form("EAC9999203403", "1990", ""), 0),
            (form("EAC9999303403", "1990", ""), 0),
        ] {
            ask(ctx, &form).await;
            assert_eq!(send_all(ctx).await.len(), mails, "{}", form.year);
        }
    }
}

#[tokio::test]
async fn a_follower_is_told_of_each_public_change_once() {
    for test in contexts().await {
        let ctx = follower(&test).await;
        event(ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
        let mails = send_all(ctx).await;
        assert_eq!(mails.len(), 1);
        assert!(matches!(&mails[0].content, Content::News { last_four, .. } if last_four == "3403"));
        assert_eq!(mails[0].to.expose().as_str(), "ana@example.org");
        // The same event again, and one that is not public.
        event(ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
        event(ctx, "e3", "GA", "2026-02-09T15:00:00Z", "").await;
        assert!(send_all(ctx).await.is_empty());
        // Two changes before anybody looked are one piece of news.
        event(ctx, "e4", "IAA", "2026-02-10T15:00:00Z", "").await;
        event(ctx, "e5", "DA", "2026-02-11T15:00:00Z", "").await;
        assert_eq!(send_all(ctx).await.len(), 1);
    }
}

#[tokio::test]
async fn a_case_that_becomes_hidden_falls_silent_even_for_messages_that_wait() {
    for test in contexts().await {
        let ctx = follower(&test).await;
        event(ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
        // The change was told to the outbox, the message waits.
        let change = due(ctx).await.into_iter().find(|due| due.kind == Kind::CaseChange).unwrap();
        let Prepared::Done(Outcome::Sent) = prepare(ctx, Actor::System, &change).await.unwrap() else { panic!("no news") };
        settle_as(ctx, Actor::System, &change, &Outcome::Sent).await.unwrap();
        event(ctx, "e3", "IAA", "2026-02-09T15:00:00Z", r#","protection_markers":[{"sealed":true}]"#).await;
        assert!(send_all(ctx).await.is_empty());
        event(ctx, "e4", "DA", "2026-02-10T15:00:00Z", "").await;
        assert!(send_all(ctx).await.is_empty());
    }
}

#[tokio::test]
async fn a_link_is_good_once_and_for_a_day() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        ask(ctx, &form(NUMBER, "1990", "")).await;
        let token = token_to_confirm(ctx).await;
        assert_eq!(confirm(ctx, "nonsense").await.unwrap(), Confirmed::LinkIsOver);
        assert_eq!(confirm(ctx, &token).await.unwrap(), Confirmed::Following);
        assert_eq!(confirm(ctx, &token).await.unwrap(), Confirmed::LinkIsOver);
        ask(ctx, &form(NUMBER, "1990", "")).await;
        let late = token_to_confirm(ctx).await;
        test.test.clock.advance(TimeDelta::hours(24));
        assert_eq!(confirm(ctx, &late).await.unwrap(), Confirmed::LinkIsOver);
        upkeep::sweep(ctx, Actor::System).await.unwrap();
        let mut connection = ctx.store.read_primary().await.unwrap();
        let acts = store::audit::by_action(&mut connection, "notification.follow").await.unwrap();
        assert_eq!(acts.len(), 1);
        assert!(!acts[0].detail.contains("ana") && !acts[0].subject.contains("3403"));
    }
}

#[tokio::test]
async fn who_stops_hears_nothing_more_and_may_begin_again() {
    for test in contexts().await {
        let ctx = follower(&test).await;
        event(ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
        let mails = send_all(ctx).await;
        let Content::News { stop_token, .. } = &mails[0].content else { panic!("no news") };
        assert!(!stop(ctx, "nonsense").await.unwrap());
        event(ctx, "e3", "IAA", "2026-02-09T15:00:00Z", "").await;
        for _ in 0..2 {
            assert!(stop(ctx, stop_token).await.unwrap(), "a second press is no mistake");
        }
        assert!(send_all(ctx).await.is_empty(), "not even what waited");
        upkeep::sweep(ctx, Actor::System).await.unwrap();
        event(ctx, "e4", "DA", "2026-02-10T15:00:00Z", "").await;
        assert!(due(ctx).await.is_empty(), "nobody follows: nothing is noted");
        ask(ctx, &form(NUMBER, "1990", "")).await;
        let token = token_to_confirm(ctx).await;
        assert_eq!(confirm(ctx, &token).await.unwrap(), Confirmed::Following);
        event(ctx, "e5", "IAA", "2026-02-11T15:00:00Z", "").await;
        assert_eq!(send_all(ctx).await.len(), 1);
    }
}

#[tokio::test]
async fn an_address_and_a_case_have_their_day_and_an_address_its_number_of_cases() {
    let limits = LimitSettings { follow_requests_per_day: 2, followed_cases_per_address: 1, ..LimitSettings::default() };
    for test in contexts_with(limits).await {
        let ctx = follower(&test).await;
        let other = line("o1", "EAC9998103403", "IAA", "2026-01-08T15:00:00Z", "");
        import_lines(ctx, &[other]).await;
        ask(ctx, &form("EAC9998103403", "1990", "")).await;
        let token = token_to_confirm(ctx).await;
        assert_eq!(confirm(ctx, &token).await.unwrap(), Confirmed::TooManyCases);
        let refused = request_to_follow(ctx, client(2), &form("EAC9997103403", "1990", ""), Locale::En).await.unwrap();
        assert!(matches!(refused, Answer::TooMany(TooMany { retry_after_seconds }) if retry_after_seconds > 60), "{refused:?}");
        // Another case keeps the first from another address too.
        for (number, taken) in [("EAC9997103403", true), ("EAC9997103403", false)] {
            let form = FollowForm { email: format!("{taken}@example.org"), ..form(number, "1990", "") };
            let answer = request_to_follow(ctx, client(3), &form, Locale::En).await.unwrap();
            assert_eq!(answer == Answer::Taken, taken, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_form_with_mistakes_is_kept_encrypted_for_an_hour() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let wrong = FollowForm { email: "ana".into(), ..form(NUMBER, "1990", "") };
        let Answer::Mistakes(id) = request_to_follow(ctx, client(1), &wrong, Locale::En).await.unwrap() else { panic!("taken") };
        assert_eq!(draft(ctx, id).await.unwrap(), Some(wrong));
        assert_eq!(draft(ctx, uuid::Uuid::nil()).await.unwrap(), None);
        test.test.clock.advance(TimeDelta::hours(1));
        assert_eq!(draft(ctx, id).await.unwrap(), None);
        upkeep::sweep(ctx, Actor::System).await.unwrap();
    }
}

#[tokio::test]
async fn what_fails_comes_again_later_and_is_given_up_in_the_end() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        ask(ctx, &form(NUMBER, "1990", "")).await;
        let mut attempts = 0;
        loop {
            let Some(due) = due(ctx).await.into_iter().next() else { break };
            attempts += 1;
            settle(ctx, Actor::System, &due, Err(Failed::ForNow("no connection".into()))).await.unwrap();
            assert!(self::due(ctx).await.is_empty(), "not at once");
            test.test.clock.advance(TimeDelta::hours(6));
        }
        assert_eq!(attempts, 12);
        let overview = overview(ctx, Actor::Operator, 10).await.unwrap();
        assert_eq!(overview.dead.len(), 1);
        assert_eq!(overview.dead[0].problem.as_deref(), Some("no connection"));
        retry(ctx, Actor::Operator, overview.dead[0].id).await.unwrap();
        assert!(retry(ctx, Actor::Operator, overview.dead[0].id).await.is_err());
        assert_eq!(due(ctx).await.len(), 1);
        for refused in [overview_refused(ctx).await, claim(ctx, Actor::Public, Means::Mail, 1).await.is_err()] {
            assert!(refused);
        }
    }
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_all_at_once() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        for _ in 0..2 {
            ask(ctx, &form(NUMBER, "1990", "")).await;
        }
        for due in due(ctx).await {
            settle(ctx, Actor::System, &due, Err(Failed::ForGood("refused with code 554".into()))).await.unwrap();
        }
        assert_eq!(retry_all(ctx, Actor::Operator).await.unwrap(), 2);
        assert_eq!(retry_all(ctx, Actor::Operator).await.unwrap(), 0);
        assert_eq!(send_all(ctx).await.len(), 2);
        assert!(retry_all(ctx, Actor::Public).await.is_err());
        let mut connection = ctx.store.read_primary().await.unwrap();
        let acts = store::audit::by_action(&mut connection, "outbox.retry").await.unwrap();
        assert_eq!(acts.len(), 1, "nothing was done the second time");
    }
}

/// An agency takes its mail server away for a while: whoever cannot send claims no mails, and uses up no attempt.
#[tokio::test]
async fn mails_wait_untouched_for_who_can_send_them() {
    for test in contexts().await {
        let ctx = follower(&test).await;
        event(ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
        ask(ctx, &form(NUMBER, "1990", "")).await;
        let changes = claim(ctx, Actor::System, Means::NoMail, 10).await.unwrap();
        assert!(!changes.is_empty() && changes.iter().all(|due| due.kind == Kind::CaseChange), "{changes:?}");
        for change in &changes {
            prepare(ctx, Actor::System, change).await.unwrap();
        }
        assert!(claim(ctx, Actor::System, Means::NoMail, 10).await.unwrap().is_empty());
        let mails = due(ctx).await;
        assert_eq!(mails.len(), 2);
        assert!(mails.iter().all(|due| due.attempts == 1));
    }
}

/// More than there are connections: each needs one after another, and never two at once.
#[tokio::test]
async fn many_requests_at_once_do_not_keep_each_other_waiting() {
    let limits = LimitSettings { follow_requests_per_day: 100, ..LimitSettings::default() };
    for test in contexts_with(limits).await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        for asker in 0..40 {
            let answer = request_to_follow(ctx, client(asker), &form(NUMBER, "1990", ""), Locale::En).await.unwrap();
            assert_eq!(answer, Answer::Taken);
        }
        let mut preparing = tokio::task::JoinSet::new();
        for due in due(ctx).await {
            let ctx = ctx.clone();
            preparing.spawn(async move { prepare(&ctx, Actor::System, &due).await });
        }
        let prepared = preparing.join_all().await;
        assert_eq!(prepared.iter().filter(|prepared| matches!(prepared, Ok(Prepared::Mail(_)))).count(), 40);
    }
}

/// Else it would be claimed again and again, at each claim's end, and nobody would see it.
#[tokio::test]
async fn what_cannot_be_read_waits_longer_each_time_as_what_cannot_be_sent() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let mut transaction = ctx.store.begin().await.unwrap();
        store::notification::add_request(&mut transaction, &ctx.keys, ctx.clock.new_id(), b"nonsense", ctx.now()).await.unwrap();
        transaction.commit().await.unwrap();
        for minutes in [1, 2, 4] {
            let due = due(ctx).await.remove(0);
            let Prepared::Done(outcome) = prepare(ctx, Actor::System, &due).await.unwrap() else { panic!("a mail") };
            let Outcome::TryLater(at, problem) = &outcome else { panic!("{outcome:?}") };
            assert_eq!((*at - ctx.now()).num_minutes(), minutes);
            assert!(problem.contains("see the log"));
            settle_as(ctx, Actor::System, &due, &outcome).await.unwrap();
            test.test.clock.advance(TimeDelta::minutes(minutes));
        }
    }
}

#[tokio::test]
async fn a_request_that_was_given_up_is_not_shown_for_ever() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        ask(ctx, &form(NUMBER, "1990", "")).await;
        let due = due(ctx).await.remove(0);
        settle(ctx, Actor::System, &due, Err(Failed::ForGood("refused with code 550".into()))).await.unwrap();
        test.test.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
        upkeep::sweep(ctx, Actor::System).await.unwrap();
        assert!(retry(ctx, Actor::Operator, due.id).await.is_err(), "its link would be over");
        assert_eq!(overview(ctx, Actor::Operator, 10).await.unwrap().dead.len(), 1);
        test.test.clock.advance(TimeDelta::days(30));
        upkeep::sweep(ctx, Actor::System).await.unwrap();
        assert!(overview(ctx, Actor::Operator, 10).await.unwrap().dead.is_empty());
    }
}

/// A replica that has not heard of a change yet must not make it look told.
#[tokio::test]
async fn a_change_is_told_however_late_the_replica_is() {
    let test = contexts().await.pop().unwrap();
    follower(&test).await;
    let copy = test.test.folder.path().join("copy");
    test.ctx.store.copy_to(&copy).await.unwrap();
    let replica = store::testing::new_postgres().await;
    store::Store::open(&replica.address, None).await.unwrap().restore_from(&copy).await.unwrap();
    let store = store::Store::open(&test.test.address, Some(&replica.address)).await.unwrap();
    let ctx = Context::new(store, test.test.keys.clone(), test.test.clock.clone(), test.ctx.zone, LimitSettings::default())
        .await
        .unwrap();
    event(&test.ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
    assert_eq!(send_all(&ctx).await.len(), 1);
    assert!(send_all(&test.ctx).await.is_empty());
}

#[tokio::test]
async fn a_draft_is_never_longer_than_the_fields_are() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let flood = FollowForm { email: "é".repeat(40_000), year: "9".repeat(20_000), ..FollowForm::default() };
        let Answer::Mistakes(id) = request_to_follow(ctx, client(1), &flood, Locale::En).await.unwrap() else { panic!("taken") };
        let kept = draft(ctx, id).await.unwrap().unwrap();
        assert_eq!((kept.email.len(), kept.year.len()), (254, 254));
    }
}

async fn overview_refused(ctx: &Context) -> bool {
    overview(ctx, Actor::Public, 1).await.is_err()
}

#[tokio::test]
async fn a_claim_that_nobody_settles_comes_back_and_tells_nobody_twice() {
    for test in contexts().await {
        let ctx = follower(&test).await;
        event(ctx, "e2", "DA", "2026-02-08T15:00:00Z", "").await;
        // Somebody began to tell of the change and died before noting it.
        for change in due(ctx).await {
            let _ = prepare(ctx, Actor::System, &change).await.unwrap();
        }
        let message: Vec<Due> = due(ctx).await;
        assert_eq!(message.len(), 1);
        test.test.clock.advance(TimeDelta::seconds(61));
        let mails = send_all(ctx).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].id, message[0].id, "the same mail, with the same message id");
    }
}

async fn machine(ctx: &Context, name: &str) -> Authenticated {
    let allowance = Allowance { per_second: NonZeroU32::new(100).unwrap(), per_day: NonZeroU32::new(1000).unwrap() };
    let name = ClientName::parse(name).unwrap();
    let credentials = api_client::add(ctx, Actor::Operator, &name, Scope::CaseStatus, allowance).await.unwrap();
    let token = api_client::issue_token(ctx, &credentials.client_id, credentials.client_secret.expose()).await.unwrap().unwrap();
    let url = format!("https://{}.example/hook", name.as_str());
    let secret = add_webhook(ctx, Actor::Operator, &name, &url).await.unwrap();
    assert!(secret.expose().starts_with(SECRET_PREFIX) && secret.expose().len() == SECRET_PREFIX.len() + 44);
    assert!(matches!(add_webhook(ctx, Actor::Operator, &name, &url).await, Err(Error::Unusable(_))));
    api_client::authenticate(ctx, token.expose()).await.unwrap().unwrap()
}

/// Does what the job does, and gives the calls that it would make: address and number.
async fn call_all(ctx: &Context) -> Vec<(String, String)> {
    let mut calls = Vec::new();
    loop {
        let due = due(ctx).await;
        if due.is_empty() {
            calls.sort();
            return calls;
        }
        for due in due {
            match prepare(ctx, Actor::System, &due).await.unwrap() {
                Prepared::Done(outcome) => settle_as(ctx, Actor::System, &due, &outcome).await.unwrap(),
                Prepared::Mail(_) | Prepared::Letter(_) => panic!("nobody follows by mail"),
                Prepared::Call(call) => {
                    let body: serde_json::Value = serde_json::from_str(&call.body).unwrap();
                    assert_eq!(body["type"], "case.changed");
                    calls.push((call.url, body["data"]["receipt_number"].as_str().unwrap().to_owned()));
                    settle(ctx, Actor::System, &due, Ok(())).await.unwrap();
                }
            }
        }
    }
}

fn numbers(numbers: &[&str]) -> Vec<String> {
    numbers.iter().map(|number| (*number).to_owned()).collect()
}

#[tokio::test]
async fn machines_are_told_of_the_numbers_they_subscribed_to_and_of_nothing_hidden() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        let sealed = r#","protection_markers":[{"sealed":true}]"#;
        import_lines(ctx, &[line("s1", "EAC9999203403", "IAA", "2026-01-08T15:00:00Z", sealed)]).await;
        test.test.clock.advance(TimeDelta::minutes(5));
        let (a, b) = (machine(ctx, "a").await, machine(ctx, "b").await);
        // Known, hidden and unknown numbers are taken alike.
        let all = numbers(&[NUMBER, "EAC9999203403", "EAC9999303403"]);
        assert_eq!(subscribe(ctx, a, &all).await.unwrap(), Subscribed::Taken);
        assert_eq!(subscribe(ctx, b, &numbers(&[NUMBER, NUMBER])).await.unwrap(), Subscribed::Taken);
        let listed = subscriptions(ctx, a).await.unwrap().unwrap().unwrap();
        assert_eq!(listed.iter().map(|number| number.as_str().to_owned()).collect::<Vec<_>>(), all);
        assert!(call_all(ctx).await.is_empty(), "nothing has changed");

        let (a_url, b_url) = ("https://a.example/hook".to_owned(), "https://b.example/hook".to_owned());
        event(ctx, "e2", "GA", "2026-02-07T15:00:00Z", "").await;
        assert!(call_all(ctx).await.is_empty(), "an event that is not public");
        event(ctx, "e3", "DA", "2026-02-08T15:00:00Z", "").await;
        import_lines(ctx, &[line("s2", "EAC9999203403", "DA", "2026-02-08T15:00:00Z", "")]).await;
        assert_eq!(call_all(ctx).await, [(a_url.clone(), NUMBER.into()), (b_url.clone(), NUMBER.into())]);
        // A case that comes in later.
        import_lines(ctx, &[line("n1", "EAC9999303403", "IAA", "2026-02-09T15:00:00Z", "")]).await;
        assert_eq!(call_all(ctx).await, [(a_url, "EAC9999303403".into())]);

        assert_eq!(unsubscribe(ctx, a, &all).await.unwrap(), Subscribed::Taken);
        event(ctx, "e4", "IAA", "2026-02-10T15:00:00Z", "").await;
        assert_eq!(call_all(ctx).await, [(b_url, NUMBER.into())]);
        remove_webhook(ctx, Actor::Operator, &ClientName::parse("b").unwrap()).await.unwrap();
        assert!(remove_webhook(ctx, Actor::Operator, &ClientName::parse("b").unwrap()).await.is_err());
        event(ctx, "e5", "DA", "2026-02-11T15:00:00Z", "").await;
        assert!(call_all(ctx).await.is_empty());
        assert_eq!(subscribe(ctx, b, &all).await.unwrap(), Subscribed::NoWebhook);
    }
}

#[tokio::test]
async fn a_change_right_after_a_subscription_is_told_whichever_is_worked_on_first() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        test.test.clock.advance(TimeDelta::minutes(5));
        let client = machine(ctx, "a").await;
        for (at, first) in [Kind::Subscription, Kind::CaseChange].into_iter().enumerate() {
            assert_eq!(subscribe(ctx, client, &numbers(&[NUMBER])).await.unwrap(), Subscribed::Taken);
            event(ctx, &format!("r{at}"), ["DA", "IAA"][at], "2026-02-07T15:00:00Z", "").await;
            let mut due = due(ctx).await;
            due.sort_by_key(|due| due.kind != first);
            for due in due {
                let Prepared::Done(outcome) = prepare(ctx, Actor::System, &due).await.unwrap() else { panic!("too early") };
                settle_as(ctx, Actor::System, &due, &outcome).await.unwrap();
            }
            assert_eq!(call_all(ctx).await.len(), 1, "{first:?}");
            unsubscribe(ctx, client, &numbers(&[NUMBER])).await.unwrap();
            upkeep::sweep(ctx, Actor::System).await.unwrap();
            test.test.clock.advance(TimeDelta::minutes(5));
        }
    }
}

#[tokio::test]
async fn a_machine_that_tries_numbers_by_subscribing_is_stopped() {
    let limits = LimitSettings { misses_per_machine_hour: 3, ..LimitSettings::default() };
    for test in contexts_with(limits).await {
        let ctx = &test.ctx;
        let client = machine(ctx, "a").await;
        let tries: Vec<String> = (0..5).map(|at| format!("EAC99{at}0103403")).collect();
        assert!(matches!(subscribe(ctx, client, &tries).await.unwrap(), Subscribed::TooMany(_)));
        assert_eq!(subscriptions(ctx, client).await.unwrap().unwrap(), Some(Vec::new()), "all or none");
        assert_eq!(subscribe(ctx, client, &numbers(&[NUMBER, "x"])).await.unwrap(), Subscribed::Mistyped(1));
        let many = vec![NUMBER.to_owned(); AT_ONCE + 1];
        assert_eq!(subscribe(ctx, client, &many).await.unwrap(), Subscribed::TooManyNumbers);
    }
}

#[tokio::test]
async fn many_at_once_do_not_wait_for_each_other() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, "").await;
        test.test.clock.advance(TimeDelta::minutes(5));
        let client = machine(ctx, "a").await;
        subscribe(ctx, client, &vec![NUMBER.to_owned(); 8]).await.unwrap();
        for at in 0..8 {
            let form = FollowForm { email: format!("ana{at}@example.org"), ..form(NUMBER, "1990", "") };
            ask(ctx, &form).await;
        }
        let due = due(ctx).await;
        assert_eq!(due.len(), 16);
        for prepared in join_all(due.iter().map(|due| prepare(ctx, Actor::System, due))).await {
            prepared.expect("every one gets its turn");
        }
    }
}
