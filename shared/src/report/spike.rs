//! When a month is unlike those before it.

/// How a figure is unlike what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Half more than the usual, or more than that.
    Rise { usual: u64 },
    /// A third less than the usual, or less than that.
    Fall { usual: u64 },
}

/// Months that are needed before anything is usual.
const MONTHS: usize = 3;
/// What is smaller than this moves by itself from month to month.
const SMALLEST: u64 = 30;

/// Whether a figure is unlike those of the months before, of which the middle one is the usual. None where too little is known.
pub fn change(now: u64, before: &[u64]) -> Option<Change> {
    if before.len() < MONTHS {
        return None;
    }
    let mut sorted = before.to_vec();
    sorted.sort_unstable();
    let usual = sorted[sorted.len() / 2];
    if usual.max(now) < SMALLEST {
        return None;
    }
    if now.saturating_mul(2) >= usual.saturating_mul(3) {
        return Some(Change::Rise { usual });
    }
    (now.saturating_mul(3) <= usual.saturating_mul(2)).then_some(Change::Fall { usual })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_unlike_and_large_is_a_change() {
        assert_eq!(change(150, &[100, 90, 110]), Some(Change::Rise { usual: 100 }));
        assert_eq!(change(149, &[100, 90, 110]), None);
        assert_eq!(change(66, &[100, 90, 110]), Some(Change::Fall { usual: 100 }));
        assert_eq!(change(67, &[100, 90, 110]), None);
        assert_eq!(change(500, &[100, 90]), None, "too few months");
        assert_eq!(change(29, &[10, 10, 10]), None, "too small");
        assert_eq!(change(300, &[100, 5000, 100, 100]), Some(Change::Rise { usual: 100 }), "one odd month is not the usual");
    }
}
