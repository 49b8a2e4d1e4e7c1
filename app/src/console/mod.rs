//! The officers' side: its document, its pages, and the parts that they share. English only.
//!
//! The server writes every page whole, and every write is a plain form. The browser's client looks after the page that it was
//! loaded by and owns none of it (`start`): it warns before a session ends, hides a locked screen, talks to passkeys.
//!
//! Nothing here is reached without a live session but what stands below [`site::OPEN`]; a layer of the server sees to that. A page
//! asks [`officer`] who is there, and offers what that officer may do; the operation in `domain` checks it again.
//!
//! To add a page: a component that begins with [`Layout`](layout::Layout) in a folder of its module, a route in `routes.rs`, its
//! path in [`site::PAGES`], and if a menu leads to it a row in `menu.rs`. Server functions stand at `/_fn/console/<module>/<verb>`.

pub mod site;

#[cfg(feature = "ssr")]
pub mod account;
pub mod accounting;
pub mod agreement;
pub mod answer;
#[cfg(feature = "ssr")]
mod back;
pub mod call_script;
#[cfg(feature = "ssr")]
mod context;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
mod home;
#[cfg(feature = "hydrate")]
mod idle;
#[cfg(feature = "ssr")]
mod idle_dialogs;
pub mod information_request;
#[cfg(feature = "ssr")]
mod layout;
pub mod live;
#[cfg(feature = "ssr")]
mod menu;
#[cfg(feature = "ssr")]
mod not_found;
#[cfg(feature = "ssr")]
pub mod outcome;
pub mod partner_query;
#[cfg(feature = "hydrate")]
mod passkey;
#[cfg(feature = "ssr")]
mod plain_page;
#[cfg(feature = "ssr")]
mod problem;
pub mod profile;
#[cfg(feature = "ssr")]
mod qr;
pub mod quality;
pub mod redress;
#[cfg(feature = "ssr")]
pub mod reply;
#[cfg(feature = "ssr")]
pub mod report;
pub mod retention;
#[cfg(feature = "ssr")]
mod routes;
pub mod service_request;
pub mod session;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(feature = "hydrate")]
mod start;
#[cfg(feature = "ssr")]
mod table;
pub mod waiver;
#[cfg(feature = "ssr")]
mod way_in;
#[cfg(feature = "ssr")]
mod when;

#[cfg(feature = "ssr")]
pub use context::{AtWork, ConsoleContext, SessionToken, officer, session_token};
#[cfg(feature = "ssr")]
pub use plain_page::plain_page;
#[cfg(feature = "ssr")]
pub use shell::{Console, console_shell};
#[cfg(feature = "hydrate")]
pub use start::begin;
#[cfg(feature = "ssr")]
pub use way_in::{Said, WayIn};
