//! What holds between a person and a partner at one moment: the agreement in force, what was asked this year, the protection.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use shared::agreement::{Agreement, Direction, Made, Partner, Purpose, Step};
use shared::protection::{CisAnswer, Telling, Towards, towards_partner};
use store::engine::Connection;
use store::partner_query as rows;
use uuid::Uuid;

use super::person::{Known, known};
use crate::{Context, Error};

/// A person and a partner, as the main database has them when it is asked.
pub(super) struct Standing {
    pub known: Option<Known>,
    /// None: nothing is in force, and nothing may be asked or told.
    pub agreement: Option<Agreement>,
    pub today: NaiveDate,
}

/// Reads what holds now. Whatever was committed before this began is seen.
pub(super) async fn standing(ctx: &Context, profile: Option<Uuid>, partner: Partner) -> Result<Standing, Error> {
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
    let (from, to) = (begin_of_year(ctx, ctx.year()), begin_of_year(ctx, ctx.year() + 1));
    let mut at = async |step| rows::made_between(partner_data, partner, direction, step, from, to).await;
    Ok(Made {
        first: at(Step::First).await?,
        second: at(Step::Second).await?,
        third: at(Step::Third).await?,
        reverse: at(Step::Reverse).await?,
    })
}

/// The first instant of a year, as the agency counts days.
fn begin_of_year(ctx: &Context, year: i32) -> DateTime<Utc> {
    let midnight = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    // Clocks are set forward in spring, if at all: the first midnight of a year is there.
    ctx.zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}
