//! What partners ask us, and what they were told.

use chrono::{DateTime, Utc};
use shared::agreement::{AnswerKind, Partner, Priority, Purpose, Step};
use shared::partner_query::{InboundState, ReleaseState};
use shared::protection::AnsweredBefore;
use uuid::Uuid;

use super::{cell, key_left, new_key};
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    OF_PARTNER = "SELECT id FROM foreign_query WHERE partner = $1 AND received_at < $2 ORDER BY received_at DESC, id DESC LIMIT $3";
    ADD = "INSERT INTO foreign_query (id, message_id, partner, step, transaction_number, prior, purpose, priority, profile_id, \
           data_key_id, request, kind, state, version, received_at, due_at, attempts, next_attempt_at, changed_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15, 0, $16, $14) ON CONFLICT DO NOTHING";
    GET = "SELECT id, message_id, partner, step, transaction_number, prior, purpose, priority, profile_id, data_key_id, request, kind, \
           state, version, received_at, due_at, decision, answer, disclosure_id, attempts, next_attempt_at, answered_at, \
           decided_at FROM foreign_query WHERE id = $1";
    BY_NUMBER = "SELECT id FROM foreign_query WHERE partner = $1 AND transaction_number = $2";
    IN_STATE = "SELECT id FROM foreign_query WHERE kind = $1 AND state = $2 ORDER BY received_at, id LIMIT $3";
    NEWEST_IN_STATE = "SELECT id FROM foreign_query WHERE kind = $1 AND state = $2 ORDER BY received_at DESC, id DESC LIMIT $3";
    DUE = "SELECT id FROM foreign_query WHERE next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT $2";
    SAVE = "UPDATE foreign_query SET state = $3, version = version + 1, decision = coalesce($4, decision), \
            answer = coalesce($5, answer), disclosure_id = coalesce($6, disclosure_id), attempts = $7, next_attempt_at = $8, \
            answered_at = coalesce($9, answered_at), changed_at = $10, \
            decided_at = CASE WHEN $4 IS NULL THEN decided_at ELSE $10 END WHERE id = $1 AND version = $2";
    // The most that was ever told: of every profile that was put together.
    ANSWERED = "SELECT answer FROM foreign_query WHERE profile_id = $1 AND partner = $2 AND answer IS NOT NULL AND disclosure_id IS NOT NULL \
                UNION SELECT answer FROM foreign_query WHERE profile_id = $1 AND partner = $2 AND answered_at IS NOT NULL";
    TOLD_OF = "SELECT id FROM foreign_query WHERE profile_id = $1 AND answer IN ('match', 'partial') AND answered_at IS NOT NULL \
               ORDER BY answered_at DESC, id DESC LIMIT $2";
    SUPPRESS = "INSERT INTO suppression (id, foreign_query_id, profile_id, because, recorded_at) VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT DO NOTHING";
    SUPPRESSIONS = "SELECT suppression.id, foreign_query_id, suppression.profile_id, because, recorded_at, partner, step, \
                    transaction_number FROM suppression JOIN foreign_query ON foreign_query.id = suppression.foreign_query_id \
                    ORDER BY recorded_at DESC, suppression.id DESC LIMIT $1";
}

/// Where a partner's query stands, by the way in which it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignState {
    /// IDENT answers it as soon as we let it.
    First(ReleaseState),
    /// People answer it.
    Request(InboundState),
}

impl ForeignState {
    const fn kind(self) -> &'static str {
        match self {
            Self::First(_) => "first",
            Self::Request(_) => "request",
        }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Self::First(state) => state.key(),
            Self::Request(state) => state.key(),
        }
    }

    fn read(kind: &str, key: &str) -> Option<Self> {
        match kind {
            "first" => ReleaseState::from_key(key).map(Self::First),
            "request" => InboundState::from_key(key).map(Self::Request),
            _ => None,
        }
    }
}

