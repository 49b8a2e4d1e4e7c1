//! A partner is told that what it was answered is set right, or that the person disagrees (5 USC 552a(c)(4), (d)(4); SOR/2002-227
//! s. 315.27, .35, .42): decided again, accounted for, and only then sent, as the answer was. A privacy officer has it done.
//!
//! The partner knows the person already. Still nothing is told that may not be told now: protection and agreement are asked again, and
//! a correction is silent where an answer would be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use shared::agreement::{Agreement, AnswerKind, Decision, Element, FoundBy, Made, Partner, Request, Subject, evaluate};
use shared::case_feed::ANumber;
use shared::disclosure::{Disclosure, Method, Nature, NoticeState, Outcome as Closing};
use shared::ident::{CorrectionConfirmed, Incoming, PartnerAsk};
use shared::partner_query::{LongLine, TransactionNumber};
use shared::protection::{AnsweredBefore, CisAnswer, Towards};
use shared::sensitive::Sensitive;
use store::amendment::Because;
use store::correction_notice::{self as notices, Confirmation, Settled, StoredNotice};
use store::crypto::sha256;
use store::engine::Connection;
use store::partner_query::{self as rows, Held};
use uuid::Uuid;

use super::accounting::{Account, close};
use super::answer::{lifted, settled_by_counsel};
use super::incoming::question;
use super::person::Known;
use super::send::Outcome;
use super::standing::{Standing, standing};
use crate::{Action, Actor, Context, Error};

/// For how long nobody else tries a correction that somebody is sending.
const CLAIMED: TimeDelta = TimeDelta::minutes(2);

/// A correction that is due, and about whom PCQS/CIS is asked first.
#[derive(Debug)]
pub struct CorrectionToSend {
    pub id: Uuid,
    pub a_numbers: Vec<Sensitive<ANumber>>,
}

/// A correction that may leave: its disclosure is committed.
#[derive(Debug)]
pub struct OutgoingCorrection {
    /// By which it is taken once, and confirmed.
    pub id: Uuid,
    pub disclosure: Uuid,
    pub partner: Partner,
    /// Of the answer that it sets right.
    pub transaction_number: TransactionNumber,
    pub elements: BTreeSet<Element>,
    pub values: Sensitive<BTreeMap<Element, String>>,
    pub statement: Sensitive<Option<LongLine>>,
}

/// What is done about a correction that is due.
#[derive(Debug)]
pub enum CorrectionChecked {
    Send(Box<OutgoingCorrection>),
    /// The check could not decide.
    Held,
    /// Nothing may be told to this partner now.
    Withheld,
    /// Somebody else was quicker.
    Gone,
}

/// The answer that is set right.
struct Told {
    entry: Disclosure,
    outcome: Option<Closing>,
    asked: PartnerAsk,
    /// What counsel released of it.
    released: Vec<String>,
}

/// The next correction that is due.
pub async fn next_correction(ctx: &Context, actor: Actor) -> Result<Option<CorrectionToSend>, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(id) = notices::due(&mut connection, ctx.now()).await? else { return Ok(None) };
    let notice = notices::get(&mut connection, id).await?.ok_or(Error::Internal)?;
    let told = told(ctx, &mut connection, &notice).await?;
    drop(connection);
    let Some(told) = told else { return Ok(Some(CorrectionToSend { id, a_numbers: Vec::new() })) };
    let standing = standing(ctx, Some(told.entry.person), told.entry.recipient.partner).await?;
    let a_numbers = standing.known.as_ref().map(Known::a_numbers).unwrap_or_default();
    Ok(Some(CorrectionToSend { id, a_numbers }))
}

/// None: it was told with a question of ours, or what was asked is not there any more. Nobody can say what may be told to it.
async fn told(ctx: &Context, connection: &mut Connection, notice: &StoredNotice) -> Result<Option<Told>, Error> {
    let keys = &ctx.partner_data()?.keys;
    let stored = store::disclosure::get(connection, keys, notice.disclosure).await?.ok_or(Error::Internal)?;
    let (entry, outcome) = (stored.entry, stored.outcome.map(|(outcome, _)| outcome));
    let number = entry.transaction.as_str();
    let Some(id) = rows::foreign_by_number(connection, entry.recipient.partner, number).await? else { return Ok(None) };
    let Some(foreign) = rows::foreign(connection, keys, id).await? else { return Ok(None) };
    let released = rows::releases(connection, Held::Foreign(foreign.id)).await?;
    let Ok(Incoming::Ask(asked)) = serde_json::from_slice(&foreign.request) else { return Err(Error::Internal) };
    Ok(Some(Told { entry, outcome, asked: *asked, released }))
}

