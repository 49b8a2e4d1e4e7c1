//! What was seen of a case, and when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case_name::is_unreadable;
use super::written::{WrittenSeen, WrittenStatus, read_day, write_day};
use crate::locale::Locale;

/// Characters of a title. Those of the reference texts are shorter; a file may hold anything.
const LONGEST_TITLE: usize = 200;

/// The status of a case in few words, in both languages: what was seen in one can be compared with what is read in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedStatus {
    title_en: String,
    title_es: String,
    updated: NaiveDate,
}

impl WatchedStatus {
    /// A status as the service tells it. A title that is too long to be kept is cut.
    pub fn new(title_en: &str, title_es: &str, updated: NaiveDate) -> Self {
        let fitting = |title: &str| title.chars().filter(|c| !is_unreadable(*c)).take(LONGEST_TITLE).collect();
        Self { title_en: fitting(title_en), title_es: fitting(title_es), updated }
    }

    pub fn title(&self, locale: Locale) -> &str {
        locale.pick(&self.title_en, &self.title_es)
    }

    /// The day of the last update.
    pub const fn updated(&self) -> NaiveDate {
        self.updated
    }

    fn read(written: WrittenStatus) -> Option<Self> {
        let updated = read_day(&written.updated)?;
        let status = Self::new(&written.title_en, &written.title_es, updated);
        let is_whole = status.title_en == written.title_en && status.title_es == written.title_es;
        is_whole.then_some(status)
    }

    fn write(&self) -> WrittenStatus {
        WrittenStatus { title_en: self.title_en.clone(), title_es: self.title_es.clone(), updated: write_day(self.updated) }
    }
}

/// What a question about a case brought on a day. Without a status the number was not recognised; why, nobody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenSeen", into = "WrittenSeen")]
pub struct Seen {
    pub on: NaiveDate,
    pub status: Option<WatchedStatus>,
}

impl Seen {
    pub(super) fn read(written: WrittenSeen) -> Option<Self> {
        let on = read_day(&written.on)?;
        match written.status {
            None => Some(Self { on, status: None }),
            Some(status) => Some(Self { on, status: Some(WatchedStatus::read(status)?) }),
        }
    }

    pub(super) fn write(&self) -> WrittenSeen {
        WrittenSeen { on: write_day(self.on), status: self.status.as_ref().map(WatchedStatus::write) }
    }
}

impl TryFrom<WrittenSeen> for Seen {
    type Error = &'static str;

    fn try_from(written: WrittenSeen) -> Result<Self, Self::Error> {
        Self::read(written).ok_or("not a status")
    }
}

impl From<Seen> for WrittenSeen {
    fn from(seen: Seen) -> Self {
        seen.write()
    }
}

/// The service's answer about one case of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchAnswer {
    Seen(Seen),
    /// Too many look-ups from here.
    SlowDown {
        retry_after_seconds: u32,
    },
}
