//! Queries to and from partner countries, through IDENT (PIA-060(a), PIA-060(a) section 2).
//!
//! Ours: the officer who has a case [`draft`]s a query to some partners and [`submit`]s it. A job takes each step that is due
//! ([`next_to_send`]), has PCQS/CIS asked about the person, and [`authorize`]s it: agreement, quota, persecution and protection are
//! looked at once more, and the disclosure is committed. Only then does a byte leave; [`sent`] says what became of it.
//!
//! Theirs: what IDENT has for us is kept ([`receive`]) and understood ([`understand`]). A query of a partner goes the same way:
//! [`next_to_answer`], PCQS/CIS, [`decide`], and [`answered`]. Whoever is protected is, in everything that leaves, nobody. A partner
//! that had a match may be asked back ([`TheirQuery`], [`By`]). One whose request cannot be read is told what is wrong with it
//! ([`errors_told`]), and people see it too ([`unread`]).
//!
//! What the check cannot decide waits for counsel ([`holds`]); why a partner was told nothing of somebody stands in the
//! suppression log ([`suppressions`]). Who was told something that is set right later is told so ([`next_correction`],
//! [`authorize_correction`], [`correction_sent`]); privacy officers have it done in [`crate::disclosure`]. What other
//! components use of answers is approved, for a time or once, and stands in a ledger ([`uses`]). How much is shared, and how,
//! stands in [`sharing`]. All of it is in the database of partner data, which nobody else opens.
#![expect(clippy::disallowed_methods, reason = "one of the modules that may open partner data")]

mod accounting;
mod answer;
mod as_read;
mod ask_back;
mod assign;
mod component_use;
mod correction;
pub mod demo;
mod draft;
mod figures;
mod hold;
mod incoming;
mod past;
mod person;
mod print;
mod read;
mod retention;
mod send;
mod standing;
#[cfg(test)]
mod tests;
mod third;
mod written;

pub(crate) use accounting::{Account, close as close_disclosure};
pub use answer::{Decided, OutgoingAnswer, ToAnswer, answered, decide, next_to_answer};
pub(crate) use answer::{doubts, lifted, settled_by_counsel};
pub use as_read::{AsRead, OurText};
pub use ask_back::TheirQuery;
pub(crate) use assign::follow_feed as follow_assignment;
pub use assign::{AssignedCase, assign, assigned, officer_named};
pub use component_use::{
    StandingUse, UseOutcome, UsePage, UsePages, UseProposed, UseToCheck, UseToTell, UseVerdict, UsesView, agree_to_use, check_use,
    decide_use, end_use, next_use, next_use_to_tell, propose_use, use_told, uses, waiting_use,
};
pub use correction::{
    CorrectionChecked, CorrectionToSend, OutgoingCorrection, authorize_correction, correction_sent, next_correction,
};
pub use draft::{Ask, AskFault, Asked, By, ask, cancel};
pub use figures::{NEWEST, PartnerFigures, QuotaUse, SharingReport, sharing};
pub use hold::{HeldView, Resolved, holds, resolve, suppressions};
pub(crate) use incoming::question as their_question;
pub use incoming::{cursor, receive, understand};
pub(crate) use past::past;
pub(crate) use person::Known;
pub use print::print;
pub use read::{Exchanged, QueryRow, QueryView, StepView, mine, of_profile, query, to_approve};
pub(crate) use retention::{about_person, destroy_queries, destroyed_queries};
pub use send::{Authorized, Outcome, Outgoing, ToSend, authorize, next_to_send, sent};
pub(crate) use standing::{Standing, standing};
pub use store::partner_query::{
    Ground, Held, HoldDecision, LedgerRow, QueryEvent, StoredApproval, StoredSuppression, StoredUse, UseState,
};
pub use third::{Third, approve, close, request_third, review};
pub use written::{OutgoingErrors, UnreadRequest, errors_told, unread};
