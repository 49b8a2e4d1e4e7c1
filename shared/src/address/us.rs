//! Addresses with domestic mail, and what the carrier would write.

use std::fmt;

use super::form::{AddressField, AddressForm, LONGEST_LINE};
use super::state::State;
use super::street::standard_line;
use super::words::words;
use super::zip::ZipPlus4;

/// An address in the United States, its territories or its armed forces' mail, as the person wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct UsAddress {
    pub(super) street: String,
    pub(super) unit: Option<String>,
    /// Part of many addresses in Puerto Rico: streets of one name and number stand in several of them.
    pub(super) urbanization: Option<String>,
    pub(super) city: String,
    pub(super) state: State,
    pub(super) zip: ZipPlus4,
}

impl UsAddress {
    pub fn street(&self) -> &str {
        &self.street
    }

    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    pub fn urbanization(&self) -> Option<&str> {
        self.urbanization.as_deref()
    }

    pub fn city(&self) -> &str {
        &self.city
    }

    pub const fn state(&self) -> State {
        self.state
    }

    pub const fn zip(&self) -> &ZipPlus4 {
        &self.zip
    }

    /// The lines below the name: the urbanization above the street, the unit behind it.
    pub fn lines(&self) -> Vec<String> {
        let street = self.unit.as_ref().map_or_else(|| self.street.clone(), |unit| format!("{} {unit}", self.street));
        let town = format!("{} {} {}", self.city, self.state.code(), self.zip);
        self.urbanization.iter().cloned().chain([street, town]).collect()
    }

    /// How the carrier would write the address (USPS Publication 28); none if that is how it is written.
    ///
    /// It is an offer. The person knows where they live, and keeps what they wrote if they want to.
    pub fn normalised(&self) -> Option<Suggestion> {
        let line = standard_line(&self.street, self.unit.as_deref().unwrap_or_default(), self.state);
        let address = Self {
            street: line.street.join(" "),
            unit: (!line.unit.is_empty()).then(|| line.unit.join(" ")),
            urbanization: self.urbanization.as_deref().map(standard_urbanization),
            city: words(&self.city).join(" "),
            ..self.clone()
        };
        // A letter may become two. What would not go through the form again is not offered.
        let is_too_long = |text: &str| text.chars().count() > LONGEST_LINE;
        if [&address.street, &address.city]
            .into_iter()
            .chain(&address.unit)
            .chain(&address.urbanization)
            .any(|text| is_too_long(text))
        {
            return None;
        }
        let changes = self.changes_to(&address);
        (!changes.is_empty()).then_some(Suggestion { address, changes })
    }

    fn changes_to(&self, other: &Self) -> Vec<Change> {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let parts = [
            (AddressField::Urbanization, text(&self.urbanization), text(&other.urbanization)),
            (AddressField::Street, self.street.clone(), other.street.clone()),
            (AddressField::Unit, text(&self.unit), text(&other.unit)),
            (AddressField::City, self.city.clone(), other.city.clone()),
        ];
        parts.into_iter().filter(|(_, from, to)| from != to).map(|(field, from, to)| Change { field, from, to }).collect()
    }

    pub(super) fn as_form(&self) -> AddressForm {
        AddressForm {
            country: String::new(),
            street: self.street.clone(),
            unit: self.unit.clone().unwrap_or_default(),
            urbanization: self.urbanization.clone().unwrap_or_default(),
            city: self.city.clone(),
            state: self.state.code().to_owned(),
            zip: self.zip.to_string(),
            // It went through once; a table of a later version must not take it back.
            zip_is_right: "yes".to_owned(),
        }
    }
}

fn standard_urbanization(text: &str) -> String {
    let mut words = words(text);
    if let Some(first) = words.first_mut().filter(|first| *first == "URBANIZACION") {
        "URB".clone_into(first);
    }
    words.join(" ")
}

impl fmt::Debug for UsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UsAddress([hidden])")
    }
}

/// What the carrier would write, and how it differs from what the person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    address: UsAddress,
    changes: Vec<Change>,
}

impl Suggestion {
    pub const fn address(&self) -> &UsAddress {
        &self.address
    }

    pub fn into_address(self) -> UsAddress {
        self.address
    }

