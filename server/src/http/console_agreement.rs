//! Agreements as files: out of the console, and into it.

use std::sync::Arc;

use app::console::AtWork;
use app::console::agreement::{file_refused, not_drafted, version_at, version_path};
use app::console::site::{AGREEMENTS, IMPORT_AGREEMENT};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Error;
use domain::actor::Action;
use domain::agreement::{Drafted, document, draft_file};
use shared::agreement::{FileError, Party, to_file};

use super::upload::{Attached, Upload};
use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new()
        .route(&format!("{AGREEMENTS}/{{partner}}/versions/{{version}}/file"), get(file))
        .route(IMPORT_AGREEMENT, post(take_in))
        .with_state(app.clone())
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        Error::Refused | Error::StepUp => StatusCode::NOT_FOUND,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn file(State(app): State<App>, Path((partner, version)): Path<(String, String)>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    let (Some(partner), Some(version)) = (Party::from_key(&partner), version_at(&version)) else {
        return error_pages::bare(StatusCode::NOT_FOUND);
    };
    let stored = match document(&app.console.domain, at_work.officer(), partner, version).await {
        Ok(Some(stored)) => stored,
        Ok(None) => return error_pages::bare(StatusCode::NOT_FOUND),
        Err(error) => return failed(&error),
    };
    let name = format!("attachment; filename=\"agreement-{}-{}.json\"", partner.key().to_lowercase(), version.number());
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, to_file(&stored.document)).into_response()
}

async fn take_in(State(app): State<App>, asked: Request) -> Response {
    let (at_work, mut upload) = match app.uploads.read_of_officer(&app, asked, Action::DraftAgreements, 1).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let Some(partner) = upload.field("partner").and_then(Party::from_key) else { return failed(&Error::Refused) };
    match drafted(&app, &at_work, partner, &mut upload).await {
        Ok(page) => ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response(),
        Err(error) => failed(&error),
    }
}

/// The page of the draft, or the one that says why there is none. What stands in a file stands in no address.
async fn drafted(app: &App, at_work: &AtWork, partner: Party, upload: &mut Upload) -> Result<String, Error> {
    let refused = async |why: String| file_refused(at_work, partner, format!("Nothing was drafted: {why}.")).await;
    let bytes = match upload.file("file") {
        Attached::File(_, bytes) => bytes,
        // Nothing is no agreement, and the reader of files says so.
        Attached::None => Bytes::new(),
        Attached::TooLarge => return refused(FileError::TooLarge.to_string()).await,
    };
    let day = upload.field("holds_from").and_then(|day| day.trim().parse().ok());
    let Some(holds_from) = day else { return refused("the day from which it is in force is not one".to_owned()).await };
    match draft_file(&app.console.domain, at_work.officer(), partner, &bytes, holds_from).await? {
        Ok(Drafted::Draft(version)) => Ok(version_path(partner, version)),
        Ok(other) => file_refused(at_work, partner, not_drafted(other).unwrap_or_default().to_owned()).await,
        Err(why) => refused(why.to_string()).await,
    }
}
