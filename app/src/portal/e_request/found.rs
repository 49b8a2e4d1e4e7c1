//! What a page shows, found before it is rendered. A page that is not at hand sends on to the one that is.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::answer::{AnswerView, answers_of};
use domain::document::of_holder;
use domain::e_request::{Answer, Draft, Question, QuestionProblem, answer, draft, kept_question, sent};
use domain::service_request::{RequestView, view};
use leptos::prelude::*;
use shared::document::DocumentView;
use shared::e_request::Step;
use shared::locale::Locale;

use super::{LATER, REQUEST, SENT, START, STATUS, path_of, step_of};
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
        /// Only where it is shown.
        answer: Option<Arc<Answer>>,
        /// What is attached, where it is shown.
        documents: Arc<[DocumentView]>,
    },
    Sent(Arc<RequestView>),
    Question {
        question: Question,
        problems: Vec<QuestionProblem>,
    },
    Request {
        request: Arc<RequestView>,
        answers: Arc<[AnswerView]>,
    },
    /// Why it could not be found.
    Failed(StatusCode),
}

/// What was found for the page at hand.
pub(super) fn found() -> Found {
    with_context(|parts: &axum::http::request::Parts| parts.extensions.get::<Found>().cloned()).flatten().unwrap_or_default()
}

/// Finds what a page of e-Request shows, or where to go instead. Needs the request's session.
pub async fn find_form(portal: &Arc<PortalContext>, request: &mut axum::extract::Request) -> Option<Response> {
    let page = page_of_path(request.uri().path()).filter(|page| page.starts_with(START))?;
    let locale = Locale::of_path(request.uri().path());
    let asking = Request::of(portal, request.extensions())?;
    match find(&asking, page).await {
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

async fn find(request: &Request, page: &'static str) -> Result<Result<Found, &'static str>, domain::Error> {
    let ctx = &request.portal.domain;
    let key = request.session.request_draft(ctx);
    if page == SENT {
        return Ok(sent(ctx, key).await?.map(|request| Found::Sent(Arc::new(request))).ok_or(START));
    }
    if page == STATUS {
        return Ok(Ok(match request.kept() {
            Some(Kept::Draft(id)) => {
                let (question, problems) = kept_question(ctx, id).await?;
                Found::Question { question, problems }
            }
            _ => Found::Nothing,
        }));
    }
    if page == REQUEST {
        let Some(Kept::Request(id)) = request.kept() else { return Ok(Err(STATUS)) };
        let Some(request) = view(ctx, id).await? else { return Ok(Err(STATUS)) };
        let answers = answers_of(ctx, id).await?.into();
        return Ok(Ok(Found::Request { request: Arc::new(request), answers }));
    }
    let draft = draft(ctx, key).await?;
    let Some(step) = step_of(page) else {
        let is_for_form = page == LATER;
        let unsent = draft.filter(|draft| draft.sent.is_none());
        return Ok(if is_for_form && unsent.is_none() { Err(START) } else { Ok(Found::Form(unsent.map(Arc::new))) });
    };
    let Some(draft) = draft else { return Ok(Err(START)) };
    if draft.sent.is_some() {
        return Ok(Err(SENT));
    }
    if !draft.may_see(ctx, step) {
        return Ok(Err(path_of(draft.step_at_hand(ctx))));
    }
    // From the answer on every page says something of the case, if only that it is there: it is asked again each time.
    let answer = if step < Step::Answer { None } else { Some(answer(ctx, &draft).await?) };
    if matches!(answer, Some(Answer::Gone)) {
        return Ok(Err(path_of(Step::Case)));
    }
    let shows_documents = draft.rule().takes_documents && matches!(step, Step::Documents | Step::Check);
    let documents = if shows_documents { of_holder(ctx, draft.submission).await? } else { Vec::new() };
    Ok(Ok(Found::Step { step, draft: Arc::new(draft), answer: answer.map(Arc::new), documents: documents.into() }))
}

/// A link's token, as far as it can be one: letters, digits, `-` and `_`.
pub(super) fn token_in_address(link: &str) -> String {
    link.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(256).collect()
}
