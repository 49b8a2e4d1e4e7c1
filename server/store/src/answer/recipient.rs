//! Who gets an answer.

use chrono::{DateTime, Utc};
use shared::answer::{Channel, Delivery, Recipient};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::key_of;
use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO answer_recipient (id, answer_id, recipient, channel, office, state, state_at, content) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND = "SELECT id, answer_id, recipient, channel, office, state, state_at, pdf_sha256, batch_id FROM answer_recipient WHERE id = $1";
    OF_ANSWER = "SELECT id, answer_id, recipient, channel, office, state, state_at, pdf_sha256, batch_id FROM answer_recipient \
                 WHERE answer_id = $1 ORDER BY recipient, channel";
    TO_PRINT = "SELECT id, answer_id, recipient, channel, office, state, state_at, pdf_sha256, batch_id FROM answer_recipient \
                WHERE office = $1 AND state = 'prepared' AND channel = 'letter' AND id > $2 ORDER BY id LIMIT $3";
    OFFICES = "SELECT DISTINCT office FROM answer_recipient WHERE state = 'prepared' AND channel = 'letter' ORDER BY office";
    OF_BATCH = "SELECT id, answer_id, recipient, channel, office, state, state_at, pdf_sha256, batch_id FROM answer_recipient \
                WHERE batch_id = $1 ORDER BY id";
    LETTER = "SELECT case_id, answer_recipient.content FROM answer_recipient JOIN answer ON answer.id = answer_id \
              WHERE answer_recipient.id = $1 AND answer_recipient.content IS NOT NULL";
    PUT_IN_BATCH = "UPDATE answer_recipient SET batch_id = $2, state = 'sent', state_at = $3 \
                    WHERE id = $1 AND state = 'prepared' AND channel = 'letter'";
    TAKE_OUT_OF_BATCH = "UPDATE answer_recipient SET batch_id = NULL, state = 'prepared', state_at = $3 \
                         WHERE id = $1 AND batch_id = $2 AND state = 'sent'";
    COUNT_TO_PRINT = "SELECT count(*) FROM answer_recipient WHERE office = $1 AND state = 'prepared' AND channel = 'letter'";
    CAME_BACK = "SELECT EXISTS (SELECT 1 FROM answer_recipient JOIN answer ON answer.id = answer_id WHERE request_id = $1 \
                 AND recipient = 'person' AND channel = 'letter' AND answer_recipient.state = 'returned' \
                 AND number = (SELECT max(number) FROM answer AS newest WHERE newest.request_id = $1))";
    SET_STATE = "UPDATE answer_recipient SET state = $3, state_at = $4 WHERE id = $1 AND state = $2";
    SET_HASH = "UPDATE answer_recipient SET pdf_sha256 = $2 WHERE id = $1 AND pdf_sha256 IS NULL";
}

/// Somebody who is to get an answer.
#[derive(Debug)]
pub struct NewRecipient<'a> {
    pub id: Uuid,
    pub answer: Uuid,
    pub case: Uuid,
    pub recipient: Recipient,
    pub channel: Channel,
    /// The office that answers, and prints.
    pub office: &'a str,
    pub state: Delivery,
    pub at: DateTime<Utc>,
    /// The copy on paper.
    pub content: Option<&'a [u8]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecipient {
    pub id: Uuid,
    pub answer: Uuid,
    pub recipient: Recipient,
    pub channel: Channel,
    pub office: String,
    pub state: Delivery,
    pub state_at: DateTime<Utc>,
    /// Of the document that was printed.
    pub pdf_sha256: Option<Vec<u8>>,
    pub batch: Option<Uuid>,
}

type Row = (Uuid, Uuid, String, String, String, String, DateTime<Utc>, Option<Vec<u8>>, Option<Uuid>);

