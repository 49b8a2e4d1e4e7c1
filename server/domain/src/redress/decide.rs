//! What is decided: by one who gives everything, or by two.

use shared::profile::CorrectionState;
use shared::redress::{Decision, DecisionFault, Held, LONGEST_TEXT, Proposal, RedressEvent, RedressState};
use store::engine::Connection;
use store::profile::StoredCorrection;
use store::redress::{self as rows, StoredRedress};
use uuid::Uuid;

use super::{Done, held, is_amendment, take_on};
use crate::{Action, Context, Error, Officer};

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// It gives everything, and needs nobody else.
    Decided,
    /// It waits for a second person.
    Waits,
    NotNow,
    Faulty(Vec<DecisionFault>),
}

/// What became of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    Done,
    /// It does not wait any more, or there is none.
    NotWaiting,
    /// Nobody agrees to what they proposed.
    OwnProposal,
}

/// Proposes a decision on a request that was searched.
pub async fn propose(ctx: &Context, officer: &Officer, id: Uuid, proposal: Proposal) -> Result<Proposed, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    officer.check_fresh(ctx.now())?;
    let Some(found) = Box::pin(held(ctx, officer, id)).await? else { return Ok(Proposed::NotNow) };
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Proposed::NotNow) };
    if stored.head.state != RedressState::Searched {
        return Ok(Proposed::NotNow);
    }
    if let Some(correction) = proposal.correction
        && !of_request(ctx, &mut transaction, &stored).await?.iter().any(|one| one.id == correction)
    {
        return Ok(Proposed::Faulty(vec![DecisionFault::NoCorrection]));
    }
    let decision = match Decision::of(stored.head.kind, stored.head.basis, &found.held.parts(), proposal) {
        Ok(decision) => decision,
        Err(faults) => return Ok(Proposed::Faulty(faults)),
    };
    let given = hash(&found.held.given(&decision.given))?;
    rows::propose(&mut transaction, &stored, ctx.clock.new_id(), (&decision, given.as_slice()), officer.id(), ctx.now()).await?;
    let (event, proposed) =
        if decision.needs_two() { (RedressEvent::Proposed, Proposed::Waits) } else { (RedressEvent::Decided, Proposed::Decided) };
    if take_on(ctx, &mut transaction, officer, &stored, event, None).await? != Done::Done {
        return Ok(Proposed::NotNow);
    }
    transaction.commit().await?;
    Ok(proposed)
}

/// Of what is given, so that nothing goes out that was not there when it was decided.
pub(super) fn hash(given: &Held) -> Result<[u8; 32], Error> {
    Ok(store::crypto::sha256(&serde_json::to_vec(given).map_err(|_| Error::Internal)?))
}

/// Corrections of the person's profile, made or waiting for a second person, that were proposed since an amendment was logged: what
/// it can be granted by. The newest first.
pub async fn corrections(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Vec<StoredCorrection>, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut connection = ctx.store.read_primary().await?;
    let Some(stored) = rows::get(&mut connection, &ctx.keys, id).await? else { return Ok(Vec::new()) };
    of_request(ctx, &mut connection, &stored).await
}

async fn of_request(ctx: &Context, connection: &mut Connection, stored: &StoredRedress) -> Result<Vec<StoredCorrection>, Error> {
    let Some(profile) = stored.head.profile.filter(|_| is_amendment(stored)) else { return Ok(Vec::new()) };
    let Some(root) = store::profile::root(connection, profile).await? else { return Ok(Vec::new()) };
    let mut all = store::profile::corrections(connection, &ctx.keys, root).await?;
    all.retain(|one| {
        one.proposed_at >= stored.head.logged_at && matches!(one.state, CorrectionState::Proposed | CorrectionState::Agreed)
    });
    Ok(all)
}

/// Whether the correction by which an amendment is granted was made.
pub(super) async fn is_made(
    ctx: &Context,
    connection: &mut Connection,
    stored: &StoredRedress,
    correction: Uuid,
) -> Result<bool, Error> {
    let all = of_request(ctx, connection, stored).await?;
    Ok(all.iter().any(|one| one.id == correction && one.state == CorrectionState::Agreed))
}

/// Agrees to a decision that somebody else proposed, by its id: the one that was read.
pub async fn agree(ctx: &Context, officer: &Officer, id: Uuid, decision: Uuid) -> Result<Agreed, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Agreed::NotWaiting) };
    let newest = rows::decisions(&mut transaction, &stored).await?.into_iter().next();
    let Some(newest) = newest.filter(|newest| newest.id == decision && stored.head.state == RedressState::Proposed) else {
        return Ok(Agreed::NotWaiting);
    };
    if newest.proposed_by == officer.id() {
        return Ok(Agreed::OwnProposal);
    }
    rows::agree(&mut transaction, &newest, officer.id(), ctx.now()).await?;
    if take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Decided, None).await? != Done::Done {
        return Ok(Agreed::NotWaiting);
    }
    transaction.commit().await?;
    Ok(Agreed::Done)
}

/// Gives a decision back, with words: it is decided anew.
pub async fn give_back(ctx: &Context, officer: &Officer, id: Uuid, why: &str) -> Result<Done, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_TEXT {
        return Ok(Done::NoWords);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Done::NotNow) };
    let done = take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Returned, Some(why)).await?;
    if done == Done::Done {
        transaction.commit().await?;
    }
    Ok(done)
}
