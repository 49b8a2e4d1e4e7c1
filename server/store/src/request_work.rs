//! What officers do with a request beside its events: notes, who has it open, questions to other offices, and what
//! supervisors have to know. Words are encrypted with the key of the case.

use chrono::{DateTime, NaiveDate, Utc};
use shared::live::ChangeKind;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};
use crate::live;
use crate::service_request::key_of;

statement! { main,
    ADD_NOTE = "INSERT INTO request_note (id, request_id, officer_id, content, created_at) VALUES ($1, $2, $3, $4, $5)";
    NOTES = "SELECT id, officer_id, content, created_at FROM request_note WHERE request_id = $1 ORDER BY created_at, id";
    SEEN = "INSERT INTO request_presence (request_id, officer_id, seen_at) VALUES ($1, $2, $3) \
            ON CONFLICT (request_id, officer_id) DO UPDATE SET seen_at = excluded.seen_at";
    PRESENT = "SELECT officer_id, seen_at FROM request_presence WHERE request_id = $1 AND seen_at > $2 ORDER BY officer_id";
    GONE = "DELETE FROM request_presence WHERE request_id = $1 AND officer_id = $2";
    FORGET_PRESENCE = "DELETE FROM request_presence WHERE seen_at <= $1";
    ASK = "INSERT INTO request_question (id, request_id, from_office, to_office, asked_by, question, asked_at, ends_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    QUESTIONS = "SELECT id, request_id, from_office, to_office, asked_by, question, asked_at, ends_at, answered_by, answer, answered_at \
                 FROM request_question WHERE request_id = $1 ORDER BY asked_at, id";
    QUESTION = "SELECT id, request_id, from_office, to_office, asked_by, question, asked_at, ends_at, answered_by, answer, answered_at \
                FROM request_question WHERE id = $1";
    OPEN_QUESTIONS = "SELECT id, request_id FROM request_question WHERE to_office = $1 AND answered_at IS NULL AND ends_at > $2 \
                      ORDER BY ends_at, id LIMIT $3";
    ASKED_OFFICES = "SELECT DISTINCT to_office FROM request_question WHERE request_id = $1 AND answered_at IS NULL AND ends_at > $2 \
                     ORDER BY to_office";
    ANSWER = "UPDATE request_question SET answered_by = $2, answer = $3, answered_at = $4 \
              WHERE id = $1 AND answered_at IS NULL AND ends_at > $4 RETURNING request_id";
    ESCALATE = "INSERT INTO request_escalation (request_id, stage, owed_on, office, raised_at) \
                SELECT id, $1, owed_on, office, $2 FROM service_request \
                WHERE office = $3 AND owed_on IS NOT NULL AND owed_on >= $4 AND owed_on <= $5 \
                ON CONFLICT (request_id, stage, owed_on) DO NOTHING";
    ESCALATIONS = "SELECT request_escalation.request_id, stage, request_escalation.owed_on, raised_at FROM request_escalation \
                   JOIN service_request ON service_request.id = request_escalation.request_id \
                   WHERE request_escalation.office = $1 AND seen_at IS NULL AND service_request.owed_on = request_escalation.owed_on \
                   AND service_request.office = $1 ORDER BY raised_at, request_escalation.request_id LIMIT $2";
    ESCALATION_SEEN = "UPDATE request_escalation SET seen_by = $3, seen_at = $4 WHERE request_id = $1 AND office = $2 AND seen_at IS NULL";
    OFFICES = "SELECT DISTINCT office FROM request_count WHERE tally = 'owed' ORDER BY office";
}

const fn note_cell(id: Uuid) -> Cell {
    Cell { table: "request_note", column: "content", row: id }
}

const fn question_cell(id: Uuid) -> Cell {
    Cell { table: "request_question", column: "question", row: id }
}

const fn answer_cell(id: Uuid) -> Cell {
    Cell { table: "request_question", column: "answer", row: id }
}

fn officer(id: Uuid) -> OfficerId {
    OfficerId(id.as_u128())
}

fn uuid(officer: OfficerId) -> Uuid {
    Uuid::from_u128(officer.0)
}

fn words(table: &'static str, plain: Vec<u8>) -> Result<Sensitive<String>, StoreError> {
    String::from_utf8(plain).map(Sensitive::new).map_err(|_| StoreError::inconsistent(table, "content"))
}

