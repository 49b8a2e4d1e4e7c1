//! A query of ours: from an officer's draft to the answers that were read (PIA-060(a), "USCIS Initiated Query").
//!
//! ```text
//! Draft → Submitted → Q1Sent ─┬→ NoMatch ──────────────────────────────────────────→ Reviewed → Closed
//!             ↕               └→ Q1Matched → Q2AutoSent → Q2Answered ──────────────→     ↑
//!          Held(First)                                        ↓                          │
//!                             Held(Third) ↔ Q3Requested → Q3Approved → Q3Sent → Q3Answered
//! ```
//!
//! Besides: `Refused` (we do not ask, or the partner does not say), `Failed` (nothing came of one query; the first and the third can
//! be sent again), and `Cancelled` (taken back before it was sent). A query that asks back ([`Step::Reverse`]) carries the number of
//! the partner's own query and has one round only: from `Submitted` it goes to `Q3Sent`.
//!
//! **What we do** happens in its order or is refused. **What reaches us from outside** comes twice, late and in any order, and is
//! never refused, unless nobody ever submitted the query: an answer proves that its query was sent, and IDENT sends a second query only on a match.
//! It moves a query forward or, if the query is further already, changes nothing; its message is kept either way. An answer that
//! tells more than what was read brings the query back, to be read again.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::message::ReplyResult;
use super::number::TransactionNumber;
use crate::agreement::{Referred, Step, Withheld};
use crate::service_request::OfficerId;

/// Where a query of ours stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutboundState {
    /// An officer writes it.
    Draft,
    /// It will be sent, after one more look at the agreement and at what protects the person.
    Submitted,
    /// Counsel decides whether it may leave.
    Held(Asking),
    /// The fingerprints may have left.
    Q1Sent,
    NoMatch,
    Q1Matched,
    /// IDENT sent it by itself on the match; nobody could hold it back.
    Q2AutoSent,
    Q2Answered,
    /// An officer asks for more and says why.
    Q3Requested,
    /// Somebody else agreed; it will be sent.
    Q3Approved,
    Q3Sent,
    Q3Answered,
    Refused(Refuser),
    /// This query came to nothing: it could not be sent, was answered by an error, or not at all.
    Failed(Round),
    /// Taken back before it was sent.
    Cancelled,
    /// An officer read what there is.
    Reviewed(Known),
    Closed(Known),
}

/// One of the two queries that we send ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    First,
    Third,
}

/// A query and its answer, of which there are up to three about one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Round {
    First,
    Second,
    Third,
}

/// Who refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refuser {
    /// We do not ask.
    Us,
    Partner,
}

/// The most that was known when an officer read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// No match, a refusal, or no answer.
    Nothing,
    /// A match and what confirms it.
    Match,
    /// What the second query brought; of a query that asks back, what the partner's own query told.
    Second,
    Third,
}

/// What happens to a query of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum OutboundEvent {
    Submitted {
        by: OfficerId,
    },
    /// The check before sending could not tell: for counsel.
    Held {
        because: Referred,
    },
    /// Counsel lets it go on. A third query is approved again: what was approved may look otherwise now.
    Cleared {
        by: OfficerId,
    },
    /// The agreement, what protects the person, or counsel stands against it. A third query is not sent; what the second brought stays.
    Refused {
        because: Withheld,
    },
    /// Taken back by who asked.
    Cancelled {
        by: OfficerId,
    },
    /// It is about to be sent, or IDENT says that it sent the second. For what we send ourselves it is recorded with the row of the
    /// disclosure, before the first byte leaves: from then on it may have left, whatever becomes of it.
    Sent {
        step: Step,
        number: TransactionNumber,
    },
    Answered {
        step: Step,
        number: TransactionNumber,
        result: ReplyResult,
    },
    /// The partner sets right what it told (SOR/2002-227 s. 315.27): to be read again.
    Corrected {
        step: Step,
        number: TransactionNumber,
    },
    Failed {
        step: Step,
        why: Failure,
    },
    /// Somebody has a query sent again that failed.
    Retried {
        by: OfficerId,
    },
    ThirdRequested {
        by: OfficerId,
    },
    /// By somebody else than who requested it: the caller sees to that.
    ThirdApproved {
        by: OfficerId,
    },
    Reviewed {
        by: OfficerId,
    },
    Closed {
        by: OfficerId,
    },
}

/// Why a query came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// IDENT did not take it: nothing left.
    NotTaken,
    /// Nobody knows whether it arrived.
    NoReceipt,
    /// No answer within the time of the agreement.
    NoAnswer,
}

