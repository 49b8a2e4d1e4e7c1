//! What an officer looks for, or typed of a correction: sealed for an hour, for who sent it, and named by the next address. Names and
//! numbers stand in no address.

use domain::Error;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::TypedRecord;
use super::verify::TypedInterview;
use crate::console::context::AtWork;
use crate::console::service_request::address::value;

#[derive(Serialize, Deserialize)]
pub enum Kept {
    Search(TypedSearch),
    Correction {
        profile: Uuid,
        typed: TypedCorrection,
        wrong: Vec<String>,
    },
    /// A record that was not added, and why. Its file is not kept.
    Record {
        profile: Uuid,
        typed: TypedRecord,
        wrong: Vec<String>,
    },
    /// An interview after which IDENT was not asked, and why.
    Interview {
        profile: Uuid,
        typed: TypedInterview,
        wrong: Vec<String>,
    },
}

/// What was typed to find somebody.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedSearch {
    pub purpose: String,
    pub number: String,
    pub family: String,
    pub given: String,
    pub birth_date: String,
}

/// What was typed of a correction.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedCorrection {
    /// `add`, `end`, `merge` or `split`.
    pub change: String,
    /// The kind of a fact that is added.
    pub kind: String,
    /// Its texts.
    pub parts: Vec<String>,
    /// The fact that ends, or the profile that is split off.
    pub subject: String,
    /// A number of the profile that is merged.
    pub number: String,
    pub text: String,
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
