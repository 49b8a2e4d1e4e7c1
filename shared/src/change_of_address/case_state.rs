//! What a change of address has come to for one case: a line of the receipt that the person gets.

use chrono::{DateTime, Utc};

/// A case of a change. The order is that in which they mostly follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// The change is not proven yet, and the case's cards are held.
    HeldForProof,
    /// Proven, and on its way.
    WillBeUpdated,
    Updated {
        at: DateTime<Utc>,
    },
    /// The case system shows the new address, too.
    Acknowledged {
        at: DateTime<Utc>,
    },
    /// The case system has sent another address since, which is neither the old nor the new one.
    Replaced {
        at: DateTime<Utc>,
    },
    CouldNot {
        reason: Hindrance,
    },
    /// The change was taken back: mail goes to the old address.
    Reversed {
        at: DateTime<Utc>,
    },
}

/// Why a case's address could not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// Unknown, hidden, somebody else's, or a wrong ZIP code: one answer for all, so that nobody learns which.
    NotRecognised,
    /// The change was not proven: it expired or was refused.
    ChangeNotProven,
    /// The case is decided and nothing is left to be mailed.
    Closed,
    /// The case system did not take the address. Staff see to it.
    CaseSystem,
}

impl Hindrance {
    pub const ALL: [Self; 4] = [Self::NotRecognised, Self::ChangeNotProven, Self::Closed, Self::CaseSystem];

    pub const fn key(self) -> &'static str {
        match self {
            Self::NotRecognised => "not_recognised",
            Self::ChangeNotProven => "change_not_proven",
            Self::Closed => "closed",
            Self::CaseSystem => "case_system",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hindrance| hindrance.key() == key)
    }
}

impl CaseState {
    pub const KEYS: [&str; 7] =
        ["held_for_proof", "will_be_updated", "updated", "acknowledged", "replaced", "could_not", "reversed"];

    pub const fn key(self) -> &'static str {
        match self {
            Self::HeldForProof => Self::KEYS[0],
            Self::WillBeUpdated => Self::KEYS[1],
            Self::Updated { .. } => Self::KEYS[2],
            Self::Acknowledged { .. } => Self::KEYS[3],
            Self::Replaced { .. } => Self::KEYS[4],
            Self::CouldNot { .. } => Self::KEYS[5],
            Self::Reversed { .. } => Self::KEYS[6],
        }
    }

    /// Whether mail goes, or is about to go, to the new address.
    pub const fn is_changed(self) -> bool {
        matches!(self, Self::WillBeUpdated | Self::Updated { .. } | Self::Acknowledged { .. })
    }

    /// Whether the case was ever found to be the person's.
    pub const fn is_recognised(self) -> bool {
        !matches!(self, Self::CouldNot { reason: Hindrance::NotRecognised })
    }
}
