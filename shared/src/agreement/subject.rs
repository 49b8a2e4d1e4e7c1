//! About whom an agreement lets anything be asked or told.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::capability::SubjectRule;
use super::partner::Partner;
use crate::country::CountryCode;

/// How a person was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    Fingerprints,
    /// By a number, or by name and date of birth.
    Records,
}

impl FoundBy {
    pub const ALL: [Self; 2] = [Self::Fingerprints, Self::Records];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Fingerprints => "fingerprints",
            Self::Records => "records",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Fingerprints => "by fingerprints",
            Self::Records => "by records",
        }
    }
}

/// What agreements want to know of a person. None is what could not be read, or what no record says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub found_by: FoundBy,
    /// Everybody has at least one, if it is that of the stateless: an empty list is unknown.
    pub citizenships: Option<Vec<CountryCode>>,
    /// Countries of permanent residence. An empty list is a person who has none.
    pub residences: Option<Vec<CountryCode>>,
    /// Countries by which the person says that they were persecuted. An empty list is a person who says so of none.
    pub persecuted_by: Option<Vec<CountryCode>>,
}

/// Where a person fears to be sent is in it.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("found_by", &self.found_by).finish_non_exhaustive()
    }
}

/// Is a person one about whom a capability lets anything be asked or told?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    Covered,
    Unknown,
    Outside,
}

/// Whom "third-country national" leaves out besides citizens of the partner and citizens or nationals of the United States.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeavesOut {
    NobodyElse,
    PermanentResidents,
}

/// What the term means in an agreement, from a day (year, month, day) on.
struct Meaning {
    partner: Partner,
    since: (i32, u32, u32),
    leaves_out: LeavesOut,
}

const ALWAYS: (i32, u32, u32) = (1900, 1, 1);

/// The latest stands last.
#[rustfmt::skip]
const MEANINGS: [Meaning; 5] = [
    // SOR/2002-227 s. 315.21 as it was: permanent residents of either country were left out too.
    Meaning { partner: Partner::Canada,        since: ALWAYS,        leaves_out: LeavesOut::PermanentResidents },
    // The agreement as it was amended at Ottawa, put into the regulations by SOR/2024-257: "neither a Canadian citizen nor a citizen
    // or national of the United States".
    Meaning { partner: Partner::Canada,        since: (2024, 7, 19), leaves_out: LeavesOut::NobodyElse },
    // The text of these agreements was not read: taken to mean what Canada's means today.
    Meaning { partner: Partner::Australia,     since: ALWAYS,        leaves_out: LeavesOut::NobodyElse },
    Meaning { partner: Partner::NewZealand,    since: ALWAYS,        leaves_out: LeavesOut::NobodyElse },
    Meaning { partner: Partner::UnitedKingdom, since: ALWAYS,        leaves_out: LeavesOut::NobodyElse },
];

/// The United States and the lands whose people are its nationals.
const UNITED_STATES: [&str; 7] = ["USA", "ASM", "GUM", "MNP", "PRI", "UMI", "VIR"];

/// Does a capability's rule let anything be asked or told about a person on a day?
pub fn coverage(rule: SubjectRule, partner: Partner, person: &Person, on: NaiveDate) -> Coverage {
    match rule {
        SubjectRule::Anyone => Coverage::Covered,
        SubjectRule::ThirdCountryNational => third_country_national(partner, person, on),
    }
}

fn third_country_national(partner: Partner, person: &Person, on: NaiveDate) -> Coverage {
    let is_of_either = |country: &CountryCode| partner.is_behind(country) || UNITED_STATES.contains(&country.as_str());
    let Some(citizenships) = person.citizenships.as_ref().filter(|list| !list.is_empty()) else { return Coverage::Unknown };
    if citizenships.iter().any(is_of_either) {
        return Coverage::Outside;
    }
    match (leaves_out(partner, on), &person.residences) {
        (LeavesOut::PermanentResidents, None) => Coverage::Unknown,
        (LeavesOut::PermanentResidents, Some(residences)) if residences.iter().any(is_of_either) => Coverage::Outside,
        (LeavesOut::PermanentResidents, Some(_)) | (LeavesOut::NobodyElse, _) => Coverage::Covered,
    }
}

