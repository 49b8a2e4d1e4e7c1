//! Reading answers again after they went out: which are drawn, what is asked of them, and what a reader may say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::answer::TemplateKey;
use crate::office::OfficeCode;
use crate::service_request::RequestKind;

/// What is asked of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// It answers what was asked.
    Asked,
    /// What it says agrees with the case.
    Facts,
    /// It is in plain language.
    Plain,
    /// It says what happens next, and by when.
    Next,
    /// It tells no more than it may.
    Discreet,
}

impl Criterion {
    pub const ALL: [Self; 5] = [Self::Asked, Self::Facts, Self::Plain, Self::Next, Self::Discreet];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Facts => "facts",
            Self::Plain => "plain",
            Self::Next => "next",
            Self::Discreet => "discreet",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|criterion| criterion.key() == key)
    }
}

/// How far an answer does what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    Yes,
    Partly,
    No,
}

impl Score {
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|score| score.key() == key)
    }
}

/// A score for each criterion.
pub type Scores = BTreeMap<Criterion, Score>;

/// What comes of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Good,
    /// Good, and the writer is told something.
    GoodWithNote,
    /// The request is answered once more.
    SendBack,
}

impl Verdict {
    pub const ALL: [Self; 3] = [Self::Good, Self::GoodWithNote, Self::SendBack];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::GoodWithNote => "good_with_note",
            Self::SendBack => "send_back",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.key() == key)
    }
}

/// The longest note to a writer, in characters.
pub const LONGEST_NOTE: usize = 4000;

/// What a second reader found, whole: a score for each criterion, and a note where the verdict needs one.
#[derive(Clone, PartialEq, Eq)]
pub struct Reading {
    scores: Scores,
    note: Option<String>,
    verdict: Verdict,
}

/// Why a reading is not one yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadingError {
    /// A criterion has no score.
    Unscored(Criterion),
    /// No verdict was chosen.
    NoVerdict,
    /// The verdict wants words to the writer.
    NoNote,
    NoteTooLong,
    /// Sent back, though nothing is wrong with it.
    NothingWrong,
}

impl Reading {
    /// # Errors
    /// Everything that is missing, at once.
    pub fn new(scores: Scores, note: &str, verdict: Option<Verdict>) -> Result<Self, Vec<ReadingError>> {
        // Browsers send two characters for a line's end, and count one.
        let note = note.trim().replace("\r\n", "\n");
        let mut wrong: Vec<ReadingError> =
            Criterion::ALL.into_iter().filter(|one| !scores.contains_key(one)).map(ReadingError::Unscored).collect();
        let wants_words = matches!(verdict, Some(Verdict::GoodWithNote | Verdict::SendBack));
        wrong.extend(verdict.is_none().then_some(ReadingError::NoVerdict));
        wrong.extend((wants_words && note.is_empty()).then_some(ReadingError::NoNote));
        if verdict == Some(Verdict::SendBack) && wrong.is_empty() && scores.values().all(|score| *score == Score::Yes) {
            wrong.push(ReadingError::NothingWrong);
        }
        if note.chars().count() > LONGEST_NOTE {
            wrong.push(ReadingError::NoteTooLong);
        }
        match verdict {
            Some(verdict) if wrong.is_empty() => Ok(Self { scores, note: (!note.is_empty()).then_some(note), verdict }),
            _ => Err(wrong),
        }
    }

    pub const fn scores(&self) -> &Scores {
        &self.scores
    }

    /// Words to the writer.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }
}

/// The note may tell of a person.
impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

/// Which answers a rule has read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Draw {
    /// So many of a hundred, from 1 to 100.
    Share(u8),
    /// The first so many of each officer, from 1 to [`Draw::MOST`].
    FirstOf(u16),
}

impl Draw {
    /// The most first answers of an officer that a rule can ask for.
    pub const MOST: u16 = 500;

    pub const fn is_possible(self) -> bool {
        match self {
            Self::Share(share) => 1 <= share && share <= 100,
            Self::FirstOf(first) => 1 <= first && first <= Self::MOST,
        }
    }
}

/// A rule: which answers it is for, each part or all, and how many of them it draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub office: Option<OfficeCode>,
    pub kind: Option<RequestKind>,
    pub template: Option<TemplateKey>,
    pub draw: Draw,
}

/// An answer that is released, as rules look at it.
#[derive(Debug)]
pub struct Candidate<'a> {
    pub office: &'a OfficeCode,
    pub kind: RequestKind,
    /// What it was begun with, or had put in.
    pub templates: &'a [String],
    /// Answers of its writer that went out before.
    pub earlier_of_writer: i64,
    /// From 0 up to and without 10,000, following from the answer alone.
    pub lot: u16,
}

