//! Partners' requests that people answer: what is prepared, reviewed and packaged, in the database of partner data. Whatever tells
//! something of a person is sealed with the key of the partner's query, and is gone with it.

mod document;
mod event;
mod package;
mod review;

pub use document::{DocumentRow, NewDocument, add_document, document_content, documents, remove_document, replace_document};
pub use event::{EventRow, NewEvent, events, has_prepared, note, reason_of};
pub use package::{
    NewPackage, PackageOutcome, PackageRow, StoredPackage, add_package, add_part, end_package, fetched, package, package_at_hand,
    packages, part, parts, to_package,
};
pub use review::{NewReview, StoredReview, add_review, approve, give_back, last_review};

use chrono::{DateTime, Utc};
use shared::agreement::{Partner, Priority, Purpose, Step};
use shared::partner_query::InboundState;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, DataKey, WrappedKey};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    OPEN = "SELECT foreign_query.id, partner, step, transaction_number, purpose, priority, profile_id, state, received_at, due_at, \
            information_draft.prepared_by FROM foreign_query \
            LEFT JOIN information_draft ON information_draft.request_id = foreign_query.id \
            WHERE kind = 'request' AND state IN ('assigned', 'in_preparation', 'in_review', 'returned', 'approved', 'packaged', \
            'handed_to_cpms', 'retrieved_by_obim', 'failed_package') \
            AND EXISTS (SELECT 1 FROM data_key WHERE data_key.id = foreign_query.data_key_id) \
            ORDER BY due_at IS NULL, due_at, CASE priority WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, received_at, \
            foreign_query.id LIMIT $1";
    OVER = "SELECT foreign_query.id, partner, step, transaction_number, purpose, priority, profile_id, state, received_at, due_at, \
            information_draft.prepared_by FROM information_package \
            JOIN foreign_query ON foreign_query.id = information_package.request_id \
            LEFT JOIN information_draft ON information_draft.request_id = foreign_query.id \
            WHERE outcome = 'sent' AND state IN ('transmitted', 'closed', 'corrected') \
            AND EXISTS (SELECT 1 FROM data_key WHERE data_key.id = foreign_query.data_key_id) \
            ORDER BY ended_at DESC, foreign_query.id LIMIT $1";
    KEY = "SELECT data_key.id, wrapping_key, wrapped FROM foreign_query JOIN data_key ON data_key.id = foreign_query.data_key_id \
           WHERE foreign_query.id = $1";
    TAKE = "INSERT INTO information_draft (request_id, prepared_by, changed_at) VALUES ($1, $2, $3) \
            ON CONFLICT (request_id) DO UPDATE SET prepared_by = excluded.prepared_by, changed_at = excluded.changed_at";
    KEEP = "UPDATE information_draft SET draft = $3, changed_at = $4 WHERE request_id = $1 AND prepared_by = $2";
    DRAFT = "SELECT prepared_by, draft FROM information_draft WHERE request_id = $1";
}

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    pub id: Uuid,
    pub partner: Partner,
    pub step: Step,
    pub transaction_number: String,
    pub purpose: Purpose,
    pub priority: Priority,
    pub profile: Option<Uuid>,
    pub state: InboundState,
    pub received_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    /// Whom it is with.
    pub prepared_by: Option<Uuid>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    partner: String,
    step: String,
    transaction_number: String,
    purpose: String,
    priority: String,
    profile_id: Option<Uuid>,
    state: String,
    received_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    prepared_by: Option<Uuid>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("foreign_query", column)
}

impl Row {
    fn read(self) -> Result<RequestRow, StoreError> {
        Ok(RequestRow {
            id: self.id,
            partner: Partner::from_key(&self.partner).ok_or(wrong("partner"))?,
            step: Step::from_key(&self.step).ok_or(wrong("step"))?,
            transaction_number: self.transaction_number,
            purpose: Purpose::from_key(&self.purpose).ok_or(wrong("purpose"))?,
            priority: Priority::from_key(&self.priority).ok_or(wrong("priority"))?,
            profile: self.profile_id,
            state: InboundState::from_key(&self.state).ok_or(wrong("state"))?,
            received_at: self.received_at,
            due_at: self.due_at,
            prepared_by: self.prepared_by,
        })
    }
}

const fn cell(table: &'static str, column: &'static str, row: Uuid) -> Cell {
    Cell { table, column, row }
}

/// The data key of the partner's query.
async fn key(connection: &mut Connection, keys: &Keys, request: Uuid) -> Result<DataKey, StoreError> {
    let row = fetch!(connection, fetch_optional, (Uuid, String, Vec<u8>), &KEY, request)?;
    let (id, wrapping_key, wrapped) = row.ok_or(StoreError::inconsistent("data_key", "id"))?;
    keys.unwrap(connection, &WrappedKey { id, wrapping_key, wrapped }).await
}

fn hash(bytes: Vec<u8>, of: StoreError) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| of)
}

/// Requests that people work on or that wait for OBIM, those that are due first before the others.
pub async fn open_requests(connection: &mut Connection, most: i64) -> Result<Vec<RequestRow>, StoreError> {
    fetch!(connection, fetch_all, Row, &OPEN, most)?.into_iter().map(Row::read).collect()
}

/// Requests of which a package was sent, the last sent first.
pub async fn requests_over(connection: &mut Connection, most: i64) -> Result<Vec<RequestRow>, StoreError> {
    fetch!(connection, fetch_all, Row, &OVER, most)?.into_iter().map(Row::read).collect()
}

/// Gives a request to who prepares it. What another wrote before stays.
pub async fn take(transaction: &mut Connection, request: Uuid, officer: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &TAKE, request, officer, at)?;
    Ok(())
}

/// Keeps the draft of who prepares a request. False if it is with somebody else.
pub async fn keep_draft(
    transaction: &mut Connection,
    keys: &Keys,
    request: Uuid,
    officer: Uuid,
    draft: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sealed = key(transaction, keys, request).await?.seal(cell("information_draft", "draft", request), draft)?;
    Ok(execute!(transaction, &KEEP, request, officer, sealed, at)? == 1)
}

/// Whom a request is with, and what was drafted; none if nobody has taken it.
pub async fn draft(connection: &mut Connection, keys: &Keys, request: Uuid) -> Result<Option<(Uuid, Option<Vec<u8>>)>, StoreError> {
    let row = fetch!(connection, fetch_optional, (Uuid, Option<Vec<u8>>), &DRAFT, request)?;
    let Some((prepared_by, sealed)) = row else { return Ok(None) };
    let Some(sealed) = sealed else { return Ok(Some((prepared_by, None))) };
    let plain = key(connection, keys, request).await?.open(cell("information_draft", "draft", request), &sealed)?;
    Ok(Some((prepared_by, Some(plain))))
}