/// What an officer noted.
#[derive(Debug, Clone)]
pub struct Note {
    pub id: Uuid,
    pub officer: OfficerId,
    pub text: Sensitive<String>,
    pub created_at: DateTime<Utc>,
}

pub async fn add_note(transaction: &mut Connection, keys: &Keys, case: Uuid, request: Uuid, note: &Note) -> Result<(), StoreError> {
    let sealed = key_of(transaction, keys, case).await?.seal(note_cell(note.id), note.text.expose().as_bytes())?;
    execute!(transaction, &ADD_NOTE, note.id, request, uuid(note.officer), sealed, note.created_at)?;
    live::note_beside(transaction, request, ChangeKind::Note, note.officer, note.created_at).await
}

/// The oldest first.
pub async fn notes(connection: &mut Connection, keys: &Keys, case: Uuid, request: Uuid) -> Result<Vec<Note>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid, Uuid, Vec<u8>, DateTime<Utc>), &NOTES, request)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = key_of(connection, keys, case).await?;
    let note = |(id, who, sealed, created_at): (Uuid, Uuid, Vec<u8>, DateTime<Utc>)| {
        Ok(Note { id, officer: officer(who), text: words("request_note", key.open(note_cell(id), &sealed)?)?, created_at })
    };
    rows.into_iter().map(note).collect()
}

/// Notes that an officer has a request open.
pub async fn seen(transaction: &mut Connection, request: Uuid, who: OfficerId, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &SEEN, request, uuid(who), now)?;
    Ok(())
}

/// Who had a request open after `since`.
pub async fn present(connection: &mut Connection, request: Uuid, since: DateTime<Utc>) -> Result<Vec<OfficerId>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid, DateTime<Utc>), &PRESENT, request, since)?;
    Ok(rows.into_iter().map(|(id, _)| officer(id)).collect())
}

/// Notes that an officer has closed a request.
pub async fn gone(transaction: &mut Connection, request: Uuid, who: OfficerId) -> Result<(), StoreError> {
    execute!(transaction, &GONE, request, uuid(who))?;
    Ok(())
}

pub async fn forget_presence(transaction: &mut Connection, until: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_PRESENCE, until)?)
}

/// A question to another office.
#[derive(Debug, Clone)]
pub struct Question {
    pub id: Uuid,
    pub request: Uuid,
    pub from: OfficeCode,
    pub to: OfficeCode,
    pub asked_by: OfficerId,
    pub question: Sensitive<String>,
    pub asked_at: DateTime<Utc>,
    /// When the other office may not read the request any more.
    pub ends_at: DateTime<Utc>,
    pub answer: Option<Answered>,
}

#[derive(Debug, Clone)]
pub struct Answered {
    pub by: OfficerId,
    pub text: Sensitive<String>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct QuestionRow {
    id: Uuid,
    request_id: Uuid,
    from_office: String,
    to_office: String,
    asked_by: Uuid,
    question: Vec<u8>,
    asked_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    answered_by: Option<Uuid>,
    answer: Option<Vec<u8>>,
    answered_at: Option<DateTime<Utc>>,
}

impl QuestionRow {
    fn open(self, key: &crate::crypto::DataKey) -> Result<Question, StoreError> {
        let office = |code: &str| OfficeCode::parse(code).map_err(|_| StoreError::inconsistent("request_question", "office"));
        let answer = match (self.answered_by, self.answer, self.answered_at) {
            (Some(by), Some(sealed), Some(at)) => {
                let text = words("request_question", key.open(answer_cell(self.id), &sealed)?)?;
                Some(Answered { by: officer(by), text, at })
            }
            _ => None,
        };
        Ok(Question {
            id: self.id,
            request: self.request_id,
            from: office(&self.from_office)?,
            to: office(&self.to_office)?,
            asked_by: officer(self.asked_by),
            question: words("request_question", key.open(question_cell(self.id), &self.question)?)?,
            asked_at: self.asked_at,
            ends_at: self.ends_at,
            answer,
        })
    }
}

pub async fn ask(transaction: &mut Connection, keys: &Keys, case: Uuid, question: &Question) -> Result<(), StoreError> {
    let sealed = key_of(transaction, keys, case).await?.seal(question_cell(question.id), question.question.expose().as_bytes())?;
    execute!(
        transaction,
        &ASK,
        question.id,
        question.request,
        question.from.as_str(),
        question.to.as_str(),
        uuid(question.asked_by),
        sealed,
        question.asked_at,
        question.ends_at
    )?;
    live::note_beside(transaction, question.request, ChangeKind::Question, question.asked_by, question.asked_at).await
}

/// The questions about a request, the oldest first.
pub async fn questions(connection: &mut Connection, keys: &Keys, case: Uuid, request: Uuid) -> Result<Vec<Question>, StoreError> {
    let rows = fetch!(connection, fetch_all, QuestionRow, &QUESTIONS, request)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = key_of(connection, keys, case).await?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// The request that a question is about, and the office that it was put to.
pub async fn question_about(connection: &mut Connection, id: Uuid) -> Result<Option<(Uuid, OfficeCode)>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, QuestionRow, &QUESTION, id)? else { return Ok(None) };
    let office = OfficeCode::parse(&row.to_office).map_err(|_| StoreError::inconsistent("request_question", "office"))?;
    Ok(Some((row.request_id, office)))
}