/// A partner's query to be kept.
#[derive(Debug)]
pub struct NewForeign<'a> {
    pub id: Uuid,
    pub message: Uuid,
    pub partner: Partner,
    pub step: Step,
    pub transaction_number: &'a str,
    pub prior: Option<&'a str>,
    pub purpose: Purpose,
    pub priority: Priority,
    /// None: nobody whom we know.
    pub profile: Option<Uuid>,
    /// As it came.
    pub request: &'a [u8],
    pub state: ForeignState,
    pub at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub next_attempt_at: Option<DateTime<Utc>>,
}

/// A partner's query, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForeign {
    pub id: Uuid,
    /// IDENT's number of the message that brought it.
    pub message: Uuid,
    pub partner: Partner,
    pub step: Step,
    pub transaction_number: String,
    pub prior: Option<String>,
    pub purpose: Purpose,
    pub priority: Priority,
    pub profile: Option<Uuid>,
    pub request: Vec<u8>,
    pub state: ForeignState,
    pub version: i64,
    pub received_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub decision: Option<String>,
    /// When that was decided.
    pub decided_at: Option<DateTime<Utc>>,
    pub answer: Option<AnswerKind>,
    pub disclosure: Option<Uuid>,
    pub attempts: i64,
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    message_id: Uuid,
    partner: String,
    step: String,
    transaction_number: String,
    prior: Option<String>,
    purpose: String,
    priority: String,
    profile_id: Option<Uuid>,
    data_key_id: Uuid,
    request: Vec<u8>,
    kind: String,
    state: String,
    version: i64,
    received_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    decision: Option<String>,
    answer: Option<String>,
    disclosure_id: Option<Uuid>,
    attempts: i64,
    next_attempt_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("foreign_query", column)
}

/// Keeps a partner's query with a key of its own. False if it came before.
pub async fn add_foreign(
    transaction: &mut Connection,
    keys: &Keys,
    data_key: Uuid,
    new: &NewForeign<'_>,
) -> Result<bool, StoreError> {
    let key = new_key(transaction, keys, data_key, new.at).await?;
    let request = key.seal(cell("foreign_query", "request", new.id), new.request)?;
    let added = execute!(
        transaction,
        &ADD,
        new.id,
        new.message,
        new.partner.key(),
        new.step.key(),
        new.transaction_number,
        new.prior,
        new.purpose.key(),
        new.priority.key(),
        new.profile,
        data_key,
        request,
        new.state.kind(),
        new.state.key(),
        new.at,
        new.due_at,
        new.next_attempt_at
    )?;
    Ok(added == 1)
}

/// A partner's query; none if there is none, or if it was destroyed.
pub async fn foreign(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredForeign>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, id)? else { return Ok(None) };
    let Some(key) = key_left(connection, keys, row.data_key_id).await? else { return Ok(None) };
    Ok(Some(StoredForeign {
        id: row.id,
        message: row.message_id,
        partner: Partner::from_key(&row.partner).ok_or(wrong("partner"))?,
        step: Step::from_key(&row.step).ok_or(wrong("step"))?,
        transaction_number: row.transaction_number,
        prior: row.prior,
        purpose: Purpose::from_key(&row.purpose).ok_or(wrong("purpose"))?,
        priority: Priority::from_key(&row.priority).ok_or(wrong("priority"))?,
        profile: row.profile_id,
        request: key.open(cell("foreign_query", "request", row.id), &row.request)?,
        state: ForeignState::read(&row.kind, &row.state).ok_or(wrong("state"))?,
        version: row.version,
        received_at: row.received_at,
        due_at: row.due_at,
        decision: row.decision,
        decided_at: row.decided_at,
        answer: row.answer.map(|key| AnswerKind::from_key(&key).ok_or(wrong("answer"))).transpose()?,
        disclosure: row.disclosure_id,
        attempts: row.attempts,
        next_attempt_at: row.next_attempt_at,
        answered_at: row.answered_at,
    }))
}

