//! Retention, on both engines: every table has a schedule, two people decide, a list is written once, what was destroyed is
//! unreadable.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use shared::agreement::{Modality, Partner, Priority, Purpose, Step};
use shared::case_status::ReceiptNumber;
use shared::partner_query::{OutboundState, ReleaseState};
use shared::profile::{Fact, FactKind, Origin};
use shared::retention::{DataClass, HoldOn, LineOutcome, Place, RecordKind, TABLES};
use uuid::Uuid;

use super::profile::{case_of, new_profile};
use super::{line, take_in_lines};
use crate::case_feed::{self, Taken};
use crate::case_status::look_up;
use crate::engine::{Connection, Database, On};
use crate::partner_query::{ForeignState, NewForeign, NewQuery, add, add_foreign, foreign, get};
use crate::profile::{Key, KeyKind, StatedFact, add_facts, cases, facts, find, link};
use crate::retention::record::{
    birth_dates, case, cases_after, cases_of_person, cases_of_report, codes, destroy_case, destroy_person, destroy_report,
    is_person, people_after, people_of_case, report, reports_after,
};
use crate::retention::*;
use crate::testing::{TestStore, both, both_partner, meddle};

const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);
const NUMBER: &str = "EAC9999103470";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn number() -> ReceiptNumber {
    ReceiptNumber::parse(NUMBER).unwrap()
}

fn decision(test: &TestStore, id: Uuid, by: Uuid) -> Decision {
    Decision { id, by, at: test.clock.now() }
}

/// Somebody with a birth date and an A-Number.
async fn person(test: &TestStore, transaction: &mut Connection, born: &str) -> Uuid {
    let id = new_profile(test, transaction).await;
    let stated = |kind: FactKind, text: &str, keys: Vec<Key>| StatedFact {
        id: test.clock.new_id(),
        fact: Fact::parse(kind, &[text], day("2026-03-10")).unwrap(),
        origin: Origin::Correction(ONE),
        keys,
    };
    let key = Key { kind: KeyKind::ANumber, text: "200000001".into() };
    let all = [stated(FactKind::BirthDate, born, Vec::new()), stated(FactKind::ANumber, "A200000001", vec![key])];
    add_facts(transaction, &test.keys, id, &all, test.clock.now()).await.unwrap();
    id
}

async fn disposition_of(test: &TestStore, transaction: &mut Connection, lines: &[Line]) -> Uuid {
    let id = test.clock.new_id();
    let new = NewDisposition { id, until: day("2026-03-10"), lines, by: ONE, at: test.clock.now() };
    propose(transaction, &new).await.unwrap();
    id
}

