//! Failures counted for each number, known only by a keyed hash: an unknown number counts as a hidden one does.

use chrono::NaiveDate;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    COUNT = "INSERT INTO look_up_failure (number_mac, day, failures) VALUES ($1, $2, $3) \
             ON CONFLICT (number_mac, day) DO UPDATE SET failures = look_up_failure.failures + excluded.failures";
    OF_DAY = "SELECT failures FROM look_up_failure WHERE number_mac = $1 AND day = $2";
    FORGET = "DELETE FROM look_up_failure WHERE day < $1";
}

/// Adds failures of a number on a day.
pub async fn count(transaction: &mut Connection, number_mac: &[u8], day: NaiveDate, failures: i64) -> Result<(), StoreError> {
    execute!(transaction, &COUNT, number_mac, day.to_string(), failures)?;
    Ok(())
}

/// How often a number failed on a day, as far as it was saved.
pub async fn of_day(connection: &mut Connection, number_mac: &[u8], day: NaiveDate) -> Result<i64, StoreError> {
    let counted = fetch!(connection, fetch_optional, (i64,), &OF_DAY, number_mac, day.to_string())?;
    Ok(counted.map_or(0, |(failures,)| failures))
}

/// Forgets the days before `day`.
pub async fn forget_before(transaction: &mut Connection, day: NaiveDate) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET, day.to_string())?)
}
