//! Call scripts as files: out of the console, and into it.

use std::sync::Arc;

use app::console::AtWork;
use app::console::call_script::script_refused;
use app::console::site::{IMPORT_SCRIPT, SCRIPTS};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Error;
use domain::actor::Action;
use domain::call_script::{Begun, import, script_version};
use shared::call_script::{FileError, to_file};
use uuid::Uuid;

use super::upload::Attached;
use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new()
        .route(&format!("{SCRIPTS}/{{version}}/file"), get(file))
        .route(IMPORT_SCRIPT, post(take_in))
        .with_state(app.clone())
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        Error::Refused | Error::StepUp => StatusCode::NOT_FOUND,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn file(State(app): State<App>, Path(version): Path<Uuid>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    let version = match script_version(&app.console.domain, at_work.officer(), version).await {
        Ok(Some(version)) => version,
        Ok(None) => return error_pages::bare(StatusCode::NOT_FOUND),
        Err(error) => return failed(&error),
    };
    let name = format!("attachment; filename=\"{}-{}.json\"", version.script.key.as_str(), version.number);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, to_file(&version.script)).into_response()
}

async fn take_in(State(app): State<App>, asked: Request) -> Response {
    let (at_work, mut upload) = match app.uploads.read_of_officer(&app, asked, Action::WriteScripts, 1).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let bytes = match upload.file("file") {
        Attached::File(_, bytes) => bytes,
        // Nothing is no script, and the reader of files says so.
        Attached::None => Bytes::new(),
        Attached::TooLarge => return refused(&at_work, format!("The file was not taken in: {}.", FileError::TooLarge)).await,
    };
    let page = match import(&app.console.domain, at_work.officer(), &bytes).await {
        Ok(Ok(Begun::Draft(id))) => format!("{SCRIPTS}/{id}"),
        Ok(Ok(Begun::UnderWay(other))) => {
            let said = "A version of this script is being written, or read by a second person. The file was not taken in.";
            return refused(&at_work, format!("{said} See {}.", other.script.key.as_str())).await;
        }
        Ok(Err(wrong)) => return refused(&at_work, format!("The file was not taken in: {wrong}.")).await,
        Err(error) => return failed(&error),
    };
    ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response()
}

/// Back to the list, which says why. What stands in a file stands in no address.
async fn refused(at_work: &AtWork, said: String) -> Response {
    match script_refused(at_work, said).await {
        Ok(page) => ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response(),
        Err(error) => failed(&error),
    }
}
