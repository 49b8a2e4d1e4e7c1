//! Offices of the agency, by their code.

use serde::Serialize;
use thiserror::Error;

/// An office code: two to five capital letters or digits, as `NBC`, `LIN` or `ZSF`. The list of offices is reference data
/// (`portico import offices`), so a code that is not on it is legal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct OfficeCode(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("an office code has two to five capital letters or digits")]
pub struct OfficeCodeError;

impl OfficeCode {
    pub fn parse(text: &str) -> Result<Self, OfficeCodeError> {
        let legal = (2..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if legal { Ok(Self(text.to_owned())) } else { Err(OfficeCodeError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an office does, which decides the work it may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeKind {
    ServiceCenter,
    FieldOffice,
    AsylumOffice,
    ApplicationSupportCenter,
    Other,
}

impl OfficeKind {
    pub const ALL: [Self; 5] =
        [Self::ServiceCenter, Self::FieldOffice, Self::AsylumOffice, Self::ApplicationSupportCenter, Self::Other];

    /// The word in office lists and in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ServiceCenter => "service_center",
            Self::FieldOffice => "field_office",
            Self::AsylumOffice => "asylum_office",
            Self::ApplicationSupportCenter => "application_support_center",
            Self::Other => "other",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_codes_are_short_and_capital() {
        assert_eq!(OfficeCode::parse("NBC").unwrap().as_str(), "NBC");
        for bad in ["", "N", "nbc", "NBC LI", "ABCDEF", "ÑBC"] {
            assert_eq!(OfficeCode::parse(bad), Err(OfficeCodeError), "{bad}");
        }
    }
}
