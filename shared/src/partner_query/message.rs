//! What countries write to each other, in the one form that the agency thinks in: a request, or the reply to one.
//!
//! A partner's own form is a [`super::Template`]; reading one gives a [`Message`], and whatever stands in a message is legal. Fields
//! are those of PIA-060(a), "Characterization of the Information", and those that every carry-over template has: FIN, A-Number, full
//! name, the partner's identification number, what information and which documents are wanted.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::number::TransactionNumber;
use super::template::TemplateId;
use super::text::{LongLine, PartnerReference, ShortLine};
use super::value::Told;
use crate::agreement::{AgreementVersion, AnswerKind, Direction, Element, Modality, Partner, Priority, Purpose, Step};
use crate::case_feed::ANumber;
use crate::country::CountryCode;
use crate::profile::{EncounterId, Fin, Gender};
use crate::sensitive::Sensitive;

/// A request or the reply to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Request(Request),
    Reply(Reply),
}

/// What stands above every message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The template in which it came, or is to be written.
    pub template: TemplateId,
    /// The number of this message.
    pub number: TransactionNumber,
    /// Of a later query: the number of the first about the person. Of a reply: the number of what it answers.
    pub prior: Option<TransactionNumber>,
    /// Who asked. A reply has the direction of its request.
    pub direction: Direction,
    pub partner: Partner,
    pub agreement: AgreementVersion,
    pub step: Step,
    /// The sender's day.
    pub date: NaiveDate,
}

/// Somebody asks about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub header: Header,
    pub reason: Reason,
    pub priority: Priority,
    pub requestor: Official,
    pub subject: Subject,
    pub ask: Ask,
}

/// Somebody of one of the two countries, who can be asked about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Official {
    pub name: Sensitive<ShortLine>,
    pub organization: ShortLine,
    /// As they write it: an address, a telephone number.
    pub contact: Sensitive<ShortLine>,
}

/// The person about whom somebody asks, as who asks knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// None where prints alone are asked about.
    pub full_name: Option<Sensitive<ShortLine>>,
    pub aliases: Vec<Sensitive<ShortLine>>,
    pub birth_date: Option<Sensitive<NaiveDate>>,
    pub birth_country: Option<Sensitive<CountryCode>>,
    pub gender: Option<Sensitive<Gender>>,
    pub a_number: Option<Sensitive<ANumber>>,
    pub fin: Option<Sensitive<Fin>>,
    /// What ties the request to prints: without it nobody could say whom the first query found.
    pub encounter: Sensitive<EncounterReference>,
    /// The number that the partner has for the person.
    pub partner_identification: Option<Sensitive<PartnerReference>>,
}

/// By what a person's prints are named: ours or the partner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EncounterReference {
    Eid(EncounterId),
    PartnerFingerprint(PartnerReference),
}

/// What is wanted, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Information and documents: see [`Ask::information`], [`Ask::documents`].
    pub elements: BTreeSet<Element>,
    /// In the words of who asks.
    pub justification: Option<Sensitive<LongLine>>,
}

/// What is told, or that nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub header: Header,
    pub result: ReplyResult,
    pub reviewer: Official,
    pub told: Told,
    pub enclosures: Vec<Enclosure>,
    /// On what condition it is told, and how it is to be handled (SOR/2002-227 s. 315.25(4)).
    pub caveats: Vec<LongLine>,
    /// The reply that this one sets right.
    pub correction_of: Option<TransactionNumber>,
}

/// A document or a photograph that goes with a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    pub element: Element,
    pub name: Sensitive<ShortLine>,
    /// Of its bytes.
    pub sha256: [u8; 32],
}

/// Why somebody asks, in the words of requests (PIA-060(a)). The last two are ours: agreements have those purposes, and the list of
/// the assessment has no word for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    VisaApplicant,
    Application,
    RefugeeClaimant,
    Enforcement,
    Absconder,
    Citizenship,
    DataAccuracy,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyResult {
    Match,
    NoMatch,
    /// Some of what was asked.
    Partial,
    /// Nothing, for a reason that is not told.
    Refused,
    /// The request could not be read or worked on.
    Error,
}

impl Message {
    pub const fn header(&self) -> &Header {
        match self {
            Self::Request(request) => &request.header,
            Self::Reply(reply) => &reply.header,
        }
    }

    /// Did we write it? We ask in one direction and answer in the other.
    pub const fn is_ours(&self) -> bool {
        matches!((self, self.header().direction), (Self::Request(_), Direction::Out) | (Self::Reply(_), Direction::In))
    }
}

