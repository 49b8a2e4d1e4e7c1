//! Addresses in other countries.

use std::fmt;

use super::form::AddressForm;
use crate::country::CountryCode;

/// An address outside the mail of the United States, as the person wrote it: each country has rules of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignAddress {
    pub(super) street: String,
    pub(super) unit: Option<String>,
    pub(super) city: String,
    pub(super) region: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) country: CountryCode,
}

impl ForeignAddress {
    pub fn street(&self) -> &str {
        &self.street
    }

    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    pub fn city(&self) -> &str {
        &self.city
    }

    /// A province, a state or a department.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    pub fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }

    pub const fn country(&self) -> &CountryCode {
        &self.country
    }

    /// The lines below the name, without the country's.
    pub(super) fn lines(&self) -> Vec<String> {
        let parts = [Some(self.street.clone()), self.unit.clone(), Some(self.town()), self.region.clone()];
        parts.into_iter().flatten().collect()
    }

    fn town(&self) -> String {
        self.postal_code.as_ref().map_or_else(|| self.city.clone(), |code| format!("{code} {}", self.city))
    }

    pub(super) fn as_form(&self) -> AddressForm {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        AddressForm {
            country: self.country.as_str().to_owned(),
            street: self.street.clone(),
            unit: text(&self.unit),
            city: self.city.clone(),
            state: text(&self.region),
            zip: text(&self.postal_code),
            ..AddressForm::default()
        }
    }
}

impl fmt::Debug for ForeignAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignAddress([hidden])")
    }
}
