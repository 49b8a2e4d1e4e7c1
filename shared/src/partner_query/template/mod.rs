//! The forms in which countries write their requests and replies.
//!
//! PIA-060(a) says that each country uses a template of its own, carried over from the exchange by e-mail, and that a uniform one is
//! being made. **None of them is public.** The files here are examples of ours: each carries what the assessment says that every
//! template has, and differs from the others where real ones would, in names, order, dates and codes. An agency replaces them by its
//! partners' own.
//!
//! A template is data ([`Template::from_file`], [`starter`]): for each field its name, its place and whether it is required; how days
//! and countries are written; tables of codes. What it does not carry it says beforehand ([`Template::lost`]).
//!
//! **The line form** in which messages are written ([`Template::write`], [`Template::read`]) is ours as well, one field a line:
//!
//! ```text
//! PORTICO-MESSAGE/1 CA 1 request
//! Transaction number: USQ7EKZPTV8RNM6ZGG363JX8
//! Surname and given names: Ejemplo, Ana
//! Other names used: Ana Muster
//! Other names used: A. Ejemplo
//! END 4
//! ```
//!
//! The first line names the template, the last one how many lines stand between, so that a text that was cut off is noticed. Fields may
//! come in any order. A value is one line and cannot pass for another field.

mod codes;
mod file;
mod read;
mod starter;
#[cfg(test)]
mod tests;
mod write;

pub use codes::DateFormat;
pub use file::{LARGEST_TEMPLATE, TEMPLATE_FORMAT, TemplateFault, TemplateFileError};
pub use read::{LARGEST_MESSAGE, MOST_TEMPLATE_ERRORS, TemplateError, TemplateProblem, template_of};
pub use starter::starter;
pub use write::{Unfit, Written};

use std::num::NonZeroU32;

use serde::Deserialize;

use super::field::Field;
use crate::agreement::Partner;
use crate::country::CountryCode;
use codes::Codes;

/// Whose form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TemplateKey {
    /// The one for all, which the assessment says is being made.
    Uniform,
    /// A partner's own, carried over from the exchange by e-mail.
    Of(Partner),
}

impl TemplateKey {
    pub const ALL: [Self; 5] = [
        Self::Uniform,
        Self::Of(Partner::Australia),
        Self::Of(Partner::Canada),
        Self::Of(Partner::NewZealand),
        Self::Of(Partner::UnitedKingdom),
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Of(partner) => partner.key(),
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.key() == key)
    }

    /// Are messages with a partner written in it?
    pub fn is_for(self, partner: Partner) -> bool {
        match self {
            Self::Uniform => true,
            Self::Of(own) => own == partner,
        }
    }
}

/// A form in one version. Each version is kept: a message names the one in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateId {
    pub key: TemplateKey,
    pub version: NonZeroU32,
}

/// A form that can be used: it came through [`Template::from_file`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    id: TemplateId,
    title: String,
    note: String,
    codes: Codes,
    request: Vec<Row>,
    reply: Vec<Row>,
}

/// A field in a form. They are written in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub field: Field,
    /// What the country calls it.
    pub name: String,
    #[serde(default)]
    pub required: bool,
}

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Request,
    Reply,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Request, Self::Reply];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Every field that it can have.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        let (own, told): (&[Field], _) = match self {
            Self::Request => (&Field::REQUEST, None),
            Self::Reply => (&Field::REPLY, Some(Field::told())),
        };
        Field::HEADER.into_iter().chain(own.iter().copied()).chain(told.into_iter().flatten())
    }

    fn has(self, field: Field) -> bool {
        self.fields().any(|own| own == field)
    }

    /// What no message is without.
    const fn always(self) -> &'static [Field] {
        match self {
            Self::Request => &[
                Field::Number,
                Field::Direction,
                Field::Partner,
                Field::Agreement,
                Field::Step,
                Field::Date,
                Field::Reason,
                Field::Priority,
                Field::RequestorName,
                Field::RequestorOrganization,
                Field::RequestorContact,
            ],
            Self::Reply => &[
                Field::Number,
                Field::Prior,
                Field::Direction,
                Field::Partner,
                Field::Agreement,
                Field::Step,
                Field::Date,
                Field::Result,
                Field::ReviewerName,
                Field::ReviewerOrganization,
                Field::ReviewerContact,
            ],
        }
    }

    /// What every form has a place for: what the carry-over templates all have (PIA-060(a)), and what ties messages to each other.
    const fn carried(self) -> &'static [Field] {
        match self {
            Self::Request => &[
                Field::Prior,
                Field::FullName,
                Field::ANumber,
                Field::Fin,
                Field::Eid,
                Field::PartnerFingerprint,
                Field::PartnerIdentification,
                Field::Information,
                Field::Documents,
            ],
            Self::Reply => &[Field::CorrectionOf, Field::Enclosure, Field::Caveat],
        }
    }
}

impl Template {
    /// The form in use.
    ///
    /// # Errors
    /// What keeps its file from being used: of those that come with the program, nothing does.
    pub fn in_use(key: TemplateKey) -> Result<Self, TemplateFileError> {
        Self::from_file(starter(key).as_bytes())
    }

    pub const fn id(&self) -> TemplateId {
        self.id
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    /// What of it is known, and what was made up.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// How it writes days, by an example.
    pub const fn days(&self) -> &'static str {
        self.codes.date.form()
    }

    /// How it writes countries, by an example.
    pub const fn countries(&self) -> &'static str {
        self.codes.country_style.form()
    }

    /// The countries that it writes otherwise: its code, and what it means.
    pub fn other_countries(&self) -> impl Iterator<Item = (&str, &CountryCode)> {
        self.codes.country.iter().map(|row| (row.code.as_str(), &row.means))
    }

    /// Its fields in their order.
    pub fn rows(&self, kind: Kind) -> &[Row] {
        match kind {
            Kind::Request => &self.request,
            Kind::Reply => &self.reply,
        }
    }

    /// What messages may say and the form has no place for: look at it before the form is used.
    pub fn lost(&self, kind: Kind) -> Vec<Field> {
        kind.fields().filter(|field| self.row(kind, *field).is_none()).collect()
    }

    fn row(&self, kind: Kind, field: Field) -> Option<&Row> {
        self.rows(kind).iter().find(|row| row.field == field)
    }
}
