//! Queries to partner countries and from them: how countries ask each other about a person (PIA-060(a); SOR/2002-227, part 19.1).
//!
//! A query comes in up to three steps, each of which says no more than it has to. The first carries fingerprints and is answered by
//! machine: match or no match, and what confirms the identity. On a match a second follows by itself. A person may ask for more in a
//! third, and a person answers. Whoever was asked and had a match may ask back. Only the first carries fingerprints; all later ones
//! carry its [`TransactionNumber`].
//!
//! * [`OutboundState`]: a query of ours, from an officer's draft to the answer that was read;
//! * [`InboundState`]: a request of a partner that people answer; [`ReleaseState`]: one that is answered by machine;
//! * [`Verdict`]: what the check of a partner's request comes to; [`silence`]: the one answer where nothing is told;
//! * [`Message`]: what is written, a [`Request`] or a [`Reply`]; [`RequestForm`]: a request as it is typed;
//! * [`template`]: the form in which each country writes and reads it;
//! * [`printed`]: what was answered, on paper for the person's file;
//! * [`AnswerClock`]: by when an answer is due;
//! * [`reverse`]: asking back; [`component_use`]: what other components may use of an answer.
//!
//! What may be asked and told stands in [`crate::agreement`], what protects a person in [`crate::protection`], and what has to be
//! accounted for in [`crate::disclosure`]. Nothing here decides that again.

mod clock;
pub mod component_use;
mod field;
pub mod figures;
mod form;
mod inbound;
mod message;
mod number;
mod outbound;
pub mod printed;
mod release;
pub mod reverse;
mod silence;
pub mod template;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod value;
mod verdict;

pub use clock::{AnswerClock, Counting, Standing, hours};
pub use field::{Field, FieldError};
pub use form::{FormProblem, FormProblemKind, MOST_ALIASES, RequestForm};
pub use inbound::{Failing, InboundEvent, InboundRefused, InboundState, Referral};
pub use message::{Ask, Enclosure, EncounterReference, Header, Message, Official, Reason, Reply, ReplyResult, Request, Subject};
pub use number::{OURS_LENGTH, TransactionNumber, TransactionNumberError};
pub use outbound::{Asking, Failure, Known, OutboundEvent, OutboundRefused, OutboundState, OutboundWaits, Refuser, Round};
pub use release::{ReleaseEvent, ReleaseRefused, ReleaseState};
pub use silence::{Silent, silence};
pub use template::{Template, TemplateError, TemplateId, TemplateKey};
pub use text::{Line, LongLine, PartnerReference, PartnerReferenceError, ShortLine, TextFault};
pub use value::{Told, Value, ValueKind, WrongValue};
pub use verdict::Verdict;
