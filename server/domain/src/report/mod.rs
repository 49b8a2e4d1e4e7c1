//! Reports: figures about requests for the console, what of them is published, and exports.
//!
//! Figures are not counted when somebody reads them, but kept ([`note`]): whatever happens to a request changes them in its own
//! transaction, by what `shared::report::tallies` says of the events before it and after it. So a report costs as much with a million
//! requests as with a few. `docs/reports.md` says what each means.

mod export;
mod month;
mod publish;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use shared::answer::{Finding, Rule};
use shared::report::{Figure, Tally, tallies};
use shared::service_request::{RequestKind, ServiceRequest};
use store::engine::Connection;
use store::report as rows;
use store::service_request::StoredRequest;
use uuid::Uuid;

use crate::{Context, Error};

pub use export::{Cell, Export, ExportReason, Exported, Format, MOST_ROWS, Sheet, export_figures, export_list};
pub use month::{Ages, Figures, MonthReport, Totals, month_report, months, offices};
pub(crate) use publish::Published;
pub use publish::{Announced, publish, published, published_months};
#[cfg(test)]
pub(crate) use tests::check_figures;

/// Requests that are counted in one round, of those that were made before there were figures.
const IN_ONE_ROUND: i64 = 200;

/// Counts what the last events of a request changed. It is held by the caller.
pub(crate) async fn note(transaction: &mut Connection, row: &StoredRequest, request: &ServiceRequest) -> Result<(), Error> {
    let events = request.events();
    let counted = usize::try_from(row.tallied).unwrap_or(0).min(events.len());
    let changes = difference(tallies(&events[..counted]), tallies(events));
    if changes.is_empty() && counted > 0 {
        return Ok(());
    }
    let events = i64::try_from(events.len()).unwrap_or(i64::MAX);
    Ok(rows::tally(transaction, row.id, row.kind, &changes, events).await?)
}

fn difference(before: BTreeMap<Tally, i64>, after: BTreeMap<Tally, i64>) -> BTreeMap<Tally, i64> {
    let mut changes = after;
    for (tally, requests) in before {
        *changes.entry(tally).or_default() -= requests;
    }
    changes.retain(|_, requests| *requests != 0);
    changes
}

/// Counts requests that were made before there were figures, until none is left.
pub async fn count_missing(ctx: &Context) -> Result<(), Error> {
    loop {
        let some = rows::to_tally(&mut ctx.store.read_primary().await?, IN_ONE_ROUND).await?;
        for id in &some {
            crate::service_request::count_in_reports(ctx, *id).await?;
        }
        if some.is_empty() {
            return Ok(());
        }
    }
}

/// Counts that somebody is shown what the record says, before they ask. Nothing of who it is.
pub(crate) async fn answer_is_shown(
    ctx: &Context,
    transaction: &mut Connection,
    submission: Uuid,
    kind: RequestKind,
) -> Result<(), Error> {
    Ok(rows::count_journey(transaction, Figure::AnswerShown, ctx.today(), kind, shard(submission)).await?)
}

/// Counts that they asked afterwards. It counts on the day on which they were shown the answer: the difference is who did not.
pub(crate) async fn asked_after_answer(
    transaction: &mut Connection,
    submission: Uuid,
    kind: RequestKind,
    shown_on: NaiveDate,
) -> Result<(), Error> {
    Ok(rows::count_journey(transaction, Figure::AskedAfterAnswer, shown_on, kind, shard(submission)).await?)
}

const fn shard(submission: Uuid) -> u8 {
    submission.as_bytes()[15]
}

/// Counts what the check found in an answer that somebody wanted to release.
pub(crate) async fn note_findings(
    ctx: &Context,
    transaction: &mut Connection,
    row: &StoredRequest,
    findings: &[Finding],
) -> Result<(), Error> {
    let rules: BTreeSet<Rule> = findings.iter().map(|finding| finding.rule).collect();
    let office = row.office.as_deref().unwrap_or("");
    Ok(rows::count_findings(transaction, &rules, ctx.today(), office, row.kind).await?)
}
