//! Error answers as pages of their own, without script and without database. Layers and handlers give the status; this gives
//! it a face, in the language of the page that was asked for.

use app::portal::{PlainPage, plain_page};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use shared::locale::Locale;

use super::App;

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

/// A browser that can be shown a page, and the language of its reader.
#[derive(Clone, Copy)]
pub struct Reader(Locale);

/// The reader of an answer; `None` for a program.
pub fn reader(request: &Request) -> Option<Reader> {
    let accept = request.headers().get(header::ACCEPT)?.to_str().ok()?;
    accept.contains("text/html").then(|| Reader(locale_of(request.uri(), request.headers())))
}

/// Gives an error answer without a page its page.
pub fn dress(app: &App, reader: Option<Reader>, response: Response) -> Response {
    let Some(Reader(locale)) = reader else { return response };
    // A machine's answer stays what it is: some ask for `text/html` before anything else.
    let is_whole = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html") || kind.as_bytes() == b"application/json";
    let is_whole = response.headers().get(header::CONTENT_TYPE).is_some_and(is_whole);
    let Some(page) = face(&response).filter(|_| !is_whole) else { return response };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(plain_page(page, locale, &app.portal.site, &app.portal.bundle)))
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
    if !uri.path().starts_with("/_fn/") {
        return Locale::of_path(uri.path());
    }
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<Uri>().ok());
    referer.map_or(Locale::En, |page| Locale::of_path(page.path()))
}
