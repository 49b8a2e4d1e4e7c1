//! With whom an agreement is.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::partner::Partner;

/// With whom an agreement is: a partner country, or IDENT.
///
/// IDENT is a system of our own department and no partner: nobody is asked about under its terms, and nothing is told. They say what
/// may be added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Party {
    Country(Partner),
    Ident,
}

/// A text that names nobody with whom there are agreements.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no agreement is with `{0}`: write AU, CA, NZ, GB or IDENT")]
pub struct PartyError(String);

impl Party {
    pub const ALL: [Self; 5] = [
        Self::Country(Partner::Australia),
        Self::Country(Partner::Canada),
        Self::Country(Partner::NewZealand),
        Self::Country(Partner::UnitedKingdom),
        Self::Ident,
    ];

    /// The word in the database, in files and in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Country(partner) => partner.key(),
            Self::Ident => "IDENT",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Country(partner) => partner.name(),
            Self::Ident => "IDENT",
        }
    }

    /// The country; none of IDENT.
    pub const fn country(self) -> Option<Partner> {
        match self {
            Self::Country(partner) => Some(partner),
            Self::Ident => None,
        }
    }
}

impl From<Partner> for Party {
    fn from(partner: Partner) -> Self {
        Self::Country(partner)
    }
}

impl TryFrom<String> for Party {
    type Error = PartyError;

    fn try_from(key: String) -> Result<Self, PartyError> {
        Self::from_key(&key).ok_or(PartyError(key))
    }
}

impl From<Party> for String {
    fn from(party: Party) -> Self {
        party.key().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for party in Party::ALL {
            assert_eq!(Party::from_key(party.key()), Some(party));
            assert_eq!(serde_json::to_value(party).unwrap(), party.key());
            assert_eq!(serde_json::from_value::<Party>(party.key().into()).unwrap(), party);
        }
        assert_eq!(Party::from_key("US"), None);
    }

    #[test]
    fn all_partners_are_there_and_ident_is_none_of_them() {
        let countries: Vec<_> = Party::ALL.into_iter().filter_map(Party::country).collect();
        assert_eq!(countries, Partner::ALL);
        assert_eq!(Partner::from_key(Party::Ident.key()), None, "no query goes to it");
    }
}
