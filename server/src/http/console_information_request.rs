//! Documents of information requests come in, are looked at and redacted; packages go out to OBIM.

use std::sync::Arc;

use app::console::AtWork;
use app::console::information_request::{areas, document_refused, not_added, not_redacted};
use app::console::outcome::Outcome;
use app::console::site::{ADD_RELEASE_DOCUMENT, AGAIN, FETCH_PACKAGE, INFORMATION_REQUESTS, PACKAGES, REDACT, leading_on};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Error;
use domain::actor::Action;
use domain::information_request::{
    Done, Fetch, NewDocument, StoredDocument, add_document, document, fetch, part, redact, to_fetch,
};
use futures::stream;
use shared::agreement::Element;
use shared::document::{DocumentProblem, RedactionFault};
use shared::protection::CisAnswer;
use store::crypto::sha256;
use uuid::Uuid;

use super::upload::Attached;
use super::{App, error_pages};

/// Longest form: six areas and two ids.
const LONGEST_FORM: usize = 8 << 10;

/// For who signed in: the layer of the console stands before it, and has looked at the forms' token.
pub fn routes(app: &App) -> Router {
    Router::new()
        .route(ADD_RELEASE_DOCUMENT, post(add))
        .route(&format!("{INFORMATION_REQUESTS}/{{request}}/documents/{{document}}/content"), get(content))
        .route(REDACT, post(take_out))
        .route(FETCH_PACKAGE, post(package))
        .with_state(app.clone())
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        Error::Refused | Error::StepUp => StatusCode::FORBIDDEN,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

/// To a page of the console, which says once what came of it.
fn to_page(at_work: &AtWork, page: &str, said: Outcome) -> Response {
    let mut response = ([(CACHE_CONTROL, "no-store")], Redirect::to(page)).into_response();
    response.headers_mut().append(SET_COOKIE, said.cookie(at_work));
    response
}

/// What is no id is nobody's.
fn named(fields: &[(String, String)], name: &str) -> Uuid {
    fields.iter().find(|(known, _)| known == name).and_then(|(_, id)| id.parse().ok()).unwrap_or_default()
}

async fn add(State(app): State<App>, sent: Request) -> Response {
    let (at_work, mut upload) = match app.uploads.read_of_officer(&app, sent, Action::PrepareReleases, 1).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let request = named(&upload.fields, "id");
    let element = upload.field("element").and_then(Element::from_key);
    let page = format!("{INFORMATION_REQUESTS}/{request}");
    let not_done = match taken(&app, upload.file("file")).await {
        Err(problem) => Some(document_refused(problem)),
        Ok(new) => {
            let new = |element| NewDocument { element, ..new };
            let Some(element) = element else {
                return to_page(&at_work, &page, Outcome::not_done("Nothing was added: choose what it is."));
            };
            match Box::pin(add_document(&app.console.domain, at_work.officer(), request, new(element))).await {
                Ok(added) => not_added(added),
                Err(error) => return failed(&error),
            }
        }
    };
    to_page(&at_work, &page, not_done.map_or_else(|| Outcome::done("Added."), Outcome::not_done))
}

/// Scanned and cleaned as every document is. What it is of is said by its form.
async fn taken(app: &App, file: Attached) -> Result<NewDocument, DocumentProblem> {
    let bytes = match file {
        Attached::None => return Err(DocumentProblem::Empty),
        Attached::TooLarge => return Err(DocumentProblem::TooLarge),
        Attached::File(_, bytes) => bytes,
    };
    let (_, cleaned) = app.documents.look_through(&bytes).await?;
    let element = Element::OtherDocumentImage;
    Ok(NewDocument { element, kind: cleaned.kind, sha256: sha256(&bytes), content: cleaned.content })
}

async fn content(State(app): State<App>, Path((request, id)): Path<(Uuid, Uuid)>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    match Box::pin(document(&app.console.domain, at_work.officer(), request, id)).await {
        Ok(Some(found)) => shown(found),
        // Who may not know of it cannot tell it from one that is not there.
        Ok(None) | Err(Error::Refused) => error_pages::bare(StatusCode::NOT_FOUND),
        Err(error) => failed(&error),
    }
}

/// In the page, in no cache, and with no way to anything else. It was cleaned when it came in, and is of the kind that was found then.
fn shown(found: StoredDocument) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(found.row.kind.media_type())),
        (CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, found.content).into_response()
}

