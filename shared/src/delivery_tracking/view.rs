//! A delivery as the page shows it, in one language.

use serde::{Deserialize, Serialize};

use super::delivery::{DeliveryState, MailedItem};
use crate::case_status::Day;

/// One piece of mail of a case. It says where the piece is and never where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// `Permanent Resident Card`, or `notice`; none if the agency did not say what it mailed.
    pub item: Option<String>,
    /// What kind of thing it is, if the agency said.
    pub kind: Option<MailedItem>,
    pub tracking_number: String,
    /// The carrier's own page of the piece.
    pub carrier_link: String,
    #[serde(flatten)]
    pub state: DeliveryState,
    /// Newest first.
    pub scans: Vec<ScanView>,
    /// When the carrier's data last came, in the agency's time zone.
    pub as_of: Option<Day>,
}

/// A scan, by the clock of the place where it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanView {
    pub day: Day,
    pub time: String,
    /// What the carrier did.
    pub what: String,
    /// `SPRINGFIELD, VA`
    pub place: Option<String>,
}
