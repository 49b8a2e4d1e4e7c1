//! The list of cases that a person keeps in their own browser.
//!
//! It lives in the browser's storage and in files that people save and bring along, never on a server. Both are text from
//! outside: [`WatchList::parse`] takes all of it or nothing, [`ListFile::parse`] goes case by case and says which it refuses.

mod case;
mod case_name;
mod list;
mod seen;
mod written;

#[cfg(test)]
mod tests;

pub use case::WatchedCase;
pub use case_name::{CaseName, CaseNameError, LONGEST_CASE_NAME};
pub use list::{MOST_CASES, Merged, NotAdded, Removed, WatchList};
pub use seen::{Seen, WatchAnswer, WatchedStatus};
pub use written::{CaseRefusal, LARGEST_LIST, ListError, ListFile, RefusedCase};
