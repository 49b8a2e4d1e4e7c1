//! Documents that go with an answer.

use chrono::{DateTime, Utc};
use shared::agreement::Element;
use shared::document::{DocumentKind, Redaction};
use uuid::Uuid;

use super::{cell, hash, key};
use crate::StoreError;
use crate::crypto::sha256;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    ADD = "INSERT INTO information_document (id, request_id, element, kind, bytes, sha256, came_sha256, areas, added_by, added_at, \
           content) VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $9, $10)";
    OF_REQUEST = "SELECT id, element, kind, bytes, sha256, areas, added_by, added_at FROM information_document WHERE request_id = $1 \
                  ORDER BY added_at, id";
    CONTENT = "SELECT content FROM information_document WHERE request_id = $1 AND id = $2";
    REPLACE = "UPDATE information_document SET bytes = $3, sha256 = $4, areas = $5, content = $6 \
               WHERE request_id = $1 AND id = $2 AND sha256 = $7";
    REMOVE = "DELETE FROM information_document WHERE request_id = $1 AND id = $2";
}

/// A document to be kept: cleaned and scanned.
#[derive(Debug)]
pub struct NewDocument<'a> {
    pub id: Uuid,
    pub request: Uuid,
    pub element: Element,
    pub kind: DocumentKind,
    /// Of the file as it came.
    pub came_sha256: [u8; 32],
    pub content: &'a [u8],
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// A document, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    pub id: Uuid,
    pub element: Element,
    pub kind: DocumentKind,
    pub bytes: u64,
    /// Of the document as it is kept.
    pub sha256: [u8; 32],
    /// What was taken out.
    pub areas: Vec<Redaction>,
    pub added_by: Uuid,
    pub added_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    element: String,
    kind: String,
    bytes: i64,
    sha256: Vec<u8>,
    areas: String,
    added_by: Uuid,
    added_at: DateTime<Utc>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("information_document", column)
}

impl Row {
    fn read(self) -> Result<DocumentRow, StoreError> {
        Ok(DocumentRow {
            id: self.id,
            element: Element::from_key(&self.element).ok_or(wrong("element"))?,
            kind: DocumentKind::from_key(&self.kind).ok_or(wrong("kind"))?,
            bytes: u64::try_from(self.bytes).map_err(|_| wrong("bytes"))?,
            sha256: hash(self.sha256, wrong("sha256"))?,
            areas: serde_json::from_str(&self.areas).map_err(|_| wrong("areas"))?,
            added_by: self.added_by,
            added_at: self.added_at,
        })
    }
}

fn length(content: &[u8]) -> Result<i64, StoreError> {
    i64::try_from(content.len()).map_err(|_| wrong("bytes"))
}

/// Keeps a document.
pub async fn add_document(transaction: &mut Connection, keys: &Keys, new: &NewDocument<'_>) -> Result<(), StoreError> {
    let NewDocument { id, request, element, kind, came_sha256, content, by, at } = new;
    let sealed = key(transaction, keys, *request).await?.seal(cell("information_document", "content", *id), content)?;
    execute!(
        transaction,
        &ADD,
        *id,
        *request,
        element.key(),
        kind.key(),
        length(content)?,
        sha256(content).to_vec(),
        came_sha256.to_vec(),
        *by,
        *at,
        sealed
    )?;
    Ok(())
}

/// The documents of a request, in the order in which they were added.
pub async fn documents(connection: &mut Connection, request: Uuid) -> Result<Vec<DocumentRow>, StoreError> {
    fetch!(connection, fetch_all, Row, &OF_REQUEST, request)?.into_iter().map(Row::read).collect()
}

/// What is in a document; none if the request has no such one.
pub async fn document_content(
    connection: &mut Connection,
    keys: &Keys,
    request: Uuid,
    id: Uuid,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &CONTENT, request, id)? else { return Ok(None) };
    Ok(Some(key(connection, keys, request).await?.open(cell("information_document", "content", id), &sealed)?))
}

/// Puts what is left of a document in its place. False if it is another since.
pub async fn replace_document(
    transaction: &mut Connection,
    keys: &Keys,
    request: Uuid,
    before: &DocumentRow,
    areas: &[Redaction],
    content: &[u8],
) -> Result<bool, StoreError> {
    let sealed = key(transaction, keys, request).await?.seal(cell("information_document", "content", before.id), content)?;
    let areas = serde_json::to_string(areas).map_err(|_| wrong("areas"))?;
    let replaced = execute!(
        transaction,
        &REPLACE,
        request,
        before.id,
        length(content)?,
        sha256(content).to_vec(),
        areas,
        sealed,
        before.sha256.to_vec()
    )?;
    Ok(replaced == 1)
}

/// Takes a document out. False if there is none.
pub async fn remove_document(transaction: &mut Connection, request: Uuid, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REMOVE, request, id)? == 1)
}
