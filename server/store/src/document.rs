//! Documents that people attached: their rows, what is encrypted of them, and the objects that no document has.

use chrono::{DateTime, Utc};
use shared::document::{DocumentKind, DocumentView, FileName, MOST_DOCUMENTS, ScanState};
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, DataKey, WrappedKey, hex};
use crate::data_key::{self, Keys};
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    SLOTS = "SELECT slot FROM document WHERE holder_id = $1";
    ADD = "INSERT INTO document (id, holder_id, slot, case_id, name, kind, bytes, sha256, scan, object_key, created_at, expires_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (holder_id, slot) DO NOTHING";
    OF_HOLDER = "SELECT document.id AS document_id, document.name, document.kind, document.bytes, document.sha256, document.scan, \
                 document.object_key, data_key.id, data_key.wrapping_key, data_key.wrapped FROM document \
                 JOIN case_record ON case_record.id = document.case_id \
                 JOIN data_key ON data_key.id = case_record.data_key_id WHERE document.holder_id = $1 ORDER BY document.slot";
    FIND = "SELECT document.id AS document_id, document.name, document.kind, document.bytes, document.sha256, document.scan, \
            document.object_key, data_key.id, data_key.wrapping_key, data_key.wrapped FROM document \
            JOIN case_record ON case_record.id = document.case_id \
            JOIN data_key ON data_key.id = case_record.data_key_id WHERE document.id = $1";
    IDS_OF_HOLDER = "SELECT id FROM document WHERE holder_id = $1 ORDER BY slot";
    MOVE = "UPDATE document SET holder_id = $2, slot = $3, expires_at = NULL WHERE id = $1";
    // A form that is kept for a week is not cut short by the session that goes on with it.
    PROLONG = "UPDATE document SET expires_at = $2 WHERE holder_id = $1 AND expires_at < $2";
    REMOVE = "DELETE FROM document WHERE id = $1 AND holder_id = $2 RETURNING object_key";
    EXPIRE = "DELETE FROM document WHERE id IN \
              (SELECT id FROM document WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2) RETURNING object_key";
    LOOSEN = "INSERT INTO loose_object (object_key, delete_at) VALUES ($1, $2)";
    HOLD = "DELETE FROM loose_object WHERE object_key = $1 AND delete_at > $2";
    DUE = "SELECT object_key FROM loose_object WHERE delete_at <= $1 ORDER BY delete_at LIMIT $2";
    FORGET = "DELETE FROM loose_object WHERE object_key = $1";
}

const fn cell(column: &'static str, row: Uuid) -> Cell {
    Cell { table: "document", column, row }
}

/// What a file was as it came, and what is kept of it.
#[derive(Debug)]
pub struct File<'a> {
    pub name: &'a FileName,
    /// Of the file as it came.
    pub sha256: [u8; 32],
    pub content: &'a [u8],
}

/// A file, encrypted with the key of its case.
#[derive(Debug)]
pub struct SealedFile {
    pub name: Vec<u8>,
    pub sha256: Vec<u8>,
    pub content: Vec<u8>,
}

