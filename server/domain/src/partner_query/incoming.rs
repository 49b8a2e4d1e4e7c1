//! What IDENT has for us: kept at once, each message once, and understood when what it is about is there.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::{Direction, Made, Question, Slot, Step, is_admitted};
use shared::case_feed::ANumber;
use shared::ident::{Envelope, Found, Incoming, PartnerAsk, PartnerReply};
use shared::partner_query::{InboundState, OutboundEvent, ReleaseState, TransactionNumber, Verdict};
use shared::profile::Fin;
use store::engine::Connection;
use store::partner_query::{self as rows, ForeignState, Happened, Held, NewForeign, NewHold, NewMessage, NewStep, StoredMessage};
use store::profile::{Key, KeyKind};
use uuid::Uuid;

use super::answer::checked;
use super::component_use::use_came;
use super::correction::correction_confirmed;
use super::standing::{count, due, made_this_year, standing};
use super::written;
use crate::{Action, Actor, Context, Error};

/// Messages that are understood in one round.
const AT_ONCE: i64 = 100;
/// Why a message waits whose query is gone: people look at it, and the others go on.
const DESTROYED: &str = "the query was destroyed, a hundred years after the birth of whom it was about";

/// Up to where IDENT's messages were taken over.
pub async fn cursor(ctx: &Context, actor: Actor) -> Result<u64, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    Ok(store::installation::ident_cursor(&mut connection).await?)
}

/// Keeps what IDENT has for us, and from where on to ask the next time, in one transaction: nothing is lost and nothing taken twice.
/// Says how many messages were new.
pub async fn receive(ctx: &Context, actor: Actor, messages: &[Envelope]) -> Result<usize, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let mut new = 0;
    let mut cursor = store::installation::ident_cursor(&mut transaction).await?;
    for envelope in messages {
        let body = serde_json::to_vec(&envelope.message).map_err(|_| Error::Internal)?;
        let message = NewMessage { id: envelope.id, kind: envelope.message.kind(), body: &body, at: ctx.now() };
        new += usize::from(rows::add_message(&mut transaction, &partner_data.keys, &message).await?);
        cursor = cursor.max(envelope.cursor);
    }
    store::installation::set_ident_cursor(&mut transaction, cursor).await?;
    transaction.commit().await?;
    Ok(new)
}

/// Understands what waits, the oldest first. What is about something that is not there yet waits on. Says how many were understood.
pub async fn understand(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let left = rows::left_messages(&mut connection, &partner_data.keys, AT_ONCE).await?;
    drop(connection);
    let mut understood = 0;
    for message in left {
        understood += usize::from(understand_one(ctx, actor, &message).await?);
    }
    Ok(understood)
}

