//! "This did not answer my question": once for each answer.

use shared::protection::Channel;
use shared::service_request::Happening;
use store::answer as rows;
use store::service_request;
use uuid::Uuid;

use super::may_tell;
use crate::service_request::{Happened, happen};
use crate::{Action, Actor, Context, Error};

/// The longest reason, in characters.
pub const LONGEST_COMPLAINT: usize = 1000;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHelped {
    /// The request is open again, with the officer who answered it.
    Reopened,
    /// It is noted; the agency has not finished with the request anyway, or another answer came since.
    Noted,
    Empty,
    TooLong,
    /// It was said before, or there is no such answer.
    Over,
}

/// Takes a person's word that an answer did not help. `number` counts the answers to the request.
pub async fn did_not_help(ctx: &Context, request: Uuid, number: i64, why: &str) -> Result<NotHelped, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    let why = why.trim().replace("\r\n", "\n");
    if why.is_empty() {
        return Ok(NotHelped::Empty);
    }
    if why.chars().count() > LONGEST_COMPLAINT {
        return Ok(NotHelped::TooLong);
    }
    let mut transaction = ctx.store.begin().await?;
    if !service_request::hold(&mut transaction, request).await? {
        return Ok(NotHelped::Over);
    }
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(NotHelped::Over) };
    if !may_tell(ctx, &mut transaction, &row, Channel::Public).await? {
        return Ok(NotHelped::Over);
    }
    let answers = rows::released(&mut transaction, request).await?;
    let Some(answer) = answers.iter().find(|answer| answer.number == Some(number)) else { return Ok(NotHelped::Over) };
    if !rows::complain(&mut transaction, &ctx.keys, answer, &why, ctx.now()).await? {
        return Ok(NotHelped::Over);
    }
    let detail = serde_json::json!({ "request": request, "stage": answer.stage.key() });
    ctx.audit(&mut transaction, Actor::Public, "answer.did_not_help", &answer.id.to_string(), detail).await?;
    let is_last = answers.last().is_some_and(|last| last.id == answer.id);
    let reopens = answer.stage.is_final() && is_last;
    let became = if reopens {
        happen(ctx, &mut transaction, Actor::Public, request, &Happening::Reopened, None).await?
    } else {
        Happened::Refused
    };
    transaction.commit().await?;
    Ok(if became == Happened::Refused { NotHelped::Noted } else { NotHelped::Reopened })
}
