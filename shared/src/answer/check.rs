//! What is looked at before an answer is released.
//!
//! Pure functions: the draft, and what is known of the case and of earlier answers, in; findings out. What a finding does, stop the
//! answer or warn of it, is a setting.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;

use super::block::{blocks, plain_text};
use super::draft::{Draft, Form, LONGEST_TEXT};
use super::grade::grade;
use super::issue::Issue;
use super::name::{WrittenName, names_in};
use super::personal::{Own, days_in, of_others};
use super::placeholder::{Origin, Placeholder, Values};
use super::sentence::{Said, sentences, words};
use super::template::Text;
use crate::letter::Block;
use crate::locale::Locale;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Something is written, and not too much.
    Written,
    /// Nothing is left open.
    FilledIn,
    /// Every issue that was raised is spoken of.
    Issues,
    /// It does not say what an earlier answer said.
    Repetition,
    /// No sentence of an earlier answer stands in it.
    RepeatedSentence,
    /// Nothing in it is about somebody else.
    OtherPeople,
    /// It says what comes next, or when.
    NextStep,
    ReadingGrade,
    /// It is in the reader's language.
    Language,
}

impl Rule {
    pub const ALL: [Self; 9] = [
        Self::Written,
        Self::FilledIn,
        Self::Issues,
        Self::Repetition,
        Self::RepeatedSentence,
        Self::OtherPeople,
        Self::NextStep,
        Self::ReadingGrade,
        Self::Language,
    ];

    /// The word in settings and in the audit log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::FilledIn => "filled_in",
            Self::Issues => "issues",
            Self::Repetition => "repetition",
            Self::RepeatedSentence => "repeated_sentence",
            Self::OtherPeople => "other_people",
            Self::NextStep => "next_step",
            Self::ReadingGrade => "reading_grade",
            Self::Language => "language",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }

    /// What the officer does about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Written => "Write the answer. It has one part at least, and 20,000 characters at most.",
            Self::FilledIn => "Fill it in, or take it out.",
            Self::Issues => "Answer it, and name the part that does.",
            Self::Repetition => {
                "At least half of it stood in an earlier answer, which did not help. Say what is new since, or by when something will be."
            }
            Self::RepeatedSentence => "It stood in an earlier answer. Say it in another way, or leave it out.",
            Self::OtherPeople => "It is not of this case. Take it out.",
            Self::NextStep => "Say what the person does now, that they need not do anything, or by which day something happens.",
            Self::ReadingGrade => "Write shorter sentences and shorter words.",
            Self::Language => "Write it in the language of the request.",
        }
    }
}

/// What a finding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The answer does not go out.
    Blocks,
    Warns,
}

/// How strict the check is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// Rules that only warn.
    pub warnings: BTreeSet<Rule>,
    /// The highest school year that a text may take.
    pub grade: u8,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { warnings: BTreeSet::from([Rule::RepeatedSentence, Rule::ReadingGrade]), grade: 9 }
    }
}

impl CheckSettings {
    pub fn severity(&self, rule: Rule) -> Severity {
        if self.warnings.contains(&rule) { Severity::Warns } else { Severity::Blocks }
    }
}

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Whole,
    /// A part of the text, counted from 1.
    Part(usize),
    Issue(Issue),
}

/// Something that is wrong.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub place: Place,
    /// What it is about: the words of the text, or a figure.
    pub found: String,
}

/// The words may be about a person.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:?}", self.rule, self.place)
    }
}

/// What is known of the case and of what was said before.
#[derive(Clone, Default)]
pub struct Known {
    pub record: Values,
    pub issues: Vec<Issue>,
    pub own: Own,
    /// Given and family names that people of other cases have, in plain capitals, of those that stand in the text.
    pub others: BTreeSet<(String, String)>,
    /// The texts of earlier answers to the same request, the last one last.
    pub earlier: Vec<String>,
    pub today: NaiveDate,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known([sensitive])")
    }
}

