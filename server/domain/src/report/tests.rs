//! Figures and reports.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use shared::identity::Role;
use shared::office::OfficeCode;
use shared::report::{Figure, Month};
use shared::service_request::{Happening, OfficerId, Queue};
use store::report::Row;
use store::testing::meddle;

use super::*;
use crate::e_request::tests::{Visitor, contexts};
use crate::service_request::demo::{Mix, Staffed, fill, officer};
use crate::service_request::{List, happen, route};
use crate::testing::{TestContext, import_lines, line};
use crate::{Action, Actor, Officer};

/// What counting everything anew gives.
async fn recount(ctx: &Context) -> Vec<Row> {
    let mut connection = ctx.store.read_primary().await.unwrap();
    let (mut sums, mut after): (BTreeMap<Row, i64>, _) = (BTreeMap::new(), Uuid::nil());
    loop {
        let some = rows::requests_after(&mut connection, after, 500).await.unwrap();
        let Some(last) = some.last() else { break };
        after = *last;
        for id in some {
            let kind = store::service_request::find(&mut connection, id).await.unwrap().unwrap().kind;
            let request = crate::service_request::fold(ctx.zone, &mut connection, id).await.unwrap();
            for row in rows::rows(&tallies(request.events()), kind) {
                let requests = row.requests;
                *sums.entry(Row { requests: 0, ..row }).or_default() += requests;
            }
        }
    }
    let rows = sums.into_iter().filter(|(_, requests)| *requests != 0);
    rows.map(|(row, requests)| Row { requests, ..row }).collect()
}

/// The figures that were kept are those that counting gives.
pub async fn check_figures(ctx: &Context) {
    let mut kept = rows::all(&mut ctx.store.read_primary().await.unwrap()).await.unwrap();
    // What is counted of no request.
    kept.retain(|row| {
        !row.figure.starts_with("finding.") && !row.figure.contains("answer_shown") && !row.figure.contains("asked_after")
    });
    kept.sort();
    let mut counted = recount(ctx).await;
    counted.sort();
    assert_eq!(kept, counted);
}

fn code(office: &str) -> OfficeCode {
    OfficeCode::parse(office).unwrap()
}

fn who(ctx: &Context, office: &str) -> Officer {
    officer(ctx, OfficerId(9), &code(office))
}

/// What the audit log says of exports.
async fn audited(ctx: &Context) -> Vec<String> {
    let entries = store::audit::by_action(&mut ctx.store.read_primary().await.unwrap(), "report.export").await.unwrap();
    entries.into_iter().map(|entry| entry.detail).collect()
}

fn threshold() -> NonZeroU32 {
    NonZeroU32::new(10).unwrap()
}

/// Many requests of two offices, in every state.
async fn filled(test: &TestContext, requests: u64) {
    let lines: Vec<String> =
        (0..40).map(|n| line(&format!("r{n}"), &format!("EAC{:010}", 1_000_000 + n), "IAA", "2024-01-07T15:00:00Z", "")).collect();
    import_lines(&test.ctx, &lines).await;
    let staff = ["LIN", "NBC"].map(|office| Staffed { office: code(office), officers: vec![OfficerId(1)] });
    assert_eq!(fill(&test.ctx, Actor::Operator, &staff, requests, Mix::Everything).await.unwrap(), requests);
}

#[tokio::test]
async fn what_is_imported_and_what_was_there_before_counts_like_what_happens() {
    for test in contexts().await {
        filled(&test, 1500).await;
        check_figures(&test.ctx).await;
        for wipe in ["DELETE FROM report_tally", "UPDATE service_request SET tallied = 0"] {
            meddle(&test.test.store, wipe).await.unwrap();
        }
        // One of them goes on before it is counted.
        let mut connection = test.ctx.store.read_primary().await.unwrap();
        let ids = rows::requests_after(&mut connection, Uuid::nil(), 2000).await.unwrap();
        drop(connection);
        for id in &ids[..50] {
            let mut transaction = test.ctx.store.begin().await.unwrap();
            happen(&test.ctx, &mut transaction, Actor::System, *id, &Happening::Withdrawn, None).await.unwrap();
            transaction.commit().await.unwrap();
        }
        count_missing(&test.ctx).await.unwrap();
        check_figures(&test.ctx).await;
        count_missing(&test.ctx).await.unwrap();
        check_figures(&test.ctx).await;
    }
}

#[tokio::test]
async fn a_report_says_what_happened_in_its_month() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        let id = visitor.file(shared::service_request::RequestKind::TypographicError).await;
        route(ctx, id).await.unwrap();
        test.test.clock.advance(TimeDelta::days(40));
        for happening in [Happening::Opened { officer: OfficerId(7) }, Happening::Answered] {
            let mut transaction = ctx.store.begin().await.unwrap();
            happen(ctx, &mut transaction, Actor::System, id, &happening, None).await.unwrap();
            transaction.commit().await.unwrap();
        }
        let by = who(ctx, "LIN");
        let month: Month = "2026-03".parse().unwrap();
        let march = month_report(ctx, &by, month, Some(code("NBC"))).await.unwrap();
        assert_eq!((march.all.get(Figure::Received), march.all.get(Figure::Answered), march.all.open), (1, 0, 1));
        assert_eq!(march.journeys.values().copied().collect::<Vec<_>>(), [(1, 1)], "shown the answer, and asked");
        let april = month_report(ctx, &by, month.next(), None).await.unwrap();
        assert_eq!((april.all.get(Figure::Received), april.all.get(Figure::Answered), april.all.open), (0, 1, 0));
        assert_eq!((april.all.days.half(), april.all.days.nine_in_ten()), (Some(40), Some(40)));
        let open: Vec<i64> = april.months.iter().rev().take(3).map(|totals| totals.open).collect();
        assert_eq!(open, [0, 1, 0], "April, March, February");
        assert_eq!(april.ages, Ages::default());
        assert!(month_report(ctx, &by, month, Some(code("TSC"))).await.unwrap().kinds.is_empty());
        let nobody = Officer::new(Uuid::nil(), Vec::new(), ctx.now());
        assert!(matches!(month_report(ctx, &nobody, month, None).await, Err(Error::Refused)));
        assert!(!crate::actor::role_may(Role::Iio, Action::ReadReports));
    }
}

