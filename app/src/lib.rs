//! The user interface of Portico, rendered by the server (`ssr`) and, where it helps, brought to life in the browser
//! (`hydrate`). Every page is whole without scripts.
//!
//! * [`console`]: the officers' pages;
//! * [`portal`]: the public pages, one folder or file for each subject; server functions sit beside the page that uses them;
//! * [`text`]: what is said, in English and Spanish, from `locales/*.json`;
//! * `chart` (server): charts as SVG;
//! * [`csrf`]: the token that every form carries and every scripted call sends;
//! * `context` (server): what the program hands to the pages; `session` (server): the portal's sealed cookie; `reply`
//!   (server): how a server function answers.
//!
//! To add a page: a file in `portal/` with a component that begins with `Layout`, a route in `portal/routes.rs`, its path in
//! [`portal::site::PAGES`], its texts in both catalogues. A page that gains by scripts is also named in
//! [`portal::site::HYDRATED`] and in `portal/client.rs`; the texts of all others stay on the server.

#[cfg(feature = "ssr")]
mod chart;
pub mod console;
pub mod csrf;
pub mod portal;
pub mod text;

#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
mod reply;
#[cfg(feature = "ssr")]
pub mod session;
