//! What a partner is answered: decided, accounted for, and only then sent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use shared::agreement::{
    Agreement, AnswerKind, Decision, Direction, Element, FoundBy, Made, Matter, Partner, Request, Step, Subject, Withheld,
    evaluate, matters, suppressed,
};
use shared::case_feed::ANumber;
use shared::disclosure::{Method, Nature, Outcome as Closing};
use shared::ident::{Incoming, PartnerAsk};
use shared::partner_query::{Failing, InboundEvent, InboundState, ReleaseEvent, ReleaseState, TransactionNumber, Verdict};
use shared::protection::{CisAnswer, Doubt, Towards};
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use store::engine::Connection;
use store::partner_query::{self as rows, Answering, ForeignState, Held, NewHold, StoredForeign};
use uuid::Uuid;

use super::accounting::{Account, close};
use super::incoming::question;
use super::person::Known;
use super::send::Outcome;
use super::standing::{Standing, made_this_year, standing};
use super::written::{self, OutgoingErrors, UNREADABLE};
use crate::{Action, Actor, Context, Error};

/// When an answer that tells nothing goes out, after the question came: the same for somebody unknown and for somebody of whom
/// nothing may be told. Longer than the checks take, so that their time shows in nothing.
const SILENCE_AFTER: TimeDelta = TimeDelta::seconds(30);
/// The next try of what could not be sent.
pub(super) const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);
/// Queries that are looked at for one that is due.
const AT_ONCE: i64 = 1;

/// A partner's query that is due, and about whom PCQS/CIS is asked first.
#[derive(Debug)]
pub struct ToAnswer {
    pub id: Uuid,
    pub a_numbers: Vec<Sensitive<ANumber>>,
}

/// An answer that may leave: its disclosure, if it is one, is committed.
#[derive(Debug)]
pub struct OutgoingAnswer {
    pub id: Uuid,
    /// IDENT's number of the message that is answered.
    pub message: Uuid,
    pub partner: Partner,
    pub transaction_number: String,
    pub step: Step,
    /// Whether IDENT waits for our decision before it answers by itself.
    pub is_first_answer: bool,
    pub answer: AnswerKind,
    pub elements: Sensitive<BTreeMap<Element, String>>,
    pub disclosure: Option<Uuid>,
    version: i64,
    state: ForeignState,
    attempts: i64,
}

/// What is done about a partner's query.
#[derive(Debug)]
pub enum Decided {
    Answer(Box<OutgoingAnswer>),
    /// It cannot be read, and the partner is told why.
    Unreadable(OutgoingErrors),
    /// Later, by this job: nothing is told, and not sooner than it would be of anybody else.
    Later,
    /// By people: counsel, or whoever prepares what is told.
    Waits,
    /// Somebody else was quicker.
    Gone,
}

/// The next query of a partner that is due.
pub async fn next_to_answer(ctx: &Context, actor: Actor) -> Result<Option<ToAnswer>, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(id) = rows::due_foreign(&mut connection, ctx.now(), AT_ONCE).await?.into_iter().next() else { return Ok(None) };
    let foreign = rows::foreign(&mut connection, &partner_data.keys, id).await?.ok_or(Error::Internal)?;
    drop(connection);
    let standing = standing(ctx, foreign.profile, foreign.partner).await?;
    let a_numbers = standing.known.as_ref().map(Known::a_numbers).unwrap_or_default();
    Ok(Some(ToAnswer { id, a_numbers }))
}

