//! The day from which one may ask, as a calendar file. The address holds that day and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::NaiveDate;
use shared::locale::Locale;

use crate::context::PortalContext;

/// The paths of [`routes`].
pub const PATHS: [&str; 2] = ["/ask-from.ics", "/es/ask-from.ics"];
const DAY: &str = "day=";

/// The file's address.
pub fn address(day: NaiveDate, locale: Locale) -> String {
    format!("{}?{DAY}{day}", locale.path(PATHS[0]))
}

/// The calendar file in both languages.
pub fn routes(portal: Arc<PortalContext>) -> Router {
    PATHS.iter().fold(Router::new(), |router, path| router.route(path, get(ask_from))).with_state(portal)
}

async fn ask_from(State(portal): State<Arc<PortalContext>>, uri: Uri) -> Response {
    let day = uri.query().and_then(|query| query.strip_prefix(DAY)).and_then(|day| day.parse::<NaiveDate>().ok());
    let Some(day) = day else { return StatusCode::NOT_FOUND.into_response() };
    let file = domain::processing_time::calendar_file(&portal.domain, day, Locale::of_path(uri.path()));
    let headers = [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"ask-from.ics\"")];
    (headers, file).into_response()
}
