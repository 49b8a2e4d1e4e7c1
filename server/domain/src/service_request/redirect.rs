//! Giving a request to another office, and asking another office about it.

use chrono::TimeDelta;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::{Happening, RedirectReason, RoutingReason};
use store::request_queue;
use store::request_work::{self, Answered, Question};
use store::service_request as rows;
use uuid::Uuid;

use super::read::{may_see_case, see};
use super::work::{LONGEST_NOTE, Worked, happens, held, words};
use super::{Told, fold, search};
use crate::{Action, Context, Error, Officer};

/// For how long an office that was asked may read the request.
pub const QUESTION_LASTS: TimeDelta = TimeDelta::days(7);

/// How often a request may be sent on before a supervisor has to.
const FREELY: usize = 2;

/// What became of the wish to send a request on.
#[derive(Debug, Clone)]
pub enum Redirected {
    Worked(Worked),
    /// It was sent on twice: the third time is for a supervisor to decide.
    AskSupervisor,
    /// There is no such office.
    UnknownOffice,
}

/// Gives a request to another office, for one of the agency's reasons and in words. Its clock goes on; the person sees the move.
pub async fn redirect(
    ctx: &Context,
    officer: &Officer,
    (id, version): (Uuid, i64),
    office: &OfficeCode,
    reason: RedirectReason,
    text: &str,
) -> Result<Redirected, Error> {
    let Some(text) = words(text, LONGEST_NOTE) else { return Ok(Redirected::Worked(Worked::Words)) };
    if !ctx.texts().knows_office(office, ctx.now()) {
        return Ok(Redirected::UnknownOffice);
    }
    let mut transaction = ctx.store.begin().await?;
    let seen = match held(ctx, &mut transaction, officer, Action::RedirectRequest, (id, version)).await? {
        Ok(seen) => seen,
        Err(changed) => return Ok(Redirected::Worked(changed)),
    };
    let request = fold(ctx.zone, &mut transaction, id).await?;
    let before = request.events().iter().filter(|event| matches!(event.happening, Happening::Redirected { .. })).count();
    if before >= FREELY && !seen.office().is_some_and(|office| officer.may(Action::RedirectOnceMore, office)) {
        return Ok(Redirected::AskSupervisor);
    }
    let happening = Happening::Redirected { office: office.clone(), reason };
    let told = Told { words: Some(text.as_bytes()), why: None };
    let worked = happens(ctx, &mut transaction, officer, id, &happening, told).await?;
    if matches!(worked, Worked::Done(_)) {
        search::index(ctx, &mut transaction, id).await?;
        transaction.commit().await?;
    }
    Ok(Redirected::Worked(worked))
}

/// Gives a request that came to no office to one, by hand.
pub async fn send_to(ctx: &Context, officer: &Officer, id: Uuid, office: &OfficeCode) -> Result<Redirected, Error> {
    officer.check_somewhere(Action::AssignRequests)?;
    if !ctx.texts().knows_office(office, ctx.now()) {
        return Ok(Redirected::UnknownOffice);
    }
    let mut transaction = ctx.store.begin().await?;
    let happening = Happening::Routed { office: office.clone(), reason: RoutingReason::Default };
    let worked = happens(ctx, &mut transaction, officer, id, &happening, Told::default()).await?;
    if matches!(worked, Worked::Done(_)) {
        search::index(ctx, &mut transaction, id).await?;
        transaction.commit().await?;
    }
    Ok(Redirected::Worked(worked))
}

/// Asks another office about a request. Until it has answered, or a week is over, its officers may read the request. None if the
/// words are missing or too many, or there is no such office.
pub async fn ask_office(ctx: &Context, officer: &Officer, id: Uuid, to: &OfficeCode, text: &str) -> Result<Option<Uuid>, Error> {
    let Some(text) = words(text, LONGEST_NOTE) else { return Ok(None) };
    if !ctx.texts().knows_office(to, ctx.now()) {
        return Ok(None);
    }
    let mut transaction = ctx.store.begin().await?;
    let seen = see(ctx, &mut transaction, officer, id, Action::AnswerRequest).await?;
    let Some(from) = seen.office().filter(|from| *from != to).cloned() else { return Ok(None) };
    let (asked_at, ends_at) = (ctx.now(), ctx.now() + QUESTION_LASTS);
    let question = Question {
        id: ctx.clock.new_id(),
        request: id,
        from,
        to: to.clone(),
        asked_by: officer.officer_id(),
        question: Sensitive::new(text),
        asked_at,
        ends_at,
        answer: None,
    };
    request_work::ask(&mut transaction, &ctx.keys, seen.row.case, &question).await?;
    let detail = serde_json::json!({ "to": to.as_str(), "until": ends_at });
    ctx.audit(&mut transaction, officer.actor(), "request.ask_office", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(question.id))
}

/// A question that waits at an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    pub question: Uuid,
    pub request: Uuid,
}

/// The questions that an office has to answer; whose time ends first comes first.
pub async fn open_questions(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Vec<Open>, Error> {
    officer.check(Action::ReadRequests, office)?;
    let open = request_work::open_questions(&mut ctx.store.read_primary().await?, office, ctx.now(), 200).await?;
    Ok(open.into_iter().map(|(question, request)| Open { question, request }).collect())
}

/// Answers a question of another office, which ends what it opened. False if somebody has, its time is over, or there are no words.
pub async fn answer_question(ctx: &Context, officer: &Officer, question: Uuid, text: &str) -> Result<bool, Error> {
    let Some(text) = words(text, LONGEST_NOTE) else { return Ok(false) };
    let mut transaction = ctx.store.begin().await?;
    let about = request_work::question_about(&mut transaction, question).await?;
    let (request, office) = about.ok_or(Error::Refused)?;
    officer.check(Action::AnswerRequest, &office)?;
    // Who may not read the question answers none.
    let listed = request_queue::listed(&mut transaction, &[request]).await?.pop().ok_or(Error::Refused)?;
    if !may_see_case(ctx, officer, &office, &listed) {
        return Err(Error::Refused);
    }
    let row = rows::find(&mut transaction, request).await?.ok_or(Error::Refused)?;
    let answered = Answered { by: officer.officer_id(), text: Sensitive::new(text), at: ctx.now() };
    if !request_work::answer(&mut transaction, &ctx.keys, row.case, question, &answered).await? {
        return Ok(false);
    }
    ctx.audit(&mut transaction, officer.actor(), "request.answer_office", &request.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}
