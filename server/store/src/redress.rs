//! Requests of people about their own records: what they asked, what was decided by whom, what went out. Each has a data key of its
//! own. A request has a state; decisions, agreements to them, answers and statements are added and never changed.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use shared::locale::Locale;
use shared::redress::{Basis, Channel, Decision, Exemption, Extension, Outcome, Part, RedressEvent, RedressKind, RedressState};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, DataKey, WrappedKey, sha256};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};
use crate::waiver::joined;

statement! { main,
    LOCK = "UPDATE installation SET value = '' WHERE name = 'redress_lock'";
    LAST_NUMBER = "SELECT coalesce(max(number), 0) FROM redress_request";
    ADD = "INSERT INTO redress_request (id, number, kind, basis, channel, locale, received_on, logged_by, logged_at, data_key_id, \
           content, state, version, answer_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'received', 0, $12)";
    GET = "SELECT redress_request.id, number, kind, basis, channel, locale, received_on, logged_by, logged_at, state, version, \
           profile_id, acknowledged_on, extension, answer_by, content, data_key.id AS key_id, data_key.wrapping_key, \
           data_key.wrapped FROM redress_request JOIN data_key ON data_key.id = redress_request.data_key_id \
           WHERE redress_request.id = $1";
    WAITING = "SELECT id, number, kind, basis, channel, locale, received_on, logged_by, logged_at, state, version, profile_id, \
               acknowledged_on, extension, answer_by FROM redress_request WHERE state NOT IN ('answered', 'closed') \
               ORDER BY answer_by, number LIMIT $1";
    OVER = "SELECT id, number, kind, basis, channel, locale, received_on, logged_by, logged_at, state, version, profile_id, \
            acknowledged_on, extension, answer_by FROM redress_request WHERE state IN ('answered', 'closed') \
            ORDER BY number DESC LIMIT $1";
    ANY = "SELECT EXISTS (SELECT 1 FROM redress_request)";
    SAVE = "UPDATE redress_request SET state = $3, version = version + 1 WHERE id = $1 AND version = $2";
    SET_PROFILE = "UPDATE redress_request SET profile_id = $2 WHERE id = $1";
    ACKNOWLEDGE = "UPDATE redress_request SET acknowledged_on = $2 WHERE id = $1 AND acknowledged_on IS NULL";
    EXTEND = "UPDATE redress_request SET extension = $2, answer_by = $3 WHERE id = $1 AND extension IS NULL";
    ADD_EVENT = "INSERT INTO redress_event (id, request_id, version, event, state, officer_id, occurred_at, note) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    EVENTS = "SELECT id, event, officer_id, occurred_at, note FROM redress_event WHERE request_id = $1 ORDER BY version";
    PROPOSE = "INSERT INTO redress_decision (id, request_id, outcome, needs_two, given, exemptions, correction_id, proposed_by, \
               proposed_at, reason, version, given_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    AGREE = "INSERT INTO redress_agreement (decision_id, proposed_by, agreed_by, agreed_at) VALUES ($1, $2, $3, $4)";
    DECISIONS = "SELECT redress_decision.id, outcome, needs_two, given, given_sha256, exemptions, correction_id, \
                 redress_decision.proposed_by, proposed_at, reason, agreed_by, agreed_at FROM redress_decision \
                 LEFT JOIN redress_agreement ON redress_agreement.decision_id = redress_decision.id WHERE request_id = $1 \
                 ORDER BY version DESC";
    ANSWER = "INSERT INTO redress_answer (request_id, decision_id, outcome, needs_two, decided_by, agreed_by, answered_by, \
              answered_at, letter_sha256, package_sha256, letter, package) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    ANSWERED = "SELECT decision_id, answered_by, answered_at, letter_sha256, package_sha256, letter, package FROM redress_answer \
                WHERE request_id = $1";
    STATE_DISAGREEMENT = "INSERT INTO redress_statement (id, request_id, profile_id, recorded_by, recorded_at, statement) \
                          VALUES ($1, $2, $3, $4, $5, $6)";
    STATEMENTS = "SELECT id, recorded_by, recorded_at, statement FROM redress_statement WHERE request_id = $1 \
                  ORDER BY recorded_at, id";
    DISPUTED = "SELECT DISTINCT redress_statement.request_id FROM redress_statement \
                JOIN profile ON profile.id = redress_statement.profile_id WHERE profile.root_id = $1 \
                ORDER BY redress_statement.request_id";
}

