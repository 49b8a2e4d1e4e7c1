//! `POST /api/v1/case-events`: events of cases coming in, one a line.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::case_feed::{Source, Summary};

use super::{Caller, Problem};
use crate::http::App;

pub async fn case_events(
    State(app): State<App>,
    Caller(client): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Summary>, Problem> {
    let Ok(body) = body else {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Send at most 8 MiB of events in one request"));
    };
    let quarantine = TimeDelta::days(app.settings.quarantine_days.get().into());
    let source = Source { name: "api", quarantine };
    Ok(Json(domain::case_feed::import(&app.portal.domain, client.actor(), source, body.as_ref(), |_, _| {}).await?))
}
