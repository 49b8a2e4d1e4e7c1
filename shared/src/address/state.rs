//! States, territories and military regions, as the carrier codes them.

use crate::accents::plain_capitals;
use crate::country::{CountryCode, UNITED_STATES};
use crate::locale::Locale;

/// A state, the District of Columbia, a territory, a freely associated state or a military region: a two-letter code of the
/// U.S. Postal Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct State(&'static str);

impl State {
    /// Reads a code, or a name in English or Spanish, in capital or small letters.
    pub fn parse(text: &str) -> Option<Self> {
        let text = plain_capitals(text.trim().trim_end_matches('.'));
        rows()
            .find(|row| row.code == text || plain_capitals(row.en) == text || plain_capitals(row.es) == text)
            .map(|row| Self(row.code))
    }

    pub const fn code(self) -> &'static str {
        self.0
    }

    pub fn name(self, locale: Locale) -> &'static str {
        rows().find(|row| row.code == self.0).map_or(self.0, |row| locale.pick(row.en, row.es))
    }

    /// All of them, by their name in the language.
    pub fn by_name(locale: Locale) -> Vec<Self> {
        let mut states: Vec<Self> = Self::all().collect();
        states.sort_by_cached_key(|state| plain_capitals(state.name(locale)));
        states
    }

    /// All of them: states, then territories, freely associated states and military regions.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().map(|row| Self(row.code))
    }

    /// Places that have a country code of their own, and whose mail is domestic mail: Puerto Rico is `PRI`.
    pub fn of_country(country: &CountryCode) -> Option<Self> {
        let own = |row: &Row| row.country != UNITED_STATES && row.country == country.as_str();
        rows().find(own).map(|row| Self(row.code))
    }

    /// `AA`, `AE` and `AP`: mail of the armed forces and of embassies, wherever they are.
    pub fn is_military(self) -> bool {
        matches!(self.0, "AA" | "AE" | "AP")
    }

    pub fn is_puerto_rico(self) -> bool {
        self.0 == "PR"
    }
}

struct Row {
    code: &'static str,
    country: &'static str,
    en: &'static str,
    es: &'static str,
}

fn rows() -> impl Iterator<Item = Row> {
    let row = |line: &'static str| {
        let mut columns = line.split('\t');
        Some(Row { code: columns.next()?, country: columns.next()?, en: columns.next()?, es: columns.next()? })
    };
    include_str!("us_states.tsv").lines().skip(1).filter_map(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_are_fifty_states_a_district_eight_islands_and_three_regions() {
        assert_eq!(State::all().count(), 50 + 1 + 8 + 3);
        assert_eq!(State::all().filter(|state| state.is_military()).count(), 3);
        for state in State::all() {
            assert_eq!(State::parse(state.code()), Some(state));
            for locale in Locale::ALL {
                assert_eq!(State::parse(state.name(locale)), Some(state));
            }
        }
    }

    #[test]
    fn a_state_is_read_as_people_write_it() {
        for (text, code) in
            [("VA", "VA"), (" va. ", "VA"), ("Virginia", "VA"), ("nueva york", "NY"), ("HAWÁI", "HI"), ("puerto rico", "PR")]
        {
            assert_eq!(State::parse(text).map(State::code), Some(code), "{text}");
        }
        for bad in ["", "XX", "V", "Virgin", "USA"] {
            assert_eq!(State::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_list_goes_by_the_names_of_its_language() {
        let codes = |locale| State::by_name(locale).into_iter().map(State::code).take(3).collect::<Vec<_>>();
        assert_eq!((codes(Locale::En), codes(Locale::Es)), (vec!["AL", "AK", "AS"], vec!["AL", "AK", "AZ"]));
        assert_eq!(State::by_name(Locale::Es).len(), State::all().count());
    }

    #[test]
    fn islands_have_a_country_code_of_their_own() {
        let of = |code| State::of_country(&CountryCode::parse(code).unwrap()).map(State::code);
        assert_eq!([of("PRI"), of("GUM"), of("MHL"), of("USA"), of("MEX")], [Some("PR"), Some("GU"), Some("MH"), None, None]);
        for line in include_str!("us_states.tsv").lines().skip(1) {
            let country = CountryCode::parse_listed(line.split('\t').nth(1).unwrap());
            assert!(country.is_some(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = State::parse(&text);
        }
    }
}
