//! Lists of records that are to be destroyed, who approved them, and what became of each record.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use shared::retention::{LineOutcome, RecordKind};
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::sha256;
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    PROPOSE = "INSERT INTO retention_disposition (id, until_day, records, list_hash, proposed_by, proposed_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    APPROVE = "UPDATE retention_disposition SET approved_by = $2, approved_at = $3 \
               WHERE id = $1 AND approved_by IS NULL AND withdrawn_by IS NULL AND proposed_by <> $2 AND list_hash = $4";
    WITHDRAW = "UPDATE retention_disposition SET withdrawn_by = $2, withdrawn_at = $3 \
                WHERE id = $1 AND approved_by IS NULL AND withdrawn_by IS NULL";
    GET = "SELECT id, until_day, records, list_hash, proposed_by, proposed_at, approved_by, approved_at, withdrawn_by, withdrawn_at \
           FROM retention_disposition WHERE id = $1";
    ALL = "SELECT id, until_day, records, list_hash, proposed_by, proposed_at, approved_by, approved_at, withdrawn_by, withdrawn_at \
           FROM retention_disposition ORDER BY proposed_at DESC, id DESC LIMIT $1";
    UNDER_WAY = "SELECT id FROM retention_disposition WHERE approved_by IS NOT NULL AND NOT EXISTS \
                 (SELECT 1 FROM retention_certificate WHERE disposition_id = retention_disposition.id) ORDER BY approved_at, id LIMIT 1";
    LINES = "SELECT position, kind, record_id, due_year, outcome, queries FROM retention_line \
             WHERE disposition_id = $1 AND position >= $2 ORDER BY position LIMIT $3";
    LEFT = "SELECT position, kind, record_id, due_year, outcome, queries FROM retention_line \
            WHERE disposition_id = $1 AND outcome IS NULL ORDER BY position LIMIT $2";
    SETTLE = "UPDATE retention_line SET outcome = $3, queries = $4, ended_at = $5 \
              WHERE disposition_id = $1 AND position = $2 AND outcome IS NULL";
    COUNTS = "SELECT kind, outcome, count(*) AS records, CAST(sum(queries) AS BIGINT) AS queries FROM retention_line \
              WHERE disposition_id = $1 GROUP BY kind, outcome ORDER BY kind, outcome";
    CERTIFY = "INSERT INTO retention_certificate (disposition_id, document, document_hash, issued_at) VALUES ($1, $2, $3, $4)";
    CERTIFICATE = "SELECT document, document_hash, issued_at FROM retention_certificate WHERE disposition_id = $1";
}

/// A record of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub kind: RecordKind,
    pub record: Uuid,
    /// The year in which it became due.
    pub due_year: i32,
}

/// A list to be proposed.
#[derive(Debug)]
pub struct NewDisposition<'a> {
    pub id: Uuid,
    /// The day on which all of it is due.
    pub until: NaiveDate,
    pub lines: &'a [Line],
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// A list, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDisposition {
    pub id: Uuid,
    pub until: NaiveDate,
    pub records: i64,
    pub list_hash: Vec<u8>,
    pub proposed: (Uuid, DateTime<Utc>),
    pub approved: Option<(Uuid, DateTime<Utc>)>,
    pub withdrawn: Option<(Uuid, DateTime<Utc>)>,
}

/// A record of a list, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredLine {
    /// From 0.
    pub position: i64,
    pub line: Line,
    pub outcome: Option<LineOutcome>,
    /// Of a person: queries to and from partners that were destroyed with it.
    pub queries: i64,
}

/// How many records of a kind came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub kind: RecordKind,
    /// None: still to be done.
    pub outcome: Option<LineOutcome>,
    pub records: i64,
    pub queries: i64,
}

/// What a disposition came to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Certificate {
    /// JSON.
    pub document: String,
    pub document_hash: Vec<u8>,
    pub issued_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    until_day: String,
    records: i64,
    list_hash: Vec<u8>,
    proposed_by: Uuid,
    proposed_at: DateTime<Utc>,
    approved_by: Option<Uuid>,
    approved_at: Option<DateTime<Utc>>,
    withdrawn_by: Option<Uuid>,
    withdrawn_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for StoredDisposition {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |_| StoreError::inconsistent("retention_disposition", "until_day");
        Ok(Self {
            id: row.id,
            until: row.until_day.parse::<NaiveDate>().map_err(wrong)?,
            records: row.records,
            list_hash: row.list_hash,
            proposed: (row.proposed_by, row.proposed_at),
            approved: row.approved_by.zip(row.approved_at),
            withdrawn: row.withdrawn_by.zip(row.withdrawn_at),
        })
    }
}

type LineRow = (i64, String, Uuid, i64, Option<String>, i64);

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("retention_line", column)
}

fn outcome(key: Option<String>) -> Result<Option<LineOutcome>, StoreError> {
    key.map(|key| LineOutcome::from_key(&key).ok_or(wrong("outcome"))).transpose()
}

