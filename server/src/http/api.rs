//! JSON for machines: tokens, and case events coming in.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Form, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::TimeDelta;
use domain::api_client::TOKEN_SECONDS;
use domain::case_feed::Source;
use domain::{Actor, Error};
use serde::Deserialize;
use serde_json::json;

use super::App;

/// Most bytes of case events in one request.
const LARGEST_FEED: usize = 8 * 1024 * 1024;

pub fn routes(app: &App) -> Router {
    Router::new()
        .route("/oauth/accesstoken", post(access_token).layer(DefaultBodyLimit::max(16 * 1024)))
        .route("/api/v1/case-events", post(case_events).layer(DefaultBodyLimit::max(LARGEST_FEED)))
        .with_state(app.clone())
}

/// An answer other than success: a code and a sentence, never data.
struct Problem(StatusCode, &'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Json(json!({ "code": self.0.as_u16(), "message": self.1 }));
        let mut response = (self.0, body).into_response();
        if self.0 == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused => Self(StatusCode::FORBIDDEN, "This client may not do this"),
            Error::Unavailable => Self(StatusCode::SERVICE_UNAVAILABLE, "The service is not available right now. Try again later"),
            Error::Internal | Error::Unusable(_) => Self(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
        }
    }
}

#[derive(Deserialize)]
struct TokenRequest {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
}

/// The answer has the shape that clients of the agency's present API know: numbers are texts.
async fn access_token(
    State(app): State<App>,
    form: Result<Form<TokenRequest>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    let Ok(Form(request)) = form else {
        return Err(Problem(StatusCode::BAD_REQUEST, "Send grant_type, client_id and client_secret as a form"));
    };
    if request.grant_type != "client_credentials" {
        return Err(Problem(StatusCode::BAD_REQUEST, "grant_type must be client_credentials"));
    }
    let ctx = &app.portal.domain;
    let Some(token) = domain::api_client::issue_token(ctx, &request.client_id, &request.client_secret).await? else {
        return Err(Problem(StatusCode::UNAUTHORIZED, "Invalid client credentials"));
    };
    let answer = json!({
        "refresh_token_expires_in": "0",
        "api_product_list": "[Portico]",
        "organization_name": "portico",
        "token_type": "Bearer",
        "issued_at": ctx.now().timestamp_millis().to_string(),
        "access_token": token.expose(),
        "scope": "",
        "expires_in": TOKEN_SECONDS.to_string(),
        "status": "approved",
    });
    Ok(Json(answer).into_response())
}

/// The client behind the bearer token of a request.
struct Caller(Actor);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let unknown = Problem(StatusCode::UNAUTHORIZED, "Invalid Access Token");
        let Some(value) = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
            return Err(unknown);
        };
        let Some((_, token)) = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
            return Err(unknown);
        };
        domain::api_client::authenticate(&app.portal.domain, token.trim()).await?.map(Self).ok_or(unknown)
    }
}

async fn case_events(
    State(app): State<App>,
    Caller(actor): Caller,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Problem> {
    let Ok(body) = body else { return Err(Problem(StatusCode::PAYLOAD_TOO_LARGE, "Send at most 8 MiB of events in one request")) };
    let quarantine = TimeDelta::days(app.settings.quarantine_days.get().into());
    let source = Source { name: "api", quarantine };
    let summary = domain::case_feed::import(&app.portal.domain, actor, source, body.as_ref(), |_, _| {}).await?;
    Ok(Json(summary).into_response())
}
