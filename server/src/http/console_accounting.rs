//! The accounting of disclosures as a file: PDF, CSV or JSON. The form stands on the pages of the accounting.

use std::sync::Arc;

use app::console::AtWork;
use app::console::accounting::WantedAccounting;
use app::console::site::{ACCOUNTING, ACCOUNTING_FILE, AGAIN, leading_on};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, body::to_bytes};
use domain::Error;
use domain::disclosure::{AccountingFile, GivenOut, Taken};
use domain::report::Format;
use shared::letter::Letter;

use super::{App, error_pages, sheet};

/// Longest form: a few words.
const LONGEST_FORM: usize = 8 << 10;

/// For who signed in: the layer of the console stands before it, and has looked at the form's token.
pub fn routes(app: &App) -> Router {
    Router::new().route(ACCOUNTING_FILE, post(give_out)).with_state(app.clone())
}

async fn give_out(State(app): State<App>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    let Ok(form) = to_bytes(asked.into_body(), LONGEST_FORM).await else { return error_pages::bare(StatusCode::BAD_REQUEST) };
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&form).unwrap_or_default();
    let Some(wanted) = WantedAccounting::read(&pairs) else { return to_page(ACCOUNTING) };
    let Some(wish) = WantedAccounting::wish(&pairs) else { return to_page(&wanted.page(Some("incomplete"))) };
    match Box::pin(wanted.take(&app.console.domain, at_work.officer(), wish)).await {
        Ok(Taken::File(file)) => download(&app, *file, wanted).await,
        Ok(Taken::NotOpen) => to_page(&wanted.page(Some("not_open"))),
        Ok(Taken::TooMany) => to_page(&wanted.page(Some("too_many"))),
        // Who may not know of somebody learns nothing of them.
        Ok(Taken::Nobody) => error_pages::bare(StatusCode::NOT_FOUND),
        Err(Error::StepUp) => to_page(&leading_on(AGAIN, Some(&wanted.page(None)))),
        Err(Error::Refused) => error_pages::bare(StatusCode::FORBIDDEN),
        Err(Error::Unavailable) => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
        Err(Error::Internal | Error::Unusable(_)) => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn to_page(page: &str) -> Response {
    let Ok(page) = HeaderValue::try_from(page) else { return error_pages::bare(StatusCode::BAD_REQUEST) };
    (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response()
}

async fn download(app: &App, file: AccountingFile, wanted: WantedAccounting) -> Response {
    match file.given_out {
        GivenOut::Document(content) => {
            // Long words in many disclosures are more than a document takes.
            let Ok(letter) = Letter::check(*content) else { return to_page(&wanted.page(Some("too_many"))) };
            match app.letters.pdf(&letter).await {
                Ok(pdf) => sent(&file.name, "pdf", "application/pdf", pdf),
                Err(error) => {
                    tracing::error!("an accounting was not set: {error}");
                    error_pages::bare(StatusCode::SERVICE_UNAVAILABLE)
                }
            }
        }
        GivenOut::Table(table) => match sheet::file(&table, Format::Csv) {
            Some(csv) => sent(&file.name, "csv", sheet::media_type(Format::Csv), csv),
            None => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
        },
        GivenOut::Json(json) => sent(&file.name, "json", "application/json", json),
    }
}

fn sent(name: &str, ending: &str, kind: &'static str, content: Vec<u8>) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}.{ending}\""));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, content).into_response()
}