/// Decides on a partner's query, and commits the disclosure of what is told. Protection, agreement and quota are read in here: a marker
/// counts if it was committed before this began.
pub async fn decide(ctx: &Context, actor: Actor, to_answer: &ToAnswer, cis: &CisAnswer) -> Result<Decided, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(foreign) = rows::foreign(&mut connection, &partner_data.keys, to_answer.id).await? else { return Ok(Decided::Gone) };
    if foreign.state == UNREADABLE {
        drop(connection);
        return written::tell(ctx, &foreign).await;
    }
    let made = made_this_year(ctx, &mut connection, foreign.partner, Direction::In).await?;
    let made = match foreign.state {
        // What people answer had its place in the quota when it came. What others asked since takes nothing from it.
        ForeignState::Request(state) if state != InboundState::Received => Made::default(),
        // The one at hand was counted when it came.
        _ if ctx.day_of(foreign.received_at).year() == ctx.year() => made.without_one(foreign.step),
        _ => made,
    };
    let Ok(Incoming::Ask(asked)) = serde_json::from_slice(&foreign.request) else { return Err(Error::Internal) };
    let standing = standing(ctx, foreign.profile, foreign.partner).await?;
    let parts = standing.known.as_ref().map(|known| known.parts.clone()).unwrap_or_default();
    let answered_before = rows::answered_before(&mut connection, &parts, foreign.partner).await?;
    let released = rows::releases(&mut connection, Held::Foreign(foreign.id)).await?;
    drop(connection);

    let found_by = FoundBy::Fingerprints;
    let subject = standing.known.as_ref().map_or(Subject::Nobody, |known| Subject::Known(known.as_subject(found_by, None)));
    let settled = settled_by_counsel(&released);
    let question = question(&asked, ctx.today(), made);
    let request = Request { question, asked: asked.asked.clone(), subject, answered_before, settled };
    let towards = lifted(standing.towards(cis, foreign.partner, foreign.purpose), &released);
    let Some(agreement) = &standing.agreement else {
        let state = checked(foreign.state, Verdict::Silence)?;
        let case = Case { foreign: &foreign, asked: &asked, standing: &standing, state };
        return case.silence(ctx, AnswerKind::Refused, None, None).await;
    };
    let decision = evaluate(&request, agreement, &towards);
    let state = checked(foreign.state, Verdict::of(&decision))?;
    // What was once silence stays silence, whatever the check says now.
    let answer = match decision.answer {
        AnswerKind::NoMatch | AnswerKind::Refused => decision.answer,
        AnswerKind::Match | AnswerKind::Partial | AnswerKind::Hold => answered_before.silence(),
    };
    let case = Case { foreign: &foreign, asked: &asked, standing: &standing, state };
    match state {
        ForeignState::First(ReleaseState::Referred) | ForeignState::Request(InboundState::Referred(_)) => {
            case.hold(ctx, &decision, &doubts(&towards, &matters(&request, agreement, &towards))?).await
        }
        ForeignState::First(ReleaseState::Suppressed | ReleaseState::UnsentSilence)
        | ForeignState::Request(InboundState::Suppressed | InboundState::Failed(Failing::Silence)) => {
            let because = suppressed(&request, agreement, &towards);
            case.silence(ctx, answer, Some(&decision), because).await
        }
        ForeignState::First(ReleaseState::Released | ReleaseState::Unsent) => case.tell(ctx, actor, agreement, &decision).await,
        // More than a first answer is prepared by an analyst and released by another.
        ForeignState::First(_) | ForeignState::Request(_) => case.wait(ctx, &decision).await,
    }
}

/// The state after the check: of a query that is new, and of one that was checked before.
pub(super) fn checked(state: ForeignState, verdict: Verdict) -> Result<ForeignState, Error> {
    let checked = match state {
        ForeignState::First(ReleaseState::Received) => ReleaseState::Received
            .next(&ReleaseEvent::Validated)
            .and_then(|state| state.next(&ReleaseEvent::CheckBegun))
            .and_then(|state| state.next(&ReleaseEvent::Checked { verdict }))
            .map(ForeignState::First)
            .ok(),
        ForeignState::First(state) => state.next(&ReleaseEvent::Checked { verdict }).map(ForeignState::First).ok(),
        ForeignState::Request(InboundState::Received) => InboundState::Received
            .next(&InboundEvent::Validated)
            .and_then(|state| state.next(&InboundEvent::CheckBegun))
            .and_then(|state| state.next(&InboundEvent::Checked { verdict }))
            .map(ForeignState::Request)
            .ok(),
        ForeignState::Request(state) => state.next(&InboundEvent::Checked { verdict }).map(ForeignState::Request).ok(),
    };
    checked.ok_or(Error::Internal)
}

/// What counsel looked at stands no longer in the way; whatever else does, still does. Nothing lifts "no match".
pub(crate) fn lifted(towards: Towards, released: &[String]) -> Towards {
    let Towards::Refer { because } = &towards else { return towards };
    // What was held for another reason is no list of these.
    let known: Vec<Doubt> =
        released.iter().flat_map(|because| serde_json::from_str::<Vec<Doubt>>(because).unwrap_or_default()).collect();
    // A doubt that nobody can name is one that nobody looked at.
    if !because.is_empty() && because.iter().all(|doubt| known.contains(doubt)) {
        return Towards::Share { waivers: BTreeSet::new() };
    }
    towards
}

