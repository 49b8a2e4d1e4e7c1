//! What is told of one element.

use chrono::NaiveDate;

use super::text::LongLine;
use crate::agreement::{Element, Modality};
use crate::country::CountryCode;
use crate::profile::Gender;

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