#[tokio::test]
async fn who_reads_the_answer_and_leaves_counts_as_such_once() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.begin(shared::service_request::RequestKind::TypographicError).await;
        for _ in 0..3 {
            if let Some(draft) = crate::e_request::draft(ctx, visitor.key).await.unwrap() {
                visitor.save(draft.step_at_hand(ctx).min(shared::e_request::Step::Case)).await;
            }
        }
        let report = month_report(ctx, &who(ctx, "NBC"), Month::of(ctx.today()), None).await.unwrap();
        assert_eq!(report.journeys.values().copied().collect::<Vec<_>>(), [(1, 0)]);
        assert_eq!(report.all, Figures::default(), "no request");
    }
}

#[tokio::test]
async fn a_month_is_published_once_when_it_is_over_and_says_no_small_number() {
    for test in contexts().await {
        let ctx = &test.ctx;
        filled(&test, 1500).await;
        assert!(matches!(publish(ctx, Actor::Public, threshold()).await, Err(Error::Refused)));
        let made = publish(ctx, Actor::System, threshold()).await.unwrap();
        assert_eq!(made, 12);
        assert_eq!(publish(ctx, Actor::System, threshold()).await.unwrap(), 0);
        let months = published_months(ctx).await.unwrap();
        assert_eq!((months.len(), months[0].to_string()), (12, "2026-02".to_owned()), "March is not over");
        let mut hidden = 0;
        for month in &months {
            let announced = published(ctx, *month).await.unwrap().unwrap();
            assert!(announced.report.lines.len() > 3);
            for line in &announced.report.lines {
                for number in [line.received, line.answered, line.reopened, line.open] {
                    hidden += usize::from(number.is_none());
                    assert!(number.is_none_or(|number| number == 0 || number >= 10), "{line:?}");
                }
                assert!(line.half_days.is_none() || line.answered >= Some(10), "{line:?}");
            }
        }
        assert!(hidden > 10, "the test has small numbers");
        // What happens later does not change it, and the first of a month publishes nothing yet.
        test.test.clock.advance(TimeDelta::days(22));
        assert_eq!(ctx.today().to_string(), "2026-04-01");
        assert_eq!(publish(ctx, Actor::System, threshold()).await.unwrap(), 0);
        test.test.clock.advance(TimeDelta::days(1));
        assert_eq!(publish(ctx, Actor::System, threshold()).await.unwrap(), 1);
        assert!(published(ctx, "2026-04".parse().unwrap()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_export_needs_a_fresh_factor_and_is_in_the_audit_log() {
    for test in contexts().await {
        let ctx = &test.ctx;
        filled(&test, 800).await;
        let stale = who(ctx, "NBC");
        let fresh = stale.clone().stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)));
        let wanted = (ExportReason::Planning, Format::Csv);
        let month = Month::of(ctx.today());
        let list = List::of(code("NBC"), Queue::Closed);
        assert!(matches!(export_figures(ctx, &stale, (month, None), wanted).await, Err(Error::StepUp)));
        assert!(matches!(export_list(ctx, &stale, &list, wanted).await, Err(Error::StepUp)));
        let elsewhere = List::of(code("LIN"), Queue::Closed);
        assert!(matches!(export_list(ctx, &fresh, &elsewhere, wanted).await, Err(Error::Refused)));
        assert!(audited(ctx).await.is_empty(), "nothing was taken yet");
        let Exported::Taken(figures) = export_figures(ctx, &fresh, (month, None), wanted).await.unwrap() else { panic!() };
        assert!(figures.sheet.rows.iter().all(|row| row.len() == figures.sheet.heads.len()));
        let Exported::Taken(requests) = export_list(ctx, &fresh, &list, wanted).await.unwrap() else { panic!() };
        let counts = crate::service_request::counts(ctx, &fresh, &code("NBC")).await.unwrap();
        assert_eq!(requests.sheet.rows.len() as u64, counts.of(Queue::Closed), "more than a page");
        assert!(requests.sheet.rows.len() > 100 && requests.sheet.rows.iter().all(|row| row.len() == requests.sheet.heads.len()));
        let taken = audited(ctx).await;
        assert_eq!(taken.len(), 2);
        assert!(taken.iter().all(|entry| entry.contains("\"reason\":\"planning\"")), "{taken:?}");
        assert!(taken.iter().any(|entry| entry.contains("\"what\":\"requests\"") && entry.contains("\"rows\":254")), "{taken:?}");
    }
}
