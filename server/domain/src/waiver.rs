//! Waivers towards partners: consent, a memorandum of the Secretary, an exception of a statute. One person proposes one, another
//! agrees, and either may end it.

use shared::protection::{Waiver, WaiverId, WaiverKind};
use store::waiver as rows;
use uuid::Uuid;

pub use store::waiver::StoredWaiver;

use crate::profile::may_know;
use crate::{Action, Actor, Context, Error, Officer};

#[cfg(test)]
mod tests;

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    /// It waits for somebody else.
    Waits,
    /// A consent is one person's, and nothing else is.
    NotOnePersons,
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
}

/// Every waiver, the newest first.
pub async fn all(ctx: &Context, officer: &Officer) -> Result<Vec<StoredWaiver>, Error> {
    officer.check_somewhere(Action::DecideWaivers)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(rows::all(&mut connection).await?)
}

/// Proposes a waiver on the ground of a paper, of which the hash is kept. A consent names the person whose it is.
pub async fn propose(
    ctx: &Context,
    officer: &Officer,
    waiver: &Waiver,
    profile: Option<Uuid>,
    document_sha256: [u8; 32],
) -> Result<Proposed, Error> {
    officer.check_somewhere(Action::DecideWaivers)?;
    officer.check_fresh(ctx.now())?;
    if (waiver.kind() == WaiverKind::Consent) != profile.is_some() {
        return Ok(Proposed::NotOnePersons);
    }
    let mut transaction = ctx.store.begin().await?;
    if let Some(profile) = profile
        && !may_know(ctx, &mut transaction, officer, profile).await?
    {
        return Ok(Proposed::Nobody);
    }
    rows::propose(&mut transaction, waiver, profile, &document_sha256, officer.id(), ctx.now()).await?;
    note(ctx, &mut transaction, officer.actor(), "waiver.propose", waiver.id()).await?;
    transaction.commit().await?;
    Ok(Proposed::Waits)
}

/// Agrees to what somebody else proposed. False if it does not wait, or is one's own.
pub async fn agree(ctx: &Context, officer: &Officer, id: WaiverId) -> Result<bool, Error> {
    officer.check_somewhere(Action::DecideWaivers)?;
    officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    if !rows::agree(&mut transaction, id, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    note(ctx, &mut transaction, officer.actor(), "waiver.agree", id).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Ends a waiver: from the next check on it lifts nothing.
pub async fn end(ctx: &Context, officer: &Officer, id: WaiverId) -> Result<bool, Error> {
    officer.check_somewhere(Action::DecideWaivers)?;
    officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    if !rows::end(&mut transaction, id, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    note(ctx, &mut transaction, officer.actor(), "waiver.end", id).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn note(
    ctx: &Context,
    transaction: &mut store::engine::Connection,
    actor: Actor,
    action: &'static str,
    id: WaiverId,
) -> Result<(), Error> {
    ctx.audit(transaction, actor, action, &id.uuid().to_string(), serde_json::json!({})).await
}

/// The memorandum of the demo: what the Secretary's of 2016 let (PIA-060(a), Appendix A, row 8). Not a second time.
pub async fn seed_demo(ctx: &Context, waiver: &Waiver, privacy: Uuid, counsel: Uuid) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    if !rows::all(&mut transaction).await?.is_empty() {
        return Ok(false);
    }
    let hash = store::crypto::sha256(b"the demo's memorandum");
    rows::propose(&mut transaction, waiver, None, &hash, privacy, ctx.now()).await?;
    rows::agree(&mut transaction, waiver.id(), counsel, ctx.now()).await?;
    note(ctx, &mut transaction, Actor::Operator, "waiver.seed", waiver.id()).await?;
    transaction.commit().await?;
    Ok(true)
}
