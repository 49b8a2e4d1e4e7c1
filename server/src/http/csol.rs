//! The JSON of the agency's own status page, which many programs read: a ticket, then look-ups in both languages. Open to
//! everybody, within the limits of the portal; a hidden case is not valid, like a number that nobody has.

use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::case_status::{Asked, CaseStatus, ask, echo, issue_ticket, ticket_admits, view};
use domain::{ClientIp, Context};
use serde::Serialize;
use serde_json::json;
use shared::locale::Locale;

use super::App;

pub fn routes(app: &App) -> Router {
    Router::new()
        .route("/csol-api/ui-auth", get(ui_auth))
        .route("/csol-api/case-statuses/{receipt}", get(case_status))
        .with_state(app.clone())
}

async fn ui_auth(State(app): State<App>, Extension(client): Extension<ClientIp>) -> Response {
    let ticket = issue_ticket(&app.portal.domain, client);
    Json(json!({ "JwtResponse": { "accessToken": ticket } })).into_response()
}

#[derive(Serialize)]
struct CaseStatusAnswer {
    #[serde(rename = "CaseStatusResponse")]
    response: CaseStatusResponse,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CaseStatusResponse {
    receipt_number: String,
    is_valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    details_eng: Option<Details>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details_es: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    form_num: String,
    form_title: String,
    action_code_text: String,
    action_code_desc: String,
    empty: bool,
}

async fn case_status(
    State(app): State<App>,
    Extension(client): Extension<ClientIp>,
    headers: HeaderMap,
    receipt: Result<Path<String>, PathRejection>,
) -> Response {
    let ctx = &app.portal.domain;
    if !ticket(&headers).is_some_and(|ticket| ticket_admits(ctx, client, ticket)) {
        return problem(StatusCode::UNAUTHORIZED);
    }
    let typed = receipt.map_or_else(|_| "?".to_owned(), |Path(receipt)| receipt);
    match ask(ctx, client, &typed).await {
        Ok(Asked::Shown(case)) => Json(shown(ctx, &case)).into_response(),
        Ok(Asked::NotRecognised | Asked::Mistyped(_)) => Json(not_valid(&typed)).into_response(),
        Ok(Asked::TooMany(refused)) => {
            let wait = [(header::RETRY_AFTER, refused.retry_after_seconds.to_string())];
            (wait, problem(StatusCode::TOO_MANY_REQUESTS)).into_response()
        }
        Err(domain::Error::Unavailable) => problem(StatusCode::SERVICE_UNAVAILABLE),
        Err(_) => problem(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// `{"error":"Unauthorized"}`
fn problem(status: StatusCode) -> Response {
    (status, Json(json!({ "error": status.canonical_reason() }))).into_response()
}

/// Some callers send the ticket alone, without the word before it.
fn ticket(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    Some(match value.split_once(' ') {
        Some((scheme, ticket)) if scheme.eq_ignore_ascii_case("bearer") => ticket.trim(),
        _ => value,
    })
}

fn shown(ctx: &Context, case: &CaseStatus) -> CaseStatusAnswer {
    let details = |locale| {
        let view = view(ctx, case, locale);
        Details {
            action_code_desc: view.full_description(),
            form_title: view.form_name.unwrap_or_default(),
            form_num: view.form,
            action_code_text: view.title,
            empty: false,
        }
    };
    CaseStatusAnswer {
        response: CaseStatusResponse {
            receipt_number: case.receipt_number().as_str().to_owned(),
            is_valid: true,
            details_eng: Some(details(Locale::En)),
            details_es: Some(details(Locale::Es)),
        },
    }
}

fn not_valid(typed: &str) -> CaseStatusAnswer {
    CaseStatusAnswer {
        response: CaseStatusResponse { receipt_number: echo(typed), is_valid: false, details_eng: None, details_es: None },
    }
}
