//! What the check of a partner's request came to, three times over: at intake, at release, and again before anything leaves.

use serde::{Deserialize, Serialize};

use crate::agreement::{AnswerKind, Decision};

/// What may become of a partner's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something may be told.
    Proceed,
    /// Counsel decides.
    Refer,
    /// Nothing is told. The person is protected, or unknown, or the agreement lets nothing be asked: no state says which.
    Silence,
}

impl Verdict {
    pub const ALL: [Self; 3] = [Self::Proceed, Self::Refer, Self::Silence];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Proceed => "proceed",
            Self::Refer => "refer",
            Self::Silence => "silence",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.key() == key)
    }

    /// As a decision has it.
    pub const fn of(decision: &Decision) -> Self {
        match decision.answer {
            AnswerKind::Match | AnswerKind::Partial => Self::Proceed,
            AnswerKind::Hold => Self::Refer,
            AnswerKind::NoMatch | AnswerKind::Refused => Self::Silence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_key(verdict.key()), Some(verdict));
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.key());
        }
    }
}
