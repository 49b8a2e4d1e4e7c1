//! The steps of a query, and what belongs to one.

use serde::{Deserialize, Serialize};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// We ask the partner.
    Out,
    /// The partner asks us.
    In,
}

impl Direction {
    pub const ALL: [Self; 2] = [Self::Out, Self::In];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Out => "We ask",
            Self::In => "They ask",
        }
    }
}

/// A step of the query protocol (PIA-060(a)). Fingerprints go with the first alone; later steps carry the number of the first
/// (SOR/2002-227 s. 315.38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Match or no match, with what confirms an identity.
    First,
    /// On a match IDENT sends it by itself.
    Second,
    /// A person asks for more; a person answers.
    Third,
    /// Who was asked, and had a match, asks back.
    Reverse,
}

impl Step {
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Third, Self::Reverse];

    pub const fn key(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Reverse => "reverse",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "First query",
            Self::Second => "Second query",
            Self::Third => "Third query",
            Self::Reverse => "Reverse query",
        }
    }
}

/// A kind of information: what a query searches by, and what is told in answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    Biometric,
    Biographic,
    Document,
}

impl Modality {
    pub const ALL: [Self; 3] = [Self::Biometric, Self::Biographic, Self::Document];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Biometric => "biometric",
            Self::Biographic => "biographic",
            Self::Document => "document",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|modality| modality.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Biometric => "Biometric",
            Self::Biographic => "Biographic",
            Self::Document => "Document",
        }
    }
}

/// How soon an answer is wanted, as the request of a partner says it. In a file of ANSI/NIST-ITL it is [`crate::nist_itl::Urgency`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    High,
    Medium,
    Low,
}

impl Priority {
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    pub const fn key(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
        }
    }
}

/// What comes of a request as a whole. `Hold` never leaves the agency: counsel decides, and it becomes one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// All that was asked.
    Match,
    NoMatch,
    /// Some of what was asked (SOR/2002-227 s. 315.25(4)).
    Partial,
    /// Nothing, for a reason that is not told.
    Refused,
    Hold,
}

impl AnswerKind {
    pub const ALL: [Self; 5] = [Self::Match, Self::NoMatch, Self::Partial, Self::Refused, Self::Hold];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::NoMatch => "no_match",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::Hold => "hold",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "Match",
            Self::NoMatch => "No match",
            Self::Partial => "Partial",
            Self::Refused => "Refused",
            Self::Hold => "Held for counsel",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for direction in Direction::ALL {
            assert_eq!(Direction::from_key(direction.key()), Some(direction));
            assert_eq!(serde_json::to_value(direction).unwrap(), direction.key());
        }
        for step in Step::ALL {
            assert_eq!(Step::from_key(step.key()), Some(step));
            assert_eq!(serde_json::to_value(step).unwrap(), step.key());
        }
        for modality in Modality::ALL {
            assert_eq!(Modality::from_key(modality.key()), Some(modality));
            assert_eq!(serde_json::to_value(modality).unwrap(), modality.key());
        }
        for priority in Priority::ALL {
            assert_eq!(Priority::from_key(priority.key()), Some(priority));
            assert_eq!(serde_json::to_value(priority).unwrap(), priority.key());
        }
        for kind in AnswerKind::ALL {
            assert_eq!(AnswerKind::from_key(kind.key()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        }
    }
}
