//! The lists of an office's requests, and in which of them a request stands.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::category::{RequestKind, Source};
use super::clock::Due;
use super::holiday::HolidayTable;
use super::request::ServiceRequest;
use super::state::{OfficerId, State};
use super::step::{Deadline, Promise, StepName};
use super::target::{Count, Target, due_on};
use crate::office::OfficeCode;

/// A list of an office's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Nobody has it yet.
    Unassigned,
    /// Whoever asks has it, waiting or not.
    Mine,
    /// An answer is owed within a few days.
    DueSoon,
    /// The day has passed.
    Overdue,
    /// Its clock stands: for the person, a file, another office.
    Waiting,
    /// Mail of its case came back, or went to another ZIP code.
    Mail,
    /// It came to the office, and nobody read it in time.
    Strays,
    /// Its answer is read a second time.
    Review,
    Closed,
}

impl Queue {
    pub const ALL: [Self; 9] = [
        Self::Unassigned,
        Self::Mine,
        Self::DueSoon,
        Self::Overdue,
        Self::Waiting,
        Self::Mail,
        Self::Strays,
        Self::Review,
        Self::Closed,
    ];

    /// The word in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unassigned => "unassigned",
            Self::Mine => "mine",
            Self::DueSoon => "due_soon",
            Self::Overdue => "overdue",
            Self::Waiting => "waiting",
            Self::Mail => "mail",
            Self::Strays => "strays",
            Self::Review => "review",
            Self::Closed => "closed",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.key() == key)
    }

    /// The orders that it can be shown in, the usual one first. Each is an index: a list never sorts a million requests.
    pub const fn orders(self) -> &'static [Order] {
        match self {
            Self::Unassigned | Self::Waiting | Self::Review => &[Order::Due, Order::Received],
            Self::Closed => &[Order::Received, Order::Due],
            Self::Mine | Self::DueSoon | Self::Overdue | Self::Mail => &[Order::Due],
            Self::Strays => &[Order::OpenBy],
        }
    }
}

/// By what a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    Due,
    Received,
    /// By the day until which it was to be read.
    OpenBy,
}

impl Order {
    pub const ALL: [Self; 3] = [Self::Due, Self::Received, Self::OpenBy];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Received => "received",
            Self::OpenBy => "open_by",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.key() == key)
    }
}

/// How many days before its day a request is due soon.
pub const SOON: Target = Target { days: 5, count: Count::Business };

/// The last day that is soon.
pub fn soon(today: NaiveDate, holidays: &HolidayTable) -> NaiveDate {
    due_on(today, SOON, holidays)
}

/// Where a request is, as an office sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// On its way to an office.
    Arriving,
    Unassigned,
    /// An officer has it.
    Working,
    Waiting,
    Review,
    Closed,
}

impl Place {
    pub const ALL: [Self; 6] = [Self::Arriving, Self::Unassigned, Self::Working, Self::Waiting, Self::Review, Self::Closed];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Unassigned => "unassigned",
            Self::Working => "working",
            Self::Waiting => "waiting",
            Self::Review => "review",
            Self::Closed => "closed",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.key() == key)
    }
}

/// What became of mail of a request's case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTrouble {
    /// The carrier could not deliver it.
    Returned,
    /// It was delivered to another ZIP code than it was sent to.
    Misdelivered,
}

impl MailTrouble {
    pub const ALL: [Self; 2] = [Self::Returned, Self::Misdelivered];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Misdelivered => "misdelivered",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.key() == key)
    }
}

/// Where a request stands among the lists. It follows from its events, but for the mail of its case and the second reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// None before it came to one.
    pub office: Option<OfficeCode>,
    pub place: Place,
    /// Who has it, or had it last.
    pub officer: Option<OfficerId>,
    pub due_on: NaiveDate,
    /// The day by which an answer is owed; none while the clock stands in time, or nothing is owed.
    pub owed_on: Option<NaiveDate>,
    /// The last day on which somebody of the office is to read it; none once somebody has.
    pub open_by: Option<NaiveDate>,
    pub mail: Option<MailTrouble>,
}

