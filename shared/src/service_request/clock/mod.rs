//! The one clock of a request: how many days the agency has used, how many are left, and how that was reckoned.
//!
//! Officers' lists, the person's page, letters and reports all read this clock. Its rules:
//!
//! * it starts on the day of receipt, which does not count itself, and runs until there is an answer;
//! * the end of a day decides: a day is used if the clock is running when it ends. A pause from one day to the next costs one
//!   day, a pause within a day none. Of today, what is true now decides, so that on the due day no day is left, and on the day
//!   after it there is one too many;
//! * while it is paused, or waits for the person, or stands still because there is an answer, no day is used;
//! * a request that is made again has a new clock.

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::holiday::{Closed, Holiday, HolidayTable};
use super::target::{Count, Target, due_on};

/// An instant, and the day that it belongs to in the agency's time zone. Instants tell what came first, days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    pub at: DateTime<Utc>,
    pub day: NaiveDate,
}

/// What the clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    Running,
    Paused(PauseReason),
    /// The person was asked something.
    WaitingForPerson,
    /// Nothing is owed any more.
    Stopped,
}

/// Why the agency cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The paper file is on its way.
    FileRequested,
    /// Another office or agency has to act first.
    OtherOffice,
    SystemOutage,
}

impl PauseReason {
    pub const ALL: [Self; 3] = [Self::FileRequested, Self::OtherOffice, Self::SystemOutage];

    pub const fn key(self) -> &'static str {
        match self {
            Self::FileRequested => "file_requested",
            Self::OtherOffice => "other_office",
            Self::SystemOutage => "system_outage",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

/// From a moment on the clock does something else, or the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    pub from: Moment,
    pub to: Run,
}

/// A stretch in which the clock does one thing. Of no days if it began and ended within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub run: Run,
    /// The first day that ends in this stretch, unless that is the day of `until`.
    pub from: NaiveDate,
    /// The day on which something else began.
    pub until: Option<NaiveDate>,
}

impl Segment {
    /// What of it there is on a day.
    fn by(self, today: NaiveDate) -> Option<Self> {
        (self.from <= today).then_some(Self { until: self.until.filter(|until| *until <= today), ..self })
    }
}

/// The clock of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    started: NaiveDate,
    target: Target,
    /// In the order of time.
    transitions: Vec<Transition>,
}

/// What the clock shows on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub run: Run,
    /// Days of the target's kind.
    pub used: u32,
    pub balance: Balance,
    pub due: Due,
    /// How the figures were reckoned, line by line.
    pub arithmetic: Vec<Line>,
}

/// How many days of the target's kind there are until the due day, or since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Balance {
    /// None on the due day itself.
    Left(u32),
    /// The due day has passed. None on a weekend right after it, if only business days count.
    Over(u32),
}

/// The day by which an answer is meant, moved by what stopped the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    On(NaiveDate),
    /// The clock stands: this is the day if it runs again today.
    NotBefore(NaiveDate),
}

impl Due {
    pub const fn day(self) -> NaiveDate {
        match self {
            Self::On(day) | Self::NotBefore(day) => day,
        }
    }
}

/// One line of the arithmetic: what pages and letters put into words.
///
/// Passed less the days that did not count is used; used and left together are the target, or used is the target and what is
/// over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    Started {
        on: NaiveDate,
    },
    /// When an answer was due if the clock never stood still.
    Target {
        target: Target,
        due: NaiveDate,
    },
    /// A weekday until the due day on which the agency is closed, where business days count. Without a holiday it is a day of
    /// the operator's.
    ClosedOn {
        day: NaiveDate,
        holiday: Option<Holiday>,
    },
    /// Days since the start.
    Passed {
        until: NaiveDate,
        days: u32,
    },
    /// A stretch in which the clock did not run, and how many of its days would have counted. It lasts, or ended on a day.
    NotCounted {
        run: Run,
        from: NaiveDate,
        until: Option<NaiveDate>,
        days: u32,
    },
    /// There is nothing to wait for since a day; what follows is of that day.
    Stopped {
        on: NaiveDate,
    },
    Used {
        days: u32,
    },
    Balance {
        balance: Balance,
        due: Due,
    },
}

impl Clock {
    /// Transitions may come in any order; of two at the same instant the one that comes later holds.
    pub fn new(started: NaiveDate, target: Target, transitions: impl IntoIterator<Item = Transition>) -> Self {
        let mut transitions: Vec<_> = transitions.into_iter().collect();
        transitions.sort_by_key(|transition| transition.from.at);
        Self { started, target, transitions }
    }

    /// The same clock with one transition more.
    #[must_use]
    pub fn with(mut self, transition: Transition) -> Self {
        let at = self.transitions.partition_point(|known| known.from.at <= transition.from.at);
        self.transitions.insert(at, transition);
        self
    }

    pub const fn started(&self) -> NaiveDate {
        self.started
    }

    pub const fn target(&self) -> Target {
        self.target
    }

