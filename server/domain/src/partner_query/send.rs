//! Our queries leave: checked once more, accounted for, and only then sent.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::agreement::{
    Agreement, Blocked, Direction, Element, FoundBy, Modality, Partner, Priority, Purpose, Referred, Slot, Step, data_set, may_ask,
};
use shared::case_feed::ANumber;
use shared::disclosure::{Method, Nature, Outcome as Closing};
use shared::partner_query::{Failure, OutboundEvent, TransactionNumber};
use shared::protection::{CisAnswer, Towards};
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use store::engine::Connection;
use store::partner_query::{self as rows, Happened, Held, NewHold, StoredQuery, StoredStep};
use uuid::Uuid;

use super::accounting::{Account, close, waivers};
use super::answer::{lifted, settled_by_counsel};
use super::as_read::{OurText, as_read};
use super::draft::{Stated, question};
use super::person::Known;
use super::standing::{count, due, made_this_year, standing};
use crate::{Action, Actor, Context, Error};

/// For how long nobody else tries a step that somebody is sending.
const CLAIMED: TimeDelta = TimeDelta::minutes(2);

/// A step that is due, and about whom PCQS/CIS is asked first.
#[derive(Debug)]
pub struct ToSend {
    pub query: Uuid,
    pub step: Step,
    pub a_numbers: Vec<Sensitive<ANumber>>,
}

/// A query that may leave: its disclosure is committed.
#[derive(Debug)]
pub struct Outgoing {
    pub query: Uuid,
    pub step: Step,
    pub disclosure: Uuid,
    pub transaction_number: String,
    pub prior: Option<String>,
    pub partner: Partner,
    pub purpose: Purpose,
    pub priority: Priority,
    pub modality: Modality,
    /// With the first query alone (SOR/2002-227 s. 315.38).
    pub prints: Option<Sensitive<Vec<u8>>>,
    pub asked: BTreeSet<Element>,
    /// The third query in the partner's template, if it can be written.
    pub written: Option<Sensitive<String>>,
}

/// What is done about a step that is due.
#[derive(Debug)]
pub enum Authorized {
    Send(Box<Outgoing>),
    /// Counsel decides.
    Held,
    /// It is not asked.
    Refused,
    /// Somebody else was quicker, or it was taken back.
    Gone,
}

/// What became of a query that was handed to IDENT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// Nothing left, and it may be tried again.
    Later(TimeDelta),
    /// Nothing was taken, and it never will be.
    Refused,
    /// It may have arrived. It is sent again under the same number, which IDENT takes once.
    Unknown,
}

impl Outcome {
    pub(super) const fn closing(self) -> Closing {
        match self {
            Self::Sent => Closing::Sent,
            Self::Later(_) | Self::Refused => Closing::Refused,
            Self::Unknown => Closing::Unknown,
        }
    }
}

/// The next step of a query that is due.
pub async fn next_to_send(ctx: &Context, actor: Actor) -> Result<Option<ToSend>, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some((id, step)) = rows::due_steps(&mut connection, ctx.now(), 1).await?.into_iter().next() else { return Ok(None) };
    let query = rows::get(&mut connection, &partner_data.keys, id).await?.ok_or(Error::Internal)?;
    drop(connection);
    let standing = standing(ctx, Some(query.profile), query.partner).await?;
    let a_numbers = standing.known.as_ref().map(Known::a_numbers).unwrap_or_default();
    Ok(Some(ToSend { query: id, step, a_numbers }))
}

