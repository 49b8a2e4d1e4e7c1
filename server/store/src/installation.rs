//! Facts about this installation.

use chrono::NaiveDate;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

/// Names of facts.
const DEMO: &str = "demo";
const TEXTS: &str = "shipped_texts";
const WRAPPING_KEY: &str = "wrapping_key";
const IDENT_CURSOR: &str = "ident_cursor";

statement! { each,
    GET = "SELECT value FROM installation WHERE name = $1";
    SET = "INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    LOCK_IMPORTS = "UPDATE installation SET value = '' WHERE name = 'import_lock'";
}

statement! { main,
    HAS_CASES = "SELECT EXISTS (SELECT 1 FROM case_record WHERE receipt_number <> '~')";
}

/// The day for which `portico seed demo` made this database's synthetic people, if it did: the demo mark.
pub async fn demo_day(connection: &mut Connection) -> Result<Option<NaiveDate>, StoreError> {
    let Some(day) = get(connection, DEMO).await? else { return Ok(None) };
    day.parse().map(Some).map_err(|_| StoreError::inconsistent("installation", "value"))
}

/// Marks the database as a demo, for ever.
pub async fn mark_as_demo(transaction: &mut Connection, day: NaiveDate) -> Result<(), StoreError> {
    execute!(transaction, &SET, DEMO, day.to_string())?;
    Ok(())
}

/// The hash of the shipped reference texts that were last put into the database.
pub async fn shipped_texts(connection: &mut Connection) -> Result<Option<String>, StoreError> {
    get(connection, TEXTS).await
}

pub async fn set_shipped_texts(transaction: &mut Connection, hash: &str) -> Result<(), StoreError> {
    execute!(transaction, &SET, TEXTS, hash)?;
    Ok(())
}

/// The name of the key that wraps data keys now: the one of the last rotation, whatever key file a server has read.
pub async fn wrapping_key(connection: &mut Connection) -> Result<Option<String>, StoreError> {
    get(connection, WRAPPING_KEY).await
}

pub async fn set_wrapping_key(transaction: &mut Connection, name: &str) -> Result<(), StoreError> {
    execute!(transaction, &SET, WRAPPING_KEY, name)?;
    Ok(())
}

/// Up to where the messages of IDENT were taken over.
pub async fn ident_cursor(connection: &mut Connection) -> Result<u64, StoreError> {
    let Some(cursor) = get(connection, IDENT_CURSOR).await? else { return Ok(0) };
    cursor.parse().map_err(|_| StoreError::inconsistent("installation", "value"))
}

pub async fn set_ident_cursor(transaction: &mut Connection, cursor: u64) -> Result<(), StoreError> {
    execute!(transaction, &SET, IDENT_CURSOR, cursor.to_string())?;
    Ok(())
}

/// Waits until no other import writes, until the end of the transaction.
pub async fn lock_imports(transaction: &mut Connection) -> Result<(), StoreError> {
    execute!(transaction, &LOCK_IMPORTS)?;
    Ok(())
}

pub async fn has_cases(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &HAS_CASES)?.0)
}

async fn get(connection: &mut Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (String,), &GET, name)?.map(|(value,)| value))
}
