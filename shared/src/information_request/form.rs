//! A draft as it is typed, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::held_back::HeldBack;
use crate::agreement::Element;
use crate::partner_query::{Line, TextFault};
use crate::profile::Ssn;

/// What is typed. It is read against what may be told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftForm {
    /// Keys of elements.
    pub told: Vec<String>,
    /// By the key of an element that of a reason; nothing where none was chosen.
    pub held_back: BTreeMap<String, String>,
    pub caveats: String,
    pub compared_with: String,
}

/// What is wrong with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftProblem {
    /// It may be told, and nobody has said whether it is.
    Undecided(Element),
    BothToldAndHeldBack(Element),
    /// The decision does not let it be told.
    NotAllowed(Element),
    NoReason(Element),
    ComparedWith(TextFault),
    Caveats(TextFault),
    /// It is to be told, and there is neither a document nor a value.
    DocumentMissing(Element),
    SocialSecurityNumber,
}

impl DraftProblem {
    /// What to do.
    pub fn advice(self) -> String {
        match self {
            Self::Undecided(element) => format!("{}: say whether it is told or held back.", element.name()),
            Self::BothToldAndHeldBack(element) => {
                format!("{}: tell it or hold it back, not both. What is held back has no documents.", element.name())
            }
            Self::NotAllowed(element) => format!("{}: it may not be told. Take it out.", element.name()),
            Self::NoReason(element) => format!("{}: choose why it is held back.", element.name()),
            Self::ComparedWith(fault) => format!("Compared with: {fault}. {}", mend(fault, 200)),
            Self::Caveats(fault) => format!("Caveats: {fault}. {}", mend(fault, 2000)),
            Self::DocumentMissing(element) => {
                format!("{}: there is nothing to tell yet. Add its document, or hold it back.", element.name())
            }
            Self::SocialSecurityNumber => {
                "A text holds a Social Security number. Take it out: no partner gets one. Write an A-Number with its A.".to_owned()
            }
        }
    }
}

/// How a text is mended.
fn mend(fault: TextFault, most: usize) -> String {
    match fault {
        TextFault::Empty => "Name the file, and when you looked at it.".to_owned(),
        TextFault::TooLong => format!("Write at most {most} characters."),
        TextFault::Unreadable => "Type it anew, without special characters.".to_owned(),
    }
}

impl DraftForm {
    /// As a draft is typed anew.
    pub fn of(draft: &Draft) -> Self {
        let held_back = draft.held_back.iter().map(|(element, reason)| (element.key().to_owned(), reason.key().to_owned()));
        Self {
            told: draft.told.iter().map(|element| element.key().to_owned()).collect(),
            held_back: held_back.collect(),
            caveats: draft.caveats.as_ref().map(|caveats| caveats.as_str().to_owned()).unwrap_or_default(),
            compared_with: draft.compared_with.as_str().to_owned(),
        }
    }

    /// A draft that decides on all that may be told, and on nothing else.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self, allowed: &BTreeSet<Element>) -> Result<Draft, Vec<DraftProblem>> {
        let told: BTreeSet<Element> = self.told.iter().filter_map(|key| Element::from_key(key)).collect();
        let reasons: BTreeMap<Element, &str> =
            self.held_back.iter().filter_map(|(key, reason)| Some((Element::from_key(key)?, reason.as_str()))).collect();
        let mut problems = Vec::new();
        let held_back = held_back(allowed, &told, &reasons, &mut problems);
        let caveats = optional(&self.caveats).map_err(DraftProblem::Caveats);
        let compared_with = Line::parse(&self.compared_with).map_err(DraftProblem::ComparedWith);
        problems.extend(caveats.as_ref().err());
        problems.extend(compared_with.as_ref().err());
        if [&self.caveats, &self.compared_with].into_iter().any(|text| holds_social_security_number(text)) {
            problems.push(DraftProblem::SocialSecurityNumber);
        }
        match (caveats, compared_with) {
            (Ok(caveats), Ok(compared_with)) if problems.is_empty() => Ok(Draft { told, held_back, caveats, compared_with }),
            _ => Err(problems),
        }
    }
}

