//! The number of a transaction: what a query is known by in both countries.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::check_character::{ALPHABET, characters, check_character};

/// The number of a query or of an answer, ours or a partner's: 10 to 40 visible ASCII characters, as in the field 1.009 of
/// ANSI/NIST-ITL.
///
/// Later queries about a person carry the number of the first and no fingerprints (SOR/2002-227 s. 315.38), so it stands for the
/// person's prints, and says nothing of them. Ours are `USQ`, twenty random characters and a check character: nothing of the person,
/// of the time, of how many queries there were before, or of what came of it. A partner's is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TransactionNumber(String);

/// Why a text is not the number of a transaction, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TransactionNumberError {
    #[error("no transaction number was given")]
    Empty,
    #[error("a transaction number has 10 to 40 characters; copy it whole, and nothing else")]
    Length,
    #[error("a transaction number has letters, digits and signs of ASCII, and no spaces; copy it as it was sent")]
    Characters,
    /// It begins as ours do, and ours look otherwise.
    #[error("a number of ours has {OURS_LENGTH} characters, USQ first, none of them 0, 1, I, O or U behind that; copy it whole")]
    NotOurs,
    /// It looks like ours, and we never gave it out.
    #[error("a character of the transaction number is wrong; copy it again")]
    CheckCharacter,
}

/// Characters of a number of ours.
pub const OURS_LENGTH: usize = 24;

const PREFIX: &str = "USQ";
const RANDOM_LENGTH: usize = OURS_LENGTH - PREFIX.len() - 1;
const SHORTEST: usize = 10;
const LONGEST: usize = 40;

impl TransactionNumber {
    /// A number of ours from 16 random bytes.
    ///
    /// There are 31²⁰ of them, of which 2¹²⁸ is no multiple: some are favoured by less than one part in 2²⁸. Two queries will not
    /// draw the same one, and what keeps them makes sure.
    pub fn new(random: [u8; 16]) -> Self {
        let places = characters(random, RANDOM_LENGTH);
        let check = check_character(&places);
        Self(format!("{PREFIX}{places}{check}"))
    }

