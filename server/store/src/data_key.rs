//! Data keys in the database: the service's own, and wrapping all of them anew.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::crypto::{DataKey, KeyError, KeyRing, Sealer, WrappedKey, mac};
use crate::engine::{Bulk, Connection, Store, execute, fetch, statement, write_rows};
use crate::{Clock, StoreError, installation};

statement! { each,
    SERVICE_KEY = "SELECT id, wrapping_key, wrapped FROM data_key WHERE purpose = $1";
    ADD_SERVICE_KEY = "INSERT INTO data_key (id, purpose, wrapping_key, wrapped, created_at) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT DO NOTHING";
    // Nothing if another key wraps by now: one journey to the database, where looking first would be two.
    ADD = "INSERT INTO data_key (id, purpose, wrapping_key, wrapped, created_at) \
           SELECT $1, $2, value, $4, $5 FROM installation WHERE name = 'wrapping_key' AND value = $3";
    WRAPPING_KEYS = "SELECT DISTINCT wrapping_key FROM data_key ORDER BY wrapping_key";
    ANY = "SELECT EXISTS (SELECT 1 FROM data_key)";
    NOT_WRAPPED_BY = "SELECT id, wrapping_key, wrapped FROM data_key WHERE wrapping_key <> $1 ORDER BY id LIMIT $2";
    REWRAP = "UPDATE data_key SET wrapping_key = $2, wrapped = $3 WHERE id = $1";
}

statement! { main,
    OF_CASE = "SELECT data_key.id, data_key.wrapping_key, data_key.wrapped \
               FROM case_record JOIN data_key ON data_key.id = case_record.data_key_id WHERE case_record.id = $1";
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
    ring: Arc<RwLock<Arc<KeyRing>>>,
    /// Where the ring was read, to read it again after a rotation.
    file: Option<PathBuf>,
    /// Cookies and links.
    pub sealer: Sealer,
    quarantine: DataKey,
    /// What is kept for a short while only: drafts of forms, requests that wait.
    transit: DataKey,
    /// What others gave or got to sign with.
    secrets: DataKey,
    index: Sealer,
}

impl Keys {
    /// Opens the service's keys, making those that are missing. Servers may do so at the same time: the first wins.
    ///
    /// # Errors
    /// [`KeyError::MissingWrappingKey`] when the key file belongs to another database.
    pub async fn open(store: &Store, ring: KeyRing, file: Option<PathBuf>, clock: &Clock) -> Result<Self, StoreError> {
        let mut transaction = store.begin().await?;
        installation::lock_imports(&mut transaction).await?;
        let wrapping_key = if let Some(name) = installation::wrapping_key(&mut transaction).await? {
            name
        } else {
            installation::set_wrapping_key(&mut transaction, ring.newest_name()).await?;
            ring.newest_name().to_owned()
        };
        let mut key = async |purpose: &str| service_key(&mut transaction, &ring, &wrapping_key, clock, purpose).await;
        let sealer = Sealer::new(key("seal").await?);
        let index = Sealer::new(key("index").await?);
        let quarantine = key("quarantine").await?;
        let transit = key("transit").await?;
        let secrets = key("secrets").await?;
        transaction.commit().await?;
        Ok(Self { ring: Arc::new(RwLock::new(Arc::new(ring))), file, sealer, quarantine, transit, secrets, index })
    }

