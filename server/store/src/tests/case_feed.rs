use chrono::{DateTime, Utc};
use proptest::prelude::*;
use shared::case_feed::{EventLine, MarkerLine};
use shared::case_status::ReceiptNumber;
use shared::protection::{Channel, Outcome, decide};

use super::{line, take_in_lines};
use crate::case_feed::Taken;
use crate::case_status::{StatusEvent, Told, look_up, told};
use crate::engine::{Engine, On};
use crate::testing::{TestStore, both, open};

const NUMBER: &str = "EAC9999103403";

fn today() -> chrono::NaiveDate {
    "2026-03-10".parse().unwrap()
}

fn number() -> ReceiptNumber {
    ReceiptNumber::parse(NUMBER).unwrap()
}

async fn outcome(test: &TestStore) -> Outcome {
    let mut connection = test.store.read_primary().await.unwrap();
    decide(look_up(&mut connection, &number()).await.unwrap().markers(), Channel::Public, today())
}

async fn events(test: &TestStore, as_of: DateTime<Utc>) -> Vec<StatusEvent> {
    let mut connection = test.store.read().await.unwrap();
    told(&mut connection, &number()).await.unwrap().unwrap_or_else(Told::decoy).events(as_of).unwrap()
}

async fn codes(test: &TestStore) -> Vec<String> {
    events(test, test.clock.now()).await.into_iter().map(|event| event.action_code).collect()
}

#[tokio::test]
async fn an_event_is_added_once_and_a_reused_id_is_noticed() {
    for test in both().await {
        let first = line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z");
        let mut other = first.clone();
        other.action.code = "DA".into();
        assert_eq!(take_in_lines(&test, &[first.clone(), first.clone()]).await, [Taken::Added, Taken::AlreadyThere]);
        assert_eq!(take_in_lines(&test, &[first, other]).await, [Taken::AlreadyThere, Taken::IdInUse]);
        assert_eq!(codes(&test).await, ["IAA"]);
    }
}

#[tokio::test]
async fn events_come_back_with_everything_the_line_said() {
    for test in both().await {
        take_in_lines(&test, &[line("e1", NUMBER, "IMAF", "2026-01-07T14:00:00.123456Z")]).await;
        let event = events(&test, test.clock.now()).await.remove(0);
        let said = super::new_event(&test, &line("e1", NUMBER, "IMAF", "2026-01-07T14:00:00.123456Z")).event;
        assert_eq!(event.parameters, said.parameters);
        assert_eq!(
            (event.occurred_at, event.form, event.filed_on, event.received_on),
            (said.occurred_at, said.form, said.filed_on, said.received_on)
        );
        assert_eq!(event.office, said.office);
    }
}

