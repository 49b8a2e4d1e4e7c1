//! From which day on a record may be destroyed. Days are worked out anew whenever they are asked for: a birth date may be
//! corrected.

use std::num::NonZeroU32;

use chrono::{Datelike, NaiveDate};

/// Years that a profile is kept from the person's birth (DAA-0563-2013-0001-0005).
const OF_A_PERSON: u32 = 100;

/// When a record may be destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// On this day and later.
    On(NaiveDate),
    Never(NotDue),
}

/// Why a record is never destroyed, as things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDue {
    /// Somebody in it has no birth date: people have to look.
    BirthUnknown,
    /// The agency has not said how long such records are kept.
    NoPeriod,
    /// Something of it is open.
    InUse,
    /// A day beyond the calendar.
    TooFar,
}

impl Due {
    pub fn is_due(self, today: NaiveDate) -> bool {
        self.day().is_some_and(|day| day <= today)
    }

    /// The first day on which it may be destroyed.
    pub const fn day(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(day),
            Self::Never(_) => None,
        }
    }
}

/// The birth date of somebody of whom several are stated: the latest, so that nothing is destroyed too early. None if none is.
pub fn birth(stated: &[NaiveDate]) -> Option<NaiveDate> {
    stated.iter().max().copied()
}

/// A record about people is due with the one of them who was born last, and never while somebody's birth date is unknown.
pub fn of_people(births: &[Option<NaiveDate>]) -> Due {
    let known: Option<Vec<NaiveDate>> = births.iter().copied().collect();
    let Some(latest) = known.as_deref().and_then(birth) else { return Due::Never(NotDue::BirthUnknown) };
    after(latest, OF_A_PERSON)
}

/// A record that is kept for the agency's period after the last that happened with it.
pub fn after_last(last: NaiveDate, period: Option<NonZeroU32>) -> Due {
    let Some(years) = period else { return Due::Never(NotDue::NoPeriod) };
    after(last, years.get())
}

/// The same day so many years later. A 29 February in a year without one is the day after 28 February: a day late rather than
/// early.
fn after(day: NaiveDate, years: u32) -> Due {
    let Some(year) = i32::try_from(years).ok().and_then(|years| day.year().checked_add(years)) else {
        return Due::Never(NotDue::TooFar);
    };
    let on = day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1));
    on.map_or(Due::Never(NotDue::TooFar), Due::On)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn person(born: &str) -> Due {
        of_people(&[Some(day(born))])
    }

    #[test]
    fn a_person_is_due_a_hundred_years_after_birth() {
        assert_eq!(person("1926-11-23"), Due::On(day("2026-11-23")));
        assert!(person("1926-11-23").is_due(day("2026-11-23")), "on the day itself");
        assert!(!person("1926-11-24").is_due(day("2026-11-23")));
    }

    #[test]
    fn a_29_february_without_one_is_the_1_march() {
        assert_eq!(person("2000-02-29"), Due::On(day("2100-03-01")), "2100 is no leap year");
        assert_eq!(person("1904-02-29"), Due::On(day("2004-02-29")));
        assert_eq!(after_last(day("2024-02-29"), NonZeroU32::new(7)), Due::On(day("2031-03-01")));
    }

    #[test]
    fn of_several_people_the_latest_counts_and_one_who_is_unknown_keeps_it() {
        assert_eq!(of_people(&[Some(day("1920-01-01")), Some(day("1950-01-01"))]), Due::On(day("2050-01-01")));
        assert_eq!(of_people(&[Some(day("1920-01-01")), None]), Due::Never(NotDue::BirthUnknown));
        assert_eq!(of_people(&[]), Due::Never(NotDue::BirthUnknown), "nobody is nobody whose birth date is known");
        assert_eq!(birth(&[day("1920-01-01"), day("1921-01-01")]), Some(day("1921-01-01")));
        assert_eq!(birth(&[]), None);
    }

    #[test]
    fn without_a_period_nothing_is_due() {
        assert_eq!(after_last(day("1950-01-01"), None), Due::Never(NotDue::NoPeriod));
        assert_eq!(after_last(day("2019-05-06"), NonZeroU32::new(7)), Due::On(day("2026-05-06")));
    }

    #[test]
    fn a_day_beyond_the_calendar_never_comes() {
        assert_eq!(after_last(day("2026-01-01"), NonZeroU32::new(u32::MAX)), Due::Never(NotDue::TooFar));
        assert_eq!(after_last(day("2026-01-01"), NonZeroU32::new(400_000)), Due::Never(NotDue::TooFar));
    }

    prop_compose! {
        fn any_day()(days in 0_u64..80_000) -> NaiveDate {
            NaiveDate::from_ymd_opt(1890, 1, 1).unwrap() + chrono::Days::new(days)
        }
    }

    proptest! {
        #[test]
        fn nobody_is_due_before_they_would_be_a_hundred(born in any_day()) {
            let due = of_people(&[Some(born)]).day().unwrap();
            prop_assert_eq!(due.year() - born.year(), 100);
            prop_assert!((due.month(), due.day()) >= (born.month(), born.day()));
            prop_assert!(due.signed_duration_since(born).num_days() >= 36_524);
        }

        #[test]
        fn one_person_more_never_makes_a_record_due_earlier(
            births in prop::collection::vec(prop::option::of(any_day()), 1..6),
            another in prop::option::of(any_day()),
            today in any_day(),
        ) {
            let before = of_people(&births).is_due(today);
            let with = [births, vec![another]].concat();
            prop_assert!(before || !of_people(&with).is_due(today));
        }

        #[test]
        fn what_is_due_stays_due(born in any_day(), today in any_day(), more in 0_u64..50_000) {
            let due = of_people(&[Some(born)]);
            prop_assert!(!due.is_due(today) || due.is_due(today + chrono::Days::new(more)));
        }

        #[test]
        fn a_corrected_birth_date_counts_and_nothing_of_the_wrong_one(wrong in any_day(), right in any_day(), today in any_day()) {
            let corrected = of_people(&[birth(&[right])]);
            prop_assert_eq!(corrected.is_due(today), of_people(&[Some(right)]).is_due(today));
            // While both stand, the later one counts.
            let both = of_people(&[birth(&[wrong, right])]);
            prop_assert_eq!(both, of_people(&[Some(wrong.max(right))]));
        }
    }
}
