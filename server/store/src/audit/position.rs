//! Where rows of logs stand in their trees: given once, after a row was committed; and rows as they are found there.

use std::ops::Range;

use chrono::{DateTime, Utc};
use shared::audit::{Hash, Head, Log};
use uuid::Uuid;

use super::{AuditEntry, leaf_hash};
use crate::data_key::Keys;
use crate::engine::{Connection, Statement, execute, fetch, statement};
use crate::{StoreError, disclosure};

/// Rows that get their positions in one transaction.
pub const AT_ONCE: u32 = 10_000;

statement! { each,
    LOCK = "UPDATE log_head SET size = size WHERE log = $1";
    SIZE = "SELECT coalesce(max(position) + 1, 0) FROM log_position WHERE log = $1";
    NEXT = "SELECT min(position) FROM log_position WHERE log = $1 AND position >= $2";
    NEWEST = "SELECT row_id FROM log_position WHERE log = $1 ORDER BY row_id DESC LIMIT 1";
    ASSIGN_AUDIT = "INSERT INTO log_position (log, position, row_id, leaf_hash) \
                    SELECT 'audit', $1 + row_number() OVER (ORDER BY id) - 1, id, leaf_hash FROM ( \
                      SELECT id, leaf_hash FROM audit_entry WHERE id >= $2 AND id < $3 AND NOT EXISTS ( \
                        SELECT 1 FROM log_position WHERE log = 'audit' AND row_id = audit_entry.id) \
                      ORDER BY id LIMIT $4) AS fresh";
    ASSIGN_DISCLOSURE = "INSERT INTO log_position (log, position, row_id, leaf_hash) \
                         SELECT 'disclosure', $1 + row_number() OVER (ORDER BY id) - 1, id, leaf_hash FROM ( \
                           SELECT id, leaf_hash FROM disclosure WHERE id >= $2 AND id < $3 AND NOT EXISTS ( \
                             SELECT 1 FROM log_position WHERE log = 'disclosure' AND row_id = disclosure.id) \
                           ORDER BY id LIMIT $4) AS fresh";
    ASSIGN_OUTCOME = "INSERT INTO log_position (log, position, row_id, leaf_hash) \
                      SELECT 'disclosure_outcome', $1 + row_number() OVER (ORDER BY id) - 1, id, leaf_hash FROM ( \
                        SELECT id, leaf_hash FROM disclosure_outcome WHERE id >= $2 AND id < $3 AND NOT EXISTS ( \
                          SELECT 1 FROM log_position WHERE log = 'disclosure_outcome' AND row_id = disclosure_outcome.id) \
                        ORDER BY id LIMIT $4) AS fresh";
    WITHOUT_AUDIT = "SELECT id FROM audit_entry WHERE id >= $1 AND id < $2 AND NOT EXISTS ( \
                       SELECT 1 FROM log_position WHERE log = 'audit' AND row_id = audit_entry.id) ORDER BY id LIMIT $3";
    WITHOUT_DISCLOSURE = "SELECT id FROM disclosure WHERE id >= $1 AND id < $2 AND NOT EXISTS ( \
                            SELECT 1 FROM log_position WHERE log = 'disclosure' AND row_id = disclosure.id) ORDER BY id LIMIT $3";
    WITHOUT_OUTCOME = "SELECT id FROM disclosure_outcome WHERE id >= $1 AND id < $2 AND NOT EXISTS ( \
                         SELECT 1 FROM log_position WHERE log = 'disclosure_outcome' AND row_id = disclosure_outcome.id) \
                       ORDER BY id LIMIT $3";
    LEAVES = "SELECT position, leaf_hash FROM log_position WHERE log = $1 AND position >= $2 AND position < $3 ORDER BY position";
    AUDIT = "SELECT position, row_id, log_position.leaf_hash AS positioned, audit_entry.id, occurred_at, actor, action, subject, \
             detail, canonical, audit_entry.leaf_hash FROM log_position LEFT JOIN audit_entry ON audit_entry.id = row_id \
             WHERE log = 'audit' AND position >= $1 AND position < $2 ORDER BY position";
    HEAD = "SELECT size, root FROM log_head WHERE log = $1";
    SET_HEAD = "UPDATE log_head SET size = $2, root = $3 WHERE log = $1 AND (size IS NULL OR size < $2)";
    FORGET_HEAD = "UPDATE log_head SET size = NULL, root = NULL WHERE log = $1";
}

