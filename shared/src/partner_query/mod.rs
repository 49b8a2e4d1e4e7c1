//! Queries to partner countries and from them: how countries ask each other about a person (PIA-060(a); SOR/2002-227, part 19.1).
//!
//! A query comes in up to three steps, each of which says no more than it has to. The first carries fingerprints and is answered by
//! machine: match or no match, and what confirms the identity. On a match a second follows by itself. A person may ask for more in a
//! third, and a person answers. Whoever was asked and had a match may ask back. Only the first carries fingerprints; all later ones
//! carry its [`TransactionNumber`].
//!
//! * [`OutboundState`]: a query of ours, from an officer's draft to the answer that was read;
//! * [`InboundState`]: a request of a partner that people answer; [`ReleaseState`]: one that is answered by machine;
//! * [`Message`]: what is written, a [`Request`] or a [`Reply`];
//! * [`Verdict`]: what the check of a partner's request comes to.
//!
//! What may be asked and told stands in [`crate::agreement`], what protects a person in [`crate::protection`], and what has to be
//! accounted for in [`crate::disclosure`]. Nothing here decides that again.

mod inbound;
mod message;
mod number;
mod outbound;
mod release;
mod template;
mod text;
mod value;
mod verdict;

pub use inbound::{Failing, InboundEvent, InboundRefused, InboundState, Referral};
pub use message::{Ask, Enclosure, EncounterReference, Header, Message, Official, Reason, Reply, ReplyResult, Request, Subject};
pub use number::{OURS_LENGTH, TransactionNumber, TransactionNumberError};
pub use outbound::{Asking, Failure, Known, OutboundEvent, OutboundRefused, OutboundState, OutboundWaits, Refuser, Round};
pub use release::{ReleaseEvent, ReleaseRefused, ReleaseState};
pub use template::{TemplateId, TemplateKey};
pub use text::{Line, LongLine, PartnerReference, PartnerReferenceError, ShortLine, TextFault};
pub use value::{Value, ValueKind};
pub use verdict::Verdict;
