//! A person as the agency knows them: one profile, whatever cases they have.
//!
//! A profile is a set of [`Fact`]s. A fact is added and ended, never changed, so that it can always be said what was known
//! on a day, and from whom. Source: PIA-060(a), "Customer Profile Management System": a person-centric repository of
//! biometric and biographic data.
//!
//! * [`ANumber`](crate::case_feed::ANumber), [`Fin`], [`EncounterId`], [`Ssn`]: the numbers by which systems know a person;
//! * [`FactKind`], [`Fact`]: what can be known;
//! * [`Sheet`]: what is known, for one page;
//! * [`Biometric`], [`read_capture`]: photographs, fingerprints, irises, faces;
//! * [`Enrolment`], [`AskedBy`], [`VerificationState`]: who stands before an officer, as IDENT knows them;
//! * [`Change`], [`CorrectionState`]: a correction, which a second person agrees to;
//! * [`ReadPurpose`]: what somebody opens a profile for.

mod biometric;
mod correction;
mod encounter;
mod fact;
mod number;
mod purpose;
mod sheet;
#[cfg(test)]
mod testing;
mod verification;

pub use biometric::{
    Biometric, BiometricKind, CaptureFault, CaptureSummary, CapturedAt, KnownBiometric, LARGEST_RECORD, MOST_OF_A_KIND, Photograph,
    PictureFormat, Position, Quality, read_capture,
};
pub use correction::{Change, ChangeFault, CorrectionState, check};
pub use encounter::{Encounter, EncounterKind};
pub use fact::{Fact, FactFault, FactKind, Gender, NameKind, Race};
pub use number::{EncounterId, Fin, Ssn};
pub use purpose::ReadPurpose;
pub use sheet::{KnownFact, Origin, Sheet};
pub use verification::{AskedBy, Enrolment, FinStanding, VerificationState, beside};
