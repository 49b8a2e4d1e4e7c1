//! The public service report as JSON and CSV. Open to everybody; nobody is in it, and what is hidden is not here either.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::office::name as office_name;
use domain::report::{Announced, published, published_months};
use serde::Serialize;
use shared::office::OfficeCode;
use shared::report::{Line, Month};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::api::{AtAnyTime, Problem, ProblemBody};

/// What was published never changes; which months there are does once a month.
const FOR_A_DAY: &str = "public, max-age=86400";
const FOR_AN_HOUR: &str = "public, max-age=3600";

const UNKNOWN: &str = "There is no published report for this month. A month is written as 2026-03";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_months)).routes(routes!(month_report)).routes(routes!(month_table))
}

/// What an operation answers that asks for a month.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "utoipa reads the variants, nobody makes one")]
enum OfMonth {
    /// Nothing is published of this month.
    #[response(status = 404, example = json!({ "code": 404, "message": UNKNOWN }))]
    Unknown(ProblemBody),
}

#[derive(Serialize, ToSchema)]
struct ReportMonths {
    /// The newest first.
    #[schema(example = json!(["2026-02", "2026-01"]))]
    months: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct ReportOfMonth {
    #[schema(example = "2026-02")]
    month: String,
    /// The day on which it was made. It never changes after.
    #[schema(example = "2026-03-02")]
    made_on: String,
    /// Numbers from 1 to below it are not shown; how many are open is rounded down to a multiple of it.
    #[schema(example = 10)]
    threshold: u32,
    lines: Vec<ReportLine>,
}

/// A number that is null is not shown.
#[derive(Serialize, ToSchema)]
struct ReportLine {
    /// Null for all offices together.
    office_code: Option<String>,
    office_name: Option<String>,
    /// Null for all types together.
    request_type: Option<&'static str>,
    received: Option<u64>,
    answered: Option<u64>,
    /// Days within which half of the answers came.
    half_answered_within_days: Option<u16>,
    /// Days within which nine in ten answers came.
    nine_in_ten_answered_within_days: Option<u16>,
    /// At the end of the month, rounded down.
    open_at_least: Option<u64>,
    reopened: Option<u64>,
}

/// List the months of the service report.
#[utoipa::path(
    get,
    path = "/service-report/api/reports",
    tag = "Service report",
    operation_id = "listReports",
    responses(
        (
            status = 200,
            description = "The months, the newest first.",
            body = ReportMonths,
            example = json!({ "months": ["2026-02", "2026-01"] })
        ),
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Ver los meses del informe de servicio.")))
)]
async fn list_months(State(app): State<App>) -> Result<Response, Problem> {
    let months = published_months(&app.portal.domain).await?.into_iter().map(|month| month.to_string()).collect();
    Ok(([(header::CACHE_CONTROL, FOR_AN_HOUR)], Json(ReportMonths { months })).into_response())
}

/// Read the service report of a month.
///
/// All requests first, then by type, then by office, then by type at each office.
#[utoipa::path(
    get,
    path = "/service-report/api/reports/{month}",
    tag = "Service report",
    operation_id = "readReport",
    params(("month" = String, Path, description = "A month.", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-02")),
    responses(
        (
            status = 200,
            description = "The report.",
            body = ReportOfMonth,
            example = json!({ "month": "2026-02", "made_on": "2026-03-02", "threshold": 10, "lines": [{
                "office_code": null, "office_name": null, "request_type": null, "received": 1204, "answered": 1180,
                "half_answered_within_days": 14, "nine_in_ten_answered_within_days": 27, "open_at_least": 890, "reopened": 12
            }] })
        ),
        OfMonth,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer el informe de servicio de un mes.")))
)]
async fn month_report(State(app): State<App>, path: Result<Path<String>, PathRejection>) -> Result<Response, Problem> {
    let announced = find(&app, path).await?;
    let report = &announced.report;
    let body = ReportOfMonth {
        month: report.month.to_string(),
        made_on: report.made_on.to_string(),
        threshold: report.threshold,
        lines: report.lines.iter().map(|line| line_of(&app, line)).collect(),
    };
    Ok(([(header::CACHE_CONTROL, FOR_A_DAY)], Json(body)).into_response())
}

/// Read the service report of a month as a table.
///
/// The same lines as comma-separated values, with a head. What is not shown is empty.
#[utoipa::path(
    get,
    path = "/service-report/api/reports/{month}/csv",
    tag = "Service report",
    operation_id = "readReportTable",
    params(("month" = String, Path, description = "A month.", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-02")),
    responses(
        (
            status = 200,
            description = "The report.",
            body = String,
            content_type = "text/csv",
            example = "month,office_code,office_name,request_type,received,answered,half_answered_within_days,nine_in_ten_answered_within_days,open_at_least,reopened\r\n2026-02,,,,1204,1180,14,27,890,12\r\n"
        ),
        OfMonth,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer el informe de servicio de un mes como tabla.")))
)]
async fn month_table(State(app): State<App>, path: Result<Path<String>, PathRejection>) -> Result<Response, Problem> {
    let announced = find(&app, path).await?;
    let month = announced.report.month;
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"service-report-{month}.csv\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_DAY)),
    ];
    Ok((headers, csv(&app, &announced)).into_response())
}

async fn find(app: &App, path: Result<Path<String>, PathRejection>) -> Result<Announced, Problem> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, UNKNOWN);
    let Path(month) = path.map_err(|_| unknown())?;
    let month: Month = month.parse().map_err(|_| unknown())?;
    published(&app.portal.domain, month).await?.ok_or_else(unknown)
}

fn line_of(app: &App, line: &Line) -> ReportLine {
    let name =
        |code: &String| OfficeCode::parse(code).map_or_else(|_| code.clone(), |office| office_name(&app.portal.domain, &office));
    ReportLine {
        office_code: line.office.clone(),
        office_name: line.office.as_ref().map(name),
        request_type: line.kind.map(shared::service_request::RequestKind::key),
        received: line.received,
        answered: line.answered,
        half_answered_within_days: line.half_days,
        nine_in_ten_answered_within_days: line.nine_in_ten_days,
        open_at_least: line.open,
        reopened: line.reopened,
    }
}

fn csv(app: &App, announced: &Announced) -> String {
    let report = &announced.report;
    let mut table = String::from(
        "month,office_code,office_name,request_type,received,answered,half_answered_within_days,nine_in_ten_answered_within_days,\
         open_at_least,reopened\r\n",
    );
    for line in &report.lines {
        let ReportLine { office_code, office_name, request_type, .. } = line_of(app, line);
        let words = [Some(report.month.to_string()), office_code, office_name, request_type.map(str::to_owned)];
        let numbers = [
            line.received,
            line.answered,
            line.half_days.map(u64::from),
            line.nine_in_ten_days.map(u64::from),
            line.open,
            line.reopened,
        ];
        let words = words.into_iter().map(|word| quoted(&super::sheet::plain(&word.unwrap_or_default())));
        let numbers = numbers.into_iter().map(|number| number.map_or_else(String::new, |number| number.to_string()));
        // Writing into a string does not fail.
        let _ = write!(table, "{}\r\n", words.chain(numbers).collect::<Vec<_>>().join(","));
    }
    table
}

fn quoted(word: &str) -> String {
    if word.contains([',', '"', '\r', '\n']) { format!("\"{}\"", word.replace('"', "\"\"")) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_with_a_comma_is_one_value() {
        assert_eq!(quoted("Newark"), "Newark");
        assert_eq!(quoted("Newark, \"NJ\""), "\"Newark, \"\"NJ\"\"\"");
    }
}
