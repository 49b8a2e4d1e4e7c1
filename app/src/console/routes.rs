//! Which page a path leads to.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::home::HomePage;
use super::not_found::NotFound;

/// The pages, as [`super::site::PAGES`] names them.
#[component]
pub fn PageAtHand() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/console") view=HomePage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