impl Request {
    /// The purpose under which an agreement lets it be asked.
    pub const fn purpose(&self) -> Purpose {
        self.reason.purpose()
    }
}

impl Ask {
    /// What is to be written in the reply.
    pub fn information(&self) -> impl Iterator<Item = Element> + '_ {
        self.elements.iter().copied().filter(|element| element.modality() != Modality::Document)
    }

    /// What is to go with the reply.
    pub fn documents(&self) -> impl Iterator<Item = Element> + '_ {
        self.elements.iter().copied().filter(|element| element.modality() == Modality::Document)
    }
}

impl Reply {
    /// Does it say anything about the person? That a person is known is something.
    pub fn tells(&self) -> bool {
        self.result.is_match() || !self.told.is_empty() || !self.enclosures.is_empty()
    }

    /// The elements of which it tells, in values and in what goes with it.
    pub fn elements(&self) -> BTreeSet<Element> {
        self.told.elements().chain(self.enclosures.iter().map(|enclosure| enclosure.element)).collect()
    }
}

impl Reason {
    pub const ALL: [Self; 7] = [
        Self::VisaApplicant,
        Self::Application,
        Self::RefugeeClaimant,
        Self::Enforcement,
        Self::Absconder,
        Self::Citizenship,
        Self::DataAccuracy,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::VisaApplicant => "visa_applicant",
            Self::Application => "application",
            Self::RefugeeClaimant => "refugee_claimant",
            Self::Enforcement => "enforcement",
            Self::Absconder => "absconder",
            Self::Citizenship => "citizenship",
            Self::DataAccuracy => "data_accuracy",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::VisaApplicant => "Visa applicant",
            Self::Application => "Application",
            Self::RefugeeClaimant => "Refugee claimant",
            Self::Enforcement => "Enforcement",
            Self::Absconder => "Absconder",
            Self::Citizenship => "Citizenship",
            Self::DataAccuracy => "Accuracy of data",
        }
    }

    /// The purpose of the agreements that it comes under. Whether somebody may enter or stay is what enforcement asks; an agreement
    /// that does not let that be asked refuses both.
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::VisaApplicant | Self::Application => Purpose::VisaOrBenefit,
            Self::RefugeeClaimant => Purpose::RefugeeClaim,
            Self::Enforcement | Self::Absconder => Purpose::TravelOrStay,
            Self::Citizenship => Purpose::Citizenship,
            Self::DataAccuracy => Purpose::DataAccuracy,
        }
    }

    /// The widest word for a purpose, for who knows the purpose alone.
    pub const fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::VisaOrBenefit => Self::Application,
            Purpose::RefugeeClaim => Self::RefugeeClaimant,
            Purpose::TravelOrStay => Self::Enforcement,
            Purpose::Citizenship => Self::Citizenship,
            Purpose::DataAccuracy => Self::DataAccuracy,
        }
    }
}

impl ReplyResult {
    pub const ALL: [Self; 5] = [Self::Match, Self::NoMatch, Self::Partial, Self::Refused, Self::Error];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::NoMatch => "no_match",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::Error => "error",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "Match",
            Self::NoMatch => "No match",
            Self::Partial => "Partial",
            Self::Refused => "Refused",
            Self::Error => "Error",
        }
    }

    /// Does it say that the person is known?
    pub const fn is_match(self) -> bool {
        matches!(self, Self::Match | Self::Partial)
    }

    /// As a decision has it; none for what never leaves the agency.
    pub const fn of(answer: AnswerKind) -> Option<Self> {
        match answer {
            AnswerKind::Match => Some(Self::Match),
            AnswerKind::NoMatch => Some(Self::NoMatch),
            AnswerKind::Partial => Some(Self::Partial),
            AnswerKind::Refused => Some(Self::Refused),
            AnswerKind::Hold => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_key(reason.key()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.key());
        }
        for result in ReplyResult::ALL {
            assert_eq!(ReplyResult::from_key(result.key()), Some(result));
            assert_eq!(serde_json::to_value(result).unwrap(), result.key());
        }
    }

    #[test]
    fn every_purpose_of_an_agreement_has_a_reason_and_every_answer_but_a_hold_a_result() {
        for purpose in Purpose::ALL {
            assert_eq!(Reason::of(purpose).purpose(), purpose);
        }
        for answer in AnswerKind::ALL {
            assert_eq!(ReplyResult::of(answer).map(ReplyResult::key), (answer != AnswerKind::Hold).then_some(answer.key()));
        }
    }
}
