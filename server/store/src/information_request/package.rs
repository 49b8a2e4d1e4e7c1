//! What is handed to OBIM: sealed for its key, and gone from here when it was sent.

use chrono::{DateTime, Utc};
use shared::agreement::{Partner, Purpose};
use shared::partner_query::{InboundState, ReplyResult};
use uuid::Uuid;

use super::hash;
use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    ADD = "INSERT INTO information_package (id, request_id, review_id, prepared_by, approved_by, number, result, reply_sha256, bytes, \
           sha256, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ADD_PART = "INSERT INTO information_package_part (package_id, position, bytes) VALUES ($1, $2, $3)";
    PART = "SELECT information_package_part.bytes FROM information_package_part \
            JOIN information_package ON information_package.id = information_package_part.package_id \
            WHERE package_id = $1 AND position = $2 AND fetched_at IS NOT NULL AND ended_at IS NULL";
    PARTS = "SELECT count(*) FROM information_package_part WHERE package_id = $1";
    FORGET_PARTS = "DELETE FROM information_package_part WHERE package_id = $1";
    TO_PACKAGE = "SELECT id FROM foreign_query WHERE kind = 'request' AND state IN ('approved', 'packaged') \
                  ORDER BY changed_at, id LIMIT 1";
    GET = "SELECT id, request_id, review_id, prepared_by, approved_by, number, result, reply_sha256, bytes, sha256, made_at, fetched_by, \
           fetched_at FROM information_package WHERE id = $1";
    AT_HAND = "SELECT id, request_id, review_id, prepared_by, approved_by, number, result, reply_sha256, bytes, sha256, made_at, \
               fetched_by, fetched_at FROM information_package WHERE request_id = $1 AND (ended_at IS NULL OR outcome = 'sent')";
    LISTED = "SELECT information_package.id, foreign_query.id AS request_id, partner, purpose, profile_id, transaction_number, state, \
              bytes, information_package.sha256, made_at, due_at, fetched_by, fetched_at FROM information_package \
              JOIN foreign_query ON foreign_query.id = information_package.request_id \
              WHERE (ended_at IS NULL AND state IN ('handed_to_cpms', 'retrieved_by_obim')) OR (outcome = 'sent' AND ended_at > $1) \
              ORDER BY ended_at IS NOT NULL, due_at IS NULL, due_at, made_at, information_package.id LIMIT $2";
    FETCHED = "UPDATE information_package SET fetched_by = $2, fetched_at = $3 WHERE id = $1 AND fetched_by IS NULL AND ended_at IS NULL";
    END = "UPDATE information_package SET ended_at = $2, outcome = $3 WHERE id = $1 AND ended_at IS NULL";
}

/// What became of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageOutcome {
    Sent,
    /// It may not leave as it is, or could not be sent.
    Failed,
}

