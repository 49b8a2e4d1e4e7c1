//! `GET /api/v1/case-changes`: what the case system has to know of cases, page by page.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::change_of_address::{CaseChangePage, case_changes};
use serde::{Deserialize, Serialize};
use shared::case_feed::MailingAddress;
use shared::sensitive::Sensitive;
use utoipa::ToSchema;

use super::{AtAnyTime, Caller, Problem, ProblemBody, WithToken};
use crate::http::App;

#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: i64,
}

/// A page of changes.
#[derive(Serialize, ToSchema)]
pub struct CaseChanges {
    /// At most 200, in the order in which they became true.
    changes: Vec<CaseChangeBody>,
    /// Ask for what comes after this next. The same as what you asked for, if nothing did.
    next: i64,
}

/// A change of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseChange)]
pub struct CaseChangeBody {
    position: i64,
    receipt_number: String,
    /// `hold_cards`: mail no card until it is let go. `release_cards`: they may be mailed. `mailing_address`: where the mail of
    /// the case goes from now on. `redirect_unmailed`: what is printed and not mailed yet goes there, too.
    #[schema(pattern = "^(hold_cards|release_cards|mailing_address|redirect_unmailed)$")]
    kind: &'static str,
    /// Of the two last kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    address: Option<AddressBody>,
    /// When it became true: an instant, RFC 3339.
    at: String,
}

/// An address, with the names of the case feed.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseChangeAddress)]
pub struct AddressBody {
    street: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unit: Option<String>,
    city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    postal_code: Option<String>,
    country: String,
}

impl AddressBody {
    fn of(address: Sensitive<MailingAddress>) -> Self {
        let address = address.expose().clone();
        Self {
            street: address.street,
            unit: address.unit,
            city: address.city,
            state: address.state,
            postal_code: address.postal_code,
            country: address.country.as_str().to_owned(),
        }
    }
}

/// Fetch changes of cases.
///
/// What became of changes of address: whose cards are held, and where mail goes. Keep `next` of what you have taken over, and ask with
/// it again. Reading changes nothing, so that a page that was lost is simply asked for again.
#[utoipa::path(
    get,
    path = "/api/v1/case-changes",
    tag = "Case events",
    operation_id = "fetchCaseChanges",
    security(("caseFeed" = ["case-feed"])),
    params((
        "after" = Option<i64>,
        Query,
        minimum = 0,
        description = "The position after which to begin; without it, the first change.",
        example = 0
    )),
    responses(
        (
            status = 200,
            description = "A page of changes. An empty one is the last.",
            body = CaseChanges,
            example = json!({
                "changes": [
                    { "position": 1, "receipt_number": "EAC9999600017", "kind": "hold_cards", "at": "2026-11-22T15:00:00Z" },
                    {
                        "position": 2, "receipt_number": "EAC9999600017", "kind": "mailing_address",
                        "address": {
                            "street": "2 TEACUP CT", "city": "SPRINGFIELD", "state": "VA", "postal_code": "22151", "country": "USA"
                        },
                        "at": "2026-11-22T15:04:00Z"
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
    extensions(("x-summary-es" = json!("Obtener cambios de casos.")))
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
    let CaseChangePage { changes, next } = case_changes(&app.portal.domain, client.actor(), after).await?;
    let changes = changes.into_iter().map(|change| CaseChangeBody {
        position: change.position,
        receipt_number: change.number.as_str().to_owned(),
        kind: change.kind.key(),
        address: change.address.map(AddressBody::of),
        at: change.made_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(CaseChanges { changes: changes.collect(), next })))
}

const NO_POSITION: &str = "Send `after` as the number that `next` had in the answer before";
