//! What happened to a request, and who did it.

use chrono::{DateTime, Utc};
use shared::partner_query::InboundState;
use uuid::Uuid;

use super::{cell, key};
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    NOTE = "INSERT INTO information_event (id, request_id, version, event, state, officer_id, detail, occurred_at, reason) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OF_REQUEST = "SELECT event, officer_id, detail, occurred_at FROM information_event WHERE request_id = $1 ORDER BY version";
    REASON = "SELECT id, reason FROM information_event WHERE request_id = $1 AND event = $2 AND reason IS NOT NULL \
              ORDER BY version DESC LIMIT 1";
    HAS_PREPARED = "SELECT EXISTS (SELECT 1 FROM information_event WHERE request_id = $1 AND officer_id = $2 AND event IN \
                    ('opened', 'kept', 'sent_to_review', 'document_added', 'document_redacted', 'document_removed'))";
}

/// Something that happened, beside the state that it led to.
#[derive(Debug)]
pub struct NewEvent<'a> {
    pub id: Uuid,
    pub request: Uuid,
    /// Of the request, after it.
    pub version: i64,
    pub event: &'a str,
    pub state: InboundState,
    /// None: a job.
    pub by: Option<Uuid>,
    /// As JSON, without a word about the person.
    pub detail: &'a str,
    /// Why, in words.
    pub reason: Option<&'a str>,
    pub at: DateTime<Utc>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EventRow {
    pub event: String,
    pub officer_id: Option<Uuid>,
    pub detail: String,
    pub occurred_at: DateTime<Utc>,
}

/// Notes what happened.
pub async fn note(transaction: &mut Connection, keys: &Keys, new: &NewEvent<'_>) -> Result<(), StoreError> {
    let NewEvent { id, request, version, event, state, by, detail, reason, at } = new;
    let sealed = match reason {
        Some(reason) => {
            let key = key(transaction, keys, *request).await?;
            Some(key.seal(cell("information_event", "reason", *id), reason.as_bytes())?)
        }
        None => None,
    };
    execute!(transaction, &NOTE, *id, *request, *version, *event, state.key(), *by, *detail, *at, sealed)?;
    Ok(())
}

/// What happened to a request, in order.
pub async fn events(connection: &mut Connection, request: Uuid) -> Result<Vec<EventRow>, StoreError> {
    Ok(fetch!(connection, fetch_all, EventRow, &OF_REQUEST, request)?)
}

/// Why something happened to a request last, in words.
pub async fn reason_of(connection: &mut Connection, keys: &Keys, request: Uuid, event: &str) -> Result<Option<String>, StoreError> {
    let Some((id, sealed)) = fetch!(connection, fetch_optional, (Uuid, Vec<u8>), &REASON, request, event)? else { return Ok(None) };
    let plain = key(connection, keys, request).await?.open(cell("information_event", "reason", id), &sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| StoreError::inconsistent("information_event", "reason"))
}

/// Has somebody had a part in preparing a request? They do not release it, whoever has it now.
pub async fn has_prepared(connection: &mut Connection, request: Uuid, officer: Uuid) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &HAS_PREPARED, request, officer)?.0)
}
