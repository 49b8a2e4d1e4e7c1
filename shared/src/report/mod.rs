//! Figures about requests, and what of them may be published.
//!
//! * [`Month`] is what a report is about;
//! * [`Figure`] is one thing that is counted, [`tallies`] what a request adds to the figures: it follows from its events;
//! * [`Spread`] tells how long half of the people waited, and nine in ten;
//! * [`Counts`] is a table with its totals, and [`Counts::hide_small`] what of it may be published: no small number, and none that
//!   could be computed from the others;
//! * [`change`] says in words when a month is unlike those before it.
//!
//! `docs/reports.md` says what each figure means.

mod figure;
mod month;
mod published;
mod spike;
mod spread;
mod suppress;

pub use figure::{Figure, Tally, tallies};
pub use month::{Month, MonthError};
pub use published::{Line, Number, ServiceReport, Totalled};
pub use spike::{Change, change};
pub use spread::Spread;
pub use suppress::{Counts, Hidden};
