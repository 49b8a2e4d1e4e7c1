//! Where a card, a document or a notice is in the mail (SMI): tracking numbers, the carrier's scans, and what they mean.

mod delivery;
mod scan;
mod tracking_number;
mod view;

pub use delivery::{Delivery, DeliveryState, MailedItem, QUIET_DAYS, delivery};
pub use scan::{EventCode, Scan, ScanKind};
pub use tracking_number::{TrackingNumber, TrackingNumberError};
pub use view::{DeliveryView, ScanView};

use chrono::{Days, NaiveDate};

/// USPS uses a number again after six months (Publication 97): a piece of mail is a number and this many days.
pub const MAILING_WINDOW: Days = Days::new(180);
/// The carrier may have a piece a day or two before the mailing is recorded.
pub const BEFORE_MAILING: Days = Days::new(7);

/// The first and the last day on which a scan can be of a piece that was mailed on a day.
pub fn window_of(mailed_on: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = mailed_on.checked_sub_days(BEFORE_MAILING).unwrap_or(mailed_on);
    (first, mailed_on.checked_add_days(MAILING_WINDOW).unwrap_or(mailed_on))
}
