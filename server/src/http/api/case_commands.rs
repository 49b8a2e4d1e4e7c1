//! `/api/v1/case-commands`: what the case system is to do, page by page, and what became of each.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::answer::{CommandPage, Settled, commands_after, settle};
use serde::{Deserialize, Serialize};
use shared::answer::Command;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AtAnyTime, Caller, Problem, ProblemBody, WithToken};
use crate::http::App;

#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: i64,
}

/// A page of commands.
#[derive(Serialize, ToSchema)]
pub struct CaseCommands {
    /// At most 200, in the order in which officers asked for them.
    commands: Vec<CaseCommandBody>,
    /// Ask for what comes after this next. The same as what you asked for, if nothing did.
    next: i64,
}

/// What is to be done about a case.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseCommand)]
pub struct CaseCommandBody {
    /// A UUID.
    id: String,
    position: i64,
    receipt_number: String,
    /// `correct_data`: what `field` holds is wrong. `reissue_notice`: send `notice` again. `remail_card`: mail the card again.
    #[schema(pattern = "^(correct_data|reissue_notice|remail_card)$")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
    /// What stands there, as far as the officer knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from: Option<String>,
    /// What is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    notice: Option<String>,
    /// When it was asked for: an instant, RFC 3339.
    at: String,
}

impl CaseCommandBody {
    fn of(stored: store::answer::StoredCommand) -> Self {
        let kind = stored.command.kind().key();
        let (field, from, to, notice) = match stored.command {
            Command::CorrectData { field, from, to } => (Some(field), Some(from).filter(|from| !from.is_empty()), Some(to), None),
            Command::ReissueNotice { notice } => (None, None, None, Some(notice)),
            Command::RemailCard => (None, None, None, None),
        };
        Self {
            id: stored.id.to_string(),
            position: stored.position,
            receipt_number: stored.number.as_str().to_owned(),
            kind,
            field,
            from,
            to,
            notice,
            at: stored.asked_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        }
    }
}

/// Fetch what is to be done about cases.
///
/// What officers asked for when they answered a request. Keep `next` of what you have taken over, and ask with it again: asking for what
/// comes after a position says that you have everything before it.
#[utoipa::path(
    get,
    path = "/api/v1/case-commands",
    tag = "Case events",
    operation_id = "fetchCaseCommands",
    security(("caseFeed" = ["case-feed"])),
    params((
        "after" = Option<i64>,
        Query,
        minimum = 0,
        description = "The position after which to begin; without it, the first command.",
        example = 0
    )),
    responses(
        (
            status = 200,
            description = "A page of commands. An empty one is the last.",
            body = CaseCommands,
            example = json!({
                "commands": [
                    {
                        "id": "01939f0a-1c00-7000-8000-000000000001", "position": 1, "receipt_number": "EAC9999600017",
                        "kind": "correct_data", "field": "given_name", "from": "Anna", "to": "Ana", "at": "2026-11-22T15:00:00Z"
                    },
                    {
                        "id": "01939f0a-1c00-7000-8000-000000000002", "position": 2, "receipt_number": "EAC9999600017",
                        "kind": "remail_card", "at": "2026-11-22T15:04:00Z"
                    }
                ],
                "next": 2
            })
        ),
        (
            status = 422,
            description = "`after` is no position.",
            body = ProblemBody,
            example = json!({ "code": 422, "message": NO_POSITION })
        ),
        WithToken,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Obtener lo que hay que hacer con los casos.")))
)]
pub async fn fetch(
    State(app): State<App>,
    Caller(client): Caller,
    after: Result<Query<After>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Ok(Query(After { after })) = after else {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, NO_POSITION));
    };
    if after < 0 {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, NO_POSITION));
    }
    let CommandPage { commands, next } = commands_after(&app.portal.domain, client.actor(), after).await?;
    let commands = commands.into_iter().map(CaseCommandBody::of).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(CaseCommands { commands, next })))
}

/// What became of a command.
#[derive(Deserialize, ToSchema)]
#[schema(as = CaseCommandOutcome)]
#[serde(deny_unknown_fields)]
pub struct OutcomeBody {
    outcome: Outcome,
    /// Why it was refused; at most 500 characters are kept.
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CaseCommandOutcomeKind)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Confirmed,
    Refused,
}

/// Say what became of a command.
///
/// Saying it again changes nothing; a word that was given is not taken back.
#[utoipa::path(
    put,
    path = "/api/v1/case-commands/{id}",
    tag = "Case events",
    operation_id = "settleCaseCommand",
    security(("caseFeed" = ["case-feed"])),
    params((
        "id" = String,
        Path,
        description = "The id of the command.",
        example = "01939f0a-1c00-7000-8000-000000000001"
    )),
    request_body(content = OutcomeBody, description = "What became of it.", example = json!({ "outcome": "confirmed" })),
    responses(
        (status = 204, description = "It is noted."),
        (
            status = 404,
            description = "There is no such command.",
            body = ProblemBody,
            example = json!({ "code": 404, "message": NO_COMMAND })
        ),
        (
            status = 409,
            description = "You said something else of it before.",
            body = ProblemBody,
            example = json!({ "code": 409, "message": OTHERWISE })
        ),
        (
            status = 422,
            description = "The body is not in the documented form.",
            body = ProblemBody,
            example = json!({ "code": 422, "message": NO_OUTCOME })
        ),
        WithToken,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Decir qué pasó con una orden.")))
)]
pub async fn say(
    State(app): State<App>,
    Caller(client): Caller,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<OutcomeBody>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Ok(Path(id)) = id else { return Err(Problem::new(StatusCode::NOT_FOUND, NO_COMMAND)) };
    let Ok(Json(body)) = body else { return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, NO_OUTCOME)) };
    let done = matches!(body.outcome, Outcome::Confirmed);
    match settle(&app.portal.domain, client.actor(), id, done, body.reason.as_deref()).await? {
        Settled::Noted => Ok(StatusCode::NO_CONTENT),
        Settled::NoSuchCommand => Err(Problem::new(StatusCode::NOT_FOUND, NO_COMMAND)),
        Settled::SaidOtherwise => Err(Problem::new(StatusCode::CONFLICT, OTHERWISE)),
    }
}

const NO_POSITION: &str = "Send `after` as the number that `next` had in the answer before";
const NO_COMMAND: &str = "There is no such command";
const OTHERWISE: &str = "You said something else of this command before";
const NO_OUTCOME: &str = "Send JSON with `outcome`, which is `confirmed` or `refused`, and perhaps `reason`";
