//! A street's line in standard form (USPS Publication 28, sections 213, 231 to 235, 29, and Appendices B and C).
//!
//! What may be part of a name stays: a line that is not understood is only written in capitals. `AVENUE C`, `NORTH ST` and
//! `ST JOHN ST` are names; `CALLE` is never translated; in Puerto Rico nothing is abbreviated at all.

use super::delivery_line::standard_delivery_line;
use super::state::State;
use super::unit::{Designator, Numbers, designator, is_bare_number, standard_unit};
use super::words::{direction, has_digit, suffix, words};

/// The two parts of a delivery address, as words.
pub(super) struct StandardLine {
    pub street: Vec<String>,
    pub unit: Vec<String>,
}

/// The line of the street and the field of the unit, both in standard form. A unit that stands behind the street moves.
pub(super) fn standard_line(street: &str, unit: &str, state: State) -> StandardLine {
    let (street, unit) = (words(street), words(unit));
    if let Some(street) = standard_delivery_line(&street) {
        return StandardLine { street, unit: unit_of(Vec::new(), unit) };
    }
    let at = unit_begins(&street).unwrap_or(street.len());
    let (street, behind) = street.split_at(at);
    let street = if state.is_puerto_rico() { street.to_vec() } else { standard_street(street) };
    StandardLine { street, unit: unit_of(behind.to_vec(), unit) }
}

/// The unit in standard form, from what stood behind the street and what stood in its own field.
fn unit_of(behind: Vec<String>, own: Vec<String>) -> Vec<String> {
    let same = standard_unit(&behind, Numbers::Certain).is_some_and(|behind| {
        standard_unit(&own, Numbers::AnyWord).as_ref() == Some(&behind) || (is_bare_number(&own) && behind.get(1..) == Some(&own))
    });
    let all = if same { behind } else { [behind, own].concat() };
    if is_bare_number(&all) {
        return std::iter::once("#".to_owned()).chain(all).collect();
    }
    standard_unit(&all, Numbers::AnyWord).unwrap_or(all)
}

/// Where the unit begins in a street's line: the first word from which on everything is units with their numbers.
fn unit_begins(line: &[String]) -> Option<usize> {
    (1..line.len()).find(|at| standard_unit(&line[*at..], Numbers::Certain).is_some() && may_end(&line[..*at], &line[*at..]))
}

/// Whether a street's line may end here, with a unit to follow.
fn may_end(street: &[String], unit: &[String]) -> bool {
    let name = &street[house_number(street)..];
    let is_name = match name {
        [] => false,
        [only] => suffix(only).is_none() && direction(only).is_none(),
        _ => true,
    };
    let firm = unit.first().and_then(|word| designator(word)).is_some_and(Designator::is_plain);
    is_name && if firm { !(unit[0] == "#" && ends_in_numbered_road(street)) } else { ends_like_a_street(name) }
}

/// Ends in a suffix, perhaps with a direction behind it, or in a number, as a highway does.
fn ends_like_a_street(name: &[String]) -> bool {
    match name {
        [.., before, last] if direction(last).is_some() => suffix(before).is_some(),
        [.., last] => suffix(last).is_some() || has_digit(last),
        [] => false,
    }
}

/// `COUNTY ROAD`, `HIGHWAY` and the like: what follows is the road's number, or its letter.
fn ends_in_numbered_road(words: &[String]) -> bool {
    match words {
        [.., last]
            if ["HIGHWAY", "HWY", "ROUTE", "RTE", "RT", "SR", "CR", "FM", "RM", "US", "I", "INTERSTATE", "CARR", "CARRETERA"]
                .contains(&last.as_str()) =>
        {
            true
        }
        [.., before, last] => {
            let of_a_region = ["COUNTY", "CO", "STATE", "TOWN", "TOWNSHIP", "RANCH", "FARM", "FOREST"].contains(&before.as_str());
            of_a_region && suffix(last).is_some()
        }
        _ => false,
    }
}

