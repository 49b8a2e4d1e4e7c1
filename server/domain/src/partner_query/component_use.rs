//! What other components use of partners' answers: by itself under a standing approval, or when people decided on the one request
//! (PIA-060(a): "upon USCIS approval"). Each use is a row of the ledger before IDENT is told.
//!
//! Nothing of somebody who may be protected is used by itself: two people let it be used, or nobody. Whatever the check could not read
//! counts as protected.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use shared::agreement::{Agreement, Capability, CapabilityStatus, Direction, Element, Partner, Purpose};
use shared::case_feed::ANumber;
use shared::ident::ComponentUse;
use shared::partner_query::TransactionNumber;
use shared::partner_query::component_use::{Approval, ApprovalError, ApprovalId, Component, Draft, Reach, Use, may_use};
use shared::protection::{CisAnswer, Telling, Towards, towards_partner};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::partner_query::{
    self as rows, Ground, LedgerRow, NewUse, StoredApproval, StoredMessage, StoredUse, UseChecked, UseDecided, UseState,
};
use uuid::Uuid;

use super::person::Known;
use super::send::Outcome;
use super::standing::{Standing, standing};
use crate::{Action, Actor, Context, Error, Officer};

/// Rows of a page.
const ROWS: u32 = 50;
/// Letters of a reason.
const LONGEST: usize = 2_000;
/// The next try of a decision that could not be handed over.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// A use that is to be checked, and about whom PCQS/CIS is asked first.
#[derive(Debug)]
pub struct UseToCheck {
    pub id: Uuid,
    pub a_numbers: Vec<Sensitive<ANumber>>,
}

/// A decision that IDENT is to be told.
#[derive(Debug)]
pub struct UseToTell {
    id: Uuid,
    /// IDENT's number of the message that asked.
    pub message: Uuid,
    pub transaction_number: TransactionNumber,
    pub is_allowed: bool,
    /// What may be used; nothing, if it is refused.
    pub elements: BTreeSet<Element>,
}

/// What somebody thinks of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseVerdict {
    Allow,
    Refuse,
}

/// What became of a decision on a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseOutcome {
    Done,
    /// The person may be protected: somebody else has to agree.
    NeedsAnother,
    /// It is that somebody else that has to agree.
    OwnDecision,
    /// The agreement lets nobody use this for that.
    NotAgreed,
    /// Our own records protect the person: nobody lets it be used, and no second person changes that.
    Protected,
    /// A reason is needed, of at most two thousand letters.
    NoReason,
    /// Somebody decided before, or there is none.
    NotWaiting,
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UseProposed {
    Proposed,
    /// The agreement lets nobody use this for that.
    NotAgreed,
    Faulty(Vec<ApprovalError>),
}

/// Which pages of the lists are shown, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsePages {
    pub waiting: u32,
    pub approvals: u32,
    pub ledger: u32,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct UsePage<T> {
    pub rows: Vec<T>,
    pub has_more: bool,
}

/// What waits, what stands, and what was used.
#[derive(Debug, Clone)]
pub struct UsesView {
    pub waiting: UsePage<StoredUse>,
    pub approvals: UsePage<StoredApproval>,
    pub ledger: UsePage<LedgerRow>,
}

/// A component asks. None if it is understood, or what it waits for.
pub(super) async fn use_came(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    message: &StoredMessage,
    wanted: &ComponentUse,
) -> Result<Option<&'static str>, Error> {
    let component = Component::from_key(wanted.component.as_str());
    let (Some(component), Some(purpose)) = (component, Purpose::from_key(wanted.purpose.as_str())) else {
        return Ok(Some("its component or its purpose is not known to this release"));
    };
    if wanted.elements.is_empty() {
        return Ok(Some("it names nothing that is to be used"));
    }
    let number = wanted.transaction_number.as_str();
    let Some((query, step)) = rows::number_of_step(transaction, number).await? else {
        return Ok(Some("no query has its number yet"));
    };
    let steps = rows::steps(transaction, &ctx.partner_data()?.keys, query).await?;
    if !steps.iter().any(|stored| stored.step == step && stored.answered_at.is_some()) {
        return Ok(Some("nothing was answered under its number yet"));
    }
    let new = NewUse {
        id: ctx.clock.new_id(),
        message: message.id,
        query,
        transaction_number: number,
        component,
        purpose,
        elements: &wanted.elements,
        at: ctx.now(),
    };
    rows::add_use(transaction, &new).await?;
    let detail = serde_json::json!({ "component": component.key(), "purpose": purpose.key() });
    ctx.audit(transaction, actor, "partner_query.use_asked", &new.id.to_string(), detail).await?;
    Ok(None)
}

