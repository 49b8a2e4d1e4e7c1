//! What was typed into a form, field by field.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::field::{Field, FieldProblem, read_a_number, read_day};
use super::rule::{Asked, Need};
use crate::address::ZipCode;
use crate::case_feed::{ANumber, Email};
use crate::case_status::{FormNumber, ReceiptNumber};

/// As much of an answer as is kept, in bytes: more than any field takes, so that what is too long can be shortened.
const LONGEST: usize = 6000;

/// Answers as they were typed. A field without an answer has no entry.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<Field, String>);

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({} fields)", self.0.len())
    }
}

impl Answers {
    /// What was typed into a field; empty where nothing was.
    pub fn typed(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    /// Keeps what was typed into a field. Days of which no part was typed are no answer.
    pub fn set(&mut self, field: Field, typed: &str) {
        let typed = typed.trim();
        if typed.trim_matches(['-', ' ']).is_empty() {
            self.0.remove(&field);
            return;
        }
        self.0.insert(field, typed[..typed.floor_char_boundary(LONGEST)].to_owned());
    }

    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, typed)| (*field, typed.as_str()))
    }

    /// What is wrong with the answers to these questions, in their order. Where one of several would do and there is none, the
    /// first of them has the problem.
    pub fn problems(&self, asked: &[Asked], today: NaiveDate) -> Vec<(Field, FieldProblem)> {
        let mut one_of = asked.iter().filter(|asked| asked.need == Need::OneOf).map(|asked| asked.field);
        let first = one_of.clone().next();
        let has_one = one_of.any(|field| !self.typed(field).is_empty());
        let problem = |asked: &Asked| match (asked.field.check(self.typed(asked.field), today).err()?, asked.need) {
            (FieldProblem::Missing, Need::Optional) => None,
            (FieldProblem::Missing, Need::OneOf) if has_one || first != Some(asked.field) => None,
            (FieldProblem::Missing, Need::OneOf) => Some((asked.field, FieldProblem::NoneGiven)),
            (problem, _) => Some((asked.field, problem)),
        };
        asked.iter().filter_map(problem).collect()
    }

    /// Only the answers to these questions: what was typed for another kind of request goes nowhere.
    #[must_use]
    pub fn only(&self, asked: &[Asked]) -> Self {
        let is_asked = |field: &Field| asked.iter().any(|asked| asked.field == *field);
        Self(self.0.iter().filter(|(field, _)| is_asked(field)).map(|(field, typed)| (*field, typed.clone())).collect())
    }

    pub fn receipt_number(&self) -> Option<ReceiptNumber> {
        ReceiptNumber::parse(self.typed(Field::ReceiptNumber)).ok()
    }

    pub fn form(&self) -> Option<FormNumber> {
        FormNumber::parse(self.typed(Field::Form)).ok()
    }

    pub fn day(&self, field: Field) -> Option<NaiveDate> {
        read_day(self.typed(field))
    }

    pub fn zip(&self) -> Option<ZipCode> {
        ZipCode::parse(self.typed(Field::MailingZip))
    }

    pub fn email(&self) -> Option<Email> {
        Email::parse_typed(self.typed(Field::Email))
    }

    pub fn a_number(&self) -> Option<ANumber> {
        read_a_number(self.typed(Field::ANumber))
    }

    pub fn is_of_representative(&self) -> bool {
        self.typed(Field::Requester) == "representative"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answers(typed: &[(Field, &str)]) -> Answers {
        let mut answers = Answers::default();
        for (field, typed) in typed {
            answers.set(*field, typed);
        }
        answers
    }

    #[test]
    fn mistakes_come_in_the_order_of_the_questions_and_only_needed_answers_may_not_miss() {
        let asked = [Asked::needed(Field::FamilyName), Asked::optional(Field::Telephone), Asked::needed(Field::Email)];
        let today = "2026-11-21".parse().unwrap();
        let typed = answers(&[(Field::Telephone, "12"), (Field::GivenName, "\u{7}")]);
        assert_eq!(
            typed.problems(&asked, today),
            [
                (Field::FamilyName, FieldProblem::Missing),
                (Field::Telephone, FieldProblem::Wrong),
                (Field::Email, FieldProblem::Missing)
            ]
        );
        let typed = answers(&[(Field::FamilyName, "Paz"), (Field::Email, "ana@example.org"), (Field::Telephone, " ")]);
        assert_eq!(typed.problems(&asked, today), []);
        assert_eq!(typed.only(&asked[..1]), answers(&[(Field::FamilyName, "Paz")]));
    }

    #[test]
    fn one_of_several_answers_will_do() {
        let asked = [Asked::one_of(Field::Email), Asked::needed(Field::FamilyName), Asked::one_of(Field::Telephone)];
        let today = "2026-11-21".parse().unwrap();
        let (email, telephone) = ((Field::Email, "ana@example.org"), (Field::Telephone, "202-555-0143"));
        for (typed, wrong) in [
            (vec![], vec![(Field::Email, FieldProblem::NoneGiven)]),
            (vec![email], vec![]),
            (vec![telephone], vec![]),
            (vec![email, telephone], vec![]),
            (vec![(Field::Email, "ana"), telephone], vec![(Field::Email, FieldProblem::Wrong)]),
            (vec![(Field::Telephone, "12")], vec![(Field::Telephone, FieldProblem::Wrong)]),
        ] {
            let answers = answers(&[typed.as_slice(), &[(Field::FamilyName, "Paz")]].concat());
            assert_eq!(answers.problems(&asked, today), wrong, "{typed:?}");
        }
    }

    #[test]
    fn answers_are_kept_as_json_and_never_printed() {
        let typed = answers(&[(Field::FamilyName, " Paz "), (Field::BirthDate, "1990-2-3"), (Field::FiledOn, "--")]);
        let json = serde_json::to_string(&typed).unwrap();
        assert_eq!(json, r#"{"family_name":"Paz","birth_date":"1990-2-3"}"#);
        assert_eq!(serde_json::from_str::<Answers>(&json).unwrap(), typed);
        assert_eq!(format!("{typed:?}"), "Answers(2 fields)");
        assert_eq!(typed.day(Field::BirthDate), "1990-02-03".parse().ok());
        assert!(serde_json::from_str::<Answers>(r#"{"secret":"x"}"#).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_kept_as_far_as_there_is_room(typed in ".{0,50}") {
            let kept = answers(&[(Field::Explanation, &typed.repeat(200))]);
            prop_assert!(kept.typed(Field::Explanation).len() <= LONGEST);
            prop_assert!(typed.repeat(200).trim().starts_with(kept.typed(Field::Explanation)));
        }
    }
}
