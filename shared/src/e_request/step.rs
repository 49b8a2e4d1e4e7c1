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