/// Why something cannot happen to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OutboundRefused {
    #[error("\"{event}\" cannot happen to a query that is \"{state}\"")]
    NotNow { state: &'static str, event: &'static str },
    /// Keep the message apart and look into it: somebody uses a number that was never sent.
    #[error("an answer came to a query that was never submitted; keep it apart and look where it comes from")]
    NeverSubmitted,
}

/// For whom a query waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboundWaits {
    /// The officer who asks.
    Officer,
    /// Somebody who may approve a third query.
    Approver,
    Counsel,
    /// The job that sends.
    Sending,
    Partner,
    Nobody,
}

impl Round {
    /// A query that asks back is answered as a third one is: by a person, once.
    const fn of(step: Step) -> Self {
        match step {
            Step::First => Self::First,
            Step::Second => Self::Second,
            Step::Third | Step::Reverse => Self::Third,
        }
    }
}

impl Known {
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Match, Self::Second, Self::Third];
}

impl OutboundState {
    /// In the order of a query's life.
    pub const ALL: [Self; 27] = [
        Self::Draft,
        Self::Submitted,
        Self::Held(Asking::First),
        Self::Refused(Refuser::Us),
        Self::Cancelled,
        Self::Q1Sent,
        Self::Failed(Round::First),
        Self::Refused(Refuser::Partner),
        Self::NoMatch,
        Self::Q1Matched,
        Self::Q2AutoSent,
        Self::Failed(Round::Second),
        Self::Q2Answered,
        Self::Q3Requested,
        Self::Held(Asking::Third),
        Self::Q3Approved,
        Self::Q3Sent,
        Self::Failed(Round::Third),
        Self::Q3Answered,
        Self::Reviewed(Known::Nothing),
        Self::Reviewed(Known::Match),
        Self::Reviewed(Known::Second),
        Self::Reviewed(Known::Third),
        Self::Closed(Known::Nothing),
        Self::Closed(Known::Match),
        Self::Closed(Known::Second),
        Self::Closed(Known::Third),
    ];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Held(Asking::First) => "held_first",
            Self::Held(Asking::Third) => "held_third",
            Self::Q1Sent => "q1_sent",
            Self::NoMatch => "no_match",
            Self::Q1Matched => "q1_matched",
            Self::Q2AutoSent => "q2_auto_sent",
            Self::Q2Answered => "q2_answered",
            Self::Q3Requested => "q3_requested",
            Self::Q3Approved => "q3_approved",
            Self::Q3Sent => "q3_sent",
            Self::Q3Answered => "q3_answered",
            Self::Refused(Refuser::Us) => "refused_by_us",
            Self::Refused(Refuser::Partner) => "refused_by_partner",
            Self::Failed(Round::First) => "failed_first",
            Self::Failed(Round::Second) => "failed_second",
            Self::Failed(Round::Third) => "failed_third",
            Self::Cancelled => "cancelled",
            Self::Reviewed(Known::Nothing) => "reviewed_nothing",
            Self::Reviewed(Known::Match) => "reviewed_match",
            Self::Reviewed(Known::Second) => "reviewed_second",
            Self::Reviewed(Known::Third) => "reviewed_third",
            Self::Closed(Known::Nothing) => "closed_nothing",
            Self::Closed(Known::Match) => "closed_match",
            Self::Closed(Known::Second) => "closed_second",
            Self::Closed(Known::Third) => "closed_third",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// As officers read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Submitted => "To be sent",
            Self::Held(Asking::First) => "Held for counsel",
            Self::Held(Asking::Third) => "Third query held for counsel",
            Self::Q1Sent => "First query sent",
            Self::NoMatch => "No match",
            Self::Q1Matched => "Match",
            Self::Q2AutoSent => "Match; second query sent",
            Self::Q2Answered => "Second answer",
            Self::Q3Requested => "Third query to be approved",
            Self::Q3Approved => "Third query to be sent",
            Self::Q3Sent => "Third query sent",
            Self::Q3Answered => "Third answer",
            Self::Refused(Refuser::Us) => "Not asked",
            Self::Refused(Refuser::Partner) => "Refused by the partner",
            Self::Failed(Round::First) => "First query failed",
            Self::Failed(Round::Second) => "Second query failed",
            Self::Failed(Round::Third) => "Third query failed",
            Self::Cancelled => "Cancelled",
            Self::Reviewed(_) => "Reviewed",
            Self::Closed(_) => "Closed",
        }
    }

    /// The same of a query that asks back, which has one round.
    pub const fn name_asking_back(self) -> &'static str {
        match self {
            Self::Q3Sent => "Asked back",
            Self::Q3Answered => "Answered",
            Self::Failed(Round::Third) => "Asking back failed",
            _ => self.name(),
        }
    }

    pub const fn waits_for(self) -> OutboundWaits {
        match self {
            Self::Draft
            | Self::NoMatch
            | Self::Q2Answered
            | Self::Q3Answered
            | Self::Refused(Refuser::Partner)
            | Self::Failed(_)
            | Self::Reviewed(_) => OutboundWaits::Officer,
            Self::Submitted | Self::Q3Approved => OutboundWaits::Sending,
            Self::Held(_) => OutboundWaits::Counsel,
            Self::Q1Sent | Self::Q1Matched | Self::Q2AutoSent | Self::Q3Sent => OutboundWaits::Partner,
            Self::Q3Requested => OutboundWaits::Approver,
            Self::Refused(Refuser::Us) | Self::Cancelled | Self::Closed(_) => OutboundWaits::Nobody,
        }
    }

    /// The most that is known.
    pub const fn known(self) -> Known {
        match self {
            Self::Draft
            | Self::Submitted
            | Self::Held(Asking::First)
            | Self::Q1Sent
            | Self::NoMatch
            | Self::Refused(_)
            | Self::Failed(Round::First)
            | Self::Cancelled => Known::Nothing,
            Self::Q1Matched | Self::Q2AutoSent | Self::Failed(Round::Second) => Known::Match,
            Self::Q2Answered
            | Self::Q3Requested
            | Self::Held(Asking::Third)
            | Self::Q3Approved
            | Self::Q3Sent
            | Self::Failed(Round::Third) => Known::Second,
            Self::Q3Answered => Known::Third,
            Self::Reviewed(known) | Self::Closed(known) => known,
        }
    }

    /// The state after something happened.
    ///
    /// # Errors
    /// If it cannot happen now. What a partner answers is refused only by a draft.
    pub fn next(self, event: &OutboundEvent) -> Result<Self, OutboundRefused> {
        use OutboundEvent as E;
        match event {
            E::Sent { step, .. } => self.sent(*step, event),
            E::Answered { step, result, .. } => self.answered(*step, *result),
            E::Corrected { .. } => self.corrected(),
            E::Failed { step, .. } if self.progress().is_some() => Ok(self.failed(*step)),
            _ => self.acted(event).ok_or(self.not_now(event)),
        }
    }

    /// What officers, approvers, counsel and our own check do; none if it is not the time for it.
    fn acted(self, event: &OutboundEvent) -> Option<Self> {
        use OutboundEvent as E;
        Some(match (self, event) {
            (Self::Draft, E::Submitted { .. })
            | (Self::Held(Asking::First), E::Cleared { .. })
            | (Self::Failed(Round::First), E::Retried { .. }) => Self::Submitted,
            (Self::Submitted, E::Held { .. }) => Self::Held(Asking::First),
            (Self::Submitted | Self::Held(Asking::First), E::Refused { .. }) => Self::Refused(Refuser::Us),
            (Self::Draft | Self::Submitted | Self::Held(Asking::First), E::Cancelled { .. }) => Self::Cancelled,
            (Self::Q2Answered | Self::Reviewed(Known::Second), E::ThirdRequested { .. })
            | (Self::Held(Asking::Third), E::Cleared { .. }) => Self::Q3Requested,
            (Self::Q3Requested, E::ThirdApproved { .. }) | (Self::Failed(Round::Third), E::Retried { .. }) => Self::Q3Approved,
            (Self::Q3Requested | Self::Q3Approved, E::Held { .. }) => Self::Held(Asking::Third),
            (Self::Q3Requested | Self::Q3Approved | Self::Held(Asking::Third), E::Refused { .. } | E::Cancelled { .. }) => {
                Self::Q2Answered
            }
            (state, E::Reviewed { .. }) if state.can_be_read() => Self::Reviewed(state.known()),
            (Self::Reviewed(known), E::Closed { .. }) => Self::Closed(known),
            _ => return None,
        })
    }

    /// Is there something to read, and nothing under way that an officer asked for?
    const fn can_be_read(self) -> bool {
        matches!(
            self,
            Self::NoMatch
                | Self::Q1Matched
                | Self::Q2AutoSent
                | Self::Q2Answered
                | Self::Q3Answered
                | Self::Refused(Refuser::Partner)
                | Self::Failed(_)
        )
    }

    fn sent(self, step: Step, event: &OutboundEvent) -> Result<Self, OutboundRefused> {
        match (self, step) {
            (Self::Submitted, Step::First) => Ok(Self::Q1Sent),
            (Self::Q3Approved, Step::Third | Step::Reverse) | (Self::Submitted, Step::Reverse) => Ok(Self::Q3Sent),
            (_, Step::Second) => self.at_least(Self::Q2AutoSent),
            // Told again: it is so already.
            (_, Step::First) if self.progress() > Self::Submitted.progress() => Ok(self),
            (_, Step::Third | Step::Reverse) if self.progress() >= Self::Q3Sent.progress() => Ok(self),
            _ => Err(self.not_now(event)),
        }
    }

    fn answered(self, step: Step, result: ReplyResult) -> Result<Self, OutboundRefused> {
        use ReplyResult as R;
        match (Round::of(step), result) {
            (_, R::Error) if self.progress().is_some() => Ok(self.failed(step)),
            (Round::First, R::Match | R::Partial) => self.at_least(Self::Q1Matched),
            (Round::First, R::NoMatch) => self.at_least(Self::NoMatch),
            (Round::First, R::Refused | R::Error) => self.at_least(Self::Refused(Refuser::Partner)),
            (Round::Second, _) => self.at_least(Self::Q2Answered),
            (Round::Third, _) => self.at_least(Self::Q3Answered),
        }
    }

    /// Brought back to be read again.
    fn corrected(self) -> Result<Self, OutboundRefused> {
        match self {
            Self::Reviewed(known) | Self::Closed(known) => Ok(match known {
                Known::Nothing => Self::NoMatch,
                Known::Match => Self::Q2AutoSent,
                Known::Second => Self::Q2Answered,
                Known::Third => Self::Q3Answered,
            }),
            _ => self.at_least(self),
        }
    }

    /// What is under way has failed; an answer that is there stays. A third query fails only after it was approved: from there it is
    /// sent again without being approved again.
    fn failed(self, step: Step) -> Self {
        match (self, Round::of(step)) {
            (Self::Submitted | Self::Q1Sent, Round::First) => Self::Failed(Round::First),
            (Self::Submitted | Self::Q1Sent | Self::Q1Matched | Self::Q2AutoSent, Round::Second) => Self::Failed(Round::Second),
            (Self::Q3Approved | Self::Q3Sent, Round::Third) => Self::Failed(Round::Third),
            (Self::Submitted, Round::Third) if step == Step::Reverse => Self::Failed(Round::Third),
            _ => self,
        }
    }

    /// The further one of this state and another that is proven from outside.
    fn at_least(self, proven: Self) -> Result<Self, OutboundRefused> {
        let Some(progress) = self.progress() else { return Err(OutboundRefused::NeverSubmitted) };
        if proven.progress() > Some(progress) { Ok(proven) } else { Ok(self) }
    }

    /// How far it is, for telling what is proven from what is passed; none if nothing can have left.
    const fn progress(self) -> Option<u8> {
        Some(match self {
            Self::Draft => return None,
            // A first query that failed and was sent for again may have left before.
            Self::Submitted | Self::Held(Asking::First) | Self::Refused(Refuser::Us) | Self::Cancelled => 0,
            Self::Q1Sent => 1,
            Self::Failed(Round::First) => 2,
            Self::Refused(Refuser::Partner) => 3,
            Self::NoMatch | Self::Reviewed(Known::Nothing) | Self::Closed(Known::Nothing) => 4,
            Self::Q1Matched => 5,
            Self::Q2AutoSent => 6,
            Self::Failed(Round::Second) | Self::Reviewed(Known::Match) | Self::Closed(Known::Match) => 7,
            Self::Q2Answered | Self::Reviewed(Known::Second) | Self::Closed(Known::Second) => 8,
            Self::Q3Requested | Self::Held(Asking::Third) => 9,
            Self::Q3Approved => 10,
            Self::Q3Sent => 11,
            Self::Failed(Round::Third) => 12,
            Self::Q3Answered | Self::Reviewed(Known::Third) | Self::Closed(Known::Third) => 13,
        })
    }

    const fn not_now(self, event: &OutboundEvent) -> OutboundRefused {
        OutboundRefused::NotNow { state: self.key(), event: event.key() }
    }
}

impl OutboundEvent {
    /// The word in the database.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::Held { .. } => "held",
            Self::Cleared { .. } => "cleared",
            Self::Refused { .. } => "refused",
            Self::Cancelled { .. } => "cancelled",
            Self::Sent { .. } => "sent",
            Self::Answered { .. } => "answered",
            Self::Corrected { .. } => "corrected",
            Self::Failed { .. } => "failed",
            Self::Retried { .. } => "retried",
            Self::ThirdRequested { .. } => "third_requested",
            Self::ThirdApproved { .. } => "third_approved",
            Self::Reviewed { .. } => "reviewed",
            Self::Closed { .. } => "closed",
        }
    }
}
