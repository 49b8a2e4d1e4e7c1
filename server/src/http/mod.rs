//! HTTP: every route with its kind, and the layers around all of them.
//!
//! A route is of one [`Kind`], which decides how a request proves itself; the kind is declared where the route is
//! ([`routes`]). Around all routes stands [`around`]: observation (request id, access log, metrics), error pages and their
//! JSON, security headers, the client's address, rate limit, time-out, and a net for panics.

mod api;
mod attach;
mod classic;
mod client_ip;
mod confirmation;
mod console;
mod console_accounting;
mod console_agreement;
mod console_biometric;
mod console_document;
mod console_export;
mod console_information_request;
mod console_letter;
mod console_oidc;
mod console_query;
mod console_redress;
mod console_retention;
mod console_script;
mod console_waiver;
mod csol;
mod csrf;
mod error_pages;
mod files;
mod headers;
mod health;
mod live;
mod machines;
mod metrics;
mod observe;
mod one_click_stop;
pub mod openapi;
mod portal;
mod processing_times;
mod rate;
mod service_report;
mod sheet;
mod tls;
mod upload;

pub use metrics::{recorder, serve_metrics};
pub use tls::{serve, told_to_stop};

use gateways::ident::{Cis, Ident};
use gateways::letters::Letters;
use gateways::oidc::Oidc;
use gateways::redaction::Redactor;
use std::ops::Deref;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use app::console::ConsoleContext;
use app::context::PortalContext;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use futures::FutureExt as _;
use utoipa_axum::router::OpenApiRouter;

use crate::document::Documents;
use crate::settings::{Settings, Surface};

/// What routes and layers need. Every layer clones it for every request, so it is one pointer.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

pub struct AppParts {
    pub portal: Arc<PortalContext>,
    pub console: Arc<ConsoleContext>,
    pub settings: Arc<Settings>,
    /// The agency's identity provider.
    oidc: Option<Oidc>,
    /// Asked who somebody is who stands before an officer.
    ident: Option<Ident>,
    /// Asked what protects somebody, before a package leaves.
    cis: Option<Cis>,
    /// Sets letters as PDF.
    letters: Letters,
    /// Takes areas out of documents.
    redactor: Redactor,
    pub documents: Documents,
    pub uploads: upload::Uploads,
    rate: rate::Limits,
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// How a request proves itself. Each route declares one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pages and forms: a sealed session cookie; whatever is unsafe needs Fetch-Metadata and the session's token.
    Session,
    /// The officers' console: a session that is a row, and the same proofs as `Session`; without one, the way in only.
    Officer,
    /// Machines: a bearer token, credentials in the body, or a signed link. Cookies are ignored.
    Bearer,
    /// Open to everybody and changing nothing. Cookies are ignored.
    PublicRead,
    /// Forms that bring a file: as `Session`, but the token is the body's first part. Reading the body checks it
    /// ([`upload::Uploads::read`]).
    Upload,
}

/// Longest work on one request.
const TIME_OUT: Duration = Duration::from_secs(30);

impl App {
    pub fn new(
        portal: Arc<PortalContext>,
        console: Arc<ConsoleContext>,
        settings: Arc<Settings>,
        documents: Documents,
        oidc: Option<Oidc>,
        (ident, cis): (Option<Ident>, Option<Cis>),
    ) -> Self {
        let rate = rate::Limits::new(&settings);
        let uploads = upload::Uploads::default();
        let (letters, redactor) = (Letters::new(None), Redactor::new(None));
        Self(Arc::new(AppParts { portal, console, settings, oidc, ident, cis, letters, redactor, documents, uploads, rate }))
    }
}

/// The whole service.
pub fn router(app: &App) -> Router {
    routes(app).layer(from_fn_with_state(app.clone(), around))
}

/// What stands around every route. It is one layer, since axum copies whatever is below a layer for each request.
async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let observed = observe::begin(&request);
    let reader = error_pages::reader(&app, &request);
    let nonce = headers::give_nonce(&app, &mut request);
    let response = admitted(&app, request, next).await;
    let response = error_pages::dress(&app, reader, response);
    observed.end(headers::secure(&app, &nonce, response))
}

