//! An OpenAPI document, as far as the page shows it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use shared::locale::Locale;

/// What programs may ask for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ApiDocument {
    pub(super) tags: Vec<Tag>,
    /// Operations by method, by path.
    pub(super) paths: BTreeMap<String, BTreeMap<String, Operation>>,
}

/// A group of operations.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tag {
    pub name: String,
    #[serde(rename = "x-name-es")]
    name_es: String,
    description: String,
    #[serde(rename = "x-description-es")]
    description_es: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    #[serde(rename = "operationId")]
    pub id: String,
    summary: String,
    #[serde(rename = "x-summary-es")]
    summary_es: String,
    pub description: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    /// Scopes by scheme; each entry is one way to be admitted.
    #[serde(default)]
    pub security: Vec<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    pub request_body: Option<Body>,
    /// By status.
    pub responses: BTreeMap<String, Answer>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub r#in: Place,
    pub description: String,
    pub example: Value,
}

/// Where a parameter stands in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Path,
    Query,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Body {
    pub description: String,
    pub content: BTreeMap<String, Content>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Content {
    pub example: Value,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answer {
    pub description: String,
    #[serde(default)]
    pub content: BTreeMap<String, Content>,
}

/// An operation and where it is.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub operation: &'a Operation,
}

impl ApiDocument {
    /// What each operation is called, in the order of the page.
    pub fn titles(&self, locale: Locale) -> impl Iterator<Item = &str> {
        self.tags.iter().flat_map(|tag| self.of(tag)).map(move |at| at.operation.title(locale))
    }

    /// The operations of a group, in the order of their paths.
    pub(super) fn of<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = At<'a>> {
        let all = self
            .paths
            .iter()
            .flat_map(|(path, operations)| operations.iter().map(|(method, operation)| At { method, path, operation }));
        all.filter(|at| at.operation.tags.contains(&tag.name))
    }
}

impl Tag {
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.name, &self.name_es)
    }

    pub fn description(&self, locale: Locale) -> &str {
        locale.pick(&self.description, &self.description_es)
    }
}

impl Operation {
    /// As a heading: without a full stop.
    pub fn title(&self, locale: Locale) -> &str {
        locale.pick(&self.summary, &self.summary_es).trim_end_matches('.')
    }
}
