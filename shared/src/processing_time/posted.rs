//! What an edition of the processing times says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::bound::Bound;

/// What an edition says for one form, category and office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The publication date of the edition.
    pub published: NaiveDate,
    /// The time within which most cases are decided; the only one since ranges are no longer published (May 2022).
    pub upper: Option<Bound>,
    pub lower: Option<Bound>,
    /// The "receipt date for a case inquiry": who was received earlier may ask.
    pub inquiry_date: Option<NaiveDate>,
}
