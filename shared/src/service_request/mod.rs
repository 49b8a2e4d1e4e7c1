//! Service requests: what somebody asks the agency to look into, however it came in.

mod category;
mod clock;
mod holiday;
mod number;
mod target;

pub use category::{RedirectReason, RequestKind, RoutingReason, Source};
pub use clock::{Balance, Clock, Due, Line, Moment, PauseReason, Reading, Run, Segment, Transition};
pub use holiday::{Closed, Holiday, HolidayTable};
pub use number::{REQUEST_NUMBER_LENGTH, RequestNumber, RequestNumberError};
pub use target::{Count, Target, due_on};
