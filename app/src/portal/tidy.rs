//! The last touch to a rendered document: what Leptos writes is understood by every browser, but is not valid HTML.

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use memchr::memmem;

/// Between texts, for the client's use. No text or attribute can hold it: there `<` is escaped.
const MARK: &str = "<!>";
/// The same to a browser, and valid.
const VALID_MARK: &str = "<!---->";
const CLIENT: &str = "<script type=\"module\"";
const BODY_END: &str = "</body>";
const SCRIPT_END: &str = "</script>";

/// [`tidy`] for answers, to be laid around the portal's pages with `axum::middleware::map_response`.
pub async fn tidy_response(response: Response) -> Response {
    rewritten(response, tidy).await
}

/// [`bare`] for answers: of pages whose document no client takes over.
pub async fn bare_response(response: Response) -> Response {
    rewritten(response, bare).await
}

async fn rewritten(response: Response, rewrite: fn(&str) -> String) -> Response {
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Our own page: it is as long as it is.
    let Ok(html) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    parts.headers.remove(CONTENT_LENGTH);
    let tidied = std::str::from_utf8(&html).map(rewrite);
    Response::from_parts(parts, tidied.map_or_else(|_| Body::from(html.clone()), Body::from))
}

/// Makes a page of the portal valid: its marks become comments, and the data that Leptos appends after the document moves
/// to the end of its body. A page without the client needs neither.
pub fn tidy(html: &str) -> String {
    let Some(end) = find(html, BODY_END) else { return html.to_owned() };
    let (document, rest) = (&html[..end], &html[end..]);
    if find(document, CLIENT).is_some() { with_marks(document, VALID_MARK, scripts(rest)) } else { with_marks(document, "", "") }
}

/// Makes a page valid that no client takes over: without marks, and without the data that Leptos appends.
pub fn bare(html: &str) -> String {
    find(html, BODY_END).map_or_else(|| html.to_owned(), |end| with_marks(&html[..end], "", ""))
}

fn with_marks(html: &str, mark: &str, data: &str) -> String {
    let mut tidied = String::with_capacity(html.len() + html.len() / 4);
    let mut written = 0;
    for at in memmem::find_iter(html.as_bytes(), MARK) {
        tidied.push_str(&html[written..at]);
        tidied.push_str(mark);
        written = at + MARK.len();
    }
    for part in [&html[written..], data, "</body></html>"] {
        tidied.push_str(part);
    }
    tidied
}

/// As `str::find`, several times as fast: pages are long, and every one comes by here.
fn find(text: &str, wanted: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), wanted.as_bytes())
}

fn scripts(rest: &str) -> &str {
    match (rest.find("<script"), rest.rfind(SCRIPT_END)) {
        (Some(start), Some(end)) if start < end => &rest[start..end + SCRIPT_END.len()],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = "<script nonce=\"n\">a=1;</script><script nonce=\"n\">b=\"x\";</script>";

    #[test]
    fn a_page_with_the_client_keeps_its_marks_and_data() {
        let page = format!("<html><head><script type=\"module\"></script><!></head><body><p>x<!></p></body><!><!></html><!>{DATA}");
        let valid = "<html><head><script type=\"module\"></script><!----></head><body><p>x<!----></p>";
        assert_eq!(tidy(&page), format!("{valid}{DATA}</body></html>"));
    }

    #[test]
    fn a_page_without_the_client_has_neither() {
        let page = format!("<html><head><!></head><body><p>x<!></p></body><!><!></html><!>{DATA}");
        assert_eq!(tidy(&page), "<html><head></head><body><p>x</p></body></html>");
    }

    #[test]
    fn a_bare_page_has_neither_whatever_scripts_it_loads() {
        let page = format!("<html><head><script type=\"module\"></script><!></head><body><p>x<!></p></body><!></html><!>{DATA}");
        assert_eq!(bare(&page), "<html><head><script type=\"module\"></script></head><body><p>x</p></body></html>");
        assert_eq!(bare("no document"), "no document");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        assert_eq!(tidy("<!> no document"), "<!> no document");
        assert_eq!(tidy("<script type=\"module\"></body>x"), "<script type=\"module\"></body></html>");
    }
}
