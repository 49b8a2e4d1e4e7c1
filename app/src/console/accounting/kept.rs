//! What was typed of a disclosure that was not recorded: sealed for an hour, for who sent it, and named by the next address.

use domain::Error;
use serde::{Deserialize, Serialize};

use super::server::TellingFields;
use crate::console::context::AtWork;
use crate::console::service_request::address::{value, with_query};
use crate::console::site::RECORD_DISCLOSURE;

/// What was typed, about whom, and what was wrong with it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedTelling {
    pub profile: String,
    pub notice: String,
    pub elements: Vec<String>,
    pub fields: TellingFields,
    pub wrong: Vec<String>,
}

/// Where the form is shown again.
pub async fn refused(at_work: &AtWork, typed: &TypedTelling) -> Result<String, Error> {
    let content = serde_json::to_vec(typed).map_err(|_| Error::Internal)?;
    let id = domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await?;
    Ok(with_query(RECORD_DISCLOSURE, &[("kept", id.to_string())]))
}

/// What the address names. None if it names nothing, or nothing of this officer's.
pub async fn kept(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<TypedTelling>, Error> {
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}
