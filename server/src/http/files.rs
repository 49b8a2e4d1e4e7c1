//! Files of the site: hashed and kept for ever, or small and plain; the service worker, which is asked for anew each time; and `security.txt` (RFC 9116).

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::TimeDelta;
use tower_http::services::{ServeDir, ServeFile};

use super::App;

pub fn routes(app: &App) -> Router {
    let site = &app.settings.site;
    let hashed = Router::new()
        .fallback_service(ServeDir::new(site.join("pkg")).append_index_html_on_directories(false).precompressed_br())
        .layer(from_fn(keep_for_ever));
    let images = Router::new()
        .fallback_service(ServeDir::new(site.join("img")).append_index_html_on_directories(false))
        .layer(from_fn(keep_for_a_day));
    let mut plain = Router::new();
    for name in ["favicon.ico", "favicon.svg", "robots.txt"] {
        plain = plain.route_service(&format!("/{name}"), ServeFile::new(site.join(name)));
    }
    let worker = Router::new()
        .route_service("/service-worker.js", ServeFile::new(site.join("service-worker.js")))
        .layer(from_fn(keep_and_ask));
    Router::new()
        .nest("/pkg", hashed)
        .nest("/img", images)
        .merge(plain.layer(from_fn(keep_for_a_day)))
        .merge(worker)
        .route("/.well-known/security.txt", get(security_txt))
        .with_state(app.clone())
}

async fn keep_for_ever(request: Request, next: Next) -> Response {
    keep(next.run(request).await, "public, max-age=31536000, immutable")
}

async fn keep_for_a_day(request: Request, next: Next) -> Response {
    keep(next.run(request).await, "public, max-age=86400")
}

/// An old worker would keep old files.
async fn keep_and_ask(request: Request, next: Next) -> Response {
    keep(next.run(request).await, "no-cache")
}

/// `ServeDir` sets neither header; a missing file must not be remembered.
fn keep(mut response: Response, how_long: &'static str) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(how_long));
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

async fn security_txt(State(app): State<App>) -> Response {
    let expires = (app.portal.domain.now() + TimeDelta::days(180)).format("%Y-%m-%dT%H:%M:%SZ");
    let text = format!(
        "Contact: {}\nExpires: {expires}\nPreferred-Languages: en, es\nCanonical: {}/.well-known/security.txt\n",
        app.settings.security_contact,
        app.settings.public_url.origin()
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
