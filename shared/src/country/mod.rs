//! Countries, by their code and by their name in both languages.
//!
//! Codes are those of ISO 3166-1 (alpha-3), names those of the Unicode CLDR as they are used in the United States, with a second
//! name where many people look for it. Two codes are not of ISO: `XKX` for Kosovo, in general use, and [`STATELESS`].

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::accents::plain_capitals;
use crate::locale::Locale;

/// A three-letter country code (ISO 3166-1 alpha-3). The list is open: codes of former states are legal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the code of a country is three capitals")]
pub struct CountryCodeError;

impl TryFrom<String> for CountryCode {
    type Error = CountryCodeError;

    fn try_from(text: String) -> Result<Self, CountryCodeError> {
        Self::parse(&text).ok_or(CountryCodeError)
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.0
    }
}

/// The code of the United States.
pub const UNITED_STATES: &str = "USA";

/// Of no country's nationality: the code that travel documents have for it (ICAO Doc 9303).
pub const STATELESS: &str = "XXA";

impl CountryCode {
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())).then(|| Self(text.to_owned()))
    }

    /// Reads the code of a country that is on the list, as the choices of a form send it.
    pub fn parse_listed(text: &str) -> Option<Self> {
        Self::parse(text.trim()).filter(|code| code.is_united_states() || name(code, Locale::En).is_some())
    }

    /// A code that stands in the source.
    pub(crate) fn written(code: &'static str) -> Self {
        Self(code.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_united_states(&self) -> bool {
        self.0 == UNITED_STATES
    }
}

/// A country as a form offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    pub code: &'static str,
    pub name: &'static str,
}

/// The name of a country; none if the code is not on the list.
pub fn name(code: &CountryCode, locale: Locale) -> Option<&'static str> {
    if code.0 == STATELESS {
        return Some(locale.pick("No country (stateless)", "Ningún país (apátrida)"));
    }
    rows().find(|[listed, ..]| *listed == code.0).map(|[_, en, es]| locale.pick(en, es))
}

/// Every country, by its name in the language.
pub fn countries(locale: Locale) -> Vec<Country> {
    let mut countries: Vec<Country> = rows().map(|[code, en, es]| Country { code, name: locale.pick(en, es) }).collect();
    countries.sort_by_cached_key(|country| plain_capitals(country.name));
    countries
}

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let columns = |line: &'static str| {
        let mut columns = line.split('\t');
        Some([columns.next()?, columns.next()?, columns.next()?])
    };
    include_str!("countries.tsv").lines().skip(1).filter_map(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(code: &str, locale: Locale) -> Option<&'static str> {
        name(&CountryCode::parse(code).unwrap(), locale)
    }

    #[test]
    fn every_country_has_one_code_and_a_name_of_its_own_in_each_language() {
        for locale in Locale::ALL {
            let countries = countries(locale);
            assert_eq!(countries.len(), 250, "249 of ISO 3166-1, and Kosovo");
            let mut codes: Vec<_> = countries.iter().map(|country| country.code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), 250);
            for pair in countries.windows(2) {
                assert_ne!(pair[0].name, pair[1].name);
            }
            for country in countries {
                assert!(CountryCode::parse(country.code).is_some(), "{country:?}");
                assert_eq!(named(country.code, locale), Some(country.name));
                assert_eq!(country.name.trim(), country.name);
                assert!(
                    !country.name.contains(['&', '?']) && country.name.chars().next().is_some_and(char::is_uppercase),
                    "{country:?}"
                );
            }
        }
        assert_eq!(include_str!("countries.tsv").lines().filter(|line| line.split('\t').count() != 3).count(), 0);
    }

    #[test]
    fn names_are_those_that_people_look_for() {
        for (code, en, es) in [
            ("MEX", "Mexico", "México"),
            ("DEU", "Germany", "Alemania"),
            ("COD", "Congo (Democratic Republic)", "Congo (República Democrática)"),
            ("KOR", "South Korea", "Corea del Sur"),
            ("TUR", "Türkiye (Turkey)", "Turquía"),
            ("ROU", "Romania", "Rumania"),
            ("XKX", "Kosovo", "Kosovo"),
            (STATELESS, "No country (stateless)", "Ningún país (apátrida)"),
        ] {
            assert_eq!((named(code, Locale::En), named(code, Locale::Es)), (Some(en), Some(es)));
        }
        assert_eq!(named("ZZZ", Locale::En), None);
    }

    #[test]
    fn accents_do_not_move_a_name_to_the_end() {
        let en: Vec<_> = countries(Locale::En).iter().map(|country| country.name).collect();
        let es: Vec<_> = countries(Locale::Es).iter().map(|country| country.name).collect();
        assert_eq!(en[..3], ["Afghanistan", "Åland Islands", "Albania"]);
        assert_eq!(es.last(), Some(&"Zimbabue"));
        let place = |name| es.iter().position(|listed| *listed == name).unwrap();
        assert!(place("España") < place("Estados Unidos"));
        assert!(place("Egipto") < place("El Salvador") && place("Panamá") < place("Papúa Nueva Guinea"));
    }

    #[test]
    fn a_code_of_a_former_state_is_legal_in_the_feed_and_not_on_the_list() {
        assert!(CountryCode::parse("SUN").is_some());
        assert_eq!(CountryCode::parse_listed("SUN"), None);
        assert!(CountryCode::parse_listed(" MEX ").is_some() && CountryCode::parse_listed(STATELESS).is_some());
        assert_eq!(serde_json::from_value(serde_json::json!("MEX")).ok(), CountryCode::parse("MEX"));
        for bad in ["", "MX", "mex", "MEXI", "ME1"] {
            assert_eq!(CountryCode::parse(bad), None, "{bad}");
            assert!(serde_json::from_value::<CountryCode>(bad.into()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            if let Some(code) = CountryCode::parse_listed(&text) {
                prop_assert!(name(&code, Locale::Es).is_some());
            }
        }
    }
}
