//! The console: pages, server functions, and the session in front of all of them.
//!
//! [`in_session`] stands on the path, not in the pages: whatever lies below `/console` and `/_fn/console/` is for somebody with a
//! live session, but for the way in (`app::console::site::OPEN`).

use std::sync::Arc;

use app::console::site::{self, AGAIN, FUNCTIONS, HOME, SIGN_IN, UPLOADS};
use app::console::{Console, SessionToken, WayIn, console_shell, session_token};
use app::csrf::Token;
use app::portal::bare_response;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use domain::identity::{Live, Standing, peek, session, standing};

use leptos_axum::{generate_route_list, handle_server_fns_with_context, render_app_async_with_context};

use super::csrf::{Proof, proven};
use super::portal::mend_redirect;
use super::{App, console_oidc, error_pages};

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
    let pages = pages.merge(console_oidc::routes(app));
    pages.route(&below(HOME), get(page)).route(&below(FUNCTIONS.trim_end_matches('/')), post(functions))
}

/// Where the console is not offered: the portal knows its server functions, too, and must not answer for it.
pub fn nothing() -> Router {
    let nothing = any(async || StatusCode::NOT_FOUND);
    let paths = [HOME.to_owned(), below(HOME), below(FUNCTIONS.trim_end_matches('/')), below(UPLOADS.trim_end_matches('/'))];
    paths.iter().fold(Router::new(), |router, path| router.route(path, nothing.clone()))
}

fn below(path: &str) -> String {
    format!("{path}/{{*path}}")
}

/// Runs a request of somebody who signed in, or of somebody on the way in.
pub async fn in_session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let cookies = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok());
    let token = session_token(&app.console, cookies);
    let way = WayIn::open(&app.console, cookies);
    if let Some(token) = &token {
        request.extensions_mut().insert(token.clone());
    }
    if site::is_open(request.uri().path()) {
        return at_the_door(&app, way, request, next).await;
    }
    let path = request.uri().path();
    let found = match &token {
        None => Ok(None),
        Some(SessionToken(token)) if site::is_by_itself(path) => peek(&app.console.domain, token.expose()).await,
        Some(SessionToken(token)) => session(&app.console.domain, token.expose()).await,
    };
    match found {
        Ok(Some(live)) => at_work(&app, live, request, next).await,
        Ok(None) => {
            let asked = asked(&request);
            if site::brings_a_file(request.uri().path()) {
                app.uploads.hear_out(&app, request).await;
            }
            turned_away(&app, token.as_ref(), asked).await
        }
        Err(domain::Error::Unavailable) => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
        Err(_) => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// On the way in. What a page said is said once: the cookie that holds it is set anew.
async fn at_the_door(app: &App, way: WayIn, mut request: Request, next: Next) -> Response {
    let token = way.token(&app.console);
    request.extensions_mut().insert(Token(token.clone()));
    request.extensions_mut().insert(way.clone());
    let is_page = request.method().is_safe();
    let mut response = match proven(app, Proof::Token(&token), request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => return refusal,
    };
    // An answer that says something itself, says it the next time.
    let says = response.headers().contains_key(header::SET_COOKIE);
    if is_page && !says && (way.is_new() || way.said.is_some()) {
        response.headers_mut().append(header::SET_COOKIE, way.saying(None).cookie(&app.console));
    }
    response
}

/// Somebody with a live session.
async fn at_work(app: &App, live: Live, mut request: Request, next: Next) -> Response {
    let token = BASE64.encode(live.csrf);
    let is_by_itself = site::is_by_itself(request.uri().path());
    request.extensions_mut().insert(Token(token.clone()));
    request.extensions_mut().insert(live);
    // A form that brings a file has its token in the body, where reading the file finds it.
    let brings_a_file = site::brings_a_file(request.uri().path());
    let proof = if is_by_itself || brings_a_file { Proof::Origin } else { Proof::Token(&token) };
    match proven(app, proof, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal,
    }
}

/// What was asked for by somebody who is turned away.
enum Asked {
    /// For a page, if its address is known.
    Page(Option<String>),
    /// By a script.
    Call,
}

/// The page itself, or the one on which a form stood.
fn asked(request: &Request) -> Asked {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if !text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html")) {
        return Asked::Call;
    }
    if request.method().is_safe() {
        return Asked::Page(request.uri().path_and_query().map(ToString::to_string));
    }
    let page: Option<Uri> = text(header::REFERER).and_then(|page| page.parse().ok());
    Asked::Page(page.and_then(|page| page.path_and_query().map(ToString::to_string)))
}

/// Nobody signed in, or the session is over or locked. A page leads to where one signs in, and from there back; a call fails.
async fn turned_away(app: &App, token: Option<&SessionToken>, asked: Asked) -> Response {
    let Asked::Page(next) = asked else { return error_pages::bare(StatusCode::FORBIDDEN) };
    let locked = match token {
        None => false,
        Some(SessionToken(token)) => matches!(standing(&app.console.domain, token.expose()).await, Ok(Standing::Locked(_))),
    };
    let page = site::leading_on(if locked { AGAIN } else { SIGN_IN }, next.as_deref());
    let page = match token {
        Some(_) if !locked => format!("{page}{}ended", if page.contains('?') { '&' } else { '?' }),
        _ => page,
    };
    let Ok(page) = HeaderValue::try_from(page) else { return error_pages::bare(StatusCode::FORBIDDEN) };
    (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
}
