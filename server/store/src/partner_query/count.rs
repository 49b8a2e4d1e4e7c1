//! How many queries were made in a year. What an agreement allows is counted as it is used: the rows themselves are too many.

use shared::agreement::{Direction, Made, Partner, Step};

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    COUNT = "INSERT INTO query_count (partner, direction, step, year, made) VALUES ($1, $2, $3, $4, 1) \
             ON CONFLICT (partner, direction, step, year) DO UPDATE SET made = query_count.made + 1";
    MADE = "SELECT step, made FROM query_count WHERE partner = $1 AND direction = $2 AND year = $3";
}

/// Counts a query that was made.
pub async fn count(
    transaction: &mut Connection,
    partner: Partner,
    direction: Direction,
    step: Step,
    year: i32,
) -> Result<(), StoreError> {
    execute!(transaction, &COUNT, partner.key(), direction.key(), step.key(), i64::from(year))?;
    Ok(())
}

/// How many were made with a partner in a year.
pub async fn made(connection: &mut Connection, partner: Partner, direction: Direction, year: i32) -> Result<Made, StoreError> {
    let rows = fetch!(connection, fetch_all, (String, i64), &MADE, partner.key(), direction.key(), i64::from(year))?;
    let at = |step: Step| {
        let found = rows.iter().find(|(key, _)| key == step.key());
        found.map_or(0, |(_, made)| u32::try_from(*made).unwrap_or(u32::MAX))
    };
    Ok(Made { first: at(Step::First), second: at(Step::Second), third: at(Step::Third), reverse: at(Step::Reverse) })
}
