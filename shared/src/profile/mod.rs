//! A person as the agency knows them: one profile, whatever cases they have.
//!
//! A profile is a set of [`Fact`]s. A fact is added and ended, never changed, so that it can always be said what was known
//! on a day, and from whom. Source: PIA-060(a), "Customer Profile Management System": a person-centric repository of
//! biometric and biographic data.
//!
//! * [`ANumber`](crate::case_feed::ANumber), [`Fin`], [`EncounterId`], [`Ssn`]: the numbers by which systems know a person;
//! * [`FactKind`], [`Fact`]: what can be known;
//! * [`Sheet`]: what is known, for one page;
//! * [`Change`], [`CorrectionState`]: a correction, which a second person agrees to;
//! * [`ReadPurpose`]: what somebody opens a profile for.

mod correction;
mod encounter;
mod fact;
mod number;
mod purpose;
mod sheet;

pub use correction::{Change, ChangeFault, CorrectionState, check};
pub use encounter::{Encounter, EncounterKind};
pub use fact::{Fact, FactFault, FactKind, Gender, NameKind, Race};
pub use number::{EncounterId, Fin, Ssn};
pub use purpose::ReadPurpose;
pub use sheet::{KnownFact, Origin, Sheet};
