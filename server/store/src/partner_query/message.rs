//! What came from IDENT: each message once, until it is understood.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cell;
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    ADD = "INSERT INTO ident_message (id, received_at, kind, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
    LEFT = "SELECT id, received_at, kind, body, problem FROM ident_message WHERE handled_at IS NULL AND body IS NOT NULL \
            ORDER BY received_at, id LIMIT $1";
    HANDLED = "UPDATE ident_message SET handled_at = $2, body = NULL, problem = NULL WHERE id = $1 AND handled_at IS NULL";
    PROBLEM = "UPDATE ident_message SET problem = $2 WHERE id = $1 AND handled_at IS NULL";
}

/// A message as it came.
#[derive(Debug)]
pub struct NewMessage<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub body: &'a [u8],
    pub at: DateTime<Utc>,
}

/// A message that is not understood yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    pub id: Uuid,
    pub received_at: DateTime<Utc>,
    pub kind: String,
    pub body: Vec<u8>,
    pub problem: Option<String>,
}

/// Keeps a message; false if it came before.
pub async fn add_message(transaction: &mut Connection, keys: &Keys, new: &NewMessage<'_>) -> Result<bool, StoreError> {
    let sealed = keys.transit().seal(cell("ident_message", "body", new.id), new.body)?;
    Ok(execute!(transaction, &ADD, new.id, new.at, new.kind, sealed)? == 1)
}

/// Messages that are not understood yet, the oldest first.
pub async fn left_messages(connection: &mut Connection, keys: &Keys, most: i64) -> Result<Vec<StoredMessage>, StoreError> {
    type Row = (Uuid, DateTime<Utc>, String, Vec<u8>, Option<String>);
    let read = |(id, received_at, kind, sealed, problem): Row| {
        let body = keys.transit().open(cell("ident_message", "body", id), &sealed)?;
        Ok(StoredMessage { id, received_at, kind, body, problem })
    };
    fetch!(connection, fetch_all, Row, &LEFT, most)?.into_iter().map(read).collect()
}

/// A message is understood, and what it said stands elsewhere.
pub async fn message_handled(transaction: &mut Connection, id: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &HANDLED, id, at)?;
    Ok(())
}

/// Why a message waits.
pub async fn message_problem(transaction: &mut Connection, id: Uuid, problem: &str) -> Result<(), StoreError> {
    execute!(transaction, &PROBLEM, id, problem)?;
    Ok(())
}
