//! In the browser: which page is brought to life.

use leptos::prelude::*;

use super::case_status::CaseStatusPage;
use super::site::{HYDRATED, page_of_path};
use super::watch_list::WatchListPage;

/// One of the pages that load the client: [`HYDRATED`], in its order.
#[component]
pub fn PageAtHand() -> impl IntoView {
    let [case_status, watch_list] = HYDRATED;
    match page_of_path(&path())? {
        page if page == case_status => Some(view! { <CaseStatusPage/> }.into_any()),
        page if page == watch_list => Some(view! { <WatchListPage/> }.into_any()),
        _ => None,
    }
}

pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}
