//! Figures of sharing with partner countries, for who watches over it. Nobody is in them; how often partners were told nothing of
//! people whom we know is for privacy officers alone, and follows from no other figure (`shared::partner_query::figures`).

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use shared::agreement::{Agreement, Direction, Made, Partner, Serves, Step};
use shared::partner_query::figures::{OurFigures, TheirFigures};
use store::partner_query as rows;

use crate::{Action, Context, Error, Officer};

/// Queries of each direction and partner that are looked at for rates and times: the newest of the year.
pub const NEWEST: i64 = 1_000;
/// Holds that are counted.
const MOST_HOLDS: i64 = 1_000;
/// Years that can be looked at: this one, and those before it.
const YEARS: i32 = 5;

/// What is left of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaUse {
    pub direction: Direction,
    pub step: Step,
    pub made: u32,
    pub quota: u32,
}

/// Sharing with one partner in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerFigures {
    pub partner: Partner,
    /// All queries of the year, counted as they were made.
    pub we_asked: Made,
    pub they_asked: Made,
    /// Of the agreement in force; of this year only.
    pub quotas: Vec<QuotaUse>,
    pub ours: OurFigures,
    pub theirs: TheirFigures,
    /// Queries of ours that wait for counsel now.
    pub our_holds: usize,
    /// Theirs. None for who may not know: a hold that ends in silence is one of a person whom we know.
    pub their_holds: Option<usize>,
    /// Queries that were told nothing, of the newest. None for who may not know.
    pub suppressed: Option<i64>,
}

/// Sharing in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingReport {
    pub year: i32,
    /// That can be looked at, the newest first.
    pub years: Vec<i32>,
    pub partners: Vec<PartnerFigures>,
}

/// The figures of a year of the agency; of this one if none, or none of the last, is named. None where nothing is shared.
pub async fn sharing(ctx: &Context, officer: &Officer, year: Option<i32>) -> Result<Option<SharingReport>, Error> {
    officer.check_somewhere(Action::WatchSharing)?;
    if !ctx.shares() {
        return Ok(None);
    }
    let years: Vec<i32> = (0..YEARS).map(|ago| ctx.year() - ago).collect();
    let year = year.filter(|year| years.contains(year)).unwrap_or_else(|| ctx.year());
    let period = (begin(ctx, year), begin(ctx, year + 1));
    let reads_suppressions = officer.may_somewhere(Action::ReadSuppressions);
    let knows_holds = reads_suppressions || officer.may_somewhere(Action::DecideHolds);
    let mut main = ctx.store.read_primary().await?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let holds = rows::holds_by_partner(&mut transaction, MOST_HOLDS).await?;
    let mut partners = Vec::new();
    for partner in Partner::ALL {
        let we_asked = rows::made(&mut transaction, partner, Direction::Out, year).await?;
        let they_asked = rows::made(&mut transaction, partner, Direction::In, year).await?;
        let agreement = store::agreement::current(&mut main, partner, ctx.today()).await?.map(|stored| stored.document);
        let agreement = agreement.filter(|_| year == ctx.year());
        let held = |theirs: bool| holds.iter().filter(|(of, is_theirs)| *of == partner && *is_theirs == theirs).count();
        let suppressed =
            if reads_suppressions { Some(rows::suppressed_of(&mut transaction, partner, period, NEWEST).await?) } else { None };
        partners.push(PartnerFigures {
            partner,
            we_asked,
            they_asked,
            quotas: agreement.map(|agreement| quotas(&agreement, ctx.today(), we_asked, they_asked)).unwrap_or_default(),
            ours: OurFigures::of(&rows::our_queries(&mut transaction, partner, period, NEWEST).await?),
            theirs: TheirFigures::of(&rows::their_queries(&mut transaction, partner, period, NEWEST).await?),
            our_holds: held(false),
            their_holds: knows_holds.then(|| held(true)),
            suppressed,
        });
    }
    let detail = serde_json::json!({ "year": year, "suppressions": reads_suppressions });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read_figures", "", detail).await?;
    transaction.commit().await?;
    Ok(Some(SharingReport { year, years, partners }))
}

/// The first moment of a year of the agency.
fn begin(ctx: &Context, year: i32) -> DateTime<Utc> {
    let midnight = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN);
    ctx.zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// The quotas that the agreement sets today, with what was made of each.
fn quotas(agreement: &Agreement, today: NaiveDate, we_asked: Made, they_asked: Made) -> Vec<QuotaUse> {
    let set = agreement.capabilities.iter().filter(|one| one.serves == Serves::Queries && one.is_at(today));
    let mut quotas: Vec<QuotaUse> = Vec::new();
    for capability in set {
        let Some(quota) = capability.quota_per_year else { continue };
        let made = match capability.direction {
            Direction::Out => we_asked.at(capability.step),
            Direction::In => they_asked.at(capability.step),
        };
        let (direction, step) = (capability.direction, capability.step);
        match quotas.iter_mut().find(|known| known.direction == direction && known.step == step) {
            // Queries are counted by step, so of two ways to ask the smaller quota shows.
            Some(known) => known.quota = known.quota.min(quota),
            None => quotas.push(QuotaUse { direction, step, made, quota }),
        }
    }
    quotas
}
