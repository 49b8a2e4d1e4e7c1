//! The server function of this page. It keeps nothing, not even in the session: the list is the browser's.

use leptos::prelude::*;
use shared::watch_list::WatchAnswer;

#[cfg(feature = "ssr")]
use super::ask;

/// Asks for the status of one case of a list, within the limits of any look-up.
#[server(CheckWatched, prefix = "/_fn", endpoint = "watch_list/check", client = crate::csrf::Csrf)]
pub async fn check_watched(#[server(default)] receipt_number: String) -> Result<WatchAnswer, ServerFnError> {
    ask::check(&receipt_number).await
}

/// The number that the session was last asked for, offered for the list; empty if there is none. The browser reads it from
/// the page.
pub fn asked_number() -> String {
    #[cfg(feature = "ssr")]
    return ask::asked_number();
    #[cfg(not(feature = "ssr"))]
    return String::new();
}
