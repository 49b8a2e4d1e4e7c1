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

use super::{Caller, Problem};
use crate::http::App;

/// How the API writes instants: the agency's time.
const INSTANT: &str = "%m-%d-%Y %H:%M:%S";
/// Numbers of cases that were filed online; their instants have no meaning outside, and are left out.
const ONLINE: &str = "IOE";

#[derive(Serialize)]
pub struct CaseStatusAnswer {
    case_status: Status,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    receipt_number: String,
    form_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    submitted_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_date: Option<String>,
    #[serde(rename = "current_case_status_text_en")]
    text_en: String,
    #[serde(rename = "current_case_status_desc_en")]
    desc_en: String,
    #[serde(rename = "current_case_status_text_es")]
    text_es: String,
    #[serde(rename = "current_case_status_desc_es")]
    desc_es: String,
    /// What came before; null if nothing did.
    #[serde(rename = "hist_case_status")]
    earlier: Option<Vec<Completed>>,
}

#[derive(Serialize)]
struct Completed {
    /// `2023-09-05`
    date: String,
    #[serde(rename = "completed_text_en")]
    text_en: String,
    #[serde(rename = "completed_text_es")]
    text_es: String,
}

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
