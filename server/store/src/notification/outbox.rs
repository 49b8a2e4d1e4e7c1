//! The outbox: rows of what is to be sent, claimed by whoever sends.
//!
//! A claim is an update that moves the row's time on, in one statement on both engines. On PostgreSQL a second claimer waits
//! for the first one's short transaction, then looks at the rows again and finds that their time has moved.

use chrono::{DateTime, TimeDelta, Utc};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Bulk, Connection, execute, fetch, fetch_in, statement, write_rows};
use crate::{Clock, StoreError};

statement! { main,
    ADD_REQUEST = "INSERT INTO outbox (id, kind, subject_id, change_id, parameters, due_at, created_at) \
                   VALUES ($1, 'follow_request', $1, $1, $2, $3, $3)";
    ADD_CHANGE = "INSERT INTO outbox (id, kind, subject_id, change_id, due_at, created_at) VALUES ($1, 'case_change', $2, $1, $3, $3)";
    // Both conditions are repeated outside: PostgreSQL asks them again of a row that somebody else has just claimed.
    ADD_WITH = "INSERT INTO outbox (id, kind, subject_id, change_id, parameters, due_at, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (change_id, subject_id) DO NOTHING";
    ADD_FIRST = "INSERT INTO outbox (id, kind, subject_id, change_id, due_at, created_at) \
                 VALUES ($1, 'request_routing', $3, $1, $4, $4), ($2, 'request_mail', $3, $2, $4, $4)";
    PARAMETERS = "SELECT parameters FROM outbox WHERE id = $1 AND parameters IS NOT NULL";
    CLAIM = "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 \
             AND ($4 OR kind NOT IN ('follow_request', 'follower_message', 'request_mail', 'draft_mail', 'reminder', 'address_mail')) ORDER BY due_at, id LIMIT $3) \
             AND state = 'waiting' AND due_at <= $1 RETURNING id, kind, subject_id, change_id, attempts, created_at";
    REQUEST = "SELECT parameters, created_at FROM outbox WHERE id = $1 AND kind = 'follow_request' AND parameters IS NOT NULL";
    SPEND_REQUEST = "UPDATE outbox SET parameters = NULL WHERE id = $1 AND kind = 'follow_request' AND parameters IS NOT NULL";
    // What was given up may be tried again, and the link in a message to confirm asks for its request later.
    FINISH = "UPDATE outbox SET state = $2, finished_at = $3, problem = $4, \
              parameters = CASE WHEN $2 = 'dead' OR ($2 = 'sent' AND kind = 'follow_request') THEN parameters END \
              WHERE id = $1 AND state = 'waiting'";
    TRY_LATER = "UPDATE outbox SET due_at = $2, problem = $3 WHERE id = $1 AND state = 'waiting'";
    EXPIRE_REQUESTS = "UPDATE outbox SET parameters = NULL WHERE kind = 'follow_request' AND parameters IS NOT NULL AND created_at < $1";
    FORGET_FINISHED = "DELETE FROM outbox WHERE finished_at < $1 AND (state IN ('sent', 'dropped') \
                       OR (state = 'dead' AND kind = 'follow_request' AND parameters IS NULL))";
    STANDING = "SELECT kind, state, problem, count(*) AS rows, min(created_at) AS oldest FROM outbox \
                GROUP BY kind, state, problem ORDER BY kind, state, problem";
    DEAD = "SELECT id, kind, attempts, finished_at, problem FROM outbox WHERE state = 'dead' ORDER BY finished_at DESC, id LIMIT $1";
    RETRY_ALL = "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = $1, finished_at = NULL \
                 WHERE state = 'dead' AND (kind <> 'follow_request' OR parameters IS NOT NULL)";
    RETRY = "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = $2, finished_at = NULL \
             WHERE id = $1 AND state = 'dead' AND (kind <> 'follow_request' OR parameters IS NOT NULL)";
}