    /// The ring, and the name of its key that wraps now. Read in the transaction that wraps or opens: after a rotation by
    /// another process the key file is read again, so that no key is ever wrapped by one that is going away.
    pub(crate) async fn ring(&self, transaction: &mut Connection) -> Result<(Arc<KeyRing>, String), StoreError> {
        let name = installation::wrapping_key(transaction).await?.ok_or(StoreError::inconsistent("installation", "value"))?;
        let ring = Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner));
        if ring.holds(&name) {
            return Ok((ring, name));
        }
        let read = self.file.as_deref().map(KeyRing::load).transpose()?.flatten().filter(|ring| ring.holds(&name));
        let ring = Arc::new(read.ok_or_else(|| KeyError::MissingWrappingKey(name.clone()))?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        Ok((ring, name))
    }

    /// Makes a data key and keeps it, for a purpose, wrapped by the key that wraps now.
    pub(crate) async fn add_key(
        &self,
        transaction: &mut Connection,
        purpose: &'static str,
        id: Uuid,
        at: DateTime<Utc>,
    ) -> Result<DataKey, StoreError> {
        let key = DataKey::generate(id);
        let known = Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner));
        let WrappedKey { wrapping_key, wrapped, .. } = key.wrap(&known, known.newest_name())?;
        if execute!(transaction, &ADD, id, purpose, wrapping_key, wrapped, at)? == 0 {
            let (ring, name) = self.ring(transaction).await?;
            add_keys(transaction, purpose, vec![key.wrap(&ring, &name)?], at).await?;
        }
        Ok(key)
    }

    /// Opens a data key. The key file is looked at again only if a key of it that is not known here has wrapped it.
    pub(crate) async fn unwrap(&self, connection: &mut Connection, stored: &WrappedKey) -> Result<DataKey, StoreError> {
        let known = Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner));
        if known.holds(&stored.wrapping_key) {
            return Ok(DataKey::unwrap(&known, stored)?);
        }
        let (ring, _) = self.ring(connection).await?;
        Ok(DataKey::unwrap(&ring, stored)?)
    }

    pub(crate) const fn quarantine(&self) -> &DataKey {
        &self.quarantine
    }

    pub(crate) const fn transit(&self) -> &DataKey {
        &self.transit
    }

    pub(crate) const fn secrets(&self) -> &DataKey {
        &self.secrets
    }

    /// A keyed index for exact match: the same for the same value, telling nothing without the key.
    pub fn blind_index(&self, field: &'static str, value: &str) -> Vec<u8> {
        self.index.mac(field, value.as_bytes()).to_vec()
    }
}

async fn service_key(
    transaction: &mut Connection,
    ring: &KeyRing,
    wrapping_key: &str,
    clock: &Clock,
    purpose: &str,
) -> Result<DataKey, StoreError> {
    let fresh = DataKey::generate(clock.new_id()).wrap(ring, wrapping_key)?;
    execute!(transaction, &ADD_SERVICE_KEY, fresh.id, purpose, fresh.wrapping_key, fresh.wrapped, clock.now())?;
    let row = fetch!(transaction, fetch_one, KeyRow, &SERVICE_KEY, purpose)?;
    Ok(DataKey::unwrap(ring, &wrapped(row))?)
}

/// From here on every server wraps with the ring's newest key; those that have not read it read the key file again.
pub async fn switch_wrapping_key(transaction: &mut Connection, ring: &KeyRing) -> Result<(), StoreError> {
    installation::lock_imports(transaction).await?;
    installation::set_wrapping_key(transaction, ring.newest_name()).await
}

/// The keys of the key file that this database needs.
pub async fn wrapping_keys(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String,), &WRAPPING_KEYS)?.into_iter().map(|(name,)| name).collect())
}

/// The key of a case. `None` if there is no such case, or its key was destroyed.
pub(crate) async fn of_case(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<Option<DataKey>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, KeyRow, &OF_CASE, case)? else { return Ok(None) };
    keys.unwrap(connection, &wrapped(row)).await.map(Some)
}

/// Adds the wrapped keys of new cases (`case`) or of new people (`profile`).
pub(crate) async fn add_keys(
    transaction: &mut Connection,
    purpose: &'static str,
    keys: Vec<WrappedKey>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows = keys.into_iter().map(|key| {
        vec![Bulk::Id(key.id), Bulk::Text(purpose.into()), Bulk::Text(key.wrapping_key), Bulk::Bytes(key.wrapped), Bulk::At(at)]
    });
    write_rows(transaction, "INSERT INTO data_key (id, purpose, wrapping_key, wrapped, created_at) ", rows, "").await?;
    Ok(())
}

/// Wraps up to `limit` data keys with the ring's newest key and says how many there were: none, when all are done.
pub async fn rewrap_some(store: &Store, ring: &KeyRing, limit: i64) -> Result<usize, StoreError> {
    let mut transaction = store.begin().await?;
    let rows = fetch!(transaction, fetch_all, KeyRow, &NOT_WRAPPED_BY, ring.newest_name(), limit)?;
    let count = rows.len();
    for row in rows {
        let anew = DataKey::unwrap(ring, &wrapped(row))?.wrap(ring, ring.newest_name())?;
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