/// Looks at agreement, quota, persecution and protection once more, and commits the disclosure of what leaves. What is read here was
/// committed before; a marker that comes later comes too late.
pub async fn authorize(ctx: &Context, actor: Actor, to_send: &ToSend, cis: &CisAnswer) -> Result<Authorized, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(query) = rows::get(&mut transaction, &partner_data.keys, to_send.query).await? else { return Ok(Authorized::Gone) };
    let steps = rows::steps(&mut transaction, &partner_data.keys, query.id).await?;
    let due = |stored: &&StoredStep| stored.step == to_send.step && stored.next_attempt_at.is_some_and(|at| at <= ctx.now());
    let Some(step) = steps.iter().find(due) else { return Ok(Authorized::Gone) };
    close_what_was_lost(ctx, &mut transaction, step).await?;

    let made = made_this_year(ctx, &mut transaction, query.partner, Direction::Out).await?;
    let released = rows::releases(&mut transaction, Held::Query(query.id)).await?;
    let standing = standing(ctx, Some(query.profile), query.partner).await?;
    let towards = lifted(standing.towards(cis, query.partner, query.purpose), &released);
    let (Some(known), Some(agreement)) = (&standing.known, &standing.agreement) else {
        return refuse(ctx, transaction, actor, &query, step, shared::agreement::Withheld::NoCapability).await;
    };
    let stated: Stated = serde_json::from_slice(&query.justification).map_err(|_| Error::Internal)?;
    let person = known.as_subject(FoundBy::Fingerprints, Some(&stated.feared));
    let question = question(ctx, query.partner, step.step, query.purpose, made);
    match may_ask(&question, &person, agreement, &towards, &settled_by_counsel(&released)) {
        Ok(()) => {}
        // It left before, and perhaps never arrived: it is not sent a second time.
        Err(_) if step.attempts > 0 => return give_up(ctx, transaction, actor, &query, step).await,
        Err(Blocked::No(withheld)) => return refuse(ctx, transaction, actor, &query, step, withheld).await,
        Err(Blocked::Doubtful(referred)) => {
            return hold(ctx, transaction, actor, &query, step, referred, &towards).await;
        }
    }
    let asked = data_set(&question, agreement);
    Box::pin(leave(ctx, transaction, actor, &query, step, (agreement, known, towards, asked))).await
}

/// The program ended between the disclosure and its outcome: nobody knows whether anything arrived.
async fn close_what_was_lost(ctx: &Context, transaction: &mut Connection, step: &StoredStep) -> Result<(), Error> {
    if let Some(before) = step.disclosure {
        close(ctx, transaction, before, Closing::Unknown).await?;
    }
    Ok(())
}

async fn refuse(
    ctx: &Context,
    mut transaction: Connection,
    actor: Actor,
    query: &StoredQuery,
    step: &StoredStep,
    because: shared::agreement::Withheld,
) -> Result<Authorized, Error> {
    let event = OutboundEvent::Refused { because };
    if !advance(ctx, &mut transaction, actor, query, &event).await? {
        return Ok(Authorized::Gone);
    }
    match step.step {
        Step::First => {
            rows::settle_step(&mut transaction, query.id, step.step, None).await?;
            rows::destroy_probe(&mut transaction, query.id, ctx.now()).await?;
        }
        Step::Second | Step::Third | Step::Reverse => rows::drop_step(&mut transaction, query.id, step.step).await?,
    }
    let detail = serde_json::json!({ "step": step.step.key(), "because": because });
    ctx.audit(&mut transaction, actor, "partner_query.refuse", &query.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Authorized::Refused)
}

async fn give_up(
    ctx: &Context,
    mut transaction: Connection,
    actor: Actor,
    query: &StoredQuery,
    step: &StoredStep,
) -> Result<Authorized, Error> {
    advance(ctx, &mut transaction, actor, query, &OutboundEvent::Failed { step: step.step, why: Failure::NoReceipt }).await?;
    rows::settle_step(&mut transaction, query.id, step.step, None).await?;
    rows::destroy_probe(&mut transaction, query.id, ctx.now()).await?;
    transaction.commit().await?;
    Ok(Authorized::Refused)
}

