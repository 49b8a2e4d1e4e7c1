//! Every registered statement is prepared on both engines, and has run on both.

use std::collections::HashSet;
use std::num::NonZeroU32;

use chrono::TimeDelta;
use shared::api_client::{Allowance, Scope};
use shared::case_status::FormNumber;
use shared::delivery_tracking::{EventCode, TrackingNumber};
use shared::office::{OfficeCode, OfficeKind};
use shared::processing_time::{Bound, CategoryKey, Posted, Unit};
use sqlx::{Executor, SqlSafeStr};

use super::{line, take_in_lines};
use crate::api_client::{self, ApiClient};
use crate::delivery_tracking::{Counts, NewScan};
use crate::engine::{Database, Engine, On, registered};
use crate::office::{self, Office};
use crate::processing_time::{self, Posting};
use crate::quarantine::{self, RefusedLine};
use crate::reference::{self, CodeText, FormText, Origin, StatusText, Version};
use crate::testing::{TestStore, both, both_partner};
use crate::waiting::{self, Count, Queue, Step, Told};
use crate::{audit, case_feed, case_status, data_key, delivery_tracking, installation, look_up_failure};

#[tokio::test]
async fn every_statement_is_prepared_on_both_engines() {
    assert!(registered().count() > 30);
    for test in both().await.into_iter().chain(both_partner().await) {
        let mut connection = test.store.read().await.unwrap();
        for statement in registered().filter(|statement| statement.runs.on(test.store.database())) {
            let prepared = match connection.on() {
                On::Sqlite(connection) => connection.prepare(statement.sql.into_sql_str()).await.map(|_| ()),
                On::Postgres(connection) => connection.prepare(statement.sql.into_sql_str()).await.map(|_| ()),
            };
            assert!(prepared.is_ok(), "{} on {:?}: {prepared:?}", statement.name, test.store.engine());
        }
    }
}

/// Preparing checks columns, not the types of rows and arguments: so each statement must run.
#[tokio::test]
async fn every_statement_has_run_on_both_engines() {
    for test in both().await {
        run_cases(&test).await;
        run_reference(&test).await;
        run_clients(&test).await;
        run_counters(&test).await;
        run_processing_times(&test).await;
        run_waiting(&test).await;
        run_mail(&test).await;
    }
    // With keys that were not wrapped anew.
    for test in both().await {
        super::notification::run(&test).await;
        super::service_request::run(&test).await;
        super::change_of_address::run(&test).await;
        super::document::run(&test).await;
        super::identity::run(&test).await;
        super::answer::run(&test).await;
        super::quality::run(&test).await;
        super::colleague::run(&test).await;
        super::call_script::run(&test).await;
        super::report::run(&test).await;
        super::profile::run(&test).await;
        super::biometric::run(&test).await;
        super::agreement::run(&test).await;
        super::redress::run(&test).await;
        super::partner_query::run_main(&test).await;
        super::disclosure::run_main(&test).await;
        super::audit::run(&test).await;
        super::retention::run(&test).await;
    }
    for test in both_partner().await {
        run_partner_data(&test).await;
    }
    let executed: HashSet<_> = crate::engine::executed().into_iter().collect();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for database in Database::ALL {
            let of_database = registered().filter(|statement| statement.runs.on(database)).map(|statement| statement.name);
            let left: Vec<_> = of_database.filter(|name| !executed.contains(&(engine, database, *name))).collect();
            assert!(left.is_empty(), "never run on {engine:?}, {database:?}: {left:?}");
        }
    }
}

/// What both databases have, in that of partner data.
async fn run_partner_data(test: &TestStore) {
    let mut transaction = test.store.begin().await.unwrap();
    assert_eq!(installation::demo_day(&mut transaction).await.unwrap(), None);
    let entry = audit::AuditEntry {
        id: test.clock.new_id(),
        occurred_at: test.clock.now(),
        actor: "system".into(),
        action: "partner_query.send".into(),
        subject: String::new(),
        detail: "{}".into(),
    };
    audit::append(&mut transaction, &entry).await.unwrap();
    assert_eq!(audit::by_action(&mut transaction, "partner_query.send").await.unwrap(), [entry]);
    assert_eq!(audit::leaves(&mut transaction).await.unwrap().len(), 1);
    transaction.commit().await.unwrap();
    let mut connection = test.store.read().await.unwrap();
    assert!(data_key::any(&mut connection).await.unwrap());
    assert_eq!(data_key::wrapping_keys(&mut connection).await.unwrap(), ["test"]);
    drop(connection);
    super::partner_query::run(test).await;
    super::information_request::run(test).await;
    super::disclosure::run(test).await;
    super::audit::run(test).await;
    super::retention::run_partner(test).await;
    let ring = test.ring.clone().with_new("second");
    let mut transaction = test.store.begin().await.unwrap();
    data_key::switch_wrapping_key(&mut transaction, &ring).await.unwrap();
    transaction.commit().await.unwrap();
    assert!(data_key::rewrap_some(&test.store, &ring, 100).await.unwrap() >= 5);
}

