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
    /// Refugee, asylum and international operations: decides such cases, and asks partner countries about the people in them.
    RaioOfficer,
    /// Fraud detection and national security: reads results for inquiries into fraud, and nothing else.
    FdnsAnalyst,
    /// Prepares what a partner country is answered.
    IctsAnalyst,
    /// Releases it: never what they prepared.
    IctsReviewer,
    /// Decides what the protection check could not.
    Counsel,
    /// Accounting of disclosures, waivers, the log of what was withheld to protect somebody.
    PrivacyOfficer,
    /// Drafts versions of the agreements with partner countries, which others sign.
    AgreementsManager,
    /// Of OBIM, which runs IDENT: fetches what was released, sends it, and says so.
    ObimAnalyst,
    /// Retention: schedules, holds, disposition.
    RecordsOfficer,
}

impl Role {
    pub const ALL: [Self; 16] = [
        Self::Tier1Agent,
        Self::Tier2Agent,
        Self::Iio,
        Self::Siio,
        Self::QualityReviewer,
        Self::Administrator,
        Self::Auditor,
        Self::RaioOfficer,
        Self::FdnsAnalyst,
        Self::IctsAnalyst,
        Self::IctsReviewer,
        Self::Counsel,
        Self::PrivacyOfficer,
        Self::AgreementsManager,
        Self::ObimAnalyst,
        Self::RecordsOfficer,
    ];

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
            Self::RaioOfficer => "raio_officer",
            Self::FdnsAnalyst => "fdns_analyst",
            Self::IctsAnalyst => "icts_analyst",
            Self::IctsReviewer => "icts_reviewer",
            Self::Counsel => "counsel",
            Self::PrivacyOfficer => "privacy_officer",
            Self::AgreementsManager => "agreements_manager",
            Self::ObimAnalyst => "obim_analyst",
            Self::RecordsOfficer => "records_officer",
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
            Self::RaioOfficer => "RAIO officer",
            Self::FdnsAnalyst => "FDNS analyst",
            Self::IctsAnalyst => "ICTS analyst",
            Self::IctsReviewer => "ICTS reviewer",
            Self::Counsel => "Counsel",
            Self::PrivacyOfficer => "Privacy officer",
            Self::AgreementsManager => "Agreements manager",
            Self::ObimAnalyst => "OBIM analyst",
            Self::RecordsOfficer => "Records officer",
        }
    }

    /// A grant of this role holds only when a second person has agreed: it opens other people's accounts, what everybody did, or what
    /// leaves the agency.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(
            self,
            Self::Siio
                | Self::Administrator
                | Self::Auditor
                | Self::IctsReviewer
                | Self::Counsel
                | Self::PrivacyOfficer
                | Self::AgreementsManager
                | Self::RecordsOfficer
        )
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
