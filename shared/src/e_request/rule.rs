//! What a kind of request asks, when it may be made, and who answers it: data, read by the server.

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::field::Field;
use super::step::Step;
use crate::delivery_tracking::MailedItem;
use crate::office::OfficeCode;
use crate::service_request::{RequestKind, Target};

/// A question of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub field: Field,
    pub need: Need,
}

/// Whether a form can do without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Needed,
    /// One of the questions of its page that say so has to be answered: whoever has no e-mail gives a telephone number.
    OneOf,
    Optional,
}

impl Asked {
    pub const fn needed(field: Field) -> Self {
        Self { field, need: Need::Needed }
    }

    pub const fn one_of(field: Field) -> Self {
        Self { field, need: Need::OneOf }
    }

    pub const fn optional(field: Field) -> Self {
        Self { field, need: Need::Optional }
    }
}

/// From when a request may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wait {
    /// At any time.
    Nothing,
    /// When the case waits longer than its normal processing time.
    NormalTime,
    /// So many days after a card, a document or a notice was mailed; where none was, so many after the decision, or for a
    /// notice after the case was received.
    Mailed { item: MailedItem, days: u32, unsent_days: u32 },
}

/// Where a request goes. The first of a list that leads somewhere counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The office that has the case.
    CaseOffice,
    /// The office that serves the mailing ZIP code.
    Zip,
    Office(OfficeCode),
}

/// All that differs between kinds of requests, and forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub kind: RequestKind,
    pub wait: Wait,
    /// By when the agency means to answer.
    pub target: Target,
    pub routes: Vec<Route>,
    pub takes_documents: bool,
    /// What is asked of the issue itself.
    pub issue: Vec<Asked>,
    pub person: Vec<Asked>,
    pub contact: Vec<Asked>,
}

/// What every request asks of the case, to be compared with its record.
pub const CASE: [Asked; 5] = [
    Asked::needed(Field::ReceiptNumber),
    Asked::needed(Field::Form),
    Asked::optional(Field::Category),
    Asked::needed(Field::FiledOn),
    Asked::needed(Field::MailingZip),
];

impl Rule {
    /// What a step asks. A representative is asked for a name of their own.
    pub fn asked(&self, step: Step, answers: &Answers) -> Vec<Asked> {
        match step {
            Step::Who => vec![Asked::needed(Field::Requester)],
            Step::Case => CASE.to_vec(),
            Step::Issue => self.issue.clone(),
            Step::Person if answers.is_of_representative() => {
                [Asked::needed(Field::RepresentativeName)].into_iter().chain(self.person.iter().copied()).collect()
            }
            Step::Person => self.person.clone(),
            Step::Contact => self.contact.clone(),
            Step::Answer | Step::Documents | Step::Check => Vec::new(),
        }
    }

    /// The steps of this kind of request, in order.
    pub fn steps(&self) -> Vec<Step> {
        let is_there = |step: &Step| match step {
            Step::Issue => !self.issue.is_empty(),
            Step::Documents => self.takes_documents,
            _ => true,
        };
        Step::ALL.into_iter().filter(is_there).collect()
    }

    /// Everything that is asked, in order.
    pub fn all_asked(&self, answers: &Answers) -> Vec<Asked> {
        self.steps().into_iter().flat_map(|step| self.asked(step, answers)).collect()
    }
}