async fn run_cases(test: &TestStore) {
    let mut marked = line("e1", "EAC9999103403", "IAA", "2026-01-07T14:00:00Z");
    marked.protection_markers = serde_json::from_str(r#"[{"sealed":true}]"#).unwrap();
    take_in_lines(test, &[marked]).await;
    let mut connection = test.store.read().await.unwrap();
    let number = shared::case_status::ReceiptNumber::parse("EAC9999103403").unwrap();
    let id = case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
    assert!(case_status::look_up(&mut connection, &number).await.unwrap().is_known());
    assert!(case_status::told(&mut connection, &number).await.unwrap().is_some());
    let stored = case_status::some_after(&mut connection, uuid::Uuid::nil(), 10).await.unwrap();
    assert_eq!((stored.len(), stored[0].id, &stored[0].number), (1, id, &number), "the decoy is no case");
    assert_eq!(stored[0].record.markers().len(), 2, "what was stated, and its form");
    assert!(case_status::some_after(&mut connection, id, 10).await.unwrap().is_empty());
    assert_eq!(case_feed::count_events(&mut connection).await.unwrap(), 1);
    assert_eq!(case_feed::open_sensitive(&mut connection, &test.keys, id).await.unwrap().len(), 6);
    let a_number = shared::case_feed::ANumber::parse("A200000001").unwrap();
    assert_eq!(case_feed::cases_of_a_number(&mut connection, &test.keys, &a_number).await.unwrap(), [id]);
    drop(connection);
    assert!(data_key::any(&mut test.store.read().await.unwrap()).await.unwrap());
    assert_eq!(data_key::wrapping_keys(&mut test.store.read().await.unwrap()).await.unwrap(), ["test"]);
    let ring = test.ring.clone().with_new("second");
    assert_eq!(data_key::rewrap_some(&test.store, &ring, 100).await.unwrap(), 6);
}

async fn run_mail(test: &TestStore) {
    let (id, now) = (test.clock.new_id(), test.clock.now());
    let mut transaction = test.store.begin().await.unwrap();
    assert!(delivery_tracking::find(&mut transaction, b"hash").await.unwrap().is_none());
    delivery_tracking::begin(&mut transaction, id, b"hash", "extract.dat", now).await.unwrap();
    let scan = NewScan {
        tracking_number: TrackingNumber::parse("9205599999999900000121").unwrap(),
        label: None,
        code: EventCode::parse("01").unwrap(),
        event_name: "DELIVERED".into(),
        scanned_at: "2026-03-10T14:05:00".parse().unwrap(),
        facility_zip: "22101".into(),
        facility: "MERRIFIELD, VA".into(),
        destination_zip: "22150".into(),
        receipt_number: None,
    };
    let scans = [scan.clone(), scan.clone(), NewScan { facility_zip: String::new(), ..scan }];
    assert_eq!(delivery_tracking::add_scans(&mut transaction, &test.keys, id, &scans, now).await.unwrap(), 2);
    assert_eq!(delivery_tracking::add_scans(&mut transaction, &test.keys, id, &scans, now).await.unwrap(), 0);
    let counts = Counts { records: 3, events: 2, duplicates: 1, first_scan_at: Some(scans[0].scanned_at), ..Counts::default() };
    delivery_tracking::save_progress(&mut transaction, id, &counts, now).await.unwrap();
    assert!(delivery_tracking::not_updated(&mut transaction, now).await.unwrap().is_empty(), "it is under way");
    delivery_tracking::finish(&mut transaction, id, now).await.unwrap();
    let before_it_went_on = delivery_tracking::not_updated(&mut transaction, now).await.unwrap();
    assert_eq!(before_it_went_on[0].id, id);
    let numbers = delivery_tracking::numbers_after(&mut transaction, id, "", 5).await.unwrap();
    assert_eq!(numbers, ["9205599999999900000121"]);
    delivery_tracking::renew(&mut transaction, &numbers, now).await.unwrap();
    assert!(delivery_tracking::numbers_after(&mut transaction, id, &numbers[0], 5).await.unwrap().is_empty());
    let later = now + chrono::TimeDelta::seconds(1);
    delivery_tracking::save_progress(&mut transaction, id, &counts, later).await.unwrap();
    delivery_tracking::set_updated(&mut transaction, before_it_went_on[0], later).await.unwrap();
    let not_updated = delivery_tracking::not_updated(&mut transaction, now).await.unwrap();
    assert_eq!(not_updated.len(), 1, "more came in while its cases were updated");
    delivery_tracking::set_updated(&mut transaction, not_updated[0], later).await.unwrap();
    assert!(delivery_tracking::not_updated(&mut transaction, now).await.unwrap().is_empty());
    let known = delivery_tracking::find(&mut transaction, b"hash").await.unwrap().unwrap();
    assert_eq!((known.counts, known.finished_at), (counts, Some(now)));
    assert_eq!(delivery_tracking::extracts(&mut transaction, 5).await.unwrap(), [known]);
    assert_eq!(delivery_tracking::latest_finish(&mut transaction).await.unwrap(), Some(now));
    assert_eq!(delivery_tracking::misdelivered(&mut transaction).await.unwrap(), 0);
    transaction.commit().await.unwrap();
}

async fn run_reference(test: &TestStore) {
    let at = test.clock.now();
    let status = StatusText {
        status: "received".into(),
        stage: "received".into(),
        deadline_days: Some(30),
        deadline_for: Some("call".into()),
        title_en: "t".into(),
        title_es: "t".into(),
        description_en: "d".into(),
        description_es: "d".into(),
        next_en: "n".into(),
        next_es: "n".into(),
    };
    let code = CodeText { code: "IAA".into(), status: None };
    let form = FormText { form: "I-765".into(), name_en: "n".into(), name_es: "n".into() };
    let office = Office {
        code: OfficeCode::parse("NBC").unwrap(),
        name: "National Benefits Center".into(),
        kind: OfficeKind::ServiceCenter,
        zip_prefixes: vec!["221".into(), "222".into()],
    };
    let mut transaction = test.store.begin().await.unwrap();
    assert_eq!(reference::versions_recorded(&mut transaction).await.unwrap(), 0);
    reference::add_status(&mut transaction, &Version { recorded_at: at, origin: Origin::Shipped, value: status.clone() })
        .await
        .unwrap();
    reference::add_code(&mut transaction, &Version { recorded_at: at, origin: Origin::Edited, value: code.clone() }).await.unwrap();
    reference::add_form(&mut transaction, &Version { recorded_at: at, origin: Origin::Shipped, value: form.clone() })
        .await
        .unwrap();
    office::add(&mut transaction, &office, at).await.unwrap();
    transaction.commit().await.unwrap();

    let mut connection = test.store.read().await.unwrap();
    assert_eq!(reference::versions_recorded(&mut connection).await.unwrap(), 4);
    assert_eq!(reference::statuses(&mut connection).await.unwrap()[0].value, status);
    let codes = reference::codes(&mut connection).await.unwrap();
    assert_eq!((&codes[0].value, codes[0].origin), (&code, Origin::Edited));
    assert_eq!(reference::forms(&mut connection).await.unwrap()[0].value, form);
    assert_eq!(office::all_versions(&mut connection).await.unwrap(), [(at, office)]);
}

async fn run_clients(test: &TestStore) {
    let now = test.clock.now();
    let allowance = Allowance { per_second: NonZeroU32::MIN, per_day: NonZeroU32::MIN };
    let client = ApiClient {
        id: test.clock.new_id(),
        name: "feed".into(),
        scope: Scope::CaseFeed,
        secret_hash: vec![1; 32],
        allowance,
        created_at: now,
        revoked_at: None,
    };
    let mut transaction = test.store.begin().await.unwrap();
    assert!(api_client::add(&mut transaction, &client).await.unwrap());
    let again = ApiClient { id: test.clock.new_id(), ..client.clone() };
    assert!(!api_client::add(&mut transaction, &again).await.unwrap());
    let day = now.date_naive();
    let mut leases = Vec::new();
    for _ in 0..3 {
        leases.push(api_client::lease(&mut transaction, client.id, day, 10, 15).await.unwrap());
    }
    assert_eq!(leases, [Some(10), Some(20), None]);
    assert_eq!(api_client::forget_leases_before(&mut transaction, day.succ_opt().unwrap()).await.unwrap(), 1);
    let listed = api_client::list(&mut transaction).await.unwrap();
    assert_eq!((listed.len(), listed[0].allowance, listed[0].created_at), (1, allowance, now));
    api_client::add_token(&mut transaction, &[2; 32], client.id, now + TimeDelta::minutes(30)).await.unwrap();
    assert_eq!(api_client::find(&mut transaction, client.id).await.unwrap().unwrap().name, "feed");
    assert_eq!(api_client::find_by_token(&mut transaction, &[2; 32], now).await.unwrap().unwrap().id, client.id);
    assert!(api_client::find_by_token(&mut transaction, &[2; 32], now + TimeDelta::minutes(30)).await.unwrap().is_none());
    assert_eq!(api_client::rotate(&mut transaction, "feed", &[3; 32]).await.unwrap(), Some(client.id));
    assert_eq!(api_client::rotate(&mut transaction, "nobody", &[3; 32]).await.unwrap(), None);
    assert!(api_client::find_by_token(&mut transaction, &[2; 32], now).await.unwrap().is_none());
    api_client::add_token(&mut transaction, &[2; 32], client.id, now + TimeDelta::minutes(30)).await.unwrap();
    assert!(api_client::revoke(&mut transaction, "feed", now).await.unwrap());
    assert!(!api_client::revoke(&mut transaction, "feed", now).await.unwrap());
    assert!(api_client::find_by_token(&mut transaction, &[2; 32], now).await.unwrap().is_none());
    assert!(api_client::find(&mut transaction, client.id).await.unwrap().is_none());
    assert_eq!(api_client::expire_tokens(&mut transaction, now + TimeDelta::hours(1)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

async fn run_processing_times(test: &TestStore) {
    let bound = |amount| Bound::parse(amount, Unit::Months).unwrap();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let posted =
        Posted { published: day("2026-08-17"), upper: Some(bound("7.5")), lower: None, inquiry_date: Some(day("2025-09-07")) };
    let posting = Posting {
        form: FormNumber::parse("I-765").unwrap(),
        category: CategoryKey::parse("C09").unwrap(),
        office: OfficeCode::parse("NBC").unwrap(),
        posted,
        category_en: "Pending".into(),
        category_es: "Pendiente".into(),
        note_en: String::new(),
        note_es: String::new(),
    };
    let newer = Posting { posted: Posted { published: day("2026-09-17"), upper: None, ..posted }, ..posting.clone() };
    let mut transaction = test.store.begin().await.unwrap();
    for (posting, is_new) in [(&newer, true), (&posting, true), (&newer, false)] {
        assert_eq!(processing_time::add(&mut transaction, posting, test.clock.now()).await.unwrap(), is_new);
    }
    assert_eq!(processing_time::current(&mut transaction, &newer.form).await.unwrap(), std::slice::from_ref(&newer));
    assert_eq!(processing_time::forms(&mut transaction).await.unwrap(), [newer.form]);
    transaction.commit().await.unwrap();
}

async fn run_waiting(test: &TestStore) {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let (now, first, other) = (test.clock.now(), test.clock.new_id(), test.clock.new_id());
    let today = Count { day: day("2026-03-10"), threshold: 100 };
    let queue = |office: &str| Queue {
        form: FormNumber::parse("I-765").unwrap(),
        category: CategoryKey::parse("C09").unwrap(),
        office: OfficeCode::parse(office).unwrap(),
    };
    let (here, there) = (queue("NBC"), queue("TSC"));
    let step = |from: &str, told| Step { from: day(from), told };
    let mut transaction = test.store.begin().await.unwrap();
    assert_eq!(waiting::newest(&mut transaction).await.unwrap(), None);
    assert!(waiting::claim(&mut transaction, today, first, now, now).await.unwrap());
    assert!(!waiting::claim(&mut transaction, today, other, now, now).await.unwrap());
    let steps = [(&here, step("2026-01-05", 100)), (&here, step("2026-02-05", 200)), (&there, step("2026-01-06", 300))];
    waiting::add_steps(&mut transaction, first, &steps).await.unwrap();
    assert_eq!(waiting::told(&mut transaction, &here, today.day).await.unwrap(), None, "it is not finished");
    assert!(waiting::finish(&mut transaction, first, now).await.unwrap());
    assert_eq!(waiting::newest(&mut transaction).await.unwrap(), Some(today));
    for (queue, received, more_than) in [
        (&here, "2026-01-04", None),
        (&here, "2026-01-05", Some(100)),
        (&here, "2026-02-04", Some(100)),
        (&here, "2026-12-31", Some(200)),
        (&there, "2026-01-06", Some(300)),
        (&there, "2026-01-05", None),
    ] {
        let told = more_than.map(|more_than| Told { more_than, counted_on: today.day });
        assert_eq!(waiting::told(&mut transaction, queue, day(received)).await.unwrap(), told, "{received}");
    }
    let later = now + TimeDelta::hours(1);
    assert!(!waiting::claim(&mut transaction, today, other, later, later).await.unwrap(), "it is finished");
    let tomorrow = Count { day: day("2026-03-11"), ..today };
    assert!(waiting::claim(&mut transaction, tomorrow, other, later, now).await.unwrap());
    let third = test.clock.new_id();
    assert!(waiting::claim(&mut transaction, tomorrow, third, later + TimeDelta::hours(1), later).await.is_ok_and(|taken| !taken));
    assert!(waiting::claim(&mut transaction, tomorrow, third, later, later + TimeDelta::hours(1)).await.unwrap(), "it was left");
    assert!(!waiting::finish(&mut transaction, other, later).await.unwrap());
    assert!(waiting::finish(&mut transaction, third, later).await.unwrap());
    assert_eq!(waiting::forget_before(&mut transaction, tomorrow).await.unwrap(), 3);
    assert_eq!(waiting::told(&mut transaction, &here, today.day).await.unwrap(), None, "who counted found nobody");
    transaction.commit().await.unwrap();
}

async fn run_counters(test: &TestStore) {
    let today = "2026-03-10".parse().unwrap();
    let mut transaction = test.store.begin().await.unwrap();
    look_up_failure::count(&mut transaction, b"mac", today, 2).await.unwrap();
    look_up_failure::count(&mut transaction, b"mac", today, 3).await.unwrap();
    assert_eq!(look_up_failure::of_day(&mut transaction, b"mac", today).await.unwrap(), 5);
    assert_eq!(look_up_failure::of_day(&mut transaction, b"other", today).await.unwrap(), 0);
    assert_eq!(look_up_failure::forget_before(&mut transaction, today.succ_opt().unwrap()).await.unwrap(), 1);

    assert_eq!(installation::demo_day(&mut transaction).await.unwrap(), None);
    installation::mark_as_demo(&mut transaction, today).await.unwrap();
    assert_eq!(installation::demo_day(&mut transaction).await.unwrap(), Some(today));
    installation::set_shipped_texts(&mut transaction, "hash").await.unwrap();
    assert_eq!(installation::shipped_texts(&mut transaction).await.unwrap().as_deref(), Some("hash"));
    assert!(installation::has_cases(&mut transaction).await.unwrap());

    let refused =
        RefusedLine { source: "file", line_number: 7, reason: "form: is not in the documented form", line: b"{\"form\":1}" };
    let expires = test.clock.now() + TimeDelta::days(30);
    assert!(quarantine::add(&mut transaction, &test.keys, &test.clock, &refused, expires).await.unwrap());
    assert!(!quarantine::add(&mut transaction, &test.keys, &test.clock, &refused, expires).await.unwrap());
    let kept = quarantine::list(&mut transaction, &test.keys).await.unwrap();
    assert_eq!((kept[0].line_number, kept[0].line.as_slice()), (7, b"{\"form\":1}".as_slice()));
    assert_eq!(quarantine::expire(&mut transaction, expires).await.unwrap(), 1);

    let entry = audit::AuditEntry {
        id: test.clock.new_id(),
        occurred_at: test.clock.now(),
        actor: "system".into(),
        action: "test".into(),
        subject: String::new(),
        detail: "{}".into(),
    };
    audit::append(&mut transaction, &entry).await.unwrap();
    assert_eq!(audit::by_action(&mut transaction, "test").await.unwrap().len(), 1);
    assert_eq!(audit::leaves(&mut transaction).await.unwrap().len(), 1);
    transaction.commit().await.unwrap();
}
