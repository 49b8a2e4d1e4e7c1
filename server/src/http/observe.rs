//! Request ids, the access log and request metrics. They hold the route's template, never the address that was asked for:
//! an address may carry a receipt number.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub async fn observe(request: Request, next: Next) -> Response {
    let id = store::crypto::hex(&store::random::bytes::<8>());
    let method = method_of(request.method());
    let route = route_of(&request);
    let began = Instant::now();
    let mut response = next.run(request).await;
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(seconds);
    tracing::info!(target: "portico::access", request = %id, method, route, status, milliseconds = seconds * 1000.0, "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The template; of the server functions, whose paths are fixed and hold no data, the path.
fn route_of(request: &Request) -> String {
    let Some(matched) = request.extensions().get::<MatchedPath>() else { return "(none)".into() };
    let path = request.uri().path();
    if matched.as_str().starts_with("/_fn/") && leptos::server_fn::axum::server_fn_paths().any(|(known, _)| known == path) {
        return path.to_owned();
    }
    matched.as_str().to_owned()
}

/// A method is the client's text: only known ones become labels.
fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
