//! Answers to requests, who gets them, and what goes with them. Whatever somebody wrote is encrypted with the key of the case.

mod batch;
mod command;
mod recipient;
mod template;

pub use batch::{Batch, LaidDown, acknowledge_batch, add_batch, batch, lay_down, open_batches, open_batches_at, recount_batch};
pub use command::{NewCommand, StoredCommand, add_command, command, commands_after, commands_of, mark_sent, settle_command};
pub use recipient::{
    NewRecipient, StoredRecipient, add_recipient, count_to_print, letter, letter_came_back, of_batch, offices_to_print,
    put_in_batch, recipient, recipients_of, set_delivery, set_letter_hash, take_out_of_batch, to_print,
};
pub use template::{StoredTemplate, add_template, retire_template, templates};

use chrono::{DateTime, Utc};
use shared::answer::{Form, Stage};
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, DataKey};
use crate::data_key::{self, Keys};
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    BEGIN = "INSERT INTO answer (id, request_id, case_id, state, version, form, stage, locale, draft, written_by, created_at, changed_at) \
             VALUES ($1, $2, $3, 'draft', 1, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING";
    FIND = "SELECT id, request_id, case_id, number, state, version, form, stage, locale, pdf_sha256, written_by, released_by, \
            created_at, changed_at, released_at, complained_at FROM answer WHERE id = $1";
    UNDER_WAY = "SELECT id FROM answer WHERE request_id = $1 AND state IN ('draft', 'awaiting_review')";
    RELEASED = "SELECT id FROM answer WHERE request_id = $1 AND number IS NOT NULL ORDER BY number";
    TO_REVIEW = "SELECT answer.id FROM answer JOIN service_request ON service_request.id = answer.request_id \
                 WHERE answer.state = 'awaiting_review' AND office = $1 ORDER BY changed_at, answer.id LIMIT $2";
    TEXTS = "SELECT draft, note, content, complaint FROM answer WHERE id = $1";
    SAVE = "UPDATE answer SET version = version + 1, form = $3, stage = $4, locale = $5, draft = $6, written_by = $7, changed_at = $8 \
            WHERE id = $1 AND version = $2 AND state = 'draft'";
    SET_STATE = "UPDATE answer SET version = version + 1, state = $4, note = coalesce($5, note), changed_at = $6 \
                 WHERE id = $1 AND version = $2 AND state = $3";
    RELEASE = "UPDATE answer SET version = version + 1, state = 'released', content = $3, released_by = $4, released_at = $5, \
               changed_at = $5, number = (SELECT coalesce(max(number), 0) + 1 FROM answer AS earlier WHERE earlier.request_id = $6) \
               WHERE id = $1 AND version = $2 AND state IN ('draft', 'awaiting_review') RETURNING number";
    COMPLAIN = "UPDATE answer SET complaint = $2, complained_at = $3 WHERE id = $1 AND state = 'released' AND complained_at IS NULL";
    SET_HASH = "UPDATE answer SET pdf_sha256 = $2 WHERE id = $1 AND pdf_sha256 IS NULL";
    IS_SOMEBODY_ELSE = "SELECT EXISTS (SELECT 1 FROM case_party WHERE lower(family_name) IN ($1, $2, $3) \
                        AND lower(given_name) IN ($4, $5, $6) AND case_id <> $7)";
    PEOPLE = "SELECT role, family_name, given_name, middle_name, organization FROM case_party WHERE case_id = $1 ORDER BY role";
}

/// An answer that is begun.
#[derive(Debug)]
pub struct NewAnswer<'a> {
    pub id: Uuid,
    pub request: Uuid,
    pub case: Uuid,
    pub form: Form,
    pub stage: Stage,
    pub locale: Locale,
    pub draft: &'a [u8],
    pub written_by: Uuid,
    pub at: DateTime<Utc>,
}

/// Where an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerState {
    Draft,
    AwaitingReview,
    Released,
    Discarded,
}

impl AnswerState {
    const ALL: [Self; 4] = [Self::Draft, Self::AwaitingReview, Self::Released, Self::Discarded];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::AwaitingReview => "awaiting_review",
            Self::Released => "released",
            Self::Discarded => "discarded",
        }
    }
}

