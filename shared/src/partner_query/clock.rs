//! By when an answer is due, and whether it is late.
//!
//! Agreements state hours by priority, for each direction and step. No public source gives one that is in force, so all of them are the
//! agency's to set; where an agreement says nothing, nothing is due. An agency that counts days takes as many as the hours begin.

use chrono::{NaiveDate, TimeDelta};

use crate::agreement::{Agreement, Priority, Slot};
use crate::service_request::{Count, Deadline, HolidayTable, Moment, Target, due_on};

/// How the hours of an agreement are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Each, at night and on Sundays too.
    Hours,
    /// In days of the agency, of which the one on which the request came does not count.
    Days(Count),
}

/// Is an answer late?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    OnTime,
    /// A quarter of the time is left, or less.
    AtRisk,
    Overdue,
}

/// The clock of one answer: ours to a partner, or a partner's to us. It never stands still; the other side waits whatever we wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerClock {
    asked: Moment,
    counting: Counting,
    due: Deadline,
}

/// Within how many hours an agreement has an answer be given; none if it does not say, or has no such capability on the day.
pub fn hours(agreement: &Agreement, slot: Slot, priority: Priority, on: NaiveDate) -> Option<u32> {
    let mut there = agreement.capabilities.iter().filter(|capability| capability.slot() == slot && capability.is_at(on));
    // Of two for the same time nobody knows which holds. The check of an agreement finds them.
    let (Some(capability), None) = (there.next(), there.next()) else { return None };
    capability.hours.of(priority)
}

