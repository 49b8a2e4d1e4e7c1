//! What changes while a page of the console is open, as server-sent events. Proxies have to let them through one by one.

use std::collections::BTreeMap;
use std::convert::Infallible;

use app::console::site::LIVE;
use app::console::{AtWork, SessionToken};
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Error;
use domain::live::{Said, Watch, Watched, watch};
use futures::stream;
use shared::office::OfficeCode;

use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new().route(LIVE, get(open)).with_state(app.clone())
}

async fn open(State(app): State<App>, Query(query): Query<BTreeMap<String, String>>, http: Request) -> Response {
    let nobody = || error_pages::bare(StatusCode::FORBIDDEN);
    let Some(at_work) = AtWork::of(&app.console, http.extensions()) else { return nobody() };
    let Some(SessionToken(token)) = http.extensions().get::<SessionToken>().cloned() else { return nobody() };
    let watched = Watched {
        office: query.get("office").and_then(|office| OfficeCode::parse(office).ok()),
        request: query.get("request").and_then(|request| request.parse().ok()),
    };
    match watch(&app.console.domain, &at_work.live, token, watched, since(http.headers(), &query)).await {
        Ok(Some(watch)) => stream_of(&app, watch),
        // The page goes on without; it is loaded again by hand.
        Ok(None) => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "60")]).into_response(),
        // What this officer may not see cannot be told from what there is not.
        Err(Error::Refused | Error::StepUp) => error_pages::bare(StatusCode::NOT_FOUND),
        Err(Error::Unavailable) => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
        Err(Error::Internal | Error::Unusable(_)) => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// What was said last: on this stream before it broke off, or to the page when it was loaded.
fn since(headers: &HeaderMap, query: &BTreeMap<String, String>) -> Option<i64> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    last.or(query.get("since").map(String::as_str))?.parse().ok()
}

fn stream_of(app: &App, watch: Watch) -> Response {
    // When a server stops, its pages do not come to the next one all at once.
    let [random] = app.console.domain.random_bytes::<1>();
    let retry = format!("retry: {}\n\n", 2000 + u32::from(random) * 16);
    let body = stream::unfold((Some(retry), watch), async |(retry, mut watch)| {
        let text = match retry {
            Some(retry) => retry,
            None => text_of(&watch.next().await?, watch.position()),
        };
        Some((Ok::<_, Infallible>(text), (None, watch)))
    });
    let headers = [
        (CONTENT_TYPE.as_str(), "text/event-stream"),
        (CACHE_CONTROL.as_str(), "no-store"),
        // nginx keeps answers back until they are whole, unless told not to.
        ("x-accel-buffering", "no"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// An event: a list of what changed, empty where the page is to look by itself. Without an event a comment keeps the connection from
/// being taken for dead.
fn text_of(said: &Said, position: i64) -> String {
    let changes = match said {
        Said::Nothing => return format!(":\nid: {position}\n\n"),
        Said::Again => Vec::new(),
        Said::Changes(changes) => changes
            .iter()
            .map(|change| {
                serde_json::json!({
                    "office": change.office.as_ref().map(OfficeCode::as_str),
                    "request": change.request,
                    "kind": change.kind.key(),
                    "version": change.version,
                })
            })
            .collect(),
    };
    format!("id: {position}\ndata: {}\n\n", serde_json::Value::Array(changes))
}

#[cfg(test)]
mod tests {
    use domain::live::Change;
    use shared::live::ChangeKind;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_event_names_the_request_and_nothing_that_is_told_in_it() {
        let office = OfficeCode::parse("NBC").ok();
        let change = Change { office, request: Uuid::nil(), kind: ChangeKind::Moved, version: 4 };
        let text = text_of(&Said::Changes(vec![change]), 17);
        let data = r#"[{"kind":"moved","office":"NBC","request":"00000000-0000-0000-0000-000000000000","version":4}]"#;
        assert_eq!(text, format!("id: 17\ndata: {data}\n\n"));
        assert_eq!(text_of(&Said::Again, 18), "id: 18\ndata: []\n\n");
        assert_eq!(text_of(&Said::Nothing, 18), ":\nid: 18\n\n");
    }
}
