//! What is to be gone from a document before somebody else gets it, and why it could not be done.
//!
//! `portico-letters redact` does it, a process for each document: see [`RedactionRequest`] for what it reads and writes.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{DocumentKind, LARGEST_DOCUMENT};

/// An area of a page as it is shown, in thousandths of its width and height from the upper left corner. A picture is page 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    pub page: u16,
    pub left: u16,
    pub top: u16,
    pub right: u16,
    pub bottom: u16,
}

/// What thousandths are counted to.
const WHOLE: u16 = 1000;

impl Redaction {
    /// Whether it has a page, and lies on it with some width and height.
    pub const fn is_area(&self) -> bool {
        self.page >= 1 && self.left < self.right && self.right <= WHOLE && self.top < self.bottom && self.bottom <= WHOLE
    }
}

/// Most areas of one document.
pub const MOST_REDACTIONS: usize = 500;
/// Most bytes of a document that is redacted: what is kept of a PDF may be longer than what was sent.
pub const LARGEST_KEPT: usize = 4 * LARGEST_DOCUMENT;
/// Most bytes of what comes of it. Pages become pictures, which may be longer than their text was.
pub const LARGEST_REDACTED: usize = 2 * LARGEST_DOCUMENT;
/// Most pages of a PDF: each is drawn.
pub const MOST_REDACTED_PAGES: usize = 100;

/// What the program reads: this in JSON on one line, and the document to the end of the input. It writes
/// [`RedactionRequest::DONE`] on a line and what is left of the document, or [`RedactionRequest::REFUSED`] and the key of a
/// [`RedactionFault`] on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionRequest {
    pub kind: DocumentKind,
    pub areas: Vec<Redaction>,
}

impl RedactionRequest {
    pub const DONE: &str = "redacted";
    pub const REFUSED: &str = "refused ";
    /// Most bytes of the line.
    pub const LONGEST: u64 = 64 * 1024;
}

/// Why nothing was redacted. Each has something that whoever prepares the document can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum RedactionFault {
    /// No area, too many, or one that is none: mark it again.
    #[error("no area is marked, or one is not on its page")]
    NoArea,
    /// The document has fewer pages: mark it again.
    #[error("the document has no such page")]
    NoSuchPage,
    /// It cannot be read, or costs too much memory or time: print it to a new PDF, or scan it.
    #[error("the document cannot be read")]
    Broken,
    /// A picture or a font of a page cannot be drawn, so that the page would say less than it does: print or scan it.
    #[error("a part of the document cannot be drawn")]
    NotDrawn,
    /// More pages or pixels than are drawn: divide it, or make it smaller.
    #[error("the document has too many pages or pixels")]
    TooBig,
    /// What came of it is too long: divide it.
    #[error("the redacted document is too large")]
    TooLarge,
    /// The program cannot be started, or too much is being done at once: try again in a few minutes.
    #[error("documents cannot be redacted right now")]
    TryLater,
}

impl RedactionFault {
    pub const ALL: [Self; 7] =
        [Self::NoArea, Self::NoSuchPage, Self::Broken, Self::NotDrawn, Self::TooBig, Self::TooLarge, Self::TryLater];

    /// A word that does not change, for texts and between processes.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoArea => "no_area",
            Self::NoSuchPage => "no_such_page",
            Self::Broken => "broken",
            Self::NotDrawn => "not_drawn",
            Self::TooBig => "too_big",
            Self::TooLarge => "too_large",
            Self::TryLater => "try_later",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_lies_on_its_page() {
        let area = |page, left, top, right, bottom| Redaction { page, left, top, right, bottom }.is_area();
        assert!(area(1, 0, 0, 1000, 1000) && area(65_535, 999, 0, 1000, 1));
        for (page, left, top, right, bottom) in [
            (0, 0, 0, 1, 1),
            (1, 5, 0, 5, 1),
            (1, 6, 0, 5, 1),
            (1, 0, 5, 1, 5),
            (1, 0, 6, 1, 5),
            (1, 0, 0, 1001, 1),
            (1, 0, 0, 1, 1001),
        ] {
            assert!(!area(page, left, top, right, bottom), "{left} {top} {right} {bottom} of page {page}");
        }
    }

    #[test]
    fn every_fault_has_a_word_of_its_own_and_travels_under_it() {
        for fault in RedactionFault::ALL {
            assert_eq!(RedactionFault::from_key(fault.key()), Some(fault));
            assert_eq!(serde_json::to_string(&fault).unwrap(), format!("\"{}\"", fault.key()));
        }
    }

    #[test]
    fn the_longest_request_fits_on_its_line() {
        let area = Redaction { page: u16::MAX, left: 999, top: 999, right: 1000, bottom: 1000 };
        let request = RedactionRequest { kind: DocumentKind::Jpeg, areas: vec![area; MOST_REDACTIONS] };
        let line = serde_json::to_vec(&request).unwrap();
        assert!((line.len() as u64) < RedactionRequest::LONGEST && !line.contains(&b'\n'), "{}", line.len());
    }
}
