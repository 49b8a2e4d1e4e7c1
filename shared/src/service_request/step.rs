//! The five steps that are shown to whoever sent a request, each with its time and its deadline, so that nobody has to wonder
//! whether it arrived, and no request lies forgotten between two of them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::clock::Moment;
use super::holiday::HolidayTable;
use super::request::ServiceRequest;
use super::state::{Happening, State};
use super::target::{Count, Target, due_on};

/// A step of a request, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    Received,
    Stored,
    Routed,
    /// Read by an officer of the office that has it.
    Opened,
    Answered,
}

/// Until when a step is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    At(DateTime<Utc>),
    /// The last day that is in time.
    On(NaiveDate),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: StepName,
    /// When it was done. A request that was sent on, or opened again, has steps before it again.
    pub at: Option<Moment>,
    /// None for what was never promised, or is no longer.
    pub deadline: Option<Deadline>,
}

/// What the agency promises for each step. A request is stored at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// From receipt until it is with an office.
    pub routed: TimeDelta,
    /// From then until an officer reads it.
    pub opened: Target,
    /// From receipt until the answer, not counting what stops the clock.
    pub answered: Target,
}

impl Default for Promise {
    fn default() -> Self {
        let opened = Target { days: 5, count: Count::Business };
        Self { routed: TimeDelta::minutes(15), opened, answered: Target::THIRTY_DAYS }
    }
}

impl StepName {
    pub const ALL: [Self; 5] = [Self::Received, Self::Stored, Self::Routed, Self::Opened, Self::Answered];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Stored => "stored",
            Self::Routed => "routed",
            Self::Opened => "opened",
            Self::Answered => "answered",
        }
    }
}

impl Deadline {
    pub fn has_passed(self, now: Moment) -> bool {
        match self {
            Self::At(at) => at < now.at,
            Self::On(day) => day < now.day,
        }
    }
}

impl Step {
    /// Whether it is still to be done, and too late.
    pub fn is_stray(&self, now: Moment) -> bool {
        self.at.is_none() && self.deadline.is_some_and(|deadline| deadline.has_passed(now))
    }
}

impl ServiceRequest {
    /// The steps as they are on a day, in their order.
    pub fn steps(&self, promise: &Promise, holidays: &HolidayTable, today: NaiveDate) -> [Step; 5] {
        StepName::ALL.map(|name| {
            let at = self.done_at(name);
            let is_promised = at.is_some() || self.state().is_open();
            let deadline = is_promised.then(|| self.deadline(name, promise, holidays, today)).flatten();
            Step { name, at, deadline }
        })
    }

    /// The steps whose deadline has passed, and that nobody has done: somebody has to look for this request.
    pub fn strays(&self, promise: &Promise, holidays: &HolidayTable, now: Moment) -> Vec<StepName> {
        let steps = self.steps(promise, holidays, now.day);
        steps.into_iter().filter(|step| step.is_stray(now)).map(|step| step.name).collect()
    }

    fn done_at(&self, name: StepName) -> Option<Moment> {
        let events = || self.events().iter().rev();
        let last = |is_it: fn(&Happening) -> bool| events().find(|event| is_it(&event.happening)).map(|event| event.at);
        match name {
            StepName::Received => Some(self.received_at()),
            StepName::Stored => last(|happening| matches!(happening, Happening::Stored)),
            StepName::Routed => last(is_routing),
            // What another office has read does not count for this one.
            StepName::Opened => {
                let mut here = events().take_while(|event| !is_routing(&event.happening));
                here.find(|event| matches!(event.happening, Happening::Opened { .. })).map(|event| event.at)
            }
            StepName::Answered if matches!(self.state(), State::Answered(_)) => {
                last(|happening| matches!(happening, Happening::Answered))
            }
            StepName::Answered => None,
        }
    }

    fn deadline(&self, name: StepName, promise: &Promise, holidays: &HolidayTable, today: NaiveDate) -> Option<Deadline> {
        let received = self.received_at();
        match name {
            StepName::Received => None,
            StepName::Stored => Some(Deadline::At(received.at)),
            // That it would be sent on was not promised.
            StepName::Routed if self.events().iter().any(|event| matches!(event.happening, Happening::Redirected { .. })) => None,
            StepName::Routed => received.at.checked_add_signed(promise.routed).map(Deadline::At),
            StepName::Opened => {
                let routed = self.done_at(StepName::Routed).unwrap_or(received);
                Some(Deadline::On(due_on(routed.day, promise.opened, holidays)))
            }
            StepName::Answered => Some(Deadline::On(self.clock(promise.answered).read(today, holidays).due.day())),
        }
    }
}

const fn is_routing(happening: &Happening) -> bool {
    matches!(happening, Happening::Routed { .. } | Happening::Redirected { .. })
}
