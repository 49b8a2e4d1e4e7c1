//! Who has to be told of an amendment, because they were told what it sets right; and that they confirmed it. A notice stands in the
//! database in which the disclosure stands that it follows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::agreement::Element;
use shared::disclosure::{Confirmed, NoticeState};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};
use crate::waiver::{joined, words};

statement! { each,
    ADD = "INSERT INTO correction_notice (id, amendment_id, profile_id, disclosure_id, elements, state, attempts, raised_at) \
           VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6) ON CONFLICT DO NOTHING";
    GET = "SELECT correction_notice.id, amendment_id, profile_id, disclosure_id, elements, state, ordered_by, told_by, because, attempts, \
           raised_at, sent_at, outcome, confirmed_at, recorded_by FROM correction_notice \
           LEFT JOIN correction_confirmation ON correction_confirmation.notice_id = correction_notice.id \
           WHERE correction_notice.id = $1";
    UNCONFIRMED = "SELECT correction_notice.id, amendment_id, profile_id, disclosure_id, elements, state, ordered_by, told_by, because, \
                   attempts, raised_at, sent_at, outcome, confirmed_at, recorded_by FROM correction_notice \
                   LEFT JOIN correction_confirmation ON correction_confirmation.notice_id = correction_notice.id \
                   WHERE correction_confirmation.id IS NULL ORDER BY raised_at, correction_notice.id LIMIT $1";
    CONFIRMED = "SELECT correction_notice.id, amendment_id, profile_id, disclosure_id, elements, state, ordered_by, told_by, because, \
                 attempts, raised_at, sent_at, outcome, confirmed_at, recorded_by FROM correction_notice \
                 JOIN correction_confirmation ON correction_confirmation.notice_id = correction_notice.id \
                 ORDER BY correction_confirmation.recorded_at DESC, correction_notice.id DESC LIMIT $1";
    OF_PROFILE = "SELECT correction_notice.id, amendment_id, profile_id, disclosure_id, elements, state, ordered_by, told_by, because, \
                  attempts, raised_at, sent_at, outcome, confirmed_at, recorded_by FROM correction_notice \
                  LEFT JOIN correction_confirmation ON correction_confirmation.notice_id = correction_notice.id \
                  WHERE profile_id = $1 ORDER BY raised_at, correction_notice.id";
    TOLD_BY = "SELECT correction_notice.id, amendment_id, profile_id, disclosure_id, elements, state, ordered_by, told_by, because, \
               attempts, raised_at, sent_at, outcome, confirmed_at, recorded_by FROM correction_notice \
               LEFT JOIN correction_confirmation ON correction_confirmation.notice_id = correction_notice.id WHERE told_by = $1";
    ORDERED = "UPDATE correction_notice SET state = 'due', ordered_by = $2, because = NULL, next_attempt_at = $3 \
               WHERE id = $1 AND state IN ('waiting', 'held', 'withheld', 'refused')";
    DUE = "SELECT id FROM correction_notice WHERE next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT 1";
    LEAVES = "UPDATE correction_notice SET told_by = $2, attempts = attempts + 1, next_attempt_at = $3 \
              WHERE id = $1 AND state = 'due' AND attempts = $4";
    SETTLED = "UPDATE correction_notice SET state = $2, because = $3, next_attempt_at = $4, sent_at = $5 \
               WHERE id = $1 AND state = 'due'";
    CONFIRM = "INSERT INTO correction_confirmation (id, notice_id, outcome, confirmed_at, recorded_by, recorded_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
}

/// A recipient to be told.
#[derive(Debug)]
pub struct NewNotice<'a> {
    pub id: Uuid,
    pub amendment: Uuid,
    pub profile: Uuid,
    /// What told them.
    pub disclosure: Uuid,
    pub elements: &'a BTreeSet<Element>,
    pub at: DateTime<Utc>,
}

/// A recipient to be told, or who was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    pub id: Uuid,
    pub amendment: Uuid,
    pub profile: Uuid,
    pub disclosure: Uuid,
    /// What was told, of what is amended.
    pub elements: BTreeSet<Element>,
    pub state: NoticeState,
    pub ordered_by: Option<Uuid>,
    /// The disclosure that tells it.
    pub told_by: Option<Uuid>,
    /// Why nothing may be told.
    pub because: Option<String>,
    pub attempts: i64,
    pub raised_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub confirmed: Option<Confirmation>,
}

/// That a recipient did what it was told for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    pub outcome: Confirmed,
    pub at: DateTime<Utc>,
    /// None: it came through IDENT.
    pub recorded_by: Option<Uuid>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    amendment_id: Uuid,
    profile_id: Uuid,
    disclosure_id: Uuid,
    elements: String,
    state: String,
    ordered_by: Option<Uuid>,
    told_by: Option<Uuid>,
    because: Option<String>,
    attempts: i64,
    raised_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    confirmed_at: Option<DateTime<Utc>>,
    recorded_by: Option<Uuid>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("correction_notice", column)
}

