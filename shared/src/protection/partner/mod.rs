//! What may be told to a partner country about a person: fail closed.
//!
//! One pure function, [`towards_partner`], over the markers of all records of a person, what PCQS/CIS answered, the policy table
//! ([`PARTNER_POLICY`]) and waivers. Whatever was not read or not understood is referred to counsel; nothing that failed lets
//! anything be told. A marker counts from when it was recorded: the caller reads what is committed when the check begins, and
//! checks again before it sends.
//!
//! Law: 8 USC 1367 (VAWA, T and U), 8 CFR 208.6 (asylum, refugee), 8 USC 1254a(c)(6) (TPS), 8 USC 1255a(c)(5) and 1160(b)(6)
//! (legalization). Which class leads to which outcome is ours, where the law leaves it open.

mod policy;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod waiver;

pub use policy::{PARTNER_POLICY, PartnerPolicyRow, PartnerRule};
pub use waiver::{Waiver, WaiverError, WaiverId, WaiverKind};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Class, Marker, classify};
use crate::agreement::{AnswerKind, Partner, Purpose};
use crate::case_feed::ANumber;
use crate::sensitive::Sensitive;

/// Towards whom, why and when something is about to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    pub partner: Partner,
    pub purpose: Purpose,
    pub today: NaiveDate,
}

/// One record of a person: what stands under an A-Number, or a case that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub a_number: Option<Sensitive<ANumber>>,
    /// None: it could not be read, or not in time.
    pub markers: Option<Vec<Marker>>,
}

/// What PCQS/CIS answered about the person: one more source beside our own records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CisAnswer {
    /// With what it has.
    Markers(Vec<Marker>),
    /// That the person is protected, and not by what.
    Protected,
    /// Opens nothing that another source closes.
    NotProtected,
    /// An error, no answer in time, or one that could not be read.
    Failed,
}

/// Why counsel has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The person has no record, or one has no marker: each carries at least that of its form, so something was not read.
    NothingRead,
    /// A record could not be read, or not in time.
    Unread,
    /// PCQS/CIS did not answer.
    CisFailed,
    /// Of several A-Numbers one is protected and another is not: who is who?
    SomeANumbers,
    /// The policy refers the class.
    Class(Class),
    /// A waiver stands against 8 USC 1367.
    Waived(Class),
}

/// As counsel reads it.
impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingRead => f.write_str("no record, or none of its markers, could be read"),
            Self::Unread => f.write_str("a record could not be read, or not in time"),
            Self::CisFailed => f.write_str("PCQS/CIS did not answer"),
            Self::SomeANumbers => f.write_str("of several A-Numbers one is protected and another is not"),
            Self::Class(class) => write!(f, "the policy refers the class: {}", class.name()),
            Self::Waived(class) => write!(f, "a waiver stands against 8 USC 1367: {}", class.name()),
        }
    }
}

/// What may be told to a partner about a person. Of several the most closed counts, from `Share` to `NoMatch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Towards {
    /// As far as the agreement lets it.
    Share {
        /// The waivers without which it could not be told.
        waivers: BTreeSet<WaiverId>,
    },
    /// Nothing, until counsel has decided.
    Refer { because: BTreeSet<Doubt> },
    /// Nothing, and the answer is that to somebody unknown.
    NoMatch,
}

impl Towards {
    fn freely() -> Self {
        Self::Share { waivers: BTreeSet::new() }
    }

    fn doubt(doubt: Doubt) -> Self {
        Self::Refer { because: BTreeSet::from([doubt]) }
    }

    /// The more closed of two.
    #[must_use]
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NoMatch, _) | (_, Self::NoMatch) => Self::NoMatch,
            (Self::Refer { because }, Self::Refer { because: more }) => Self::Refer { because: &because | &more },
            (refer @ Self::Refer { .. }, _) | (_, refer @ Self::Refer { .. }) => refer,
            (Self::Share { waivers }, Self::Share { waivers: more }) => Self::Share { waivers: &waivers | &more },
        }
    }
}

/// What the partner was told of the person before: the most that it ever was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBefore {
    Never,
    NoMatch,
    Match,
}