/// A document to be added.
#[derive(Debug)]
pub struct NewDocument {
    pub id: Uuid,
    pub holder: Uuid,
    pub case: Uuid,
    pub name: Vec<u8>,
    pub kind: DocumentKind,
    pub bytes: u64,
    pub sha256: Vec<u8>,
    pub scan: ScanState,
    pub object_key: Uuid,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// A document that is kept, with what opens its object.
#[derive(Debug)]
pub struct Document {
    pub view: DocumentView,
    pub object_key: Uuid,
    key: DataKey,
}

impl Document {
    /// Opens the object of this document. No other one opens.
    pub fn open(&self, object: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.key.open(cell("content", self.view.id), object)?)
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    document_id: Uuid,
    name: Vec<u8>,
    kind: String,
    bytes: i64,
    sha256: Vec<u8>,
    scan: String,
    object_key: Uuid,
    id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

/// Encrypts a file for its row and its object. `None` if there is no such case, or its key was destroyed.
pub async fn seal(
    connection: &mut Connection,
    keys: &Keys,
    case: Uuid,
    id: Uuid,
    file: &File<'_>,
) -> Result<Option<SealedFile>, StoreError> {
    let Some(key) = data_key::of_case(connection, keys, case).await? else { return Ok(None) };
    Ok(Some(SealedFile {
        name: key.seal(cell("name", id), file.name.as_str().as_bytes())?,
        sha256: key.seal(cell("sha256", id), &file.sha256)?,
        content: key.seal(cell("content", id), file.content)?,
    }))
}

/// How many documents a holder has.
pub async fn count(connection: &mut Connection, holder: Uuid) -> Result<usize, StoreError> {
    Ok(fetch!(connection, fetch_all, (i64,), &SLOTS, holder)?.len())
}

/// The lowest slot that is free.
async fn free_slot(transaction: &mut Connection, holder: Uuid) -> Result<Option<i64>, StoreError> {
    let taken = fetch!(transaction, fetch_all, (i64,), &SLOTS, holder)?;
    let mut slots = (1..).take(MOST_DOCUMENTS);
    Ok(slots.find(|slot| !taken.contains(&(*slot,))))
}

/// Adds a document, whose object is not loose any more. False if the holder has as many as it may.
pub async fn add(transaction: &mut Connection, new: &NewDocument) -> Result<bool, StoreError> {
    // Whoever adds at the same moment may take the slot first; then there is another one, or none.
    while let Some(slot) = free_slot(transaction, new.holder).await? {
        let bytes = i64::try_from(new.bytes).map_err(|_| StoreError::inconsistent("document", "bytes"))?;
        let (kind, scan) = (new.kind.key(), new.scan.key());
        let added = execute!(
            transaction,
            &ADD,
            new.id,
            new.holder,
            slot,
            new.case,
            &new.name,
            kind,
            bytes,
            &new.sha256,
            scan,
            new.object_key,
            new.created_at,
            new.expires_at,
        )?;
        if added > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The documents of a holder, in the order in which they came.
pub async fn of_holder(connection: &mut Connection, keys: &Keys, holder: Uuid) -> Result<Vec<DocumentView>, StoreError> {
    let mut documents = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &OF_HOLDER, holder)? {
        documents.push(read(connection, keys, row).await?.view);
    }
    Ok(documents)
}

pub async fn find(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Document>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &FIND, id)? else { return Ok(None) };
    read(connection, keys, row).await.map(Some)
}

async fn read(connection: &mut Connection, keys: &Keys, row: Row) -> Result<Document, StoreError> {
    let wrong = |column| StoreError::inconsistent("document", column);
    let stored = WrappedKey { id: row.id, wrapping_key: row.wrapping_key, wrapped: row.wrapped };
    let key = keys.unwrap(connection, &stored).await?;
    let name = String::from_utf8(key.open(cell("name", row.document_id), &row.name)?).map_err(|_| wrong("name"))?;
    let view = DocumentView {
        id: row.document_id,
        name: FileName::parse(&name),
        kind: DocumentKind::from_key(&row.kind).ok_or(wrong("kind"))?,
        bytes: u64::try_from(row.bytes).map_err(|_| wrong("bytes"))?,
        sha256: hex(&key.open(cell("sha256", row.document_id), &row.sha256)?),
        scan: ScanState::from_key(&row.scan).ok_or(wrong("scan"))?,
    };
    Ok(Document { view, object_key: row.object_key, key })
}

/// Gives the documents of one holder to another, where they do not expire, and says how many there were. `None` if the other
/// would have more than it may: the caller rolls back.
pub async fn hand_over(transaction: &mut Connection, from: Uuid, to: Uuid) -> Result<Option<usize>, StoreError> {
    let documents = fetch!(transaction, fetch_all, (Uuid,), &IDS_OF_HOLDER, from)?;
    for (id,) in &documents {
        let Some(slot) = free_slot(transaction, to).await? else { return Ok(None) };
        execute!(transaction, &MOVE, id, to, slot)?;
    }
    Ok(Some(documents.len()))
}

/// Keeps the documents of a draft as long as the draft.
pub async fn prolong(transaction: &mut Connection, holder: Uuid, expires_at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &PROLONG, holder, expires_at)?;
    Ok(())
}

/// Removes a document of a holder; its object is to be deleted from now on. False if the holder has no such document.
pub async fn remove(transaction: &mut Connection, holder: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some((object,)) = fetch!(transaction, fetch_optional, (Uuid,), &REMOVE, id, holder)? else { return Ok(false) };
    loosen(transaction, object, now).await?;
    Ok(true)
}

/// Removes up to `most` documents that have expired, and says how many there were.
pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>, most: i64) -> Result<usize, StoreError> {
    let objects = fetch!(transaction, fetch_all, (Uuid,), &EXPIRE, now, most)?;
    for (object,) in &objects {
        loosen(transaction, *object, now).await?;
    }
    Ok(objects.len())
}

/// Notes an object that no document has.
pub async fn loosen(transaction: &mut Connection, object: Uuid, delete_at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &LOOSEN, object, delete_at)?;
    Ok(())
}

/// Takes an object for a document. False if it may have been deleted already.
pub async fn hold(transaction: &mut Connection, object: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &HOLD, object, now)? > 0)
}

/// Objects that are to be deleted.
pub async fn due(connection: &mut Connection, now: DateTime<Utc>, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &DUE, now, most)?.into_iter().map(|(object,)| object).collect())
}

/// Forgets an object that was deleted.
pub async fn forget(transaction: &mut Connection, object: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &FORGET, object)?;
    Ok(())
}