/// What counsel looked at beside protection, of what they released a query for.
pub(crate) fn settled_by_counsel(released: &[String]) -> BTreeSet<Matter> {
    // What was held for a doubt of protection is no list of these.
    released.iter().flat_map(|because| serde_json::from_str::<Vec<Matter>>(because).unwrap_or_default()).collect()
}

/// Why counsel has to decide, as it is kept.
pub(crate) fn doubts(towards: &Towards, matters: &BTreeSet<Matter>) -> Result<String, Error> {
    let text = match towards {
        Towards::Refer { because } => serde_json::to_string(because),
        Towards::Share { .. } | Towards::NoMatch => serde_json::to_string(matters),
    };
    text.map_err(|_| Error::Internal)
}

/// A partner's query after the check.
struct Case<'a> {
    foreign: &'a StoredForeign,
    asked: &'a PartnerAsk,
    standing: &'a Standing,
    state: ForeignState,
}

impl Case<'_> {
    async fn hold(&self, ctx: &Context, decision: &Decision, because: &str) -> Result<Decided, Error> {
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        if !self.save(ctx, &mut transaction, Some(decision), None, None).await? {
            return Ok(Decided::Gone);
        }
        let hold = NewHold { id: ctx.clock.new_id(), held: Held::Foreign(self.foreign.id), because, at: ctx.now() };
        rows::raise_hold(&mut transaction, &hold).await?;
        transaction.commit().await?;
        Ok(Decided::Waits)
    }

    /// The answer that tells nothing: to somebody unknown, about somebody of whom nothing may be told, and where the agreement lets
    /// nothing be asked. It has no disclosure, since it discloses nothing.
    async fn silence(
        &self,
        ctx: &Context,
        answer: AnswerKind,
        decision: Option<&Decision>,
        because: Option<Withheld>,
    ) -> Result<Decided, Error> {
        let Self { foreign, asked, .. } = self;
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        if let (Some(because), Some(profile)) = (because, foreign.profile) {
            rows::suppress(&mut transaction, ctx.clock.new_id(), foreign.id, profile, because.key(), ctx.now()).await?;
        }
        let due = foreign.received_at + SILENCE_AFTER;
        // IDENT keeps its own time for first answers, whatever we decide and when.
        if !asked.is_first_answer && ctx.now() < due {
            let answering = Answering { next_attempt_at: Some(due), ..self.unchanged(ctx) };
            let saved = rows::save_foreign(&mut transaction, foreign.id, foreign.version, &answering).await?;
            transaction.commit().await?;
            return Ok(if saved { Decided::Later } else { Decided::Gone });
        }
        if !self.save(ctx, &mut transaction, decision, Some(answer), None).await? {
            return Ok(Decided::Gone);
        }
        transaction.commit().await?;
        Ok(Decided::Answer(Box::new(self.outgoing(answer, BTreeMap::new(), None))))
    }

    async fn wait(&self, ctx: &Context, decision: &Decision) -> Result<Decided, Error> {
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        if !self.save(ctx, &mut transaction, Some(decision), None, None).await? {
            return Ok(Decided::Gone);
        }
        transaction.commit().await?;
        Ok(Decided::Waits)
    }

    /// The first answer, which IDENT gives for us: it discloses too, so it is accounted for before it leaves.
    async fn tell(&self, ctx: &Context, actor: Actor, agreement: &Agreement, decision: &Decision) -> Result<Decided, Error> {
        let Self { foreign, asked, standing, .. } = self;
        let Some(known) = &standing.known else { return Err(Error::Internal) };
        let values = known.values();
        let elements: BTreeMap<Element, String> =
            decision.allowed().filter_map(|element| Some((element, values.get(&element)?.clone()))).collect();
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        let disclosure = ctx.clock.new_id();
        let payload = serde_json::to_vec(&elements).map_err(|_| Error::Internal)?;
        let account = Account {
            id: disclosure,
            known,
            nature: Nature::AutomaticAnswer,
            elements: elements.keys().copied().collect(),
            documents: BTreeSet::new(),
            partner: foreign.partner,
            purpose: foreign.purpose,
            agreement: agreement.version,
            waivers: decision.waivers.clone(),
            recipient: Some(&asked.requestor),
            transaction: TransactionNumber::parse(&foreign.transaction_number).map_err(|_| Error::Internal)?,
            released_by: None,
            approved_by: None,
            transmitted_by: None,
            method: Method::Ident,
            payload_sha256: sha256(&payload),
        };
        account.record(ctx, &mut transaction).await?;
        if !self.save(ctx, &mut transaction, Some(decision), Some(decision.answer), Some(disclosure)).await? {
            return Ok(Decided::Gone);
        }
        let detail = serde_json::json!({ "answer": decision.answer.key(), "agreement_version": agreement.version });
        ctx.audit(&mut transaction, actor, "partner_query.release", &foreign.id.to_string(), detail).await?;
        transaction.commit().await?;
        Ok(Decided::Answer(Box::new(self.outgoing(decision.answer, elements, Some(disclosure)))))
    }

    fn outgoing(&self, answer: AnswerKind, elements: BTreeMap<Element, String>, disclosure: Option<Uuid>) -> OutgoingAnswer {
        let Self { foreign, asked, state, .. } = self;
        OutgoingAnswer {
            id: foreign.id,
            message: foreign.message,
            partner: foreign.partner,
            transaction_number: foreign.transaction_number.clone(),
            step: foreign.step,
            is_first_answer: asked.is_first_answer,
            answer,
            elements: Sensitive::new(elements),
            disclosure,
            version: foreign.version + 1,
            state: *state,
            attempts: foreign.attempts + 1,
        }
    }

    fn unchanged(&self, ctx: &Context) -> Answering<'static> {
        Answering {
            state: self.foreign.state,
            decision: None,
            answer: None,
            disclosure: None,
            attempts: self.foreign.attempts,
            next_attempt_at: None,
            answered_at: None,
            at: ctx.now(),
        }
    }

    /// Takes the query on. An answer is tried again until it is known to have arrived.
    async fn save(
        &self,
        ctx: &Context,
        transaction: &mut Connection,
        decision: Option<&Decision>,
        answer: Option<AnswerKind>,
        disclosure: Option<Uuid>,
    ) -> Result<bool, Error> {
        if let Some(before) = self.foreign.disclosure {
            // The program ended, or the connection broke off: nobody knows whether that arrived.
            close(ctx, transaction, before, Closing::Unknown).await?;
        }
        let decision = decision.map(serde_json::to_string).transpose().map_err(|_| Error::Internal)?;
        let answering = Answering {
            state: self.state,
            decision: decision.as_deref(),
            answer,
            disclosure,
            attempts: self.foreign.attempts + i64::from(answer.is_some()),
            next_attempt_at: answer.map(|_| ctx.now() + AGAIN_AFTER),
            ..self.unchanged(ctx)
        };
        Ok(rows::save_foreign(transaction, self.foreign.id, self.foreign.version, &answering).await?)
    }
}

