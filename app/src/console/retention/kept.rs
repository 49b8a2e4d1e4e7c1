//! What was typed of a hold that was not proposed: sealed for an hour, for who sent it, and named by the next address.

use domain::Error;
use serde::{Deserialize, Serialize};

use crate::console::context::AtWork;
use crate::console::service_request::address::{value, with_query};
use crate::console::site::HOLDS;

/// What was typed of a hold, and what was wrong with it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedHold {
    pub on: String,
    /// The address of a profile, or a receipt number.
    pub which: String,
    pub partner: String,
    pub reason: String,
    pub wrong: Vec<String>,
}

/// Where the form is shown again.
pub async fn refused(at_work: &AtWork, typed: &TypedHold) -> Result<String, Error> {
    let content = serde_json::to_vec(typed).map_err(|_| Error::Internal)?;
    let id = domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await?;
    Ok(with_query(HOLDS, &[("kept", id.to_string())]))
}

/// What the address names: what was typed, or a record of a list that somebody wants to keep.
pub async fn typed(at_work: &AtWork, pairs: &[(String, String)]) -> Result<TypedHold, Error> {
    let of_list = || TypedHold {
        on: value(pairs, "on").unwrap_or_default().to_owned(),
        which: value(pairs, "which").unwrap_or_default().to_owned(),
        ..TypedHold::default()
    };
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(of_list()) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()).unwrap_or_default())
}
