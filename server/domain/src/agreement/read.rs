//! What is in force, what waits, and a version with all that somebody has to know before they sign it.

use std::collections::BTreeSet;

use shared::agreement::{
    Agreement, AgreementVersion, Change, Difference, Element, Finding, Party, Turn, changes, check, dry_run, enrolled,
};
use store::agreement::{self as rows, Signature, Standing, StoredVersion, VersionHead};
use store::crypto::{hex, sha256};
use store::engine::Connection;

use super::past::{PastRequest, past};
use super::{draft, is_open};
use crate::{Action, Context, Error, Officer};

/// Where the agreement with a partner stands.
#[derive(Debug)]
pub struct Status {
    pub partner: Party,
    pub in_force: Option<VersionHead>,
    /// Signed, from a day that has not come.
    pub to_come: Option<VersionHead>,
    /// Drafts that can be signed, the newest first.
    pub waiting: Vec<Waiting>,
}

/// A draft that can be signed, and who signed it.
#[derive(Debug)]
pub struct Waiting {
    pub head: VersionHead,
    pub signatures: Vec<Signature>,
}

/// The agreement with a partner.
#[derive(Debug)]
pub struct PartnerFile {
    pub status: Status,
    /// What is in force.
    pub document: Option<Agreement>,
    /// The newest first.
    pub versions: Vec<VersionHead>,
}

/// What past requests would have come to; in terms with IDENT, past interviews at which fingerprints were taken.
#[derive(Debug)]
pub struct DryRun {
    /// How many were decided again.
    pub requests: usize,
    pub differences: Vec<Difference>,
    /// What would be added to IDENT of whoever stands before an officer, where that differs.
    pub enrolment: Option<Turn<BTreeSet<Element>>>,
}

/// What somebody saw of a version: SHA-256 of its document and of its dry run, as forms send them back. A signature is for exactly
/// that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub document: String,
    pub dry_run: String,
}

/// What is to be known of a version before it is signed.
#[derive(Debug)]
pub struct Examined {
    /// What keeps it from being signed.
    pub findings: Vec<Finding>,
    /// Against the version that it follows.
    pub changes: Vec<Change>,
    pub dry_run: DryRun,
    pub seen: Seen,
}

/// A version with all that there is to know of it.
#[derive(Debug)]
pub struct VersionFile {
    pub stored: StoredVersion,
    pub signatures: Vec<Signature>,
    pub examined: Examined,
    /// It is a draft, and no other version was signed since it was made.
    pub is_open: bool,
}

/// The agreements, by partner.
pub async fn list(ctx: &Context, officer: &Officer) -> Result<Vec<Status>, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut all = Vec::new();
    for partner in Party::ALL {
        let versions = rows::versions(&mut connection, partner).await?;
        all.push(status(ctx, &mut connection, partner, &versions).await?);
    }
    Ok(all)
}

async fn status(ctx: &Context, connection: &mut Connection, partner: Party, versions: &[VersionHead]) -> Result<Status, Error> {
    let today = ctx.today();
    let begun = |head: &&VersionHead| matches!(head.standing, Standing::Signed { from } if from <= today);
    let later = |head: &&VersionHead| matches!(head.standing, Standing::Signed { from } if today < from);
    let in_force = versions.iter().find(begun).cloned();
    // One that was signed after it, and holds already, has taken its place.
    let to_come = versions.iter().find(later).filter(|head| in_force.as_ref().is_none_or(|now| now.version < head.version));
    let mut waiting = Vec::new();
    for head in versions.iter().filter(|head| is_open(head, versions)) {
        let signatures = rows::signatures(connection, partner, head.version).await?;
        waiting.push(Waiting { head: head.clone(), signatures });
    }
    Ok(Status { partner, to_come: to_come.cloned(), in_force, waiting })
}

