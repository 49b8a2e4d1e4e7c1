//! Sending an e-Request, against the bare insert of the rows that it leaves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::case_feed::{Source, import};
use domain::case_status::limits::LimitSettings;
use domain::e_request::{DraftKey, Saved, Submitted, begin, save, submit};
use domain::{Actor, ClientIp, Context};
use shared::e_request::Step;
use shared::locale::Locale;
use shared::service_request::RequestKind;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::crypto::hex;
use store::engine::Engine;
use store::testing::TestStore;
use uuid::Uuid;

use crate::Row;

const REQUESTS: usize = 400;
const CLIENT: ClientIp = ClientIp(IpAddr::V4(Ipv4Addr::LOCALHOST));

/// Times both, on one engine.
pub async fn row(engine: Engine) -> Row {
    let (here, raw) = (store::testing::open(engine).await, store::testing::open(engine).await);
    let (ctx, other) = (context(&here).await, context(&raw).await);
    feed(&ctx).await;
    feed(&other).await;
    let keys: Vec<DraftKey> = (0..REQUESTS).map(|at| DraftKey::of_session(&ctx, &u128::to_be_bytes(at as u128))).collect();
    for (at, key) in keys.iter().enumerate() {
        fill_in(&ctx, *key, &number(at)).await;
    }
    // Both on a worker thread, as a server does it: this thread is none, and each answer of a database would have to wake it.
    let sent = tokio::spawn(async move {
        let began = Instant::now();
        for key in keys {
            assert!(matches!(submit(&ctx, key, Locale::En).await.unwrap(), Submitted::Stored(_)));
        }
        began.elapsed()
    });
    let sent = sent.await.unwrap();
    let bare = insert(engine, &raw).await;
    let ratio = sent.as_secs_f64() / bare.as_secs_f64();
    let engine = if engine == Engine::Sqlite { "SQLite" } else { "PostgreSQL" };
    let each = |all: Duration| all.as_secs_f64() * 1e3 / REQUESTS as f64;
    Row {
        what: format!("an e-Request sent, {engine} / a bare insert of its rows (request, 2 events, 2 outbox, audit, draft)"),
        measured: format!("{ratio:.2}  ({:.2} ms / {:.2} ms)", each(sent), each(bare)),
        limit: "<= 4".into(),
        holds: ratio <= 4.0,
    }
}

async fn context(test: &TestStore) -> Context {
    domain::reference::ship(&test.store, &test.clock).await.unwrap();
    let many = NonZeroU32::new(1_000_000).unwrap();
    let limits = LimitSettings {
        per_client_minute: many,
        per_client_hour: many,
        per_network_hour: many,
        neighbours_per_client_hour: usize::MAX,
        ..LimitSettings::default()
    };
    Context::new(test.store.clone(), test.keys.clone(), test.clock.clone(), chrono_tz::America::New_York, limits).await.unwrap()
}

fn number(at: usize) -> String {
    format!("EAC9999{:06}", at * 300)
}

async fn feed(ctx: &Context) {
    let mut lines = String::new();
    for at in 0..REQUESTS {
        let number = number(at);
        writeln!(
            lines,
            r#"{{"event_id":"r{at}","receipt_number":"{number}","form":"I-765","category":"C09","filed_on":"2024-12-30","received_on":"2025-01-07","office":"NBC","applicant":{{"name":{{"family":"Ejemplo"}}}},"mailing_address":{{"street":"1 Invented Plaza","city":"Springfield","state":"VA","postal_code":"22150","country":"USA"}},"action":{{"code":"IAA","at":"2025-01-07T15:00:00Z"}}}}"#
        )
        .unwrap();
    }
    let source = Source { name: "bench", quarantine: TimeDelta::days(1) };
    let summary = import(ctx, Actor::Operator, source, lines.as_bytes(), |_, _| {}).await.unwrap();
    assert_eq!(summary.added, REQUESTS as u64);
}

