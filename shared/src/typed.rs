//! What people type: a line of text, a day. Spaces around and between are mended, nothing else.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LineError {
    #[error("the text is too long")]
    TooLong,
    #[error("the text holds characters that cannot be read")]
    Unreadable,
}

/// A line of at most so many characters; none if there is nothing but space.
pub fn line(typed: &str, longest: usize) -> Result<Option<String>, LineError> {
    // A character has at most four bytes. Looked at first, so that nothing long is gone through.
    if typed.len() > longest * 16 {
        return Err(LineError::TooLong);
    }
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.contains(is_unreadable) {
        return Err(LineError::Unreadable);
    }
    if line.chars().count() > longest {
        return Err(LineError::TooLong);
    }
    Ok((!line.is_empty()).then_some(line))
}

/// Control characters, and those that turn the direction of the text that follows. The joiners stay: names need them.
pub(crate) fn is_unreadable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The three fields of a date do not name a day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no day of the calendar")]
pub struct NoSuchDay;

/// The years that a field of a form takes.
const YEARS: std::ops::RangeInclusive<u16> = 1880..=2200;

/// Reads the three fields of a date; none if all are empty.
pub fn day(year: &str, month: &str, day: &str) -> Result<Option<NaiveDate>, NoSuchDay> {
    let parts = [year, month, day].map(str::trim);
    if parts.iter().all(|part| part.is_empty()) {
        return Ok(None);
    }
    let number = |part: &str| (part.len() <= 4).then(|| part.parse::<u16>().ok()).flatten();
    let [Some(year), Some(month), Some(day)] = parts.map(number) else { return Err(NoSuchDay) };
    if !YEARS.contains(&year) {
        return Err(NoSuchDay);
    }
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).map(Some).ok_or(NoSuchDay)
}

/// The three fields of a date, as they came.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TypedDay {
    pub month: String,
    pub day: String,
    pub year: String,
}

impl TypedDay {
    /// The day; none if all fields are empty.
    pub fn read(&self) -> Result<Option<NaiveDate>, NoSuchDay> {
        day(&self.year, &self.month, &self.day)
    }

    /// As much of it as the fields take.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let short = |text: &String| text[..text.floor_char_boundary(32)].to_owned();
        Self { month: short(&self.month), day: short(&self.day), year: short(&self.year) }
    }
}

impl fmt::Debug for TypedDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedDay")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_mended_and_measured_in_characters() {
        assert_eq!(line("  1  Teacup\tCourt ", 40), Ok(Some("1 Teacup Court".into())));
        assert_eq!(line(" \n ", 40), Ok(None));
        assert_eq!(line(&"ñ".repeat(40), 40).map(|text| text.is_some()), Ok(true));
        assert_eq!(line(&"ñ".repeat(41), 40), Err(LineError::TooLong));
        assert_eq!(line(&" ".repeat(10_000), 40), Err(LineError::TooLong));
        for bad in ["a\u{0}b", "a\u{202E}b", "a\u{7}"] {
            assert_eq!(line(bad, 40), Err(LineError::Unreadable), "{bad:?}");
        }
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        assert_eq!(day(" 1990", "02", "3 "), Ok("1990-02-03".parse().ok()));
        assert_eq!(day("", " ", ""), Ok(None));
        for [year, month, of_month] in
            [["1990", "2", "30"], ["1990", "2", ""], ["90", "2", "3"], ["1879", "1", "1"], ["19900", "2", "3"], ["1990", "-2", "3"]]
        {
            assert_eq!(day(year, month, of_month), Err(NoSuchDay), "{year} {month} {of_month}");
        }
        assert!(day("2024", "2", "29").is_ok());
        assert!(day("2023", "2", "29").is_err());
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(texts in prop::array::uniform3(".{0,12}"), longest in 0usize..20) {
            let [year, month, of_month] = &texts;
            let read = day(year, month, of_month);
            let typed = TypedDay { month: month.clone(), day: of_month.clone(), year: year.clone() };
            prop_assert_eq!(typed.read(), read);
            prop_assert_eq!((format!("{typed:?}"), typed.shortened().read()), ("TypedDay".to_owned(), read));
            if let Ok(Some(text)) = line(year, longest) {
                prop_assert!(text.chars().count() <= longest && !text.is_empty());
                prop_assert_eq!(line(&text, longest), Ok(Some(text)));
            }
        }
    }
}
