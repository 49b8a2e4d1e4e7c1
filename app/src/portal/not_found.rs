//! The answer to a path that leads nowhere.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use super::plain_page::{PlainPage, message};
use super::{Layout, use_locale, use_site};

#[component]
pub fn NotFound() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    let (locale, site) = (use_locale(), use_site());
    view! {
        <Title text=site.title(locale, PlainPage::NotFound.title(locale))/>
        <Layout locale site=site.clone() page="/">{message(PlainPage::NotFound, locale, &site)}</Layout>
    }
}
