//! What holds between a person and a partner at one moment: the agreement in force, what was asked this year, the protection.

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::{Agreement, Direction, Made, Partner, Priority, Purpose, Slot, Step};
use shared::partner_query::{AnswerClock, Counting, hours};
use shared::protection::{CisAnswer, Telling, Towards, towards_partner};
use shared::service_request::{Deadline, HolidayTable, Moment};
use store::engine::Connection;
use store::partner_query as rows;
use uuid::Uuid;

use super::person::{Known, known};
use crate::{Context, Error};

/// A person and a partner, as the main database has them when it is asked.
pub(crate) struct Standing {
    pub known: Option<Known>,
    /// None: nothing is in force, and nothing may be asked or told.
    pub agreement: Option<Agreement>,
    pub today: NaiveDate,
}

/// Reads what holds now. Whatever was committed before this began is seen.
pub(crate) async fn standing(ctx: &Context, profile: Option<Uuid>, partner: Partner) -> Result<Standing, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let today = ctx.today();
    let known = match profile {
        Some(profile) => known(ctx, &mut connection, profile).await?,
        None => None,
    };
    let agreement = store::agreement::current(&mut connection, partner, today).await?.map(|stored| stored.document);
    Ok(Standing { known, agreement, today })
}

impl Standing {
    /// What may be told to the partner, by all that is known and by what PCQS/CIS answered. Of nobody, nothing.
    pub fn towards(&self, cis: &CisAnswer, partner: Partner, purpose: Purpose) -> Towards {
        let Some(known) = &self.known else { return Towards::NoMatch };
        towards_partner(&known.records(), cis, &known.waivers, Telling { partner, purpose, today: self.today })
    }
}

/// How many queries were made in the agency's year, at each step.
pub(super) async fn made_this_year(
    ctx: &Context,
    partner_data: &mut Connection,
    partner: Partner,
    direction: Direction,
) -> Result<Made, Error> {
    Ok(rows::made(partner_data, partner, direction, ctx.year()).await?)
}

/// By when a query that is made now is to be answered; none if the agreement does not say.
pub(super) fn due(ctx: &Context, agreement: &Agreement, slot: Slot, priority: Priority) -> Option<DateTime<Utc>> {
    let hours = hours(agreement, slot, priority, ctx.today())?;
    let asked = Moment { at: ctx.now(), day: ctx.today() };
    match AnswerClock::start(asked, hours, Counting::Hours, &HolidayTable::default()).due() {
        Deadline::At(due) => Some(due),
        Deadline::On(_) => None,
    }
}

/// Counts one that is made now.
pub(super) async fn count(
    ctx: &Context,
    partner_data: &mut Connection,
    partner: Partner,
    direction: Direction,
    step: Step,
) -> Result<(), Error> {
    Ok(rows::count(partner_data, partner, direction, step, ctx.year()).await?)
}
