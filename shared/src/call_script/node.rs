//! The nodes of a script.

use serde::{Deserialize, Serialize};

use super::key::NodeKey;
use super::verified::CaseBlock;
use crate::locale::Locale;
use crate::service_request::RequestKind;

/// The same in both languages: the agent reads aloud the one that the caller speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[serde(default)]
    pub en: String,
    #[serde(default)]
    pub es: String,
}

impl Words {
    pub fn new(en: &str, es: &str) -> Self {
        let tidy = |text: &str| text.trim().replace("\r\n", "\n");
        Self { en: tidy(en), es: tidy(es) }
    }

    pub fn get(&self, locale: Locale) -> &str {
        locale.pick(&self.en, &self.es)
    }
}

/// One thing that an agent does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub key: NodeKey,
    /// As the agent sees it on the way through the script, in a few words of English.
    pub name: String,
    pub step: Step,
}

/// What is done, and where the way leads from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Read aloud, word for word.
    Say { what: Said, text: Words, then: NodeKey },
    /// Ask, and go where the answer leads.
    Ask { question: Words, answers: Vec<Answer> },
    /// Say what is known about the caller's case, if it may be said to this caller; else go the other way.
    Case { block: CaseBlock, text: Words, then: NodeKey, otherwise: NodeKey },
    /// Tell where a form is.
    Form { form: String, text: Words, then: NodeKey },
    /// Take a service request. The call ends with it.
    TakeRequest { kind: RequestKind, text: Words },
    /// Hand the call to Tier 2. What was said so far goes with it.
    Transfer { text: Words },
    /// The caller has an answer.
    End { text: Words },
}

/// Why a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Information,
    /// That this is no legal advice. Nobody comes to an end without having heard it.
    Disclaimer,
    /// Authority, purpose, routine uses, and that answering is voluntary (5 USC 552a(e)(3)), before anything is written down.
    PrivacyAct,
}

impl Said {
    pub const ALL: [Self; 3] = [Self::Information, Self::Disclaimer, Self::PrivacyAct];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Disclaimer => "disclaimer",
            Self::PrivacyAct => "privacy_act",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }

    /// Whether the agent confirms that it was read out in full.
    pub const fn must_be_read(self) -> bool {
        matches!(self, Self::Disclaimer | Self::PrivacyAct)
    }
}

/// What is done at a node, without what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Say,
    Ask,
    Case,
    Form,
    TakeRequest,
    Transfer,
    End,
}

impl StepKind {
    pub const ALL: [Self; 7] = [Self::Say, Self::Ask, Self::Case, Self::Form, Self::TakeRequest, Self::Transfer, Self::End];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Ask => "ask",
            Self::Case => "case",
            Self::Form => "form",
            Self::TakeRequest => "take_request",
            Self::Transfer => "transfer",
            Self::End => "end",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }

    /// As who writes a script reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Say => "Read a text",
            Self::Ask => "Ask a question",
            Self::Case => "Say what is known about the case",
            Self::Form => "Lead to a form",
            Self::TakeRequest => "Take a service request",
            Self::Transfer => "Hand to Tier 2",
            Self::End => "End the call",
        }
    }
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub label: Words,
    pub then: NodeKey,
}

impl Step {
    pub const fn kind(&self) -> StepKind {
        match self {
            Self::Say { .. } => StepKind::Say,
            Self::Ask { .. } => StepKind::Ask,
            Self::Case { .. } => StepKind::Case,
            Self::Form { .. } => StepKind::Form,
            Self::TakeRequest { .. } => StepKind::TakeRequest,
            Self::Transfer { .. } => StepKind::Transfer,
            Self::End { .. } => StepKind::End,
        }
    }

    /// Where the way may lead from here.
    pub fn next(&self) -> Vec<&NodeKey> {
        match self {
            Self::Say { then, .. } | Self::Form { then, .. } => vec![then],
            Self::Ask { answers, .. } => answers.iter().map(|answer| &answer.then).collect(),
            Self::Case { then, otherwise, .. } => vec![then, otherwise],
            Self::TakeRequest { .. } | Self::Transfer { .. } | Self::End { .. } => Vec::new(),
        }
    }

    /// Whether a call is over here.
    pub const fn is_end(&self) -> bool {
        matches!(self, Self::TakeRequest { .. } | Self::Transfer { .. } | Self::End { .. })
    }

    /// All that is read aloud.
    pub fn words(&self) -> Vec<&Words> {
        match self {
            Self::Say { text, .. }
            | Self::Case { text, .. }
            | Self::Form { text, .. }
            | Self::TakeRequest { text, .. }
            | Self::Transfer { text }
            | Self::End { text } => vec![text],
            Self::Ask { question, answers } => {
                std::iter::once(question).chain(answers.iter().map(|answer| &answer.label)).collect()
            }
        }
    }
}
