//! What was seen of a case, and when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::written::{read_day, written_day};
use crate::locale::Locale;
use crate::typed::is_unreadable;

/// Characters of a title. Those of the reference texts are shorter; a file may hold anything.
const LONGEST_TITLE: usize = 200;

/// The status of a case in few words, in both languages: what was seen in one can be compared with what is read in the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedStatus {
    title_en: String,
    title_es: String,
    #[serde(with = "written_day")]
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

    /// A status as it was written. Whatever [`WatchedStatus::new`] would not write is none.
    pub(super) fn read(title_en: &str, title_es: &str, updated: &str) -> Option<Self> {
        let status = Self::new(title_en, title_es, read_day(updated)?);
        let is_whole = status.title_en == title_en && status.title_es == title_es;
        is_whole.then_some(status)
    }
}

/// What a question about a case brought on a day. Without a status the number was not recognised; why, nobody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    #[serde(with = "written_day")]
    pub on: NaiveDate,
    pub status: Option<WatchedStatus>,
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
