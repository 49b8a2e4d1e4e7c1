//! A change of address with its cases, and every way in which it can go on.

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::case_state::{CaseState, Hindrance};
use super::state::{Asker, ChangeState, OldReach, Proof, Refusal};

/// Wrong codes or numbers after which only an agent can help.
const MOST_FAILURES: u8 = 5;

/// Which case of a change: its place in the list, which never changes. It stands in keys of jobs, where a receipt number must
/// not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseAt(pub u16);

/// A change of address, what it is in, and what each of its cases is in.
///
/// All its cases had the same contact before: what was sent to the contact of one case proves nothing for another. A form whose
/// cases differ in that becomes several of these.
///
/// Transitions give a new one, or say why not. Whatever a row held before is checked by [`Self::from_parts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    reach: OldReach,
    state: ChangeState,
    cases: Vec<CaseState>,
}

/// Why a change cannot go on so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Rejected {
    #[error("the change does not wait for a proof")]
    NotPending,
    #[error("the change waits for another proof")]
    OtherProof,
    #[error("the time for it is over")]
    TooLate,
    #[error("the time for it is not over")]
    TooEarly,
    #[error("only the contact on file before the change can take it back")]
    NotTheOldContact,
    #[error("the change is not in force")]
    NotInForce,
    #[error("the change has no such case")]
    NoSuchCase,
    #[error("the case is in another state")]
    CaseState,
}

/// Parts that no way leads to: a row was written by something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a change of address and its cases do not go together")]
pub struct Inconsistent;

type Next = Result<Filing, Rejected>;

impl Filing {
    /// A change that was just sent in. `recognised` says of each listed case whether it is the person's.
    pub fn submit(reach: OldReach, recognised: &[bool], now: DateTime<Utc>) -> Self {
        let case = |is_theirs: &bool| {
            if *is_theirs { CaseState::HeldForProof } else { CaseState::CouldNot { reason: Hindrance::NotRecognised } }
        };
        let cases: Vec<CaseState> = recognised.iter().map(case).collect();
        let state = if recognised.contains(&true) { pending(reach.first_proof(), now) } else { ChangeState::Recorded { at: now } };
        Self { reach, state, cases }
    }

    /// A change as it was kept.
    ///
    /// # Errors
    /// Parts that do not go together, as a case that is updated without a proof.
    pub fn from_parts(reach: OldReach, state: ChangeState, cases: Vec<CaseState>) -> Result<Self, Inconsistent> {
        let waits_or_waited = !matches!(state, ChangeState::Recorded { .. });
        let proof = match state {
            ChangeState::Pending { awaits: proof, .. } | ChangeState::Confirmed { proof, .. } => Some(proof),
            _ => None,
        };
        let is_consistent = cases.iter().all(|case| goes_with(state, *case))
            && cases.iter().any(|case| case.is_recognised()) == waits_or_waited
            && proof.is_none_or(|proof| reach.allows(proof));
        if is_consistent { Ok(Self { reach, state, cases }) } else { Err(Inconsistent) }
    }

    pub const fn reach(&self) -> OldReach {
        self.reach
    }

    pub const fn state(&self) -> ChangeState {
        self.state
    }

    /// In the order of the list.
    pub fn cases(&self) -> &[CaseState] {
        &self.cases
    }

    pub(super) fn each_case(&self) -> impl Iterator<Item = (CaseAt, CaseState)> {
        self.cases.iter().enumerate().map(|(at, case)| (CaseAt(u16::try_from(at).unwrap_or(u16::MAX)), *case))
    }

    /// Whether cards of a case must not be mailed now. Asked again by whoever is about to mail one.
    pub fn holds_cards_of(&self, case: CaseAt) -> bool {
        self.cases.get(usize::from(case.0)) == Some(&CaseState::HeldForProof)
    }

    /// The right code, number or check came.
    pub fn confirm(&self, proof: Proof, now: DateTime<Utc>) -> Next {
        let (awaits, _) = self.pending(now)?;
        if awaits != proof {
            return Err(Rejected::OtherProof);
        }
        let reversible_until = self.reach.reversible_for().after(now);
        Ok(self.led_to(ChangeState::Confirmed { proof, at: now, reversible_until }, CaseState::WillBeUpdated))
    }

    /// A wrong code or number came. After a few of them it is an agent's, so that nobody can go on guessing.
    pub fn fail(&self, now: DateTime<Utc>) -> Next {
        let (awaits, failures) = self.pending(now)?;
        let ChangeState::Pending { until, .. } = self.state else { return Err(Rejected::NotPending) };
        if awaits == Proof::AgentsCheck {
            return Err(Rejected::OtherProof);
        }
        let failures = failures.saturating_add(1);
        let state = if failures < MOST_FAILURES {
            ChangeState::Pending { awaits, until, failures }
        } else {
            pending(Proof::AgentsCheck, now)
        };
        Ok(Self { state, ..self.clone() })
    }

    /// The person cannot get what was sent: another proof, of a kind that costs more. Never the other way round, and failures
    /// are not forgotten.
    pub fn ask_otherwise(&self, proof: Proof, now: DateTime<Utc>) -> Next {
        let (awaits, failures) = self.pending(now)?;
        let is_further = matches!(
            (awaits, proof),
            (Proof::CodeToContact, Proof::PinToOldAddress | Proof::AgentsCheck) | (Proof::PinToOldAddress, Proof::AgentsCheck)
        );
        if !is_further {
            return Err(Rejected::OtherProof);
        }
        let state = ChangeState::Pending { awaits: proof, until: proof.valid_for().after(now), failures };
        Ok(Self { state, ..self.clone() })
    }

