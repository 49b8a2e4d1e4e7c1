//! Figures and lists as files, for officers who may take them out of the console. The form stands on the page of exports.

use std::sync::Arc;

use app::console::AtWork;
use app::console::report::{Wanted, export_page};
use app::console::site::{AGAIN, EXPORT_FILE, leading_on};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, body::to_bytes};
use domain::Error;
use domain::report::{Export, Exported, Format};

use super::{App, error_pages, sheet};

/// Longest form: a few words.
const LONGEST_FORM: usize = 8 << 10;

/// For who signed in: the layer of the console stands before it, and has looked at the form's token.
pub fn routes(app: &App) -> Router {
    Router::new().route(EXPORT_FILE, post(export)).with_state(app.clone())
}

async fn export(State(app): State<App>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    let Ok(form) = to_bytes(asked.into_body(), LONGEST_FORM).await else { return error_pages::bare(StatusCode::BAD_REQUEST) };
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&form).unwrap_or_default();
    let Some((wanted, reason, format)) = Wanted::of_form(&pairs) else {
        return to_page(&export_page(&pairs, Some("incomplete")));
    };
    match wanted.export(&app.console.domain, at_work.officer(), reason, format).await {
        Ok(Exported::Taken(export)) => download(&export, format),
        Ok(Exported::TooMany) => to_page(&export_page(&pairs, Some("too_many"))),
        Err(Error::StepUp) => to_page(&leading_on(AGAIN, Some(&export_page(&pairs, None)))),
        Err(Error::Refused) => error_pages::bare(StatusCode::FORBIDDEN),
        Err(Error::Unavailable) => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
        Err(Error::Internal | Error::Unusable(_)) => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn to_page(page: &str) -> Response {
    let Ok(page) = HeaderValue::try_from(page) else { return error_pages::bare(StatusCode::BAD_REQUEST) };
    (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response()
}

fn download(export: &Export, format: Format) -> Response {
    let Some(file) = sheet::file(export, format) else { return error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR) };
    let disposition = format!("attachment; filename=\"{}.{}\"", export.name, format.key());
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(sheet::media_type(format))),
        (CONTENT_DISPOSITION, HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, file).into_response()
}
