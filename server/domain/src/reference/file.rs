//! The file of reference texts: `reference/status_texts.toml` in this crate, or an agency's own copy of it.

use std::collections::HashSet;

use serde::Deserialize;
use shared::case_feed::ActionCode;
use shared::case_status::{FormNumber, Stage};
use store::reference::{CodeText, FormText, StatusText};

use super::template::Template;
use super::texts::DeadlineFor;

/// A file, checked.
#[derive(Debug, Default)]
pub(crate) struct TextFile {
    pub statuses: Vec<StatusText>,
    pub codes: Vec<CodeText>,
    pub forms: Vec<FormText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    status: Vec<RawStatus>,
    #[serde(default)]
    not_public: Vec<RawNotPublic>,
    #[serde(default)]
    form: Vec<RawForm>,
    #[serde(default, rename = "dropped_title")]
    _dropped_titles: Vec<RawDroppedTitle>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStatus {
    key: String,
    stage: String,
    #[serde(default)]
    codes: Vec<String>,
    /// Delivery states that show the status; they come from the postal service's scans, not from the feed.
    #[serde(default)]
    delivery: Vec<String>,
    deadline_days: Option<i64>,
    deadline_for: Option<String>,
    title_en: String,
    title_es: String,
    description_en: String,
    description_es: String,
    next_en: String,
    next_es: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNotPublic {
    #[serde(rename = "reason")]
    _reason: String,
    codes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    number: String,
    name_en: String,
    name_es: String,
}

/// Published titles that no status uses, with the reason: reviewed with the file, used by its test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDroppedTitle {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "reason")]
    _reason: String,
}

const DELIVERY_STATES: [&str; 4] = ["picked_up", "delivered", "returning", "undeliverable"];

/// Reads and checks a file.
///
/// # Errors
/// What is wrong, where, and what to do.
pub(crate) fn parse(text: &str) -> Result<TextFile, String> {
    let raw: RawFile =
        toml::from_str(text).map_err(|error| format!("The file is not in the documented form: {}", error.to_string().trim()))?;
    let mut file = TextFile::default();
    let mut keys = HashSet::new();
    let mut codes = HashSet::new();
    for status in raw.status {
        if !keys.insert(status.key.clone()) {
            return Err(format!("Status {}: stands twice.", status.key));
        }
        add_codes(&mut file, &mut codes, status.codes.clone(), Some(&status.key))?;
        file.statuses.push(check_status(status)?);
    }
    for group in raw.not_public {
        add_codes(&mut file, &mut codes, group.codes, None)?;
    }
    for form in raw.form {
        FormNumber::parse(&form.number).map_err(|error| format!("Form {}: {error}.", form.number))?;
        file.forms.push(FormText { form: form.number, name_en: form.name_en, name_es: form.name_es });
    }
    Ok(file)
}

fn add_codes(file: &mut TextFile, seen: &mut HashSet<String>, codes: Vec<String>, status: Option<&str>) -> Result<(), String> {
    for code in codes {
        if ActionCode::parse(&code).is_none() {
            return Err(format!("Code {code}: an action code has one to five capital letters or digits."));
        }
        if !seen.insert(code.clone()) {
            return Err(format!("Code {code}: stands twice."));
        }
        file.codes.push(CodeText { code, status: status.map(Into::into) });
    }
    Ok(())
}

fn check_status(raw: RawStatus) -> Result<StatusText, String> {
    let at = |what: String| format!("Status {}: {what}.", raw.key);
    if Stage::from_key(&raw.stage).is_none() {
        return Err(at(format!("the stage must be one of {}", Stage::ALL.map(Stage::key).join(", "))));
    }
    // CSSO's answer for protected cases: whoever reads it knows that the case is one.
    if raw.title_en.trim().eq_ignore_ascii_case("case status") {
        return Err(at("the title CASE STATUS would tell that a case is protected".into()));
    }
    if let Some(state) = raw.delivery.iter().find(|state| !DELIVERY_STATES.contains(&state.as_str())) {
        return Err(at(format!("{state} is no delivery state")));
    }
    if raw.deadline_days.is_some_and(|days| !(1..=3650).contains(&days)) {
        return Err(at("deadline_days must lie between 1 and 3650".into()));
    }
    if raw.deadline_days.is_some() != raw.deadline_for.is_some() {
        return Err(at("deadline_days and deadline_for stand together".into()));
    }
    if raw.deadline_for.as_deref().is_some_and(|word| DeadlineFor::from_key(word).is_none()) {
        return Err(at("deadline_for must be person or call".into()));
    }
    let texts = [&raw.title_en, &raw.title_es, &raw.description_en, &raw.description_es, &raw.next_en, &raw.next_es];
    for text in texts {
        if text.trim().is_empty() {
            return Err(at("every text needs both languages".into()));
        }
        Template::parse(text, raw.deadline_days.is_some()).map_err(&at)?;
    }
    Ok(StatusText {
        status: raw.key,
        stage: raw.stage,
        deadline_days: raw.deadline_days,
        deadline_for: raw.deadline_for,
        title_en: raw.title_en,
        title_es: raw.title_es,
        description_en: raw.description_en,
        description_es: raw.description_es,
        next_en: raw.next_en,
        next_es: raw.next_es,
    })
}
