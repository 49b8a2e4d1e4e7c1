//! What is told of one element.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::text::LongLine;
use crate::agreement::{Element, Modality};
use crate::country::CountryCode;
use crate::profile::Gender;
use crate::sensitive::Sensitive;

/// A value of an element. Days, countries and genders are written by each country in its own way; all else is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(LongLine),
    Day(NaiveDate),
    Country(CountryCode),
    Gender(Gender),
}

/// How an element is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    Text,
    Day,
    Country,
    Gender,
    /// Not in words: a document or a picture goes with the reply.
    Enclosed,
}

impl ValueKind {
    pub const fn of(element: Element) -> Self {
        match element {
            Element::BirthDate => Self::Day,
            Element::BirthCountry | Element::Citizenship => Self::Country,
            Element::Gender => Self::Gender,
            _ => match element.modality() {
                Modality::Biographic => Self::Text,
                Modality::Biometric | Modality::Document => Self::Enclosed,
            },
        }
    }
}

impl Value {
    pub const fn kind(&self) -> ValueKind {
        match self {
            Self::Text(_) => ValueKind::Text,
            Self::Day(_) => ValueKind::Day,
            Self::Country(_) => ValueKind::Country,
            Self::Gender(_) => ValueKind::Gender,
        }
    }
}

/// What a reply tells, element by element: each has a value, and each value is of its element's kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told(BTreeMap<Element, Vec<Sensitive<Value>>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{} is not told in this way", .0.name())]
pub struct WrongValue(pub Element);

impl Told {
    /// Adds a value of an element: somebody has several citizenships.
    ///
    /// # Errors
    /// If the element is told in another way, or is enclosed.
    pub fn add(&mut self, element: Element, value: Value) -> Result<(), WrongValue> {
        if value.kind() != ValueKind::of(element) {
            return Err(WrongValue(element));
        }
        self.0.entry(element).or_default().push(Sensitive::new(value));
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn elements(&self) -> impl Iterator<Item = Element> + '_ {
        self.0.keys().copied()
    }

    /// The values of an element, none of them if it is not told.
    pub fn of(&self, element: Element) -> &[Sensitive<Value>] {
        self.0.get(&element).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_its_elements_kind() {
        let text = || Value::Text(LongLine::parse("Ejemplo, Ana").unwrap());
        let mut told = Told::default();
        assert_eq!(told.add(Element::FullName, text()), Ok(()));
        assert_eq!(told.add(Element::BirthDate, text()), Err(WrongValue(Element::BirthDate)));
        assert_eq!(told.add(Element::Citizenship, Value::Gender(Gender::Female)), Err(WrongValue(Element::Citizenship)));
        for enclosed in [Element::Photograph, Element::Fingerprints, Element::PassportImage] {
            assert_eq!(told.add(enclosed, text()), Err(WrongValue(enclosed)));
        }
        assert_eq!(told.elements().collect::<Vec<_>>(), [Element::FullName]);
        assert_eq!(told.of(Element::FullName), [Sensitive::new(text())]);
        assert_eq!(told.of(Element::Alias), []);
        assert_eq!(format!("{told:?}"), "Told({FullName: [[sensitive]]})");
    }
}
