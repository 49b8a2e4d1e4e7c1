//! What a partner answered, as a document for the person's A-File.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use super::{ReplyResult, ValueKind};
use crate::agreement::{AgreementVersion, Element, Partner, Purpose, Step};
use crate::letter::{Block, Content, Fact};
use crate::locale::Locale;

/// Officers read English.
const LOCALE: Locale = Locale::En;
/// Letters that the foot of a page takes.
const LONGEST_FOOT: usize = 100;

/// A query that was answered, as it is printed.
#[derive(Clone)]
pub struct Printed {
    pub agency: String,
    /// Under the agency's name.
    pub letterhead: Vec<String>,
    pub partner: Partner,
    pub purpose: Purpose,
    pub asked_by: String,
    pub asked_on: NaiveDate,
    pub steps: Vec<PrintedStep>,
    pub printed_by: String,
    pub printed_on: NaiveDate,
}

/// A step of it.
#[derive(Clone)]
pub struct PrintedStep {
    pub step: Step,
    pub transaction_number: String,
    /// None where IDENT asked by itself.
    pub agreement: Option<AgreementVersion>,
    pub sent_on: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    pub result: Option<ReplyResult>,
    pub elements: BTreeMap<Element, String>,
}

/// All of it is about a person.
macro_rules! debug_without_content {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([sensitive])"))
            }
        }
    )*};
}

debug_without_content!(Printed, PrintedStep);

/// What was told of an element, in words. An image is not shown.
pub fn in_words(element: Element, value: &str) -> String {
    if ValueKind::of(element) == ValueKind::Enclosed { "an image came with it".to_owned() } else { value.to_owned() }
}

/// Puts an answer into a document.
pub fn content(printed: &Printed) -> Content {
    let mut blocks = vec![Block::Facts(about(printed)), Block::Note(whose(printed))];
    blocks.extend(printed.steps.iter().flat_map(of_step));
    Content {
        locale: LOCALE,
        agency: printed.agency.clone(),
        agency_lines: printed.letterhead.clone(),
        mail_to: Vec::new(),
        title: "Answer of a partner country".to_owned(),
        date: printed.printed_on,
        blocks,
        footer: foot(printed),
    }
}

fn about(printed: &Printed) -> Vec<Fact> {
    vec![
        fact("Partner", printed.partner.name()),
        fact("Purpose", printed.purpose.name()),
        fact("Asked on", &LOCALE.long_date(printed.asked_on)),
        fact("Asked by", &printed.asked_by),
        // The foot of a page is not read aloud.
        fact("Printed on", &LOCALE.long_date(printed.printed_on)),
        fact("Printed by", &printed.printed_by),
    ]
}

fn whose(printed: &Printed) -> String {
    format!(
        "This is a partner's data ({}). It may be used for this purpose only: {}. Ask before it is given to anybody else.",
        printed.partner.name(),
        printed.purpose.name()
    )
}

fn foot(printed: &Printed) -> String {
    let foot = format!("Printed on {} by {}", LOCALE.long_date(printed.printed_on), printed.printed_by);
    foot.chars().take(LONGEST_FOOT).collect()
}

fn of_step(step: &PrintedStep) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(step.step.name().to_owned()), Block::Facts(about_step(step))];
    let told = told(step);
    if !told.is_empty() {
        blocks.push(Block::Heading(format!("{}: what the partner told", step.step.name())));
        blocks.push(Block::Facts(told));
    }
    blocks
}

fn about_step(step: &PrintedStep) -> Vec<Fact> {
    let day = |term, day: Option<NaiveDate>| day.map(|day| fact(term, &LOCALE.long_date(day)));
    let mut facts = vec![fact("Transaction number", &step.transaction_number)];
    facts.extend(day("Sent on", step.sent_on));
    facts.extend(day("Answered on", step.answered_on));
    facts.extend(step.result.map(|result| fact("Answer", result_in_words(result))));
    facts.extend(step.agreement.map(|version| fact("Agreement", &format!("Version {}", version.number()))));
    facts
}

