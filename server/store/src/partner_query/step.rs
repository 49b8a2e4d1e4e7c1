//! The steps of our queries: what was sent under which number, on what it rests, and what came back.

use chrono::{DateTime, Utc};
use shared::agreement::Step;
use shared::partner_query::ReplyResult;
use uuid::Uuid;

use super::{cell, key};
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    ADD = "INSERT INTO partner_query_step (query_id, step, transaction_number, prior, requested_by, attempts, next_attempt_at, \
           sent_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)";
    OF_QUERY = "SELECT partner_query_step.query_id, step, transaction_number, prior, requested_by, approved_by, decision, disclosure_id, \
                attempts, next_attempt_at, sent_at, answered_at, answer, answered, data_key_id FROM partner_query_step \
                JOIN partner_query ON partner_query.id = partner_query_step.query_id WHERE query_id = $1 \
                ORDER BY CASE step WHEN 'first' THEN 1 WHEN 'second' THEN 2 WHEN 'third' THEN 3 ELSE 4 END";
    BY_NUMBER = "SELECT query_id, step FROM partner_query_step WHERE transaction_number = $1";
    APPROVE = "UPDATE partner_query_step SET approved_by = $3, next_attempt_at = $4 \
               WHERE query_id = $1 AND step = $2 AND approved_by IS NULL AND requested_by <> $3";
    FORGET_APPROVAL = "UPDATE partner_query_step SET approved_by = NULL WHERE query_id = $1 AND step = $2 AND attempts = 0";
    DROP = "DELETE FROM partner_query_step WHERE query_id = $1 AND step = $2 AND attempts = 0";
    DUE = "SELECT query_id, step FROM partner_query_step WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2";
    AUTHORIZE = "UPDATE partner_query_step SET decision = $3, disclosure_id = $4, attempts = attempts + 1, next_attempt_at = $5 \
                 WHERE query_id = $1 AND step = $2 AND attempts = $6";
    SETTLE = "UPDATE partner_query_step SET next_attempt_at = NULL, sent_at = coalesce($3, sent_at) WHERE query_id = $1 AND step = $2";
    AGAIN = "UPDATE partner_query_step SET next_attempt_at = $3 WHERE query_id = $1 AND step = $2";
    ANSWER = "UPDATE partner_query_step SET answered_at = $3, answer = $4, answered = $5, next_attempt_at = NULL \
              WHERE query_id = $1 AND step = $2 AND answered_at IS NULL";
}

/// A step to be added.
#[derive(Debug)]
pub struct NewStep<'a> {
    pub query: Uuid,
    pub step: Step,
    pub transaction_number: &'a str,
    /// Of the query that it follows.
    pub prior: Option<&'a str>,
    pub requested_by: Option<Uuid>,
    /// When it is to be sent; none if somebody has to approve it first, or IDENT sent it.
    pub send_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// A step, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStep {
    pub query: Uuid,
    pub step: Step,
    pub transaction_number: String,
    pub prior: Option<String>,
    pub requested_by: Option<Uuid>,
    pub approved_by: Option<Uuid>,
    /// On what it rests, as it was decided.
    pub decision: Option<String>,
    pub disclosure: Option<Uuid>,
    pub attempts: i64,
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answer: Option<ReplyResult>,
    /// What was answered, as it came.
    pub answered: Option<Vec<u8>>,
}

/// A step that is due.
pub type Stray = (Uuid, Step);

#[derive(Debug, sqlx::FromRow)]
struct Row {
    query_id: Uuid,
    step: String,
    transaction_number: String,
    prior: Option<String>,
    requested_by: Option<Uuid>,
    approved_by: Option<Uuid>,
    decision: Option<String>,
    disclosure_id: Option<Uuid>,
    attempts: i64,
    next_attempt_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    answer: Option<String>,
    answered: Option<Vec<u8>>,
    data_key_id: Uuid,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("partner_query_step", column)
}

fn read_step(text: &str) -> Result<Step, StoreError> {
    Step::from_key(text).ok_or(wrong("step"))
}

/// The column of a step's answer: one for each step, so that none opens in another's place.
const fn answer_column(step: Step) -> &'static str {
    match step {
        Step::First => "answered.first",
        Step::Second => "answered.second",
        Step::Third => "answered.third",
        Step::Reverse => "answered.reverse",
    }
}