/// A row of a log at its position, as far as it can be judged by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Positioned {
    pub position: u64,
    /// None: what stands there cannot be read.
    pub row: Option<Uuid>,
    /// The leaf hash that got the position.
    pub leaf: Option<Hash>,
    pub state: RowState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Its columns give the leaf hash that got the position.
    Whole,
    /// Its key was destroyed: it has the leaf hash, and nobody can compute it any more.
    Sealed,
    Gone,
    Changed,
    Unreadable,
}

/// A position, and which row and leaf hash got it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Place {
    position: i64,
    row_id: Uuid,
    positioned: Vec<u8>,
}

impl Place {
    /// Judges a row by the leaf hash that it has. `computed` is that of its columns, if there is a key to compute it.
    pub fn judged(self, kept: &[u8], computed: Option<Hash>) -> Positioned {
        let state = match computed {
            _ if self.positioned != kept => RowState::Changed,
            None => RowState::Sealed,
            Some(computed) if computed.as_slice() == kept => RowState::Whole,
            Some(_) => RowState::Changed,
        };
        self.found(state)
    }

    pub fn found(self, state: RowState) -> Positioned {
        let position = u64::try_from(self.position).unwrap_or_default();
        Positioned { position, row: Some(self.row_id), leaf: self.positioned.try_into().ok(), state }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct AuditRow {
    #[sqlx(flatten)]
    place: Place,
    id: Option<Uuid>,
    occurred_at: Option<DateTime<Utc>>,
    actor: Option<String>,
    action: Option<String>,
    subject: Option<String>,
    detail: Option<String>,
    canonical: Option<Vec<u8>>,
    leaf_hash: Option<Vec<u8>>,
}

impl AuditRow {
    fn judged(self) -> Positioned {
        let Self { place, id, occurred_at, actor, action, subject, detail, canonical, leaf_hash: leaf } = self;
        let (Some(id), Some(occurred_at), Some(canonical), Some(leaf)) = (id, occurred_at, canonical, leaf) else {
            return place.found(RowState::Gone);
        };
        let [actor, action, subject, detail] = [actor, action, subject, detail].map(Option::unwrap_or_default);
        let entry = AuditEntry { id, occurred_at, actor, action, subject, detail };
        // What is kept beside the columns is what was hashed: both must say the same.
        if entry.canonical() != canonical {
            return place.found(RowState::Changed);
        }
        place.judged(&leaf, Some(leaf_hash(&canonical)))
    }
}

fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

fn count(size: i64) -> Result<u64, StoreError> {
    u64::try_from(size).map_err(|_| StoreError::inconsistent("log_position", "position"))
}

/// Waits until nobody else gives positions in a log, until the end of the transaction.
pub async fn lock(transaction: &mut Connection, log: Log) -> Result<(), StoreError> {
    execute!(transaction, &LOCK, log.key())?;
    Ok(())
}

/// How many positions there are: the next one.
pub async fn size(connection: &mut Connection, log: Log) -> Result<u64, StoreError> {
    count(fetch!(connection, fetch_one, (i64,), &SIZE, log.key())?.0)
}

/// The first position from one on that a row has.
pub async fn next(connection: &mut Connection, log: Log, from: u64) -> Result<Option<u64>, StoreError> {
    let (found,) = fetch!(connection, fetch_one, (Option<i64>,), &NEXT, log.key(), number(from))?;
    found.map(count).transpose()
}

/// Of the rows that have a position, the one that was made last.
pub async fn newest(connection: &mut Connection, log: Log) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &NEWEST, log.key())?.map(|(row,)| row))
}