/// Says what became of an answer that was handed to IDENT.
pub async fn answered(ctx: &Context, actor: Actor, outgoing: &OutgoingAnswer, outcome: Outcome) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let now = ctx.now();
    if let Some(disclosure) = outgoing.disclosure {
        close(ctx, &mut transaction, disclosure, outcome.closing()).await?;
    }
    let (answered_at, next_attempt_at) = settled(outcome, now);
    let answering = Answering {
        state: after(outgoing, outcome)?,
        decision: None,
        answer: None,
        disclosure: None,
        attempts: outgoing.attempts,
        next_attempt_at,
        answered_at,
        at: now,
    };
    rows::save_foreign(&mut transaction, outgoing.id, outgoing.version, &answering).await?;
    transaction.commit().await?;
    Ok(())
}

/// When it was answered, and when it is handed over again.
pub(super) fn settled(outcome: Outcome, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    match outcome {
        Outcome::Sent => (Some(now), None),
        Outcome::Refused => (None, None),
        Outcome::Later(pause) => (None, Some(now + pause)),
        Outcome::Unknown => (None, Some(now + AGAIN_AFTER)),
    }
}

/// Where a query stands after its answer was handed over, or could not be.
fn after(outgoing: &OutgoingAnswer, outcome: Outcome) -> Result<ForeignState, Error> {
    let number = || TransactionNumber::parse(&outgoing.transaction_number).map_err(|_| Error::Internal);
    let is_sent = outcome == Outcome::Sent;
    Ok(match outgoing.state {
        ForeignState::First(state) => {
            let event = if is_sent { ReleaseEvent::Sent { number: number()? } } else { ReleaseEvent::SendingFailed };
            ForeignState::First(state.next(&event).map_err(|_| Error::Internal)?)
        }
        ForeignState::Request(state) => {
            // Whatever tells something is sent by people, and is not for this job.
            let event = if is_sent { InboundEvent::SilenceSent { number: number()? } } else { InboundEvent::TransmissionFailed };
            ForeignState::Request(state.next(&event).map_err(|_| Error::Internal)?)
        }
    })
}
