//! Lines that name a box instead of a street: post office boxes, rural routes, mail of the armed forces
//! (USPS Publication 28, sections 225, 24, 25 and 28).

use super::unit::{Numbers, standard_unit};
use super::words::{has_digit, is_letter};

/// The words before the number of a post office box, and how many they are. `CALLER` and the like are what some post offices
/// print; `APARTADO` is the word in Puerto Rico.
const BOX_WORDS: [&[&str]; 9] = [
    &["PO", "BOX"],
    &["P", "O", "BOX"],
    &["POST", "OFFICE", "BOX"],
    &["P", "OFFICE", "BOX"],
    &["POBOX"],
    &["POB"],
    &["APARTADO", "POSTAL"],
    &["APARTADO"],
    &["APDO"],
];

/// Those that mean a post office box only if nothing stands before them, and at most a unit behind.
const BOX_WORDS_ALONE: [&[&str]; 7] =
    [&["BOX"], &["CALLER"], &["FIRM", "CALLER"], &["BIN"], &["LOCKBOX"], &["LOCK", "BOX"], &["DRAWER"]];

const ROUTE_WORDS: [(&[&str], &str); 8] = [
    (&["RURAL", "ROUTE"], "RR"),
    (&["RURAL", "RTE"], "RR"),
    (&["RR"], "RR"),
    (&["RFD"], "RR"),
    (&["HC"], "HC"),
    (&["HIGHWAY", "CONTRACT", "ROUTE"], "HC"),
    (&["HIGHWAY", "CONTRACT"], "HC"),
    (&["STAR", "ROUTE"], "HC"),
];

const MILITARY: [&str; 4] = ["PSC", "CMR", "UNIT", "OPS"];

/// Whether mail goes to a post office box: no place where anybody lives. Also where a street stands before it.
pub(super) fn names_po_box(words: &[String]) -> bool {
    (0..words.len()).any(|at| box_at(&words[at..]).is_some()) || box_alone(words).is_some()
}

/// The line in standard form, if it is such a line.
pub(super) fn standard_delivery_line(words: &[String]) -> Option<Vec<String>> {
    if let Some(rest) = box_at(words).or_else(|| box_alone(words)) {
        return Some(["PO", "BOX"].map(str::to_owned).into_iter().chain(rest.iter().cloned()).collect());
    }
    if let Some((route, rest)) = ROUTE_WORDS.iter().find_map(|(begin, route)| Some((*route, numbered(words, begin)?))) {
        // `RR 2 BOX # 18` is `RR 2 BOX 18`.
        let rest = rest.iter().filter(|word| *word != "#").cloned();
        return Some(std::iter::once(route.to_owned()).chain(rest).collect());
    }
    match words {
        [first, second, ..]
            if MILITARY.contains(&first.as_str()) && has_digit(second) && words.iter().any(|word| word == "BOX") =>
        {
            Some(words.to_vec())
        }
        _ => None,
    }
}

/// What follows the words of a box: its number, and perhaps more.
fn box_at(words: &[String]) -> Option<&[String]> {
    BOX_WORDS.iter().find_map(|begin| numbered(words, begin))
}

fn box_alone(words: &[String]) -> Option<&[String]> {
    let ends = |rest: &[String]| rest.len() == 1 || standard_unit(&rest[1..], Numbers::Certain).is_some();
    BOX_WORDS_ALONE.iter().find_map(|begin| numbered(words, begin)).filter(|rest| ends(rest))
}

/// The words from the number on that follows such a beginning. A number sign between them says nothing.
fn numbered<'a>(words: &'a [String], begin: &[&str]) -> Option<&'a [String]> {
    let starts = words.len() > begin.len() && begin.iter().zip(words).all(|(expected, word)| word == expected);
    let rest = starts.then(|| &words[begin.len()..])?;
    let rest = if rest[0] == "#" { &rest[1..] } else { rest };
    rest.first().is_some_and(|number| has_digit(number) || is_letter(number)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn post_office_boxes_are_known_however_they_are_written() {
        for (line, standard) in [
            ("PO Box 123", "PO BOX 123"),
            ("P.O. Box 123", "PO BOX 123"),
            ("P O BOX #123", "PO BOX 123"),
            ("p.o.box 0123", "PO BOX 0123"),
            ("Post Office Box A", "PO BOX A"),
            ("POB 12", "PO BOX 12"),
            ("Box 7", "PO BOX 7"),
            ("Drawer L", "PO BOX L"),
            ("Box 7 Basement", "PO BOX 7 BASEMENT"),
            ("Lock Box 44", "PO BOX 44"),
            ("Apartado 12", "PO BOX 12"),
            ("Apartado Postal 12", "PO BOX 12"),
        ] {
            assert!(names_po_box(&words(line)), "{line}");
            assert_eq!(standard_delivery_line(&words(line)).unwrap().join(" "), standard, "{line}");
        }
        for line in ["123 Main St, P.O. Box 4", "Edificio Sol Apartado 4"] {
            assert!(names_po_box(&words(line)), "{line}");
            assert_eq!(standard_delivery_line(&words(line)), None, "{line}");
        }
    }

    #[test]
    fn a_street_or_a_route_is_no_post_office_box() {
        for line in [
            "1 Box Elder Ct",
            "12 Post Office Rd",
            "12 Drawer Ln",
            "RR 2 Box 18",
            "HC 68 Box 23A",
            "PSC 802 Box 74",
            "5 Apartado Way",
            "Bin",
            "7 Box",
        ] {
            assert!(!names_po_box(&words(line)), "{line}");
        }
    }

    #[test]
    fn routes_and_mail_of_the_armed_forces_have_their_form() {
        for (line, standard) in [
            ("Rural Route 2, Box #18", "RR 2 BOX 18"),
            ("RFD 4 Box 87A", "RR 4 BOX 87A"),
            ("Highway Contract 68 Box 23-A", "HC 68 BOX 23-A"),
            ("Star Route 4 Box 1", "HC 4 BOX 1"),
            ("PSC 802 Box 74", "PSC 802 BOX 74"),
            ("Unit 2050 Box 4190", "UNIT 2050 BOX 4190"),
        ] {
            assert_eq!(standard_delivery_line(&words(line)).unwrap().join(" "), standard, "{line}");
        }
        for street in ["Unit 4", "1 Rural Route Rd", "Rural Route", "HC"] {
            assert_eq!(standard_delivery_line(&words(street)), None, "{street}");
        }
    }
}
