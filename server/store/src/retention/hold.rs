//! Holds. Each says who did what with it, once.

use chrono::{DateTime, Utc};
use shared::agreement::Partner;
use shared::retention::HoldOn;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    PROPOSE = "INSERT INTO retention_hold (id, scope, subject_id, partner, reason, proposed_by, proposed_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    AGREE = "UPDATE retention_hold SET agreed_by = $2, agreed_at = $3 \
             WHERE id = $1 AND agreed_by IS NULL AND withdrawn_by IS NULL AND proposed_by <> $2";
    WITHDRAW = "UPDATE retention_hold SET withdrawn_by = $2, withdrawn_at = $3 \
                WHERE id = $1 AND agreed_by IS NULL AND withdrawn_by IS NULL";
    PROPOSE_END = "UPDATE retention_hold SET ending_by = $2, ending_at = $3 \
                   WHERE id = $1 AND agreed_by IS NOT NULL AND ending_by IS NULL";
    KEEP = "UPDATE retention_hold SET ending_by = NULL, ending_at = NULL WHERE id = $1 AND ending_by IS NOT NULL AND ended_by IS NULL";
    END = "UPDATE retention_hold SET ended_by = $2, ended_at = $3 \
           WHERE id = $1 AND ending_by IS NOT NULL AND ending_by <> $2 AND ended_by IS NULL";
    GET = "SELECT id, scope, subject_id, partner, reason, proposed_by, proposed_at, agreed_by, agreed_at, withdrawn_by, withdrawn_at, \
           ending_by, ending_at, ended_by, ended_at FROM retention_hold WHERE id = $1";
    ALL = "SELECT id, scope, subject_id, partner, reason, proposed_by, proposed_at, agreed_by, agreed_at, withdrawn_by, withdrawn_at, \
           ending_by, ending_at, ended_by, ended_at FROM retention_hold ORDER BY proposed_at DESC, id DESC LIMIT $1";
    IN_FORCE = "SELECT scope, subject_id, partner FROM retention_hold WHERE withdrawn_by IS NULL AND ended_by IS NULL";
}

/// A hold to be proposed.
#[derive(Debug)]
pub struct NewHold<'a> {
    pub id: Uuid,
    pub on: HoldOn,
    pub reason: &'a str,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// A hold, and who did what with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHold {
    pub id: Uuid,
    pub on: HoldOn,
    pub reason: Sensitive<String>,
    pub proposed: (Uuid, DateTime<Utc>),
    pub agreed: Option<(Uuid, DateTime<Utc>)>,
    pub withdrawn: Option<(Uuid, DateTime<Utc>)>,
    /// The first of the two who end it.
    pub ending: Option<(Uuid, DateTime<Utc>)>,
    pub ended: Option<(Uuid, DateTime<Utc>)>,
}

impl StoredHold {
    /// A proposal keeps, too: what was destroyed meanwhile would not come back.
    pub const fn keeps(&self) -> bool {
        self.withdrawn.is_none() && self.ended.is_none()
    }
}

/// Who decides something about a hold, and when.
#[derive(Debug, Clone, Copy)]
pub struct Decision {
    pub id: Uuid,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    scope: String,
    subject_id: Option<Uuid>,
    partner: Option<String>,
    reason: Vec<u8>,
    proposed_by: Uuid,
    proposed_at: DateTime<Utc>,
    agreed_by: Option<Uuid>,
    agreed_at: Option<DateTime<Utc>>,
    withdrawn_by: Option<Uuid>,
    withdrawn_at: Option<DateTime<Utc>>,
    ending_by: Option<Uuid>,
    ending_at: Option<DateTime<Utc>>,
    ended_by: Option<Uuid>,
    ended_at: Option<DateTime<Utc>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("retention_hold", column)
}

const fn cell(row: Uuid) -> Cell {
    Cell { table: "retention_hold", column: "reason", row }
}

