//! The case feed: one event of a case, as the agency's case systems send it.
//!
//! A line is JSON ([`EventLine`], all raw text) and becomes a [`CaseEvent`] by [`CaseEvent::parse`], which knows every rule
//! of `docs/case-feed.md`. A line carries the case **as it stands after the event**: what it leaves out, the case no longer
//! has; only protection markers stay until a line ends them.

mod event;
mod line;
mod party;

pub use event::{ActionCode, CaseEvent, Category, EventId, FieldProblem, LineError};
pub use line::{
    ActionLine, AddressLine, AppointmentLine, EventLine, MarkerLine, NameLine, ParametersLine, PartyLine, RepresentativeLine,
};
pub use party::{
    ANumber, Appointment, AppointmentKind, Document, Email, EventParameters, MailingAddress, Notice, Party, PartyRole, PersonName,
    Telephone,
};
