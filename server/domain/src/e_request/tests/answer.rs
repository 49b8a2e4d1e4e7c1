//! The answer before the form, worked out from the record.

use chrono::{NaiveDate, TimeDelta};
use shared::delivery_tracking::DeliveryState;
use shared::e_request::{Eligibility, Refusal, Step, Working};
use shared::processing_time::Basis;
use shared::service_request::RequestKind;

use super::*;
use crate::delivery_tracking::tests::{CARD, scan, take_in_records};
use crate::{office, processing_time};

const EDITION: &str = "form,category,category_en,category_es,office,upper,lower,unit,inquiry_date,published,note_en,note_es\n\
    I-765,C09,Pending,Pendiente,NBC,8,,Months,,2026-03-01,,\n\
    I-765,C09,Pending,Pendiente,TSC,6.5,,Months,,2026-03-01,,\n\
    I-765,C08,Asylum,Asilo,NBC,3,,Months,,2026-03-01,,\n\
    I-90,C09,Pending,Pendiente,NBC,9,,Months,,2026-03-01,,\n\
    I-90,C08,Asylum,Asilo,NBC,4,,Months,,2026-03-01,,\n\
    I-485,EB,Employment,Empleo,NBC,20,,Months,,2026-03-01,,\n\
    I-485,EB,Employment,Empleo,WAS,5,,Months,,2026-03-01,,\n";
const OFFICES: &str = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n\
    WAS\tWashington\tfield_office\t221\n";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The answer to who asks about a case, at the page that shows it.
async fn eligibility(visitor: Visitor<'_>, kind: RequestKind) -> Eligibility {
    forget(visitor.ctx, visitor.key).await.unwrap();
    visitor.walk(kind, Step::Answer).await;
    let Answer::Record { eligibility, follows: None } = visitor.answer().await else { panic!("no answer of the record") };
    let goes_on = visitor.save(Step::Answer).await != Saved::GoTo(Step::Answer);
    assert_eq!(goes_on, matches!(eligibility, Eligibility::MayAsk(_)), "nobody passes by the answer: {eligibility:?}");
    eligibility
}

/// The first day on which one may ask, and what it follows from.
async fn ask_from(visitor: Visitor<'_>, kind: RequestKind) -> (Option<NaiveDate>, Working) {
    match eligibility(visitor, kind).await {
        Eligibility::NotYet { from, working } => (from, working),
        other => panic!("{other:?}"),
    }
}

/// The published or usual time from which the day of a case follows; none on the day itself.
async fn basis(visitor: Visitor<'_>) -> (Option<NaiveDate>, Basis) {
    match eligibility(visitor, RequestKind::OutsideNormalTime).await {
        Eligibility::NotYet { from, working: Working::NormalTime(working) } => (from, working.basis),
        Eligibility::MayAsk(Working::NormalTime(working)) => (None, working.basis),
        other => panic!("{other:?}"),
    }
}

