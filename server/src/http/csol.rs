//! The JSON of the agency's own status page, which many programs read: a ticket, then look-ups in both languages. Open to
//! everybody, within the limits of the portal; a hidden case is not valid, like a number that nobody has.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::case_status::{Asked, CaseStatus, ask, echo, issue_ticket, ticket_admits, view};
use domain::{ClientIp, Context};
use serde::Serialize;
use shared::locale::Locale;
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(ui_auth)).routes(routes!(case_status))
}

/// What any operation here may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "utoipa reads the variants, nobody makes one")]
enum AtAnyTime {
    /// Too many look-ups, or too many requests. Wait as long as `Retry-After` says.
    #[response(
        status = 429,
        headers(("Retry-After" = u32, description = "Seconds to wait.")),
        example = json!({ "error": "Too Many Requests" })
    )]
    TooMany(Refusal),
    /// Something went wrong. Tell the operator the header `x-request-id` of the answer.
    #[response(status = 500, example = json!({ "error": "Internal Server Error" }))]
    Failed(Refusal),
    /// The service is closed, or its database is away. Try again later.
    #[response(status = 503, example = json!({ "error": "Service Unavailable" }))]
    Unavailable(Refusal),
}

#[derive(Serialize, ToSchema)]
struct TicketAnswer {
    #[serde(rename = "JwtResponse")]
    response: TicketResponse,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TicketResponse {
    access_token: String,
}

/// Get a ticket.
///
/// It is good for fifteen minutes, and from the address that asked for it.
#[utoipa::path(
    get,
    path = "/csol-api/ui-auth",
    tag = "Status page",
    operation_id = "getTicket",
    responses(
        (
            status = 200,
            description = "A ticket. Send it as `Authorization: Bearer`.",
            body = TicketAnswer,
            example = json!({ "JwtResponse": { "accessToken": "..." } })
        ),
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Obtener un pase.")))
)]
async fn ui_auth(State(app): State<App>, Extension(client): Extension<ClientIp>) -> Json<TicketAnswer> {
    let access_token = issue_ticket(&app.portal.domain, client);
    Json(TicketAnswer { response: TicketResponse { access_token } })
}

#[derive(Serialize, ToSchema)]
#[schema(as = PageStatusAnswer)]
struct CaseStatusAnswer {
    #[serde(rename = "CaseStatusResponse")]
    response: CaseStatusResponse,
}

/// Where a case stands, in both languages; without details for a number of which nothing is shown.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PageStatus)]
struct CaseStatusResponse {
    /// The number of the case; where nothing is shown, what was sent, at most 64 characters of it.
    #[schema(max_length = 64)]
    receipt_number: String,
    is_valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    details_eng: Option<Details>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    details_es: Option<Details>,
}

/// A case in one language.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PageStatusDetails)]
struct Details {
    form_num: String,
    form_title: String,
    /// The status.
    action_code_text: String,
    /// What it means and what happens next.
    action_code_desc: String,
    empty: bool,
}

/// Read the status of a case, with a ticket.
///
/// Look-ups count together with those of the status page, for each address. Whoever needs more asks for credentials.
#[utoipa::path(
    get,
    path = "/csol-api/case-statuses/{receipt}",
    tag = "Status page",
    operation_id = "readPageStatus",
    security(("ticket" = [])),
    params((
        "receipt" = String,
        Path,
        description = "Receipt number: three letters and ten digits. Small letters, spaces and dashes are understood, too.",
        example = "EAC9999103405"
    )),
    responses(
        (
            status = 200,
            description = "The status in both languages. `isValid` is false, without details, for a number that nobody has, for a case \
                           of which nothing may be said, and for a text that is no receipt number.",
            body = CaseStatusAnswer,
            example = json!({ "CaseStatusResponse": {
                "receiptNumber": "EAC9999103405",
                "isValid": true,
                "detailsEng": {
                    "formNum": "N-400",
                    "formTitle": "Application for Naturalization",
                    "actionCodeText": "Case Is Being Actively Reviewed By USCIS",
                    "actionCodeDesc": "On November 6, 2026, ...",
                    "empty": false
                },
                "detailsEs": {
                    "formNum": "N-400",
                    "formTitle": "Solicitud de Naturalización",
                    "actionCodeText": "Su caso está siendo revisado activamente por USCIS",
                    "actionCodeDesc": "El 6 de noviembre de 2026, ...",
                    "empty": false
                }
            } })
        ),
        (
            status = 401,
            description = "There is no ticket, or it is older than fifteen minutes or from another address. Get a new one.",
            body = Refusal,
            example = json!({ "error": "Unauthorized" })
        ),
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer el estatus de un caso, con un pase.")))
)]
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

/// An error: the name of its status.
#[derive(Serialize, ToSchema)]
#[schema(as = PageRefusal)]
struct Refusal {
    error: &'static str,
}

/// `{"error":"Unauthorized"}`
pub fn problem(status: StatusCode) -> Response {
    (status, Json(Refusal { error: status.canonical_reason().unwrap_or_default() })).into_response()
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
