//! Chance that is the same everywhere and every time: `SplitMix64`, started from what is being decided.

/// What a throw is for. Two purposes of one number are independent of each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Mail = 0,
    Person = 1,
    Petitioner = 2,
    Case = 3,
}

#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(purpose: Purpose, number: u64) -> Self {
        let mut dice = Self(number.wrapping_mul(4).wrapping_add(purpose as u64));
        dice.throw();
        dice
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to one less than `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.throw() % u64::from(end.max(1))).unwrap_or_default()
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// One entry of a list that has any.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = self.throw() % (list.len() as u64);
        &list[usize::try_from(at).unwrap_or_default()]
    }
}

/// Spreads running numbers over the numbers below a prime: each is met once, and neighbours in one are far apart in the other.
pub(super) const fn scatter(number: u64, prime: u64) -> u64 {
    // A multiplier near the golden section of the prime leaves no two of the first million numbers close together.
    let multiplier = prime / 1000 * 618 + 1;
    (number % (prime - 1) + 1) * multiplier % prime
}
