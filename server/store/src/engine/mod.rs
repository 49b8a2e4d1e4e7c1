//! The two engines behind one face: addresses, pools, transactions, statements.

mod backup;
mod bulk;
mod postgres;
mod readers;
mod sqlite;
mod statement;

pub(crate) use bulk::{Bulk, IN_ONE_STATEMENT, fetch_in, write_rows};
#[cfg(test)]
pub(crate) use statement::executed;
#[cfg(any(test, feature = "testing"))]
pub(crate) use statement::executed_on;
pub use statement::{Database, Runs, Statement, registered};
#[cfg(any(test, feature = "testing"))]
pub use statement::{Executed, executed_by};
pub(crate) use statement::{execute, fetch, statement};

use std::path::PathBuf;
use std::sync::Arc;

use shared::sensitive::Sensitive;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgListener;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::StoreError;
use readers::{Reader, Readers};

/// Which engine is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database, open.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
    pools: Arc<Pools>,
}

#[derive(Debug)]
enum Pools {
    /// One writer, many readers: SQLite takes one writer at a time.
    Sqlite { file: PathBuf, writer: SqlitePool, readers: Readers<SqliteConnection> },
    /// The address may hold a password. Whatever must be of this moment is read from the primary.
    Postgres { address: Sensitive<String>, writers: PgPool, readers: Readers<PgConnection>, replica: Option<Readers<PgConnection>> },
}

/// A connection a statement can run on, in a transaction or not.
#[derive(Debug)]
pub struct Connection {
    database: Database,
    held: Held,
}

#[derive(Debug)]
enum Held {
    SqliteReader(Reader<SqliteConnection>),
    PostgresReader(Reader<PgConnection>),
    SqliteTransaction(Transaction<'static, Sqlite>),
    PostgresTransaction(Transaction<'static, Postgres>),
}

/// What statements run on.
pub(crate) enum On<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Connection {
    pub const fn database(&self) -> Database {
        self.database
    }

    pub const fn engine(&self) -> Engine {
        match &self.held {
            Held::SqliteReader(_) | Held::SqliteTransaction(_) => Engine::Sqlite,
            Held::PostgresReader(_) | Held::PostgresTransaction(_) => Engine::Postgres,
        }
    }

    pub(crate) fn on(&mut self) -> On<'_> {
        match &mut self.held {
            Held::SqliteReader(connection) => On::Sqlite(connection),
            Held::PostgresReader(connection) => On::Postgres(connection),
            Held::SqliteTransaction(transaction) => On::Sqlite(transaction),
            Held::PostgresTransaction(transaction) => On::Postgres(transaction),
        }
    }

    /// Commits a transaction; what was read outside of one has nothing to commit. Dropped without it, all is rolled back.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.held {
            Held::SqliteTransaction(transaction) => transaction.commit().await?,
            Held::PostgresTransaction(transaction) => transaction.commit().await?,
            Held::SqliteReader(_) | Held::PostgresReader(_) => {}
        }
        Ok(())
    }

    /// Notes that a statement failed, perhaps because the connection is gone.
    pub(crate) fn doubt(&mut self) {
        match &mut self.held {
            Held::SqliteReader(connection) => connection.has_failed = true,
            Held::PostgresReader(connection) => connection.has_failed = true,
            // sqlx tries the connection of a transaction when it comes back.
            Held::SqliteTransaction(_) | Held::PostgresTransaction(_) => {}
        }
    }
}

/// Options of a pool whose connections are not looked after for their age.
///
/// sqlx 0.9.0 has a task for that which can count the idle ones below zero: it then takes a core until the process is killed, and
/// no process ends with it (<https://github.com/launchbadge/sqlx/issues/3645>).
fn pool_options<DB: sqlx::Database>() -> PoolOptions<DB> {
    #[expect(clippy::disallowed_methods, reason = "the one place")]
    PoolOptions::new().idle_timeout(None).max_lifetime(None)
}

impl Pools {
    async fn open(address: &str, replica: Option<&str>) -> Result<Self, StoreError> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            let (file, writer, readers) = sqlite::open(path.trim_start_matches("//")).await?;
            return Ok(Self::Sqlite { file, writer, readers });
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let writers = postgres::open(address).await?;
            let readers = postgres::open_readers(address)?;
            let replica = replica.map(postgres::open_readers).transpose()?;
            let address = Sensitive::new(address.to_owned());
            return Ok(Self::Postgres { address, writers, readers, replica });
        }
        Err(StoreError::Address("must begin with sqlite: or postgres://"))
    }
}