async fn hold(
    ctx: &Context,
    mut transaction: Connection,
    actor: Actor,
    query: &StoredQuery,
    step: &StoredStep,
    because: Referred,
    towards: &Towards,
) -> Result<Authorized, Error> {
    if !advance(ctx, &mut transaction, actor, query, &OutboundEvent::Held { because }).await? {
        return Ok(Authorized::Gone);
    }
    rows::settle_step(&mut transaction, query.id, step.step, None).await?;
    let doubts = match towards {
        Towards::Refer { because } => serde_json::to_string(because),
        Towards::Share { .. } | Towards::NoMatch => serde_json::to_string(&[because]),
    };
    let doubts = doubts.map_err(|_| Error::Internal)?;
    let hold = NewHold { id: ctx.clock.new_id(), held: Held::Query(query.id), because: &doubts, at: ctx.now() };
    rows::raise_hold(&mut transaction, &hold).await?;
    ctx.audit(&mut transaction, actor, "partner_query.hold", &query.id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Authorized::Held)
}

async fn leave(
    ctx: &Context,
    mut transaction: Connection,
    actor: Actor,
    query: &StoredQuery,
    step: &StoredStep,
    (agreement, known, towards, asked): (&Agreement, &Known, Towards, BTreeSet<Element>),
) -> Result<Authorized, Error> {
    let partner_data = ctx.partner_data()?;
    let number = TransactionNumber::parse(&step.transaction_number).map_err(|_| Error::Internal)?;
    let prints = match step.step {
        Step::First => rows::probe(&mut transaction, &partner_data.keys, query.id).await?,
        Step::Second | Step::Third | Step::Reverse => None,
    };
    if step.step == Step::First && prints.is_none() {
        return Err(Error::Internal);
    }
    let written = match step.step {
        Step::Third => Box::pin(as_read(ctx, &mut transaction, query, known, (agreement.version, &asked))).await?.text(),
        Step::First | Step::Second | Step::Reverse => None,
    };
    if is_another(ctx, &mut transaction, step, payload(prints.as_deref(), written.as_ref(), step)).await? {
        return give_up(ctx, transaction, actor, query, step).await;
    }
    // It counts as sent from here on, whatever becomes of it.
    if step.attempts == 0
        && !advance(ctx, &mut transaction, actor, query, &OutboundEvent::Sent { step: step.step, number: number.clone() }).await?
    {
        return Ok(Authorized::Gone);
    }
    if step.attempts == 0 {
        count(ctx, &mut transaction, query.partner, Direction::Out, step.step).await?;
        let slot = Slot { direction: Direction::Out, step: step.step, modality: query.modality };
        rows::set_due(&mut transaction, query.id, due(ctx, agreement, slot, query.priority)).await?;
    }
    let outgoing = Outgoing {
        query: query.id,
        step: step.step,
        disclosure: ctx.clock.new_id(),
        transaction_number: step.transaction_number.clone(),
        prior: step.prior.clone(),
        partner: query.partner,
        purpose: query.purpose,
        priority: query.priority,
        modality: query.modality,
        prints: prints.map(Sensitive::new),
        asked,
        written: written.as_ref().map(|written| written.text.clone()),
    };
    let has_prints = outgoing.prints.is_some();
    let account = Account {
        id: outgoing.disclosure,
        known,
        nature: if has_prints { Nature::OwnQueryWithPrints } else { Nature::OwnQuery },
        elements: told(has_prints, written.as_ref()),
        documents: BTreeSet::new(),
        partner: query.partner,
        purpose: query.purpose,
        agreement: agreement.version,
        waivers: waivers(&towards),
        recipient: None,
        transaction: number.clone(),
        released_by: step.requested_by,
        approved_by: step.approved_by,
        transmitted_by: None,
        method: Method::Ident,
        payload_sha256: sha256(payload(outgoing.prints.as_ref().map(|prints| prints.expose().as_slice()), written.as_ref(), step)),
    };
    account.record(ctx, &mut transaction).await?;
    let decision =
        serde_json::json!({ "agreement_version": agreement.version, "policy_version": shared::protection::POLICY_VERSION });
    let again = ctx.now() + CLAIMED;
    if !rows::authorize_step(&mut transaction, step, &decision.to_string(), outgoing.disclosure, again).await? {
        return Ok(Authorized::Gone);
    }
    transaction.commit().await?;
    Ok(Authorized::Send(Box::new(outgoing)))
}

