//! By what somebody is found.

use rphonetic::{DaitchMokotoffSoundex, DaitchMokotoffSoundexBuilder};
use shared::accents::plain_capitals;
use shared::case_feed::PersonName;
use shared::profile::Fact;
use std::sync::LazyLock;
use store::profile::{Key, KeyKind};

/// Words of one name that are looked at: nobody has more.
const MOST_WORDS: usize = 12;

/// Daitch and Mokotoff's codes: made for names that were written down by ear in many languages, and one name may have several.
static SOUND: LazyLock<DaitchMokotoffSoundex> =
    LazyLock::new(|| DaitchMokotoffSoundexBuilder::default().build().unwrap_or_default());

/// The words of a name as they are compared: in capitals, without accents, apostrophes and dashes.
pub fn words(name: &PersonName) -> Vec<String> {
    let parts = [Some(&name.family), name.given.as_ref(), name.middle.as_ref()];
    let mut words: Vec<String> = Vec::new();
    for word in parts.into_iter().flatten().flat_map(|part| words_of(part)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.truncate(MOST_WORDS);
    words
}

/// The words of one part of a name.
pub fn words_of(part: &str) -> Vec<String> {
    let plain = plain_capitals(part);
    let joined: String = plain.chars().filter(|c| !matches!(c, '\'' | '’' | '`' | '´')).collect();
    joined.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

/// How a word sounds: one code or several. None for other scripts than Latin.
pub fn sounds(word: &str) -> Vec<String> {
    if word.is_empty() || !word.chars().all(|c| c.is_ascii_alphabetic()) {
        return Vec::new();
    }
    SOUND.soundex(word).split('|').filter(|code| !code.is_empty()).map(ToOwned::to_owned).collect()
}

/// Every key of a fact.
pub fn keys(fact: &Fact) -> Vec<Key> {
    let key = |kind: KeyKind, text: &str| Key { kind, text: text.to_owned() };
    match fact {
        Fact::Name { name, .. } => {
            let words = words(name);
            let mut keys: Vec<Key> = words.iter().map(|word| key(KeyKind::Word, word)).collect();
            for sound in words.iter().flat_map(|word| sounds(word)) {
                let sound = key(KeyKind::Sound, &sound);
                if !keys.contains(&sound) {
                    keys.push(sound);
                }
            }
            keys
        }
        Fact::BirthDate(day) => vec![key(KeyKind::BirthDate, &day.to_string())],
        Fact::ANumber(number) => vec![key(KeyKind::ANumber, number.digits())],
        Fact::Fin(fin) => vec![key(KeyKind::Fin, fin.digits())],
        Fact::Ssn(ssn) => vec![key(KeyKind::Ssn, ssn.digits())],
        Fact::Encounter(encounter) => vec![key(KeyKind::Encounter, encounter.id.as_str())],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_lose_their_accents_and_marks() {
        let name = PersonName { family: "Núñez-O’Hara".into(), given: Some("María  del Mar".into()), middle: None };
        assert_eq!(words(&name), ["NUNEZ", "OHARA", "MARIA", "DEL", "MAR"]);
    }

    #[test]
    fn names_written_by_ear_sound_alike() {
        for (a, b) in [("MOHAMMED", "MUHAMAD"), ("SCHWARTZ", "SHVARTS"), ("YUSUPOV", "JUSUPOW"), ("HUSSEIN", "HUSEYN")] {
            let (a, b) = (sounds(a), sounds(b));
            assert!(a.iter().any(|code| b.contains(code)), "{a:?} {b:?}");
        }
        assert!(!sounds("MUESTRA").iter().any(|code| sounds("EJEMPLO").contains(code)));
        assert!(sounds("李").is_empty() && sounds("").is_empty());
    }

    proptest! {
        #[test]
        fn no_name_panics(part in any::<String>(), word in "[A-Z]{0,60}") {
            for word in words_of(&part) {
                sounds(&word);
            }
            sounds(&word);
        }
    }
}
