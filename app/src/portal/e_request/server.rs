//! The server functions of these pages. They are called by plain forms only.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::answer::{NotHelped, did_not_help};
use domain::e_request::{
    FollowUp, Question, Resumed, Saved, Submitted, Written, attaching, begin, follow_up, forget, keep_for_later, remind, resume,
    save, submit,
};
use domain::service_request::{Added, Withdrawn, add_information, withdraw};
use leptos::prelude::*;
use shared::case_status::ReceiptNumber;
use shared::e_request::Step;
use shared::locale::Locale;
use shared::service_request::RequestKind;

use super::outcome::{Outcome, in_address, slow_down_in_address};
use super::{DONE, LATER, REQUEST, RESUME, SENT, START, STATUS, path_of};
use crate::context::Request;
use crate::portal::case_status::status_of;
use crate::reply::Reply;
use crate::session::Kept;

/// Begins a request of a kind, or goes on with one as a request of that kind.
#[server(BeginRequest, prefix = "/_fn", endpoint = "e_request/begin")]
pub async fn begin_request(#[server(default)] kind: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some(kind) = RequestKind::from_key(&kind).filter(|kind| RequestKind::ONLINE.contains(kind)) else {
        reply.go_on_to(&format!("{START}?choose"));
        return Ok(());
    };
    let ctx = &request.portal.domain;
    // The number that was looked up last is not asked again.
    let typed = match request.kept() {
        Some(Kept::Typed(typed)) => ReceiptNumber::parse(typed.expose()).ok(),
        _ => None,
    };
    match begin(ctx, request.session.request_draft(ctx), kind, typed.as_ref()).await {
        Ok(step) => {
            reply.renew(&request);
            reply.go_on_to(path_of(step));
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Keeps what was typed on a page.
#[server(SaveStep, prefix = "/_fn", endpoint = "e_request/save")]
pub async fn save_step(
    #[server(default)] step: String,
    #[server(default)] typed: BTreeMap<String, String>,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some(step) = Step::from_key(&step) else {
        reply.go_on_to(START);
        return Ok(());
    };
    let ctx = &request.portal.domain;
    match save(ctx, request.client, request.session.request_draft(ctx), step, &typed).await {
        Ok(Saved::GoTo(step)) => {
            reply.renew(&request);
            reply.go_on_to(path_of(step));
        }
        Ok(Saved::NoDraft) => reply.go_on_to(START),
        Ok(Saved::TooMany(refused)) => reply.go_on_to(&format!("{DONE}{}", slow_down_in_address(refused.retry_after_seconds))),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Takes an attached file away again.
#[server(RemoveDocument, prefix = "/_fn", endpoint = "e_request/remove_document")]
pub async fn remove_document(#[server(default)] id: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    let (draft, id) = (attaching(ctx, request.session.request_draft(ctx)).await, id.parse());
    let removed = match (draft, id) {
        (Ok(Some(draft)), Ok(id)) => domain::document::remove(ctx, draft.holder, id).await,
        (Ok(_), _) => Ok(false),
        (Err(error), _) => Err(error),
    };
    match removed {
        Ok(_) => {
            reply.go_on_to(path_of(Step::Documents));
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Sends the request.
#[server(SendRequest, prefix = "/_fn", endpoint = "e_request/send")]
pub async fn send_request(#[server(default)] locale: String) -> Result<(), ServerFnError> {
    let locale = Locale::from_tag(&locale);
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    match submit(ctx, request.session.request_draft(ctx), locale).await {
        Ok(Submitted::Stored(_)) => reply.go_on_to(SENT),
        Ok(Submitted::GoTo(step)) => reply.go_on_to(path_of(step)),
        Ok(Submitted::NoDraft) => reply.go_on_to(START),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Forgets what was typed. For shared computers.
#[server(ForgetRequest, prefix = "/_fn", endpoint = "e_request/forget")]
pub async fn forget_request(#[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    match forget(ctx, request.session.request_draft(ctx)).await {
        Ok(()) => {
            reply.forget(&request);
            reply.go_on_to(&to(Outcome::Forgotten));
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Keeps the form for a week and sends a link to it.
#[server(KeepForLater, prefix = "/_fn", endpoint = "e_request/keep")]
pub async fn keep_request(#[server(default)] email: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let locale = Locale::from_tag(&locale);
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    let kept = keep_for_later(ctx, request.session.request_draft(ctx), &email, locale).await;
    written(reply, kept, Outcome::Kept, LATER)
}

/// Has somebody told when they may ask.
#[server(RemindMe, prefix = "/_fn", endpoint = "e_request/remind")]
pub async fn remind_me(#[server(default)] email: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let locale = Locale::from_tag(&locale);
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    let reminded = remind(ctx, request.session.request_draft(ctx), &email, locale).await;
    written(reply, reminded, Outcome::WillRemind, path_of(Step::Answer))
}

fn written(reply: Reply, written: Result<Written, domain::Error>, taken: Outcome, page: &str) -> Result<(), ServerFnError> {
    match written {
        Ok(Written::Taken) => reply.go_on_to(&to(taken)),
        Ok(Written::Wrong) => reply.go_on_to(&format!("{page}?email")),
        Ok(Written::Nothing) => reply.go_on_to(START),
        Ok(Written::TooMany(refused)) => reply.go_on_to(&format!("{DONE}{}", slow_down_in_address(refused.retry_after_seconds))),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Goes on with a form that was kept.
#[server(ResumeRequest, prefix = "/_fn", endpoint = "e_request/resume")]
pub async fn resume_request(
    #[server(default)] link: String,
    #[server(default)] zip: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    match resume(ctx, request.session.request_draft(ctx), &link, &zip).await {
        Ok(Resumed::Taken(step)) => {
            reply.renew(&request);
            reply.go_on_to(path_of(step));
        }
        // The token is random and good for a few tries only; it stood in the address before.
        Ok(Resumed::Wrong) => reply.go_on_to(&format!("{RESUME}?link={}&wrong", super::found::token_in_address(&link))),
        Ok(Resumed::LinkIsOver) => reply.go_on_to(&to(Outcome::LinkIsOver)),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Finds a request by its number.
#[server(FindRequest, prefix = "/_fn", endpoint = "e_request/find")]
pub async fn find_request(
    #[server(default)] number: String,
    #[server(default)] zip: String,
    #[server(default)] month: String,
    #[server(default)] day: String,
    #[server(default)] year: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let question = Question { number, zip, month, day, year };
    match follow_up(&request.portal.domain, request.client, &question).await {
        Ok(FollowUp::Shown(id)) => {
            reply.keep(&request, Kept::Request(id));
            reply.go_on_to(REQUEST);
        }
        Ok(FollowUp::Kept(draft)) => {
            reply.keep(&request, Kept::Draft(draft));
            reply.go_on_to(STATUS);
        }
        Ok(FollowUp::TooMany(refused)) => reply.go_on_to(&format!("{DONE}{}", slow_down_in_address(refused.retry_after_seconds))),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Adds something to a request that is under way.
#[server(AddInformation, prefix = "/_fn", endpoint = "e_request/add")]
pub async fn add_to_request(
    #[server(default)] information: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some(Kept::Request(id)) = request.kept() else {
        reply.go_on_to(STATUS);
        return Ok(());
    };
    match add_information(&request.portal.domain, id, &information).await {
        Ok(Added::Taken) => {
            reply.keep(&request, Kept::Request(id));
            reply.go_on_to(&format!("{REQUEST}?added"));
        }
        // A browser lets nobody type more than fits.
        Ok(Added::Empty | Added::TooLong) => reply.go_on_to(&format!("{REQUEST}?empty")),
        Ok(Added::Over) => reply.go_on_to(REQUEST),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Takes a person's word that an answer did not help.
#[server(DidNotHelp, prefix = "/_fn", endpoint = "e_request/not_helped")]
pub async fn answer_did_not_help(
    #[server(default)] number: String,
    #[server(default)] why: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let (Some(Kept::Request(id)), Ok(number)) = (request.kept(), number.parse::<i64>()) else {
        reply.go_on_to(STATUS);
        return Ok(());
    };
    match did_not_help(&request.portal.domain, id, number, &why).await {
        Ok(taken) => {
            reply.keep(&request, Kept::Request(id));
            reply.go_on_to(&match taken {
                NotHelped::Reopened => format!("{REQUEST}?reopened"),
                NotHelped::Noted => format!("{REQUEST}?noted"),
                // A browser lets nobody type more than fits.
                NotHelped::Empty | NotHelped::TooLong => format!("{REQUEST}?why={number}"),
                NotHelped::Over => REQUEST.to_owned(),
            });
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Takes a request back.
#[server(WithdrawRequest, prefix = "/_fn", endpoint = "e_request/withdraw")]
pub async fn withdraw_request(#[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some(Kept::Request(id)) = request.kept() else {
        reply.go_on_to(STATUS);
        return Ok(());
    };
    match withdraw(&request.portal.domain, id).await {
        Ok(Withdrawn::Done | Withdrawn::Over) => {
            reply.keep(&request, Kept::Request(id));
            reply.go_on_to(REQUEST);
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

fn to(outcome: Outcome) -> String {
    format!("{DONE}{}", in_address(outcome))
}