/// What is handed over besides codes: the prints, the text, or the number alone.
fn payload<'a>(prints: Option<&'a [u8]>, written: Option<&'a OurText>, step: &'a StoredStep) -> &'a [u8] {
    let text = written.map(|written| written.text.expose().as_bytes());
    prints.or(text).unwrap_or(step.transaction_number.as_bytes())
}

/// Was something else handed over before, under the same number? IDENT takes a number once, and refuses another content: nobody
/// would learn whether the first arrived.
async fn is_another(ctx: &Context, transaction: &mut Connection, step: &StoredStep, payload: &[u8]) -> Result<bool, Error> {
    let Some(before) = step.disclosure else { return Ok(false) };
    let before = store::disclosure::get(transaction, &ctx.partner_data()?.keys, before).await?.ok_or(Error::Internal)?;
    let may_have_arrived = before.outcome.is_none_or(|(outcome, _)| outcome != Closing::Refused);
    Ok(may_have_arrived && before.entry.payload_sha256 != store::crypto::sha256(payload))
}

/// What a query tells of the person: prints, or what stands in its text.
fn told(has_prints: bool, written: Option<&OurText>) -> BTreeSet<Element> {
    match written {
        _ if has_prints => BTreeSet::from([Element::Fingerprints]),
        Some(written) => written.tells.clone(),
        None => BTreeSet::new(),
    }
}

/// Takes a query on by an event. False if somebody was quicker.
pub(super) async fn advance(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    query: &StoredQuery,
    event: &OutboundEvent,
) -> Result<bool, Error> {
    let Ok(state) = query.state.next(event) else { return Ok(false) };
    let happened = Happened { id: ctx.clock.new_id(), event: event.key(), state, actor: &actor.label(), at: ctx.now() };
    Ok(rows::save(transaction, query.id, query.version, &happened).await?)
}

/// Says what became of a query that was handed to IDENT.
pub async fn sent(ctx: &Context, actor: Actor, outgoing: &Outgoing, outcome: Outcome) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let now = ctx.now();
    close(ctx, &mut transaction, outgoing.disclosure, outcome.closing()).await?;
    let steps = rows::steps(&mut transaction, &partner_data.keys, outgoing.query).await?;
    let is_open =
        |stored: &StoredStep| stored.step == outgoing.step && stored.answered_at.is_none() && stored.next_attempt_at.is_some();
    match outcome {
        // The answer was quicker than the receipt: there is nothing to try again.
        Outcome::Later(_) | Outcome::Unknown | Outcome::Refused if !steps.iter().any(is_open) => {}
        Outcome::Sent => rows::settle_step(&mut transaction, outgoing.query, outgoing.step, Some(now)).await?,
        Outcome::Later(pause) => rows::try_step_again(&mut transaction, outgoing.query, outgoing.step, now + pause).await?,
        Outcome::Unknown => rows::try_step_again(&mut transaction, outgoing.query, outgoing.step, now + CLAIMED).await?,
        Outcome::Refused => {
            let query = rows::get(&mut transaction, &partner_data.keys, outgoing.query).await?.ok_or(Error::Internal)?;
            let event = OutboundEvent::Failed { step: outgoing.step, why: Failure::NotTaken };
            advance(ctx, &mut transaction, actor, &query, &event).await?;
            rows::settle_step(&mut transaction, outgoing.query, outgoing.step, None).await?;
        }
    }
    let detail = serde_json::json!({ "step": outgoing.step.key(), "outcome": outcome.closing().key() });
    ctx.audit(&mut transaction, actor, "partner_query.send", &outgoing.query.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(())
}