/// Runs every statement of the main database once.
pub async fn run(test: &TestStore) {
    let (keys, now) = (&test.keys, test.clock.now());
    let a_case = case_of(test, NUMBER).await;
    let mut transaction = test.store.begin().await.unwrap();
    lock(&mut transaction).await.unwrap();

    holds_are_agreed_to_and_ended_by_two(test, &mut transaction, a_case).await;

    let root = person(test, &mut transaction, "1925-05-06").await;
    link(&mut transaction, a_case, "applicant", root, now).await.unwrap();
    assert!(people_after(&mut transaction, Uuid::nil(), 1000).await.unwrap().contains(&root));
    assert!(is_person(&mut transaction, root).await.unwrap());
    assert_eq!(birth_dates(&mut transaction, keys, root).await.unwrap(), [day("1925-05-06")]);
    assert_eq!(cases_of_person(&mut transaction, root).await.unwrap(), BTreeSet::from([a_case]));
    assert_eq!(people_of_case(&mut transaction, a_case).await.unwrap(), BTreeSet::from([root]));
    assert_eq!(codes(&mut transaction, a_case).await.unwrap(), ["IAA"]);
    let last = case(&mut transaction, a_case).await.unwrap().unwrap();
    assert_eq!((last.at.date_naive(), last.is_open), (day("2026-01-07"), false));
    assert!(cases_after(&mut transaction, Uuid::nil(), 1000).await.unwrap().contains(&last));
    let reports = reports_after(&mut transaction, Uuid::nil(), 1000).await.unwrap();
    let a_report = reports.first().copied().expect("the statements of changes of address ran before");
    assert_eq!(report(&mut transaction, a_report.id).await.unwrap(), Some(a_report));
    cases_of_report(&mut transaction, a_report.id).await.unwrap();

    assert_eq!(walk(&mut transaction, RecordKind::Person).await.unwrap(), Walk::default());
    let walked = Walk { after: root, unknown: 3, finished_on: Some(day("2026-03-09")), never: 2 };
    save_walk(&mut transaction, RecordKind::Person, walked).await.unwrap();
    assert_eq!(walk(&mut transaction, RecordKind::Person).await.unwrap(), walked);
    note_due(&mut transaction, RecordKind::Person, root, 2026).await.unwrap();
    note_due(&mut transaction, RecordKind::Person, root, 2025).await.unwrap();
    note_due(&mut transaction, RecordKind::Case, a_case, 2030).await.unwrap();
    let years: Vec<(RecordKind, i32, i64)> =
        by_year(&mut transaction).await.unwrap().into_iter().map(|due| (due.kind, due.year, due.records)).collect();
    assert_eq!(years, [(RecordKind::Case, 2030, 1), (RecordKind::Person, 2025, 1)]);
    assert_eq!(candidates(&mut transaction, RecordKind::Person, 2025, 9).await.unwrap(), [root]);
    assert!(candidates(&mut transaction, RecordKind::Person, 2024, 9).await.unwrap().is_empty());
    assert!(candidates(&mut transaction, RecordKind::Case, 2026, 9).await.unwrap().is_empty());
    forget_due(&mut transaction, RecordKind::Case, a_case).await.unwrap();

    let records = [
        Line { kind: RecordKind::Person, record: root, due_year: 2025 },
        Line { kind: RecordKind::Case, record: a_case, due_year: 2025 },
    ];
    let id = disposition_of(test, &mut transaction, &records).await;
    assert!(candidates(&mut transaction, RecordKind::Person, 2025, 9).await.unwrap().is_empty(), "it stands in a list");
    let stored = disposition(&mut transaction, id).await.unwrap().unwrap();
    assert_eq!((stored.records, stored.list_hash.as_slice()), (2, list_hash(&records).as_slice()));
    assert_eq!(under_way(&mut transaction).await.unwrap(), None);
    assert!(!approve(&mut transaction, id, ONE, &stored.list_hash, now).await.unwrap(), "one's own");
    assert!(!approve(&mut transaction, id, TWO, &[0; 32], now).await.unwrap(), "another list than was shown");
    assert!(approve(&mut transaction, id, TWO, &stored.list_hash, now).await.unwrap());
    assert!(!withdraw(&mut transaction, id, ONE, now).await.unwrap(), "it was approved");
    assert_eq!(under_way(&mut transaction).await.unwrap(), Some(id));
    assert_eq!(left(&mut transaction, id, 9).await.unwrap().len(), 2);

    destroy_person(&mut transaction, root).await.unwrap();
    assert!(settle(&mut transaction, id, 0, LineOutcome::Destroyed, 4, now).await.unwrap());
    assert!(!settle(&mut transaction, id, 0, LineOutcome::Held, 0, now).await.unwrap(), "once");
    let request = super::answer::request_about(test, &mut transaction, a_case, 77).await;
    destroy_case(&mut transaction, a_case, now).await.unwrap();
    let placed = crate::request_queue::placement(&mut transaction, request).await.unwrap().unwrap();
    assert_eq!((placed.office, placed.owed_on), (None, None), "nobody works on it any more");
    assert!(settle(&mut transaction, id, 1, LineOutcome::Destroyed, 0, now).await.unwrap());
    destroy_report(&mut transaction, a_report.id).await.unwrap();
    assert_eq!(report(&mut transaction, a_report.id).await.unwrap(), None);
    let outcomes: Vec<_> = lines(&mut transaction, id, 0, 9).await.unwrap().into_iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [Some(LineOutcome::Destroyed); 2]);
    let counts = counts(&mut transaction, id).await.unwrap();
    assert_eq!((counts.len(), counts[1].kind, counts[1].records, counts[1].queries), (2, RecordKind::Person, 1, 4));

    let done = Certificate { document: "{}".into(), document_hash: vec![1; 32], issued_at: now };
    assert_eq!(certificate(&mut transaction, id).await.unwrap(), None);
    certify(&mut transaction, id, &done).await.unwrap();
    assert_eq!(certificate(&mut transaction, id).await.unwrap(), Some(done));
    assert_eq!(under_way(&mut transaction).await.unwrap(), None);
    let taken_back = disposition_of(test, &mut transaction, &records).await;
    assert!(withdraw(&mut transaction, taken_back, TWO, now).await.unwrap());
    assert_eq!(dispositions(&mut transaction, 9).await.unwrap().len(), 2);
    transaction.commit().await.unwrap();
}

