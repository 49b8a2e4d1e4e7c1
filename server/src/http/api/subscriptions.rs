//! `/api/v1/subscriptions`: of which numbers a client is told at its webhook. Whether there is such a case is not said.

use std::borrow::Cow;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::notification::{self, AT_ONCE, MOST, Subscribed};
use serde::{Deserialize, Serialize};

use super::{Caller, Problem};
use crate::http::App;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    receipts: Vec<String>,
}

#[derive(Serialize)]
pub struct Subscriptions {
    receipts: Vec<String>,
}

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

pub async fn add(
    State(app): State<App>,
    Caller(client): Caller,
    body: Result<Json<Receipts>, JsonRejection>,
) -> Result<Response, Problem> {
    let receipts = receipts(body)?;
    answer(notification::subscribe(&app.portal.domain, client, &receipts).await?)
}

pub async fn remove(
    State(app): State<App>,
    Caller(client): Caller,
    body: Result<Json<Receipts>, JsonRejection>,
) -> Result<Response, Problem> {
    let receipts = receipts(body)?;
    answer(notification::unsubscribe(&app.portal.domain, client, &receipts).await?)
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
    Problem::new(StatusCode::CONFLICT, "This client has no webhook. Ask the agency to add one")
}
