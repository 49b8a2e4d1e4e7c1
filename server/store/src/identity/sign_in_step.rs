//! What is kept between two steps of signing in or setting up, encrypted and for a few minutes.

use chrono::{DateTime, Utc};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    PUT = "INSERT INTO sign_in_step (id, token_hash, kind, account_id, content, expires_at) VALUES ($1, $2, $3, $4, $5, $6) \
           ON CONFLICT (token_hash, kind) DO UPDATE SET id = excluded.id, account_id = excluded.account_id, \
           content = excluded.content, expires_at = excluded.expires_at";
    FIND = "SELECT id, account_id, content FROM sign_in_step WHERE token_hash = $1 AND kind = $2 AND expires_at > $3";
    TAKE = "DELETE FROM sign_in_step WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 RETURNING id, account_id, content";
    EXPIRE = "DELETE FROM sign_in_step WHERE expires_at <= $1";
}

/// A step to be kept.
#[derive(Debug)]
pub struct NewStep<'a> {
    pub id: Uuid,
    pub token_hash: &'a [u8],
    /// What it is a step of. Under another kind it is not found.
    pub kind: &'static str,
    pub account: Option<Uuid>,
    pub content: &'a [u8],
    pub expires_at: DateTime<Utc>,
}

/// A step that was kept.
#[derive(Debug, Clone)]
pub struct Step {
    pub account: Option<Uuid>,
    pub content: Sensitive<Vec<u8>>,
}

type Row = (Uuid, Option<Uuid>, Vec<u8>);

const fn cell(id: Uuid) -> Cell {
    Cell { table: "sign_in_step", column: "content", row: id }
}

fn open(keys: &Keys, (id, account, content): Row) -> Result<Step, StoreError> {
    Ok(Step { account, content: Sensitive::new(keys.transit().open(cell(id), &content)?) })
}

/// Keeps a step, in place of one of its kind.
pub async fn put(transaction: &mut Connection, keys: &Keys, new: &NewStep<'_>) -> Result<(), StoreError> {
    let content = keys.transit().seal(cell(new.id), new.content)?;
    execute!(transaction, &PUT, new.id, new.token_hash, new.kind, new.account, content, new.expires_at)?;
    Ok(())
}

/// Looks at a step that goes on.
pub async fn find(
    connection: &mut Connection,
    keys: &Keys,
    kind: &'static str,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Step>, StoreError> {
    let row = fetch!(connection, fetch_optional, Row, &FIND, token_hash, kind, now)?;
    row.map(|row| open(keys, row)).transpose()
}

/// Takes a step: it serves once.
pub async fn take(
    transaction: &mut Connection,
    keys: &Keys,
    kind: &'static str,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Step>, StoreError> {
    let row = fetch!(transaction, fetch_optional, Row, &TAKE, token_hash, kind, now)?;
    row.map(|row| open(keys, row)).transpose()
}

pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE, now)?)
}
