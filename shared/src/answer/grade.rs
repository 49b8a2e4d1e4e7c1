//! How many years of school a text takes.
//!
//! English by Flesch and Kincaid (1975). Spanish by Fernández Huerta (1959), whose scale names school years as Flesch's does.

use super::sentence::{sentences, words};
use crate::locale::Locale;

/// Texts of fewer words have no grade: one long name decides.
const SHORTEST: usize = 20;

/// The school year that a text takes; none if it is too short to tell.
pub fn grade(text: &str, locale: Locale) -> Option<u8> {
    let all: Vec<&str> = words(text).filter(|word| word.chars().any(char::is_alphabetic)).collect();
    if all.len() < SHORTEST {
        return None;
    }
    let syllables: usize = match locale {
        Locale::En => all.iter().map(|word| english(word)).sum(),
        Locale::Es => all.iter().map(|word| spanish(word)).sum(),
    };
    let per_sentence = ratio(all.len(), sentences(text).len().max(1));
    let per_word = ratio(syllables, all.len());
    Some(match locale {
        Locale::En => whole(0.39 * per_sentence + 11.8 * per_word - 15.59),
        Locale::Es => school_year(206.84 - 60.0 * per_word - 1.02 * per_sentence),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a text has few words")]
fn ratio(of: usize, to: usize) -> f64 {
    of as f64 / to as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is cut to what fits before")]
fn whole(grade: f64) -> u8 {
    grade.round().clamp(0.0, 20.0) as u8
}

/// The table of Fernández Huerta.
fn school_year(ease: f64) -> u8 {
    let table = [(90.0, 4), (80.0, 5), (70.0, 6), (60.0, 8), (50.0, 10), (30.0, 13)];
    table.into_iter().find(|(from, _)| ease >= *from).map_or(16, |(_, year)| year)
}

/// Groups of vowels, without the `e` that is not heard at the end.
fn english(word: &str) -> usize {
    let word = word.to_lowercase();
    let word = word.strip_suffix("'s").unwrap_or(&word);
    let heard = match word.strip_suffix("es").or_else(|| word.strip_suffix("ed")) {
        // `notices`, `decided`: after these sounds the ending is heard.
        Some(stem) if stem.ends_with(['s', 'x', 'z', 'c', 'g', 't', 'd']) || stem.ends_with("sh") || stem.ends_with("ch") => word,
        Some(stem) => stem,
        None if word.ends_with("le") && !word.ends_with("ale") && !word.ends_with("ile") && !word.ends_with("ole") => word,
        None => word.strip_suffix('e').unwrap_or(word),
    };
    groups(heard, |c| "aeiouy".contains(c)).max(1)
}

fn groups(word: &str, is_vowel: impl Fn(char) -> bool) -> usize {
    let mut before = false;
    let begins = |c: char| {
        let begins = is_vowel(c) && !before;
        before = is_vowel(c);
        begins
    };
    word.chars().map(begins).filter(|begins| *begins).count()
}

/// Strong vowels are syllables of their own; a weak one beside another vowel is not, unless it has an accent. The `u` of `que`,
/// `qui`, `gue` and `gui` is not heard, and a `y` is a vowel at the end only.
fn spanish(word: &str) -> usize {
    let word = word.to_lowercase();
    let mut letters: Vec<char> = Vec::new();
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let is_silent =
            c == 'u' && matches!(letters.last(), Some('q' | 'g')) && matches!(chars.peek(), Some('e' | 'é' | 'i' | 'í'));
        if !is_silent {
            letters.push(if c == 'y' && chars.peek().is_none() { 'i' } else { c });
        }
    }
    let strong = |c: char| "aeoáéóíú".contains(c);
    let weak = |c: char| "iuü".contains(c);
    let mut syllables = 0;
    let mut before = None;
    for c in letters {
        let joins = match before {
            Some(last) if strong(last) => weak(c),
            // After a weak vowel any other joins, but one that bears the accent of its own.
            Some(last) if weak(last) => (strong(c) && !"íú".contains(c)) || (weak(c) && c != last),
            _ => false,
        };
        if (strong(c) || weak(c)) && !joins {
            syllables += 1;
        }
        before = (strong(c) || weak(c)).then_some(c);
    }
    syllables.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn english_syllables_as_they_are_heard() {
        for (word, syllables) in [
            ("card", 1),
            ("mailed", 1),
            ("notices", 3),
            ("decided", 3),
            ("people", 2),
            ("immigration", 4),
            ("the", 1),
            ("case", 1),
            ("address", 2),
            ("I", 1),
        ] {
            assert_eq!(english(word), syllables, "{word}");
        }
    }

    #[test]
    fn spanish_syllables_by_the_rules() {
        for (word, syllables) in [
            ("tarjeta", 3),
            ("dirección", 3),
            ("que", 1),
            ("guerra", 2),
            ("pingüino", 3),
            ("día", 2),
            ("país", 2),
            ("ciudad", 2),
            ("leer", 2),
            ("muy", 1),
            ("envíe", 3),
            ("aviso", 3),
            ("inmigración", 4),
            ("ahora", 3),
            ("y", 1),
            ("baúl", 2),
        ] {
            assert_eq!(spanish(word), syllables, "{word}");
        }
    }

    const PLAIN_EN: &str = "We mailed your card on March 3. It came back to us. Please tell us where you live now. Then we will mail \
                            it again. It takes ten days.";
    const HARD_EN: &str = "Notwithstanding the aforementioned considerations, adjudication of the underlying application remains \
                           contingent upon satisfactory completion of all requisite administrative verification procedures.";
    const PLAIN_ES: &str = "Enviamos su tarjeta el 3 de marzo. El correo nos la devolvió. Díganos dónde vive ahora. Luego se la \
                            enviamos otra vez. Tarda diez días.";
    const HARD_ES: &str = "No obstante las consideraciones anteriormente mencionadas, la adjudicación de la correspondiente \
                           solicitud permanece condicionada a la conclusión satisfactoria de los procedimientos administrativos \
                           de verificación reglamentariamente establecidos.";

    #[test]
    fn plain_words_take_few_years_and_officialese_many() {
        assert!(grade(PLAIN_EN, Locale::En).unwrap() <= 4, "{:?}", grade(PLAIN_EN, Locale::En));
        assert!(grade(HARD_EN, Locale::En).unwrap() >= 18);
        assert!(grade(PLAIN_ES, Locale::Es).unwrap() <= 6, "{:?}", grade(PLAIN_ES, Locale::Es));
        assert_eq!(grade(HARD_ES, Locale::Es), Some(16));
        assert_eq!(grade("Too short to tell.", Locale::En), None);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_every_word_has_a_syllable(text in "\\PC{0,200}", word in "\\PC{1,20}") {
            for locale in Locale::ALL {
                let _ = grade(&text, locale);
            }
            prop_assert!(english(&word) >= 1 && spanish(&word) >= 1);
        }

        #[test]
        fn a_longer_sentence_is_never_easier(words in proptest::collection::vec("[a-z]{2,9}", 24..60)) {
            let (one, two) = words.split_at(words.len() / 2);
            let long = format!("{}.", words.join(" "));
            let short = format!("{}. A{}.", one.join(" "), two.join(" "));
            for locale in Locale::ALL {
                // The second sentence begins with a capital, which changes a word: by one syllable at most.
                prop_assert!(grade(&short, locale).unwrap() <= grade(&long, locale).unwrap() + 1);
            }
        }
    }
}