async fn understand_one(ctx: &Context, actor: Actor, message: &StoredMessage) -> Result<bool, Error> {
    let partner_data = ctx.partner_data()?;
    let Ok(incoming) = serde_json::from_slice::<Incoming>(&message.body) else {
        return wait(ctx, message, "it cannot be read by this release").await;
    };
    // Who a partner asks about is looked up before: the other database is read outside of the transaction.
    let looked_up = match &incoming {
        Incoming::Ask(asked) => look_up(ctx, asked).await?,
        _ => LookedUp::default(),
    };
    let mut transaction = partner_data.store.begin().await?;
    let waits_for = match &incoming {
        Incoming::Reply(reply) => reply_came(ctx, &mut transaction, actor, reply, &message.body).await?,
        Incoming::SecondSent { transaction_number, prior, sent_at } => {
            second_sent(ctx, &mut transaction, actor, transaction_number, prior, *sent_at).await?
        }
        Incoming::Ask(asked) => {
            asked_us(ctx, &mut transaction, actor, message, asked, looked_up).await?;
            None
        }
        Incoming::Use(wanted) => use_came(ctx, &mut transaction, actor, message, wanted).await?,
        Incoming::CorrectionConfirmed(confirmed) => correction_confirmed(ctx, &mut transaction, actor, confirmed).await?,
        Incoming::Unknown => Some("its kind is not known to this release"),
    };
    if let Some(problem) = waits_for {
        drop(transaction);
        return wait(ctx, message, problem).await;
    }
    rows::message_handled(&mut transaction, message.id, ctx.now()).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn wait(ctx: &Context, message: &StoredMessage, problem: &str) -> Result<bool, Error> {
    if message.problem.as_deref() != Some(problem) {
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        rows::message_problem(&mut transaction, message.id, problem).await?;
        transaction.commit().await?;
    }
    Ok(false)
}

/// A partner answered. None if it is understood, or what it waits for.
async fn reply_came(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    reply: &PartnerReply,
    body: &[u8],
) -> Result<Option<&'static str>, Error> {
    let partner_data = ctx.partner_data()?;
    let Some((query, step)) = rows::number_of_step(transaction, reply.transaction_number.as_str()).await? else {
        return Ok(Some("no query has its number yet"));
    };
    let Some(query) = rows::get(transaction, &partner_data.keys, query).await? else { return Ok(Some(DESTROYED)) };
    let steps = rows::steps(transaction, &partner_data.keys, query.id).await?;
    let stored = steps.iter().find(|stored| stored.step == step).ok_or(Error::Internal)?;
    if stored.answered_at.is_some() {
        // It came twice: the first counts.
        return Ok(None);
    }
    let event = OutboundEvent::Answered { step, number: reply.transaction_number.clone(), result: reply.result };
    let Ok(state) = query.state.next(&event) else { return Ok(Some("nothing left under its number: look where it comes from")) };
    rows::answer_step(transaction, &partner_data.keys, stored, query.data_key, reply.result, body, ctx.now()).await?;
    let happened = Happened { id: ctx.clock.new_id(), event: event.key(), state, actor: &actor.label(), at: ctx.now() };
    if !rows::save(transaction, query.id, query.version, &happened).await? {
        return Err(Error::Unavailable);
    }
    rows::set_due(transaction, query.id, None).await?;
    if step == Step::First {
        rows::destroy_probe(transaction, query.id, ctx.now()).await?;
    }
    let detail = serde_json::json!({ "step": step.key(), "result": reply.result.key() });
    ctx.audit(transaction, actor, "partner_query.answer", &query.id.to_string(), detail).await?;
    Ok(None)
}

/// IDENT sent the second query by itself.
async fn second_sent(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    number: &TransactionNumber,
    prior: &TransactionNumber,
    sent_at: DateTime<Utc>,
) -> Result<Option<&'static str>, Error> {
    let partner_data = ctx.partner_data()?;
    let Some((query, _)) = rows::number_of_step(transaction, prior.as_str()).await? else {
        return Ok(Some("no query has its number yet"));
    };
    let Some(query) = rows::get(transaction, &partner_data.keys, query).await? else { return Ok(Some(DESTROYED)) };
    let steps = rows::steps(transaction, &partner_data.keys, query.id).await?;
    if steps.iter().any(|stored| stored.step == Step::Second) {
        return Ok(None);
    }
    let event = OutboundEvent::Sent { step: Step::Second, number: number.clone() };
    let Ok(state) = query.state.next(&event) else { return Ok(Some("nothing left under its number: look where it comes from")) };
    let step = NewStep {
        query: query.id,
        step: Step::Second,
        transaction_number: number.as_str(),
        prior: Some(prior.as_str()),
        requested_by: None,
        send_at: None,
        sent_at: Some(sent_at),
    };
    rows::add_step(transaction, &step).await?;
    count(ctx, transaction, query.partner, Direction::Out, Step::Second).await?;
    let happened = Happened { id: ctx.clock.new_id(), event: event.key(), state, actor: &actor.label(), at: ctx.now() };
    if !rows::save(transaction, query.id, query.version, &happened).await? {
        return Err(Error::Unavailable);
    }
    Ok(None)
}

/// What is looked up of a partner's query before it is kept.
#[derive(Debug, Default)]
struct LookedUp {
    meant: Meant,
    due_at: Option<DateTime<Utc>>,
    /// What is wrong with its text.
    errors: Vec<String>,
}

