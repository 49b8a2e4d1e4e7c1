//! The demo's people and cases: invented, the same every time, written as a case feed.
//!
//! Everything follows from the number of a case and from the day of the demo. A feed of fewer cases is the beginning of one
//! of more.

mod case;
mod codes;
mod desks;
mod dice;
mod examples;
mod extract;
mod hidden;
pub mod partners;
mod people;
mod places;
mod processing_times;
mod protected;
pub mod retention;
pub mod staff;
mod stories;

#[cfg(test)]
mod tests;

use std::io::Write;

use case::Case;
use chrono::NaiveDate;
use examples::FixedCase;

pub use desks::staff;
pub use examples::EXAMPLES;
pub use extract::write_extracts;
pub use hidden::HIDDEN;
pub use processing_times::processing_times;

/// The demo's offices, as `portico import offices` reads them.
pub const OFFICES: &str = include_str!("offices.tsv");

/// A well-known case of the demo: its number, and what the front page of the demo says of it.
#[derive(Debug)]
pub struct Example {
    pub receipt_number: &'static str,
    pub note_en: &'static str,
    pub note_es: &'static str,
    case: FixedCase,
}

/// Bytes that are gathered before they are written.
const BLOCK: usize = 64 * 1024;

/// Writes the demo's case feed: `cases` cases, one event a line, with the newest events in the days before `today`. The first
/// cases are the [`EXAMPLES`] and the [`HIDDEN`] ones. Says how many lines it wrote.
///
/// # Errors
/// What `out` says.
pub fn write_feed(out: &mut impl Write, cases: u64, today: NaiveDate) -> std::io::Result<u64> {
    let places = places::places();
    let examples = EXAMPLES.iter().map(|example| (example.receipt_number, &example.case));
    let mut fixed = examples.chain(HIDDEN.iter().copied().zip(hidden::HIDDEN_CASES));
    let mut block = Vec::with_capacity(2 * BLOCK);
    let mut lines = 0;
    for index in 0..cases {
        let case = match fixed.next() {
            Some((number, fixed)) => Case::fixed(index, number, fixed, &places, today),
            None => Case::generated(index, &places, today),
        };
        lines += case.write(&mut block)?;
        if block.len() >= BLOCK {
            out.write_all(&block)?;
            block.clear();
        }
    }
    out.write_all(&block)?;
    out.flush()?;
    Ok(lines)
}
