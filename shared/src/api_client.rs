//! Machines that call the service with OAuth2 client credentials.

use std::num::NonZeroU32;

use thiserror::Error;

/// What a client may do. A token carries exactly the scope of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Send case events to `/api/v1/case-events`.
    CaseFeed,
    /// Read the status of cases at `/case-status/{receipt}`.
    CaseStatus,
}

impl Scope {
    pub const ALL: [Self; 2] = [Self::CaseFeed, Self::CaseStatus];

    pub const fn key(self) -> &'static str {
        match self {
            Self::CaseFeed => "case-feed",
            Self::CaseStatus => "case-status",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.key() == key)
    }
}

/// How much a client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests in a second, of each server.
    pub per_second: NonZeroU32,
    /// Requests in a day of Greenwich time, of all servers together.
    pub per_day: NonZeroU32,
}

/// The name an operator gives to a client, as it stands in lists and in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientName(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a client's name has 1 to 80 printable characters")]
pub struct ClientNameError;

impl ClientName {
    pub fn parse(text: &str) -> Result<Self, ClientNameError> {
        let name = text.trim();
        let legal = (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if legal { Ok(Self(name.to_owned())) } else { Err(ClientNameError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