fn on(scope: &str, subject: Option<Uuid>, partner: Option<&str>) -> Result<HoldOn, StoreError> {
    match (scope, subject, partner) {
        ("person", Some(profile), None) => Ok(HoldOn::Person(profile)),
        ("case", Some(case), None) => Ok(HoldOn::Case(case)),
        ("partner", None, Some(partner)) => Partner::from_key(partner).map(HoldOn::Partner).ok_or(wrong("partner")),
        _ => Err(wrong("scope")),
    }
}

fn read(keys: &Keys, row: Row) -> Result<StoredHold, StoreError> {
    let reason = String::from_utf8(keys.transit().open(cell(row.id), &row.reason)?).map_err(|_| wrong("reason"))?;
    Ok(StoredHold {
        id: row.id,
        on: on(&row.scope, row.subject_id, row.partner.as_deref())?,
        reason: Sensitive::new(reason),
        proposed: (row.proposed_by, row.proposed_at),
        agreed: row.agreed_by.zip(row.agreed_at),
        withdrawn: row.withdrawn_by.zip(row.withdrawn_at),
        ending: row.ending_by.zip(row.ending_at),
        ended: row.ended_by.zip(row.ended_at),
    })
}

/// Adds a hold, which keeps from now on.
pub async fn propose_hold(transaction: &mut Connection, keys: &Keys, new: &NewHold<'_>) -> Result<(), StoreError> {
    let (subject, partner) = match new.on {
        HoldOn::Person(id) | HoldOn::Case(id) => (Some(id), None),
        HoldOn::Partner(partner) => (None, Some(partner.key())),
    };
    let reason = keys.transit().seal(cell(new.id), new.reason.as_bytes())?;
    execute!(transaction, &PROPOSE, new.id, new.on.key(), subject, partner, reason, new.by, new.at)?;
    Ok(())
}

/// Agrees to what somebody else proposed; false if it cannot be agreed to any more, or by them.
pub async fn agree_to_hold(transaction: &mut Connection, decision: Decision) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &AGREE, decision.id, decision.by, decision.at)? == 1)
}

/// Takes a proposal away to which nobody agreed; false if it is none.
pub async fn withdraw_hold(transaction: &mut Connection, decision: Decision) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &WITHDRAW, decision.id, decision.by, decision.at)? == 1)
}

/// Proposes to end a hold, which keeps until somebody else agrees; false if it does not hold, or somebody proposed it already.
pub async fn propose_end(transaction: &mut Connection, decision: Decision) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &PROPOSE_END, decision.id, decision.by, decision.at)? == 1)
}

/// Has a hold go on that somebody proposed to end; false if nobody did, or it has ended.
pub async fn keep_hold(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &KEEP, id)? == 1)
}

/// Ends a hold that somebody else proposed to end; false if it cannot be ended, or by them.
pub async fn end_hold(transaction: &mut Connection, decision: Decision) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, decision.id, decision.by, decision.at)? == 1)
}

/// One hold; none if there is none.
pub async fn hold(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredHold>, StoreError> {
    fetch!(connection, fetch_optional, Row, &GET, id)?.map(|row| read(keys, row)).transpose()
}

/// Holds, the newest first.
pub async fn holds(connection: &mut Connection, keys: &Keys, most: i64) -> Result<Vec<StoredHold>, StoreError> {
    fetch!(connection, fetch_all, Row, &ALL, most)?.into_iter().map(|row| read(keys, row)).collect()
}

/// All that keeps something at this moment.
pub async fn holds_in_force(connection: &mut Connection) -> Result<Vec<HoldOn>, StoreError> {
    type Scope = (String, Option<Uuid>, Option<String>);
    let rows = fetch!(connection, fetch_all, Scope, &IN_FORCE)?;
    rows.into_iter().map(|(scope, subject, partner)| on(&scope, subject, partner.as_deref())).collect()
}
