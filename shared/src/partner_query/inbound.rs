//! A request of a partner that people answer: an ICTS case (PIA-060(a), "Foreign Partner Query").
//!
//! ```text
//! Received → Validated → ProtectionCheck ─┬→ Suppressed ─────────────────────────────────────────→ Transmitted
//!                                         ├→ Referred ─→ (Suppressed | Assigned)                       ↓
//!                                         └→ Assigned → InPreparation ↔ InReview → Approved          Closed → Corrected
//!                                                            ↑            ↓           ↓
//!                                                            └──────── Returned    Packaged → HandedToCpms → RetrievedByObim → Transmitted
//! ```
//!
//! Besides: `Cancelled` (the partner takes it back) and `Failed` (it could not be read, or what answers it could not be sent).
//!
//! **The check is asked three times**, and of its answers the most closed one counts: what is once `Suppressed` is answered with
//! silence, whatever is found later. A suppressed request and one about somebody unknown go the same way and look the same here; why
//! it was stands in the suppression log alone.
//!
//! **What OBIM reports** comes twice, late and in any order: that a package was sent proves that it was fetched. A report about a
//! package that may not leave is refused, and somebody has to look into it.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::number::TransactionNumber;
use super::verdict::Verdict;
use crate::service_request::OfficerId;

/// Where a partner's request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InboundState {
    /// Kept as it came.
    Received,
    /// Read, and under an agreement.
    Validated,
    /// PCQS/CIS and our own records are asked what protects the person.
    ProtectionCheck,
    /// To be answered as if we knew nobody.
    Suppressed,
    /// Counsel decides.
    Referred(Referral),
    /// An analyst may open it.
    Assigned,
    InPreparation,
    /// A second person reads the package.
    InReview,
    /// To be mended by who prepared it.
    Returned,
    /// Released by the second person.
    Approved,
    /// Written in the partner's template, with its documents and their digests.
    Packaged,
    HandedToCpms,
    RetrievedByObim,
    Transmitted,
    Closed,
    Cancelled,
    Failed(Failing),
    /// What was told was set right later.
    Corrected,
}

/// When a request was referred: before anybody prepared an answer, or with the answer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Referral {
    Intake,
    Release,
}

/// What failed. Silence that could not be sent stays silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failing {
    /// The partner's message could not be read; the partner was told so.
    Message,
    /// The package could not be sent.
    Package,
    /// The silent answer could not be sent.
    Silence,
}

/// What happens to a partner's request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum InboundEvent {
    Validated,
    /// The message is none of ours: its errors went back to the partner.
    Invalid,
    CheckBegun,
    /// At intake, at release, and again before anything leaves.
    Checked {
        verdict: Verdict,
    },
    /// Counsel decides: to be told or not. A decision to refer again is none, and a doubt that counsel has decided on is none for
    /// the checks that follow.
    Decided {
        by: OfficerId,
        verdict: Verdict,
    },
    /// An analyst has it, or another one.
    Opened {
        by: OfficerId,
    },
    SentToReview {
        by: OfficerId,
    },
    Returned {
        by: OfficerId,
    },
    /// By somebody else than who prepared it: the caller sees to that.
    Approved {
        by: OfficerId,
    },
    Packaged,
    Handed,
    /// OBIM fetched the package.
    Retrieved,
    /// OBIM sent it.
    Transmitted {
        number: TransactionNumber,
    },
    /// The silent answer went out, which OBIM has no part in.
    SilenceSent {
        number: TransactionNumber,
    },
    TransmissionFailed,
    Retried {
        by: OfficerId,
    },
    /// The partner takes its request back.
    Cancelled,
    Closed {
        by: OfficerId,
    },
    /// A correction was sent (SOR/2002-227 s. 315.27).
    Corrected {
        number: TransactionNumber,
    },
}

/// Why something cannot happen to a partner's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InboundRefused {
    #[error("\"{event}\" cannot happen to a request that is \"{state}\"")]
    NotNow { state: &'static str, event: &'static str },
    /// Look into it at once: something may have left that nobody released, or that was suppressed since.
    #[error("\"{event}\" is reported of an answer that may not leave: the request is \"{state}\"")]
    MayNotLeave { state: &'static str, event: &'static str },
}

