//! The console: pages, server functions, and the session in front of all of them.
//!
//! [`in_session`] stands on the path, not in the pages: whatever lies below `/console` and `/_fn/console/` is for somebody with a
//! live session, but for the way in (`app::console::site::OPEN`).

use std::sync::Arc;

use app::console::site::{FUNCTIONS, HOME, is_open};
use app::console::{Console, console_shell};
use app::portal::bare_response;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use leptos_axum::{generate_route_list, handle_server_fns_with_context, render_app_async_with_context};

use super::App;
use super::portal::mend_redirect;

pub fn routes(app: &App) -> Router {
    let provide = {
        let console = Arc::clone(&app.console);
        move || console.provide()
    };
    let render = render_app_async_with_context(provide.clone(), console_shell);
    let page = async move |request: Request| bare_response(render(request).await).await;
    let functions =
        async move |request: Request| mend_redirect(handle_server_fns_with_context(provide, request).await.into_response());
    let pages = generate_route_list(Console)
        .into_iter()
        .fold(Router::new(), |router, listed| router.route(listed.path(), get(page.clone())));
    pages.route(&below(HOME), get(page)).route(&format!("{FUNCTIONS}{{*path}}"), post(functions))
}

/// Where the console is not offered: the portal knows its server functions, too, and must not answer for it.
pub fn nothing() -> Router {
    let nothing = any(async || StatusCode::NOT_FOUND);
    Router::new().route(HOME, nothing.clone()).route(&below(HOME), nothing.clone()).route(&format!("{FUNCTIONS}{{*path}}"), nothing)
}

fn below(path: &str) -> String {
    format!("{path}/{{*path}}")
}

/// Runs a request of somebody who signed in, or of somebody on the way in.
pub async fn in_session(State(_app): State<App>, request: Request, next: Next) -> Response {
    if is_open(request.uri().path()) {
        return next.run(request).await;
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/console/sign-in")]).into_response()
}
