//! The audit log: who did what to which subject, written by the transaction that does it. Rows can only be appended (triggers
//! see to it), and each keeps its canonical bytes and its RFC 9162 leaf hash, so that a Merkle tree is laid over them.
//! The leaf's position is no part of the bytes: it is given later, by one job ([`position`]), to rows of the accounting of
//! disclosures as well. What is written outside of the database lies in a [`Folder`].

mod folder;
pub mod position;

use chrono::{DateTime, Utc};
pub use shared::audit::leaf_hash;
use uuid::Uuid;

pub use self::folder::Folder;
use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

/// One entry. Texts name things (`import`, a client's id), never people.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditEntry {
    pub id: Uuid,
    pub occurred_at: DateTime<Utc>,
    /// `operator`, `system`, `api-client ID`.
    pub actor: String,
    /// `case_feed.import`, `api_client.add`.
    pub action: String,
    pub subject: String,
    /// More about the act, as JSON.
    pub detail: String,
}

statement! { each,
    APPEND = "INSERT INTO audit_entry (id, occurred_at, actor, action, subject, detail, canonical, leaf_hash) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ACTION = "SELECT id, occurred_at, actor, action, subject, detail FROM audit_entry WHERE action = $1 ORDER BY id";
    LEAVES = "SELECT canonical, leaf_hash FROM audit_entry ORDER BY id";
}

impl AuditEntry {
    /// What is hashed: a version, then each field with its length before it.
    pub fn canonical(&self) -> Vec<u8> {
        let at = self.occurred_at.timestamp_micros().to_be_bytes();
        let texts = [&self.actor, &self.action, &self.subject, &self.detail];
        let mut bytes = b"portico audit 1".to_vec();
        for part in [self.id.as_bytes().as_slice(), &at].into_iter().chain(texts.into_iter().map(String::as_bytes)) {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// Appends an entry in the transaction of the act itself.
pub async fn append(transaction: &mut Connection, entry: &AuditEntry) -> Result<(), StoreError> {
    let canonical = entry.canonical();
    let leaf = leaf_hash(&canonical).to_vec();
    execute!(
        transaction,
        &APPEND,
        entry.id,
        entry.occurred_at,
        &entry.actor,
        &entry.action,
        &entry.subject,
        &entry.detail,
        &canonical,
        &leaf
    )?;
    Ok(())
}

/// The entries of one action, oldest first.
pub async fn by_action(connection: &mut Connection, action: &str) -> Result<Vec<AuditEntry>, StoreError> {
    Ok(fetch!(connection, fetch_all, AuditEntry, &BY_ACTION, action)?)
}

/// Canonical bytes and leaf hash of every entry, oldest first.
pub async fn leaves(connection: &mut Connection) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Vec<u8>, Vec<u8>), &LEAVES)?)
}
