//! The steps of a request: one thing on each page.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::rule::Rule;

/// A page of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Who,
    Case,
    /// What the record says already, before anything is asked.
    Answer,
    Issue,
    Documents,
    Person,
    Contact,
    Check,
}

impl Step {
    pub const ALL: [Self; 8] =
        [Self::Who, Self::Case, Self::Answer, Self::Issue, Self::Documents, Self::Person, Self::Contact, Self::Check];

    /// The last part of the page's address.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Case => "case",
            Self::Answer => "answer",
            Self::Issue => "issue",
            Self::Documents => "documents",
            Self::Person => "person",
            Self::Contact => "contact",
            Self::Check => "check",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }
}

impl Rule {
    /// The step at which somebody is who has done these: the first that is not done or has a mistake.
    pub fn step_at_hand(&self, answers: &Answers, done: &BTreeSet<Step>, today: NaiveDate) -> Step {
        let is_open = |step: &Step| !done.contains(step) || !answers.problems(&self.asked(*step, answers), today).is_empty();
        self.steps().into_iter().find(is_open).unwrap_or(Step::Check)
    }

    /// Whether a step may be looked at: it is done, or at hand.
    pub fn may_see(&self, step: Step, answers: &Answers, done: &BTreeSet<Step>, today: NaiveDate) -> bool {
        self.steps().contains(&step) && step <= self.step_at_hand(answers, done, today)
    }

    /// The step before another; none before the first.
    pub fn before(&self, step: Step) -> Option<Step> {
        self.steps().into_iter().rfind(|known| *known < step)
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::super::rule::testing::rule;
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-11-21".parse().unwrap()
    }

    const RIGHT: [(Field, &str); 10] = [
        (Field::Requester, "applicant"),
        (Field::ReceiptNumber, "EAC9999103403"),
        (Field::Form, "I-765"),
        (Field::FiledOn, "2026-1-5"),
        (Field::MailingZip, "22150"),
        (Field::PrintedText, "Anna"),
        (Field::CorrectText, "Ana"),
        (Field::FamilyName, "Ejemplo"),
        (Field::BirthDate, "1990-2-3"),
        (Field::Telephone, "202-555-0143"),
    ];

    fn right() -> Answers {
        let mut answers = Answers::default();
        for (field, typed) in RIGHT {
            answers.set(field, typed);
        }
        answers
    }

    fn done(steps: &[Step]) -> BTreeSet<Step> {
        steps.iter().copied().collect()
    }

    #[test]
    fn steps_are_found_by_the_last_part_of_their_address() {
        for step in Step::ALL {
            assert_eq!(Step::from_key(step.key()), Some(step));
            assert_eq!(serde_json::to_string(&step).unwrap(), format!("\"{}\"", step.key()));
        }
        assert_eq!(Step::from_key("sent"), None);
    }

    #[test]
    fn the_walk_goes_from_step_to_step() {
        let mut walked = BTreeSet::new();
        for step in Step::ALL {
            assert_eq!(rule().step_at_hand(&right(), &walked, today()), step);
            walked.insert(step);
        }
        assert_eq!(rule().step_at_hand(&right(), &walked, today()), Step::Check);
    }

    #[test]
    fn nobody_sees_a_step_before_its_turn() {
        let walked = done(&[Step::Who, Step::Case]);
        let seen: Vec<Step> = Step::ALL.into_iter().filter(|step| rule().may_see(*step, &right(), &walked, today())).collect();
        assert_eq!(seen, [Step::Who, Step::Case, Step::Answer]);
        // What was done out of turn does not help.
        let ahead = done(&[Step::Who, Step::Issue, Step::Person, Step::Contact]);
        assert!(!rule().may_see(Step::Issue, &right(), &ahead, today()));
    }

    #[test]
    fn going_back_leaves_the_way_forward_open() {
        let walked = done(&[Step::Who, Step::Case, Step::Answer, Step::Issue, Step::Documents, Step::Person, Step::Contact]);
        assert!(Step::ALL.into_iter().all(|step| rule().may_see(step, &right(), &walked, today())));
        let back: Vec<Option<Step>> = Step::ALL.into_iter().map(|step| rule().before(step)).collect();
        assert_eq!(back, [vec![None], Step::ALL[..7].iter().copied().map(Some).collect()].concat());
    }

