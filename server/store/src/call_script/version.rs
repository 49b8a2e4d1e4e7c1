//! Versions of scripts.

use chrono::{DateTime, NaiveDate, Utc};
use shared::call_script::{Script, ScriptKey, VersionState};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO call_script (id, script, number, state, saved, content, written_by, written_at) \
           SELECT $1, $2, coalesce(max(number), 0) + 1, 'draft', 0, $3, $4, $5 FROM call_script WHERE script = $2 \
           ON CONFLICT DO NOTHING";
    // Who saves has to have seen what is there.
    SAVE = "UPDATE call_script SET content = $3, written_by = $4, written_at = $5, saved = saved + 1 \
            WHERE id = $1 AND saved = $2 AND state = 'draft'";
    SET_STATE = "UPDATE call_script SET state = $4, saved = saved + 1, reviewed_by = $5, reviewed_at = $6, note = $7 \
                 WHERE id = $1 AND saved = $2 AND state = $3";
    PUBLISH = "UPDATE call_script SET state = 'published', saved = saved + 1, valid_from = $4, reviewed_by = $5, reviewed_at = $6 \
               WHERE id = $1 AND saved = $2 AND state = $3";
    END = "UPDATE call_script SET ends_on = $2, saved = saved + 1 WHERE id = $1 AND state = 'published' \
           AND (ends_on IS NULL OR ends_on > $2)";
    FIND = "SELECT id, script, number, state, saved, content, written_by, written_at, reviewed_by, reviewed_at, note, valid_from, ends_on \
            FROM call_script WHERE id = $1";
    UNDER_WAY = "SELECT id, script, number, state, saved, content, written_by, written_at, reviewed_by, reviewed_at, note, valid_from, ends_on \
                 FROM call_script WHERE state IN ('draft', 'in_review') ORDER BY script";
    VERSIONS = "SELECT id, script, number, state, saved, content, written_by, written_at, reviewed_by, reviewed_at, note, valid_from, ends_on \
                FROM call_script WHERE script = $1 ORDER BY number DESC";
    // Of the versions that have begun the latest counts, and if that one has ended, none.
    CURRENT = "SELECT id, script, number, state, saved, content, written_by, written_at, reviewed_by, reviewed_at, note, valid_from, ends_on \
               FROM call_script AS newest WHERE state = 'published' AND valid_from <= $1 AND (ends_on IS NULL OR ends_on > $1) \
               AND NOT EXISTS (SELECT 1 FROM call_script AS other WHERE other.script = newest.script AND other.state = 'published' \
               AND other.valid_from <= $1 AND (other.valid_from > newest.valid_from \
               OR (other.valid_from = newest.valid_from AND other.number > newest.number))) ORDER BY script";
}

/// A version to be added, as a draft.
#[derive(Debug)]
pub struct NewVersion<'a> {
    pub id: Uuid,
    pub script: &'a Script,
    pub written_by: Uuid,
    pub written_at: DateTime<Utc>,
}

/// A version of a script.
#[derive(Debug, Clone)]
pub struct StoredVersion {
    pub id: Uuid,
    pub script: Script,
    /// From 1.
    pub number: i64,
    pub state: VersionState,
    /// How many times it was changed.
    pub saved: i64,
    pub written_by: Uuid,
    pub written_at: DateTime<Utc>,
    pub reviewed_by: Option<Uuid>,
    pub reviewed_at: Option<DateTime<Utc>>,
    /// What the second reader said.
    pub note: Option<String>,
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is read to nobody.
    pub ends_on: Option<NaiveDate>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    script: String,
    number: i64,
    state: String,
    saved: i64,
    content: String,
    written_by: Uuid,
    written_at: DateTime<Utc>,
    reviewed_by: Option<Uuid>,
    reviewed_at: Option<DateTime<Utc>>,
    note: Option<String>,
    valid_from: Option<String>,
    ends_on: Option<String>,
}

