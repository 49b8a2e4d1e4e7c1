//! `GET /case-status/{receipt}`: the status of a case, for machines with credentials. Names and formats are those of the API
//! that the agency's clients know; a hidden case is a 404 like a number that nobody has.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Context;
use domain::api_client::Standing;
use domain::case_status::{Asked, CaseStatus, ask_as_machine, view};
use serde::Serialize;
use shared::case_status::CaseStatusView;
use shared::locale::Locale;
use utoipa::ToSchema;

use super::{AtAnyTime, Caller, Problem, ProblemBody, WithToken};
use crate::http::App;

/// How the API writes instants: the agency's time.
const INSTANT: &str = "%m-%d-%Y %H:%M:%S";
/// Numbers of cases that were filed online; their instants have no meaning outside, and are left out.
const ONLINE: &str = "IOE";

#[derive(Serialize, ToSchema)]
#[schema(as = CaseStatusAnswer)]
pub struct CaseStatusAnswer {
    case_status: Status,
    message: String,
}

/// Where a case stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaseStatus)]
struct Status {
    receipt_number: String,
    form_type: String,
    /// The oldest public event, on the agency's clock, month first. Left out for numbers that begin with `IOE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = r"^\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2}$")]
    submitted_date: Option<String>,
    /// The newest public event, mail included, in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, pattern = r"^\d{2}-\d{2}-\d{4} \d{2}:\d{2}:\d{2}$")]
    modified_date: Option<String>,
    /// The status.
    #[serde(rename = "current_case_status_text_en")]
    text_en: String,
    /// What it means and what happens next.
    #[serde(rename = "current_case_status_desc_en")]
    desc_en: String,
    #[serde(rename = "current_case_status_text_es")]
    text_es: String,
    #[serde(rename = "current_case_status_desc_es")]
    desc_es: String,
    /// What came before, the newest first; null if nothing did.
    #[serde(rename = "hist_case_status")]
    #[schema(required = true)]
    earlier: Option<Vec<Completed>>,
}

/// A status that a case had before.
#[derive(Serialize, ToSchema)]
#[schema(as = EarlierStatus)]
struct Completed {
    /// `2023-09-05`
    #[schema(format = Date)]
    date: String,
    #[serde(rename = "completed_text_en")]
    text_en: String,
    #[serde(rename = "completed_text_es")]
    text_es: String,
}