    /// What the clock did, stretch by stretch; the last one lasts.
    pub fn segments(&self) -> Vec<Segment> {
        let mut segments = vec![Segment { run: Run::Running, from: self.started, until: None }];
        for Transition { from, to } in &self.transitions {
            let Some(last) = segments.last_mut().filter(|last| last.run != *to) else { continue };
            let day = from.day.max(last.from);
            last.until = Some(day);
            segments.push(Segment { run: *to, from: day, until: None });
        }
        segments
    }

    /// What the clock shows on a day. Once it has stopped, it shows what it showed on the day of the stop.
    pub fn read(&self, today: NaiveDate, holidays: &HolidayTable) -> Reading {
        let segments: Vec<_> = self.segments().into_iter().filter_map(|segment| segment.by(today)).collect();
        let stopped = segments.last().filter(|segment| segment.run == Run::Stopped).map(|segment| segment.from);
        let run = segments.last().map_or(Run::Running, |segment| segment.run);
        Counted { clock: self, segments: until_stop(segments), as_of: stopped.unwrap_or(today), stopped, holidays }.reading(run)
    }
}

/// Without the stop at the end the clock stands as it stood before.
fn until_stop(mut segments: Vec<Segment>) -> Vec<Segment> {
    if segments.pop_if(|last| last.run == Run::Stopped).is_some()
        && let Some(last) = segments.last_mut()
    {
        last.until = None;
    }
    segments
}

/// A clock on the day for which it is read.
struct Counted<'a> {
    clock: &'a Clock,
    segments: Vec<Segment>,
    as_of: NaiveDate,
    stopped: Option<NaiveDate>,
    holidays: &'a HolidayTable,
}

impl Counted<'_> {
    fn reading(&self, run: Run) -> Reading {
        let (used, due) = (self.used(), self.due());
        let target = u32::from(self.clock.target.days);
        let balance = if self.as_of > due.day() {
            Balance::Over(used.saturating_sub(target))
        } else {
            Balance::Left(target.saturating_sub(used))
        };
        Reading { run, used, balance, due, arithmetic: self.arithmetic(used, balance, due) }
    }

    fn used(&self) -> u32 {
        self.segments.iter().filter(|segment| segment.run == Run::Running).map(|segment| self.days_of(segment)).sum()
    }

    /// The days of a stretch that count, from the day after the start until the day of the reading.
    fn days_of(&self, segment: &Segment) -> u32 {
        let before = segment.from.pred_opt().unwrap_or(segment.from).max(self.clock.started);
        let last = segment.until.and_then(|until| until.pred_opt()).unwrap_or(self.as_of).min(self.as_of);
        self.clock.target.count.between(before, last, self.holidays)
    }

    /// The day that uses the last day of the target.
    fn due(&self) -> Due {
        let Target { days, count } = self.clock.target;
        let Some(before_last) = usize::from(days).checked_sub(1) else { return Due::On(self.clock.started) };
        let mut used = self.clock.started.iter_days().skip(1).filter(|day| self.may_run(*day) && count.has(*day, self.holidays));
        let due = used.nth(before_last).unwrap_or(NaiveDate::MAX);
        let stands = self.segments.last().is_some_and(|last| last.run != Run::Running);
        if stands && self.stopped.is_none() && due >= self.as_of { Due::NotBefore(due) } else { Due::On(due) }
    }

    /// Whether the clock ran at the end of a day. From the day of the reading on it is taken to run.
    fn may_run(&self, day: NaiveDate) -> bool {
        let at_its_end = || self.segments.iter().rev().find(|segment| segment.from <= day);
        day >= self.as_of || at_its_end().is_none_or(|segment| segment.run == Run::Running)
    }

    fn arithmetic(&self, used: u32, balance: Balance, due: Due) -> Vec<Line> {
        let Clock { started, target, .. } = *self.clock;
        let mut lines = vec![Line::Started { on: started }];
        lines.push(Line::Target { target, due: due_on(started, target, self.holidays) });
        lines.extend(self.closed_days(due.day().max(self.as_of)));
        lines.extend(self.stopped.map(|on| Line::Stopped { on }));
        let passed = target.count.between(started, self.as_of, self.holidays);
        lines.push(Line::Passed { until: self.as_of, days: passed });
        lines.extend(self.segments.iter().filter(|segment| segment.run != Run::Running).map(|segment| Line::NotCounted {
            run: segment.run,
            from: segment.from,
            until: segment.until,
            days: self.days_of(segment),
        }));
        lines.extend([Line::Used { days: used }, Line::Balance { balance, due }]);
        lines
    }

    fn closed_days(&self, until: NaiveDate) -> Vec<Line> {
        let Count::Business = self.clock.target.count else { return Vec::new() };
        let days = self.clock.started.iter_days().skip(1).take_while(|day| *day <= until);
        let closed = days.filter_map(|day| match self.holidays.closed(day)? {
            Closed::Weekend => None,
            Closed::Holiday(holiday) => Some(Line::ClosedOn { day, holiday: Some(holiday) }),
            Closed::Agency => Some(Line::ClosedOn { day, holiday: None }),
        });
        closed.collect()
    }
}
