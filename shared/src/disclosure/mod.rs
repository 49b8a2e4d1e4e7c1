//! The accounting of disclosures: what was told of whom, to whom, when and why (5 USC 552a(c)).
//!
//! The law wants the date, the nature and the purpose of each disclosure, and the name and address of who got it, kept for five years
//! or as long as the record is kept, whichever is longer, and shown to the person who asks. Whoever got something that is set right
//! later is told of it ((c)(4)); a correction is a disclosure of its own that names the one before.
//!
//! A [`Disclosure`] commits before the first byte leaves; an [`OutcomeEntry`] is added when it is known what became of it. Neither
//! changes afterwards, and each has bytes to be hashed. [`nature`] says which messages need one. What is told by other ways than
//! partner sharing is an [`OtherDisclosure`]. [`accounting`] is what is given out of all of them; [`NoticeState`] where telling a past
//! recipient of a correction stands.

pub mod accounting;
mod canonical;
mod entry;
mod needed;
mod notice;
mod other;
#[cfg(test)]
mod tests;

pub use entry::{Authority, Disclosure, Method, Nature, Outcome, OutcomeEntry, Recipient};
pub use needed::nature;
pub use notice::{AmendmentKind, CONFIRMED_WITHIN, Confirmed, NoticeState, element_of, is_to_be_told, touched};
pub use other::{Exception, OtherDisclosure, OtherRecipient, Way};
