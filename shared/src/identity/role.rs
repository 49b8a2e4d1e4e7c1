use chrono::{DateTime, Utc};

use crate::office::OfficeCode;

/// What somebody does at an office (PIA-019(b), "USCIS Personnel Interface").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Answers the telephone by scripts, and takes service requests.
    Tier1Agent,
    /// An officer on the telephone: the whole case, and answers.
    Tier2Agent,
    /// Immigration information officer: answers the requests assigned to them.
    Iio,
    /// Supervisory immigration information officer: assigns, reassigns and redirects an office's requests.
    Siio,
    /// Reads answers a second time.
    QualityReviewer,
    /// Accounts and grants, and no data of any case.
    Administrator,
    /// Reads the audit log.
    Auditor,
}

impl Role {
    pub const ALL: [Self; 7] =
        [Self::Tier1Agent, Self::Tier2Agent, Self::Iio, Self::Siio, Self::QualityReviewer, Self::Administrator, Self::Auditor];

    /// The word in the database, in settings and in claims of an identity provider.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Tier1Agent => "tier_1_agent",
            Self::Tier2Agent => "tier_2_agent",
            Self::Iio => "iio",
            Self::Siio => "siio",
            Self::QualityReviewer => "quality_reviewer",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// As staff say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tier1Agent => "Tier 1 agent",
            Self::Tier2Agent => "Tier 2 agent",
            Self::Iio => "IIO",
            Self::Siio => "SIIO",
            Self::QualityReviewer => "Quality reviewer",
            Self::Administrator => "Administrator",
            Self::Auditor => "Auditor",
        }
    }

    /// A grant of this role holds only when a second person has agreed: it opens other people's accounts or what everybody did.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::Siio | Self::Administrator | Self::Auditor)
    }
}

/// A role at an office, from an instant and until another, the end left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub office: OfficeCode,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

impl Grant {
    #[must_use]
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now && self.ends_at.is_none_or(|end| now < end)
    }
}
