//! Call scripts: the desk of an agent with somebody on the line, and the scripts as their writers see them.
//!
//! A call is a row, and each step of it a plain form: reloading shows where it is, and going back is one of its steps. What the script
//! says stands in both languages side by side, the caller's first.

#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod node;
#[cfg(feature = "ssr")]
mod node_form;
#[cfg(feature = "ssr")]
mod script;
pub mod server;
#[cfg(feature = "ssr")]
mod taken;
#[cfg(feature = "ssr")]
mod typed;
#[cfg(feature = "ssr")]
mod words;
pub mod write;

#[cfg(feature = "ssr")]
pub use desk::{CallPage, CallsPage};
#[cfg(feature = "ssr")]
pub use kept::script_refused;
#[cfg(feature = "ssr")]
pub use list::ScriptsPage;
#[cfg(feature = "ssr")]
pub use node_form::ScriptNodePage;
#[cfg(feature = "ssr")]
pub use script::ScriptPage;
#[cfg(feature = "ssr")]
pub use taken::taken_in;
