//! How long people waited: half of them, and nine in ten.

use std::collections::BTreeMap;

/// How many waited how many days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread(BTreeMap<u16, u64>);

impl Spread {
    pub fn add(&mut self, days: u16, people: u64) {
        *self.0.entry(days).or_default() += people;
    }

    pub fn people(&self) -> u64 {
        self.0.values().sum()
    }

    /// The days within which half had their answer.
    pub fn half(&self) -> Option<u16> {
        self.within(50)
    }

    /// The days within which nine in ten had it.
    pub fn nine_in_ten(&self) -> Option<u16> {
        self.within(90)
    }

    /// The first number of days within which so many in a hundred had it: a day on which somebody had it, never one between two.
    fn within(&self, percent: u64) -> Option<u16> {
        let wanted = (self.people() * percent).div_ceil(100).max(1);
        let mut people = 0;
        self.0.iter().find_map(|(days, here)| {
            people += here;
            (people >= wanted).then_some(*days)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_and_nine_in_ten() {
        let mut spread = Spread::default();
        assert_eq!((spread.half(), spread.nine_in_ten()), (None, None));
        for days in 1..=10 {
            spread.add(days, 1);
        }
        assert_eq!((spread.half(), spread.nine_in_ten(), spread.people()), (Some(5), Some(9), 10));
        spread.add(100, 10);
        assert_eq!((spread.half(), spread.nine_in_ten()), (Some(10), Some(100)));
    }

    proptest! {
        #[test]
        fn it_is_what_the_sorted_list_says(mut days in proptest::collection::vec(0_u16..60, 1..80)) {
            let mut spread = Spread::default();
            for days in &days {
                spread.add(*days, 1);
            }
            days.sort_unstable();
            let at = |percent: usize| days[(days.len() * percent).div_ceil(100) - 1];
            prop_assert_eq!((spread.half(), spread.nine_in_ten()), (Some(at(50)), Some(at(90))));
        }
    }
}
