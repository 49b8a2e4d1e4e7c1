//! The form of `reference/e_request.toml`, whose head describes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::case_status::FormNumber;
use shared::e_request::{Asked, Field, FieldWording, KindWording, Route, Rule, Wait};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::{Count, RequestKind, Target};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub at_hand: Both<Vec<String>>,
    pub field: BTreeMap<Field, RawField>,
    #[serde(default)]
    pub wording: Vec<RawWording>,
    #[serde(default)]
    pub kind: Vec<RawKind>,
    #[serde(default, rename = "override")]
    pub overrides: Vec<RawOverride>,
}

/// Something in both languages: one of them alone cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Both<T = String> {
    pub en: T,
    pub es: T,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub label: Both,
    pub hint: Option<Both>,
    pub missing: Both,
    pub wrong: Option<Both>,
    pub too_long: Option<Both>,
    pub none_given: Option<Both>,
    #[serde(default)]
    pub choices: BTreeMap<String, Both>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWording {
    pub field: Field,
    pub kind: Option<RequestKind>,
    #[serde(default)]
    pub forms: Vec<String>,
    pub label: Option<Both>,
    pub hint: Option<Both>,
    pub missing: Option<Both>,
    pub wrong: Option<Both>,
    pub too_long: Option<Both>,
    pub none_given: Option<Both>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKind {
    pub kind: RequestKind,
    pub title: Both,
    pub description: Both,
    pub at_hand: Option<Both<Vec<String>>>,
    pub lead: Option<Both>,
    wait: Wait,
    target: RawTarget,
    routes: Vec<String>,
    takes_documents: bool,
    issue: Vec<String>,
    person: Vec<String>,
    contact: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOverride {
    pub kind: RequestKind,
    pub forms: Vec<String>,
    wait: Option<Wait>,
    target: Option<RawTarget>,
    routes: Option<Vec<String>>,
    takes_documents: Option<bool>,
    issue: Option<Vec<String>>,
    person: Option<Vec<String>>,
    contact: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTarget {
    days: u16,
    count: Count,
}

impl<T> Both<T> {
    pub(super) const fn pick(&self, locale: Locale) -> &T {
        match locale {
            Locale::En => &self.en,
            Locale::Es => &self.es,
        }
    }
}

impl RawField {
    pub(super) fn wording(&self, locale: Locale) -> FieldWording {
        let text = |both: &Option<Both>| both.as_ref().map(|both| both.pick(locale).clone());
        FieldWording {
            label: self.label.pick(locale).clone(),
            hint: text(&self.hint),
            missing: self.missing.pick(locale).clone(),
            wrong: text(&self.wrong),
            too_long: text(&self.too_long),
            none_given: text(&self.none_given),
        }
    }

    /// With the texts of an exception in place of its own.
    pub(super) fn with(mut self, wording: &RawWording) -> Self {
        let or_own = |other: &Option<Both>, own: Option<Both>| other.clone().or(own);
        self.label = wording.label.clone().unwrap_or(self.label);
        self.missing = wording.missing.clone().unwrap_or(self.missing);
        self.hint = or_own(&wording.hint, self.hint);
        self.wrong = or_own(&wording.wrong, self.wrong);
        self.too_long = or_own(&wording.too_long, self.too_long);
        self.none_given = or_own(&wording.none_given, self.none_given);
        self
    }

    /// Its texts with their names.
    pub(super) fn texts(&self) -> Vec<(&'static str, &Both)> {
        let optional =
            [("hint", &self.hint), ("wrong", &self.wrong), ("too_long", &self.too_long), ("none_given", &self.none_given)];
        let given = optional.into_iter().filter_map(|(name, both)| both.as_ref().map(|both| (name, both)));
        [("label", &self.label), ("missing", &self.missing)].into_iter().chain(given).collect()
    }
}

impl RawKind {
    pub(super) fn rule(&self) -> Result<Rule, String> {
        Ok(Rule {
            kind: self.kind,
            wait: self.wait,
            target: self.target.read(),
            routes: read_routes(&self.routes)?,
            takes_documents: self.takes_documents,
            issue: read_asked(&self.issue)?,
            person: read_asked(&self.person)?,
            contact: read_asked(&self.contact)?,
        })
    }

    /// `at_hand` is what everybody needs.
    pub(super) fn wording(&self, at_hand: &Both<Vec<String>>, locale: Locale) -> KindWording {
        let own = self.at_hand.as_ref().map(|both| both.pick(locale).as_slice()).unwrap_or_default();
        KindWording {
            title: self.title.pick(locale).clone(),
            description: self.description.pick(locale).clone(),
            at_hand: [at_hand.pick(locale).as_slice(), own].concat(),
            lead: self.lead.as_ref().map(|both| both.pick(locale).clone()),
        }
    }
}

impl RawOverride {
    /// The kind's rule with what stands here in place of its own.
    pub(super) fn rule(&self, of_kind: &Rule) -> Result<Rule, String> {
        let asked = |list: &Option<Vec<String>>, own: &[Asked]| list.as_deref().map_or(Ok(own.to_vec()), read_asked);
        Ok(Rule {
            kind: of_kind.kind,
            wait: self.wait.unwrap_or(of_kind.wait),
            target: self.target.map_or(of_kind.target, RawTarget::read),
            routes: self.routes.as_deref().map_or(Ok(of_kind.routes.clone()), read_routes)?,
            takes_documents: self.takes_documents.unwrap_or(of_kind.takes_documents),
            issue: asked(&self.issue, &of_kind.issue)?,
            person: asked(&self.person, &of_kind.person)?,
            contact: asked(&self.contact, &of_kind.contact)?,
        })
    }
}

impl RawTarget {
    const fn read(self) -> Target {
        Target { days: self.days, count: self.count }
    }
}

pub(super) fn read_forms(forms: &[String]) -> Result<Vec<FormNumber>, String> {
    forms.iter().map(|form| FormNumber::parse(form).map_err(|error| format!("form {form}: {error}"))).collect()
}

/// `name` is needed, `name?` is optional, of `name|name` one is needed.
fn read_asked(list: &[String]) -> Result<Vec<Asked>, String> {
    if list.iter().filter(|entry| entry.contains('|')).count() > 1 {
        return Err("a page has only one \"name|name\"".into());
    }
    let mut asked = Vec::new();
    for entry in list {
        if let Some(name) = entry.strip_suffix('?') {
            asked.push(Asked::optional(read_field(name)?));
        } else if entry.contains('|') {
            let fields: Result<Vec<Field>, String> = entry.split('|').map(read_field).collect();
            asked.extend(fields?.into_iter().map(Asked::one_of));
        } else {
            asked.push(Asked::needed(read_field(entry)?));
        }
    }
    Ok(asked)
}

fn read_field(name: &str) -> Result<Field, String> {
    Field::from_key(name).ok_or_else(|| format!("there is no field \"{name}\"; they are {}", Field::ALL.map(Field::key).join(", ")))
}

fn read_routes(list: &[String]) -> Result<Vec<Route>, String> {
    list.iter().map(|route| read_route(route)).collect()
}

fn read_route(route: &str) -> Result<Route, String> {
    match (route, route.strip_prefix("office:")) {
        ("case_office", _) => Ok(Route::CaseOffice),
        ("zip", _) => Ok(Route::Zip),
        (_, Some(code)) => OfficeCode::parse(code).map(Route::Office).map_err(|error| format!("route {route}: {error}")),
        (_, None) => Err(format!("route {route}: it must be case_office, zip or office:CODE")),
    }
}