/// A request to be logged.
#[derive(Debug)]
pub struct NewRedress<'a> {
    pub id: Uuid,
    pub kind: RedressKind,
    pub basis: Basis,
    pub channel: Channel,
    pub locale: Locale,
    pub received_on: NaiveDate,
    pub answer_by: NaiveDate,
    pub logged_by: Uuid,
    pub at: DateTime<Utc>,
    /// Who asks and what, as JSON.
    pub content: &'a [u8],
}

/// A request without what the person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedressHead {
    pub id: Uuid,
    pub number: i64,
    pub kind: RedressKind,
    pub basis: Basis,
    pub channel: Channel,
    pub locale: Locale,
    pub received_on: NaiveDate,
    pub logged_by: Uuid,
    pub logged_at: DateTime<Utc>,
    pub state: RedressState,
    pub version: i64,
    /// Whose records they are.
    pub profile: Option<Uuid>,
    pub acknowledged_on: Option<NaiveDate>,
    pub extension: Option<Extension>,
    pub answer_by: NaiveDate,
}

/// A request, with its key opened.
#[derive(Debug, Clone)]
pub struct StoredRedress {
    pub head: RedressHead,
    pub content: Sensitive<Vec<u8>>,
    key: DataKey,
}

/// What happened to a request.
#[derive(Debug, Clone)]
pub struct StoredRedressEvent {
    pub event: RedressEvent,
    pub officer: Uuid,
    pub at: DateTime<Utc>,
    pub note: Option<Sensitive<String>>,
}

/// A decision, and who agreed to it.
#[derive(Debug, Clone)]
pub struct StoredDecision {
    pub id: Uuid,
    pub decision: Decision,
    /// Of what is given, as it was read when it was proposed.
    pub given_sha256: Vec<u8>,
    pub proposed_by: Uuid,
    pub proposed_at: DateTime<Utc>,
    pub agreed: Option<(Uuid, DateTime<Utc>)>,
}

/// What went out.
#[derive(Debug, Clone)]
pub struct StoredAnswer {
    pub decision: Uuid,
    pub answered_by: Uuid,
    pub answered_at: DateTime<Utc>,
    pub letter_sha256: Vec<u8>,
    pub package_sha256: Option<Vec<u8>>,
    pub letter: Sensitive<Vec<u8>>,
    pub package: Option<Sensitive<Vec<u8>>>,
}

