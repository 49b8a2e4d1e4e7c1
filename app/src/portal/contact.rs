//! How to reach a person.

use std::sync::Arc;

use leptos::prelude::*;
use shared::locale::Locale;

use super::site::SiteInfo;
use crate::text::text;

/// The telephone numbers, as links.
#[component]
pub fn Telephone(locale: Locale, site: Arc<SiteInfo>) -> impl IntoView {
    let number = |label: &'static str, number: String| {
        let href = format!("tel:{}", number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
        view! { <span class="portico-telephone">{label}": "<a href=href>{number}</a></span>" " }
    };
    view! {
        <p>
            {number(text!(locale, common.telephone), site.telephone.clone())}
            {site.tty.clone().map(|tty| number(text!(locale, common.tty), tty))}
        </p>
    }
}
