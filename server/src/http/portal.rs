//! The portal: pages, server functions, and the redirects of both.

use std::sync::Arc;

use app::portal::change_of_address::find_change;
use app::portal::e_request::find_form;
use app::portal::notification::find_draft;
use app::portal::{Portal, calendar, find_first, portal_shell, processing_time, tidy_response};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use leptos_axum::{generate_route_list, handle_server_fns_with_context, render_app_async_with_context};

use super::App;

pub fn routes(app: &App) -> Router {
    let provide = {
        let portal = Arc::clone(&app.portal);
        move || portal.provide()
    };
    let render = render_app_async_with_context(provide.clone(), portal_shell);
    let page = {
        let portal = Arc::clone(&app.portal);
        async move |mut request: Request| {
            find_first(&portal, &mut request).await;
            find_draft(&portal, &mut request).await;
            if let Some(elsewhere) = find_form(&portal, &mut request).await {
                return elsewhere;
            }
            if let Some(elsewhere) = find_change(&portal, &mut request).await {
                return elsewhere;
            }
            tidy_response(render(request).await).await
        }
    };
    let functions =
        async move |request: Request| mend_redirect(handle_server_fns_with_context(provide, request).await.into_response());
    let anything_else = {
        let page = page.clone();
        async move |request: Request| match to_the_one_address(request.uri().path()) {
            Some(redirect) => redirect,
            None => page(request).await,
        }
    };
    let pages = generate_route_list(Portal)
        .into_iter()
        .fold(Router::new(), |router, listed| router.route(listed.path(), get(page.clone())));
    let calendars = calendar::routes(Arc::clone(&app.portal)).merge(processing_time::calendar::routes(Arc::clone(&app.portal)));
    pages.merge(calendars).merge(super::confirmation::routes(app)).route("/_fn/{*path}", post(functions)).fallback(anything_else)
}

/// What Leptos would put into a redirect's address is dropped: it may hold a person's data, and other hosts. 303, so that
/// the next page is fetched and the form is not sent again.
pub fn mend_redirect(mut response: Response) -> Response {
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
fn to_the_one_address(path: &str) -> Option<Response> {
    if path == "/" || !path.ends_with('/') {
        return None;
    }
    let target = format!("/{}", path.trim_matches('/'));
    Some(match HeaderValue::try_from(target) {
        Ok(target) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    })
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
