//! The agreements with partner countries: drafted by their manager, signed by privacy and counsel after a dry run, and in force from a
//! day on. What holds on a day is one version, signed by two people who did not write it and who saw what they signed.

use chrono::NaiveDate;
use shared::agreement::{Agreement, AgreementVersion, Change, Finding, Partner, changes, check, from_file};
use store::agreement::{self as rows, NewSignature};
use store::engine::Connection;
use uuid::Uuid;

pub use store::agreement::{Capacity, Signature, StoredAgreement};

use crate::{Action, Actor, Context, Error, Officer};

/// What became of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drafted {
    Kept(AgreementVersion),
    /// The file is none, and where.
    NoFile(String),
    /// It is of another partner.
    OtherPartner,
    /// It would hold from a day that has passed.
    Past,
}

/// What became of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Done,
    /// There is no such version that waits for this signature.
    NotWaiting,
    /// Nobody signs what they wrote, or in two capacities.
    OwnDraft,
    /// It has faults: it cannot be signed as it is.
    Faulty,
    /// What was shown is not what would be signed.
    Changed,
}

/// A version as signers see it.
#[derive(Debug, Clone)]
pub struct Reading {
    pub stored: StoredAgreement,
    /// What keeps it from being signed.
    pub findings: Vec<Finding>,
    /// Against what holds now; all of it, if nothing does.
    pub changes: Vec<Change>,
    /// Of everything above: whoever signs has seen this.
    pub seen: String,
}

/// The capacity in which an officer may sign; none if in no capacity, or in both, which nobody has.
pub fn capacity(officer: &Officer) -> Option<Capacity> {
    use shared::identity::Role;
    let has = |role| officer.grants().iter().any(|grant| grant.role == role);
    match (has(Role::PrivacyOfficer), has(Role::Counsel)) {
        (true, false) => Some(Capacity::Privacy),
        (false, true) => Some(Capacity::Counsel),
        (true, true) | (false, false) => None,
    }
}

/// Every version with a partner, the newest first.
pub async fn versions(ctx: &Context, officer: &Officer, partner: Partner) -> Result<Vec<StoredAgreement>, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(rows::versions(&mut connection, partner).await?)
}

/// What holds with a partner today.
pub async fn in_force(ctx: &Context, officer: &Officer, partner: Partner) -> Result<Option<Agreement>, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(rows::current(&mut connection, partner, ctx.today()).await?)
}

/// One version, with what is to be known before it is signed.
pub async fn read(ctx: &Context, officer: &Officer, partner: Partner, version: AgreementVersion) -> Result<Option<Reading>, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    let mut connection = ctx.store.read_primary().await?;
    reading(ctx, &mut connection, partner, version).await
}

async fn reading(
    ctx: &Context,
    connection: &mut Connection,
    partner: Partner,
    version: AgreementVersion,
) -> Result<Option<Reading>, Error> {
    let Some(stored) = rows::by_version(connection, partner, version).await? else { return Ok(None) };
    let findings = check(&stored.agreement, ctx.today());
    let current = rows::current(connection, partner, ctx.today()).await?;
    let nothing = Agreement { partner, version, instruments: Vec::new(), capabilities: Vec::new() };
    let changes = changes(current.as_ref().unwrap_or(&nothing), &stored.agreement);
    let seen = seen(&stored, current.as_ref().map(|agreement| agreement.version), &changes);
    Ok(Some(Reading { stored, findings, changes, seen }))
}

/// A mark of what a signer sees: the document, what holds now, and what would change.
fn seen(stored: &StoredAgreement, current: Option<AgreementVersion>, changes: &[Change]) -> String {
    let current = current.map_or(0, AgreementVersion::number).to_be_bytes();
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    let all = [stored.document_sha256.as_slice(), &current, changes.join("\n").as_bytes()].concat();
    store::crypto::hex(&store::crypto::sha256(&all))
}

/// Keeps a new version from a file. It holds nothing until two people have signed it.
pub async fn draft(ctx: &Context, officer: &Officer, partner: Partner, file: &[u8], from: NaiveDate) -> Result<Drafted, Error> {
    officer.check_somewhere(Action::DraftAgreements)?;
    keep(ctx, officer.id(), officer.actor(), partner, file, from).await
}

