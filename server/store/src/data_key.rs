//! Data keys in the database: the service's own, and wrapping all of them anew.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::crypto::{DataKey, KeyRing, Sealer, WrappedKey, mac};
use crate::engine::{Bulk, Connection, Store, execute, fetch, insert, statement};
use crate::{Clock, StoreError};

statement! { main,
    SERVICE_KEY = "SELECT id, wrapping_key, wrapped FROM data_key WHERE purpose = $1";
    ADD_SERVICE_KEY = "INSERT INTO data_key (id, purpose, wrapping_key, wrapped, created_at) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT DO NOTHING";
    ANY = "SELECT EXISTS (SELECT 1 FROM data_key)";
    NOT_WRAPPED_BY = "SELECT id, wrapping_key, wrapped FROM data_key WHERE wrapping_key <> $1 ORDER BY id LIMIT $2";
    REWRAP = "UPDATE data_key SET wrapping_key = $2, wrapped = $3 WHERE id = $1";
}

/// Whether anything is encrypted in this database yet.
pub async fn any(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &ANY)?.0)
}

type KeyRow = (Uuid, String, Vec<u8>);

fn wrapped((id, wrapping_key, wrapped): KeyRow) -> WrappedKey {
    WrappedKey { id, wrapping_key, wrapped }
}

/// The keys of the service itself, and the ring that opens the cases' keys.
#[derive(Debug, Clone)]
pub struct Keys {
    pub ring: KeyRing,
    /// Cookies and links.
    pub sealer: Sealer,
    quarantine: DataKey,
    index: Sealer,
}

impl Keys {
    /// Opens the service's keys, making those that are missing. Servers may do so at the same time: the first wins.
    ///
    /// # Errors
    /// [`crate::crypto::KeyError::MissingWrappingKey`] when the key file belongs to another database.
    pub async fn open(store: &Store, ring: KeyRing, clock: &Clock) -> Result<Self, StoreError> {
        let mut transaction = store.begin().await?;
        let mut key = async |purpose: &str| service_key(&mut transaction, &ring, clock, purpose).await;
        let sealer = Sealer::new(key("seal").await?);
        let index = Sealer::new(key("index").await?);
        let quarantine = key("quarantine").await?;
        transaction.commit().await?;
        Ok(Self { ring, sealer, quarantine, index })
    }

    pub(crate) const fn quarantine(&self) -> &DataKey {
        &self.quarantine
    }

    /// A keyed index for exact match: the same for the same value, telling nothing without the key.
    pub fn blind_index(&self, field: &'static str, value: &str) -> Vec<u8> {
        self.index.mac(field, value.as_bytes()).to_vec()
    }
}

async fn service_key(transaction: &mut Connection, ring: &KeyRing, clock: &Clock, purpose: &str) -> Result<DataKey, StoreError> {
    let fresh = DataKey::generate(clock.new_id()).wrap(ring)?;
    execute!(transaction, &ADD_SERVICE_KEY, fresh.id, purpose, fresh.wrapping_key, fresh.wrapped, clock.now())?;
    let row = fetch!(transaction, fetch_one, KeyRow, &SERVICE_KEY, purpose)?;
    Ok(DataKey::unwrap(ring, &wrapped(row))?)
}

/// Adds the wrapped keys of new cases.
pub(crate) async fn add_case_keys(
    transaction: &mut Connection,
    keys: Vec<WrappedKey>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows = keys
        .into_iter()
        .map(|key| {
            vec![Bulk::Id(key.id), Bulk::Text("case".into()), Bulk::Text(key.wrapping_key), Bulk::Bytes(key.wrapped), Bulk::At(at)]
        })
        .collect();
    insert(transaction, "INSERT INTO data_key (id, purpose, wrapping_key, wrapped, created_at) ", rows, "").await
}

/// Wraps up to `limit` data keys with the ring's newest key and says how many there were: none, when all are done.
pub async fn rewrap_some(store: &Store, ring: &KeyRing, limit: i64) -> Result<usize, StoreError> {
    let mut transaction = store.begin().await?;
    let rows = fetch!(transaction, fetch_all, KeyRow, &NOT_WRAPPED_BY, ring.newest_name(), limit)?;
    let count = rows.len();
    for row in rows {
        let anew = DataKey::unwrap(ring, &wrapped(row))?.wrap(ring)?;
        execute!(transaction, &REWRAP, anew.id, anew.wrapping_key, anew.wrapped)?;
    }
    transaction.commit().await?;
    Ok(count)
}

/// A short mark of some content, to see whether two things with one name are the same. Not a secret's hash: it is keyed.
pub fn content_mac(keys: &Keys, content: &[u8]) -> Vec<u8> {
    let key = keys.index.mac("content", b"");
    mac(&key, &[content])[..16].to_vec()
}
