//! Which officer has a case: only they ask partners about the people in it.

use shared::case_status::ReceiptNumber;
use shared::identity::SignInName;
use store::case_officer::{self, CaseOfficer};
use store::engine::Connection;
use store::profile as rows;
use uuid::Uuid;

use crate::actor::role_may;
use crate::{Action, Actor, Context, Error, Officer};

/// Cases that a list shows.
const MOST: i64 = 200;

/// A case that an officer has, and the people in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedCase {
    pub case: Uuid,
    pub number: String,
    /// Their roles in the case, and the profiles that stand for them.
    pub people: Vec<(String, Uuid)>,
}

/// Gives a case to an officer, or takes it from whoever has it. False if there is no such case.
pub async fn assign(ctx: &Context, officer: &Officer, number: &ReceiptNumber, to: Option<Uuid>) -> Result<bool, Error> {
    officer.check_somewhere(Action::AssignCases)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(case) = store::case_feed::case_id(&mut transaction, number).await? else { return Ok(false) };
    let assigned = CaseOfficer { case_id: case, officer_id: to, assigned_by: Some(officer.id()), assigned_at: ctx.now() };
    case_officer::assign(&mut transaction, ctx.clock.new_id(), &assigned).await?;
    let detail = serde_json::json!({ "to": to });
    ctx.audit(&mut transaction, officer.actor(), "case.assign", &case.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Gives a case to whom its newest event states, if that is another account than the feed stated before. What a supervisor said since
/// stands until the source says something else.
pub(crate) async fn follow_feed(ctx: &Context, transaction: &mut Connection, actor: Actor, case: Uuid) -> Result<(), Error> {
    let stated = case_officer::stated(transaction, case).await?;
    // Sources have names of their own for officers: a text that is no account's gives the case to nobody.
    let to = match stated.and_then(|text| SignInName::parse(&text).ok()) {
        Some(name) => store::identity::account::by_name(transaction, &ctx.keys, &name).await?.map(|account| account.id),
        None => None,
    };
    let before = case_officer::of_feed(transaction, case).await?.and_then(|before| before.officer_id);
    if to == before {
        return Ok(());
    }
    let assigned = CaseOfficer { case_id: case, officer_id: to, assigned_by: None, assigned_at: ctx.now() };
    case_officer::assign(transaction, ctx.clock.new_id(), &assigned).await?;
    ctx.audit(transaction, actor, "case.assign", &case.to_string(), serde_json::json!({ "to": to, "by": "feed" })).await
}

/// The officer who signs in with a name, if they may ask partners.
pub async fn officer_named(ctx: &Context, officer: &Officer, name: &str) -> Result<Option<Uuid>, Error> {
    officer.check_somewhere(Action::AssignCases)?;
    let mut connection = ctx.store.read_primary().await?;
    let Ok(name) = SignInName::parse(name) else { return Ok(None) };
    let Some(account) = store::identity::account::by_name(&mut connection, &ctx.keys, &name).await? else { return Ok(None) };
    let grants = store::identity::grant::in_force(&mut connection, account.id, ctx.now()).await?;
    Ok(grants.iter().any(|stored| role_may(stored.grant.role, Action::AskPartners)).then_some(account.id))
}

/// The cases that an officer has, with their people.
pub async fn assigned(ctx: &Context, officer: &Officer) -> Result<Vec<AssignedCase>, Error> {
    officer.check_somewhere(Action::AskPartners)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut assigned = Vec::new();
    for (case, number) in case_officer::of_officer(&mut connection, officer.id(), MOST).await? {
        let mut people = Vec::new();
        for (role, profile) in rows::linked(&mut connection, case).await? {
            let Some(root) = rows::root(&mut connection, profile).await? else { continue };
            if crate::profile::may_know(ctx, &mut connection, officer, root).await? {
                people.push((role, root));
            }
        }
        assigned.push(AssignedCase { case, number, people });
    }
    Ok(assigned)
}
