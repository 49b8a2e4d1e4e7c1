//! A form that is kept for later, and a reminder on the day from which one may ask.

use chrono::{DateTime, TimeDelta, Utc};
use shared::e_request::Step;
use shared::service_request::RequestKind;
use store::notification::Outcome;

use super::*;
use crate::notification::{Content, Mail, Prepared, prepare, settle_as};
use crate::testing::{due, send_all};
use crate::{processing_time, upkeep};

const KIND: RequestKind = RequestKind::TypographicError;
const ANA: &str = "ana@example.org";

/// Keeps a visitor's form, and opens the mail.
async fn link(visitor: &Visitor<'_>) -> String {
    assert_eq!(keep_for_later(visitor.ctx, visitor.key, ANA, Locale::Es).await.unwrap(), Written::Taken);
    let mails = send_all(visitor.ctx).await;
    assert_eq!((mails.len(), mails[0].to.expose().as_str(), mails[0].locale), (1, ANA, Locale::Es));
    match &mails[0].content {
        Content::KeptForm { token } => token.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_link_brings_the_form_to_another_device_once_for_who_knows_the_zip_code() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Person).await;
        let (token, kept) = (link(&visitor).await, visitor.draft().await);
        visitor.save(Step::Person).await;
        let other = Visitor::new(ctx, 2);
        for zip in ["22151", "", "2215", "00000"] {
            assert_eq!(resume(ctx, other.key, &token, zip).await.unwrap(), Resumed::Wrong, "{zip}");
        }
        assert!(draft(ctx, other.key).await.unwrap().is_none());
        assert_eq!(resume(ctx, other.key, &token, "22150-1234").await.unwrap(), Resumed::Taken(Step::Person));
        assert_eq!(other.draft().await, kept, "as it was when it was kept");
        for session in [2, 3] {
            let again = resume(ctx, Visitor::new(ctx, session).key, &token, "22150").await.unwrap();
            assert_eq!(again, Resumed::LinkIsOver);
        }
        other.walk(KIND, Step::Check).await;
        let Submitted::Stored(id) = other.submit().await else { panic!("not stored") };
        visitor.walk(KIND, Step::Check).await;
        assert_eq!(visitor.submit().await, Submitted::Stored(id), "on both devices it is one form");
    }
}

#[tokio::test]
async fn of_two_who_open_a_link_at_once_one_gets_the_form() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Person).await;
        let token = link(&visitor).await;
        let keys: Vec<DraftKey> = (2..6).map(|session| Visitor::new(ctx, session).key).collect();
        let resumed = futures::future::join_all(keys.iter().map(|key| resume(ctx, *key, &token, "22150"))).await;
        let taken = resumed.iter().filter(|resumed| matches!(resumed, Ok(Resumed::Taken(_)))).count();
        let over = resumed.iter().filter(|resumed| matches!(resumed, Ok(Resumed::LinkIsOver))).count();
        assert_eq!((taken, over), (1, 3), "{resumed:?}");
    }
}

#[tokio::test]
async fn a_link_has_five_tries_in_all_and_seven_days() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Person).await;
        let (guessed, late) = (link(&visitor).await, link(&visitor).await);
        let key = Visitor::new(ctx, 2).key;
        for day in 0..5 {
            assert_eq!(resume(ctx, key, &guessed, "22151").await.unwrap(), Resumed::Wrong, "on day {day}");
            test.test.clock.advance(TimeDelta::days(1));
            upkeep::sweep(ctx, Actor::System).await.unwrap();
        }
        assert_eq!(resume(ctx, key, &guessed, "22150").await.unwrap(), Resumed::LinkIsOver, "the sixth is too much");
        test.test.clock.advance(TimeDelta::days(2) - TimeDelta::seconds(1));
        assert_eq!(resume(ctx, key, &late, "22151").await.unwrap(), Resumed::Wrong, "it is good to its end");
        test.test.clock.advance(TimeDelta::seconds(1));
        assert_eq!(resume(ctx, key, &late, "22150").await.unwrap(), Resumed::LinkIsOver);
        for nonsense in ["", "nonsense", &late[1..]] {
            assert_eq!(resume(ctx, key, nonsense, "22150").await.unwrap(), Resumed::LinkIsOver);
        }
        assert!(draft(ctx, key).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn only_a_form_whose_case_was_proven_is_kept_and_only_for_an_address() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        let keep = async |email| keep_for_later(ctx, visitor.key, email, Locale::En).await.unwrap();
        assert_eq!(keep(ANA).await, Written::Nothing, "there is no form");
        visitor.walk(KIND, Step::Case).await;
        assert_eq!(keep(ANA).await, Written::Nothing, "a link would have nothing to ask for");
        visitor.walk(KIND, Step::Check).await;
        for wrong in ["", "ana", "ana@"] {
            assert_eq!(keep(wrong).await, Written::Wrong);
        }
        visitor.submit().await;
        assert_eq!(keep(ANA).await, Written::Nothing, "it was sent");
        assert!(send_all(ctx).await.iter().all(|mail| matches!(mail.content, Content::RequestStored { .. })));
    }
}

