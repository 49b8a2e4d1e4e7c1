//! How long a case takes, as it is published: an amount to the half, and a unit.

use std::fmt;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::locale::Locale;

/// What a published time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    Days,
    Weeks,
    Months,
}

impl Unit {
    pub const ALL: [Self; 3] = [Self::Days, Self::Weeks, Self::Months];

    /// The word of the published data.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Days => "Days",
            Self::Weeks => "Weeks",
            Self::Months => "Months",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.key() == key)
    }

    /// As people read it, with a capital letter: `Months` or `Meses`.
    pub const fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::Days => locale.pick("Days", "Días"),
            Self::Weeks => locale.pick("Weeks", "Semanas"),
            Self::Months => locale.pick("Months", "Meses"),
        }
    }
}

/// One end of a published range, as `7.5 Months`: from a half to 99,999 of a unit. Zero is none, since sources write it for
/// a time that they do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bound {
    halves: u32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum BoundError {
    #[error("an amount is a whole number or a half, as 23 or 7.5")]
    Malformed,
    #[error("an amount is more than 0 and at most 99999")]
    OutOfRange,
    #[error("a unit is Days, Weeks or Months")]
    UnknownUnit,
}

const MOST_HALVES: u32 = 2 * 99_999;

impl Bound {
    /// Reads an amount as published: `23`, `23.0` or `7.5`.
    pub fn parse(amount: &str, unit: Unit) -> Result<Self, BoundError> {
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
        let half = match fraction {
            "0" => 0,
            "5" => 1,
            _ => return Err(BoundError::Malformed),
        };
        if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BoundError::Malformed);
        }
        let whole: u32 = whole.parse().map_err(|_| BoundError::OutOfRange)?;
        Self::of_halves(whole.saturating_mul(2).saturating_add(half), unit)
    }

    /// So many halves of a unit: 15 are seven and a half.
    pub const fn of_halves(halves: u32, unit: Unit) -> Result<Self, BoundError> {
        if halves == 0 || halves > MOST_HALVES { Err(BoundError::OutOfRange) } else { Ok(Self { halves, unit }) }
    }

    pub const fn halves(self) -> u32 {
        self.halves
    }

    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// `23` or `7.5`.
    pub fn amount(self) -> String {
        format!("{}{}", self.halves / 2, if self.has_half() { ".5" } else { "" })
    }

    /// The day that is this long after another; none if the calendar ends before it.
    ///
    /// Months are those of the calendar, and a month without such a day ends with its last one: a month after 31 January is
    /// 28 or 29 February. Half a month is 15 days, half a week 4 and half a day 1: rounded up, so that nobody is told a day
    /// too early.
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        let whole = self.halves / 2;
        let half = |days: u64| if self.has_half() { days } else { 0 };
        match self.unit {
            Unit::Days => day.checked_add_days(Days::new(u64::from(whole) + half(1))),
            Unit::Weeks => day.checked_add_days(Days::new(7 * u64::from(whole) + half(4))),
            Unit::Months => day.checked_add_months(Months::new(whole))?.checked_add_days(Days::new(half(15))),
        }
    }

    const fn has_half(self) -> bool {
        self.halves % 2 == 1
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.unit.key())
    }
}

impl TryFrom<String> for Bound {
    type Error = BoundError;

    /// Reads what `Display` writes.
    fn try_from(text: String) -> Result<Self, BoundError> {
        let (amount, unit) = text.split_once(' ').ok_or(BoundError::Malformed)?;
        Self::parse(amount, Unit::from_key(unit).ok_or(BoundError::UnknownUnit)?)
    }
}

