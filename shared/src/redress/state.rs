//! Where a request stands.
//!
//! ```text
//! Received → Verified → Searched ─┬→ Proposed ─→ Decided → Answered → Closed
//!                          ↑      │      │          ↑
//!                          ├──────│──────┘          │
//!                          │      └─────────────────┘
//!                          └ and again, as often as needed
//! ```
//!
//! What gives everything that is not guarded is decided by one person; everything else is proposed, and a second person agrees or
//! gives it back. Before it is decided, a request can be withdrawn: the person takes it back, or never shows who they are.

use thiserror::Error;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedressState {
    Received,
    /// It is known who asks.
    Verified,
    /// It is known what is held of them.
    Searched,
    /// A decision waits for a second person.
    Proposed,
    Decided,
    Answered,
    Closed,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedressEvent {
    Logged,
    /// The person was told that it is here.
    Acknowledged,
    /// The person was told that it takes ten working days more, and why.
    Extended,
    Verified,
    Searched,
    Proposed,
    /// The second person does not agree.
    Returned,
    Decided,
    Answered,
    Closed,
    /// Over before it was decided.
    Withdrawn,
    /// The person disagrees with a refusal, and their statement stays with the record (5 USC 552a(d)(4)).
    Disagreed,
}

/// Why something cannot happen to a request now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this cannot be done to the request as it stands")]
pub struct NotNow;

impl RedressState {
    pub const ALL: [Self; 7] =
        [Self::Received, Self::Verified, Self::Searched, Self::Proposed, Self::Decided, Self::Answered, Self::Closed];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Verified => "verified",
            Self::Searched => "searched",
            Self::Proposed => "proposed",
            Self::Decided => "decided",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Verified => "Identity verified",
            Self::Searched => "Searched",
            Self::Proposed => "Decision waits for a second person",
            Self::Decided => "Decided",
            Self::Answered => "Answered",
            Self::Closed => "Closed",
        }
    }

    /// Does somebody still wait for an answer?
    pub const fn awaits_answer(self) -> bool {
        !matches!(self, Self::Answered | Self::Closed)
    }

    /// The state after an event.
    ///
    /// # Errors
    /// [`NotNow`] for what cannot happen here.
    pub const fn next(self, event: RedressEvent) -> Result<Self, NotNow> {
        Ok(match (self, event) {
            (state, RedressEvent::Acknowledged | RedressEvent::Extended) if state.awaits_answer() => state,
            (Self::Received, RedressEvent::Logged) => Self::Received,
            (Self::Received, RedressEvent::Verified) => Self::Verified,
            // What was decided is given back, too, if it cannot be carried out: the correction that it rests on was refused.
            (Self::Verified | Self::Searched, RedressEvent::Searched)
            | (Self::Proposed | Self::Decided, RedressEvent::Returned) => Self::Searched,
            (Self::Searched, RedressEvent::Proposed) => Self::Proposed,
            // What gives everything needs nobody else.
            (Self::Searched | Self::Proposed, RedressEvent::Decided) => Self::Decided,
            (Self::Decided, RedressEvent::Answered) => Self::Answered,
            (Self::Answered, RedressEvent::Closed)
            | (Self::Received | Self::Verified | Self::Searched, RedressEvent::Withdrawn) => Self::Closed,
            // It stays with the record, whenever it comes.
            (state @ (Self::Answered | Self::Closed), RedressEvent::Disagreed) => state,
            _ => return Err(NotNow),
        })
    }
}

impl RedressEvent {
    pub const ALL: [Self; 12] = [
        Self::Logged,
        Self::Acknowledged,
        Self::Extended,
        Self::Verified,
        Self::Searched,
        Self::Proposed,
        Self::Returned,
        Self::Decided,
        Self::Answered,
        Self::Closed,
        Self::Withdrawn,
        Self::Disagreed,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Logged => "logged",
            Self::Acknowledged => "acknowledged",
            Self::Extended => "extended",
            Self::Verified => "verified",
            Self::Searched => "searched",
            Self::Proposed => "proposed",
            Self::Returned => "returned",
            Self::Decided => "decided",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Disagreed => "disagreed",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Logged => "Logged",
            Self::Acknowledged => "Acknowledged to the person",
            Self::Extended => "Ten working days more, told to the person",
            Self::Verified => "Identity verified",
            Self::Searched => "Searched",
            Self::Proposed => "Decision proposed",
            Self::Returned => "Decision given back",
            Self::Decided => "Decided",
            Self::Answered => "Answered",
            Self::Closed => "Closed",
            Self::Withdrawn => "Withdrawn",
            Self::Disagreed => "The person disagrees",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_request_goes_its_way() {
        use RedressEvent::{Answered, Closed, Decided, Logged, Proposed, Returned, Searched, Verified};
        let way = [Logged, Verified, Searched, Searched, Proposed, Returned, Proposed, Decided, Answered, Closed];
        let end = way.into_iter().try_fold(RedressState::Received, RedressState::next);
        assert_eq!(end, Ok(RedressState::Closed));
    }

    #[test]
    fn each_word_of_the_database_is_read_back() {
        assert!(RedressState::ALL.into_iter().all(|state| RedressState::from_key(state.key()) == Some(state)));
        assert!(RedressEvent::ALL.into_iter().all(|event| RedressEvent::from_key(event.key()) == Some(event)));
    }

    fn events() -> impl Strategy<Value = Vec<RedressEvent>> {
        prop::collection::vec(prop::sample::select(RedressEvent::ALL.to_vec()), 0..40)
    }

    proptest! {
        /// Nothing is answered that was not decided, nothing decided without a search, and nobody is searched for who is not known.
        #[test]
        fn no_step_is_left_out(events in events()) {
            let mut state = RedressState::Received;
            let mut done = Vec::new();
            for event in events {
                let Ok(next) = state.next(event) else { continue };
                done.push(event);
                state = next;
                let was = |event| done.contains(&event);
                if was(RedressEvent::Answered) {
                    prop_assert!(was(RedressEvent::Decided));
                }
                if was(RedressEvent::Decided) {
                    prop_assert!(was(RedressEvent::Searched) && was(RedressEvent::Verified));
                }
                prop_assert!(!(was(RedressEvent::Withdrawn) && was(RedressEvent::Answered)));
            }
        }
    }
}