/// By what means a claimer works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// It can send mails, and do all else.
    Mail,
    /// It has no mail server: mails are left to who has one.
    NoMail,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Somebody wants to follow a case; the subject is the row itself.
    FollowRequest,
    /// A case changed that somebody follows; the subject is the case.
    CaseChange,
    /// News for a follower, who is the subject.
    FollowerMessage,
    /// A machine wants to hear of a number; the subject is its subscription.
    Subscription,
    /// News for a machine; the subject is its subscription.
    WebhookEvent,
    /// A request has to be given to an office; the subject is the request.
    RequestRouting,
    /// Whoever made a request is told that it was stored; the subject is the request.
    RequestMail,
    /// The link to a form that is kept for later; the subject is its draft.
    DraftMail,
    /// The day has come on which somebody may ask; the subject is the case.
    Reminder,
    /// What a change of address has to do; the subject is the change.
    AddressChange,
    /// A mail about a change of address, which is the subject.
    AddressMail,
    /// A letter about a change of address, which is the subject.
    AddressLetter,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::FollowRequest,
        Self::CaseChange,
        Self::FollowerMessage,
        Self::Subscription,
        Self::WebhookEvent,
        Self::RequestRouting,
        Self::RequestMail,
        Self::DraftMail,
        Self::Reminder,
        Self::AddressChange,
        Self::AddressMail,
        Self::AddressLetter,
    ];

    /// The word in the database and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::FollowRequest => "follow_request",
            Self::CaseChange => "case_change",
            Self::FollowerMessage => "follower_message",
            Self::Subscription => "subscription",
            Self::WebhookEvent => "webhook_event",
            Self::RequestRouting => "request_routing",
            Self::RequestMail => "request_mail",
            Self::DraftMail => "draft_mail",
            Self::Reminder => "reminder",
            Self::AddressChange => "address_change",
            Self::AddressMail => "address_mail",
            Self::AddressLetter => "address_letter",
        }
    }

    fn from_key(key: &str) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|kind| kind.key() == key).ok_or(StoreError::inconsistent("outbox", "kind"))
    }
}

/// A row that its claimer has for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub id: Uuid,
    pub kind: Kind,
    pub subject: Uuid,
    /// The row of the change that this one tells of.
    pub change: Uuid,
    /// This one included.
    pub attempts: i64,
    pub created_at: DateTime<Utc>,
    /// When the claim is over.
    pub until: DateTime<Utc>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// There is nothing to send, or nobody to send it to; why is nobody's business.
    Dropped,
    /// To be tried again at this time, with what went wrong in words that hold no address.
    TryLater(DateTime<Utc>, String),
    /// Given up.
    Dead(String),
}

/// What a request holds, and since when.
#[derive(Debug)]
pub struct Request {
    pub content: Sensitive<Vec<u8>>,
    pub created_at: DateTime<Utc>,
}

/// The cell of a request's parameters.
const fn cell(id: Uuid) -> Cell {
    Cell { table: "outbox", column: "parameters", row: id }
}

/// Adds somebody's wish to follow a case.
pub async fn add_request(
    transaction: &mut Connection,
    keys: &Keys,
    id: Uuid,
    content: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = keys.transit().seal(cell(id), content)?;
    execute!(transaction, &ADD_REQUEST, id, sealed, now)?;
    Ok(())
}

/// A request that is neither answered nor too old.
pub async fn request(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Request>, StoreError> {
    let row = fetch!(connection, fetch_optional, (Vec<u8>, DateTime<Utc>), &REQUEST, id)?;
    let Some((sealed, created_at)) = row else { return Ok(None) };
    Ok(Some(Request { content: Sensitive::new(keys.transit().open(cell(id), &sealed)?), created_at }))
}

/// Empties a request that was answered. False if somebody else did.
pub async fn spend_request(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &SPEND_REQUEST, id)? > 0)
}

/// Has the followers of a case told if there is news.
pub async fn add_change(transaction: &mut Connection, clock: &Clock, case: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &ADD_CHANGE, clock.new_id(), case, clock.now())?;
    Ok(())
}

/// The same for those of many cases that somebody follows, or a machine hears of; in the transaction that changes them.
pub async fn note_changes(transaction: &mut Connection, now: DateTime<Utc>, cases: &[Uuid]) -> Result<(), StoreError> {
    let head = "SELECT id FROM case_record WHERE (EXISTS (SELECT 1 FROM followed_case WHERE followed_case.case_id = case_record.id) \
                OR EXISTS (SELECT 1 FROM subscription WHERE subscription.receipt_number = case_record.receipt_number)) AND id IN ";
    let followed = fetch_in!(transaction, (Uuid,), head, cases, "");
    let row = |(case,): (Uuid,)| {
        let id = Clock::id_at(now);
        vec![Bulk::Id(id), Bulk::Text(Kind::CaseChange.key().into()), Bulk::Id(case), Bulk::Id(id), Bulk::At(now), Bulk::At(now)]
    };
    write_rows(transaction, ADD_MANY, followed.into_iter().map(row), "").await?;
    Ok(())
}

const ADD_MANY: &str = "INSERT INTO outbox (id, kind, subject_id, change_id, due_at, created_at) ";