    /// Nothing came in time.
    pub fn expire(&self, now: DateTime<Utc>) -> Next {
        match self.state {
            ChangeState::Pending { until, .. } if now >= until => Ok(self.led_to(ChangeState::Expired { at: now }, NOT_PROVEN)),
            ChangeState::Pending { .. } => Err(Rejected::TooEarly),
            _ => Err(Rejected::NotPending),
        }
    }

    /// Somebody says no while the change waits: the old contact that it was not them, the sender that they take it back, an
    /// agent that it is not proven. The old contact is not heard where it may be the danger.
    pub fn refuse(&self, asker: Asker, now: DateTime<Utc>) -> Next {
        self.pending(now)?;
        if asker == Asker::OldContact && self.reach == OldReach::NotSafe {
            return Err(Rejected::NotTheOldContact);
        }
        Ok(self.led_to(ChangeState::Refused { at: now, reason: Refusal::by(asker) }, NOT_PROVEN))
    }

    /// The change in force is taken back. Only the old contact can: whoever stole a change holds the new one. An agent makes a
    /// new change instead, with a check of its own.
    pub fn reverse(&self, asker: Asker, now: DateTime<Utc>) -> Next {
        let ChangeState::Confirmed { reversible_until, .. } = self.state else { return Err(Rejected::NotInForce) };
        if asker != Asker::OldContact || self.reach == OldReach::NotSafe {
            return Err(Rejected::NotTheOldContact);
        }
        if now >= reversible_until {
            return Err(Rejected::TooLate);
        }
        Ok(self.led_to(ChangeState::Reversed { at: now }, CaseState::Reversed { at: now }))
    }

    /// The case's address is changed.
    pub fn case_updated(&self, case: CaseAt, now: DateTime<Utc>) -> Next {
        self.case_led_to(case, CaseState::Updated { at: now }, |from| from == CaseState::WillBeUpdated)
    }

    /// The case's address cannot be changed, and trying again would not help.
    pub fn case_failed(&self, case: CaseAt, reason: Hindrance) -> Next {
        if !matches!(reason, Hindrance::Closed | Hindrance::CaseSystem) {
            return Err(Rejected::CaseState);
        }
        self.case_led_to(case, CaseState::CouldNot { reason }, |from| {
            matches!(from, CaseState::WillBeUpdated | CaseState::Updated { .. })
        })
    }

    /// The case system has the new address.
    pub fn case_acknowledged(&self, case: CaseAt, now: DateTime<Utc>) -> Next {
        self.case_led_to(case, CaseState::Acknowledged { at: now }, |from| {
            matches!(from, CaseState::WillBeUpdated | CaseState::Updated { .. })
        })
    }

    /// The case system has sent a third address.
    pub fn case_replaced(&self, case: CaseAt, now: DateTime<Utc>) -> Next {
        self.case_led_to(case, CaseState::Replaced { at: now }, CaseState::is_changed)
    }

    fn pending(&self, now: DateTime<Utc>) -> Result<(Proof, u8), Rejected> {
        match self.state {
            ChangeState::Pending { until, .. } if now >= until => Err(Rejected::TooLate),
            ChangeState::Pending { awaits, failures, .. } => Ok((awaits, failures)),
            _ => Err(Rejected::NotPending),
        }
    }

    /// The change goes on, and with it all cases that it still moves. The others stay what they are.
    fn led_to(&self, state: ChangeState, case: CaseState) -> Self {
        let moves = |from: CaseState| from == CaseState::HeldForProof || from.is_changed();
        let cases = self.cases.iter().map(|from| if moves(*from) { case } else { *from }).collect();
        Self { reach: self.reach, state, cases }
    }

    fn case_led_to(&self, case: CaseAt, to: CaseState, may: impl Fn(CaseState) -> bool) -> Next {
        if !matches!(self.state, ChangeState::Confirmed { .. }) {
            return Err(Rejected::NotInForce);
        }
        let mut next = self.clone();
        let from = next.cases.get_mut(usize::from(case.0)).ok_or(Rejected::NoSuchCase)?;
        if !may(*from) {
            return Err(Rejected::CaseState);
        }
        *from = to;
        Ok(next)
    }
}

/// Whether a case can be in a state while its change is in one.
fn goes_with(change: ChangeState, case: CaseState) -> bool {
    use Hindrance::{CaseSystem, ChangeNotProven, Closed, NotRecognised};
    match case {
        CaseState::CouldNot { reason: NotRecognised } => true,
        CaseState::HeldForProof => matches!(change, ChangeState::Pending { .. }),
        CaseState::WillBeUpdated | CaseState::Updated { .. } | CaseState::Acknowledged { .. } => {
            matches!(change, ChangeState::Confirmed { .. })
        }
        CaseState::CouldNot { reason: Closed | CaseSystem } | CaseState::Replaced { .. } => {
            matches!(change, ChangeState::Confirmed { .. } | ChangeState::Reversed { .. })
        }
        CaseState::Reversed { .. } => matches!(change, ChangeState::Reversed { .. }),
        CaseState::CouldNot { reason: ChangeNotProven } => {
            matches!(change, ChangeState::Expired { .. } | ChangeState::Refused { .. })
        }
    }
}

const NOT_PROVEN: CaseState = CaseState::CouldNot { reason: Hindrance::ChangeNotProven };

fn pending(awaits: Proof, now: DateTime<Utc>) -> ChangeState {
    ChangeState::Pending { awaits, until: awaits.valid_for().after(now), failures: 0 }
}
