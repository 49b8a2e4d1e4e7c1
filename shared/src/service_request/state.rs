//! The states of a request, and what can happen to it in each.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use super::category::{RedirectReason, RoutingReason};
use super::clock::{PauseReason, Run};
use super::number::RequestNumber;
use crate::office::OfficeCode;

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It came in, and whoever sent it has no confirmation yet.
    Received,
    /// It cannot be lost any more.
    Stored,
    /// It lies with an office; nobody there has it.
    Routed(Desk),
    /// An officer has it, and has not read it.
    Assigned(Work),
    Opened(Work),
    /// The person was asked something.
    WaitingForPerson(Work),
    Paused(Work, PauseReason),
    Answered(Work),
    /// The person took it back.
    Withdrawn,
    /// The person made it again, with this number.
    Superseded {
        by: RequestNumber,
    },
}

/// The office that a request lies with, and why there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    pub office: OfficeCode,
    pub reason: RoutingReason,
}

/// Who works on a request, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    pub desk: Desk,
    pub officer: OfficerId,
}

/// An officer, by the id of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OfficerId(pub u128);

impl OfficerId {
    /// As it stands in events, figures and addresses: 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_legal = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_legal.then(|| u128::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl fmt::Display for OfficerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for OfficerId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OfficerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("not the id of an officer"))
    }
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    Received,
    Stored,
    Routed {
        office: OfficeCode,
        reason: RoutingReason,
    },
    /// Given to an officer, or to another one.
    Assigned {
        officer: OfficerId,
    },
    /// Laid back: nobody has it any more, and the next officer of the office may take it.
    LaidBack,
    /// An officer reads it for the first time, and has it from then on.
    Opened {
        officer: OfficerId,
    },
    /// The person is asked something, and the agency waits for the answer.
    Asked,
    /// The person adds something.
    InformationAdded,
    /// The mail of the case goes to another address from now on: the answer, too.
    AddressChanged,
    Paused {
        reason: PauseReason,
    },
    Resumed,
    /// Given to another office.
    Redirected {
        office: OfficeCode,
        reason: RedirectReason,
    },
    Answered,
    /// The answer was none: the same officer goes on.
    Reopened,
    Withdrawn,
    Superseded {
        by: RequestNumber,
    },
}

/// Why something cannot happen to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("\"{happening}\" cannot happen to a request that is \"{state}\"")]
    NotNow { state: &'static str, happening: &'static str },
    #[error("the request is already with this office or officer")]
    AlreadyThere,
}

impl State {
    /// The words in the database, in the order of a request's life.
    pub const KEYS: [&'static str; 10] = [
        "received",
        "stored",
        "routed",
        "assigned",
        "opened",
        "waiting_for_person",
        "paused",
        "answered",
        "withdrawn",
        "superseded",
    ];

    /// The word in the database.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Stored => "stored",
            Self::Routed(_) => "routed",
            Self::Assigned(_) => "assigned",
            Self::Opened(_) => "opened",
            Self::WaitingForPerson(_) => "waiting_for_person",
            Self::Paused(..) => "paused",
            Self::Answered(_) => "answered",
            Self::Withdrawn => "withdrawn",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// What the clock does in this state.
    pub const fn run(&self) -> Run {
        match self {
            Self::Received | Self::Stored | Self::Routed(_) | Self::Assigned(_) | Self::Opened(_) => Run::Running,
            Self::WaitingForPerson(_) => Run::WaitingForPerson,
            Self::Paused(_, reason) => Run::Paused(*reason),
            Self::Answered(_) | Self::Withdrawn | Self::Superseded { .. } => Run::Stopped,
        }
    }

    /// Whether the agency owes an answer.
    pub fn is_open(&self) -> bool {
        self.run() != Run::Stopped
    }

    /// The office that has the request, or that answered it.
    pub const fn desk(&self) -> Option<&Desk> {
        match self {
            Self::Routed(desk) => Some(desk),
            Self::Assigned(work)
            | Self::Opened(work)
            | Self::WaitingForPerson(work)
            | Self::Paused(work, _)
            | Self::Answered(work) => Some(&work.desk),
            Self::Received | Self::Stored | Self::Withdrawn | Self::Superseded { .. } => None,
        }
    }

    /// The officer who has the request, or who answered it.
    pub const fn officer(&self) -> Option<OfficerId> {
        match self {
            Self::Assigned(work)
            | Self::Opened(work)
            | Self::WaitingForPerson(work)
            | Self::Paused(work, _)
            | Self::Answered(work) => Some(work.officer),
            Self::Received | Self::Stored | Self::Routed(_) | Self::Withdrawn | Self::Superseded { .. } => None,
        }
    }

