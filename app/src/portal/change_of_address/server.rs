//! The server functions of these pages. They are called by plain forms only.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::change_of_address::{
    Denied, FollowUp, Proven, Question, Saved, Submitted, Wish, ask_otherwise, begin, deny, follow_up, forget, prove, save, submit,
    withdraw,
};
use leptos::prelude::*;
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{Proof, Step};
use shared::locale::Locale;
use shared::typed::TypedDay;
use uuid::Uuid;

use super::found::token_in_address;
use super::outcome::{Outcome, in_address, slow_down_in_address};
use super::{CODE, DONE, RECEIPT, START, STATUS, path_of};
use crate::context::Request;
use crate::portal::case_status::status_of;
use crate::reply::Reply;
use crate::session::Kept;

/// Begins a report, or goes on with the one that was begun.
#[server(BeginChange, prefix = "/_fn", endpoint = "change_of_address/begin")]
pub async fn begin_change(#[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    let typed = match request.kept() {
        Some(Kept::Typed(typed)) => ReceiptNumber::parse(typed.expose()).ok(),
        _ => None,
    };
    match begin(ctx, request.session.address_draft(ctx), typed.as_ref()).await {
        Ok(step) => {
            reply.renew(&request);
            reply.go_on_to(path_of(step));
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Keeps what was typed on a page.
#[server(SaveChangeStep, prefix = "/_fn", endpoint = "change_of_address/save")]
pub async fn save_change_step(
    #[server(default)] step: String,
    #[server(default)] wish: String,
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
    let key = request.session.address_draft(ctx);
    match save(ctx, request.client, key, step, Wish::from_key(&wish), &typed).await {
        Ok(Saved::GoTo(step)) => {
            reply.renew(&request);
            reply.go_on_to(path_of(step));
        }
        Ok(Saved::NoDraft) => reply.go_on_to(START),
        Ok(Saved::TooMany(refused)) => slow_down(reply, refused.retry_after_seconds),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Sends the report.
#[server(SendChange, prefix = "/_fn", endpoint = "change_of_address/send")]
pub async fn send_change(
    #[server(default)] typed: BTreeMap<String, String>,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let locale = Locale::from_tag(&locale);
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    match submit(ctx, request.client, request.session.address_draft(ctx), &typed, locale).await {
        Ok(Submitted::Stored(report)) => {
            reply.keep(&request, Kept::AddressReport(report));
            reply.go_on_to(RECEIPT);
        }
        Ok(Submitted::GoTo(step)) => reply.go_on_to(path_of(step)),
        Ok(Submitted::NoDraft) => reply.go_on_to(START),
        Ok(Submitted::TooMany(refused)) => slow_down(reply, refused.retry_after_seconds),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Forgets what was typed. For shared computers.
#[server(ForgetChange, prefix = "/_fn", endpoint = "change_of_address/forget")]
pub async fn forget_change(#[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    match forget(ctx, request.session.address_draft(ctx)).await {
        Ok(()) => {
            reply.forget(&request);
            reply.go_on_to(&to(Outcome::Forgotten));
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Takes a code from a message, or a number from a letter.
#[server(ProveChange, prefix = "/_fn", endpoint = "change_of_address/prove")]
pub async fn prove_change(
    #[server(default)] link: String,
    #[server(default)] code: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    match prove(&request.portal.domain, request.client, &link, &code).await {
        Ok(Proven::Yes(report)) => {
            reply.keep(&request, Kept::AddressReport(report));
            reply.go_on_to(&format!("{RECEIPT}?proven"));
        }
        // The token is random and good for a few tries only; it stood in a message or on the page before.
        Ok(Proven::Wrong) => reply.go_on_to(&format!("{CODE}?link={}&wrong", token_in_address(&link))),
        Ok(Proven::Over) => reply.go_on_to(&to(Outcome::CodeIsOver)),
        Ok(Proven::TooMany(refused)) => slow_down(reply, refused.retry_after_seconds),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Asks for a letter or an agent in place of what was sent.
#[server(AskOtherwise, prefix = "/_fn", endpoint = "change_of_address/ask_otherwise")]
pub async fn ask_for_other_proof(
    #[server(default)] change: String,
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some((report, change)) = shown(&request, &change).await else {
        reply.go_on_to(STATUS);
        return Ok(());
    };
    let Some(proof) = Proof::from_key(&proof) else {
        reply.go_on_to(RECEIPT);
        return Ok(());
    };
    match ask_otherwise(&request.portal.domain, report, change, proof).await {
        Ok(_) => {
            reply.keep(&request, Kept::AddressReport(report));
            reply.go_on_to(RECEIPT);
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// Takes back what waits.
#[server(WithdrawChange, prefix = "/_fn", endpoint = "change_of_address/withdraw")]
pub async fn withdraw_change(#[server(default)] change: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some((report, change)) = shown(&request, &change).await else {
        reply.go_on_to(STATUS);
        return Ok(());
    };
    match withdraw(&request.portal.domain, report, change).await {
        Ok(_) => {
            reply.keep(&request, Kept::AddressReport(report));
            reply.go_on_to(RECEIPT);
            Ok(())
        }
        Err(error) => Err(reply.failed(status_of(&error))),
    }
}

/// The report that this session was shown, and the change of it that is named.
async fn shown(request: &Request, change: &str) -> Option<(Uuid, Uuid)> {
    let ctx = &request.portal.domain;
    let report = match request.kept() {
        Some(Kept::AddressReport(report)) => Some(report),
        _ => domain::change_of_address::draft(ctx, request.session.address_draft(ctx)).await.ok()?.and_then(|draft| draft.sent),
    };
    report.zip(change.parse().ok())
}

/// "This was not me": from a link that only the contact on file before has.
#[server(DenyChange, prefix = "/_fn", endpoint = "change_of_address/deny")]
pub async fn deny_change(#[server(default)] link: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    match deny(&request.portal.domain, &link).await {
        Ok(Denied::Refused) => reply.go_on_to(&to(Outcome::Refused)),
        Ok(Denied::Reversed) => reply.go_on_to(&to(Outcome::Reversed)),
        Ok(Denied::Over) => reply.go_on_to(&to(Outcome::LinkIsOver)),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Finds a report by its number, or the link of a message, and the date of birth.
#[server(FindReport, prefix = "/_fn", endpoint = "change_of_address/find")]
pub async fn find_report(
    #[server(default)] number: String,
    #[server(default)] link: String,
    #[server(default)] typed: BTreeMap<String, String>,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let part = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let born = TypedDay { month: part("birth_month"), day: part("birth_day"), year: part("birth_year") };
    let number = if number.is_empty() { part("number") } else { number };
    let question = Question { number, link: token_in_address(&link), born };
    match follow_up(&request.portal.domain, request.client, &question).await {
        Ok(FollowUp::Shown(id)) => {
            reply.keep(&request, Kept::AddressReport(id));
            reply.go_on_to(RECEIPT);
        }
        Ok(FollowUp::Kept(draft)) => {
            reply.keep(&request, Kept::Draft(draft));
            reply.go_on_to(STATUS);
        }
        Ok(FollowUp::TooMany(refused)) => slow_down(reply, refused.retry_after_seconds),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

fn slow_down(reply: Reply, seconds: u32) {
    reply.go_on_to(&format!("{DONE}{}", slow_down_in_address(seconds)));
}

fn to(outcome: Outcome) -> String {
    format!("{DONE}{}", in_address(outcome))
}
