//! What a person calls a case.

use std::fmt;

use thiserror::Error;

use crate::typed::{LineError, line};

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
        let name = line(typed, LONGEST_CASE_NAME).map_err(|error| match error {
            LineError::TooLong => CaseNameError::TooLong,
            LineError::Unreadable => CaseNameError::Unreadable,
        })?;
        Ok(name.map(Self))
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
