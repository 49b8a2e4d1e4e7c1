//! Call scripts: the desk of an agent with somebody on the line, and the scripts as their writers see them.
//!
//! A call is a row, and each step of it a plain form: reloading shows where it is, and going back is one of its steps. What the script
//! says stands in both languages side by side, the caller's first.

#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod node;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use desk::{CallPage, CallsPage};
