//! A question to partner countries comes in with its fingerprints; what was answered goes out as a document.

use app::console::partner_query::asked;
use std::sync::Arc;

use app::console::AtWork;
use app::console::site::{QUERIES, SEND_QUERY};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Error;
use domain::actor::Action;
use domain::partner_query;
use uuid::Uuid;

use super::upload::Attached;
use super::{App, console_letter, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new().route(SEND_QUERY, post(take_in)).route(&format!("{QUERIES}/{{query}}/print"), get(print)).with_state(app.clone())
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        Error::Refused | Error::StepUp => StatusCode::NOT_FOUND,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn take_in(State(app): State<App>, sent: Request) -> Response {
    let (at_work, mut upload) = match app.uploads.read_of_officer(&app, sent, Action::AskPartners, 1).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    if !app.console.domain.shares() {
        return failed(&Error::Refused);
    }
    let prints = match upload.file("prints") {
        Attached::File(_, bytes) => bytes.to_vec(),
        // Nothing is no print, and more than a file may have is none either: the page says so.
        Attached::None | Attached::TooLarge => Vec::new(),
    };
    match asked(&at_work, &upload.fields, prints).await {
        Ok(page) => ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response(),
        Err(error) => failed(&error),
    }
}

/// What was answered, for the A-File. That it was printed is noted before it is set.
async fn print(State(app): State<App>, Path(query): Path<String>, http: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), http.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    // What is no id is nobody's query.
    let query: Uuid = query.parse().unwrap_or_default();
    let found = partner_query::print(&app.console.domain, at_work.officer(), query).await;
    console_letter::set(&app, found, "partner-answer.pdf").await
}
