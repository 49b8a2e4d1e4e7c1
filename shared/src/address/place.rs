//! Whether two addresses are one place, however each was written.

use std::fmt;

use super::Address;
use super::state::State;
use super::street::standard_line;
use super::unit::designator;
use super::words::{direction, suffix, words};
use super::zip::ZipCode;
use crate::case_feed::MailingAddress;

/// A place that mail goes to. Two that are equal are the same place.
///
/// What differs between writers is left out: abbreviations, the four digits behind a ZIP code, the name of the town where there
/// is a ZIP code (a code has several), and whether a door is an apartment, a unit or a number. It is for comparing only, since
/// too much is gone to send anything there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The ZIP code, or else the words of town, region and country.
    area: Vec<String>,
    door: Vec<String>,
}

impl Place {
    pub fn of(address: &Address) -> Self {
        match address {
            Address::Us(us) => {
                let mut place = Self::domestic(&us.street, us.unit.as_deref(), us.zip.five(), us.state);
                let urbanization = us.urbanization.as_deref().map(words).unwrap_or_default();
                place.door.splice(0..0, comparable(urbanization));
                place
            }
            Address::Foreign(foreign) => {
                let area = [Some(foreign.city.as_str()), foreign.region(), foreign.postal_code(), Some(foreign.country.as_str())];
                Self::other(&foreign.street, foreign.unit(), &area)
            }
        }
    }

    /// An address of the case feed, which comes as the case system has it.
    pub fn of_mailing(address: &MailingAddress) -> Self {
        let island = State::of_country(&address.country);
        let named = address.state.as_deref().and_then(State::parse);
        let zip = address.postal_code.as_deref().and_then(ZipCode::parse);
        let is_domestic = address.country.is_united_states() || island.is_some();
        match (named.or(island), zip) {
            (Some(state), Some(zip)) if is_domestic => Self::domestic(&address.street, address.unit.as_deref(), &zip, state),
            _ => {
                let area = [
                    Some(address.city.as_str()),
                    address.state.as_deref(),
                    address.postal_code.as_deref(),
                    Some(address.country.as_str()),
                ];
                Self::other(&address.street, address.unit.as_deref(), &area)
            }
        }
    }

    fn domestic(street: &str, unit: Option<&str>, zip: &ZipCode, state: State) -> Self {
        // Sources without a field for it put the urbanization where the unit goes.
        let is_urbanization = |unit: &&str| words(unit).first().is_some_and(|first| is_urbanization_word(first));
        let urbanization = unit.filter(is_urbanization);
        let line = standard_line(street, unit.filter(|_| urbanization.is_none()).unwrap_or_default(), state);
        let mut door = comparable(urbanization.map(words).unwrap_or_default());
        door.extend(comparable(line.street));
        door.extend(door_number(&line.unit));
        Self { area: vec![zip.as_str().to_owned()], door }
    }

    fn other(street: &str, unit: Option<&str>, area: &[Option<&str>]) -> Self {
        let all = |parts: &[Option<&str>]| parts.iter().flatten().flat_map(|part| words(part)).collect();
        Self { area: all(area), door: all(&[Some(street), unit]) }
    }
}

/// Whether mail to both goes to one place.
pub fn same_place(one: &Address, other: &Address) -> bool {
    Place::of(one) == Place::of(other)
}

fn is_urbanization_word(word: &str) -> bool {
    matches!(word, "URB" | "URBANIZACION")
}

/// Words of a street as all writers would have them: `AVENUE C` and `AVE C`, `SAINT JOHN` and `ST JOHN`, `A-17` and `A17`.
fn comparable(words: Vec<String>) -> Vec<String> {
    let comparable = |word: String| match word.as_str() {
        "SAINT" => "ST".to_owned(),
        "AVENIDA" => "AVE".to_owned(),
        _ => direction(&word).or_else(|| suffix(&word)).map_or_else(|| without_dash(&word), str::to_owned),
    };
    words.into_iter().filter(|word| word != "#" && !is_urbanization_word(word)).map(comparable).collect()
}

