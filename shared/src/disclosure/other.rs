//! A disclosure of the agency's own records to somebody who is no partner country: another agency, a court, Congress.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::agreement::Element;
use crate::case_feed::ANumber;
use crate::partner_query::{LongLine, ShortLine};
use crate::sensitive::Sensitive;
use crate::service_request::OfficerId;

/// That something about a person is about to be told by other ways than partner sharing: by letter, by a file, in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDisclosure {
    pub id: Uuid,
    /// When it was recorded, which is before anything left.
    pub at: DateTime<Utc>,
    /// The profile of the person.
    pub person: Uuid,
    /// As it was then: a person's numbers can be corrected.
    pub a_number: Option<Sensitive<ANumber>>,
    /// What kind of telling it is, in words: for the person who asks.
    pub nature: LongLine,
    /// The record from which it is told.
    pub record: LongLine,
    pub elements: BTreeSet<Element>,
    /// What else is told, in words.
    pub told: Option<Sensitive<LongLine>>,
    /// What goes with it, in words: these documents lie elsewhere.
    pub documents: Option<LongLine>,
    pub purpose: LongLine,
    pub exception: Exception,
    /// The notice and the letter of the routine use, the statute, the number of the order.
    pub citation: Option<ShortLine>,
    pub recipient: OtherRecipient,
    pub way: Way,
    pub recorded_by: OfficerId,
    /// The disclosure that this one sets right, or of which it says that the person disagrees.
    pub correction_of: Option<Uuid>,
}

/// Who gets it: the law wants a name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRecipient {
    /// An agency, a court, an office of Congress; of somebody who is none of these, their own name.
    pub organization: ShortLine,
    /// Who there.
    pub name: Option<Sensitive<ShortLine>>,
    pub address: Sensitive<ShortLine>,
}

/// An exception of 5 USC 552a(b), under which a record may be told without the person. (b)(1), who needs it for their duties in the
/// agency, and (b)(2), FOIA, are not accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// No exception: the person agreed in writing. It is accounted for as well.
    Consent,
    RoutineUse,
    Census,
    Statistics,
    Archives,
    LawEnforcement,
    HealthOrSafety,
    Congress,
    ComptrollerGeneral,
    Court,
    ConsumerReporting,
    /// Another statute that commands it.
    Statute,
}

/// How it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Mail,
    Email,
    File,
    Telephone,
    InPerson,
}

impl OtherDisclosure {
    /// Does it say what is told? A row that does not is no accounting.
    pub fn says_what(&self) -> bool {
        !self.elements.is_empty() || self.told.is_some() || self.documents.is_some()
    }
}

impl Exception {
    pub const ALL: [Self; 12] = [
        Self::RoutineUse,
        Self::Consent,
        Self::Census,
        Self::Statistics,
        Self::Archives,
        Self::LawEnforcement,
        Self::HealthOrSafety,
        Self::Congress,
        Self::ComptrollerGeneral,
        Self::Court,
        Self::ConsumerReporting,
        Self::Statute,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::RoutineUse => "routine_use",
            Self::Census => "census",
            Self::Statistics => "statistics",
            Self::Archives => "archives",
            Self::LawEnforcement => "law_enforcement",
            Self::HealthOrSafety => "health_or_safety",
            Self::Congress => "congress",
            Self::ComptrollerGeneral => "comptroller_general",
            Self::Court => "court",
            Self::ConsumerReporting => "consumer_reporting",
            Self::Statute => "statute",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|exception| exception.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "Consent of the person, 5 USC 552a(b)",
            Self::RoutineUse => "Routine use, 5 USC 552a(b)(3)",
            Self::Census => "Bureau of the Census, 5 USC 552a(b)(4)",
            Self::Statistics => "Statistics, 5 USC 552a(b)(5)",
            Self::Archives => "National Archives, 5 USC 552a(b)(6)",
            Self::LawEnforcement => "Law enforcement, 5 USC 552a(b)(7)",
            Self::HealthOrSafety => "Health or safety of somebody, 5 USC 552a(b)(8)",
            Self::Congress => "Congress, 5 USC 552a(b)(9)",
            Self::ComptrollerGeneral => "Comptroller General, 5 USC 552a(b)(10)",
            Self::Court => "Order of a court, 5 USC 552a(b)(11)",
            Self::ConsumerReporting => "Consumer reporting agency, 5 USC 552a(b)(12)",
            Self::Statute => "Statute",
        }
    }

    /// Does it say nothing without what it refers to: which routine use, which statute, which order?
    pub const fn needs_citation(self) -> bool {
        matches!(self, Self::RoutineUse | Self::Statute | Self::Court)
    }

    /// 5 USC 552a(c)(3): the person is shown every disclosure but those under (b)(7).
    pub const fn is_shown_to_the_person(self) -> bool {
        !matches!(self, Self::LawEnforcement)
    }
}

impl Way {
    pub const ALL: [Self; 5] = [Self::Mail, Self::Email, Self::File, Self::Telephone, Self::InPerson];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Email => "email",
            Self::File => "file",
            Self::Telephone => "telephone",
            Self::InPerson => "in_person",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "By mail",
            Self::Email => "By e-mail",
            Self::File => "As a file",
            Self::Telephone => "By telephone",
            Self::InPerson => "In person",
        }
    }
}
