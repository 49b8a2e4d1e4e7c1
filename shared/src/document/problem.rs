//! Why a document was not taken. Each has something that the sender can do.

use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum DocumentProblem {
    /// Nothing was chosen, or the file is empty: choose one.
    #[error("the file is empty")]
    Empty,
    /// More than [`super::LARGEST_DOCUMENT`]: make it smaller.
    #[error("the file is too large")]
    TooLarge,
    /// Not JPEG, PNG or PDF by its content, whatever its name says: save it as one of these.
    #[error("the file is no JPEG, PNG or PDF")]
    WrongKind,
    /// It is damaged or cut off, or too intricate to look through: save or scan it again.
    #[error("the file cannot be opened")]
    Broken,
    /// More pixels or pages than anybody needs: make it smaller.
    #[error("the picture or document has too many pixels or pages")]
    TooBig,
    /// A PDF that is encrypted: take the password off, or print it to a new PDF.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// A PDF with scripts, forms that run, other files in it, or commands: print it to a new PDF.
    #[error("the PDF holds scripts, other files or commands")]
    ActiveContent,
    /// The scanner found something: nothing of the file is kept.
    #[error("the file is infected")]
    Infected,
    /// There are [`super::MOST_DOCUMENTS`] already: remove one first.
    #[error("there are too many documents already")]
    TooMany,
    /// The scanner or the storage does not answer, or too many send at once: try again in a few minutes.
    #[error("documents cannot be taken right now")]
    TryLater,
}

impl DocumentProblem {
    pub const ALL: [Self; 10] = [
        Self::Empty,
        Self::TooLarge,
        Self::WrongKind,
        Self::Broken,
        Self::TooBig,
        Self::Encrypted,
        Self::ActiveContent,
        Self::Infected,
        Self::TooMany,
        Self::TryLater,
    ];

    /// A word that does not change, for texts and between processes.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::WrongKind => "wrong_kind",
            Self::Broken => "broken",
            Self::TooBig => "too_big",
            Self::Encrypted => "encrypted",
            Self::ActiveContent => "active_content",
            Self::Infected => "infected",
            Self::TooMany => "too_many",
            Self::TryLater => "try_later",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentProblem;

    #[test]
    fn every_problem_has_a_word_of_its_own_and_travels_under_it() {
        for problem in DocumentProblem::ALL {
            assert_eq!(DocumentProblem::from_key(problem.key()), Some(problem));
            assert_eq!(serde_json::to_string(&problem).unwrap(), format!("\"{}\"", problem.key()));
        }
    }
}
