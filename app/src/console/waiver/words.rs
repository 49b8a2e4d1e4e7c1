//! What the pages about waivers call things.

use chrono::NaiveDate;
use domain::waiver::StoredWaiver;
use shared::protection::{Class, PARTNER_POLICY, PartnerPolicyRow, PartnerRule, WaiverError};

use super::proposed::NoPaper;

pub const NO_KIND: &str = "On what it rests: choose it.";
pub const NO_PERSON: &str = "Whose consent it is: type the address of the person's profile.";
pub const NO_CONSENT: &str = "Whose consent it is: leave it empty. Only a consent is of one person alone.";
pub const NOBODY: &str = "Whose consent it is: there is no such profile.";
pub const NO_FIRST_DAY: &str = "From: type the first day on which it holds.";
pub const NO_LAST_DAY: &str = "Until: type a day, or leave it empty.";
pub const FILE_AGAIN: &str = "Choose the file again: it was not kept.";
pub const STALE: &str = "You showed your second factor too long ago.";

/// The classes of which the policy towards partners lets a waiver say anything.
pub fn classes() -> impl Iterator<Item = Class> {
    let knows_waivers =
        |row: &PartnerPolicyRow| matches!(row.rule, PartnerRule::ShareWithWaiver(_) | PartnerRule::ReferWithWaiver(_));
    Class::ALL.into_iter().filter(move |class| PARTNER_POLICY.iter().any(|row| row.class == *class && knows_waivers(row)))
}

/// Where a waiver stands.
pub fn standing(stored: &StoredWaiver, today: NaiveDate) -> &'static str {
    let waiver = &stored.waiver;
    match (&stored.agreed, &stored.ended) {
        (Some(_), Some(_)) => "Ended",
        (None, Some(_)) => "Taken back",
        (None, None) => "Waits for somebody else",
        (Some(_), None) if today < waiver.from() => "Agreed to, holds later",
        (Some(_), None) if waiver.to().is_some_and(|end| end <= today) => "Over",
        (Some(_), None) => "Holds",
    }
}

pub const fn no_paper(why: NoPaper) -> &'static str {
    match why {
        NoPaper::NotChosen => "File of the paper: choose it.",
        NoPaper::TooLarge => "File of the paper: it is larger than 10 MB.",
    }
}

pub fn fault(fault: WaiverError) -> String {
    match fault {
        WaiverError::NoClass => "What it lifts: tick at least one.".to_owned(),
        WaiverError::NoPartner => "Countries: tick at least one.".to_owned(),
        WaiverError::Ends => "Until: type a day after the first one.".to_owned(),
        WaiverError::BeyondMemorandum(class) => format!(
            "A memorandum of the Secretary lifts what 8 CFR 208.6 protects, asylum and refugees, and never {}. Take the tick away, or \
             choose another ground.",
            class.name()
        ),
    }
}