impl TryFrom<Row> for StoredNotice {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let outcome = row.outcome.map(|key| Confirmed::from_key(&key).ok_or(wrong("outcome"))).transpose()?;
        let recorded_by = row.recorded_by;
        Ok(Self {
            id: row.id,
            amendment: row.amendment_id,
            profile: row.profile_id,
            disclosure: row.disclosure_id,
            elements: words(&row.elements, Element::from_key).ok_or(wrong("elements"))?,
            state: NoticeState::from_key(&row.state).ok_or(wrong("state"))?,
            ordered_by: row.ordered_by,
            told_by: row.told_by,
            because: row.because,
            attempts: row.attempts,
            raised_at: row.raised_at,
            sent_at: row.sent_at,
            confirmed: outcome.zip(row.confirmed_at).map(|(outcome, at)| Confirmation { outcome, at, recorded_by }),
        })
    }
}

fn all(rows: Vec<Row>) -> Result<Vec<StoredNotice>, StoreError> {
    rows.into_iter().map(StoredNotice::try_from).collect()
}

/// Notes a recipient who has to be told. Once for each disclosure and amendment.
pub async fn add(transaction: &mut Connection, new: &NewNotice<'_>) -> Result<bool, StoreError> {
    let elements = joined(new.elements.iter().map(|element| element.key()));
    Ok(execute!(transaction, &ADD, new.id, new.amendment, new.profile, new.disclosure, elements, new.at)? == 1)
}

/// A notice; none if there is none.
pub async fn get(connection: &mut Connection, id: Uuid) -> Result<Option<StoredNotice>, StoreError> {
    fetch!(connection, fetch_optional, Row, &GET, id)?.map(StoredNotice::try_from).transpose()
}

/// Notices that nobody confirmed, the oldest first.
pub async fn unconfirmed(connection: &mut Connection, most: i64) -> Result<Vec<StoredNotice>, StoreError> {
    all(fetch!(connection, fetch_all, Row, &UNCONFIRMED, most)?)
}

/// Notices that were confirmed, the last first.
pub async fn confirmed(connection: &mut Connection, most: i64) -> Result<Vec<StoredNotice>, StoreError> {
    all(fetch!(connection, fetch_all, Row, &CONFIRMED, most)?)
}

/// The notices about a profile, the oldest first.
pub async fn of_profile(connection: &mut Connection, profile: Uuid) -> Result<Vec<StoredNotice>, StoreError> {
    all(fetch!(connection, fetch_all, Row, &OF_PROFILE, profile)?)
}

/// The notice that a disclosure tells; none if it tells none.
pub async fn told_by(connection: &mut Connection, disclosure: Uuid) -> Result<Option<StoredNotice>, StoreError> {
    fetch!(connection, fetch_optional, Row, &TOLD_BY, disclosure)?.map(StoredNotice::try_from).transpose()
}

/// Has a recipient told: by the job from a time on, or by people. False if it cannot be told now.
pub async fn order(transaction: &mut Connection, id: Uuid, by: Uuid, send_at: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &ORDERED, id, by, send_at)? == 1)
}

/// The next notice that is to be sent.
pub async fn due(connection: &mut Connection, now: DateTime<Utc>) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &DUE, now)?.map(|(id,)| id))
}

/// A notice is about to leave by a disclosure; nobody else takes it before a time. False if somebody was quicker.
pub async fn leaves(
    transaction: &mut Connection,
    notice: &StoredNotice,
    disclosure: Uuid,
    again_at: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &LEAVES, notice.id, disclosure, again_at, notice.attempts)? == 1)
}

/// What became of a notice that was on its way.
#[derive(Debug, Clone, Copy)]
pub struct Settled<'a> {
    pub state: NoticeState,
    pub because: Option<&'a str>,
    /// The next try.
    pub again_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// Says what became of a notice that was on its way. False if it is not any more.
pub async fn settle(transaction: &mut Connection, id: Uuid, settled: Settled<'_>) -> Result<bool, StoreError> {
    let Settled { state, because, again_at, sent_at } = settled;
    Ok(execute!(transaction, &SETTLED, id, state.key(), because, again_at, sent_at)? == 1)
}

/// Notes that a recipient confirmed. False if that was noted before.
pub async fn confirm(
    transaction: &mut Connection,
    id: Uuid,
    notice: Uuid,
    confirmation: Confirmation,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Confirmation { outcome, at, recorded_by } = confirmation;
    Ok(execute!(transaction, &CONFIRM, id, notice, outcome.key(), at, recorded_by, now)? == 1)
}
