//! What cases say of their people goes to profiles.

use std::collections::HashMap;

use shared::profile::{Fact, FactKind, KnownFact, Origin, Sheet};
use store::engine::Connection;
use store::profile::{self as rows, Key, KeyKind, PendingCase, PendingParty, StatedFact};
use uuid::Uuid;

use super::name_key;
use crate::{Action, Actor, Context, Error};

/// Cases in one transaction: imports wait for it.
const AT_ONCE: i64 = 50;

/// Looks at every case that the feed changed. Says how many there were. May be interrupted anywhere: what was not settled is
/// looked at again.
pub async fn follow_feed(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::Upkeep)?;
    let mut looked_at = 0;
    loop {
        let mut transaction = ctx.store.begin().await?;
        // As imports do: two servers would make two profiles of one A-Number.
        store::installation::lock_imports(&mut transaction).await?;
        let pending = rows::pending(&mut transaction, AT_ONCE).await?;
        if pending.is_empty() {
            return Ok(looked_at);
        }
        for case in &pending {
            look_at(ctx, &mut transaction, *case).await?;
            crate::partner_query::follow_assignment(ctx, &mut transaction, actor, case.case).await?;
        }
        transaction.commit().await?;
        looked_at += pending.len();
    }
}

async fn look_at(ctx: &Context, transaction: &mut Connection, pending: PendingCase) -> Result<(), Error> {
    let case = pending.case;
    let parties = rows::party_facts(transaction, &ctx.keys, case).await?;
    let linked = rows::linked(transaction, case).await?;
    // One person may be two parties of a case.
    let mut stated: HashMap<Uuid, Vec<Fact>> = HashMap::new();
    for (role, profile) in &linked {
        stated.entry(*profile).or_default();
        if !parties.iter().any(|party| party.role == role) {
            rows::unlink(transaction, case, role).await?;
        }
    }
    // Those of this very case are not found by their number yet.
    let mut named: HashMap<String, Uuid> = HashMap::new();
    for party in parties {
        // A firm, or somebody of whom there is but a name: nobody could tell who that is.
        if party.facts.iter().all(|fact| fact.kind() == FactKind::Name) {
            continue;
        }
        let before = linked.iter().find(|(role, _)| role == party.role).map(|(_, profile)| *profile);
        let number = a_number(&party).map(ToOwned::to_owned);
        let profile = match number.as_ref().and_then(|number| named.get(number)) {
            Some(named) => *named,
            None => profile_of(ctx, transaction, case, &party, before).await?,
        };
        named.extend(number.map(|number| (number, profile)));
        if before != Some(profile) {
            rows::link(transaction, case, party.role, profile, ctx.now()).await?;
        }
        stated.entry(profile).or_default().extend(party.facts);
    }
    for (profile, facts) in stated {
        state(ctx, transaction, case, profile, facts).await?;
    }
    Ok(rows::settle(transaction, pending).await?)
}

fn a_number(party: &PendingParty) -> Option<&str> {
    party.facts.iter().find_map(|fact| if let Fact::ANumber(number) = fact { Some(number.digits()) } else { None })
}

/// The profile of a party: the one that it had, unless its A-Number became another; the one with its A-Number; or a new one.
async fn profile_of(
    ctx: &Context,
    transaction: &mut Connection,
    case: Uuid,
    party: &PendingParty,
    before: Option<Uuid>,
) -> Result<Uuid, Error> {
    let number = a_number(party);
    if let Some(before) = before
        && !names_somebody_else(ctx, transaction, case, before, number).await?
    {
        return Ok(before);
    }
    if let Some(number) = number {
        let key = Key { kind: KeyKind::ANumber, text: number.to_owned() };
        // Two people with one A-Number are a mistake that people settle; the feed stays with the one that came first.
        if let Some(root) = rows::find(transaction, &ctx.keys, &key, 1).await?.pop() {
            return Ok(root);
        }
    }
    let id = ctx.clock.new_id();
    rows::add(transaction, &ctx.keys, id, ctx.clock.new_id(), ctx.now()).await?;
    Ok(id)
}

/// The case stated one A-Number of this person, and states another one now.
async fn names_somebody_else(
    ctx: &Context,
    transaction: &mut Connection,
    case: Uuid,
    profile: Uuid,
    number: Option<&str>,
) -> Result<bool, Error> {
    let (Some(number), Some(root)) = (number, rows::root(transaction, profile).await?) else { return Ok(false) };
    let facts = rows::facts(transaction, &ctx.keys, root).await?;
    let mut of_case = facts.iter().filter(|known| known.origin == Origin::Case(case) && known.ended_at.is_none());
    Ok(of_case.any(|known| matches!(&known.fact, Fact::ANumber(before) if before.digits() != number)))
}

/// What a case stated of somebody becomes what it states now. What a correction ended stays ended.
async fn state(ctx: &Context, transaction: &mut Connection, case: Uuid, profile: Uuid, facts: Vec<Fact>) -> Result<(), Error> {
    let Some(root) = rows::root(transaction, profile).await? else { return Err(Error::Internal) };
    let sheet = Sheet::new(rows::facts(transaction, &ctx.keys, root).await?);
    let of_case: Vec<&KnownFact> = sheet.all().iter().filter(|known| known.origin == Origin::Case(case)).collect();
    let current = || of_case.iter().filter(|known| known.ended_at.is_none());
    let gone: Vec<Uuid> = current().filter(|known| !facts.contains(&known.fact)).map(|known| known.id).collect();
    rows::end_facts(transaction, &gone, None, ctx.now()).await?;
    let mut new: Vec<StatedFact> = Vec::new();
    for fact in facts {
        let is_known = current().any(|known| known.fact == fact) || new.iter().any(|stated| stated.fact == fact);
        let is_corrected = of_case.iter().any(|known| known.fact == fact && known.ended_by.is_some());
        if !is_known && !is_corrected {
            let keys = name_key::keys(&fact);
            new.push(StatedFact { id: ctx.clock.new_id(), fact, origin: Origin::Case(case), keys });
        }
    }
    Ok(rows::add_facts(transaction, &ctx.keys, profile, &new, ctx.now()).await?)
}