/// Everything that is wrong with an answer, in the order of the rules.
pub fn check(draft: &Draft, known: &Known, settings: &CheckSettings) -> Vec<Finding> {
    let (text, errors) = Text::parse_all(&draft.text);
    let values = draft.values(&known.record);
    let filled = text.fill(&values, draft.locale);
    let looked_at = Looked { draft, known, parts: blocks(&filled), text: filled };
    let mut found = looked_at.written();
    if !found.is_empty() {
        return found;
    }
    found.extend(errors.iter().map(|error| at(Rule::FilledIn, Place::Whole, &error.to_string())));
    found.extend(looked_at.left_open(&text, &values));
    found.extend(looked_at.issues());
    found.extend(looked_at.other_people());
    found.extend(looked_at.next_step());
    // What was said on the telephone is written down for the file, in the officer's words.
    if draft.form != Form::Telephone {
        found.extend(looked_at.repetition());
        found.extend(looked_at.reading_grade(settings.grade));
        found.extend(looked_at.language());
    }
    found.sort_by_key(|finding| finding.rule);
    found
}

/// Whether one of the findings keeps the answer from going out.
pub fn blocks_release(findings: &[Finding], settings: &CheckSettings) -> bool {
    findings.iter().any(|finding| settings.severity(finding.rule) == Severity::Blocks)
}

fn at(rule: Rule, place: Place, found: &str) -> Finding {
    Finding { rule, place, found: found.to_owned() }
}

/// An answer that is looked at.
struct Looked<'a> {
    draft: &'a Draft,
    known: &'a Known,
    parts: Vec<Block>,
    text: String,
}

