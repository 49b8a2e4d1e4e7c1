//! How a version of an agreement comes into force: two people sign it, each as what they are.

/// As what somebody signs. A version is in force when it has one signature of each, of two people who did not write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capacity {
    Privacy,
    Counsel,
}

impl Capacity {
    pub const ALL: [Self; 2] = [Self::Privacy, Self::Counsel];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Counsel => "counsel",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Privacy => "Privacy officer",
            Self::Counsel => "Counsel",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back() {
        for capacity in Capacity::ALL {
            assert_eq!(Capacity::from_key(capacity.key()), Some(capacity));
        }
    }
}
