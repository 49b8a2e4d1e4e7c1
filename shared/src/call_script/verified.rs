//! How far a caller has shown who they are, and what may be said then.

use serde::{Deserialize, Serialize};

/// How far the caller is verified. Ordered: who has shown more may hear more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    #[default]
    Nothing,
    /// They read out the receipt number: as on the page that anybody can open.
    Receipt,
    /// Receipt number, date of birth and the ZIP code that mail goes to agree with the record.
    Person,
    /// The representative who is on file for the case, by name, with the person's date of birth and ZIP code.
    Representative,
}

impl Verified {
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Receipt, Self::Person, Self::Representative];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Receipt => "receipt",
            Self::Person => "person",
            Self::Representative => "representative",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }

    /// As the agent reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "Not verified",
            Self::Receipt => "Receipt number",
            Self::Person => "Receipt number, date of birth and ZIP code",
            Self::Representative => "Representative on file",
        }
    }

    /// Whether a block may be read to this caller. Whether the case may be spoken of at all is asked of its protection besides.
    pub fn may_hear(self, block: CaseBlock) -> bool {
        self >= block.needs()
    }
}

/// What a script can say about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseBlock {
    /// Where the case stands.
    Status,
    /// Where the card or notice is in the mail.
    Delivery,
    /// From which day on one may ask about the case, and why.
    Eligibility,
    /// Service requests about the case that are under way.
    Requests,
}

impl CaseBlock {
    pub const ALL: [Self; 4] = [Self::Status, Self::Delivery, Self::Eligibility, Self::Requests];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Delivery => "delivery",
            Self::Eligibility => "eligibility",
            Self::Requests => "requests",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "Where the case stands",
            Self::Delivery => "Where the card or notice is in the mail",
            Self::Eligibility => "From which day one may ask",
            Self::Requests => "Requests under way",
        }
    }

    /// With the number alone one learns what the public page tells; what follows from the filing, and what was asked, only who the case
    /// is about.
    pub const fn needs(self) -> Verified {
        match self {
            Self::Status | Self::Delivery => Verified::Receipt,
            Self::Eligibility | Self::Requests => Verified::Person,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_may_hear() {
        let may = |verified: Verified| CaseBlock::ALL.map(|block| verified.may_hear(block));
        assert_eq!(may(Verified::Nothing), [false; 4]);
        assert_eq!(may(Verified::Receipt), [true, true, false, false]);
        assert_eq!(may(Verified::Person), [true; 4]);
        assert_eq!(may(Verified::Representative), [true; 4]);
    }

    #[test]
    fn keys_are_those_that_serde_writes() {
        for verified in Verified::ALL {
            assert_eq!(serde_json::to_value(verified).unwrap(), verified.key());
            assert_eq!(Verified::from_key(verified.key()), Some(verified));
        }
        for block in CaseBlock::ALL {
            assert_eq!(serde_json::to_value(block).unwrap(), block.key());
            assert_eq!(CaseBlock::from_key(block.key()), Some(block));
        }
        assert_eq!((Verified::from_key("x"), CaseBlock::from_key("")), (None, None));
    }
}