#[tokio::test]
async fn a_mail_that_comes_too_late_for_its_form_is_not_sent() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Person).await;
        assert_eq!(keep_for_later(ctx, visitor.key, ANA, Locale::En).await.unwrap(), Written::Taken);
        test.test.clock.advance(TimeDelta::days(7));
        assert!(send_all(ctx).await.is_empty());
    }
}

#[tokio::test]
async fn nobodys_mailbox_is_flooded() {
    for test in contexts_under(LimitSettings { follow_requests_per_day: 3, ..no_limits() }).await {
        let ctx = &test.ctx;
        let sessions = [Visitor::new(ctx, 1), Visitor::new(ctx, 2), Visitor::new(ctx, 3)];
        for visitor in &sessions {
            visitor.walk(KIND, Step::Person).await;
            assert_eq!(keep_for_later(ctx, visitor.key, ANA, Locale::En).await.unwrap(), Written::Taken);
        }
        waits_until(ctx, "EAC9998103403").await;
        let waiting = waiting(ctx, 4);
        waiting.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
        let shouted = "ANA@example.org";
        for refused in [
            keep_for_later(ctx, sessions[0].key, shouted, Locale::En).await.unwrap(),
            remind(ctx, waiting.key, shouted, Locale::En).await.unwrap(),
        ] {
            assert!(
                matches!(refused, Written::TooMany(TooMany { retry_after_seconds }) if retry_after_seconds > 3600),
                "{refused:?}"
            );
        }
        assert_eq!(send_all(ctx).await.len(), 3);
        assert_eq!(remind(ctx, waiting.key, "eva@example.org", Locale::En).await.unwrap(), Written::Taken);
        test.test.clock.advance(TimeDelta::hours(13));
        waiting.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
        assert_eq!(remind(ctx, waiting.key, ANA, Locale::En).await.unwrap(), Written::Taken, "on the next day");
    }
}

/// A case that may be asked about from April 6 on, as long as nothing is published.
async fn waits_until(ctx: &Context, number: &str) {
    let later = FILED.replace("2025-08", "2025-10");
    import_lines(ctx, &[line(&format!("{number}-later"), number, "IAA", "2025-10-07T15:00:00Z", &later)]).await;
}

fn waiting(ctx: &Context, session: u8) -> Visitor<'_> {
    Visitor::new(ctx, session).about("EAC9998103403").types(&[("filed_on_month", "10")])
}

fn edition(months: &str) -> String {
    format!(
        "form,category,category_en,category_es,office,upper,lower,unit,inquiry_date,published,note_en,note_es\n\
         I-765,C09,Pending,Pendiente,NBC,{months},,Months,,2026-03-01,,\n"
    )
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Somebody waits for April 6, and has asked to be told.
async fn reminded(ctx: &Context) -> Visitor<'_> {
    waits_until(ctx, "EAC9998103403").await;
    let visitor = waiting(ctx, 1);
    visitor.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
    assert_eq!(remind(ctx, visitor.key, "ana", Locale::Es).await.unwrap(), Written::Wrong);
    assert_eq!(remind(ctx, visitor.key, ANA, Locale::Es).await.unwrap(), Written::Taken);
    visitor
}

fn reminder(mails: &[Mail]) -> (&str, Locale) {
    assert!(matches!(mails, [Mail { content: Content::MayAskNow { kind: RequestKind::OutsideNormalTime }, .. }]), "{mails:?}");
    (mails[0].to.expose().as_str(), mails[0].locale)
}

#[tokio::test]
async fn a_reminder_comes_in_the_agencys_morning_of_the_day() {
    for test in contexts().await {
        let ctx = &test.ctx;
        reminded(ctx).await;
        // Nine in New York, where it is summer by then.
        test.test.clock.advance(at("2026-04-06T12:59:59Z") - ctx.now());
        assert!(send_all(ctx).await.is_empty());
        test.test.clock.advance(TimeDelta::seconds(1));
        assert_eq!(reminder(&send_all(ctx).await), (ANA, Locale::Es));
        assert!(send_all(ctx).await.is_empty(), "once");
    }
}