/// Gives rows that have none the next positions, in the order of their ids: as many as [`AT_ONCE`]. Gives their number.
pub async fn assign(transaction: &mut Connection, log: Log, ids: Range<Uuid>) -> Result<u64, StoreError> {
    let statement: &'static Statement = match log {
        Log::Audit => &ASSIGN_AUDIT,
        Log::Disclosure => &ASSIGN_DISCLOSURE,
        Log::DisclosureOutcome => &ASSIGN_OUTCOME,
    };
    let next = number(size(transaction, log).await?);
    Ok(execute!(transaction, statement, next, ids.start, ids.end, i64::from(AT_ONCE))?)
}

/// Rows without a position, in the order of their ids, as many as `most`.
pub async fn without(connection: &mut Connection, log: Log, ids: Range<Uuid>, most: u32) -> Result<Vec<Uuid>, StoreError> {
    let statement: &'static Statement = match log {
        Log::Audit => &WITHOUT_AUDIT,
        Log::Disclosure => &WITHOUT_DISCLOSURE,
        Log::DisclosureOutcome => &WITHOUT_OUTCOME,
    };
    let rows = fetch!(connection, fetch_all, (Uuid,), statement, ids.start, ids.end, i64::from(most))?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// The leaf hashes at positions that follow each other. None of them, if one is missing.
pub async fn leaves_at(connection: &mut Connection, log: Log, positions: Range<u64>) -> Result<Option<Vec<Hash>>, StoreError> {
    let (first, end) = (number(positions.start), number(positions.end));
    let rows = fetch!(connection, fetch_all, (i64, Vec<u8>), &LEAVES, log.key(), first, end)?;
    let in_order = (first..end).zip(rows).filter_map(|(expected, (position, leaf))| {
        let leaf = Hash::try_from(leaf).ok()?;
        (position == expected).then_some(leaf)
    });
    let leaves: Vec<Hash> = in_order.collect();
    Ok((leaves.len() as u64 == positions.end - positions.start).then_some(leaves))
}

/// The rows at positions, judged one by one. What cannot be read is a row, too.
pub async fn page(
    connection: &mut Connection,
    keys: &Keys,
    log: Log,
    positions: Range<u64>,
) -> Result<Vec<Positioned>, StoreError> {
    match read(connection, keys, log, positions.clone()).await {
        Err(error) if error.is_unreadable() => {}
        read => return read,
    }
    let mut rows = Vec::new();
    for position in positions {
        match read(connection, keys, log, position..position + 1).await {
            Ok(found) => rows.extend(found),
            Err(error) if error.is_unreadable() => {
                rows.push(Positioned { position, row: None, leaf: None, state: RowState::Unreadable });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

async fn read(connection: &mut Connection, keys: &Keys, log: Log, positions: Range<u64>) -> Result<Vec<Positioned>, StoreError> {
    let positions = number(positions.start)..number(positions.end);
    match log {
        Log::Audit => {
            let rows = fetch!(connection, fetch_all, AuditRow, &AUDIT, positions.start, positions.end)?;
            Ok(rows.into_iter().map(AuditRow::judged).collect())
        }
        Log::Disclosure => disclosure::positioned(connection, keys, positions).await,
        Log::DisclosureOutcome => disclosure::outcomes_positioned(connection, positions).await,
    }
}

/// What was last written outside, as the database knows it. Something that cannot be a head is none.
pub async fn head(connection: &mut Connection, log: Log) -> Result<Option<Head>, StoreError> {
    let row = fetch!(connection, fetch_optional, (Option<i64>, Option<Vec<u8>>), &HEAD, log.key())?;
    let Some((Some(size), Some(root))) = row else { return Ok(None) };
    let (Ok(size), Ok(root)) = (u64::try_from(size), Hash::try_from(root)) else { return Ok(None) };
    Ok(Some(Head { size, root }))
}

/// Notes what was written outside, unless something larger was meanwhile.
pub async fn set_head(transaction: &mut Connection, log: Log, head: &Head) -> Result<(), StoreError> {
    execute!(transaction, &SET_HEAD, log.key(), number(head.size), head.root.to_vec())?;
    Ok(())
}

/// Forgets it: what lies outside begins anew.
pub async fn forget_head(transaction: &mut Connection, log: Log) -> Result<(), StoreError> {
    execute!(transaction, &FORGET_HEAD, log.key())?;
    Ok(())
}