async fn holds_are_agreed_to_and_ended_by_two(test: &TestStore, transaction: &mut Connection, a_case: Uuid) {
    let (keys, now) = (&test.keys, test.clock.now());
    let hold_id = test.clock.new_id();
    let new = NewHold { id: hold_id, on: HoldOn::Partner(Partner::Canada), reason: "A lawsuit.", by: ONE, at: now };
    propose_hold(transaction, keys, &new).await.unwrap();
    assert_eq!(holds_in_force(transaction).await.unwrap(), [HoldOn::Partner(Partner::Canada)], "a proposal keeps");
    assert!(!agree_to_hold(transaction, decision(test, hold_id, ONE)).await.unwrap(), "one's own");
    assert!(!propose_end(transaction, decision(test, hold_id, ONE)).await.unwrap(), "nobody agreed to it");
    assert!(agree_to_hold(transaction, decision(test, hold_id, TWO)).await.unwrap());
    assert!(!withdraw_hold(transaction, decision(test, hold_id, ONE)).await.unwrap(), "it was agreed to");
    assert!(propose_end(transaction, decision(test, hold_id, ONE)).await.unwrap());
    assert!(keep_hold(transaction, hold_id).await.unwrap());
    assert!(propose_end(transaction, decision(test, hold_id, TWO)).await.unwrap());
    assert!(!end_hold(transaction, decision(test, hold_id, TWO)).await.unwrap(), "who proposed does not agree");
    assert!(!holds_in_force(transaction).await.unwrap().is_empty());
    assert!(end_hold(transaction, decision(test, hold_id, ONE)).await.unwrap());
    assert!(!keep_hold(transaction, hold_id).await.unwrap(), "it has ended");
    let ended = hold(transaction, keys, hold_id).await.unwrap().unwrap();
    assert_eq!((ended.reason.expose().as_str(), ended.keeps(), ended.ended), ("A lawsuit.", false, Some((ONE, now))));
    let other = NewHold { id: test.clock.new_id(), on: HoldOn::Case(a_case), ..new };
    propose_hold(transaction, keys, &other).await.unwrap();
    assert!(withdraw_hold(transaction, decision(test, other.id, ONE)).await.unwrap());
    assert_eq!(holds(transaction, keys, 9).await.unwrap().len(), 2);
    assert!(holds_in_force(transaction).await.unwrap().is_empty());
}

async fn query(test: &TestStore, transaction: &mut Connection, profile: Uuid) -> Uuid {
    let id = test.clock.new_id();
    let new = NewQuery {
        id,
        profile,
        case: TWO,
        partner: Partner::Canada,
        purpose: Purpose::RefugeeClaim,
        priority: Priority::Low,
        modality: Modality::Biographic,
        state: OutboundState::ALL[0],
        asked_by: ONE,
        justification: b"Needed.",
        probe: None,
        at: test.clock.now(),
    };
    add(transaction, &test.keys, test.clock.new_id(), &new).await.unwrap();
    id
}

