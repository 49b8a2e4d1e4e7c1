//! The bytes of a row that are hashed: a version, then each part with its length before it. The same row has the same bytes on every
//! machine and in every year.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::entry::{Authority, Disclosure, OutcomeEntry};
use super::other::OtherDisclosure;
use crate::partner_query::{LongLine, ShortLine};
use crate::service_request::OfficerId;

/// Parts, each with its length before it.
struct Parts(Vec<u8>);

impl Parts {
    fn of(version: &str) -> Self {
        Self(version.as_bytes().to_vec())
    }

    fn bytes(&mut self, part: &[u8]) -> &mut Self {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
        self
    }

    fn text(&mut self, part: &str) -> &mut Self {
        self.bytes(part.as_bytes())
    }

    fn at(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.bytes(&at.timestamp_micros().to_be_bytes())
    }

    /// How many there are, then each: a list and the list after it cannot be taken for one another.
    fn list<T: AsRef<[u8]>>(&mut self, list: impl ExactSizeIterator<Item = T>) -> &mut Self {
        self.bytes(&(list.len() as u64).to_be_bytes());
        for part in list {
            self.bytes(part.as_ref());
        }
        self
    }

    /// A list of one or none.
    fn optional<T: AsRef<[u8]>>(&mut self, part: Option<T>) -> &mut Self {
        self.list(part.into_iter())
    }

    fn officer(&mut self, officer: Option<OfficerId>) -> &mut Self {
        self.optional(officer.map(|officer| officer.0.to_be_bytes()))
    }
}

impl Disclosure {
    /// What is hashed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut parts = Parts::of("portico disclosure 1");
        parts.bytes(self.id.as_bytes()).at(self.at).bytes(self.person.as_bytes());
        parts.optional(self.a_number.as_ref().map(|number| number.expose().digits()));
        parts.text(self.nature.key()).text(self.record.as_str());
        parts.list(self.elements.iter().map(|element| element.key()));
        parts.list(self.documents.iter().map(Uuid::as_bytes));
        parts.text(self.purpose.key());
        authority(&mut parts, &self.authority);
        parts.bytes(&self.agreement.number().to_be_bytes());
        parts.list(self.waivers.iter().map(|waiver| waiver.uuid().into_bytes()));
        parts.text(self.recipient.partner.key()).text(self.recipient.organization.as_str());
        parts.text(self.recipient.name.expose().as_str()).text(self.recipient.address.expose().as_str());
        parts.text(self.method.key()).text(self.transaction.as_str());
        parts.officer(self.released_by).officer(self.approved_by).officer(self.transmitted_by);
        parts.bytes(&self.payload_sha256);
        parts.optional(self.correction_of.map(Uuid::into_bytes));
        parts.0
    }
}

fn authority(parts: &mut Parts, authority: &Authority) {
    parts.text(authority.key());
    match authority {
        Authority::RoutineUse { sorn, letter } => parts.text(sorn.as_str()).text(letter.as_str()),
        Authority::Statute { citation } => parts.text(citation.as_str()),
        Authority::Consent { waiver } | Authority::SecretaryMemorandum { waiver } => parts.bytes(waiver.uuid().as_bytes()),
    };
}

impl OtherDisclosure {
    /// What is hashed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut parts = Parts::of("portico other disclosure 1");
        parts.bytes(self.id.as_bytes()).at(self.at).bytes(self.person.as_bytes());
        parts.optional(self.a_number.as_ref().map(|number| number.expose().digits()));
        parts.text(self.nature.as_str()).text(self.record.as_str());
        parts.list(self.elements.iter().map(|element| element.key()));
        parts.optional(self.told.as_ref().map(|told| told.expose().as_str()));
        parts.optional(self.documents.as_ref().map(LongLine::as_str));
        parts.text(self.purpose.as_str()).text(self.exception.key());
        parts.optional(self.citation.as_ref().map(ShortLine::as_str));
        parts.text(self.recipient.organization.as_str());
        parts.optional(self.recipient.name.as_ref().map(|name| name.expose().as_str()));
        parts.text(self.recipient.address.expose().as_str()).text(self.way.key());
        parts.officer(Some(self.recorded_by));
        parts.optional(self.correction_of.map(Uuid::into_bytes));
        parts.0
    }
}

impl OutcomeEntry {
    /// What is hashed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut parts = Parts::of("portico disclosure outcome 1");
        parts.bytes(self.id.as_bytes()).bytes(self.disclosure.as_bytes()).at(self.at).text(self.outcome.key());
        parts.0
    }
}
