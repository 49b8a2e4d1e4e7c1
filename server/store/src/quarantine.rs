//! Lines that could not be taken in: kept encrypted, with the reason, until they expire.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::crypto::Cell;
use crate::data_key::{Keys, content_mac};
use crate::engine::{Connection, execute, fetch, statement};
use crate::{Clock, StoreError};

statement! { main,
    ADD = "INSERT INTO quarantined_line (id, line_mac, source, line_number, reason, line, recorded_at, expires_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (line_mac) DO NOTHING";
    LIST = "SELECT id, source, line_number, reason, line, recorded_at, expires_at FROM quarantined_line ORDER BY id";
    EXPIRE = "DELETE FROM quarantined_line WHERE expires_at <= $1";
}

/// A line that was refused.
#[derive(Debug)]
pub struct RefusedLine<'a> {
    /// A file's name or a client's; never a person's.
    pub source: &'a str,
    pub line_number: i64,
    /// Without any value of the line.
    pub reason: &'a str,
    pub line: &'a [u8],
}

/// A quarantined line, opened.
#[derive(Debug)]
pub struct QuarantinedLine {
    pub source: String,
    pub line_number: i64,
    pub reason: String,
    pub line: Vec<u8>,
    pub recorded_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

type Row = (Uuid, String, i64, String, Vec<u8>, DateTime<Utc>, DateTime<Utc>);

fn cell(row: Uuid) -> Cell {
    Cell { table: "quarantined_line", column: "line", row }
}

/// Keeps a line; `false` if it already is there, which a second run of the same file finds.
pub async fn add(
    transaction: &mut Connection,
    keys: &Keys,
    clock: &Clock,
    refused: &RefusedLine<'_>,
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let id = clock.new_id();
    let sealed = keys.quarantine().seal(cell(id), refused.line)?;
    let mac = content_mac(keys, refused.line);
    let added =
        execute!(transaction, &ADD, id, mac, refused.source, refused.line_number, refused.reason, sealed, clock.now(), expires_at)?;
    Ok(added > 0)
}

/// Every line in quarantine, oldest first.
pub async fn list(connection: &mut Connection, keys: &Keys) -> Result<Vec<QuarantinedLine>, StoreError> {
    let rows = fetch!(connection, fetch_all, Row, &LIST)?;
    let open = |(id, source, line_number, reason, sealed, recorded_at, expires_at): Row| {
        let line = keys.quarantine().open(cell(id), &sealed)?;
        Ok(QuarantinedLine { source, line_number, reason, line, recorded_at, expires_at })
    };
    rows.into_iter().map(open).collect()
}

/// Deletes what has expired and says how much it was.
pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE, now)?)
}
