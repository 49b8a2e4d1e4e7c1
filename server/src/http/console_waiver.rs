//! A waiver towards partner countries comes in with the paper on which it rests.

use app::console::AtWork;
use app::console::outcome::Outcome;
use app::console::site::{ADD_WAIVER, WAIVERS};
use app::console::waiver::{NoPaper, proposed};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::Error;
use domain::actor::Action;

use super::upload::Attached;
use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new().route(ADD_WAIVER, post(take_in)).with_state(app.clone())
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        Error::Refused | Error::StepUp => StatusCode::FORBIDDEN,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn take_in(State(app): State<App>, sent: Request) -> Response {
    let (at_work, mut upload) = match app.uploads.read_of_officer(&app, sent, Action::DecideWaivers, 1).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let paper = hash(upload.file("file"));
    match proposed(&at_work, &upload.fields, paper).await {
        Ok(Ok(())) => waits(&at_work),
        Ok(Err(page)) => ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response(),
        Err(error) => failed(&error),
    }
}

/// What is kept of a paper.
fn hash(attached: Attached) -> Result<[u8; 32], NoPaper> {
    match attached {
        Attached::File(_, bytes) if !bytes.is_empty() => Ok(store::crypto::sha256(&bytes)),
        Attached::File(..) | Attached::None => Err(NoPaper::NotChosen),
        Attached::TooLarge => Err(NoPaper::TooLarge),
    }
}

fn waits(at_work: &AtWork) -> Response {
    let said = Outcome::done("Proposed. It holds when somebody else has agreed.").cookie(at_work);
    ([(CACHE_CONTROL, HeaderValue::from_static("no-store")), (SET_COOKIE, said)], Redirect::to(WAIVERS)).into_response()
}
