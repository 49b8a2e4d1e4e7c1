//! An address as it is typed, and everything that is wrong with it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Address;
use super::delivery_line::names_po_box;
use super::foreign::ForeignAddress;
use super::state::State;
use super::us::UsAddress;
use super::words::words;
use super::zip::ZipPlus4;
use crate::accents::plain_capitals;
use crate::country::{CountryCode, STATELESS};
use crate::typed::{self, LineError};

/// Characters of a line of an address.
pub const LONGEST_LINE: usize = 100;

/// What was typed, as it came. A country is the code of a choice; empty, it is the United States.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AddressForm {
    pub country: String,
    pub street: String,
    pub unit: String,
    /// Puerto Rico only.
    pub urbanization: String,
    pub city: String,
    /// Abroad: a province or region, which may be empty.
    pub state: String,
    /// Abroad: a postal code, which may be empty.
    pub zip: String,
    /// `yes`: the person was told that the ZIP code does not go with the state, and says that it is right. Some places have
    /// their mail by way of another state.
    pub zip_is_right: String,
}

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// Where somebody lives. A post office box is refused, as Form AR-11 does; general delivery is not, since somebody without
    /// a home may have no other address, and neither are rural routes and mail of the armed forces.
    Home,
    Mailing,
}

/// A field of the form, in the form's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressField {
    Country,
    Urbanization,
    Street,
    Unit,
    City,
    State,
    Zip,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressProblem {
    Empty(AddressField),
    TooLong(AddressField),
    /// Characters that the agency cannot print, or that the carrier cannot read.
    Unreadable(AddressField),
    /// Nobody lives in a post office box.
    PoBox(AddressField),
    /// No country or no state of the list.
    Unknown(AddressField),
    /// Not five digits, or nine.
    ZipMalformed,
    /// No ZIP code begins so; `zip_is_right` passes it.
    ZipUnknown,
    /// The ZIP code is of another state; `zip_is_right` passes it.
    ZipOfOtherState,
}

impl AddressProblem {
    pub const fn field(self) -> AddressField {
        match self {
            Self::Empty(field) | Self::TooLong(field) | Self::Unreadable(field) | Self::PoBox(field) | Self::Unknown(field) => {
                field
            }
            Self::ZipMalformed | Self::ZipUnknown | Self::ZipOfOtherState => AddressField::Zip,
        }
    }
}

type Problems = Vec<AddressProblem>;

impl AddressForm {
    /// Whether nothing was typed. A chosen country alone is nothing.
    pub fn is_empty(&self) -> bool {
        [&self.street, &self.unit, &self.urbanization, &self.city, &self.state, &self.zip].iter().all(|text| text.trim().is_empty())
    }

