//! What is due, as far as the records were gone through: an index of what is to be looked at. Birth dates are sealed, so nobody
//! can ask the database who is due; and whoever is not due within ten years is not here, so that the index tells of few.

use chrono::NaiveDate;
use shared::retention::RecordKind;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    WALK = "SELECT after_id, unknown, finished_on, never FROM retention_walk WHERE kind = $1";
    SAVE_WALK = "INSERT INTO retention_walk (kind, after_id, unknown, finished_on, never) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (kind) DO UPDATE SET after_id = excluded.after_id, unknown = excluded.unknown, \
                 finished_on = excluded.finished_on, never = excluded.never";
    NOTE = "INSERT INTO retention_due (kind, record_id, due_year) VALUES ($1, $2, $3) \
            ON CONFLICT (kind, record_id) DO UPDATE SET due_year = excluded.due_year";
    FORGET = "DELETE FROM retention_due WHERE kind = $1 AND record_id = $2";
    BY_YEAR = "SELECT kind, due_year, count(*) AS records FROM retention_due GROUP BY kind, due_year ORDER BY kind, due_year";
    // What stands in a list that is still to be decided or done is not put into another one.
    CANDIDATES = "SELECT record_id FROM retention_due WHERE kind = $1 AND due_year <= $2 AND NOT EXISTS \
                  (SELECT 1 FROM retention_line JOIN retention_disposition ON retention_disposition.id = retention_line.disposition_id \
                   WHERE retention_line.kind = retention_due.kind AND retention_line.record_id = retention_due.record_id \
                   AND retention_line.outcome IS NULL AND retention_disposition.withdrawn_by IS NULL) \
                  ORDER BY due_year, record_id LIMIT $3";
}

/// How far the records of a kind were gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Walk {
    /// The last record that was looked at; nil comes before all.
    pub after: Uuid,
    /// Of how many of this pass nobody knows a day.
    pub unknown: i64,
    /// The day on which the last whole pass ended.
    pub finished_on: Option<NaiveDate>,
    /// Of how many of that pass nobody knew a day.
    pub never: i64,
}

/// How many records of a kind are due in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueYear {
    pub kind: RecordKind,
    pub year: i32,
    pub records: i64,
}

/// How far the records of a kind were gone through.
pub async fn walk(connection: &mut Connection, kind: RecordKind) -> Result<Walk, StoreError> {
    type Row = (Uuid, i64, Option<String>, i64);
    let Some((after, unknown, finished_on, never)) = fetch!(connection, fetch_optional, Row, &WALK, kind.key())? else {
        return Ok(Walk::default());
    };
    let finished_on = finished_on.map(|day| day.parse::<NaiveDate>()).transpose();
    let finished_on = finished_on.map_err(|_| StoreError::inconsistent("retention_walk", "finished_on"))?;
    Ok(Walk { after, unknown, finished_on, never })
}

pub async fn save_walk(transaction: &mut Connection, kind: RecordKind, walk: Walk) -> Result<(), StoreError> {
    let finished_on = walk.finished_on.map(|day| day.to_string());
    execute!(transaction, &SAVE_WALK, kind.key(), walk.after, walk.unknown, finished_on, walk.never)?;
    Ok(())
}

/// Notes in which year a record is due.
pub async fn note_due(transaction: &mut Connection, kind: RecordKind, record: Uuid, year: i32) -> Result<(), StoreError> {
    execute!(transaction, &NOTE, kind.key(), record, i64::from(year))?;
    Ok(())
}

/// A record is not due for long, or is gone.
pub async fn forget_due(transaction: &mut Connection, kind: RecordKind, record: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &FORGET, kind.key(), record)?;
    Ok(())
}

/// How many records of each kind are due in each year.
pub async fn by_year(connection: &mut Connection) -> Result<Vec<DueYear>, StoreError> {
    let wrong = |column| StoreError::inconsistent("retention_due", column);
    let read = |(kind, year, records): (String, i64, i64)| {
        let kind = RecordKind::from_key(&kind).ok_or(wrong("kind"))?;
        Ok(DueYear { kind, year: i32::try_from(year).map_err(|_| wrong("due_year"))?, records })
    };
    fetch!(connection, fetch_all, (String, i64, i64), &BY_YEAR)?.into_iter().map(read).collect()
}

/// Records of a kind that were due by a year and stand in no list, those first that have been due longest.
pub async fn candidates(connection: &mut Connection, kind: RecordKind, year: i32, most: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &CANDIDATES, kind.key(), i64::from(year), most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
