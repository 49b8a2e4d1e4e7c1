//! The number of a service request: one that a person can read out on the telephone, and that notices a slip.

use std::fmt;
use thiserror::Error;

use crate::case_status::is_separator;
use crate::check_character::{ALPHABET, characters, check_character};

/// `SR`, the year in two digits, eight random characters, a check character. Kept as `SR267KQ4M2XWR`, written for people as
/// `SR26-7KQ4-M2XW-R`.
///
/// None of its characters is taken for another; every single wrong character is noticed, and so is every exchange of two. The
/// random part says nothing of how many requests there are, and a number cannot be made from another. `Debug` hides it: with a
/// ZIP code it opens the request.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestNumber(String);

/// Why a text is not the number of a request, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RequestNumberError {
    #[error("no request number was given")]
    Empty,
    #[error("a request number has the letters SR, two digits and nine more letters or digits")]
    Malformed,
    /// It looks like a number, and none that was ever given out.
    #[error("a character of the request number is wrong")]
    CheckCharacter,
}

/// Characters of a request number without its dashes.
pub const REQUEST_NUMBER_LENGTH: usize = 13;

const RANDOM_LENGTH: usize = 8;
const PREFIX: &str = "SR";
/// More than this is no slip of the finger.
const LONGEST_INPUT: usize = 64 * 4;

impl RequestNumber {
    /// A number of a year from 16 random bytes.
    ///
    /// There are 31⁸ numbers in a year, 850 thousand million. 2¹²⁸ is no multiple of it, which favours some by less than one
    /// part in 2⁸⁸. Two requests can still draw the same one: what keeps them makes sure that a number is given out once.
    pub fn new(year: i32, random: [u8; 16]) -> Self {
        let places = format!("{:02}{}", year.rem_euclid(100), characters(random, RANDOM_LENGTH));
        let check = check_character(&places);
        Self(format!("{PREFIX}{places}{check}"))
    }

    /// Reads what a person typed: capital or small letters, with or without spaces and dashes of any kind. Nothing is
    /// corrected: somebody who reads an `O` where there is none has another number before them.
    pub fn parse(typed: &str) -> Result<Self, RequestNumberError> {
        if typed.len() > LONGEST_INPUT {
            return Err(RequestNumberError::Malformed);
        }
        let number: String = typed.chars().filter(|c| !is_separator(*c)).flat_map(char::to_uppercase).collect();
        if number.is_empty() {
            return Err(RequestNumberError::Empty);
        }
        if !is_well_formed(number.as_bytes()) {
            return Err(RequestNumberError::Malformed);
        }
        let (unchecked, check) = number.split_at(REQUEST_NUMBER_LENGTH - 1);
        let is_right = check.starts_with(check_character(&unchecked[PREFIX.len()..]));
        if is_right { Ok(Self(number)) } else { Err(RequestNumberError::CheckCharacter) }
    }

    /// The number as it is kept, without dashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in groups, as pages and letters show it.
    pub fn grouped(&self) -> String {
        let number = self.as_str();
        [&number[..4], &number[4..8], &number[8..12], &number[12..]].join("-")
    }
}

impl fmt::Debug for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestNumber([hidden])")
    }
}

