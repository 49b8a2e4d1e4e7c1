//! The portal: pages, server functions, and the redirects of both.

use app::portal::{Portal, calendar, portal_shell, tidy_response};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context, render_app_async_with_context};

use super::App;

pub fn routes(app: &App) -> Router {
    let portal = app.portal.clone();
    let provide = move || portal.provide();
    let page = render_app_async_with_context(provide.clone(), portal_shell);
    let functions = move |request: Request| handle_server_fns_with_context(provide.clone(), request);
    // Leptos wants its options as the state; nothing here reads them, since the shell names the bundle.
    let options = LeptosOptions::builder().output_name("portal").build();
    Router::new()
        .leptos_routes_with_handler(generate_route_list(Portal), page.clone())
        .merge(calendar::routes(app.portal.clone()).with_state(()))
        .route("/_fn/{*path}", post(functions).layer(from_fn(mend_redirect)))
        .fallback(page)
        .layer(map_response(tidy_response))
        .layer(from_fn(one_address))
        .with_state(options)
}

/// What Leptos would put into a redirect's address is dropped: it may hold a person's data, and other hosts. 303, so that
/// the next page is fetched and the form is not sent again.
async fn mend_redirect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(location) = response.headers().get(header::LOCATION) else { return response };
    let target =
        location.to_str().ok().and_then(|location| location.parse::<Uri>().ok()).map_or_else(|| "/".to_owned(), |uri| mended(&uri));
    if let Ok(target) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    if response.status() == StatusCode::FOUND {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    response
}

fn mended(uri: &Uri) -> String {
    let is_ours = |part: &&str| !part.is_empty() && !part.starts_with("__path") && !part.starts_with("__err");
    let query: Vec<&str> = uri.query().unwrap_or("").split('&').filter(is_ours).collect();
    // A path that begins with two slashes would be read as another host.
    let path = format!("/{}", uri.path().trim_start_matches('/'));
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

/// `/case-status/` would be a second address of `/case-status`.
async fn one_address(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let plain = path.trim_end_matches('/');
    if plain.len() == path.len() || path == "/" {
        return next.run(request).await;
    }
    let target = format!("/{}", plain.trim_start_matches('/'));
    match HeaderValue::from_str(&target) {
        Ok(target) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_keep_path_and_clean_query_only() {
        for (location, target) in [
            ("/case-status", "/case-status"),
            ("https://elsewhere.example/es/case-status?__path=%2F_fn&__err=c2VjcmV0", "/es/case-status"),
            ("/x?a=1&__err=secret&b=2", "/x?a=1&b=2"),
            ("https://elsewhere.example//evil.example", "/evil.example"),
        ] {
            assert_eq!(mended(&location.parse().unwrap()), target);
        }
    }
}
