//! Answers as documents, for officers: before one goes out, after it did, and those of a batch for the printer.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::console::AtWork;
use app::console::site::{LETTERS, REQUESTS};
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Error;
use domain::answer::{batch_at_hand, batches, copy, handed_out, preview};
use shared::answer::Recipient;
use shared::letter::{Content, Letter};
use uuid::Uuid;

use super::{App, error_pages};
use crate::letters::set_batch;

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new()
        .route(&format!("{REQUESTS}/{{request}}/answer/letter.pdf"), get(under_way))
        .route(&format!("{REQUESTS}/{{request}}/answers/{{number}}/letter.pdf"), get(released))
        .route(&format!("{LETTERS}/{{batch}}/letters.pdf"), get(letters))
        .route(&format!("{LETTERS}/{{batch}}/manifest.json"), get(manifest))
        .with_state(app.clone())
}

/// What is asked for: `copy=online`, or for whom it is printed.
type Asked = Query<BTreeMap<String, String>>;

/// A copy of an answer.
enum Which {
    Online,
    PrintedFor(Recipient),
}

fn which(Query(query): &Asked) -> Option<Which> {
    match query.get("copy").map(String::as_str)? {
        "online" => Some(Which::Online),
        recipient => Recipient::from_key(recipient).map(Which::PrintedFor),
    }
}

async fn under_way(State(app): State<App>, Path(request): Path<Uuid>, asked: Asked, http: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), http.extensions()) else { return nobody() };
    let Some(which) = which(&asked) else { return nothing() };
    let found = preview(&app.console.domain, at_work.officer(), request).await.map(|preview| {
        let preview = preview?;
        match which {
            Which::Online => Some(preview.online),
            Which::PrintedFor(to) => preview.letters.into_iter().find(|(found, _)| *found == to).map(|(_, content)| content),
        }
    });
    set(&app, found, "answer.pdf").await
}

async fn released(State(app): State<App>, Path((request, number)): Path<(Uuid, i64)>, asked: Asked, http: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), http.extensions()) else { return nobody() };
    let Some(which) = which(&asked) else { return nothing() };
    let printed_for = match which {
        Which::Online => None,
        Which::PrintedFor(recipient) => Some(recipient),
    };
    let found = copy(&app.console.domain, at_work.officer(), request, number, printed_for).await;
    set(&app, found, "answer.pdf").await
}

/// The document as a file of this name, or why there is none.
pub(super) async fn set(app: &App, found: Result<Option<Content>, Error>, name: &str) -> Response {
    let content = match found {
        Ok(Some(content)) => content,
        Ok(None) => return nothing(),
        Err(error) => return failed(&error),
    };
    let Ok(letter) = Letter::check(content) else { return error_pages::bare(StatusCode::UNPROCESSABLE_ENTITY) };
    match app.letters.pdf(&letter).await {
        Ok(pdf) => download("application/pdf", name, pdf),
        Err(error) => not_set(&error.to_string()),
    }
}

/// A batch as one document. The first time it is noted that it was handed out, and what it was; it is the same each time.
async fn letters(State(app): State<App>, Path(batch): Path<Uuid>, http: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), http.extensions()) else { return nobody() };
    let (ctx, officer) = (&app.console.domain, at_work.officer());
    let (row, printing) = match batch_at_hand(ctx, officer, batch).await {
        Ok(Some(found)) => found,
        Ok(None) => return nothing(),
        Err(error) => return failed(&error),
    };
    let set = match set_batch(&app.letters, &printing).await {
        Ok(set) => set,
        Err(problem) => return not_set(&problem),
    };
    if row.sha256.as_deref() != Some(set.sha256.as_slice()) {
        let noted = handed_out(ctx, officer, batch, &set.manifest, &set.sha256, &set.letters).await;
        if let Err(error) = noted {
            return failed(&error);
        }
    }
    download("application/pdf", &format!("batch-{batch}.pdf"), set.document)
}

async fn manifest(State(app): State<App>, Path(batch): Path<Uuid>, http: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), http.extensions()) else { return nobody() };
    let officer = at_work.officer();
    for office in officer.offices(domain::actor::Action::AnswerRequest) {
        match batches(&app.console.domain, officer, &office).await {
            Err(error) => return failed(&error),
            Ok(open) => {
                if let Some(manifest) = open.into_iter().find(|open| open.id == batch).and_then(|open| open.manifest) {
                    return download("application/json", &format!("batch-{batch}.json"), manifest.into_bytes());
                }
            }
        }
    }
    nothing()
}

fn nobody() -> Response {
    error_pages::bare(StatusCode::FORBIDDEN)
}

fn nothing() -> Response {
    error_pages::bare(StatusCode::NOT_FOUND)
}

/// What this officer may not read cannot be told from what there is not.
pub(super) fn failed(error: &Error) -> Response {
    match error {
        Error::Refused | Error::StepUp | Error::Unusable(_) => nothing(),
        Error::Unavailable => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
        Error::Internal => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn not_set(problem: &str) -> Response {
    tracing::error!("a letter was not set: {problem}");
    error_pages::bare(StatusCode::SERVICE_UNAVAILABLE)
}

/// The name says nothing of whom it is about.
pub(super) fn download(kind: &'static str, name: &str, content: Vec<u8>) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, content).into_response()
}
