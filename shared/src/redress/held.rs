//! What the agency holds of a person: lines in parts. A decision gives whole parts; what is not the person's own to see is in none.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::locale::Locale;

/// A part of what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Names, numbers, birth, citizenship, status.
    Identity,
    /// Which photographs and other biometric records there are.
    Biometrics,
    Cases,
    /// What was asked about one's own cases.
    Requests,
    /// When the department met the person; some of it is law enforcement.
    Encounters,
    /// What partner countries were asked about the person, and answered.
    PartnerAnswers,
}

impl Part {
    pub const ALL: [Self; 6] =
        [Self::Identity, Self::Biometrics, Self::Cases, Self::Requests, Self::Encounters, Self::PartnerAnswers];

    /// The word in the database and in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Biometrics => "biometrics",
            Self::Cases => "cases",
            Self::Requests => "requests",
            Self::Encounters => "encounters",
            Self::PartnerAnswers => "partner_answers",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.key() == key)
    }

    /// As officers and letters call it.
    pub const fn name(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Identity, Locale::En) => "Who you are: names, numbers, birth, citizenship, status",
            (Self::Identity, Locale::Es) => "Quién es usted: nombres, números, nacimiento, ciudadanía, estatus",
            (Self::Biometrics, Locale::En) => "Photographs, fingerprints and other biometric records",
            (Self::Biometrics, Locale::Es) => "Fotografías, huellas dactilares y otros datos biométricos",
            (Self::Cases, Locale::En) => "Cases",
            (Self::Cases, Locale::Es) => "Casos",
            (Self::Requests, Locale::En) => "Requests about your cases",
            (Self::Requests, Locale::Es) => "Peticiones sobre sus casos",
            (Self::Encounters, Locale::En) => "Encounters with the department",
            (Self::Encounters, Locale::Es) => "Encuentros con el departamento",
            (Self::PartnerAnswers, Locale::En) => "Questions to partner countries, and their answers",
            (Self::PartnerAnswers, Locale::Es) => "Preguntas a países socios, y sus respuestas",
        }
    }

    /// Others have a say in it: law enforcement, or another country. Two people give it.
    pub const fn is_guarded(self) -> bool {
        matches!(self, Self::Encounters | Self::PartnerAnswers)
    }
}

/// One thing that is held.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldLine {
    pub part: Part,
    /// What it is: `Date of birth`.
    pub about: String,
    pub what: String,
    /// Who stated it.
    pub source: String,
    pub since: Option<NaiveDate>,
    /// Until when it held; none if it holds now.
    pub until: Option<NaiveDate>,
}

/// What is held of a person and may be theirs to see.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    pub lines: Vec<HeldLine>,
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

debug_without_content!(Held, HeldLine);

impl Held {
    /// The parts of which there is anything.
    pub fn parts(&self) -> BTreeSet<Part> {
        self.lines.iter().map(|line| line.part).collect()
    }

    pub fn of(&self, part: Part) -> impl Iterator<Item = &HeldLine> {
        self.lines.iter().filter(move |line| line.part == part)
    }

    /// What a decision gives of it.
    #[must_use]
    pub fn given(&self, parts: &BTreeSet<Part>) -> Self {
        Self { lines: self.lines.iter().filter(|line| parts.contains(&line.part)).cloned().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(part: Part) -> HeldLine {
        let (about, what) = ("Name".into(), "Ejemplo".into());
        HeldLine { part, about, what, source: "a case".into(), since: None, until: None }
    }

    #[test]
    fn a_part_that_is_not_given_leaves_no_trace() {
        let held = Held { lines: Part::ALL.map(line).to_vec() };
        let given = held.given(&BTreeSet::from([Part::Identity, Part::Cases]));
        assert_eq!(given.parts(), BTreeSet::from([Part::Identity, Part::Cases]));
        let written = serde_json::to_string(&given).unwrap();
        assert!(!written.contains("encounters") && !written.contains("partner"), "{written}");
        assert_eq!(serde_json::from_str::<Held>(&written).unwrap(), given);
        assert!(held.given(&BTreeSet::new()).lines.is_empty());
    }

    #[test]
    fn parts_have_words_and_no_line_reaches_a_log() {
        for part in Part::ALL {
            assert_eq!(Part::from_key(part.key()), Some(part));
            assert_eq!(serde_json::to_string(&part).unwrap(), format!("\"{}\"", part.key()));
            assert!(Locale::ALL.into_iter().all(|locale| !part.name(locale).is_empty()));
        }
        assert_eq!(format!("{:?}", line(Part::Identity)), "HeldLine([sensitive])");
    }
}
