//! One change of a case told to everybody who follows it, against the raw engine that inserts the same rows.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::case_feed::{Source, import};
use domain::notification::{Kind, Means, Outcome, Prepared, claim, prepare};
use domain::{Actor, Context};
use shared::case_status::ReceiptNumber;
use store::engine::Engine;
use store::testing::TestStore;
use uuid::Uuid;

use crate::Row;

const FOLLOWERS: usize = 100_000;
const NUMBER: &str = "EAC9999103403";
const COLUMNS: &str = "id, kind, subject_id, change_id, due_at, created_at";

/// Times both, on one engine.
pub async fn row(engine: Engine) -> Row {
    let (here, raw) = (store::testing::open(engine).await, store::testing::open(engine).await);
    domain::reference::ship(&here.store, &here.clock).await.unwrap();
    let zone = chrono_tz::America::New_York;
    let limits = domain::case_status::limits::LimitSettings::default();
    let ctx = Context::new(here.store.clone(), here.keys.clone(), here.clock.clone(), zone, limits).await.unwrap();
    feed(&ctx, "e1", "IAA", "2026-01-08T15:00:00Z").await;
    let case = {
        let number = ReceiptNumber::parse(NUMBER).unwrap();
        store::case_feed::case_id(&mut ctx.store.read_primary().await.unwrap(), &number).await.unwrap().unwrap()
    };
    let ids: Vec<Uuid> = (0..FOLLOWERS).map(|_| here.clock.new_id()).collect();
    add_followers(engine, &here, case, &ids);
    let mut transaction = ctx.store.begin().await.unwrap();
    store::notification::watch(&mut transaction, case, b"before").await.unwrap();
    transaction.commit().await.unwrap();
    feed(&ctx, "e2", "DA", "2026-02-08T15:00:00Z").await;

    let change =
        claim(&ctx, Actor::System, Means::Mail, 100).await.unwrap().into_iter().find(|due| due.kind == Kind::CaseChange).unwrap();
    let began = Instant::now();
    let prepared = prepare(&ctx, Actor::System, &change).await.unwrap();
    let told = began.elapsed();
    assert!(matches!(prepared, Prepared::Done(Outcome::Sent)));
    let bare = insert(engine, &raw, &ids);
    assert_eq!((count(&here).await, count(&raw).await), (FOLLOWERS, FOLLOWERS));

    let ratio = told.as_secs_f64() / bare.as_secs_f64();
    let engine = if engine == Engine::Sqlite { "SQLite" } else { "PostgreSQL" };
    Row {
        what: format!("a change told to {FOLLOWERS} followers, {engine} / a bare insert of their rows"),
        measured: format!("{ratio:.2}  ({:.2} s / {:.2} s)", told.as_secs_f64(), bare.as_secs_f64()),
        limit: "<= 3".into(),
        holds: ratio <= 3.0,
    }
}

async fn feed(ctx: &Context, event: &str, code: &str, at: &str) {
    let line = format!(
        r#"{{"event_id":"{event}","receipt_number":"{NUMBER}","form":"I-765","category":"C09","office":"NBC","applicant":{{"name":{{"family":"Ejemplo"}}}},"action":{{"code":"{code}","at":"{at}"}}}}"#
    );
    let source = Source { name: "bench", quarantine: TimeDelta::days(1) };
    let summary = import(ctx, Actor::Operator, source, line.as_bytes(), |_, _| {}).await.unwrap();
    assert_eq!(summary.added, 1);
}

async fn count(test: &TestStore) -> usize {
    let standing = store::notification::standing(&mut test.store.read_primary().await.unwrap()).await.unwrap();
    let messages = standing.iter().filter(|row| row.kind == "follower_message").map(|row| row.rows).sum::<i64>();
    usize::try_from(messages).unwrap()
}

/// Followers with an address that nobody opens here.
fn add_followers(engine: Engine, test: &TestStore, case: Uuid, ids: &[Uuid]) {
    let columns = "id, case_id, address_index, address, locale, since";
    match engine {
        Engine::Sqlite => {
            let mut connection = rusqlite::Connection::open(test.folder.path().join("portico.db")).unwrap();
            let transaction = connection.transaction().unwrap();
            let mut insert =
                transaction.prepare(&format!("INSERT INTO follower ({columns}) VALUES (?1,?2,?1,?1,'en','')")).unwrap();
            for id in ids {
                insert.execute(rusqlite::params![id.as_bytes(), case.as_bytes()]).unwrap();
            }
            drop(insert);
            transaction.commit().unwrap();
        }
        Engine::Postgres => {
            let mut rows = String::new();
            for id in ids {
                let bytes = id.simple();
                writeln!(rows, "{id}\t{case}\t\\\\x{bytes}\t\\\\x{bytes}\ten\t2026-03-10 15:00:00+00").unwrap();
            }
            copy(&test.folder.path().join("followers.copy"), &test.address, &format!("follower ({columns})"), &rows);
        }
    }
}

/// The rows of the messages, by the engine alone.
fn insert(engine: Engine, test: &TestStore, subjects: &[Uuid]) -> Duration {
    let change = Uuid::from_u128(1);
    let rows: Vec<(Uuid, Uuid)> = subjects.iter().map(|subject| (test.clock.new_id(), *subject)).collect();
    match engine {
        Engine::Sqlite => {
            let at = "2026-03-10T15:00:00.000000+00:00";
            let mut connection = rusqlite::Connection::open(test.folder.path().join("portico.db")).unwrap();
            connection.pragma_update(None, "synchronous", "FULL").unwrap();
            connection.pragma_update(None, "cache_size", -4000).unwrap();
            let began = Instant::now();
            let transaction = connection.transaction().unwrap();
            let sql = format!("INSERT INTO outbox ({COLUMNS}) VALUES (?1,'follower_message',?2,?3,?4,?4)");
            let mut insert = transaction.prepare(&sql).unwrap();
            for (id, subject) in &rows {
                insert.execute(rusqlite::params![id.as_bytes(), subject.as_bytes(), change.as_bytes(), at]).unwrap();
            }
            drop(insert);
            transaction.commit().unwrap();
            began.elapsed()
        }
        Engine::Postgres => {
            let at = "2026-03-10 15:00:00+00";
            let mut text = String::new();
            for (id, subject) in &rows {
                writeln!(text, "{id}\tfollower_message\t{subject}\t{change}\t{at}\t{at}").unwrap();
            }
            copy(&test.folder.path().join("outbox.copy"), &test.address, &format!("outbox ({COLUMNS})"), &text)
        }
    }
}

/// `COPY` by PostgreSQL's own client. Gives the time it took.
fn copy(file: &Path, address: &str, into: &str, rows: &str) -> Duration {
    std::fs::write(file, rows).unwrap();
    let began = Instant::now();
    let command = format!("\\copy {into} FROM '{}'", file.display());
    let output = Command::new("psql").args(["--quiet", "--set=ON_ERROR_STOP=1", "--command", &command, address]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    began.elapsed()
}
