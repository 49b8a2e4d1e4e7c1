//! What a page shows, found before it is rendered. A page that is not at hand sends on to the one that is.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::change_of_address::{
    Draft, Found as Beside, Question, QuestionProblem, ReceiptView, deniable, draft, found as beside, kept_question, receipt,
};
use leptos::prelude::*;
use shared::change_of_address::Step;
use shared::locale::Locale;

use super::{NOT_ME, RECEIPT, START, STATUS, path_of, step_of};
use crate::context::{PortalContext, Request};
use crate::portal::case_status::status_of;
use crate::portal::site::page_of_path;
use crate::session::Kept;

/// What a page of these shows; a request extension.
#[derive(Clone, Default)]
pub(super) enum Found {
    #[default]
    Nothing,
    /// The form that was begun, if one was.
    Form(Option<Arc<Draft>>),
    Step {
        step: Step,
        draft: Arc<Draft>,
        beside: Arc<Beside>,
    },
    Receipt(Arc<ReceiptView>),
    Question {
        question: Question,
        problems: Vec<QuestionProblem>,
    },
    /// Whether a link from a message can still do something.
    Link(bool),
    /// Why it could not be found.
    Failed(StatusCode),
}

/// What was found for the page at hand.
pub(super) fn found() -> Found {
    with_context(|parts: &axum::http::request::Parts| parts.extensions.get::<Found>().cloned()).flatten().unwrap_or_default()
}

/// Finds what a page of these shows, or where to go instead. Needs the request's session.
pub async fn find_change(portal: &Arc<PortalContext>, request: &mut axum::extract::Request) -> Option<Response> {
    let page = page_of_path(request.uri().path()).filter(|page| page.starts_with(START))?;
    let locale = Locale::of_path(request.uri().path());
    let link = link_of(request.uri().query().unwrap_or_default());
    let asking = Request::of(portal, request.extensions())?;
    match find(&asking, page, &link).await {
        Ok(Ok(found)) => {
            request.extensions_mut().insert(found);
            None
        }
        Ok(Err(instead)) => Some(Redirect::to(&locale.path(instead)).into_response()),
        Err(error) => {
            request.extensions_mut().insert(Found::Failed(status_of(&error)));
            None
        }
    }
}

/// The token of a link in a query.
fn link_of(query: &str) -> String {
    let link = query.split('&').find_map(|part| part.strip_prefix("link="));
    token_in_address(link.unwrap_or_default())
}

async fn find(request: &Request, page: &'static str, link: &str) -> Result<Result<Found, &'static str>, domain::Error> {
    let ctx = &request.portal.domain;
    let key = request.session.address_draft(ctx);
    match page {
        RECEIPT => {
            let id = match request.kept() {
                Some(Kept::AddressReport(id)) => Some(id),
                _ => draft(ctx, key).await?.and_then(|draft| draft.sent),
            };
            let Some(id) = id else { return Ok(Err(STATUS)) };
            return Ok(receipt(ctx, id).await?.map(|receipt| Found::Receipt(Arc::new(receipt))).ok_or(STATUS));
        }
        STATUS => {
            return Ok(Ok(match request.kept() {
                Some(Kept::Draft(id)) if link.is_empty() => {
                    let (question, problems) = kept_question(ctx, id).await?;
                    Found::Question { question, problems }
                }
                _ => Found::Question { question: Question { link: link.to_owned(), ..Question::default() }, problems: Vec::new() },
            }));
        }
        NOT_ME => return Ok(Ok(Found::Link(deniable(ctx, link).await?))),
        _ => {}
    }
    let draft = draft(ctx, key).await?;
    let Some(step) = step_of(page) else { return Ok(Ok(Found::Form(draft.filter(|draft| draft.sent.is_none()).map(Arc::new)))) };
    let Some(mut draft) = draft else { return Ok(Err(START)) };
    if draft.sent.is_some() {
        return Ok(Err(RECEIPT));
    }
    if !draft.may_see(ctx, step) {
        return Ok(Err(path_of(draft.step_at_hand(ctx))));
    }
    let Some(found) = beside(ctx, key, &mut draft, step).await? else { return Ok(Err(path_of(Step::Cases))) };
    Ok(Ok(Found::Step { step, draft: Arc::new(draft), beside: Arc::new(found) }))
}

/// A link's token, as far as it can be one: letters, digits, `-` and `_`.
pub(super) fn token_in_address(link: &str) -> String {
    link.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(256).collect()
}