#[tokio::test]
async fn a_view_of_the_past_sees_what_was_recorded_by_then() {
    for test in both().await {
        take_in_lines(&test, &[line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
        let then = test.clock.now();
        test.clock.advance(chrono::TimeDelta::hours(1));
        take_in_lines(&test, &[line("e0", NUMBER, "AA", "2026-01-06T14:00:00Z")]).await;
        assert_eq!(codes(&test).await, ["AA", "IAA"]);
        assert_eq!(events(&test, then).await.len(), 1);
    }
}

/// What a row holds beyond protection would take its time: it is read with it only where nothing can be hidden.
#[tokio::test]
async fn a_look_up_reads_no_more_of_a_case_that_may_be_hidden_than_of_no_case() {
    for test in both().await {
        let at = "2026-01-07T14:00:00Z";
        let plain = line("e1", NUMBER, "IAA", at);
        let marked = EventLine { receipt_number: "EAC9999103404".into(), ..marked("e2", at, None) };
        let mut by_form = line("e3", "EAC9999103405", "IAA", at);
        (by_form.form, by_form.category) = ("I-914".into(), None);
        take_in_lines(&test, &[plain, marked, by_form]).await;
        let mut connection = test.store.read_primary().await.unwrap();
        for (number, reads_all, is_known) in
            [(NUMBER, true, true), ("EAC9999103404", false, true), ("EAC9999103405", false, true), ("EAC9999103400", false, false)]
        {
            let number = ReceiptNumber::parse(number).unwrap();
            let record = look_up(&mut connection, &number).await.unwrap();
            assert_eq!((record.is_known(), record.into_told().is_some()), (is_known, reads_all), "{number:?}");
            assert_eq!(told(&mut connection, &number).await.unwrap().is_some(), is_known);
        }
    }
}

#[tokio::test]
async fn the_neighbour_that_an_unknown_number_reads_is_not_taken_for_it() {
    for test in both().await {
        take_in_lines(&test, &[line("e1", "EAC9999103404", "IAA", "2026-01-07T14:00:00Z")]).await;
        let mut connection = test.store.read_primary().await.unwrap();
        let mut found = async |number| {
            let number = ReceiptNumber::parse(number).unwrap();
            look_up(&mut connection, &number).await.unwrap().is_known()
        };
        assert!(found("EAC9999103404").await);
        for unknown in ["EAC9999103403", "EAC9999103405", "AAA*000000000", "ZZZ9999999999"] {
            assert!(!found(unknown).await, "{unknown}");
        }
    }
}

/// Databases differ in how they sort text; the newest of two events of one instant must not.
#[tokio::test]
async fn events_of_one_instant_follow_the_bytes_of_their_ids() {
    for test in both().await {
        let opens = marked("a1", "2026-01-07T14:00:00Z", None);
        let ends = marked("B1", "2026-01-07T14:00:00Z", Some("2026-02-01"));
        take_in_lines(&test, &[opens, ends]).await;
        assert_eq!(outcome(&test).await, Outcome::Hide, "'B' sorts before 'a'");
    }
}

fn marked(event_id: &str, at: &str, effective_to: Option<&str>) -> EventLine {
    let mut line = line(event_id, NUMBER, "IAA", at);
    line.protection_markers = vec![MarkerLine {
        class_of_admission: Some("T1".into()),
        effective_to: effective_to.map(Into::into),
        ..MarkerLine::default()
    }];
    line
}

#[tokio::test]
async fn a_marker_stays_until_an_event_ends_it() {
    for test in both().await {
        take_in_lines(&test, &[marked("e1", "2026-01-07T14:00:00Z", None)]).await;
        assert_eq!(outcome(&test).await, Outcome::Hide);
        take_in_lines(&test, &[line("e2", NUMBER, "DA", "2026-01-08T14:00:00Z")]).await;
        assert_eq!(outcome(&test).await, Outcome::Hide, "silence ends nothing");
        take_in_lines(&test, &[marked("e3", "2026-01-09T14:00:00Z", Some("2026-02-01"))]).await;
        assert_eq!(outcome(&test).await, Outcome::Show);
        take_in_lines(&test, &[marked("e0", "2026-01-02T14:00:00Z", None)]).await;
        assert_eq!(outcome(&test).await, Outcome::Show, "an older statement that arrives late changes nothing");
    }
}

#[tokio::test]
async fn the_newest_event_says_which_form_protects() {
    for test in both().await {
        let mut vawa = line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z");
        vawa.category = Some("C31".into());
        take_in_lines(&test, &[vawa.clone()]).await;
        assert_eq!(outcome(&test).await, Outcome::Hide);
        take_in_lines(&test, &[line("e2", NUMBER, "IAA", "2026-01-08T14:00:00Z")]).await;
        assert_eq!(outcome(&test).await, Outcome::Show);
        vawa.event_id = "e3".into();
        vawa.action.at = "2026-01-09T14:00:00Z".into();
        take_in_lines(&test, &[vawa]).await;
        assert_eq!(outcome(&test).await, Outcome::Hide);
    }
}

#[tokio::test]
async fn batches_larger_than_one_statement_are_taken_in_whole() {
    for test in both().await {
        let lines: Vec<_> =
            (0..1203).map(|n| line(&format!("e{n}"), &format!("EAC98{:08}", n / 3), "IAA", "2026-01-07T14:00:00Z")).collect();
        assert!(take_in_lines(&test, &lines).await.iter().all(|taken| *taken == Taken::Added));
        assert!(take_in_lines(&test, &lines).await.iter().all(|taken| *taken == Taken::AlreadyThere));
    }
}

/// The codes of every event in the table, oldest first.
async fn codes_in_table(test: &TestStore) -> Vec<String> {
    const CODES: &str = "SELECT action_code FROM case_event ORDER BY occurred_at, event_id";
    let mut connection = test.store.read().await.unwrap();
    match connection.on() {
        On::Sqlite(connection) => sqlx::query_scalar(CODES).fetch_all(connection).await.unwrap(),
        On::Postgres(connection) => sqlx::query_scalar(CODES).fetch_all(connection).await.unwrap(),
    }
}

/// What a person could see of the case, and what protects it: the end state of an import.
async fn state(test: &TestStore) -> (Vec<String>, Outcome, Vec<String>) {
    let mut connection = test.store.read().await.unwrap();
    let id = crate::case_feed::case_id(&mut connection, &number()).await.unwrap().unwrap();
    let sensitive = crate::case_feed::open_sensitive(&mut connection, &test.keys, id).await.unwrap();
    let sensitive = sensitive.into_iter().map(|(place, value)| format!("{place}={}", value.expose())).collect();
    drop(connection);
    let codes = codes(test).await;
    assert_eq!(codes, codes_in_table(test).await, "what look-ups read is what was recorded");
    (codes, outcome(test).await, sensitive)
}

fn story() -> Vec<EventLine> {
    let mut lines = vec![
        marked("e1", "2026-01-01T14:00:00Z", None),
        line("e2", NUMBER, "IMAF", "2026-01-02T14:00:00Z"),
        marked("e3", "2026-01-03T14:00:00Z", Some("2026-02-01")),
        line("e4", NUMBER, "DA", "2026-01-04T14:00:00Z"),
        line("e5", NUMBER, "LDA", "2026-01-04T14:00:00Z"),
    ];
    lines[4].mailing_address = None;
    lines[4].applicant.as_mut().unwrap().email = Some("new@example.org".into());
    lines[3].petitioner = lines[3].applicant.clone();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_any_repetition_end_in_the_same_state(
        order in Just((0..5usize).collect::<Vec<_>>()).prop_shuffle(),
        again in prop::collection::vec(0..5usize, 0..4),
        batch in 1..4usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let lines = story();
            for engine in [Engine::Sqlite, Engine::Postgres] {
                let [straight, shuffled] = [open(engine).await, open(engine).await];
                take_in_lines(&straight, &lines).await;
                let arriving: Vec<_> = order.iter().chain(&again).map(|at| lines[*at].clone()).collect();
                for some in arriving.chunks(batch) {
                    take_in_lines(&shuffled, some).await;
                }
                assert_eq!(state(&straight).await, state(&shuffled).await);
            }
        });
    }
}
