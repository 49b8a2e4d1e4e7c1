//! How many people wait from an earlier date: counted once a day, written aside, read when the count is finished.
//!
//! What is stored is what may be told: for each form, category and office the days from which the rounded number is another one.

use chrono::{DateTime, NaiveDate, Utc};
use shared::case_status::FormNumber;
use shared::office::OfficeCode;
use shared::processing_time::CategoryKey;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    NEWEST = "SELECT day, threshold FROM waiting_count WHERE finished_at IS NOT NULL ORDER BY day DESC, threshold DESC LIMIT 1";
    CLAIM = "INSERT INTO waiting_count (day, threshold, id, claimed_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (day, threshold) DO UPDATE SET id = excluded.id, claimed_at = excluded.claimed_at \
             WHERE waiting_count.finished_at IS NULL AND waiting_count.claimed_at < $5 RETURNING id";
    FINISH = "UPDATE waiting_count SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL";
    FORGET = "DELETE FROM waiting_count WHERE day < $1 OR (day = $1 AND finished_at IS NOT NULL AND threshold < $2)";
    FORGET_STEPS = "DELETE FROM waiting_step WHERE NOT EXISTS \
                    (SELECT 1 FROM waiting_count WHERE waiting_count.id = waiting_step.count_id)";
    TOLD = "SELECT newest.day, waiting_step.told FROM (SELECT id, day FROM waiting_count WHERE finished_at IS NOT NULL \
            ORDER BY day DESC, threshold DESC LIMIT 1) AS newest JOIN waiting_step ON waiting_step.count_id = newest.id \
            WHERE waiting_step.form = $1 AND waiting_step.category = $2 AND waiting_step.office = $3 \
            AND waiting_step.from_day <= $4 ORDER BY waiting_step.from_day DESC LIMIT 1";
}

/// Cases that wait together: those for which one processing time is published.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Queue {
    pub form: FormNumber,
    pub category: CategoryKey,
    pub office: OfficeCode,
}

/// From a day on, whoever was received has more than `told` people before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: NaiveDate,
    pub told: u64,
}

/// A number that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub more_than: u64,
    /// The day of the count.
    pub counted_on: NaiveDate,
}

/// What a count is for: the agency's day, and the number that has to be passed before any is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    pub day: NaiveDate,
    pub threshold: u32,
}

fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("waiting_count", column)
}

/// The finished count that is read.
pub async fn newest(connection: &mut Connection) -> Result<Option<Count>, StoreError> {
    let Some((day, threshold)) = fetch!(connection, fetch_optional, (String, i64), &NEWEST)? else { return Ok(None) };
    let day = day.parse().map_err(|_| wrong("day"))?;
    Ok(Some(Count { day, threshold: u32::try_from(threshold).map_err(|_| wrong("threshold"))? }))
}

/// Takes a count, unless it is finished or somebody who took it later than `left_since` is at it. Whether it was taken.
pub async fn claim(
    transaction: &mut Connection,
    count: Count,
    id: Uuid,
    now: DateTime<Utc>,
    left_since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (day, threshold) = (count.day.to_string(), i64::from(count.threshold));
    Ok(fetch!(transaction, fetch_optional, (Uuid,), &CLAIM, day, threshold, id, now, left_since)?.is_some())
}

/// Adds steps of a count under way.
pub async fn add_steps(transaction: &mut Connection, id: Uuid, steps: &[(&Queue, Step)]) -> Result<(), StoreError> {
    let row = |(queue, step): &(&Queue, Step)| {
        Ok(vec![
            Bulk::Id(id),
            Bulk::Text(queue.form.as_str().to_owned()),
            Bulk::Text(queue.category.as_str().to_owned()),
            Bulk::Text(queue.office.as_str().to_owned()),
            Bulk::Text(step.from.to_string()),
            Bulk::Number(i64::try_from(step.told).map_err(|_| StoreError::inconsistent("waiting_step", "told"))?),
        ])
    };
    let rows = steps.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    write_rows(transaction, "INSERT INTO waiting_step (count_id, form, category, office, from_day, told) ", rows, "").await?;
    Ok(())
}

/// From now on the count is read. Whether it was still this one's.
pub async fn finish(transaction: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &FINISH, id, now)? > 0)
}

/// Deletes the counts that this one replaces, and steps that are nobody's.
pub async fn forget_before(transaction: &mut Connection, count: Count) -> Result<u64, StoreError> {
    execute!(transaction, &FORGET, count.day.to_string(), i64::from(count.threshold))?;
    Ok(execute!(transaction, &FORGET_STEPS)?)
}

/// Than how many people more wait in a queue from before a day. None where that is not told.
pub async fn told(connection: &mut Connection, queue: &Queue, received: NaiveDate) -> Result<Option<Told>, StoreError> {
    let Queue { form, category, office } = queue;
    let (form, category, office) = (form.as_str(), category.as_str(), office.as_str());
    let row = fetch!(connection, fetch_optional, (String, i64), &TOLD, form, category, office, received.to_string())?;
    let Some((day, told)) = row else { return Ok(None) };
    let more_than = u64::try_from(told).map_err(|_| StoreError::inconsistent("waiting_step", "told"))?;
    Ok(Some(Told { more_than, counted_on: day.parse().map_err(|_| wrong("day"))? }))
}
