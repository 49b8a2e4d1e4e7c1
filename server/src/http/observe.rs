//! Request ids, the access log and request metrics. They hold the route's template, never the address that was asked for:
//! an address may carry a receipt number.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;

/// Paths of the server functions. Whoever asks Leptos for them has the whole list made anew.
static FUNCTIONS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect());

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request under way.
pub struct Observed {
    id: HeaderValue,
    method: &'static str,
    route: Route,
    began: Instant,
}

/// What stands for an address: labels of metrics are kept for ever, so there are few of them.
#[derive(Clone)]
enum Route {
    None,
    Template(MatchedPath),
    Function(&'static str),
}

impl Route {
    fn as_str(&self) -> &str {
        match self {
            Self::None => "(none)",
            Self::Template(template) => template.as_str(),
            Self::Function(path) => path,
        }
    }
}

/// Gives a request its id and notes what it is.
pub fn begin(request: &Request) -> Observed {
    let id = HeaderValue::try_from(store::crypto::hex(&store::random::bytes::<8>()));
    Observed {
        // Digits and letters are always a legal value.
        id: id.unwrap_or(HeaderValue::from_static("")),
        method: method_of(request.method()),
        route: route_of(request),
        began: Instant::now(),
    }
}

impl Observed {
    /// Counts and logs the answer, and names the request in it.
    pub fn end(self, mut response: Response) -> Response {
        let seconds = self.began.elapsed().as_secs_f64();
        let (method, route, status) = (self.method, self.route.as_str(), response.status());
        let label = route.to_owned();
        metrics::counter!("http_requests_total", "method" => method, "route" => label.clone(), "status" => status.as_str().to_owned())
            .increment(1);
        metrics::histogram!("http_request_seconds", "route" => label).record(seconds);
        let id = self.id.to_str().unwrap_or_default();
        let (status, milliseconds) = (status.as_u16(), seconds * 1000.0);
        tracing::info!(target: "portico::access", request = id, method, route, status, milliseconds, "answered");
        response.headers_mut().insert(REQUEST_ID, self.id);
        response
    }
}

/// The template; of the server functions, whose paths are fixed and hold no data, the path.
fn route_of(request: &Request) -> Route {
    let Some(matched) = request.extensions().get::<MatchedPath>() else { return Route::None };
    let function = if matched.as_str().starts_with("/_fn/") { FUNCTIONS.get(request.uri().path()) } else { None };
    function.map_or_else(|| Route::Template(matched.clone()), |path| Route::Function(path))
}

/// A method is the client's text: only known ones become labels.
fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
