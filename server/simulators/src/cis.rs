//! The Central Index System, as the Person Centric Query Service gives access to it: who is protected.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::ident::Padded;

use crate::state::{Fault, State};

#[derive(Deserialize)]
struct Check {
    a_numbers: Vec<String>,
}

pub fn routes(state: Arc<State>) -> Router {
    Router::new().route("/cis/v1/protection", post(protection)).with_state(state)
}

async fn protection(Shared(state): Shared<Arc<State>>, Json(asked): Json<Padded<Check>>) -> Response {
    let faults = state.memory().faults.clone();
    tokio::time::sleep(Duration::from_millis(faults.slow)).await;
    if faults.has(Fault::CisDown) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let known = state.gallery().cis;
    let of = |number: &String| -> Value {
        match known.get(number).map(Vec::as_slice) {
            None => json!({ "protection": "not_protected" }),
            Some([word]) if word == "protected" => json!({ "protection": "protected" }),
            Some(classes) => json!({ "protection": "classes", "classes": classes }),
        }
    };
    let answers: BTreeMap<&String, Value> = asked.body.a_numbers.iter().map(|number| (number, of(number))).collect();
    Json(json!({ "answers": answers })).into_response()
}
