//! Agreements with partner countries: what may be asked, what may be told, at which step (PIA-060(a), Appendix A). And the terms with
//! IDENT, a system of our own department: what may be added to it.
//!
//! An [`Agreement`] is all that holds with one [`Party`] in one version: its [`Instrument`]s, which are what was signed, and its
//! [`Capability`]s, which are what is operated. The two are apart, because signed is not live: the United Kingdom had an agreement
//! in force in 2013 and no secondary queries in 2017.
//!
//! [`evaluate`] says what may be told, element by element; [`may_ask`] whether we may ask at all; [`enrolled`] what is added to IDENT.
//! [`check`] says what keeps a version from being signed, [`changes`] what it changes, and [`dry_run`] what past requests would have come
//! to under it. Two people sign it, each in a [`Capacity`].

mod capability;
mod changes;
mod check;
mod dry_run;
mod element;
mod enrolment;
mod evaluate;
mod file;
mod instrument;
mod partner;
mod party;
mod purpose;
mod ruling;
mod signing;
mod snapshot;
mod starter;
mod step;
mod subject;
#[cfg(test)]
mod testing;

pub use capability::{Capability, CapabilityStatus, Condition, DataSetElement, Hours, Recipient, Serves, Slot, SubjectRule};
pub use changes::{Change, What, changes};
pub use check::{Finding, check};
pub use dry_run::{Difference, Past, Turn, dry_run};
pub use element::Element;
pub use enrolment::{ENROLLED, EnrolmentCapability, EnrolmentFault, enrolled};
pub use evaluate::{Decision, Made, Question, Request, Subject, data_set, evaluate, is_admitted, matters, may_ask, suppressed};
pub use file::{FORMAT, FileError, LARGEST_FILE, from_file, to_file};
pub use instrument::{Dated, DatedError, Instrument, InstrumentKey, InstrumentKeyError, InstrumentKind};
pub use partner::Partner;
pub use party::{Party, PartyError};
pub use purpose::Purpose;
pub use ruling::{Blocked, Matter, Referred, Ruling, Withheld};
pub use signing::Capacity;
pub use snapshot::{Agreement, AgreementVersion};
pub use starter::starter;
pub use step::{AnswerKind, Direction, Modality, Priority, Step};
pub use subject::{Coverage, FoundBy, Person, coverage};
