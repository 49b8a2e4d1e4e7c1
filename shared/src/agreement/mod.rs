//! Agreements with partner countries: what may be asked, what may be told, at which step (PIA-060(a), Appendix A).
//!
//! An [`Agreement`] is all that holds with one partner in one version: its [`Instrument`]s, which are what was signed, and its
//! [`Capability`]s, which are what is operated. The two are apart, because signed is not live: the United Kingdom had an agreement
//! in force in 2013 and no secondary queries in 2017.

mod capability;
mod element;
mod instrument;
mod partner;
mod purpose;
mod snapshot;
mod step;
mod subject;

pub use capability::{Capability, CapabilityStatus, Condition, DataSetElement, Hours, Recipient, Serves, Slot, SubjectRule};
pub use element::Element;
pub use instrument::{Dated, DatedError, Instrument, InstrumentKey, InstrumentKeyError, InstrumentKind};
pub use partner::Partner;
pub use purpose::Purpose;
pub use snapshot::{Agreement, AgreementVersion};
pub use step::{AnswerKind, Direction, Modality, Priority, Step};
pub use subject::{Coverage, FoundBy, Person, coverage};
