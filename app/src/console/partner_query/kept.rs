//! What an officer typed of a question that could not be asked: sealed for an hour, for who sent it, and named by the next address.

use domain::Error;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::console::context::AtWork;
use crate::console::service_request::address::value;

/// What was typed of a question, and what was wrong with it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedAsk {
    pub profile: String,
    pub case: String,
    /// The query of a partner's that is followed; empty, if prints are sent.
    pub back: String,
    pub partners: Vec<String>,
    pub purpose: String,
    pub priority: String,
    /// `none` or `some`.
    pub feared: String,
    pub countries: Vec<String>,
    pub text: String,
    pub wrong: Vec<String>,
}

/// Keeps something for the next page, and gives the id for its address.
pub async fn keep(at_work: &AtWork, kept: &TypedAsk) -> Result<Uuid, Error> {
    let content = serde_json::to_vec(kept).map_err(|_| Error::Internal)?;
    domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await
}

/// What the address names. None if it names nothing, or nothing of this officer's.
pub async fn kept(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<TypedAsk>, Error> {
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}