/// How many words the number of the house has: `123`, `123 1/2`. None for a line without a number.
fn house_number(line: &[String]) -> usize {
    let is_fraction = |word: &String| {
        word.split_once('/').is_some_and(|parts| {
            [parts.0, parts.1].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    match line {
        [first, second, ..] if has_digit(first) && is_fraction(second) => 2,
        [first, ..] if has_digit(first) => 1,
        _ => 0,
    }
}

fn standard_street(line: &[String]) -> Vec<String> {
    let (number, body) = line.split_at(house_number(line));
    let (body, behind) = split_direction_behind(body);
    let (name, suffix) = split_suffix(body);
    let (before, name) = split_direction_before(name);
    let parts =
        [before.map(str::to_owned).as_slice(), name, suffix.map(str::to_owned).as_slice(), behind.map(str::to_owned).as_slice()]
            .concat();
    number.iter().cloned().chain(parts).collect()
}

/// A direction behind a suffix, with a name before it: `MAIN ST NORTH`. Or at the end of a grid's address, `842 EAST 1700 SOUTH`.
fn split_direction_behind(body: &[String]) -> (&[String], Option<&'static str>) {
    let is_grid = |rest: &[String]| matches!(rest, [first, grid] if direction(first).is_some() && grid.bytes().all(|byte| byte.is_ascii_digit()));
    let has_suffix = |rest: &[String]| matches!(rest, [_, .., last] if suffix(last).is_some()) && !ends_in_numbered_road(rest);
    let ends_before = |rest: &[String]| is_grid(rest) || has_suffix(rest);
    if let [rest @ .., first, second] = body
        && let Some(both) = two_directions(first, second)
        && ends_before(rest)
    {
        return (rest, Some(both));
    }
    match body {
        [rest @ .., last] if ends_before(rest) && direction(last).is_some() => (rest, direction(last)),
        _ => (body, None),
    }
}

/// A suffix with a name before it. Words that are Spanish, too, are names where the name is Spanish: `BUENA VISTA`.
fn split_suffix(body: &[String]) -> (&[String], Option<&'static str>) {
    let [name @ .., last] = body else { return (body, None) };
    let Some(standard) = suffix(last) else { return (body, None) };
    let is_spanish = SPANISH_TOO.contains(&last.as_str()) && name.iter().any(|word| SPANISH.contains(&word.as_str()));
    let is_name = match name {
        [] => false,
        [only] => only != "THE",
        _ => true,
    };
    if is_name && !is_spanish { (name, Some(standard)) } else { (body, None) }
}

/// A direction with a name behind it.
fn split_direction_before(name: &[String]) -> (Option<&'static str>, &[String]) {
    if let [first, second, rest @ ..] = name
        && let Some(both) = two_directions(first, second)
        && rest.iter().any(|word| direction(word).is_none())
    {
        return (Some(both), rest);
    }
    let [first, rest @ ..] = name else { return (None, name) };
    let Some(standard) = direction(first).filter(|_| !rest.is_empty()) else { return (None, name) };
    let is_state = rest.first().is_some_and(|second| STATES_WITH_A_DIRECTION.contains(&(first.as_str(), second.as_str())));
    if is_state { (None, name) } else { (Some(standard), rest) }
}

/// `NORTH EAST` in two words. `NORTH SOUTH` is none.
fn two_directions(first: &str, second: &str) -> Option<&'static str> {
    match (direction(first)?, direction(second)?) {
        ("N", "E") => Some("NE"),
        ("N", "W") => Some("NW"),
        ("S", "E") => Some("SE"),
        ("S", "W") => Some("SW"),
        _ => None,
    }
}

/// `WEST VIRGINIA AVE` is not the western part of Virginia Avenue.
const STATES_WITH_A_DIRECTION: [(&str, &str); 5] =
    [("NORTH", "CAROLINA"), ("SOUTH", "CAROLINA"), ("NORTH", "DAKOTA"), ("SOUTH", "DAKOTA"), ("WEST", "VIRGINIA")];

const SPANISH_TOO: [&str; 4] = ["VISTA", "PLAZA", "UNION", "RADIAL"];

const SPANISH: [&str; 24] = [
    "CALLE",
    "AVENIDA",
    "CAMINO",
    "PASEO",
    "VIA",
    "VEREDA",
    "CALLEJON",
    "CARRETERA",
    "PARQUE",
    "RUTA",
    "RANCHO",
    "EL",
    "LA",
    "LOS",
    "LAS",
    "DE",
    "DEL",
    "BUENA",
    "BELLA",
    "LINDA",
    "ALTA",
    "HERMOSA",
    "LOMA",
    "MONTE",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(line: &StandardLine) -> String {
        let unit = if line.unit.is_empty() { String::new() } else { format!(" | {}", line.unit.join(" ")) };
        format!("{}{unit}", line.street.join(" "))
    }

    fn standard(street: &str, unit: &str, state: &str) -> String {
        written(&standard_line(street, unit, State::parse(state).unwrap()))
    }

    #[test]
    fn suffixes_and_directions_are_abbreviated() {
        for (line, expected) in [
            ("123 Main Street", "123 MAIN ST"),
            ("123 north main street", "123 N MAIN ST"),
            ("123 Main Street Northwest", "123 MAIN ST NW"),
            ("123 Main St North West", "123 MAIN ST NW"),
            ("1 North East Main St.", "1 NE MAIN ST"),
            ("789 Main Avenue Drive", "789 MAIN AVENUE DR"),
            ("842 East 1700 South", "842 E 1700 S"),
            ("101 1/2 South Oak Lane", "101 1/2 S OAK LN"),
            ("112-10 Bronx Road", "112-10 BRONX RD"),
            ("39.2 Willow Rd", "39.2 WILLOW RD"),
            ("N6W23001 Bluemound Road", "N6W23001 BLUEMOUND RD"),
            ("1 Teacup Court", "1 TEACUP CT"),
            ("12 O'Brien Parkway", "12 OBRIEN PKWY"),
        ] {
            assert_eq!(standard(line, "", "VA"), expected, "{line}");
        }
    }

    #[test]
    fn what_may_be_a_name_stays() {
        for (line, expected) in [
            ("5 St John Street", "5 ST JOHN ST"),
            ("5 Saint John Street", "5 SAINT JOHN ST"),
            ("5 Avenue C", "5 AVENUE C"),
            ("5 Avenue N", "5 AVENUE N"),
            ("5 Avenue of the Americas", "5 AVENUE OF THE AMERICAS"),
            ("5 North Street", "5 NORTH ST"),
            ("5 North Avenue West", "5 NORTH AVE W"),
            ("5 North Street North", "5 NORTH ST N"),
            ("5 South West Street", "5 S WEST ST"),
            ("5 N Street NW", "5 N ST NW"),
            ("5 E St", "5 E ST"),
            ("5 Bay West Drive", "5 BAY WEST DR"),
            ("5 West Virginia Avenue Northeast", "5 WEST VIRGINIA AVE NE"),
            ("5 North Carolina Ave", "5 NORTH CAROLINA AVE"),
            ("5 Broadway", "5 BROADWAY"),
            ("5 Broadway North", "5 BROADWAY NORTH"),
            ("5 Park", "5 PARK"),
            ("5 The Circle", "5 THE CIRCLE"),
            ("5 County Road N", "5 COUNTY ROAD N"),
            ("5 County Road North", "5 COUNTY ROAD NORTH"),
            ("5 State Highway 9", "5 STATE HIGHWAY 9"),
            ("5 Highway 9 North", "5 HIGHWAY 9 NORTH"),
            ("5 Calle Bella Vista", "5 CALLE BELLA VISTA"),
            ("5 Camino de la Plaza", "5 CAMINO DE LA PLAZA"),
            ("5 Buena Vista", "5 BUENA VISTA"),
            ("One Teacup", "ONE TEACUP"),
            ("5 42nd Street", "5 42ND ST"),
            ("5 First Avenue", "5 FIRST AVE"),
            ("Behind the red barn", "BEHIND THE RED BARN"),
            ("Calle Sol", "CALLE SOL"),
            ("", ""),
        ] {
            assert_eq!(standard(line, "", "VA"), expected, "{line}");
        }
    }

    #[test]
    fn a_unit_behind_the_street_moves_to_its_field() {
        for (street, unit, expected) in [
            ("123 Main St Apt 4", "", "123 MAIN ST | APT 4"),
            ("123 Main St, #4-B", "", "123 MAIN ST | # 4-B"),
            ("123 Broadway Apartment 4", "", "123 BROADWAY | APT 4"),
            ("123 Avenue C Apt 4", "", "123 AVENUE C | APT 4"),
            ("123 Main Street North, 2nd floor", "", "123 MAIN ST N | FL 2"),
            ("123 Main Street Basement", "", "123 MAIN ST | BSMT"),
            ("123 Highway 9 Lot 12", "", "123 HIGHWAY 9 | LOT 12"),
            ("123 County Road 9 Apt 12", "", "123 COUNTY ROAD 9 | APT 12"),
            ("123 Main St Bldg 3", "Apt 4", "123 MAIN ST | BLDG 3 APT 4"),
            ("123 Main St Apt 4", "4", "123 MAIN ST | APT 4"),
            ("123 Main St Apt 4", "Apartment 4", "123 MAIN ST | APT 4"),
            ("123 Main St Apt 4", "Apt 5", "123 MAIN ST | APT 4 APT 5"),
            ("123 Main St", "4b", "123 MAIN ST | # 4B"),
            ("123 Main St", "Casa azul", "123 MAIN ST | CASA AZUL"),
            ("PO Box 12", "Apt. 4", "PO BOX 12 | APT 4"),
        ] {
            assert_eq!(standard(street, unit, "VA"), expected, "{street} / {unit}");
        }
    }

    #[test]
    fn a_word_of_the_street_is_no_unit() {
        for (line, expected) in [
            ("123 Front Street", "123 FRONT ST"),
            ("12 Key West Drive", "12 KEY WEST DR"),
            ("12 Pier 39", "12 PIER 39"),
            ("8 Lower River Road", "8 LOWER RIVER RD"),
            ("100 Unit 5", "100 UNIT 5"),
            ("123 Old RM 620", "123 OLD RM 620"),
            ("123 FL 7", "123 FL 7"),
            ("123 County Road #9", "123 COUNTY ROAD # 9"),
            ("123 Highway #9", "123 HIGHWAY # 9"),
            ("12 Sault Ste Marie Road", "12 SAULT STE MARIE RD"),
            ("12 Beach Side", "12 BEACH SIDE"),
        ] {
            assert_eq!(standard(line, "", "TX"), expected, "{line}");
        }
    }

    #[test]
    fn in_puerto_rico_nothing_is_abbreviated() {
        for (line, unit, expected) in [
            ("150 Calle Peñuelas", "", "150 CALLE PENUELAS"),
            ("585 Avenida F.D. Roosevelt", "", "585 AVENIDA FD ROOSEVELT"),
            ("A-17 Calle Norte", "Apto 4", "A-17 CALLE NORTE | APT 4"),
            ("1 Calle Sol, Apt 2", "", "1 CALLE SOL | APT 2"),
            ("12 North Street", "", "12 NORTH STREET"),
            ("HC 1 Box 29919", "", "HC 1 BOX 29919"),
            ("Urb Las Gladiolas", "", "URB LAS GLADIOLAS"),
        ] {
            assert_eq!(standard(line, unit, "PR"), expected, "{line}");
        }
    }

    const VOCABULARY: [&str; 70] = [
        "1",
        "23",
        "4B",
        "1/2",
        "112-10",
        "39.2",
        "2nd",
        "3rd",
        "#",
        "#5",
        "A",
        "N",
        "E",
        "B-2",
        "North",
        "south",
        "East",
        "WEST",
        "NW",
        "Northeast",
        "Street",
        "St",
        "St.",
        "Avenue",
        "Ave.",
        "Road",
        "Court",
        "Vista",
        "Plaza",
        "Park",
        "Parks",
        "Main",
        "Oak",
        "Saint",
        "John",
        "The",
        "of",
        "Apt",
        "apartment",
        "Apto",
        "Suite",
        "Ste",
        "Unit",
        "Bldg",
        "Floor",
        "Fl",
        "Room",
        "RM",
        "Lot",
        "Basement",
        "Rear",
        "PH",
        "Key",
        "Side",
        "Front",
        "County",
        "State",
        "Highway",
        "Hwy",
        "Route",
        "Calle",
        "Avenida",
        "Urb",
        "PO",
        "Box",
        "RR",
        "HC",
        "Rural",
        "No",
        ",",
    ];

    fn lines() -> impl Strategy<Value = (String, String, &'static str)> {
        let words = |most| prop::collection::vec(prop::sample::select(&VOCABULARY[..]), 0..most).prop_map(|words| words.join(" "));
        (words(9), words(4), prop::sample::select(&["VA", "PR", "TX"][..]))
    }

    fn sorted(street: &[String], unit: &[String], keep: impl Fn(char) -> bool) -> Vec<String> {
        let mut kept: Vec<String> = street.iter().chain(unit).map(|word| word.chars().filter(|c| keep(*c)).collect()).collect();
        kept.retain(|word| !word.is_empty());
        kept.sort_unstable();
        kept
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn what_is_standard_stays_as_it_is((street, unit, state) in lines()) {
            let state = State::parse(state).unwrap();
            let once = standard_line(&street, &unit, state);
            let twice = standard_line(&once.street.join(" "), &once.unit.join(" "), state);
            prop_assert_eq!(written(&twice), written(&once));
        }

        /// A number stays, and in a unit stays what it is the number of. The same unit in both fields is one.
        #[test]
        fn no_number_is_lost((street, unit, state) in lines()) {
            let line = standard_line(&street, &unit, State::parse(state).unwrap());
            let (mut before, mut after) = (
                sorted(&words(&street), &words(&unit), |c| c.is_ascii_digit()),
                sorted(&line.street, &line.unit, |c| c.is_ascii_digit()),
            );
            if unit_begins(&words(&street)).is_some() {
                before.dedup();
                after.dedup();
            }
            prop_assert_eq!(after, before);
        }

        #[test]
        fn nothing_that_is_typed_panics(street in ".{0,60}", unit in ".{0,20}") {
            let virginia = State::parse("VA").unwrap();
            let once = standard_line(&street, &unit, virginia);
            let twice = standard_line(&once.street.join(" "), &once.unit.join(" "), virginia);
            prop_assert_eq!(written(&twice), written(&once));
        }
    }
}
