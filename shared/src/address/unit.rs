//! The second part of an address line: apartment, suite, floor (USPS Publication 28, section 213 and Appendix C2).

use super::words::{has_digit, is_letter};

/// What stands before the number of a unit.
#[derive(Clone, Copy)]
pub(super) struct Designator {
    pub standard: &'static str,
    needs_number: bool,
}

impl Designator {
    /// These begin a unit wherever they stand; the others are also words of streets' names.
    pub fn is_plain(self) -> bool {
        matches!(self.standard, "APT" | "STE" | "UNIT" | "#")
    }
}

pub(super) fn designator(word: &str) -> Option<Designator> {
    let rows = include_str!("unit_designators.tsv").lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    });
    let mut found =
        rows.into_iter().filter(|(standard, written, _)| word == *standard || written.split(' ').any(|other| other == word));
    found.next().map(|(standard, _, number)| Designator { standard, needs_number: number == "needed" })
}

/// How much is taken for the number of a unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// In the field for it: `BLDG EAST` is a unit.
    AnyWord,
    /// At the end of a street's line: digits or a single letter.
    Certain,
}

/// The words of a unit in standard form; none if they are no list of designators with their numbers.
pub(super) fn standard_unit(words: &[String], numbers: Numbers) -> Option<Vec<String>> {
    let mut unit = Vec::with_capacity(words.len());
    let mut rest = words;
    while let [first, after @ ..] = rest {
        if let (Some(number), [floor, after @ ..]) = (ordinal(first), after)
            && designator(floor).is_some_and(|designator| designator.standard == "FL")
        {
            unit.extend(["FL".to_owned(), number.to_owned()]);
            rest = after;
            continue;
        }
        let designator = designator(first)?;
        let after = without_number_sign(designator, after);
        let certain = after.iter().take_while(|word| is_number(word, Numbers::Certain)).take(2).count();
        let is_word = numbers == Numbers::AnyWord && after.first().is_some_and(|word| is_number(word, numbers));
        let taken = if certain == 0 && designator.needs_number && is_word { 1 } else { certain };
        if taken == 0 && designator.needs_number {
            return None;
        }
        // `APT 2 3RD FLOOR`: the second word belongs to the floor.
        let taken = if taken == 2 && begins_floor(&after[1..]) { 1 } else { taken };
        unit.push(designator.standard.to_owned());
        unit.extend_from_slice(&after[..taken]);
        rest = &after[taken..];
    }
    (!unit.is_empty()).then_some(unit)
}

/// A number by itself, whose designator nobody gave, goes behind a number sign.
pub(super) fn is_bare_number(words: &[String]) -> bool {
    matches!(words, [word] if is_number(word, Numbers::Certain))
}

/// `APT # 4` and `APT NO 4` are `APT 4`.
fn without_number_sign(designator: Designator, after: &[String]) -> &[String] {
    match after {
        [sign, number, ..]
            if designator.standard != "#" && matches!(sign.as_str(), "#" | "NO" | "NUM") && is_number(number, Numbers::Certain) =>
        {
            &after[1..]
        }
        _ => after,
    }
}

fn begins_floor(words: &[String]) -> bool {
    matches!(words, [number, floor, ..] if ordinal(number).is_some() && designator(floor).is_some_and(|designator| designator.standard == "FL"))
}

fn is_number(word: &str, numbers: Numbers) -> bool {
    let certain = has_digit(word) || is_letter(word);
    certain || (numbers == Numbers::AnyWord && designator(word).is_none())
}

/// `2` of `2ND`.
fn ordinal(word: &str) -> Option<&str> {
    let digits = word.strip_suffix("ST").or(word.strip_suffix("ND")).or(word.strip_suffix("RD")).or(word.strip_suffix("TH"))?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn standard(text: &str, numbers: Numbers) -> Option<String> {
        standard_unit(&words(text), numbers).map(|words| words.join(" "))
    }

    #[test]
    fn units_have_their_standard_designators() {
        for (text, expected) in [
            ("Apartment 4", "APT 4"),
            ("apt. #4-B", "APT 4-B"),
            ("Apto 4 B", "APT 4 B"),
            ("Apt No. 12", "APT 12"),
            ("#12", "# 12"),
            ("Suite 200", "STE 200"),
            ("2nd Floor", "FL 2"),
            ("Floor 2", "FL 2"),
            ("Building 3, Apartment 4", "BLDG 3 APT 4"),
            ("Apt 2, 3rd floor", "APT 2 FL 3"),
            ("Basement", "BSMT"),
            ("Penthouse 2", "PH 2"),
            ("Upper", "UPPR"),
            ("Rear", "REAR"),
        ] {
            assert_eq!(standard(text, Numbers::Certain).as_deref(), Some(expected), "{text}");
            assert_eq!(standard(expected, Numbers::Certain).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(standard("Building East", Numbers::AnyWord).as_deref(), Some("BLDG EAST"));
        assert_eq!(standard("Building East", Numbers::Certain), None);
        for unknown in ["", "Casa azul", "Piso 2", "Lower level", "Apartment", "4 Apartment", "Suite Room"] {
            assert_eq!(standard(unknown, Numbers::AnyWord), None, "{unknown}");
        }
    }

    #[test]
    fn every_designator_has_one_standard() {
        for line in include_str!("unit_designators.tsv").lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            for word in columns[1].split(' ').chain([columns[0]]) {
                assert_eq!(designator(word).unwrap().standard, columns[0]);
            }
            assert!(matches!(columns[2], "needed" | "optional"), "{line}");
        }
    }
}
