//! What was typed of a request or of a decision that was not taken: sealed for an hour, for who sent it, and named by the next
//! address.

use domain::Error;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::console::context::AtWork;
use crate::console::service_request::address::{value, with_query};

/// What a form brought, and what is wrong with it.
#[derive(Serialize, Deserialize)]
pub enum Kept {
    Request(TypedRequest),
    Decision { request: Uuid, typed: TypedDecision },
}

/// What was typed of a request.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedRequest {
    pub kind: String,
    pub basis: String,
    pub channel: String,
    pub locale: String,
    pub received_on: String,
    pub name: String,
    pub address: String,
    pub words: String,
    pub evidence: String,
    pub wrong: Vec<String>,
}

/// What was typed of a decision.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedDecision {
    pub outcome: String,
    pub given: Vec<String>,
    pub exemptions: Vec<String>,
    pub correction: String,
    pub reason: String,
    pub wrong: Vec<String>,
}

/// Where a form is shown again.
pub async fn refused(at_work: &AtWork, page: &str, kept: &Kept) -> Result<String, Error> {
    let content = serde_json::to_vec(kept).map_err(|_| Error::Internal)?;
    let id = domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await?;
    Ok(with_query(page, &[("kept", id.to_string())]))
}

/// What the address names. None if it names nothing, or nothing of this officer's.
pub async fn kept(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<Kept>, Error> {
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}
