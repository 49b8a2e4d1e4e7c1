//! Change of address (Form AR-11): from the first page to the last case that follows it.
//!
//! What is typed is kept in a [`Draft`] that the session names. Cases are held against their record ([`save`]), a form that is sent
//! becomes a report and its changes ([`submit`]), and nothing changes before a proof came ([`prove`]): ZIP code and date of birth are
//! known to relatives. What is due because of a change is done by a job ([`work`]), one recorded step after the other. Only what is
//! sent to the contact on file before can take a change back ([`deny`]).

mod agent;
mod case_system;
mod draft;
mod effects;
mod feed;
mod mail;
mod proof;
mod prove;
mod receipt;
mod save;
mod submit;
#[cfg(test)]
mod tests;

pub use agent::{Check, agent_decides, take_back_by_letter};
pub use case_system::{CaseChangePage, case_changes};
pub use draft::{Draft, DraftKey, PAGES, Side, begin, draft, forget};
pub use effects::work;
pub(crate) use feed::heard;
pub use mail::{AddressLetter, AddressMail, LetterTold, Told};
pub(crate) use mail::{letter, mail};
pub use prove::{Asked, Denied, Proven, ask_otherwise, deniable, deny, prove, withdraw};
pub use receipt::{FollowUp, LineView, PartView, Question, QuestionProblem, ReceiptView, follow_up, kept_question, receipt};
pub use save::{Found, Other, Parcel, Saved, Wish, found, save};
pub use submit::{Submitted, submit};

use chrono::{DateTime, Utc};
use shared::change_of_address::{AddressChange, ChangeForm, Filing};
use store::change_of_address::{self as rows, StoredChange};
use store::engine::Connection;
use store::notification::{self, Kind, NewMessage};
use uuid::Uuid;

use crate::{Action, Actor, Context, Error};

/// Writes down what a change that is held has become, and has done what is due because of it.
async fn led_to(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    change: &StoredChange,
    after: &Filing,
    event: &'static str,
) -> Result<(), Error> {
    let now = ctx.now();
    rows::save(transaction, change.id, &change.filing, after, now).await?;
    let states: Vec<&str> = after.cases().iter().map(|case| case.key()).collect();
    let recorded = serde_json::json!({ "event": event, "state": after.state().key(), "cases": states }).to_string();
    rows::add_event(transaction, ctx.clock.new_id(), change.id, now, &actor.label(), &recorded).await?;
    let detail = serde_json::json!({ "event": event, "state": after.state().key() });
    ctx.audit(transaction, actor, "address_change.event", &change.id.to_string(), detail).await?;
    if change.filing.state() != after.state() {
        have_worked(ctx, transaction, change.id, now).await?;
    }
    Ok(())
}

/// Has the job look at a change.
async fn have_worked(ctx: &Context, transaction: &mut Connection, change: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    let id = ctx.clock.new_id();
    let new = NewMessage { id, kind: Kind::AddressChange, subject: change, change: id, parameters: None, due_at: now };
    Ok(notification::add_message(transaction, &ctx.keys, &new, now).await?)
}

/// What was told in a report.
async fn told(ctx: &Context, connection: &mut Connection, report: Uuid) -> Result<Option<AddressChange>, Error> {
    let Some(row) = rows::report(connection, report).await? else { return Ok(None) };
    let Some(content) = rows::content(connection, &ctx.keys, report).await? else { return Ok(None) };
    let form: ChangeForm = serde_json::from_slice(content.expose()).map_err(|_| Error::Internal)?;
    // It was without mistakes on that day.
    form.parse(ctx.day_of(row.received_at)).map(Some).map_err(|_| Error::Internal)
}

/// Whether every case of a change that was recognised may still be shown. One that was hidden since stops all that is said.
async fn is_shown(ctx: &Context, change: &StoredChange) -> Result<bool, Error> {
    for listed in change.cases.iter().filter(|listed| listed.case.is_some()) {
        let status =
            crate::case_status::look_up_in_primary(ctx, Actor::System, shared::protection::Channel::Public, &listed.number);
        if status.await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Ends changes for whose proof it is too late. Says how many.
pub async fn expire(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    const AT_ONCE: i64 = 200;
    actor.check(Action::Upkeep)?;
    let overdue = rows::overdue(&mut ctx.store.read_primary().await?, ctx.now(), AT_ONCE).await?;
    let mut expired = 0;
    for id in overdue {
        let mut transaction = ctx.store.begin().await?;
        let Some(change) = rows::hold(&mut transaction, id).await? else { continue };
        // Proven a moment ago.
        let Ok(after) = change.filing.expire(ctx.now()) else { continue };
        rows::set_secret(&mut transaction, id, None).await?;
        led_to(ctx, &mut transaction, actor, &change, &after, "expired").await?;
        transaction.commit().await?;
        expired += 1;
    }
    Ok(expired)
}
