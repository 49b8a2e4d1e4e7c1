//! What has expired is deleted: quarantined lines, tokens, counts of past days, requests and drafts with their
//! documents, messages long sent, sessions and ways in.

use chrono::TimeDelta;

use crate::{Action, Actor, Context, Error, call_script, document, identity, live, notification, profile, report, service_request};

/// How long the outbox remembers what was sent.
const OUTBOX: TimeDelta = TimeDelta::days(30);

/// Deletes what has expired.
pub async fn sweep(ctx: &Context, actor: Actor) -> Result<(), Error> {
    actor.check(Action::Upkeep)?;
    let now = ctx.now();
    let mut transaction = ctx.store.begin().await?;
    let lines = store::quarantine::expire(&mut transaction, now).await?;
    let tokens = store::api_client::expire_tokens(&mut transaction, now).await?;
    // Yesterday's may still be asked for: a server's clock may be behind.
    let leases = store::api_client::forget_leases_before(&mut transaction, now.date_naive() - TimeDelta::days(1)).await?;
    let counts = store::look_up_failure::forget_before(&mut transaction, ctx.today()).await?;
    let requests = store::notification::expire_requests(&mut transaction, notification::requests_since(now)).await?;
    let messages = store::notification::forget_finished(&mut transaction, now - OUTBOX).await?;
    let drafts = store::form_draft::expire(&mut transaction, now).await?;
    let identity = identity::expire(ctx, &mut transaction).await?;
    let documents = store::document::expire(&mut transaction, now, document::IN_ONE_ROUND).await?;
    service_request::sweep(ctx, &mut transaction, now).await?;
    let calls = call_script::empty(&mut transaction, now).await?;
    store::report::forget_empty(&mut transaction).await?;
    store::profile::forget_visits(&mut transaction, now - profile::VISIT).await?;
    profile::forget(ctx, &mut transaction, actor).await?;
    store::live::forget_before(&mut transaction, now - live::KEPT).await?;
    store::installation::lock_imports(&mut transaction).await?;
    store::notification::forget_unwatched(&mut transaction).await?;
    if lines > 0 {
        ctx.audit(&mut transaction, actor, "quarantine.expire", "case_feed", serde_json::json!({ "lines": lines })).await?;
    }
    if documents > 0 {
        ctx.audit(&mut transaction, actor, "document.expire", "document", serde_json::json!({ "documents": documents })).await?;
    }
    transaction.commit().await?;
    let changes = crate::change_of_address::expire(ctx, actor).await?;
    service_request::index_missing(ctx).await?;
    report::count_missing(ctx).await?;
    tracing::debug!(
        lines,
        tokens,
        leases,
        counts,
        requests,
        messages,
        drafts,
        identity,
        documents,
        calls,
        changes,
        "expired rows deleted"
    );
    Ok(())
}
