//! Corrections: proposed by one person, decided by another; and what merges moved.

use chrono::{DateTime, Utc};
use shared::profile::{Change, CorrectionState};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::fact::{cell, open, seal};
use super::{data_keys, root};
use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    PROPOSE = "INSERT INTO profile_correction (id, profile_id, state, change, subject_id, fact_kind, value, reason, proposed_by, \
               proposed_at) VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7, $8, $9)";
    DECIDE = "UPDATE profile_correction SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND state = 'proposed'";
    OF_ROOT = "SELECT profile_correction.id, profile_id, state, change, subject_id, fact_kind, value, reason, proposed_by, \
               proposed_at, decided_by, decided_at FROM profile_correction \
               JOIN profile ON profile.id = profile_correction.profile_id WHERE profile.root_id = $1 \
               ORDER BY proposed_at DESC, profile_correction.id DESC";
    WAITING = "SELECT id, profile_id, proposed_by, proposed_at FROM profile_correction WHERE state = 'proposed' \
               ORDER BY proposed_at, id LIMIT $1";
    NOTE_MERGE = "INSERT INTO profile_merge (correction_id, profile_id) SELECT $1, id FROM profile WHERE root_id = $2";
    MERGE = "UPDATE profile SET root_id = $2 WHERE root_id = $1";
    // The last merge that moved it as the one that was merged.
    MOVED = "SELECT profile_merge.profile_id FROM profile_merge WHERE correction_id = \
             (SELECT id FROM profile_correction WHERE change = 'merge' AND state = 'agreed' AND subject_id = $1 \
              ORDER BY decided_at DESC, id DESC LIMIT 1) ORDER BY profile_merge.profile_id";
    SPLIT = "UPDATE profile SET root_id = $2 WHERE id = $1 AND root_id = $3";
}

/// A correction to be proposed.
#[derive(Debug)]
pub struct Proposal<'a> {
    pub id: Uuid,
    /// The profile as it was looked at: a root.
    pub profile: Uuid,
    pub change: &'a Change,
    pub reason: &'a str,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// How a correction ended.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    pub id: Uuid,
    pub state: CorrectionState,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// A correction as it stands.
#[derive(Debug, Clone)]
pub struct StoredCorrection {
    pub id: Uuid,
    pub profile: Uuid,
    pub state: CorrectionState,
    pub change: Change,
    pub reason: Sensitive<String>,
    pub proposed_by: Uuid,
    pub proposed_at: DateTime<Utc>,
    pub decided: Option<(Uuid, DateTime<Utc>)>,
}

#[derive(Debug, sqlx::FromRow)]
struct CorrectionRow {
    id: Uuid,
    profile_id: Uuid,
    state: String,
    change: String,
    subject_id: Option<Uuid>,
    fact_kind: Option<String>,
    value: Option<Vec<u8>>,
    reason: Vec<u8>,
    proposed_by: Uuid,
    proposed_at: DateTime<Utc>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("profile_correction", column)
}

const fn reason_cell(row: Uuid) -> Cell {
    Cell { table: "profile_correction", column: "reason", row }
}

pub async fn propose(transaction: &mut Connection, keys: &Keys, proposal: &Proposal<'_>) -> Result<(), StoreError> {
    let Proposal { id, profile, change, reason, by, at } = *proposal;
    let Some(root) = root(transaction, profile).await? else { return Err(wrong("profile_id")) };
    let data_keys = data_keys(transaction, keys, root).await?;
    let key = data_keys.get(&profile).ok_or(wrong("profile_id"))?;
    let (subject, fact) = match change {
        Change::End(id) | Change::Merge(id) | Change::Split(id) => (Some(*id), None),
        Change::Add(fact) => (None, Some(fact)),
    };
    let value = fact.map(|fact| seal(key, cell("profile_correction", id), fact)).transpose()?;
    let kind = fact.map(|fact| fact.kind().key());
    let reason = key.seal(reason_cell(id), reason.as_bytes())?;
    execute!(transaction, &PROPOSE, id, profile, change.key(), subject, kind, value, reason, by, at)?;
    Ok(())
}

/// Ends a correction that waits. False if it does not wait any more.
pub async fn decide(transaction: &mut Connection, decision: Decision) -> Result<bool, StoreError> {
    let Decision { id, state, by, at } = decision;
    Ok(execute!(transaction, &DECIDE, id, state.key(), by, at)? > 0)
}

/// Every correction of a root's profiles, the newest first.
pub async fn corrections(connection: &mut Connection, keys: &Keys, root: Uuid) -> Result<Vec<StoredCorrection>, StoreError> {
    let data_keys = data_keys(connection, keys, root).await?;
    let mut all = Vec::new();
    for row in fetch!(connection, fetch_all, CorrectionRow, &OF_ROOT, root)? {
        let Some(key) = data_keys.get(&row.profile_id) else { continue };
        let change = match (row.change.as_str(), row.subject_id, &row.fact_kind, &row.value) {
            ("end", Some(id), None, None) => Change::End(id),
            ("merge", Some(id), None, None) => Change::Merge(id),
            ("split", Some(id), None, None) => Change::Split(id),
            ("add", None, Some(kind), Some(value)) => Change::Add(open(key, cell("profile_correction", row.id), kind, value)?),
            _ => return Err(wrong("change")),
        };
        let reason = String::from_utf8(key.open(reason_cell(row.id), &row.reason)?).map_err(|_| wrong("reason"))?;
        all.push(StoredCorrection {
            id: row.id,
            profile: row.profile_id,
            state: CorrectionState::from_key(&row.state).ok_or(wrong("state"))?,
            change,
            reason: Sensitive::new(reason),
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided: row.decided_by.zip(row.decided_at),
        });
    }
    Ok(all)
}

/// Corrections that wait for a second person: `(correction, profile, proposed by, when)`, the oldest first.
pub async fn waiting(connection: &mut Connection, most: i64) -> Result<Vec<(Uuid, Uuid, Uuid, DateTime<Utc>)>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid, Uuid, Uuid, DateTime<Utc>), &WAITING, most)?)
}

/// Puts all profiles of one root under another, and notes which were moved.
pub async fn merge(transaction: &mut Connection, correction: Uuid, merged: Uuid, kept: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &NOTE_MERGE, correction, merged)?;
    execute!(transaction, &MERGE, merged, kept)?;
    Ok(())
}

/// The profiles that were moved when this one was merged: itself, and those that had been merged into it before.
pub async fn moved_by_merge(connection: &mut Connection, part: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &MOVED, part)?.into_iter().map(|(id,)| id).collect())
}

/// Takes profiles out from under a root and puts them under one of them.
pub async fn split(transaction: &mut Connection, moved: &[Uuid], part: Uuid, root: Uuid) -> Result<(), StoreError> {
    for profile in moved {
        execute!(transaction, &SPLIT, *profile, part, root)?;
    }
    Ok(())
}
