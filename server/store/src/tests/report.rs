//! Figures of reports.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use shared::answer::Rule;
use shared::office::OfficeCode;
use shared::report::{Figure, Month, Tally, Totalled};
use shared::service_request::RequestKind;
use uuid::Uuid;

use crate::engine::Engine;
use crate::report::*;
use crate::testing::{TestStore, both, meddle};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn office(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

fn tally(figure: Figure, on: &str, at: &str, days: u16) -> Tally {
    Tally { figure, day: day(on), office: (!at.is_empty()).then(|| office(at)), days }
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let kind = RequestKind::CardNotReceived;
    let month: Month = "2026-03".parse().unwrap();
    let (nbc, lin) = (office("NBC"), office("LIN"));
    let mut transaction = test.store.begin().await.unwrap();
    let changes: BTreeMap<Tally, i64> = [
        (tally(Figure::Received, "2026-03-05", "NBC", 0), 2),
        (tally(Figure::Received, "2026-02-05", "LIN", 0), 1),
        (tally(Figure::AnswerDays, "2026-03-06", "NBC", 12), 1),
        (tally(Figure::Answered, "2026-03-06", "NBC", 0), 1),
        (tally(Figure::Backlog, "2026-02-05", "LIN", 0), 1),
        (tally(Figure::Backlog, "2026-03-05", "NBC", 0), 1),
        (tally(Figure::Open, "2026-03-05", "NBC", 0), 1),
        (tally(Figure::Withdrawn, "2026-03-05", "", 0), 1),
    ]
    .into();
    super::super::report::tally(&mut transaction, Uuid::nil(), kind, &changes, 3).await.unwrap();
    for wanted in [None, Some(&nbc)] {
        let received = of_month(&mut transaction, Figure::Received, month, wanted).await.unwrap();
        let counted = Counted { period: "2026-03".into(), office: "NBC".into(), kind: Some(kind), days: 0, requests: 2 };
        assert_eq!(received, [counted]);
    }
    assert!(of_month(&mut transaction, Figure::Received, month, Some(&lin)).await.unwrap().is_empty());
    let days = of_month(&mut transaction, Figure::AnswerDays, month, None).await.unwrap();
    assert_eq!((days[0].days, days[0].requests), (12, 1));
    let both = (month.before(1), month);
    let by_month = by_month(&mut transaction, Figure::Received, both, None).await.unwrap();
    assert_eq!(by_month, [(month.before(1), 1), (month, 2)], "days are not months");
    assert_eq!(of_days(&mut transaction, Figure::Received, month, None).await.unwrap(), Some(vec![(day("2026-03-05"), 2)]));
    assert_eq!(of_days(&mut transaction, Figure::Reopened, month, None).await.unwrap(), None);
    let open = until(&mut transaction, Figure::Backlog, month, None).await.unwrap();
    assert_eq!(open, [("LIN".to_owned(), Some(kind), 1), ("NBC".to_owned(), Some(kind), 1)]);
    assert_eq!(until(&mut transaction, Figure::Backlog, month.before(1), Some(&nbc)).await.unwrap(), []);
    assert_eq!(first_month(&mut transaction).await.unwrap(), Some(month.before(1)));
    assert_eq!(open_now(&mut transaction, Some(&nbc)).await.unwrap()[0].period, "2026-03-05");

    for shard in [7, 15, 8] {
        count_journey(&mut transaction, Figure::AnswerShown, day("2026-03-05"), kind, shard).await.unwrap();
    }
    let shown = of_month(&mut transaction, Figure::AnswerShown, month, None).await.unwrap();
    assert_eq!(shown.iter().map(|counted| (counted.days, counted.requests)).collect::<Vec<_>>(), [(0, 1), (7, 2)]);
    let rules = BTreeSet::from([Rule::FilledIn, Rule::Language]);
    count_findings(&mut transaction, &rules, day("2026-03-05"), "NBC", kind).await.unwrap();
    count_findings(&mut transaction, &rules, day("2026-03-05"), "LIN", kind).await.unwrap();
    assert_eq!(findings(&mut transaction, month, Some(&nbc)).await.unwrap(), [(Rule::FilledIn, 1), (Rule::Language, 1)]);
    assert_eq!(findings(&mut transaction, month, None).await.unwrap(), [(Rule::FilledIn, 2), (Rule::Language, 2)]);

    let gone = BTreeMap::from([(tally(Figure::Open, "2026-03-05", "NBC", 0), -1)]);
    super::super::report::tally(&mut transaction, Uuid::nil(), kind, &gone, 4).await.unwrap();
    assert!(open_now(&mut transaction, None).await.unwrap().is_empty());
    assert_eq!(forget_empty(&mut transaction).await.unwrap(), 1);
    assert!(!all(&mut transaction).await.unwrap().is_empty());
    to_tally(&mut transaction, 5).await.unwrap();
    requests_after(&mut transaction, Uuid::nil(), 5).await.unwrap();

    let made = Totalled::new(vec![nbc]).publish(month, day("2026-04-02"), 10);
    assert!(add_report(&mut transaction, &made, test.clock.now()).await.unwrap());
    let later = Totalled::new(vec![lin]).publish(month, day("2026-05-02"), 10);
    assert!(!add_report(&mut transaction, &later, test.clock.now()).await.unwrap(), "what is published stays");
    assert_eq!(report(&mut transaction, month).await.unwrap(), Some(made));
    assert_eq!(report(&mut transaction, month.next()).await.unwrap(), None);
    assert_eq!(months(&mut transaction).await.unwrap(), [month]);
    transaction.commit().await.unwrap();
}

/// Two that change the same figures at once: both count.
#[tokio::test]
async fn figures_that_change_at_once_are_exact() {
    for test in both().await {
        let add = async || {
            let changes = BTreeMap::from([
                (tally(Figure::Received, "2026-03-05", "NBC", 0), 1),
                (tally(Figure::Backlog, "2026-03-05", "NBC", 0), 1),
            ]);
            let mut transaction = test.store.begin().await.unwrap();
            super::super::report::tally(&mut transaction, Uuid::nil(), RequestKind::Expedite, &changes, 3).await.unwrap();
            transaction.commit().await.unwrap();
        };
        tokio::join!(add(), add(), add(), add());
        let mut connection = test.store.read_primary().await.unwrap();
        let received = of_month(&mut connection, Figure::Received, "2026-03".parse().unwrap(), None).await.unwrap();
        assert_eq!(received[0].requests, 4);
    }
}

/// A figure is a stretch of the primary key, and what is to be counted has an index.
#[tokio::test]
async fn figures_are_found_by_their_key() {
    let test = crate::testing::open(Engine::Sqlite).await;
    for (query, wanted) in [
        (
            "SELECT requests FROM report_tally WHERE figure = 'received' AND period >= '2026-03' AND period <= '2026-03'",
            "PRIMARY KEY (figure=? AND period>? AND period<?)",
        ),
        ("SELECT id FROM service_request WHERE tallied = 0 ORDER BY id LIMIT 5", "service_request_to_tally"),
    ] {
        let plan = plan_of(&test, query).await;
        assert!(plan.contains(wanted), "{plan}");
    }
    assert_eq!(meddle(&test.store, "DELETE FROM report_tally").await.unwrap(), 0);
}

async fn plan_of(test: &TestStore, query: &str) -> String {
    let mut connection = test.store.read_primary().await.unwrap();
    let crate::engine::On::Sqlite(connection) = connection.on() else { return String::new() };
    let text = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(text).fetch_all(connection).await.unwrap();
    rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
}
