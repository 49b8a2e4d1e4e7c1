//! Numbers, days and times as the standard writes them: ASCII digits, never a sign or a blank.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A whole number of at most so many digits; leading zeros are legal, though newer editions advise against them.
pub(super) fn number(text: &str, longest: usize) -> Option<u32> {
    if !(1..=longest).contains(&text.len()) || !are_digits(text) {
        return None;
    }
    text.parse().ok()
}

/// `YYYYMMDD` (annex B.1.2 of the 2011 edition), of a year from 1900 to 2200.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 || !are_digits(text) {
        return None;
    }
    let year = text.get(..4).and_then(|year| year.parse().ok()).filter(|year| (1900..=2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, part(text, 4)?, part(text, 6)?)
}

/// `YYYYMMDDHHMMSSZ` (annex B.1.4 of the 2011 edition).
pub(super) fn instant(text: &str) -> Option<NaiveDateTime> {
    let digits = text.strip_suffix('Z').filter(|digits| digits.len() == 14 && are_digits(digits))?;
    let time = NaiveTime::from_hms_opt(part(digits, 8)?, part(digits, 10)?, part(digits, 12)?)?;
    Some(day(digits.get(..8)?)?.and_time(time))
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The two digits from a place on.
fn part(digits: &str, from: usize) -> Option<u32> {
    digits.get(from..from + 2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_digits_only() {
        for (text, value) in [("0", Some(0)), ("007", Some(7)), ("99999", Some(99_999)), ("", None), ("100000", None)] {
            assert_eq!(number(text, 5), value, "{text}");
        }
        for bad in ["+1", "-1", " 1", "1 ", "1.0", "٣"] {
            assert_eq!(number(bad, 5), None, "{bad}");
        }
    }

    #[test]
    fn days_and_times_are_whole_and_exist() {
        assert_eq!(day("20240229"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for bad in ["20230229", "2024022", "202402290", "18991231", "22010101", "2024-2-9", "+2024022", ""] {
            assert_eq!(day(bad), None, "{bad}");
        }
        let at = NaiveDate::from_ymd_opt(2024, 2, 29).and_then(|day| day.and_hms_opt(23, 59, 58));
        assert_eq!(instant("20240229235958Z"), at);
        for bad in ["20240229235958", "20240229240000Z", "20240229236000Z", "20230229000000Z", "Z", ""] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }
}
