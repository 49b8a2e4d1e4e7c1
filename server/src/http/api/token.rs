//! `POST /oauth/accesstoken`: a token for credentials.

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::api_client::TOKEN_SECONDS;
use serde::{Deserialize, Serialize};

use super::Problem;
use crate::http::App;

#[derive(Deserialize)]
pub struct TokenRequest {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
}

/// Numbers are texts, as clients of the agency's present API know them.
#[derive(Serialize)]
pub struct TokenAnswer {
    refresh_token_expires_in: &'static str,
    api_product_list: &'static str,
    organization_name: &'static str,
    token_type: &'static str,
    /// Milliseconds since 1970.
    issued_at: String,
    access_token: String,
    scope: &'static str,
    /// Seconds.
    expires_in: String,
    status: &'static str,
}

/// Credentials stand in the form; in the header (RFC 6749, section 2.3.1) they are accepted too.
pub async fn access_token(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Json<TokenAnswer>, Problem> {
    let wrong = |error, message| Problem::of_token(StatusCode::BAD_REQUEST, error, message);
    let Ok(Form(request)) = form else {
        return Err(wrong("invalid_request", "Send grant_type, client_id and client_secret as a form"));
    };
    if request.grant_type != "client_credentials" {
        let error = if request.grant_type.is_empty() { "invalid_request" } else { "unsupported_grant_type" };
        return Err(wrong(error, "grant_type must be client_credentials"));
    }
    let (id, secret) = basic(&headers).unwrap_or((request.client_id, request.client_secret));
    let ctx = &app.portal.domain;
    let Some(token) = domain::api_client::issue_token(ctx, &id, &secret).await? else {
        return Err(Problem::of_token(StatusCode::UNAUTHORIZED, "invalid_client", "Invalid client credentials"));
    };
    Ok(Json(TokenAnswer {
        refresh_token_expires_in: "0",
        api_product_list: "[Portico]",
        organization_name: "portico",
        token_type: "Bearer",
        issued_at: ctx.now().timestamp_millis().to_string(),
        access_token: token.expose().clone(),
        scope: "",
        expires_in: TOKEN_SECONDS.to_string(),
        status: "approved",
    }))
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
}
