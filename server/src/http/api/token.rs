//! `POST /oauth/accesstoken`: a token for credentials.

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::api_client::TOKEN_SECONDS;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AtAnyTime, Problem, ProblemBody};
use crate::http::App;

/// The client credentials grant of OAuth 2.0.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    #[serde(default)]
    #[schema(required = true, pattern = "^client_credentials$")]
    grant_type: String,
    /// Left out by whoever sends credentials as HTTP Basic.
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
}

/// A token. Numbers are texts, as clients of the agency's present API know them.
#[derive(Serialize, ToSchema)]
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

/// Get a token for credentials.
///
/// Id and secret stand in the form; as HTTP Basic (RFC 6749, section 2.3.1) they are accepted, too. The token is good for thirty
/// minutes.
#[utoipa::path(
    post,
    path = "/oauth/accesstoken",
    tag = "Tokens",
    operation_id = "getToken",
    security((), ("credentials" = [])),
    request_body(
        content = TokenRequest,
        content_type = "application/x-www-form-urlencoded",
        description = "The credentials that the operator gave out.",
        example = json!({ "grant_type": "client_credentials", "client_id": "YOUR-CLIENT-ID", "client_secret": "YOUR-CLIENT-SECRET" })
    ),
    responses(
        (
            status = 200,
            description = "A token. Send it as `Authorization: Bearer`.",
            body = TokenAnswer,
            example = json!({
                "refresh_token_expires_in": "0", "api_product_list": "[Portico]", "organization_name": "portico",
                "token_type": "Bearer", "issued_at": "1795324261328", "access_token": "...", "scope": "", "expires_in": "1800",
                "status": "approved"
            })
        ),
        (
            status = 400,
            description = "The body is no form of these fields, is longer than 16 KiB, or asks for another grant.",
            body = ProblemBody,
            example = json!({ "code": 400, "message": OTHER_GRANT, "error": "unsupported_grant_type" })
        ),
        (
            status = 401,
            description = "Unknown id, wrong secret, or a client that was ended: one answer for all.",
            body = ProblemBody,
            headers(("WWW-Authenticate" = String, description = "`Basic`")),
            example = json!({ "code": 401, "message": "Invalid client credentials", "error": "invalid_client" })
        ),
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Obtener un token con sus credenciales.")))
)]
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
        return Err(wrong(error, OTHER_GRANT));
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

const OTHER_GRANT: &str = "grant_type must be client_credentials";

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
}