impl Store {
    /// Opens the main database at an address: `sqlite:PATH` or `postgres://...`; look-ups may read from a replica.
    ///
    /// # Errors
    /// [`StoreError::Address`] for anything else, and for a PostgreSQL elsewhere without verified TLS.
    pub async fn open(address: &str, replica: Option<&str>) -> Result<Self, StoreError> {
        Ok(Self { database: Database::Main, pools: Arc::new(Pools::open(address, replica).await?) })
    }

    /// Opens the database of partner data.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_partner(address: &str) -> Result<Self, StoreError> {
        Ok(Self { database: Database::Partner, pools: Arc::new(Pools::open(address, None).await?) })
    }

    pub const fn database(&self) -> Database {
        self.database
    }

    pub fn engine(&self) -> Engine {
        match &*self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Brings the tables up to date, under a lock, so that servers may start together.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &*self.pools {
            Pools::Sqlite { file, writer, .. } => {
                let _lock = sqlite::lock_migrations(file).await?;
                sqlite::migrations(self.database).run(writer).await?;
            }
            // sqlx takes an advisory lock there by itself.
            Pools::Postgres { writers, .. } => postgres::migrations(self.database).run(writers).await?,
        }
        Ok(())
    }

    /// Whether the tables are those of this release, or of a later one. The database must not be empty.
    pub async fn is_up_to_date(&self) -> Result<bool, StoreError> {
        const NEWEST: &str = "SELECT max(version) FROM _sqlx_migrations WHERE success";
        let (newest, migrations): (Option<i64>, _) = match &*self.pools {
            Pools::Sqlite { writer, .. } => {
                (sqlx::query_scalar(NEWEST).fetch_one(writer).await?, sqlite::migrations(self.database))
            }
            Pools::Postgres { writers, .. } => {
                (sqlx::query_scalar(NEWEST).fetch_one(writers).await?, postgres::migrations(self.database))
            }
        };
        Ok(migrations.iter().all(|migration| newest >= Some(migration.version)))
    }

    /// A transaction that writes.
    pub async fn begin(&self) -> Result<Connection, StoreError> {
        let held = match &*self.pools {
            Pools::Sqlite { writer, .. } => Held::SqliteTransaction(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres { writers, .. } => Held::PostgresTransaction(writers.begin().await?),
        };
        Ok(self.connection(held))
    }

    /// A connection for look-ups that may lag behind by what a replica lags.
    pub async fn read(&self) -> Result<Connection, StoreError> {
        match &*self.pools {
            Pools::Postgres { replica: Some(replica), .. } => {
                Ok(self.connection(Held::PostgresReader(readers::take(replica).await?)))
            }
            _ => self.read_primary().await,
        }
    }

    /// A connection for reads that must be of this moment: protection markers, tokens, limits.
    pub async fn read_primary(&self) -> Result<Connection, StoreError> {
        let held = match &*self.pools {
            Pools::Sqlite { readers, .. } => Held::SqliteReader(readers::take(readers).await?),
            Pools::Postgres { readers, .. } => Held::PostgresReader(readers::take(readers).await?),
        };
        Ok(self.connection(held))
    }

    const fn connection(&self, held: Held) -> Connection {
        Connection { database: self.database, held }
    }

    /// Whether look-ups read the primary itself, so that one connection can serve both kinds of reads.
    pub fn reads_primary(&self) -> bool {
        !matches!(&*self.pools, Pools::Postgres { replica: Some(_), .. })
    }

    /// A connection that hears what is told on a channel, its own; none on SQLite, which tells nothing.
    pub(crate) async fn listen(&self, channel: &str) -> Result<Option<PgListener>, StoreError> {
        match &*self.pools {
            Pools::Sqlite { .. } => Ok(None),
            Pools::Postgres { address, .. } => postgres::listen(address.expose(), channel).await.map(Some),
        }
    }

    /// Closes every connection, after the work under way.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers::close(readers).await;
                writer.close().await;
            }
            Pools::Postgres { writers, readers, replica, .. } => {
                readers::close(readers).await;
                if let Some(replica) = replica {
                    readers::close(replica).await;
                }
                writers.close().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_looks_after_the_age_of_connections() {
        let options = pool_options::<Sqlite>();
        assert_eq!((options.get_idle_timeout(), options.get_max_lifetime()), (None, None));
    }
}
