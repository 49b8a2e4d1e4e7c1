//! Machines that call the service with OAuth2 client credentials.

use thiserror::Error;

/// What a client may do. A token carries exactly the scope of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Send case events to `/api/v1/case-events`.
    CaseFeed,
}

impl Scope {
    pub const ALL: [Self; 1] = [Self::CaseFeed];

    pub const fn key(self) -> &'static str {
        match self {
            Self::CaseFeed => "case-feed",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.key() == key)
    }
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
