//! By when a request is answered and acknowledged, in working days of the agency. The day of receipt does not count.

use chrono::NaiveDate;

use super::RedressKind;
use crate::service_request::{Balance, Count, HolidayTable, Target, due_on};

/// 5 USC 552(a)(6)(A)(i): twenty days "excepting Saturdays, Sundays, and legal public holidays". The agency holds requests under
/// the Privacy Act to the same (6 CFR Part 5).
const ANSWER: u16 = 20;
/// 5 USC 552(a)(6)(B)(i): ten more, once.
const EXTENSION: u16 = 10;
/// 5 USC 552a(d)(2)(A): "not later than 10 days" after receipt of a request to amend.
const ACKNOWLEDGE: u16 = 10;

const fn working(days: u16) -> Target {
    Target { days, count: Count::Business }
}

/// The last day on which an answer is in time.
pub fn answer_by(received: NaiveDate, is_extended: bool, holidays: &HolidayTable) -> NaiveDate {
    due_on(received, working(if is_extended { ANSWER + EXTENSION } else { ANSWER }), holidays)
}

/// The last day on which the person has to be told that a request to amend is here; none for other requests.
pub fn acknowledge_by(kind: RedressKind, received: NaiveDate, holidays: &HolidayTable) -> Option<NaiveDate> {
    (kind == RedressKind::Amendment).then(|| due_on(received, working(ACKNOWLEDGE), holidays))
}

/// How many working days are left until a day, or have passed since.
pub fn balance(due: NaiveDate, today: NaiveDate, holidays: &HolidayTable) -> Balance {
    if today <= due {
        Balance::Left(Count::Business.between(today, due, holidays))
    } else {
        Balance::Over(Count::Business.between(due, today, holidays))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn twenty_working_days_leave_out_weekends_and_holidays() {
        let holidays = HolidayTable::default();
        // A Monday; Veterans Day and Thanksgiving lie between.
        assert_eq!(answer_by(day("2026-11-02"), false, &holidays), day("2026-12-02"));
        assert_eq!(answer_by(day("2026-11-02"), true, &holidays), day("2026-12-16"));
        // A Friday without a holiday after it for long.
        assert_eq!(answer_by(day("2026-03-06"), false, &holidays), day("2026-04-03"));
        let acknowledged = |kind| acknowledge_by(kind, day("2026-03-06"), &holidays);
        assert_eq!(acknowledged(RedressKind::Amendment), Some(day("2026-03-20")));
        assert_eq!(acknowledged(RedressKind::Access), None);
    }

    #[test]
    fn on_the_last_day_none_is_left_and_on_the_next_there_is_one_too_many() {
        let balance = |today| balance(day("2026-04-03"), day(today), &HolidayTable::default());
        assert_eq!(balance("2026-03-06"), Balance::Left(20));
        assert_eq!(balance("2026-04-03"), Balance::Left(0));
        assert_eq!(balance("2026-04-05"), Balance::Over(0), "a Sunday");
        assert_eq!(balance("2026-04-06"), Balance::Over(1));
    }

    proptest! {
        #[test]
        fn an_extension_is_ten_working_days(ordinal in 1u32..=365, year in 2000i32..2200) {
            let holidays = HolidayTable::default();
            let received = NaiveDate::from_yo_opt(year, ordinal).unwrap();
            let (usual, extended) = (answer_by(received, false, &holidays), answer_by(received, true, &holidays));
            prop_assert_eq!(Count::Business.between(usual, extended, &holidays), 10);
            prop_assert_eq!(Count::Business.between(received, usual, &holidays), 20);
            prop_assert!(holidays.is_business_day(usual) && holidays.is_business_day(extended));
        }
    }
}
