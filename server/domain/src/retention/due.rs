//! From which day on a record may be destroyed, and the job that goes through all of them.

use chrono::Datelike;
use shared::case_status::Stage;
use shared::retention::{Due, NotDue, RecordKind, after_last, birth, of_people};
use store::engine::Connection;
use store::retention::record::{self, Last};
use store::retention::{self as rows, DueYear, Walk};
use uuid::Uuid;

use crate::{Action, Actor, Context, Error, Officer};

/// Records in one transaction: others write meanwhile.
const AT_ONCE: i64 = 100;
/// Transactions for each kind in one round of the job.
const ROUNDS: usize = 20;
/// Whoever is due later is not noted: the index tells of few.
const YEARS_AHEAD: i32 = 10;

/// A person is due a hundred years after birth, by what is stated at this moment.
pub(super) async fn of_person(ctx: &Context, connection: &mut Connection, root: Uuid) -> Result<Due, Error> {
    let stated = record::birth_dates(connection, &ctx.keys, root).await?;
    Ok(of_people(&[birth(&stated)]))
}

/// A case is due the agency's period after the last that happened with it. One that still waits for its decision is never: people
/// look it up, however long it takes.
pub(super) async fn of_case(ctx: &Context, connection: &mut Connection, last: Last) -> Result<Due, Error> {
    if last.is_open {
        return Ok(Due::Never(NotDue::InUse));
    }
    let due = after_last(ctx.day_of(last.at), ctx.cris_years);
    if !is_near(ctx, due) {
        return Ok(due);
    }
    let codes = record::codes(connection, last.id).await?;
    Ok(if is_over(ctx, &codes) { due } else { Due::Never(NotDue::InUse) })
}

/// A report is due the agency's period after the last that happened with it.
pub(super) fn of_report(ctx: &Context, last: Last) -> Due {
    if last.is_open { Due::Never(NotDue::InUse) } else { after_last(ctx.day_of(last.at), ctx.cris_years) }
}

/// Whether the newest event that the public is told of is a decision, or comes after one.
fn is_over(ctx: &Context, codes: &[String]) -> bool {
    let (texts, now) = (ctx.texts(), ctx.now());
    let stage = codes.iter().find_map(|code| texts.public_status(code, now).map(|status| status.stage));
    matches!(stage, Some(Stage::Decided | Stage::OnItsWay | Stage::Finished))
}

fn is_near(ctx: &Context, due: Due) -> bool {
    due.day().is_some_and(|day| day.year() <= ctx.year().saturating_add(YEARS_AHEAD))
}

/// Goes through some more records of each kind, once a day through all of them, and notes which are due. Says how many it looked
/// at. May be interrupted anywhere.
pub async fn work_out(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::Upkeep)?;
    let mut looked_at = 0;
    for kind in RecordKind::ALL {
        for _ in 0..ROUNDS {
            match Box::pin(work_out_some(ctx, kind)).await? {
                0 => break,
                more => looked_at += more,
            }
        }
    }
    Ok(looked_at)
}

async fn work_out_some(ctx: &Context, kind: RecordKind) -> Result<usize, Error> {
    let is_over = |walk: Walk| walk.after.is_nil() && walk.finished_on == Some(ctx.today());
    // Mostly the day's pass is over: nobody waits for a transaction that writes nothing.
    if is_over(rows::walk(&mut ctx.store.read_primary().await?, kind).await?) {
        return Ok(0);
    }
    let mut transaction = ctx.store.begin().await?;
    let before = rows::walk(&mut transaction, kind).await?;
    if is_over(before) {
        return Ok(0);
    }
    let found = next(ctx, &mut transaction, kind, before.after).await?;
    let mut walk = before;
    for (record, due) in &found {
        walk.after = *record;
        walk.unknown += i64::from(*due == Due::Never(NotDue::BirthUnknown));
        match due.day().filter(|_| is_near(ctx, *due)) {
            Some(day) => rows::note_due(&mut transaction, kind, *record, day.year()).await?,
            None => rows::forget_due(&mut transaction, kind, *record).await?,
        }
    }
    let is_last = i64::try_from(found.len()).is_ok_and(|looked_at| looked_at < AT_ONCE);
    if is_last {
        walk = Walk { after: Uuid::nil(), unknown: 0, finished_on: Some(ctx.today()), never: walk.unknown };
    }
    rows::save_walk(&mut transaction, kind, walk).await?;
    transaction.commit().await?;
    Ok(found.len())
}

/// The next records of a kind, and when each is due.
async fn next(ctx: &Context, connection: &mut Connection, kind: RecordKind, after: Uuid) -> Result<Vec<(Uuid, Due)>, Error> {
    let mut found = Vec::new();
    match kind {
        RecordKind::Person => {
            for root in record::people_after(connection, after, AT_ONCE).await? {
                found.push((root, of_person(ctx, connection, root).await?));
            }
        }
        RecordKind::Case => {
            for last in record::cases_after(connection, after, AT_ONCE).await? {
                found.push((last.id, of_case(ctx, connection, last).await?));
            }
        }
        RecordKind::AddressReport => {
            let reports = record::reports_after(connection, after, AT_ONCE).await?;
            found.extend(reports.into_iter().map(|last| (last.id, of_report(ctx, last))));
        }
    }
    Ok(found)
}

/// What is due, by kind and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub years: Vec<DueYear>,
    /// How far each kind was gone through.
    pub walks: Vec<(RecordKind, Walk)>,
    /// Whether the agency has set a period for what customers asked.
    pub has_period: bool,
}

/// What is due, as far as the records were gone through.
pub async fn overview(ctx: &Context, officer: &Officer) -> Result<Overview, Error> {
    officer.check_somewhere(Action::ReadRetention)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut walks = Vec::new();
    for kind in RecordKind::ALL {
        walks.push((kind, rows::walk(&mut connection, kind).await?));
    }
    Ok(Overview { years: rows::by_year(&mut connection).await?, walks, has_period: ctx.cris_years.is_some() })
}
