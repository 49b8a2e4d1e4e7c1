//! What belongs to programs: the addresses of the JSON surfaces, and the shape of their errors. A layer or the router gives an
//! error its status only; whoever asked at one of these addresses reads JSON then, too.

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::api::Problem;
use super::{App, csol};

/// How a surface writes an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `{"code":404,"message":"..."}`
    Problem,
    /// `{"error":"Not Found"}`
    Csol,
}

/// What the addresses of the surfaces begin with.
const SURFACES: [(&str, Shape); 6] = [
    ("/api/", Shape::Problem),
    ("/case-status/", Shape::Problem),
    ("/csol-api/", Shape::Csol),
    ("/oauth/", Shape::Problem),
    ("/processing-times/api/", Shape::Problem),
    ("/service-report/api/", Shape::Problem),
];

/// Where nothing is, among these addresses.
const NOTHING: [&str; 11] = [
    "/api/{*path}",
    "/case-status/{receipt}/",
    "/case-status/{receipt}/{*path}",
    "/csol-api/",
    "/csol-api/{*path}",
    "/oauth/",
    "/oauth/{*path}",
    "/processing-times/api/",
    "/processing-times/api/{*path}",
    "/service-report/api/",
    "/service-report/api/{*path}",
];

/// The shape of errors at an address; `None` where people read.
pub fn shape_of(path: &str) -> Option<Shape> {
    SURFACES.into_iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, shape)| shape)
}

impl Shape {
    /// The error of a status, in this shape.
    pub fn error(self, status: StatusCode) -> Response {
        match self {
            Self::Problem => Problem::of(status).into_response(),
            Self::Csol => csol::problem(status),
        }
    }
}

/// Answers wherever nothing is. Without these routes the portal would, with a page and a session.
pub fn nothing() -> Router<App> {
    NOTHING.into_iter().fold(Router::new(), |router, path| router.route(path, any(async || StatusCode::NOT_FOUND)))
}