impl PackageOutcome {
    const fn key(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// A package that was made.
#[derive(Debug)]
pub struct NewPackage<'a> {
    pub id: Uuid,
    pub request: Uuid,
    pub review: Uuid,
    pub prepared_by: Uuid,
    pub approved_by: Uuid,
    /// Of the reply in it.
    pub number: &'a str,
    pub result: ReplyResult,
    pub reply_sha256: [u8; 32],
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub at: DateTime<Utc>,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPackage {
    pub id: Uuid,
    pub request: Uuid,
    pub review: Uuid,
    pub prepared_by: Uuid,
    pub approved_by: Uuid,
    pub number: String,
    pub result: ReplyResult,
    pub reply_sha256: [u8; 32],
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub made_at: DateTime<Utc>,
    pub fetched: Option<(Uuid, DateTime<Utc>)>,
}

/// A package in the list of OBIM's analysts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageRow {
    pub id: Uuid,
    pub request: Uuid,
    pub partner: Partner,
    pub purpose: Purpose,
    pub profile: Option<Uuid>,
    pub transaction_number: String,
    pub state: InboundState,
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub made_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub fetched: Option<(Uuid, DateTime<Utc>)>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    request_id: Uuid,
    review_id: Uuid,
    prepared_by: Uuid,
    approved_by: Uuid,
    number: String,
    result: String,
    reply_sha256: Vec<u8>,
    bytes: i64,
    sha256: Vec<u8>,
    made_at: DateTime<Utc>,
    fetched_by: Option<Uuid>,
    fetched_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct Listed {
    id: Uuid,
    request_id: Uuid,
    partner: String,
    purpose: String,
    profile_id: Option<Uuid>,
    transaction_number: String,
    state: String,
    bytes: i64,
    sha256: Vec<u8>,
    made_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    fetched_by: Option<Uuid>,
    fetched_at: Option<DateTime<Utc>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("information_package", column)
}

impl Row {
    fn read(self) -> Result<StoredPackage, StoreError> {
        Ok(StoredPackage {
            id: self.id,
            request: self.request_id,
            review: self.review_id,
            prepared_by: self.prepared_by,
            approved_by: self.approved_by,
            number: self.number,
            result: ReplyResult::from_key(&self.result).ok_or(wrong("result"))?,
            reply_sha256: hash(self.reply_sha256, wrong("reply_sha256"))?,
            bytes: u64::try_from(self.bytes).map_err(|_| wrong("bytes"))?,
            sha256: hash(self.sha256, wrong("sha256"))?,
            made_at: self.made_at,
            fetched: self.fetched_by.zip(self.fetched_at),
        })
    }
}

impl Listed {
    fn read(self) -> Result<PackageRow, StoreError> {
        Ok(PackageRow {
            id: self.id,
            request: self.request_id,
            partner: Partner::from_key(&self.partner).ok_or(super::wrong("partner"))?,
            purpose: Purpose::from_key(&self.purpose).ok_or(super::wrong("purpose"))?,
            profile: self.profile_id,
            transaction_number: self.transaction_number,
            state: InboundState::from_key(&self.state).ok_or(super::wrong("state"))?,
            bytes: u64::try_from(self.bytes).map_err(|_| wrong("bytes"))?,
            sha256: hash(self.sha256, wrong("sha256"))?,
            made_at: self.made_at,
            due_at: self.due_at,
            fetched: self.fetched_by.zip(self.fetched_at),
        })
    }
}

/// The request that is to be packaged next; none if none is.
pub async fn to_package(connection: &mut Connection) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &TO_PACKAGE)?.map(|(id,)| id))
}

/// Adds a package. Its parts follow in the same transaction.
pub async fn add_package(transaction: &mut Connection, new: &NewPackage<'_>) -> Result<(), StoreError> {
    execute!(
        transaction,
        &ADD,
        new.id,
        new.request,
        new.review,
        new.prepared_by,
        new.approved_by,
        new.number,
        new.result.key(),
        new.reply_sha256.to_vec(),
        i64::try_from(new.bytes).map_err(|_| wrong("bytes"))?,
        new.sha256.to_vec(),
        new.at
    )?;
    Ok(())
}

/// Adds a part of a package.
pub async fn add_part(transaction: &mut Connection, package: Uuid, position: u32, bytes: Vec<u8>) -> Result<(), StoreError> {
    execute!(transaction, &ADD_PART, package, i64::from(position), bytes)?;
    Ok(())
}

/// A part of a package that was fetched and is still to be sent.
pub async fn part(connection: &mut Connection, package: Uuid, position: u32) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Vec<u8>,), &PART, package, i64::from(position))?.map(|(bytes,)| bytes))
}

/// How many parts a package has here.
pub async fn parts(connection: &mut Connection, package: Uuid) -> Result<u32, StoreError> {
    let (parts,) = fetch!(connection, fetch_one, (i64,), &PARTS, package)?;
    u32::try_from(parts).map_err(|_| wrong("id"))
}

/// One package, whatever became of it.
pub async fn package(connection: &mut Connection, id: Uuid) -> Result<Option<StoredPackage>, StoreError> {
    fetch!(connection, fetch_optional, Row, &GET, id)?.map(Row::read).transpose()
}

/// The package of a request that can be fetched, or that was sent.
pub async fn package_at_hand(connection: &mut Connection, request: Uuid) -> Result<Option<StoredPackage>, StoreError> {
    fetch!(connection, fetch_optional, Row, &AT_HAND, request)?.map(Row::read).transpose()
}

/// Packages that are to be fetched or sent, and those that were sent after a moment.
pub async fn packages(connection: &mut Connection, sent_after: DateTime<Utc>, most: i64) -> Result<Vec<PackageRow>, StoreError> {
    fetch!(connection, fetch_all, Listed, &LISTED, sent_after, most)?.into_iter().map(Listed::read).collect()
}

/// Notes who fetched a package first. False if somebody did before.
pub async fn fetched(transaction: &mut Connection, package: Uuid, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &FETCHED, package, by, at)? == 1)
}

/// Notes what became of a package, and forgets its bytes. False if that was known.
pub async fn end_package(
    transaction: &mut Connection,
    package: Uuid,
    outcome: PackageOutcome,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    execute!(transaction, &FORGET_PARTS, package)?;
    Ok(execute!(transaction, &END, package, at, outcome.key())? == 1)
}
