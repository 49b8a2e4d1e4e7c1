//! How many people wait, told so that nobody among them can be told of.
//!
//! A number is rounded down to a step that grows with it, and below the threshold there is none. "More than" makes it true: it
//! is always less than the number of people.

use std::num::NonZeroU32;

/// The number of which may be said "more than so many people wait". None for the threshold or fewer.
///
/// It has two leading digits, and is a multiple of the threshold while those would be finer: of 1,234 people 1,200 are told, of
/// 123,456 people 120,000, and with a threshold of 100 of 345 people 300.
pub fn more_than(people: u64, threshold: NonZeroU32) -> Option<u64> {
    let below = people.checked_sub(1)?;
    let two_digits = 10_u64.pow(below.checked_ilog10()?.saturating_sub(1));
    let step = two_digits.max(threshold.get().into());
    Some(below - below % step).filter(|told| *told > 0)
}

/// `1,200`, as people in the United States write it in both languages.
pub fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(people: u64, threshold: u32) -> Option<u64> {
        more_than(people, NonZeroU32::new(threshold).unwrap())
    }

    #[test]
    fn numbers_are_rounded_down_to_two_digits_and_small_ones_are_not_told() {
        for (people, with_100, with_30) in [
            (0, None, None),
            (1, None, None),
            (30, None, None),
            (31, None, Some(30)),
            (100, None, Some(90)),
            (101, Some(100), Some(90)),
            (200, Some(100), Some(180)),
            (201, Some(200), Some(180)),
            (1_000, Some(900), Some(990)),
            (1_001, Some(1_000), Some(1_000)),
            (1_234, Some(1_200), Some(1_200)),
            (10_000, Some(9_900), Some(9_900)),
            (10_001, Some(10_000), Some(10_000)),
            (123_456, Some(120_000), Some(120_000)),
        ] {
            assert_eq!((told(people, 100), told(people, 30)), (with_100, with_30), "{people}");
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        let told = [0, 999, 1_000, 12_345, 1_234_567].map(with_commas);
        assert_eq!(told, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    proptest! {
        #[test]
        fn what_is_told_is_true_coarse_and_never_below_the_threshold(people in any::<u64>(), few in 0u64..5_000, threshold in 1u32..5_000) {
            for people in [people, few] {
                let Some(told) = told(people, threshold) else {
                    prop_assert!(people <= threshold.into());
                    continue;
                };
                prop_assert!(told < people && told >= threshold.into());
                let digits = told.to_string();
                let is_two_digits = digits.bytes().skip(2).all(|digit| digit == b'0');
                prop_assert!(is_two_digits || told % u64::from(threshold) == 0, "{told}");
            }
        }

        #[test]
        fn more_people_are_never_told_as_fewer(one in 0u64..200_000, other in 0u64..200_000, threshold in 1u32..5_000) {
            prop_assert!(told(one.min(other), threshold) <= told(one.max(other), threshold));
        }

        /// One person more or less moves the number only at the edge of a step, and then by a whole one.
        #[test]
        fn one_person_hardly_ever_moves_the_number(
            people in 10u64..200_000, threshold in prop::sample::select(&[10u32, 20, 50, 100, 250, 1_000]),
        ) {
            let (before, after) = (told(people, threshold).unwrap_or(0), told(people + 1, threshold).unwrap_or(0));
            prop_assert!(after == before || after - before >= 10);
        }
    }
}
