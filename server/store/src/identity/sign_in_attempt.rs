//! Tries to sign in, under a keyed hash of the name: a name that nobody has counts as any other.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    // Tries with one name come one after another: each sees those before it.
    HOLD = "INSERT INTO sign_in_name_lock (name_mac, touched_at) VALUES ($1, $2) \
            ON CONFLICT (name_mac) DO UPDATE SET touched_at = excluded.touched_at RETURNING locked_until";
    LOCKED = "SELECT locked_until FROM sign_in_name_lock WHERE name_mac = $1 AND locked_until > $2";
    COUNT = "SELECT count(*) FROM sign_in_attempt WHERE name_mac = $1 AND attempted_at > $2";
    ADD = "INSERT INTO sign_in_attempt (id, name_mac, attempted_at) VALUES ($1, $2, $3)";
    TAKE_BACK = "DELETE FROM sign_in_attempt WHERE id = $1";
    LOCK = "UPDATE sign_in_name_lock SET locked_until = $2 WHERE name_mac = $1";
    FORGET = "DELETE FROM sign_in_attempt WHERE name_mac = $1";
    UNLOCK = "DELETE FROM sign_in_name_lock WHERE name_mac = $1";
    EXPIRE_ATTEMPTS = "DELETE FROM sign_in_attempt WHERE attempted_at <= $1";
    EXPIRE_LOCKS = "DELETE FROM sign_in_name_lock WHERE touched_at <= $1 AND (locked_until IS NULL OR locked_until <= $2)";
}

/// Until when a name is locked, if it is known to the table; later tries with it wait for this transaction.
pub async fn hold(transaction: &mut Connection, name_mac: &[u8], now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(fetch!(transaction, fetch_one, (Option<DateTime<Utc>>,), &HOLD, name_mac, now)?.0)
}

/// Until when a name is locked.
pub async fn locked_until(
    connection: &mut Connection,
    name_mac: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (DateTime<Utc>,), &LOCKED, name_mac, now)?.map(|(until,)| until))
}

/// How many tries with a name were made since an instant and not taken back.
pub async fn count(connection: &mut Connection, name_mac: &[u8], since: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &COUNT, name_mac, since)?.0)
}

pub async fn add(transaction: &mut Connection, id: Uuid, name_mac: &[u8], at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &ADD, id, name_mac, at)?;
    Ok(())
}

/// Takes back a try that turned out right.
pub async fn take_back(transaction: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &TAKE_BACK, id)?;
    Ok(())
}

/// Locks a name that is held. Its tries have done their part.
pub async fn lock(transaction: &mut Connection, name_mac: &[u8], until: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &FORGET, name_mac)?;
    execute!(transaction, &LOCK, name_mac, until)?;
    Ok(())
}

/// Forgets the tries with a name, and its lock. True if it was locked, or could have been.
pub async fn forget(transaction: &mut Connection, name_mac: &[u8]) -> Result<bool, StoreError> {
    execute!(transaction, &FORGET, name_mac)?;
    Ok(execute!(transaction, &UNLOCK, name_mac)? > 0)
}

/// Deletes tries from before an instant, and locks that are over.
pub async fn expire(transaction: &mut Connection, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let attempts = execute!(transaction, &EXPIRE_ATTEMPTS, before)?;
    Ok(attempts + execute!(transaction, &EXPIRE_LOCKS, before, now)?)
}
