//! What somebody opens a profile for. It stands beside every read in the audit log (5 USC 552a(b)(1): those "who have a need
//! for the record in the performance of their duties").

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadPurpose {
    /// Deciding an application or petition.
    Adjudication,
    /// Asking a partner country.
    PartnerQuery,
    /// Answering a partner country.
    InformationRequest,
    /// Inquiry into fraud (FDNS).
    Fraud,
    /// Setting right what is wrong in the profile.
    Correction,
    /// The person asked what is known, or to whom it was disclosed.
    Redress,
    /// Retention, holds, files.
    Records,
}

impl ReadPurpose {
    pub const ALL: [Self; 7] = [
        Self::Adjudication,
        Self::PartnerQuery,
        Self::InformationRequest,
        Self::Fraud,
        Self::Correction,
        Self::Redress,
        Self::Records,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Adjudication => "adjudication",
            Self::PartnerQuery => "partner_query",
            Self::InformationRequest => "information_request",
            Self::Fraud => "fraud",
            Self::Correction => "correction",
            Self::Redress => "redress",
            Self::Records => "records",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Adjudication => "Decide an application or petition",
            Self::PartnerQuery => "Ask a partner country",
            Self::InformationRequest => "Answer a partner country",
            Self::Fraud => "Look into fraud",
            Self::Correction => "Correct the profile",
            Self::Redress => "Answer the person about their own record",
            Self::Records => "Keep or dispose of records",
        }
    }
}