impl Rule {
    /// Is an answer drawn by it?
    pub fn draws(&self, candidate: &Candidate<'_>) -> bool {
        let is_for = self.office.as_ref().is_none_or(|office| office == candidate.office)
            && self.kind.is_none_or(|kind| kind == candidate.kind)
            && self.template.as_ref().is_none_or(|key| candidate.templates.iter().any(|used| used == key.as_str()));
        is_for
            && match self.draw {
                Draw::Share(share) => candidate.lot < u16::from(share) * 100,
                Draw::FirstOf(first) => candidate.earlier_of_writer < i64::from(first),
            }
    }
}

/// The lot of an answer, from a keyed hash of its id: nobody without the key can tell it before, and nobody can draw it again.
pub fn lot(hash: &[u8]) -> u16 {
    let wide = hash.iter().take(8).fold(0_u64, |wide, byte| (wide << 8) | u64::from(*byte));
    u16::try_from(wide % 10_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(score: Score) -> Scores {
        Criterion::ALL.into_iter().map(|criterion| (criterion, score)).collect()
    }

    #[test]
    fn keys_are_read_back() {
        assert!(Criterion::ALL.into_iter().all(|one| Criterion::from_key(one.key()) == Some(one)));
        assert!(Score::ALL.into_iter().all(|one| Score::from_key(one.key()) == Some(one)));
        assert!(Verdict::ALL.into_iter().all(|one| Verdict::from_key(one.key()) == Some(one)));
        assert_eq!((Criterion::from_key("x"), Score::from_key("x"), Verdict::from_key("x")), (None, None, None));
    }

    #[test]
    fn a_reading_is_whole_or_says_what_is_missing() {
        let wrong = |scores, note: &str, verdict| Reading::new(scores, note, verdict).unwrap_err();
        let mut some = all(Score::Yes);
        some.remove(&Criterion::Plain);
        assert_eq!(wrong(some, "", None), [ReadingError::Unscored(Criterion::Plain), ReadingError::NoVerdict]);
        assert_eq!(wrong(all(Score::Partly), " \r\n", Some(Verdict::SendBack)), [ReadingError::NoNote]);
        assert_eq!(wrong(all(Score::Yes), "", Some(Verdict::GoodWithNote)), [ReadingError::NoNote]);
        assert_eq!(wrong(all(Score::Yes), "Again.", Some(Verdict::SendBack)), [ReadingError::NothingWrong]);
        let long = "x".repeat(LONGEST_NOTE + 1);
        assert_eq!(wrong(all(Score::Yes), &long, Some(Verdict::Good)), [ReadingError::NoteTooLong]);
        let reading = Reading::new(all(Score::No), " Say when.\r\nPlease. ", Some(Verdict::SendBack)).unwrap();
        assert_eq!((reading.note(), reading.verdict()), (Some("Say when.\nPlease."), Verdict::SendBack));
        assert!(!format!("{reading:?}").contains("Say"));
        assert_eq!(Reading::new(all(Score::Yes), "", Some(Verdict::Good)).unwrap().note(), None);
    }

    #[test]
    fn a_rule_draws_what_it_is_for_and_no_more_than_its_share() {
        let [here, there] = ["NBC", "LIN"].map(|code| OfficeCode::parse(code).unwrap());
        let used = ["mailed".to_owned()];
        let candidate = |office, lot, earlier_of_writer| Candidate {
            office,
            kind: RequestKind::CardNotReceived,
            templates: &used,
            earlier_of_writer,
            lot,
        };
        let rule = Rule { office: None, kind: None, template: None, draw: Draw::Share(25) };
        assert!(rule.draws(&candidate(&here, 2_499, 9)) && !rule.draws(&candidate(&here, 2_500, 0)));
        let every = Rule { draw: Draw::Share(100), ..rule.clone() };
        assert!(every.draws(&candidate(&there, 9_999, 9)));
        let at_office = Rule { office: Some(here.clone()), ..every.clone() };
        assert!(at_office.draws(&candidate(&here, 0, 0)) && !at_office.draws(&candidate(&there, 0, 0)));
        let of_kind = Rule { kind: Some(RequestKind::Expedite), ..every.clone() };
        assert!(!of_kind.draws(&candidate(&here, 0, 0)));
        let of_template = |key| Rule { template: TemplateKey::parse(key), ..every.clone() };
        assert!(of_template("mailed").draws(&candidate(&here, 0, 0)) && !of_template("other").draws(&candidate(&here, 0, 0)));
        let first = Rule { draw: Draw::FirstOf(3), ..every };
        assert!(first.draws(&candidate(&here, 9_999, 2)) && !first.draws(&candidate(&here, 0, 3)));
        assert!(!Draw::Share(0).is_possible() && !Draw::Share(101).is_possible() && Draw::Share(100).is_possible());
        assert!(!Draw::FirstOf(0).is_possible() && Draw::FirstOf(Draw::MOST).is_possible());
    }

    #[test]
    fn lots_lie_evenly_below_ten_thousand() {
        assert_eq!((lot(&[0; 32]), lot(&[0, 0, 0, 0, 0, 0, 0x27, 0x11]), lot(&[])), (1 - 1, 1, 0));
        assert!(lot(&[0xff; 32]) < 10_000);
    }
}
