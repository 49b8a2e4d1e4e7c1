//! Proving a change, asking for another proof, and taking it back.

use shared::change_of_address::{Asker, ChangeState, Proof, Rejected};
use store::change_of_address as rows;
use store::crypto::same;
use uuid::Uuid;

use super::effects::mac_of;
use super::{is_shown, led_to};
use crate::case_status::limits::TooMany;
use crate::signed_link::{self, Purpose};
use crate::{Action, Actor, ClientIp, Context, Error};

/// What a code got.
#[derive(Debug, PartialEq, Eq)]
pub enum Proven {
    /// The change is in force; its report.
    Yes(Uuid),
    /// That is not the code.
    Wrong,
    /// The change waits for no code any more: it was proven, ended, or is an agent's now.
    Over,
    TooMany(TooMany),
}

/// Takes the code of a mail, or the number of a letter.
pub async fn prove(ctx: &Context, client: ClientIp, token: &str, typed: &str) -> Result<Proven, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    let Some(id) = signed_link::open(ctx, Purpose::ProveAddressChange, token) else { return Ok(Proven::Over) };
    if let Err(refused) = ctx.limits.count_look_up(client) {
        return Ok(Proven::TooMany(refused));
    }
    let typed: String = typed.chars().filter(char::is_ascii_digit).take(64).collect();
    if !answers(ctx, id).await? {
        return Ok(Proven::Over);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(change) = rows::hold(&mut transaction, id).await? else { return Ok(Proven::Over) };
    let ChangeState::Pending { awaits: awaits @ (Proof::CodeToContact | Proof::PinToOldAddress), .. } = change.filing.state()
    else {
        return Ok(Proven::Over);
    };
    // Nothing was sent yet: it takes a second.
    let Some(secret) = rows::secret(&mut transaction, id).await? else { return Ok(Proven::Wrong) };
    let now = ctx.now();
    if same(&mac_of(ctx, id, &typed), &secret) {
        let Ok(after) = change.filing.confirm(awaits, now) else { return Ok(Proven::Over) };
        rows::set_secret(&mut transaction, id, None).await?;
        led_to(ctx, &mut transaction, Actor::Public, &change, &after, "confirmed").await?;
        transaction.commit().await?;
        return Ok(Proven::Yes(change.report));
    }
    let Ok(after) = change.filing.fail(now) else { return Ok(Proven::Over) };
    led_to(ctx, &mut transaction, Actor::Public, &change, &after, "wrong_code").await?;
    transaction.commit().await?;
    let waits_still = matches!(after.state(), ChangeState::Pending { awaits: now, .. } if now == awaits);
    Ok(if waits_still { Proven::Wrong } else { Proven::Over })
}

/// Whether a change is there and none of its cases is hidden: one that became so stops taking anything. Asked before a transaction:
/// never one connection while holding another.
async fn answers(ctx: &Context, change: Uuid) -> Result<bool, Error> {
    let found = rows::find(&mut ctx.store.read_primary().await?, change).await?;
    match found {
        Some(found) => is_shown(ctx, &found).await,
        None => Ok(false),
    }
}

/// What became of the wish for another proof, or to take a report back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Done,
    /// It cannot be had: the change went on meanwhile, or there is no such way.
    Over,
}

/// Asks for another proof than the one that was sent: a letter, or an agent. For who was shown the report.
pub async fn ask_otherwise(ctx: &Context, report: Uuid, change: Uuid, proof: Proof) -> Result<Asked, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    if !answers(ctx, change).await? {
        return Ok(Asked::Over);
    }
    let mut transaction = ctx.store.begin().await?;
    let found = rows::hold(&mut transaction, change).await?.filter(|found| found.report == report);
    let Some(found) = found else { return Ok(Asked::Over) };
    let Ok(after) = found.filing.ask_otherwise(proof, ctx.now()) else { return Ok(Asked::Over) };
    // What was sent before proves nothing more.
    rows::set_secret(&mut transaction, change, None).await?;
    led_to(ctx, &mut transaction, Actor::Public, &found, &after, "asked_otherwise").await?;
    transaction.commit().await?;
    Ok(Asked::Done)
}

/// Takes back what waits. For who was shown the report.
pub async fn withdraw(ctx: &Context, report: Uuid, change: Uuid) -> Result<Asked, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    if !answers(ctx, change).await? {
        return Ok(Asked::Over);
    }
    let mut transaction = ctx.store.begin().await?;
    let found = rows::hold(&mut transaction, change).await?.filter(|found| found.report == report);
    let Some(found) = found else { return Ok(Asked::Over) };
    let Ok(after) = found.filing.refuse(Asker::NewContact, ctx.now()) else { return Ok(Asked::Over) };
    rows::set_secret(&mut transaction, change, None).await?;
    led_to(ctx, &mut transaction, Actor::Public, &found, &after, "withdrawn").await?;
    transaction.commit().await?;
    Ok(Asked::Done)
}

/// What became of "this was not me".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Nothing will be changed.
    Refused,
    /// It was changed, and goes back.
    Reversed,
    /// The time for it is over, it was done already, or the link is none of ours.
    Over,
}

/// What a link from a message could still do.
pub async fn deniable(ctx: &Context, token: &str) -> Result<bool, Error> {
    let Some(id) = signed_link::open(ctx, Purpose::DenyAddressChange, token) else { return Ok(false) };
    let found = rows::find(&mut ctx.store.read_primary().await?, id).await?;
    let Some(found) = found else { return Ok(false) };
    let (filing, now) = (&found.filing, ctx.now());
    let can = filing.refuse(Asker::OldContact, now).is_ok() || filing.reverse(Asker::OldContact, now).is_ok();
    Ok(can && is_shown(ctx, &found).await?)
}

/// The contact on file before says that it was not them: what waits is refused, what is in force goes back.
pub async fn deny(ctx: &Context, token: &str) -> Result<Denied, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    let Some(id) = signed_link::open(ctx, Purpose::DenyAddressChange, token) else { return Ok(Denied::Over) };
    if !answers(ctx, id).await? {
        return Ok(Denied::Over);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(change) = rows::hold(&mut transaction, id).await? else { return Ok(Denied::Over) };
    let (filing, now) = (&change.filing, ctx.now());
    let (after, denied, event) = match filing.refuse(Asker::OldContact, now) {
        Ok(after) => (after, Denied::Refused, "denied"),
        Err(Rejected::NotPending) => match filing.reverse(Asker::OldContact, now) {
            Ok(after) => (after, Denied::Reversed, "reversed"),
            Err(_) => return Ok(Denied::Over),
        },
        Err(_) => return Ok(Denied::Over),
    };
    rows::set_secret(&mut transaction, id, None).await?;
    led_to(ctx, &mut transaction, Actor::Public, &change, &after, event).await?;
    transaction.commit().await?;
    Ok(denied)
}
