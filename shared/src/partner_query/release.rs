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
    /// Counsel decides: to be told or not. A decision to refer again is none, and a doubt that counsel has decided on is none for
    /// the checks that follow.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use ReleaseEvent as E;
    use ReleaseState as S;

    fn checked(verdict: Verdict) -> E {
        E::Checked { verdict }
    }

    fn decided(verdict: Verdict) -> E {
        E::Decided { by: OfficerId(7), verdict }
    }

    fn sent() -> E {
        E::Sent { number: TransactionNumber::new([7; 16]) }
    }

    fn all() -> Vec<E> {
        let checks = Verdict::ALL.into_iter().flat_map(|verdict| [checked(verdict), decided(verdict)]);
        checks.chain([E::Validated, E::Invalid, E::CheckBegun, sent(), E::SendingFailed, E::Retried]).collect()
    }

    fn after(state: S, events: &[E]) -> S {
        events.iter().try_fold(state, S::next).unwrap()
    }

    fn reached_from(begin: S) -> BTreeSet<S> {
        let mut reached = BTreeSet::from([begin]);
        let mut new = vec![begin];
        while let Some(state) = new.pop() {
            let next = all().into_iter().filter_map(|event| state.next(&event).ok());
            new.extend(next.filter(|next| reached.insert(*next)));
        }
        reached
    }

    #[test]
    fn every_key_is_read_back_and_every_state_is_reached() {
        for state in S::ALL {
            assert_eq!(S::from_key(state.key()), Some(state));
            assert!(!state.name().is_empty());
        }
        assert_eq!(reached_from(S::Received), S::ALL.into_iter().collect());
    }

    #[test]
    fn events_are_kept_as_they_are() {
        for event in all() {
            let kept = serde_json::to_value(&event).unwrap();
            assert_eq!(kept["event"], event.key());
            assert_eq!(serde_json::from_value::<E>(kept).unwrap(), event);
        }
    }

    #[test]
    fn an_automatic_answer_goes_its_way() {
        let begun = [E::Validated, E::CheckBegun, E::CheckBegun];
        for (then, expected) in [
            (vec![checked(Verdict::Proceed)], S::Released),
            (vec![checked(Verdict::Proceed), checked(Verdict::Proceed), sent(), sent()], S::Sent),
            (vec![checked(Verdict::Refer), decided(Verdict::Proceed), sent()], S::Sent),
            (vec![checked(Verdict::Refer), decided(Verdict::Silence)], S::Suppressed),
            (vec![checked(Verdict::Silence), sent()], S::Sent),
            (vec![checked(Verdict::Proceed), checked(Verdict::Refer)], S::Referred),
            (vec![checked(Verdict::Proceed), checked(Verdict::Silence)], S::Suppressed),
            (vec![checked(Verdict::Proceed), E::SendingFailed, E::Retried], S::Released),
            (vec![checked(Verdict::Proceed), E::SendingFailed, checked(Verdict::Silence), E::Retried], S::Suppressed),
            (vec![checked(Verdict::Silence), E::SendingFailed, E::SendingFailed, E::Retried], S::Suppressed),
            (vec![checked(Verdict::Proceed), E::SendingFailed, sent(), E::SendingFailed], S::Sent),
        ] {
            assert_eq!(after(S::Received, &[begun.to_vec(), then.clone()].concat()), expected, "{then:?}");
        }
        assert_eq!(after(S::Received, &[E::Invalid]), S::Unreadable);
    }

    #[test]
    fn silence_is_never_broken_and_nothing_is_sent_before_the_check() {
        assert_eq!(reached_from(S::Suppressed), BTreeSet::from([S::Suppressed, S::UnsentSilence, S::Sent]));
        for state in [S::Received, S::Validated, S::ProtectionCheck, S::Referred, S::Unreadable] {
            assert!(state.next(&sent()).is_err(), "{state:?}");
        }
        let refused = S::Referred.next(&sent()).unwrap_err();
        assert_eq!(refused.to_string(), "\"sent\" cannot happen to an automatic answer that is \"referred\"");
    }

    proptest! {
        /// Whatever comes, and in whatever order: what was once suppressed is never released.
        #[test]
        fn any_sequence_is_lived_through(picks in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
            let all = all();
            let (mut state, mut was_suppressed) = (S::Received, false);
            for pick in picks {
                if let Ok(next) = state.next(&all[pick.index(all.len())]) {
                    state = next;
                }
                was_suppressed |= state == S::Suppressed;
                prop_assert!(!was_suppressed || !matches!(state, S::Released | S::Referred | S::Unsent), "{state:?}");
            }
        }
    }
}
