//! The reference texts in memory, every version of them.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::case_status::{FormNumber, Stage};
use shared::locale::Locale;
use shared::office::{OfficeCode, OfficeKind};
use store::office::Office;
use store::reference::{StatusText, Version};
use store::{Store, StoreError};

use super::template::Template;

/// A status, ready to be rendered.
#[derive(Debug)]
pub(crate) struct Status {
    pub key: String,
    pub stage: Stage,
    pub deadline: Option<Deadline>,
    en: Wording,
    es: Wording,
}

/// A day that a status names, counted from its event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    pub days: u64,
    pub is_for: DeadlineFor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeadlineFor {
    /// By then the person has to act.
    Person,
    /// By then something should have come; if not, the person calls.
    Call,
}

impl DeadlineFor {
    /// Reads the word in the reference texts and in the database.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        match key {
            "person" => Some(Self::Person),
            "call" => Some(Self::Call),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Wording {
    pub title: String,
    pub description: Template,
    pub next_step: Template,
}

impl Status {
    pub(crate) const fn wording(&self, locale: Locale) -> &Wording {
        match locale {
            Locale::En => &self.en,
            Locale::Es => &self.es,
        }
    }
}

/// Versions of one thing, oldest first.
type Versions<T> = Vec<(DateTime<Utc>, T)>;

/// All texts. Rebuilt whole when something changes.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// How many versions were there.
    pub versions: i64,
    statuses: HashMap<String, Versions<Arc<Status>>>,
    codes: HashMap<String, Versions<Option<String>>>,
    forms: HashMap<String, Versions<(String, String)>>,
    offices: HashMap<String, Versions<Office>>,
}

impl Texts {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let mut connection = store.read_primary().await?;
        let mut texts = Self { versions: store::reference::versions_recorded(&mut connection).await?, ..Self::default() };
        for version in store::reference::statuses(&mut connection).await? {
            let status = read_status(&version)?;
            texts.statuses.entry(status.key.clone()).or_default().push((version.recorded_at, Arc::new(status)));
        }
        for version in store::reference::codes(&mut connection).await? {
            texts.codes.entry(version.value.code).or_default().push((version.recorded_at, version.value.status));
        }
        for version in store::reference::forms(&mut connection).await? {
            let names = (version.value.name_en, version.value.name_es);
            texts.forms.entry(version.value.form).or_default().push((version.recorded_at, names));
        }
        for (recorded_at, office) in store::office::all_versions(&mut connection).await? {
            texts.offices.entry(office.code.as_str().to_owned()).or_default().push((recorded_at, office));
        }
        Ok(texts)
    }

    /// The status that a code shows to the public; none for a code that is unknown or not public.
    pub(crate) fn public_status(&self, code: &str, as_of: DateTime<Utc>) -> Option<&Arc<Status>> {
        let status = at(self.codes.get(code)?, as_of)?.as_ref()?;
        at(self.statuses.get(status)?, as_of)
    }

    /// A status by its key, whatever codes show it.
    pub(crate) fn status(&self, key: &str, as_of: DateTime<Utc>) -> Option<&Arc<Status>> {
        at(self.statuses.get(key)?, as_of)
    }

    pub(crate) fn form_name(&self, form: &FormNumber, locale: Locale, as_of: DateTime<Utc>) -> Option<&str> {
        let (en, es) = at(self.forms.get(form.as_str())?, as_of)?;
        Some(locale.pick(en, es))
    }

    /// All forms by number and name: letters, then digits as a number.
    pub(crate) fn forms(&self, locale: Locale, as_of: DateTime<Utc>) -> Vec<(String, String)> {
        let name = |(form, versions): (&String, &Versions<(String, String)>)| {
            at(versions, as_of).map(|(en, es)| (form.clone(), locale.pick(en, es).to_owned()))
        };
        let mut forms: Vec<(String, String)> = self.forms.iter().filter_map(name).collect();
        forms.sort_by_cached_key(|(form, _)| {
            let (letters, rest) = form.split_once('-').unwrap_or((form, ""));
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            (letters.to_owned(), digits.parse::<u32>().unwrap_or(0), rest.to_owned())
        });
        forms
    }

    /// The office's name; an office that is not on the list goes by its code.
    pub(crate) fn office_name<'t>(&'t self, office: &'t OfficeCode, as_of: DateTime<Utc>) -> &'t str {
        self.offices.get(office.as_str()).and_then(|versions| at(versions, as_of)).map_or(office.as_str(), |office| &office.name)
    }

    /// Whether there is an office of this code.
    pub(crate) fn knows_office(&self, office: &OfficeCode, as_of: DateTime<Utc>) -> bool {
        self.offices.get(office.as_str()).and_then(|versions| at(versions, as_of)).is_some()
    }

    /// The offices there are: code and name, in the order of their codes.
    pub(crate) fn offices(&self, as_of: DateTime<Utc>) -> Vec<(OfficeCode, String)> {
        let current = self.offices.values().filter_map(|versions| at(versions, as_of));
        let mut offices: Vec<_> = current.map(|office| (office.code.clone(), office.name.clone())).collect();
        offices.sort();
        offices
    }

    /// The field office that serves a ZIP code: of several the one that names most of its digits.
    pub(crate) fn office_of_zip(&self, zip: &str, as_of: DateTime<Utc>) -> Option<&OfficeCode> {
        let current = self.offices.values().filter_map(|versions| at(versions, as_of));
        let digits = |office: &&Office| {
            let serves = office.zip_prefixes.iter().filter(|prefix| zip.starts_with(prefix.as_str()));
            serves.map(String::len).max().map(|digits| (digits, std::cmp::Reverse(office.code.as_str().to_owned())))
        };
        let field_offices = current.filter(|office| office.kind == OfficeKind::FieldOffice);
        let best =
            field_offices.filter_map(|office| Some((digits(&office)?, office))).max_by(|(one, _), (other, _)| one.cmp(other));
        best.map(|(_, office)| &office.code)
    }
}

/// The version that was in force at a moment.
fn at<T>(versions: &Versions<T>, as_of: DateTime<Utc>) -> Option<&T> {
    versions.iter().rfind(|(recorded_at, _)| *recorded_at <= as_of).map(|(_, value)| value)
}

fn read_status(version: &Version<StatusText>) -> Result<Status, StoreError> {
    let text = &version.value;
    let has_deadline = text.deadline_days.is_some();
    let template = |column: &'static str, text: &str| {
        Template::parse(text, has_deadline).map_err(|_| StoreError::inconsistent("status_text", column))
    };
    Ok(Status {
        key: text.status.clone(),
        stage: Stage::from_key(&text.stage).ok_or(StoreError::inconsistent("status_text", "stage"))?,
        deadline: read_deadline(text)?,
        en: Wording {
            title: text.title_en.clone(),
            description: template("description_en", &text.description_en)?,
            next_step: template("next_en", &text.next_en)?,
        },
        es: Wording {
            title: text.title_es.clone(),
            description: template("description_es", &text.description_es)?,
            next_step: template("next_es", &text.next_es)?,
        },
    })
}

fn read_deadline(text: &StatusText) -> Result<Option<Deadline>, StoreError> {
    let Some(days) = text.deadline_days else { return Ok(None) };
    let days = u64::try_from(days).map_err(|_| StoreError::inconsistent("status_text", "deadline_days"))?;
    let is_for = text.deadline_for.as_deref().and_then(DeadlineFor::from_key);
    Ok(Some(Deadline { days, is_for: is_for.ok_or(StoreError::inconsistent("status_text", "deadline_for"))? }))
}
