//! Releasing an answer: once, by who wrote it or by a second person, and only what the check lets through.

use shared::answer::{Channel, Copy, Delivery, Draft, Finding, Form, Next, Recipient, Stage, blocks_release, check, content};
use shared::letter::Letter;
use shared::office::OfficeCode;
use shared::protection;
use shared::service_request::{Happening, RequestKind};
use store::answer::{self as rows, AnswerState, NewRecipient, StoredAnswer};
use store::engine::Connection;
use store::notification::{self, Kind, NewMessage};
use store::service_request::{self, StoredRequest};
use uuid::Uuid;

use super::facts::{Material, draft_of};
use super::{may_tell, office_of};
use crate::quality::draw;
use crate::service_request::{Happened, happen, set_review};
use crate::{Action, Context, Error, Officer, report};

/// What became of the wish to release an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Released {
    /// It is out; its number among the answers to the request.
    Out(i64),
    /// A second person has to read it.
    AwaitsReview,
    /// The writer has it back.
    GivenBack,
    /// What keeps it from going out, and what is only to be thought of.
    Found(Vec<Finding>),
    /// The person cannot be reached by the means that the answer names.
    NoAddress(Channel),
    /// Somebody else has changed it since.
    Changed,
    /// There is none, or the request is not in a state in which it can be answered.
    NotNow,
    /// The case is protected: who has the right role answers it, outside of this console.
    Protected,
}

/// Releases the answer to a request.
pub async fn release(ctx: &Context, officer: &Officer, request: Uuid, version: i64) -> Result<Released, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some((row, answer)) = held(&mut transaction, request).await? else { return Ok(Released::NotNow) };
    let office = office_of(&row)?;
    officer.check(Action::AnswerRequest, &office)?;
    if answer.version != version {
        return Ok(Released::Changed);
    }
    if answer.state != AnswerState::Draft {
        return Ok(Released::NotNow);
    }
    let ready = match looked_at(ctx, &mut transaction, row, &answer).await? {
        Ok(ready) => ready,
        Err(instead) => return not_out(transaction, instead).await,
    };
    if !is_reviewed(ctx, &mut transaction, &office, ready.material.row.kind).await? {
        return send_out(ctx, transaction, officer, &office, &answer, &ready).await;
    }
    if !can_be_answered(ctx, &mut transaction, request, &ready.draft).await? {
        return Ok(Released::NotNow);
    }
    if !rows::set_state(&mut transaction, &ctx.keys, &answer, AnswerState::AwaitingReview, None, ctx.now()).await? {
        return Ok(Released::Changed);
    }
    set_review(ctx, &mut transaction, request, true).await?;
    audit(ctx, &mut transaction, officer, "answer.hand_in", &answer).await?;
    transaction.commit().await?;
    Ok(Released::AwaitsReview)
}

/// Whether a second person releases answers to requests of a kind: as the installation has it, or as the office has it.
pub(super) async fn is_reviewed(
    ctx: &Context,
    connection: &mut Connection,
    office: &OfficeCode,
    kind: RequestKind,
) -> Result<bool, Error> {
    Ok(ctx.answers.reviewed.contains(&kind) || store::quality::needs_review(connection, office, kind).await?)
}

/// What a second reader says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Release,
    /// The writer goes on with it, and reads why.
    GiveBack(String),
}