fn months(basis: Basis) -> String {
    match basis {
        Basis::UpperBound { bound, .. } => bound.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_case_inside_its_normal_time_is_told_the_day_and_may_be_asked_about_on_it() {
    for test in contexts().await {
        let ctx = &test.ctx;
        processing_time::import(ctx, Actor::Operator, EDITION).await.unwrap();
        // Received on August 5: eight months are over on April 5.
        for (advance, from) in [(0, Some(day("2026-04-06"))), (26 * 24 + 12, Some(day("2026-04-06"))), (1, None)] {
            test.test.clock.advance(TimeDelta::hours(advance));
            let (says, working) = basis(Visitor::new(ctx, 1)).await;
            assert_eq!((says, months(working).as_str()), (from, "8 Months"), "{}", ctx.now());
        }
    }
}

#[tokio::test]
async fn without_a_published_time_it_is_six_months() {
    for test in contexts().await {
        assert_eq!(basis(Visitor::new(&test.ctx, 1)).await, (None, Basis::SixMonths));
        let later = FILED.replace("2025-08", "2025-10");
        import_lines(&test.ctx, &[line("later", "EAC9998103403", "IAA", "2025-10-07T15:00:00Z", &later)]).await;
        let visitor = Visitor::new(&test.ctx, 1).about("EAC9998103403").types(&[("filed_on_month", "10")]);
        assert_eq!(basis(visitor).await, (Some(day("2026-04-06")), Basis::SixMonths));
    }
}

#[tokio::test]
async fn where_the_record_has_no_category_the_typed_one_counts_and_without_any_the_soonest() {
    for test in contexts().await {
        let ctx = &test.ctx;
        processing_time::import(ctx, Actor::Operator, EDITION).await.unwrap();
        let plain = line("plain", "EAC9998103403", "IAA", "2025-08-07T15:00:00Z", FILED).replace(r#""category":"C09","#, "");
        let moved = line("moved", "EAC9997103403", "IAA", "2025-08-07T15:00:00Z", FILED).replace("NBC", "VSC");
        import_lines(ctx, &[plain.replace("I-765", "I-90"), moved]).await;
        let typed = async |number, form, category| {
            let visitor = Visitor::new(ctx, 1).about(number).types(&[("form", form), ("category", category)]);
            months(basis(visitor).await.1)
        };
        assert_eq!(typed("EAC9998103403", "I-90", "(c)(9)").await, "9 Months");
        assert_eq!(typed("EAC9998103403", "I-90", "c08").await, "4 Months");
        assert_eq!(typed("EAC9998103403", "I-90", "").await, "4 Months");
        assert_eq!(typed("EAC9998103403", "I-90", "A17").await, "4 Months", "a category that nobody published");
        assert_eq!(typed("EAC9997103403", "I-765", "C09").await, "6.5 Months", "an office that nobody published: the soonest");
    }
}

#[tokio::test]
async fn a_form_that_is_held_centrally_has_the_time_of_the_office_where_its_mail_goes() {
    for test in contexts().await {
        let ctx = &test.ctx;
        processing_time::import(ctx, Actor::Operator, EDITION).await.unwrap();
        let green_card = |number, zip| {
            line(number, number, "IAA", "2025-08-07T15:00:00Z", FILED).replace("I-765", "I-485").replace("22150", zip)
        };
        import_lines(ctx, &[green_card("EAC9998103403", "22150"), green_card("EAC9997103403", "90001")]).await;
        let asks = async |number, zip| {
            let visitor = Visitor::new(ctx, 1).about(number).types(&[("form", "I-485"), ("mailing_zip", zip)]);
            months(basis(visitor.types(&[("category", "C09")])).await.1)
        };
        assert_eq!(asks("EAC9998103403", "22150").await, "20 Months", "nobody knows an office for the ZIP code yet");
        office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
        assert_eq!(asks("EAC9998103403", "22150").await, "5 Months");
        assert_eq!(asks("EAC9997103403", "90001").await, "20 Months");
    }
}

#[tokio::test]
async fn a_kind_that_does_not_fit_the_case_is_refused() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let of_granted = eligibility(Visitor::new(ctx, 1).about(GRANTED), RequestKind::OutsideNormalTime).await;
        assert_eq!(of_granted, Eligibility::Refused(Refusal::NotWaiting));
        for kind in [RequestKind::CardNotReceived, RequestKind::DocumentNotReceived] {
            assert_eq!(eligibility(Visitor::new(ctx, 1), kind).await, Eligibility::Refused(Refusal::NotGranted), "{kind:?}");
        }
    }
}

/// A card that was mailed on a day of March.
fn mailed(day: &str) -> String {
    let parameters = format!(r#","parameters":{{"document":"employment_authorization_document","tracking_number":"{CARD}"}}}}"#);
    let at = format!("2026-03-{day}T15:00:00Z");
    line("mailed", GRANTED, "LDA", &at, FILED).replace(&format!(r#""at":"{at}"}}"#), &format!(r#""at":"{at}"{parameters}"#))
}

#[tokio::test]
async fn a_card_that_was_not_mailed_is_waited_for_from_the_approval() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let late = line("late", GRANTED, "DA", "2026-02-20T15:00:00Z", FILED);
        let since = |since| Working::NotMailed { since: day(since), days: 30 };
        let card = || eligibility(Visitor::new(ctx, 1).about(GRANTED), RequestKind::CardNotReceived);
        assert_eq!(card().await, Eligibility::MayAsk(since("2026-01-20")));
        import_lines(ctx, &[late]).await;
        let not_yet = Eligibility::NotYet { from: Some(day("2026-03-22")), working: since("2026-02-20") };
        assert_eq!(card().await, not_yet, "the newest approval counts");
    }
}

#[tokio::test]
async fn a_card_is_told_of_as_the_carrier_saw_it_last() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let card = || eligibility(Visitor::new(ctx, 1).about(GRANTED), RequestKind::CardNotReceived);
        let place = || Some("MERRIFIELD, VA".to_owned());
        let in_the_mail = |state, place| Eligibility::NotYet {
            from: Some(day("2026-04-07")),
            working: Working::InTheMail { state, mailed_on: Some(day("2026-03-08")), place, days: 30 },
        };
        let astray = |state, on| Eligibility::MayAsk(Working::GoneAstray { state, on });

        import_lines(ctx, &[mailed("08")]).await;
        assert_eq!(card().await, in_the_mail(DeliveryState::WaitingForFirstScan, None));
        take_in_records(&test, &[scan("03", "20260309 0900")]).await;
        assert_eq!(card().await, in_the_mail(DeliveryState::PickedUp, place()));
        test.test.clock.advance(TimeDelta::days(6));
        assert_eq!(card().await, astray(DeliveryState::Silent { days: 7 }, Some(day("2026-03-09"))));
        take_in_records(&test, &[scan("10", "20260315 0900")]).await;
        assert_eq!(card().await, in_the_mail(DeliveryState::Processed, place()));
        take_in_records(&test, &[scan("01", "20260315 1405")]).await;
        assert_eq!(card().await, Eligibility::MayAsk(Working::Delivered { on: Some(day("2026-03-15")), place: place() }));
        take_in_records(&test, &[scan("05", "20260316 0800")]).await;
        assert_eq!(card().await, astray(DeliveryState::Undeliverable, Some(day("2026-03-16"))));
        take_in_records(&test, &[scan("09", "20260316 0900")]).await;
        assert_eq!(card().await, astray(DeliveryState::Returned, Some(day("2026-03-16"))));
    }
}

