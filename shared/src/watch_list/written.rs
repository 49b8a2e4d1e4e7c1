//! The list as text: JSON of one version, the same in the browser's storage and in files.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{CaseName, NotAdded, Seen, WatchList, WatchedCase};
use crate::case_status::ReceiptNumber;

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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    receipt_number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<WrittenSeen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed_since: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSeen {
    pub on: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<WrittenStatus>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenStatus {
    pub title_en: String,
    pub title_es: String,
    pub updated: String,
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
        Self {
            receipt_number: case.number.as_str().to_owned(),
            name: case.name.as_ref().map(|name| name.as_str().to_owned()),
            seen: case.seen.as_ref().map(Seen::write),
            changed_since: case.changed_since.map(write_day),
        }
    }

    fn read(self) -> Result<WatchedCase, CaseRefusal> {
        let number = ReceiptNumber::parse(&self.receipt_number).map_err(|_| CaseRefusal::Number)?;
        let name = CaseName::parse(&self.name.unwrap_or_default()).map_err(|_| CaseRefusal::Name)?;
        let seen = self.seen.map(|seen| Seen::read(seen).ok_or(CaseRefusal::Status)).transpose()?;
        let changed_since = self.changed_since.map(|day| read_day(&day).ok_or(CaseRefusal::Status)).transpose()?;
        // Only of a case that shows a status something can be new.
        let shows = seen.as_ref().is_some_and(|seen| seen.status.is_some());
        if changed_since.is_some() && !shows {
            return Err(CaseRefusal::Status);
        }
        Ok(WatchedCase { number, name, seen, changed_since })
    }
}

/// `2026-03-05`. Written and read by hand: chrono's own reader of dates would be a tenth of what this page adds to the client.
pub(super) fn write_day(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

pub(super) fn read_day(text: &str) -> Option<NaiveDate> {
    let is_digit_or_dash = |(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { u8::is_ascii_digit(&byte) };
    if text.len() != 10 || !text.bytes().enumerate().all(is_digit_or_dash) {
        return None;
    }
    NaiveDate::from_ymd_opt(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
}