/// Has a second person release an answer, or give it back. Never who wrote it.
pub async fn review(ctx: &Context, officer: &Officer, request: Uuid, version: i64, verdict: &Verdict) -> Result<Released, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some((row, answer)) = held(&mut transaction, request).await? else { return Ok(Released::NotNow) };
    let office = office_of(&row)?;
    officer.check(Action::ReviewAnswers, &office)?;
    if answer.written_by == officer.id() {
        return Err(Error::Refused);
    }
    if answer.version != version {
        return Ok(Released::Changed);
    }
    if answer.state != AnswerState::AwaitingReview {
        return Ok(Released::NotNow);
    }
    if let Verdict::GiveBack(note) = verdict {
        if !rows::set_state(&mut transaction, &ctx.keys, &answer, AnswerState::Draft, Some(note), ctx.now()).await? {
            return Ok(Released::Changed);
        }
        set_review(ctx, &mut transaction, request, false).await?;
        store::quality::note_sent_back(&mut transaction, answer.id, ctx.now()).await?;
        audit(ctx, &mut transaction, officer, "answer.give_back", &answer).await?;
        transaction.commit().await?;
        return Ok(Released::GivenBack);
    }
    match looked_at(ctx, &mut transaction, row, &answer).await? {
        Ok(ready) => send_out(ctx, transaction, officer, &office, &answer, &ready).await,
        Err(instead) => not_out(transaction, instead).await,
    }
}

/// Nothing changes but the figures: what the check found is counted, however often the answer is tried.
async fn not_out(transaction: Connection, instead: Released) -> Result<Released, Error> {
    transaction.commit().await?;
    Ok(instead)
}

/// Answers that wait for a second reader at the officer's offices, as their requests: the longest wait first, office by office.
pub async fn to_review(ctx: &Context, officer: &Officer, most: i64) -> Result<Vec<Uuid>, Error> {
    officer.check_somewhere(Action::ReviewAnswers)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut requests = Vec::new();
    for office in officer.offices(Action::ReviewAnswers) {
        for id in rows::to_review(&mut connection, office.as_str(), most).await? {
            let answer = rows::find(&mut connection, id).await?;
            requests.extend(answer.filter(|answer| answer.written_by != officer.id()).map(|answer| answer.request));
        }
    }
    Ok(requests)
}

/// A request whose row is held, with its answer that is not out yet.
async fn held(transaction: &mut Connection, request: Uuid) -> Result<Option<(StoredRequest, StoredAnswer)>, Error> {
    if !service_request::hold(transaction, request).await? {
        return Ok(None);
    }
    let row = service_request::find(transaction, request).await?;
    Ok(row.zip(rows::under_way(transaction, request).await?))
}

/// An answer that may go out.
struct Ready {
    material: Material,
    draft: Draft,
    deliveries: Vec<(Recipient, Channel)>,
}

/// Protection, check, and where it goes: all of this moment.
async fn looked_at(
    ctx: &Context,
    transaction: &mut Connection,
    row: StoredRequest,
    answer: &StoredAnswer,
) -> Result<Result<Ready, Released>, Error> {
    if !may_tell(ctx, transaction, &row, protection::Channel::Console).await? {
        return Ok(Err(Released::Protected));
    }
    let draft = draft_of(ctx, transaction, answer).await?;
    let material = Material::of(ctx, transaction, row).await?;
    let known = material.known(ctx, transaction, &draft).await?;
    let findings = check(&draft, &known, &ctx.answers.check);
    report::note_findings(ctx, transaction, &material.row, &findings).await?;
    if blocks_release(&findings, &ctx.answers.check) {
        return Ok(Err(Released::Found(findings)));
    }
    Ok(deliveries(&draft, &material).map(|deliveries| Ready { material, draft, deliveries }).map_err(Released::NoAddress))
}

/// Who gets it, by what means. A letter to the person is also told of by mail; the representative has the same answer, by mail where
/// an address is on file.
pub(super) fn deliveries(draft: &Draft, material: &Material) -> Result<Vec<(Recipient, Channel)>, Channel> {
    let mut all = match draft.form {
        Form::Letter => vec![(Recipient::Person, Channel::Letter)],
        Form::Telephone => vec![(Recipient::Person, Channel::Telephone)],
        Form::Email if material.email().is_none() => return Err(Channel::Email),
        Form::Email => Vec::new(),
    };
    if material.email().is_some() && draft.form != Form::Telephone {
        all.push((Recipient::Person, Channel::Email));
    }
    if material.has_representative() {
        let channel = if material.representative_email().is_some() { Channel::Email } else { Channel::Letter };
        all.push((Recipient::Representative, channel));
    }
    Ok(all)
}

