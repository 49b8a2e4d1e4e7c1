//! Processing times: what the agency publishes each month for a form, a category and an office, and the day from which a
//! person may ask why a case takes longer.
//!
//! [`verdict`] is the rule; [`Working`] is how it came to its answer, for pages that show it. Which office's time counts is
//! told by [`office_for`]. Published times are estimates, and so is a day that follows from them.

mod bound;
mod category;
mod office;
mod posted;
mod rule;

pub use bound::{Bound, BoundError, Unit};
pub use category::{CategoryKey, CategoryKeyError, category_for};
pub use office::{Why, is_held_centrally, office_for};
pub use posted::Posted;
pub use rule::{Basis, PENDING_WITHOUT_POSTING, RULE_VERSION, Verdict, Working, verdict};
