//! A row of the accounting, and what became of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::agreement::{AgreementVersion, Element, Partner, Purpose};
use crate::case_feed::ANumber;
use crate::partner_query::{LongLine, ShortLine, TransactionNumber};
use crate::protection::WaiverId;
use crate::sensitive::Sensitive;
use crate::service_request::OfficerId;

/// That something about a person is being told to a partner. Where it stands among the others is no part of it: that is given later,
/// as with the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    pub id: Uuid,
    /// When it was recorded, which is before anything left.
    pub at: DateTime<Utc>,
    /// The profile of the person.
    pub person: Uuid,
    /// As it was then: a person's numbers can be corrected.
    pub a_number: Option<Sensitive<ANumber>>,
    pub nature: Nature,
    /// The record from which it was told, in words: for the person who asks.
    pub record: LongLine,
    pub elements: BTreeSet<Element>,
    pub documents: BTreeSet<Uuid>,
    pub purpose: Purpose,
    pub authority: Authority,
    /// Of the agreement with the recipient's country.
    pub agreement: AgreementVersion,
    /// The waivers without which it could not be told.
    pub waivers: BTreeSet<WaiverId>,
    pub recipient: Recipient,
    pub method: Method,
    /// Of the message that tells it.
    pub transaction: TransactionNumber,
    /// Who prepared it. None: a machine, as for automatic answers.
    pub released_by: Option<OfficerId>,
    pub approved_by: Option<OfficerId>,
    pub transmitted_by: Option<OfficerId>,
    /// Of the bytes that leave.
    pub payload_sha256: [u8; 32],
    /// The disclosure that this one sets right. Its recipient is told by this one, as soon as its outcome is `Sent`.
    pub correction_of: Option<Uuid>,
}

/// What became of a disclosure, added to it later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutcomeEntry {
    pub id: Uuid,
    pub disclosure: Uuid,
    pub at: DateTime<Utc>,
    pub outcome: Outcome,
}

/// Who got it: the law wants a name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub partner: Partner,
    pub organization: ShortLine,
    /// Who asked, or the office that gets what no person asked for.
    pub name: Sensitive<ShortLine>,
    pub address: Sensitive<ShortLine>,
}

/// What kind of telling it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A match that IDENT told by itself.
    AutomaticAnswer,
    /// What people prepared and released.
    Answer,
    /// Fingerprints that we sent to be searched: that we ask about a person tells that we know them.
    OwnQueryWithPrints,
    /// A query of ours by number, which names the person.
    OwnQuery,
    /// What was told before is set right.
    Correction,
}

/// On what ground it may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "authority", rename_all = "snake_case", deny_unknown_fields)]
pub enum Authority {
    /// 5 USC 552a(b)(3): a routine use that the notice of the system of records names.
    RoutineUse {
        /// `DHS/USCIS-018`.
        sorn: ShortLine,
        /// The letter of the use in the notice.
        letter: ShortLine,
    },
    /// 5 USC 552a(b): the person's own, in writing.
    Consent { waiver: WaiverId },
    /// Another statute.
    Statute { citation: ShortLine },
    /// The Secretary's authorization under 8 CFR 208.6.
    SecretaryMemorandum { waiver: WaiverId },
}

/// How it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A message through IDENT, from machine to machine.
    Ident,
    /// A package that OBIM fetches and sends.
    ObimPackage,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Sent,
    /// The other side did not take it: nothing was told.
    Refused,
    /// Nobody knows. It counts as told.
    Unknown,
}

impl Nature {
    pub const ALL: [Self; 5] = [Self::AutomaticAnswer, Self::Answer, Self::OwnQueryWithPrints, Self::OwnQuery, Self::Correction];

    pub const fn key(self) -> &'static str {
        match self {
            Self::AutomaticAnswer => "automatic_answer",
            Self::Answer => "answer",
            Self::OwnQueryWithPrints => "own_query_with_prints",
            Self::OwnQuery => "own_query",
            Self::Correction => "correction",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|nature| nature.key() == key)
    }

    /// As the person who asks reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AutomaticAnswer => "Automatic answer to a search by fingerprints",
            Self::Answer => "Answer to a request",
            Self::OwnQueryWithPrints => "Fingerprints sent to be searched",
            Self::OwnQuery => "Question about the person",
            Self::Correction => "Correction of what was told before",
        }
    }
}

impl Authority {
    /// The word in the database.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::RoutineUse { .. } => "routine_use",
            Self::Consent { .. } => "consent",
            Self::Statute { .. } => "statute",
            Self::SecretaryMemorandum { .. } => "secretary_memorandum",
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::RoutineUse { .. } => "Routine use, 5 USC 552a(b)(3)",
            Self::Consent { .. } => "Consent of the person",
            Self::Statute { .. } => "Statute",
            Self::SecretaryMemorandum { .. } => "Memorandum of the Secretary, 8 CFR 208.6",
        }
    }
}

impl Method {
    pub const ALL: [Self; 2] = [Self::Ident, Self::ObimPackage];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Ident => "ident",
            Self::ObimPackage => "obim_package",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ident => "Electronic message through IDENT",
            Self::ObimPackage => "Package sent by OBIM",
        }
    }
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Sent, Self::Refused, Self::Unknown];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "Sent",
            Self::Refused => "Not taken",
            Self::Unknown => "Not known",
        }
    }
}
