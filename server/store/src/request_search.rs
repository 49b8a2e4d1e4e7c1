//! What searches go through, what was searched for, and lists that somebody wants again.
//!
//! A row of `request_text` holds words without their order: the office's, words of names as they are said, and words that people or
//! officers wrote as keyed hashes (docs/decisions/0023). Both engines find words in it by their own full-text index.

use chrono::{DateTime, Utc};
use shared::case_status::ReceiptNumber;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, On, execute, fetch, statement};

statement! { main,
    WORDS = "SELECT words FROM request_text WHERE request_id = $1";
    SET_WORDS = "INSERT INTO request_text (request_id, words) VALUES ($1, $2) \
                 ON CONFLICT (request_id) DO UPDATE SET words = excluded.words WHERE request_text.words <> excluded.words";
    TO_WRITE = "SELECT request_id FROM request_text WHERE words = '' ORDER BY seq LIMIT $1";
    NAMES = "SELECT family_name, given_name, middle_name, organization FROM case_party WHERE case_id = $1 ORDER BY role";
    BY_RECEIPT = "SELECT service_request.id FROM service_request JOIN case_record ON case_record.id = service_request.case_id \
                  WHERE receipt_number = $1 ORDER BY received_at DESC, service_request.id LIMIT $2";
    BY_A_NUMBER = "SELECT service_request.id FROM service_request JOIN case_party ON case_party.case_id = service_request.case_id \
                   WHERE a_number_index = $1 ORDER BY received_at DESC, service_request.id LIMIT $2";
    KEEP = "INSERT INTO request_search (id, officer_id, content, expires_at) VALUES ($1, $2, $3, $4)";
    KEPT = "SELECT content FROM request_search WHERE id = $1 AND officer_id = $2 AND expires_at > $3";
    EXPIRE = "DELETE FROM request_search WHERE expires_at <= $1";
    ADD_VIEW = "INSERT INTO request_view (id, office, owner_id, name, chosen, created_by, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    VIEWS = "SELECT id, owner_id, name, chosen FROM request_view WHERE office = $1 AND (owner_id IS NULL OR owner_id = $2) \
             ORDER BY name, id";
    VIEW_OWNER = "SELECT office, owner_id FROM request_view WHERE id = $1";
    DROP_VIEW = "DELETE FROM request_view WHERE id = $1";
}

/// The words of a request.
pub async fn words(connection: &mut Connection, request: Uuid) -> Result<Option<String>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (String,), &WORDS, request)?.map(|(words,)| words))
}

pub async fn set_words(transaction: &mut Connection, request: Uuid, words: &str) -> Result<(), StoreError> {
    execute!(transaction, &SET_WORDS, request, words)?;
    Ok(())
}

/// Requests whose words are to be written.
pub async fn to_write(connection: &mut Connection, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &TO_WRITE, most)?.into_iter().map(|(id,)| id).collect())
}

/// The names of a case's parties.
pub async fn names(connection: &mut Connection, case: Uuid) -> Result<Vec<String>, StoreError> {
    type Row = (String, Option<String>, Option<String>, Option<String>);
    let rows = fetch!(connection, fetch_all, Row, &NAMES, case)?;
    let names = |(family, given, middle, organization): Row| [Some(family), given, middle, organization].into_iter().flatten();
    Ok(rows.into_iter().flat_map(names).collect())
}

/// One of these words has to be there. Of words that say so, the beginning will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOf(pub Vec<Term>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Small letters and digits of ASCII, a letter first.
    pub word: String,
    pub is_beginning: bool,
}

/// The query in the words of an engine's index. Nothing but letters, digits and its own signs can be in it.
fn sqlite_query(all: &[OneOf]) -> String {
    let term = |term: &Term| format!("\"{}\"{}", term.word, if term.is_beginning { "*" } else { "" });
    let one_of = |one_of: &OneOf| format!("({})", one_of.0.iter().map(term).collect::<Vec<_>>().join(" OR "));
    all.iter().map(one_of).collect::<Vec<_>>().join(" AND ")
}

fn postgres_query(all: &[OneOf]) -> String {
    let term = |term: &Term| format!("'{}'{}", term.word, if term.is_beginning { ":*" } else { "" });
    let one_of = |one_of: &OneOf| format!("({})", one_of.0.iter().map(term).collect::<Vec<_>>().join(" | "));
    all.iter().map(one_of).collect::<Vec<_>>().join(" & ")
}

const SQLITE: &str = "SELECT request_text.seq, request_id FROM request_text_index JOIN request_text ON seq = request_text_index.rowid \
                      WHERE request_text_index MATCH $1 AND request_text_index.rowid < $2 ORDER BY request_text_index.rowid DESC LIMIT $3";
