//! Cases with fixed numbers that must answer as numbers do that nobody has. No page names them.

use super::examples::{FixedCase, fixed};
use super::protected::Mark;

/// Receipt numbers of cases that the public must not see: each is in the demo's feed.
pub const HIDDEN: &[&str] =
    &["EAC9999200101", "WAC9999210202", "LIN9999220303", "SRC9999230404", "MSC9999240505", "IOE9999250606", "YSC9999260707"];

/// What each of [`HIDDEN`] is, in the same order.
pub(super) const HIDDEN_CASES: &[FixedCase] = &[
    // Has T status, for which the class of admission speaks.
    marked(fixed("I-765", "C09", &[("IAF", 150), ("FNB", 120), ("DA", 20), ("LDA", 17), ("LEA", 14)]), Mark::Class("T1")),
    // A self-petition under VAWA: form and category speak.
    fixed("I-360", "VAWA", &[("IAA", 320), ("FT0", 40)]),
    // Sealed by a court.
    marked(fixed("I-485", "IMMEDIATE_RELATIVE", &[("IAA", 290), ("FNB", 250), ("IK", 15)]), Mark::Sealed),
    // An application for T status: the form speaks.
    fixed("I-914", "", &[("IAA", 200), ("FNB", 170)]),
    // Nothing protects it, but nothing that happened may be said either.
    fixed("I-130", "SPOUSE", &[("ACA", 90), ("FSA0", 60), ("FF1", 12)]),
    // An ordinary form of somebody who asks for U status. Only the first line says so.
    once(marked(fixed("I-131", "", &[("IAA", 140), ("DA", 13), ("MBC", 10)]), Mark::Form("I-918", None))),
    // A class that nobody knows hides until somebody does.
    marked(fixed("N-400", "", &[("IAF", 180), ("FNB", 140), ("FJ", 5)]), Mark::Class("XX9")),
];

const fn marked(mut case: FixedCase, mark: Mark) -> FixedCase {
    case.mark = Some(mark);
    case
}

const fn once(mut case: FixedCase) -> FixedCase {
    case.mark_once = true;
    case
}