/// Decides on a correction, and commits its disclosure. Protection and agreement are read in here: a marker counts if it was committed
/// before this began.
pub async fn authorize_correction(
    ctx: &Context,
    actor: Actor,
    to_send: &CorrectionToSend,
    cis: &CisAnswer,
) -> Result<CorrectionChecked, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let notice = notices::get(&mut connection, to_send.id).await?;
    let Some(notice) = notice.filter(|notice| notice.state == NoticeState::Due) else { return Ok(CorrectionChecked::Gone) };
    let told = told(ctx, &mut connection, &notice).await?;
    drop(connection);
    let case = Case { ctx, actor, notice: &notice };
    let Some(told) = told else { return case.stop(NoticeState::Withheld, "no_question").await };
    let standing = standing(ctx, Some(told.entry.person), told.entry.recipient.partner).await?;
    if told.outcome == Some(Closing::Refused) {
        return case.stop(NoticeState::Withheld, "never_told").await;
    }
    let (Some(known), Some(agreement)) = (&standing.known, &standing.agreement) else {
        return case.stop(NoticeState::Withheld, "no_agreement").await;
    };
    let decision = decision(ctx, &told, &notice, &standing, (known, agreement), cis);
    match decision.answer {
        AnswerKind::Match | AnswerKind::Partial => Box::pin(case.leave(&told, known, agreement, &decision)).await,
        AnswerKind::Hold => case.stop(NoticeState::Held, "hold").await,
        AnswerKind::NoMatch | AnswerKind::Refused => case.stop(NoticeState::Withheld, "protected_or_not_agreed").await,
    }
}

/// As the answer would be decided today, but for the quota: a correction is no query.
fn decision(
    ctx: &Context,
    told: &Told,
    notice: &StoredNotice,
    standing: &Standing,
    (known, agreement): (&Known, &Agreement),
    cis: &CisAnswer,
) -> Decision {
    let request = Request {
        question: question(&told.asked, ctx.today(), Made::default()),
        asked: notice.elements.clone(),
        subject: Subject::Known(known.as_subject(FoundBy::Fingerprints, None)),
        answered_before: AnsweredBefore::Match,
        settled: settled_by_counsel(&told.released),
    };
    let towards: Towards = lifted(standing.towards(cis, told.entry.recipient.partner, told.entry.purpose), &told.released);
    evaluate(&request, agreement, &towards)
}

/// A correction after the check.
struct Case<'a> {
    ctx: &'a Context,
    actor: Actor,
    notice: &'a StoredNotice,
}

impl Case<'_> {
    async fn stop(&self, state: NoticeState, because: &'static str) -> Result<CorrectionChecked, Error> {
        let mut transaction = self.ctx.partner_data()?.store.begin().await?;
        self.close_what_was_lost(&mut transaction).await?;
        let settled = Settled { state, because: Some(because), again_at: None, sent_at: None };
        if !notices::settle(&mut transaction, self.notice.id, settled).await? {
            return Ok(CorrectionChecked::Gone);
        }
        let detail = serde_json::json!({ "because": because });
        self.ctx.audit(&mut transaction, self.actor, "disclosure.withhold", &self.notice.id.to_string(), detail).await?;
        transaction.commit().await?;
        Ok(if state == NoticeState::Held { CorrectionChecked::Held } else { CorrectionChecked::Withheld })
    }

    /// The program ended between the disclosure and its outcome: nobody knows whether anything arrived.
    async fn close_what_was_lost(&self, transaction: &mut Connection) -> Result<(), Error> {
        if let Some(before) = self.notice.told_by {
            close(self.ctx, transaction, before, Closing::Unknown).await?;
        }
        Ok(())
    }

    async fn leave(
        &self,
        told: &Told,
        known: &Known,
        agreement: &Agreement,
        decision: &Decision,
    ) -> Result<CorrectionChecked, Error> {
        let Self { ctx, actor, notice } = *self;
        let amendment = {
            let mut main = ctx.store.read_primary().await?;
            store::amendment::get(&mut main, &ctx.keys, notice.amendment).await?.ok_or(Error::Internal)?
        };
        let outgoing = outgoing(ctx, notice, told, (known, decision), &amendment.because);
        let payload = serde_json::to_vec(&(outgoing.values.expose(), outgoing.statement.expose())).map_err(|_| Error::Internal)?;
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        self.close_what_was_lost(&mut transaction).await?;
        let account = Account {
            id: outgoing.disclosure,
            known,
            nature: Nature::Correction,
            elements: outgoing.elements.clone(),
            documents: BTreeSet::new(),
            partner: outgoing.partner,
            purpose: told.entry.purpose,
            agreement: agreement.version,
            waivers: decision.waivers.clone(),
            recipient: Some(&told.asked.requestor),
            transaction: outgoing.transaction_number.clone(),
            released_by: notice.ordered_by,
            approved_by: None,
            transmitted_by: None,
            method: Method::Ident,
            payload_sha256: sha256(&payload),
        };
        account.record_correction(ctx, &mut transaction, told.entry.id).await?;
        let again_at = Some(ctx.now() + CLAIMED);
        if !notices::leaves(&mut transaction, notice, outgoing.disclosure, again_at).await? {
            return Ok(CorrectionChecked::Gone);
        }
        let detail = serde_json::json!({ "agreement_version": agreement.version });
        ctx.audit(&mut transaction, actor, "disclosure.release_correction", &notice.id.to_string(), detail).await?;
        transaction.commit().await?;
        Ok(CorrectionChecked::Send(Box::new(outgoing)))
    }
}

