use std::ops::Range;

use shared::audit::{Head, Log};
use shared::disclosure::{Outcome, OutcomeEntry};
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use crate::audit::position::{self, Positioned, RowState};
use crate::audit::{self, AuditEntry};
use crate::disclosure;
use crate::engine::{Connection, Engine, On};
use crate::testing::{TestStore, both, both_partner, meddle};

fn entry(test: &TestStore, detail: &str) -> AuditEntry {
    AuditEntry {
        id: test.clock.new_id(),
        occurred_at: test.clock.now(),
        actor: "operator".into(),
        action: "case_feed.import".into(),
        subject: "file".into(),
        detail: detail.into(),
    }
}

#[tokio::test]
async fn entries_come_back_whole_and_their_leaf_hash_is_rfc_9162s() {
    for test in both().await {
        let written = entry(&test, "{\"events\":3}");
        let mut transaction = test.store.begin().await.unwrap();
        audit::append(&mut transaction, &written).await.unwrap();
        transaction.commit().await.unwrap();

        let mut connection = test.store.read().await.unwrap();
        assert_eq!(audit::by_action(&mut connection, "case_feed.import").await.unwrap(), vec![written.clone()]);
        let leaves = audit::leaves(&mut connection).await.unwrap();
        assert_eq!(leaves[0].0, written.canonical());
        assert_eq!(leaves[0].1, crate::crypto::sha256(&[[0].as_slice(), &leaves[0].0].concat()));
    }
}

#[tokio::test]
async fn an_act_that_is_rolled_back_leaves_no_entry() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        audit::append(&mut transaction, &entry(&test, "{}")).await.unwrap();
        drop(transaction);
        let mut connection = test.store.read_primary().await.unwrap();
        assert!(audit::leaves(&mut connection).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn entries_can_neither_be_changed_nor_deleted() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        audit::append(&mut transaction, &entry(&test, "{}")).await.unwrap();
        transaction.commit().await.unwrap();
        let mut attempts = vec!["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"];
        if test.store.engine() == Engine::Postgres {
            attempts.push("TRUNCATE audit_entry");
        }
        for attempt in attempts {
            let mut connection = test.store.begin().await.unwrap();
            let refused = match connection.on() {
                On::Sqlite(connection) => sqlx::query(attempt).execute(connection).await.is_err(),
                On::Postgres(connection) => sqlx::query(attempt).execute(connection).await.is_err(),
            };
            assert!(refused, "{attempt}");
        }
    }
}

const fn every() -> Range<Uuid> {
    Uuid::nil()..Uuid::max()
}

/// Gives every row of the logs a position, and reads the rows there. The accounting has an entry already, and what became of it.
pub async fn run(test: &TestStore) {
    let mut transaction = test.store.begin().await.unwrap();
    audit::append(&mut transaction, &entry(test, "{}")).await.unwrap();
    for log in Log::ALL {
        position::lock(&mut transaction, log).await.unwrap();
        assert_eq!(position::size(&mut transaction, log).await.unwrap(), 0);
        assert_eq!(position::newest(&mut transaction, log).await.unwrap(), None);
        let rows = position::without(&mut transaction, log, every(), 100).await.unwrap();
        let count = rows.len() as u64;
        assert!(count > 0, "{log:?}");
        assert_eq!(position::assign(&mut transaction, log, every()).await.unwrap(), count);
        assert_eq!(position::assign(&mut transaction, log, every()).await.unwrap(), 0, "once");
        assert!(position::without(&mut transaction, log, every(), 100).await.unwrap().is_empty());
        assert_eq!(position::size(&mut transaction, log).await.unwrap(), count);
        assert_eq!(position::newest(&mut transaction, log).await.unwrap().as_ref(), rows.last());
        assert_eq!(position::next(&mut transaction, log, count - 1).await.unwrap(), Some(count - 1));
        assert_eq!(position::next(&mut transaction, log, count).await.unwrap(), None);
        let leaves = position::leaves_at(&mut transaction, log, 0..count).await.unwrap().unwrap();
        assert_eq!(position::leaves_at(&mut transaction, log, 0..count + 1).await.unwrap(), None);
        let page = position::page(&mut transaction, &test.keys, log, 0..count).await.unwrap();
        let whole = (0..count).zip(rows.iter().zip(leaves)).map(|(position, (row, leaf))| Positioned {
            position,
            row: Some(*row),
            leaf: Some(leaf),
            state: RowState::Whole,
        });
        assert_eq!(page, whole.collect::<Vec<_>>());

        let head = |size| Head { size, root: [9; 32] };
        assert_eq!(position::head(&mut transaction, log).await.unwrap(), None);
        for (written, known) in [(3, 3), (2, 3), (5, 5)] {
            position::set_head(&mut transaction, log, &head(written)).await.unwrap();
            assert_eq!(position::head(&mut transaction, log).await.unwrap(), Some(head(known)), "never smaller");
        }
        position::forget_head(&mut transaction, log).await.unwrap();
        assert_eq!(position::head(&mut transaction, log).await.unwrap(), None);
    }
    transaction.commit().await.unwrap();
}