    /// The state after something happened; refused if it cannot happen now.
    ///
    /// The clock is stopped only by who has read the request, and a request on its way to another office waits for nobody. So
    /// [`Happening::Paused`] and [`Happening::Asked`] want it opened, and one that stands is resumed before it is redirected
    /// or answered.
    pub fn after(&self, happening: &Happening) -> Result<Self, Refused> {
        use Happening as H;
        let next = match (self, happening) {
            (Self::Received, H::Stored) => Self::Stored,
            (_, H::Routed { reason: RoutingReason::Redirected(_), .. }) => return Err(self.not_now(happening)),
            (Self::Stored, H::Routed { office, reason }) => Self::Routed(Desk { office: office.clone(), reason: *reason }),
            (Self::Routed(_) | Self::Assigned(_) | Self::Opened(_), H::Redirected { office, reason }) => {
                self.redirected(office, *reason)?
            }
            (_, H::Assigned { officer }) => self.assigned(*officer, happening)?,
            (Self::Assigned(work) | Self::Opened(work), H::LaidBack) => Self::Routed(work.desk.clone()),
            (Self::Routed(desk) | Self::Assigned(Work { desk, .. }), H::Opened { officer }) => {
                Self::Opened(Work { desk: desk.clone(), officer: *officer })
            }
            (Self::Opened(work), H::Asked) => Self::WaitingForPerson(work.clone()),
            (Self::Opened(work), H::Paused { reason }) => Self::Paused(work.clone(), *reason),
            (Self::Opened(work), H::Answered) => Self::Answered(work.clone()),
            (Self::WaitingForPerson(work), H::InformationAdded | H::Resumed)
            | (Self::Paused(work, _), H::Resumed)
            | (Self::Answered(work), H::Reopened) => Self::Opened(work.clone()),
            (_, H::InformationAdded | H::AddressChanged) if self.is_theirs_to_change() => self.clone(),
            (_, H::Withdrawn) if self.is_theirs_to_change() => Self::Withdrawn,
            (_, H::Superseded { by }) if self.is_theirs_to_change() => Self::Superseded { by: by.clone() },
            _ => return Err(self.not_now(happening)),
        };
        Ok(next)
    }

    /// From the confirmation until the answer the person may add to a request, take it back, or make it again.
    fn is_theirs_to_change(&self) -> bool {
        self.is_open() && *self != Self::Received
    }

    fn redirected(&self, office: &OfficeCode, reason: RedirectReason) -> Result<Self, Refused> {
        if self.desk().is_some_and(|desk| desk.office == *office) {
            return Err(Refused::AlreadyThere);
        }
        Ok(Self::Routed(Desk { office: office.clone(), reason: RoutingReason::Redirected(reason) }))
    }

    /// Who takes a request over goes on where the other one stood.
    fn assigned(&self, officer: OfficerId, happening: &Happening) -> Result<Self, Refused> {
        let given = |work: &Work| {
            let is_new = work.officer != officer;
            is_new.then(|| Work { desk: work.desk.clone(), officer }).ok_or(Refused::AlreadyThere)
        };
        match self {
            Self::Routed(desk) => Ok(Self::Assigned(Work { desk: desk.clone(), officer })),
            Self::Assigned(work) => given(work).map(Self::Assigned),
            Self::Opened(work) => given(work).map(Self::Opened),
            Self::WaitingForPerson(work) => given(work).map(Self::WaitingForPerson),
            Self::Paused(work, reason) => given(work).map(|work| Self::Paused(work, *reason)),
            Self::Received | Self::Stored | Self::Answered(_) | Self::Withdrawn | Self::Superseded { .. } => {
                Err(self.not_now(happening))
            }
        }
    }

    const fn not_now(&self, happening: &Happening) -> Refused {
        Refused::NotNow { state: self.key(), happening: happening.key() }
    }
}

impl Happening {
    /// The words in the database, in the order of a request's life.
    pub const KEYS: [&'static str; 16] = [
        "received",
        "stored",
        "routed",
        "assigned",
        "laid_back",
        "opened",
        "asked",
        "information_added",
        "address_changed",
        "paused",
        "resumed",
        "redirected",
        "answered",
        "reopened",
        "withdrawn",
        "superseded",
    ];

    /// The word in the database.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Stored => "stored",
            Self::Routed { .. } => "routed",
            Self::Assigned { .. } => "assigned",
            Self::LaidBack => "laid_back",
            Self::Opened { .. } => "opened",
            Self::Asked => "asked",
            Self::InformationAdded => "information_added",
            Self::AddressChanged => "address_changed",
            Self::Paused { .. } => "paused",
            Self::Resumed => "resumed",
            Self::Redirected { .. } => "redirected",
            Self::Answered => "answered",
            Self::Reopened => "reopened",
            Self::Withdrawn => "withdrawn",
            Self::Superseded { .. } => "superseded",
        }
    }
}
