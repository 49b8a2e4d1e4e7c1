//! Addresses: parsed from what people type, and in the form that the carrier wants.
//!
//! [`AddressForm`] becomes an [`Address`] or all its [`AddressProblem`]s. Nothing is corrected on the way: what the carrier would
//! write is offered as a [`Suggestion`] (USPS Publication 28), and the person decides. Whether two addresses are one place is
//! asked of [`Place`], which also reads the addresses of the case feed.

mod delivery_line;
mod foreign;
mod form;
mod place;
mod state;
mod street;
mod unit;
mod us;
mod words;
mod zip;

pub use foreign::ForeignAddress;
pub use form::{AddressField, AddressForm, AddressKind, AddressProblem};
pub use place::{Place, same_place};
pub use state::State;
pub use us::{Change, ChangeKind, Suggestion, UsAddress};
pub use zip::{ZipCode, ZipPlus4};

use crate::country::{self, CountryCode};
use crate::locale::Locale;

/// Where somebody lives or has their mail. `Debug` hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Us(UsAddress),
    Foreign(ForeignAddress),
}

impl Address {
    /// The ZIP code of an address with domestic mail.
    pub const fn zip(&self) -> Option<&ZipCode> {
        match self {
            Self::Us(address) => Some(address.zip().five()),
            Self::Foreign(_) => None,
        }
    }

    pub const fn country(&self) -> Option<&CountryCode> {
        match self {
            Self::Us(_) => None,
            Self::Foreign(address) => Some(address.country()),
        }
    }

    /// The lines below the name, as they stand on an envelope.
    pub fn lines(&self, locale: Locale) -> Vec<String> {
        match self {
            Self::Us(address) => address.lines(),
            Self::Foreign(address) => {
                let mut lines = address.lines();
                lines.extend(country::name(address.country(), locale).map(str::to_owned));
                lines
            }
        }
    }

    /// The form that would be read as this address.
    pub fn as_form(&self) -> AddressForm {
        match self {
            Self::Us(address) => address.as_form(),
            Self::Foreign(address) => address.as_form(),
        }
    }
}