/// The next use that is to be checked.
pub async fn next_use(ctx: &Context, actor: Actor) -> Result<Option<UseToCheck>, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(id) = rows::use_to_check(&mut connection, ctx.now()).await? else { return Ok(None) };
    let wanted = rows::asked_use(&mut connection, &partner_data.keys, id).await?.ok_or(Error::Internal)?;
    drop(connection);
    let standing = standing(ctx, Some(wanted.profile), wanted.partner).await?;
    let a_numbers = standing.known.as_ref().map(Known::a_numbers).unwrap_or_default();
    Ok(Some(UseToCheck { id, a_numbers }))
}

/// Allows a use under a standing approval, or leaves it to people. Protection and agreement are read in here: a marker counts if it was
/// committed before this began.
pub async fn check_use(ctx: &Context, actor: Actor, to_check: &UseToCheck, cis: &CisAnswer) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let wanted = rows::asked_use(&mut transaction, &partner_data.keys, to_check.id).await?;
    let Some(wanted) = wanted.filter(|wanted| wanted.state == UseState::Received) else { return Ok(()) };
    let standing = standing(ctx, Some(wanted.profile), wanted.partner).await?;
    let checked = if is_free(&standing, cis, &wanted) {
        let under = approval(ctx, &mut transaction, &standing, &wanted).await?;
        under.map_or(UseChecked::Waiting, |under| UseChecked::Allowed { under, at: ctx.now() })
    } else {
        UseChecked::Guarded
    };
    if !rows::check_use(&mut transaction, wanted.id, checked).await? {
        return Ok(());
    }
    if let UseChecked::Allowed { under, .. } = checked {
        enter(ctx, &mut transaction, actor, &wanted, Ground::Approval(under)).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Is the person protected by nothing, as far as all could be read? A waiver lets a partner be told something, and no component use it.
fn is_free(standing: &Standing, cis: &CisAnswer, wanted: &StoredUse) -> bool {
    matches!(checked(standing, cis, wanted), Some(Towards::Share { .. }))
}

/// What our own records say, had CIS nothing to say.
fn ours(standing: &Standing, wanted: &StoredUse) -> Option<Towards> {
    checked(standing, &CisAnswer::NotProtected, wanted)
}

/// None: there is nobody to be read of.
fn checked(standing: &Standing, cis: &CisAnswer, wanted: &StoredUse) -> Option<Towards> {
    let known = standing.known.as_ref()?;
    let telling = Telling { partner: wanted.partner, purpose: wanted.purpose, today: standing.today };
    Some(towards_partner(&known.records(), cis, &[], telling))
}

/// The standing approval under which all of it may be used; none if there is none.
async fn approval(
    ctx: &Context,
    transaction: &mut Connection,
    standing: &Standing,
    wanted: &StoredUse,
) -> Result<Option<ApprovalId>, Error> {
    if !is_agreed(standing.agreement.as_ref(), standing.today, &[wanted.purpose].into(), &wanted.elements) {
        return Ok(None);
    }
    let use_of = |element| Use {
        component: wanted.component,
        partner: wanted.partner,
        query: wanted.query,
        purpose: wanted.purpose,
        element,
        // In our profile of the exchange an answer carries no condition of the partner.
        has_caveat: false,
        on: ctx.today(),
    };
    for stored in rows::standing_uses(transaction, wanted.component, wanted.partner).await? {
        let approval = Approval::new(stored.id, stored.draft).map_err(|_| Error::Internal)?;
        let approval = std::slice::from_ref(&approval);
        if wanted.elements.iter().all(|element| may_use(&use_of(*element), approval).is_some()) {
            return Ok(Some(stored.id));
        }
    }
    Ok(None)
}

/// Does the agreement in force let what we are told be used for these purposes, and are we told these elements at all?
fn is_agreed(agreement: Option<&Agreement>, today: NaiveDate, purposes: &BTreeSet<Purpose>, elements: &BTreeSet<Element>) -> bool {
    let Some(agreement) = agreement else { return false };
    let is_live = |one: &&Capability| one.status == CapabilityStatus::Live && one.is_at(today);
    let live: Vec<_> = agreement.capabilities.iter().filter(|one| one.direction == Direction::Out).filter(is_live).collect();
    let is_told = |purpose, element| live.iter().any(|one| one.purposes.contains(purpose) && one.condition(element).is_some());
    purposes.iter().all(|purpose| elements.iter().all(|element| is_told(purpose, *element)))
}

async fn enter(ctx: &Context, transaction: &mut Connection, actor: Actor, wanted: &StoredUse, ground: Ground) -> Result<(), Error> {
    rows::enter_use(transaction, ctx.clock.new_id(), wanted, ground, ctx.now()).await?;
    let detail = match ground {
        Ground::Approval(approval) => serde_json::json!({ "approval": approval }),
        Ground::Decision { first, .. } => serde_json::json!({ "first": first }),
    };
    ctx.audit(transaction, actor, "partner_query.use", &wanted.id.to_string(), detail).await
}

/// The next decision that IDENT is to be told.
pub async fn next_use_to_tell(ctx: &Context, actor: Actor) -> Result<Option<UseToTell>, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(id) = rows::use_to_tell(&mut connection, ctx.now()).await? else { return Ok(None) };
    let decided = rows::asked_use(&mut connection, &partner_data.keys, id).await?.ok_or(Error::Internal)?;
    let is_allowed = decided.state == UseState::Allowed;
    Ok(Some(UseToTell {
        id,
        message: decided.message,
        transaction_number: TransactionNumber::parse(&decided.transaction_number).map_err(|_| Error::Internal)?,
        is_allowed,
        elements: if is_allowed { decided.elements } else { BTreeSet::new() },
    }))
}

