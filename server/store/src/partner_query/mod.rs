//! What we ask partners and what they ask us, in the database of partner data. Each query has a data key of its own.

mod component_use;
mod count;
mod figures;
mod foreign;
mod hold;
mod message;
mod step;

pub use component_use::{
    Ground, LedgerRow, NewUse, StoredApproval, StoredUse, UseChecked, UseDecided, UseState, add_use, agree_to_use, asked_use,
    check_use, decide_use, end_use, enter_use, guard_use, propose_use, standing_uses, use_approvals, use_ledger, use_to_check,
    use_to_tell, use_told, uses_waiting,
};
pub use count::{count, made};
pub use figures::{Period, holds_by_partner, our_queries, suppressed_of, their_queries};
pub use foreign::{
    Answering, ForeignState, NewForeign, StoredForeign, StoredSuppression, add_foreign, answered_before, due_foreign, foreign,
    foreign_by_number, foreign_in_state, foreign_of_partner, newest_in_state, save_foreign, suppress, suppressions, told_of,
};
pub use hold::{Held, HoldDecision, NewHold, StoredHold, decide_hold, hold, holds_waiting, raise_hold, releases};
pub use message::{NewMessage, StoredMessage, add_message, left_messages, message_handled, message_problem};
pub use step::{
    NewStep, StoredStep, Stray, add_step, answer_step, approve_step, authorize_step, drop_step, due_steps, forget_approval,
    number_of_step, settle_step, steps, try_step_again,
};

use chrono::{DateTime, Utc};
use shared::agreement::{Modality, Partner, Priority, Purpose};
use shared::partner_query::OutboundState;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, DataKey, WrappedKey};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    ADD = "INSERT INTO partner_query (id, profile_id, case_id, data_key_id, partner, purpose, priority, modality, state, version, \
           asked_by, justification, probe, created_at, changed_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13, $13)";
    GET = "SELECT id, profile_id, case_id, partner, purpose, priority, modality, state, version, asked_by, justification, \
           probe_destroyed_at, created_at, changed_at, due_at, data_key_id, \
           EXISTS (SELECT 1 FROM partner_query_step WHERE query_id = partner_query.id AND step = 'reverse') AS asks_back \
           FROM partner_query WHERE id = $1";
    OF_PROFILE = "SELECT id FROM partner_query WHERE profile_id = $1 ORDER BY created_at DESC, id DESC";
    OF_OFFICER = "SELECT id FROM partner_query WHERE asked_by = $1 ORDER BY changed_at DESC, id DESC LIMIT $2";
    IN_STATE = "SELECT id FROM partner_query WHERE state = $1 ORDER BY changed_at, id LIMIT $2";
    OF_PARTNER = "SELECT id FROM partner_query WHERE partner = $1 AND created_at < $2 ORDER BY created_at DESC, id DESC LIMIT $3";
    SAVE = "UPDATE partner_query SET state = $3, version = version + 1, changed_at = $4 WHERE id = $1 AND version = $2";
    ADD_EVENT = "INSERT INTO partner_query_event (id, query_id, version, event, state, actor, occurred_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)";
    EVENTS = "SELECT version, event, state, actor, occurred_at FROM partner_query_event WHERE query_id = $1 ORDER BY version";
    PROBE = "SELECT probe FROM partner_query WHERE id = $1";
    DESTROY_PROBE = "UPDATE partner_query SET probe = NULL, probe_destroyed_at = $2 WHERE id = $1 AND probe IS NOT NULL";
    DUE = "UPDATE partner_query SET due_at = $2 WHERE id = $1";
    KEY = "SELECT id, wrapping_key, wrapped FROM data_key WHERE id = $1";
}

/// A query of ours to be kept.
#[derive(Debug)]
pub struct NewQuery<'a> {
    pub id: Uuid,
    /// In the main database: the root at the time, and the case for which it is asked.
    pub profile: Uuid,
    pub case: Uuid,
    pub partner: Partner,
    pub purpose: Purpose,
    pub priority: Priority,
    pub modality: Modality,
    pub state: OutboundState,
    pub asked_by: Uuid,
    /// Why it is asked, and what else the officer stated, as JSON.
    pub justification: &'a [u8],
    /// The prints, an ANSI/NIST-ITL transaction.
    pub probe: Option<&'a [u8]>,
    pub at: DateTime<Utc>,
}

/// A query of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredQuery {
    pub id: Uuid,
    pub profile: Uuid,
    pub case: Uuid,
    pub partner: Partner,
    pub purpose: Purpose,
    pub priority: Priority,
    pub modality: Modality,
    pub state: OutboundState,
    pub version: i64,
    pub asked_by: Uuid,
    pub justification: Vec<u8>,
    pub probe_destroyed_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub data_key: Uuid,
    /// It follows a query of the partner's own, and has no prints.
    pub asks_back: bool,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    profile_id: Uuid,
    case_id: Uuid,
    partner: String,
    purpose: String,
    priority: String,
    modality: String,
    state: String,
    version: i64,
    asked_by: Uuid,
    justification: Vec<u8>,
    probe_destroyed_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    data_key_id: Uuid,
    asks_back: bool,
}

/// What happened to a query.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct QueryEvent {
    pub version: i64,
    pub event: String,
    pub state: String,
    pub actor: String,
    pub occurred_at: DateTime<Utc>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("partner_query", column)
}

const fn cell(table: &'static str, column: &'static str, row: Uuid) -> Cell {
    Cell { table, column, row }
}

/// A new data key for one conversation.
async fn new_key(transaction: &mut Connection, keys: &Keys, id: Uuid, at: DateTime<Utc>) -> Result<DataKey, StoreError> {
    keys.add_key(transaction, "query", id, at).await
}