    /// Reads a number that a partner sent or an officer copied. Space around it is dropped, and nothing is corrected. What begins as
    /// ours do must be one of ours: a partner that names our query by a wrong character asks about somebody else.
    pub fn parse(text: &str) -> Result<Self, TransactionNumberError> {
        let number = text.trim();
        if number.is_empty() {
            return Err(TransactionNumberError::Empty);
        }
        if !(SHORTEST..=LONGEST).contains(&number.len()) {
            return Err(TransactionNumberError::Length);
        }
        if !number.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TransactionNumberError::Characters);
        }
        if let Some(places) = number.strip_prefix(PREFIX) {
            check_ours(places)?;
        }
        Ok(Self(number.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Did we give it out? No partner's number looks like ours.
    pub fn is_ours(&self) -> bool {
        self.0.starts_with(PREFIX)
    }
}

/// What follows the prefix of a number of ours.
fn check_ours(places: &str) -> Result<(), TransactionNumberError> {
    let is_ours = places.len() == RANDOM_LENGTH + 1 && places.bytes().all(|byte| ALPHABET.contains(&byte));
    let Some((unchecked, check)) = places.split_at_checked(RANDOM_LENGTH).filter(|_| is_ours) else {
        return Err(TransactionNumberError::NotOurs);
    };
    if check.starts_with(check_character(unchecked)) { Ok(()) } else { Err(TransactionNumberError::CheckCharacter) }
}

impl fmt::Display for TransactionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TransactionNumber {
    type Error = TransactionNumberError;

    fn try_from(text: String) -> Result<Self, TransactionNumberError> {
        Self::parse(&text)
    }
}

impl From<TransactionNumber> for String {
    fn from(number: TransactionNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::TransactionNumberError::{Characters, CheckCharacter, Empty, Length, NotOurs};
    use super::*;
    use crate::nist_itl::ControlNumber;

    fn ours(random: u128) -> TransactionNumber {
        TransactionNumber::new(random.to_be_bytes())
    }

    /// Numbers that were given out must be read for ever. These were computed by another program.
    #[test]
    fn numbers_given_out_stay_what_they_are() {
        assert_eq!(ours(0).as_str(), "USQYYYYYYYYYYYYYYYYYYYYY");
        assert_eq!(ours(1).as_str(), "USQZYYYYYYYYYYYYYYYYYYYA");
        assert_eq!(ours(31).as_str(), "USQYZYYYYYYYYYYYYYYYYYYB");
        assert_eq!(ours(987_654_321_987).as_str(), "USQ9Z2B6ST4ZYYYYYYYYYYYL");
        assert_eq!(ours(u128::MAX).as_str(), "USQ7EKZPTV8RNM6ZGG363JX8");
    }

    #[test]
    fn what_is_wrong_is_told_apart_and_nothing_is_corrected() {
        let right = ours(987_654_321_987).0;
        for (typed, wrong) in [
            (String::new(), Empty),
            (" \n".into(), Empty),
            ("CA-123456".into(), Length),
            ("C".repeat(41), Length),
            ("CA-2026 000017".into(), Characters),
            ("CA-2026\u{0}000017".into(), Characters),
            ("número-0001".into(), Characters),
            (right[..23].to_owned(), NotOurs),
            (format!("{right}Y"), NotOurs),
            (right.replace('Y', "0"), NotOurs),
            (right.replace("USQ", "USQ "), Characters),
            (format!("{}{}", &right[..23], if right.ends_with('Z') { 'Y' } else { 'Z' }), CheckCharacter),
        ] {
            assert_eq!(TransactionNumber::parse(&typed), Err(wrong), "{typed:?}");
        }
        assert_eq!(TransactionNumber::parse(&format!("  {right}\n")).map(|number| number.0), Ok(right.clone()));
        assert!(TransactionNumber::parse(&right.to_lowercase()).is_ok_and(|number| !number.is_ours()), "it is some partner's");
        for theirs in ["CAN-2026/000000017", "1234567890", &"x".repeat(40)] {
            assert!(!TransactionNumber::parse(theirs).unwrap().is_ours(), "{theirs}");
        }
    }

    proptest! {
        #[test]
        fn a_number_of_ours_has_one_length_and_is_read_back(random in any::<[u8; 16]>()) {
            let made = TransactionNumber::new(random);
            prop_assert_eq!(made.as_str().len(), OURS_LENGTH);
            prop_assert!(made.is_ours());
            prop_assert_eq!(TransactionNumber::parse(made.as_str()), Ok(made.clone()));
            prop_assert_eq!(serde_json::from_value(serde_json::to_value(&made).unwrap()).ok(), Some(made.clone()));
            prop_assert!(ControlNumber::parse(made.as_str()).is_some(), "it goes into 1.009");
        }

        #[test]
        fn every_wrong_character_and_every_exchange_is_noticed(
            random in any::<[u8; 16]>(), at in 3_usize..24, other in 3_usize..24, wrong in prop::sample::select(&ALPHABET[..]),
        ) {
            let right = TransactionNumber::new(random).0.into_bytes();
            let mut slip = right.clone();
            slip[at] = wrong;
            let mut exchanged = right.clone();
            exchanged.swap(at, other);
            for wrong in [slip, exchanged].into_iter().filter(|wrong| *wrong != right) {
                let wrong = String::from_utf8(wrong).unwrap();
                prop_assert_eq!(TransactionNumber::parse(&wrong), Err(CheckCharacter));
            }
        }

        #[test]
        fn whatever_fingerprint_transactions_carry_can_be_a_number(text in "[!-~]{8,42}|USQ[2-9A-Z]{21}|.{0,45}") {
            match TransactionNumber::parse(&text) {
                Ok(number) => prop_assert!(ControlNumber::parse(number.as_str()).is_some()),
                Err(NotOurs | CheckCharacter) => prop_assert!(text.trim().starts_with("USQ")),
                Err(_) => prop_assert_eq!(ControlNumber::parse(text.trim()), None),
            }
        }
    }
}
