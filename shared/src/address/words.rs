//! A line of an address as words: capitals without accents and without punctuation that means nothing
//! (USPS Publication 28, sections 222 and 354).

use crate::accents::plain_capitals;

/// The words of a line. Punctuation stays where it is part of a number: `39.2`, `1/2`, `112-10`.
pub(super) fn words(line: &str) -> Vec<String> {
    let line: Vec<char> = plain_capitals(line).chars().map(plain_mark).collect();
    let mut text = String::with_capacity(line.len());
    for (at, c) in line.iter().enumerate() {
        match kept(&line, at) {
            Kept::Character => text.push(*c),
            Kept::Word => text.extend([' ', *c, ' ']),
            Kept::Gap => text.push(' '),
            Kept::Nothing => {}
        }
    }
    text.split_whitespace().map(str::to_owned).collect()
}

enum Kept {
    Character,
    /// A word by itself.
    Word,
    Gap,
    Nothing,
}

fn kept(line: &[char], at: usize) -> Kept {
    let before = at.checked_sub(1).and_then(|before| line.get(before)).copied().unwrap_or(' ');
    let after = line.get(at + 1).copied().unwrap_or(' ');
    let is_inside = before.is_alphanumeric() && after.is_alphanumeric();
    let (digit_before, digit_after) = (before.is_ascii_digit(), after.is_ascii_digit());
    match line[at] {
        '#' => Kept::Word,
        '\'' => Kept::Nothing,
        '-' if is_inside && (digit_before || digit_after) => Kept::Character,
        '/' if is_inside => Kept::Character,
        '.' | ',' if digit_before && digit_after => Kept::Character,
        '.' if is_between_initials(line, at) => Kept::Nothing,
        '-' | '/' | '.' | ',' | ';' | ':' | '"' | '(' | ')' | '[' | ']' => Kept::Gap,
        _ => Kept::Character,
    }
}

/// The point after an initial that is followed by another: `P.O.`, `N.W.`, `J.F. Kennedy`.
fn is_between_initials(line: &[char], at: usize) -> bool {
    let is_letter = |at: usize| line.get(at).is_some_and(|c| c.is_alphabetic());
    let starts_alone = at >= 1 && is_letter(at - 1) && !(at >= 2 && line[at - 2].is_alphanumeric());
    let next_is_alone = is_letter(at + 1) && !line.get(at + 2).is_some_and(|c| c.is_alphanumeric());
    starts_alone && next_is_alone
}

/// The dashes, apostrophes and quotation marks that a telephone or a letter makes of the plain ones.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '‘' | '’' | '`' | '´' | 'ʼ' => '\'',
        '“' | '”' => '"',
        '⁄' => '/',
        _ => c,
    }
}

pub(super) fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

pub(super) fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// `N`, `NW` and the others, for a direction written either way.
pub(super) fn direction(word: &str) -> Option<&'static str> {
    let (_, standard) = DIRECTIONS.iter().find(|(long, short)| word == *long || word == *short)?;
    Some(standard)
}

const DIRECTIONS: [(&str, &str); 8] = [
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
];

/// The standard abbreviation of a street's suffix (Appendix C1).
pub(super) fn suffix(word: &str) -> Option<&'static str> {
    let rows = include_str!("street_suffixes.tsv").lines().skip(1).filter_map(|line| line.split_once('\t'));
    rows.into_iter().find(|(standard, written)| word == *standard || written.split(' ').any(|other| other == word)).map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn punctuation_goes_unless_it_is_part_of_a_number() {
        for (line, expected) in [
            ("123 Main St.", "123 MAIN ST"),
            ("123 Main St., #4", "123 MAIN ST # 4"),
            ("P.O. Box 5", "PO BOX 5"),
            ("P.O.Box 5", "PO BOX 5"),
            ("P. O. Box 5", "P O BOX 5"),
            ("U.S.Hwy 1", "US HWY 1"),
            ("J.F. Kennedy Blvd", "JF KENNEDY BLVD"),
            ("St.Louis", "ST LOUIS"),
            ("39.2 Rd", "39.2 RD"),
            ("101 1/2 Oak", "101 1/2 OAK"),
            ("101 1⁄2 Oak", "101 1/2 OAK"),
            ("112–10 Bronx Rd", "112-10 BRONX RD"),
            ("Mid-Island Plaza", "MID ISLAND PLAZA"),
            ("O’Brien Way", "OBRIEN WAY"),
            ("Apt D-103", "APT D-103"),
            ("1,234 Main", "1,234 MAIN"),
            ("Calle Añasco (Urb. Sol)", "CALLE ANASCO URB SOL"),
            ("c/o Ana", "C/O ANA"),
            (" - . , ", ""),
        ] {
            assert_eq!(words(line).join(" "), expected, "{line}");
        }
    }

    #[test]
    fn a_suffix_has_one_standard_and_that_is_its_own() {
        let table = include_str!("street_suffixes.tsv");
        assert_eq!(table.lines().skip(1).count(), 202);
        let mut seen = std::collections::HashSet::new();
        for line in table.lines().skip(1) {
            let (standard, written) = line.split_once('\t').unwrap();
            assert_eq!(suffix(standard), Some(standard));
            assert!(seen.insert(standard), "{standard}");
            for word in written.split(' ') {
                assert_eq!(suffix(word), Some(standard), "{word}");
                assert!(word == standard || seen.insert(word), "{word}");
            }
        }
        for (word, standard) in
            [("STREET", "ST"), ("AVENUE", "AVE"), ("BOULEVARD", "BLVD"), ("CROSSING", "XING"), ("PARKWAYS", "PKWY")]
        {
            assert_eq!(suffix(word), Some(standard));
        }
        assert_eq!((suffix("CALLE"), suffix(""), suffix("MAIN")), (None, None, None));
    }

    proptest! {
        #[test]
        fn words_stay_as_they_are(line in ".{0,40}", plain in "[A-Za-z0-9 .,'#/-]{0,30}") {
            for line in [line, plain] {
                let once = words(&line);
                prop_assert_eq!(words(&once.join(" ")), once);
            }
        }

        #[test]
        fn no_letter_and_no_digit_is_lost(line in "[A-Za-z0-9 .,'#/()-]{0,40}") {
            let kept = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '#').collect::<String>();
            prop_assert_eq!(kept(&words(&line).join(" ")), kept(&line.to_uppercase()));
        }
    }
}
