//! Sessions of the console. A token is 256 random bits, so a plain hash of it tells nothing.

use chrono::{DateTime, Utc};
use shared::identity::Method;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO officer_session (id, token_hash, account_id, method, client, created_at, last_seen_at, ends_at, stepped_up_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6)";
    // Of an account that is disabled nothing is found: its sessions end at once.
    FIND = "SELECT officer_session.id, account_id, method, client, officer_session.created_at, last_seen_at, ends_at, stepped_up_at, \
            locked_at FROM officer_session JOIN account ON account.id = officer_session.account_id \
            WHERE token_hash = $1 AND revoked_at IS NULL AND ends_at > $2 AND last_seen_at > $3 AND account.state = 'active'";
    OF_ACCOUNT = "SELECT id, account_id, method, client, created_at, last_seen_at, ends_at, stepped_up_at, locked_at \
                  FROM officer_session WHERE account_id = $1 AND revoked_at IS NULL AND ends_at > $2 AND last_seen_at > $3 \
                  ORDER BY last_seen_at DESC, id";
    SEE = "UPDATE officer_session SET last_seen_at = $2 WHERE id = $1 AND revoked_at IS NULL AND last_seen_at < $2";
    LOCK = "UPDATE officer_session SET locked_at = $2 WHERE id = $1 AND revoked_at IS NULL AND locked_at IS NULL";
    ROTATE = "UPDATE officer_session SET token_hash = $3, stepped_up_at = $4, last_seen_at = $4, locked_at = NULL \
              WHERE token_hash = $1 AND id = $2 AND revoked_at IS NULL";
    REVOKE = "UPDATE officer_session SET revoked_at = $3 WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL";
    REVOKE_ALL = "UPDATE officer_session SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL AND id <> $3";
    EXPIRE = "DELETE FROM officer_session WHERE ends_at <= $1 OR last_seen_at <= $2 OR revoked_at IS NOT NULL";
}

/// A session to be added: just begun, with two fresh factors.
#[derive(Debug)]
pub struct NewSession<'a> {
    pub id: Uuid,
    pub token_hash: &'a [u8],
    pub account: Uuid,
    pub method: Method,
    pub client: &'a str,
    pub created_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub id: Uuid,
    pub account: Uuid,
    pub method: Method,
    pub client: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub stepped_up_at: Option<DateTime<Utc>>,
    pub locked_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    method: String,
    client: String,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    stepped_up_at: Option<DateTime<Utc>>,
    locked_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            account: row.account_id,
            method: Method::from_key(&row.method).ok_or(StoreError::inconsistent("officer_session", "method"))?,
            client: row.client,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            ends_at: row.ends_at,
            stepped_up_at: row.stepped_up_at,
            locked_at: row.locked_at,
        })
    }
}

pub async fn add(transaction: &mut Connection, new: &NewSession<'_>) -> Result<(), StoreError> {
    let (method, client) = (new.method.key(), new.client);
    execute!(transaction, &ADD, new.id, new.token_hash, new.account, method, client, new.created_at, new.ends_at)?;
    Ok(())
}

/// The session behind a token: not revoked, not over, seen after `seen_after`, of an account that is not disabled.
pub async fn find(
    connection: &mut Connection,
    token_hash: &[u8],
    now: DateTime<Utc>,
    seen_after: DateTime<Utc>,
) -> Result<Option<Session>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, token_hash, now, seen_after)?.map(Session::try_from).transpose()
}

/// The live sessions of an account, the one that was seen last first.
pub async fn of_account(
    connection: &mut Connection,
    account: Uuid,
    now: DateTime<Utc>,
    seen_after: DateTime<Utc>,
) -> Result<Vec<Session>, StoreError> {
    fetch!(connection, fetch_all, Row, &OF_ACCOUNT, account, now, seen_after)?.into_iter().map(Session::try_from).collect()
}

/// Notes that somebody is there.
pub async fn see(transaction: &mut Connection, id: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &SEE, id, at)?;
    Ok(())
}

/// Locks a session until a second factor is shown. False if it was locked, or is gone.
pub async fn lock(transaction: &mut Connection, id: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &LOCK, id, at)? > 0)
}

/// Notes a fresh second factor: another token, and no lock. False if the token is not the session's any more.
pub async fn rotate(
    transaction: &mut Connection,
    id: Uuid,
    old_hash: &[u8],
    new_hash: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &ROTATE, old_hash, id, new_hash, at)? > 0)
}

/// Ends a session of an account. False if there is none.
pub async fn revoke(transaction: &mut Connection, id: Uuid, account: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REVOKE, id, account, at)? > 0)
}

/// Ends all sessions of an account but one, or all with nil, and says how many there were.
pub async fn revoke_all(transaction: &mut Connection, account: Uuid, but: Uuid, at: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &REVOKE_ALL, account, at, but)?)
}

/// Deletes what is over.
pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>, seen_after: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE, now, seen_after)?)
}
