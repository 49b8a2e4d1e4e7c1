//! Requests of people about their own records: the list with its clocks, logging one, and one from its search to its answer. All
//! acts are plain forms.

#[cfg(feature = "ssr")]
mod decide;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod log;
#[cfg(feature = "ssr")]
mod request;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {list::RedressPage, log::LogPage, request::RedressRequestPage};