async fn take_out(State(app): State<App>, asked: Request) -> Response {
    let (at_work, fields) = match form(&app, asked).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let (request, id) = (named(&fields, "id"), named(&fields, "document"));
    let page = format!("{INFORMATION_REQUESTS}/{request}/documents/{id}");
    match redacted(&app, &at_work, (request, id), &fields).await {
        Ok(Ok(Done::Done)) => to_page(&at_work, &page, Outcome::done("It is gone. Look whether everything is that should be.")),
        Ok(Ok(_)) => to_page(
            &at_work,
            &page,
            Outcome::not_done("Nothing was taken out: the request is not with you, or somebody was quicker."),
        ),
        Ok(Err(fault)) => to_page(&at_work, &page, Outcome::not_done(not_redacted(fault))),
        Err(error) => failed(&error),
    }
}

/// Has what the form names taken out of a document, and keeps what is left of it.
async fn redacted(
    app: &App,
    at_work: &AtWork,
    (request, id): (Uuid, Uuid),
    fields: &[(String, String)],
) -> Result<Result<Done, RedactionFault>, Error> {
    let (ctx, officer) = (&app.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::PrepareReleases) {
        return Err(Error::Refused);
    }
    let Some(areas) = areas(fields) else { return Ok(Err(RedactionFault::NoArea)) };
    let found = Box::pin(document(ctx, officer, request, id)).await?.ok_or(Error::Refused)?;
    match app.redactor.redact(found.row.kind, &found.content, &areas).await {
        Ok(left) => Box::pin(redact(ctx, officer, request, id, &areas, left)).await.map(Ok),
        Err(fault) => Ok(Err(fault)),
    }
}

/// Who sends a form, and what is in it.
async fn form(app: &App, asked: Request) -> Result<(AtWork, Vec<(String, String)>), Response> {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return Err(error_pages::bare(StatusCode::FORBIDDEN));
    };
    let read = to_bytes(asked.into_body(), LONGEST_FORM).await.map_err(|_| error_pages::bare(StatusCode::BAD_REQUEST))?;
    Ok((at_work, serde_urlencoded::from_bytes(&read).unwrap_or_default()))
}

/// A package for OBIM: protection is asked about once more, the disclosure is committed, and only then does a byte leave.
async fn package(State(app): State<App>, asked: Request) -> Response {
    let (at_work, fields) = match form(&app, asked).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    match Box::pin(fetched(&app, &at_work, named(&fields, "id"))).await {
        Ok(Fetch::Fetch { package, bytes, parts }) => given_out(&app, at_work, package, bytes, parts),
        Ok(Fetch::NotNow) => to_page(
            &at_work,
            PACKAGES,
            Outcome::not_done("Nothing was given out: it may not leave any more, or somebody was quicker."),
        ),
        Err(Error::StepUp) => Redirect::to(&leading_on(AGAIN, Some(PACKAGES))).into_response(),
        Err(error) => failed(&error),
    }
}

async fn fetched(app: &App, at_work: &AtWork, request: Uuid) -> Result<Fetch, Error> {
    let (ctx, officer) = (&app.console.domain, at_work.officer());
    let Some(due) = to_fetch(ctx, officer, request).await? else { return Ok(Fetch::NotNow) };
    let cis = match &app.cis {
        Some(cis) => cis.ask(&due.a_numbers).await,
        // Where nobody can be asked nothing is known, and nothing leaves.
        None => CisAnswer::Failed,
    };
    Box::pin(fetch(ctx, officer, &due, &cis)).await
}

/// One part after the other: a package is larger than what one process may hold.
fn given_out(app: &App, at_work: AtWork, package: Uuid, bytes: u64, parts: u32) -> Response {
    let ctx = app.console.domain.clone();
    let parts = stream::unfold((0, at_work), move |(position, at_work)| {
        let ctx = ctx.clone();
        async move {
            if position >= parts {
                return None;
            }
            let read = Box::pin(part(&ctx, at_work.officer(), package, position)).await;
            let read = read.ok().flatten().ok_or_else(|| std::io::Error::other("a part of the package is missing"));
            Some((read, (position + 1, at_work)))
        }
    });
    let headers: [(HeaderName, HeaderValue); 5] = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_LENGTH, HeaderValue::from(bytes)),
        (CONTENT_DISPOSITION, disposition(package)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, Body::from_stream(parts)).into_response()
}

/// By its own number, which says nothing of anybody.
fn disposition(package: Uuid) -> HeaderValue {
    HeaderValue::try_from(format!("attachment; filename=\"package-{}.portico\"", package.simple()))
        .unwrap_or(HeaderValue::from_static("attachment"))
}