/// What is written: of a correction what holds now, of a dispute the statement alone.
fn outgoing(
    ctx: &Context,
    notice: &StoredNotice,
    told: &Told,
    (known, decision): (&Known, &Decision),
    because: &Because,
) -> OutgoingCorrection {
    let elements: BTreeSet<Element> = decision.allowed().collect();
    let (values, statement) = match because {
        Because::Correction(_) => {
            let values = known.values().into_iter().filter(|(element, _)| elements.contains(element));
            (values.collect(), None)
        }
        Because::Dispute(statement) => (BTreeMap::new(), Some(statement.expose().clone())),
    };
    OutgoingCorrection {
        id: notice.id,
        disclosure: ctx.clock.new_id(),
        partner: told.entry.recipient.partner,
        transaction_number: told.entry.transaction.clone(),
        elements,
        values: Sensitive::new(values),
        statement: Sensitive::new(statement),
    }
}

/// Says what became of a correction that was handed to IDENT.
pub async fn correction_sent(ctx: &Context, actor: Actor, outgoing: &OutgoingCorrection, outcome: Outcome) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let now = ctx.now();
    let (state, again_at) = match outcome {
        Outcome::Sent => (NoticeState::Sent, None),
        Outcome::Refused => (NoticeState::Refused, None),
        Outcome::Later(pause) => (NoticeState::Due, Some(now + pause)),
        // IDENT takes it once.
        Outcome::Unknown => (NoticeState::Due, Some(now + CLAIMED)),
    };
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    close(ctx, &mut transaction, outgoing.disclosure, outcome.closing()).await?;
    let settled = Settled { state, because: None, again_at, sent_at: (outcome == Outcome::Sent).then_some(now) };
    notices::settle(&mut transaction, outgoing.id, settled).await?;
    if outcome == Outcome::Sent {
        crate::information_request::corrected(ctx, &mut transaction, outgoing.partner, &outgoing.transaction_number).await?;
    }
    let detail = serde_json::json!({ "outcome": outcome.closing().key() });
    ctx.audit(&mut transaction, actor, "disclosure.send_correction", &outgoing.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// A partner confirms. None if it is understood, or what it waits for: it can be quicker than the receipt.
pub(super) async fn correction_confirmed(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    confirmed: &CorrectionConfirmed,
) -> Result<Option<&'static str>, Error> {
    let Some(notice) = notices::get(transaction, confirmed.correction).await? else {
        return Ok(Some("no correction has its id: look where it comes from"));
    };
    if notice.state != NoticeState::Sent {
        return Ok(Some("the correction that it confirms was not taken yet"));
    }
    let confirmation = Confirmation { outcome: confirmed.outcome, at: confirmed.confirmed_at, recorded_by: None };
    if notices::confirm(transaction, ctx.clock.new_id(), notice.id, confirmation, ctx.now()).await? {
        let detail = serde_json::json!({ "outcome": confirmed.outcome.key() });
        ctx.audit(transaction, actor, "disclosure.confirmed", &notice.id.to_string(), detail).await?;
    }
    Ok(None)
}