    /// As much of it as the fields take. What comes without the page may be longer, and is kept to be mended.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let short = |text: &String| text[..text.floor_char_boundary(LONGEST_LINE * 4)].to_owned();
        Self {
            country: short(&self.country),
            street: short(&self.street),
            unit: short(&self.unit),
            urbanization: short(&self.urbanization),
            city: short(&self.city),
            state: short(&self.state),
            zip: short(&self.zip),
            zip_is_right: short(&self.zip_is_right),
        }
    }

    /// Reads the address.
    ///
    /// # Errors
    /// All that is wrong, in the form's order.
    pub fn parse(&self, kind: AddressKind) -> Result<Address, Problems> {
        let mut problems = Vec::new();
        let address = match self.where_to() {
            Ok(Where::UnitedStates(state)) => self.parse_us(kind, state, &mut problems).map(Address::Us),
            Ok(Where::Abroad(country)) => self.parse_foreign(country, &mut problems).map(Address::Foreign),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        match address {
            Some(address) if problems.is_empty() => Ok(address),
            _ => {
                problems.sort_by_key(|problem| problem.field());
                Err(problems)
            }
        }
    }

    fn where_to(&self) -> Result<Where, AddressProblem> {
        let unknown = AddressProblem::Unknown(AddressField::Country);
        if self.country.trim().is_empty() {
            return Ok(Where::UnitedStates(None));
        }
        let country = CountryCode::parse_listed(&self.country).filter(|code| code.as_str() != STATELESS).ok_or(unknown)?;
        match State::of_country(&country) {
            Some(state) => Ok(Where::UnitedStates(Some(state))),
            None if country.is_united_states() => Ok(Where::UnitedStates(None)),
            None => Ok(Where::Abroad(country)),
        }
    }

    /// `island`: the person chose Puerto Rico, say, as the country, and need not choose it again as the state.
    fn parse_us(&self, kind: AddressKind, island: Option<State>, problems: &mut Problems) -> Option<UsAddress> {
        let line = |field, text: &str| us_line(kind, field, text);
        let state = keep(self.state(island), problems);
        let urbanization = keep(line(AddressField::Urbanization, &self.urbanization), problems);
        let street = keep(needed(AddressField::Street, line(AddressField::Street, &self.street)), problems);
        let unit = keep(line(AddressField::Unit, &self.unit), problems);
        let city = keep(needed(AddressField::City, line(AddressField::City, &self.city)), problems);
        let zip = keep(self.zip(state), problems);
        let state = state?;
        let urbanization = urbanization?.filter(|_| state.is_puerto_rico());
        Some(UsAddress { street: street?, unit: unit?, urbanization, city: city?, state, zip: zip? })
    }

    fn state(&self, island: Option<State>) -> Result<State, AddressProblem> {
        match (self.state.trim(), island) {
            ("", Some(island)) => Ok(island),
            ("", None) => Err(AddressProblem::Empty(AddressField::State)),
            (text, _) => State::parse(text).ok_or(AddressProblem::Unknown(AddressField::State)),
        }
    }

    fn zip(&self, state: Option<State>) -> Result<ZipPlus4, AddressProblem> {
        if self.zip.trim().is_empty() {
            return Err(AddressProblem::Empty(AddressField::Zip));
        }
        let zip = ZipPlus4::parse(&self.zip).ok_or(AddressProblem::ZipMalformed)?;
        if self.zip_is_right == "yes" {
            return Ok(zip);
        }
        let states = zip.five().states();
        match state {
            _ if states.is_empty() => Err(AddressProblem::ZipUnknown),
            Some(state) if !states.contains(&state) => Err(AddressProblem::ZipOfOtherState),
            _ => Ok(zip),
        }
    }

    fn parse_foreign(&self, country: CountryCode, problems: &mut Problems) -> Option<ForeignAddress> {
        let street = keep(needed(AddressField::Street, one_line(AddressField::Street, &self.street)), problems);
        let unit = keep(one_line(AddressField::Unit, &self.unit), problems);
        let city = keep(needed(AddressField::City, one_line(AddressField::City, &self.city)), problems);
        let region = keep(one_line(AddressField::State, &self.state), problems);
        let postal_code = keep(one_line(AddressField::Zip, &self.zip), problems);
        Some(ForeignAddress { street: street?, unit: unit?, city: city?, region: region?, postal_code: postal_code?, country })
    }
}

enum Where {
    UnitedStates(Option<State>),
    Abroad(CountryCode),
}

/// What was read, or a problem more.
fn keep<T>(read: Result<T, AddressProblem>, problems: &mut Problems) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

fn needed(field: AddressField, line: Result<Option<String>, AddressProblem>) -> Result<String, AddressProblem> {
    line?.ok_or(AddressProblem::Empty(field))
}

/// A line; none if there is neither a letter nor a digit in it.
fn one_line(field: AddressField, text: &str) -> Result<Option<String>, AddressProblem> {
    let line = typed::line(text, LONGEST_LINE).map_err(|error| match error {
        LineError::TooLong => AddressProblem::TooLong(field),
        LineError::Unreadable => AddressProblem::Unreadable(field),
    })?;
    Ok(line.filter(|line| line.contains(char::is_alphanumeric)))
}

