//! Service requests: what somebody asks the agency to look into, however it came in.
//!
//! * [`RequestNumber`] is what a person quotes; [`RequestKind`] what it is about;
//! * [`ServiceRequest`] is folded from its events. [`State`] says what can happen next, and refuses the rest;
//! * [`Clock`] is the one clock of a request. [`Target`] and [`HolidayTable`] say which days count;
//! * [`Queue`] is a list of an office's requests, [`Placement`] where a request stands among them;
//! * [`Step`] is what its sender is shown, with a [`Deadline`] after which somebody looks for it.
//!
//! `docs/requests.md` has the table of states, and the clock's rules with examples.

mod category;
mod clock;
mod holiday;
mod number;
mod queue;
mod request;
mod state;
mod step;
mod target;
mod why;

#[cfg(test)]
mod tests;

pub use category::{RedirectReason, RequestKind, RoutingReason, Source};
pub use clock::{Balance, Clock, Due, Line, Moment, PauseReason, Reading, Run, Segment, Transition};
pub use holiday::{Closed, Holiday, HolidayTable};
pub use number::{REQUEST_NUMBER_LENGTH, RequestNumber, RequestNumberError};
pub use queue::{Beside, Chosen, MailTrouble, Order, Place, Placement, Queue, SOON, Tally, soon};
pub use request::{Broken, RequestEvent, ServiceRequest};
pub use state::{Desk, Happening, OfficerId, Refused, State, Work};
pub use step::{Deadline, Promise, Step, StepName};
pub use target::{Count, Target, due_on};
pub use why::Why;
