//! Reports: the figures of a month, and taking them or a list of requests out as a file.

mod export;
mod month;
pub mod table;

pub use export::{ExportPage, Wanted, choices, export_page, of_list};
pub use month::ReportsPage;
