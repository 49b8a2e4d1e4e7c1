//! Letters without their accents: to sort names, to compare what two people wrote, and for addresses, which the carrier prints
//! in plain capitals.

/// Each plain letter, and the capitals that become it.
const PLAIN: [(&str, &str); 29] = [
    ("A", "ÀÁÂÃÄÅĀĂĄǍ"),
    ("AE", "Æ"),
    ("C", "ÇĆĈĊČ"),
    ("D", "ĎĐÐ"),
    ("E", "ÈÉÊËĒĔĖĘĚ"),
    ("G", "ĜĞĠĢ"),
    ("H", "ĤĦ"),
    ("I", "ÌÍÎÏĨĪĬĮİ"),
    ("J", "Ĵ"),
    ("K", "Ķ"),
    ("L", "ĹĻĽĿŁ"),
    ("N", "ÑŃŅŇ"),
    ("O", "ÒÓÔÕÖØŌŎŐƠ"),
    ("OE", "Œ"),
    ("R", "ŔŖŘ"),
    ("S", "ŚŜŞŠȘ"),
    ("SS", "ẞ"),
    ("T", "ŢŤŦȚ"),
    ("TH", "Þ"),
    ("U", "ÙÚÛÜŨŪŬŮŰŲƯ"),
    ("W", "Ŵ"),
    ("Y", "ÝŶŸ"),
    ("Z", "ŹŻŽ"),
    // Vietnamese has letters with two marks.
    ("A", "ẠẢẤẦẨẪẬẮẰẲẴẶ"),
    ("E", "ẸẺẼẾỀỂỄỆ"),
    ("I", "ỈỊ"),
    ("O", "ỌỎỐỒỔỖỘỚỜỞỠỢ"),
    ("U", "ỤỦỨỪỬỮỰ"),
    ("Y", "ỲỴỶỸ"),
];

/// The text in capitals without accents: `Peñuelas` becomes `PENUELAS`. Letters of other scripts stay.
pub fn plain_capitals(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_uppercase).filter(|c| !is_combining(*c)) {
        match PLAIN.iter().find(|(_, accented)| !c.is_ascii() && accented.contains(c)) {
            Some((letters, _)) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    plain
}

/// Marks that stand after their letter, as some keyboards and systems write accents.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_go_and_letters_stay() {
        for (text, plain) in [
            ("Peñuelas", "PENUELAS"),
            ("Cañón City", "CANON CITY"),
            ("Straße 5½", "STRASSE 5½"),
            ("e\u{301}tage", "ETAGE"),
            ("Łódź", "LODZ"),
            ("Nguyễn", "NGUYEN"),
            ("Ærø", "AERO"),
            ("Москва", "МОСКВА"),
        ] {
            assert_eq!(plain_capitals(text), plain);
        }
    }

    #[test]
    fn every_accented_letter_stands_in_one_row_only() {
        let all: Vec<char> = PLAIN.iter().flat_map(|(_, accented)| accented.chars()).collect();
        for letter in &all {
            assert_eq!(all.iter().filter(|other| *other == letter).count(), 1, "{letter}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_stays_as_it_is(text in any::<String>()) {
            let plain = plain_capitals(&text);
            prop_assert_eq!(plain_capitals(&plain), plain);
        }
    }
}
