//! Retention: what is due to be destroyed, what holds keep, and lists of records that one person has made and another approves,
//! with the certificate of what became of them. All acts are plain forms.

#[cfg(feature = "ssr")]
mod due;
#[cfg(feature = "ssr")]
mod holds;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod one;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {due::RetentionPage, holds::HoldsPage, list::DispositionsPage, one::DispositionPage};
