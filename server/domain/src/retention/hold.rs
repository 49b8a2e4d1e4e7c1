//! Holds. One person proposes one, and from then on it keeps; another agrees. Two people end it, and until the second has agreed
//! it keeps.

use shared::agreement::Partner;
use shared::case_status::ReceiptNumber;
use shared::retention::HoldOn;
use store::engine::Connection;
use store::retention::{self as rows, Decision, NewHold, StoredHold};
use uuid::Uuid;

use super::{check_decider, note};
use crate::{Action, Context, Error, Officer};

/// Holds on a page.
const MOST: i64 = 500;
/// Letters of a reason.
const LONGEST: usize = 2_000;

/// What a hold is to be on, as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldSubject {
    Person(Uuid),
    Case(Uuid),
    CaseNumber(ReceiptNumber),
    Partner(Partner),
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldProposed {
    /// It keeps, and waits for somebody else.
    Keeps(Uuid),
    NoReason,
    /// There is no such profile or case.
    Nothing,
}

/// Holds, the newest first.
pub async fn holds(ctx: &Context, officer: &Officer) -> Result<Vec<StoredHold>, Error> {
    officer.check_somewhere(Action::ReadRetention)?;
    Ok(rows::holds(&mut ctx.store.read_primary().await?, &ctx.keys, MOST).await?)
}

/// Proposes a hold, with a reason.
pub async fn propose_hold(ctx: &Context, officer: &Officer, subject: &HoldSubject, reason: &str) -> Result<HoldProposed, Error> {
    check_decider(ctx, officer)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Ok(HoldProposed::NoReason);
    }
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    let Some(on) = found(&mut transaction, subject).await? else { return Ok(HoldProposed::Nothing) };
    let id = ctx.clock.new_id();
    let new = NewHold { id, on, reason, by: officer.id(), at: ctx.now() };
    rows::propose_hold(&mut transaction, &ctx.keys, &new).await?;
    note(ctx, &mut transaction, officer.actor(), "retention.hold_propose", id, serde_json::json!({ "on": on.key() })).await?;
    transaction.commit().await?;
    Ok(HoldProposed::Keeps(id))
}

async fn found(connection: &mut Connection, subject: &HoldSubject) -> Result<Option<HoldOn>, Error> {
    Ok(match subject {
        HoldSubject::Person(profile) => store::profile::root(connection, *profile).await?.map(|_| HoldOn::Person(*profile)),
        HoldSubject::Case(case) => rows::record::case(connection, *case).await?.map(|case| HoldOn::Case(case.id)),
        HoldSubject::CaseNumber(number) => store::case_feed::case_id(connection, number).await?.map(HoldOn::Case),
        HoldSubject::Partner(partner) => Some(HoldOn::Partner(*partner)),
    })
}

/// Agrees to what somebody else proposed. False if it does not wait, or is one's own.
pub async fn agree_to_hold(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = begin(ctx, officer).await?;
    let is_done = rows::agree_to_hold(&mut transaction, decision(ctx, officer, id)).await?;
    end(ctx, transaction, officer, "retention.hold_agree", id, is_done).await
}

/// Takes a proposal away to which nobody agreed. False if it is none.
pub async fn withdraw_hold(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = begin(ctx, officer).await?;
    let is_done = rows::withdraw_hold(&mut transaction, decision(ctx, officer, id)).await?;
    end(ctx, transaction, officer, "retention.hold_withdraw", id, is_done).await
}

/// Proposes to end a hold, which keeps until somebody else agrees. False if it does not hold, or somebody proposed it already.
pub async fn propose_end(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = begin(ctx, officer).await?;
    let is_done = rows::propose_end(&mut transaction, decision(ctx, officer, id)).await?;
    end(ctx, transaction, officer, "retention.hold_propose_end", id, is_done).await
}

/// Has a hold go on that somebody proposed to end. False if nobody did.
pub async fn keep_hold(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = begin(ctx, officer).await?;
    let is_done = rows::keep_hold(&mut transaction, id).await?;
    end(ctx, transaction, officer, "retention.hold_keep", id, is_done).await
}

/// Ends a hold that somebody else proposed to end. False if nobody did, or one did oneself.
pub async fn end_hold(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = begin(ctx, officer).await?;
    let is_done = rows::end_hold(&mut transaction, decision(ctx, officer, id)).await?;
    end(ctx, transaction, officer, "retention.hold_end", id, is_done).await
}

fn decision(ctx: &Context, officer: &Officer, id: Uuid) -> Decision {
    Decision { id, by: officer.id(), at: ctx.now() }
}

/// Nothing is destroyed while something about a hold is decided.
async fn begin(ctx: &Context, officer: &Officer) -> Result<Connection, Error> {
    check_decider(ctx, officer)?;
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    Ok(transaction)
}

async fn end(
    ctx: &Context,
    mut transaction: Connection,
    officer: &Officer,
    action: &'static str,
    id: Uuid,
    is_done: bool,
) -> Result<bool, Error> {
    if is_done {
        note(ctx, &mut transaction, officer.actor(), action, id, serde_json::json!({})).await?;
        transaction.commit().await?;
    }
    Ok(is_done)
}
