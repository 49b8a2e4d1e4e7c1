//! Takes the files that people attach to a request, one in a form.

use app::portal::e_request::{DOCUMENTS, UPLOAD, problem_in_address};
use app::session::PortalSession;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::e_request::attaching;
use shared::document::DocumentProblem;
use shared::locale::Locale;

use super::App;
use super::upload::{Attached, Upload};
use crate::document::Sent;

pub fn routes(app: &App) -> Router {
    Router::new().route(UPLOAD, post(attach)).with_state(app.clone())
}

async fn attach(State(app): State<App>, request: Request) -> Response {
    let cookies = request.headers().get(COOKIE).and_then(|value| value.to_str().ok());
    let session = PortalSession::open(&app.portal.domain, app.portal.secure_cookies, cookies);
    let upload = match app.uploads.read(&app, request).await {
        Ok(upload) => upload,
        Err(problem) => return problem.into_response(),
    };
    let locale = Locale::from_tag(upload.field("locale").unwrap_or_default());
    let page = match take(&app, &session, upload).await {
        Ok(Ok(())) => DOCUMENTS.to_owned(),
        Ok(Err(problem)) => problem_in_address(problem),
        Err(domain::Error::Unavailable) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    ([(CACHE_CONTROL, "no-store")], Redirect::to(&locale.path(&page))).into_response()
}

/// Without a form that takes documents nothing is kept; the page that follows leads to where the person is.
async fn take(app: &App, session: &PortalSession, mut upload: Upload) -> Result<Result<(), DocumentProblem>, domain::Error> {
    let ctx = &app.portal.domain;
    let Some(attaching) = attaching(ctx, session.request_draft(ctx)).await? else { return Ok(Ok(())) };
    let (name, bytes) = match upload.file("file") {
        Attached::None => return Ok(Err(DocumentProblem::Empty)),
        Attached::TooLarge => return Ok(Err(DocumentProblem::TooLarge)),
        Attached::File(name, bytes) => (name, bytes),
    };
    let sent = Sent { case: attaching.case, holder: attaching.holder, keep_until: Some(attaching.keep_until), name, bytes: &bytes };
    Ok(app.documents.receive(ctx, sent).await?.map(|_| ()))
}
