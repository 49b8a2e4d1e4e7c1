//! Capabilities: what is operated with a partner, from a day on.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::element::Element;
use super::instrument::InstrumentKey;
use super::purpose::Purpose;
use super::step::{Direction, Modality, Priority, Step};

/// Is a capability operated?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapabilityStatus {
    /// Agreed to, and not built or not switched on.
    Planned,
    Live,
    Suspended,
}

impl CapabilityStatus {
    pub const ALL: [Self; 3] = [Self::Planned, Self::Live, Self::Suspended];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Live => "live",
            Self::Suspended => "suspended",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Live => "Live",
            Self::Suspended => "Suspended",
        }
    }
}

/// What a capability serves.
///
/// A query by fingerprints is answered with names, and says none: that names may stand in an answer lets nobody be searched by
/// name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Serves {
    /// A query may search by its modality; the answer may have the elements of its data set.
    Queries,
    /// Its data set may stand in the answer to a query by another modality at the same step.
    AnswersOnly,
}

impl Serves {
    pub const ALL: [Self; 2] = [Self::Queries, Self::AnswersOnly];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Queries => "queries",
            Self::AnswersOnly => "answers_only",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|serves| serves.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Queries => "queries and their answers",
            Self::AnswersOnly => "answers only",
        }
    }
}

/// When an element of a data set may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Always,
    /// Only of a person who was found by fingerprints (SOR/2002-227 s. 315.25(1)(c)).
    OnFingerprintMatch,
    /// Counsel looks at each.
    ReferToCounsel,
}

impl Condition {
    pub const ALL: [Self; 3] = [Self::Always, Self::OnFingerprintMatch, Self::ReferToCounsel];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::OnFingerprintMatch => "on_fingerprint_match",
            Self::ReferToCounsel => "refer_to_counsel",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::OnFingerprintMatch => "on a match of fingerprints",
            Self::ReferToCounsel => "if counsel says so",
        }
    }
}

/// Who, of the country that asks, gets what is told. The kinds are ours; the instruments name agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Who decides on visas, statuses and benefits.
    Immigration,
    /// Who decides at the border.
    Border,
    /// Who decides on claims for protection; with us RAIO.
    Protection,
    /// Who decides on citizenship.
    Citizenship,
    /// Who looks into fraud in these; with us FDNS.
    Fraud,
}

impl Recipient {
    pub const ALL: [Self; 5] = [Self::Immigration, Self::Border, Self::Protection, Self::Citizenship, Self::Fraud];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Immigration => "immigration",
            Self::Border => "border",
            Self::Protection => "protection",
            Self::Citizenship => "citizenship",
            Self::Fraud => "fraud",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipient| recipient.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Immigration => "Immigration authority",
            Self::Border => "Border authority",
            Self::Protection => "Authority for refugees and asylum",
            Self::Citizenship => "Citizenship authority",
            Self::Fraud => "Fraud detection",
        }
    }
}

/// About whom a capability lets anything be asked or told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectRule {
    Anyone,
    /// Nationals of third countries. What that means depends on the day: see [`super::coverage`].
    ThirdCountryNational,
}

impl SubjectRule {
    pub const ALL: [Self; 2] = [Self::Anyone, Self::ThirdCountryNational];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::ThirdCountryNational => "third_country_national",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::ThirdCountryNational => "nationals of third countries",
        }
    }
}

/// An element of a data set, and when it may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSetElement {
    pub element: Element,
    pub condition: Condition,
}

/// Within how many hours an answer is due, by priority. None: the agreement says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hours {
    pub high: Option<u32>,
    pub medium: Option<u32>,
    pub low: Option<u32>,
}

impl Hours {
    pub const fn of(self, priority: Priority) -> Option<u32> {
        match priority {
            Priority::High => self.high,
            Priority::Medium => self.medium,
            Priority::Low => self.low,
        }
    }
}

/// Where a capability stands among those of an agreement. At one time there is at most one for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    pub direction: Direction,
    pub step: Step,
    pub modality: Modality,
}

/// As signers read it: `We ask, first query, biometric`.
impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (step, modality) = (self.step.name().to_lowercase(), self.modality.name().to_lowercase());
        write!(f, "{}, {step}, {modality}", self.direction.name())
    }
}

/// That one side can ask the other, at one step, for one kind of information.
///
/// The partner stands in the agreement, so that the two cannot disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    pub direction: Direction,
    pub step: Step,
    /// The kind of the elements of its data set. A query by fingerprints is answered with photographs from the biometric data set,
    /// and with names from the biographic one of the same step.
    pub modality: Modality,
    pub serves: Serves,
    pub status: CapabilityStatus,
    /// The first day on which it is what its status says.
    pub from: NaiveDate,
    /// The first day on which it is no longer.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// On what it rests.
    pub instruments: Vec<InstrumentKey>,
    /// What may be told. What is not here is not told.
    pub elements: Vec<DataSetElement>,
    pub purposes: Vec<Purpose>,
    pub recipients: Vec<Recipient>,
    pub subject_rule: SubjectRule,
    /// The most queries in a year. None: the agreement sets no limit.
    #[serde(default)]
    pub quota_per_year: Option<u32>,
    #[serde(default)]
    pub hours: Hours,
    /// What of it is known, and what was assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Capability {
    pub const fn slot(&self) -> Slot {
        Slot { direction: self.direction, step: self.step, modality: self.modality }
    }

    /// Does its time include a day?
    pub fn is_at(&self, on: NaiveDate) -> bool {
        self.from <= on && self.to.is_none_or(|end| on < end)
    }

    /// The condition for an element; none if the data set does not name it. Of several the most closed, though the check lets an
    /// element stand but once.
    pub fn condition(&self, element: Element) -> Option<Condition> {
        self.elements.iter().filter(|row| row.element == element).map(|row| row.condition).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for status in CapabilityStatus::ALL {
            assert_eq!(CapabilityStatus::from_key(status.key()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.key());
        }
        for serves in Serves::ALL {
            assert_eq!(Serves::from_key(serves.key()), Some(serves));
            assert_eq!(serde_json::to_value(serves).unwrap(), serves.key());
        }
        for condition in Condition::ALL {
            assert_eq!(Condition::from_key(condition.key()), Some(condition));
            assert_eq!(serde_json::to_value(condition).unwrap(), condition.key());
        }
        for recipient in Recipient::ALL {
            assert_eq!(Recipient::from_key(recipient.key()), Some(recipient));
            assert_eq!(serde_json::to_value(recipient).unwrap(), recipient.key());
        }
        for rule in SubjectRule::ALL {
            assert_eq!(SubjectRule::from_key(rule.key()), Some(rule));
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.key());
        }
    }

    #[test]
    fn hours_are_those_of_the_priority() {
        let hours = Hours { high: Some(72), medium: Some(240), low: None };
        assert_eq!(Priority::ALL.map(|priority| hours.of(priority)), [Some(72), Some(240), None]);
    }
}