/// The agreement with a partner: what is in force, and all its versions.
pub async fn of_partner(ctx: &Context, officer: &Officer, partner: impl Into<Party>) -> Result<PartnerFile, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    let partner = partner.into();
    let mut connection = ctx.store.read_primary().await?;
    let versions = rows::versions(&mut connection, partner).await?;
    let status = status(ctx, &mut connection, partner, &versions).await?;
    let document = rows::current(&mut connection, partner, ctx.today()).await?.map(|stored| stored.document);
    Ok(PartnerFile { status, document, versions })
}

/// The document of a version, to be taken along as a file or changed.
pub async fn document(
    ctx: &Context,
    officer: &Officer,
    partner: impl Into<Party>,
    version: AgreementVersion,
) -> Result<Option<StoredVersion>, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    Ok(rows::by_version(&mut ctx.store.read_primary().await?, partner, version).await?)
}

/// A version, as those who sign see it. Who read it stands in the audit log before anything is shown: the dry run tells of requests.
pub async fn read(
    ctx: &Context,
    officer: &Officer,
    partner: impl Into<Party>,
    version: AgreementVersion,
) -> Result<Option<VersionFile>, Error> {
    let partner = partner.into();
    let Some(stored) = document(ctx, officer, partner, version).await? else { return Ok(None) };
    let examined = examine(ctx, &stored).await?;
    let mut transaction = ctx.store.begin().await?;
    let signatures = rows::signatures(&mut transaction, partner, version).await?;
    let is_open = is_open(&stored.head, &rows::versions(&mut transaction, partner).await?);
    let detail = serde_json::json!({ "version": version, "dry_run": examined.seen.dry_run });
    ctx.audit(&mut transaction, officer.actor(), "agreement.read", partner.key(), detail).await?;
    transaction.commit().await?;
    Ok(Some(VersionFile { stored, signatures, examined, is_open }))
}

/// What is wrong with a version on the day on which it would come into force, and what it changes.
pub(super) async fn examine(ctx: &Context, stored: &StoredVersion) -> Result<Examined, Error> {
    let StoredVersion { head, document } = stored;
    let before = draft::before(&mut ctx.store.read_primary().await?, head.partner, head.follows).await?;
    let dry_run = match head.partner.country() {
        Some(partner) => decide_again(&past(ctx, partner, head).await?, &before, document),
        None => enrol_again(ctx, head, &before, document).await?,
    };
    Ok(Examined {
        findings: check(document, head.holds_from.max(ctx.today())),
        changes: changes(&before, document),
        seen: Seen { document: hex(&head.document_hash), dry_run: hex(&hash(&dry_run)?) },
        dry_run,
    })
}

/// What is hashed is what differs: another request that is decided as before is no news.
pub(super) fn hash(dry_run: &DryRun) -> Result<Vec<u8>, Error> {
    let differs = match &dry_run.enrolment {
        Some(turn) => serde_json::to_vec(turn),
        None => serde_json::to_vec(&dry_run.differences),
    };
    Ok(sha256(&differs.map_err(|_| Error::Internal)?).to_vec())
}

pub(super) fn decide_again(past: &[PastRequest], before: &Agreement, after: &Agreement) -> DryRun {
    let past: Vec<_> = past.iter().map(PastRequest::as_past).collect();
    DryRun { requests: past.len(), differences: dry_run(&past, before, after), enrolment: None }
}

/// What would be added to IDENT of those who stood before an officer until the version was drafted, as on the day from which it is to
/// hold.
async fn enrol_again(ctx: &Context, head: &VersionHead, before: &Agreement, after: &Agreement) -> Result<DryRun, Error> {
    let on = head.holds_from.max(ctx.today());
    let interviews = store::profile::interviews(&mut ctx.store.read_primary().await?, head.made_at).await?;
    let (before, after) = (enrolled(before, on), enrolled(after, on));
    let enrolment = (before != after).then_some(Turn { before, after });
    Ok(DryRun { requests: usize::try_from(interviews).unwrap_or_default(), differences: Vec::new(), enrolment })
}
