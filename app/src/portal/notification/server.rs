//! The server functions of these pages. They are called by plain forms only.

use axum::http::StatusCode;
use domain::notification::{Answer, Confirmed, confirm, request_to_follow, stop};
use leptos::prelude::*;
use shared::locale::Locale;
use shared::notification::FollowForm;

use super::outcome::{Outcome, in_address, slow_down_in_address};
use super::{FOLLOW, OUTCOME};
use crate::context::Request;
use crate::portal::case_status::status_of;
use crate::reply::Reply;
use crate::session::Kept;

/// Asks to follow a case.
#[server(FollowCase, prefix = "/_fn", endpoint = "notification/follow")]
pub async fn follow_case(
    #[server(default)] receipt_number: String,
    #[server(default)] month: String,
    #[server(default)] day: String,
    #[server(default)] year: String,
    #[server(default)] zip: String,
    #[server(default)] email: String,
    #[server(default)] locale: String,
) -> Result<(), ServerFnError> {
    let locale = Locale::from_tag(&locale);
    let reply = Reply::begin(locale);
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    if !request.portal.site.sends_mail {
        // The page says so; nobody is to wait for a message.
        reply.go_on_to(FOLLOW);
        return Ok(());
    }
    let form = FollowForm { receipt_number, month, day, year, zip, email };
    match request_to_follow(&request.portal.domain, request.client, &form, locale).await {
        Ok(Answer::Taken) => {
            // What had to be mended is not shown to who uses the device next.
            if matches!(request.kept(), Some(Kept::Draft(_))) {
                reply.forget(&request);
            }
            reply.go_on_to(&to(Outcome::Sent));
        }
        Ok(Answer::Mistakes(draft)) => {
            reply.keep(&request, Kept::Draft(draft));
            reply.go_on_to(FOLLOW);
        }
        Ok(Answer::TooMany(refused)) => {
            reply.go_on_to(&format!("{OUTCOME}{}", slow_down_in_address(refused.retry_after_seconds)));
        }
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Follows the link of a message: from now on the address gets messages.
#[server(ConfirmFollowing, prefix = "/_fn", endpoint = "notification/confirm")]
pub async fn confirm_following(#[server(default)] link: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    match confirm(&request.portal.domain, &link).await {
        Ok(Confirmed::Following) => reply.go_on_to(&to(Outcome::Following)),
        Ok(Confirmed::TooManyCases) => reply.go_on_to(&to(Outcome::TooManyCases)),
        Ok(Confirmed::LinkIsOver) => reply.go_on_to(&to(Outcome::LinkIsOver)),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

/// Follows the other link of a message: the address gets no more.
#[server(StopFollowing, prefix = "/_fn", endpoint = "notification/stop")]
pub async fn stop_following(#[server(default)] link: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let reply = Reply::begin(Locale::from_tag(&locale));
    let Some(request) = Request::current() else { return Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    match stop(&request.portal.domain, &link).await {
        Ok(true) => reply.go_on_to(&to(Outcome::Stopped)),
        Ok(false) => reply.go_on_to(&to(Outcome::Broken)),
        Err(error) => return Err(reply.failed(status_of(&error))),
    }
    Ok(())
}

fn to(outcome: Outcome) -> String {
    format!("{OUTCOME}{}", in_address(outcome))
}
