//! What is done to a request: its next state, what happened, and the audit entry, in one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::agreement::{AnswerKind, Decision, Element, Partner};
use shared::partner_query::{InboundEvent, InboundState, TransactionNumber};
use store::engine::Connection;
use store::information_request::{self as rows, NewEvent, PackageOutcome};
use store::partner_query::{Answering, ForeignState, StoredForeign, foreign, foreign_by_number, save_foreign};
use uuid::Uuid;

use crate::{Actor, Context, Error};

/// Letters of a reason.
const LONGEST: usize = 2_000;

/// What became of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Done,
    /// It is not the time for it, somebody was quicker, or there is no such request.
    NotNow,
    /// It is the officer's own: another person has to.
    OneOfTheTwo,
    /// Something else was reviewed.
    Changed,
    /// The check was not asked since the review began.
    NotChecked,
}

/// What became of something that is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenBack {
    Done,
    /// A reason is needed, of at most two thousand letters.
    NoReason,
    NotNow,
    /// It is the officer's own: another person has to.
    OneOfTheTwo,
}

/// A reason in words; none if there is none, or too much of it.
pub(super) fn reason(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= LONGEST).then_some(text)
}

/// Where a request stands; none for a query that is answered by machine.
pub(super) const fn state_of(foreign: &StoredForeign) -> Option<InboundState> {
    match foreign.state {
        ForeignState::Request(state) => Some(state),
        ForeignState::First(_) => None,
    }
}

/// What was decided last.
pub(super) fn decision_of(foreign: &StoredForeign) -> Result<Decision, Error> {
    let text = foreign.decision.as_deref().ok_or(Error::Internal)?;
    serde_json::from_str(text).map_err(|_| Error::Internal)
}

/// What may be told by what was decided last.
pub(super) fn allowed_of(foreign: &StoredForeign) -> Result<BTreeSet<Element>, Error> {
    Ok(decision_of(foreign)?.allowed().collect())
}

/// Something that is done to a request.
#[derive(Debug)]
pub(super) struct Act<'a> {
    pub event: &'a str,
    pub actor: Actor,
    /// Without a word about the person.
    pub detail: serde_json::Value,
    /// Why, in words.
    pub reason: Option<&'a str>,
    /// When the check is to be asked again; none if not by itself.
    pub check_at: Option<DateTime<Utc>>,
    /// What the partner is told, with the disclosure if it is one.
    pub told: Option<(AnswerKind, Option<Uuid>)>,
    pub answered_at: Option<DateTime<Utc>>,
}

impl<'a> Act<'a> {
    pub fn of(actor: Actor, event: &'a str) -> Self {
        Self { event, actor, detail: serde_json::json!({}), reason: None, check_at: None, told: None, answered_at: None }
    }
}

/// Takes a request from the version that was read to a state, and notes what happened. False if somebody was quicker: then the
/// transaction is to be given up.
pub(super) async fn happens(
    ctx: &Context,
    transaction: &mut Connection,
    foreign: &StoredForeign,
    state: InboundState,
    act: Act<'_>,
) -> Result<bool, Error> {
    happens_after(ctx, transaction, foreign, foreign.version, state, act).await
}

/// The same for a second act in one transaction.
pub(super) async fn happens_after(
    ctx: &Context,
    transaction: &mut Connection,
    foreign: &StoredForeign,
    version: i64,
    state: InboundState,
    act: Act<'_>,
) -> Result<bool, Error> {
    let now = ctx.now();
    let answering = Answering {
        state: ForeignState::Request(state),
        decision: None,
        answer: act.told.map(|(answer, _)| answer),
        disclosure: act.told.and_then(|(_, disclosure)| disclosure),
        attempts: foreign.attempts,
        next_attempt_at: act.check_at,
        answered_at: act.answered_at,
        at: now,
    };
    if !save_foreign(transaction, foreign.id, version, &answering).await? {
        return Ok(false);
    }
    let event = NewEvent {
        id: ctx.clock.new_id(),
        request: foreign.id,
        version: version + 1,
        event: act.event,
        state,
        by: if let Actor::Officer(officer) = act.actor { Some(officer) } else { None },
        detail: &act.detail.to_string(),
        reason: act.reason,
        at: now,
    };
    rows::note(transaction, &ctx.partner_data()?.keys, &event).await?;
    ctx.audit(transaction, act.actor, audited(act.event), &foreign.id.to_string(), act.detail).await?;
    Ok(true)
}

/// What an event is called in the audit log.
fn audited(event: &str) -> &'static str {
    match event {
        "opened" => "information_request.take",
        "kept" => "information_request.keep",
        "document_added" => "information_request.add_document",
        "document_redacted" => "information_request.redact",
        "document_removed" => "information_request.remove_document",
        "sent_to_review" => "information_request.send_to_review",
        "returned" => "information_request.give_back",
        "approved" => "information_request.release",
        "packaged" => "information_request.package",
        "handed" => "information_request.hand_over",
        "retrieved" => "information_request.fetch",
        "transmitted" => "information_request.sent",
        "transmission_failed" => "information_request.not_sent",
        "retried" => "information_request.retry",
        "closed" => "information_request.close",
        _ => "information_request.correct",
    }
}

/// A correction of what a package told was sent. Nothing for what people did not answer.
pub(crate) async fn corrected(
    ctx: &Context,
    transaction: &mut Connection,
    partner: Partner,
    number: &TransactionNumber,
) -> Result<(), Error> {
    let keys = &ctx.partner_data()?.keys;
    let Some(id) = foreign_by_number(transaction, partner, number.as_str()).await? else { return Ok(()) };
    let Some(stored) = foreign(transaction, keys, id).await? else { return Ok(()) };
    let Some(state) = state_of(&stored) else { return Ok(()) };
    let event = InboundEvent::Corrected { number: number.clone() };
    let Ok(state) = state.next(&event) else { return Ok(()) };
    if rows::package_at_hand(transaction, id).await?.is_none() {
        return Ok(());
    }
    if !happens(ctx, transaction, &stored, state, Act::of(Actor::System, event.key())).await? {
        return Err(Error::Unavailable);
    }
    Ok(())
}

/// Ends a package that may not leave, with what was sealed in it.
pub(super) async fn end_failed(ctx: &Context, transaction: &mut Connection, package: Uuid) -> Result<(), Error> {
    rows::end_package(transaction, package, PackageOutcome::Failed, ctx.now()).await?;
    Ok(())
}
