//! Working on a request: reading it first, notes, drafts, who has it open, and what stops its clock.

use chrono::{DateTime, TimeDelta, Utc};
use shared::sensitive::Sensitive;
use shared::service_request::{Happening, OfficerId, PauseReason};
use store::engine::Connection;
use store::request_queue::{self, Listed};
use store::request_work::{self, Note};
use store::service_request as rows;
use uuid::Uuid;

use super::read::{Seen, see};
use super::{Happened, Told, happen_because, search};
use crate::{Action, Context, Error, Officer};

/// The longest note, hand-over or question, in characters.
pub const LONGEST_NOTE: usize = 4000;

/// For how long somebody who gave no sign is taken to have a request open.
pub const PRESENT_FOR: TimeDelta = TimeDelta::seconds(90);

/// What became of an officer's act.
#[derive(Debug, Clone)]
pub enum Worked {
    /// It is done, and the request has this version.
    Done(i64),
    /// Somebody was faster: this is the request now. Nothing was changed.
    Changed(Box<Listed>),
    /// It cannot happen to a request in this state.
    NotNow,
    /// The words are missing, or too many.
    Words,
}

/// Has something happen to a request of which the officer has seen a version.
pub(super) async fn act(
    ctx: &Context,
    officer: &Officer,
    action: Action,
    (id, version): (Uuid, i64),
    happening: &Happening,
    told: Told<'_>,
) -> Result<Worked, Error> {
    let mut transaction = ctx.store.begin().await?;
    let worked = match held(ctx, &mut transaction, officer, action, (id, version)).await? {
        Ok(_) => happens(ctx, &mut transaction, officer, id, happening, told).await?,
        Err(changed) => return Ok(changed),
    };
    if matches!(worked, Worked::Done(_)) {
        transaction.commit().await?;
    }
    Ok(worked)
}

/// A request that is held, and is of the version that the officer has seen.
pub(super) async fn held(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    action: Action,
    (id, version): (Uuid, i64),
) -> Result<Result<Seen, Worked>, Error> {
    rows::hold(transaction, id).await?;
    let seen = see(ctx, transaction, officer, id, action).await?;
    if seen.listed.version != version {
        return Ok(Err(Worked::Changed(Box::new(seen.listed))));
    }
    Ok(Ok(seen))
}

/// Has it happen, and gives the version after it.
pub(super) async fn happens(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    id: Uuid,
    happening: &Happening,
    told: Told<'_>,
) -> Result<Worked, Error> {
    match happen_because(ctx, transaction, officer.actor(), id, happening, told).await? {
        Happened::Refused => Ok(Worked::NotNow),
        Happened::Yes(_) => {
            let row = rows::find(transaction, id).await?.ok_or(Error::Internal)?;
            Ok(Worked::Done(row.version))
        }
    }
}

/// What somebody wrote, without space around it; none if it is empty or longer than it may be.
pub(super) fn words(text: &str, longest: usize) -> Option<String> {
    // Browsers send two characters for a line's end, and count one.
    let text = text.trim().replace("\r\n", "\n");
    (!text.is_empty() && text.chars().count() <= longest).then_some(text)
}

/// Begins to work on a request: from now on this officer has it, and the person sees that it was read.
pub async fn open(ctx: &Context, officer: &Officer, id: Uuid, version: i64) -> Result<Worked, Error> {
    let happening = Happening::Opened { officer: officer.officer_id() };
    act(ctx, officer, Action::AnswerRequest, (id, version), &happening, Told::default()).await
}

/// Stops the clock for a reason that the agency owes nobody.
pub async fn pause(ctx: &Context, officer: &Officer, id: Uuid, version: i64, reason: PauseReason) -> Result<Worked, Error> {
    act(ctx, officer, Action::AnswerRequest, (id, version), &Happening::Paused { reason }, Told::default()).await
}

/// Lets the clock run again.
pub async fn resume(ctx: &Context, officer: &Officer, id: Uuid, version: i64) -> Result<Worked, Error> {
    act(ctx, officer, Action::AnswerRequest, (id, version), &Happening::Resumed, Told::default()).await
}

/// Takes an answer back, since it was none. Why is kept with the request.
pub async fn reopen(ctx: &Context, officer: &Officer, id: Uuid, version: i64, reason: &str) -> Result<Worked, Error> {
    let Some(reason) = words(reason, LONGEST_NOTE) else { return Ok(Worked::Words) };
    let told = Told { words: Some(reason.as_bytes()), why: None };
    act(ctx, officer, Action::AnswerRequest, (id, version), &Happening::Reopened, told).await
}

/// Adds a note that officers see, and nobody else. False if there are no words, or too many.
pub async fn add_note(ctx: &Context, officer: &Officer, id: Uuid, text: &str) -> Result<bool, Error> {
    let Some(text) = words(text, LONGEST_NOTE) else { return Ok(false) };
    let mut transaction = ctx.store.begin().await?;
    let seen = see(ctx, &mut transaction, officer, id, Action::ReadRequests).await?;
    let note = Note { id: ctx.clock.new_id(), officer: officer.officer_id(), text: Sensitive::new(text), created_at: ctx.now() };
    request_work::add_note(&mut transaction, &ctx.keys, seen.row.case, id, &note).await?;
    search::index(ctx, &mut transaction, id).await?;
    ctx.audit(&mut transaction, officer.actor(), "request.note", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Adds the words of who read an answer again, as a note, and opens the request if `reopens`. False if it is not opened: it was open
/// before, or is over.
pub(crate) async fn send_back(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    id: Uuid,
    text: &str,
    reopens: bool,
) -> Result<bool, Error> {
    let row = rows::find(transaction, id).await?.ok_or(Error::Internal)?;
    let text = Sensitive::new(text.to_owned());
    let note = Note { id: ctx.clock.new_id(), officer: officer.officer_id(), text, created_at: ctx.now() };
    request_work::add_note(transaction, &ctx.keys, row.case, id, &note).await?;
    search::index(ctx, transaction, id).await?;
    if !reopens {
        return Ok(false);
    }
    let became = happen_because(ctx, transaction, officer.actor(), id, &Happening::Reopened, Told::default()).await?;
    Ok(became != Happened::Refused)
}

/// Says that an officer has a request open, and who else has.
pub async fn here(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Vec<OfficerId>, Error> {
    let (who, now) = (officer.officer_id(), ctx.now());
    let mut transaction = ctx.store.begin().await?;
    see(ctx, &mut transaction, officer, id, Action::ReadRequests).await?;
    request_work::seen(&mut transaction, id, who, now).await?;
    let present = request_work::present(&mut transaction, id, now - PRESENT_FOR).await?;
    transaction.commit().await?;
    Ok(present.into_iter().filter(|other| *other != who).collect())
}

/// Says that an officer has closed a request.
pub async fn left(ctx: &Context, officer: &Officer, id: Uuid) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    request_work::gone(&mut transaction, id, officer.officer_id()).await?;
    Ok(transaction.commit().await?)
}

/// Forgets who had requests open, searches that are over, and figures of days by which nothing is owed any more.
pub(crate) async fn sweep(ctx: &Context, transaction: &mut Connection, now: DateTime<Utc>) -> Result<(), Error> {
    request_work::forget_presence(transaction, now - PRESENT_FOR).await?;
    store::request_search::expire(transaction, now).await?;
    request_queue::forget_empty(transaction, ctx.today()).await?;
    Ok(())
}
