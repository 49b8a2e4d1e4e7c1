//! Documents that people attach: what is kept of a file ([`clean`]), and the life of what is kept.
//!
//! A file comes in by four steps, since nothing waits for a storage inside a transaction: [`clean()`], [`prepare`] (encrypts it and
//! notes its object), the caller stores the object, [`record`]. A process that dies on the way leaves an object that is noted as
//! loose, and a job deletes it after a day. Whoever deletes a document deletes its row; its object is loose from then on.
//!
//! The domain knows no storage: it hands out encrypted bytes and takes them back.

pub mod clean;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use shared::document::{DocumentKind, DocumentProblem, DocumentView, FileName, MOST_DOCUMENTS, ScanState};
use store::crypto::hex;
use store::document::{self, Document, File, NewDocument};
use store::engine::Connection;
use uuid::Uuid;

pub use clean::{Cleaned, clean};

use crate::{Action, Actor, Context, Error};

/// How long an object may be on its way. It is under way for seconds.
const ON_ITS_WAY: TimeDelta = TimeDelta::days(1);
/// Most rows of one round of upkeep.
pub(crate) const IN_ONE_ROUND: i64 = 1000;

/// A cleaned file, and where it belongs.
#[derive(Debug)]
pub struct Arriving<'a> {
    pub case: Uuid,
    /// A draft or a request.
    pub holder: Uuid,
    pub name: FileName,
    pub kind: DocumentKind,
    pub scan: ScanState,
    /// Bytes of the file as it was sent, and their SHA-256.
    pub sent_bytes: u64,
    pub sha256: [u8; 32],
    /// What is kept of it.
    pub content: &'a [u8],
    /// With a draft it expires.
    pub keep_until: Option<DateTime<Utc>>,
}

/// A document whose object is to be stored before it is recorded.
#[derive(Debug)]
pub struct Prepared {
    row: NewDocument,
    view: DocumentView,
    /// What the storage gets.
    pub object: Vec<u8>,
}

impl Prepared {
    /// The name of the object.
    pub const fn object_key(&self) -> Uuid {
        self.row.object_key
    }
}

/// Encrypts a file with the key of its case, and notes its object as loose.
pub async fn prepare(ctx: &Context, arriving: Arriving<'_>) -> Result<Result<Prepared, DocumentProblem>, Error> {
    Actor::Public.check(Action::AttachDocument)?;
    let Arriving { case, holder, name, kind, scan, sent_bytes, sha256, content, keep_until } = arriving;
    let (id, object_key, now) = (ctx.clock.new_id(), ctx.clock.new_id(), ctx.now());
    let mut connection = ctx.store.read_primary().await?;
    if document::count(&mut connection, holder).await? >= MOST_DOCUMENTS {
        return Ok(Err(DocumentProblem::TooMany));
    }
    let file = File { name: &name, sha256, content };
    let sealed = document::seal(&mut connection, &ctx.keys, case, id, &file).await?.ok_or(Error::Internal)?;
    drop(connection);
    let mut transaction = ctx.store.begin().await?;
    document::loosen(&mut transaction, object_key, now + ON_ITS_WAY).await?;
    transaction.commit().await?;
    let row = NewDocument {
        id,
        holder,
        case,
        name: sealed.name,
        kind,
        bytes: sent_bytes,
        sha256: sealed.sha256,
        scan,
        object_key,
        created_at: now,
        expires_at: keep_until,
    };
    let view = DocumentView { id, name, kind, bytes: sent_bytes, sha256: hex(&sha256), scan };
    Ok(Ok(Prepared { row, view, object: sealed.content }))
}

/// Adds a document whose object was stored.
pub async fn record(ctx: &Context, prepared: Prepared) -> Result<Result<DocumentView, DocumentProblem>, Error> {
    Actor::Public.check(Action::AttachDocument)?;
    let Prepared { row, view, .. } = prepared;
    let mut transaction = ctx.store.begin().await?;
    if !document::hold(&mut transaction, row.object_key, ctx.now()).await? {
        return Ok(Err(DocumentProblem::TryLater));
    }
    // Without a commit the object stays loose.
    if !document::add(&mut transaction, &row).await? {
        return Ok(Err(DocumentProblem::TooMany));
    }
    let detail = serde_json::json!({ "case": row.case, "kind": row.kind.key(), "scan": row.scan.key() });
    ctx.audit(&mut transaction, Actor::Public, "document.attach", &row.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Ok(view))
}

/// The documents of a draft or a request, in the order in which they came.
pub async fn of_holder(ctx: &Context, holder: Uuid) -> Result<Vec<DocumentView>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    Ok(document::of_holder(&mut connection, &ctx.keys, holder).await?)
}

/// Removes a document that whoever sent it does not want to send any more. False if the holder has no such document.
pub async fn remove(ctx: &Context, holder: Uuid, id: Uuid) -> Result<bool, Error> {
    Actor::Public.check(Action::AttachDocument)?;
    let mut transaction = ctx.store.begin().await?;
    let is_removed = document::remove(&mut transaction, holder, id, ctx.now()).await?;
    if is_removed {
        ctx.audit(&mut transaction, Actor::Public, "document.remove", &id.to_string(), serde_json::json!({})).await?;
        transaction.commit().await?;
    }
    Ok(is_removed)
}

/// What became of a draft's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOver {
    /// So many are the request's now, and do not expire.
    Documents(usize),
    /// The request would have more than it may. The caller rolls back and lets the person remove some.
    TooMany,
}

/// Gives the documents of a draft to the request that came of it, in the transaction that makes the request.
pub async fn hand_over(transaction: &mut Connection, draft: Uuid, request: Uuid) -> Result<HandedOver, Error> {
    let moved = document::hand_over(transaction, draft, request).await?;
    Ok(moved.map_or(HandedOver::TooMany, HandedOver::Documents))
}

/// Keeps the documents of a draft as long as the draft, in the transaction that prolongs it.
pub async fn keep_until(transaction: &mut Connection, draft: Uuid, until: DateTime<Utc>) -> Result<(), Error> {
    Ok(document::prolong(transaction, draft, until).await?)
}

/// Lets somebody read a document. That it was opened is in the audit log before the caller can fetch the object and
/// [`Document::open`] it.
pub async fn open(ctx: &Context, actor: Actor, id: Uuid) -> Result<Option<Document>, Error> {
    actor.check(Action::ReadDocument)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(document) = document::find(&mut transaction, &ctx.keys, id).await? else { return Ok(None) };
    ctx.audit(&mut transaction, actor, "document.open", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Some(document))
}

/// Objects that nobody needs any more. Whoever has deleted one says so with [`deleted`].
pub async fn to_delete(ctx: &Context, actor: Actor) -> Result<Vec<Uuid>, Error> {
    actor.check(Action::Upkeep)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(document::due(&mut connection, ctx.now(), IN_ONE_ROUND).await?)
}

/// Forgets an object that is not in the storage any more.
pub async fn deleted(ctx: &Context, actor: Actor, object: Uuid) -> Result<(), Error> {
    actor.check(Action::Upkeep)?;
    let mut transaction = ctx.store.begin().await?;
    document::forget(&mut transaction, object).await?;
    Ok(transaction.commit().await?)
}
