//! A month of the agency's calendar.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A month, written `2026-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    /// Its first day.
    first: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a month is written as 2026-03")]
pub struct MonthError;

impl Month {
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().first.checked_sub_days(Days::new(1)).unwrap_or(self.first)
    }

    #[must_use]
    pub fn next(self) -> Self {
        self.after(1)
    }

    #[must_use]
    pub fn after(self, months: u32) -> Self {
        Self { first: self.first.checked_add_months(Months::new(months)).unwrap_or(self.first) }
    }

    #[must_use]
    pub fn before(self, months: u32) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(months)).unwrap_or(self.first) }
    }

    /// This many months, this one the last.
    pub fn and_before(self, months: u32) -> impl Iterator<Item = Self> {
        (0..months).rev().map(move |ago| self.before(ago))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    /// Years of four digits only: as text, months are in their order.
    fn from_str(text: &str) -> Result<Self, MonthError> {
        let has_shape = text.len() == 7
            && text.bytes().enumerate().all(|(at, byte)| (at == 4) == (byte == b'-') && (at == 4 || byte.is_ascii_digit()));
        let first = has_shape.then(|| NaiveDate::from_str(&format!("{text}-01")).ok()).flatten().ok_or(MonthError)?;
        if first.year() == 0 { Err(MonthError) } else { Ok(Self { first }) }
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written() {
        let month: Month = "2026-12".parse().unwrap();
        assert_eq!(month.to_string(), "2026-12");
        assert_eq!((month.first_day(), month.last_day()), ("2026-12-01".parse().unwrap(), "2026-12-31".parse().unwrap()));
        assert_eq!((month.next().to_string(), month.before(12).to_string()), ("2027-01".to_owned(), "2025-12".to_owned()));
        assert_eq!(Month::of("2024-02-29".parse().unwrap()).last_day(), "2024-02-29".parse().unwrap());
        let last: Vec<String> = month.and_before(3).map(|month| month.to_string()).collect();
        assert_eq!(last, ["2026-10", "2026-11", "2026-12"]);
        for wrong in ["", "2026-13", "2026-1", "2026-00", "26-01", "2026-01-01", "+026-01", "0000-01", "2026/01", "２０26-0"] {
            assert_eq!(wrong.parse::<Month>(), Err(MonthError), "{wrong}");
        }
    }
}
