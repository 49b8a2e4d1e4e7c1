//! The characters of numbers that people read out and copy, and the one that completes such a number so that a slip is noticed.
//!
//! They are 31, without those that are taken for another (`0`, `1`, `I`, `O`, `U`). Since 31 is a prime, and each place has a weight
//! of its own in the sum that the check character completes, every single wrong character is noticed, and so is every exchange of
//! two.

/// A character's place here is its value. The two digits that are missing are no characters of a number, but may be digits of a
/// year, and their values belong to the last letters: so a digit has one value wherever it stands.
pub(crate) const ALPHABET: &[u8; 31] = b"YZ23456789ABCDEFGHJKLMNPQRSTVWX";

/// More places than this would share weights.
const MOST_PLACES: usize = 29;

/// The character that makes the weighted sum a multiple of 31. It weighs one, its neighbour two, and so on leftwards.
pub(crate) fn check_character(unchecked: &str) -> char {
    debug_assert!(unchecked.len() <= MOST_PLACES, "two places would have one weight");
    let places = unchecked.bytes().rev().zip(2u128..);
    let sum: u128 = places.map(|(byte, weight)| value(byte) * weight).sum();
    character((ALPHABET.len() as u128 - 1) * sum)
}

/// So many characters, each an even choice among all as far as 16 bytes can make it one.
pub(crate) fn characters(random: [u8; 16], count: usize) -> String {
    let mut rest = u128::from_be_bytes(random);
    let mut text = String::with_capacity(count);
    for _ in 0..count {
        text.push(character(rest));
        rest /= ALPHABET.len() as u128;
    }
    text
}

fn value(byte: u8) -> u128 {
    match byte {
        b'0'..=b'9' => u128::from(byte - b'0'),
        _ => ALPHABET.iter().zip(0..).find_map(|(letter, value)| (*letter == byte).then_some(value)).unwrap_or(0),
    }
}

/// The character of a value, counted around.
fn character(value: u128) -> char {
    let at = usize::try_from(value % ALPHABET.len() as u128).unwrap_or(0);
    char::from(ALPHABET[at])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_alphabet_has_31_characters_and_none_that_is_taken_for_another() {
        assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), 31);
        assert!(b"01IOU".iter().all(|lookalike| !ALPHABET.contains(lookalike)));
        assert!(ALPHABET.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
        assert!(ALPHABET.iter().zip(0..).all(|(byte, place)| value(*byte) == place));
    }
}