const POSTGRES: &str = "SELECT seq, request_id FROM request_text \
                        WHERE to_tsvector('simple', words) @@ to_tsquery('simple', $1) AND seq < $2 ORDER BY seq DESC LIMIT $3";

/// Requests that have all of these words, the newest first, from before a place; with their places.
///
/// # Errors
/// If a word holds anything but small letters and digits of ASCII.
pub async fn find(connection: &mut Connection, all: &[OneOf], before: i64, most: i64) -> Result<Vec<(i64, Uuid)>, StoreError> {
    let is_word = |term: &Term| !term.word.is_empty() && term.word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if all.is_empty() || !all.iter().all(|one_of| !one_of.0.is_empty() && one_of.0.iter().all(is_word)) {
        return Err(StoreError::inconsistent("request_text", "words"));
    }
    Ok(match connection.on() {
        On::Sqlite(connection) => {
            let query = sqlx::query_as::<sqlx::Sqlite, (i64, Uuid)>(SQLITE).bind(sqlite_query(all)).bind(before).bind(most);
            query.fetch_all(connection).await?
        }
        On::Postgres(connection) => {
            let query = sqlx::query_as::<sqlx::Postgres, (i64, Uuid)>(AssertSqlSafe(POSTGRES)).bind(postgres_query(all));
            query.bind(before).bind(most).fetch_all(connection).await?
        }
    })
}

/// The requests about a case, the newest first.
pub async fn by_receipt(connection: &mut Connection, number: &ReceiptNumber, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &BY_RECEIPT, number.as_str(), most)?.into_iter().map(|(id,)| id).collect())
}

/// The requests about cases of whoever has an A-Number, by its keyed hash; the newest first.
pub async fn by_a_number(connection: &mut Connection, index: &[u8], most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &BY_A_NUMBER, index, most)?.into_iter().map(|(id,)| id).collect())
}

const fn cell(id: Uuid) -> Cell {
    Cell { table: "request_search", column: "content", row: id }
}

/// Keeps what an officer looks for.
pub async fn keep(
    transaction: &mut Connection,
    keys: &Keys,
    id: Uuid,
    who: OfficerId,
    content: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = keys.transit().seal(cell(id), content)?;
    execute!(transaction, &KEEP, id, Uuid::from_u128(who.0), sealed, expires_at)?;
    Ok(())
}

/// What this officer looked for; nobody else's.
pub async fn kept(
    connection: &mut Connection,
    keys: &Keys,
    id: Uuid,
    who: OfficerId,
    now: DateTime<Utc>,
) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let row = fetch!(connection, fetch_optional, (Vec<u8>,), &KEPT, id, Uuid::from_u128(who.0), now)?;
    row.map(|(sealed,)| Ok(Sensitive::new(keys.transit().open(cell(id), &sealed)?))).transpose()
}

pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE, now)?)
}

/// A list that somebody wants again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub id: Uuid,
    /// None where it is the office's.
    pub owner: Option<OfficerId>,
    pub name: String,
    /// As JSON.
    pub chosen: String,
}

/// False if there is one of this name.
pub async fn add_view(
    transaction: &mut Connection,
    office: &OfficeCode,
    view: &View,
    by: OfficerId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let owner = view.owner.map(|owner| Uuid::from_u128(owner.0));
    let by = Uuid::from_u128(by.0);
    Ok(execute!(transaction, &ADD_VIEW, view.id, office.as_str(), owner, view.name.as_str(), view.chosen.as_str(), by, now)? > 0)
}

/// An office's views and an officer's own.
pub async fn views(connection: &mut Connection, office: &OfficeCode, who: OfficerId) -> Result<Vec<View>, StoreError> {
    let rows =
        fetch!(connection, fetch_all, (Uuid, Option<Uuid>, String, String), &VIEWS, office.as_str(), Uuid::from_u128(who.0))?;
    let view = |(id, owner, name, chosen): (Uuid, Option<Uuid>, String, String)| View {
        id,
        owner: owner.map(|owner| OfficerId(owner.as_u128())),
        name,
        chosen,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The office of a view, and its owner.
pub async fn view_owner(connection: &mut Connection, id: Uuid) -> Result<Option<(OfficeCode, Option<OfficerId>)>, StoreError> {
    let Some((code, owner)) = fetch!(connection, fetch_optional, (String, Option<Uuid>), &VIEW_OWNER, id)? else { return Ok(None) };
    let office = OfficeCode::parse(&code).map_err(|_| StoreError::inconsistent("request_view", "office"))?;
    Ok(Some((office, owner.map(|owner| OfficerId(owner.as_u128())))))
}

pub async fn drop_view(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &DROP_VIEW, id)? > 0)
}