/// A line in letters that the carrier's machines read.
fn us_line(kind: AddressKind, field: AddressField, text: &str) -> Result<Option<String>, AddressProblem> {
    let Some(line) = one_line(field, text)? else { return Ok(None) };
    let is_foreign = |c: char| c.is_alphabetic() && !c.is_ascii() && !matches!(c, 'ª' | 'º');
    if plain_capitals(&line).contains(is_foreign) {
        return Err(AddressProblem::Unreadable(field));
    }
    if kind == AddressKind::Home && field != AddressField::City && names_po_box(&words(&line)) {
        return Err(AddressProblem::PoBox(field));
    }
    Ok(Some(line))
}

impl fmt::Debug for AddressForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressForm")
    }
}

#[cfg(test)]
mod tests {
    use super::AddressField::{City, Country, State as StateField, Street, Unit, Urbanization, Zip};
    use super::*;
    use crate::locale::Locale;
    use proptest::prelude::*;

    fn form([country, street, unit, city, state, zip]: [&str; 6]) -> AddressForm {
        let [country, street, unit, city, state, zip] = [country, street, unit, city, state, zip].map(str::to_owned);
        AddressForm { country, street, unit, city, state, zip, ..AddressForm::default() }
    }

    fn problems(parts: [&str; 6]) -> Vec<AddressProblem> {
        form(parts).parse(AddressKind::Home).err().unwrap_or_default()
    }

    #[test]
    fn an_address_is_kept_as_it_was_typed() {
        let typed = form(["", " 123  N. Main St ", "apt 4", "Springfield", "virginia", "22150-1234"]);
        let address = typed.parse(AddressKind::Home).unwrap();
        assert_eq!(address.lines(Locale::En), ["123 N. Main St apt 4", "Springfield VA 22150-1234"]);
        assert_eq!(address.zip().map(crate::address::ZipCode::as_str), Some("22150"));
        assert_eq!(address.as_form().parse(AddressKind::Home), Ok(address));
        let abroad = form(["MEX", "Av. Juárez 5", "", "Oaxaca", "", "68000"]).parse(AddressKind::Home).unwrap();
        assert_eq!(abroad.lines(Locale::Es), ["Av. Juárez 5", "68000 Oaxaca", "México"]);
        assert_eq!(abroad.as_form().parse(AddressKind::Home), Ok(abroad));
    }

    #[test]
    fn every_mistake_is_named_in_the_order_of_the_form() {
        assert_eq!(
            problems([""; 6]),
            [
                AddressProblem::Empty(Street),
                AddressProblem::Empty(City),
                AddressProblem::Empty(StateField),
                AddressProblem::Empty(Zip)
            ]
        );
        assert_eq!(problems(["MEX", "", "", " - ", "", ""]), [AddressProblem::Empty(Street), AddressProblem::Empty(City)]);
        assert_eq!(
            problems(["USA", &"x".repeat(101), "a\u{0}b", "Москва", "Ohioo", "2215"]),
            [
                AddressProblem::TooLong(Street),
                AddressProblem::Unreadable(Unit),
                AddressProblem::Unreadable(City),
                AddressProblem::Unknown(StateField),
                AddressProblem::ZipMalformed,
            ]
        );
        for country in ["XYZ", "mexico", STATELESS] {
            assert_eq!(problems([country, "", "", "", "", ""]), [AddressProblem::Unknown(Country)], "{country}");
        }
        let urbanization =
            AddressForm { urbanization: "Соль".into(), ..form(["", "1 Calle A", "", "San Juan", "PR", "00926"]) };
        assert_eq!(urbanization.parse(AddressKind::Home), Err(vec![AddressProblem::Unreadable(Urbanization)]));
    }

