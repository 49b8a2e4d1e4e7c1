//! Texts of messages: one line each, so that no value can pass for a field of its own.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::typed;

/// A line of text of at most so many characters, with something in it. Spaces are mended; what ends a line, what cannot be read and
/// what turns the direction of a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MOST: usize>(String);

/// A name, an organisation, how somebody is reached.
pub type ShortLine = Line<200>;
/// A reason in somebody's own words, a condition, what is told of a person.
pub type LongLine = Line<2000>;

/// Why a text is no line of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum TextFault {
    #[error("nothing stands there")]
    Empty,
    #[error("it is too long")]
    TooLong,
    #[error("it holds characters that cannot be read")]
    Unreadable,
}

impl<const MOST: usize> Line<MOST> {
    /// # Errors
    /// [`TextFault`] says what keeps it from being a line.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        let line = typed::line(text, MOST).map_err(|error| match error {
            typed::LineError::TooLong => TextFault::TooLong,
            typed::LineError::Unreadable => TextFault::Unreadable,
        })?;
        line.map(Self).ok_or(TextFault::Empty)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> TryFrom<String> for Line<MOST> {
    type Error = TextFault;

    fn try_from(text: String) -> Result<Self, TextFault> {
        Self::parse(&text)
    }
}

impl<const MOST: usize> From<Line<MOST>> for String {
    fn from(line: Line<MOST>) -> Self {
        line.0
    }
}

/// What a partner knows a person or their prints by: up to 40 visible ASCII characters. Its form is the partner's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartnerReference(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a partner's number has 1 to 40 letters, digits and signs of ASCII, and no spaces")]
pub struct PartnerReferenceError;

impl PartnerReference {
    /// # Errors
    /// [`PartnerReferenceError`] says what it looks like.
    pub fn parse(text: &str) -> Result<Self, PartnerReferenceError> {
        let number = text.trim();
        let is_legal = (1..=40).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_graphic());
        if is_legal { Ok(Self(number.to_owned())) } else { Err(PartnerReferenceError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PartnerReference {
    type Error = PartnerReferenceError;

    fn try_from(text: String) -> Result<Self, PartnerReferenceError> {
        Self::parse(&text)
    }
}

impl From<PartnerReference> for String {
    fn from(number: PartnerReference) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_mended_and_is_one_line() {
        assert_eq!(Line::<10>::parse("  Ana\t Ejemplo ").unwrap_err(), TextFault::TooLong);
        assert_eq!(ShortLine::parse("  Ana\t Ejemplo ").unwrap().as_str(), "Ana Ejemplo");
        assert_eq!(ShortLine::parse("Ana\nEjemplo").unwrap().as_str(), "Ana Ejemplo", "the end of a line is a space");
        assert_eq!(ShortLine::parse(" \n"), Err(TextFault::Empty));
        for bad in ["A\u{0}na", "A\u{202E}na", "A\u{1B}[2J"] {
            assert_eq!(ShortLine::parse(bad), Err(TextFault::Unreadable), "{bad:?}");
        }
        assert!(serde_json::from_value::<ShortLine>("".into()).is_err());
    }

    #[test]
    fn a_partners_number_is_visible_ascii() {
        assert_eq!(PartnerReference::parse(" UCI-0001/99 ").unwrap().as_str(), "UCI-0001/99");
        for bad in ["", " ", "UCI 0001", "ÜCI", &"1".repeat(41), "1\n2"] {
            assert_eq!(PartnerReference::parse(bad), Err(PartnerReferenceError), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_a_line_is_read_as_itself(text in ".{0,60}") {
            if let Ok(line) = Line::<40>::parse(&text) {
                prop_assert!(!line.as_str().contains(char::is_control) && line.as_str().trim() == line.as_str());
                prop_assert_eq!(Line::<40>::parse(line.as_str()), Ok(line));
            }
            if let Ok(number) = PartnerReference::parse(&text) {
                prop_assert_eq!(PartnerReference::parse(number.as_str()), Ok(number));
            }
        }
    }
}
