//! The demo's retention: one of the people who are due is on hold.

use shared::case_status::ReceiptNumber;
use shared::retention::HoldOn;
use store::retention::{self as rows, Decision, NewHold};
use uuid::Uuid;

use super::{note, work_out};
use crate::{Actor, Context, Error};

/// Puts the people of a case on hold, as two people agreed, and goes through all records. Not a second time. Says how many holds
/// there are new.
pub async fn seed_demo(ctx: &Context, held: &ReceiptNumber, officers: [Uuid; 2]) -> Result<usize, Error> {
    while work_out(ctx, Actor::System).await? > 0 {}
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    let Some(case) = store::case_feed::case_id(&mut transaction, held).await? else { return Ok(0) };
    if !rows::holds(&mut transaction, &ctx.keys, 1).await?.is_empty() {
        return Ok(0);
    }
    let [proposer, agreer] = officers;
    let people = store::profile::linked(&mut transaction, case).await?;
    for (_, profile) in &people {
        let (id, at) = (ctx.clock.new_id(), ctx.now());
        let new = NewHold { id, on: HoldOn::Person(*profile), reason: "A lawsuit about the file (demo).", by: proposer, at };
        rows::propose_hold(&mut transaction, &ctx.keys, &new).await?;
        rows::agree_to_hold(&mut transaction, Decision { id, by: agreer, at }).await?;
        note(ctx, &mut transaction, Actor::Operator, "retention.seed", id, serde_json::json!({})).await?;
    }
    transaction.commit().await?;
    Ok(people.len())
}