impl AnsweredBefore {
    pub const ALL: [Self; 3] = [Self::Never, Self::NoMatch, Self::Match];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::NoMatch => "no_match",
            Self::Match => "match",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|before| before.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::NoMatch => "no match",
            Self::Match => "a match",
        }
    }

    /// What a partner is answered who may be told nothing. Whoever had a match knows that we know the person: "no match" would say
    /// that something has happened since. A refusal says nothing of why; it is also the answer where an agreement lets nothing be
    /// asked, and about somebody whom we really do not know any more.
    pub const fn silence(self) -> AnswerKind {
        match self {
            Self::Never | Self::NoMatch => AnswerKind::NoMatch,
            Self::Match => AnswerKind::Refused,
        }
    }
}

/// Decides what may be told to a partner about a person: the most closed answer of all sources.
pub fn towards_partner(records: &[Record], cis: &CisAnswer, waivers: &[Waiver], telling: Telling) -> Towards {
    Check { policy: &PARTNER_POLICY, waivers, telling }.of_person(records, cis)
}

/// What every marker is held against.
struct Check<'a> {
    policy: &'a [PartnerPolicyRow],
    waivers: &'a [Waiver],
    telling: Telling,
}

impl Check<'_> {
    fn of_person(&self, records: &[Record], cis: &CisAnswer) -> Towards {
        if records.is_empty() {
            return self.of_cis(cis).and(Towards::doubt(Doubt::NothingRead));
        }
        let of_cases = records.iter().filter(|record| record.a_number.is_none()).map(|record| self.of_record(record));
        of_cases.fold(self.of_cis(cis), Towards::and).and(self.of_a_numbers(records))
    }

    /// A person with two A-Numbers may be two persons, or one whose files nobody has put together. If one of the numbers is
    /// protected and another is plainly not, neither answer is safe.
    fn of_a_numbers(&self, records: &[Record]) -> Towards {
        let mut numbers: BTreeMap<&str, Towards> = BTreeMap::new();
        for record in records {
            let Some(number) = &record.a_number else { continue };
            let number = numbers.entry(number.expose().digits()).or_insert_with(Towards::freely);
            *number = number.clone().and(self.of_record(record));
        }
        let has = |outcome: &Towards| numbers.values().any(|towards| towards == outcome);
        if has(&Towards::NoMatch) && has(&Towards::freely()) {
            return Towards::doubt(Doubt::SomeANumbers);
        }
        numbers.into_values().fold(Towards::freely(), Towards::and)
    }

    fn of_record(&self, record: &Record) -> Towards {
        record.markers.as_ref().map_or_else(|| Towards::doubt(Doubt::Unread), |markers| self.of_markers(markers))
    }

    fn of_cis(&self, cis: &CisAnswer) -> Towards {
        match cis {
            CisAnswer::Markers(markers) => self.of_markers(markers),
            // It may be 8 USC 1367, under which not even the record may be told of. A hold takes longer than a true "no match", and
            // would show; and counsel could not lift it: no waiver fits a class that nobody named. An unknown class, which is
            // referred, is another thing: it may be no protection at all.
            CisAnswer::Protected => Towards::NoMatch,
            CisAnswer::NotProtected => Towards::freely(),
            CisAnswer::Failed => Towards::doubt(Doubt::CisFailed),
        }
    }

    fn of_markers(&self, markers: &[Marker]) -> Towards {
        if markers.is_empty() {
            return Towards::doubt(Doubt::NothingRead);
        }
        let today = self.telling.today;
        markers
            .iter()
            .filter(|marker| marker.is_in_force(today))
            .map(|marker| self.of_class(classify(&marker.evidence, marker.effective_from.unwrap_or(today))))
            .fold(Towards::freely(), Towards::and)
    }

    fn of_class(&self, class: Class) -> Towards {
        let Telling { partner, purpose, .. } = self.telling;
        match policy::rule(self.policy, class, partner, purpose) {
            PartnerRule::Share => Towards::freely(),
            PartnerRule::ShareWithWaiver(kinds) => self
                .waiver(class, kinds)
                .map_or(Towards::NoMatch, |waiver| Towards::Share { waivers: BTreeSet::from([waiver.id()]) }),
            PartnerRule::Refer => Towards::doubt(Doubt::Class(class)),
            PartnerRule::ReferWithWaiver(kinds) => {
                self.waiver(class, kinds).map_or(Towards::NoMatch, |_| Towards::doubt(Doubt::Waived(class)))
            }
            PartnerRule::NoMatch => Towards::NoMatch,
        }
    }

    fn waiver(&self, class: Class, kinds: &[WaiverKind]) -> Option<&Waiver> {
        let Telling { partner, today, .. } = self.telling;
        self.waivers.iter().find(|waiver| kinds.contains(&waiver.kind()) && waiver.lifts(class, partner, today))
    }
}
