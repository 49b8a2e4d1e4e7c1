//! JSON for machines with credentials: tokens, case events coming in, the status of cases, subscriptions to
//! changes.

mod case_events;
mod case_status;
mod subscriptions;
mod token;

use std::borrow::Cow;

use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::Error;
use domain::api_client::Authenticated;
use domain::case_status::limits::TooMany;
use serde_json::json;

use super::App;

/// Most bytes of case events in one request.
const LARGEST_FEED: usize = 8 * 1024 * 1024;

pub fn routes(app: &App) -> Router {
    Router::new()
        .route("/oauth/accesstoken", post(token::access_token).layer(DefaultBodyLimit::max(16 * 1024)))
        .route("/api/v1/case-events", post(case_events::case_events).layer(DefaultBodyLimit::max(LARGEST_FEED)))
        .route(
            "/api/v1/subscriptions",
            get(subscriptions::list).post(subscriptions::add).delete(subscriptions::remove).layer(DefaultBodyLimit::max(16 * 1024)),
        )
        .route("/case-status/{receipt}", get(case_status::case_status))
        .with_state(app.clone())
}

/// An answer other than success: a code and a sentence, never data.
pub struct Problem {
    status: StatusCode,
    message: Cow<'static, str>,
    retry_after_seconds: Option<u32>,
    oauth_error: Option<&'static str>,
}

impl Problem {
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into(), retry_after_seconds: None, oauth_error: None }
    }

    /// More requests than the client may send, now or today.
    pub fn too_many(TooMany { retry_after_seconds }: TooMany) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "Spike Arrest Violation");
        Self { retry_after_seconds: Some(retry_after_seconds), ..problem }
    }

    /// A refused token, with the word that libraries of OAuth 2.0 look for (RFC 6749, section 5.2).
    pub fn of_token(status: StatusCode, error: &'static str, message: &'static str) -> Self {
        Self { oauth_error: Some(error), ..Self::new(status, message) }
    }

    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The service is unavailable at this time. Please try again later.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let code = self.status.as_u16();
        // This one has an envelope of its own in the API that clients know.
        let mut body = if self.status == StatusCode::SERVICE_UNAVAILABLE {
            json!({ "error": { "code": code.to_string(), "message": self.message } })
        } else {
            json!({ "code": code, "message": self.message })
        };
        if let Some(error) = self.oauth_error {
            body["error"] = error.into();
        }
        let retry_after = self.retry_after_seconds.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
        let scheme = if self.oauth_error.is_some() { "Basic realm=\"token\"" } else { "Bearer" };
        let authenticate = (self.status == StatusCode::UNAUTHORIZED).then_some([(header::WWW_AUTHENTICATE, scheme)]);
        (self.status, authenticate, retry_after, Json(body)).into_response()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused => Self::new(StatusCode::FORBIDDEN, "This client may not do this"),
            Error::Unavailable => Self::unavailable(),
            Error::Internal | Error::Unusable(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
        }
    }
}

/// The client behind the bearer token of a request.
struct Caller(Authenticated);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let unknown = || Problem::new(StatusCode::UNAUTHORIZED, "Invalid Access Token");
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(unknown)?;
        let (_, token) = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or_else(unknown)?;
        domain::api_client::authenticate(&app.portal.domain, token.trim()).await?.map(Self).ok_or_else(unknown)
    }
}
