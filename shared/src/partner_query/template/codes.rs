//! How a country writes what it has codes for.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::agreement::{Element, Priority};
use crate::country::{self, CountryCode, STATELESS};
use crate::locale::Locale;
use crate::partner_query::message::{Reason, ReplyResult};
use crate::profile::Gender;

/// How days are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum DateFormat {
    #[serde(rename = "yyyy-mm-dd")]
    YearMonthDay,
    #[serde(rename = "dd/mm/yyyy")]
    DayMonthYear,
    #[serde(rename = "dd-MMM-yyyy")]
    DayNamedMonthYear,
    #[serde(rename = "yyyymmdd")]
    Digits,
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Before these years, or after, a day is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;

impl DateFormat {
    pub const ALL: [Self; 4] = [Self::YearMonthDay, Self::DayMonthYear, Self::DayNamedMonthYear, Self::Digits];

    /// What to write, for whoever wrote something else.
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::YearMonthDay => "a day as 1990-02-03",
            Self::DayMonthYear => "a day as 03/02/1990",
            Self::DayNamedMonthYear => "a day as 03-FEB-1990",
            Self::Digits => "a day as 19900203",
        }
    }

    pub(super) fn write(self, day: NaiveDate) -> String {
        let (year, month, of_month) = (day.year(), day.month(), day.day());
        match self {
            Self::YearMonthDay => format!("{year:04}-{month:02}-{of_month:02}"),
            Self::DayMonthYear => format!("{of_month:02}/{month:02}/{year:04}"),
            Self::DayNamedMonthYear => {
                let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
                format!("{of_month:02}-{month}-{year:04}")
            }
            Self::Digits => format!("{year:04}{month:02}{of_month:02}"),
        }
    }

    /// Only what [`DateFormat::write`] writes: `3/2/1990` may be the third of February or the second of March.
    pub(super) fn read(self, text: &str) -> Option<NaiveDate> {
        let part = |from: usize, to: usize| text.get(from..to);
        let [year, month, of_month] = match self {
            Self::YearMonthDay => [part(0, 4)?, part(5, 7)?, part(8, 10)?],
            Self::DayMonthYear => [part(6, 10)?, part(3, 5)?, part(0, 2)?],
            Self::DayNamedMonthYear => [part(7, 11)?, part(3, 6)?, part(0, 2)?],
            Self::Digits => [part(0, 4)?, part(4, 6)?, part(6, 8)?],
        };
        let month = match self {
            Self::DayNamedMonthYear => (1_u32..).zip(MONTHS).find(|(_, name)| *name == month)?.0,
            _ => month.parse().ok()?,
        };
        let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month, of_month.parse().ok()?)?;
        (YEARS.contains(&day.year()) && self.write(day) == text).then_some(day)
    }
}

/// A code, and what it means. Of several with one meaning the first is written and all are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code<T> {
    pub code: String,
    pub means: T,
}

/// The gender in a file, by its code: the profile's type is in no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum GenderCode {
    M,
    F,
    U,
}

impl GenderCode {
    const fn of(gender: Gender) -> Self {
        match gender {
            Gender::Male => Self::M,
            Gender::Female => Self::F,
            Gender::Unknown => Self::U,
        }
    }

    const fn gender(self) -> Gender {
        match self {
            Self::M => Gender::Male,
            Self::F => Gender::Female,
            Self::U => Gender::Unknown,
        }
    }
}

/// How countries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CountryStyle {
    /// The codes of ISO 3166-1, three letters.
    Alpha3,
    /// English names, and the code where there is none.
    Names,
}

impl CountryStyle {
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Alpha3 => "a country as MEX",
            Self::Names => "a country as Mexico",
        }
    }
}

/// The tables of a country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Codes {
    pub date: DateFormat,
    pub reason: Vec<Code<Reason>>,
    pub priority: Vec<Code<Priority>>,
    pub gender: Vec<Code<GenderCode>>,
    pub result: Vec<Code<ReplyResult>>,
    /// What is not in it has our word.
    pub element: Vec<Code<Element>>,
    pub country_style: CountryStyle,
    /// What is written otherwise than the style has it.
    pub country: Vec<Code<CountryCode>>,
}

fn code<T: PartialEq>(table: &[Code<T>], meant: &T) -> Option<String> {
    table.iter().find(|row| row.means == *meant).map(|row| row.code.clone())
}

fn meaning<T: Clone>(table: &[Code<T>], code: &str) -> Option<T> {
    table.iter().find(|row| row.code == code).map(|row| row.means.clone())
}

impl Codes {
    pub(super) fn write_reason(&self, reason: Reason) -> Option<String> {
        code(&self.reason, &reason)
    }

    pub(super) fn read_reason(&self, text: &str) -> Option<Reason> {
        meaning(&self.reason, text)
    }

    pub(super) fn write_priority(&self, priority: Priority) -> Option<String> {
        code(&self.priority, &priority)
    }

    pub(super) fn read_priority(&self, text: &str) -> Option<Priority> {
        meaning(&self.priority, text)
    }

    pub(super) fn write_result(&self, result: ReplyResult) -> Option<String> {
        code(&self.result, &result)
    }

    pub(super) fn read_result(&self, text: &str) -> Option<ReplyResult> {
        meaning(&self.result, text)
    }

    pub(super) fn write_gender(&self, gender: Gender) -> Option<String> {
        code(&self.gender, &GenderCode::of(gender))
    }

    pub(super) fn read_gender(&self, text: &str) -> Option<Gender> {
        meaning(&self.gender, text).map(GenderCode::gender)
    }

    pub(super) fn write_element(&self, element: Element) -> String {
        code(&self.element, &element).unwrap_or_else(|| element.key().to_owned())
    }

    pub(super) fn read_element(&self, text: &str) -> Option<Element> {
        meaning(&self.element, text).or_else(|| Element::from_key(text))
    }

    pub(super) fn write_country(&self, country: &CountryCode) -> String {
        let by_style = || match self.country_style {
            CountryStyle::Alpha3 => None,
            // To be stateless is no country, and what it is called stands on no list.
            CountryStyle::Names => country::name(country, Locale::En).filter(|_| country.as_str() != STATELESS),
        };
        code(&self.country, country).unwrap_or_else(|| by_style().unwrap_or(country.as_str()).to_owned())
    }

    /// A code of ISO 3166-1 is read whatever the style is: it means nothing else anywhere.
    pub(super) fn read_country(&self, text: &str) -> Option<CountryCode> {
        let by_name = || {
            let listed = country::countries(Locale::En).into_iter().find(|country| country.name == text)?;
            CountryCode::parse(listed.code)
        };
        match self.country_style {
            _ if self.country.iter().any(|row| row.code == text) => meaning(&self.country, text),
            CountryStyle::Alpha3 => CountryCode::parse(text),
            CountryStyle::Names => CountryCode::parse(text).or_else(by_name),
        }
    }
}
