//! People, whatever cases they have: find somebody, read what is known, propose what is to be set right, and agree to what somebody
//! else proposed. Who opens a profile says what for. All acts are plain forms.

#[cfg(feature = "ssr")]
mod correct;
#[cfg(feature = "ssr")]
mod find;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod person;
pub mod server;
#[cfg(feature = "ssr")]
mod waiting;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {correct::CorrectPage, find::FindPage, person::PersonPage, waiting::CorrectionsPage};
