//! What a printed document says, as data, already in the reader's words: a confirmation to keep, a letter with a code that goes
//! out by mail. How it looks is the business of the program that sets it (`server/letters`).
//!
//! A [`Letter`] is [`Content`] whose sizes were checked, so that setting it takes a bounded time. Characters are not: what the
//! fonts cannot show is shown as `�`, because a strange name is no reason to go without a letter.

mod check;
pub mod wire;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use check::LetterError;

use crate::locale::Locale;

/// What a letter says. A line feed in a text ends a line; there is no other formatting in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub locale: Locale,
    /// The agency's name, at the head of the first page.
    pub agency: String,
    /// Under the name: the office's lines, its address for returned mail. May be empty.
    pub agency_lines: Vec<String>,
    /// The lines of name and address that a window envelope shows. Empty for what is handed over otherwise.
    pub mail_to: Vec<String>,
    pub title: String,
    /// The day that the letter bears. It is all that the document knows of time.
    pub date: NaiveDate,
    pub blocks: Vec<Block>,
    /// Stands at the foot of each page, and is not read aloud: nothing may stand here only. May be empty.
    pub footer: String,
}

/// A part of a letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    Heading(String),
    Paragraph(String),
    Facts(Vec<Fact>),
    /// Numbered, to be done in their order.
    Steps(Vec<String>),
    Code(Code),
    /// What must not be overlooked.
    Note(String),
}

/// One line of facts: what it is, and how it is here.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub term: String,
    pub description: String,
}

/// Something to be typed from the paper, such as a PIN; printed large.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub label: String,
    pub code: String,
}

/// A letter of which each part has a size that can be set.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Letter(Content);

impl Letter {
    /// Checks sizes.
    ///
    /// # Errors
    /// What is missing or too long. It does not say the text.
    pub fn check(content: Content) -> Result<Self, LetterError> {
        check::check(&content)?;
        Ok(Self(content))
    }

    pub const fn content(&self) -> &Content {
        &self.0
    }
}

/// All of a letter is about a person.
macro_rules! debug_without_content {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([sensitive])"))
            }
        }
    )*};
}

debug_without_content!(Letter, Content, Block, Fact, Code);

#[cfg(test)]
mod tests;
