//! What was sent to review, as it was then, and what the second person said.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{cell, hash, key};
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    ADD = "INSERT INTO information_review (id, request_id, prepared_by, sent_at, hash, draft) VALUES ($1, $2, $3, $4, $5, $6)";
    LAST = "SELECT id, prepared_by, sent_at, hash, returned_by, approved_by, approved_at, draft FROM information_review \
            WHERE request_id = $1 ORDER BY sent_at DESC, returned_by IS NULL DESC, id DESC LIMIT 1";
    // What was approved, and came back because of a doubt that counsel settled, is approved anew.
    APPROVE = "UPDATE information_review SET approved_by = $2, approved_at = $3 \
               WHERE id = $1 AND prepared_by <> $2 AND returned_by IS NULL";
    GIVE_BACK = "UPDATE information_review SET returned_by = $2, returned_at = $3, approved_by = NULL, approved_at = NULL \
                 WHERE id = $1 AND prepared_by <> $2 AND returned_by IS NULL";
}

/// What is sent to review.
#[derive(Debug)]
pub struct NewReview<'a> {
    pub id: Uuid,
    pub request: Uuid,
    pub prepared_by: Uuid,
    pub at: DateTime<Utc>,
    /// The draft with its documents' hashes, in its one form.
    pub frozen: &'a [u8],
    /// Of that.
    pub hash: [u8; 32],
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReview {
    pub id: Uuid,
    pub prepared_by: Uuid,
    pub sent_at: DateTime<Utc>,
    pub hash: [u8; 32],
    pub returned_by: Option<Uuid>,
    pub approved: Option<(Uuid, DateTime<Utc>)>,
    pub frozen: Vec<u8>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    prepared_by: Uuid,
    sent_at: DateTime<Utc>,
    hash: Vec<u8>,
    returned_by: Option<Uuid>,
    approved_by: Option<Uuid>,
    approved_at: Option<DateTime<Utc>>,
    draft: Vec<u8>,
}

/// Freezes a draft for review.
pub async fn add_review(transaction: &mut Connection, keys: &Keys, new: &NewReview<'_>) -> Result<(), StoreError> {
    let NewReview { id, request, prepared_by, at, frozen, hash } = new;
    let sealed = key(transaction, keys, *request).await?.seal(cell("information_review", "draft", *id), frozen)?;
    execute!(transaction, &ADD, *id, *request, *prepared_by, *at, hash.to_vec(), sealed)?;
    Ok(())
}

/// What was sent to review last; none if nothing was.
pub async fn last_review(connection: &mut Connection, keys: &Keys, request: Uuid) -> Result<Option<StoredReview>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &LAST, request)? else { return Ok(None) };
    let frozen = key(connection, keys, request).await?.open(cell("information_review", "draft", row.id), &row.draft)?;
    Ok(Some(StoredReview {
        id: row.id,
        prepared_by: row.prepared_by,
        sent_at: row.sent_at,
        hash: hash(row.hash, StoreError::inconsistent("information_review", "hash"))?,
        returned_by: row.returned_by,
        approved: row.approved_by.zip(row.approved_at),
        frozen,
    }))
}

/// Releases what is reviewed. False for who prepared it, and if it was given back.
pub async fn approve(transaction: &mut Connection, review: Uuid, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &APPROVE, review, by, at)? == 1)
}

/// Gives back what is reviewed. False for who prepared it, and if it was given back.
pub async fn give_back(transaction: &mut Connection, review: Uuid, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &GIVE_BACK, review, by, at)? == 1)
}
