//! Delivery tracking: extract files with their scans, and what a look-up reads of them.
//!
//! Scans are stored as they come, whether or not anything is known of their piece ([`extract`]). Then, as the assessment
//! says, CSSO asks for the cases with scans since it last asked, and renews what their rows say ([`deliveries`]).

mod deliveries;
mod extract;

pub(crate) use deliveries::{NewMailing, add_mailings, read_deliveries};
pub use deliveries::{RecordedDelivery, RecordedScan, misdelivered, numbers_after, renew};
pub use extract::{
    Counts, Extract, NewScan, NotUpdated, add_scans, begin, extracts, find, finish, latest_finish, not_updated, save_progress,
    set_updated,
};