    #[test]
    fn state_and_zip_code_are_held_against_each_other_and_the_person_knows_better() {
        let at = |state, zip| form(["", "1 Teacup Ct", "", "Springfield", state, zip]);
        for (state, zip) in [("VA", "22150"), ("WY", "83414"), ("ID", "83414"), ("NY", "06390"), ("AP", "96201"), ("MD", "20588")] {
            assert!(at(state, zip).parse(AddressKind::Home).is_ok(), "{state} {zip}");
        }
        for (state, zip, problem) in [
            ("MD", "22150", AddressProblem::ZipOfOtherState),
            ("WY", "83514", AddressProblem::ZipOfOtherState),
            ("VA", "00012", AddressProblem::ZipUnknown),
        ] {
            let mut form = at(state, zip);
            assert_eq!(form.parse(AddressKind::Home), Err(vec![problem]), "{state} {zip}");
            form.zip_is_right = "yes".into();
            assert!(form.parse(AddressKind::Home).is_ok(), "{state} {zip}");
        }
        let mut malformed = at("VA", "2215");
        malformed.zip_is_right = "yes".into();
        assert_eq!(malformed.parse(AddressKind::Home), Err(vec![AddressProblem::ZipMalformed]));
    }

    #[test]
    fn nobody_lives_in_a_post_office_box() {
        for (street, unit, field) in [
            ("P.O. Box 12", "", Street),
            ("1 Teacup Ct", "PO Box 12", Unit),
            ("1 Teacup Ct, Box PO BOX 12", "", Street),
            ("Apartado 12", "", Street),
        ] {
            let form = form(["", street, unit, "Springfield", "VA", "22150"]);
            assert_eq!(form.parse(AddressKind::Home), Err(vec![AddressProblem::PoBox(field)]), "{street}");
            assert!(form.parse(AddressKind::Mailing).is_ok(), "{street}");
        }
        for street in ["General Delivery", "RR 2 Box 18", "HC 1 Box 29919", "PSC 802 Box 74", "Behind the red barn on Oak Rd"] {
            assert_eq!(problems(["", street, "", "Springfield", "VA", "22150"]), [], "{street}");
        }
    }

    #[test]
    fn an_island_with_domestic_mail_is_no_foreign_country() {
        let chosen = form(["PRI", "1 Calle A", "", "San Juan", "", "00926"]).parse(AddressKind::Home);
        assert!(matches!(chosen, Ok(Address::Us(address)) if address.state().is_puerto_rico()));
        assert_eq!(problems(["USA", "1 Teacup Ct", "", "Springfield", "", "22150"]), [AddressProblem::Empty(StateField)]);
    }

    #[test]
    fn an_urbanization_is_asked_for_in_puerto_rico_only() {
        let at = |state: &str, zip: &str| AddressForm {
            urbanization: "Urb Sol".into(),
            ..form(["", "1 Calle A", "", "San Juan", state, zip])
        };
        assert_eq!(at("PR", "00926").parse(AddressKind::Home).unwrap().lines(Locale::En).len(), 3);
        assert_eq!(at("VA", "22150").parse(AddressKind::Home).unwrap().lines(Locale::En).len(), 2);
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(texts in prop::array::uniform8("(.{0,40}|.{0,6}|[0-9]{5}|USA|MEX|VA|yes)")) {
            let [country, street, unit, urbanization, city, state, zip, zip_is_right] = texts;
            let form = AddressForm { country, street, unit, urbanization, city, state, zip, zip_is_right };
            prop_assert_eq!(format!("{form:?}"), "AddressForm");
            prop_assert_eq!(&form.shortened(), &form);
            for kind in [AddressKind::Home, AddressKind::Mailing] {
                match form.parse(kind) {
                    Ok(address) => prop_assert_eq!(address.as_form().parse(kind), Ok(address)),
                    Err(problems) => prop_assert!(!problems.is_empty() && problems.is_sorted_by_key(|problem| problem.field())),
                }
            }
        }
    }
}
