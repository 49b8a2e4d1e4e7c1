//! Letters that the post office brought back.

use shared::answer::{Channel, Delivery, Recipient};
use shared::protection;
use shared::service_request::Happening;
use store::answer as rows;
use store::service_request;
use uuid::Uuid;

use super::{may_tell, office_of};
use crate::service_request::{Happened, happen, note_letter};
use crate::{Action, Context, Error, Officer};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameBack {
    /// Nobody has had the answer: the request is open again, among those whose mail came back.
    Reopened,
    /// It is noted with the answer.
    Noted,
    /// It was noted before, or the letter was never sent.
    NotNow,
}

/// Notes that a letter with an answer came back. If it was the person's with the last full answer, the request is open again: what
/// it says may then be said once more.
pub async fn came_back(ctx: &Context, officer: &Officer, request: Uuid, delivery: Uuid) -> Result<CameBack, Error> {
    let mut transaction = ctx.store.begin().await?;
    if !service_request::hold(&mut transaction, request).await? {
        return Ok(CameBack::NotNow);
    }
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(CameBack::NotNow) };
    officer.check(Action::AnswerRequest, &office_of(&row)?)?;
    if !may_tell(ctx, &mut transaction, &row, protection::Channel::Console).await? {
        return Ok(CameBack::NotNow);
    }
    let answers = rows::released(&mut transaction, request).await?;
    let letter = rows::recipient(&mut transaction, delivery).await?.filter(|found| found.channel == Channel::Letter);
    let Some(letter) = letter.filter(|letter| letter.state.then(Delivery::Returned).is_ok()) else { return Ok(CameBack::NotNow) };
    let Some(answer) = answers.iter().find(|answer| answer.id == letter.answer) else { return Ok(CameBack::NotNow) };
    if !rows::set_delivery(&mut transaction, letter.id, letter.state, Delivery::Returned, ctx.now()).await? {
        return Ok(CameBack::NotNow);
    }
    let detail = serde_json::json!({ "request": request, "recipient": letter.recipient.key() });
    ctx.audit(&mut transaction, officer.actor(), "answer.came_back", &answer.id.to_string(), detail).await?;
    let is_last = answers.last().is_some_and(|last| last.id == answer.id);
    let mut became = CameBack::Noted;
    if letter.recipient == Recipient::Person && is_last && answer.stage.is_final() {
        let words = format!("The letter with answer {} came back.", answer.number.unwrap_or_default());
        let happened =
            happen(ctx, &mut transaction, officer.actor(), request, &Happening::Reopened, Some(words.as_bytes())).await?;
        if happened != Happened::Refused {
            became = CameBack::Reopened;
        }
    }
    note_letter(ctx, &mut transaction, request, row.case).await?;
    transaction.commit().await?;
    Ok(became)
}