/// That the person disagrees.
#[derive(Debug, Clone)]
pub struct StoredStatement {
    pub recorded_by: Uuid,
    pub recorded_at: DateTime<Utc>,
    pub statement: Sensitive<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct HeadRow {
    id: Uuid,
    number: i64,
    kind: String,
    basis: String,
    channel: String,
    locale: String,
    received_on: String,
    logged_by: Uuid,
    logged_at: DateTime<Utc>,
    state: String,
    version: i64,
    profile_id: Option<Uuid>,
    acknowledged_on: Option<String>,
    extension: Option<String>,
    answer_by: String,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    head: HeadRow,
    content: Vec<u8>,
    key_id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

#[derive(Debug, sqlx::FromRow)]
struct DecisionRow {
    id: Uuid,
    outcome: String,
    needs_two: bool,
    given: String,
    given_sha256: Vec<u8>,
    exemptions: String,
    correction_id: Option<Uuid>,
    proposed_by: Uuid,
    proposed_at: DateTime<Utc>,
    reason: Option<Vec<u8>>,
    agreed_by: Option<Uuid>,
    agreed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct AnswerRow {
    decision_id: Uuid,
    answered_by: Uuid,
    answered_at: DateTime<Utc>,
    letter_sha256: Vec<u8>,
    package_sha256: Option<Vec<u8>>,
    letter: Vec<u8>,
    package: Option<Vec<u8>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("redress_request", column)
}

const fn cell(table: &'static str, column: &'static str, row: Uuid) -> Cell {
    Cell { table, column, row }
}

impl TryFrom<HeadRow> for RedressHead {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        let day = |text: &str, column| text.parse::<NaiveDate>().map_err(|_| wrong(column));
        let extension = row.extension.as_deref().map(|key| Extension::from_key(key).ok_or(wrong("extension"))).transpose()?;
        Ok(Self {
            id: row.id,
            number: row.number,
            kind: RedressKind::from_key(&row.kind).ok_or(wrong("kind"))?,
            basis: Basis::from_key(&row.basis).ok_or(wrong("basis"))?,
            channel: Channel::from_key(&row.channel).ok_or(wrong("channel"))?,
            locale: Locale::from_tag(&row.locale),
            received_on: day(&row.received_on, "received_on")?,
            logged_by: row.logged_by,
            logged_at: row.logged_at,
            state: RedressState::from_key(&row.state).ok_or(wrong("state"))?,
            version: row.version,
            profile: row.profile_id,
            acknowledged_on: row.acknowledged_on.as_deref().map(|text| day(text, "acknowledged_on")).transpose()?,
            extension,
            answer_by: day(&row.answer_by, "answer_by")?,
        })
    }
}

/// Waits until nobody else logs a request, until the end of the transaction.
pub async fn lock(transaction: &mut Connection) -> Result<(), StoreError> {
    execute!(transaction, &LOCK)?;
    Ok(())
}

/// Adds a request with a key of its own, under the next number, which it gives. The caller holds the lock.
pub async fn add(transaction: &mut Connection, keys: &Keys, key: Uuid, new: &NewRedress<'_>) -> Result<i64, StoreError> {
    let data_key = keys.add_key(transaction, "redress", key, new.at).await?;
    let content = data_key.seal(cell("redress_request", "content", new.id), new.content)?;
    let number = fetch!(transaction, fetch_one, (i64,), &LAST_NUMBER)?.0 + 1;
    execute!(
        transaction,
        &ADD,
        new.id,
        number,
        new.kind.key(),
        new.basis.key(),
        new.channel.key(),
        new.locale.tag(),
        new.received_on.to_string(),
        new.logged_by,
        new.at,
        key,
        content,
        new.answer_by.to_string()
    )?;
    Ok(number)
}

/// A request. None if there is none, or its key was destroyed.
pub async fn get(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredRedress>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, id)? else { return Ok(None) };
    let wrapped = WrappedKey { id: row.key_id, wrapping_key: row.wrapping_key, wrapped: row.wrapped };
    let key = keys.unwrap(connection, &wrapped).await?;
    let content = Sensitive::new(key.open(cell("redress_request", "content", id), &row.content)?);
    Ok(Some(StoredRedress { head: row.head.try_into()?, content, key }))
}

/// Requests that wait for an answer, those first that are due first.
pub async fn waiting(connection: &mut Connection, most: i64) -> Result<Vec<RedressHead>, StoreError> {
    fetch!(connection, fetch_all, HeadRow, &WAITING, most)?.into_iter().map(RedressHead::try_from).collect()
}

/// Requests that were answered or closed, the newest first.
pub async fn over(connection: &mut Connection, most: i64) -> Result<Vec<RedressHead>, StoreError> {
    fetch!(connection, fetch_all, HeadRow, &OVER, most)?.into_iter().map(RedressHead::try_from).collect()
}

/// Whether there ever was a request.
pub async fn any(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &ANY)?.0)
}

/// What happens to a request, to be noted beside the state that it leads to.
#[derive(Debug)]
pub struct RedressHappened<'a> {
    pub id: Uuid,
    pub event: RedressEvent,
    pub state: RedressState,
    pub officer: Uuid,
    pub at: DateTime<Utc>,
    pub note: Option<&'a str>,
}

/// Takes a request from the version that was read to its next state. False if somebody was quicker.
pub async fn save(
    transaction: &mut Connection,
    stored: &StoredRedress,
    happened: &RedressHappened<'_>,
) -> Result<bool, StoreError> {
    let (request, version) = (stored.head.id, stored.head.version);
    if execute!(transaction, &SAVE, request, version, happened.state.key())? == 0 {
        return Ok(false);
    }
    let seal = |note: &str| stored.key.seal(cell("redress_event", "note", happened.id), note.as_bytes());
    let note = happened.note.map(seal).transpose()?;
    execute!(
        transaction,
        &ADD_EVENT,
        happened.id,
        request,
        version + 1,
        happened.event.key(),
        happened.state.key(),
        happened.officer,
        happened.at,
        note
    )?;
    Ok(true)
}