/// Says what became of a decision that was handed to IDENT.
pub async fn use_told(ctx: &Context, actor: Actor, told: &UseToTell, outcome: Outcome) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let now = ctx.now();
    let (again_at, taken_at) = match outcome {
        Outcome::Sent => (None, Some(now)),
        Outcome::Refused => (None, None),
        Outcome::Later(pause) => (Some(now + pause), None),
        // IDENT takes it once.
        Outcome::Unknown => (Some(now + AGAIN_AFTER), None),
    };
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    rows::use_told(&mut transaction, told.id, again_at, taken_at).await?;
    let detail = serde_json::json!({ "allowed": told.is_allowed, "outcome": outcome.closing().key() });
    ctx.audit(&mut transaction, actor, "partner_query.use_told", &told.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// What waits, what stands, and what was used. That it was read stands in the audit log of partner data.
pub async fn uses(ctx: &Context, officer: &Officer, pages: UsePages) -> Result<UsesView, Error> {
    officer.check_somewhere(Action::DecideUses)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    // One more than is shown, to know whether there are more.
    let most = i64::from(ROWS) + 1;
    let after = |page: u32| i64::from(page) * i64::from(ROWS);
    let waiting = rows::uses_waiting(&mut transaction, &partner_data.keys, most, after(pages.waiting)).await?;
    let approvals = rows::use_approvals(&mut transaction, most, after(pages.approvals)).await?;
    let ledger = rows::use_ledger(&mut transaction, most, after(pages.ledger)).await?;
    let view = UsesView { waiting: page(waiting), approvals: page(approvals), ledger: page(ledger) };
    let detail = serde_json::json!({ "waiting": view.waiting.rows.len(), "ledger": view.ledger.rows.len() });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read_uses", "", detail).await?;
    transaction.commit().await?;
    Ok(view)
}

fn page<T>(mut rows: Vec<T>) -> UsePage<T> {
    let shown = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let has_more = rows.len() > shown;
    rows.truncate(shown);
    UsePage { rows, has_more }
}

/// One use that waits for people.
pub async fn waiting_use(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<StoredUse>, Error> {
    officer.check_somewhere(Action::DecideUses)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let found = rows::asked_use(&mut transaction, &partner_data.keys, id).await?;
    let Some(found) = found.filter(waits) else { return Ok(None) };
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read_use", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Some(found))
}

fn waits(wanted: &StoredUse) -> bool {
    matches!(wanted.state, UseState::Waiting | UseState::Guarded)
}

/// Decides on one use. Of somebody who may be protected the first who allows it only opens the way for a second.
pub async fn decide_use(
    ctx: &Context,
    officer: &Officer,
    id: Uuid,
    verdict: UseVerdict,
    reason: &str,
) -> Result<UseOutcome, Error> {
    officer.check_somewhere(Action::DecideUses)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Ok(UseOutcome::NoReason);
    }
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let wanted = rows::asked_use(&mut transaction, &partner_data.keys, id).await?;
    let Some(wanted) = wanted.filter(waits) else { return Ok(UseOutcome::NotWaiting) };
    let outcome = match verdict {
        UseVerdict::Refuse => refuse(ctx, &mut transaction, officer, &wanted, reason).await?,
        UseVerdict::Allow => allow(ctx, &mut transaction, officer, &wanted, reason).await?,
    };
    if matches!(outcome, UseOutcome::Done | UseOutcome::NeedsAnother) {
        transaction.commit().await?;
    }
    Ok(outcome)
}

async fn refuse(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    wanted: &StoredUse,
    reason: &str,
) -> Result<UseOutcome, Error> {
    let decided = UseDecided { from: wanted.state, is_allowed: false, by: officer.id(), reason, at: ctx.now() };
    if !rows::decide_use(transaction, &ctx.partner_data()?.keys, wanted.id, &decided).await? {
        return Ok(UseOutcome::NotWaiting);
    }
    ctx.audit(transaction, officer.actor(), "partner_query.use_refused", &wanted.id.to_string(), serde_json::json!({})).await?;
    Ok(UseOutcome::Done)
}

async fn allow(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    wanted: &StoredUse,
    reason: &str,
) -> Result<UseOutcome, Error> {
    let keys = &ctx.partner_data()?.keys;
    let standing = standing(ctx, Some(wanted.profile), wanted.partner).await?;
    if !is_agreed(standing.agreement.as_ref(), standing.today, &[wanted.purpose].into(), &wanted.elements) {
        return Ok(UseOutcome::NotAgreed);
    }
    if matches!(ours(&standing, wanted), Some(Towards::NoMatch)) {
        return Ok(UseOutcome::Protected);
    }
    // CIS was asked by the exchange before. A marker of ours that came since closes it all the same.
    let is_guarded = wanted.state == UseState::Guarded || !is_free(&standing, &CisAnswer::NotProtected, wanted);
    let first = wanted.first.as_ref().map(|(first, _)| *first);
    match first {
        Some(first) if first == officer.id() => return Ok(UseOutcome::OwnDecision),
        None if is_guarded => {
            if !rows::guard_use(transaction, keys, wanted.id, officer.id(), reason).await? {
                return Ok(UseOutcome::NotWaiting);
            }
            let detail = serde_json::json!({});
            ctx.audit(transaction, officer.actor(), "partner_query.use_first", &wanted.id.to_string(), detail).await?;
            return Ok(UseOutcome::NeedsAnother);
        }
        _ => {}
    }
    let decided = UseDecided { from: wanted.state, is_allowed: true, by: officer.id(), reason, at: ctx.now() };
    if !rows::decide_use(transaction, keys, wanted.id, &decided).await? {
        return Ok(UseOutcome::NotWaiting);
    }
    enter(ctx, transaction, officer.actor(), wanted, Ground::Decision { first, by: officer.id() }).await?;
    Ok(UseOutcome::Done)
}

/// What a standing approval is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingUse {
    pub component: Component,
    pub partner: Partner,
    pub purposes: BTreeSet<Purpose>,
    pub elements: BTreeSet<Element>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Proposes a standing approval. It holds when somebody else has agreed.
pub async fn propose_use(ctx: &Context, officer: &Officer, proposal: StandingUse) -> Result<UseProposed, Error> {
    officer.check_somewhere(Action::DecideUses)?;
    let StandingUse { component, partner, purposes, elements, from, to } = proposal;
    let draft = Draft { component, partner, reach: Reach::Standing, purposes, elements, from, to };
    let id = ApprovalId::new(ctx.clock.new_id());
    if let Err(wrong) = Approval::new(id, draft.clone()) {
        return Ok(UseProposed::Faulty(wrong));
    }
    let standing = standing(ctx, None, partner).await?;
    if !is_agreed(standing.agreement.as_ref(), standing.today, &draft.purposes, &draft.elements) {
        return Ok(UseProposed::NotAgreed);
    }
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    rows::propose_use(&mut transaction, id, &draft, officer.id(), ctx.now()).await?;
    note(ctx, &mut transaction, officer, "partner_query.use_propose", id).await?;
    transaction.commit().await?;
    Ok(UseProposed::Proposed)
}

/// Agrees to what somebody else proposed. False if it does not wait, or is one's own.
pub async fn agree_to_use(ctx: &Context, officer: &Officer, id: ApprovalId) -> Result<bool, Error> {
    officer.check_somewhere(Action::DecideUses)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    if !rows::agree_to_use(&mut transaction, id, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    note(ctx, &mut transaction, officer, "partner_query.use_agree", id).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Ends a standing approval, or takes a proposal back: from the next request on it lets nothing be used.
pub async fn end_use(ctx: &Context, officer: &Officer, id: ApprovalId) -> Result<bool, Error> {
    officer.check_somewhere(Action::DecideUses)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    if !rows::end_use(&mut transaction, id, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    note(ctx, &mut transaction, officer, "partner_query.use_end", id).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn note(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    action: &'static str,
    id: ApprovalId,
) -> Result<(), Error> {
    ctx.audit(transaction, officer.actor(), action, &id.uuid().to_string(), serde_json::json!({})).await
}