impl Looked<'_> {
    /// The parts with their numbers.
    fn parts(&self) -> impl Iterator<Item = (Place, String)> {
        self.parts.iter().enumerate().map(|(at, block)| (Place::Part(at + 1), plain_text(block)))
    }

    fn written(&self) -> Vec<Finding> {
        let says_something = self.parts.iter().any(|block| !matches!(block, Block::Heading(_)));
        let is_right = says_something && self.draft.text.chars().count() <= LONGEST_TEXT;
        (!is_right).then(|| at(Rule::Written, Place::Whole, "")).into_iter().collect()
    }

    fn left_open(&self, text: &Text, values: &Values) -> Vec<Finding> {
        let open = |placeholder: &Placeholder| values.get(*placeholder).is_none();
        let named = |placeholder: Placeholder| {
            let who = if placeholder.origin() == Origin::Record { " (the record does not know it)" } else { "" };
            at(Rule::FilledIn, Place::Whole, &format!("{{{}}}{who}", placeholder.key()))
        };
        let open = text.placeholders().into_iter().filter(open).map(named);
        let marks = self.parts().flat_map(|(place, part)| {
            let marks: Vec<Finding> =
                words_as_typed(&part).filter(|word| is_left_open(word)).map(|word| at(Rule::FilledIn, place, word)).collect();
            marks
        });
        open.chain(marks).collect()
    }

    fn issues(&self) -> Vec<Finding> {
        let is_answered = |issue: &Issue| {
            let part = self.draft.addressed.get(issue).and_then(|part| self.parts.get(part.checked_sub(1)?));
            part.is_some_and(|block| !matches!(block, Block::Heading(_)))
        };
        let is_owed = |issue: &&Issue| self.draft.stage.is_final() || issue.cannot_wait();
        let open = self.known.issues.iter().filter(is_owed).filter(|issue| !is_answered(issue));
        open.map(|issue| at(Rule::Issues, Place::Issue(*issue), "")).collect()
    }

    fn repetition(&self) -> Vec<Finding> {
        let earlier: Vec<Said> = self.known.earlier.iter().flat_map(|text| sentences(text)).filter_map(Said::of).collect();
        let (mut repeated, mut new) = (Vec::new(), 0);
        for (place, part) in self.parts() {
            for (sentence, said) in sentences(&part).into_iter().filter_map(|sentence| Some((sentence, Said::of(sentence)?))) {
                if earlier.iter().any(|earlier| said.repeats(earlier)) {
                    repeated.push(at(Rule::RepeatedSentence, place, sentence));
                } else {
                    new += 1;
                }
            }
        }
        let is_the_same = !repeated.is_empty() && repeated.len() >= new;
        let whole = is_the_same.then(|| {
            let said = repeated.iter().map(|finding| finding.found.as_str()).collect::<Vec<_>>().join(" ");
            at(Rule::Repetition, Place::Whole, &said)
        });
        whole.into_iter().chain(repeated).collect()
    }

    fn other_people(&self) -> Vec<Finding> {
        let Known { own, others, today, .. } = self.known;
        let is_other = |name: &WrittenName| {
            let plain = |text: &str| crate::accents::plain_capitals(text);
            let is_known = name.pairs().any(|(given, family)| others.contains(&(plain(given), plain(family))));
            (is_known || name.after_title) && !name.is_of(&own.names)
        };
        let mut found = Vec::new();
        for (place, part) in self.parts() {
            found.extend(of_others(&part, own, *today).iter().map(|token| at(Rule::OtherPeople, place, token)));
            found.extend(names_in(&part).iter().filter(|name| is_other(name)).map(|name| at(Rule::OtherPeople, place, &name.text)));
        }
        found
    }

    fn next_step(&self) -> Option<Finding> {
        let has_steps = self.parts.iter().any(|block| matches!(block, Block::Steps(_)));
        let has_day = days_in(&self.text).iter().any(|day| *day >= self.known.today);
        let plain = self.text.to_lowercase();
        let phrases = match self.draft.locale {
            Locale::En => NEXT_EN,
            Locale::Es => NEXT_ES,
        };
        let says_so = phrases.iter().any(|phrase| plain.contains(phrase));
        (!has_steps && !has_day && !says_so).then(|| at(Rule::NextStep, Place::Whole, ""))
    }

    fn reading_grade(&self, most: u8) -> Option<Finding> {
        let prose: Vec<String> = self.parts.iter().filter(|block| !matches!(block, Block::Heading(_))).map(plain_text).collect();
        let year = grade(&prose.join("\n"), self.draft.locale).filter(|year| *year > most)?;
        Some(at(Rule::ReadingGrade, Place::Whole, &format!("school year {year}, where {most} is the limit")))
    }

    fn language(&self) -> Vec<Finding> {
        let other = match self.draft.locale {
            Locale::En => Locale::Es,
            Locale::Es => Locale::En,
        };
        let is_other = |part: &str| {
            let said = |locale: Locale| words(part).filter(|word| common(locale).contains(&word.to_lowercase().as_str())).count();
            said(other) > said(self.draft.locale) && said(other) >= 2
        };
        let wrong = self.parts().filter(|(_, part)| is_other(part));
        wrong.map(|(place, part)| at(Rule::Language, place, part.lines().next().unwrap_or_default())).collect()
    }
}

/// What says what comes next. "We will write to you" is not among it: it is what people were told for months.
const NEXT_EN: &[&str] = &["you do not need to", "you don't need to", "you need to", "you must", "please ", "you can "];
const NEXT_ES: &[&str] = &["no tiene que", "no necesita", "tiene que", "necesita ", "debe ", "por favor", "puede ", "usted puede"];

const COMMON_EN: &[&str] = &[
    "the", "and", "is", "are", "you", "your", "we", "our", "to", "of", "that", "this", "it", "was", "with", "not", "have", "will",
];
const COMMON_ES: &[&str] =
    &["el", "la", "los", "las", "y", "es", "son", "usted", "su", "sus", "nuestra", "de", "que", "esta", "fue", "con", "por", "en"];

/// Words that nearly every sentence of a language has, and the other language does not.
const fn common(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::En => COMMON_EN,
        Locale::Es => COMMON_ES,
    }
}

fn words_as_typed(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

/// What writers leave for later.
fn is_left_open(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| ".,;:()".contains(c));
    let is_row = |of: char| bare.len() >= 3 && bare.chars().all(|c| c == of);
    is_row('_')
        || is_row('X')
        || is_row('x')
        || is_row('?')
        || (bare.starts_with('[') && bare.len() > 1)
        || matches!(bare, "TODO" | "TBD")
}

#[cfg(test)]
mod tests;
