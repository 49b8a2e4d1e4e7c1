//! What a change of address as a whole is in.

use chrono::{DateTime, TimeDelta, Utc};

/// How somebody shows that the change is the person's own wish. ZIP code and date of birth are not enough: relatives know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proof {
    /// A code sent to the e-mail address or telephone that was on file before.
    CodeToContact,
    /// A number printed in a letter to the old address.
    PinToOldAddress,
    /// An agent has spoken with the person and looked at their papers.
    AgentsCheck,
}

impl Proof {
    pub const ALL: [Self; 3] = [Self::CodeToContact, Self::PinToOldAddress, Self::AgentsCheck];

    pub const fn key(self) -> &'static str {
        match self {
            Self::CodeToContact => "code_to_contact",
            Self::PinToOldAddress => "pin_to_old_address",
            Self::AgentsCheck => "agents_check",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.key() == key)
    }

    /// How long a change waits for it. A letter needs its days in the mail, and an agent an appointment; what is longer would
    /// hold cards for as long at a stranger's word.
    pub const fn valid_for(self) -> Hours {
        match self {
            Self::CodeToContact => Hours(24),
            Self::PinToOldAddress | Self::AgentsCheck => Hours(30 * 24),
        }
    }
}

/// A length of time in whole hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours(pub u16);

impl Hours {
    /// So long after an instant.
    pub fn after(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at.checked_add_signed(TimeDelta::hours(self.0.into())).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// How the person was reached before the change. It decides the proof, who is told, and how long a change can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OldReach {
    /// An e-mail address or a telephone number is on file.
    Contact,
    /// Nothing but the address.
    AddressOnly,
    /// The person says that it is not safe to write there. Whoever reads the old contact may be the danger: nothing goes to it,
    /// and it can take nothing back.
    NotSafe,
}

impl OldReach {
    pub const ALL: [Self; 3] = [Self::Contact, Self::AddressOnly, Self::NotSafe];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::AddressOnly => "address_only",
            Self::NotSafe => "not_safe",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.key() == key)
    }

    /// What is asked for first.
    pub const fn first_proof(self) -> Proof {
        match self {
            Self::Contact => Proof::CodeToContact,
            Self::AddressOnly => Proof::PinToOldAddress,
            Self::NotSafe => Proof::AgentsCheck,
        }
    }

    /// Whether a proof can be asked for at all.
    pub const fn allows(self, proof: Proof) -> bool {
        match self {
            Self::Contact => true,
            Self::AddressOnly => !matches!(proof, Proof::CodeToContact),
            Self::NotSafe => matches!(proof, Proof::AgentsCheck),
        }
    }

    /// How long after the change the old contact can take it back: three days for a message, two weeks for a letter, which has
    /// to arrive first.
    pub const fn reversible_for(self) -> Hours {
        match self {
            Self::Contact => Hours(72),
            Self::AddressOnly => Hours(14 * 24),
            Self::NotSafe => Hours(0),
        }
    }
}

/// Who asks for something. Proven by what was sent to them: a signed link or a number in a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The contact or the address that was on file before.
    OldContact,
    /// The contact that the change itself names. It can withdraw what waits, and take nothing back: it is the same hand.
    NewContact,
    Agent,
}

impl Asker {
    pub const ALL: [Self; 3] = [Self::OldContact, Self::NewContact, Self::Agent];
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The old contact says that it was not them.
    NotTheirs,
    /// An agent could not find that it is the person.
    NotProven,
    /// Whoever sent it in took it back while it waited.
    Withdrawn,
}

impl Refusal {
    pub const ALL: [Self; 3] = [Self::NotTheirs, Self::NotProven, Self::Withdrawn];

    pub const fn key(self) -> &'static str {
        match self {
            Self::NotTheirs => "not_theirs",
            Self::NotProven => "not_proven",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.key() == key)
    }

    /// Whose word it is.
    pub(super) const fn by(asker: Asker) -> Self {
        match asker {
            Asker::OldContact => Self::NotTheirs,
            Asker::NewContact => Self::Withdrawn,
            Asker::Agent => Self::NotProven,
        }
    }
}

/// The change as a whole. Only [`Self::Pending`] and [`Self::Confirmed`] lead on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// Waits for a proof. The cards of its cases are held meanwhile.
    Pending {
        awaits: Proof,
        /// The first instant at which it is too late.
        until: DateTime<Utc>,
        /// Wrong codes and numbers so far.
        failures: u8,
    },
    /// The report is taken and changes no case: none was listed, or none could be found. From outside, a case that is hidden,
    /// one that does not exist and one that is somebody else's are the same.
    Recorded {
        at: DateTime<Utc>,
    },
    Confirmed {
        proof: Proof,
        at: DateTime<Utc>,
        /// The first instant at which it can no longer be taken back.
        reversible_until: DateTime<Utc>,
    },
    /// Taken back by the old contact.
    Reversed {
        at: DateTime<Utc>,
    },
    /// No proof came in time.
    Expired {
        at: DateTime<Utc>,
    },
    Refused {
        at: DateTime<Utc>,
        reason: Refusal,
    },
}

impl ChangeState {
    pub const KEYS: [&str; 6] = ["pending", "recorded", "confirmed", "reversed", "expired", "refused"];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Pending { .. } => Self::KEYS[0],
            Self::Recorded { .. } => Self::KEYS[1],
            Self::Confirmed { .. } => Self::KEYS[2],
            Self::Reversed { .. } => Self::KEYS[3],
            Self::Expired { .. } => Self::KEYS[4],
            Self::Refused { .. } => Self::KEYS[5],
        }
    }
}
