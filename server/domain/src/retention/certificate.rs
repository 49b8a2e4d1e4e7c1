//! What a disposition came to, said once and for ever: counts, schedule items, hashes, who and when; nobody's data.

use serde_json::json;
use store::crypto::{hex, sha256};
use store::retention::{self as rows, Certificate};
use uuid::Uuid;

use super::note;
use crate::{Action, Actor, Context, Error, Officer};

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// JSON (`portico-certificate/1`).
    pub document: String,
    pub sha256: String,
    pub issued_at: chrono::DateTime<chrono::Utc>,
}

impl From<Certificate> for CertificateView {
    fn from(stored: Certificate) -> Self {
        Self { document: stored.document, sha256: hex(&stored.document_hash), issued_at: stored.issued_at }
    }
}

/// The certificate of a disposition; none while it is not done.
pub async fn certificate(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<CertificateView>, Error> {
    officer.check_somewhere(Action::ReadRetention)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(rows::certificate(&mut connection, id).await?.map(CertificateView::from))
}

/// Certifies a disposition of which nothing is left.
pub(super) async fn certify(ctx: &Context, actor: Actor, id: Uuid) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    if rows::certificate(&mut transaction, id).await?.is_some() {
        // Another server was quicker.
        return Ok(());
    }
    let stored = rows::disposition(&mut transaction, id).await?.ok_or(Error::Internal)?;
    let (approved_by, approved_at) = stored.approved.ok_or(Error::Internal)?;
    let counts = rows::counts(&mut transaction, id).await?;
    let count = |count: &rows::Count| {
        json!({
            "kind": count.kind.key(),
            "schedule_item": count.kind.item().number(),
            "outcome": count.outcome.map(shared::retention::LineOutcome::key),
            "records": count.records,
            "partner_queries": count.queries,
        })
    };
    let document = json!({
        "certificate": "portico-certificate/1",
        "disposition": id,
        "due_by": stored.until,
        "records": stored.records,
        "list_sha256": hex(&stored.list_hash),
        "proposed_by": stored.proposed.0,
        "proposed_at": stored.proposed.1,
        "approved_by": approved_by,
        "approved_at": approved_at,
        "finished_at": ctx.now(),
        "counts": counts.iter().map(count).collect::<Vec<_>>(),
    });
    let document = serde_json::to_string_pretty(&document).map_err(|_| Error::Internal)?;
    let hash = sha256(document.as_bytes());
    let certificate = Certificate { document, document_hash: hash.to_vec(), issued_at: ctx.now() };
    rows::certify(&mut transaction, id, &certificate).await?;
    note(ctx, &mut transaction, actor, "retention.certify", id, json!({ "certificate_sha256": hex(&hash) })).await?;
    Ok(transaction.commit().await?)
}