/// An answer, without its words.
#[derive(Debug, Clone)]
pub struct StoredAnswer {
    pub id: Uuid,
    pub request: Uuid,
    pub case: Uuid,
    /// Of those that were released, from 1.
    pub number: Option<i64>,
    pub state: AnswerState,
    pub version: i64,
    pub form: Form,
    pub stage: Stage,
    pub locale: Locale,
    /// Of the document to be read online, once it was set.
    pub pdf_sha256: Option<Vec<u8>>,
    pub written_by: Uuid,
    pub released_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub released_at: Option<DateTime<Utc>>,
    pub complained_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    request_id: Uuid,
    case_id: Uuid,
    number: Option<i64>,
    state: String,
    version: i64,
    form: String,
    stage: String,
    locale: String,
    pdf_sha256: Option<Vec<u8>>,
    written_by: Uuid,
    released_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    released_at: Option<DateTime<Utc>>,
    complained_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for StoredAnswer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("answer", column);
        Ok(Self {
            id: row.id,
            request: row.request_id,
            case: row.case_id,
            number: row.number,
            state: AnswerState::ALL.into_iter().find(|state| state.key() == row.state).ok_or(wrong("state"))?,
            version: row.version,
            form: Form::from_key(&row.form).ok_or(wrong("form"))?,
            stage: Stage::from_key(&row.stage).ok_or(wrong("stage"))?,
            locale: Locale::from_tag(&row.locale),
            pdf_sha256: row.pdf_sha256,
            written_by: row.written_by,
            released_by: row.released_by,
            created_at: row.created_at,
            changed_at: row.changed_at,
            released_at: row.released_at,
            complained_at: row.complained_at,
        })
    }
}

const fn cell(column: &'static str, id: Uuid) -> Cell {
    Cell { table: "answer", column, row: id }
}

async fn key_of(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<DataKey, StoreError> {
    data_key::of_case(connection, keys, case).await?.ok_or(StoreError::inconsistent("case_record", "data_key_id"))
}

/// Begins an answer. False if one is being written already.
pub async fn begin(transaction: &mut Connection, keys: &Keys, new: &NewAnswer<'_>) -> Result<bool, StoreError> {
    let sealed = key_of(transaction, keys, new.case).await?.seal(cell("draft", new.id), new.draft)?;
    let (form, stage, locale) = (new.form.key(), new.stage.key(), new.locale.tag());
    let begun = execute!(transaction, &BEGIN, new.id, new.request, new.case, form, stage, locale, sealed, new.written_by, new.at)?;
    Ok(begun > 0)
}

pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<StoredAnswer>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(StoredAnswer::try_from).transpose()
}

/// The answer to a request that is being written, or waits for a second reader.
pub async fn under_way(connection: &mut Connection, request: Uuid) -> Result<Option<StoredAnswer>, StoreError> {
    match fetch!(connection, fetch_optional, (Uuid,), &UNDER_WAY, request)? {
        Some((id,)) => find(connection, id).await,
        None => Ok(None),
    }
}

/// The answers to a request that went out, the first one first.
pub async fn released(connection: &mut Connection, request: Uuid) -> Result<Vec<StoredAnswer>, StoreError> {
    let mut answers = Vec::new();
    for (id,) in fetch!(connection, fetch_all, (Uuid,), &RELEASED, request)? {
        answers.extend(find(connection, id).await?);
    }
    Ok(answers)
}

/// Answers of an office that wait for a second reader, the longest first.
pub async fn to_review(connection: &mut Connection, office: &str, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &TO_REVIEW, office, most)?.into_iter().map(|(id,)| id).collect())
}

/// The words of an answer, opened.
#[derive(Debug)]
pub struct Texts {
    pub draft: Sensitive<Vec<u8>>,
    /// Of a second reader who did not release it.
    pub note: Option<Sensitive<String>>,
    /// As it was released, to be read online.
    pub content: Option<Sensitive<Vec<u8>>>,
    pub complaint: Option<Sensitive<String>>,
}