impl From<Bound> for String {
    fn from(bound: Bound) -> Self {
        bound.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BoundError::{Malformed, OutOfRange, UnknownUnit};
    use Unit::{Days, Months, Weeks};
    use proptest::prelude::*;

    #[test]
    fn every_unit_has_a_key_of_its_own() {
        for unit in Unit::ALL {
            assert_eq!(Unit::from_key(unit.key()), Some(unit));
            assert_eq!(serde_json::to_string(&unit).unwrap(), format!("\"{}\"", unit.key()));
        }
        assert_eq!(Unit::from_key("months"), None);
    }

    #[test]
    fn amounts_are_read_to_the_half_and_written_without_a_zero() {
        for (text, halves, amount) in
            [("7.5", 15, "7.5"), ("23", 46, "23"), ("23.0", 46, "23"), ("0.5", 1, "0.5"), ("99999", 199_998, "99999")]
        {
            let bound = Bound::parse(text, Months).unwrap();
            assert_eq!((bound.halves(), bound.amount().as_str()), (halves, amount), "{text}");
        }
        assert_eq!(Bound::parse("7.5", Months).unwrap().to_string(), "7.5 Months");
    }

    #[test]
    fn other_amounts_are_refused() {
        for bad in ["", ".", ".5", ".0", "7.", "7.3", "7.50", "7.00", "7.0.0", "7.5.5", "7,5", "-1", "+1", "1e3", " 7", "7½", "٧"]
        {
            assert_eq!(Bound::parse(bad, Days), Err(Malformed), "{bad}");
        }
        for bad in ["0", "0.0", "000", "99999.5", "100000", "4294967295", "4294967296.5", "99999999999999999999"] {
            assert_eq!(Bound::parse(bad, Days), Err(OutOfRange), "{bad}");
        }
        assert_eq!(Bound::of_halves(0, Weeks), Err(OutOfRange));
        assert_eq!(Bound::of_halves(199_999, Weeks), Err(OutOfRange));
    }

    #[test]
    fn json_is_held_to_the_same_form() {
        let bound = Bound::parse("7.5", Weeks).unwrap();
        assert_eq!(serde_json::to_string(&bound).unwrap(), r#""7.5 Weeks""#);
        assert_eq!(serde_json::from_str::<Bound>(r#""7.5 Weeks""#).unwrap(), bound);
        for (bad, error) in [("7.5", Malformed), ("7.3 Weeks", Malformed), ("0 Days", OutOfRange), ("7 Years", UnknownUnit)] {
            assert_eq!(Bound::try_from(bad.to_owned()), Err(error), "{bad}");
        }
    }

    #[test]
    fn a_bound_is_counted_by_the_calendar() {
        for (from, amount, unit, after) in [
            ("2025-01-31", "1", Months, "2025-02-28"),
            ("2024-01-31", "1", Months, "2024-02-29"),
            ("2024-01-30", "1", Months, "2024-02-29"),
            ("2025-03-31", "1", Months, "2025-04-30"),
            ("2025-02-28", "1", Months, "2025-03-28"),
            ("2024-02-29", "12", Months, "2025-02-28"),
            ("2024-02-29", "48", Months, "2028-02-29"),
            ("2025-10-15", "5", Months, "2026-03-15"),
            ("2025-01-10", "0.5", Months, "2025-01-25"),
            ("2025-01-31", "1.5", Months, "2025-03-15"),
            ("2024-01-31", "1.5", Months, "2024-03-15"),
            ("2025-06-05", "7.5", Months, "2026-01-20"),
            ("2025-12-29", "1", Weeks, "2026-01-05"),
            ("2024-02-22", "1", Weeks, "2024-02-29"),
            ("2025-03-03", "0.5", Weeks, "2025-03-07"),
            ("2025-03-03", "2.5", Weeks, "2025-03-21"),
            ("2025-02-27", "2", Days, "2025-03-01"),
            ("2024-02-27", "2", Days, "2024-02-29"),
            ("2025-03-03", "0.5", Days, "2025-03-04"),
            ("2025-03-03", "30.5", Days, "2025-04-03"),
        ] {
            let bound = Bound::parse(amount, unit).unwrap();
            assert_eq!(bound.after(from.parse().unwrap()), Some(after.parse().unwrap()), "{from} + {bound}");
        }
    }

    #[test]
    fn beyond_the_calendar_there_is_no_day() {
        for unit in Unit::ALL {
            assert_eq!(Bound::parse("0.5", unit).unwrap().after(NaiveDate::MAX), None, "{unit:?}");
            assert_eq!(Bound::parse("99999", unit).unwrap().after(NaiveDate::MAX), None, "{unit:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(halves in 1..=MOST_HALVES, unit in prop::sample::select(&Unit::ALL)) {
            let bound = Bound::of_halves(halves, unit).unwrap();
            prop_assert_eq!(Bound::parse(&bound.amount(), unit), Ok(bound));
            prop_assert_eq!(Bound::try_from(bound.to_string()), Ok(bound));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), digits in "[0-9.]{0,24}") {
            for text in [text, digits] {
                let _ = Bound::parse(&text, Unit::Months);
                let _ = Bound::try_from(text);
            }
        }
    }
}