/// Adds what a change has to be told to each of these. Those who have it already keep theirs.
pub async fn add_messages(
    transaction: &mut Connection,
    kind: Kind,
    change: Uuid,
    subjects: &[Uuid],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let row = |subject: &Uuid| {
        let id = Clock::id_at(now);
        vec![Bulk::Id(id), Bulk::Text(kind.key().into()), Bulk::Id(*subject), Bulk::Id(change), Bulk::At(now), Bulk::At(now)]
    };
    write_rows(transaction, ADD_MANY, subjects.iter().map(row), " ON CONFLICT (change_id, subject_id) DO NOTHING").await
}

/// A row to be added.
#[derive(Debug)]
pub struct NewMessage<'a> {
    pub id: Uuid,
    pub kind: Kind,
    pub subject: Uuid,
    /// One cause makes at most one row for a subject.
    pub change: Uuid,
    pub parameters: Option<&'a [u8]>,
    pub due_at: DateTime<Utc>,
}

/// Adds a row of its own. Where its cause has made one already, nothing changes.
pub async fn add_message(
    transaction: &mut Connection,
    keys: &Keys,
    new: &NewMessage<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = new.parameters.map(|plain| keys.transit().seal(cell(new.id), plain)).transpose()?;
    execute!(transaction, &ADD_WITH, new.id, new.kind.key(), new.subject, new.change, sealed, new.due_at, now)?;
    Ok(())
}

/// Adds what follows from a new request: it goes to an office, and whoever asked hears that it came.
pub async fn add_first_messages(
    transaction: &mut Connection,
    request: Uuid,
    [routing, mail]: [Uuid; 2],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &ADD_FIRST, routing, mail, request, now)?;
    Ok(())
}

/// What a row holds; none if it was emptied.
pub async fn parameters(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &PARAMETERS, id)? else { return Ok(None) };
    Ok(Some(Sensitive::new(keys.transit().open(cell(id), &sealed)?)))
}

/// Claims rows that are due, oldest first. They come back at `until` unless they are settled.
pub async fn claim(
    transaction: &mut Connection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    means: Means,
    most: i64,
) -> Result<Vec<Due>, StoreError> {
    type Row = (Uuid, String, Uuid, Uuid, i64, DateTime<Utc>);
    let due = |(id, kind, subject, change, attempts, created_at): Row| {
        Ok(Due { id, kind: Kind::from_key(&kind)?, subject, change, attempts, created_at, until })
    };
    fetch!(transaction, fetch_all, Row, &CLAIM, now, until, most, means == Means::Mail)?.into_iter().map(due).collect()
}

/// Notes what became of a row.
pub async fn settle(transaction: &mut Connection, id: Uuid, outcome: &Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (state, problem) = match outcome {
        Outcome::TryLater(at, problem) => {
            execute!(transaction, &TRY_LATER, id, *at, problem.as_str())?;
            return Ok(());
        }
        Outcome::Sent => ("sent", None),
        Outcome::Dropped => ("dropped", None),
        Outcome::Dead(problem) => ("dead", Some(problem.as_str())),
    };
    execute!(transaction, &FINISH, id, state, now, problem)?;
    Ok(())
}

/// Empties requests made before `time`.
pub async fn expire_requests(transaction: &mut Connection, time: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE_REQUESTS, time)?)
}

/// Deletes what was finished before `time`. What was given up stays until somebody looks, as long as it can be tried again.
pub async fn forget_finished(transaction: &mut Connection, time: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_FINISHED, time)?)
}

/// How many rows of a kind are in a state, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    pub kind: String,
    pub state: String,
    /// What went wrong at the last attempt, if one was made.
    pub problem: Option<String>,
    pub rows: i64,
    pub oldest: DateTime<Utc>,
}

pub async fn standing(connection: &mut Connection) -> Result<Vec<Standing>, StoreError> {
    Ok(fetch!(connection, fetch_all, Standing, &STANDING)?)
}

/// A row that was given up.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Dead {
    pub id: Uuid,
    pub kind: String,
    pub attempts: i64,
    pub finished_at: Option<DateTime<Utc>>,
    pub problem: Option<String>,
}

/// The newest first.
pub async fn dead(connection: &mut Connection, most: i64) -> Result<Vec<Dead>, StoreError> {
    Ok(fetch!(connection, fetch_all, Dead, &DEAD, most)?)
}

/// Has a row tried again that was given up. False if there is none.
pub async fn retry(transaction: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &RETRY, id, now)? > 0)
}

/// The same for all that were given up. Says how many.
pub async fn retry_all(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &RETRY_ALL, now)?)
}

/// How long after an attempt the next one is made: a minute, then twice as long each time, six hours at most.
pub fn pause_after(attempts: i64) -> TimeDelta {
    let doubled = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    TimeDelta::minutes(1 << doubled).min(TimeDelta::hours(6))
}
