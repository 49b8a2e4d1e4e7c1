//! Requests to the agency, and what happened to them.

use chrono::{DateTime, NaiveDate, Utc};
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use shared::service_request::{Count, MailTrouble, RequestKind, RequestNumber, Source, Target};
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, DataKey};
use crate::data_key::{self, Keys};
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO service_request (id, number, case_id, kind, round, follows, source, submission_id, locale, content, \
           state, target_days, target_count, due_on, received_at, version, callback_index) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING";
    FIND = "SELECT service_request.id, number, case_id, kind, round, follows, source, service_request.locale, state, office, \
            target_days, target_count, due_on, received_at, receipt_number, version, mail, review_since, tallied \
            FROM service_request JOIN case_record ON case_record.id = service_request.case_id \
            WHERE service_request.id = $1 AND receipt_number < '~'";
    BY_NUMBER = "SELECT id FROM service_request WHERE number = $1";
    BY_CALLBACK = "SELECT id FROM service_request WHERE callback_index = $1";
    BY_SUBMISSION = "SELECT id FROM service_request WHERE submission_id = $1";
    LATEST = "SELECT id FROM service_request WHERE case_id = $1 AND kind = $2 ORDER BY round DESC LIMIT 1";
    OF_CASE = "SELECT id FROM service_request WHERE case_id = $1 ORDER BY received_at, id";
    CONTENT = "SELECT case_id, content FROM service_request WHERE id = $1";
    ADD_EVENT = "INSERT INTO service_request_event (id, request_id, position, occurred_at, actor, event, content) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // Somebody waits for it: one statement for both.
    ADD_FIRST_EVENTS = "INSERT INTO service_request_event (id, request_id, position, occurred_at, actor, event) \
                        VALUES ($1, $2, 0, $3, $4, $5), ($6, $2, 1, $7, $4, $8)";
    EVENTS = "SELECT id, occurred_at, actor, event, content IS NOT NULL AS has_content FROM service_request_event WHERE request_id = $1 ORDER BY position";
    EVENT_CONTENT = "SELECT content FROM service_request_event WHERE id = $1 AND request_id = $2 AND content IS NOT NULL";
    // Whoever changes a request holds its row: of two changes at once the second sees the first.
    HOLD = "UPDATE service_request SET state = state WHERE id = $1 RETURNING state";
    SOME_OPEN_AFTER = "SELECT id FROM service_request WHERE id > $1 AND state NOT IN ('answered', 'withdrawn', 'superseded') \
                       ORDER BY id LIMIT $2";
}

/// A request to be added.
#[derive(Debug)]
pub struct NewRequest<'a> {
    pub id: Uuid,
    pub number: &'a RequestNumber,
    pub case: Uuid,
    pub kind: RequestKind,
    /// Of the requests of this kind about this case; the first is 1.
    pub round: i64,
    pub follows: Option<Uuid>,
    pub source: Source,
    pub submission: Uuid,
    pub locale: Locale,
    pub content: &'a [u8],
    pub state: &'static str,
    pub target: Target,
    pub due_on: NaiveDate,
    pub received_at: DateTime<Utc>,
    /// How many events are added with it.
    pub version: i64,
    /// A keyed hash of the digits that a caller was given.
    pub callback: Option<Vec<u8>>,
}

/// A request, without what was told in it.
#[derive(Debug, Clone)]
pub struct StoredRequest {
    pub id: Uuid,
    pub number: RequestNumber,
    pub case: Uuid,
    pub receipt_number: ReceiptNumber,
    pub kind: RequestKind,
    pub round: i64,
    pub follows: Option<Uuid>,
    pub source: Source,
    pub locale: Locale,
    /// The state's key.
    pub state: String,
    pub office: Option<String>,
    pub target: Target,
    pub due_on: NaiveDate,
    pub received_at: DateTime<Utc>,
    /// How many events it has.
    pub version: i64,
    pub mail: Option<MailTrouble>,
    /// Since when its answer is read a second time.
    pub review_since: Option<DateTime<Utc>>,
    /// How many of its events are in the figures of reports.
    pub tallied: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    case_id: Uuid,
    kind: String,
    round: i64,
    follows: Option<Uuid>,
    source: String,
    locale: String,
    state: String,
    office: Option<String>,
    target_days: i64,
    target_count: String,
    due_on: String,
    received_at: DateTime<Utc>,
    receipt_number: String,
    version: i64,
    mail: Option<String>,
    review_since: Option<DateTime<Utc>>,
    tallied: i64,
}

impl TryFrom<Row> for StoredRequest {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("service_request", column);
        Ok(Self {
            id: row.id,
            number: RequestNumber::parse(&row.number).map_err(|_| wrong("number"))?,
            case: row.case_id,
            receipt_number: ReceiptNumber::parse(&row.receipt_number).map_err(|_| wrong("case_id"))?,
            kind: RequestKind::from_key(&row.kind).ok_or(wrong("kind"))?,
            round: row.round,
            follows: row.follows,
            source: Source::from_key(&row.source).ok_or(wrong("source"))?,
            locale: Locale::from_tag(&row.locale),
            state: row.state,
            office: row.office,
            target: Target {
                days: u16::try_from(row.target_days).map_err(|_| wrong("target_days"))?,
                count: Count::from_key(&row.target_count).ok_or(wrong("target_count"))?,
            },
            due_on: row.due_on.parse().map_err(|_| wrong("due_on"))?,
            received_at: row.received_at,
            version: row.version,
            mail: row.mail.map(|mail| MailTrouble::from_key(&mail).ok_or(wrong("mail"))).transpose()?,
            review_since: row.review_since,
            tallied: row.tallied,
        })
    }
}