    /// At least one, in the order of the form.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether a word changed, and not only capitals, accents and points: what a person should be asked about.
    pub fn changes_words(&self) -> bool {
        self.changes.iter().any(|change| change.kind() == ChangeKind::Words)
    }
}

/// A field that would be written differently. `Debug` names the field only.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    pub field: AddressField,
    pub from: String,
    pub to: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Capitals, accents, punctuation.
    Writing,
    Words,
}

impl Change {
    pub fn kind(&self) -> ChangeKind {
        if words(&self.from) == words(&self.to) { ChangeKind::Writing } else { ChangeKind::Words }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change").field("field", &self.field).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Address, AddressKind};
    use super::*;
    use proptest::prelude::*;

    fn address(street: &str, unit: &str, urbanization: &str, city: &str, state: &str, zip: &str) -> UsAddress {
        let text = str::to_owned;
        let form = AddressForm {
            street: text(street),
            unit: text(unit),
            urbanization: text(urbanization),
            city: text(city),
            state: text(state),
            zip: text(zip),
            ..AddressForm::default()
        };
        match form.parse(AddressKind::Mailing) {
            Ok(Address::Us(address)) => address,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_carrier_would_write_is_offered_field_by_field() {
        let typed = address("123 North Main Street Apt. 4", "", "", "St. Louis", "mo", "63101-1234");
        let suggestion = typed.normalised().unwrap();
        assert_eq!(suggestion.address().lines(), ["123 N MAIN ST APT 4", "ST LOUIS MO 63101-1234"]);
        let changes: Vec<_> = suggestion
            .changes()
            .iter()
            .map(|change| (change.field, change.from.as_str(), change.to.as_str(), change.kind()))
            .collect();
        assert_eq!(
            changes,
            [
                (AddressField::Street, "123 North Main Street Apt. 4", "123 N MAIN ST", ChangeKind::Words),
                (AddressField::Unit, "", "APT 4", ChangeKind::Words),
                (AddressField::City, "St. Louis", "ST LOUIS", ChangeKind::Writing),
            ]
        );
        assert!(suggestion.changes_words());
        assert_eq!(suggestion.address().normalised(), None);
    }

    #[test]
    fn capitals_alone_are_nothing_to_ask_about() {
        let suggestion = address("1 Teacup Ct.", "Apt 4", "", "Springfield", "VA", "22150").normalised().unwrap();
        assert!(!suggestion.changes_words() && suggestion.changes().len() == 3);
    }

    #[test]
    fn an_urbanization_stands_above_the_street() {
        let typed = address("150 Calle A", "", "Urbanización Las Gladiolas", "San Juan", "PR", "00926");
        let lines = typed.normalised().unwrap().into_address().lines();
        assert_eq!(lines, ["URB LAS GLADIOLAS", "150 CALLE A", "SAN JUAN PR 00926"]);
    }

    #[test]
    fn nothing_of_an_address_is_in_debug_output() {
        let typed = address("123 North Main Street Apt. 4", "", "", "St. Louis", "mo", "63101-1234");
        let debug = format!("{typed:?} {:?}", typed.normalised());
        for part in ["Main", "MAIN", "Louis", "63101", "123"] {
            assert!(!debug.contains(part), "{debug}");
        }
    }

    proptest! {
        #[test]
        fn a_suggestion_goes_through_the_form_and_is_not_changed_again(
            street in "[0-9]{1,4}[A-Za-z]? [A-Za-zñ.' ]{1,30}( (Apt|#|Suite|Fl) ?[0-9A-D]{1,3})?", unit in "(|[0-9]{1,3}|Apt\\.? [0-9]{1,3}[A-C]?)",
            city in "[A-Za-z][A-Za-z. ñ-]{1,20}", tail in "[a-zß]{0,50}",
        ) {
            let typed = address(&format!("{street} {tail}"), &unit, "", &city, "VA", "22150-1234");
            if let Some(suggestion) = typed.normalised() {
                let taken = Address::Us(suggestion.clone().into_address());
                prop_assert_eq!(taken.as_form().parse(AddressKind::Home), Ok(taken));
                prop_assert_eq!(suggestion.address().normalised(), None);
                prop_assert_eq!(suggestion.address().zip(), typed.zip());
            }
        }
    }
}
