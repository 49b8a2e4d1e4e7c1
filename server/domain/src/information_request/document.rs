//! Documents of an answer: added by who prepares it, looked at by both, and without the parts that the partner is not to know.

use std::fmt;

use chrono::{DateTime, Utc};
use shared::agreement::Element;
use shared::document::{DocumentKind, Redaction};
use shared::partner_query::{InboundState, ValueKind};
use shared::service_request::OfficerId;
use store::engine::Connection;
use store::information_request as rows;
use uuid::Uuid;

use super::act::{Act, Done, allowed_of, happens};
use super::prepare::{InHand, in_hand};
use super::view::visible;
use crate::{Action, Context, Error, Officer};

/// Most documents of one request.
pub const MOST_DOCUMENTS: usize = 20;
/// Most bytes of all of them: a package is written in one transaction.
pub const MOST_BYTES: u64 = 100 * 1024 * 1024;

/// A document of a request, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    pub id: Uuid,
    pub element: Element,
    pub kind: DocumentKind,
    pub bytes: u64,
    /// Of the document as it is kept.
    pub sha256: [u8; 32],
    /// What was taken out.
    pub areas: Vec<Redaction>,
    pub added_by: OfficerId,
    pub added_at: DateTime<Utc>,
}

/// A document to be added.
pub struct NewDocument {
    pub element: Element,
    pub kind: DocumentKind,
    /// Of the file as it came.
    pub sha256: [u8; 32],
    /// Cleaned and scanned.
    pub content: Vec<u8>,
}

/// Without what is in it.
impl fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewDocument({}, {} bytes)", self.element.key(), self.content.len())
    }
}

/// What became of a new document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Added(Uuid),
    /// [`MOST_DOCUMENTS`] or [`MOST_BYTES`] are there.
    TooMany,
    /// It may not be told, or is told in words.
    NotAsked,
    NotNow,
}

/// A document with what is in it.
pub struct StoredDocument {
    pub row: DocumentRow,
    pub content: Vec<u8>,
}

/// Without what is in it.
impl fmt::Debug for StoredDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredDocument({:?})", self.row)
    }
}

pub(super) fn row(stored: rows::DocumentRow) -> DocumentRow {
    DocumentRow {
        id: stored.id,
        element: stored.element,
        kind: stored.kind,
        bytes: stored.bytes,
        sha256: stored.sha256,
        areas: stored.areas,
        added_by: OfficerId(stored.added_by.as_u128()),
        added_at: stored.added_at,
    }
}

/// Adds a document to what is prepared.
pub async fn add_document(ctx: &Context, officer: &Officer, request: Uuid, new: NewDocument) -> Result<Added, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(hand) = in_hand(ctx, &mut transaction, officer, request).await? else { return Ok(Added::NotNow) };
    let is_enclosed = ValueKind::of(new.element) == ValueKind::Enclosed;
    if !is_enclosed || !allowed_of(&hand.foreign)?.contains(&new.element) {
        return Ok(Added::NotAsked);
    }
    let there = rows::documents(&mut transaction, request).await?;
    let content = new.content.as_slice();
    let bytes = there.iter().map(|document| document.bytes).sum::<u64>() + content.len() as u64;
    if there.len() >= MOST_DOCUMENTS || bytes > MOST_BYTES {
        return Ok(Added::TooMany);
    }
    let id = ctx.clock.new_id();
    let (element, kind, at) = (new.element, new.kind, ctx.now());
    let stored = rows::NewDocument { id, request, element, kind, came_sha256: new.sha256, content, by: officer.id(), at };
    rows::add_document(&mut transaction, &partner_data.keys, &stored).await?;
    let detail = serde_json::json!({ "document": id, "element": element.key() });
    if !changed(ctx, &mut transaction, officer, &hand, ("document_added", detail)).await? {
        return Ok(Added::NotNow);
    }
    transaction.commit().await?;
    Ok(Added::Added(id))
}

/// Notes that the documents of a request are others.
async fn changed(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    hand: &InHand,
    (event, detail): (&str, serde_json::Value),
) -> Result<bool, Error> {
    let act = Act { detail, ..Act::of(officer.actor(), event) };
    happens(ctx, transaction, &hand.foreign, InboundState::InPreparation, act).await
}

/// A document, for who prepares and for who reviews. That it was read stands in the audit log of partner data before it is shown.
pub async fn document(ctx: &Context, officer: &Officer, request: Uuid, document: Uuid) -> Result<Option<StoredDocument>, Error> {
    officer.check_somewhere(Action::ReadInformationRequests)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    if visible(ctx, &mut transaction, request).await?.is_none() {
        return Ok(None);
    }
    let there = rows::documents(&mut transaction, request).await?;
    let Some(found) = there.into_iter().find(|one| one.id == document) else { return Ok(None) };
    let content = rows::document_content(&mut transaction, &partner_data.keys, request, document).await?.ok_or(Error::Internal)?;
    let detail = serde_json::json!({ "document": document });
    ctx.audit(&mut transaction, officer.actor(), "information_request.read_document", &request.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(StoredDocument { row: row(found), content }))
}

/// Replaces a document by what is left of it without the areas. The one before is not there any more.
pub async fn redact(
    ctx: &Context,
    officer: &Officer,
    request: Uuid,
    document: Uuid,
    areas: &[Redaction],
    content: Vec<u8>,
) -> Result<Done, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(hand) = in_hand(ctx, &mut transaction, officer, request).await? else { return Ok(Done::NotNow) };
    let there = rows::documents(&mut transaction, request).await?;
    let Some(before) = there.iter().find(|one| one.id == document) else { return Ok(Done::NotNow) };
    let all: Vec<Redaction> = before.areas.iter().chain(areas).copied().collect();
    if !rows::replace_document(&mut transaction, &partner_data.keys, request, before, &all, &content).await? {
        return Ok(Done::Changed);
    }
    let detail = serde_json::json!({ "document": document, "areas": areas.len() });
    if !changed(ctx, &mut transaction, officer, &hand, ("document_redacted", detail)).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}

/// Takes a document out of what is prepared.
pub async fn remove_document(ctx: &Context, officer: &Officer, request: Uuid, document: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(hand) = in_hand(ctx, &mut transaction, officer, request).await? else { return Ok(Done::NotNow) };
    if !rows::remove_document(&mut transaction, request, document).await? {
        return Ok(Done::NotNow);
    }
    let detail = serde_json::json!({ "document": document });
    if !changed(ctx, &mut transaction, officer, &hand, ("document_removed", detail)).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}
