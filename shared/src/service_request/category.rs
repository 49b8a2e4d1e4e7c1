//! What a request is about, how it came in, and why it lies with an office: closed lists with stable keys.

use serde::{Deserialize, Serialize};

/// What a request is about. The first seven are asked on the pages of e-Request; the others are taken by staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// The case takes longer than the published time.
    OutsideNormalTime,
    NoticeNotReceived,
    CardNotReceived,
    DocumentNotReceived,
    /// A mistake of the agency's on a notice, a card or a document.
    TypographicError,
    /// What somebody with a disability needs at an appointment.
    Accommodation,
    /// Information about the beneficiary of a petition has changed.
    BeneficiaryChange,
    /// Something was filed, and no receipt notice came.
    NoReceiptNotice,
    /// The number is right, and neither telephone nor web knows it.
    NoAutomatedInformation,
    /// The Department of State recommended to waive the two-year rule of J-1, and no notice came since.
    DosReview,
    CaseStatus,
    ChangeOfAddress,
    ReceiptNoticeError,
    Expedite,
}

impl RequestKind {
    pub const ALL: [Self; 14] = [
        Self::OutsideNormalTime,
        Self::NoticeNotReceived,
        Self::CardNotReceived,
        Self::DocumentNotReceived,
        Self::TypographicError,
        Self::Accommodation,
        Self::BeneficiaryChange,
        Self::NoReceiptNotice,
        Self::NoAutomatedInformation,
        Self::DosReview,
        Self::CaseStatus,
        Self::ChangeOfAddress,
        Self::ReceiptNoticeError,
        Self::Expedite,
    ];

    /// The kinds that a person may ask for on the pages of e-Request.
    pub const ONLINE: [Self; 7] = [
        Self::OutsideNormalTime,
        Self::NoticeNotReceived,
        Self::CardNotReceived,
        Self::DocumentNotReceived,
        Self::TypographicError,
        Self::Accommodation,
        Self::BeneficiaryChange,
    ];

    /// The word in reference data and in the database, and the one that serde writes.
    pub const fn key(self) -> &'static str {
        match self {
            Self::OutsideNormalTime => "outside_normal_time",
            Self::NoticeNotReceived => "notice_not_received",
            Self::CardNotReceived => "card_not_received",
            Self::DocumentNotReceived => "document_not_received",
            Self::TypographicError => "typographic_error",
            Self::Accommodation => "accommodation",
            Self::BeneficiaryChange => "beneficiary_change",
            Self::NoReceiptNotice => "no_receipt_notice",
            Self::NoAutomatedInformation => "no_automated_information",
            Self::DosReview => "dos_review",
            Self::CaseStatus => "case_status",
            Self::ChangeOfAddress => "change_of_address",
            Self::ReceiptNoticeError => "receipt_notice_error",
            Self::Expedite => "expedite",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// How a request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    EReq,
    Telephone,
    Letter,
    WalkIn,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::EReq, Self::Telephone, Self::Letter, Self::WalkIn];

    pub const fn key(self) -> &'static str {
        match self {
            Self::EReq => "e_req",
            Self::Telephone => "telephone",
            Self::Letter => "letter",
            Self::WalkIn => "walk_in",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.key() == key)
    }
}

/// Why a request lies with its office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum RoutingReason {
    /// The case is there.
    CaseOffice,
    /// All requests of this kind go there.
    TypeTable,
    /// The person lives there.
    Zip,
    /// Nothing told of a better one.
    Default,
    /// Another office sent it on.
    Redirected(RedirectReason),
}

impl RoutingReason {
    pub const ALL: [Self; 8] = [
        Self::CaseOffice,
        Self::TypeTable,
        Self::Zip,
        Self::Default,
        Self::Redirected(RedirectReason::StaffChange),
        Self::Redirected(RedirectReason::OfficeAlignment),
        Self::Redirected(RedirectReason::Disability),
        Self::Redirected(RedirectReason::OfficeBandwidth),
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::CaseOffice => "case_office",
            Self::TypeTable => "type_table",
            Self::Zip => "zip",
            Self::Default => "default",
            Self::Redirected(RedirectReason::StaffChange) => "redirected_staff_change",
            Self::Redirected(RedirectReason::OfficeAlignment) => "redirected_office_alignment",
            Self::Redirected(RedirectReason::Disability) => "redirected_disability",
            Self::Redirected(RedirectReason::OfficeBandwidth) => "redirected_office_bandwidth",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

impl From<RoutingReason> for &'static str {
    fn from(reason: RoutingReason) -> Self {
        reason.key()
    }
}

impl TryFrom<String> for RoutingReason {
    type Error = &'static str;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        Self::from_key(&key).ok_or("no such reason of routing")
    }
}

/// Why a supervisor gives a request to another officer or office: the four reasons that the agency's assessment names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectReason {
    StaffChange,
    /// Another office is responsible for the place.
    OfficeAlignment,
    /// Somebody with a disability is served better there.
    Disability,
    OfficeBandwidth,
}

impl RedirectReason {
    pub const ALL: [Self; 4] = [Self::StaffChange, Self::OfficeAlignment, Self::Disability, Self::OfficeBandwidth];

    pub const fn key(self) -> &'static str {
        match self {
            Self::StaffChange => "staff_change",
            Self::OfficeAlignment => "office_alignment",
            Self::Disability => "disability",
            Self::OfficeBandwidth => "office_bandwidth",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use std::collections::BTreeSet;
    use std::fmt::Debug;

    /// Keys stand in databases and reference files: a renamed one would lose what is kept under the old.
    #[test]
    fn keys_of_kinds_are_those_that_were_published() {
        let keys = "outside_normal_time notice_not_received card_not_received document_not_received typographic_error accommodation \
                    beneficiary_change no_receipt_notice no_automated_information dos_review case_status change_of_address \
                    receipt_notice_error expedite";
        assert_eq!(RequestKind::ALL.map(RequestKind::key).to_vec(), keys.split_whitespace().collect::<Vec<_>>());
        assert_eq!(RequestKind::ALL[..7], RequestKind::ONLINE);
    }

    #[test]
    fn every_value_has_one_key_and_is_read_back_from_it() {
        all_from_their_keys(RequestKind::ALL, RequestKind::key, RequestKind::from_key);
        all_from_their_keys(Source::ALL, Source::key, Source::from_key);
        all_from_their_keys(RoutingReason::ALL, RoutingReason::key, RoutingReason::from_key);
        all_from_their_keys(RedirectReason::ALL, RedirectReason::key, RedirectReason::from_key);
    }

    fn all_from_their_keys<T: Copy + Debug + PartialEq + Serialize + DeserializeOwned, const N: usize>(
        all: [T; N],
        key: fn(T) -> &'static str,
        from_key: fn(&str) -> Option<T>,
    ) {
        for value in all {
            assert_eq!(from_key(key(value)), Some(value));
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(json, format!("\"{}\"", key(value)));
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
        }
        assert_eq!(all.map(key).into_iter().collect::<BTreeSet<_>>().len(), N);
        assert_eq!(from_key("nothing of the kind"), None);
        assert!(serde_json::from_str::<T>("\"nothing of the kind\"").is_err());
    }
}
