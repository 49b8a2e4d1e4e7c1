//! People, whatever cases they have: find somebody, read what is known, propose what is to be set right, and agree to what somebody
//! else proposed; add photographs and biometric records, and verify who stands before an officer. Who opens a profile says what for.
//! All acts are plain forms.

#[cfg(feature = "ssr")]
mod biometrics;
#[cfg(feature = "ssr")]
mod correct;
#[cfg(feature = "ssr")]
mod find;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod notice;
#[cfg(feature = "ssr")]
mod person;
#[cfg(feature = "ssr")]
mod record;
pub mod server;
#[cfg(feature = "ssr")]
mod verify;
#[cfg(feature = "ssr")]
mod waiting;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    correct::CorrectPage,
    find::FindPage,
    person::PersonPage,
    record::{ReadRecord, RecordPage, TypedRecord, record_refused},
    verify::{TypedInterview, VerifyPage, interview_refused},
    waiting::CorrectionsPage,
    words::{document_problem, record_fault},
};
