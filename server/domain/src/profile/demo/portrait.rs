//! A photograph that shows nobody: a circle, shoulders, and initials.

use shared::accents::plain_capitals;
use shared::case_feed::PersonName;

const WIDTH: u32 = 96;
const HEIGHT: u32 = 120;

/// What a pixel is of: a place in the palette.
#[derive(Clone, Copy)]
enum Paint {
    Wall = 0,
    Head = 1,
    Clothes = 2,
    Letter = 3,
}

/// Walls and clothes, dark enough for white letters.
const COLOURS: [([u8; 3], [u8; 3]); 5] = [
    ([0xD9, 0xE8, 0xF6], [0x16, 0x2E, 0x51]),
    ([0xE3, 0xF5, 0xE1], [0x19, 0x31, 0x1E]),
    ([0xFA, 0xF3, 0xD1], [0x3F, 0x30, 0x00]),
    ([0xF6, 0xE9, 0xE6], [0x4A, 0x1C, 0x0F]),
    ([0xED, 0xE3, 0xF6], [0x31, 0x1C, 0x4A]),
];

/// A PNG of somebody of this name.
pub fn portrait(name: Option<&PersonName>, number: usize) -> Vec<u8> {
    let initials = name.map(initials).unwrap_or_default();
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // No filter.
        rows.push(0);
        rows.extend((0..WIDTH).map(|x| paint(x, y, &initials) as u8));
    }
    let (wall, clothes) = COLOURS.get(number % COLOURS.len()).copied().unwrap_or_default();
    let palette = [wall, [0x8D, 0x92, 0x97], clothes, [0xFF; 3]].concat();
    let header = [WIDTH.to_be_bytes().as_slice(), &HEIGHT.to_be_bytes(), &[8, 3, 0, 0, 0]].concat();
    let chunks = [chunk(*b"IHDR", &header), chunk(*b"PLTE", &palette), chunk(*b"IDAT", &stored(&rows)), chunk(*b"IEND", b"")];
    [b"\x89PNG\r\n\x1A\n".to_vec(), chunks.concat()].concat()
}

/// Of the given name and of the family name.
fn initials(name: &PersonName) -> Vec<char> {
    let first = |part: &String| plain_capitals(part).chars().find(char::is_ascii_uppercase);
    [name.given.as_ref(), Some(&name.family)].into_iter().flatten().filter_map(first).collect()
}

fn paint(x: u32, y: u32, initials: &[char]) -> Paint {
    if is_letter(x, y, initials) {
        return Paint::Letter;
    }
    let (x, y) = (i64::from(x), i64::from(y));
    let is_in = |(middle, top): (i64, i64), (wide, high): (i64, i64)| {
        let (dx, dy) = ((x - middle) * high, (y - top) * wide);
        dx * dx + dy * dy < wide * wide * high * high
    };
    if is_in((48, 40), (21, 25)) {
        Paint::Head
    } else if is_in((48, 122), (42, 48)) {
        Paint::Clothes
    } else {
        Paint::Wall
    }
}

/// Pixels to a dot of a letter.
const DOT: u32 = 3;
/// A letter has five dots by seven, and one beside it.
const STEP: u32 = 6 * DOT;

fn is_letter(x: u32, y: u32, initials: &[char]) -> bool {
    let letters = u32::try_from(initials.len()).unwrap_or_default();
    let left = (WIDTH - (letters * STEP).min(WIDTH)) / 2 + DOT / 2;
    let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(88)) else { return false };
    let (at, column, row) = (x / STEP, x % STEP / DOT, y / DOT);
    let letter = usize::try_from(at).ok().and_then(|at| initials.get(at));
    let line = letter.and_then(|letter| glyph(*letter)).and_then(|lines| lines.get(usize::try_from(row).ok()?).copied());
    line.is_some_and(|line| column < 5 && line >> (4 - column) & 1 == 1)
}

/// Seven lines of five dots.
#[rustfmt::skip]
const fn glyph(letter: char) -> Option<[u8; 7]> {
    Some(match letter {
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'B' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
        'C' => [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
        'D' => [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
        'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        'F' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000],
        'G' => [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01110],
        'H' => [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'I' => [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        'J' => [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        'K' => [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
        'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        'N' => [0b10001, 0b11001, 0b10101, 0b10101, 0b10011, 0b10001, 0b10001],
        'O' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'Q' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        'U' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'V' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100],
        'W' => [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001],
        'X' => [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001],
        'Y' => [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100],
        'Z' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111],
        _ => return None,
    })
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [name.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap_or_default().to_be_bytes();
    [length.as_slice(), &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}

/// Not compressed (RFC 1950, RFC 1951): one block holds more than such a picture has.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or_default();
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    let check = (high << 16 | low).to_be_bytes();
    [[0x78, 0x01, 0x01].as_slice(), &length.to_le_bytes(), &(!length).to_le_bytes(), bytes, &check].concat()
}

#[cfg(test)]
mod tests {
    use shared::document::DocumentKind;

    use super::*;
    use crate::document::clean;

    fn name(family: &str, given: Option<&str>) -> PersonName {
        PersonName { family: family.into(), given: given.map(Into::into), middle: None }
    }

    #[test]
    fn a_portrait_is_a_picture_of_which_nothing_has_to_be_taken_out() {
        let ana = portrait(Some(&name("Ejemplo", Some("Ana"))), 0);
        let cleaned = clean(&ana).unwrap();
        assert_eq!((cleaned.kind, &cleaned.content), (DocumentKind::Png, &ana));
        assert_eq!(ana, portrait(Some(&name("Ejemplo", Some("Ana"))), 0), "the same every time");
        let others =
            [portrait(None, 0), portrait(Some(&name("Muestra", None)), 0), portrait(Some(&name("Ejemplo", Some("Ana"))), 1)];
        assert!(others.iter().all(|other| *other != ana && clean(other).is_ok()));
    }

    #[test]
    fn initials_are_plain_letters() {
        assert_eq!(initials(&name("Örnek", Some("Élodie"))), ['E', 'O']);
        assert!(initials(&name("王", None)).is_empty());
        assert!(('A'..='Z').all(|letter| glyph(letter).is_some()) && glyph('1').is_none());
    }
}
