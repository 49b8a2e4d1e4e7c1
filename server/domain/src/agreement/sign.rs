//! Signing: a privacy officer and counsel, each for exactly what they saw.

use chrono::NaiveDate;
use shared::agreement::{AgreementVersion, Capacity, Party};
use shared::identity::Role;
use store::agreement::{self as rows, Signature, Standing, StoredVersion};
use store::engine::Connection;

use super::is_open;
use super::read::{Seen, examine, hash};
use crate::{Action, Context, Error, Officer};

/// As what each role signs.
const CAPACITIES: [(Role, Capacity); 2] = [(Role::PrivacyOfficer, Capacity::Privacy), (Role::Counsel, Capacity::Counsel)];

/// What became of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// It waits for the other one.
    Waits,
    /// The second: the version is in force from this day on.
    InForce(NaiveDate),
    Not(NotSigned),
}

/// Why a version was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSigned {
    /// There is none, or it is signed by two or withdrawn.
    NoDraft,
    /// Another version was signed since it was made.
    Overtaken,
    /// Nobody signs what they wrote.
    OwnDraft,
    /// Somebody signed in this capacity, or this officer in the other.
    Twice,
    /// The document or its dry run is not what was seen.
    Changed,
    /// The checker finds something.
    Findings,
}

/// As what an officer may sign.
pub fn capacities(officer: &Officer) -> Vec<Capacity> {
    let has = |role| officer.grants().iter().any(|grant| grant.role == role);
    CAPACITIES.into_iter().filter(|(role, _)| has(*role)).map(|(_, capacity)| capacity).collect()
}

/// Signs a version as it was seen. The second signature brings it into force.
pub async fn sign(
    ctx: &Context,
    officer: &Officer,
    (partner, version): (impl Into<Party>, AgreementVersion),
    capacity: Capacity,
    seen: &Seen,
) -> Result<Signed, Error> {
    officer.check_somewhere(Action::SignAgreements)?;
    let partner = partner.into();
    if !capacities(officer).contains(&capacity) {
        return Err(Error::Refused);
    }
    officer.check_fresh(ctx.now())?;
    let stored = rows::by_version(&mut ctx.store.read_primary().await?, partner, version).await?;
    let Some(stored) = stored else { return Ok(Signed::Not(NotSigned::NoDraft)) };
    // Of a version nothing changes, so that it may be looked at before anybody has to wait.
    let examined = examine(ctx, &stored).await?;
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    let signatures = rows::signatures(&mut transaction, partner, version).await?;
    if let Err(refusal) = may_sign(&mut transaction, officer, capacity, &stored, &signatures).await? {
        return Ok(Signed::Not(refusal));
    }
    if examined.seen != *seen {
        return Ok(Signed::Not(NotSigned::Changed));
    }
    if !examined.findings.is_empty() {
        return Ok(Signed::Not(NotSigned::Findings));
    }
    let document_hash = stored.head.document_hash.clone();
    let signature =
        Signature { capacity, officer: officer.id(), document_hash, dry_run_hash: hash(&examined.dry_run)?, signed_at: ctx.now() };
    rows::sign(&mut transaction, &stored.head, &signature).await?;
    let from = match signatures.as_slice() {
        [] => None,
        [first, ..] => {
            let from = stored.head.holds_from.max(ctx.today());
            rows::settle(&mut transaction, &stored.head, [first.officer, officer.id()], from, ctx.now()).await?;
            Some(from)
        }
    };
    let detail = serde_json::json!({
        "version": version, "capacity": capacity.key(), "document": seen.document, "dry_run": seen.dry_run, "in_force_from": from,
    });
    ctx.audit(&mut transaction, officer.actor(), "agreement.sign", partner.key(), detail).await?;
    transaction.commit().await?;
    Ok(from.map_or(Signed::Waits, Signed::InForce))
}

/// What stands against a signature, whatever was seen.
async fn may_sign(
    connection: &mut Connection,
    officer: &Officer,
    capacity: Capacity,
    StoredVersion { head, .. }: &StoredVersion,
    signatures: &[Signature],
) -> Result<Result<(), NotSigned>, Error> {
    let versions = rows::versions(connection, head.partner).await?;
    let Some(head) = versions.iter().find(|now| now.version == head.version && now.standing == Standing::Draft) else {
        return Ok(Err(NotSigned::NoDraft));
    };
    if !is_open(head, &versions) {
        return Ok(Err(NotSigned::Overtaken));
    }
    if head.author == officer.id() {
        return Ok(Err(NotSigned::OwnDraft));
    }
    if signatures.iter().any(|signature| signature.capacity == capacity || signature.officer == officer.id()) {
        return Ok(Err(NotSigned::Twice));
    }
    Ok(Ok(()))
}
