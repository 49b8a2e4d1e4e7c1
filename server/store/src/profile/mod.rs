//! People, whatever cases they have. What is known of somebody is encrypted with a key of their own; they are found by keyed
//! hashes. Profiles of one person have one root, and what is asked of a profile is asked of its root.

mod biometric;
mod correction;
mod fact;
mod found;
mod pending;
mod verification;

pub use biometric::{
    NewBiometric, NewContent, RecordContent, add_biometric, any_biometric, biometric_content, biometrics, end_biometric,
};
pub use correction::{Decision, Proposal, StoredCorrection, corrections, decide, merge, moved_by_merge, propose, split, waiting};
pub use fact::{StatedFact, add_facts, end_facts, facts};
pub use found::{Key, KeyKind, find, find_with_birth};
pub use pending::{PendingCase, PendingParty, note_pending, party_facts, pending, settle};
pub use verification::{
    Ending, NewVerification, Shown, StoredVerification, Told, begin_verification, end_verification, forget_shown,
    give_up_verifications, interviews, shown_photograph, verifications,
};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use shared::profile::ReadPurpose;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{DataKey, WrappedKey};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO profile (id, root_id, data_key_id, created_at) VALUES ($1, $1, $2, $3)";
    ROOT = "SELECT root_id FROM profile WHERE id = $1";
    PARTS = "SELECT id FROM profile WHERE root_id = $1 ORDER BY id = $1 DESC, id";
    KEYS = "SELECT profile.id AS profile_id, data_key.id, data_key.wrapping_key, data_key.wrapped \
            FROM profile JOIN data_key ON data_key.id = profile.data_key_id WHERE profile.root_id = $1";
    LINK = "INSERT INTO profile_case (case_id, role, profile_id, linked_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (case_id, role) DO UPDATE SET profile_id = excluded.profile_id, linked_at = excluded.linked_at";
    UNLINK = "DELETE FROM profile_case WHERE case_id = $1 AND role = $2";
    LINKED = "SELECT role, profile_id FROM profile_case WHERE case_id = $1 ORDER BY role";
    CASES = "SELECT profile_case.case_id, case_record.receipt_number, profile_case.role, case_record.form, case_record.category, \
             case_record.markers FROM profile_case JOIN profile ON profile.id = profile_case.profile_id \
             JOIN case_record ON case_record.id = profile_case.case_id WHERE profile.root_id = $1 \
             ORDER BY case_record.receipt_number, profile_case.role";
    VISIT = "INSERT INTO profile_visit (officer_id, profile_id, purpose, opened_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (officer_id, profile_id) DO UPDATE SET purpose = excluded.purpose, opened_at = excluded.opened_at";
    VISITED = "SELECT purpose FROM profile_visit WHERE officer_id = $1 AND profile_id = $2 AND opened_at > $3";
    FORGET_VISITS = "DELETE FROM profile_visit WHERE opened_at <= $1";
}

#[derive(Debug, sqlx::FromRow)]
struct KeyRow {
    profile_id: Uuid,
    id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

/// A new profile, with a key of its own.
pub async fn add(transaction: &mut Connection, keys: &Keys, id: Uuid, key: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    keys.add_key(transaction, "profile", key, at).await?;
    execute!(transaction, &ADD, id, key, at)?;
    Ok(())
}

/// The profile that now stands for this one: itself, if it was never merged. None if there is no such profile.
pub async fn root(connection: &mut Connection, id: Uuid) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &ROOT, id)?.map(|(root,)| root))
}

/// The profiles that were put together under a root, itself first.
pub async fn parts(connection: &mut Connection, root: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &PARTS, root)?.into_iter().map(|(id,)| id).collect())
}

/// The keys of a root's profiles. One whose key was destroyed is not among them.
async fn data_keys(connection: &mut Connection, keys: &Keys, root: Uuid) -> Result<HashMap<Uuid, DataKey>, StoreError> {
    let (ring, _) = keys.ring(connection).await?;
    let open = |row: KeyRow| {
        let wrapped = WrappedKey { id: row.id, wrapping_key: row.wrapping_key, wrapped: row.wrapped };
        Ok((row.profile_id, DataKey::unwrap(&ring, &wrapped)?))
    };
    fetch!(connection, fetch_all, KeyRow, &KEYS, root)?.into_iter().map(open).collect()
}

/// Which people the parties of a case are: their roles and profiles, as they were linked.
pub async fn linked(connection: &mut Connection, case: Uuid) -> Result<Vec<(String, Uuid)>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String, Uuid), &LINKED, case)?)
}

/// Says which person a party of a case is.
pub async fn link(
    transaction: &mut Connection,
    case: Uuid,
    role: &str,
    profile: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &LINK, case, role, profile, at)?;
    Ok(())
}

/// A case has nobody in a role any more.
pub async fn unlink(transaction: &mut Connection, case: Uuid, role: &str) -> Result<(), StoreError> {
    execute!(transaction, &UNLINK, case, role)?;
    Ok(())
}

/// What stands for the number of a case that was destroyed: what protects its people stays.
const DESTROYED: &str = "destroyed";

/// A case that a person is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedCase {
    pub id: Uuid,
    pub number: String,
    pub role: String,
    pub form: String,
    /// All that are stated of it, ended ones too, and its own form.
    pub markers: Vec<shared::protection::Marker>,
}

/// The cases of a root's profiles.
pub async fn cases(connection: &mut Connection, root: Uuid) -> Result<Vec<LinkedCase>, StoreError> {
    type Row = (Uuid, String, String, String, Option<String>, String);
    let read = |(id, number, role, form, category, markers): Row| {
        let markers = crate::case_status::all_markers(&markers, &form, category);
        let number = if number.starts_with('~') { DESTROYED.to_owned() } else { number };
        LinkedCase { id, number, role, form, markers }
    };
    Ok(fetch!(connection, fetch_all, Row, &CASES, root)?.into_iter().map(read).collect())
}

/// Notes what somebody opens a profile for.
pub async fn visit(
    transaction: &mut Connection,
    officer: Uuid,
    root: Uuid,
    purpose: ReadPurpose,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &VISIT, officer, root, purpose.key(), at)?;
    Ok(())
}

/// What somebody opened a profile for, if that was after `since`.
pub async fn visited(
    connection: &mut Connection,
    officer: Uuid,
    root: Uuid,
    since: DateTime<Utc>,
) -> Result<Option<ReadPurpose>, StoreError> {
    let Some((purpose,)) = fetch!(connection, fetch_optional, (String,), &VISITED, officer, root, since)? else { return Ok(None) };
    ReadPurpose::from_key(&purpose).map(Some).ok_or(StoreError::inconsistent("profile_visit", "purpose"))
}

/// Forgets visits that count no longer. Says how many.
pub async fn forget_visits(transaction: &mut Connection, until: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_VISITS, until)?)
}
