//! The list as text: JSON of one version, the same in the browser's storage and in files.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{CaseName, NotAdded, Seen, WatchList, WatchedCase, WatchedStatus};
use crate::case_status::ReceiptNumber;
use crate::locale::Locale;

const VERSION: u32 = 1;

/// Bytes of a list. One of fifty cases, with names and titles as long as they may be, has fewer.
pub const LARGEST_LIST: usize = 128 * 1024;

/// Why a text is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ListError {
    #[error("it has more than {LARGEST_LIST} bytes")]
    TooLarge,
    #[error("it is no list")]
    NotAList,
    #[error("it is a list of another version")]
    OtherVersion,
    /// Entry by entry, so that a person finds the place.
    #[error("entry {} cannot be read", .0.entry)]
    Case(RefusedCase),
}

/// An entry of a list that was not taken, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedCase {
    pub entry: usize,
    pub why: CaseRefusal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseRefusal {
    Number,
    Name,
    Status,
    /// The same number stands there twice.
    Twice,
    /// There are too many.
    Full,
}

/// What a file holds, case by case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    pub(super) cases: Vec<Result<WatchedCase, CaseRefusal>>,
}

#[derive(Deserialize)]
struct WrittenVersion {
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenList {
    version: u32,
    cases: Vec<WrittenCase>,
}

/// Whatever is not there is empty.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenCase {
    receipt_number: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    seen_on: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    updated_on: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title_en: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title_es: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    changed_since: String,
}

impl WatchList {
    /// Reads what the browser keeps. One entry that cannot be read refuses all: what is left out here would be lost for good.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let mut list = Self::default();
        for (entry, case) in (1..).zip(ListFile::parse(text)?.cases) {
            let refused = |why| ListError::Case(RefusedCase { entry, why });
            list.add(case.map_err(refused)?).map_err(|why| refused(why.into()))?;
        }
        Ok(list)
    }

    /// The list as [`WatchList::parse`] and [`ListFile::parse`] read it.
    pub fn write(&self) -> String {
        let cases = self.cases().iter().map(WrittenCase::of).collect();
        // Texts and nothing else: they always can be written.
        serde_json::to_string(&WrittenList { version: VERSION, cases }).unwrap_or_default()
    }
}

impl From<NotAdded> for CaseRefusal {
    fn from(why: NotAdded) -> Self {
        match why {
            NotAdded::AlreadyThere => Self::Twice,
            NotAdded::Full => Self::Full,
        }
    }
}

impl ListFile {
    /// Reads a file. What is not a list of this version is refused whole; within a list each case stands for itself.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        if text.len() > LARGEST_LIST {
            return Err(ListError::TooLarge);
        }
        // Editors put a mark before the text.
        let text = text.trim_start_matches('\u{FEFF}');
        let WrittenVersion { version } = serde_json::from_str(text).map_err(|_| ListError::NotAList)?;
        if version != VERSION {
            return Err(ListError::OtherVersion);
        }
        let written: WrittenList = serde_json::from_str(text).map_err(|_| ListError::NotAList)?;
        Ok(Self { cases: written.cases.into_iter().map(WrittenCase::read).collect() })
    }
}

impl WrittenCase {
    fn of(case: &WatchedCase) -> Self {
        let name = case.name.as_ref().map_or("", CaseName::as_str).to_owned();
        let written = Self { receipt_number: case.number.as_str().to_owned(), name, ..Self::default() };
        let Some(Seen { on, status }) = &case.seen else { return written };
        let written = Self { seen_on: write_day(*on), ..written };
        let Some(status) = status else { return written };
        Self {
            updated_on: write_day(status.updated()),
            title_en: status.title(Locale::En).to_owned(),
            title_es: status.title(Locale::Es).to_owned(),
            changed_since: case.changed_since.map(write_day).unwrap_or_default(),
            ..written
        }
    }

    fn read(self) -> Result<WatchedCase, CaseRefusal> {
        let number = ReceiptNumber::parse(&self.receipt_number).map_err(|_| CaseRefusal::Number)?;
        let name = CaseName::parse(&self.name).map_err(|_| CaseRefusal::Name)?;
        let (seen, changed_since) = self.read_seen().ok_or(CaseRefusal::Status)?;
        Ok(WatchedCase { number, name, seen, changed_since })
    }

    /// What was seen, and since when it is new. Nothing can be said of a case that was not seen, and nothing can be new in one
    /// that was not recognised.
    fn read_seen(&self) -> Option<(Option<Seen>, Option<NaiveDate>)> {
        let shows =
            [&self.updated_on, &self.title_en, &self.title_es, &self.changed_since].into_iter().any(|text| !text.is_empty());
        if self.seen_on.is_empty() {
            return (!shows).then_some((None, None));
        }
        let on = read_day(&self.seen_on)?;
        if !shows {
            return Some((Some(Seen { on, status: None }), None));
        }
        let status = WatchedStatus::read(&self.title_en, &self.title_es, &self.updated_on)?;
        let changed_since = if self.changed_since.is_empty() { None } else { Some(read_day(&self.changed_since)?) };
        Some((Some(Seen { on, status: Some(status) }), changed_since))
    }
}

/// `2026-03-05`. Read by hand: chrono's own reader would add 6 KB to the browser's client.
pub(super) fn write_day(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// The same for serde.
pub(super) mod written_day {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::write_day(*day))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        super::read_day(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not a day"))
    }
}

pub(super) fn read_day(text: &str) -> Option<NaiveDate> {
    let is_digit_or_dash = |(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { u8::is_ascii_digit(&byte) };
    if text.len() != 10 || !text.bytes().enumerate().all(is_digit_or_dash) {
        return None;
    }
    NaiveDate::from_ymd_opt(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
}
