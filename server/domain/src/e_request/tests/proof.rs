//! What is typed of a case is compared with its record; whatever does not agree gets one answer.

use chrono::TimeDelta;
use futures::future::join_all;
use shared::e_request::Step;
use shared::service_request::RequestKind;
use store::engine::{Executed, executed_by};

use super::*;
use crate::case_status::limits::TooMany;

const UNKNOWN: &str = "EAC9999703403";

/// What sending the page of the case leads to, on a form of its own.
async fn prove(visitor: &Visitor<'_>) -> Saved {
    forget(visitor.ctx, visitor.key).await.unwrap();
    visitor.walk(RequestKind::TypographicError, Step::Case).await;
    visitor.save(Step::Case).await
}

async fn agrees(visitor: Visitor<'_>) -> bool {
    match prove(&visitor).await {
        Saved::GoTo(Step::Answer) => true,
        Saved::GoTo(Step::Case) => {
            assert!(visitor.draft().await.is_refused);
            false
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn form_category_day_and_zip_code_all_have_to_agree() {
    for test in contexts_under(LimitSettings { proof_failures_per_day: 100, ..no_limits() }).await {
        for (changes, agree) in [
            (&[][..], true),
            (&[("form", "I-130")], false),
            (&[("category", "C09")], true),
            (&[("category", "c-9")], true),
            (&[("category", " c 09 ")], true),
            (&[("category", "C08")], false),
            (&[("category", "C90")], false),
            (&[("category", "")], false),
            // Filed on August 3, received on August 5.
            (&[("filed_on_day", "05")], true),
            (&[("filed_on_day", "4")], false),
            (&[("filed_on_day", "7")], false),
            (&[("filed_on_year", "2024")], false),
            (&[("mailing_zip", "22150-9999")], true),
            (&[("mailing_zip", "22151")], false),
            (&[("mailing_zip", "22151"), ("form", "I-130"), ("category", "C08")], false),
        ] {
            assert_eq!(agrees(Visitor::new(&test.ctx, 1).types(changes)).await, agree, "{changes:?}");
        }
    }
}

#[tokio::test]
async fn what_the_record_does_not_have_is_not_compared() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let plain =
            line("plain", "EAC9998103403", "IAA", "2025-08-07T03:00:00Z", &FILED.replace(r#""filed_on":"2025-08-03","#, ""));
        let no_days = line("none", "EAC9997103403", "IAA", "2025-08-07T03:00:00Z", &FILED[FILED.find(r#","mailing"#).unwrap()..]);
        let no_zip = line("abroad", "EAC9996103403", "IAA", "2025-08-07T03:00:00Z", &FILED.replace("22150-1234", "SW1A 1AA"));
        // Of Form I-765 the category may protect somebody: a case without it is hidden.
        let plain = plain.replace("I-765", "I-90").replace(r#""category":"C09","#, "");
        import_lines(ctx, &[plain, no_days, no_zip]).await;
        let typed = |number, category, day| {
            agrees(Visitor::new(ctx, 1).about(number).types(&[("category", category), ("filed_on_day", day)]))
        };
        let green_card = |category, day| {
            let typed = [("form", "I-90"), ("category", category), ("filed_on_day", day)];
            agrees(Visitor::new(ctx, 1).about("EAC9998103403").types(&typed))
        };
        assert!(green_card("anything", "5").await && green_card("", "5").await);
        assert!(!green_card("C09", "3").await, "a day that it does not have");
        // Its only day is that of its first event, which is still August 6 in the agency's zone.
        assert!(typed("EAC9997103403", "C09", "6").await && !typed("EAC9997103403", "C09", "7").await);
        assert!(!typed("EAC9996103403", "C09", "3").await, "a case without a ZIP code is not proven by any");
    }
}

/// Where a claim leads, what is kept of it, and the statements on the way.
async fn traces(visitor: Visitor<'_>) -> (Saved, Draft, Vec<Executed>) {
    forget(visitor.ctx, visitor.key).await.unwrap();
    visitor.walk(RequestKind::TypographicError, Step::Case).await;
    let (saved, executed) = executed_by(visitor.save(Step::Case)).await;
    let mut draft = visitor.draft().await;
    draft.submission = Uuid::nil();
    draft.answers.set(Field::ReceiptNumber, "");
    draft.answers.set(Field::MailingZip, "");
    (saved, draft, executed)
}

#[tokio::test]
async fn a_mistake_an_unknown_number_and_a_hidden_case_leave_the_same_traces() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let marked = |number: &str, marker: &str| {
            let markers = format!(r#"{FILED},"protection_markers":[{marker}]"#);
            line(&format!("{number}-m"), number, "IAA", "2025-08-07T15:00:00Z", &markers)
        };
        let hidden = ["EAC9991103403", "EAC9992103403", "EAC9993103403", "EAC9994103403"];
        import_lines(
            ctx,
            &[
                marked(hidden[0], r#"{"class_of_admission":"T1"}"#),
                marked(hidden[1], r#"{"sealed":true}"#),
                marked(hidden[2], r#"{"pending_form":"I-914"}"#),
            ],
        )
        .await;
        a_case(ctx, hidden[3]).await;
        hide(ctx, hidden[3]).await;
        let mistake = traces(Visitor::new(ctx, 1).types(&[("mailing_zip", "22151")])).await;
        assert_eq!(mistake.0, Saved::GoTo(Step::Case));
        assert!(mistake.1.is_refused && mistake.1.case.is_none());
        assert!(mistake.2.iter().any(|(_, name)| name.ends_with("case_status::PROOF")), "{:?}", mistake.2);
        for number in hidden.into_iter().chain([UNKNOWN]) {
            assert_eq!(traces(Visitor::new(ctx, 1).about(number)).await, mistake, "{number}");
        }
        // A slip in a page is another thing, and is told without asking the database for a case.
        let slip = traces(Visitor::new(ctx, 1).types(&[("mailing_zip", "2215")])).await;
        assert!(slip.0 == Saved::GoTo(Step::Case) && !slip.1.is_refused && slip.2.len() < mistake.2.len());
    }
}

#[tokio::test]
async fn failures_of_a_number_are_counted_alike_whatever_it_is_and_then_nobody_gets_an_answer() {
    for test in contexts_under(LimitSettings { proof_failures_per_day: 3, ..no_limits() }).await {
        let ctx = &test.ctx;
        a_case(ctx, "EAC9991103403").await;
        hide(ctx, "EAC9991103403").await;
        for number in [NUMBER, "EAC9991103403", UNKNOWN] {
            for session in 1..4 {
                let wrong = Visitor::new(ctx, session).about(number).types(&[("mailing_zip", "22151")]);
                assert_eq!(prove(&wrong).await, Saved::GoTo(Step::Case), "{number}");
            }
            for typed in [&[][..], &[("mailing_zip", "22151")]] {
                let visitor = Visitor::new(ctx, 5).about(number).types(typed);
                // It is eleven in New York.
                let until_midnight = Saved::TooMany(TooMany { retry_after_seconds: 13 * 3600 + 1 });
                assert_eq!(prove(&visitor).await, until_midnight, "{number}: even what is right");
                let draft = visitor.draft().await;
                assert!(draft.case.is_none() && !draft.is_refused && draft.step_at_hand(ctx) == Step::Case);
            }
        }
        assert!(agrees(Visitor::new(ctx, 6).about(GRANTED)).await, "another number has its own count");
        test.test.clock.advance(TimeDelta::hours(13));
        assert!(agrees(Visitor::new(ctx, 5)).await, "the next day begins anew");
    }
}

#[tokio::test]
async fn whoever_knows_the_case_uses_up_nothing() {
    for test in contexts_under(LimitSettings { proof_failures_per_day: 1, ..no_limits() }).await {
        let ctx = &test.ctx;
        for session in 1..6 {
            assert!(agrees(Visitor::new(ctx, session)).await);
        }
        assert!(!agrees(Visitor::new(ctx, 6).types(&[("mailing_zip", "22151")])).await);
        assert!(matches!(prove(&Visitor::new(ctx, 7)).await, Saved::TooMany(_)));
    }
}

#[tokio::test]
async fn tries_that_come_together_are_all_counted() {
    for test in contexts_under(LimitSettings { proof_failures_per_day: 5, ..no_limits() }).await {
        let ctx = &test.ctx;
        for number in [NUMBER, UNKNOWN] {
            let wrong: Vec<Visitor> =
                (1..13).map(|session| Visitor::new(ctx, session).about(number).types(&[("mailing_zip", "22151")])).collect();
            for visitor in &wrong {
                visitor.walk(RequestKind::TypographicError, Step::Case).await;
            }
            let saved = join_all(wrong.iter().map(|visitor| visitor.save(Step::Case))).await;
            assert_eq!(saved.iter().filter(|saved| **saved == Saved::GoTo(Step::Case)).count(), 5, "{number}: {saved:?}");
            assert_eq!(saved.iter().filter(|saved| matches!(saved, Saved::TooMany(_))).count(), 7, "{number}");
            for visitor in &wrong {
                forget(ctx, visitor.key).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_tries_many_numbers_is_stopped_before_any_is_looked_at() {
    for test in contexts_under(LimitSettings { neighbours_per_client_hour: 3, ..no_limits() }).await {
        let ctx = &test.ctx;
        for last in 0..3 {
            let saved = prove(&Visitor::new(ctx, 1).about(&format!("EAC999970340{last}"))).await;
            assert_eq!(saved, Saved::GoTo(Step::Case));
        }
        let visitor = Visitor::new(ctx, 1).about("EAC9999703409");
        assert!(matches!(prove(&visitor).await, Saved::TooMany(_)));
        let (_, executed) = executed_by(visitor.save(Step::Case)).await;
        assert!(!executed.iter().any(|(_, name)| name.ends_with("PROOF") || name.contains("look_up_failure")), "{executed:?}");
    }
}
