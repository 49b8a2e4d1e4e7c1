//! The confirmation of a request as PDF.

use app::portal::e_request::{CONFIRMATION, confirmation};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shared::locale::Locale;

use super::App;

/// The document in both languages.
pub fn routes(app: &App) -> Router {
    let paths = Locale::ALL.map(|locale| locale.path(CONFIRMATION));
    paths.iter().fold(Router::new(), |router, path| router.route(path, get(document))).with_state(app.clone())
}

async fn document(State(app): State<App>, request: Request) -> Response {
    let locale = Locale::of_path(request.uri().path());
    let letter = match confirmation(&app.portal, request.extensions(), locale).await {
        Ok(Some(letter)) => letter,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    match app.letters.pdf(&letter).await {
        Ok(pdf) => {
            let headers = [
                (CONTENT_TYPE, "application/pdf"),
                (CONTENT_DISPOSITION, "attachment; filename=\"confirmation.pdf\""),
                (CACHE_CONTROL, "no-store"),
            ];
            (headers, pdf).into_response()
        }
        Err(error) => {
            tracing::error!("a confirmation was not set: {error}");
            let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("120"));
            response
        }
    }
}
