//! `/api/v1/subscriptions`: of which numbers a client is told at its webhook. Whether there is such a case is not said.

use std::borrow::Cow;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::notification::{self, AT_ONCE, MOST, Subscribed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};

use super::{AtAnyTime, Caller, Problem, ProblemBody, WithToken};
use crate::http::App;

/// Receipt numbers, at most 100.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReceiptNumbers)]
pub struct Receipts {
    #[schema(max_items = 100)]
    receipts: Vec<String>,
}

/// The numbers that a client is told of, in their order.
#[derive(Serialize, ToSchema)]
pub struct Subscriptions {
    receipts: Vec<String>,
}

/// What a request with numbers may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "utoipa reads the variants, nobody makes one")]
enum OfNumbers {
    /// The operator has not given this client an address yet.
    #[response(status = 409, example = json!({ "code": 409, "message": NO_WEBHOOK }))]
    NoWebhook(ProblemBody),
    /// The body is longer than 16 KiB.
    #[response(status = 413, example = json!({ "code": 413, "message": "Send at most 100 receipt numbers in one request, ..." }))]
    TooLarge(ProblemBody),
    /// The body is not of this form, a number is no receipt number, or there are too many: none is taken.
    #[response(
        status = 422,
        example = json!({ "code": 422, "message": "receipts[1] is not three letters and ten digits. None was taken" })
    )]
    Mistyped(ProblemBody),
}

/// List the receipt numbers that you are told of.
#[utoipa::path(
    get,
    path = "/api/v1/subscriptions",
    tag = "Webhooks",
    operation_id = "listSubscriptions",
    security(("caseStatus" = ["case-status"])),
    responses(
        (
            status = 200,
            description = "All of them.",
            body = Subscriptions,
            example = json!({ "receipts": ["EAC9999103402", "EAC9999103403"] })
        ),
        (
            status = 409,
            description = "The operator has not given this client an address yet.",
            body = ProblemBody,
            example = json!({ "code": 409, "message": NO_WEBHOOK })
        ),
        WithToken,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Ver los números de recibo de los que recibe avisos.")))
)]
pub async fn list(State(app): State<App>, Caller(client): Caller) -> Result<Json<Subscriptions>, Problem> {
    match notification::subscriptions(&app.portal.domain, client).await? {
        Err(refused) => Err(Problem::too_many(refused)),
        Ok(None) => Err(no_webhook()),
        Ok(Some(numbers)) => {
            let receipts = numbers.iter().map(|number| number.as_str().to_owned()).collect();
            Ok(Json(Subscriptions { receipts }))
        }
    }
}

/// Be told when these cases change.
///
/// A signed message goes to the address that the operator gave the client. A number that nobody has is taken like any other, and
/// so is one whose case may not be shown: neither is heard of. Each number counts as a look-up.
#[utoipa::path(
    post,
    path = "/api/v1/subscriptions",
    tag = "Webhooks",
    operation_id = "subscribe",
    security(("caseStatus" = ["case-status"])),
    request_body(content = Receipts, description = "The numbers.", example = json!({ "receipts": ["EAC9999103403"] })),
    responses((status = 204, description = "All are taken."), OfNumbers, WithToken, AtAnyTime),
    extensions(("x-summary-es" = json!("Recibir un aviso cuando cambien estos casos.")))
)]
pub async fn add(
    State(app): State<App>,
    Caller(client): Caller,
    body: Result<Json<Receipts>, JsonRejection>,
) -> Result<Response, Problem> {
    let receipts = receipts(body)?;
    answer(notification::subscribe(&app.portal.domain, client, &receipts).await?)
}

/// Be told no more of a case.
#[utoipa::path(
    delete,
    path = "/api/v1/subscriptions/{receipt}",
    tag = "Webhooks",
    operation_id = "unsubscribe",
    security(("caseStatus" = ["case-status"])),
    params((
        "receipt" = String,
        Path,
        description = "Receipt number: three letters and ten digits.",
        pattern = "^[A-Z]{3}[0-9*][0-9]{9}$",
        example = "EAC9999103403"
    )),
    responses(
        (status = 204, description = "It is not subscribed to now."),
        (
            status = 409,
            description = "The operator has not given this client an address yet.",
            body = ProblemBody,
            example = json!({ "code": 409, "message": NO_WEBHOOK })
        ),
        (
            status = 422,
            description = "This is no receipt number.",
            body = ProblemBody,
            example = json!({ "code": 422, "message": NO_NUMBER })
        ),
        WithToken,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("No recibir más avisos de un caso.")))
)]
pub async fn remove(
    State(app): State<App>,
    Caller(client): Caller,
    receipt: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let receipts = receipt.map_or_else(|_| vec![String::new()], |Path(receipt)| vec![receipt]);
    match notification::unsubscribe(&app.portal.domain, client, &receipts).await? {
        Subscribed::Mistyped(_) => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, NO_NUMBER)),
        subscribed => answer(subscribed),
    }
}

fn receipts(body: Result<Json<Receipts>, JsonRejection>) -> Result<Vec<String>, Problem> {
    match body {
        Ok(Json(Receipts { receipts })) => Ok(receipts),
        Err(JsonRejection::BytesRejection(_)) => Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, too_many_numbers())),
        Err(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            r#"Send JSON as {"receipts": ["EAC9999103403"]} and its content type"#,
        )),
    }
}

fn answer(subscribed: Subscribed) -> Result<Response, Problem> {
    match subscribed {
        Subscribed::Taken => Ok(StatusCode::NO_CONTENT.into_response()),
        Subscribed::Mistyped(at) => {
            let message = format!("receipts[{at}] is not three letters and ten digits. None was taken");
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message))
        }
        Subscribed::TooManyNumbers => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, too_many_numbers())),
        Subscribed::NoWebhook => Err(no_webhook()),
        Subscribed::TooMany(refused) => Err(Problem::too_many(refused)),
    }
}

fn too_many_numbers() -> Cow<'static, str> {
    format!("Send at most {AT_ONCE} receipt numbers in one request, and {MOST} in all. None was taken").into()
}

fn no_webhook() -> Problem {
    Problem::new(StatusCode::CONFLICT, NO_WEBHOOK)
}

const NO_NUMBER: &str = "The receipt number is not three letters and ten digits";
const NO_WEBHOOK: &str = "This client has no webhook. Ask the agency to add one";
