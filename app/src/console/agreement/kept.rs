//! What was typed of a draft that could not be made, or why a file was not taken in: sealed for an hour, for who sent it, and named by
//! the next address.

use domain::Error;
use serde::{Deserialize, Serialize};
use shared::agreement::Party;
use uuid::Uuid;

use super::address::draft_path;
use super::typed::Fields;
use crate::console::context::AtWork;
use crate::console::service_request::address::{pairs, value, with_query};

#[derive(Serialize, Deserialize)]
pub enum Kept {
    Form(TypedDraft),
    File { partner: Party, said: String },
}

#[derive(Serialize, Deserialize)]
pub struct TypedDraft {
    pub partner: Party,
    /// The number of the version that was changed.
    pub made_from: u32,
    pub holds_from: String,
    pub fields: Fields,
    pub wrong: Vec<String>,
}

/// The page on which a draft is written, with what is kept.
async fn draft_page(at_work: &AtWork, partner: Party, kept: &Kept) -> Result<String, Error> {
    let content = serde_json::to_vec(kept).map_err(|_| Error::Internal)?;
    let id = domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await?;
    Ok(with_query(&draft_path(partner), &[("kept", id.to_string())]))
}

/// Where a form is shown again.
pub async fn form_refused(at_work: &AtWork, typed: TypedDraft) -> Result<String, Error> {
    draft_page(at_work, typed.partner, &Kept::Form(typed)).await
}

/// Where it is said why a file was not taken in.
pub async fn file_refused(at_work: &AtWork, partner: Party, said: String) -> Result<String, Error> {
    draft_page(at_work, partner, &Kept::File { partner, said }).await
}

/// What the address names, if it is about the partner.
pub async fn kept(at_work: &AtWork, partner: Party) -> Result<Option<Kept>, Error> {
    let Some(id) = value(&pairs(), "kept").and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    let kept: Option<Kept> = content.and_then(|content| serde_json::from_slice(content.expose()).ok());
    Ok(kept.filter(|kept| match kept {
        Kept::Form(typed) => typed.partner == partner,
        Kept::File { partner: of, .. } => *of == partner,
    }))
}
