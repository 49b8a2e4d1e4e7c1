//! Holds: what must not be destroyed although it is due.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::agreement::Partner;

/// What a hold is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldOn {
    /// A profile: whatever else is known of the person as well.
    Person(Uuid),
    Case(Uuid),
    /// Everybody about whom this partner was asked, or asked.
    Partner(Partner),
}

/// All that a record has to do with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Profiles, merged ones too.
    pub people: BTreeSet<Uuid>,
    pub cases: BTreeSet<Uuid>,
    pub partners: BTreeSet<Partner>,
}

impl HoldOn {
    /// The words by which rows and forms tell them apart.
    pub const KEYS: [&str; 3] = ["person", "case", "partner"];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Case(_) => "case",
            Self::Partner(_) => "partner",
        }
    }

    /// Does it keep a record?
    pub fn keeps(self, record: &Reach) -> bool {
        match self {
            Self::Person(profile) => record.people.contains(&profile),
            Self::Case(case) => record.cases.contains(&case),
            Self::Partner(partner) => record.partners.contains(&partner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_keeps_what_has_to_do_with_it_and_nothing_else() {
        let [one, other] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let record = Reach { people: [one].into(), cases: [other].into(), partners: [Partner::Canada].into() };
        for hold in [HoldOn::Person(one), HoldOn::Case(other), HoldOn::Partner(Partner::Canada)] {
            assert!(hold.keeps(&record), "{hold:?}");
            assert!(!hold.keeps(&Reach::default()), "{hold:?}");
        }
        for hold in [HoldOn::Person(other), HoldOn::Case(one), HoldOn::Partner(Partner::Australia)] {
            assert!(!hold.keeps(&record), "{hold:?}");
        }
        assert_eq!([HoldOn::Person(one), HoldOn::Case(one), HoldOn::Partner(Partner::Canada)].map(HoldOn::key), HoldOn::KEYS);
    }
}
