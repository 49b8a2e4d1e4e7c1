//! The partner countries.

use serde::{Deserialize, Serialize};

use crate::country::CountryCode;

/// A country with which the agency shares information: the members of Migration 5 (once the Five Country Conference) besides the
/// United States.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Partner {
    #[serde(rename = "AU")]
    Australia,
    #[serde(rename = "CA")]
    Canada,
    #[serde(rename = "NZ")]
    NewZealand,
    #[serde(rename = "GB")]
    UnitedKingdom,
}

impl Partner {
    pub const ALL: [Self; 4] = [Self::Australia, Self::Canada, Self::NewZealand, Self::UnitedKingdom];

    /// The code of ISO 3166-1, two letters: the word in the database, in files and in messages.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Australia => "AU",
            Self::Canada => "CA",
            Self::NewZealand => "NZ",
            Self::UnitedKingdom => "GB",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|partner| partner.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Australia => "Australia",
            Self::Canada => "Canada",
            Self::NewZealand => "New Zealand",
            Self::UnitedKingdom => "United Kingdom",
        }
    }

    /// The country, by the code that people's records have.
    pub fn country(self) -> CountryCode {
        CountryCode::written(match self {
            Self::Australia => "AUS",
            Self::Canada => "CAN",
            Self::NewZealand => "NZL",
            Self::UnitedKingdom => "GBR",
        })
    }

    /// Is a country this partner, or a land for which it acts?
    ///
    /// Records name lands (`Gibraltar`) and nationalities (`British Overseas`) where the partner's own authorities would be asked.
    /// Whoever says that they were persecuted there, says it of this partner.
    pub fn is_behind(self, country: &CountryCode) -> bool {
        *country == self.country() || self.lands().contains(&country.as_str())
    }

    /// Codes of ISO 3166-1 for its lands, and those that travel documents have for its other nationalities (ICAO Doc 9303).
    const fn lands(self) -> &'static [&'static str] {
        match self {
            Self::Australia => &["CCK", "CXR", "HMD", "NFK"],
            Self::Canada => &[],
            Self::NewZealand => &["COK", "NIU", "TKL"],
            Self::UnitedKingdom => &[
                "AIA", "BMU", "CYM", "FLK", "GBD", "GBN", "GBO", "GBP", "GBS", "GGY", "GIB", "IMN", "IOT", "JEY", "MSR", "PCN",
                "SGS", "SHN", "TCA", "VGB",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country;
    use crate::locale::Locale;

    #[test]
    fn every_partner_has_a_code_and_a_country_on_the_list() {
        for partner in Partner::ALL {
            assert_eq!(Partner::from_key(partner.key()), Some(partner));
            assert_eq!(serde_json::to_string(&partner).unwrap(), format!("\"{}\"", partner.key()));
            assert_eq!(CountryCode::parse_listed(partner.country().as_str()), Some(partner.country()));
            assert_eq!(country::name(&partner.country(), Locale::En), Some(partner.name()));
            assert!(partner.is_behind(&partner.country()));
        }
        assert_eq!(Partner::from_key("US"), None);
    }

    #[test]
    fn lands_belong_to_one_partner_and_are_countries_or_nationalities() {
        let lands: Vec<_> = Partner::ALL.into_iter().flat_map(Partner::lands).collect();
        for land in &lands {
            let code = CountryCode::parse(land).unwrap();
            assert_eq!(Partner::ALL.into_iter().filter(|partner| partner.is_behind(&code)).count(), 1, "{land}");
            assert!(CountryCode::parse_listed(land).is_some() || land.starts_with("GB"), "{land}");
        }
        assert!(Partner::UnitedKingdom.is_behind(&CountryCode::parse("GIB").unwrap()));
        assert!(!Partner::Canada.is_behind(&CountryCode::parse("GBR").unwrap()));
    }
}
