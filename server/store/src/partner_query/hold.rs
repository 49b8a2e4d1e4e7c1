//! What counsel has to decide, because the protection check could not.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cell;
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    RAISE = "INSERT INTO protection_hold (id, query_id, foreign_query_id, because, raised_at) VALUES ($1, $2, $3, $4, $5)";
    GET = "SELECT id, query_id, foreign_query_id, because, raised_at, decision, decided_by, decided_at, reason FROM protection_hold \
           WHERE id = $1";
    WAITING = "SELECT id, query_id, foreign_query_id, because, raised_at, decision, decided_by, decided_at, reason FROM protection_hold \
               WHERE decision IS NULL ORDER BY raised_at, id LIMIT $1";
    RELEASES = "SELECT because FROM protection_hold WHERE query_id = $1 AND decision = 'release' ORDER BY raised_at, id";
    FOREIGN_RELEASES = "SELECT because FROM protection_hold WHERE foreign_query_id = $1 AND decision = 'release' ORDER BY raised_at, id";
    DECIDE = "UPDATE protection_hold SET decision = $2, decided_by = $3, decided_at = $4, reason = $5 \
              WHERE id = $1 AND decision IS NULL";
}

/// What is held: one of our queries, or one of a partner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Query(Uuid),
    Foreign(Uuid),
}

/// A hold to be raised.
#[derive(Debug)]
pub struct NewHold<'a> {
    pub id: Uuid,
    pub held: Held,
    /// Why nobody but counsel can decide, as JSON.
    pub because: &'a str,
    pub at: DateTime<Utc>,
}

/// What counsel decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldDecision {
    /// What the agreement allows may be told.
    Release,
    /// Nothing is told, as if the person were unknown.
    Silence,
}

impl HoldDecision {
    pub const ALL: [Self; 2] = [Self::Release, Self::Silence];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Silence => "silence",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.key() == key)
    }
}

/// A hold, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHold {
    pub id: Uuid,
    pub held: Held,
    pub because: String,
    pub raised_at: DateTime<Utc>,
    pub decided: Option<(HoldDecision, Uuid, DateTime<Utc>)>,
    pub reason: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    query_id: Option<Uuid>,
    foreign_query_id: Option<Uuid>,
    because: String,
    raised_at: DateTime<Utc>,
    decision: Option<String>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<Vec<u8>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("protection_hold", column)
}

impl Row {
    fn read(self, keys: &Keys) -> Result<StoredHold, StoreError> {
        let held = match (self.query_id, self.foreign_query_id) {
            (Some(query), None) => Held::Query(query),
            (None, Some(foreign)) => Held::Foreign(foreign),
            _ => return Err(wrong("query_id")),
        };
        let decided = match (self.decision, self.decided_by, self.decided_at) {
            (Some(decision), Some(by), Some(at)) => Some((HoldDecision::from_key(&decision).ok_or(wrong("decision"))?, by, at)),
            (None, None, None) => None,
            _ => return Err(wrong("decision")),
        };
        let open = |sealed: Vec<u8>| {
            let plain = keys.transit().open(cell("protection_hold", "reason", self.id), &sealed)?;
            String::from_utf8(plain).map_err(|_| wrong("reason"))
        };
        let reason = self.reason.map(open).transpose()?;
        Ok(StoredHold { id: self.id, held, because: self.because, raised_at: self.raised_at, decided, reason })
    }
}

pub async fn raise_hold(transaction: &mut Connection, new: &NewHold<'_>) -> Result<(), StoreError> {
    let (query, foreign) = match new.held {
        Held::Query(query) => (Some(query), None),
        Held::Foreign(foreign) => (None, Some(foreign)),
    };
    execute!(transaction, &RAISE, new.id, query, foreign, new.because, new.at)?;
    Ok(())
}

/// One hold; none if there is none.
pub async fn hold(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredHold>, StoreError> {
    fetch!(connection, fetch_optional, Row, &GET, id)?.map(|row| row.read(keys)).transpose()
}

/// For what counsel released a query: the doubts of each hold, as they were found.
pub async fn releases(connection: &mut Connection, held: Held) -> Result<Vec<String>, StoreError> {
    let rows = match held {
        Held::Query(query) => fetch!(connection, fetch_all, (String,), &RELEASES, query)?,
        Held::Foreign(foreign) => fetch!(connection, fetch_all, (String,), &FOREIGN_RELEASES, foreign)?,
    };
    Ok(rows.into_iter().map(|(because,)| because).collect())
}

/// What waits for counsel, the oldest first.
pub async fn holds_waiting(connection: &mut Connection, keys: &Keys, most: i64) -> Result<Vec<StoredHold>, StoreError> {
    fetch!(connection, fetch_all, Row, &WAITING, most)?.into_iter().map(|row| row.read(keys)).collect()
}

/// Decides a hold, once. False if somebody did before.
pub async fn decide_hold(
    transaction: &mut Connection,
    keys: &Keys,
    id: Uuid,
    decision: HoldDecision,
    by: Uuid,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let reason = keys.transit().seal(cell("protection_hold", "reason", id), reason.as_bytes())?;
    Ok(execute!(transaction, &DECIDE, id, decision.key(), by, at, reason)? == 1)
}