/// The data key of a conversation. None if it was destroyed: what it sealed is gone.
async fn key_left(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<DataKey>, StoreError> {
    let row = fetch!(connection, fetch_optional, (Uuid, String, Vec<u8>), &KEY, id)?;
    let Some((id, wrapping_key, wrapped)) = row else { return Ok(None) };
    keys.unwrap(connection, &WrappedKey { id, wrapping_key, wrapped }).await.map(Some)
}

/// The data key of a conversation that is under way.
async fn key(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<DataKey, StoreError> {
    key_left(connection, keys, id).await?.ok_or(StoreError::inconsistent("data_key", "id"))
}

/// Adds a query, with a key of its own.
pub async fn add(transaction: &mut Connection, keys: &Keys, data_key: Uuid, new: &NewQuery<'_>) -> Result<(), StoreError> {
    let key = new_key(transaction, keys, data_key, new.at).await?;
    let justification = key.seal(cell("partner_query", "justification", new.id), new.justification)?;
    let probe = new.probe.map(|probe| key.seal(cell("partner_query", "probe", new.id), probe)).transpose()?;
    execute!(
        transaction,
        &ADD,
        new.id,
        new.profile,
        new.case,
        data_key,
        new.partner.key(),
        new.purpose.key(),
        new.priority.key(),
        new.modality.key(),
        new.state.key(),
        new.asked_by,
        justification,
        probe,
        new.at
    )?;
    Ok(())
}

/// A query; none if there is none, or if it was destroyed.
pub async fn get(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredQuery>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, id)? else { return Ok(None) };
    let Some(key) = key_left(connection, keys, row.data_key_id).await? else { return Ok(None) };
    Ok(Some(StoredQuery {
        id: row.id,
        profile: row.profile_id,
        case: row.case_id,
        partner: Partner::from_key(&row.partner).ok_or(wrong("partner"))?,
        purpose: Purpose::from_key(&row.purpose).ok_or(wrong("purpose"))?,
        priority: Priority::from_key(&row.priority).ok_or(wrong("priority"))?,
        modality: Modality::from_key(&row.modality).ok_or(wrong("modality"))?,
        state: OutboundState::from_key(&row.state).ok_or(wrong("state"))?,
        version: row.version,
        asked_by: row.asked_by,
        justification: key.open(cell("partner_query", "justification", row.id), &row.justification)?,
        probe_destroyed_at: row.probe_destroyed_at,
        created_at: row.created_at,
        changed_at: row.changed_at,
        due_at: row.due_at,
        data_key: row.data_key_id,
        asks_back: row.asks_back,
    }))
}

/// The queries about a profile, the newest first.
pub async fn of_profile(connection: &mut Connection, profile: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &OF_PROFILE, profile)?.into_iter().map(|(id,)| id).collect())
}

/// The queries of an officer, the last changed first.
pub async fn of_officer(connection: &mut Connection, officer: Uuid, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &OF_OFFICER, officer, most)?.into_iter().map(|(id,)| id).collect())
}

/// Queries in a state, those that are longest in it first.
pub async fn in_state(connection: &mut Connection, state: OutboundState, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &IN_STATE, state.key(), most)?.into_iter().map(|(id,)| id).collect())
}

/// What happened, to be noted beside the state that it led to.
#[derive(Debug)]
pub struct Happened<'a> {
    pub id: Uuid,
    pub event: &'a str,
    pub state: OutboundState,
    pub actor: &'a str,
    pub at: DateTime<Utc>,
}

/// The queries to a partner that were made before a moment: at most so many, the newest first.
pub async fn of_partner(
    connection: &mut Connection,
    partner: Partner,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &OF_PARTNER, partner.key(), before, most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes a query from the version that was read to its next state. False if somebody was quicker.
pub async fn save(transaction: &mut Connection, query: Uuid, version: i64, happened: &Happened<'_>) -> Result<bool, StoreError> {
    if execute!(transaction, &SAVE, query, version, happened.state.key(), happened.at)? == 0 {
        return Ok(false);
    }
    note(transaction, query, version + 1, happened).await?;
    Ok(true)
}

/// Says by when the partner is to answer; none if the agreement does not say, or nothing is awaited.
pub async fn set_due(transaction: &mut Connection, query: Uuid, due_at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    execute!(transaction, &DUE, query, due_at)?;
    Ok(())
}

/// Notes what a query began with, or came to.
pub async fn note(transaction: &mut Connection, query: Uuid, version: i64, happened: &Happened<'_>) -> Result<(), StoreError> {
    let Happened { id, event, state, actor, at } = happened;
    execute!(transaction, &ADD_EVENT, *id, query, version, *event, state.key(), *actor, *at)?;
    Ok(())
}

/// What happened to a query, in order.
pub async fn events(connection: &mut Connection, query: Uuid) -> Result<Vec<QueryEvent>, StoreError> {
    Ok(fetch!(connection, fetch_all, QueryEvent, &EVENTS, query)?)
}

/// The prints of a query, while they are there.
pub async fn probe(connection: &mut Connection, keys: &Keys, query: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, query)? else { return Ok(None) };
    let Some((Some(sealed),)) = fetch!(connection, fetch_optional, (Option<Vec<u8>>,), &PROBE, query)? else { return Ok(None) };
    let key = key(connection, keys, row.data_key_id).await?;
    Ok(Some(key.open(cell("partner_query", "probe", query), &sealed)?))
}

/// Destroys the prints of a query once they were searched with (SOR/2002-227 s. 315.43(2)). False if there were none.
pub async fn destroy_probe(transaction: &mut Connection, query: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &DESTROY_PROBE, query, at)? == 1)
}