/// What is held back, and why. Of what may be told each is told or held back, and nothing else is.
fn held_back(
    allowed: &BTreeSet<Element>,
    told: &BTreeSet<Element>,
    reasons: &BTreeMap<Element, &str>,
    problems: &mut Vec<DraftProblem>,
) -> BTreeMap<Element, HeldBack> {
    let chosen = reasons.iter().filter(|(_, reason)| !reason.is_empty()).map(|(element, _)| *element);
    let named: BTreeSet<Element> = told.iter().copied().chain(chosen).collect();
    problems.extend(named.difference(allowed).map(|element| DraftProblem::NotAllowed(*element)));
    let mut held_back = BTreeMap::new();
    for element in allowed {
        let reason = reasons.get(element).copied();
        match (told.contains(element), reason, reason.and_then(HeldBack::from_key)) {
            (true, None | Some(""), _) => {}
            (true, Some(_), _) => problems.push(DraftProblem::BothToldAndHeldBack(*element)),
            (false, _, Some(reason)) => {
                held_back.insert(*element, reason);
            }
            (false, Some(_), None) => problems.push(DraftProblem::NoReason(*element)),
            (false, None, None) => problems.push(DraftProblem::Undecided(*element)),
        }
    }
    held_back
}

/// A line, or nothing.
fn optional<const MOST: usize>(text: &str) -> Result<Option<Line<MOST>>, TextFault> {
    match Line::parse(text) {
        Ok(line) => Ok(Some(line)),
        Err(TextFault::Empty) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Nine digits that can be one, with dashes or spaces between them or none. What has a letter before it is another number.
fn holds_social_security_number(text: &str) -> bool {
    let mut run = String::new();
    let mut follows_letter = false;
    for character in text.chars().chain(std::iter::once('.')) {
        if character.is_ascii_digit() || (matches!(character, '-' | ' ') && !run.is_empty()) {
            run.push(character);
            continue;
        }
        if !follows_letter && is_social_security_number(&run) {
            return true;
        }
        run.clear();
        follows_letter = character.is_alphabetic() || (follows_letter && character == '-');
    }
    false
}

fn is_social_security_number(run: &str) -> bool {
    let parts: Vec<&str> = run.split([' ', '-']).filter(|part| !part.is_empty()).collect();
    let is_one = |text: &str| text.len() == 9 && Ssn::parse(text).is_some();
    let in_parts = |three: &[&str]| three.iter().map(|part| part.len()).eq([3, 2, 4]) && is_one(&three.concat());
    parts.iter().any(|part| is_one(part)) || parts.windows(3).any(in_parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;

    fn allowed() -> BTreeSet<Element> {
        BTreeSet::from([Element::FullName, Element::BirthDate, Element::PassportImage])
    }

    fn form() -> DraftForm {
        DraftForm {
            told: vec!["full_name".into(), "passport_image".into()],
            held_back: BTreeMap::from([("birth_date".into(), "not_relevant".into()), ("full_name".into(), String::new())]),
            caveats: " ".into(),
            compared_with: "A-File A900000001, paper, 22 November 2026".into(),
        }
    }

    #[test]
    fn a_draft_decides_on_all_that_may_be_told() {
        let draft = form().parse(&allowed()).unwrap();
        assert_eq!(draft.told, BTreeSet::from([Element::FullName, Element::PassportImage]));
        assert_eq!(draft.held_back, BTreeMap::from([(Element::BirthDate, HeldBack::NotRelevant)]));
        assert_eq!(draft.caveats, None);
        assert_eq!(DraftForm::of(&draft).parse(&allowed()), Ok(draft));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = DraftForm {
            told: vec!["full_name".into(), "race".into(), "nonsense".into()],
            held_back: BTreeMap::from([
                ("full_name".into(), "law".into()),
                ("birth_date".into(), String::new()),
                ("watchlist".into(), "law".into()),
            ]),
            caveats: "x".repeat(2001),
            compared_with: " ".into(),
        };
        let problems = [
            DraftProblem::NotAllowed(Element::Race),
            DraftProblem::NotAllowed(Element::Watchlist),
            DraftProblem::BothToldAndHeldBack(Element::FullName),
            DraftProblem::NoReason(Element::BirthDate),
            DraftProblem::Undecided(Element::PassportImage),
            DraftProblem::Caveats(TextFault::TooLong),
            DraftProblem::ComparedWith(TextFault::Empty),
        ];
        assert_eq!(wrong.parse(&allowed()), Err(problems.to_vec()));
    }

    #[test]
    fn every_problem_says_what_to_do() {
        let element = Element::FullName;
        for problem in [
            DraftProblem::Undecided(element),
            DraftProblem::BothToldAndHeldBack(element),
            DraftProblem::NotAllowed(element),
            DraftProblem::NoReason(element),
            DraftProblem::ComparedWith(TextFault::Empty),
            DraftProblem::Caveats(TextFault::TooLong),
            DraftProblem::Caveats(TextFault::Unreadable),
            DraftProblem::DocumentMissing(element),
            DraftProblem::SocialSecurityNumber,
        ] {
            let advice = problem.advice();
            assert!(advice.ends_with('.') && advice.len() > 20, "{advice}");
        }
    }

    #[test]
    fn no_text_holds_a_social_security_number() {
        for text in ["123-45-6789", "SSN 123 45 6789.", "see 123456789, page 2", "12 123-45-6789"] {
            let form = DraftForm { caveats: text.into(), ..form() };
            assert_eq!(form.parse(&allowed()), Err(vec![DraftProblem::SocialSecurityNumber]), "{text}");
        }
        for text in ["A123456789", "A-123456789", "22 11 2026", "000-00-0000", "12345678", "1234567890", "+1 202 555 0123"] {
            let form = DraftForm { caveats: text.into(), ..form() };
            assert!(form.parse(&allowed()).is_ok(), "{text}");
        }
    }

    proptest! {
        /// Whatever is sent: nothing is told that may not be, and what may be is told or held back, never both.
        #[test]
        fn a_draft_tells_nothing_that_may_not_be_told(
            allowed in subsequence(Element::ALL.to_vec(), 0..=Element::ALL.len()),
            told in subsequence(Element::ALL.to_vec(), 0..=Element::ALL.len()),
            held_back in prop::collection::btree_map(select(Element::ALL.to_vec()), select(HeldBack::ALL.to_vec()), 0..25),
        ) {
            let allowed: BTreeSet<Element> = allowed.into_iter().collect();
            let form = DraftForm {
                told: told.iter().map(|element| element.key().to_owned()).collect(),
                held_back: held_back.iter().map(|(element, reason)| (element.key().to_owned(), reason.key().to_owned())).collect(),
                ..form()
            };
            if let Ok(draft) = form.parse(&allowed) {
                let held: BTreeSet<Element> = draft.held_back.keys().copied().collect();
                prop_assert!(draft.told.is_disjoint(&held));
                prop_assert_eq!(draft.told.union(&held).copied().collect::<BTreeSet<_>>(), allowed);
            }
        }

        #[test]
        fn no_text_breaks_the_form(caveats in ".{0,80}", compared_with in ".{0,80}", key in ".{0,20}") {
            let form = DraftForm { told: vec![key.clone()], held_back: BTreeMap::from([(key.clone(), key)]), caveats, compared_with };
            if let Err(problems) = form.parse(&BTreeSet::new()) {
                prop_assert!(!problems.is_empty());
            }
        }
    }
}
