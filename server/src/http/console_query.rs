//! A question to partner countries comes in with its fingerprints.

use app::console::partner_query::asked;
use app::console::site::SEND_QUERY;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::Error;
use domain::actor::Action;

use super::upload::Attached;
use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new().route(SEND_QUERY, post(take_in)).with_state(app.clone())
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