impl AnswerClock {
    /// Starts when a request came in, or when a query of ours left.
    pub fn start(asked: Moment, hours: u32, counting: Counting, holidays: &HolidayTable) -> Self {
        let due = match counting {
            Counting::Hours => {
                let after = asked.at.checked_add_signed(TimeDelta::hours(hours.into()));
                Deadline::At(after.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC))
            }
            Counting::Days(count) => {
                let days = u16::try_from(hours.div_ceil(24)).unwrap_or(u16::MAX);
                Deadline::On(due_on(asked.day, Target { days, count }, holidays))
            }
        };
        Self { asked, counting, due }
    }

    pub const fn due(&self) -> Deadline {
        self.due
    }

    /// How it stands now; of an answer that was given, when it was given.
    pub fn standing(&self, now: Moment, holidays: &HolidayTable) -> Standing {
        match self.due {
            Deadline::At(due) if now.at > due => Standing::Overdue,
            Deadline::On(due) if now.day > due => Standing::Overdue,
            Deadline::At(due) if (due - now.at) * 4 <= due - self.asked.at => Standing::AtRisk,
            Deadline::On(due) if self.days(now.day, due, holidays) * 4 <= self.days(self.asked.day, due, holidays) => {
                Standing::AtRisk
            }
            Deadline::At(_) | Deadline::On(_) => Standing::OnTime,
        }
    }

    fn days(&self, after: NaiveDate, until: NaiveDate, holidays: &HolidayTable) -> u64 {
        let count = match self.counting {
            Counting::Hours => Count::Calendar,
            Counting::Days(count) => count,
        };
        count.between(after, until, holidays).into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::agreement::{Direction, Modality, Partner, Step, from_file, starter};

    fn moment(text: &str) -> Moment {
        let at: chrono::DateTime<chrono::Utc> = text.parse().unwrap();
        Moment { at, day: at.date_naive() }
    }

    const BUSINESS: Counting = Counting::Days(Count::Business);

    #[test]
    fn hours_are_those_of_the_agreement_for_the_step_and_the_priority() {
        let agreement = from_file(starter(Partner::Canada).as_bytes()).unwrap();
        let third = Slot { direction: Direction::In, step: Step::Third, modality: Modality::Biometric };
        let of = |slot, priority, on: &str| hours(&agreement, slot, priority, on.parse().unwrap());
        assert_eq!(Priority::ALL.map(|priority| of(third, priority, "2026-01-15")), [Some(72), Some(240), Some(720)]);
        assert_eq!(of(third, Priority::High, "1999-01-01"), None, "there was no such capability");
        assert_eq!(of(Slot { direction: Direction::Out, ..third }, Priority::High, "2026-01-15"), None, "it says nothing");
        let mut twice = agreement.clone();
        twice.capabilities.extend(agreement.capabilities.clone());
        assert_eq!(hours(&twice, third, Priority::High, "2026-01-15".parse().unwrap()), None, "nobody knows which holds");
    }

    #[test]
    fn hours_run_through_the_weekend_and_days_of_the_agency_do_not() {
        let holidays = HolidayTable::default();
        // A Friday, before Martin Luther King's day.
        let asked = moment("2026-01-16T15:00:00Z");
        for (hours, counting, due) in [
            (72, Counting::Hours, Deadline::At("2026-01-19T15:00:00Z".parse().unwrap())),
            (72, Counting::Days(Count::Calendar), Deadline::On("2026-01-19".parse().unwrap())),
            (72, BUSINESS, Deadline::On("2026-01-22".parse().unwrap())),
            (73, BUSINESS, Deadline::On("2026-01-23".parse().unwrap())),
            (1, BUSINESS, Deadline::On("2026-01-20".parse().unwrap())),
            (0, BUSINESS, Deadline::On("2026-01-16".parse().unwrap())),
        ] {
            assert_eq!(AnswerClock::start(asked, hours, counting, &holidays).due(), due, "{hours} {counting:?}");
        }
    }

    #[test]
    fn the_last_quarter_is_a_risk_and_what_follows_is_late() {
        let holidays = HolidayTable::default();
        let asked = moment("2026-01-16T15:00:00Z");
        let standing = |counting, now: &str| AnswerClock::start(asked, 96, counting, &holidays).standing(moment(now), &holidays);
        for (counting, now, expected) in [
            (Counting::Hours, "2026-01-16T15:00:00Z", Standing::OnTime),
            (Counting::Hours, "2026-01-19T14:59:59Z", Standing::OnTime),
            (Counting::Hours, "2026-01-19T15:00:00Z", Standing::AtRisk),
            (Counting::Hours, "2026-01-20T15:00:00Z", Standing::AtRisk),
            (Counting::Hours, "2026-01-20T15:00:01Z", Standing::Overdue),
            // Due on Friday the 23rd, after Tuesday, Wednesday and Thursday.
            (BUSINESS, "2026-01-21T23:00:00Z", Standing::OnTime),
            (BUSINESS, "2026-01-22T01:00:00Z", Standing::AtRisk),
            (BUSINESS, "2026-01-23T23:00:00Z", Standing::AtRisk),
            (BUSINESS, "2026-01-24T01:00:00Z", Standing::Overdue),
        ] {
            assert_eq!(standing(counting, now), expected, "{counting:?} {now}");
        }
    }

    proptest! {
        #[test]
        fn an_answer_only_ever_gets_later(
            asked in 0_i64..2_000_000_000, hours in any::<u32>(), counted in 0_usize..3, first in 0_i64..20_000_000, then in 0_i64..20_000_000,
        ) {
            let counting = [Counting::Hours, Counting::Days(Count::Calendar), BUSINESS][counted];
            let hours = if counted == 0 { hours } else { hours % 10_000 };
            let at = |seconds: i64| {
                let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
                Moment { at, day: at.date_naive() }
            };
            let holidays = HolidayTable::default();
            let clock = AnswerClock::start(at(asked), hours, counting, &holidays);
            let early = clock.standing(at(asked + first), &holidays);
            prop_assert!(early <= clock.standing(at(asked + first + then), &holidays));
            prop_assert!(clock.standing(at(asked), &holidays) != Standing::Overdue);
        }
    }
}
