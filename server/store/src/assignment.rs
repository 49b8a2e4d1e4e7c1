//! Who works on an office's requests, who is on leave, and what was given out in one act.

use chrono::{DateTime, NaiveDate, Utc};
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, RequestKind};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    SET_SHARE = "INSERT INTO assignment_share (office, officer_id, kinds, capacity) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (office, officer_id) DO UPDATE SET kinds = excluded.kinds, capacity = excluded.capacity";
    DROP_SHARE = "DELETE FROM assignment_share WHERE office = $1 AND officer_id = $2";
    SHARES = "SELECT officer_id, kinds, capacity FROM assignment_share WHERE office = $1 ORDER BY officer_id";
    // Of two who give out at the same moment, the second sees what the first gave.
    HOLD_SHARES = "UPDATE assignment_share SET capacity = capacity WHERE office = $1 RETURNING officer_id, kinds, capacity";
    ADD_LEAVE = "INSERT INTO officer_leave (id, officer_id, from_on, until_on) VALUES ($1, $2, $3, $4)";
    DROP_LEAVE = "DELETE FROM officer_leave WHERE id = $1 AND officer_id = $2";
    LEAVES = "SELECT id, from_on, until_on FROM officer_leave WHERE officer_id = $1 AND until_on >= $2 ORDER BY from_on, id";
    ON_LEAVE = "SELECT DISTINCT officer_leave.officer_id FROM officer_leave \
                JOIN assignment_share ON assignment_share.officer_id = officer_leave.officer_id \
                WHERE assignment_share.office = $1 AND from_on <= $2 AND until_on >= $2 ORDER BY officer_leave.officer_id";
    ADD_BATCH = "INSERT INTO assignment_batch (id, officer_id, created_at) VALUES ($1, $2, $3)";
    ADD_BATCH_ROW = "INSERT INTO assignment_batch_row (batch_id, request_id, former_officer_id, version) VALUES ($1, $2, $3, $4)";
    BATCH_ROWS = "SELECT request_id, former_officer_id, version FROM assignment_batch_row WHERE batch_id = $1 ORDER BY request_id";
    // Undone once, and by who did it.
    UNDO_BATCH = "UPDATE assignment_batch SET undone_at = $3 WHERE id = $1 AND officer_id = $2 AND undone_at IS NULL AND created_at > $4";
}

/// An officer's part of an office's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub officer: OfficerId,
    /// Empty for all.
    pub kinds: Vec<RequestKind>,
    /// Open requests that the officer has at most, to be given more.
    pub capacity: i64,
}

type ShareRow = (Uuid, String, i64);

fn share((officer, kinds, capacity): ShareRow) -> Result<Share, StoreError> {
    let kind = |key| RequestKind::from_key(key).ok_or(StoreError::inconsistent("assignment_share", "kinds"));
    let kinds = kinds.split_whitespace().map(kind).collect::<Result<_, _>>()?;
    Ok(Share { officer: OfficerId(officer.as_u128()), kinds, capacity })
}

fn uuid(officer: OfficerId) -> Uuid {
    Uuid::from_u128(officer.0)
}

pub async fn set_share(transaction: &mut Connection, office: &OfficeCode, share: &Share) -> Result<(), StoreError> {
    let kinds: Vec<&str> = share.kinds.iter().map(|kind| kind.key()).collect();
    execute!(transaction, &SET_SHARE, office.as_str(), uuid(share.officer), kinds.join(" "), share.capacity)?;
    Ok(())
}

pub async fn drop_share(transaction: &mut Connection, office: &OfficeCode, officer: OfficerId) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &DROP_SHARE, office.as_str(), uuid(officer))? > 0)
}

pub async fn shares(connection: &mut Connection, office: &OfficeCode) -> Result<Vec<Share>, StoreError> {
    fetch!(connection, fetch_all, ShareRow, &SHARES, office.as_str())?.into_iter().map(share).collect()
}

/// The same, kept from others until this transaction ends.
pub async fn hold_shares(transaction: &mut Connection, office: &OfficeCode) -> Result<Vec<Share>, StoreError> {
    let rows = fetch!(transaction, fetch_all, ShareRow, &HOLD_SHARES, office.as_str())?;
    let mut shares: Vec<Share> = rows.into_iter().map(share).collect::<Result<_, _>>()?;
    shares.sort_by_key(|share| share.officer);
    Ok(shares)
}

/// From a day until another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    pub id: Uuid,
    pub from: NaiveDate,
    pub until: NaiveDate,
}

pub async fn add_leave(transaction: &mut Connection, officer: OfficerId, leave: Leave) -> Result<(), StoreError> {
    execute!(transaction, &ADD_LEAVE, leave.id, uuid(officer), leave.from.to_string(), leave.until.to_string())?;
    Ok(())
}

pub async fn drop_leave(transaction: &mut Connection, officer: OfficerId, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &DROP_LEAVE, id, uuid(officer))? > 0)
}

/// An officer's leave that is not over.
pub async fn leaves(connection: &mut Connection, officer: OfficerId, today: NaiveDate) -> Result<Vec<Leave>, StoreError> {
    let day = |text: String| text.parse().map_err(|_| StoreError::inconsistent("officer_leave", "from_on"));
    let read = |(id, from, until): (Uuid, String, String)| Ok(Leave { id, from: day(from)?, until: day(until)? });
    let rows = fetch!(connection, fetch_all, (Uuid, String, String), &LEAVES, uuid(officer), today.to_string())?;
    rows.into_iter().map(read).collect()
}

/// Those who work on an office's requests and are on leave today.
pub async fn on_leave(connection: &mut Connection, office: &OfficeCode, today: NaiveDate) -> Result<Vec<OfficerId>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &ON_LEAVE, office.as_str(), today.to_string())?;
    Ok(rows.into_iter().map(|(id,)| OfficerId(id.as_u128())).collect())
}

pub async fn add_batch(transaction: &mut Connection, id: Uuid, by: OfficerId, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &ADD_BATCH, id, uuid(by), now)?;
    Ok(())
}

/// A request that an act gave to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub request: Uuid,
    /// Who had it before.
    pub former: Option<OfficerId>,
    /// The version that the act left.
    pub version: i64,
}

pub async fn add_given(transaction: &mut Connection, batch: Uuid, given: Given) -> Result<(), StoreError> {
    execute!(transaction, &ADD_BATCH_ROW, batch, given.request, given.former.map(uuid), given.version)?;
    Ok(())
}

pub async fn given(connection: &mut Connection, batch: Uuid) -> Result<Vec<Given>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid, Option<Uuid>, i64), &BATCH_ROWS, batch)?;
    let read = |(request, former, version): (Uuid, Option<Uuid>, i64)| Given {
        request,
        former: former.map(|id| OfficerId(id.as_u128())),
        version,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Marks an act as undone. False if it is, is somebody else's, or older than `since`.
pub async fn undo_batch(
    transaction: &mut Connection,
    id: Uuid,
    by: OfficerId,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &UNDO_BATCH, id, uuid(by), now, since)? > 0)
}
