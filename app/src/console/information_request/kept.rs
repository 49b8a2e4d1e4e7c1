//! What was typed of a draft that was not saved: sealed for an hour, for who sent it, and named by the next address.

use std::collections::BTreeMap;

use domain::Error;
use serde::{Deserialize, Serialize};
use shared::agreement::Element;
use shared::information_request::{Draft, DraftForm};
use uuid::Uuid;

use crate::console::context::AtWork;
use crate::console::service_request::address::{value, with_query};
use crate::console::site::INFORMATION_REQUESTS;

/// What an element's choice is called when it is told; any other is the key of a reason to hold it back.
pub const TOLD: &str = "told";

/// A draft as its form has it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedDraft {
    /// By the keys of elements: [`TOLD`], the key of a reason, or nothing.
    pub choice: BTreeMap<String, String>,
    pub caveats: String,
    pub compared_with: String,
    pub wrong: Vec<String>,
}

impl TypedDraft {
    pub fn of(draft: &Draft) -> Self {
        let told = draft.told.iter().map(|element| (element.key().to_owned(), TOLD.to_owned()));
        let held_back = draft.held_back.iter().map(|(element, reason)| (element.key().to_owned(), reason.key().to_owned()));
        Self {
            choice: told.chain(held_back).collect(),
            caveats: draft.caveats.as_ref().map(|caveats| caveats.as_str().to_owned()).unwrap_or_default(),
            compared_with: draft.compared_with.as_str().to_owned(),
            wrong: Vec::new(),
        }
    }

    pub fn chosen(&self, element: Element) -> &str {
        self.choice.get(element.key()).map_or("", String::as_str)
    }

    /// What it says, for the rules of drafts.
    pub fn form(&self) -> DraftForm {
        let chosen = self.choice.iter().filter(|(_, choice)| !choice.is_empty());
        let (told, held_back): (Vec<_>, Vec<_>) = chosen.partition(|(_, choice)| *choice == TOLD);
        DraftForm {
            told: told.into_iter().map(|(element, _)| element.clone()).collect(),
            held_back: held_back.into_iter().map(|(element, reason)| (element.clone(), reason.clone())).collect(),
            caveats: self.caveats.clone(),
            compared_with: self.compared_with.clone(),
        }
    }
}

/// Where the form is shown again.
pub async fn refused(at_work: &AtWork, request: Uuid, typed: &TypedDraft) -> Result<String, Error> {
    let content = serde_json::to_vec(typed).map_err(|_| Error::Internal)?;
    let id = domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await?;
    Ok(with_query(&format!("{INFORMATION_REQUESTS}/{request}"), &[("kept", id.to_string())]))
}

/// What the address names. None if it names nothing, or nothing of this officer's.
pub async fn kept(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<TypedDraft>, Error> {
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::information_request::{DraftProblem, HeldBack};

    use super::*;

    #[test]
    fn what_is_chosen_is_what_the_draft_says_and_the_other_way_round() {
        let allowed = BTreeSet::from([Element::FullName, Element::BirthDate, Element::Gender]);
        let choice = [("full_name", TOLD), ("birth_date", "law"), ("gender", "")];
        let choice = choice.map(|(element, choice)| (element.to_owned(), choice.to_owned())).into();
        let mut typed = TypedDraft { choice, compared_with: "A-File, paper".into(), ..TypedDraft::default() };
        assert_eq!(typed.form().parse(&allowed), Err(vec![DraftProblem::Undecided(Element::Gender)]));
        typed.choice.insert("gender".into(), "not_relevant".into());
        let draft = typed.form().parse(&allowed).unwrap();
        assert_eq!(draft.told, BTreeSet::from([Element::FullName]));
        assert_eq!(draft.held_back.get(&Element::BirthDate), Some(&HeldBack::Law));
        assert_eq!(TypedDraft::of(&draft).choice, typed.choice);
    }
}