/// Says whose records are asked for; none where nobody was found.
pub async fn set_profile(transaction: &mut Connection, request: Uuid, profile: Option<Uuid>) -> Result<(), StoreError> {
    execute!(transaction, &SET_PROFILE, request, profile)?;
    Ok(())
}

/// Notes the day on which the person was told that the request is here. False if that was noted before.
pub async fn acknowledge(transaction: &mut Connection, request: Uuid, on: NaiveDate) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &ACKNOWLEDGE, request, on.to_string())? == 1)
}

/// Moves the day of the answer, once. False if it was moved before.
pub async fn extend(
    transaction: &mut Connection,
    request: Uuid,
    extension: Extension,
    answer_by: NaiveDate,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &EXTEND, request, extension.key(), answer_by.to_string())? == 1)
}

fn text(plain: Vec<u8>, column: &'static str) -> Result<Sensitive<String>, StoreError> {
    String::from_utf8(plain).map(Sensitive::new).map_err(|_| wrong(column))
}

/// What happened to a request, in order.
pub async fn events(connection: &mut Connection, stored: &StoredRedress) -> Result<Vec<StoredRedressEvent>, StoreError> {
    type EventRow = (Uuid, String, Uuid, DateTime<Utc>, Option<Vec<u8>>);
    let read = |(id, event, officer, at, note): EventRow| {
        let open = |sealed: Vec<u8>| text(stored.key.open(cell("redress_event", "note", id), &sealed)?, "note");
        let event = RedressEvent::from_key(&event).ok_or(wrong("event"))?;
        Ok(StoredRedressEvent { event, officer, at, note: note.map(open).transpose()? })
    };
    fetch!(connection, fetch_all, EventRow, &EVENTS, stored.head.id)?.into_iter().map(read).collect()
}

/// Adds a decision, which waits for a second person if it needs one.
pub async fn propose(
    transaction: &mut Connection,
    stored: &StoredRedress,
    id: Uuid,
    (decision, given_sha256): (&Decision, &[u8]),
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let seal = |reason: &str| stored.key.seal(cell("redress_decision", "reason", id), reason.as_bytes());
    let reason = (!decision.reason.is_empty()).then(|| seal(&decision.reason)).transpose()?;
    execute!(
        transaction,
        &PROPOSE,
        id,
        stored.head.id,
        decision.outcome.key(),
        decision.needs_two(),
        joined(decision.given.iter().map(|part| part.key())),
        joined(decision.exemptions.iter().map(|exemption| exemption.key())),
        decision.correction,
        by,
        at,
        reason,
        stored.head.version + 1,
        given_sha256
    )?;
    Ok(())
}

/// Notes that somebody else agrees to a decision. An error if it is the one who proposed it: the database refuses that.
pub async fn agree(transaction: &mut Connection, decision: &StoredDecision, by: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &AGREE, decision.id, decision.proposed_by, by, at)?;
    Ok(())
}

/// Keys with blanks between them; none is none.
fn keys_of<T: Ord>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<BTreeSet<T>> {
    text.split_whitespace().map(read).collect()
}