const fn cell(id: Uuid) -> Cell {
    Cell { table: "service_request", column: "content", row: id }
}

const fn event_cell(id: Uuid) -> Cell {
    Cell { table: "service_request_event", column: "content", row: id }
}

pub(crate) async fn key_of(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<DataKey, StoreError> {
    data_key::of_case(connection, keys, case).await?.ok_or(StoreError::inconsistent("case_record", "data_key_id"))
}

/// Adds a request. False if this form was sent already, or somebody else has just made the request of this round.
pub async fn add(transaction: &mut Connection, keys: &Keys, new: &NewRequest<'_>) -> Result<bool, StoreError> {
    let key = key_of(transaction, keys, new.case).await?;
    let sealed = key.seal(cell(new.id), new.content)?;
    let added = execute!(
        transaction,
        &ADD,
        new.id,
        new.number.as_str(),
        new.case,
        new.kind.key(),
        new.round,
        new.follows,
        new.source.key(),
        new.submission,
        new.locale.tag(),
        sealed,
        new.state,
        i64::from(new.target.days),
        new.target.count.key(),
        new.due_on.to_string(),
        new.received_at,
        new.version,
        new.callback.as_deref()
    )?;
    Ok(added > 0)
}

pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<StoredRequest>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(StoredRequest::try_from).transpose()
}

pub async fn by_number(connection: &mut Connection, number: &RequestNumber) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &BY_NUMBER, number.as_str())?.map(|(id,)| id))
}

/// The request of the digits that a caller was given, by their keyed hash.
pub async fn by_callback(connection: &mut Connection, index: &[u8]) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &BY_CALLBACK, index)?.map(|(id,)| id))
}

/// The request that a form made.
pub async fn by_submission(connection: &mut Connection, submission: Uuid) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &BY_SUBMISSION, submission)?.map(|(id,)| id))
}

/// The latest request of a kind about a case.
pub async fn latest(connection: &mut Connection, case: Uuid, kind: RequestKind) -> Result<Option<StoredRequest>, StoreError> {
    match fetch!(connection, fetch_optional, (Uuid,), &LATEST, case, kind.key())? {
        Some((id,)) => find(connection, id).await,
        None => Ok(None),
    }
}

/// All requests about a case, the oldest first.
pub async fn of_case(connection: &mut Connection, case: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &OF_CASE, case)?.into_iter().map(|(id,)| id).collect())
}

/// What was told in a request.
pub async fn content(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let Some((case, sealed)) = fetch!(connection, fetch_optional, (Uuid, Vec<u8>), &CONTENT, id)? else { return Ok(None) };
    let key = key_of(connection, keys, case).await?;
    Ok(Some(Sensitive::new(key.open(cell(id), &sealed)?)))
}

/// An event of a request to be added.
#[derive(Debug)]
pub struct NewEvent<'a> {
    pub id: Uuid,
    pub request: Uuid,
    /// From 0.
    pub position: i64,
    pub at: DateTime<Utc>,
    pub actor: &'a str,
    /// As JSON, without personal data.
    pub event: &'a str,
    /// What somebody wrote, with the case whose key encrypts it.
    pub content: Option<(Uuid, &'a [u8])>,
}

pub async fn add_event(transaction: &mut Connection, keys: &Keys, new: &NewEvent<'_>) -> Result<(), StoreError> {
    let sealed = match new.content {
        Some((case, content)) => Some(key_of(transaction, keys, case).await?.seal(event_cell(new.id), content)?),
        None => None,
    };
    execute!(transaction, &ADD_EVENT, new.id, new.request, new.position, new.at, new.actor, new.event, sealed)?;
    Ok(())
}

/// How every request begins: it was received, and stored. Id, moment and JSON of each.
pub async fn add_first_events(
    transaction: &mut Connection,
    request: Uuid,
    actor: &str,
    [received, stored]: &[(Uuid, DateTime<Utc>, String); 2],
) -> Result<(), StoreError> {
    execute!(transaction, &ADD_FIRST_EVENTS, received.0, request, received.1, actor, &received.2, stored.0, stored.1, &stored.2)?;
    Ok(())
}

/// An event as it was recorded, its JSON unread.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredEvent {
    pub id: Uuid,
    pub occurred_at: DateTime<Utc>,
    /// As the audit log names it.
    pub actor: String,
    pub event: String,
    /// Whether somebody wrote something with it.
    pub has_content: bool,
}

/// What happened to a request, the oldest first.
pub async fn events(connection: &mut Connection, id: Uuid) -> Result<Vec<StoredEvent>, StoreError> {
    Ok(fetch!(connection, fetch_all, StoredEvent, &EVENTS, id)?)
}

/// What somebody wrote with an event of a request.
pub async fn event_content(
    connection: &mut Connection,
    keys: &Keys,
    request: &StoredRequest,
    event: Uuid,
) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let row = fetch!(connection, fetch_optional, (Vec<u8>,), &EVENT_CONTENT, event, request.id)?;
    let Some((sealed,)) = row else { return Ok(None) };
    let key = key_of(connection, keys, request.case).await?;
    Ok(Some(Sensitive::new(key.open(event_cell(event), &sealed)?)))
}

/// Keeps others from changing a request until this transaction ends. False if there is none.
pub async fn hold(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(fetch!(transaction, fetch_optional, (String,), &HOLD, id)?.is_some())
}

/// Some requests that are not over, in the order of their ids, from after one of them; nil comes before all.
pub async fn some_open_after(connection: &mut Connection, id: Uuid, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &SOME_OPEN_AFTER, id, most)?.into_iter().map(|(id,)| id).collect())
}
