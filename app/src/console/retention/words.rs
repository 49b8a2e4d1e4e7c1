//! What the pages about retention call things.

use domain::retention::{Approved, HoldProposed, StoredDisposition, StoredHold};
use shared::retention::HoldOn;

pub const NO_SUBJECT: &str = "What it is on: choose it.";
pub const NO_PERSON: &str = "Which one: type the address of the person's profile.";
pub const NO_CASE: &str = "Which one: type the receipt number of the case.";
pub const NO_PARTNER: &str = "Partner: choose one.";
pub const NO_REASON: &str = "Why: say it, in at most 2,000 letters.";
pub const NOTHING: &str = "Which one: there is no such profile or case.";
pub const NO_KIND: &str = "Nothing was listed: tick at least one kind of records.";

/// What was wrong with a proposal; none if it keeps.
pub const fn not_kept(proposed: HoldProposed) -> Option<&'static str> {
    match proposed {
        HoldProposed::Keeps(_) => None,
        HoldProposed::NoReason => Some(NO_REASON),
        HoldProposed::Nothing => Some(NOTHING),
    }
}

/// What a hold is on.
pub fn subject(on: HoldOn) -> String {
    match on {
        HoldOn::Person(_) => "A person".to_owned(),
        HoldOn::Case(_) => "A case".to_owned(),
        HoldOn::Partner(partner) => format!("Everybody about whom {} was asked, or asked", partner.name()),
    }
}

/// Where a hold stands.
pub const fn standing(hold: &StoredHold) -> &'static str {
    match (&hold.withdrawn, &hold.ended, &hold.ending, &hold.agreed) {
        (Some(_), ..) => "Taken back",
        (None, Some(_), ..) => "Ended",
        (None, None, Some(_), _) => "Keeps; somebody proposed to end it",
        (None, None, None, Some(_)) => "Keeps",
        (None, None, None, None) => "Keeps, and waits for somebody else",
    }
}

/// Where a list stands.
pub const fn stage(stored: &StoredDisposition) -> &'static str {
    match (&stored.withdrawn, &stored.approved) {
        (Some(_), _) => "Taken back",
        (None, Some(_)) => "Approved",
        (None, None) => "Waits for somebody else",
    }
}

pub const fn approved(approved: Approved) -> Result<&'static str, &'static str> {
    match approved {
        Approved::Done => Ok("Approved. Its records are destroyed within minutes; what a hold keeps is left."),
        Approved::NotNow => Err("Nothing was done: it does not wait any more, or you made the list yourself."),
        Approved::Changed => Err("Nothing was done: it is not the list that was shown. Read it again."),
    }
}
