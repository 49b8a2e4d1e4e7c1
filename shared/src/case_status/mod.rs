//! Check a case (CSSO): the receipt number that asks, and the view that answers.

mod form_number;
mod receipt_number;
mod view;

pub use form_number::{FormNumber, FormNumberError};
pub(crate) use receipt_number::is_separator;
pub use receipt_number::{RECEIPT_NUMBER_LENGTH, ReceiptNumber, ReceiptNumberError};
pub use view::{AppointmentView, CaseStatusView, Day, HistoryEntry, LookUpAnswer, Stage, Timing};
