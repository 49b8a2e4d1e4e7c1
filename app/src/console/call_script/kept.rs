//! What an agent looks for, or typed of a caller: sealed for an hour, for who sent it, and named by the next address. Names and numbers
//! stand in no address.

use domain::Error;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::write::NodeFields;
use crate::console::context::AtWork;
use crate::console::service_request::address::{value, with_query};
use crate::console::site::SCRIPTS;

#[derive(Serialize, Deserialize)]
pub enum Kept {
    /// Words by which scripts are looked for.
    LookedFor(String),
    /// What could not be read of what a caller said.
    Claim { typed: TypedClaim, said: String },
    /// A script that could not be begun, and why.
    NewScript { key: String, en: String, es: String, said: String },
    /// Why a file was not taken in.
    File(String),
    /// A node that could not be saved, and why.
    Node { version: Uuid, typed: NodeFields, wrong: Vec<String> },
    /// What a second reader said, where nothing was decided.
    Verdict { version: Uuid, words: String },
}

/// What was typed of a caller.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedClaim {
    pub number: String,
    pub name: String,
    pub birth_date: String,
    pub zip: String,
    pub representative: String,
}

/// Keeps something for the next page, and gives the id for its address.
pub async fn keep(at_work: &AtWork, kept: &Kept) -> Result<Uuid, Error> {
    let content = serde_json::to_vec(kept).map_err(|_| Error::Internal)?;
    domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await
}

/// What the address names. None if it names nothing, or nothing of this officer's.
pub async fn kept(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<Kept>, Error> {
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}

/// Where it is said why a file was not taken in.
pub async fn script_refused(at_work: &AtWork, said: String) -> Result<String, Error> {
    let kept = keep(at_work, &Kept::File(said)).await?;
    Ok(with_query(SCRIPTS, &[("kept", kept.to_string())]))
}