impl InboundState {
    /// In the order of a request's life.
    pub const ALL: [Self; 21] = [
        Self::Received,
        Self::Validated,
        Self::ProtectionCheck,
        Self::Suppressed,
        Self::Referred(Referral::Intake),
        Self::Assigned,
        Self::InPreparation,
        Self::InReview,
        Self::Returned,
        Self::Referred(Referral::Release),
        Self::Approved,
        Self::Packaged,
        Self::HandedToCpms,
        Self::RetrievedByObim,
        Self::Transmitted,
        Self::Closed,
        Self::Corrected,
        Self::Cancelled,
        Self::Failed(Failing::Message),
        Self::Failed(Failing::Package),
        Self::Failed(Failing::Silence),
    ];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Validated => "validated",
            Self::ProtectionCheck => "protection_check",
            Self::Suppressed => "suppressed",
            Self::Referred(Referral::Intake) => "referred_intake",
            Self::Referred(Referral::Release) => "referred_release",
            Self::Assigned => "assigned",
            Self::InPreparation => "in_preparation",
            Self::InReview => "in_review",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Packaged => "packaged",
            Self::HandedToCpms => "handed_to_cpms",
            Self::RetrievedByObim => "retrieved_by_obim",
            Self::Transmitted => "transmitted",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Failed(Failing::Message) => "failed_message",
            Self::Failed(Failing::Package) => "failed_package",
            Self::Failed(Failing::Silence) => "failed_silence",
            Self::Corrected => "corrected",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// As analysts read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Validated => "Validated",
            Self::ProtectionCheck => "Being checked",
            Self::Suppressed => "Nothing to tell",
            Self::Referred(_) => "With counsel",
            Self::Assigned => "To be prepared",
            Self::InPreparation => "In preparation",
            Self::InReview => "In review",
            Self::Returned => "Returned to be mended",
            Self::Approved => "Approved",
            Self::Packaged => "Packaged",
            Self::HandedToCpms => "Handed to CPMS",
            Self::RetrievedByObim => "Fetched by OBIM",
            Self::Transmitted => "Sent",
            Self::Closed => "Closed",
            Self::Cancelled => "Taken back by the partner",
            Self::Failed(Failing::Message) => "Could not be read",
            Self::Failed(Failing::Package | Failing::Silence) => "Could not be sent",
            Self::Corrected => "Corrected",
        }
    }

    /// Does the partner still wait?
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Transmitted | Self::Closed | Self::Cancelled | Self::Failed(Failing::Message) | Self::Corrected)
    }

    /// The state after something happened.
    ///
    /// # Errors
    /// If it cannot happen now.
    pub fn next(self, event: &InboundEvent) -> Result<Self, InboundRefused> {
        use InboundEvent as E;
        match event {
            E::Checked { verdict } => self.checked(*verdict).ok_or(self.not_now(event)),
            E::Retrieved | E::Transmitted { .. } | E::SilenceSent { .. } | E::TransmissionFailed => self.reported(event),
            E::Cancelled => Ok(self.cancelled()),
            _ => self.acted(event).ok_or(self.not_now(event)),
        }
    }

    /// What our own people and jobs do; none if it is not the time for it.
    fn acted(self, event: &InboundEvent) -> Option<Self> {
        use InboundEvent as E;
        Some(match (self, event) {
            (Self::Received, E::Validated) => Self::Validated,
            (Self::Received, E::Invalid) => Self::Failed(Failing::Message),
            // A check that was begun and never ended is begun again.
            (Self::Validated | Self::ProtectionCheck, E::CheckBegun) => Self::ProtectionCheck,
            (Self::Referred(Referral::Intake), E::Decided { verdict: Verdict::Proceed, .. }) => Self::Assigned,
            (Self::Referred(Referral::Release), E::Decided { verdict: Verdict::Proceed, .. })
            | (Self::InPreparation, E::SentToReview { .. }) => Self::InReview,
            (Self::Referred(_), E::Decided { verdict: Verdict::Silence, .. })
            | (Self::Failed(Failing::Silence), E::Retried { .. }) => Self::Suppressed,
            (Self::Assigned | Self::InPreparation | Self::Returned, E::Opened { .. }) => Self::InPreparation,
            (Self::InReview, E::Returned { .. }) => Self::Returned,
            (Self::InReview, E::Approved { .. }) => Self::Approved,
            (Self::Approved, E::Packaged) | (Self::Failed(Failing::Package), E::Retried { .. }) => Self::Packaged,
            (Self::Packaged, E::Handed) => Self::HandedToCpms,
            (Self::Transmitted | Self::Corrected, E::Closed { .. }) => Self::Closed,
            (Self::Transmitted | Self::Closed | Self::Corrected, E::Corrected { .. }) => Self::Corrected,
            _ => return None,
        })
    }

    /// Taken back by the partner, unless OBIM has the answer or may have sent it: then it is too late.
    const fn cancelled(self) -> Self {
        match self {
            Self::HandedToCpms | Self::RetrievedByObim | Self::Transmitted | Self::Closed | Self::Corrected | Self::Failed(_) => {
                self
            }
            _ => Self::Cancelled,
        }
    }

    /// Of several answers of the check the most closed one counts, until the answer has left.
    fn checked(self, verdict: Verdict) -> Option<Self> {
        Some(match (self, verdict) {
            (Self::Received | Self::Validated, _) => return None,
            (Self::ProtectionCheck, Verdict::Proceed) => Self::Assigned,
            (_, Verdict::Silence) if self.is_open() => match self {
                Self::Failed(_) => Self::Failed(Failing::Silence),
                _ => Self::Suppressed,
            },
            (Self::ProtectionCheck | Self::Assigned | Self::InPreparation | Self::Returned, Verdict::Refer) => {
                Self::Referred(Referral::Intake)
            }
            (
                Self::InReview
                | Self::Approved
                | Self::Packaged
                | Self::HandedToCpms
                | Self::RetrievedByObim
                | Self::Failed(Failing::Package),
                Verdict::Refer,
            ) => Self::Referred(Referral::Release),
            _ => self,
        })
    }

    /// What OBIM, or the job that sends the silent answer, reports.
    fn reported(self, event: &InboundEvent) -> Result<Self, InboundRefused> {
        use InboundEvent as E;
        match (self, event) {
            // It is known already.
            (Self::RetrievedByObim | Self::Transmitted | Self::Closed | Self::Corrected, E::Retrieved)
            | (
                Self::Transmitted | Self::Closed | Self::Corrected,
                E::Transmitted { .. } | E::SilenceSent { .. } | E::TransmissionFailed,
            )
            | (Self::Failed(Failing::Package), E::Retrieved | E::TransmissionFailed)
            | (Self::Failed(Failing::Silence), E::TransmissionFailed) => Ok(self),
            (Self::HandedToCpms, E::Retrieved) => Ok(Self::RetrievedByObim),
            (Self::HandedToCpms | Self::RetrievedByObim | Self::Failed(Failing::Package), E::Transmitted { .. })
            | (Self::Suppressed | Self::Failed(Failing::Silence), E::SilenceSent { .. }) => Ok(Self::Transmitted),
            (Self::Packaged | Self::HandedToCpms | Self::RetrievedByObim, E::TransmissionFailed) => {
                Ok(Self::Failed(Failing::Package))
            }
            (Self::Suppressed, E::TransmissionFailed) => Ok(Self::Failed(Failing::Silence)),
            _ => Err(InboundRefused::MayNotLeave { state: self.key(), event: event.key() }),
        }
    }

    const fn not_now(self, event: &InboundEvent) -> InboundRefused {
        InboundRefused::NotNow { state: self.key(), event: event.key() }
    }
}

impl InboundEvent {
    /// The word in the database.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Validated => "validated",
            Self::Invalid => "invalid",
            Self::CheckBegun => "check_begun",
            Self::Checked { .. } => "checked",
            Self::Decided { .. } => "decided",
            Self::Opened { .. } => "opened",
            Self::SentToReview { .. } => "sent_to_review",
            Self::Returned { .. } => "returned",
            Self::Approved { .. } => "approved",
            Self::Packaged => "packaged",
            Self::Handed => "handed",
            Self::Retrieved => "retrieved",
            Self::Transmitted { .. } => "transmitted",
            Self::SilenceSent { .. } => "silence_sent",
            Self::TransmissionFailed => "transmission_failed",
            Self::Retried { .. } => "retried",
            Self::Cancelled => "cancelled",
            Self::Closed { .. } => "closed",
            Self::Corrected { .. } => "corrected",
        }
    }
}
