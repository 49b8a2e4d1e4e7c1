//! What can go wrong below the domain.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database refused a statement")]
    Database(#[from] sqlx::Error),
    #[error("the database's tables could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the database address {0}")]
    Address(&'static str),
    #[error(transparent)]
    Key(#[from] crate::crypto::KeyError),
    /// A row that breaks a rule of ours. Names the place, never the value.
    #[error("a stored value in {table}.{column} cannot be read")]
    Inconsistent { table: &'static str, column: &'static str },
    #[error("a file could not be read or written")]
    File(#[from] std::io::Error),
    #[error("{0}")]
    Tool(String),
}

impl StoreError {
    pub const fn inconsistent(table: &'static str, column: &'static str) -> Self {
        Self::Inconsistent { table, column }
    }

    /// Whether a row is there and holds what no row of ours holds.
    pub const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)))
    }

    /// Whether trying again later may help: the database is away, busy or shutting down.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Database(
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed,
            ) => true,
            // 57P0x: PostgreSQL is stopping or starting; 5 and 6: SQLite is busy or locked.
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code.starts_with("57P") || code == "5" || code == "6")
            }
            _ => false,
        }
    }
}