/// Runs a request whose client may be served and has not sent too many.
async fn admitted(app: &App, mut request: Request, next: Next) -> Response {
    let Some(client) = client_ip::find(app, &mut request) else { return error_pages::bare(StatusCode::MISDIRECTED_REQUEST) };
    match rate::check(app, &request, client) {
        Err(refused) => refused,
        Ok(()) => bounded(request, next).await,
    }
}

/// Runs a request as long as it may take, and keeps a panic to itself.
async fn bounded(request: Request, next: Next) -> Response {
    let longest = if request.uri().path().starts_with(upload::PREFIX) { upload::TIME_OUT } else { TIME_OUT };
    let caught = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(longest, caught).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a request panicked");
            error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(_) => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Every route, with its kind and its surface.
fn routes(app: &App) -> Router {
    let mut router = of_kind(Kind::PublicRead, app, health::routes(app).merge(files::routes(app)));
    if app.settings.offers(Surface::Api) {
        let bearer = of_kind(Kind::Bearer, app, Router::from(bearer_routes()).with_state(app.clone()));
        let open = Router::from(open_routes()).merge(machines::nothing()).with_state(app.clone());
        router = router.merge(closable(app, Surface::Api, bearer.merge(of_kind(Kind::PublicRead, app, open))));
    }
    let console = if app.settings.offers(Surface::Console) {
        let files = console_document::routes(app)
            .merge(console_letter::routes(app))
            .merge(console_script::routes(app))
            .merge(console_agreement::routes(app))
            .merge(console_biometric::routes(app))
            .merge(console_query::routes(app))
            .merge(console_waiver::routes(app))
            .merge(console_retention::routes(app))
            .merge(console_information_request::routes(app))
            .merge(console_redress::routes(app))
            .merge(console_accounting::routes(app));
        let files = files.merge(console_export::routes(app)).merge(live::routes(app));
        closable(app, Surface::Console, of_kind(Kind::Officer, app, console::routes(app).merge(files)))
    } else {
        console::nothing()
    };
    router = router.merge(console);
    if app.settings.offers(Surface::Portal) {
        let open =
            of_kind(Kind::PublicRead, app, classic::routes(app)).merge(of_kind(Kind::Bearer, app, one_click_stop::routes(app)));
        let pages = of_kind(Kind::Session, app, portal::routes(app)).merge(of_kind(Kind::Upload, app, attach::routes(app)));
        router = router.merge(closable(app, Surface::Portal, pages.merge(open)));
    }
    router
}

/// JSON for machines with credentials. What is routed here is in the API document.
fn bearer_routes() -> OpenApiRouter<App> {
    api::routes()
}

/// JSON that anybody may ask. What is routed here is in the API document.
fn open_routes() -> OpenApiRouter<App> {
    csol::routes().merge(processing_times::routes()).merge(service_report::routes()).merge(openapi::routes())
}

fn of_kind(kind: Kind, app: &App, router: Router) -> Router {
    match kind {
        Kind::Session => router.layer(from_fn_with_state(app.clone(), csrf::in_session)),
        Kind::Officer => router.layer(from_fn_with_state(app.clone(), console::in_session)),
        Kind::Bearer | Kind::PublicRead => router.layer(from_fn(ignore_cookies)),
        Kind::Upload => router,
    }
}

/// A closed surface answers 503, whatever is asked of it: people get a plain page, machines JSON.
fn closable(app: &App, surface: Surface, router: Router) -> Router {
    if !app.settings.closed_surfaces.0.contains(&surface) {
        return router;
    }
    match surface {
        Surface::Portal | Surface::Console => router.layer(from_fn(async |_: Request, _: Next| error_pages::closed())),
        Surface::Api => router.layer(from_fn(async |_: Request, _: Next| StatusCode::SERVICE_UNAVAILABLE)),
    }
}

async fn ignore_cookies(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(header::COOKIE);
    let mut response = next.run(request).await;
    response.headers_mut().remove(header::SET_COOKIE);
    response
}
