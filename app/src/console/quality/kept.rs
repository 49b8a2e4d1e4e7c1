//! A reading that could not be used as it was sent: sealed for an hour, for who sent it, and named by the next address.

use std::collections::BTreeMap;

use domain::Error;
use serde::{Deserialize, Serialize};
use shared::quality::ReadingError;
use uuid::Uuid;

use crate::console::context::AtWork;
use crate::console::service_request::address::{pairs, value};

#[derive(Default, Serialize, Deserialize)]
pub struct Typed {
    pub answer: Uuid,
    /// By the keys of criteria.
    pub scores: BTreeMap<String, String>,
    pub verdict: String,
    pub text: String,
    pub wrong: Vec<ReadingError>,
}

pub async fn keep(at_work: &AtWork, typed: &Typed) -> Result<Uuid, Error> {
    let content = serde_json::to_vec(typed).map_err(|_| Error::Internal)?;
    domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await
}

/// What the address names, if it is about this answer.
pub async fn typed(at_work: &AtWork, answer: Uuid) -> Result<Option<Typed>, Error> {
    let Some(id) = value(&pairs(), "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    let typed: Option<Typed> = content.and_then(|content| serde_json::from_slice(content.expose()).ok());
    Ok(typed.filter(|typed| typed.answer == answer))
}
