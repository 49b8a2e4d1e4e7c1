//! An agent's check: somebody has spoken with the person and looked at their papers.

use shared::change_of_address::{Asker, Proof};
use shared::service_request::RequestNumber;
use store::change_of_address as rows;

use super::led_to;
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
