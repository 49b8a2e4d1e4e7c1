//! The days on which the agency is closed: weekends, federal holidays by rule, and days that an operator adds.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A legal public holiday of 5 U.S.C. 6103(a).
///
/// Inauguration Day is none here: 6103(c) keeps it in and around the capital only. An agency that closes for it adds the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    NewYear,
    MartinLutherKing,
    WashingtonsBirthday,
    MemorialDay,
    Juneteenth,
    IndependenceDay,
    LaborDay,
    ColumbusDay,
    VeteransDay,
    Thanksgiving,
    Christmas,
}

impl Holiday {
    pub const ALL: [Self; 11] = [
        Self::NewYear,
        Self::MartinLutherKing,
        Self::WashingtonsBirthday,
        Self::MemorialDay,
        Self::Juneteenth,
        Self::IndependenceDay,
        Self::LaborDay,
        Self::ColumbusDay,
        Self::VeteransDay,
        Self::Thanksgiving,
        Self::Christmas,
    ];

    /// The day that the law names. None before the year of the law: Juneteenth is a holiday since 2021.
    pub fn legal_day(self, year: i32) -> Option<NaiveDate> {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let nth = |month, weekday, n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n);
        match self {
            Self::NewYear => day(1, 1),
            Self::MartinLutherKing => nth(1, Weekday::Mon, 3),
            Self::WashingtonsBirthday => nth(2, Weekday::Mon, 3),
            Self::MemorialDay => nth(5, Weekday::Mon, 5).or_else(|| nth(5, Weekday::Mon, 4)),
            Self::Juneteenth if year < 2021 => None,
            Self::Juneteenth => day(6, 19),
            Self::IndependenceDay => day(7, 4),
            Self::LaborDay => nth(9, Weekday::Mon, 1),
            Self::ColumbusDay => nth(10, Weekday::Mon, 2),
            Self::VeteransDay => day(11, 11),
            Self::Thanksgiving => nth(11, Weekday::Thu, 4),
            Self::Christmas => day(12, 25),
        }
    }

    /// The day on which offices close for it: the Friday before a Saturday (6103(b)), the Monday after a Sunday (Executive
    /// Order 11582). So New Year's Day can be kept in the year before.
    pub fn observed(self, year: i32) -> Option<NaiveDate> {
        let legal = self.legal_day(year)?;
        match legal.weekday() {
            Weekday::Sat => legal.pred_opt(),
            Weekday::Sun => legal.succ_opt(),
            _ => Some(legal),
        }
    }

    /// The holiday that is kept on a day.
    pub fn kept_on(day: NaiveDate) -> Option<Self> {
        let next_new_year = (day.month() == 12).then_some(Self::NewYear).filter(|new_year| {
            let year = day.year().saturating_add(1);
            new_year.observed(year) == Some(day)
        });
        Self::ALL.into_iter().find(|holiday| holiday.observed(day.year()) == Some(day)).or(next_new_year)
    }
}

/// Why a day is no business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    Weekend,
    Holiday(Holiday),
    /// One of the operator's days.
    Agency,
}

/// The days on which the agency works: Monday to Friday but for federal holidays and the days that an operator adds, as an
/// executive order closes offices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HolidayTable {
    also_closed: BTreeSet<NaiveDate>,
}

impl HolidayTable {
    /// The federal holidays and some more days.
    pub fn new(also_closed: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { also_closed: also_closed.into_iter().collect() }
    }

    /// None on a business day.
    pub fn closed(&self, day: NaiveDate) -> Option<Closed> {
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            return Some(Closed::Weekend);
        }
        let agency = || self.also_closed.contains(&day).then_some(Closed::Agency);
        Holiday::kept_on(day).map(Closed::Holiday).or_else(agency)
    }

    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        self.closed(day).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// As the Office of Personnel Management published them.
    #[test]
    fn federal_holidays_are_kept_on_the_days_that_were_published() {
        for (year, published) in [
            (2020, "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25"),
            (2021, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
            (2022, "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26"),
            (2023, "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25"),
            (2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"),
            (2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"),
            (2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
            (2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
        ] {
            let mut days = NaiveDate::from_yo_opt(year, 1).unwrap().iter_days().take_while(|day| day.year() == year);
            let kept: Vec<_> = days.by_ref().filter(|day| Holiday::kept_on(*day).is_some()).collect();
            let published: Vec<_> = published.split(' ').map(|month_day| day(&format!("{year}-{month_day}"))).collect();
            assert_eq!(kept, published);
        }
    }

    #[test]
    fn a_new_year_on_a_saturday_is_kept_in_the_old_year() {
        assert_eq!(Holiday::kept_on(day("2027-12-31")), Some(Holiday::NewYear));
        assert_eq!(HolidayTable::default().closed(day("2028-01-01")), Some(Closed::Weekend));
        assert_eq!(Holiday::kept_on(day("2028-12-31")), None);
    }

    #[test]
    fn an_operator_can_close_more_days() {
        // By executive order offices were closed on Christmas Eve of 2024, and on a day of mourning in January.
        let table = HolidayTable::new([day("2024-12-24"), day("2025-01-09")]);
        for (on, closed) in [
            ("2024-12-24", Some(Closed::Agency)),
            ("2024-12-25", Some(Closed::Holiday(Holiday::Christmas))),
            ("2024-12-26", None),
            ("2024-12-28", Some(Closed::Weekend)),
            ("2025-01-09", Some(Closed::Agency)),
            ("2025-01-10", None),
        ] {
            assert_eq!(table.closed(day(on)), closed, "{on}");
        }
        assert!(HolidayTable::default().is_business_day(day("2025-01-09")));
    }

    proptest! {
        #[test]
        fn each_year_has_its_holidays_on_weekdays_within_a_day_of_the_law(year in 2021i32..4000) {
            for holiday in Holiday::ALL {
                let (legal, observed) = (holiday.legal_day(year).unwrap(), holiday.observed(year).unwrap());
                prop_assert!(observed.weekday().num_days_from_monday() < 5);
                prop_assert!((observed - legal).num_days().abs() <= 1);
                prop_assert_eq!(Holiday::kept_on(observed), Some(holiday));
            }
        }

        /// Four days off in a row are the most that weekends and holidays make.
        #[test]
        fn no_table_closes_for_a_week(year in 1990i32..4000, ordinal in 1u32..=365) {
            let start = NaiveDate::from_yo_opt(year, ordinal).unwrap();
            prop_assert!(start.iter_days().take(4).any(|day| HolidayTable::default().is_business_day(day)));
        }

        #[test]
        fn no_day_panics(days in any::<i32>()) {
            let day = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX);
            let _ = HolidayTable::default().closed(day);
        }
    }

    #[test]
    fn the_calendars_edges_do_not_panic() {
        for edge in [NaiveDate::MIN, NaiveDate::MAX] {
            let _ = HolidayTable::default().closed(edge);
        }
    }
}
