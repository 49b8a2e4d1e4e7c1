//! A page of reports at ten thousand requests and at a million: figures are kept, not counted.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::report::month_report;
use shared::report::Month;
use store::engine::Engine;

use crate::Row;
use crate::queues::{FEW, Filled, at_most, median};

/// So few that the ten thousand, too, are about every type: a report has a line for each.
const CASES: usize = 500;

const ROUNDS: usize = 60;

/// All figures of a month in which requests came in, of one office or of all.
async fn page(filled: &Filled, is_of_office: bool) -> Duration {
    let month = Month::of(filled.ctx.today() - TimeDelta::days(120));
    let office = is_of_office.then(|| filled.office.clone());
    let began = Instant::now();
    let report = month_report(&filled.ctx, &filled.officer, month, office).await.unwrap();
    let took = began.elapsed();
    assert!(report.kinds.len() > 10 && report.all.open > 0 && report.ages.all() > 0);
    took
}

/// Times it, on one engine.
pub async fn rows(engine: Engine, many: u64) -> Vec<Row> {
    let (small, large) = (Filled::open(engine, FEW, CASES).await, Filled::open(engine, many, CASES).await);
    let name = if engine == Engine::Sqlite { "SQLite" } else { "PostgreSQL" };
    let mut rows = Vec::new();
    for (what, is_of_office) in [("an office", true), ("all offices", false)] {
        let (mut few, mut lots) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            few.push(page(&small, is_of_office).await);
            lots.push(page(&large, is_of_office).await);
        }
        let what = format!("the report of a month of {what}, {name}, {many} requests / {FEW}");
        rows.push(at_most(&what, median(lots), median(few), 2.0));
    }
    rows
}