#[tokio::test]
async fn a_notice_is_waited_for_from_its_mailing_and_without_one_from_the_receipt() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let notice = |number| ask_from(Visitor::new(ctx, 1).about(number), RequestKind::NoticeNotReceived);
        let with_notice = line("notice", NUMBER, "FNA", "2026-03-01T15:00:00Z", FILED)
            .replace(r#"T15:00:00Z"}"#, r#"T15:00:00Z","parameters":{"notice":"appointment"}}"#);
        import_lines(ctx, &[with_notice]).await;
        let mailed = Working::NoticeMailed { mailed_on: day("2026-03-01"), days: 30 };
        assert_eq!(notice(NUMBER).await, (Some(day("2026-03-31")), mailed));

        let fresh = FILED.replace("2025-08", "2026-03");
        import_lines(ctx, &[line("fresh", "EAC9998103403", "IAA", "2026-03-07T15:00:00Z", &fresh)]).await;
        let visitor = Visitor::new(ctx, 1).about("EAC9998103403").types(&[("filed_on_year", "2026"), ("filed_on_month", "3")]);
        let unsent = Working::NotMailed { since: day("2026-03-05"), days: 30 };
        assert_eq!(ask_from(visitor, RequestKind::NoticeNotReceived).await, (Some(day("2026-04-04")), unsent));
    }
}

#[tokio::test]
async fn what_needs_no_wait_can_be_asked_at_once() {
    for test in contexts().await {
        for kind in [RequestKind::TypographicError, RequestKind::Accommodation, RequestKind::BeneficiaryChange] {
            let says = eligibility(Visitor::new(&test.ctx, 1), kind).await;
            assert_eq!(says, Eligibility::MayAsk(Working::Nothing), "{kind:?}");
        }
    }
}

/// Between the answer and the last page days pass, or the office decides.
#[tokio::test]
async fn the_answer_is_asked_again_before_anything_is_stored() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(RequestKind::OutsideNormalTime, Step::Check).await;
        import_lines(ctx, &[line("decided", NUMBER, "DA", "2026-03-10T14:00:00Z", FILED)]).await;
        assert_eq!(visitor.submit().await, Submitted::GoTo(Step::Answer));
        assert_eq!(visitor.draft().await.step_at_hand(ctx), Step::Answer);
        assert!(requests(ctx, NUMBER).await.is_empty());
    }
}