/// The decisions on a request, the newest first: that is the one that counts.
pub async fn decisions(connection: &mut Connection, stored: &StoredRedress) -> Result<Vec<StoredDecision>, StoreError> {
    let wrong = |column| StoreError::inconsistent("redress_decision", column);
    let read = |row: DecisionRow| {
        let open = |sealed: Vec<u8>| text(stored.key.open(cell("redress_decision", "reason", row.id), &sealed)?, "reason");
        let reason = row.reason.map(open).transpose()?.map_or_else(String::new, |reason| reason.expose().clone());
        let decision = Decision {
            outcome: Outcome::from_key(&row.outcome).ok_or(wrong("outcome"))?,
            given: keys_of(&row.given, Part::from_key).ok_or(wrong("given"))?,
            exemptions: keys_of(&row.exemptions, Exemption::from_key).ok_or(wrong("exemptions"))?,
            correction: row.correction_id,
            reason,
        };
        // What the database was told to guard is what the rule says.
        if decision.needs_two() != row.needs_two {
            return Err(wrong("needs_two"));
        }
        let agreed = row.agreed_by.zip(row.agreed_at);
        let (id, given_sha256) = (row.id, row.given_sha256);
        Ok(StoredDecision { id, decision, given_sha256, proposed_by: row.proposed_by, proposed_at: row.proposed_at, agreed })
    };
    fetch!(connection, fetch_all, DecisionRow, &DECISIONS, stored.head.id)?.into_iter().map(read).collect()
}

/// What goes out.
#[derive(Debug)]
pub struct NewAnswer<'a> {
    pub decision: &'a StoredDecision,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// The letter's content, as JSON.
    pub letter: &'a [u8],
    /// What is given of the records, as JSON.
    pub package: Option<&'a [u8]>,
}

/// Keeps what goes out. An error if it rests on a decision that needs a second person and has none: the database refuses that.
pub async fn answer(transaction: &mut Connection, stored: &StoredRedress, new: &NewAnswer<'_>) -> Result<(), StoreError> {
    let request = stored.head.id;
    let seal = |column, plain: &[u8]| stored.key.seal(cell("redress_answer", column, request), plain);
    let letter = seal("letter", new.letter)?;
    let package = new.package.map(|package| seal("package", package)).transpose()?;
    execute!(
        transaction,
        &ANSWER,
        request,
        new.decision.id,
        new.decision.decision.outcome.key(),
        new.decision.decision.needs_two(),
        new.decision.proposed_by,
        new.decision.agreed.map(|(by, _)| by),
        new.by,
        new.at,
        sha256(new.letter).to_vec(),
        new.package.map(|package| sha256(package).to_vec()),
        letter,
        package
    )?;
    Ok(())
}

/// What went out to a request, if something did.
pub async fn answered(connection: &mut Connection, stored: &StoredRedress) -> Result<Option<StoredAnswer>, StoreError> {
    let request = stored.head.id;
    let Some(row) = fetch!(connection, fetch_optional, AnswerRow, &ANSWERED, request)? else { return Ok(None) };
    let open = |column, sealed: &[u8]| stored.key.open(cell("redress_answer", column, request), sealed).map(Sensitive::new);
    Ok(Some(StoredAnswer {
        decision: row.decision_id,
        answered_by: row.answered_by,
        answered_at: row.answered_at,
        letter_sha256: row.letter_sha256,
        package_sha256: row.package_sha256,
        letter: open("letter", &row.letter)?,
        package: row.package.as_deref().map(|package| open("package", package)).transpose()?,
    }))
}

/// Keeps a statement of disagreement with the person's record.
pub async fn state_disagreement(
    transaction: &mut Connection,
    stored: &StoredRedress,
    (id, profile): (Uuid, Uuid),
    statement: &str,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = stored.key.seal(cell("redress_statement", "statement", id), statement.as_bytes())?;
    execute!(transaction, &STATE_DISAGREEMENT, id, stored.head.id, profile, by, at, sealed)?;
    Ok(())
}

/// The statements that a person sent about a request, the oldest first.
pub async fn statements(connection: &mut Connection, stored: &StoredRedress) -> Result<Vec<StoredStatement>, StoreError> {
    type StatementRow = (Uuid, Uuid, DateTime<Utc>, Vec<u8>);
    let read = |(id, recorded_by, recorded_at, sealed): StatementRow| {
        let statement = text(stored.key.open(cell("redress_statement", "statement", id), &sealed)?, "statement")?;
        Ok(StoredStatement { recorded_by, recorded_at, statement })
    };
    fetch!(connection, fetch_all, StatementRow, &STATEMENTS, stored.head.id)?.into_iter().map(read).collect()
}

/// The requests about which a person disagrees, by the root of their profile: whoever gets the record gets their statements.
pub async fn disputed(connection: &mut Connection, root: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &DISPUTED, root)?.into_iter().map(|(id,)| id).collect())
}
