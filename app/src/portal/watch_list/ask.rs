//! On the server: from a number of the list to the use case.

use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use domain::Context;
use domain::case_status::{Asked, CaseStatus, ask, view};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::watch_list::{Seen, WatchAnswer, WatchedStatus};

use crate::context::Request;
use crate::portal::case_status::status_of;
use crate::session::Kept;

/// Asks as the look-up does: the same limits, and one answer for hidden and unknown numbers.
pub async fn check(typed: &str) -> Result<WatchAnswer, ServerFnError> {
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let failed = |status| {
        response.set_status(status);
        ServerFnError::new("unavailable")
    };
    let Some(request) = Request::current() else { return Err(failed(StatusCode::INTERNAL_SERVER_ERROR)) };
    let ctx = &request.portal.domain;
    match ask(ctx, request.client, typed).await {
        Ok(Asked::TooMany(refused)) => Ok(WatchAnswer::SlowDown { retry_after_seconds: refused.retry_after_seconds }),
        Ok(Asked::Shown(case)) => Ok(seen(ctx, Some(status(ctx, &case)))),
        Ok(Asked::NotRecognised | Asked::Mistyped(_)) => Ok(seen(ctx, None)),
        Err(error) => Err(failed(status_of(&error))),
    }
}

fn seen(ctx: &Context, status: Option<WatchedStatus>) -> WatchAnswer {
    WatchAnswer::Seen(Seen { on: ctx.today(), status })
}

fn status(ctx: &Context, case: &CaseStatus) -> WatchedStatus {
    let title = |locale| view(ctx, case, locale).title;
    WatchedStatus::new(&title(Locale::En), &title(Locale::Es), case.modified_at(ctx).date())
}

/// Whether it is known or hidden makes no difference: it is what the person typed.
pub fn asked_number() -> String {
    let kept = Request::current().and_then(|request| request.kept());
    let number = match kept {
        Some(Kept::Typed(typed)) => ReceiptNumber::parse(typed.expose()).ok(),
        _ => None,
    };
    number.map_or_else(String::new, |number| number.as_str().to_owned())
}
