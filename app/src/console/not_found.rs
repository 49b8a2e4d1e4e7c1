//! The answer to a path that leads nowhere.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::layout::Layout;
use super::site;

#[component]
pub fn NotFound() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <Layout title="There is nothing at this address">
            <p>"The link may be old, or the address mistyped. "<a href=site::HOME>"Go to the first page"</a>"."</p>
        </Layout>
    }
}