impl TryFrom<Row> for StoredVersion {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("call_script", column);
        let day = |day: Option<String>, column| day.map(|day| day.parse().map_err(|_| wrong(column))).transpose();
        let script: Script = serde_json::from_str(&row.content).map_err(|_| wrong("content"))?;
        if script.key.as_str() != row.script {
            return Err(wrong("script"));
        }
        Ok(Self {
            id: row.id,
            script,
            number: row.number,
            state: VersionState::from_key(&row.state).ok_or(wrong("state"))?,
            saved: row.saved,
            written_by: row.written_by,
            written_at: row.written_at,
            reviewed_by: row.reviewed_by,
            reviewed_at: row.reviewed_at,
            note: row.note,
            valid_from: day(row.valid_from, "valid_from")?,
            ends_on: day(row.ends_on, "ends_on")?,
        })
    }
}

fn content(script: &Script) -> Result<String, StoreError> {
    serde_json::to_string(script).map_err(|_| StoreError::inconsistent("call_script", "content"))
}

/// Adds a version as a draft. False if one of this script is being written, or read by a second person.
pub async fn add_version(transaction: &mut Connection, new: &NewVersion<'_>) -> Result<bool, StoreError> {
    let (key, content) = (new.script.key.as_str(), content(new.script)?);
    Ok(execute!(transaction, &ADD, new.id, key, content, new.written_by, new.written_at)? > 0)
}

/// Saves a draft. False if somebody else saved it meanwhile, or it is no draft any more.
pub async fn save_version(
    transaction: &mut Connection,
    id: Uuid,
    saved: i64,
    script: &Script,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &SAVE, id, saved, content(script)?, by, at)? > 0)
}

/// Changes the state of a version but to published, with who read it and what they said. False if it is not as it was seen.
pub async fn set_state(
    transaction: &mut Connection,
    seen: &StoredVersion,
    state: VersionState,
    reader: Option<(Uuid, DateTime<Utc>)>,
    note: Option<&str>,
) -> Result<bool, StoreError> {
    let (by, at) = reader.unzip();
    Ok(execute!(transaction, &SET_STATE, seen.id, seen.saved, seen.state.key(), state.key(), by, at, note)? > 0)
}

/// Publishes a version from a day on. False if it is not as it was seen.
pub async fn publish(
    transaction: &mut Connection,
    seen: &StoredVersion,
    from: NaiveDate,
    reader: Option<(Uuid, DateTime<Utc>)>,
) -> Result<bool, StoreError> {
    let (by, at) = reader.unzip();
    Ok(execute!(transaction, &PUBLISH, seen.id, seen.saved, seen.state.key(), from.to_string(), by, at)? > 0)
}

/// Has a published version read to nobody from a day on. False if it ends by then anyway.
pub async fn end_version(transaction: &mut Connection, id: Uuid, on: NaiveDate) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, id, on.to_string())? > 0)
}

pub async fn version(connection: &mut Connection, id: Uuid) -> Result<Option<StoredVersion>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(StoredVersion::try_from).transpose()
}

/// The versions that are being written or read a second time, one of a script at most.
pub async fn under_way(connection: &mut Connection) -> Result<Vec<StoredVersion>, StoreError> {
    fetch!(connection, fetch_all, Row, &UNDER_WAY)?.into_iter().map(StoredVersion::try_from).collect()
}

/// All versions of a script, the newest first.
pub async fn versions(connection: &mut Connection, script: &ScriptKey) -> Result<Vec<StoredVersion>, StoreError> {
    fetch!(connection, fetch_all, Row, &VERSIONS, script.as_str())?.into_iter().map(StoredVersion::try_from).collect()
}

/// What is read to callers on a day, one version of a script at most.
pub async fn current(connection: &mut Connection, day: NaiveDate) -> Result<Vec<StoredVersion>, StoreError> {
    fetch!(connection, fetch_all, Row, &CURRENT, day.to_string())?.into_iter().map(StoredVersion::try_from).collect()
}
