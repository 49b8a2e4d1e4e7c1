//! The classic status page's routes: query, form or multipart form, the same answer. Open to everybody, within the limits of
//! the portal. Nothing is kept: no session, no cookie.

use app::context::CspNonce;
use app::portal::classic::{PATH, classic_page};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::ClientIp;
use domain::case_status::answer;
use shared::case_status::LookUpAnswer;
use shared::locale::Locale;

use super::App;

const RECEIPT_NUMBER: &str = "appReceiptNum";
const LOCALE: &str = "changeLocale";
/// Most bytes of a form.
const LARGEST_FORM: usize = 16 * 1024;

pub fn routes(app: &App) -> Router {
    let page = get(classic).post(classic).layer(DefaultBodyLimit::max(LARGEST_FORM));
    Router::new().route(PATH, page.clone()).route("/casestatus/landing.do", page).with_state(app.clone())
}

async fn classic(
    State(app): State<App>,
    Extension(client): Extension<ClientIp>,
    Extension(nonce): Extension<CspNonce>,
    request: Request,
) -> Response {
    let Ok(fields) = fields(request).await else { return StatusCode::BAD_REQUEST.into_response() };
    let value = |wanted: &str| fields.iter().rfind(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let locale = if value(LOCALE).is_some_and(|tag| tag.starts_with(Locale::Es.tag())) { Locale::Es } else { Locale::En };
    let answer = match value(RECEIPT_NUMBER) {
        None => Ok(LookUpAnswer::NotAsked),
        Some(typed) => answer(&app.portal.domain, client, typed, locale).await,
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(domain::Error::Unavailable) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let page = Html(classic_page(&answer, locale, &app.portal.site, &app.portal.bundle, &nonce));
    match answer {
        LookUpAnswer::SlowDown { retry_after_seconds } => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, retry_after_seconds.to_string())], page).into_response()
        }
        // Found or not: callers take another code for a failure of the service.
        _ => page.into_response(),
    }
}

struct Unreadable;

/// The fields of query and body, in this order.
async fn fields(request: Request) -> Result<Vec<(String, String)>, Unreadable> {
    let pairs = |text: &[u8]| serde_urlencoded::from_bytes::<Vec<(String, String)>>(text).map_err(|_| Unreadable);
    let mut fields = pairs(request.uri().query().unwrap_or_default().as_bytes())?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unreadable)?;
        while let Some(part) = parts.next_field().await.map_err(|_| Unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            fields.push((name, part.text().await.map_err(|_| Unreadable)?));
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let body = Bytes::from_request(request, &()).await.map_err(|_| Unreadable)?;
        fields.extend(pairs(&body)?);
    }
    Ok(fields)
}
