//! How long records are kept, and what keeps them longer.
//!
//! Two schedules of the National Archives: a person's profile and what partner countries were asked and told about them, a
//! hundred years from birth (DAA-0563-2013-0001-0005); what people asked about their cases (CRIS), under N1-566-08-09, whose
//! period an agency sets. Sources: PIA-060(a), PIA-019(b).
//!
//! * [`RecordKind`], [`ScheduleItem`]: what is destroyed as one, and under which item;
//! * [`Due`], [`of_people`], [`after_last`]: from which day on it may be destroyed;
//! * [`HoldOn`], [`Reach`]: what must not be destroyed although it is due;
//! * [`LineOutcome`]: what became of each record of a disposition;
//! * [`TABLES`]: every table of both databases, and how long what is in it stays.

mod due;
mod hold;
mod tables;

pub use due::{Due, NotDue, after_last, birth, of_people};
pub use hold::{HoldOn, Reach};
pub use tables::{DataClass, Place, TABLES, TableRow};

/// What is destroyed as one: all of it or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A profile, with all that were put together under it, and the queries to and from partners about the person.
    Person,
    /// A case, as callers and the portal know it: its requests, answers, documents, mail and followers.
    Case,
    /// A report of a new address.
    AddressReport,
}

/// An item of the National Archives' schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScheduleItem {
    /// Customer profiles: a hundred years from birth.
    Profiles,
    /// What customers asked: the period is not published, an agency sets it.
    CustomerService,
}

/// What became of a record of a disposition that was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineOutcome {
    Destroyed,
    /// A hold stood in the way.
    Held,
    /// Something that it goes by was corrected since.
    NotDue,
    /// Somebody works on it: it stays due.
    InUse,
    /// Another disposition destroyed it, or it became a part of another record.
    Gone,
}

impl RecordKind {
    pub const ALL: [Self; 3] = [Self::Person, Self::Case, Self::AddressReport];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Case => "case",
            Self::AddressReport => "address_report",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Case => "Case",
            Self::AddressReport => "Report of a new address",
        }
    }

    pub const fn item(self) -> ScheduleItem {
        match self {
            Self::Person => ScheduleItem::Profiles,
            Self::Case | Self::AddressReport => ScheduleItem::CustomerService,
        }
    }
}

impl ScheduleItem {
    pub const ALL: [Self; 2] = [Self::Profiles, Self::CustomerService];

    /// As the National Archives number it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::Profiles => "DAA-0563-2013-0001-0005",
            Self::CustomerService => "N1-566-08-09",
        }
    }
}

impl LineOutcome {
    pub const ALL: [Self; 5] = [Self::Destroyed, Self::Held, Self::NotDue, Self::InUse, Self::Gone];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Destroyed => "destroyed",
            Self::Held => "held",
            Self::NotDue => "not_due",
            Self::InUse => "in_use",
            Self::Gone => "gone",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Destroyed => "Destroyed",
            Self::Held => "Kept: a hold",
            Self::NotDue => "Kept: not due any more",
            Self::InUse => "Kept: in use",
            Self::Gone => "Was gone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back() {
        for kind in RecordKind::ALL {
            assert_eq!(RecordKind::from_key(kind.key()), Some(kind));
        }
        for outcome in LineOutcome::ALL {
            assert_eq!(LineOutcome::from_key(outcome.key()), Some(outcome));
        }
        assert_eq!(RecordKind::from_key("profile"), None);
    }

    #[test]
    fn people_and_what_they_asked_are_under_two_items() {
        assert_eq!(RecordKind::Person.item().number(), "DAA-0563-2013-0001-0005");
        assert_eq!(RecordKind::Case.item(), RecordKind::AddressReport.item());
        assert_eq!(RecordKind::Case.item().number(), "N1-566-08-09");
    }
}