/// Three rows and more in each log, of either database, with their positions.
async fn with_rows(test: &TestStore) {
    for _ in 0..3 {
        let told = super::partner_query::entry(test);
        let (id, disclosure, at) = (test.clock.new_id(), told.id, test.clock.now());
        let mut transaction = test.store.begin().await.unwrap();
        disclosure::add(&mut transaction, &test.keys, test.clock.new_id(), &told).await.unwrap();
        disclosure::close(&mut transaction, &OutcomeEntry { id, disclosure, at, outcome: Outcome::Sent }).await.unwrap();
        audit::append(&mut transaction, &entry(test, "{}")).await.unwrap();
        transaction.commit().await.unwrap();
    }
    run(test).await;
}

async fn execute(transaction: &mut Connection, sql: &str) {
    match transaction.on() {
        On::Sqlite(connection) => connection.execute(AssertSqlSafe(sql)).await.map(drop),
        On::Postgres(connection) => connection.execute(AssertSqlSafe(sql)).await.map(drop),
    }
    .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// As an administrator of the database may.
async fn take_guards_away(transaction: &mut Connection, table: &str) {
    let triggers = match transaction.engine() {
        Engine::Sqlite => vec![format!("{table}_is_never_changed"), format!("{table}_is_never_deleted")],
        Engine::Postgres => vec![format!("{table}_is_never_changed ON {table}")],
    };
    for trigger in triggers {
        execute(transaction, &format!("DROP TRIGGER {trigger}")).await;
    }
}

/// What the rows of a log look like after a statement, which is then taken back.
async fn after(test: &TestStore, log: Log, table: &str, sql: &str) -> Vec<RowState> {
    let mut transaction = test.store.begin().await.unwrap();
    take_guards_away(&mut transaction, table).await;
    execute(&mut transaction, sql).await;
    let size = position::size(&mut transaction, log).await.unwrap();
    let page = position::page(&mut transaction, &test.keys, log, 0..size).await.unwrap();
    page.into_iter().map(|row| row.state).collect()
}

fn bytes(engine: Engine, hex: &str) -> String {
    match engine {
        Engine::Sqlite => format!("X'{hex}'"),
        Engine::Postgres => format!("'\\x{hex}'::BYTEA"),
    }
}

fn id(engine: Engine) -> String {
    match engine {
        Engine::Sqlite => format!("X'{}'", Uuid::from_u128(77).simple()),
        Engine::Postgres => format!("'{}'", Uuid::from_u128(77)),
    }
}

#[tokio::test]
async fn a_change_of_any_column_is_seen() {
    for test in both().await.into_iter().chain(both_partner().await) {
        with_rows(&test).await;
        let engine = test.store.engine();
        let (hash, other) = (bytes(engine, &"07".repeat(32)), id(engine));
        let (hash, other, text, time) = (hash.as_str(), other.as_str(), "'x'", "'2026-03-11T00:00:00+00:00'");
        let audit = [
            ("actor", text),
            ("action", text),
            ("subject", text),
            ("detail", text),
            ("occurred_at", time),
            ("canonical", hash),
            ("leaf_hash", hash),
        ];
        let told = [
            ("recorded_at", time),
            ("profile_id", other),
            ("partner", "'NZ'"),
            ("purpose", text),
            ("transaction_number", text),
            ("data_key_id", other),
            ("entry", hash),
            ("leaf_hash", hash),
        ];
        let outcome = [("outcome", "'refused'"), ("recorded_at", time), ("leaf_hash", hash)];
        let changes = audit.map(|change| (Log::Audit, "audit_entry", change)).into_iter();
        let changes = changes.chain(told.map(|change| (Log::Disclosure, "disclosure", change)));
        let changes = changes.chain(outcome.map(|change| (Log::DisclosureOutcome, "disclosure_outcome", change)));
        for (log, table, (column, value)) in changes {
            let last = format!("SELECT row_id FROM log_position WHERE log = '{}' ORDER BY position DESC LIMIT 1", log.key());
            let sql = format!("UPDATE {table} SET {column} = {value} WHERE id = ({last})");
            let states = after(&test, log, table, &sql).await;
            let (last, others) = states.split_last().unwrap();
            assert_eq!(*last, RowState::Changed, "{table}.{column} on {engine:?}");
            assert!(others.iter().all(|state| *state == RowState::Whole), "{table}.{column} on {engine:?}: {states:?}");
        }
    }
}

#[tokio::test]
async fn a_row_that_is_gone_or_has_another_leaf_is_seen() {
    for test in both().await.into_iter().chain(both_partner().await) {
        with_rows(&test).await;
        for (log, table) in [(Log::Audit, "audit_entry"), (Log::DisclosureOutcome, "disclosure_outcome")] {
            let gone = after(&test, log, table, &format!("DELETE FROM {table}")).await;
            assert!(!gone.is_empty() && gone.iter().all(|state| *state == RowState::Gone), "{gone:?}");
        }
        let hash = bytes(test.store.engine(), &"07".repeat(32));
        let sql = format!("UPDATE log_position SET leaf_hash = {hash}");
        for log in Log::ALL {
            let other = after(&test, log, "log_position", &sql).await;
            assert!(other.iter().all(|state| *state == RowState::Changed), "{other:?}");
        }
    }
}

#[tokio::test]
async fn an_entry_whose_key_was_destroyed_still_has_its_leaf() {
    for test in both().await.into_iter().chain(both_partner().await) {
        with_rows(&test).await;
        let hash = bytes(test.store.engine(), &"07".repeat(32));
        let destroy = "DELETE FROM data_key WHERE purpose = 'disclosure'";
        assert_eq!(meddle(&test.store, destroy).await.unwrap(), 3);
        let sealed = after(&test, Log::Disclosure, "disclosure", "SELECT 1").await;
        assert_eq!(sealed, [RowState::Sealed; 3]);
        let changed = after(&test, Log::Disclosure, "disclosure", &format!("UPDATE disclosure SET leaf_hash = {hash}")).await;
        assert_eq!(changed, [RowState::Changed; 3]);
    }
}

/// PostgreSQL keeps such a value out by its types.
#[tokio::test]
async fn a_value_that_cannot_be_read_hides_no_other_row() {
    let test = crate::testing::open(Engine::Sqlite).await;
    with_rows(&test).await;
    let sql = "UPDATE disclosure SET recorded_at = 'never' WHERE id = (SELECT row_id FROM log_position WHERE log = 'disclosure' \
               AND position = 1)";
    let states = after(&test, Log::Disclosure, "disclosure", sql).await;
    assert_eq!(states, [RowState::Whole, RowState::Unreadable, RowState::Whole]);
}

#[tokio::test]
async fn positions_can_only_be_appended_and_follow_each_other() {
    for test in both().await.into_iter().chain(both_partner().await) {
        with_rows(&test).await;
        assert!(meddle(&test.store, "UPDATE log_position SET position = position + 1").await.is_err());
        assert!(meddle(&test.store, "DELETE FROM log_position").await.is_err());

        let mut transaction = test.store.begin().await.unwrap();
        let size = position::size(&mut transaction, Log::Audit).await.unwrap();
        let (first, second) = (entry(&test, "1"), entry(&test, "2"));
        let ids = [first.id.min(second.id), first.id.max(second.id)];
        audit::append(&mut transaction, &first).await.unwrap();
        audit::append(&mut transaction, &second).await.unwrap();
        // The later one first, as if the other had been committed after it.
        assert_eq!(position::assign(&mut transaction, Log::Audit, ids[1]..Uuid::max()).await.unwrap(), 1);
        assert_eq!(position::assign(&mut transaction, Log::Audit, every()).await.unwrap(), 1);
        let page = position::page(&mut transaction, &test.keys, Log::Audit, size..size + 2).await.unwrap();
        let rows: Vec<_> = page.iter().map(|row| (row.position, row.row)).collect();
        assert_eq!(rows, [(size, Some(ids[1])), (size + 1, Some(ids[0]))]);
    }
}
