//! Calls.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::call_script::{Verified, Walk};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO agent_call (id, officer_id, office, locale, began_at, saved, walk, verified) \
           VALUES ($1, $2, $3, $4, $5, 0, '[]', 'nothing')";
    // Two windows with one call: who saves has to have seen what is there. A call that ended stays as it is.
    BEGIN_SCRIPT = "UPDATE agent_call SET version_id = $3, walk = '[]', saved = saved + 1 WHERE id = $1 AND saved = $2 AND ended_at IS NULL";
    SAVE_WALK = "UPDATE agent_call SET walk = $3, saved = saved + 1 WHERE id = $1 AND saved = $2 AND ended_at IS NULL";
    SET_CALLER = "UPDATE agent_call SET verified = $2, case_id = $3, caller = $4, saved = saved + 1 WHERE id = $1 AND ended_at IS NULL";
    SET_NOTES = "UPDATE agent_call SET notes = $2 WHERE id = $1 AND ended_at IS NULL";
    END = "UPDATE agent_call SET ending = $2, ended_at = $3, request_id = $4, saved = saved + 1 WHERE id = $1 AND ended_at IS NULL";
    FIND = "SELECT id, officer_id, office, locale, began_at, saved, version_id, walk, verified, case_id, ending, ended_at, request_id \
            FROM agent_call WHERE id = $1";
    OPEN = "SELECT id FROM agent_call WHERE officer_id = $1 AND ended_at IS NULL ORDER BY began_at DESC, id DESC LIMIT 1";
    HANDED = "SELECT id, officer_id, office, locale, began_at, saved, version_id, walk, verified, case_id, ending, ended_at, request_id \
              FROM agent_call WHERE office = $1 AND ending = 'transferred' AND ended_at > $2 ORDER BY ended_at DESC, id LIMIT $3";
    OF_REQUEST = "SELECT id, officer_id, office, locale, began_at, saved, version_id, walk, verified, case_id, ending, ended_at, request_id \
                  FROM agent_call WHERE request_id = $1";
    CALLER = "SELECT caller FROM agent_call WHERE id = $1 AND caller IS NOT NULL";
    NOTES = "SELECT notes FROM agent_call WHERE id = $1 AND notes IS NOT NULL";
    // A call that nobody ended, because the agent went home.
    END_LEFT = "UPDATE agent_call SET ending = 'broken_off', ended_at = $2, saved = saved + 1 WHERE ended_at IS NULL AND began_at <= $1";
    EMPTY = "UPDATE agent_call SET caller = NULL, notes = NULL WHERE ended_at <= $1 AND (caller IS NOT NULL OR notes IS NOT NULL)";
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Answered,
    Request(Uuid),
    /// To Tier 2.
    Transferred,
    /// The caller hung up, or called about something else.
    BrokenOff,
}

impl Ending {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Request(_) => "request",
            Self::Transferred => "transferred",
            Self::BrokenOff => "broken_off",
        }
    }

    const fn request(self) -> Option<Uuid> {
        if let Self::Request(id) = self { Some(id) } else { None }
    }

    fn of(key: &str, request: Option<Uuid>) -> Option<Self> {
        match (key, request) {
            ("answered", None) => Some(Self::Answered),
            ("request", Some(id)) => Some(Self::Request(id)),
            ("transferred", None) => Some(Self::Transferred),
            ("broken_off", None) => Some(Self::BrokenOff),
            _ => None,
        }
    }
}

/// What a caller said of their case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Caller {
    pub receipt_number: String,
    pub name: String,
}

/// A call that begins.
#[derive(Debug)]
pub struct NewCall<'a> {
    pub id: Uuid,
    pub officer: Uuid,
    pub office: &'a OfficeCode,
    pub locale: Locale,
    pub began_at: DateTime<Utc>,
}

/// A call, without what the caller said.
#[derive(Debug, Clone)]
pub struct StoredCall {
    pub id: Uuid,
    pub officer: Uuid,
    pub office: OfficeCode,
    pub locale: Locale,
    pub began_at: DateTime<Utc>,
    /// How many times it was changed.
    pub saved: i64,
    /// The version of the script that is followed.
    pub version: Option<Uuid>,
    pub walk: Walk,
    pub verified: Verified,
    /// The caller's case, if it may be spoken of.
    pub case: Option<Uuid>,
    pub ending: Option<(Ending, DateTime<Utc>)>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    officer_id: Uuid,
    office: String,
    locale: String,
    began_at: DateTime<Utc>,
    saved: i64,
    version_id: Option<Uuid>,
    walk: String,
    verified: String,
    case_id: Option<Uuid>,
    ending: Option<String>,
    ended_at: Option<DateTime<Utc>>,
    request_id: Option<Uuid>,
}

