//! The request that a page of its answer is about.

use axum::http::StatusCode;
use domain::Error;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

use crate::console::context::path;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::path_of;
use crate::console::site::REQUESTS;

/// The page of a request's answer.
pub fn answer_path(request: Uuid) -> String {
    format!("{}/answer", path_of(request))
}

/// What stands between the parts of an address.
pub fn segment(at: usize) -> Option<String> {
    path().split('/').nth(at).map(str::to_owned)
}

/// The request that the address names; what is no id is nobody's.
pub fn request_at_hand() -> Uuid {
    segment(3).and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// A page, or why there is none. Whether there is no such request or it is not for this officer is not told.
pub fn shown(found: Result<AnyView, Error>, title: &'static str) -> AnyView {
    match found {
        Ok(page) => page,
        Err(Error::Refused) => {
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(StatusCode::NOT_FOUND);
            }
            view! {
                <Layout title="There is nothing here">
                    <p>"There is no such request, or it is not with an office where you do this."</p>
                    <p><a href=REQUESTS>"Your lists"</a></p>
                </Layout>
            }
            .into_any()
        }
        Err(error) => view! { <Layout title><Problem error/></Layout> }.into_any(),
    }
}

/// The way back to the request.
pub fn back(request: Uuid, number: &str) -> AnyView {
    view! { <p class="console-back"><a href=path_of(request) data-key="u">"Request "{number.to_owned()}</a></p> }.into_any()
}

/// In place of the page, where the case is protected.
pub fn protected() -> AnyView {
    view! {
        <p>
            <strong>"This case is protected. "</strong>
            "It is not answered from this console: give it to whoever at your office answers for protected cases."
        </p>
    }
    .into_any()
}
