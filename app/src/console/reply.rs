//! How the console's server functions begin and end.

use axum::http::StatusCode;
use axum::http::header::REFERER;
use axum::http::request::Parts;
use leptos::prelude::*;
use shared::locale::Locale;

use super::context::AtWork;
use super::site::{AGAIN, leading_on, way_back};
use crate::reply::Reply;

/// A reply, and who asks. Nobody else than who signed in comes by the session's layer.
pub fn at_work() -> Result<(Reply, AtWork), ServerFnError> {
    let reply = Reply::begin(Locale::En);
    match AtWork::current() {
        Some(at_work) => Ok((reply, at_work)),
        None => Err(reply.failed(StatusCode::FORBIDDEN)),
    }
}

/// An operation could not be done; the error's text says nothing of what was asked. Where a fresh second factor is missing, the
/// form is sent on to where it is shown, and from there back to its page.
pub fn failed(reply: Reply, error: &domain::Error) -> Result<(), ServerFnError> {
    let status = match error {
        domain::Error::StepUp => {
            reply.go_on_to(&leading_on(AGAIN, came_from().as_deref()));
            return Ok(());
        }
        domain::Error::Refused => StatusCode::FORBIDDEN,
        domain::Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        domain::Error::Internal | domain::Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Err(reply.failed(status))
}

/// The page of the console on which a form stood, as the browser says.
pub fn came_from() -> Option<String> {
    let referer = with_context(|parts: &Parts| parts.headers.get(REFERER)?.to_str().ok().map(str::to_owned))??;
    let uri: axum::http::Uri = referer.parse().ok()?;
    way_back(uri.path_and_query()?.as_str()).map(str::to_owned)
}
