//! Facts of people: sealed, added and ended.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::profile::{Fact, FactKind, KnownFact, Origin};
use uuid::Uuid;

use super::data_keys;
use super::found::{Key, add_keys_of, drop_keys_of};
use crate::StoreError;
use crate::crypto::{Cell, DataKey};
use crate::data_key::Keys;
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    OF_ROOT = "SELECT profile_fact.id, profile_id, kind, value, case_id, correction_id, verification_id, recorded_at, ended_at, \
               ended_by FROM profile_fact JOIN profile ON profile.id = profile_fact.profile_id WHERE profile.root_id = $1 \
               ORDER BY recorded_at, profile_fact.id";
    END = "UPDATE profile_fact SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";
}

/// Days after which nobody can have been born yet: rows are read again whatever the clock says.
const LAST_DAY: NaiveDate = NaiveDate::MAX;

#[derive(Debug, sqlx::FromRow)]
struct FactRow {
    id: Uuid,
    profile_id: Uuid,
    kind: String,
    value: Vec<u8>,
    case_id: Option<Uuid>,
    correction_id: Option<Uuid>,
    verification_id: Option<Uuid>,
    recorded_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<Uuid>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("profile_fact", column)
}

pub(super) const fn cell(table: &'static str, row: Uuid) -> Cell {
    Cell { table, column: "value", row }
}

/// A fact as it is kept: its texts as a list.
pub(super) fn seal(key: &DataKey, cell: Cell, fact: &Fact) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(&fact.texts()).map_err(|_| StoreError::inconsistent(cell.table, cell.column))?;
    Ok(key.seal(cell, &plain)?)
}

/// What [`seal`] kept.
pub(super) fn open(key: &DataKey, cell: Cell, kind: &str, sealed: &[u8]) -> Result<Fact, StoreError> {
    let wrong = || StoreError::inconsistent(cell.table, cell.column);
    let kind = FactKind::from_key(kind).ok_or_else(wrong)?;
    let texts: Vec<String> = serde_json::from_slice(&key.open(cell, sealed)?).map_err(|_| wrong())?;
    Fact::parse(kind, &texts, LAST_DAY).map_err(|_| wrong())
}

/// A fact to be added, by what the person is found with it.
#[derive(Debug)]
pub struct StatedFact {
    pub id: Uuid,
    pub fact: Fact,
    pub origin: Origin,
    pub keys: Vec<Key>,
}

/// Adds facts to a profile.
pub async fn add_facts(
    transaction: &mut Connection,
    keys: &Keys,
    profile: Uuid,
    stated: &[StatedFact],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(root) = super::root(transaction, profile).await? else { return Err(StoreError::inconsistent("profile", "id")) };
    let data_keys = data_keys(transaction, keys, root).await?;
    let key = data_keys.get(&profile).ok_or(StoreError::inconsistent("profile", "data_key_id"))?;
    let row = |stated: &StatedFact| {
        let (case, correction, verification) = match stated.origin {
            Origin::Case(case) => (Some(case), None, None),
            Origin::Correction(correction) => (None, Some(correction), None),
            Origin::Verification(verification) => (None, None, Some(verification)),
        };
        Ok(vec![
            Bulk::Id(stated.id),
            Bulk::Id(profile),
            Bulk::Text(stated.fact.kind().key().to_owned()),
            Bulk::Bytes(seal(key, cell("profile_fact", stated.id), &stated.fact)?),
            Bulk::OptionalId(case),
            Bulk::OptionalId(correction),
            Bulk::OptionalId(verification),
            Bulk::At(at),
        ])
    };
    let rows = stated.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    let head = "INSERT INTO profile_fact (id, profile_id, kind, value, case_id, correction_id, verification_id, recorded_at) ";
    write_rows(transaction, head, rows, "").await?;
    add_keys_of(transaction, keys, profile, stated).await
}

/// Ends facts, by a correction or because the feed does not state them any more. They find nobody from then on.
pub async fn end_facts(
    transaction: &mut Connection,
    facts: &[Uuid],
    correction: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    for fact in facts {
        execute!(transaction, &END, *fact, at, correction)?;
        drop_keys_of(transaction, *fact).await?;
    }
    Ok(())
}

/// Every fact of a root's profiles, ended ones too, in the order in which they were recorded. Facts of a profile whose key was
/// destroyed are gone.
pub async fn facts(connection: &mut Connection, keys: &Keys, root: Uuid) -> Result<Vec<KnownFact>, StoreError> {
    let data_keys: HashMap<Uuid, DataKey> = data_keys(connection, keys, root).await?;
    let mut known = Vec::new();
    for row in fetch!(connection, fetch_all, FactRow, &OF_ROOT, root)? {
        let Some(key) = data_keys.get(&row.profile_id) else { continue };
        let origin = match (row.case_id, row.correction_id, row.verification_id) {
            (Some(case), None, None) => Origin::Case(case),
            (None, Some(correction), None) => Origin::Correction(correction),
            (None, None, Some(verification)) => Origin::Verification(verification),
            _ => return Err(wrong("case_id")),
        };
        known.push(KnownFact {
            id: row.id,
            fact: open(key, cell("profile_fact", row.id), &row.kind, &row.value)?,
            origin,
            recorded_at: row.recorded_at,
            ended_at: row.ended_at,
            ended_by: row.ended_by,
        });
    }
    Ok(known)
}
