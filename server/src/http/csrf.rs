//! The session of a page, and the proof that an unsafe request comes from a page of that session.
//!
//! Leptos has no defence of its own. Two are checked here: what the browser says of the request's origin
//! (Fetch-Metadata, or `Origin` from older browsers), and a token bound to the session (NIST SP 800-63B, section 5.1).

use app::csrf::{FIELD, HEADER};
use app::session::PortalSession;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{App, error_pages};

/// Longest body of a form.
const LONGEST_FORM: usize = 64 * 1024;

/// Runs a request in its session, or in one that begins with it.
pub async fn in_session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let cookies = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok());
    let session = PortalSession::open(&app.portal.domain, app.portal.secure_cookies, cookies);
    let begun = session.is_new().then(|| session.cookie(&app.portal.domain, None));
    request.extensions_mut().insert(session.clone());
    let token = session.csrf_token(&app.portal.domain);
    let mut response = match proven(&app, Proof::Token(&token), request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal,
    };
    // What a page kept in the session says more than that the session began.
    if let Some(cookie) = begun.filter(|_| !response.headers().contains_key(header::SET_COOKIE)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// What an unsafe request has to prove.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    /// That it comes from a page of this origin: for what changes nothing.
    Origin,
    /// And that the page was this session's.
    Token(&'a str),
}

/// Lets safe requests through, and unsafe ones that prove where they come from.
pub async fn proven(app: &App, proof: Proof<'_>, request: Request) -> Result<Request, Response> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(request);
    }
    if !is_same_origin(request.headers(), app.settings.public_url.origin()) {
        return Err(error_pages::refused());
    }
    let Proof::Token(expected) = proof else { return Ok(request) };
    let (parts, body) = request.into_parts();
    let too_large = |_| error_pages::bare(StatusCode::PAYLOAD_TOO_LARGE);
    let body = axum::body::to_bytes(body, LONGEST_FORM).await.map_err(too_large)?;
    if !token(&parts.headers, &body).is_some_and(|token| store::crypto::same(expected.as_bytes(), token.as_bytes())) {
        return Err(error_pages::refused());
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// What the browser says of where a request comes from.
pub fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => text("origin") == Some(origin),
    }
}

fn token(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    if let Some(token) = headers.get(HEADER) {
        return token.to_str().ok().map(Into::into);
    }
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
    fields.into_iter().find(|(name, _)| name == FIELD).map(|(_, token)| token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_origin_may_send_forms() {
        let origin = "https://status.agency.example";
        let says = |headers: &[(&'static str, &'static str)]| {
            is_same_origin(&headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect(), origin)
        };
        assert!(says(&[("sec-fetch-site", "same-origin")]));
        assert!(says(&[("origin", origin)]));
        for refused in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", origin)],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://status.agency.example")],
        ] {
            assert!(!says(refused), "{refused:?}");
        }
    }
}
