//! Certificates of dispositions as files.

use std::sync::Arc;

use app::console::AtWork;
use app::console::site::DISPOSITIONS;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Error;
use domain::retention::certificate;
use uuid::Uuid;

use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new().route(&format!("{DISPOSITIONS}/{{disposition}}/certificate"), get(file)).with_state(app.clone())
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        Error::Refused | Error::StepUp => StatusCode::FORBIDDEN,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn file(State(app): State<App>, Path(disposition): Path<String>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    let id: Uuid = disposition.parse().unwrap_or_default();
    let found = match certificate(&app.console.domain, at_work.officer(), id).await {
        Ok(Some(found)) => found,
        Ok(None) => return error_pages::bare(StatusCode::NOT_FOUND),
        Err(error) => return failed(&error),
    };
    let name = format!("attachment; filename=\"certificate-{id}.json\"");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, found.document).into_response()
}