pub async fn add_step(transaction: &mut Connection, new: &NewStep<'_>) -> Result<(), StoreError> {
    let (step, requested_by, send_at, sent_at) = (new.step.key(), new.requested_by, new.send_at, new.sent_at);
    execute!(transaction, &ADD, new.query, step, new.transaction_number, new.prior, requested_by, send_at, sent_at)?;
    Ok(())
}

/// The steps of a query, in their order.
pub async fn steps(connection: &mut Connection, keys: &Keys, query: Uuid) -> Result<Vec<StoredStep>, StoreError> {
    let rows = fetch!(connection, fetch_all, Row, &OF_QUERY, query)?;
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let key = key(connection, keys, first.data_key_id).await?;
    let read = |row: Row| {
        let step = read_step(&row.step)?;
        let open = |sealed: Vec<u8>| key.open(cell("partner_query_step", answer_column(step), row.query_id), &sealed);
        Ok(StoredStep {
            query: row.query_id,
            step,
            transaction_number: row.transaction_number,
            prior: row.prior,
            requested_by: row.requested_by,
            approved_by: row.approved_by,
            decision: row.decision,
            disclosure: row.disclosure_id,
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at,
            sent_at: row.sent_at,
            answered_at: row.answered_at,
            answer: row.answer.map(|key| ReplyResult::from_key(&key).ok_or(wrong("answer"))).transpose()?,
            answered: row.answered.map(open).transpose()?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The query and the step that went under a number of ours, or of the second that IDENT sent.
pub async fn number_of_step(connection: &mut Connection, number: &str) -> Result<Option<Stray>, StoreError> {
    let found = fetch!(connection, fetch_optional, (Uuid, String), &BY_NUMBER, number)?;
    found.map(|(query, step)| Ok((query, read_step(&step)?))).transpose()
}

/// Approves a step that somebody else requested. False if they may not, or it was.
pub async fn approve_step(
    transaction: &mut Connection,
    query: Uuid,
    step: Step,
    by: Uuid,
    send_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &APPROVE, query, step.key(), by, send_at)? == 1)
}

/// A step that never left is to be approved again.
pub async fn forget_approval(transaction: &mut Connection, query: Uuid, step: Step) -> Result<(), StoreError> {
    execute!(transaction, &FORGET_APPROVAL, query, step.key())?;
    Ok(())
}

/// A step that never left is not asked; it may be requested anew.
pub async fn drop_step(transaction: &mut Connection, query: Uuid, step: Step) -> Result<(), StoreError> {
    execute!(transaction, &DROP, query, step.key())?;
    Ok(())
}

/// Steps that are to be sent by now.
pub async fn due_steps(connection: &mut Connection, now: DateTime<Utc>, most: i64) -> Result<Vec<Stray>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid, String), &DUE, now, most)?;
    rows.into_iter().map(|(query, step)| Ok((query, read_step(&step)?))).collect()
}

/// Claims a step for one attempt, with what it rests on and the disclosure that was recorded for it. Until `again_at` nobody else
/// tries. False if another server was quicker.
pub async fn authorize_step(
    transaction: &mut Connection,
    step: &StoredStep,
    decision: &str,
    disclosure: Uuid,
    again_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let name = step.step.key();
    Ok(execute!(transaction, &AUTHORIZE, step.query, name, decision, disclosure, again_at, step.attempts)? == 1)
}

/// A step is not sent any more: it was, if that is said, or it never will be.
pub async fn settle_step(
    transaction: &mut Connection,
    query: Uuid,
    step: Step,
    sent_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    execute!(transaction, &SETTLE, query, step.key(), sent_at)?;
    Ok(())
}

/// A step is tried again later.
pub async fn try_step_again(transaction: &mut Connection, query: Uuid, step: Step, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &AGAIN, query, step.key(), at)?;
    Ok(())
}

/// Keeps what was answered. False if there was an answer before: the first counts.
pub async fn answer_step(
    transaction: &mut Connection,
    keys: &Keys,
    step: &StoredStep,
    data_key: Uuid,
    answer: ReplyResult,
    answered: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let key = key(transaction, keys, data_key).await?;
    let sealed = key.seal(cell("partner_query_step", answer_column(step.step), step.query), answered)?;
    Ok(execute!(transaction, &ANSWER, step.query, step.step.key(), at, answer.key(), sealed)? == 1)
}
