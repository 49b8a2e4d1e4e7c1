//! A template as a file, and what keeps one from being used.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use serde::Deserialize;
use thiserror::Error;

use super::codes::{Code, Codes};
use super::{Kind, Row, Template, TemplateId, TemplateKey};
use crate::agreement::{Element, Priority};
use crate::country::CountryCode;
use crate::partner_query::field::Field;
use crate::partner_query::message::ReplyResult;
use crate::partner_query::text::Line;
use crate::profile::Gender;

/// The first line of the format's history.
pub const TEMPLATE_FORMAT: &str = "portico-template/1";

/// The largest file that is read, in bytes.
pub const LARGEST_TEMPLATE: usize = 256 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    template: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    key: String,
    version: NonZeroU32,
    title: String,
    /// What of it is known, and what was made up.
    note: String,
    codes: Codes,
    request: Vec<Row>,
    reply: Vec<Row>,
}

/// Why a file is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateFileError {
    #[error("the file is larger than 256 KB")]
    TooLarge,
    #[error("the file is not in the format {TEMPLATE_FORMAT}")]
    OtherFormat,
    #[error("line {line}, column {column}: {what}")]
    Wrong { line: usize, column: usize, what: String },
    #[error("the template cannot be used, for {} reasons; the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Faults(Vec<TemplateFault>),
}

/// What keeps a template from being used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateFault {
    #[error("there is no template of this key")]
    UnknownKey,
    #[error("the name of \"{0}\" is not one line of up to 60 characters without a colon")]
    BadName(Field),
    #[error("the name of \"{0}\" is that of another field, too")]
    SharedName(Field),
    #[error("\"{0}\" stands there twice")]
    FieldTwice(Field),
    #[error("\"{0}\" is no field of a {1}")]
    OtherKind(Field, &'static str),
    /// Without it nobody could tell what a message is, or whom it is about.
    #[error("a {1} needs \"{0}\", and must require it")]
    NotRequired(Field, &'static str),
    /// It stands in every message that countries exchange with us.
    #[error("a {1} needs \"{0}\"")]
    NotCarried(Field, &'static str),
    #[error("a table has the code \"{0}\" twice, or it is not one line of up to 60 characters without |")]
    BadCode(String),
    #[error("there is no code for {0}")]
    NoCode(&'static str),
    #[error("the code \"{0}\" is that of another country, too")]
    OtherCountry(String),
}

impl Template {
    /// Reads a template and checks it: what is read can be used.
    ///
    /// # Errors
    /// The first thing that is not JSON of the format, or else all that keeps the template from being used.
    pub fn from_file(bytes: &[u8]) -> Result<Self, TemplateFileError> {
        if bytes.len() > LARGEST_TEMPLATE {
            return Err(TemplateFileError::TooLarge);
        }
        let file: File = serde_json::from_slice(bytes).map_err(|error| {
            // The place stands in front; behind the words it would be said twice.
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default().to_owned();
            TemplateFileError::Wrong { line: error.line(), column: error.column(), what }
        })?;
        if file.format != TEMPLATE_FORMAT {
            return Err(TemplateFileError::OtherFormat);
        }
        file.template.checked().map_err(TemplateFileError::Faults)
    }
}

impl Written {
    fn checked(self) -> Result<Template, Vec<TemplateFault>> {
        let mut faults = Vec::new();
        let key = TemplateKey::from_key(&self.key);
        faults.extend(key.is_none().then_some(TemplateFault::UnknownKey));
        check_rows(Kind::Request, &self.request, &mut faults);
        check_rows(Kind::Reply, &self.reply, &mut faults);
        check_codes(&self.codes, &mut faults);
        let Self { version, title, note, codes, request, reply, .. } = self;
        match key {
            Some(key) if faults.is_empty() => Ok(Template { id: TemplateId { key, version }, title, note, codes, request, reply }),
            _ => Err(faults),
        }
    }
}

fn check_rows(kind: Kind, rows: &[Row], faults: &mut Vec<TemplateFault>) {
    let (mut names, mut fields) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let is_name = Line::<60>::parse(&row.name).is_ok_and(|line| line.as_str() == row.name) && !row.name.contains(':');
        faults.extend((!is_name).then_some(TemplateFault::BadName(row.field)));
        faults.extend((!names.insert(&row.name)).then_some(TemplateFault::SharedName(row.field)));
        faults.extend((!fields.insert(row.field)).then_some(TemplateFault::FieldTwice(row.field)));
        faults.extend((!kind.has(row.field)).then_some(TemplateFault::OtherKind(row.field, kind.word())));
    }
    let is_required = |field: &Field| rows.iter().any(|row| row.field == *field && row.required);
    let missing = kind.always().iter().filter(|field| !is_required(field));
    faults.extend(missing.map(|field| TemplateFault::NotRequired(*field, kind.word())));
    let not_carried = kind.carried().iter().filter(|field| !fields.contains(*field));
    faults.extend(not_carried.map(|field| TemplateFault::NotCarried(*field, kind.word())));
}

fn check_codes(codes: &Codes, faults: &mut Vec<TemplateFault>) {
    check_table(&codes.reason, faults);
    check_table(&codes.priority, faults);
    check_table(&codes.gender, faults);
    check_table(&codes.result, faults);
    check_table(&codes.element, faults);
    check_table(&codes.country, faults);
    let priorities = Priority::ALL.into_iter().filter(|one| codes.write_priority(*one).is_none()).map(Priority::name);
    let genders = Gender::ALL.into_iter().filter(|one| codes.write_gender(*one).is_none()).map(Gender::name);
    let results = ReplyResult::ALL.into_iter().filter(|one| codes.write_result(*one).is_none()).map(ReplyResult::name);
    faults.extend(priorities.chain(genders).chain(results).map(TemplateFault::NoCode));
    let other_country = |row: &&Code<CountryCode>| CountryCode::parse_listed(&row.code).is_some_and(|code| code != row.means);
    faults.extend(codes.country.iter().filter(other_country).map(|row| TemplateFault::OtherCountry(row.code.clone())));
    let other_element = |row: &&Code<Element>| Element::from_key(&row.code).is_some_and(|element| element != row.means);
    faults.extend(codes.element.iter().filter(other_element).map(|row| TemplateFault::BadCode(row.code.clone())));
}

fn check_table<T>(table: &[Code<T>], faults: &mut Vec<TemplateFault>) {
    let mut codes = BTreeSet::new();
    for Code { code, .. } in table {
        let is_code = Line::<60>::parse(code).is_ok_and(|line| line.as_str() == code) && !code.contains('|');
        let is_new = codes.insert(code);
        faults.extend((!is_code || !is_new).then(|| TemplateFault::BadCode(code.clone())));
    }
}
