//! What people attached to a request, for the officers who may read it.

use std::fmt::Write as _;
use std::sync::Arc;

use app::console::AtWork;
use app::console::site::REQUESTS;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Error;
use domain::service_request;
use shared::document::DocumentView;
use uuid::Uuid;

use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new().route(&format!("{REQUESTS}/{{request}}/documents/{{document}}"), get(document)).with_state(app.clone())
}

async fn document(State(app): State<App>, Path((request, id)): Path<(Uuid, Uuid)>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    match find(&app, &at_work, request, id).await {
        Ok(Some((view, content))) => download(&view, content),
        // A request that this officer may not read cannot be told from one that there is not.
        Ok(None) | Err(Error::Refused | Error::StepUp) => error_pages::bare(StatusCode::NOT_FOUND),
        Err(Error::Unavailable) => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
        Err(Error::Internal | Error::Unusable(_)) => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn find(app: &App, at_work: &AtWork, request: Uuid, id: Uuid) -> Result<Option<(DocumentView, Vec<u8>)>, Error> {
    let found = service_request::document(&app.console.domain, at_work.officer(), request, id).await?;
    let Some(document) = found else { return Ok(None) };
    let content = app.documents.content(&document).await?;
    Ok(Some((document.view, content)))
}

/// Never shown in the page: it is a stranger's file. Its name is data of the person, so the address has none.
fn download(view: &DocumentView, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", percent(view.name.as_str()));
    let disposition = HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(view.kind.media_type())),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, content).into_response()
}

/// A name as RFC 8187 wants it: everything but plain letters, digits and a few signs by its bytes.
fn percent(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            written.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_name_stays_in_its_header() {
        assert_eq!(percent("photo-1_a.PNG"), "photo-1_a.PNG");
        assert_eq!(percent("a b\"; filename=x\r\nñ"), "a%20b%22%3B%20filename%3Dx%0D%0A%C3%B1");
    }
}