fn read((id, answer, recipient, channel, office, state, state_at, pdf_sha256, batch): Row) -> Result<StoredRecipient, StoreError> {
    let wrong = |column| StoreError::inconsistent("answer_recipient", column);
    Ok(StoredRecipient {
        id,
        answer,
        recipient: Recipient::from_key(&recipient).ok_or(wrong("recipient"))?,
        channel: Channel::from_key(&channel).ok_or(wrong("channel"))?,
        office,
        state: Delivery::from_key(&state).ok_or(wrong("state"))?,
        state_at,
        pdf_sha256,
        batch,
    })
}

const fn cell(id: Uuid) -> Cell {
    Cell { table: "answer_recipient", column: "content", row: id }
}

pub async fn add_recipient(transaction: &mut Connection, keys: &Keys, new: &NewRecipient<'_>) -> Result<(), StoreError> {
    let sealed = match new.content {
        Some(content) => Some(key_of(transaction, keys, new.case).await?.seal(cell(new.id), content)?),
        None => None,
    };
    let (recipient, channel, state) = (new.recipient.key(), new.channel.key(), new.state.key());
    execute!(transaction, &ADD, new.id, new.answer, recipient, channel, new.office, state, new.at, sealed)?;
    Ok(())
}

pub async fn recipient(connection: &mut Connection, id: Uuid) -> Result<Option<StoredRecipient>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(read).transpose()
}

pub async fn recipients_of(connection: &mut Connection, answer: Uuid) -> Result<Vec<StoredRecipient>, StoreError> {
    fetch!(connection, fetch_all, Row, &OF_ANSWER, answer)?.into_iter().map(read).collect()
}

/// Letters of an office that wait to be printed, from after one of them; nil comes before all.
pub async fn to_print(
    connection: &mut Connection,
    office: &str,
    after: Uuid,
    most: i64,
) -> Result<Vec<StoredRecipient>, StoreError> {
    fetch!(connection, fetch_all, Row, &TO_PRINT, office, after, most)?.into_iter().map(read).collect()
}

/// How many letters of an office wait to be printed.
pub async fn count_to_print(connection: &mut Connection, office: &str) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &COUNT_TO_PRINT, office)?.0)
}

/// Whether the person's letter with the newest answer to a request came back.
pub async fn letter_came_back(connection: &mut Connection, request: Uuid) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &CAME_BACK, request)?.0)
}

/// The offices whose letters wait to be printed.
pub async fn offices_to_print(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String,), &OFFICES)?.into_iter().map(|(office,)| office).collect())
}

pub async fn of_batch(connection: &mut Connection, batch: Uuid) -> Result<Vec<StoredRecipient>, StoreError> {
    fetch!(connection, fetch_all, Row, &OF_BATCH, batch)?.into_iter().map(read).collect()
}

/// The copy on paper.
pub async fn letter(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let Some((case, sealed)) = fetch!(connection, fetch_optional, (Uuid, Vec<u8>), &LETTER, id)? else { return Ok(None) };
    let key = key_of(connection, keys, case).await?;
    Ok(Some(Sensitive::new(key.open(cell(id), &sealed)?)))
}

/// Puts a letter into a batch. False if somebody else did.
pub async fn put_in_batch(transaction: &mut Connection, id: Uuid, batch: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &PUT_IN_BATCH, id, batch, at)? > 0)
}

/// Takes a letter out of a batch that nobody has acknowledged: it is not mailed. False if it is not in it any more.
pub async fn take_out_of_batch(transaction: &mut Connection, id: Uuid, batch: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &TAKE_OUT_OF_BATCH, id, batch, at)? > 0)
}

/// Moves a delivery on. False if it is not where it was.
pub async fn set_delivery(
    transaction: &mut Connection,
    id: Uuid,
    from: Delivery,
    next: Delivery,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &SET_STATE, id, from.key(), next.key(), at)? > 0)
}

/// Keeps the hash of the document that was printed first.
pub async fn set_letter_hash(transaction: &mut Connection, id: Uuid, sha256: &[u8; 32]) -> Result<(), StoreError> {
    execute!(transaction, &SET_HASH, id, sha256.as_slice())?;
    Ok(())
}
