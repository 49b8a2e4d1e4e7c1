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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Wait {
    /// At any time.
    Nothing,
    /// When the case waits longer than its normal processing time.
    NormalTime,
    /// So many days after a card, a document or a notice was mailed; where none was, so many after the approval, or for a
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

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::service_request::Count;

    /// A rule with every step.
    pub(in super::super) fn rule() -> Rule {
        Rule {
            kind: RequestKind::TypographicError,
            wait: Wait::Nothing,
            target: Target { days: 30, count: Count::Calendar },
            routes: vec![Route::CaseOffice],
            takes_documents: true,
            issue: vec![Asked::needed(Field::PrintedText), Asked::needed(Field::CorrectText)],
            person: vec![Asked::needed(Field::FamilyName), Asked::optional(Field::GivenName), Asked::needed(Field::BirthDate)],
            contact: vec![Asked::one_of(Field::Email), Asked::one_of(Field::Telephone)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::rule;
    use super::*;

    fn by(requester: &str) -> Answers {
        let mut answers = Answers::default();
        answers.set(Field::Requester, requester);
        answers
    }

    #[test]
    fn a_representative_is_asked_for_a_name_of_their_own_first() {
        let name = Asked::needed(Field::RepresentativeName);
        assert_eq!(rule().asked(Step::Person, &by("representative")), [vec![name], rule().person].concat());
        for other in ["applicant", "petitioner", ""] {
            assert_eq!(rule().asked(Step::Person, &by(other)), rule().person, "{other}");
            assert!(!rule().all_asked(&by(other)).contains(&name), "{other}");
        }
    }

    #[test]
    fn the_name_of_a_representative_goes_with_the_role() {
        let mut answers = by("representative");
        answers.set(Field::RepresentativeName, "Luz Ejemplo");
        assert_eq!(answers.only(&rule().all_asked(&answers)), answers);
        answers.set(Field::Requester, "applicant");
        assert_eq!(answers.only(&rule().all_asked(&answers)), by("applicant"));
    }

    #[test]
    fn everything_is_asked_once_and_in_the_order_of_the_steps() {
        let all: Vec<Field> = rule().all_asked(&by("representative")).iter().map(|asked| asked.field).collect();
        let expected = [
            Field::Requester,
            Field::ReceiptNumber,
            Field::Form,
            Field::Category,
            Field::FiledOn,
            Field::MailingZip,
            Field::PrintedText,
            Field::CorrectText,
            Field::RepresentativeName,
            Field::FamilyName,
            Field::GivenName,
            Field::BirthDate,
            Field::Email,
            Field::Telephone,
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn only_steps_that_ask_have_questions() {
        for step in Step::ALL {
            let asks = !matches!(step, Step::Answer | Step::Documents | Step::Check);
            assert_eq!(!rule().asked(step, &Answers::default()).is_empty(), asks, "{step:?}");
        }
    }

    #[test]
    fn a_wait_is_written_as_the_reference_file_writes_it() {
        let wait = Wait::Mailed { item: MailedItem::Card, days: 30, unsent_days: 120 };
        let json = r#"{"mailed":{"item":"card","days":30,"unsent_days":120}}"#;
        assert_eq!(serde_json::to_string(&wait).unwrap(), json);
        assert_eq!(serde_json::from_str::<Wait>(json).unwrap(), wait);
        for wrong in [
            r#""never""#,
            r#"{"nothing":{"days":3}}"#,
            r#"{"mailed":{"item":"card","days":30}}"#,
            &json.replace("30", "30,\"of\":1"),
        ] {
            assert!(serde_json::from_str::<Wait>(wrong).is_err(), "{wrong}");
        }
    }
}
