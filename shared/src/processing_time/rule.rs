//! From a receipt date and a published time to the day from which a person may ask.

use chrono::{Months, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::bound::Bound;
use super::posted::Posted;

/// Raised whenever [`verdict`] may answer differently, so that an old answer can be explained.
pub const RULE_VERSION: u16 = 1;

/// A case without a published time may be asked about once it has been pending for longer than this.
pub const PENDING_WITHOUT_POSTING: Months = Months::new(6);

/// Whether a case is outside the normal processing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    Inside {
        /// The first day on which one may ask, if the next editions say the same; none if it lies beyond the calendar.
        ask_from: Option<NaiveDate>,
    },
    Outside {
        /// The first day on which one could have asked.
        since: NaiveDate,
    },
}

/// How a verdict was reached: all that a page needs to show it, and to reach it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// The day on which the agency received the case.
    pub received: NaiveDate,
    #[serde(flatten)]
    pub basis: Basis,
    pub rule_version: u16,
}

/// What the day is counted from. The first that an edition has counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum Basis {
    /// Cases received before a day may be asked about.
    InquiryDate { inquiry_date: NaiveDate, published: NaiveDate },
    /// Most cases are decided within a time.
    UpperBound { bound: Bound, published: NaiveDate },
    /// Nothing is published: [`PENDING_WITHOUT_POSTING`].
    SixMonths,
}

/// Whether a case that was received on a day is outside the processing time that an edition posts for it; none is posted for
/// a form that is not on the list.
pub fn verdict(received: NaiveDate, posted: Option<&Posted>, today: NaiveDate) -> Verdict {
    Working::of(received, posted).verdict(today)
}

impl Working {
    pub fn of(received: NaiveDate, posted: Option<&Posted>) -> Self {
        Self { received, basis: Basis::of(posted), rule_version: RULE_VERSION }
    }

    pub fn verdict(&self, today: NaiveDate) -> Verdict {
        match self.ask_from() {
            Some(since) if since <= today => Verdict::Outside { since },
            // The edition says so itself, and is read before the day that it is dated.
            _ if self.is_before_inquiry_date() => Verdict::Outside { since: today },
            ask_from => Verdict::Inside { ask_from },
        }
    }

    /// The day after the last one inside; none if the calendar ends before.
    pub fn ask_from(&self) -> Option<NaiveDate> {
        self.last_day_inside()?.succ_opt()
    }

    /// A case received on the inquiry date is inside for the last time on the day of publication, and the inquiry date moves
    /// on by a day each day: so each case has as long as lies between the two. An inquiry date after the publication gives no
    /// time at all.
    fn last_day_inside(&self) -> Option<NaiveDate> {
        match self.basis {
            Basis::InquiryDate { inquiry_date, published } => {
                let span = published.signed_duration_since(inquiry_date).max(TimeDelta::zero());
                self.received.checked_add_signed(span)
            }
            Basis::UpperBound { bound, .. } => bound.after(self.received),
            Basis::SixMonths => self.received.checked_add_months(PENDING_WITHOUT_POSTING),
        }
    }

    fn is_before_inquiry_date(&self) -> bool {
        matches!(self.basis, Basis::InquiryDate { inquiry_date, .. } if self.received < inquiry_date)
    }
}

