//! An answer that went out, as who reads it again needs it: what was asked, what it says, what the check would have found on the day
//! of its release, and what came after.

use chrono::{DateTime, Utc};
use shared::answer::{CheckSettings, Finding, Form, Placeholder, Value, check};
use shared::e_request::Answers;
use shared::letter::Content;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use shared::service_request::{Happening, RequestKind, RequestNumber};
use store::answer::{self as rows, StoredAnswer, StoredRecipient};
use store::engine::Connection;
use store::service_request;
use uuid::Uuid;

use super::facts::{Material, draft_of, read_content};
use super::may_tell;
use crate::service_request::fold;
use crate::{Context, Error};

/// An answer with what was before it and what came after.
#[derive(Debug)]
pub struct LookedBack {
    pub request: Uuid,
    pub request_number: RequestNumber,
    pub kind: RequestKind,
    /// Of the answers to the request, from 1.
    pub number: i64,
    pub form: Form,
    pub released_at: DateTime<Utc>,
    /// What was asked.
    pub asked: Answers,
    /// As it went out.
    pub content: Content,
    pub findings: Vec<Finding>,
    pub check: CheckSettings,
    pub recipients: Vec<StoredRecipient>,
    /// What happened to the request since, the oldest first.
    pub since: Vec<(DateTime<Utc>, Happening)>,
    /// Why the person says that it did not help.
    pub complaint: Option<Sensitive<String>>,
}

/// None while the case may not be told of.
pub(crate) async fn look_back(
    ctx: &Context,
    connection: &mut Connection,
    answer: &StoredAnswer,
) -> Result<Option<LookedBack>, Error> {
    let row = service_request::find(connection, answer.request).await?.ok_or(Error::Internal)?;
    if !may_tell(ctx, connection, &row, Channel::Console).await? {
        return Ok(None);
    }
    let released_at = answer.released_at.ok_or(Error::Internal)?;
    let texts = rows::texts(connection, &ctx.keys, answer).await?;
    let draft = draft_of(ctx, connection, answer).await?;
    let material = Material::when_released(ctx, connection, row, Some(answer)).await?;
    let mut known = material.known(ctx, connection, &draft).await?;
    known.today = ctx.day_of(released_at);
    known.record.set(Placeholder::Today, Value::Day(known.today));
    let request = fold(ctx.zone, connection, answer.request).await?;
    // The first of them is that it was answered.
    let since = request.events().iter().skip_while(|event| event.at.at < released_at).skip(1);
    Ok(Some(LookedBack {
        request: answer.request,
        request_number: material.row.number.clone(),
        kind: material.row.kind,
        number: answer.number.ok_or(Error::Internal)?,
        form: answer.form,
        released_at,
        content: read_content(texts.content.ok_or(Error::Internal)?.expose())?,
        findings: check(&draft, &known, &ctx.answers.check),
        check: ctx.answers.check.clone(),
        recipients: rows::recipients_of(connection, answer.id).await?,
        since: since.map(|event| (event.at.at, event.happening.clone())).collect(),
        complaint: texts.complaint,
        asked: material.answers,
    }))
}
