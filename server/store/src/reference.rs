//! Reference texts: what a status says, which action code shows it, how forms are called. Every version is kept.

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD_STATUS = "INSERT INTO status_text (status, recorded_at, origin, stage, deadline_days, deadline_for, title_en, title_es, \
                  description_en, description_es, next_en, next_es) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    STATUSES = "SELECT recorded_at, origin, status, stage, deadline_days, deadline_for, title_en, title_es, description_en, \
                description_es, next_en, next_es FROM status_text ORDER BY status, recorded_at";
    ADD_CODE = "INSERT INTO action_code (code, recorded_at, origin, status) VALUES ($1, $2, $3, $4)";
    CODES = "SELECT recorded_at, origin, code, status FROM action_code ORDER BY code, recorded_at";
    ADD_FORM = "INSERT INTO form_name (form, recorded_at, origin, name_en, name_es) VALUES ($1, $2, $3, $4, $5)";
    FORMS = "SELECT recorded_at, origin, form, name_en, name_es FROM form_name ORDER BY form, recorded_at";
    VERSIONS = "SELECT (SELECT count(*) FROM status_text) + (SELECT count(*) FROM action_code) + (SELECT count(*) FROM form_name) \
                + (SELECT count(*) FROM office)";
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It came with a version of Portico; a later version may bring a better one.
    Shipped,
    /// The agency wrote it: no version replaces it.
    Edited,
}

impl Origin {
    const fn key(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Edited => "edited",
        }
    }

    fn from_key(key: &str) -> Self {
        if key == "shipped" { Self::Shipped } else { Self::Edited }
    }
}

/// A version of something, recorded at a moment.
#[derive(Debug, Clone)]
pub struct Version<T> {
    pub recorded_at: DateTime<Utc>,
    pub origin: Origin,
    pub value: T,
}

/// What a status says, as templates.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StatusText {
    pub status: String,
    pub stage: String,
    pub deadline_days: Option<i64>,
    /// `person` or `call`, with `deadline_days`.
    pub deadline_for: Option<String>,
    pub title_en: String,
    pub title_es: String,
    pub description_en: String,
    pub description_es: String,
    pub next_en: String,
    pub next_es: String,
}

/// Which status a code shows; none: the code is not public.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CodeText {
    pub code: String,
    pub status: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FormText {
    pub form: String,
    pub name_en: String,
    pub name_es: String,
}

#[derive(sqlx::FromRow)]
struct VersionRow<T> {
    recorded_at: DateTime<Utc>,
    origin: String,
    #[sqlx(flatten)]
    value: T,
}

fn versions<T>(rows: Vec<VersionRow<T>>) -> Vec<Version<T>> {
    let version =
        |row: VersionRow<T>| Version { recorded_at: row.recorded_at, origin: Origin::from_key(&row.origin), value: row.value };
    rows.into_iter().map(version).collect()
}

pub async fn add_status(transaction: &mut Connection, version: &Version<StatusText>) -> Result<(), StoreError> {
    let text = &version.value;
    execute!(
        transaction,
        &ADD_STATUS,
        &text.status,
        version.recorded_at,
        version.origin.key(),
        &text.stage,
        text.deadline_days,
        &text.deadline_for,
        &text.title_en,
        &text.title_es,
        &text.description_en,
        &text.description_es,
        &text.next_en,
        &text.next_es
    )?;
    Ok(())
}

pub async fn add_code(transaction: &mut Connection, version: &Version<CodeText>) -> Result<(), StoreError> {
    let text = &version.value;
    execute!(transaction, &ADD_CODE, &text.code, version.recorded_at, version.origin.key(), &text.status)?;
    Ok(())
}

pub async fn add_form(transaction: &mut Connection, version: &Version<FormText>) -> Result<(), StoreError> {
    let text = &version.value;
    execute!(transaction, &ADD_FORM, &text.form, version.recorded_at, version.origin.key(), &text.name_en, &text.name_es)?;
    Ok(())
}

/// Every version of every status, oldest first within a status; likewise the next two.
pub async fn statuses(connection: &mut Connection) -> Result<Vec<Version<StatusText>>, StoreError> {
    Ok(versions(fetch!(connection, fetch_all, VersionRow<StatusText>, &STATUSES)?))
}

pub async fn codes(connection: &mut Connection) -> Result<Vec<Version<CodeText>>, StoreError> {
    Ok(versions(fetch!(connection, fetch_all, VersionRow<CodeText>, &CODES)?))
}

pub async fn forms(connection: &mut Connection) -> Result<Vec<Version<FormText>>, StoreError> {
    Ok(versions(fetch!(connection, fetch_all, VersionRow<FormText>, &FORMS)?))
}

/// How many versions there are. They are only ever added, so another number tells a server that its copy is old.
pub async fn versions_recorded(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &VERSIONS)?.0)
}
