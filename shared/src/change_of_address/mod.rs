//! Change of address: Form AR-11, "Alien's Change of Address Card" (OMB 1615-0007; INA 265, 8 U.S.C. 1305; 8 CFR 265).
//!
//! [`ChangeForm`] is the form, a step to a page, and becomes an [`AddressChange`]. [`ten_day_rule`] and [`must_report`] say who
//! must file it by when. What becomes of it is a [`Filing`]: one [`ChangeState`], one [`CaseState`] for each case, and the
//! [`Effect`]s that are due. [`judge_feed`] says what a later address of the case feed means.
//!
//! ZIP code and date of birth are known to relatives. So no case's address changes without a [`Proof`], only the contact that was
//! on file before can take a change back, and cards are held until it is proven. A change is never inferred from anything else
//! that a person sends.
//!
//! In the browser [`check_left`] looks at a field by the same rules as soon as somebody leaves it.

mod case_state;
mod change;
mod duty;
mod effect;
mod feed;
mod filing;
mod form;
mod slip;
mod state;
mod step;
#[cfg(test)]
mod tests;

pub use case_state::{CaseState, Hindrance};
pub use change::{AddressChange, Contact, FiledBy, ListedCase, Person, UsStatus};
pub use duty::{Admission, Duty, Exemption, OtherReport, REPORT_WITHIN_DAYS, TenDayRule, must_report, ten_day_rule};
pub use effect::{Effect, Notice, Side};
pub use feed::{FeedAddress, judge_feed};
pub use filing::{CaseAt, Filing, Inconsistent, Rejected};
pub use form::{CaseForm, ChangeForm, MOST_CASES, Problem, ProblemKind};
pub use slip::{Left, check_left};
pub use state::{Asker, ChangeState, Hours, OldReach, Proof, Refusal};
pub use step::{Field, Step};
