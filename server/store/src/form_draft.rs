//! What a person typed into a form and has to mend: kept encrypted for a short while, so that nothing has to be typed again.

use chrono::{DateTime, Utc};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO form_draft (id, content, expires_at) VALUES ($1, $2, $3)";
    PUT = "INSERT INTO form_draft (id, content, expires_at) VALUES ($1, $2, $3) \
           ON CONFLICT (id) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at";
    REMOVE = "DELETE FROM form_draft WHERE id = $1";
    FIND = "SELECT content FROM form_draft WHERE id = $1 AND expires_at > $2";
    UNTIL = "SELECT expires_at FROM form_draft WHERE id = $1 AND expires_at > $2";
    EXPIRE = "DELETE FROM form_draft WHERE expires_at <= $1";
}

const fn cell(id: Uuid) -> Cell {
    Cell { table: "form_draft", column: "content", row: id }
}

pub async fn add(
    transaction: &mut Connection,
    keys: &Keys,
    id: Uuid,
    content: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = keys.transit().seal(cell(id), content)?;
    execute!(transaction, &ADD, id, sealed, expires_at)?;
    Ok(())
}

/// Keeps a draft, in place of what was kept under its name.
pub async fn put(
    transaction: &mut Connection,
    keys: &Keys,
    id: Uuid,
    content: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sealed = keys.transit().seal(cell(id), content)?;
    execute!(transaction, &PUT, id, sealed, expires_at)?;
    Ok(())
}

/// Deletes a draft. False if there is none.
pub async fn remove(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REMOVE, id)? > 0)
}

/// The content of a draft that has not expired.
pub async fn find(
    connection: &mut Connection,
    keys: &Keys,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &FIND, id, now)? else { return Ok(None) };
    Ok(Some(Sensitive::new(keys.transit().open(cell(id), &sealed)?)))
}

/// Until when a draft is kept; none if there is none, or it has expired.
pub async fn until(connection: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (DateTime<Utc>,), &UNTIL, id, now)?.map(|(until,)| until))
}

/// Deletes drafts that have expired.
pub async fn expire(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE, now)?)
}
