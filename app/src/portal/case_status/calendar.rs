//! The next appointment of the case that the session asked for, as a calendar file.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use shared::locale::Locale;

use crate::context::PortalContext;
use crate::session::{Kept, PortalSession};

/// The paths of [`routes`].
pub const PATHS: [&str; 2] = ["/appointment.ics", "/es/appointment.ics"];

/// The calendar file in both languages. Needs the request extension [`PortalSession`].
pub fn routes(portal: Arc<PortalContext>) -> Router {
    PATHS.iter().fold(Router::new(), |router, path| router.route(path, get(appointment))).with_state(portal)
}

async fn appointment(State(portal): State<Arc<PortalContext>>, Extension(session): Extension<PortalSession>, uri: Uri) -> Response {
    let ctx = &portal.domain;
    let locale = Locale::of_path(uri.path());
    let file = match session.kept(ctx.now()) {
        Some(Kept::Typed(typed)) => domain::case_status::calendar_file(ctx, typed.expose(), locale).await,
        _ => Ok(None),
    };
    let response = match file {
        Ok(Some(file)) => {
            let headers =
                [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\"")];
            (headers, file).into_response()
        }
        // Asked too long ago, or there is no appointment any more: the page says what is.
        Ok(None) => Redirect::to(&locale.path("/case-status")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    ([(CACHE_CONTROL, "no-store")], response).into_response()
}
