use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Action, Actor, Error, Officer};

/// Who looks after accounts: an administrator in the console, or an operator with a shell. Never both halves of what two people do.
#[derive(Debug, Clone, Copy)]
pub enum Manager<'a> {
    Officer(&'a Officer),
    Operator,
}

impl<'a> From<&'a Officer> for Manager<'a> {
    fn from(officer: &'a Officer) -> Self {
        Self::Officer(officer)
    }
}

impl Manager<'_> {
    /// For looking.
    pub(super) fn check(self) -> Result<(), Error> {
        match self {
            Self::Officer(officer) => officer.check_somewhere(Action::ManageAccounts),
            Self::Operator => Actor::Operator.check(Action::ManageAccounts),
        }
    }

    /// For changing something: an administrator's second factor must be fresh.
    pub(super) fn check_fresh(self, now: DateTime<Utc>) -> Result<(), Error> {
        self.check()?;
        match self {
            Self::Officer(officer) => officer.check_fresh(now),
            Self::Operator => Ok(()),
        }
    }

    pub(super) const fn actor(self) -> Actor {
        match self {
            Self::Officer(officer) => officer.actor(),
            Self::Operator => Actor::Operator,
        }
    }

    /// The account; nobody's for an operator.
    pub(super) const fn id(self) -> Option<Uuid> {
        match self {
            Self::Officer(officer) => Some(officer.id()),
            Self::Operator => None,
        }
    }
}