/// The queries of a partner that came before a moment: at most so many, the newest first.
pub async fn foreign_of_partner(
    connection: &mut Connection,
    partner: Partner,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &OF_PARTNER, partner.key(), before, most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A partner's query by the number that the partner gave it.
pub async fn foreign_by_number(connection: &mut Connection, partner: Partner, number: &str) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &BY_NUMBER, partner.key(), number)?.map(|(id,)| id))
}

/// Partners' queries in a state, the oldest first.
pub async fn foreign_in_state(connection: &mut Connection, state: ForeignState, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &IN_STATE, state.kind(), state.key(), most)?.into_iter().map(|(id,)| id).collect())
}

/// Partners' queries in a state, the newest first.
pub async fn newest_in_state(connection: &mut Connection, state: ForeignState, most: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &NEWEST_IN_STATE, state.kind(), state.key(), most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Partners' queries that are to be worked on or answered by now.
pub async fn due_foreign(connection: &mut Connection, now: DateTime<Utc>, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &DUE, now, most)?.into_iter().map(|(id,)| id).collect())
}

/// What a partner's query comes to. What is none here stays as it was, but for the next attempt.
#[derive(Debug)]
pub struct Answering<'a> {
    pub state: ForeignState,
    pub decision: Option<&'a str>,
    pub answer: Option<AnswerKind>,
    pub disclosure: Option<Uuid>,
    pub attempts: i64,
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub at: DateTime<Utc>,
}

/// Takes a partner's query from the version that was read on. False if somebody was quicker.
pub async fn save_foreign(
    transaction: &mut Connection,
    id: Uuid,
    version: i64,
    answering: &Answering<'_>,
) -> Result<bool, StoreError> {
    let Answering { state, decision, answer, disclosure, attempts, next_attempt_at, answered_at, at } = answering;
    let (state, answer) = (state.key(), answer.map(AnswerKind::key));
    let saved = execute!(
        transaction,
        &SAVE,
        id,
        version,
        state,
        *decision,
        answer,
        *disclosure,
        *attempts,
        *next_attempt_at,
        *answered_at,
        *at
    )?;
    Ok(saved == 1)
}

/// The most that a partner was ever told of a person, by the profiles that were put together. What may have been told counts as told.
pub async fn answered_before(
    connection: &mut Connection,
    profiles: &[Uuid],
    partner: Partner,
) -> Result<AnsweredBefore, StoreError> {
    let mut most = AnsweredBefore::Never;
    for profile in profiles {
        for (answer,) in fetch!(connection, fetch_all, (String,), &ANSWERED, *profile, partner.key())? {
            let told = match AnswerKind::from_key(&answer).ok_or(wrong("answer"))? {
                AnswerKind::Match | AnswerKind::Partial | AnswerKind::Refused => AnsweredBefore::Match,
                AnswerKind::NoMatch => AnsweredBefore::NoMatch,
                AnswerKind::Hold => AnsweredBefore::Never,
            };
            most = most.max(told);
        }
    }
    Ok(most)
}

/// The queries of partners that were told that we know a person, the last answered first.
pub async fn told_of(connection: &mut Connection, profile: Uuid, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &TOLD_OF, profile, most)?.into_iter().map(|(id,)| id).collect())
}

/// Notes why a partner was told nothing of somebody whom we know.
pub async fn suppress(
    transaction: &mut Connection,
    id: Uuid,
    foreign: Uuid,
    profile: Uuid,
    because: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &SUPPRESS, id, foreign, profile, because, at)?;
    Ok(())
}

/// That a partner was told nothing of somebody whom we know.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredSuppression {
    pub id: Uuid,
    pub foreign_query_id: Uuid,
    pub profile_id: Uuid,
    pub because: String,
    pub recorded_at: DateTime<Utc>,
    pub partner: String,
    pub step: String,
    pub transaction_number: String,
}

/// The suppression log, the newest first.
pub async fn suppressions(connection: &mut Connection, most: i64) -> Result<Vec<StoredSuppression>, StoreError> {
    Ok(fetch!(connection, fetch_all, StoredSuppression, &SUPPRESSIONS, most)?)
}
