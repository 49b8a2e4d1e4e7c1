//! In the browser: which page is brought to life.

use leptos::prelude::*;

use super::case_status::CaseStatusPage;
use super::site::{HYDRATED, page_of_path};

/// One of the pages that load the client: [`HYDRATED`], in its order.
#[component]
pub fn PageAtHand() -> impl IntoView {
    let [case_status] = HYDRATED;
    (page_of_path(&path()) == Some(case_status)).then(|| view! { <CaseStatusPage/> })
}

pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}
