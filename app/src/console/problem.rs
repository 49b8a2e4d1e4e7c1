//! What stands in place of what could not be read.

use axum::http::StatusCode;
use domain::Error;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

#[component]
pub fn Problem(error: Error) -> impl IntoView {
    let (status, words) = match error {
        Error::Refused => (StatusCode::FORBIDDEN, "Your roles do not allow this. An administrator can grant a role."),
        Error::StepUp => (StatusCode::FORBIDDEN, "This needs a fresh second factor. Show it once more, and come back."),
        Error::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer. Try again in a minute."),
        Error::Internal | Error::Unusable(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong here. Try again; if it stays so, tell the operator when it was.",
        ),
    };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
    view! { <div class="usa-alert usa-alert--error" role="alert"><p class="usa-alert__text">{words}</p></div> }
}
