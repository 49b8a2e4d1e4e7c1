//! The data elements that a partner may get, or be asked for.

use serde::{Deserialize, Serialize};

use super::step::{Modality, Step};

/// One kind of datum about a person (PIA-060(a), requests and responses; SOR/2002-227 s. 315.25, 315.33, 315.41(2)).
///
/// The social security number is none: no agreement can name it, so no partner can be told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    FullName,
    Alias,
    BirthDate,
    BirthCountry,
    Gender,
    Citizenship,
    TravelDocumentNumber,
    Photograph,
    Fingerprints,
    ANumber,
    /// The number of an identity in IDENT.
    Fin,
    /// The number of an encounter in IDENT.
    Eid,
    /// The number that the partner has for the person.
    PartnerIdentification,
    Race,
    ImmigrationStatus,
    /// That the person did not meet requirements before.
    PriorFailure,
    AdmissibilityDecision,
    /// What a decision about admissibility rested on.
    AdmissibilityFacts,
    /// Watch-list status: date and type.
    Watchlist,
    /// A decision about a claim for protection.
    ClaimDecision,
    /// The substance or the history of a claim for protection.
    ClaimHistory,
    PassportImage,
    VisaImage,
    MarriageCertificateImage,
    OtherDocumentImage,
}

impl Element {
    pub const ALL: [Self; 25] = [
        Self::FullName,
        Self::Alias,
        Self::BirthDate,
        Self::BirthCountry,
        Self::Gender,
        Self::Citizenship,
        Self::TravelDocumentNumber,
        Self::Photograph,
        Self::Fingerprints,
        Self::ANumber,
        Self::Fin,
        Self::Eid,
        Self::PartnerIdentification,
        Self::Race,
        Self::ImmigrationStatus,
        Self::PriorFailure,
        Self::AdmissibilityDecision,
        Self::AdmissibilityFacts,
        Self::Watchlist,
        Self::ClaimDecision,
        Self::ClaimHistory,
        Self::PassportImage,
        Self::VisaImage,
        Self::MarriageCertificateImage,
        Self::OtherDocumentImage,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::FullName => "full_name",
            Self::Alias => "alias",
            Self::BirthDate => "birth_date",
            Self::BirthCountry => "birth_country",
            Self::Gender => "gender",
            Self::Citizenship => "citizenship",
            Self::TravelDocumentNumber => "travel_document_number",
            Self::Photograph => "photograph",
            Self::Fingerprints => "fingerprints",
            Self::ANumber => "a_number",
            Self::Fin => "fin",
            Self::Eid => "eid",
            Self::PartnerIdentification => "partner_identification",
            Self::Race => "race",
            Self::ImmigrationStatus => "immigration_status",
            Self::PriorFailure => "prior_failure",
            Self::AdmissibilityDecision => "admissibility_decision",
            Self::AdmissibilityFacts => "admissibility_facts",
            Self::Watchlist => "watchlist",
            Self::ClaimDecision => "claim_decision",
            Self::ClaimHistory => "claim_history",
            Self::PassportImage => "passport_image",
            Self::VisaImage => "visa_image",
            Self::MarriageCertificateImage => "marriage_certificate_image",
            Self::OtherDocumentImage => "other_document_image",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|element| element.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::FullName => "Full name",
            Self::Alias => "Alias",
            Self::BirthDate => "Date of birth",
            Self::BirthCountry => "Country of birth",
            Self::Gender => "Gender",
            Self::Citizenship => "Citizenship",
            Self::TravelDocumentNumber => "Travel document number",
            Self::Photograph => "Photograph",
            Self::Fingerprints => "Fingerprints",
            Self::ANumber => "A-Number",
            Self::Fin => "FIN",
            Self::Eid => "EID",
            Self::PartnerIdentification => "Partner identification number",
            Self::Race => "Race",
            Self::ImmigrationStatus => "Immigration status",
            Self::PriorFailure => "Prior failure to meet requirements",
            Self::AdmissibilityDecision => "Admissibility decision",
            Self::AdmissibilityFacts => "Facts about admissibility",
            Self::Watchlist => "Watch-list status",
            Self::ClaimDecision => "Decision on a claim",
            Self::ClaimHistory => "History of a claim",
            Self::PassportImage => "Image of passport",
            Self::VisaImage => "Image of visa",
            Self::MarriageCertificateImage => "Image of marriage certificate",
            Self::OtherDocumentImage => "Image of another document",
        }
    }

    pub const fn modality(self) -> Modality {
        match self {
            Self::Photograph | Self::Fingerprints => Modality::Biometric,
            Self::PassportImage | Self::VisaImage | Self::MarriageCertificateImage | Self::OtherDocumentImage => Modality::Document,
            _ => Modality::Biographic,
        }
    }

    /// The first step at which an agreement may name it. PIA-060(a) says that each step "minimizes" what is told; where the steps
    /// part is ours: what confirms an identity, then numbers, status and decisions, then documents.
    pub const fn earliest(self) -> Step {
        match self {
            Self::FullName
            | Self::Alias
            | Self::BirthDate
            | Self::BirthCountry
            | Self::Gender
            | Self::Citizenship
            | Self::Photograph => Step::First,
            _ if matches!(self.modality(), Modality::Document) => Step::Third,
            _ => Step::Second,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for element in Element::ALL {
            assert_eq!(Element::from_key(element.key()), Some(element));
            assert_eq!(serde_json::to_value(element).unwrap(), element.key());
            assert!(!element.name().is_empty());
        }
    }

    #[test]
    fn no_agreement_can_name_a_social_security_number() {
        for key in ["ssn", "social_security_number"] {
            assert_eq!(Element::from_key(key), None);
            assert!(serde_json::from_value::<Element>(key.into()).is_err());
        }
        assert!(Element::ALL.into_iter().all(|element| !element.name().to_lowercase().contains("social")));
    }

    #[test]
    fn what_confirms_an_identity_comes_first_and_documents_last() {
        let at = |step| Element::ALL.into_iter().filter(|element| element.earliest() == step).collect::<Vec<_>>();
        assert_eq!(
            at(Step::First),
            [
                Element::FullName,
                Element::Alias,
                Element::BirthDate,
                Element::BirthCountry,
                Element::Gender,
                Element::Citizenship,
                Element::Photograph
            ]
        );
        let documents =
            [Element::PassportImage, Element::VisaImage, Element::MarriageCertificateImage, Element::OtherDocumentImage];
        assert_eq!(at(Step::Third), documents);
        assert!(documents.into_iter().all(|element| element.modality() == Modality::Document));
        let biometric: Vec<_> = Element::ALL.into_iter().filter(|element| element.modality() == Modality::Biometric).collect();
        assert_eq!(biometric, [Element::Photograph, Element::Fingerprints]);
        assert_eq!(Element::Watchlist.modality(), Modality::Biographic);
    }
}