/// Can it be read, and may the partner ask this at all? Only then is it looked at who is meant: what cannot be read, and what is
/// refused for the agreement's sake, is the same for everybody, and is no answer about anybody.
async fn look_up(ctx: &Context, asked: &PartnerAsk) -> Result<LookedUp, Error> {
    let errors = written::errors(asked)?;
    if !errors.is_empty() {
        return Ok(LookedUp { errors, ..LookedUp::default() });
    }
    let standing = standing(ctx, None, asked.partner).await?;
    let Some(agreement) = &standing.agreement else { return Ok(LookedUp::default()) };
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    let made = made_this_year(ctx, &mut connection, asked.partner, Direction::In).await?;
    drop(connection);
    if !is_admitted(&question(asked, ctx.today(), made), agreement) {
        return Ok(LookedUp::default());
    }
    let slot = Slot { direction: Direction::In, step: asked.step, modality: asked.modality };
    let meant = meant(ctx, asked.found.expose().as_ref()).await?;
    Ok(LookedUp { meant, due_at: due(ctx, agreement, slot, asked.priority), errors })
}

/// The question of a partner, as agreements see it.
pub(crate) const fn question(asked: &PartnerAsk, on: NaiveDate, made_this_year: Made) -> Question {
    let PartnerAsk { partner, step, modality, purpose, recipient, .. } = *asked;
    Question { partner, direction: Direction::In, step, by: modality, purpose, recipient, on, made_this_year }
}

/// Whom a partner asks about, as far as our records know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Meant {
    #[default]
    Nobody,
    One(Uuid),
    /// The numbers that IDENT has lead to more than one person: which of them is protected, and which is meant?
    Several,
}

/// The person whom IDENT found, by the numbers that it has for them.
async fn meant(ctx: &Context, found: Option<&Found>) -> Result<Meant, Error> {
    let Some(Found { fin, a_numbers, .. }) = found else { return Ok(Meant::Nobody) };
    let key = |kind, text: &str| Key { kind, text: text.to_owned() };
    let numbers = a_numbers.iter().filter_map(|number| ANumber::parse(number)).map(|number| key(KeyKind::ANumber, number.digits()));
    let fins = fin.iter().filter_map(|fin| Fin::parse(fin)).map(|fin| key(KeyKind::Fin, fin.digits()));
    let mut connection = ctx.store.read_primary().await?;
    let mut people: BTreeSet<Uuid> = BTreeSet::new();
    for key in numbers.chain(fins).collect::<Vec<_>>() {
        people.extend(store::profile::find(&mut connection, &ctx.keys, &key, 2).await?);
    }
    let mut people = people.into_iter();
    Ok(match (people.next(), people.next()) {
        (None, _) => Meant::Nobody,
        (Some(one), None) => Meant::One(one),
        (Some(_), Some(_)) => Meant::Several,
    })
}

/// The first state of a partner's query; what is held from the beginning has been checked as far as it could be.
fn received(is_first_answer: bool, is_held: bool) -> Result<ForeignState, Error> {
    let state =
        if is_first_answer { ForeignState::First(ReleaseState::Received) } else { ForeignState::Request(InboundState::Received) };
    if is_held { checked(state, Verdict::Refer) } else { Ok(state) }
}

async fn asked_us(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    message: &StoredMessage,
    asked: &PartnerAsk,
    LookedUp { meant, due_at, errors }: LookedUp,
) -> Result<(), Error> {
    let partner_data = ctx.partner_data()?;
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let is_held = meant == Meant::Several;
    let new = NewForeign {
        id,
        message: message.id,
        partner: asked.partner,
        step: asked.step,
        transaction_number: asked.transaction_number.as_str(),
        prior: asked.prior.as_ref().map(TransactionNumber::as_str),
        purpose: asked.purpose,
        priority: asked.priority,
        profile: if let Meant::One(profile) = meant { Some(profile) } else { None },
        request: &message.body,
        state: received(asked.is_first_answer, is_held)?,
        at: now,
        due_at,
        next_attempt_at: (!is_held && errors.is_empty()).then_some(now),
    };
    // The same query in another message: it is answered once.
    let is_new = rows::add_foreign(transaction, &partner_data.keys, ctx.clock.new_id(), &new).await?;
    if is_new && !errors.is_empty() {
        return written::refuse(ctx, transaction, actor, id, errors).await;
    }
    if is_new {
        count(ctx, transaction, asked.partner, Direction::In, asked.step).await?;
    }
    if is_new && is_held {
        let because = serde_json::json!(["several_people"]).to_string();
        let hold = NewHold { id: ctx.clock.new_id(), held: Held::Foreign(id), because: &because, at: now };
        rows::raise_hold(transaction, &hold).await?;
    }
    Ok(())
}
