//! Receipt numbers, as people type them.

use std::fmt;
use thiserror::Error;

/// A receipt number: three letters and ten digits, or three letters, an asterisk and nine digits, as printed on Form I-797
/// notices. The asterisk is legal because some notices show one.
///
/// The three letters are not checked against a list: new prefixes appear before any list does, and a wrong refusal would
/// lock somebody out of their own case. `Debug` hides the number, since whoever has it can read the case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ReceiptNumber(String);

/// Why a text is not a receipt number. The order is CSSO's: empty first, then form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReceiptNumberError {
    #[error("no receipt number was given")]
    Empty,
    #[error("a receipt number has three letters and ten digits")]
    Malformed,
}

/// Characters of a receipt number.
pub const RECEIPT_NUMBER_LENGTH: usize = 13;
/// More than this is no slip of the finger; refused before anything else is done with it.
const LONGEST_INPUT: usize = 64;

impl ReceiptNumber {
    /// Reads what a person typed: capital or small letters, with or without spaces and dashes of any kind. Nothing is
    /// corrected: an `O` stays an `O`.
    pub fn parse(typed: &str) -> Result<Self, ReceiptNumberError> {
        if typed.len() > LONGEST_INPUT * 4 {
            return Err(ReceiptNumberError::Malformed);
        }
        let number: String = typed.chars().filter(|c| !is_separator(*c)).flat_map(char::to_uppercase).collect();
        if number.is_empty() {
            return Err(ReceiptNumberError::Empty);
        }
        if is_well_formed(number.as_bytes()) { Ok(Self(number)) } else { Err(ReceiptNumberError::Malformed) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The three letters.
    pub fn prefix(&self) -> &str {
        &self.0[..3]
    }

    /// The digits as a number. Neighbours of a number differ by little here.
    pub fn serial(&self) -> u64 {
        self.0[3..].bytes().filter(u8::is_ascii_digit).fold(0, |serial, digit| serial * 10 + u64::from(digit - b'0'))
    }

    /// Numbers of electronically received cases (`IOE`) follow no date.
    pub fn is_electronic(&self) -> bool {
        self.prefix() == "IOE"
    }
}

/// Spaces, no-break spaces, zero-width characters from copied text, and every dash a phone or a letter may have made.
pub(crate) fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

fn is_well_formed(number: &[u8]) -> bool {
    number.len() == RECEIPT_NUMBER_LENGTH
        && number[..3].iter().all(u8::is_ascii_uppercase)
        && (number[3] == b'*' || number[3].is_ascii_digit())
        && number[4..].iter().all(u8::is_ascii_digit)
}

impl fmt::Debug for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptNumber([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forgives_case_spaces_and_dashes() {
        for typed in
            ["EAC9999103403", " eac 9999 103403 ", "EAC-99-991-03403", "eac\u{2013}9999\u{a0}103403", "EAC9999103403\u{200B}"]
        {
            assert_eq!(ReceiptNumber::parse(typed).unwrap().as_str(), "EAC9999103403", "{typed}");
        }
    }

    #[test]
    fn an_asterisk_may_stand_fourth_and_nowhere_else() {
        assert_eq!(ReceiptNumber::parse("src*999102777").unwrap().serial(), 999_102_777);
        for bad in ["SRC9*99102777", "*SRC999102777", "SRC**99102777"] {
            assert_eq!(ReceiptNumber::parse(bad), Err(ReceiptNumberError::Malformed), "{bad}");
        }
    }

    #[test]
    fn empty_comes_before_malformed() {
        for empty in ["", "  ", "- -", "\u{200B}"] {
            assert_eq!(ReceiptNumber::parse(empty), Err(ReceiptNumberError::Empty));
        }
        for bad in ["EAC", "EAC99991034033", "12C9999103403", "EAC99991O3403", "EAC999910340é", "ßAC999910340", "EAC９999103403"]
        {
            assert_eq!(ReceiptNumber::parse(bad), Err(ReceiptNumberError::Malformed), "{bad}");
        }
    }

    #[test]
    fn debug_output_hides_the_number() {
        let number = ReceiptNumber::parse("EAC9999103403").unwrap();
        assert!(!format!("{number:?}").contains("9999"));
    }

    proptest! {
        #[test]
        fn no_text_panics(typed in any::<String>()) {
            let _ = ReceiptNumber::parse(&typed);
        }

        #[test]
        fn what_was_parsed_parses_to_itself(typed in "[A-Za-z]{3}[0-9*][0-9 -]{9,14}") {
            if let Ok(number) = ReceiptNumber::parse(&typed) {
                prop_assert_eq!(ReceiptNumber::parse(number.as_str()), Ok(number.clone()));
                prop_assert_eq!(number.as_str().len(), RECEIPT_NUMBER_LENGTH);
            }
        }
    }
}
