//! What was typed into a form and could not be used as it was: sealed for an hour, for who sent it, and named by the next address.

use domain::Error;
use serde::{Deserialize, Serialize};
use shared::answer::Draft;
use uuid::Uuid;

use super::typed::{TypedCommand, TypedTemplate};
use crate::console::context::AtWork;
use crate::console::service_request::address::value;

#[derive(Serialize, Deserialize)]
pub enum Kept {
    Answer(KeptAnswer),
    /// Words to the writer, of a second reader.
    Verdict {
        request: Uuid,
        words: String,
    },
    Command {
        request: Uuid,
        typed: TypedCommand,
        said: String,
    },
    /// With what is wrong, in words.
    Template {
        typed: TypedTemplate,
        wrong: Vec<String>,
    },
}

/// An answer that was not saved.
#[derive(Serialize, Deserialize)]
pub struct KeptAnswer {
    pub request: Uuid,
    pub draft: Draft,
    pub said: NotSaved,
}

/// Why an answer was not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSaved {
    /// Somebody else saved another version meanwhile.
    Changed,
    /// The request owes no answer, or the answer waits for a second reader.
    NotNow,
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
    // One that an earlier release kept, or another page, is nothing here.
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}
