//! The third query: an officer's request, somebody else's approval. It carries the number of the second and no prints. And what
//! follows an answer: an officer reads it and closes the query.

use shared::agreement::Step;
use shared::partner_query::{OutboundEvent, TransactionNumber};
use store::engine::Connection;
use store::partner_query::{self as rows, NewStep, StoredQuery};
use uuid::Uuid;

use super::send::advance;
use crate::{Action, Context, Error, Officer};

/// What became of a request or an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Third {
    Done,
    /// The query is not there, is somebody else's, or cannot be asked more now.
    NotNow,
    /// Nobody approves what they requested.
    OwnRequest,
}

async fn own(ctx: &Context, transaction: &mut Connection, officer: &Officer, id: Uuid) -> Result<Option<StoredQuery>, Error> {
    let query = rows::get(transaction, &ctx.partner_data()?.keys, id).await?;
    Ok(query.filter(|query| query.asked_by == officer.id()))
}

/// Asks that more be asked of a partner that had a match.
pub async fn request_third(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Third, Error> {
    officer.check_somewhere(Action::AskPartners)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(query) = own(ctx, &mut transaction, officer, id).await? else { return Ok(Third::NotNow) };
    let steps = rows::steps(&mut transaction, &partner_data.keys, id).await?;
    let Some(prior) = steps.iter().rfind(|step| step.answered_at.is_some()) else { return Ok(Third::NotNow) };
    let event = OutboundEvent::ThirdRequested { by: officer.officer_id() };
    if !advance(ctx, &mut transaction, officer.actor(), &query, &event).await? {
        return Ok(Third::NotNow);
    }
    let number = TransactionNumber::new(ctx.random_bytes());
    let step = NewStep {
        query: id,
        step: Step::Third,
        transaction_number: number.as_str(),
        prior: Some(&prior.transaction_number),
        requested_by: Some(officer.id()),
        send_at: None,
        sent_at: None,
    };
    rows::add_step(&mut transaction, &step).await?;
    ctx.audit(&mut transaction, officer.actor(), "partner_query.request_third", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Third::Done)
}

/// Agrees that more is asked. Never by who requested it, which the database refuses as well.
pub async fn approve(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Third, Error> {
    officer.check_somewhere(Action::ApproveQueries)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(query) = rows::get(&mut transaction, &partner_data.keys, id).await? else { return Ok(Third::NotNow) };
    let steps = rows::steps(&mut transaction, &partner_data.keys, id).await?;
    let Some(third) = steps.iter().find(|step| step.step == Step::Third) else { return Ok(Third::NotNow) };
    if third.requested_by == Some(officer.id()) {
        return Ok(Third::OwnRequest);
    }
    let event = OutboundEvent::ThirdApproved { by: officer.officer_id() };
    if !advance(ctx, &mut transaction, officer.actor(), &query, &event).await? {
        return Ok(Third::NotNow);
    }
    if !rows::approve_step(&mut transaction, id, Step::Third, officer.id(), ctx.now()).await? {
        return Ok(Third::NotNow);
    }
    ctx.audit(&mut transaction, officer.actor(), "partner_query.approve", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Third::Done)
}

/// The officer has read what there is.
pub async fn review(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    end(ctx, officer, id, "partner_query.review", &OutboundEvent::Reviewed { by: officer.officer_id() }).await
}

/// Nothing more is asked.
pub async fn close(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    end(ctx, officer, id, "partner_query.close", &OutboundEvent::Closed { by: officer.officer_id() }).await
}

async fn end(ctx: &Context, officer: &Officer, id: Uuid, action: &'static str, event: &OutboundEvent) -> Result<bool, Error> {
    officer.check_somewhere(Action::AskPartners)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(query) = own(ctx, &mut transaction, officer, id).await? else { return Ok(false) };
    if !advance(ctx, &mut transaction, officer.actor(), &query, event).await? {
        return Ok(false);
    }
    ctx.audit(&mut transaction, officer.actor(), action, &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}
