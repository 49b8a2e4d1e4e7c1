//! What the case system is to do, and what it says of it.

use chrono::{DateTime, Utc};
use shared::answer::{Command, CommandKind, CommandState};
use shared::case_status::ReceiptNumber;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::key_of;
use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO outbound_command (id, position, request_id, case_id, kind, detail, state, state_at, asked_by, asked_at) \
           SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, 'requested', $6, $7, $6 FROM outbound_command RETURNING position";
    FIND = "SELECT outbound_command.id, position, request_id, case_id, receipt_number, kind, detail, state, state_at, reason, \
            asked_by, asked_at FROM outbound_command JOIN case_record ON case_record.id = case_id \
            WHERE outbound_command.id = $1 AND receipt_number < '~'";
    AFTER = "SELECT outbound_command.id, position, request_id, case_id, receipt_number, kind, detail, state, state_at, reason, \
             asked_by, asked_at FROM outbound_command JOIN case_record ON case_record.id = case_id \
             WHERE position > $1 AND receipt_number < '~' ORDER BY position LIMIT $2";
    OF_REQUEST = "SELECT outbound_command.id, position, request_id, case_id, receipt_number, kind, detail, state, state_at, reason, \
                  asked_by, asked_at FROM outbound_command JOIN case_record ON case_record.id = case_id \
                  WHERE request_id = $1 AND receipt_number < '~' ORDER BY position";
    MARK_SENT = "UPDATE outbound_command SET state = 'sent', state_at = $2 WHERE position <= $1 AND state = 'requested'";
    SETTLE = "UPDATE outbound_command SET state = $3, reason = $4, state_at = $5 WHERE id = $1 AND state = $2";
}

/// Something that the case system is to do.
#[derive(Debug)]
pub struct NewCommand<'a> {
    pub id: Uuid,
    pub request: Uuid,
    pub case: Uuid,
    pub command: &'a Command,
    pub asked_by: Uuid,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct StoredCommand {
    pub id: Uuid,
    pub position: i64,
    pub request: Uuid,
    pub case: Uuid,
    pub number: ReceiptNumber,
    pub command: Command,
    pub state: CommandState,
    pub state_at: DateTime<Utc>,
    /// Why it was refused.
    pub reason: Option<Sensitive<String>>,
    pub asked_by: Uuid,
    pub asked_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    position: i64,
    request_id: Uuid,
    case_id: Uuid,
    receipt_number: String,
    kind: String,
    detail: Vec<u8>,
    state: String,
    state_at: DateTime<Utc>,
    reason: Option<Vec<u8>>,
    asked_by: Uuid,
    asked_at: DateTime<Utc>,
}

const fn cell(column: &'static str, id: Uuid) -> Cell {
    Cell { table: "outbound_command", column, row: id }
}

async fn open(connection: &mut Connection, keys: &Keys, row: Row) -> Result<StoredCommand, StoreError> {
    let wrong = |column| StoreError::inconsistent("outbound_command", column);
    let key = key_of(connection, keys, row.case_id).await?;
    let detail = key.open(cell("detail", row.id), &row.detail)?;
    let command: Command = serde_json::from_slice(&detail).map_err(|_| wrong("detail"))?;
    if CommandKind::from_key(&row.kind) != Some(command.kind()) {
        return Err(wrong("kind"));
    }
    let reason = match row.reason {
        Some(sealed) => {
            let plain = String::from_utf8(key.open(cell("reason", row.id), &sealed)?).map_err(|_| wrong("reason"))?;
            Some(Sensitive::new(plain))
        }
        None => None,
    };
    Ok(StoredCommand {
        id: row.id,
        position: row.position,
        request: row.request_id,
        case: row.case_id,
        number: ReceiptNumber::parse(&row.receipt_number).map_err(|_| wrong("case_id"))?,
        command,
        state: CommandState::from_key(&row.state).ok_or(wrong("state"))?,
        state_at: row.state_at,
        reason,
        asked_by: row.asked_by,
        asked_at: row.asked_at,
    })
}

/// Adds a command. Imports are to be locked: positions become visible in their order.
pub async fn add_command(transaction: &mut Connection, keys: &Keys, new: &NewCommand<'_>) -> Result<i64, StoreError> {
    let plain = serde_json::to_vec(new.command).map_err(|_| StoreError::inconsistent("outbound_command", "detail"))?;
    let sealed = key_of(transaction, keys, new.case).await?.seal(cell("detail", new.id), &plain)?;
    let kind = new.command.kind().key();
    Ok(fetch!(transaction, fetch_one, (i64,), &ADD, new.id, new.request, new.case, kind, sealed, new.at, new.asked_by)?.0)
}

pub async fn command(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredCommand>, StoreError> {
    match fetch!(connection, fetch_optional, Row, &FIND, id)? {
        Some(row) => open(connection, keys, row).await.map(Some),
        None => Ok(None),
    }
}

/// Commands after a position, in their order.
pub async fn commands_after(
    connection: &mut Connection,
    keys: &Keys,
    after: i64,
    most: i64,
) -> Result<Vec<StoredCommand>, StoreError> {
    let mut commands = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &AFTER, after, most)? {
        commands.push(open(connection, keys, row).await?);
    }
    Ok(commands)
}

pub async fn commands_of(connection: &mut Connection, keys: &Keys, request: Uuid) -> Result<Vec<StoredCommand>, StoreError> {
    let mut commands = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &OF_REQUEST, request)? {
        commands.push(open(connection, keys, row).await?);
    }
    Ok(commands)
}

/// Notes that the case system has taken over everything up to a position. Says how many were new to it.
pub async fn mark_sent(transaction: &mut Connection, until: i64, at: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &MARK_SENT, until, at)?)
}

/// Notes what became of a command. False if somebody else did.
pub async fn settle_command(
    transaction: &mut Connection,
    keys: &Keys,
    command: &StoredCommand,
    next: CommandState,
    reason: Option<&str>,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sealed = match reason {
        Some(reason) => Some(key_of(transaction, keys, command.case).await?.seal(cell("reason", command.id), reason.as_bytes())?),
        None => None,
    };
    Ok(execute!(transaction, &SETTLE, command.id, command.state.key(), next.key(), sealed, at)? > 0)
}
