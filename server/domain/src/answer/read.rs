//! Reading answers: the person at the page of the request, officers with everything that was exchanged.

use chrono::{DateTime, Utc};
use shared::answer::{Draft, Form, Recipient, Stage};
use shared::letter::Content;
use shared::locale::Locale;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use store::answer::{self as rows, StoredAnswer, StoredRecipient};
use store::engine::Connection;
use store::service_request;
use uuid::Uuid;

use super::facts::{draft_of, read_content};
use super::{may_tell, office_of};
use crate::{Action, Context, Error, Officer};

/// An answer as the person reads it. It names nobody.
#[derive(Debug, Clone)]
pub struct AnswerView {
    /// Of the answers to the request, from 1.
    pub number: i64,
    pub form: Form,
    pub stage: Stage,
    /// The language that it was written in.
    pub locale: Locale,
    pub released_at: DateTime<Utc>,
    pub content: Content,
    /// When the person said that it did not help.
    pub complained_at: Option<DateTime<Utc>>,
}

/// The answers to a request, for who has shown that it is theirs. None while the case may not be told of in public.
pub async fn answers_of(ctx: &Context, request: Uuid) -> Result<Vec<AnswerView>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(row) = service_request::find(&mut connection, request).await? else { return Ok(Vec::new()) };
    if !may_tell(ctx, &mut connection, &row, Channel::Public).await? {
        return Ok(Vec::new());
    }
    let mut views = Vec::new();
    for answer in rows::released(&mut connection, request).await? {
        views.push(view(ctx, &mut connection, &answer).await?);
    }
    Ok(views)
}

async fn view(ctx: &Context, connection: &mut Connection, answer: &StoredAnswer) -> Result<AnswerView, Error> {
    let texts = rows::texts(connection, &ctx.keys, answer).await?;
    Ok(AnswerView {
        number: answer.number.ok_or(Error::Internal)?,
        form: answer.form,
        stage: answer.stage,
        locale: answer.locale,
        released_at: answer.released_at.ok_or(Error::Internal)?,
        content: read_content(texts.content.ok_or(Error::Internal)?.expose())?,
        complained_at: answer.complained_at,
    })
}

/// One answer, to be set as a document to keep: with its id, and the hash of what was set first.
pub async fn document(ctx: &Context, request: Uuid, number: i64) -> Result<Option<(Uuid, Content, Option<Vec<u8>>)>, Error> {
    let Some(view) = answers_of(ctx, request).await?.into_iter().find(|view| view.number == number) else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let answers = rows::released(&mut connection, request).await?;
    let answer = answers.into_iter().find(|answer| answer.number == Some(number)).ok_or(Error::Internal)?;
    Ok(Some((answer.id, view.content, answer.pdf_sha256)))
}

/// Keeps the hash of the document that was set of an answer, the first time.
pub async fn keep_hash(ctx: &Context, answer: Uuid, sha256: &[u8; 32]) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    rows::set_hash(&mut transaction, answer, sha256).await?;
    Ok(transaction.commit().await?)
}

/// A copy of an answer that went out, for officers: as it is read online, or as it was printed for somebody. None if there is no
/// such copy, or the case is protected.
pub async fn copy(
    ctx: &Context,
    officer: &Officer,
    request: Uuid,
    number: i64,
    printed_for: Option<Recipient>,
) -> Result<Option<Content>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(None) };
    officer.check(Action::ReadRequests, &office_of(&row)?)?;
    if !may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
        return Ok(None);
    }
    let answers = rows::released(&mut transaction, request).await?;
    let Some(answer) = answers.iter().find(|answer| answer.number == Some(number)) else { return Ok(None) };
    let content = match printed_for {
        None => view(ctx, &mut transaction, answer).await?.content,
        Some(recipient) => {
            let deliveries = rows::recipients_of(&mut transaction, answer.id).await?;
            let is_it = |found: &&StoredRecipient| (found.recipient, found.channel) == (recipient, shared::answer::Channel::Letter);
            let Some(found) = deliveries.iter().find(is_it) else { return Ok(None) };
            let Some(bytes) = rows::letter(&mut transaction, &ctx.keys, found.id).await? else { return Ok(None) };
            read_content(bytes.expose())?
        }
    };
    let detail = serde_json::json!({ "purpose": "research", "copy": printed_for.map_or("online", Recipient::key) });
    ctx.audit(&mut transaction, officer.actor(), "answer.read", &request.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(content))
}

/// An answer with all that went with it, for officers.
#[derive(Debug)]
pub struct Exchanged {
    pub view: AnswerView,
    /// As it was written.
    pub draft: Draft,
    pub recipients: Vec<StoredRecipient>,
    pub written_by: Uuid,
    pub released_by: Option<Uuid>,
    pub complaint: Option<Sensitive<String>>,
}

/// Everything that was answered to a request, the first answer first. None if there is no such request, or its case is protected.
pub async fn exchanged(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<Vec<Exchanged>>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(None) };
    officer.check(Action::ReadRequests, &office_of(&row)?)?;
    if !may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
        return Ok(None);
    }
    let mut all = Vec::new();
    for answer in rows::released(&mut transaction, request).await? {
        all.push(Exchanged {
            view: view(ctx, &mut transaction, &answer).await?,
            draft: draft_of(ctx, &mut transaction, &answer).await?,
            recipients: rows::recipients_of(&mut transaction, answer.id).await?,
            written_by: answer.written_by,
            released_by: answer.released_by,
            complaint: rows::texts(&mut transaction, &ctx.keys, &answer).await?.complaint,
        });
    }
    let detail = serde_json::json!({ "purpose": "research" });
    ctx.audit(&mut transaction, officer.actor(), "answer.read", &request.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(all))
}
