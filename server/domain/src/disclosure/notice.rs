//! Past recipients who have to be told of a correction, who were, and what they confirmed.

use chrono::{DateTime, NaiveDate, Utc};
use shared::disclosure::{AmendmentKind, CONFIRMED_WITHIN, Confirmed, NoticeState};
use store::Store;
use store::correction_notice::{self as rows, Confirmation, StoredNotice};
use store::data_key::Keys;
use store::engine::Connection;
use uuid::Uuid;

use super::{Side, beginning_of, databases};
use crate::profile::may_know;
use crate::{Action, Context, Error, Officer};

/// Rows of a list.
const MOST: i64 = 200;

/// A past recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    pub notice: StoredNotice,
    /// A partner is told through IDENT, anybody else by people.
    pub side: Side,
    pub kind: AmendmentKind,
    pub recipient: String,
    /// Of the answer that told it, if it was a message.
    pub number: Option<String>,
    /// When they were told what is amended.
    pub told_at: DateTime<Utc>,
    /// They were told of the amendment, and have not confirmed it in time.
    pub is_overdue: bool,
}

/// Past recipients in two lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionsView {
    /// The oldest first.
    pub open: Vec<NoticeView>,
    /// The last first.
    pub confirmed: Vec<NoticeView>,
}

/// What became of having somebody told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TellOutcome {
    /// It leaves after the check.
    OnItsWay,
    /// People tell this recipient: the disclosure is recorded first.
    ByPeople(Uuid),
    /// It was told, or is on its way; or there is nobody whom the officer may know of.
    NotNow,
}

/// Everybody who has to be told, or was. That it was read stands in the audit log.
pub async fn notices(ctx: &Context, officer: &Officer) -> Result<CorrectionsView, Error> {
    officer.check_somewhere(Action::TellCorrections)?;
    let mut view = CorrectionsView { open: Vec::new(), confirmed: Vec::new() };
    for (side, store, keys) in databases(ctx) {
        let mut transaction = store.begin().await?;
        let (open, confirmed) = (rows::unconfirmed(&mut transaction, MOST).await?, rows::confirmed(&mut transaction, MOST).await?);
        for notice in open {
            view.open.extend(shown(ctx, officer, (&mut transaction, keys), side, notice).await?);
        }
        for notice in confirmed {
            view.confirmed.extend(shown(ctx, officer, (&mut transaction, keys), side, notice).await?);
        }
        let detail = serde_json::json!({ "open": view.open.len(), "confirmed": view.confirmed.len() });
        ctx.audit(&mut transaction, officer.actor(), "disclosure.read_corrections", "", detail).await?;
        transaction.commit().await?;
    }
    view.open.sort_by_key(|one| (one.notice.raised_at, one.notice.id));
    Ok(view)
}

/// A notice with what it is about; none if the officer may not know of the person.
async fn shown(
    ctx: &Context,
    officer: &Officer,
    (connection, keys): (&mut Connection, &Keys),
    side: Side,
    notice: StoredNotice,
) -> Result<Option<NoticeView>, Error> {
    let mut main = ctx.store.read_primary().await?;
    if !may_know(ctx, &mut main, officer, notice.profile).await? {
        return Ok(None);
    }
    let amendment = store::amendment::get(&mut main, &ctx.keys, notice.amendment).await?.ok_or(Error::Internal)?;
    drop(main);
    let Told { recipient, number, at: told_at } = told(connection, keys, side, notice.disclosure).await?;
    let is_late = notice.sent_at.is_some_and(|at| at + CONFIRMED_WITHIN < ctx.now());
    let is_overdue = is_late && notice.confirmed.is_none();
    Ok(Some(NoticeView { notice, side, kind: amendment.because.kind(), recipient, number, told_at, is_overdue }))
}

/// Who was told, by which message, and when.
struct Told {
    recipient: String,
    number: Option<String>,
    at: DateTime<Utc>,
}

async fn told(connection: &mut Connection, keys: &Keys, side: Side, id: Uuid) -> Result<Told, Error> {
    if let Some(stored) = store::disclosure::get(connection, keys, id).await? {
        let to = &stored.entry.recipient;
        let recipient = format!("{}, {}", to.organization.as_str(), to.partner.name());
        return Ok(Told { recipient, number: Some(stored.entry.transaction.as_str().to_owned()), at: stored.entry.at });
    }
    if side == Side::Partner {
        return Err(Error::Internal);
    }
    let stored = store::disclosure::other(connection, keys, id).await?.ok_or(Error::Internal)?;
    Ok(Told { recipient: stored.entry.recipient.organization.as_str().to_owned(), number: None, at: stored.entry.at })
}

/// A notice, where it stands; none if there is none, or none of whom the officer may know.
pub(super) async fn found<'a>(
    ctx: &'a Context,
    officer: &Officer,
    id: Uuid,
) -> Result<Option<(Side, &'a Store, StoredNotice)>, Error> {
    for (side, store, _) in databases(ctx) {
        let mut connection = store.read_primary().await?;
        let Some(notice) = rows::get(&mut connection, id).await? else { continue };
        drop(connection);
        let mut main = ctx.store.read_primary().await?;
        let may_know = may_know(ctx, &mut main, officer, notice.profile).await?;
        return Ok(may_know.then_some((side, store, notice)));
    }
    Ok(None)
}

/// Has a past recipient told: a partner through IDENT, after the check; anybody else by people, who record it first.
pub async fn tell(ctx: &Context, officer: &Officer, id: Uuid) -> Result<TellOutcome, Error> {
    officer.check_somewhere(Action::TellCorrections)?;
    officer.check_fresh(ctx.now())?;
    let Some((side, store, notice)) = found(ctx, officer, id).await? else { return Ok(TellOutcome::NotNow) };
    if !notice.state.is_to_tell() {
        return Ok(TellOutcome::NotNow);
    }
    if side == Side::Main {
        return Ok(TellOutcome::ByPeople(notice.profile));
    }
    let mut transaction = store.begin().await?;
    if !rows::order(&mut transaction, id, officer.id(), Some(ctx.now())).await? {
        return Ok(TellOutcome::NotNow);
    }
    ctx.audit(&mut transaction, officer.actor(), "disclosure.tell", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(TellOutcome::OnItsWay)
}

/// Notes that a recipient confirmed, by letter or otherwise, on a day. False if it was not told, or has confirmed before; or if the
/// day is before it was told, or still to come.
pub async fn confirm(ctx: &Context, officer: &Officer, id: Uuid, outcome: Confirmed, on: NaiveDate) -> Result<bool, Error> {
    officer.check_somewhere(Action::TellCorrections)?;
    let Some((_, store, notice)) = found(ctx, officer, id).await? else { return Ok(false) };
    let was_told = notice.state == NoticeState::Sent && notice.sent_at.is_some_and(|at| ctx.day_of(at) <= on);
    if !was_told || on > ctx.today() {
        return Ok(false);
    }
    let confirmation = Confirmation { outcome, at: beginning_of(ctx, on), recorded_by: Some(officer.id()) };
    let mut transaction = store.begin().await?;
    if !rows::confirm(&mut transaction, ctx.clock.new_id(), id, confirmation, ctx.now()).await? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "outcome": outcome.key() });
    ctx.audit(&mut transaction, officer.actor(), "disclosure.confirm", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(true)
}