fn told(step: &PrintedStep) -> Vec<Fact> {
    let all = step.elements.iter().map(|(element, value)| fact(element.name(), &in_words(*element, value)));
    all.filter(|fact| !fact.description.trim().is_empty()).collect()
}

const fn result_in_words(result: ReplyResult) -> &'static str {
    match result {
        ReplyResult::Match => "Match: the partner knows the person.",
        ReplyResult::NoMatch => "No match: the partner told of nobody.",
        ReplyResult::Partial => "Partial: the partner knows the person, and told some of what was asked.",
        ReplyResult::Refused => "Refused: the partner told nothing, for a reason that it does not give.",
        ReplyResult::Error => "Error: the partner could not read the query or work on it.",
    }
}

fn fact(term: &str, description: &str) -> Fact {
    Fact { term: term.to_owned(), description: description.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::Letter;

    fn printed() -> Printed {
        let first = PrintedStep {
            step: Step::First,
            transaction_number: "USQ-2026-0000001".into(),
            agreement: Some(AgreementVersion::FIRST),
            sent_on: "2026-03-09".parse().ok(),
            answered_on: "2026-03-10".parse().ok(),
            result: Some(ReplyResult::Match),
            elements: [(Element::FullName, "EJEMPLO, ANA".into()), (Element::PassportImage, "aW1hZ2U=".into())].into(),
        };
        let second = PrintedStep {
            step: Step::Second,
            agreement: None,
            answered_on: None,
            result: None,
            elements: [(Element::Race, " ".into())].into(),
            ..first.clone()
        };
        Printed {
            agency: "The agency".into(),
            letterhead: Vec::new(),
            partner: Partner::Canada,
            purpose: Purpose::RefugeeClaim,
            asked_by: "Rita Ejemplo".into(),
            asked_on: "2026-03-08".parse().unwrap(),
            steps: vec![first, second],
            printed_by: "Paul Ejemplo".into(),
            printed_on: "2026-03-11".parse().unwrap(),
        }
    }

    fn facts(content: &Content) -> Vec<(&str, &str)> {
        let facts =
            content.blocks.iter().filter_map(|block| if let Block::Facts(facts) = block { Some(facts) } else { None }).flatten();
        facts.map(|fact| (fact.term.as_str(), fact.description.as_str())).collect()
    }

    #[test]
    fn everything_that_was_answered_stands_in_it() {
        let content = content(&printed());
        let expected = [
            ("Partner", "Canada"),
            ("Purpose", "Refugee claim"),
            ("Asked on", "March 8, 2026"),
            ("Asked by", "Rita Ejemplo"),
            ("Printed on", "March 11, 2026"),
            ("Printed by", "Paul Ejemplo"),
            ("Transaction number", "USQ-2026-0000001"),
            ("Sent on", "March 9, 2026"),
            ("Answered on", "March 10, 2026"),
            ("Answer", "Match: the partner knows the person."),
            ("Agreement", "Version 1"),
            ("Full name", "EJEMPLO, ANA"),
            ("Image of passport", "an image came with it"),
            ("Transaction number", "USQ-2026-0000001"),
            ("Sent on", "March 9, 2026"),
        ];
        assert_eq!(facts(&content), expected, "of a value without a text there is no line");
        assert_eq!(content.footer, "Printed on March 11, 2026 by Paul Ejemplo");
        assert!(content.blocks.iter().any(|block| matches!(block, Block::Note(note) if note.contains("Canada"))));
        assert!(Letter::check(content).is_ok());
    }

    #[test]
    fn a_long_name_fits_the_foot_of_a_page() {
        let long = Printed { printed_by: "ñ".repeat(150), ..printed() };
        assert!(Letter::check(content(&long)).is_ok());
    }

    #[test]
    fn debug_output_says_nothing_of_the_person() {
        let printed = printed();
        assert_eq!(format!("{printed:?} {:?}", printed.steps[0]), "Printed([sensitive]) PrintedStep([sensitive])");
    }
}
