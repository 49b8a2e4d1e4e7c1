//! What is said of one element of a request, and why.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::element::Element;

/// Allowed, withheld or referred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    Allow,
    Withhold(Withheld),
    Refer(Referred),
}

impl Ruling {
    /// As signers and analysts read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allowed",
            Self::Withhold(withheld) => withheld.name(),
            Self::Refer(referred) => referred.name(),
        }
    }
}

/// Why an element is not told, or not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// None with this partner, in this direction, at this step, for this kind of information, on this day.
    NoCapability,
    /// It is planned or suspended.
    NotLive,
    /// None of its instruments is signed and in force.
    NoInstrument,
    Purpose,
    Recipient,
    /// Its data stand in answers; nobody is searched by them.
    NotAsked,
    Quota,
    NotInDataSet,
    NoFingerprintMatch,
    /// The agreement is not about such a person.
    Subject,
    /// The person says that the partner persecuted them.
    Persecution,
    /// The protection check.
    Protected,
    /// Nobody is known of whom something could be told. What is said of everybody of whom nothing is told to a partner that asks.
    NothingToTell,
}

impl Withheld {
    pub const ALL: [Self; 13] = [
        Self::NoCapability,
        Self::NotLive,
        Self::NoInstrument,
        Self::Purpose,
        Self::Recipient,
        Self::NotAsked,
        Self::Quota,
        Self::NotInDataSet,
        Self::NoFingerprintMatch,
        Self::Subject,
        Self::Persecution,
        Self::Protected,
        Self::NothingToTell,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::NoCapability => "no_capability",
            Self::NotLive => "not_live",
            Self::NoInstrument => "no_instrument",
            Self::Purpose => "purpose",
            Self::Recipient => "recipient",
            Self::NotAsked => "not_asked",
            Self::Quota => "quota",
            Self::NotInDataSet => "not_in_data_set",
            Self::NoFingerprintMatch => "no_fingerprint_match",
            Self::Subject => "subject",
            Self::Persecution => "persecution",
            Self::Protected => "protected",
            Self::NothingToTell => "nothing_to_tell",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|withheld| withheld.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::NoCapability => "withheld: the agreement has no such capability",
            Self::NotLive => "withheld: the capability is not live",
            Self::NoInstrument => "withheld: no instrument is in force",
            Self::Purpose => "withheld: not for this purpose",
            Self::Recipient => "withheld: not to this recipient",
            Self::NotAsked => "withheld: nobody is searched by this",
            Self::Quota => "withheld: the quota of the year is used up",
            Self::NotInDataSet => "withheld: not in the data set",
            Self::NoFingerprintMatch => "withheld: only on a match of fingerprints",
            Self::Subject => "withheld: the agreement is not about such a person",
            Self::Persecution => "withheld: the person alleges persecution by the partner",
            Self::Protected => "withheld: protected",
            Self::NothingToTell => "withheld: nothing to tell",
        }
    }
}

/// Why counsel decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Referred {
    /// The protection check could not tell.
    Protection,
    /// Whom the person says that they were persecuted by is not known.
    Persecution,
    /// The person's citizenship, or where they reside, is not known.
    Citizenship,
    /// The agreement has counsel look at each.
    Counsel,
}

impl Referred {
    pub const ALL: [Self; 4] = [Self::Protection, Self::Persecution, Self::Citizenship, Self::Counsel];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Protection => "protection",
            Self::Persecution => "persecution",
            Self::Citizenship => "citizenship",
            Self::Counsel => "counsel",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|referred| referred.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Protection => "referred: the protection check could not tell",
            Self::Persecution => "referred: alleged persecution is not known",
            Self::Citizenship => "referred: citizenship or residence is not known",
            Self::Counsel => "referred: counsel looks at each",
        }
    }
}

/// What counsel settles about one query, by looking at it: it is in doubt no more. Protection is no such matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// The partner is none of those whom the person says that they were persecuted by.
    Persecution,
    /// The agreement is about somebody of this citizenship.
    Citizenship,
    /// The element is told, which the agreement leaves to counsel.
    Element(Element),
}

/// What stands against asking a partner about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Blocked {
    #[error("{}", .0.name())]
    No(Withheld),
    /// Not before counsel has decided.
    #[error("{}", .0.name())]
    Doubtful(Referred),
}

impl From<Withheld> for Blocked {
    fn from(withheld: Withheld) -> Self {
        Self::No(withheld)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for withheld in Withheld::ALL {
            assert_eq!(Withheld::from_key(withheld.key()), Some(withheld));
            assert_eq!(serde_json::to_value(withheld).unwrap(), withheld.key());
            assert_eq!(Ruling::Withhold(withheld).name(), withheld.name());
            assert_eq!(Blocked::from(withheld).to_string(), withheld.name());
        }
        for referred in Referred::ALL {
            assert_eq!(Referred::from_key(referred.key()), Some(referred));
            assert_eq!(serde_json::to_value(referred).unwrap(), referred.key());
            assert_eq!(Ruling::Refer(referred).name(), referred.name());
            assert_eq!(Blocked::Doubtful(referred).to_string(), referred.name());
        }
        assert_eq!(Ruling::Allow.name(), "allowed");
    }
}
