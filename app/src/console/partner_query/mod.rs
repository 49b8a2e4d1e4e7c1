//! Queries to partner countries: whom an officer may ask about, what was asked and answered, what counsel decides, why partners were
//! told nothing, and what other components may use. All acts are plain forms.

#[cfg(feature = "ssr")]
mod ask;
#[cfg(feature = "ssr")]
mod asked;
#[cfg(feature = "ssr")]
mod held;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod of_person;
#[cfg(feature = "ssr")]
mod queries;
#[cfg(feature = "ssr")]
mod query;
pub mod server;
#[cfg(feature = "ssr")]
mod sharing;
#[cfg(feature = "ssr")]
mod suppressed;
#[cfg(feature = "ssr")]
mod uses;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    ask::AskPage,
    asked::asked,
    held::{HeldPage, HoldPage},
    of_person::of_person,
    queries::QueriesPage,
    query::QueryPage,
    sharing::SharingPage,
    suppressed::SuppressedPage,
    uses::{UsePage, UsesPage},
};
