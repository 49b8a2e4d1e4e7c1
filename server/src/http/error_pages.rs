//! Error answers as pages of their own, without script and without database, and as JSON where programs ask. Layers and handlers
//! give the status; this gives it a face, in the language of the page or the shape of the surface that was asked for.

use app::console;
use app::console::site::is_console;
use app::portal::{PlainPage, plain_page};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use shared::locale::Locale;

use super::App;
use super::machines::{Shape, shape_of};
use super::upload::PREFIX;
use crate::settings::Surface;

/// Which page an answer without one gets; a response extension.
#[derive(Clone, Copy)]
struct Face(PlainPage);

/// 403: the page was open too long, or the form came from elsewhere.
pub fn refused() -> Response {
    with_face(StatusCode::FORBIDDEN, PlainPage::Refused)
}

/// 503: closed by the agency for now.
pub fn closed() -> Response {
    with_face(StatusCode::SERVICE_UNAVAILABLE, PlainPage::Closed)
}

pub fn bare(status: StatusCode) -> Response {
    status.into_response()
}

fn with_face(status: StatusCode, page: PlainPage) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Face(page));
    response
}

/// Who reads an answer.
#[derive(Clone, Copy)]
pub enum Reader {
    /// A browser that can be shown a page, in the language of its reader.
    Person(Locale),
    /// The same in the console.
    Officer,
    /// A program at an address of a JSON surface, whatever it says it accepts.
    Program(Shape),
}

/// The reader of an answer; `None` for somebody who asks for no page where pages are.
pub fn reader(app: &App, request: &Request) -> Option<Reader> {
    if let Some(shape) = shape_of(request.uri().path()).filter(|_| app.settings.offers(Surface::Api)) {
        return Some(Reader::Program(shape));
    }
    let accept = request.headers().get(header::ACCEPT)?.to_str().ok()?;
    let is_console = app.settings.offers(Surface::Console) && is_console(request.uri().path());
    let person = || if is_console { Reader::Officer } else { Reader::Person(locale_of(request.uri(), request.headers())) };
    accept.contains("text/html").then(person)
}

/// Gives an error answer without a body its page or its JSON.
pub fn dress(app: &App, reader: Option<Reader>, response: Response) -> Response {
    match reader {
        None => response,
        Some(Reader::Person(locale)) => {
            dress_as_page(response, |page| plain_page(page, locale, &app.portal.site, &app.portal.bundle))
        }
        Some(Reader::Officer) => dress_as_page(response, |page| console::plain_page(page, &app.console)),
        Some(Reader::Program(shape)) => dress_as_json(shape, response),
    }
}

fn dress_as_page(response: Response, write: impl FnOnce(PlainPage) -> String) -> Response {
    let is_whole = is_of_type(&response, "text/html") || is_of_type(&response, "application/json");
    let Some(page) = face(&response).filter(|_| !is_whole) else { return response };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(write(page)))
}

/// What was said in headers stays: which methods there are, how long to wait.
fn dress_as_json(shape: Shape, response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_of_type(&response, "application/json") {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let mut dressed = shape.error(status);
    dressed.headers_mut().extend(parts.headers);
    dressed
}

fn is_of_type(response: &Response, kind: &str) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(kind.as_bytes()))
}

fn face(response: &Response) -> Option<PlainPage> {
    if let Some(Face(page)) = response.extensions().get() {
        return Some(*page);
    }
    Some(match response.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => PlainPage::NotFound,
        StatusCode::FORBIDDEN => PlainPage::Refused,
        StatusCode::PAYLOAD_TOO_LARGE => PlainPage::TooLarge,
        StatusCode::REQUEST_TIMEOUT => PlainPage::TimedOut,
        StatusCode::TOO_MANY_REQUESTS => PlainPage::TooManyRequests,
        StatusCode::INTERNAL_SERVER_ERROR => PlainPage::ServerError,
        StatusCode::SERVICE_UNAVAILABLE => PlainPage::Unavailable,
        _ => return None,
    })
}

/// A form posts to an address without a language: the page it stands on has one.
fn locale_of(uri: &Uri, headers: &HeaderMap) -> Locale {
    if !uri.path().starts_with("/_fn/") && !uri.path().starts_with(PREFIX) {
        return Locale::of_path(uri.path());
    }
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<Uri>().ok());
    referer.map_or(Locale::En, |page| Locale::of_path(page.path()))
}