/// A dash between digits tells numbers apart; beside a letter it does not.
fn without_dash(word: &str) -> String {
    let is_between_letters =
        |before: Option<char>, after: Option<char>| ![before, after].iter().all(|c| c.is_some_and(|c| c.is_ascii_digit()));
    let chars: Vec<char> = word.chars().collect();
    let kept = |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied();
        chars[*at] != '-' || !is_between_letters(before, chars.get(at + 1).copied())
    };
    (0..chars.len()).filter(kept).map(|at| chars[at]).collect()
}

/// `APT 4-B`, `UNIT 4 B` and `# 4B` are one door; `BLDG 3 APT 4` is not `BLDG 34`.
fn door_number(unit: &[String]) -> Option<String> {
    let mut door = String::new();
    for word in unit {
        match designator(word) {
            Some(designator) if designator.is_plain() => door.push('#'),
            Some(designator) => door.extend(["#", designator.standard]),
            None => door.extend(word.chars().filter(|c| *c != '-')),
        }
    }
    (!door.is_empty()).then_some(door)
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AddressForm, AddressKind};
    use super::*;
    use crate::country::CountryCode;
    use proptest::prelude::*;

    fn us(street: &str, unit: &str, city: &str, state: &str, zip: &str) -> Address {
        typed(["", street, unit, "", city, state, zip])
    }

    fn typed(parts: [&str; 7]) -> Address {
        let [country, street, unit, urbanization, city, state, zip] = parts.map(str::to_owned);
        AddressForm { country, street, unit, urbanization, city, state, zip, zip_is_right: String::new() }
            .parse(AddressKind::Mailing)
            .unwrap()
    }

    fn fed(street: &str, unit: Option<&str>, state: Option<&str>, code: &str, country: &str) -> MailingAddress {
        MailingAddress {
            street: street.into(),
            unit: unit.map(str::to_owned),
            city: "Springfield".into(),
            state: state.map(str::to_owned),
            postal_code: Some(code.into()),
            country: CountryCode::parse(country).unwrap(),
        }
    }

    #[test]
    fn one_place_is_written_in_many_ways() {
        let place = us("123 North Saint John Street", "Apartment 4-B", "Springfield", "VA", "22150");
        for other in [
            us("123 N ST JOHN ST", "APT 4B", "WEST SPRINGFIELD", "VA", "22150-1234"),
            us("123 n. st. john st. #4 B", "", "Springfield", "Virginia", "22150"),
            us("123 N St John St, Unit 4-B", "", "Springfield", "VA", "22150"),
        ] {
            assert!(same_place(&place, &other), "{:?}", Place::of(&other).door);
        }
        for (one, other) in [
            ("5 Avenue C", "5 Ave C"),
            ("9 Highway 7", "9 Hwy 7"),
            ("5 Broadway North", "5 Broadway N"),
            ("A-17 First St", "A17 First Street"),
        ] {
            assert!(same_place(&us(one, "", "Springfield", "VA", "22150"), &us(other, "", "Springfield", "VA", "22150")), "{one}");
        }
    }

    #[test]
    fn other_numbers_doors_and_codes_are_other_places() {
        let place = us("112-10 Main St", "Apt 4", "Springfield", "VA", "22150");
        for other in [
            us("11210 Main St", "Apt 4", "Springfield", "VA", "22150"),
            us("112-10 Main St", "Apt 5", "Springfield", "VA", "22150"),
            us("112-10 Main St", "", "Springfield", "VA", "22150"),
            us("112-10 Main St", "Fl 4", "Springfield", "VA", "22150"),
            us("112-10 Main Ave", "Apt 4", "Springfield", "VA", "22150"),
            us("112-10 Main St", "Apt 4", "Springfield", "VA", "22151"),
            us("112-10 S Main St", "Apt 4", "Springfield", "VA", "22150"),
        ] {
            assert!(!same_place(&place, &other), "{:?}", Place::of(&other).door);
        }
        let door = |unit| us("1 Teacup Ct", unit, "Springfield", "VA", "22150");
        assert!(!same_place(&door("Bldg 3 Apt 4"), &door("Bldg 34")));
    }

    #[test]
    fn the_feeds_address_is_compared_with_what_a_person_typed() {
        let typed_at = us("1 Teacup Ct", "Apt 4", "Springfield", "VA", "22150");
        for same in [
            fed("1 TEACUP COURT", Some("4"), Some("VA"), "22150", "USA"),
            fed("1 Teacup Court #4", None, Some("virginia"), "221501234", "USA"),
        ] {
            assert_eq!(Place::of_mailing(&same), Place::of(&typed_at));
        }
        for other in [
            fed("1 TEACUP COURT", None, Some("VA"), "22150", "USA"),
            fed("1 TEACUP COURT", Some("4"), Some("VA"), "22150", "MEX"),
            fed("1 TEACUP COURT", Some("4"), None, "22150", "USA"),
        ] {
            assert_ne!(Place::of_mailing(&other), Place::of(&typed_at));
        }
    }

    #[test]
    fn in_puerto_rico_the_urbanization_tells_streets_apart() {
        let at = |urbanization| typed(["", "150 Calle A", "", urbanization, "San Juan", "PR", "00926"]);
        assert!(same_place(&at("Urb. Las Gladiolas"), &at("LAS GLADIOLAS")));
        assert!(!same_place(&at("Urb Las Gladiolas"), &at("Urb Sol")) && !same_place(&at("Urb Las Gladiolas"), &at("")));
        for fed in [
            fed("150 CALLE A", Some("URB LAS GLADIOLAS"), None, "00926", "PRI"),
            fed("URB LAS GLADIOLAS 150 CALLE A", None, Some("PR"), "00926", "USA"),
        ] {
            assert_eq!(Place::of_mailing(&fed), Place::of(&at("Urb Las Gladiolas")));
        }
    }

    #[test]
    fn abroad_the_words_decide() {
        let one = typed(["MEX", "Av. Juárez 5", "int. 3", "", "Oaxaca", "", "68000"]);
        assert!(same_place(&one, &typed(["MEX", "av juarez 5", "INT 3", "", "OAXACA", "", "68000"])));
        assert!(!same_place(&one, &typed(["MEX", "av juarez 6", "INT 3", "", "OAXACA", "", "68000"])));
        assert!(!same_place(&one, &typed(["GTM", "av juarez 5", "INT 3", "", "OAXACA", "", "68000"])));
        let mailing = MailingAddress {
            street: "AV JUAREZ 5".into(),
            unit: Some("INT 3".into()),
            city: "Oaxaca".into(),
            state: None,
            postal_code: Some("68000".into()),
            country: CountryCode::parse("MEX").unwrap(),
        };
        assert_eq!(Place::of_mailing(&mailing), Place::of(&one));
    }

    proptest! {
        /// Taking the carrier's way of writing never moves anybody.
        #[test]
        fn a_suggestion_is_the_same_place(
            number in "[0-9]{1,4}(-[0-9]{2})?( 1/2)?", words in prop::collection::vec("(North|S|East|Main|Oak|Saint|Avenue|Street|Road|Park|C|[a-z]{1,5})", 1..5),
            unit in "(|4|#4B|Apt 4-B|Suite [0-9]{1,3}|2nd floor|casa azul)", inline in any::<bool>(), state in prop::sample::select(&["VA", "PR"][..]),
        ) {
            let street = format!("{number} {}", words.join(" "));
            let (street, unit) = if inline { (format!("{street} {unit}"), String::new()) } else { (street, unit) };
            let zip = if state == "PR" { "00926" } else { "22150" };
            let Address::Us(typed) = us(&street, &unit, "Springfield", state, zip) else { unreachable!() };
            if let Some(suggestion) = typed.normalised() {
                prop_assert!(same_place(&Address::Us(typed), &Address::Us(suggestion.into_address())));
            }
        }

        #[test]
        fn no_address_of_the_feed_panics(parts in prop::array::uniform5(".{0,20}"), country in "(USA|PRI|MEX)") {
            let [street, unit, city, state, code] = parts;
            let country = CountryCode::parse(&country).unwrap();
            let address = MailingAddress { street, unit: Some(unit), city, state: Some(state), postal_code: Some(code), country };
            prop_assert_eq!(Place::of_mailing(&address), Place::of_mailing(&address.clone()));
        }
    }
}