#[tokio::test]
async fn a_reminder_waits_on_when_the_published_times_move() {
    for test in contexts().await {
        let ctx = &test.ctx;
        reminded(ctx).await;
        // Received on October 5: seven months are over on May 5.
        processing_time::import(ctx, Actor::Operator, &edition("7")).await.unwrap();
        test.test.clock.advance(at("2026-04-06T13:00:00Z") - ctx.now());
        let due_now = due(ctx).await;
        let Prepared::Done(outcome) = prepare(ctx, Actor::System, &due_now[0]).await.unwrap() else { panic!("a mail") };
        assert!(matches!(&outcome, Outcome::TryLater(later, _) if *later == at("2026-05-06T13:00:00Z")), "{outcome:?}");
        settle_as(ctx, Actor::System, &due_now[0], &outcome).await.unwrap();
        test.test.clock.advance(at("2026-05-06T12:59:59Z") - ctx.now());
        assert!(due(ctx).await.is_empty());
        test.test.clock.advance(TimeDelta::seconds(1));
        reminder(&send_all(ctx).await);
    }
}

#[tokio::test]
async fn a_reminder_that_is_good_for_nothing_any_more_is_not_sent() {
    for test in contexts().await {
        let ctx = &test.ctx;
        reminded(ctx).await;
        import_lines(ctx, &[line("decided", "EAC9998103403", "DA", "2026-03-20T15:00:00Z", "")]).await;
        test.test.clock.advance(TimeDelta::days(60));
        assert!(send_all(ctx).await.is_empty(), "it was decided");
    }
    for test in contexts().await {
        let ctx = &test.ctx;
        reminded(ctx).await;
        // The times became shorter, and somebody asked before the day.
        processing_time::import(ctx, Actor::Operator, &edition("5")).await.unwrap();
        test.test.clock.advance(at("2026-03-20T15:00:00Z") - ctx.now());
        waiting(ctx, 2).file(RequestKind::OutsideNormalTime).await;
        assert_eq!(send_all(ctx).await.len(), 1, "the confirmation");
        test.test.clock.advance(at("2026-04-06T13:00:00Z") - ctx.now());
        assert!(send_all(ctx).await.is_empty(), "it was asked");
    }
}

#[tokio::test]
async fn who_has_asked_is_reminded_when_they_may_ask_again() {
    for test in contexts().await {
        let ctx = &test.ctx;
        Visitor::new(ctx, 1).file(RequestKind::OutsideNormalTime).await;
        let other = Visitor::new(ctx, 2);
        other.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
        send_all(ctx).await;
        assert_eq!(remind(ctx, other.key, ANA, Locale::Es).await.unwrap(), Written::Taken);
        test.test.clock.advance(at("2026-04-09T13:00:00Z") - ctx.now());
        reminder(&send_all(ctx).await);
    }
}

#[tokio::test]
async fn nobody_is_reminded_of_what_they_may_ask_already_or_never() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        assert_eq!(remind(ctx, visitor.key, ANA, Locale::En).await.unwrap(), Written::Nothing);
        visitor.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
        assert_eq!(remind(ctx, visitor.key, ANA, Locale::En).await.unwrap(), Written::Nothing, "they may ask");
        visitor.begin(RequestKind::CardNotReceived).await;
        assert_eq!(remind(ctx, visitor.key, ANA, Locale::En).await.unwrap(), Written::Nothing, "there is no approval");
        assert!(due(ctx).await.is_empty());
    }
}

/// What a message needs is kept until it is sent, and not a day longer; of a form no more than names the case.
#[tokio::test]
async fn a_message_keeps_no_more_than_it_needs_and_not_longer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Check).await;
        link(&visitor).await;
        waits_until(ctx, "EAC9998103403").await;
        // Names and birth date were typed for another kind of request before.
        let waiting = waiting(ctx, 1);
        waiting.save(Step::Case).await;
        waiting.begin(RequestKind::OutsideNormalTime).await;
        assert_eq!(remind(ctx, waiting.key, ANA, Locale::Es).await.unwrap(), Written::Taken);
        test.test.clock.advance(at("2026-04-06T13:00:00Z") - ctx.now());
        let row = due(ctx).await.remove(0);
        let parameters = async || {
            let mut connection = ctx.store.read_primary().await.unwrap();
            store::notification::parameters(&mut connection, &ctx.keys, row.id).await.unwrap()
        };
        let held = String::from_utf8(parameters().await.unwrap().expose().clone()).unwrap();
        assert!(held.contains("EAC9998103403") && !held.contains("Ejemplo") && !held.contains("1990"), "{held}");
        test.test.clock.advance(TimeDelta::minutes(1));
        reminder(&send_all(ctx).await);
        assert_eq!(parameters().await, None, "it was sent");
    }
}