/// A figure that is kept for an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tally {
    Place(Place),
    Officer(OfficerId),
    Owed(NaiveDate),
    OpenBy(NaiveDate),
    Mail,
}

impl Tally {
    /// The words in the database: what is counted, and whose or which day's.
    pub fn keys(self) -> (&'static str, String) {
        match self {
            Self::Place(place) => (place.key(), String::new()),
            Self::Officer(officer) => ("officer", officer.to_string()),
            Self::Owed(day) => ("owed", day.to_string()),
            Self::OpenBy(day) => ("open_by", day.to_string()),
            Self::Mail => ("mail", String::new()),
        }
    }
}

impl Placement {
    /// Where a request stands on a day.
    pub fn of(request: &ServiceRequest, promise: &Promise, holidays: &HolidayTable, today: NaiveDate, beside: Beside) -> Self {
        let (state, due) = (request.state(), request.clock(promise.answered).read(today, holidays).due);
        let opened = request.steps(promise, holidays, today).into_iter().find(|step| step.name == StepName::Opened);
        let open_by = opened.filter(|step| step.at.is_none()).and_then(|step| match step.deadline? {
            Deadline::On(day) => Some(day),
            Deadline::At(_) => None,
        });
        let place = match state {
            State::Received | State::Stored => Place::Arriving,
            State::Routed(_) => Place::Unassigned,
            _ if !state.is_open() => Place::Closed,
            State::WaitingForPerson(_) | State::Paused(..) => Place::Waiting,
            _ if beside.is_in_review => Place::Review,
            _ => Place::Working,
        };
        let owed_on = match due {
            Due::On(day) if state.is_open() => Some(day),
            Due::On(_) | Due::NotBefore(_) => None,
        };
        Self {
            office: request.office().cloned(),
            place,
            officer: state.officer(),
            due_on: due.day(),
            owed_on,
            open_by: open_by.filter(|_| matches!(place, Place::Unassigned | Place::Working)),
            mail: beside.mail,
        }
    }

    /// The figures of its office that it counts in.
    pub fn tallies(&self) -> Vec<(&OfficeCode, Tally)> {
        let Some(office) = &self.office else { return Vec::new() };
        if self.place == Place::Arriving {
            return Vec::new();
        }
        let is_open = self.place != Place::Closed;
        let mut tallies = vec![Tally::Place(self.place)];
        tallies.extend(self.officer.filter(|_| is_open).map(Tally::Officer));
        tallies.extend(self.owed_on.map(Tally::Owed));
        tallies.extend(self.open_by.map(Tally::OpenBy));
        tallies.extend(self.mail.filter(|_| is_open).map(|_| Tally::Mail));
        tallies.into_iter().map(|tally| (office, tally)).collect()
    }

    /// Whether it stands in a list of its office on a day. What a database must agree with.
    pub fn is_in(&self, queue: Queue, officer: OfficerId, today: NaiveDate, soon: NaiveDate) -> bool {
        let is_open = !matches!(self.place, Place::Arriving | Place::Closed);
        self.office.is_some()
            && match queue {
                Queue::Unassigned => self.place == Place::Unassigned,
                Queue::Mine => is_open && self.officer == Some(officer),
                Queue::DueSoon => is_open && self.owed_on.is_some_and(|day| (today..=soon).contains(&day)),
                Queue::Overdue => is_open && self.owed_on.is_some_and(|day| day < today),
                Queue::Waiting => self.place == Place::Waiting,
                Queue::Mail => is_open && self.mail.is_some(),
                Queue::Strays => is_open && self.open_by.is_some_and(|day| day < today),
                Queue::Review => self.place == Place::Review,
                Queue::Closed => self.place == Place::Closed,
            }
    }
}

/// What a placement follows from beside the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    pub mail: Option<MailTrouble>,
    pub is_in_review: bool,
}

/// What is chosen in a list. Nothing of it is personal: it stands in addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chosen {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<RequestKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The key of a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    /// At least so many days old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_old: Option<u16>,
}

impl Chosen {
    /// Whether each choice can be one.
    pub fn is_legal(&self) -> bool {
        self.state.as_deref().is_none_or(|state| State::KEYS.contains(&state))
    }
}
