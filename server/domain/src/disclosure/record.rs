//! What is told by other ways than partner sharing: recorded before it leaves, by a privacy officer who says afterwards what became
//! of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::agreement::Element;
use shared::disclosure::{Exception, NoticeState, OtherDisclosure, OtherRecipient, Outcome, OutcomeEntry, Way};
use shared::partner_query::{LongLine, ShortLine};
use shared::profile::{Fact, Sheet};
use shared::sensitive::Sensitive;
use store::correction_notice::{self as notices, Settled, StoredNotice};
use store::disclosure as rows;
use store::engine::Connection;
use uuid::Uuid;

use super::Side;
use super::notice::found;
use crate::profile::{may_know, opened_for};
use crate::{Action, Context, Error, Officer};

/// Rows of a list.
const MOST: i64 = 200;

/// What is about to be told, by whom it is recorded and about whom left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub nature: LongLine,
    pub record: LongLine,
    pub elements: BTreeSet<Element>,
    pub told: Option<Sensitive<LongLine>>,
    pub documents: Option<LongLine>,
    pub purpose: LongLine,
    pub exception: Exception,
    pub citation: Option<ShortLine>,
    pub recipient: OtherRecipient,
    pub way: Way,
    /// It tells a past recipient of a correction.
    pub notice: Option<Uuid>,
}

/// What became of recording something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is accounted for, and may leave.
    Done(Uuid),
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
    /// The profile was not opened for a purpose, or too long ago.
    NotOpen,
    /// It does not say what is told.
    SaysNothing,
    /// It does not say which routine use, statute or order it is.
    NoCitation,
    /// The recipient of the correction was told, or is being told.
    NotToTell,
}

/// What was recorded, and of which nobody has said whether it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    pub id: Uuid,
    pub profile: Uuid,
    pub recorded_at: DateTime<Utc>,
    pub organization: ShortLine,
}

/// Records what is about to be told. It may leave when this has returned.
pub async fn record(ctx: &Context, officer: &Officer, profile: Uuid, telling: Telling) -> Result<Recorded, Error> {
    officer.check_somewhere(Action::RecordDisclosures)?;
    if telling.exception.needs_citation() && telling.citation.is_none() {
        return Ok(Recorded::NoCitation);
    }
    let notice = match telling.notice {
        None => None,
        Some(id) => match to_tell(ctx, officer, id, profile).await? {
            Some(notice) => Some(notice),
            None => return Ok(Recorded::NotToTell),
        },
    };
    let mut transaction = ctx.store.begin().await?;
    if !may_know(ctx, &mut transaction, officer, profile).await? {
        return Ok(Recorded::Nobody);
    }
    let Some((root, _)) = opened_for(ctx, &mut transaction, officer, profile).await? else { return Ok(Recorded::NotOpen) };
    let sheet = Sheet::new(store::profile::facts(&mut transaction, &ctx.keys, root).await?);
    let entry = entry(ctx, officer, (root, &sheet), telling, notice.as_ref());
    if !entry.says_what() {
        return Ok(Recorded::SaysNothing);
    }
    rows::add_other(&mut transaction, &ctx.keys, ctx.clock.new_id(), &entry).await?;
    if let Some(notice) = &notice {
        let is_ordered = notices::order(&mut transaction, notice.id, officer.id(), None).await?;
        if !is_ordered || !notices::leaves(&mut transaction, notice, entry.id, None).await? {
            return Ok(Recorded::NotToTell);
        }
    }
    let detail = serde_json::json!({ "disclosure": entry.id, "exception": entry.exception.key() });
    ctx.audit(&mut transaction, officer.actor(), "disclosure.record", &root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Recorded::Done(entry.id))
}

/// A notice that people tell, about this very profile; none if it is none, or was told.
async fn to_tell(ctx: &Context, officer: &Officer, id: Uuid, profile: Uuid) -> Result<Option<StoredNotice>, Error> {
    officer.check_somewhere(Action::TellCorrections)?;
    let Some((Side::Main, _, notice)) = found(ctx, officer, id).await? else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let is_about =
        store::profile::root(&mut connection, profile).await? == store::profile::root(&mut connection, notice.profile).await?;
    Ok(Some(notice).filter(|notice| is_about && notice.state.is_to_tell()))
}

