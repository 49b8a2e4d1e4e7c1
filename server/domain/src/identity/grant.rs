//! Roles: proposed by one administrator, and the sensitive ones agreed to by another.

use chrono::{DateTime, Utc};
use shared::identity::{Grant, Role};
use store::engine::Connection;
use store::identity::account;
use store::identity::grant::{self, Basis, NewGrant};
use thiserror::Error as ThisError;
use uuid::Uuid;

use super::Manager;
use crate::{Action, Context, Error, Officer};

pub use store::identity::grant::StoredGrant;

/// Why a role cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ThisError)]
pub enum GrantProblem {
    #[error("Nobody gives a role to themselves. Ask another administrator.")]
    Own,
    #[error("The end must be after the start, and after now.")]
    Ends,
    #[error("An administrator has no other role: who opens accounts must not open cases. End the other role first.")]
    Separate,
    #[error("There is no such account, or it is disabled.")]
    NoAccount,
}

/// What became of a proposal.
#[derive(Debug, PartialEq, Eq)]
pub enum Proposed {
    Holds(Uuid),
    /// Until a second administrator agrees.
    Waits(Uuid),
    Not(GrantProblem),
}

/// What became of agreeing.
#[derive(Debug, PartialEq, Eq)]
pub enum Agreed<T> {
    Done(T),
    /// Who proposed it, or whom it is for, cannot agree to it.
    NotYou,
    /// Nothing waits: somebody else agreed, or withdrew it, or it expired.
    Gone,
    Not(GrantProblem),
}

/// Proposes a role for an account. It holds at once unless it is sensitive.
pub async fn propose(ctx: &Context, by: Manager<'_>, account: Uuid, grant: &Grant) -> Result<Proposed, Error> {
    by.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    let proposed = propose_in(ctx, &mut transaction, by, account, grant).await?;
    transaction.commit().await?;
    Ok(proposed)
}

pub(super) async fn propose_in(
    ctx: &Context,
    transaction: &mut Connection,
    by: Manager<'_>,
    account: Uuid,
    grant: &Grant,
) -> Result<Proposed, Error> {
    let now = ctx.now();
    if by.id() == Some(account) {
        return Ok(Proposed::Not(GrantProblem::Own));
    }
    if grant.ends_at.is_some_and(|end| end <= grant.starts_at || end <= now) {
        return Ok(Proposed::Not(GrantProblem::Ends));
    }
    if let Some(problem) = problem(ctx, transaction, account, grant).await? {
        return Ok(Proposed::Not(problem));
    }
    let id = ctx.clock.new_id();
    let holds = !grant.role.is_sensitive();
    let new = NewGrant { id, account, grant, basis: Basis::Agreement, proposed_at: now, proposed_by: by.id(), holds };
    grant::add(transaction, &new).await?;
    let mut told = detail(id, grant);
    told["ends_at"] = serde_json::json!(grant.ends_at);
    told["holds"] = holds.into();
    ctx.audit(transaction, by.actor(), "grant.propose", &account.to_string(), told).await?;
    Ok(if holds { Proposed::Holds(id) } else { Proposed::Waits(id) })
}

/// What stands against a role for an account, which is held meanwhile.
async fn problem(ctx: &Context, transaction: &mut Connection, account: Uuid, grant: &Grant) -> Result<Option<GrantProblem>, Error> {
    use shared::identity::AccountState::Active;
    let exists = account::hold(transaction, account).await?;
    let found = account::find(transaction, &ctx.keys, account).await?.filter(|account| exists && account.state == Active);
    if found.is_none() {
        return Ok(Some(GrantProblem::NoAccount));
    }
    let others = grant::of_account(transaction, account).await?;
    let mut held = others.iter().filter(|other| other.agreed_at.is_some() && overlap(&other.grant, grant));
    let excludes = |other: &StoredGrant| (other.grant.role == Role::Administrator) != (grant.role == Role::Administrator);
    Ok(held.any(excludes).then_some(GrantProblem::Separate))
}

fn overlap(a: &Grant, b: &Grant) -> bool {
    let before = |end: Option<DateTime<Utc>>, start| end.is_none_or(|end| start < end);
    before(a.ends_at, b.starts_at) && before(b.ends_at, a.starts_at)
}

/// Agrees, as a second administrator, to a role that waits.
pub async fn agree(ctx: &Context, by: &Officer, id: Uuid) -> Result<Agreed<()>, Error> {
    let now = ctx.now();
    Manager::from(by).check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    let waiting = grant::find(&mut transaction, id).await?.filter(|grant| grant.agreed_at.is_none());
    let Some(waiting) = waiting else { return Ok(Agreed::Gone) };
    if waiting.account == by.id() || waiting.proposed_by == Some(by.id()) {
        return Ok(Agreed::NotYou);
    }
    if let Some(problem) = problem(ctx, &mut transaction, waiting.account, &waiting.grant).await? {
        return Ok(Agreed::Not(problem));
    }
    if !grant::agree(&mut transaction, id, now, by.id()).await? {
        return Ok(Agreed::Gone);
    }
    let detail = detail(id, &waiting.grant);
    ctx.audit(&mut transaction, by.actor(), "grant.agree", &waiting.account.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Agreed::Done(()))
}

/// Ends a role now, or withdraws a proposal. False if it has ended, or there is none.
pub async fn end(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<bool, Error> {
    let now = ctx.now();
    by.check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(found) = grant::find(&mut transaction, id).await? else { return Ok(false) };
    let ended = grant::end(&mut transaction, id, now).await?;
    if ended {
        let detail = detail(id, &found.grant);
        ctx.audit(&mut transaction, by.actor(), "grant.end", &found.account.to_string(), detail).await?;
    }
    transaction.commit().await?;
    Ok(ended)
}

/// Roles that wait for a second administrator.
pub async fn waiting(ctx: &Context, by: Manager<'_>) -> Result<Vec<StoredGrant>, Error> {
    by.check()?;
    Ok(grant::waiting(&mut ctx.store.read_primary().await?, ctx.now()).await?)
}

/// Every role of an account: held, ended, waiting.
pub async fn of_account(ctx: &Context, by: Manager<'_>, account: Uuid) -> Result<Vec<StoredGrant>, Error> {
    by.check()?;
    Ok(grant::of_account(&mut ctx.store.read_primary().await?, account).await?)
}

/// Who may look after accounts may agree; a page asks this before it offers it.
pub fn may_agree(by: &Officer, grant: &StoredGrant) -> bool {
    by.may_somewhere(Action::ManageAccounts) && grant.account != by.id() && grant.proposed_by != Some(by.id())
}

fn detail(id: Uuid, grant: &Grant) -> serde_json::Value {
    serde_json::json!({ "grant": id, "role": grant.role.key(), "office": grant.office.as_str() })
}
