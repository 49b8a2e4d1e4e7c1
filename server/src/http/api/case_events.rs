//! `POST /api/v1/case-events`: events of cases coming in, one a line.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::case_feed::{Source, Summary};

use super::{AtAnyTime, Caller, Problem, ProblemBody, WithToken};
use crate::http::App;

/// Send case events.
///
/// One event a line, as the page of the case feed says. Events may come late, twice or in any order. A line that cannot be taken in
/// is named in the answer and refuses nothing but itself, so that the answer is 200 then, too. After a 5xx, or without an answer,
/// send the same lines again: what went in is recognised. The content type is not looked at.
#[utoipa::path(
    post,
    path = "/api/v1/case-events",
    tag = "Case events",
    operation_id = "sendCaseEvents",
    security(("caseFeed" = ["case-feed"])),
    request_body(
        content = ref("#/components/schemas/CaseEvents"),
        content_type = "application/x-ndjson",
        description = "Events as JSON objects, each on a line of its own, at most 8 MiB in all.",
        example = json!([{
            "event_id": "src-20260201-000017", "receipt_number": "EAC9999600017", "form": "I-765", "category": "C09",
            "received_on": "2026-01-07", "office": "NBC",
            "action": { "code": "IAA", "at": "2026-01-07T10:00:00-05:00" }
        }])
    ),
    responses(
        (
            status = 200,
            description = "The lines were read. What could not be taken in stands in `refused`.",
            body = Summary,
            example = json!({
                "lines": 3, "added": 2, "already_there": 0, "quarantined": 1,
                "refused": [{ "line": 2, "reason": "a_number: is not in the documented form" }]
            })
        ),
        (
            status = 413,
            description = "More than 8 MiB. Send less at once.",
            body = ProblemBody,
            example = json!({ "code": 413, "message": TOO_LARGE })
        ),
        WithToken,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Enviar eventos de casos.")))
)]
pub async fn case_events(
    State(app): State<App>,
    Caller(client): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Summary>, Problem> {
    let Ok(body) = body else {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE));
    };
    let quarantine = TimeDelta::days(app.settings.quarantine_days.get().into());
    let source = Source { name: "api", quarantine };
    Ok(Json(domain::case_feed::import(&app.portal.domain, client.actor(), source, body.as_ref(), |_, _| {}).await?))
}

const TOO_LARGE: &str = "Send at most 8 MiB of events in one request";