/// Questions that an office has to answer, with their requests; whose time ends first comes first.
pub async fn open_questions(
    connection: &mut Connection,
    office: &OfficeCode,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid, Uuid), &OPEN_QUESTIONS, office.as_str(), now, most)?)
}

/// The offices that may read a request because they were asked about it.
pub async fn asked_offices(connection: &mut Connection, request: Uuid, now: DateTime<Utc>) -> Result<Vec<OfficeCode>, StoreError> {
    let read = |(code,): (String,)| OfficeCode::parse(&code).map_err(|_| StoreError::inconsistent("request_question", "office"));
    fetch!(connection, fetch_all, (String,), &ASKED_OFFICES, request, now)?.into_iter().map(read).collect()
}

/// Answers a question. False if somebody has, or its time is over.
pub async fn answer(
    transaction: &mut Connection,
    keys: &Keys,
    case: Uuid,
    id: Uuid,
    answered: &Answered,
) -> Result<bool, StoreError> {
    let sealed = key_of(transaction, keys, case).await?.seal(answer_cell(id), answered.text.expose().as_bytes())?;
    let row = fetch!(transaction, fetch_optional, (Uuid,), &ANSWER, id, uuid(answered.by), sealed, answered.at)?;
    let Some((request,)) = row else { return Ok(false) };
    live::note_beside(transaction, request, ChangeKind::Question, answered.by, answered.at).await?;
    Ok(true)
}

/// What a supervisor has to know of a request's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Near,
    Due,
    Over,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::Near, Self::Due, Self::Over];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Due => "due",
            Self::Over => "over",
        }
    }
}

/// Raises what is owed by a day from one to another. Gives how many are new.
pub async fn escalate(
    transaction: &mut Connection,
    office: &OfficeCode,
    stage: Stage,
    days: (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let (from, until) = (days.0.to_string(), days.1.to_string());
    Ok(execute!(transaction, &ESCALATE, stage.key(), now, office.as_str(), from, until)?)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    pub request: Uuid,
    pub stage: Stage,
    pub owed_on: NaiveDate,
    pub raised_at: DateTime<Utc>,
}

/// What nobody at an office has taken note of yet, of requests that are still owed by that day; the oldest first.
pub async fn escalations(connection: &mut Connection, office: &OfficeCode, most: i64) -> Result<Vec<Escalation>, StoreError> {
    let wrong = || StoreError::inconsistent("request_escalation", "stage");
    let read = |(request, stage, owed_on, raised_at): (Uuid, String, String, DateTime<Utc>)| {
        Ok(Escalation {
            request,
            stage: Stage::ALL.into_iter().find(|known| known.key() == stage).ok_or_else(wrong)?,
            owed_on: owed_on.parse().map_err(|_| wrong())?,
            raised_at,
        })
    };
    let rows = fetch!(connection, fetch_all, (Uuid, String, String, DateTime<Utc>), &ESCALATIONS, office.as_str(), most)?;
    rows.into_iter().map(read).collect()
}

/// Notes that a supervisor knows.
pub async fn escalation_seen(
    transaction: &mut Connection,
    request: Uuid,
    office: &OfficeCode,
    who: OfficerId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &ESCALATION_SEEN, request, office.as_str(), uuid(who), now)? > 0)
}

/// The offices by which answers are owed.
pub async fn offices(connection: &mut Connection) -> Result<Vec<OfficeCode>, StoreError> {
    let read = |(code,): (String,)| OfficeCode::parse(&code).map_err(|_| StoreError::inconsistent("request_count", "office"));
    fetch!(connection, fetch_all, (String,), &OFFICES)?.into_iter().map(read).collect()
}