async fn fill_in(ctx: &Context, key: DraftKey, number: &str) {
    begin(ctx, key, RequestKind::OutsideNormalTime, None).await.unwrap();
    let steps: [(Step, &[(&str, &str)]); 6] = [
        (Step::Who, &[("requester", "applicant")]),
        (
            Step::Case,
            &[
                ("receipt_number", number),
                ("form", "I-765"),
                ("category", "C09"),
                ("filed_on_year", "2024"),
                ("filed_on_month", "12"),
                ("filed_on_day", "30"),
                ("mailing_zip", "22150"),
            ],
        ),
        (Step::Answer, &[]),
        (Step::Issue, &[("explanation", "It waits for long.")]),
        (
            Step::Person,
            &[
                ("family_name", "Ejemplo"),
                ("given_name", "Ana"),
                ("birth_date_year", "1990"),
                ("birth_date_month", "2"),
                ("birth_date_day", "3"),
            ],
        ),
        (Step::Contact, &[("email", "ana@example.org"), ("telephone", "202-555-0143")]),
    ];
    for (step, typed) in steps {
        let typed: BTreeMap<String, String> = typed.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert!(matches!(save(ctx, CLIENT, key, step, &typed).await.unwrap(), Saved::GoTo(_)));
    }
    assert_eq!(domain::e_request::draft(ctx, key).await.unwrap().unwrap().step_at_hand(ctx), Step::Check);
}

/// The same rows by the engine alone, a transaction for each request.
async fn insert(engine: Engine, test: &TestStore) -> Duration {
    let case: Uuid = {
        let number = shared::case_status::ReceiptNumber::parse(&number(0)).unwrap();
        store::case_feed::case_id(&mut test.store.read_primary().await.unwrap(), &number).await.unwrap().unwrap()
    };
    let id = |id: Uuid| if engine == Engine::Sqlite { format!("x'{}'", id.simple()) } else { format!("'{id}'") };
    let blob = |length: usize| {
        let bytes = hex(&vec![7; length]);
        if engine == Engine::Sqlite { format!("x'{bytes}'") } else { format!("'\\x{bytes}'") }
    };
    let at = "'2026-03-10T15:00:00.000000+00:00'";
    let texts: Vec<String> = (0..REQUESTS)
        .map(|n| {
            let [request, one, two, route, mail, audit, draft] = std::array::from_fn(|_| id(test.clock.new_id()));
            let (case, content, long) = (id(case), blob(300), blob(420));
            format!(
                "INSERT INTO service_request (id, number, case_id, kind, round, source, submission_id, locale, content, state, target_days, \
                 target_count, due_on, received_at) VALUES ({request}, 'N{n}', {case}, 'outside_normal_time', {n}, 'e_req', {request}, 'en', \
                 {content}, 'stored', 30, 'calendar', '2026-04-09', {at}); \
                 INSERT INTO service_request_event (id, request_id, position, occurred_at, actor, event) VALUES ({one}, {request}, 0, {at}, 'public', '{{}}'); \
                 INSERT INTO service_request_event (id, request_id, position, occurred_at, actor, event) VALUES ({two}, {request}, 1, {at}, 'public', '{{}}'); \
                 INSERT INTO outbox (id, kind, subject_id, change_id, due_at, created_at) VALUES ({route}, 'request_routing', {request}, {route}, {at}, {at}); \
                 INSERT INTO outbox (id, kind, subject_id, change_id, due_at, created_at) VALUES ({mail}, 'request_mail', {request}, {mail}, {at}, {at}); \
                 INSERT INTO audit_entry (id, occurred_at, actor, action, subject, detail, canonical, leaf_hash) \
                 VALUES ({audit}, {at}, 'public', 'service_request.file', 's', '{{}}', {content}, {long}); \
                 INSERT INTO form_draft (id, content, expires_at) VALUES ({draft}, {content}, {at});"
            )
        })
        .collect();
    in_transactions(engine, test, texts).await
}

/// What the engine alone takes for texts of SQL, each in a transaction of its own.
pub async fn in_transactions(engine: Engine, test: &TestStore, texts: Vec<String>) -> Duration {
    match engine {
        Engine::Sqlite => {
            let connection = rusqlite::Connection::open(test.folder.path().join("portico.db")).unwrap();
            connection.pragma_update(None, "synchronous", "FULL").unwrap();
            let began = Instant::now();
            for text in &texts {
                connection.execute_batch(&format!("BEGIN IMMEDIATE; {text} COMMIT;")).unwrap();
            }
            began.elapsed()
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(&test.address).await.unwrap();
            let inserted = tokio::spawn(async move {
                let began = Instant::now();
                for text in texts {
                    sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {text} COMMIT;"))).execute(&mut connection).await.unwrap();
                }
                began.elapsed()
            });
            inserted.await.unwrap()
        }
    }
}
