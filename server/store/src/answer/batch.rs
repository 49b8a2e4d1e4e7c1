//! Letters that are printed together.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO print_batch (id, office, letters, made_by, made_at) VALUES ($1, $2, $3, $4, $5)";
    FIND = "SELECT id, office, letters, manifest, sha256, made_by, made_at, laid_down_at, acknowledged_by, acknowledged_at \
            FROM print_batch WHERE id = $1";
    OPEN = "SELECT id, office, letters, manifest, sha256, made_by, made_at, laid_down_at, acknowledged_by, acknowledged_at \
            FROM print_batch WHERE acknowledged_at IS NULL ORDER BY made_at, id LIMIT $1";
    OPEN_AT = "SELECT id, office, letters, manifest, sha256, made_by, made_at, laid_down_at, acknowledged_by, acknowledged_at \
               FROM print_batch WHERE acknowledged_at IS NULL AND office = $1 ORDER BY made_at, id LIMIT $2";
    RECOUNT = "UPDATE print_batch SET letters = (SELECT count(*) FROM answer_recipient WHERE batch_id = $1) \
               WHERE id = $1 AND acknowledged_at IS NULL";
    DROP_EMPTY = "DELETE FROM print_batch WHERE id = $1 AND letters = 0 AND acknowledged_at IS NULL";
    LAY_DOWN = "UPDATE print_batch SET manifest = $2, sha256 = $3, laid_down_at = $4 WHERE id = $1 AND acknowledged_at IS NULL";
    ACKNOWLEDGE = "UPDATE print_batch SET acknowledged_by = $2, acknowledged_at = $3 \
                   WHERE id = $1 AND acknowledged_at IS NULL AND laid_down_at IS NOT NULL";
}

/// A batch of letters.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Batch {
    pub id: Uuid,
    pub office: String,
    pub letters: i64,
    /// JSON: each letter with its pages and its hash, and nothing of whom it is for.
    pub manifest: Option<String>,
    /// Of the one PDF.
    pub sha256: Option<Vec<u8>>,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub laid_down_at: Option<DateTime<Utc>>,
    pub acknowledged_by: Option<String>,
    pub acknowledged_at: Option<DateTime<Utc>>,
}

pub async fn add_batch(
    transaction: &mut Connection,
    id: Uuid,
    office: &str,
    letters: i64,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &ADD, id, office, letters, by, at)?;
    Ok(())
}

pub async fn batch(connection: &mut Connection, id: Uuid) -> Result<Option<Batch>, StoreError> {
    Ok(fetch!(connection, fetch_optional, Batch, &FIND, id)?)
}

/// Batches that nobody has acknowledged, the oldest first.
pub async fn open_batches(connection: &mut Connection, most: i64) -> Result<Vec<Batch>, StoreError> {
    Ok(fetch!(connection, fetch_all, Batch, &OPEN, most)?)
}

/// The same, of one office.
pub async fn open_batches_at(connection: &mut Connection, office: &str, most: i64) -> Result<Vec<Batch>, StoreError> {
    Ok(fetch!(connection, fetch_all, Batch, &OPEN_AT, office, most)?)
}

/// Counts the letters of a batch again, after some were taken out. One that has none left is gone: false.
pub async fn recount_batch(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    execute!(transaction, &RECOUNT, id)?;
    Ok(execute!(transaction, &DROP_EMPTY, id)? == 0)
}

/// What was laid down for the printer.
#[derive(Debug)]
pub struct LaidDown<'a> {
    pub manifest: &'a str,
    pub sha256: &'a [u8; 32],
    pub at: DateTime<Utc>,
}

/// Notes that a batch lies at the printer's. False if it was acknowledged meanwhile.
pub async fn lay_down(transaction: &mut Connection, id: Uuid, laid: &LaidDown<'_>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &LAY_DOWN, id, laid.manifest, laid.sha256.as_slice(), laid.at)? > 0)
}

/// Notes that a batch was printed and mailed. False if it was acknowledged before, or never laid down.
pub async fn acknowledge_batch(transaction: &mut Connection, id: Uuid, by: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &ACKNOWLEDGE, id, by, at)? > 0)
}