fn entry(
    ctx: &Context,
    officer: &Officer,
    (root, sheet): (Uuid, &Sheet),
    telling: Telling,
    notice: Option<&StoredNotice>,
) -> OtherDisclosure {
    let number =
        sheet.current().find_map(|known| if let Fact::ANumber(number) = &known.fact { Some(number.clone()) } else { None });
    OtherDisclosure {
        id: ctx.clock.new_id(),
        at: ctx.now(),
        person: root,
        a_number: number.map(Sensitive::new),
        nature: telling.nature,
        record: telling.record,
        elements: telling.elements,
        told: telling.told,
        documents: telling.documents,
        purpose: telling.purpose,
        exception: telling.exception,
        citation: telling.citation,
        recipient: telling.recipient,
        way: telling.way,
        recorded_by: officer.officer_id(),
        correction_of: notice.map(|notice| notice.disclosure),
    }
}

/// Says what became of what was recorded: it left, it did not, or nobody knows. False if that was said before.
pub async fn close(ctx: &Context, officer: &Officer, id: Uuid, outcome: Outcome) -> Result<bool, Error> {
    officer.check_somewhere(Action::RecordDisclosures)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = known(ctx, officer, &mut transaction, id).await? else { return Ok(false) };
    let closing = OutcomeEntry { id: ctx.clock.new_id(), disclosure: id, at: ctx.now(), outcome };
    if !rows::close(&mut transaction, &closing).await? {
        return Ok(false);
    }
    if let Some(notice) = notices::told_by(&mut transaction, id).await? {
        let now = ctx.now();
        let settled = match outcome {
            Outcome::Sent => Settled { state: NoticeState::Sent, because: None, again_at: None, sent_at: Some(now) },
            // It is told once more, by another row.
            Outcome::Refused | Outcome::Unknown => {
                Settled { state: NoticeState::Waiting, because: None, again_at: None, sent_at: None }
            }
        };
        notices::settle(&mut transaction, notice.id, settled).await?;
    }
    let detail = serde_json::json!({ "disclosure": id, "outcome": outcome.key() });
    ctx.audit(&mut transaction, officer.actor(), "disclosure.close", &stored.person.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(true)
}

/// What was recorded of somebody whom the officer may know of.
async fn known(ctx: &Context, officer: &Officer, connection: &mut Connection, id: Uuid) -> Result<Option<OtherDisclosure>, Error> {
    let Some(stored) = rows::other(connection, &ctx.keys, id).await? else { return Ok(None) };
    let may_know = may_know(ctx, connection, officer, stored.entry.person).await?;
    Ok(may_know.then_some(stored.entry))
}

/// What was recorded, and of which nobody has said whether it left; the oldest first.
pub async fn open_rows(ctx: &Context, officer: &Officer) -> Result<Vec<OpenRow>, Error> {
    officer.check_somewhere(Action::RecordDisclosures)?;
    let mut transaction = ctx.store.begin().await?;
    let mut open = Vec::new();
    for (id, profile, recorded_at) in rows::others_open(&mut transaction, MOST).await? {
        let Some(entry) = known(ctx, officer, &mut transaction, id).await? else { continue };
        open.push(OpenRow { id, profile, recorded_at, organization: entry.recipient.organization });
    }
    ctx.audit(&mut transaction, officer.actor(), "disclosure.read_open", "", serde_json::json!({ "open": open.len() })).await?;
    transaction.commit().await?;
    Ok(open)
}

/// What a past recipient was told by other ways, for the form with which a correction of it is recorded.
pub async fn to_record(ctx: &Context, officer: &Officer, notice: Uuid) -> Result<Option<(StoredNotice, OtherDisclosure)>, Error> {
    officer.check_somewhere(Action::RecordDisclosures)?;
    let Some((Side::Main, _, notice)) = found(ctx, officer, notice).await? else { return Ok(None) };
    if !notice.state.is_to_tell() {
        return Ok(None);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(entry) = known(ctx, officer, &mut transaction, notice.disclosure).await? else { return Ok(None) };
    let detail = serde_json::json!({ "disclosure": entry.id });
    ctx.audit(&mut transaction, officer.actor(), "disclosure.read_one", &entry.person.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some((notice, entry)))
}
