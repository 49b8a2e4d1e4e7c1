//! What agents do: note a check, after they have spoken with the person and looked at their papers, and take a change back for who
//! reads them the number of a letter to the old address.

use shared::change_of_address::{Asker, Proof};
use shared::service_request::RequestNumber;
use store::change_of_address as rows;

use super::effects::{DIGITS_TO_TAKE_BACK, mac_of_letter};
use super::{is_shown, led_to};
use crate::{Action, Actor, Context, Error};

/// What an agent found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    Proven,
    NotProven,
}

/// Notes what an agent found for the changes of a report that wait for one. Says how many there were.
///
/// # Errors
/// [`Error::Unusable`] if the number is none, or nothing waits for an agent.
pub async fn agent_decides(ctx: &Context, actor: Actor, number: &str, check: Check) -> Result<usize, Error> {
    actor.check(Action::CheckAddressChange)?;
    let number = RequestNumber::parse(number).map_err(|error| Error::Unusable(format!("{error}.")))?;
    let mut connection = ctx.store.read_primary().await?;
    let report = rows::report_by_number(&mut connection, &number).await?;
    let ids = match report {
        Some(report) => rows::changes_of(&mut connection, report).await?,
        None => Vec::new(),
    };
    drop(connection);
    let mut decided = 0;
    for id in ids {
        let mut transaction = ctx.store.begin().await?;
        let Some(change) = rows::hold(&mut transaction, id).await? else { continue };
        let now = ctx.now();
        let (after, event) = match check {
            Check::Proven => (change.filing.confirm(Proof::AgentsCheck, now), "confirmed"),
            Check::NotProven => (change.filing.refuse(Asker::Agent, now), "not_proven"),
        };
        let Ok(after) = after else { continue };
        led_to(ctx, &mut transaction, actor, &change, &after, event).await?;
        transaction.commit().await?;
        decided += 1;
    }
    if decided == 0 {
        return Err(Error::Unusable("No change of address with this number waits for an agent.".into()));
    }
    Ok(decided)
}

/// Takes back a change in force for who was sent the letter about it and reads its number. The right is that of the old contact: an
/// agent has none of their own.
///
/// # Errors
/// [`Error::Unusable`] if no letter has this number, or its time is over.
pub async fn take_back_by_letter(ctx: &Context, actor: Actor, number: &str) -> Result<(), Error> {
    actor.check(Action::CheckAddressChange)?;
    let unusable = || Error::Unusable("No letter has this number, or the time to take its change back is over.".into());
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != DIGITS_TO_TAKE_BACK as usize {
        return Err(Error::Unusable(format!("The number of a letter has {DIGITS_TO_TAKE_BACK} digits.")));
    }
    let mut connection = ctx.store.read_primary().await?;
    let id = rows::by_secret(&mut connection, &mac_of_letter(ctx, &digits)).await?.ok_or_else(unusable)?;
    let found = rows::find(&mut connection, id).await?.ok_or_else(unusable)?;
    drop(connection);
    // A case that became hidden may have been hidden from who lives at the old address.
    if !is_shown(ctx, &found).await? {
        return Err(unusable());
    }
    let mut transaction = ctx.store.begin().await?;
    let change = rows::hold(&mut transaction, id).await?.ok_or_else(unusable)?;
    let after = change.filing.reverse(Asker::OldContact, ctx.now()).map_err(|_| unusable())?;
    rows::set_secret(&mut transaction, id, None).await?;
    led_to(ctx, &mut transaction, actor, &change, &after, "reversed").await?;
    Ok(transaction.commit().await?)
}
