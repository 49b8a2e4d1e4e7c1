//! What another person says of what was prepared: it is given back, or released exactly as it is.

use shared::partner_query::{Failing, InboundEvent, InboundState};
use store::crypto::{same, sha256};
use store::engine::Connection;
use store::information_request::{self as rows, StoredReview};
use store::partner_query::StoredForeign;
use uuid::Uuid;

use super::act::{Act, Done, GivenBack, happens, reason as reason_in, state_of};
use super::prepare::Frozen;
use super::view::visible;
use crate::{Action, Context, Error, Officer};

/// What is in review.
struct InReview {
    foreign: StoredForeign,
    review: StoredReview,
    /// The officer had a part in preparing it.
    is_own: bool,
}

async fn in_review(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    request: Uuid,
) -> Result<Option<InReview>, Error> {
    let foreign = visible(ctx, transaction, request).await?;
    let Some(foreign) = foreign.filter(|foreign| state_of(foreign) == Some(InboundState::InReview)) else { return Ok(None) };
    let review = rows::last_review(transaction, &ctx.partner_data()?.keys, request).await?.ok_or(Error::Internal)?;
    let has_prepared = rows::has_prepared(transaction, request, officer.id()).await?;
    let is_own = has_prepared || review.prepared_by == officer.id();
    Ok(Some(InReview { foreign, review, is_own }))
}

/// Was the check asked since the review began? Whoever sends it to review has it asked, and nobody takes that back.
pub(super) fn is_checked(foreign: &StoredForeign, review: &StoredReview) -> bool {
    foreign.next_attempt_at.is_none() && foreign.decided_at.is_some_and(|at| at >= review.sent_at)
}

/// Gives back what was prepared, with a reason.
pub async fn give_back(ctx: &Context, officer: &Officer, id: Uuid, reason: &str) -> Result<GivenBack, Error> {
    officer.check_somewhere(Action::ReleasePackages)?;
    let Some(reason) = reason_in(reason) else { return Ok(GivenBack::NoReason) };
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(InReview { foreign, review, is_own }) = in_review(ctx, &mut transaction, officer, id).await? else {
        return Ok(GivenBack::NotNow);
    };
    if is_own {
        return Ok(GivenBack::OneOfTheTwo);
    }
    let event = InboundEvent::Returned { by: officer.officer_id() };
    let state = InboundState::InReview.next(&event).map_err(|_| Error::Internal)?;
    let act = Act { reason: Some(reason), ..Act::of(officer.actor(), event.key()) };
    let is_given_back = rows::give_back(&mut transaction, review.id, officer.id(), ctx.now()).await?;
    if !is_given_back || !happens(ctx, &mut transaction, &foreign, state, act).await? {
        return Ok(GivenBack::NotNow);
    }
    transaction.commit().await?;
    Ok(GivenBack::Done)
}

/// Releases what was reviewed: `hash` is of what the officer saw. Another person than who prepared it, with a fresh second factor, and
/// only after the check was asked since the review began.
pub async fn release(ctx: &Context, officer: &Officer, id: Uuid, hash: [u8; 32]) -> Result<Done, Error> {
    officer.check_somewhere(Action::ReleasePackages)?;
    officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(InReview { foreign, review, is_own }) = in_review(ctx, &mut transaction, officer, id).await? else {
        return Ok(Done::NotNow);
    };
    if is_own {
        return Ok(Done::OneOfTheTwo);
    }
    if !same(&hash, &review.hash) {
        return Ok(Done::Changed);
    }
    if !is_checked(&foreign, &review) {
        return Ok(Done::NotChecked);
    }
    let event = InboundEvent::Approved { by: officer.officer_id() };
    let state = InboundState::InReview.next(&event).map_err(|_| Error::Internal)?;
    let is_approved = rows::approve(&mut transaction, review.id, officer.id(), ctx.now()).await?;
    if !is_approved || !happens(ctx, &mut transaction, &foreign, state, Act::of(officer.actor(), event.key())).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}

/// Has a package made anew that could not be sent, or of which something may not be told any more: of what was released, with what
/// may be told then.
pub async fn retry(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::ReleasePackages)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let foreign = visible(ctx, &mut transaction, id).await?;
    let failed = InboundState::Failed(Failing::Package);
    let Some(foreign) = foreign.filter(|foreign| state_of(foreign) == Some(failed)) else { return Ok(Done::NotNow) };
    let event = InboundEvent::Retried { by: officer.officer_id() };
    let state = failed.next(&event).map_err(|_| Error::Internal)?;
    if !happens(ctx, &mut transaction, &foreign, state, Act::of(officer.actor(), event.key())).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}

/// What was released, and by whom; none if nothing is, or if what is kept is not what was reviewed.
pub(super) fn released(review: Option<&StoredReview>) -> Option<(Frozen, Uuid)> {
    let review = review.filter(|review| review.returned_by.is_none())?;
    let (approved_by, _) = review.approved?;
    if !same(&sha256(&review.frozen), &review.hash) || approved_by == review.prepared_by {
        tracing::error!(review = %review.id, "what was released of an information request was changed since: look into it at once");
        return None;
    }
    Some((serde_json::from_slice(&review.frozen).ok()?, approved_by))
}
