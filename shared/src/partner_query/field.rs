//! Every field of a message: what forms ask, what templates carry, and where something is wrong.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::value::ValueKind;
use crate::agreement::Element;

/// A field of a message, whatever a country calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Field {
    Number,
    Prior,
    Direction,
    Partner,
    Agreement,
    Step,
    Date,
    Reason,
    Priority,
    RequestorName,
    RequestorOrganization,
    RequestorContact,
    FullName,
    /// One line each.
    Alias,
    BirthDate,
    BirthCountry,
    Gender,
    ANumber,
    Fin,
    Eid,
    PartnerFingerprint,
    PartnerIdentification,
    /// Wanted information, one element a line.
    Information,
    /// Wanted documents, one kind a line.
    Documents,
    Justification,
    Result,
    ReviewerName,
    ReviewerOrganization,
    ReviewerContact,
    CorrectionOf,
    /// What is told of an element, one value a line. Never of one that is enclosed.
    Told(Element),
    /// What goes with a reply, one a line.
    Enclosure,
    /// One line each.
    Caveat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no field of a message has this name")]
pub struct FieldError;

impl Field {
    /// What stands above every message.
    pub const HEADER: [Self; 7] =
        [Self::Number, Self::Prior, Self::Direction, Self::Partner, Self::Agreement, Self::Step, Self::Date];

    /// What a request has besides.
    pub const REQUEST: [Self; 18] = [
        Self::Reason,
        Self::Priority,
        Self::RequestorName,
        Self::RequestorOrganization,
        Self::RequestorContact,
        Self::FullName,
        Self::Alias,
        Self::BirthDate,
        Self::BirthCountry,
        Self::Gender,
        Self::ANumber,
        Self::Fin,
        Self::Eid,
        Self::PartnerFingerprint,
        Self::PartnerIdentification,
        Self::Information,
        Self::Documents,
        Self::Justification,
    ];

    /// What a reply has besides, but for what it tells.
    pub const REPLY: [Self; 7] = [
        Self::Result,
        Self::ReviewerName,
        Self::ReviewerOrganization,
        Self::ReviewerContact,
        Self::CorrectionOf,
        Self::Enclosure,
        Self::Caveat,
    ];

    /// What a reply can tell.
    pub fn told() -> impl Iterator<Item = Self> {
        Element::ALL.into_iter().filter(|element| ValueKind::of(*element) != ValueKind::Enclosed).map(Self::Told)
    }

    /// The word in files and in forms; of what is told the element's, with `told.` before it.
    pub fn key(self) -> String {
        match self {
            Self::Told(element) => format!("told.{}", element.key()),
            _ => self.word().to_owned(),
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        let all = Self::HEADER.into_iter().chain(Self::REQUEST).chain(Self::REPLY).chain(Self::told());
        all.into_iter().find(|field| field.key() == key)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Prior => "prior",
            Self::Direction => "direction",
            Self::Partner => "partner",
            Self::Agreement => "agreement",
            Self::Step => "step",
            Self::Date => "date",
            Self::Reason => "reason",
            Self::Priority => "priority",
            Self::RequestorName => "requestor_name",
            Self::RequestorOrganization => "requestor_organization",
            Self::RequestorContact => "requestor_contact",
            Self::FullName => "full_name",
            Self::Alias => "alias",
            Self::BirthDate => "birth_date",
            Self::BirthCountry => "birth_country",
            Self::Gender => "gender",
            Self::ANumber => "a_number",
            Self::Fin => "fin",
            Self::Eid => "eid",
            Self::PartnerFingerprint => "partner_fingerprint",
            Self::PartnerIdentification => "partner_identification",
            Self::Information => "information",
            Self::Documents => "documents",
            Self::Justification => "justification",
            Self::Result => "result",
            Self::ReviewerName => "reviewer_name",
            Self::ReviewerOrganization => "reviewer_organization",
            Self::ReviewerContact => "reviewer_contact",
            Self::CorrectionOf => "correction_of",
            Self::Told(element) => element.key(),
            Self::Enclosure => "enclosure",
            Self::Caveat => "caveat",
        }
    }

    /// As officers read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "Transaction number",
            Self::Prior => "Prior transaction number",
            Self::Direction => "Direction",
            Self::Partner => "Partner",
            Self::Agreement => "Version of the agreement",
            Self::Step => "Step",
            Self::Date => "Date",
            Self::Reason => "Reason",
            Self::Priority => "Priority",
            Self::RequestorName => "Name of requestor",
            Self::RequestorOrganization => "Organization of requestor",
            Self::RequestorContact => "Contact of requestor",
            Self::FullName => "Full name",
            Self::Alias => "Alias",
            Self::BirthDate => "Date of birth",
            Self::BirthCountry => "Country of birth",
            Self::Gender => "Gender",
            Self::ANumber => "A-Number",
            Self::Fin => "FIN",
            Self::Eid => "Encounter ID",
            Self::PartnerFingerprint => "Fingerprint number of the partner",
            Self::PartnerIdentification => "Partner identification number",
            Self::Information => "Information wanted",
            Self::Documents => "Documents wanted",
            Self::Justification => "Justification",
            Self::Result => "Result",
            Self::ReviewerName => "Name of reviewer",
            Self::ReviewerOrganization => "Organization of reviewer",
            Self::ReviewerContact => "Contact of reviewer",
            Self::CorrectionOf => "Correction of",
            Self::Told(element) => element.name(),
            Self::Enclosure => "Enclosed",
            Self::Caveat => "Condition",
        }
    }

    /// Can it stand in a message more than once?
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Alias | Self::Information | Self::Documents | Self::Told(_) | Self::Enclosure | Self::Caveat)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for Field {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::from_key(&text).ok_or(FieldError)
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.key()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_is_read_back_and_stands_once() {
        let all: Vec<_> = Field::HEADER.into_iter().chain(Field::REQUEST).chain(Field::REPLY).chain(Field::told()).collect();
        for field in &all {
            assert_eq!(Field::from_key(&field.key()), Some(*field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.key());
        }
        assert_eq!(all.iter().map(|field| field.key()).collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn what_is_enclosed_is_told_in_no_field_of_its_own() {
        for enclosed in ["told.photograph", "told.fingerprints", "told.passport_image", "told.ssn", "told."] {
            assert_eq!(Field::from_key(enclosed), None, "{enclosed}");
        }
        assert_eq!(Field::told().count(), 19);
    }
}