impl Basis {
    fn of(posted: Option<&Posted>) -> Self {
        match posted {
            Some(&Posted { published, inquiry_date: Some(inquiry_date), .. }) => Self::InquiryDate { inquiry_date, published },
            Some(&Posted { published, upper: Some(bound), .. }) => Self::UpperBound { bound, published },
            _ => Self::SixMonths,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bound::Unit;
    use super::*;
    use chrono::{Datelike, Days};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn bound(amount: &str, unit: Unit) -> Bound {
        Bound::parse(amount, unit).unwrap()
    }

    fn by_inquiry_date(published: &str, inquiry_date: &str) -> Posted {
        let upper = Some(bound("23.5", Unit::Months));
        Posted { published: day(published), upper, lower: None, inquiry_date: Some(day(inquiry_date)) }
    }

    fn by_upper_bound(amount: &str, unit: Unit) -> Posted {
        Posted { published: day("2026-08-17"), upper: Some(bound(amount, unit)), lower: None, inquiry_date: None }
    }

    fn inside(ask_from: &str) -> Verdict {
        Verdict::Inside { ask_from: Some(day(ask_from)) }
    }

    fn outside(since: &str) -> Verdict {
        Verdict::Outside { since: day(since) }
    }

    #[test]
    fn a_case_is_outside_if_it_was_received_before_the_inquiry_date() {
        let posted = by_inquiry_date("2026-08-17", "2024-09-07");
        for (received, today, says) in [
            ("2024-09-06", "2026-08-17", outside("2026-08-17")),
            ("2024-09-07", "2026-08-17", inside("2026-08-18")),
            ("2024-09-08", "2026-08-17", inside("2026-08-19")),
            ("2023-09-06", "2026-08-17", outside("2025-08-16")),
            // The window moves on a day each day.
            ("2024-09-07", "2026-08-18", outside("2026-08-18")),
            ("2024-09-08", "2026-08-18", inside("2026-08-19")),
            ("2024-09-08", "2026-09-01", outside("2026-08-19")),
            ("2026-08-17", "2026-08-17", inside("2028-07-27")),
        ] {
            assert_eq!(verdict(day(received), Some(&posted), day(today)), says, "{received} on {today}");
        }
    }

    #[test]
    fn what_an_edition_says_holds_even_before_the_day_it_is_dated() {
        let posted = by_inquiry_date("2026-08-17", "2024-09-07");
        assert_eq!(verdict(day("2024-09-06"), Some(&posted), day("2026-08-16")), outside("2026-08-16"));
        assert_eq!(verdict(day("2024-09-07"), Some(&posted), day("2026-08-16")), inside("2026-08-18"));
    }

    #[test]
    fn an_inquiry_date_that_is_not_in_the_past_gives_no_time() {
        for inquiry_date in ["2026-08-17", "2026-12-31"] {
            let posted = by_inquiry_date("2026-08-17", inquiry_date);
            assert_eq!(verdict(day("2026-08-16"), Some(&posted), day("2026-08-17")), outside("2026-08-17"), "{inquiry_date}");
            assert_eq!(verdict(day("2026-12-31"), Some(&posted), day("2026-12-31")), inside("2027-01-01"), "{inquiry_date}");
        }
    }

    #[test]
    fn without_an_inquiry_date_the_upper_bound_has_to_be_over() {
        use Unit::{Days, Months, Weeks};
        for (received, amount, unit, ask_from) in [
            ("2025-01-31", "1", Months, "2025-03-01"),
            ("2024-01-31", "1", Months, "2024-03-01"),
            ("2025-08-31", "6", Months, "2026-03-01"),
            ("2024-02-29", "12", Months, "2025-03-01"),
            ("2024-02-29", "48", Months, "2028-03-01"),
            ("2025-06-05", "7.5", Months, "2026-01-21"),
            ("2025-12-31", "0.5", Months, "2026-01-16"),
            ("2025-03-03", "2", Weeks, "2025-03-18"),
            ("2025-03-03", "2.5", Weeks, "2025-03-22"),
            ("2024-02-27", "2", Days, "2024-03-01"),
            ("2025-03-03", "0.5", Days, "2025-03-05"),
        ] {
            let posted = by_upper_bound(amount, unit);
            let (received, first) = (day(received), day(ask_from));
            let the_day_before = first.pred_opt().unwrap();
            assert_eq!(verdict(received, Some(&posted), the_day_before), inside(ask_from), "{received} + {amount} {unit:?}");
            assert_eq!(verdict(received, Some(&posted), first), outside(ask_from), "{received} + {amount} {unit:?}");
        }
    }

    #[test]
    fn a_form_that_is_not_listed_waits_more_than_six_months() {
        let nothing = Posted { published: day("2026-08-17"), upper: None, lower: None, inquiry_date: None };
        let only_lower = Posted { lower: Some(bound("1", Unit::Days)), ..nothing };
        for posted in [None, Some(&nothing), Some(&only_lower)] {
            for (received, today, says) in [
                ("2026-01-15", "2026-07-15", inside("2026-07-16")),
                ("2026-01-15", "2026-07-16", outside("2026-07-16")),
                ("2026-03-31", "2026-09-30", inside("2026-10-01")),
                ("2025-08-31", "2026-03-01", outside("2026-03-01")),
                ("2026-01-15", "2026-01-01", inside("2026-07-16")),
            ] {
                assert_eq!(verdict(day(received), posted, day(today)), says, "{received} on {today}, {posted:?}");
            }
        }
    }

    #[test]
    fn a_day_beyond_the_calendar_is_never_reached() {
        let never = Verdict::Inside { ask_from: None };
        let posted = by_inquiry_date("2026-08-17", "2024-09-07");
        for posted in [None, Some(&posted), Some(&by_upper_bound("99999", Unit::Months))] {
            assert_eq!(verdict(NaiveDate::MAX, posted, NaiveDate::MAX), never, "{posted:?}");
        }
        let longest = Posted { published: NaiveDate::MAX, inquiry_date: Some(NaiveDate::MIN), ..posted };
        assert_eq!(verdict(day("2026-01-15"), Some(&longest), NaiveDate::MAX), never);
        assert_eq!(verdict(NaiveDate::MIN, Some(&longest), NaiveDate::MAX), never, "its last day is the calendar's");
        assert_eq!(verdict(day("9999-12-31"), None, day("2026-01-15")), inside("+10000-07-01"));
    }

    #[test]
    fn the_working_names_what_the_day_was_counted_from() {
        let received = day("2025-01-31");
        let posted = by_inquiry_date("2026-08-17", "2024-09-07");
        let Posted { published, upper, .. } = posted;
        let working = |posted| Working::of(received, posted);
        assert_eq!(working(Some(&posted)).basis, Basis::InquiryDate { inquiry_date: day("2024-09-07"), published });
        let posted = Posted { inquiry_date: None, ..posted };
        assert_eq!(working(Some(&posted)).basis, Basis::UpperBound { bound: upper.unwrap(), published });
        assert_eq!(working(None), Working { received, basis: Basis::SixMonths, rule_version: RULE_VERSION });
    }

    #[test]
    fn a_working_is_kept_as_json_and_read_back() {
        let working = Working::of(day("2025-01-31"), Some(&by_upper_bound("7.5", Unit::Months)));
        let json = serde_json::to_string(&working).unwrap();
        assert_eq!(
            json,
            r#"{"received":"2025-01-31","basis":"upper_bound","bound":"7.5 Months","published":"2026-08-17","rule_version":1}"#
        );
        assert_eq!(serde_json::from_str::<Working>(&json).unwrap(), working);
        for working in [
            Working::of(day("2025-01-31"), None),
            Working::of(day("2025-01-31"), Some(&by_inquiry_date("2026-08-17", "2024-09-07"))),
        ] {
            assert_eq!(serde_json::from_str::<Working>(&serde_json::to_string(&working).unwrap()).unwrap(), working);
        }
        let says = working.verdict(day("2025-09-15"));
        assert_eq!(serde_json::to_string(&says).unwrap(), r#"{"verdict":"inside","ask_from":"2025-09-16"}"#);
        assert_eq!(
            serde_json::from_str::<Verdict>(r#"{"verdict":"outside","since":"2025-09-16"}"#).unwrap(),
            outside("2025-09-16")
        );
    }

    /// Days of these years, where most things happen, and of the whole calendar.
    fn any_day() -> impl Strategy<Value = NaiveDate> {
        let days = |first: NaiveDate, last: NaiveDate| {
            (first.num_days_from_ce()..=last.num_days_from_ce()).prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n).unwrap())
        };
        prop_oneof![4 => days(day("2022-01-01"), day("2030-12-31")), 1 => days(NaiveDate::MIN, NaiveDate::MAX)]
    }

    fn any_bound() -> impl Strategy<Value = Bound> {
        let halves = prop_oneof![4 => 1u32..100, 1 => 1u32..=199_998];
        (halves, prop::sample::select(&Unit::ALL)).prop_map(|(halves, unit)| Bound::of_halves(halves, unit).unwrap())
    }

    fn any_posted() -> impl Strategy<Value = Option<Posted>> {
        let posted = (any_day(), prop::option::of(any_bound()), prop::option::of(any_day()));
        let posted = posted.prop_map(|(published, upper, inquiry_date)| Posted { published, upper, lower: None, inquiry_date });
        prop::option::weighted(0.8, posted)
    }

    /// The day that a verdict names; none comes after all others.
    fn named(verdict: Verdict) -> NaiveDate {
        match verdict {
            Verdict::Inside { ask_from } => ask_from.unwrap_or(NaiveDate::MAX),
            Verdict::Outside { since } => since,
        }
    }

    proptest! {
        #[test]
        fn whoever_was_received_later_may_not_ask_earlier(
            one in any_day(), other in any_day(), posted in any_posted(), today in any_day(),
        ) {
            let (earlier, later) = (one.min(other), one.max(other));
            let says = |received| verdict(received, posted.as_ref(), today);
            prop_assert!(named(says(earlier)) <= named(says(later)));
        }

        #[test]
        fn a_case_is_inside_until_the_day_that_is_named(received in any_day(), posted in any_posted(), today in any_day()) {
            match verdict(received, posted.as_ref(), today) {
                Verdict::Inside { ask_from: Some(ask_from) } => {
                    prop_assert!(today < ask_from);
                    prop_assert!(received < ask_from);
                    let since = ask_from;
                    prop_assert_eq!(verdict(received, posted.as_ref(), ask_from), Verdict::Outside { since });
                }
                Verdict::Inside { ask_from: None } => {
                    let says = verdict(received, posted.as_ref(), NaiveDate::MAX);
                    prop_assert_eq!(says, Verdict::Inside { ask_from: None });
                }
                Verdict::Outside { since } => prop_assert!(since <= today),
            }
        }

        #[test]
        fn on_the_day_of_publication_the_inquiry_date_alone_decides(
            received in any_day(), published in any_day(), waited in 0u64..3000,
        ) {
            let inquiry_date = published.checked_sub_days(Days::new(waited));
            let posted = Posted { published, upper: None, lower: None, inquiry_date };
            let is_outside = matches!(verdict(received, Some(&posted), published), Verdict::Outside { .. });
            if let Some(inquiry_date) = inquiry_date {
                prop_assert_eq!(is_outside, received < inquiry_date);
            }
        }

        #[test]
        fn who_is_outside_stays_outside(
            received in any_day(), posted in any_posted(), one in any_day(), other in any_day(),
        ) {
            let is_outside = |today| matches!(verdict(received, posted.as_ref(), today), Verdict::Outside { .. });
            prop_assert!(!is_outside(one.min(other)) || is_outside(one.max(other)));
        }
    }
}
