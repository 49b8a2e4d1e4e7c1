//! The way in: use notice, password, second factor; the one-time way in of a new account; and the second factor once more.

mod again;
mod enrol;
mod page;
mod second_factor;
mod server;

pub use again::AgainPage;
pub use enrol::EnrolPage;
pub use page::SignInPage;
pub(super) use server::leave;
pub use server::{
    Agree, CheckInvitation, Enrol, EnrolPasskey, Leave, ShowCode, ShowCodeAgain, ShowPasskey, ShowPasskeyAgain, StartOver,
    TypePassword,
};

use leptos::prelude::*;

use super::context::query;
use super::form::Notice;
use super::site::{PROVIDER, leading_on, way_back};
use super::way_in::Said;

/// Where the way leads in the end, if the address says so.
fn next() -> Option<String> {
    query("next").filter(|next| way_back(next).is_some())
}

/// The way to the agency's identity provider. It is a link: a form may lead to this origin only.
#[component]
fn ProviderLink(label: &'static str, #[prop(optional)] again: bool) -> impl IntoView {
    let there = leading_on(PROVIDER, next().as_deref());
    let sign = if there.contains('?') { '&' } else { '?' };
    let there = if again { format!("{there}{sign}again") } else { there };
    view! { <p><a class="usa-button" href=there>{label}</a></p> }
}

/// Keeps with a form where the way leads.
#[component]
fn NextField() -> impl IntoView {
    next().map(|next| view! { <input type="hidden" name="next" value=next/> })
}

/// What the last step came to.
#[component]
fn SaidNotice(said: Option<Said>) -> impl IntoView {
    said.map(|said| {
        let (kind, words) = said.words();
        view! { <Notice kind>{words}</Notice> }
    })
}
