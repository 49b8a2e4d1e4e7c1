//! JSON for machines with credentials: tokens, case events coming in, the status of cases, subscriptions to
//! changes.

mod case_changes;
mod case_events;
mod case_status;
mod subscriptions;
mod token;

use std::borrow::Cow;

use axum::Json;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Error;
use domain::api_client::Authenticated;
use domain::case_status::limits::TooMany;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::App;

/// Most bytes of case events in one request.
const LARGEST_FEED: usize = 8 * 1024 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    let small = DefaultBodyLimit::max(16 * 1024);
    OpenApiRouter::new()
        .routes(routes!(token::access_token).layer(small))
        .routes(routes!(case_events::case_events).layer(DefaultBodyLimit::max(LARGEST_FEED)))
        .routes(routes!(case_changes::fetch))
        .routes(routes!(subscriptions::list, subscriptions::add).layer(small))
        .routes(routes!(subscriptions::remove))
        .routes(routes!(case_status::case_status))
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
        Self { retry_after_seconds: Some(retry_after_seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, TOO_MANY) }
    }

    /// A refused token, with the word that libraries of OAuth 2.0 look for (RFC 6749, section 5.2).
    pub fn of_token(status: StatusCode, error: &'static str, message: &'static str) -> Self {
        Self { oauth_error: Some(error), ..Self::new(status, message) }
    }

    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The service is unavailable at this time. Please try again later.")
    }

    /// An error that a layer has given a status only.
    pub fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::new(status, "There is nothing at this address"),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(status, "Use one of the methods that the header Allow names"),
            StatusCode::TOO_MANY_REQUESTS => Self::new(status, TOO_MANY),
            StatusCode::INTERNAL_SERVER_ERROR => Self::new(status, FAILED),
            StatusCode::SERVICE_UNAVAILABLE => Self::unavailable(),
            _ => Self::new(status, status.canonical_reason().unwrap_or_default()),
        }
    }
}

const TOO_MANY: &str = "Spike Arrest Violation";
const FAILED: &str = "Something went wrong";

/// An error: a code and a sentence.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// The status of the answer.
    code: u16,
    message: Cow<'static, str>,
    /// Of a refused token only (RFC 6749, section 5.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<&'static str>,
}

/// Closed, or the database is away: this error has an envelope of its own in the API that clients know.
#[derive(Serialize, ToSchema)]
#[schema(as = Unavailable)]
pub struct UnavailableBody {
    #[schema(inline)]
    error: UnavailableError,
}

#[derive(Serialize, ToSchema)]
struct UnavailableError {
    /// `503`, as a text.
    code: String,
    message: Cow<'static, str>,
}

/// What any operation may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "utoipa reads the variants, nobody makes one")]
pub enum AtAnyTime {
    /// Too many requests. Wait as long as `Retry-After` says.
    #[response(
        status = 429,
        headers(("Retry-After" = u32, description = "Seconds to wait.")),
        example = json!({ "code": 429, "message": TOO_MANY })
    )]
    TooMany(ProblemBody),
    /// Something went wrong. Tell the operator the header `x-request-id` of the answer.
    #[response(status = 500, example = json!({ "code": 500, "message": FAILED }))]
    Failed(ProblemBody),
    /// The service is closed, or its database is away. Try again later.
    #[response(
        status = 503,
        example = json!({ "error": { "code": "503", "message": "The service is unavailable at this time. Please try again later." } })
    )]
    Unavailable(UnavailableBody),
}

/// What an operation that wants a token may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "utoipa reads the variants, nobody makes one")]
pub enum WithToken {
    /// There is no token, or it is wrong, has expired or was ended. Get a new one.
    #[response(
        status = 401,
        headers(("WWW-Authenticate" = String, description = "`Bearer`")),
        example = json!({ "code": 401, "message": "Invalid Access Token" })
    )]
    Unknown(ProblemBody),
    /// The client has another scope.
    #[response(status = 403, example = json!({ "code": 403, "message": "This client may not do this" }))]
    Refused(ProblemBody),
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (code, message) = (self.status.as_u16(), self.message);
        let body = if self.status == StatusCode::SERVICE_UNAVAILABLE {
            Json(UnavailableBody { error: UnavailableError { code: code.to_string(), message } }).into_response()
        } else {
            Json(ProblemBody { code, message, error: self.oauth_error }).into_response()
        };
        let retry_after = self.retry_after_seconds.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
        let scheme = if self.oauth_error.is_some() { "Basic realm=\"token\"" } else { "Bearer" };
        let authenticate = (self.status == StatusCode::UNAUTHORIZED).then_some([(header::WWW_AUTHENTICATE, scheme)]);
        (self.status, authenticate, retry_after, body).into_response()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused | Error::StepUp => Self::new(StatusCode::FORBIDDEN, "This client may not do this"),
            Error::Unavailable => Self::unavailable(),
            Error::Internal | Error::Unusable(_) => Self::of(StatusCode::INTERNAL_SERVER_ERROR),
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
