//! CSSO's part: the cases with scans since it last asked.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};
use store::delivery_tracking::{Extract, NotUpdated};

use crate::{Action, Actor, Context, Error};

/// A file without progress for so long was given up; its cases show what came in of it.
const GIVEN_UP: TimeDelta = TimeDelta::minutes(10);
/// Numbers listed at once. PostgreSQL may sort a whole new extract for each list.
const LISTED: i64 = 20_000;
/// Numbers whose cases are renewed in one transaction.
const AT_ONCE: usize = 500;

/// Renews the rows of all cases with scans that they do not show yet. Gives the number of extracts that were new.
pub async fn update_cases(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::IngestScans)?;
    let mut connection = ctx.store.read_primary().await?;
    let extracts = store::delivery_tracking::not_updated(&mut connection, ctx.now() - GIVEN_UP).await?;
    drop(connection);
    for extract in &extracts {
        update_cases_of(ctx, *extract).await?;
    }
    Ok(extracts.len())
}

async fn update_cases_of(ctx: &Context, extract: NotUpdated) -> Result<(), Error> {
    let mut last = String::new();
    loop {
        let mut connection = ctx.store.read_primary().await?;
        let numbers = store::delivery_tracking::numbers_after(&mut connection, extract.id, &last, LISTED).await?;
        drop(connection);
        for some in numbers.chunks(AT_ONCE) {
            let mut transaction = ctx.store.begin().await?;
            // A mailing that comes in at the same time must not be worked out from half of the scans.
            store::installation::lock_imports(&mut transaction).await?;
            let cases = store::delivery_tracking::renew(&mut transaction, some, ctx.now()).await?;
            crate::service_request::note_mail(ctx, &mut transaction, &cases).await?;
            transaction.commit().await?;
            // Between two batches any other writer gets its turn.
            tokio::task::yield_now().await;
        }
        match numbers.into_iter().last() {
            Some(number) => last = number,
            None => break,
        }
    }
    let mut transaction = ctx.store.begin().await?;
    store::delivery_tracking::set_updated(&mut transaction, extract, ctx.now()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Whether no extract came in whole for so many hours, as far as this process has heard.
pub fn is_quiet(ctx: &Context, hours: NonZeroU32) -> bool {
    ctx.carrier_data_as_of().is_none_or(|latest| ctx.now() - latest > TimeDelta::hours(hours.get().into()))
}

/// How delivery tracking stands, for operators.
#[derive(Debug)]
pub struct Standing {
    /// The newest first.
    pub extracts: Vec<Extract>,
    /// When an extract last came in whole.
    pub latest: Option<DateTime<Utc>>,
    /// Mailings that the carrier delivered to another ZIP code than they were mailed to.
    pub misdelivered: i64,
}

/// The newest runs, and what they found.
pub async fn standing(ctx: &Context, actor: Actor, most: i64) -> Result<Standing, Error> {
    actor.check(Action::IngestScans)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(Standing {
        extracts: store::delivery_tracking::extracts(&mut connection, most).await?,
        latest: store::delivery_tracking::latest_finish(&mut connection).await?,
        misdelivered: store::delivery_tracking::misdelivered(&mut connection).await?,
    })
}