/// Runs every statement of partner data once.
pub async fn run_partner(test: &TestStore) {
    let profile = Uuid::from_u128(77);
    let parts = BTreeSet::from([profile]);
    let mut transaction = test.store.begin().await.unwrap();
    let ours = query(test, &mut transaction, profile).await;
    let theirs = test.clock.new_id();
    let new = NewForeign {
        id: theirs,
        message: test.clock.new_id(),
        partner: Partner::Australia,
        step: Step::First,
        transaction_number: "AU-RETENTION-1",
        prior: None,
        purpose: Purpose::RefugeeClaim,
        priority: Priority::Low,
        profile: Some(profile),
        request: b"{}",
        state: ForeignState::First(ReleaseState::ALL[0]),
        at: test.clock.now(),
        due_at: None,
        next_attempt_at: None,
    };
    assert!(add_foreign(&mut transaction, &test.keys, test.clock.new_id(), &new).await.unwrap());
    let now = test.clock.now();
    let about = about_person(&mut transaction, &parts, now - TimeDelta::days(1)).await.unwrap();
    assert_eq!(about.partners, BTreeSet::from([Partner::Australia, Partner::Canada]));
    assert_eq!((about.cases, about.is_in_use), (BTreeSet::from([TWO]), true), "it changed a moment ago");
    assert!(!about_person(&mut transaction, &parts, now).await.unwrap().is_in_use);
    let disposition = test.clock.new_id();
    assert_eq!(destroyed_queries(&mut transaction, disposition, profile).await.unwrap(), None);
    assert_eq!(destroy_queries(&mut transaction, disposition, profile, &parts, now).await.unwrap(), 2);
    assert_eq!(destroyed_queries(&mut transaction, disposition, profile).await.unwrap(), Some(2));
    assert_eq!(get(&mut transaction, &test.keys, ours).await.unwrap(), None, "what its key sealed is gone");
    assert_eq!(foreign(&mut transaction, &test.keys, theirs).await.unwrap(), None);
    transaction.commit().await.unwrap();
    for changed in ["UPDATE retention_destroyed SET queries = 0", "DELETE FROM retention_destroyed"] {
        assert!(meddle(&test.store, changed).await.is_err(), "{changed}");
    }
}

async fn tables(test: &TestStore) -> BTreeSet<String> {
    let mut connection = test.store.read().await.unwrap();
    let rows: Vec<(String,)> = match connection.on() {
        On::Sqlite(connection) => {
            let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
            sqlx::query_as(sql).fetch_all(connection).await.unwrap()
        }
        On::Postgres(connection) => {
            let sql = "SELECT table_name::TEXT FROM information_schema.tables WHERE table_schema = 'public'";
            sqlx::query_as(sql).fetch_all(connection).await.unwrap()
        }
    };
    // SQLite keeps a full-text index in tables of its own: what is deleted from `request_text` is deleted from it.
    let is_ours = |table: &str| !table.starts_with("_sqlx") && !table.starts_with("request_text_index");
    rows.into_iter().map(|(table,)| table).filter(|table| is_ours(table)).collect()
}

#[tokio::test]
async fn every_table_has_a_schedule() {
    for test in both().await.into_iter().chain(both_partner().await) {
        let place = match test.store.database() {
            Database::Main => Place::Main,
            Database::Partner => Place::Partner,
        };
        let scheduled: BTreeSet<String> = TABLES.iter().filter(|row| row.place == place).map(|row| row.table.to_owned()).collect();
        let there = tables(&test).await;
        let left: Vec<_> = there.difference(&scheduled).collect();
        assert!(left.is_empty(), "add these to shared/src/retention/tables.rs, and to docs/retention.md: {left:?}");
        let gone: Vec<_> = scheduled.difference(&there).collect();
        assert!(gone.is_empty(), "no such table: {gone:?}");
    }
}

