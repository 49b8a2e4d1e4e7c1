//! CSSO's part: the cases with scans since it last asked.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};
use store::delivery_tracking::Extract;

use crate::{Action, Actor, Context, Error};

/// A file without progress for so long was given up; its cases show what came in of it.
const GIVEN_UP: TimeDelta = TimeDelta::minutes(10);

/// Renews the rows of all cases with scans that they do not show yet. Gives the number of extracts that were new.
pub async fn update_cases(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::IngestScans)?;
    let mut connection = ctx.store.read_primary().await?;
    let extracts = store::delivery_tracking::not_updated(&mut connection, ctx.now() - GIVEN_UP).await?;
    drop(connection);
    for extract in &extracts {
        let mut number = String::new();
        while let Some(last) = renew_some(ctx, *extract, &number).await? {
            number = last;
            // Between two batches any other writer gets its turn.
            tokio::task::yield_now().await;
        }
    }
    Ok(extracts.len())
}

/// Renews some cases after a tracking number. Gives the last number, or none after the last of all.
async fn renew_some(ctx: &Context, extract: uuid::Uuid, number: &str) -> Result<Option<String>, Error> {
    let mut transaction = ctx.store.begin().await?;
    // A mailing that comes in at the same time must not be worked out from half of the scans.
    store::installation::lock_imports(&mut transaction).await?;
    let last = store::delivery_tracking::renew_after(&mut transaction, extract, number, ctx.now()).await?;
    if last.is_none() {
        store::delivery_tracking::set_updated(&mut transaction, extract, ctx.now()).await?;
    }
    transaction.commit().await?;
    Ok(last)
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
