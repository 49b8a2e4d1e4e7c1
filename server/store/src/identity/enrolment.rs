//! One-time ways in, opened by one person and agreed to by another.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    OPEN = "INSERT INTO enrolment (id, account_id, cause, token_hash, opened_at, opened_by, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND = "SELECT id, account_id, cause, opened_at, opened_by, agreed_at, agreed_by, expires_at FROM enrolment \
            WHERE id = $1 AND expires_at > $2";
    BY_TOKEN = "SELECT id, account_id, cause, opened_at, opened_by, agreed_at, agreed_by, expires_at FROM enrolment \
                WHERE token_hash = $1 AND expires_at > $2";
    WAITING = "SELECT id, account_id, cause, opened_at, opened_by, agreed_at, agreed_by, expires_at FROM enrolment \
               WHERE token_hash IS NULL AND expires_at > $1 ORDER BY id";
    AGREE = "UPDATE enrolment SET agreed_at = $2, agreed_by = $3, token_hash = $4, expires_at = $5 \
             WHERE id = $1 AND token_hash IS NULL AND expires_at > $2";
    CLOSE = "DELETE FROM enrolment WHERE account_id = $1";
    EXPIRE = "DELETE FROM enrolment WHERE expires_at <= $1";
}

/// Why somebody needs a way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The first administrator: an operator with a shell is enough.
    First,
    New,
    /// A lost passkey or authenticator, or a forgotten password.
    Recovery,
}

impl Cause {
    /// The word in the database and in the audit log.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::New => "new",
            Self::Recovery => "recovery",
        }
    }
}

/// An enrolment to be opened.
#[derive(Debug)]
pub struct NewEnrolment<'a> {
    pub id: Uuid,
    pub account: Uuid,
    pub cause: Cause,
    /// For the first administrator only; otherwise made when the second person agrees.
    pub token_hash: Option<&'a [u8]>,
    pub opened_at: DateTime<Utc>,
    /// Nobody is an operator with a shell.
    pub opened_by: Option<Uuid>,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Enrolment {
    pub id: Uuid,
    pub account: Uuid,
    pub cause: Cause,
    pub opened_at: DateTime<Utc>,
    pub opened_by: Option<Uuid>,
    pub agreed_at: Option<DateTime<Utc>>,
    pub agreed_by: Option<Uuid>,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    cause: String,
    opened_at: DateTime<Utc>,
    opened_by: Option<Uuid>,
    agreed_at: Option<DateTime<Utc>>,
    agreed_by: Option<Uuid>,
    expires_at: DateTime<Utc>,
}

impl TryFrom<Row> for Enrolment {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cause = [Cause::First, Cause::New, Cause::Recovery].into_iter().find(|cause| cause.key() == row.cause);
        Ok(Self {
            id: row.id,
            account: row.account_id,
            cause: cause.ok_or(StoreError::inconsistent("enrolment", "cause"))?,
            opened_at: row.opened_at,
            opened_by: row.opened_by,
            agreed_at: row.agreed_at,
            agreed_by: row.agreed_by,
            expires_at: row.expires_at,
        })
    }
}

/// Opens a way in, in place of one that the account had.
pub async fn open(transaction: &mut Connection, new: &NewEnrolment<'_>) -> Result<(), StoreError> {
    close(transaction, new.account).await?;
    let (cause, hash) = (new.cause.key(), new.token_hash);
    execute!(transaction, &OPEN, new.id, new.account, cause, hash, new.opened_at, new.opened_by, new.expires_at)?;
    Ok(())
}

/// One that has not expired.
pub async fn find(connection: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<Option<Enrolment>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id, now)?.map(Enrolment::try_from).transpose()
}

pub async fn by_token(connection: &mut Connection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Enrolment>, StoreError> {
    fetch!(connection, fetch_optional, Row, &BY_TOKEN, hash, now)?.map(Enrolment::try_from).transpose()
}

/// Those that wait for a second person.
pub async fn waiting(connection: &mut Connection, now: DateTime<Utc>) -> Result<Vec<Enrolment>, StoreError> {
    fetch!(connection, fetch_all, Row, &WAITING, now)?.into_iter().map(Enrolment::try_from).collect()
}

/// Notes that a second person agreed. False if nothing waits. The database refuses who opened it and whose it is.
pub async fn agree(
    transaction: &mut Connection,
    id: Uuid,
    at: DateTime<Utc>,
    by: Uuid,
    token_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &AGREE, id, at, by, token_hash, expires_at)? > 0)
}

/// Closes an account's way in. False if there was none.
pub async fn close(transaction: &mut Connection, account: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &CLOSE, account)? > 0)
}

pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE, now)?)
}