#[test]
fn the_documents_name_every_kind_of_data_and_every_table() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/retention.md")).unwrap();
    for class in DataClass::ALL {
        let item = class.item().map_or("none of its own", shared::retention::ScheduleItem::number);
        let row = format!("| {} | {item} | {} | {} | {} |", class.name(), class.period(), class.begins(), class.ends());
        assert!(text.contains(&row), "docs/retention.md has no line\n{row}");
    }
    for row in TABLES {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("| {} | ", row.class.name())) && line.contains(&format!("`{}`", row.table)));
        assert!(line.is_some(), "docs/retention.md does not say where `{}` belongs", row.table);
    }
}

#[tokio::test]
async fn two_people_means_two_people_in_the_database() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let (id, at) = (test.clock.new_id(), test.clock.now());
        let new = NewHold { id, on: HoldOn::Person(ONE), reason: "A lawsuit.", by: ONE, at };
        propose_hold(&mut transaction, &test.keys, &new).await.unwrap();
        disposition_of(&test, &mut transaction, &[Line { kind: RecordKind::Person, record: ONE, due_year: 2025 }]).await;
        transaction.commit().await.unwrap();
        for broken in [
            "UPDATE retention_hold SET agreed_by = proposed_by, agreed_at = proposed_at",
            "UPDATE retention_hold SET ending_by = proposed_by, ending_at = proposed_at",
            "UPDATE retention_hold SET ended_by = proposed_by, ended_at = proposed_at",
            "UPDATE retention_hold SET scope = 'case'",
            "DELETE FROM retention_hold",
            "UPDATE retention_disposition SET approved_by = proposed_by, approved_at = proposed_at",
            "UPDATE retention_disposition SET records = 2",
            "DELETE FROM retention_disposition",
        ] {
            assert!(meddle(&test.store, broken).await.is_err(), "{broken}");
        }
        let mut transaction = test.store.begin().await.unwrap();
        assert!(agree_to_hold(&mut transaction, decision(&test, id, TWO)).await.unwrap());
        assert!(propose_end(&mut transaction, decision(&test, id, TWO)).await.unwrap());
        transaction.commit().await.unwrap();
        for broken in [
            "UPDATE retention_hold SET agreed_by = NULL, agreed_at = NULL",
            "UPDATE retention_hold SET ended_by = ending_by, ended_at = ending_at",
            // Nobody becomes the first of two in the moment in which the second agrees.
            "UPDATE retention_hold SET ended_by = ending_by, ended_at = ending_at, ending_by = proposed_by",
        ] {
            assert!(meddle(&test.store, broken).await.is_err(), "{broken}");
        }
    }
}

#[tokio::test]
async fn what_was_approved_is_exactly_what_was_shown() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let records: Vec<Line> =
            (10..13).map(|id| Line { kind: RecordKind::Person, record: Uuid::from_u128(id), due_year: 2025 }).collect();
        let id = disposition_of(&test, &mut transaction, &records).await;
        transaction.commit().await.unwrap();
        let outcome = "UPDATE retention_line SET outcome = 'destroyed', ended_at = (SELECT proposed_at FROM retention_disposition)";
        let one_more = "INSERT INTO retention_line (disposition_id, position, kind, record_id, due_year) \
                        SELECT disposition_id, 3, 'case', record_id, due_year FROM retention_line WHERE position = 0";
        let certified = "INSERT INTO retention_certificate (disposition_id, document, document_hash, issued_at) \
                         SELECT id, '', list_hash, proposed_at FROM retention_disposition";
        for broken in [
            outcome,
            one_more,
            certified,
            "UPDATE retention_line SET due_year = 1900",
            "UPDATE retention_line SET kind = 'case'",
            "DELETE FROM retention_line",
        ] {
            assert!(meddle(&test.store, broken).await.is_err(), "before: {broken}");
        }
        let mut transaction = test.store.begin().await.unwrap();
        let hash = list_hash(&records);
        assert!(approve(&mut transaction, id, TWO, &hash, test.clock.now()).await.unwrap());
        settle(&mut transaction, id, 0, LineOutcome::Held, 0, test.clock.now()).await.unwrap();
        transaction.commit().await.unwrap();
        for broken in [
            one_more,
            certified,
            "UPDATE retention_line SET outcome = 'destroyed' WHERE position = 0",
            "UPDATE retention_disposition SET approved_by = NULL, approved_at = NULL",
        ] {
            assert!(meddle(&test.store, broken).await.is_err(), "after: {broken}");
        }
        let mut other = records.clone();
        other.reverse();
        assert_ne!(list_hash(&other), hash, "another order is another list");
    }
}