fn read_line((position, kind, record, due_year, came_to, queries): LineRow) -> Result<StoredLine, StoreError> {
    let kind = RecordKind::from_key(&kind).ok_or(wrong("kind"))?;
    let due_year = i32::try_from(due_year).map_err(|_| wrong("due_year"))?;
    Ok(StoredLine { position, line: Line { kind, record, due_year }, outcome: outcome(came_to)?, queries })
}

/// What another person approves, and nothing else: each record, in the order of the list.
pub fn list_hash<'a>(lines: impl IntoIterator<Item = &'a Line>) -> [u8; 32] {
    let mut text = "portico disposition 1\n".to_owned();
    for Line { kind, record, due_year } in lines {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "{} {record} {due_year}", kind.key());
    }
    sha256(text.as_bytes())
}

/// Writes a list down. Nothing is destroyed until somebody else approves it.
pub async fn propose(transaction: &mut Connection, new: &NewDisposition<'_>) -> Result<(), StoreError> {
    let records = i64::try_from(new.lines.len()).map_err(|_| StoreError::inconsistent("retention_disposition", "records"))?;
    let hash = list_hash(new.lines).to_vec();
    execute!(transaction, &PROPOSE, new.id, new.until.to_string(), records, hash, new.by, new.at)?;
    let row = |(position, line): (i64, &Line)| {
        vec![
            Bulk::Id(new.id),
            Bulk::Number(position),
            Bulk::Text(line.kind.key().to_owned()),
            Bulk::Id(line.record),
            Bulk::Number(line.due_year.into()),
        ]
    };
    let rows: Vec<Vec<Bulk>> = (0..).zip(new.lines).map(row).collect();
    let head = "INSERT INTO retention_line (disposition_id, position, kind, record_id, due_year) ";
    write_rows(transaction, head, rows, "").await?;
    Ok(())
}

/// Approves the very list that was shown; false if it is another one, was decided already, or is one's own.
pub async fn approve(
    transaction: &mut Connection,
    id: Uuid,
    by: Uuid,
    list_hash: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &APPROVE, id, by, at, list_hash)? == 1)
}

/// Takes a list back that was not approved; false if it was, or was taken back already.
pub async fn withdraw(transaction: &mut Connection, id: Uuid, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &WITHDRAW, id, by, at)? == 1)
}

/// One list; none if there is none.
pub async fn disposition(connection: &mut Connection, id: Uuid) -> Result<Option<StoredDisposition>, StoreError> {
    fetch!(connection, fetch_optional, Row, &GET, id)?.map(StoredDisposition::try_from).transpose()
}

/// Lists, the newest first.
pub async fn dispositions(connection: &mut Connection, most: i64) -> Result<Vec<StoredDisposition>, StoreError> {
    fetch!(connection, fetch_all, Row, &ALL, most)?.into_iter().map(StoredDisposition::try_from).collect()
}

/// The list that was approved first and is not done yet.
pub async fn under_way(connection: &mut Connection) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &UNDER_WAY)?.map(|(id,)| id))
}

/// The records of a list from a position on.
pub async fn lines(connection: &mut Connection, id: Uuid, from: i64, most: i64) -> Result<Vec<StoredLine>, StoreError> {
    fetch!(connection, fetch_all, LineRow, &LINES, id, from, most)?.into_iter().map(read_line).collect()
}

/// Records of a list of which nothing has become yet.
pub async fn left(connection: &mut Connection, id: Uuid, most: i64) -> Result<Vec<StoredLine>, StoreError> {
    fetch!(connection, fetch_all, LineRow, &LEFT, id, most)?.into_iter().map(read_line).collect()
}

/// Says what became of a record; false if that was said before.
pub async fn settle(
    transaction: &mut Connection,
    id: Uuid,
    position: i64,
    outcome: LineOutcome,
    queries: i64,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &SETTLE, id, position, outcome.key(), queries, at)? == 1)
}

/// How many records of each kind came to what.
pub async fn counts(connection: &mut Connection, id: Uuid) -> Result<Vec<Count>, StoreError> {
    type CountRow = (String, Option<String>, i64, i64);
    let read = |(kind, came_to, records, queries): CountRow| {
        let kind = RecordKind::from_key(&kind).ok_or(wrong("kind"))?;
        Ok(Count { kind, outcome: outcome(came_to)?, records, queries })
    };
    fetch!(connection, fetch_all, CountRow, &COUNTS, id)?.into_iter().map(read).collect()
}

/// Certifies what a disposition came to, once.
pub async fn certify(transaction: &mut Connection, id: Uuid, certificate: &Certificate) -> Result<(), StoreError> {
    let Certificate { document, document_hash, issued_at } = certificate;
    execute!(transaction, &CERTIFY, id, document, document_hash, *issued_at)?;
    Ok(())
}

/// What a disposition came to; none while it is not done.
pub async fn certificate(connection: &mut Connection, id: Uuid) -> Result<Option<Certificate>, StoreError> {
    Ok(fetch!(connection, fetch_optional, Certificate, &CERTIFICATE, id)?)
}