impl TryFrom<Row> for StoredCall {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("agent_call", column);
        let ending = row.ending.as_deref().map(|key| Ending::of(key, row.request_id).ok_or(wrong("ending"))).transpose()?;
        Ok(Self {
            id: row.id,
            officer: row.officer_id,
            office: OfficeCode::parse(&row.office).map_err(|_| wrong("office"))?,
            locale: Locale::from_tag(&row.locale),
            began_at: row.began_at,
            saved: row.saved,
            version: row.version_id,
            walk: serde_json::from_str(&row.walk).map_err(|_| wrong("walk"))?,
            verified: Verified::from_key(&row.verified).ok_or(wrong("verified"))?,
            case: row.case_id,
            ending: ending.zip(row.ended_at),
        })
    }
}

const fn caller_cell(id: Uuid) -> Cell {
    Cell { table: "agent_call", column: "caller", row: id }
}

const fn notes_cell(id: Uuid) -> Cell {
    Cell { table: "agent_call", column: "notes", row: id }
}

pub async fn add_call(transaction: &mut Connection, new: &NewCall<'_>) -> Result<(), StoreError> {
    execute!(transaction, &ADD, new.id, new.officer, new.office.as_str(), new.locale.tag(), new.began_at)?;
    Ok(())
}

/// Begins a script, from its first node. False if the call is not as it was seen, or over.
pub async fn begin_script(transaction: &mut Connection, id: Uuid, saved: i64, version: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &BEGIN_SCRIPT, id, saved, version)? > 0)
}

/// Keeps how far a call has come. False if it is not as it was seen, or over.
pub async fn save_walk(transaction: &mut Connection, id: Uuid, saved: i64, walk: &Walk) -> Result<bool, StoreError> {
    let walk = serde_json::to_string(walk).map_err(|_| StoreError::inconsistent("agent_call", "walk"))?;
    Ok(execute!(transaction, &SAVE_WALK, id, saved, walk)? > 0)
}

/// Keeps who calls, how far they are verified, and their case if it may be spoken of. False if the call is over.
pub async fn set_caller(
    transaction: &mut Connection,
    keys: &Keys,
    id: Uuid,
    verified: Verified,
    case: Option<Uuid>,
    caller: &Caller,
) -> Result<bool, StoreError> {
    let plain = serde_json::to_vec(caller).map_err(|_| StoreError::inconsistent("agent_call", "caller"))?;
    let sealed = keys.transit().seal(caller_cell(id), &plain)?;
    Ok(execute!(transaction, &SET_CALLER, id, verified.key(), case, sealed)? > 0)
}

/// Keeps what the agent noted. False if the call is over.
pub async fn set_notes(transaction: &mut Connection, keys: &Keys, id: Uuid, notes: &str) -> Result<bool, StoreError> {
    let sealed = keys.transit().seal(notes_cell(id), notes.as_bytes())?;
    Ok(execute!(transaction, &SET_NOTES, id, sealed)? > 0)
}

/// Ends a call. False if it is over already.
pub async fn end_call(transaction: &mut Connection, id: Uuid, ending: Ending, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, id, ending.key(), at, ending.request())? > 0)
}

pub async fn call(connection: &mut Connection, id: Uuid) -> Result<Option<StoredCall>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(StoredCall::try_from).transpose()
}

/// The call that an officer is in.
pub async fn open_call(connection: &mut Connection, officer: Uuid) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &OPEN, officer)?.map(|(id,)| id))
}

/// Calls that an office's agents handed to Tier 2 since a moment, the latest first.
pub async fn handed_over(
    connection: &mut Connection,
    office: &OfficeCode,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<StoredCall>, StoreError> {
    fetch!(connection, fetch_all, Row, &HANDED, office.as_str(), since, most)?.into_iter().map(StoredCall::try_from).collect()
}

/// The call in which a request was taken.
pub async fn of_request(connection: &mut Connection, request: Uuid) -> Result<Option<StoredCall>, StoreError> {
    fetch!(connection, fetch_optional, Row, &OF_REQUEST, request)?.map(StoredCall::try_from).transpose()
}

/// What the caller said of their case; none if it was not asked, or emptied.
pub async fn caller(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Sensitive<Caller>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &CALLER, id)? else { return Ok(None) };
    let caller = serde_json::from_slice(&keys.transit().open(caller_cell(id), &sealed)?);
    caller.map(|caller| Some(Sensitive::new(caller))).map_err(|_| StoreError::inconsistent("agent_call", "caller"))
}

/// What the agent noted; none if nothing was, or it was emptied.
pub async fn notes(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Sensitive<String>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &NOTES, id)? else { return Ok(None) };
    let notes = String::from_utf8(keys.transit().open(notes_cell(id), &sealed)?);
    notes.map(|notes| Some(Sensitive::new(notes))).map_err(|_| StoreError::inconsistent("agent_call", "notes"))
}

/// Ends calls that began before a moment and that nobody ended. Says how many there were.
pub async fn end_left_calls(transaction: &mut Connection, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &END_LEFT, before, now)?)
}

/// Empties calls that ended before a moment of all that callers said. Says how many there were.
pub async fn empty_calls(transaction: &mut Connection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EMPTY, before)?)
}