/// Read the status of a case.
///
/// A hidden case is answered as a number that nobody has. Each request with a good token and the right scope uses up one of the
/// client's requests of the day, whatever is found. A number that nobody has counts as a miss; too many of them in an hour get 429.
#[utoipa::path(
    get,
    path = "/case-status/{receipt}",
    tag = "Case Status API",
    operation_id = "readCaseStatus",
    security(("caseStatus" = ["case-status"])),
    params((
        "receipt" = String,
        Path,
        description = "Receipt number: three letters and ten digits. Small letters, spaces and dashes are understood, too.",
        pattern = "^[A-Z]{3}[0-9*][0-9]{9}$",
        example = "EAC9999103403"
    )),
    responses(
        (
            status = 200,
            description = "The status in both languages, and what came before.",
            body = CaseStatusAnswer,
            headers(
                ("X-RateLimit-Limit" = u32, description = "Requests in a day."),
                ("X-RateLimit-Remaining" = u32, description = "Requests of the day that are left, as far as this server knows."),
                ("X-RateLimit-Reset" = i64, description = "When the day ends, in seconds since 1970.")
            ),
            example = json!({
                "case_status": {
                    "receiptNumber": "EAC9999103403",
                    "formType": "I-130",
                    "submittedDate": "10-08-2025 12:46:54",
                    "modifiedDate": "11-10-2026 13:49:04",
                    "current_case_status_text_en": "Case Was Approved",
                    "current_case_status_desc_en": "On November 10, 2026, we approved your Form I-130, ...",
                    "current_case_status_text_es": "Su caso fue aprobado",
                    "current_case_status_desc_es": "El 10 de noviembre de 2026, aprobamos su Formulario I-130, ...",
                    "hist_case_status": [{
                        "date": "2025-10-08",
                        "completed_text_en": "Case Was Received",
                        "completed_text_es": "Su caso fue recibido"
                    }]
                },
                "message": "Query was successful for payload {'receipt_number': 'EAC9999103403'}"
            })
        ),
        (
            status = 404,
            description = "Nobody has this number, or nothing may be said about its case. Check the number.",
            body = ProblemBody,
            headers(("X-RateLimit-Limit" = u32), ("X-RateLimit-Remaining" = u32), ("X-RateLimit-Reset" = i64)),
            example = json!({ "code": 404, "message": "Case Status Online does not recognize the receipt number entered. ..." })
        ),
        (
            status = 422,
            description = "This is no receipt number.",
            body = ProblemBody,
            headers(("X-RateLimit-Limit" = u32), ("X-RateLimit-Remaining" = u32), ("X-RateLimit-Reset" = i64)),
            example = json!({ "code": 422, "message": MISTYPED })
        ),
        WithToken,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer el estatus de un caso.")))
)]
pub async fn case_status(
    State(app): State<App>,
    Caller(client): Caller,
    receipt: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let ctx = &app.portal.domain;
    let typed = receipt.map_or_else(|_| "?".to_owned(), |Path(receipt)| receipt);
    let (asked, standing) = ask_as_machine(ctx, client, &typed).await?;
    let response = match asked {
        Asked::Shown(case) => Json(answer(ctx, &case)).into_response(),
        Asked::NotRecognised => Problem::new(StatusCode::NOT_FOUND, not_recognised(&app)).into_response(),
        Asked::Mistyped(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, MISTYPED).into_response(),
        Asked::TooMany(refused) => Problem::too_many(refused).into_response(),
    };
    Ok((standing.map(headers), response).into_response())
}

const MISTYPED: &str = "The application receipt number is not formatted correctly, It should be total of 13 characters \
                        (3 character prefix followed by 10 digits). Please check your receipt number and try again.";

fn not_recognised(app: &App) -> String {
    let site = &app.portal.site;
    format!(
        "Case Status Online does not recognize the receipt number entered. Please check your receipt number and try again. \
         If you need further assistance, please call {} at {}.",
        site.agency_en, site.telephone
    )
}

fn headers(standing: Standing) -> [(HeaderName, String); 3] {
    [
        (HeaderName::from_static("x-ratelimit-limit"), standing.per_day.to_string()),
        (HeaderName::from_static("x-ratelimit-remaining"), standing.left.to_string()),
        (HeaderName::from_static("x-ratelimit-reset"), standing.resets_at.timestamp().to_string()),
    ]
}

fn answer(ctx: &Context, case: &CaseStatus) -> CaseStatusAnswer {
    let [english, spanish] = [Locale::En, Locale::Es].map(|locale| view(ctx, case, locale));
    let number = english.receipt_number.clone();
    let is_online = number.starts_with(ONLINE);
    let instant = |at: chrono::NaiveDateTime| (!is_online).then(|| at.format(INSTANT).to_string());
    let completed: Vec<Completed> = completed(&english, &spanish).collect();
    CaseStatusAnswer {
        message: format!("Query was successful for payload {{'receipt_number': '{number}'}}"),
        case_status: Status {
            receipt_number: number,
            form_type: english.form.clone(),
            submitted_date: instant(case.submitted_at(ctx)),
            modified_date: instant(case.modified_at(ctx)),
            desc_en: english.full_description(),
            text_en: english.title,
            desc_es: spanish.full_description(),
            text_es: spanish.title,
            earlier: (!completed.is_empty()).then_some(completed),
        },
    }
}

/// Both languages hold the same entries; the newest is the current status.
fn completed(english: &CaseStatusView, spanish: &CaseStatusView) -> impl Iterator<Item = Completed> {
    english.history.iter().zip(&spanish.history).skip(1).map(|(en, es)| Completed {
        date: en.day.iso.clone(),
        text_en: en.title.clone(),
        text_es: es.title.clone(),
    })
}
