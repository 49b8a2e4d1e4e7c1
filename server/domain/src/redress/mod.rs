//! Redress: what people ask about their own records (FOIA, Privacy Act, Judicial Redress Act).
//!
//! A privacy officer [`log`]s a request, [`verify`]s who asks, and [`search`]es for the person. [`held`] is what both databases
//! hold of them and may be theirs to see: nothing of other people's protected cases, nothing of what partners were not told. A
//! decision is [`propose`]d; whatever keeps something back, or gives what others have a say in, takes a second person ([`agree`]).
//! Then the [`answer`] goes out, frozen as a letter and a file. An amendment that is granted is a correction of the profile, which
//! others agree to and carry to those who were told.

mod answer;
mod decide;
mod demo;
mod held;
mod log;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use shared::redress::{Asked, NotNow, RedressEvent, RedressKind, RedressState, clock};
use shared::service_request::{Balance, HolidayTable};
use store::engine::Connection;
use store::redress::{self as rows, RedressHappened, StoredRedress};
use uuid::Uuid;

pub use answer::{Answered, Package, answer, letter, package};
pub use decide::{Agreed, Proposed, agree, corrections, give_back, propose};
pub use demo::seed_demo;
pub use held::{Found, held};
pub use log::{Logged, NewRequest, Searched, acknowledge, close, disagree, extend, log, search, verify, withdraw};
pub use store::redress::{RedressHead, StoredAnswer, StoredDecision, StoredRedressEvent, StoredStatement};

use crate::{Action, Context, Error, Officer};

/// Rows of a list.
const MOST: i64 = 200;

/// What became of an act on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Done,
    /// It cannot be done to the request as it stands, or there is none.
    NotNow,
    /// Words are needed, and not too many.
    NoWords,
}

/// A request in a list, with its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedressRow {
    pub head: RedressHead,
    /// By when the person is to be told that it is here; none where that is not asked for, or was done.
    pub acknowledge_by: Option<NaiveDate>,
    /// None for what was answered.
    pub balance: Option<Balance>,
}

/// A request, whole.
#[derive(Debug, Clone)]
pub struct RedressFile {
    pub row: RedressRow,
    pub asked: Asked,
    pub events: Vec<StoredRedressEvent>,
    /// The newest first: that is the one that counts.
    pub decisions: Vec<StoredDecision>,
    /// What went out, by its hashes.
    pub answer: Option<StoredAnswer>,
    pub statements: Vec<StoredStatement>,
}

/// All requests: those that wait, the most urgent first, and those that are over, the newest first.
#[derive(Debug)]
pub struct RedressList {
    pub waiting: Vec<RedressRow>,
    pub over: Vec<RedressRow>,
}

/// The agency's working days.
fn holidays() -> HolidayTable {
    HolidayTable::default()
}

fn row(ctx: &Context, head: RedressHead) -> RedressRow {
    let acknowledge_by = clock::acknowledge_by(head.kind, head.received_on, &holidays());
    let is_awaited = head.state.awaits_answer();
    RedressRow {
        acknowledge_by: acknowledge_by.filter(|_| is_awaited && head.acknowledged_on.is_none()),
        balance: is_awaited.then(|| clock::balance(head.answer_by, ctx.today(), &holidays())),
        head,
    }
}

/// The requests. Nobody's name is in the list.
pub async fn all(ctx: &Context, officer: &Officer) -> Result<RedressList, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut connection = ctx.store.read_primary().await?;
    let waiting = rows::waiting(&mut connection, MOST).await?.into_iter().map(|head| row(ctx, head)).collect();
    let over = rows::over(&mut connection, MOST).await?.into_iter().map(|head| row(ctx, head)).collect();
    Ok(RedressList { waiting, over })
}

/// One request. That it was read stands in the audit log before it is shown.
pub async fn read(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<RedressFile>, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(None) };
    note(ctx, &mut transaction, officer, "redress.read", &stored, serde_json::json!({})).await?;
    let events = rows::events(&mut transaction, &stored).await?;
    let decisions = rows::decisions(&mut transaction, &stored).await?;
    let answer = rows::answered(&mut transaction, &stored).await?;
    let statements = rows::statements(&mut transaction, &stored).await?;
    transaction.commit().await?;
    Ok(Some(RedressFile { row: row(ctx, stored.head.clone()), asked: asked(&stored)?, events, decisions, answer, statements }))
}

/// The requests about which a person disagrees with a refusal, for whoever has their profile open: who gets the record gets these
/// statements, too (5 USC 552a(d)(4)).
pub async fn disputed(ctx: &Context, officer: &Officer, profile: Uuid) -> Result<Vec<Uuid>, Error> {
    officer.check_somewhere(Action::ReadProfiles)?;
    let mut connection = ctx.store.read_primary().await?;
    let Some((root, _)) = crate::profile::opened_for(ctx, &mut connection, officer, profile).await? else { return Ok(Vec::new()) };
    Ok(rows::disputed(&mut connection, root).await?)
}

fn asked(stored: &StoredRedress) -> Result<Asked, Error> {
    serde_json::from_slice(stored.content.expose()).map_err(|_| Error::Internal)
}

/// Takes a request to its next state, and says so. What does not fit is nothing that happened.
async fn take_on(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    stored: &StoredRedress,
    event: RedressEvent,
    words: Option<&str>,
) -> Result<Done, Error> {
    let state: RedressState = match stored.head.state.next(event) {
        Ok(state) => state,
        Err(NotNow) => return Ok(Done::NotNow),
    };
    let happened = RedressHappened { id: ctx.clock.new_id(), event, state, officer: officer.id(), at: ctx.now(), note: words };
    if !rows::save(transaction, stored, &happened).await? {
        return Ok(Done::NotNow);
    }
    let action = match event {
        RedressEvent::Logged => "redress.log",
        RedressEvent::Acknowledged => "redress.acknowledge",
        RedressEvent::Extended => "redress.extend",
        RedressEvent::Verified => "redress.verify",
        RedressEvent::Searched => "redress.search",
        RedressEvent::Proposed => "redress.propose",
        RedressEvent::Returned => "redress.give_back",
        RedressEvent::Decided => "redress.decide",
        RedressEvent::Answered => "redress.answer",
        RedressEvent::Closed => "redress.close",
        RedressEvent::Withdrawn => "redress.withdraw",
        RedressEvent::Disagreed => "redress.disagree",
    };
    note(ctx, transaction, officer, action, stored, serde_json::json!({ "state": state.key() })).await?;
    Ok(Done::Done)
}

/// Says what was done to which request. Who asks is no part of it.
async fn note(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    action: &'static str,
    stored: &StoredRedress,
    detail: serde_json::Value,
) -> Result<(), Error> {
    ctx.audit(transaction, officer.actor(), action, &stored.head.id.to_string(), detail).await
}

/// Whether a correction has anything to do with a request.
const fn is_amendment(stored: &StoredRedress) -> bool {
    matches!(stored.head.kind, RedressKind::Amendment)
}