const fn happening(stage: Stage) -> Happening {
    match stage {
        Stage::Final => Happening::Answered,
        Stage::Interim(_) => Happening::AnsweredInPart,
    }
}

async fn can_be_answered(ctx: &Context, connection: &mut Connection, request: Uuid, draft: &Draft) -> Result<bool, Error> {
    let request = crate::service_request::fold(ctx.zone, connection, request).await?;
    let asks = draft.stage != Stage::Interim(Next::PersonReplies) || request.state().after(&Happening::Asked).is_ok();
    Ok(asks && request.state().after(&happening(draft.stage)).is_ok())
}

async fn send_out(
    ctx: &Context,
    mut transaction: store::engine::Connection,
    officer: &Officer,
    office: &OfficeCode,
    answer: &StoredAnswer,
    ready: &Ready,
) -> Result<Released, Error> {
    let Ready { material, draft, deliveries } = ready;
    if !can_be_answered(ctx, &mut transaction, answer.request, draft).await? {
        return Ok(Released::NotNow);
    }
    let facts = material.facts(ctx, draft)?;
    let blocks = draft.blocks(&material.record(ctx)?);
    let frozen = |copy: &Copy| {
        let content = content(&facts, copy, blocks.clone());
        let bytes = serde_json::to_vec(&content).map_err(|_| Error::Internal);
        // What could never be set must not be found out after it was promised.
        Letter::check(content).map_err(|_| Error::Unusable("The answer is too long for a letter.".into())).and(bytes)
    };
    let online = frozen(&Copy::Online)?;
    let number = rows::release(&mut transaction, &ctx.keys, answer, &online, officer.id(), ctx.now()).await?;
    let Some(number) = number else { return Ok(Released::Changed) };
    for (recipient, channel) in deliveries {
        let paper = if *channel == Channel::Letter { Some(frozen(&material.people(*recipient))?) } else { None };
        deliver(ctx, &mut transaction, office, answer, (*recipient, *channel), paper.as_deref()).await?;
    }
    let mut happenings = vec![happening(draft.stage)];
    happenings.extend((draft.stage == Stage::Interim(Next::PersonReplies)).then_some(Happening::Asked));
    for happening in happenings {
        if happen(ctx, &mut transaction, officer.actor(), answer.request, &happening, None).await? == Happened::Refused {
            return Ok(Released::NotNow);
        }
    }
    if draft.stage.is_final() {
        draw(ctx, &mut transaction, (&material.row, office), answer, officer.id()).await?;
    }
    audit(ctx, &mut transaction, officer, "answer.release", answer).await?;
    transaction.commit().await?;
    Ok(Released::Out(number))
}

/// Notes who gets it, and has mails sent. A call was made already.
async fn deliver(
    ctx: &Context,
    transaction: &mut Connection,
    office: &OfficeCode,
    answer: &StoredAnswer,
    (recipient, channel): (Recipient, Channel),
    paper: Option<&[u8]>,
) -> Result<(), Error> {
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let new = NewRecipient {
        id,
        answer: answer.id,
        case: answer.case,
        recipient,
        channel,
        office: office.as_str(),
        state: if channel == Channel::Telephone { Delivery::Acknowledged } else { Delivery::Prepared },
        at: now,
        content: paper,
    };
    rows::add_recipient(transaction, &ctx.keys, &new).await?;
    if channel == Channel::Email {
        let message = NewMessage {
            id: ctx.clock.new_id(),
            kind: Kind::RequestMail,
            subject: answer.request,
            // By this the job knows that the mail is about an answer, and for whom.
            change: id,
            parameters: None,
            due_at: now,
        };
        notification::add_message(transaction, &ctx.keys, &message, now).await?;
    }
    Ok(())
}

async fn audit(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    action: &'static str,
    answer: &StoredAnswer,
) -> Result<(), Error> {
    let detail = serde_json::json!({ "request": answer.request, "form": answer.form.key(), "stage": answer.stage.key() });
    ctx.audit(transaction, officer.actor(), action, &answer.id.to_string(), detail).await
}
