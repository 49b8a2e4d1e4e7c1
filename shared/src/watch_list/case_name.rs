//! What a person calls a case.

use std::fmt;

use thiserror::Error;

/// A name on one line. `Debug` hides it: it may be a person's.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseName(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CaseNameError {
    #[error("a name has at most {LONGEST_CASE_NAME} characters")]
    TooLong,
    #[error("a name holds no control characters")]
    Unreadable,
}

/// Characters of a name.
pub const LONGEST_CASE_NAME: usize = 40;

impl CaseName {
    /// None for an empty text: a case may go without a name.
    pub fn parse(typed: &str) -> Result<Option<Self>, CaseNameError> {
        // A character has at most four bytes. Looked at first, so that nothing long is gone through.
        if typed.len() > LONGEST_CASE_NAME * 16 {
            return Err(CaseNameError::TooLong);
        }
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.contains(is_unreadable) {
            return Err(CaseNameError::Unreadable);
        }
        if name.chars().count() > LONGEST_CASE_NAME {
            return Err(CaseNameError::TooLong);
        }
        Ok((!name.is_empty()).then_some(Self(name)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaseName([hidden])")
    }
}

/// Control characters, and those that turn the direction of the text that follows. The joiners stay: names need them.
pub(super) fn is_unreadable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
