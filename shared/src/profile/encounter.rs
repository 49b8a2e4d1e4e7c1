//! Encounters: when the department met the person, and what for.

use chrono::NaiveDate;

use super::EncounterId;

/// Why the person was met: NIEM 6.0 `scr:EncounterCategoryCode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncounterKind {
    Application,
    Enforcement,
    Enrollment,
    Interview,
    PersonCrossing,
    Primary,
    Secondary,
}

impl EncounterKind {
    pub const ALL: [Self; 7] = [
        Self::Application,
        Self::Enforcement,
        Self::Enrollment,
        Self::Interview,
        Self::PersonCrossing,
        Self::Primary,
        Self::Secondary,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Enforcement => "enforcement",
            Self::Enrollment => "enrollment",
            Self::Interview => "interview",
            Self::PersonCrossing => "person_crossing",
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Enforcement => "Enforcement",
            Self::Enrollment => "Enrollment",
            Self::Interview => "Interview",
            Self::PersonCrossing => "Border crossing",
            Self::Primary => "Primary inspection",
            Self::Secondary => "Secondary inspection",
        }
    }
}

/// One time that the department met the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encounter {
    pub id: EncounterId,
    pub kind: EncounterKind,
    pub on: NaiveDate,
}
