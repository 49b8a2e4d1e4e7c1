//! Where a card is (SMI): extract files coming in, and the cases that show their scans.
//!
//! Taking a file in stores scans and asks nothing of their pieces. Then [`update_cases`], CSSO's part, renews the rows of the
//! cases that have scans since it last ran. Both can be stopped anywhere and run again: a scan is added once, and what a case
//! shows is worked out from all mailings and scans there are. Nothing is sent to the carrier.

mod ingest;
pub mod layout;
mod record;
mod scan_name;
mod update;

#[cfg(test)]
pub(crate) mod tests;

pub use ingest::{Ingested, Source, ingest};
pub(crate) use scan_name::scan_name;
pub use update::{Standing, is_quiet, standing, update_cases};
