//! A first query of a partner, which IDENT answers by itself: match or no match, and what confirms an identity. The agency sees each
//! answer before it leaves and lets it go, or not.
//!
//! ```text
//! Received → Validated → ProtectionCheck ─┬→ Suppressed ───────────────────────┬→ Sent
//!                                         ├→ Referred → (Suppressed | Released) ┤
//!                                         └→ Released ──────────────────────────┘
//! ```
//!
//! It is the backstop of the filter that IDENT is fed with: a person of whom nothing may be told is answered for as one who is in no
//! record, from the first query on. A "match" first and a "no match" later would say more than either.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::number::TransactionNumber;
use super::verdict::Verdict;
use crate::service_request::OfficerId;

/// Where an automatic answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReleaseState {
    Received,
    Validated,
    ProtectionCheck,
    /// To be answered as if we knew nobody.
    Suppressed,
    /// Counsel decides; nothing is answered until then.
    Referred,
    /// It may leave, and is checked once more when it does.
    Released,
    Sent,
    /// The query could not be read; the partner was told so.
    Unreadable,
    /// The answer could not be sent; it is still released.
    Unsent,
    /// The silent answer could not be sent; it is still silence.
    UnsentSilence,
}

/// What happens to an automatic answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReleaseEvent {
    Validated,
    Invalid,
    CheckBegun,
    /// At intake, and again before it leaves.
    Checked {
        verdict: Verdict,
    },
    /// Counsel decides: to be told or not. A decision to refer again is none.
    Decided {
        by: OfficerId,
        verdict: Verdict,
    },
    Sent {
        number: TransactionNumber,
    },
    SendingFailed,
    Retried,
}

/// Why something cannot happen to an automatic answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("\"{event}\" cannot happen to an automatic answer that is \"{state}\"")]
pub struct ReleaseRefused {
    pub state: &'static str,
    pub event: &'static str,
}

impl ReleaseState {
    /// In the order of an answer's life.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Validated,
        Self::ProtectionCheck,
        Self::Suppressed,
        Self::Referred,
        Self::Released,
        Self::Sent,
        Self::Unreadable,
        Self::Unsent,
        Self::UnsentSilence,
    ];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Validated => "validated",
            Self::ProtectionCheck => "protection_check",
            Self::Suppressed => "suppressed",
            Self::Referred => "referred",
            Self::Released => "released",
            Self::Sent => "sent",
            Self::Unreadable => "unreadable",
            Self::Unsent => "unsent",
            Self::UnsentSilence => "unsent_silence",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Validated => "Validated",
            Self::ProtectionCheck => "Being checked",
            Self::Suppressed => "Nothing to tell",
            Self::Referred => "With counsel",
            Self::Released => "To be sent",
            Self::Sent => "Sent",
            Self::Unreadable => "Could not be read",
            Self::Unsent | Self::UnsentSilence => "Could not be sent",
        }
    }

    /// The state after something happened.
    ///
    /// # Errors
    /// If it cannot happen now.
    pub fn next(self, event: &ReleaseEvent) -> Result<Self, ReleaseRefused> {
        use ReleaseEvent as E;
        Ok(match (self, event) {
            (Self::Received, E::Validated) => Self::Validated,
            (Self::Received, E::Invalid) => Self::Unreadable,
            // A check that was begun and never ended is begun again.
            (Self::Validated | Self::ProtectionCheck, E::CheckBegun) => Self::ProtectionCheck,
            (Self::ProtectionCheck, E::Checked { verdict: Verdict::Proceed })
            | (Self::Referred, E::Decided { verdict: Verdict::Proceed, .. })
            | (Self::Unsent, E::Retried) => Self::Released,
            (Self::ProtectionCheck | Self::Released | Self::Unsent, E::Checked { verdict: Verdict::Refer }) => Self::Referred,
            (Self::ProtectionCheck | Self::Referred | Self::Released, E::Checked { verdict: Verdict::Silence })
            | (Self::Referred, E::Decided { verdict: Verdict::Silence, .. })
            | (Self::UnsentSilence, E::Retried) => Self::Suppressed,
            (Self::Unsent, E::Checked { verdict: Verdict::Silence }) | (Self::Suppressed, E::SendingFailed) => Self::UnsentSilence,
            // Of several answers of the check the most closed one counts, until the answer has left.
            (
                Self::Suppressed | Self::Referred | Self::Released | Self::Sent | Self::Unsent | Self::UnsentSilence,
                E::Checked { .. },
            )
            | (Self::Sent, E::Sent { .. } | E::SendingFailed)
            | (Self::Unsent | Self::UnsentSilence, E::SendingFailed) => self,
            (Self::Suppressed | Self::Released | Self::Unsent | Self::UnsentSilence, E::Sent { .. }) => Self::Sent,
            (Self::Released, E::SendingFailed) => Self::Unsent,
            _ => return Err(ReleaseRefused { state: self.key(), event: event.key() }),
        })
    }
}

impl ReleaseEvent {
    /// The word in the database.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Validated => "validated",
            Self::Invalid => "invalid",
            Self::CheckBegun => "check_begun",
            Self::Checked { .. } => "checked",
            Self::Decided { .. } => "decided",
            Self::Sent { .. } => "sent",
            Self::SendingFailed => "sending_failed",
            Self::Retried => "retried",
        }
    }
}