pub async fn texts(connection: &mut Connection, keys: &Keys, answer: &StoredAnswer) -> Result<Texts, StoreError> {
    type Sealed = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);
    let (draft, note, content, complaint) = fetch!(connection, fetch_one, Sealed, &TEXTS, answer.id)?;
    let key = key_of(connection, keys, answer.case).await?;
    let open = |column, sealed: Option<Vec<u8>>| sealed.map(|sealed| key.open(cell(column, answer.id), &sealed)).transpose();
    let words = |column, sealed| -> Result<Option<Sensitive<String>>, StoreError> {
        let wrong = |_| StoreError::inconsistent("answer", column);
        open(column, sealed)?.map(|plain| String::from_utf8(plain).map(Sensitive::new).map_err(wrong)).transpose()
    };
    Ok(Texts {
        draft: Sensitive::new(key.open(cell("draft", answer.id), &draft)?),
        note: words("note", note)?,
        content: open("content", content)?.map(Sensitive::new),
        complaint: words("complaint", complaint)?,
    })
}

/// Saves what was typed. False if somebody else has changed the answer since `version`, or it is no draft any more.
pub async fn save(
    transaction: &mut Connection,
    keys: &Keys,
    answer: &StoredAnswer,
    version: i64,
    new: &NewAnswer<'_>,
) -> Result<bool, StoreError> {
    let sealed = key_of(transaction, keys, answer.case).await?.seal(cell("draft", answer.id), new.draft)?;
    let (form, stage, locale) = (new.form.key(), new.stage.key(), new.locale.tag());
    let saved = execute!(transaction, &SAVE, answer.id, version, form, stage, locale, sealed, new.written_by, new.at)?;
    Ok(saved > 0)
}

/// Moves an answer on, with a reader's note. False if it is not in the state, or of the version, that it was read in.
pub async fn set_state(
    transaction: &mut Connection,
    keys: &Keys,
    answer: &StoredAnswer,
    next: AnswerState,
    note: Option<&str>,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sealed = match note {
        Some(note) => Some(key_of(transaction, keys, answer.case).await?.seal(cell("note", answer.id), note.as_bytes())?),
        None => None,
    };
    let set = execute!(transaction, &SET_STATE, answer.id, answer.version, answer.state.key(), next.key(), sealed, at)?;
    Ok(set > 0)
}

/// Releases an answer with what can be read online, and gives it its number. None if somebody else has changed it.
pub async fn release(
    transaction: &mut Connection,
    keys: &Keys,
    answer: &StoredAnswer,
    content: &[u8],
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let sealed = key_of(transaction, keys, answer.case).await?.seal(cell("content", answer.id), content)?;
    let row = fetch!(transaction, fetch_optional, (i64,), &RELEASE, answer.id, answer.version, sealed, by, at, answer.request)?;
    Ok(row.map(|(number,)| number))
}

/// Notes why an answer did not help. False if somebody has said so before.
pub async fn complain(
    transaction: &mut Connection,
    keys: &Keys,
    answer: &StoredAnswer,
    why: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sealed = key_of(transaction, keys, answer.case).await?.seal(cell("complaint", answer.id), why.as_bytes())?;
    Ok(execute!(transaction, &COMPLAIN, answer.id, sealed, at)? > 0)
}

/// Keeps the hash of the document that was read online for the first time.
pub async fn set_hash(transaction: &mut Connection, answer: Uuid, sha256: &[u8; 32]) -> Result<(), StoreError> {
    execute!(transaction, &SET_HASH, answer, sha256.as_slice())?;
    Ok(())
}

/// Whether somebody of another case has this name. Case systems write names in capitals or not; SQLite knows small letters of
/// ASCII only, so each name is asked for in three ways.
pub async fn is_somebody_else(connection: &mut Connection, given: &str, family: &str, case: Uuid) -> Result<bool, StoreError> {
    let ways = |name: &str| [name.to_lowercase(), name.to_ascii_lowercase(), name.to_uppercase().to_ascii_lowercase()];
    let ([f1, f2, f3], [g1, g2, g3]) = (ways(family), ways(given));
    Ok(fetch!(connection, fetch_one, (bool,), &IS_SOMEBODY_ELSE, f1, f2, f3, g1, g2, g3, case)?.0)
}

/// Somebody of a case, by name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CasePerson {
    /// The key of a `PartyRole`.
    pub role: String,
    pub family_name: String,
    pub given_name: Option<String>,
    pub middle_name: Option<String>,
    pub organization: Option<String>,
}

/// The people of a case.
pub async fn people(connection: &mut Connection, case: Uuid) -> Result<Vec<CasePerson>, StoreError> {
    Ok(fetch!(connection, fetch_all, CasePerson, &PEOPLE, case)?)
}
