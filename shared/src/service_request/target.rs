//! In how many days the agency means to answer, and the day on which that is.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::holiday::HolidayTable;

/// In how many days a request is meant to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    pub days: u16,
    pub count: Count,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// All of them.
    Calendar,
    /// Those on which the agency works.
    Business,
}

impl Target {
    /// Thirty days from filing: what the agency's confirmation says unless an operator chooses something else.
    pub const THIRTY_DAYS: Self = Self { days: 30, count: Count::Calendar };
}

impl Count {
    pub const ALL: [Self; 2] = [Self::Calendar, Self::Business];

    /// The word in reference data and in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Business => "business",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|count| count.key() == key)
    }

    /// Whether a day is one of those that count.
    pub fn has(self, day: NaiveDate, holidays: &HolidayTable) -> bool {
        match self {
            Self::Calendar => true,
            Self::Business => holidays.is_business_day(day),
        }
    }

    /// How many of the days after the first and up to the last count; none if the last is not later.
    pub fn between(self, after: NaiveDate, until: NaiveDate, holidays: &HolidayTable) -> u32 {
        match self {
            Self::Calendar => u32::try_from((until - after).num_days()).unwrap_or(0),
            Self::Business => {
                let days = after.iter_days().skip(1).take_while(|day| *day <= until);
                u32::try_from(days.filter(|day| holidays.is_business_day(*day)).count()).unwrap_or(u32::MAX)
            }
        }
    }
}

/// The day by which an answer is meant, which is the last day that is still in time. The day of the start does not count:
/// thirty days from the first of a month is the thirty-first. Of business days it is the n-th after the start, so it is never
/// one on which the agency is closed, unless there is nothing to count.
pub fn due_on(start: NaiveDate, target: Target, holidays: &HolidayTable) -> NaiveDate {
    let days = usize::from(target.days);
    match (target.count, days.checked_sub(1)) {
        (_, None) => start,
        (Count::Calendar, _) => start.checked_add_days(Days::new(target.days.into())).unwrap_or(NaiveDate::MAX),
        (Count::Business, Some(before_last)) => {
            let mut business = start.iter_days().skip(1).filter(|day| holidays.is_business_day(*day));
            business.nth(before_last).unwrap_or(NaiveDate::MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due(start: &str, days: u16, count: Count) -> String {
        due_on(day(start), Target { days, count }, &HolidayTable::default()).to_string()
    }

    #[test]
    fn calendar_days_are_simply_counted() {
        for (start, days, on) in [
            ("2026-11-02", 30, "2026-12-02"),
            ("2026-12-01", 30, "2026-12-31"),
            ("2027-01-30", 30, "2027-03-01"),
            ("2028-01-30", 30, "2028-02-29"),
            ("2026-11-02", 1, "2026-11-03"),
            ("2026-11-02", 0, "2026-11-02"),
        ] {
            assert_eq!(due(start, days, Count::Calendar), on, "{start} + {days}");
        }
    }

    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        for (start, days, on) in [
            // A Monday; Veterans Day and Thanksgiving lie between.
            ("2026-11-02", 1, "2026-11-03"),
            ("2026-11-02", 15, "2026-11-24"),
            ("2026-11-02", 17, "2026-11-27"),
            // Begun on a Friday, a Saturday or a Sunday, the first day is the Monday.
            ("2026-11-06", 1, "2026-11-09"),
            ("2026-11-07", 1, "2026-11-09"),
            ("2026-11-08", 1, "2026-11-09"),
            // Two holidays kept on Fridays, one of them for the next year.
            ("2027-12-22", 1, "2027-12-23"),
            ("2027-12-22", 2, "2027-12-27"),
            ("2027-12-22", 6, "2028-01-03"),
            ("2024-12-20", 15, "2025-01-14"),
            ("2025-06-18", 1, "2025-06-20"),
            ("2026-11-07", 0, "2026-11-07"),
        ] {
            assert_eq!(due(start, days, Count::Business), on, "{start} + {days}");
        }
    }

    #[test]
    fn days_that_an_operator_closes_are_left_out() {
        let closed = HolidayTable::new([day("2024-12-24"), day("2024-12-26"), day("2025-01-09")]);
        let target = Target { days: 15, count: Count::Business };
        assert_eq!(due_on(day("2024-12-20"), target, &closed), day("2025-01-17"));
    }

    #[test]
    fn a_day_beyond_the_calendar_is_its_last() {
        for count in Count::ALL {
            let target = Target { days: u16::MAX, count };
            assert_eq!(due_on(NaiveDate::MAX, target, &HolidayTable::default()), NaiveDate::MAX);
        }
    }

    #[test]
    fn keys_are_read_back_and_are_those_of_reference_files() {
        assert_eq!(serde_json::to_string(&Target::THIRTY_DAYS).unwrap(), r#"{"days":30,"count":"calendar"}"#);
        for count in Count::ALL {
            assert_eq!(Count::from_key(count.key()), Some(count));
            assert_eq!(serde_json::to_string(&count).unwrap(), format!("\"{}\"", count.key()));
        }
        assert_eq!(Count::from_key("workdays"), None);
    }

    prop_compose! {
        fn any_start()(days in 0u32..40_000) -> NaiveDate { day("1990-01-01") + Days::new(days.into()) }
    }
    fn any_count() -> impl Strategy<Value = Count> {
        prop::sample::select(&Count::ALL)
    }
    fn closed_near(start: NaiveDate, offsets: &[u16]) -> HolidayTable {
        HolidayTable::new(offsets.iter().map(|offset| start + Days::new(u64::from(*offset))))
    }

    proptest! {
        #[test]
        fn so_many_days_lie_between_as_the_target_has(
            start in any_start(), days in 1u16..400, count in any_count(), closed in prop::collection::vec(0u16..500, 0..20),
        ) {
            let holidays = closed_near(start, &closed);
            let due = due_on(start, Target { days, count }, &holidays);
            prop_assert_eq!(count.between(start, due, &holidays), u32::from(days));
            prop_assert!(count.has(due, &holidays), "the last day counts itself");
            prop_assert_eq!(count.between(due, start, &holidays), 0);
        }

        #[test]
        fn more_days_and_a_later_start_are_never_due_earlier(start in any_start(), days in 0u16..200, later in 0u64..30, count in any_count()) {
            let due = |start, days| due_on(start, Target { days, count }, &HolidayTable::default());
            prop_assert!(due(start, days) < due(start, days + 1));
            prop_assert!(due(start, days) <= due(start + Days::new(later), days));
        }

        #[test]
        fn closing_days_never_makes_an_answer_due_earlier(
            start in any_start(), days in 0u16..100, closed in prop::collection::vec(0u16..150, 0..20), count in any_count(),
        ) {
            let target = Target { days, count };
            let (open, closed) = (HolidayTable::default(), closed_near(start, &closed));
            prop_assert!(due_on(start, target, &open) <= due_on(start, target, &closed));
        }

        #[test]
        fn a_stretch_is_as_long_as_its_parts(start in any_start(), first in 0u64..60, second in 0u64..60, count in any_count()) {
            let (middle, end) = (start + Days::new(first), start + Days::new(first + second));
            let between = |after, until| count.between(after, until, &HolidayTable::default());
            prop_assert_eq!(between(start, end), between(start, middle) + between(middle, end));
        }
    }
}
