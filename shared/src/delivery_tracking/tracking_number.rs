//! USPS tracking numbers: their families and their check digits.

use std::fmt;
use thiserror::Error;

/// A tracking number with a right check digit, written in one way: without the routing prefix (`420` and a ZIP code), and
/// with the `91` that older labels leave out.
///
/// The families are those of USPS Publication 199 (`IMpb`), the confirmation numbers before it, and the Universal Postal
/// Union's S10. `Debug` hides the number: whoever has it can ask the carrier where the piece went.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackingNumber(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TrackingNumberError {
    #[error("is not in the form of a tracking number")]
    Malformed,
    #[error("has a wrong check digit")]
    CheckDigit,
}

use TrackingNumberError::{CheckDigit, Malformed};

impl TrackingNumber {
    /// Reads a number as labels, files and people write it, with or without spaces.
    pub fn parse(text: &str) -> Result<Self, TrackingNumberError> {
        // 420, ZIP+4 and the longest number, with a space after every digit.
        if text.len() > 2 * 42 {
            return Err(Malformed);
        }
        let number: String = text.chars().filter(|c| *c != ' ').collect();
        if !number.is_ascii() {
            return Err(Malformed);
        }
        if number.bytes().all(|byte| byte.is_ascii_digit()) { of_digits(&number) } else { of_letters(number) }.map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The carrier's page of this number.
    pub fn carrier_link(&self) -> String {
        format!("https://tools.usps.com/go/TrackConfirmAction_input?origTrackNum={}", self.0)
    }
}

impl fmt::Debug for TrackingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrackingNumber([hidden])")
    }
}

/// A number of digits, perhaps behind the routing prefix.
fn of_digits(number: &str) -> Result<String, TrackingNumberError> {
    let bare = unrouted(number).filter_map(family).collect::<Vec<_>>();
    // Thirty-four digits can be cut in two ways; the check digit tells which.
    let valid = bare.iter().find(|number| has_right_mod10(number.as_bytes()));
    match (valid, bare.is_empty()) {
        (Some(number), _) => Ok(number.clone()),
        (None, true) => Err(Malformed),
        (None, false) => Err(CheckDigit),
    }
}

/// The number as it is, and what remains of it behind `420` and a ZIP code of five or nine digits.
fn unrouted(number: &str) -> impl Iterator<Item = &str> {
    let behind = |zip: usize, lengths: &'static [usize]| {
        let rest = number.strip_prefix("420")?.get(zip..)?;
        lengths.contains(&rest.len()).then_some(rest)
    };
    [Some(number), behind(5, &[22, 26]), behind(9, &[22])].into_iter().flatten()
}

/// The number as it is kept, if its length and its first digits are of a family.
fn family(number: &str) -> Option<String> {
    let begins_with = |identifiers: &[&str]| identifiers.iter().any(|identifier| number.starts_with(identifier));
    match number.len() {
        // Before IMpb: printed with the application identifier 91, without it, or of a kind that has none.
        20 if has_right_mod10(number.as_bytes()) => Some(number.to_owned()),
        20 => Some(format!("91{number}")),
        22 => begins_with(&["91", "92", "93", "94", "95"]).then(|| number.to_owned()),
        26 => begins_with(&["92", "93", "94"]).then(|| number.to_owned()),
        30 => begins_with(&["94"]).then(|| number.to_owned()),
        _ => None,
    }
}

/// The check digit makes the sum a multiple of ten, counting every second digit left of it three times.
fn has_right_mod10(digits: &[u8]) -> bool {
    let weighted = digits.iter().rev().enumerate().map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 1 { 3 } else { 1 });
    weighted.sum::<u32>() % 10 == 0
}

/// S10: two letters, eight digits, a check digit, the letters of a country. USPS also prints such labels for mail within the
/// country, with the check digit of its own numbers.
fn of_letters(number: String) -> Result<String, TrackingNumberError> {
    let number = number.to_ascii_uppercase();
    let (bytes, letters) = (number.as_bytes(), |part: &[u8]| part.iter().all(u8::is_ascii_uppercase));
    let has_form =
        bytes.len() == 13 && letters(&bytes[..2]) && bytes[2..11].iter().all(u8::is_ascii_digit) && letters(&bytes[11..]);
    if !has_form {
        return Err(Malformed);
    }
    let is_right = has_right_s10(&bytes[2..11]) || (number.ends_with("US") && has_right_mod10(&bytes[2..11]));
    if is_right { Ok(number) } else { Err(CheckDigit) }
}

fn has_right_s10(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    u32::from(digits[8] - b'0') == check
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(text: &str) -> Result<String, TrackingNumberError> {
        TrackingNumber::parse(text).map(|number| number.as_str().to_owned())
    }

    /// Published examples of the check-digit rules, not of anybody's mail.
    #[test]
    fn every_family_is_read() {
        for number in [
            "9400111206206406260787",
            "9101026837331000039521",
            "9261290113185417468510",
            "9361289878700317633795",
            "9505511069605048600624",
            "92748931507708513018050063",
            "03071790000523483741",
            "RB123456785GB",
        ] {
            assert_eq!(kept(number).as_deref(), Ok(number));
        }
        assert_eq!(kept(" 9400 1112 0620 6406 2607 87 ").as_deref(), Ok("9400111206206406260787"));
        assert_eq!(kept("rb123456785gb").as_deref(), Ok("RB123456785GB"));
    }

    #[test]
    fn one_piece_has_one_number_however_its_label_is_written() {
        assert_eq!(kept("71969010756003077385").as_deref(), Ok("9171969010756003077385"), "the implied 91");
        assert_eq!(kept("4202215094001112062064062607 87").as_deref(), Ok("9400111206206406260787"), "ZIP");
        assert_eq!(kept("420221501234 9400111206206406260787").as_deref(), Ok("9400111206206406260787"), "ZIP+4");
        assert_eq!(kept("4202215092748931507708513018050063").as_deref(), Ok("92748931507708513018050063"), "26 digits");
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(kept("9400111206206406260788"), Err(CheckDigit));
        assert_eq!(kept("RB123456780GB"), Err(CheckDigit));
        for malformed in ["", "94", "9600111206206406260787", "RB12345678", "12É45678901234567890", "EAC9999103403", "9400-1112"] {
            assert_eq!(kept(malformed), Err(Malformed), "{malformed}");
        }
        assert_eq!(kept(&"9".repeat(500)), Err(Malformed));
    }

    proptest! {
        #[test]
        fn a_changed_digit_is_noticed(at in 0usize..22, by in 1u8..10) {
            let mut digits = *b"9400111206206406260787";
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            prop_assert!(kept(std::str::from_utf8(&digits).unwrap()).is_err());
        }

        #[test]
        fn a_kept_number_is_read_back_as_itself(serial in 0u64..10_000_000) {
            for check in 0..10 {
                if let Ok(number) = kept(&format!("92055999999999{serial:07}{check}")) {
                    prop_assert_eq!(kept(&number), Ok(number.clone()));
                }
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), digits in "[0-9]{0,44}") {
            let _ = kept(&text);
            let _ = kept(&digits);
        }
    }
}
