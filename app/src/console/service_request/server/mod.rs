//! Server functions about service requests. Forms call them; of one the browser's client does, too.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async, whether or not it waits"))]
#![expect(clippy::too_many_arguments, reason = "one for each field of a form")]

pub mod intake;
pub mod lists;
pub mod request;
pub mod roster;

pub use request::here;

#[cfg(feature = "ssr")]
use crate::console::site::{REQUESTS, way_back};

/// The list on which a form stood, or the usual one.
#[cfg(feature = "ssr")]
fn list_or_usual(list: &str) -> String {
    way_back(list).filter(|list| list.starts_with(REQUESTS)).unwrap_or(REQUESTS).to_owned()
}
