//! What a person keeps of a request as PDF: its confirmation, and the answers.

use std::collections::BTreeMap;

use app::portal::e_request::{ANSWER, CONFIRMATION, NUMBER, answer_document, confirmation};
use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shared::letter::Letter;
use shared::locale::Locale;

use super::App;

/// The documents in both languages.
pub fn routes(app: &App) -> Router {
    let add = |router: Router<App>, locale: Locale| {
        router.route(&locale.path(CONFIRMATION), get(document)).route(&locale.path(ANSWER), get(answer))
    };
    Locale::ALL.into_iter().fold(Router::new(), add).with_state(app.clone())
}

/// An answer as it went out. It is set from the frozen text each time, and is the same bytes each time: the hash of the first is kept.
async fn answer(State(app): State<App>, Query(query): Query<BTreeMap<String, String>>, request: Request) -> Response {
    let Some(number) = query.get(NUMBER).and_then(|number| number.parse().ok()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (id, letter, kept) = match answer_document(&app.portal, request.extensions(), number).await {
        Ok(Some(found)) => found,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let pdf = match set(&app, &letter, "answer.pdf").await {
        Ok(pdf) => pdf,
        Err(response) => return response,
    };
    let hash = store::crypto::sha256(&pdf);
    match kept {
        // A newer program may set it in another way; the words are those that were frozen.
        Some(kept) if kept != hash => tracing::warn!(answer = %id, "an answer is not set as it was the first time"),
        Some(_) => {}
        None => {
            if domain::answer::keep_hash(&app.portal.domain, id, &hash).await.is_err() {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        }
    }
    download(pdf, "attachment; filename=\"answer.pdf\"")
}

async fn document(State(app): State<App>, request: Request) -> Response {
    let locale = Locale::of_path(request.uri().path());
    let letter = match confirmation(&app.portal, request.extensions(), locale).await {
        Ok(Some(letter)) => letter,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    match set(&app, &letter, "confirmation.pdf").await {
        Ok(pdf) => download(pdf, "attachment; filename=\"confirmation.pdf\""),
        Err(response) => response,
    }
}

async fn set(app: &App, letter: &Letter, what: &'static str) -> Result<Vec<u8>, Response> {
    app.letters.pdf(letter).await.map_err(|error| {
        tracing::error!(what, "a document was not set: {error}");
        let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("120"));
        response
    })
}

fn download(pdf: Vec<u8>, disposition: &'static str) -> Response {
    ([(CONTENT_TYPE, "application/pdf"), (CONTENT_DISPOSITION, disposition), (CACHE_CONTROL, "no-store")], pdf).into_response()
}