#[tokio::test]
async fn nothing_of_a_person_can_be_read_or_found_any_more() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let (root, other) =
            (person(&test, &mut transaction, "1925-05-06").await, person(&test, &mut transaction, "1980-01-02").await);
        destroy_person(&mut transaction, root).await.unwrap();
        assert!(facts(&mut transaction, &test.keys, root).await.unwrap().is_empty());
        assert!(!is_person(&mut transaction, root).await.unwrap());
        assert!(people_after(&mut transaction, Uuid::nil(), 9).await.unwrap() == [other]);
        let key = Key { kind: KeyKind::ANumber, text: "200000001".into() };
        assert_eq!(find(&mut transaction, &test.keys, &key, 9).await.unwrap(), [other], "somebody else is still found");
        assert_eq!(facts(&mut transaction, &test.keys, other).await.unwrap().len(), 2);
        // Again, as after a crash: nothing else happens.
        destroy_person(&mut transaction, root).await.unwrap();
    }
}

#[tokio::test]
async fn a_destroyed_case_is_a_number_that_nobody_has_and_its_people_stay_protected() {
    for test in both().await {
        let mut protected = line("e1", NUMBER, "IAA", "2016-01-07T14:00:00Z");
        protected.protection_markers = serde_json::from_str(r#"[{"sealed":true}]"#).unwrap();
        take_in_lines(&test, std::slice::from_ref(&protected)).await;
        let mut transaction = test.store.begin().await.unwrap();
        let id = case_feed::case_id(&mut transaction, &number()).await.unwrap().unwrap();
        let person = new_profile(&test, &mut transaction).await;
        link(&mut transaction, id, "applicant", person, test.clock.now()).await.unwrap();
        let before = cases(&mut transaction, person).await.unwrap().remove(0);
        destroy_case(&mut transaction, id, test.clock.now()).await.unwrap();
        destroy_case(&mut transaction, id, test.clock.now()).await.unwrap();
        transaction.commit().await.unwrap();

        let mut connection = test.store.read().await.unwrap();
        assert!(!look_up(&mut connection, &number()).await.unwrap().is_known());
        assert_eq!(case(&mut connection, id).await.unwrap(), None);
        assert!(cases_after(&mut connection, Uuid::nil(), 9).await.unwrap().is_empty());
        assert!(crate::case_status::some_after(&mut connection, Uuid::nil(), 9).await.unwrap().is_empty());
        let after = cases(&mut connection, person).await.unwrap().remove(0);
        assert_eq!((after.number.as_str(), &after.markers), ("destroyed", &before.markers));
        drop(connection);
        for (table, rows) in [("case_party", 0), ("mailing", 0), ("data_key WHERE purpose = 'case'", 0), ("case_event", 1)] {
            let mut connection = test.store.read().await.unwrap();
            let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            let (found,): (i64,) = match connection.on() {
                On::Sqlite(connection) => sqlx::query_as(sql).fetch_one(connection).await.unwrap(),
                On::Postgres(connection) => sqlx::query_as(sql).fetch_one(connection).await.unwrap(),
            };
            assert_eq!(found, rows, "{table}");
        }

        // The feed knows nothing of it: what it sends again was there, and what is new begins a case.
        let newer = line("e2", NUMBER, "DA", "2026-02-07T14:00:00Z");
        assert_eq!(take_in_lines(&test, &[protected, newer]).await, [Taken::AlreadyThere, Taken::Added]);
        let mut connection = test.store.read().await.unwrap();
        assert_ne!(case_feed::case_id(&mut connection, &number()).await.unwrap(), Some(id));
        assert!(look_up(&mut connection, &number()).await.unwrap().is_known());
    }
}
