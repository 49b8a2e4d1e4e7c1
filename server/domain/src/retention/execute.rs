//! The job that destroys what two people agreed to: one record in one transaction, so that it can end anywhere and go on.
//!
//! A person lies in two databases, and no transaction spans both. The queries are destroyed first, noted with the disposition,
//! while the main database's transaction holds the lock under which holds are decided. Ends the program between the two, the note
//! is found, and the profile is looked at once more: a hold that came meanwhile keeps it.

use std::collections::BTreeSet;

use shared::retention::{Due, LineOutcome, NotDue, RecordKind};
use store::engine::Connection;
use store::retention::{self as rows, StoredLine, record};
use uuid::Uuid;

use super::certificate::certify;
use super::disposition::due_now;
use super::note;
use super::reach::touched;
use crate::{Action, Actor, Context, Error, partner_query};

/// Records in one round.
const AT_ONCE: i64 = 50;

/// Goes on with the list that was approved first, and certifies it when nothing of it is left. Says how many records it looked at.
pub async fn execute(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::Upkeep)?;
    let mut connection = ctx.store.read_primary().await?;
    let Some(disposition) = rows::under_way(&mut connection).await? else { return Ok(0) };
    let left = rows::left(&mut connection, disposition, AT_ONCE).await?;
    drop(connection);
    for stored in &left {
        Box::pin(settle(ctx, actor, disposition, stored)).await?;
    }
    if i64::try_from(left.len()).is_ok_and(|looked_at| looked_at < AT_ONCE) {
        certify(ctx, actor, disposition).await?;
    }
    Ok(left.len())
}

/// Destroys a record, or says why not.
async fn settle(ctx: &Context, actor: Actor, disposition: Uuid, stored: &StoredLine) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    // The feed changes people and cases.
    store::installation::lock_imports(&mut transaction).await?;
    let (kind, id) = (stored.line.kind, stored.line.record);
    let outcome = judge(ctx, &mut transaction, kind, id).await?;
    let queries = match outcome {
        LineOutcome::Destroyed => destroy(ctx, &mut transaction, actor, disposition, kind, id).await?,
        // The program may have ended between the two databases.
        _ if kind == RecordKind::Person => partner_query::destroyed_queries(ctx, disposition, id).await?.unwrap_or(0),
        _ => 0,
    };
    if !rows::settle(&mut transaction, disposition, stored.position, outcome, queries, ctx.now()).await? {
        // Another server was quicker.
        return Ok(());
    }
    if matches!(outcome, LineOutcome::Destroyed | LineOutcome::Gone) {
        rows::forget_due(&mut transaction, kind, id).await?;
    }
    let detail = serde_json::json!({ "disposition": disposition, "kind": kind.key(), "outcome": outcome.key() });
    note(ctx, &mut transaction, actor, "retention.settle", id, detail).await?;
    Ok(transaction.commit().await?)
}

/// What is to become of a record, by what is known at this moment.
async fn judge(ctx: &Context, transaction: &mut Connection, kind: RecordKind, id: Uuid) -> Result<LineOutcome, Error> {
    let Some(due) = due_now(ctx, transaction, kind, id).await? else { return Ok(LineOutcome::Gone) };
    let holds = rows::holds_in_force(transaction).await?;
    let touched = touched(ctx, transaction, kind, id).await?;
    Ok(if touched.is_kept(&holds) {
        LineOutcome::Held
    } else if touched.is_in_use || due == Due::Never(NotDue::InUse) {
        LineOutcome::InUse
    } else if due.is_due(ctx.today()) {
        LineOutcome::Destroyed
    } else {
        LineOutcome::NotDue
    })
}

/// Destroys a record. Says how many queries to and from partners there were.
async fn destroy(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    disposition: Uuid,
    kind: RecordKind,
    id: Uuid,
) -> Result<i64, Error> {
    match kind {
        RecordKind::Person => {
            let parts: BTreeSet<Uuid> = store::profile::parts(transaction, id).await?.into_iter().collect();
            let queries = partner_query::destroy_queries(ctx, actor, disposition, id, &parts).await?;
            record::destroy_person(transaction, id).await?;
            Ok(queries)
        }
        RecordKind::Case => {
            record::destroy_case(transaction, id, ctx.now()).await?;
            Ok(0)
        }
        RecordKind::AddressReport => {
            record::destroy_report(transaction, id).await?;
            Ok(0)
        }
    }
}
