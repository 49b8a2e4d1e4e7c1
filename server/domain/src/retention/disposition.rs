//! Lists of what is to be destroyed: made by one person, approved by another.

use std::collections::BTreeSet;

use chrono::Datelike;
use shared::retention::{Due, HoldOn, RecordKind};
use store::crypto::hex;
use store::engine::Connection;
use store::retention::{self as rows, Count, Line, NewDisposition, StoredDisposition, StoredLine, record};
use uuid::Uuid;

use super::certificate::CertificateView;
use super::reach::touched;
use super::{check_decider, due, note};
use crate::{Action, Context, Error, Officer};

/// Records of one list: what is left waits for the next.
const MOST: i64 = 1_000;
/// Lists on a page.
const LISTS: i64 = 200;
/// Records of a list on one page of it.
pub const LINES: i64 = 100;

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    /// It waits for somebody else.
    Waits {
        id: Uuid,
        /// Records that are due and stand in no list, since a hold keeps them.
        kept: usize,
    },
    /// Nothing is due, or a hold keeps all of it.
    Nothing,
}

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approved {
    Done,
    /// It does not wait any more, or it is one's own.
    NotNow,
    /// It is not the list that was shown.
    Changed,
}

/// A record of a list, as its page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineView {
    pub stored: StoredLine,
    /// A hold keeps it at this moment.
    pub is_kept: bool,
}

/// A list, with some of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispositionView {
    pub stored: StoredDisposition,
    /// From the position that was asked for.
    pub lines: Vec<LineView>,
    pub counts: Vec<Count>,
    pub certificate: Option<CertificateView>,
}

impl DispositionView {
    /// What a form sends back, so that what was shown is what is approved.
    pub fn list_hash(&self) -> String {
        hex(&self.stored.list_hash)
    }
}

/// Makes a list of what is due today: of each kind that is named, what has been due longest first. What a hold keeps is left out.
pub async fn propose(ctx: &Context, officer: &Officer, kinds: &BTreeSet<RecordKind>) -> Result<Proposed, Error> {
    check_decider(ctx, officer)?;
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    let holds = rows::holds_in_force(&mut transaction).await?;
    let mut list = List { holds: &holds, lines: Vec::new(), kept: 0 };
    for kind in kinds {
        Box::pin(list.add_due(ctx, &mut transaction, *kind)).await?;
    }
    let List { lines, kept, .. } = list;
    if lines.is_empty() {
        // What is not due any more was forgotten.
        transaction.commit().await?;
        return Ok(Proposed::Nothing);
    }
    let id = ctx.clock.new_id();
    let new = NewDisposition { id, until: ctx.today(), lines: &lines, by: officer.id(), at: ctx.now() };
    rows::propose(&mut transaction, &new).await?;
    let detail = serde_json::json!({ "records": lines.len(), "list_sha256": hex(&rows::list_hash(&lines)) });
    note(ctx, &mut transaction, officer.actor(), "retention.propose", id, detail).await?;
    transaction.commit().await?;
    Ok(Proposed::Waits { id, kept })
}

/// A list while it is made.
struct List<'a> {
    holds: &'a [HoldOn],
    lines: Vec<Line>,
    kept: usize,
}

impl List<'_> {
    /// Each record is worked out anew: the index may be a day old, and a birth date may have been corrected.
    async fn add_due(&mut self, ctx: &Context, transaction: &mut Connection, kind: RecordKind) -> Result<(), Error> {
        let room = MOST.saturating_sub(i64::try_from(self.lines.len()).unwrap_or(MOST));
        for record in rows::candidates(transaction, kind, ctx.year(), room).await? {
            let Some(due) = due_now(ctx, transaction, kind, record).await? else {
                rows::forget_due(transaction, kind, record).await?;
                continue;
            };
            let Some(day) = due.day().filter(|_| due.is_due(ctx.today())) else { continue };
            let touched = touched(ctx, transaction, kind, record).await?;
            if touched.is_kept(self.holds) {
                self.kept += 1;
            } else if !touched.is_in_use {
                self.lines.push(Line { kind, record, due_year: day.year() });
            }
        }
        Ok(())
    }
}

/// When a record is due, by what is known at this moment; none if it is gone.
pub(super) async fn due_now(ctx: &Context, connection: &mut Connection, kind: RecordKind, id: Uuid) -> Result<Option<Due>, Error> {
    match kind {
        RecordKind::Person => {
            if !record::is_person(connection, id).await? {
                return Ok(None);
            }
            due::of_person(ctx, connection, id).await.map(Some)
        }
        RecordKind::Case => match record::case(connection, id).await? {
            Some(last) => due::of_case(ctx, connection, last).await.map(Some),
            None => Ok(None),
        },
        RecordKind::AddressReport => Ok(record::report(connection, id).await?.map(|last| due::of_report(ctx, last))),
    }
}

/// Lists, the newest first.
pub async fn dispositions(ctx: &Context, officer: &Officer) -> Result<Vec<StoredDisposition>, Error> {
    officer.check_somewhere(Action::ReadRetention)?;
    Ok(rows::dispositions(&mut ctx.store.read_primary().await?, LISTS).await?)
}

/// A list with its records from a position on; none if there is none. Who looked stands in the audit log.
pub async fn read(ctx: &Context, officer: &Officer, id: Uuid, from: i64) -> Result<Option<DispositionView>, Error> {
    officer.check_somewhere(Action::ReadRetention)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::disposition(&mut transaction, id).await? else { return Ok(None) };
    let holds = rows::holds_in_force(&mut transaction).await?;
    let mut lines = Vec::new();
    for stored in rows::lines(&mut transaction, id, from, LINES).await? {
        let is_open = stored.outcome.is_none() && !holds.is_empty();
        let is_kept =
            is_open && Box::pin(touched(ctx, &mut transaction, stored.line.kind, stored.line.record)).await?.is_kept(&holds);
        lines.push(LineView { stored, is_kept });
    }
    let counts = rows::counts(&mut transaction, id).await?;
    let certificate = rows::certificate(&mut transaction, id).await?.map(CertificateView::from);
    note(ctx, &mut transaction, officer.actor(), "retention.read", id, serde_json::json!({ "from": from })).await?;
    transaction.commit().await?;
    Ok(Some(DispositionView { stored, lines, counts, certificate }))
}

/// Approves the very list that was shown. From then on a job destroys what is on it.
pub async fn approve(ctx: &Context, officer: &Officer, id: Uuid, list_hash: &str) -> Result<Approved, Error> {
    check_decider(ctx, officer)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::disposition(&mut transaction, id).await? else { return Ok(Approved::NotNow) };
    let lines = rows::lines(&mut transaction, id, 0, MOST).await?;
    let hash = rows::list_hash(lines.iter().map(|stored| &stored.line));
    if hex(&hash) != list_hash || hash.as_slice() != stored.list_hash.as_slice() {
        return Ok(Approved::Changed);
    }
    if !rows::approve(&mut transaction, id, officer.id(), &hash, ctx.now()).await? {
        return Ok(Approved::NotNow);
    }
    let detail = serde_json::json!({ "list_sha256": list_hash });
    note(ctx, &mut transaction, officer.actor(), "retention.approve", id, detail).await?;
    transaction.commit().await?;
    Ok(Approved::Done)
}

/// Takes a list back that was not approved. False if it was.
pub async fn withdraw(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    check_decider(ctx, officer)?;
    let mut transaction = ctx.store.begin().await?;
    if !rows::withdraw(&mut transaction, id, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    note(ctx, &mut transaction, officer.actor(), "retention.withdraw", id, serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}
