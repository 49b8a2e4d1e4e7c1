//! The logs over which trees are laid.

/// A table to which rows are only added, each with the hash of a leaf. Both databases have all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Log {
    /// Who did what to which subject.
    Audit,
    /// What was told to whom, before it was told.
    Disclosure,
    /// What became of it.
    DisclosureOutcome,
}

impl Log {
    pub const ALL: [Self; 3] = [Self::Audit, Self::Disclosure, Self::DisclosureOutcome];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Disclosure => "disclosure",
            Self::DisclosureOutcome => "disclosure_outcome",
        }
    }
}
