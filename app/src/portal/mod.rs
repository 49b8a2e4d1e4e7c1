//! The public front door: its root, its pages and the parts that they share.
//!
//! The path alone decides the language: every page stands at `/page` and at `/es/page`. The server routes; every link leads
//! to a page that it sends, so the browser's client has no router and brings only the page at hand to life.

pub(crate) mod case_status;
mod contact;
mod layout;
mod notice;
pub mod site;
mod watch_list;

#[cfg(feature = "ssr")]
mod accessibility;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod change_of_address;
#[cfg(feature = "hydrate")]
mod checking;
#[cfg(not(feature = "ssr"))]
mod client;
#[cfg(feature = "ssr")]
pub mod e_request;
#[cfg(feature = "ssr")]
pub(crate) mod form;
#[cfg(feature = "ssr")]
mod home;
#[cfg(feature = "ssr")]
mod lost_receipt_number;
#[cfg(feature = "ssr")]
mod not_found;
#[cfg(feature = "ssr")]
pub mod notification;
#[cfg(feature = "ssr")]
mod plain_page;
#[cfg(feature = "ssr")]
mod privacy;
#[cfg(feature = "ssr")]
pub mod processing_time;
#[cfg(feature = "ssr")]
mod redress;
#[cfg(feature = "ssr")]
mod report;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "hydrate")]
mod start;
#[cfg(feature = "ssr")]
mod tidy;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use shared::locale::Locale;

use layout::Layout;
use site::SiteInfo;

pub use case_status::{FindCase, ForgetCase};
#[cfg(feature = "ssr")]
pub use case_status::{calendar, classic, find_first};
#[cfg(not(feature = "ssr"))]
use client::{PageAtHand, path};
#[cfg(feature = "ssr")]
pub use plain_page::{PlainPage, plain_page};
#[cfg(feature = "ssr")]
use routes::{PageAtHand, path};
#[cfg(feature = "ssr")]
pub(crate) use shell::head_links;
#[cfg(feature = "ssr")]
pub use shell::portal_shell;
#[cfg(feature = "hydrate")]
pub use start::begin;
#[cfg(feature = "ssr")]
pub(crate) use tidy::bare;
#[cfg(feature = "ssr")]
pub use tidy::{bare_response, tidy, tidy_response};

/// The root of the portal, on the server and in the browser.
#[component]
pub fn Portal() -> impl IntoView {
    provide_meta_context();
    provide_context(Locale::of_path(&path()));
    provide_context(Arc::new(SharedValue::new(SiteInfo::of_this_server).into_inner()));
    view! { <PageAtHand/> }
}

/// The language of the page at hand.
fn use_locale() -> Locale {
    use_context().unwrap_or_default()
}

fn use_site() -> Arc<SiteInfo> {
    use_context().unwrap_or_default()
}
