//! Where a version of a script stands.

/// The states of a version. It goes one way, but for a review that sends it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VersionState {
    /// It can be edited.
    Draft,
    /// A second person reads it.
    InReview,
    /// It is read to callers from a day on, until a later version is.
    Published,
    /// A review refused it, or it was given up.
    Dropped,
}

impl VersionState {
    pub const ALL: [Self; 4] = [Self::Draft, Self::InReview, Self::Published, Self::Dropped];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Dropped => "dropped",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::InReview => "Awaiting review",
            Self::Published => "Published",
            Self::Dropped => "Given up",
        }
    }

    /// May a version go from this state to another?
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft, Self::InReview | Self::Dropped) | (Self::InReview, Self::Draft | Self::Published | Self::Dropped)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::VersionState::{Draft, Dropped, InReview, Published};
    use super::*;

    #[test]
    fn every_change_of_state() {
        let next = |from: VersionState| VersionState::ALL.into_iter().filter(|to| from.may_become(*to)).collect::<Vec<_>>();
        assert_eq!(next(Draft), [InReview, Dropped]);
        assert_eq!(next(InReview), [Draft, Published, Dropped]);
        assert_eq!(next(Published), []);
        assert_eq!(next(Dropped), []);
        for state in VersionState::ALL {
            assert_eq!(VersionState::from_key(state.key()), Some(state));
        }
    }
}