fn leaves_out(partner: Partner, on: NaiveDate) -> LeavesOut {
    let begun = |meaning: &&Meaning| {
        let (year, month, day) = meaning.since;
        meaning.partner == partner && NaiveDate::from_ymd_opt(year, month, day).is_some_and(|since| since <= on)
    };
    MEANINGS.iter().rfind(begun).map_or(LeavesOut::PermanentResidents, |meaning| meaning.leaves_out)
}

#[cfg(test)]
mod tests {
    use super::Coverage::{Covered, Outside, Unknown};
    use super::*;

    fn codes(codes: &[&str]) -> Vec<CountryCode> {
        codes.iter().map(|code| CountryCode::parse(code).unwrap()).collect()
    }

    fn person(citizenships: Option<Vec<CountryCode>>, residences: Option<Vec<CountryCode>>) -> Person {
        Person { found_by: FoundBy::Records, citizenships, residences, persecuted_by: None }
    }

    fn of(partner: Partner, person: &Person, on: &str) -> Coverage {
        coverage(SubjectRule::ThirdCountryNational, partner, person, on.parse().unwrap())
    }

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for found in FoundBy::ALL {
            assert_eq!(FoundBy::from_key(found.key()), Some(found));
            assert_eq!(serde_json::to_value(found).unwrap(), found.key());
        }
    }

    #[test]
    fn meanings_of_a_partner_stand_by_their_day() {
        for partner in Partner::ALL {
            let since: Vec<_> = MEANINGS.iter().filter(|row| row.partner == partner).map(|row| row.since).collect();
            assert_eq!(since.first(), Some(&ALWAYS), "{partner:?}");
            assert!(since.is_sorted() && since.windows(2).all(|pair| pair[0] != pair[1]), "{partner:?}");
        }
    }

    #[test]
    fn citizens_of_either_country_are_outside() {
        for (citizenships, expected) in [
            (Some(codes(&["SYR"])), Covered),
            (Some(codes(&["XXA"])), Covered),
            (Some(codes(&["AUS"])), Covered),
            (Some(codes(&["CAN"])), Outside),
            (Some(codes(&["USA"])), Outside),
            (Some(codes(&["ASM"])), Outside),
            (Some(codes(&["SYR", "CAN"])), Outside),
            (Some(codes(&["SYR", "USA"])), Outside),
            (Some(codes(&[])), Unknown),
            (None, Unknown),
        ] {
            for on in ["2024-07-18", "2024-07-19"] {
                assert_eq!(of(Partner::Canada, &person(citizenships.clone(), Some(codes(&[]))), on), expected, "{citizenships:?}");
            }
        }
        assert_eq!(of(Partner::UnitedKingdom, &person(Some(codes(&["GBO"])), None), "2026-01-01"), Outside);
    }

    #[test]
    fn permanent_residents_were_outside_with_canada_until_the_amendment() {
        for (residences, before) in [
            (Some(codes(&["CAN"])), Outside),
            (Some(codes(&["USA"])), Outside),
            (Some(codes(&["FRA"])), Covered),
            (Some(codes(&[])), Covered),
            (None, Unknown),
        ] {
            let person = person(Some(codes(&["SYR"])), residences);
            assert_eq!(of(Partner::Canada, &person, "2024-07-18"), before);
            assert_eq!(of(Partner::Canada, &person, "2024-07-19"), Covered);
            assert_eq!(of(Partner::Australia, &person, "2024-07-18"), Covered);
        }
        let resident = person(Some(codes(&["SYR"])), Some(codes(&["USA"])));
        assert_eq!(of(Partner::Australia, &resident, "1850-01-01"), Outside, "a day before all meanings has the narrowest");
    }

    #[test]
    fn a_rule_about_anyone_asks_nothing() {
        let nobody_known = person(None, None);
        let on = "2026-01-01".parse().unwrap();
        assert_eq!(coverage(SubjectRule::Anyone, Partner::Canada, &nobody_known, on), Covered);
    }

    #[test]
    fn debug_output_does_not_say_where_somebody_fears_to_be_sent() {
        let person =
            Person { found_by: FoundBy::Fingerprints, citizenships: None, residences: None, persecuted_by: Some(codes(&["SYR"])) };
        assert_eq!(format!("{person:?}"), "Person { found_by: Fingerprints, .. }");
    }
}
