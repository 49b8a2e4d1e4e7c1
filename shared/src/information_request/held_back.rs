//! Why something that may be told is not.

use serde::{Deserialize, Serialize};

/// Why an element that may be told is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBack {
    /// SOR/2002-227 s. 315.25(4): it would be against the law.
    Law,
    Sovereignty,
    NationalSecurity,
    PublicPolicy,
    /// Another important interest of the country.
    ImportantInterests,
    /// No more is told than answers the question (PIA-060(a)).
    NotRelevant,
    /// SOR/2002-227 s. 315.24: the file does not bear it out.
    NotAccurate,
}

impl HeldBack {
    pub const ALL: [Self; 7] = [
        Self::Law,
        Self::Sovereignty,
        Self::NationalSecurity,
        Self::PublicPolicy,
        Self::ImportantInterests,
        Self::NotRelevant,
        Self::NotAccurate,
    ];

    /// The word in forms and in what is kept.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Sovereignty => "sovereignty",
            Self::NationalSecurity => "national_security",
            Self::PublicPolicy => "public_policy",
            Self::ImportantInterests => "important_interests",
            Self::NotRelevant => "not_relevant",
            Self::NotAccurate => "not_accurate",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// As analysts read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Law => "Against the law",
            Self::Sovereignty => "Sovereignty",
            Self::NationalSecurity => "National security",
            Self::PublicPolicy => "Public policy",
            Self::ImportantInterests => "Another important interest",
            Self::NotRelevant => "Does not answer the question",
            Self::NotAccurate => "The file does not bear it out",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_what_is_kept() {
        for reason in HeldBack::ALL {
            assert_eq!(HeldBack::from_key(reason.key()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.key());
            assert!(!reason.name().is_empty());
        }
        assert_eq!(HeldBack::from_key(""), None);
    }
}