    #[test]
    fn an_answer_that_is_no_longer_right_opens_its_step_again() {
        let walked = done(&Step::ALL);
        for (field, typed, step) in [
            (Field::Requester, "", Step::Who),
            (Field::MailingZip, "2215", Step::Case),
            (Field::CorrectText, "", Step::Issue),
            (Field::BirthDate, "2026-11-22", Step::Person),
            (Field::Telephone, "", Step::Contact),
            (Field::Email, "ana", Step::Contact),
            // Whoever turns out to be a representative has a name of their own.
            (Field::Requester, "representative", Step::Person),
        ] {
            let mut answers = right();
            answers.set(field, typed);
            assert_eq!(rule().step_at_hand(&answers, &walked, today()), step, "{field:?} {typed:?}");
            assert!(!rule().may_see(Step::Check, &answers, &walked, today()), "{field:?} {typed:?}");
        }
        let mut answers = right();
        answers.set(Field::Requester, "representative");
        answers.set(Field::RepresentativeName, "Luz Ejemplo");
        assert_eq!(rule().step_at_hand(&answers, &walked, today()), Step::Check);
    }

    #[test]
    fn a_day_that_was_right_when_it_was_typed_may_be_over_when_it_is_sent() {
        let rule = Rule { issue: vec![super::super::rule::Asked::needed(Field::AppointmentOn)], ..rule() };
        let mut answers = right();
        answers.set(Field::AppointmentOn, "2026-11-21");
        assert_eq!(rule.step_at_hand(&answers, &done(&Step::ALL), today()), Step::Check);
        assert_eq!(rule.step_at_hand(&answers, &done(&Step::ALL), today().succ_opt().unwrap()), Step::Issue);
    }

    #[test]
    fn a_kind_without_questions_or_documents_has_fewer_steps() {
        let short = Rule { issue: Vec::new(), takes_documents: false, ..rule() };
        assert_eq!(short.steps(), [Step::Who, Step::Case, Step::Answer, Step::Person, Step::Contact, Step::Check]);
        assert_eq!(short.before(Step::Person), Some(Step::Answer));
        assert!(!short.may_see(Step::Documents, &right(), &done(&Step::ALL), today()));
        assert_eq!(short.step_at_hand(&right(), &done(&[Step::Who, Step::Case, Step::Answer]), today()), Step::Person);
    }

    fn some_answers() -> impl Strategy<Value = Answers> {
        let one = (0..Field::ALL.len(), prop::sample::select(vec!["", "applicant", "representative", "2026-1-5", "x", "22150"]));
        (any::<bool>(), prop::collection::vec(one, 0..6)).prop_map(|(is_right, typed)| {
            let mut answers = if is_right { right() } else { Answers::default() };
            for (at, typed) in typed {
                answers.set(Field::ALL[at], typed);
            }
            answers
        })
    }

    fn some_rule() -> impl Strategy<Value = Rule> {
        (any::<bool>(), any::<bool>()).prop_map(|(has_issue, takes_documents)| {
            let rule = rule();
            Rule { issue: if has_issue { rule.issue } else { Vec::new() }, takes_documents, ..rule }
        })
    }

    proptest! {
        /// There is always one step at hand: it is open, everything before it is done and right, and nothing after it is seen.
        #[test]
        fn the_step_at_hand_is_the_first_open_one(
            rule in some_rule(),
            answers in some_answers(),
            done in prop::collection::btree_set(prop::sample::select(Step::ALL.to_vec()), 0..9),
        ) {
            let at_hand = rule.step_at_hand(&answers, &done, today());
            let is_right = |step: Step| answers.problems(&rule.asked(step, &answers), today()).is_empty();
            prop_assert!(rule.steps().contains(&at_hand));
            prop_assert!(at_hand == Step::Check || !done.contains(&at_hand) || !is_right(at_hand));
            for step in Step::ALL {
                prop_assert_eq!(rule.may_see(step, &answers, &done, today()), rule.steps().contains(&step) && step <= at_hand);
                if rule.steps().contains(&step) && step < at_hand {
                    prop_assert!(done.contains(&step) && is_right(step));
                }
            }
        }

        /// Steps lead back one by one to the first, and all of them are on the way.
        #[test]
        fn the_way_back_is_the_way(rule in some_rule()) {
            let mut back = vec![Step::Check];
            while let Some(before) = rule.before(back[back.len() - 1]) {
                back.push(before);
            }
            back.reverse();
            prop_assert_eq!(back, rule.steps());
        }
    }
}
