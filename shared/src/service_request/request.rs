//! A request as what happened to it: its state and its clock follow from its events.

use thiserror::Error;

use super::clock::{Clock, Moment, Transition};
use super::state::{Happening, Refused, State};
use super::target::Target;
use crate::office::OfficeCode;

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestEvent {
    pub at: Moment,
    pub happening: Happening,
}

/// A request, folded from its events.
///
/// The order in which events were recorded counts. One that is dated before the event that it follows, since servers' clocks
/// differ a little, is taken to have happened together with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRequest {
    received: Moment,
    events: Vec<RequestEvent>,
    state: State,
    /// What the clock did after each event.
    transitions: Vec<Transition>,
}

/// Why events are not those of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Broken {
    #[error("a request begins with its receipt")]
    NotReceived,
    #[error("event {number} of the request: {refused}")]
    Refused {
        /// Counted from one.
        number: usize,
        refused: Refused,
    },
}

impl ServiceRequest {
    /// A request that has just come in.
    pub fn received(at: Moment) -> Self {
        let state = State::Received;
        let transitions = vec![Transition { from: at, to: state.run() }];
        Self { received: at, events: vec![RequestEvent { at, happening: Happening::Received }], state, transitions }
    }

    /// The request to which all of this happened, in the order of recording.
    pub fn fold(events: impl IntoIterator<Item = RequestEvent>) -> Result<Self, Broken> {
        let mut events = events.into_iter();
        let mut request = match events.next() {
            Some(RequestEvent { at, happening: Happening::Received }) => Self::received(at),
            _ => return Err(Broken::NotReceived),
        };
        for (event, number) in events.zip(2..) {
            request.record(event).map_err(|refused| Broken::Refused { number, refused })?;
        }
        Ok(request)
    }

    /// Adds what happened; a request that refuses it stays as it is.
    pub fn record(&mut self, RequestEvent { at, happening }: RequestEvent) -> Result<(), Refused> {
        self.state = self.state.after(&happening)?;
        let at = self.events.last().map_or(at, |last| last.at.max(at));
        self.transitions.push(Transition { from: at, to: self.state.run() });
        self.events.push(RequestEvent { at, happening });
        Ok(())
    }

    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The office that has the request, or had it last; none before it came to one.
    pub fn office(&self) -> Option<&OfficeCode> {
        self.events.iter().rev().find_map(|event| match &event.happening {
            Happening::Routed { office, .. } | Happening::Redirected { office, .. } => Some(office),
            _ => None,
        })
    }

    pub fn events(&self) -> &[RequestEvent] {
        &self.events
    }

    /// The request's clock. It starts on the day of receipt, and does what the states say.
    pub fn clock(&self, target: Target) -> Clock {
        Clock::new(self.received.day, target, self.transitions.iter().copied())
    }

    /// When it came in.
    pub const fn received_at(&self) -> Moment {
        self.received
    }
}
