//! Why somebody asks.

use serde::{Deserialize, Serialize};

/// A purpose for which an agreement lets information be used (SOR/2002-227 s. 315.23(1), 315.33, 315.41(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An application for a visa, a permit, a status or another benefit, s. 315.23(1)(a).
    VisaOrBenefit,
    /// Whether somebody may travel to the country, enter it or remain, s. 315.23(1)(b).
    TravelOrStay,
    /// Whether what is on record is right, s. 315.23(1)(c).
    DataAccuracy,
    /// An application for citizenship, s. 315.41(1).
    Citizenship,
    /// A claim for the protection of refugees, s. 315.33, 315.41(1).
    RefugeeClaim,
}

impl Purpose {
    pub const ALL: [Self; 5] = [Self::VisaOrBenefit, Self::TravelOrStay, Self::DataAccuracy, Self::Citizenship, Self::RefugeeClaim];

    pub const fn key(self) -> &'static str {
        match self {
            Self::VisaOrBenefit => "visa_or_benefit",
            Self::TravelOrStay => "travel_or_stay",
            Self::DataAccuracy => "data_accuracy",
            Self::Citizenship => "citizenship",
            Self::RefugeeClaim => "refugee_claim",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::VisaOrBenefit => "Visa, status or benefit",
            Self::TravelOrStay => "Travel, entry or stay",
            Self::DataAccuracy => "Accuracy of data",
            Self::Citizenship => "Citizenship",
            Self::RefugeeClaim => "Refugee claim",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::from_key(purpose.key()), Some(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.key());
        }
    }
}
