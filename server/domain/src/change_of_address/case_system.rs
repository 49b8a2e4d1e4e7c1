//! What the agency's case system fetches: changes of cases, in the order in which they became true.

use store::change_of_address::{self as rows, CaseChange};

use crate::{Action, Actor, Context, Error};

/// Changes in one answer.
const MOST: i64 = 200;

/// A page of changes.
#[derive(Debug)]
pub struct CaseChangePage {
    pub changes: Vec<CaseChange>,
    /// Where to go on: the position of the last one, or where this page began.
    pub next: i64,
}

/// The changes after a position. Reading changes nothing: who asks keeps the position of what it has taken over.
pub async fn case_changes(ctx: &Context, actor: Actor, after: i64) -> Result<CaseChangePage, Error> {
    actor.check(Action::FetchCaseChanges)?;
    let mut connection = ctx.store.read_primary().await?;
    let changes = rows::case_changes(&mut connection, &ctx.keys, after, MOST).await?;
    drop(connection);
    let next = changes.last().map_or(after, |last| last.position);
    if !changes.is_empty() {
        let mut transaction = ctx.store.begin().await?;
        let detail = serde_json::json!({ "changes": changes.len(), "after": after });
        ctx.audit(&mut transaction, actor, "address_change.fetch", "case_system", detail).await?;
        transaction.commit().await?;
    }
    Ok(CaseChangePage { changes, next })
}
