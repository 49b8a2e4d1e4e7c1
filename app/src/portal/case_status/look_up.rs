//! On the server: from the form to the use case, and from the session to the page.

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use chrono::TimeDelta;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::case_status::LookUpAnswer;
use shared::locale::Locale;
use shared::sensitive::Sensitive;

use super::PAGE;
use super::outcome::Outcome;
use crate::context::{PortalContext, Request};
use crate::portal::site::page_of_path;
use crate::reply::{NO_STORE, Reply};
use crate::session::{Kept, shortened};

/// Answers the form, and keeps the question for the page that follows.
pub async fn find(typed: &str, locale: Locale) -> Result<LookUpAnswer, ServerFnError> {
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let typed = shortened(typed);
    match domain::case_status::answer(&request.portal.domain, request.client, typed, locale).await {
        Ok(answer) => {
            reply.keep(&request, to_keep(&request, typed, &answer));
            reply.go_on_to(PAGE);
            Ok(answer)
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Forgets the question, and has the next page say so. Nothing has to be waited for; a server function waits for something.
pub fn forget(locale: Locale) -> Ready<Result<(), ServerFnError>> {
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return ready(Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR))) };
    reply.keep(&request, Kept::Cleared);
    reply.go_on_to(PAGE);
    ready(Ok(()))
}

/// What the page will show, found before it is rendered; a request extension. Rendering then waits for nothing, which makes
/// the page cost a third less than one that waits in the middle.
#[derive(Clone)]
pub struct FirstOutcome {
    outcome: Outcome,
    status: StatusCode,
}

/// Finds the answer to the question that the session keeps. Needs the request's session and client.
pub async fn find_first(portal: &Arc<PortalContext>, request: &mut axum::extract::Request) {
    if page_of_path(request.uri().path()) != Some(PAGE) {
        return;
    }
    let locale = Locale::of_path(request.uri().path());
    let Some(asking) = Request::of(portal, request.extensions()) else { return };
    let first = if asking.kept() == Some(Kept::Cleared) {
        FirstOutcome { outcome: Outcome::Cleared, status: StatusCode::OK }
    } else {
        match asked_again(&asking, locale).await {
            Ok(answer) => {
                let is_refused = matches!(answer, LookUpAnswer::SlowDown { .. });
                let status = if is_refused { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
                FirstOutcome { outcome: Outcome::Answer(answer), status }
            }
            Err(error) => FirstOutcome { outcome: Outcome::Failed, status: status_of(&error) },
        }
    };
    request.extensions_mut().insert(first);
}

/// What the page shows when it is sent, with the status that goes with it.
pub fn first_outcome() -> Outcome {
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let found = with_context(|parts: &Parts| parts.extensions.get::<FirstOutcome>().cloned()).flatten();
    let Some(FirstOutcome { outcome, status }) = found else { return Outcome::Answer(LookUpAnswer::NotAsked) };
    if status != StatusCode::OK {
        response.set_status(status);
    }
    if let Outcome::Answer(LookUpAnswer::SlowDown { retry_after_seconds }) = &outcome {
        response.insert_header(RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    outcome
}

async fn asked_again(request: &Request, locale: Locale) -> Result<LookUpAnswer, domain::Error> {
    match request.kept() {
        None | Some(Kept::Cleared | Kept::Draft(_) | Kept::Request(_) | Kept::AddressReport(_)) => Ok(LookUpAnswer::NotAsked),
        Some(Kept::Typed(typed)) => domain::case_status::kept_answer(&request.portal.domain, typed.expose(), locale).await,
        Some(Kept::SlowDown { until }) => {
            let seconds = until.signed_duration_since(request.portal.domain.now()).num_seconds();
            Ok(LookUpAnswer::SlowDown { retry_after_seconds: u32::try_from(seconds).unwrap_or(0).max(1) })
        }
    }
}

/// The status of a page whose use case failed.
pub const fn status_of(error: &domain::Error) -> StatusCode {
    match error {
        domain::Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn to_keep(request: &Request, typed: &str, answer: &LookUpAnswer) -> Kept {
    match answer {
        LookUpAnswer::SlowDown { retry_after_seconds } => {
            Kept::SlowDown { until: request.portal.domain.now() + TimeDelta::seconds((*retry_after_seconds).into()) }
        }
        _ => Kept::Typed(Sensitive::new(typed.to_owned())),
    }
}