async fn keep(ctx: &Context, by: Uuid, actor: Actor, partner: Partner, file: &[u8], from: NaiveDate) -> Result<Drafted, Error> {
    let mut agreement = match from_file(file) {
        Ok(agreement) => agreement,
        Err(error) => return Ok(Drafted::NoFile(error.to_string())),
    };
    if agreement.partner != partner {
        return Ok(Drafted::OtherPartner);
    }
    if from < ctx.today() {
        return Ok(Drafted::Past);
    }
    let mut transaction = ctx.store.begin().await?;
    agreement.version = rows::next_version(&mut transaction, partner).await?;
    if !rows::draft(&mut transaction, &agreement, from, by, ctx.now()).await? {
        return Err(Error::Unavailable);
    }
    note(ctx, &mut transaction, actor, "agreement.draft", partner, agreement.version).await?;
    transaction.commit().await?;
    Ok(Drafted::Kept(agreement.version))
}

async fn note(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    action: &'static str,
    partner: Partner,
    version: AgreementVersion,
) -> Result<(), Error> {
    let subject = format!("{} {}", partner.key(), version.number());
    ctx.audit(transaction, actor, action, &subject, serde_json::json!({})).await
}

/// Signs a version that was read. `seen` is the mark of what was shown.
pub async fn sign(
    ctx: &Context,
    officer: &Officer,
    partner: Partner,
    version: AgreementVersion,
    seen: &str,
) -> Result<Signed, Error> {
    officer.check_somewhere(Action::SignAgreements)?;
    officer.check_fresh(ctx.now())?;
    let Some(capacity) = capacity(officer) else { return Err(Error::Refused) };
    let mut transaction = ctx.store.begin().await?;
    let Some(reading) = reading(ctx, &mut transaction, partner, version).await? else { return Ok(Signed::NotWaiting) };
    let stored = &reading.stored;
    let is_there = stored.signatures.iter().any(|signature| signature.capacity == capacity);
    if stored.withdrawn_at.is_some() || is_there {
        return Ok(Signed::NotWaiting);
    }
    let is_other = stored.signatures.iter().any(|signature| signature.officer == officer.id());
    if stored.drafted_by == officer.id() || is_other {
        return Ok(Signed::OwnDraft);
    }
    if !reading.findings.is_empty() {
        return Ok(Signed::Faulty);
    }
    if reading.seen != seen {
        return Ok(Signed::Changed);
    }
    let dry_run_sha256 = store::crypto::sha256(reading.seen.as_bytes());
    let new = NewSignature {
        partner,
        version,
        capacity,
        officer: officer.id(),
        document_sha256: &stored.document_sha256,
        dry_run_sha256: &dry_run_sha256,
        at: ctx.now(),
    };
    if !rows::sign(&mut transaction, &new).await? {
        return Ok(Signed::NotWaiting);
    }
    note(ctx, &mut transaction, officer.actor(), "agreement.sign", partner, version).await?;
    transaction.commit().await?;
    Ok(Signed::Done)
}

/// Takes a version back. One that holds ends at once: from then on what was before it holds again.
pub async fn withdraw(ctx: &Context, officer: &Officer, partner: Partner, version: AgreementVersion) -> Result<bool, Error> {
    officer.check_somewhere(Action::DraftAgreements)?;
    let mut transaction = ctx.store.begin().await?;
    if rows::by_version(&mut transaction, partner, version).await?.is_none() {
        return Ok(false);
    }
    if !rows::withdraw(&mut transaction, partner, version, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    note(ctx, &mut transaction, officer.actor(), "agreement.withdraw", partner, version).await?;
    transaction.commit().await?;
    Ok(true)
}

/// The demo's agreements: drafted and signed by its staff, unless there are some.
pub async fn seed_demo(ctx: &Context, manager: Uuid, privacy: Uuid, counsel: Uuid) -> Result<usize, Error> {
    let mut seeded = 0;
    for partner in Partner::ALL {
        let agreement = from_file(shared::agreement::starter(partner).as_bytes()).map_err(|_| Error::Internal)?;
        let mut transaction = ctx.store.begin().await?;
        if rows::next_version(&mut transaction, partner).await? != AgreementVersion::FIRST {
            continue;
        }
        rows::draft(&mut transaction, &agreement, ctx.today(), manager, ctx.now()).await?;
        let Some(reading) = reading(ctx, &mut transaction, partner, AgreementVersion::FIRST).await? else {
            return Err(Error::Internal);
        };
        for (capacity, officer) in [(Capacity::Privacy, privacy), (Capacity::Counsel, counsel)] {
            let new = NewSignature {
                partner,
                version: AgreementVersion::FIRST,
                capacity,
                officer,
                document_sha256: &reading.stored.document_sha256,
                dry_run_sha256: &store::crypto::sha256(reading.seen.as_bytes()),
                at: ctx.now(),
            };
            rows::sign(&mut transaction, &new).await?;
        }
        note(ctx, &mut transaction, Actor::Operator, "agreement.seed", partner, AgreementVersion::FIRST).await?;
        transaction.commit().await?;
        seeded += 1;
    }
    Ok(seeded)
}