fn is_well_formed(number: &[u8]) -> bool {
    number.len() == REQUEST_NUMBER_LENGTH
        && number.starts_with(PREFIX.as_bytes())
        && number[2..4].iter().all(u8::is_ascii_digit)
        && number[4..].iter().all(|byte| ALPHABET.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::RequestNumberError::{CheckCharacter, Empty, Malformed};
    use super::*;
    use crate::case_status::ReceiptNumber;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn number(year: i32, random: u128) -> RequestNumber {
        RequestNumber::new(year, random.to_be_bytes())
    }

    fn kept(typed: &str) -> Result<String, RequestNumberError> {
        RequestNumber::parse(typed).map(|number| number.0)
    }

    /// Numbers that were given out must be read for ever. The check characters were computed by another program.
    #[test]
    fn numbers_given_out_stay_what_they_are() {
        for (year, random, grouped) in [
            (2026, 0, "SR26-YYYY-YYYY-B"),
            (2000, 0, "SR00-YYYY-YYYY-Y"),
            (2026, 1 + 31 * 2, "SR26-Z2YY-YYYY-H"),
            (2131, 31_u128.pow(8) - 1, "SR31-XXXX-XXXX-Z"),
            (2027, u128::MAX, "SR27-7EKZ-PTV8-F"),
            (2026, 987_654_321_987, "SR26-9Z2B-6ST4-N"),
        ] {
            assert_eq!(number(year, random).grouped(), grouped);
            assert_eq!(RequestNumber::parse(grouped), Ok(number(year, random)));
        }
        assert_eq!(kept("SR26-7KQ4-M2XW-R").as_deref(), Ok("SR267KQ4M2XWR"));
        assert_eq!(kept("SR26-7KQ4-M2XW-9"), Err(CheckCharacter));
    }

    #[test]
    fn forgives_case_spaces_and_dashes() {
        let made = number(2026, 12_345_678_901);
        let grouped = made.grouped();
        for typed in [
            made.as_str().to_owned(),
            grouped.to_lowercase(),
            format!("  {}\u{200B}", grouped.replace('-', " ")),
            grouped.replace('-', "\u{2013}"),
            grouped.replace('-', "\u{a0}\u{2014}"),
        ] {
            assert_eq!(kept(&typed).as_ref(), Ok(&made.0), "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_apart_and_nothing_is_corrected() {
        for empty in ["", "  ", "- -", "\u{200B}"] {
            assert_eq!(kept(empty), Err(Empty), "{empty}");
        }
        let right = number(2026, 0).0;
        for malformed in [
            right.replace('Y', "O"),
            right.replace('Y', "0"),
            right.replace('Y', "1"),
            right.replace("SR", "5R"),
            right.replace("26", "2X"),
            right[..12].to_owned(),
            format!("{right}Y"),
            right.replace('Y', "é"),
            right.replace('6', "６"),
            "EAC9999103403".to_owned(),
            "S".repeat(5_000),
        ] {
            assert_eq!(kept(&malformed), Err(Malformed), "{malformed}");
        }
    }

    #[test]
    fn debug_output_hides_the_number() {
        assert_eq!(format!("{:?}", number(2026, 7)), "RequestNumber([hidden])");
    }

    /// All characters at all places: what is refused is refused for its form or by its check character, and nothing passes.
    fn no_slip_passes(number: &RequestNumber) {
        let right = number.as_str().as_bytes();
        for at in 0..right.len() {
            for other in (b'0'..=b'9').chain(b'A'..=b'Z').filter(|other| *other != right[at]) {
                let mut wrong = right.to_vec();
                wrong[at] = other;
                refused(&wrong);
            }
            for (before, after) in (0..at).map(|before| (before, at)).filter(|(before, after)| right[*before] != right[*after]) {
                let mut exchanged = right.to_vec();
                exchanged.swap(before, after);
                refused(&exchanged);
            }
        }
    }

    fn refused(wrong: &[u8]) {
        let wrong = std::str::from_utf8(wrong).unwrap();
        assert!(matches!(kept(wrong), Err(Malformed | CheckCharacter)), "{wrong}");
    }

    #[test]
    fn every_wrong_character_and_every_exchange_is_noticed() {
        for year in (2000..2100).step_by(9) {
            for random in [0, 1, 31, 987_654_321_987, 31_u128.pow(8) - 1, u128::MAX] {
                no_slip_passes(&number(year, random));
            }
        }
    }

    /// At each place each character, and no other way to write a number of the year.
    #[test]
    fn each_character_can_stand_at_each_place() {
        for place in 0..8 {
            let there = (0..31).map(|value| number(2026, value * 31_u128.pow(place)).0.as_bytes()[4 + place as usize]);
            assert_eq!(there.collect::<BTreeSet<_>>().len(), 31);
        }
        let checks = (0..31).map(|value| number(2026, value).0.as_bytes()[12]).collect::<BTreeSet<_>>();
        assert_eq!(checks.len(), 31);
    }

    proptest! {
        #[test]
        fn a_new_number_is_read_back_however_it_is_written(year in 1990i32..2190, random in any::<[u8; 16]>()) {
            let made = RequestNumber::new(year, random);
            prop_assert_eq!(RequestNumber::parse(made.as_str()), Ok(made.clone()));
            prop_assert_eq!(RequestNumber::parse(&made.grouped().to_lowercase()), Ok(made.clone()));
            prop_assert_eq!(made.as_str().len(), REQUEST_NUMBER_LENGTH);
            prop_assert!(ReceiptNumber::parse(made.as_str()).is_err(), "nobody takes one for the other");
        }

        #[test]
        fn no_slip_in_any_number_passes(year in 2000i32..2100, random in any::<[u8; 16]>()) {
            no_slip_passes(&RequestNumber::new(year, random));
        }

        #[test]
        fn other_randomness_makes_another_number(one in 0..31_u128.pow(8), other in 0..31_u128.pow(8), rounds in 0u128..1 << 80) {
            prop_assert_eq!(one == other, number(2026, one) == number(2026, other));
            prop_assert_eq!(number(2026, one), number(2026, one + rounds * 31_u128.pow(8)));
        }

        #[test]
        fn no_text_panics(typed in any::<String>(), near in "[sS][rR][0-9]{2}[0-9A-Za-z -]{0,16}") {
            let _ = RequestNumber::parse(&typed);
            let _ = RequestNumber::parse(&near);
        }
    }
}
