//! What an officer has written.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::block::blocks;
use super::issue::Issue;
use super::placeholder::{Origin, Placeholder, Value, Values};
use super::template::Text;
use crate::letter::Block;
use crate::locale::Locale;

/// The longest text of an answer, in characters.
pub const LONGEST_TEXT: usize = 20_000;

/// By what means the person is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Letter,
    /// A mail says that there is an answer, and nothing of it; it is read at the page of the request.
    Email,
    /// An officer has called, and writes down what was said.
    Telephone,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Letter, Self::Email, Self::Telephone];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Email => "email",
            Self::Telephone => "telephone",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.key() == key)
    }
}

/// What comes after an answer that is not the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// The agency goes on: the clock runs.
    WeGoOn,
    /// The person was asked something: the clock waits.
    PersonReplies,
}

/// How much of an answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It says how far things are; another answer follows.
    Interim(Next),
    Final,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::Interim(Next::WeGoOn), Self::Interim(Next::PersonReplies), Self::Final];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Interim(Next::WeGoOn) => "interim",
            Self::Interim(Next::PersonReplies) => "interim_question",
            Self::Final => "final",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }

    pub const fn is_final(self) -> bool {
        matches!(self, Self::Final)
    }
}

/// An answer as it was typed. Nothing in it has to be right yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub form: Form,
    pub stage: Stage,
    pub locale: Locale,
    /// With placeholders, laid out as [`blocks`] reads it.
    pub text: String,
    /// What the officer typed for placeholders.
    pub typed: BTreeMap<Placeholder, String>,
    /// The part of the text, counted from 1, that speaks of an issue.
    pub addressed: BTreeMap<Issue, usize>,
}

/// It is about a person.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("form", &self.form).field("stage", &self.stage).finish_non_exhaustive()
    }
}

impl Draft {
    pub fn new(locale: Locale) -> Self {
        let (typed, addressed) = (BTreeMap::new(), BTreeMap::new());
        Self { form: Form::Letter, stage: Stage::Final, locale, text: String::new(), typed, addressed }
    }

    /// What is known of placeholders: what the record says, and what the officer typed of the rest.
    pub fn values(&self, record: &Values) -> Values {
        let mut values = record.clone();
        for (placeholder, typed) in &self.typed {
            if placeholder.origin() == Origin::Officer
                && let Some(value) = Value::parse(placeholder.kind(), typed)
            {
                values.set(*placeholder, value);
            }
        }
        values
    }

    /// The parts of the text, filled in.
    pub fn blocks(&self, record: &Values) -> Vec<Block> {
        let (text, _) = Text::parse_all(&self.text);
        blocks(&text.fill(&self.values(record), self.locale))
    }

    /// What the officer has to fill in.
    pub fn to_fill_in(&self) -> Vec<Placeholder> {
        let (text, _) = Text::parse_all(&self.text);
        text.placeholders().into_iter().filter(|placeholder| placeholder.origin() == Origin::Officer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        assert!(Form::ALL.into_iter().all(|form| Form::from_key(form.key()) == Some(form)));
        assert!(Stage::ALL.into_iter().all(|stage| Stage::from_key(stage.key()) == Some(stage)));
        assert_eq!((Form::from_key("fax"), Stage::from_key("half")), (None, None));
    }

    #[test]
    fn what_the_record_says_is_not_typed_over() {
        let mut draft = Draft::new(Locale::En);
        draft.text = "{request_number}: mailed {mailed_on}, by {place}.".into();
        draft.typed.insert(Placeholder::RequestNumber, "SR26-OTHER".into());
        draft.typed.insert(Placeholder::MailedOn, "2026-03-01".into());
        draft.typed.insert(Placeholder::Place, "  ".into());
        let mut record = Values::default();
        record.set(Placeholder::RequestNumber, Value::Line("SR26-OWN".into()));
        let blocks = draft.blocks(&record);
        assert!(blocks == [Block::Paragraph("SR26-OWN: mailed March 1, 2026, by {place}.".into())]);
        assert_eq!(draft.to_fill_in(), [Placeholder::MailedOn, Placeholder::Place]);
    }

    #[test]
    fn a_draft_is_kept_as_json_and_never_printed() {
        let mut draft = Draft::new(Locale::Es);
        draft.text = "Hola, Ana.".into();
        draft.addressed.insert(Issue::Addition(2), 1);
        let json = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft);
        assert!(!format!("{draft:?}").contains("Ana"));
    }
}
