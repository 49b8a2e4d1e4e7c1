//! Second factors: secrets of authenticators, and passkeys.

use chrono::{DateTime, Utc};
use shared::identity::FactorKind;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, sha256};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO second_factor (id, account_id, kind, name, content, credential, added_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential) DO NOTHING";
    OF_ACCOUNT = "SELECT id, kind, name, content, added_at, used_at FROM second_factor WHERE account_id = $1 ORDER BY added_at, id";
    // A count serves once: the second of two equal codes finds it used. Passkeys that do not count say 0 each time.
    COUNT_USE = "UPDATE second_factor SET last_count = $2, used_at = $3 WHERE id = $1 \
                 AND (last_count < $2 OR (kind = 'passkey' AND last_count = 0 AND $2 = 0))";
    REPLACE = "UPDATE second_factor SET content = $2 WHERE id = $1";
    REMOVE = "DELETE FROM second_factor WHERE id = $1 AND account_id = $2";
    REMOVE_ALL = "DELETE FROM second_factor WHERE account_id = $1";
}

/// A factor to be added.
#[derive(Debug)]
pub struct NewFactor<'a> {
    pub id: Uuid,
    pub account: Uuid,
    pub kind: FactorKind,
    /// What its owner calls it.
    pub name: &'a str,
    pub content: &'a Sensitive<Vec<u8>>,
    /// A passkey's id. No two accounts share one.
    pub credential: Option<&'a [u8]>,
    pub added_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Factor {
    pub id: Uuid,
    pub kind: FactorKind,
    pub name: String,
    pub content: Sensitive<Vec<u8>>,
    pub added_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

type Row = (Uuid, String, String, Vec<u8>, DateTime<Utc>, Option<DateTime<Utc>>);

const fn cell(id: Uuid) -> Cell {
    Cell { table: "second_factor", column: "content", row: id }
}

fn open(keys: &Keys, (id, kind, name, content, added_at, used_at): Row) -> Result<Factor, StoreError> {
    let kind = FactorKind::from_key(&kind).ok_or(StoreError::inconsistent("second_factor", "kind"))?;
    let content = Sensitive::new(keys.secrets().open(cell(id), &content)?);
    Ok(Factor { id, kind, name, content, added_at, used_at })
}

/// Adds a factor. False if the passkey is somebody's already.
pub async fn add(transaction: &mut Connection, keys: &Keys, new: &NewFactor<'_>) -> Result<bool, StoreError> {
    let content = keys.secrets().seal(cell(new.id), new.content.expose())?;
    let credential = new.credential.map(|id| sha256(id).to_vec());
    let added = execute!(transaction, &ADD, new.id, new.account, new.kind.key(), new.name, content, credential, new.added_at)?;
    Ok(added > 0)
}

/// The factors of an account, the oldest first.
pub async fn of_account(connection: &mut Connection, keys: &Keys, account: Uuid) -> Result<Vec<Factor>, StoreError> {
    let rows = fetch!(connection, fetch_all, Row, &OF_ACCOUNT, account)?;
    rows.into_iter().map(|row| open(keys, row)).collect()
}

/// Uses a factor: the time step of a code, or a passkey's count. False if it, or a later one, was used already.
pub async fn count_use(transaction: &mut Connection, id: Uuid, count: i64, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &COUNT_USE, id, count, at)? > 0)
}

/// Keeps a passkey as it is after its use.
pub async fn replace(transaction: &mut Connection, keys: &Keys, id: Uuid, content: &Sensitive<Vec<u8>>) -> Result<(), StoreError> {
    execute!(transaction, &REPLACE, id, keys.secrets().seal(cell(id), content.expose())?)?;
    Ok(())
}

/// Removes a factor of an account. False if there is none.
pub async fn remove(transaction: &mut Connection, id: Uuid, account: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REMOVE, id, account)? > 0)
}

pub async fn remove_all(transaction: &mut Connection, account: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &REMOVE_ALL, account)?;
    Ok(())
}
