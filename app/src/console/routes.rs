//! Which page a path leads to.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::account::{AccountPage, AccountsPage};
use super::back::BackPage;
use super::home::HomePage;
use super::not_found::NotFound;
use super::session::SessionsPage;
use super::sign_in::{AgainPage, EnrolPage, SignInPage};

/// The pages, as [`super::site::PAGES`] names them.
#[component]
pub fn PageAtHand() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/console") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/console/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sign-in/again") view=AgainPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sign-in/enrol") view=EnrolPage ssr=SsrMode::Async/>
                <Route path=path!("/console/back") view=BackPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sessions") view=SessionsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounts") view=AccountsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounts/:account") view=AccountPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
