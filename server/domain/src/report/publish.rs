//! The public service report: made once of each month that is over, and never changed. What was published twice could be subtracted.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};

use shared::office::OfficeCode;
use shared::report::{Change, Figure, Month, ServiceReport, Totalled, change};
use shared::service_request::RequestKind;
use store::engine::Connection;
use store::report as rows;

use crate::{Action, Actor, Context, Error};

/// Months that are published when nothing was before.
const AT_FIRST: u32 = 12;

/// Months that say what is usual.
const USUAL: u32 = 6;

/// What was published, as it was read: it never changes.
#[derive(Debug, Default)]
pub(crate) struct Published(RwLock<BTreeMap<Month, Arc<ServiceReport>>>);

/// A published month, with what is unlike the months before it.
#[derive(Debug, Clone)]
pub struct Announced {
    pub report: Arc<ServiceReport>,
    pub received: Option<Change>,
    pub answered: Option<Change>,
    pub open: Option<Change>,
}

/// Publishes the months that are over and are not published yet. Gives how many. A month is over with the first day after it: what came in
/// in its last hour has come to an office by then.
pub async fn publish(ctx: &Context, actor: Actor, threshold: NonZeroU32) -> Result<usize, Error> {
    actor.check(Action::Upkeep)?;
    let Some(yesterday) = ctx.today().pred_opt() else { return Ok(0) };
    let last = Month::of(yesterday).before(1);
    let mut connection = ctx.store.read_primary().await?;
    let newest = rows::months(&mut connection).await?.first().copied();
    if newest.is_some_and(|newest| newest >= last) {
        return Ok(0);
    }
    drop(connection);
    // Nothing is published of figures that are not whole.
    super::count_missing(ctx).await?;
    let mut connection = ctx.store.read_primary().await?;
    let Some(first) = rows::first_month(&mut connection).await? else { return Ok(0) };
    drop(connection);
    let mut month = newest.map_or_else(|| first.max(last.before(AT_FIRST - 1)), Month::next);
    let mut made = 0;
    while month <= last {
        made += usize::from(make(ctx, actor, month, threshold).await?);
        month = month.next();
    }
    Ok(made)
}

async fn make(ctx: &Context, actor: Actor, month: Month, threshold: NonZeroU32) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    let report = totalled(&mut transaction, month).await?.publish(month, ctx.today(), threshold.get());
    let is_new = rows::add_report(&mut transaction, &report, ctx.now()).await?;
    if is_new {
        let detail = serde_json::json!({ "lines": report.lines.len(), "threshold": threshold });
        ctx.audit(&mut transaction, actor, "service_report.publish", &month.to_string(), detail).await?;
    }
    transaction.commit().await?;
    Ok(is_new)
}

/// The month's figures by office and type. What came to no office before it was over is in none of them.
async fn totalled(connection: &mut Connection, month: Month) -> Result<Totalled, Error> {
    let mut read = Vec::new();
    for figure in [Figure::Received, Figure::Answered, Figure::Reopened, Figure::AnswerDays] {
        for counted in rows::of_month(connection, figure, month, None).await? {
            read.extend(counted.kind.map(|kind| (figure, counted.office, kind, counted.days, counted.requests)));
        }
    }
    for (office, kind, open) in rows::until(connection, Figure::Backlog, month, None).await? {
        read.extend(kind.map(|kind| (Figure::Backlog, office, kind, 0, open)));
    }
    let codes = read.iter().filter(|(.., requests)| *requests > 0).filter_map(|(_, office, ..)| OfficeCode::parse(office).ok());
    let offices: Vec<OfficeCode> = codes.collect::<BTreeSet<_>>().into_iter().collect();
    let mut totalled = Totalled::new(offices);
    for (figure, office, kind, days, requests) in read {
        let row = totalled.offices.iter().position(|known| known.as_str() == office);
        let column = RequestKind::ALL.iter().position(|known| *known == kind);
        let (Some(row), Some(column), Ok(requests)) = (row, column, u64::try_from(requests)) else { continue };
        match figure {
            Figure::Received => totalled.received.add(row, column, requests),
            Figure::Answered => totalled.answered.add(row, column, requests),
            Figure::Reopened => totalled.reopened.add(row, column, requests),
            Figure::AnswerDays => totalled.add_days(row, column, u16::try_from(days).unwrap_or(u16::MAX), requests),
            _ => totalled.open.add(row, column, requests),
        }
    }
    Ok(totalled)
}

/// The months that were published, the newest first.
pub async fn published_months(ctx: &Context) -> Result<Vec<Month>, Error> {
    Ok(rows::months(&mut ctx.store.read().await?).await?)
}

/// What was published of a month.
pub async fn published(ctx: &Context, month: Month) -> Result<Option<Announced>, Error> {
    let Some(report) = kept(ctx, month).await? else { return Ok(None) };
    let mut before = Vec::new();
    for month in month.before(1).and_before(USUAL) {
        before.extend(kept(ctx, month).await?);
    }
    let compared = |figure: fn(&shared::report::Line) -> shared::report::Number| {
        let of = |report: &ServiceReport| report.all().and_then(figure);
        let before: Vec<u64> = before.iter().filter_map(|report| of(report)).collect();
        of(&report).and_then(|now| change(now, &before))
    };
    Ok(Some(Announced {
        received: compared(|line| line.received),
        answered: compared(|line| line.answered),
        open: compared(|line| line.open),
        report,
    }))
}

async fn kept(ctx: &Context, month: Month) -> Result<Option<Arc<ServiceReport>>, Error> {
    let known = ctx.published.0.read().unwrap_or_else(PoisonError::into_inner).get(&month).cloned();
    if known.is_some() {
        return Ok(known);
    }
    let report = rows::report(&mut ctx.store.read().await?, month).await?.map(Arc::new);
    if let Some(report) = &report {
        ctx.published.0.write().unwrap_or_else(PoisonError::into_inner).insert(month, Arc::clone(report));
    }
    Ok(report)
}
