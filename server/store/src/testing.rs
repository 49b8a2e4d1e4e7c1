//! Databases for tests: a fresh one for each, on both engines.
//!
//! `PORTICO_TEST_POSTGRES` names a PostgreSQL server where databases may be made; `make test` starts a throw-away one.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection};

use crate::data_key::Keys;
use crate::engine::{Database, Engine, On, Store};
use crate::{Clock, StoreError, crypto::KeyRing};

/// A database that is deleted when the test ends.
#[derive(Debug)]
pub struct TestStore {
    pub store: Store,
    pub keys: Keys,
    pub ring: KeyRing,
    pub clock: Clock,
    pub address: String,
    /// Holds an SQLite file and whatever else a test writes.
    pub folder: tempfile::TempDir,
    /// Deletes it in the end.
    pub on_server: Option<PostgresDatabase>,
}

/// A database on the test server. It goes with its test: a thousand of them fill a small disk.
#[derive(Debug)]
pub struct PostgresDatabase {
    pub address: String,
}

impl PostgresDatabase {
    /// Its address, where it is to stay until the server goes.
    #[must_use]
    pub fn kept(mut self) -> String {
        std::mem::take(&mut self.address)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let Some((server, rest)) = self.address.rsplit_once('/') else { return };
        let name = rest.split_once('?').map_or(rest, |(name, _)| name);
        let (server, statement) = (format!("{server}/postgres"), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A thread with a runtime of its own: the test's own is busy with this very drop. What cannot be dropped stays until the
        // server goes.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await.ok()?;
                connection.execute(AssertSqlSafe(statement)).await.ok()
            })
        });
        let _ = dropping.join();
    }
}

/// One migrated database on each engine.
///
/// # Panics
/// When one cannot be made; says how to get a PostgreSQL.
pub async fn both() -> [TestStore; 2] {
    [open(Engine::Sqlite).await, open(Engine::Postgres).await]
}

/// One migrated database of partner data on each engine.
///
/// # Panics
/// As [`both`].
pub async fn both_partner() -> [TestStore; 2] {
    [open_partner(Engine::Sqlite).await, open_partner(Engine::Postgres).await]
}

/// One migrated main database.
///
/// # Panics
/// When it cannot be made.
pub async fn open(engine: Engine) -> TestStore {
    open_database(Database::Main, engine).await
}

/// One migrated database of partner data.
///
/// # Panics
/// When it cannot be made.
pub async fn open_partner(engine: Engine) -> TestStore {
    open_database(Database::Partner, engine).await
}

#[expect(clippy::expect_used, reason = "test code")]
async fn open_database(database: Database, engine: Engine) -> TestStore {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let on_server = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(new_postgres().await),
    };
    let in_folder = || format!("sqlite:{}", folder.path().join("portico.db").display());
    let address = on_server.as_ref().map_or_else(in_folder, |database| database.address.clone());
    let opened = match database {
        Database::Main => Store::open(&address, None).await,
        Database::Partner => Store::open_partner(&address).await,
    };
    let store = opened.expect("the test database opens");
    store.migrate().await.expect("migrations run");
    let clock = Clock::manual("2026-03-10T15:00:00Z".parse().expect("an instant"));
    let ring = KeyRing::generate("test");
    let keys = Keys::open(&store, ring.clone(), None, &clock).await.expect("keys open");
    TestStore { store, keys, ring, clock, address, folder, on_server }
}

/// A new, empty database on the test server, deleted when what is returned is dropped.
///
/// # Panics
/// When no test server is named, or none can be made there.
#[expect(clippy::expect_used, clippy::disallowed_methods, reason = "test code")]
pub async fn new_postgres() -> PostgresDatabase {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("PORTICO_TEST_POSTGRES")
        .expect("set PORTICO_TEST_POSTGRES to a PostgreSQL server, or run `.config/with-postgres cargo test`");
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.expect("the test server answers");
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database can be made");
    let (base, options) = server.split_once('?').unwrap_or((&server, ""));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    PostgresDatabase { address: format!("{base}/{name}?{options}") }
}

/// Changes the database as somebody may who has its password, to break what the program never breaks. Says how many rows.
///
/// # Errors
/// What the database says.
pub async fn meddle(store: &Store, sql: &str) -> Result<u64, StoreError> {
    let mut transaction = store.begin().await?;
    let rows = match transaction.on() {
        On::Sqlite(connection) => connection.execute(AssertSqlSafe(sql)).await?.rows_affected(),
        On::Postgres(connection) => connection.execute(AssertSqlSafe(sql)).await?.rows_affected(),
    };
    transaction.commit().await?;
    Ok(rows)
}
