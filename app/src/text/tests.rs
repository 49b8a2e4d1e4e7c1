//! Both catalogues say the same things, whole and in short sentences.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

/// Words in a sentence. Spanish needs some more for the same thing.
const LONGEST_SENTENCE: [(&str, usize); 2] = [(EN, 24), (ES, 30)];
const EN: &str = include_str!("../../locales/en.json");
const ES: &str = include_str!("../../locales/es.json");

/// `home.title` and its text, of every text.
fn texts(catalogue: &str) -> BTreeMap<String, String> {
    fn collect(value: &Value, path: &str, texts: &mut BTreeMap<String, String>) {
        match value {
            Value::String(text) => assert!(texts.insert(path.to_owned(), text.clone()).is_none(), "{path} stands twice"),
            Value::Object(group) => group.iter().for_each(|(key, value)| collect(value, &format!("{path}.{key}"), texts)),
            other => panic!("{path} is no text: {other}"),
        }
    }
    let mut texts_by_key = BTreeMap::new();
    collect(&serde_json::from_str(catalogue).unwrap(), "", &mut texts_by_key);
    texts_by_key
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim()).collect();
    names.sort_unstable();
    names
}

#[test]
fn both_languages_have_the_same_texts_and_placeholders() {
    let (en, es) = (texts(EN), texts(ES));
    assert!(en.keys().eq(es.keys()), "the keys differ");
    for (key, text) in &en {
        assert_eq!(placeholders(text), placeholders(&es[key]), "{key}");
    }
}

#[test]
fn no_text_is_empty_or_has_loose_ends() {
    for text in texts(EN).values().chain(texts(ES).values()) {
        assert!(!text.is_empty() && text.trim() == text && !text.contains("  "), "{text:?}");
        assert!(!text.contains(['<', '>', '\n']), "{text:?}");
    }
}

#[test]
fn a_text_that_is_the_same_in_both_languages_is_meant_to_be() {
    let es = texts(ES);
    let same: Vec<String> = texts(EN).into_iter().filter(|(key, text)| es[key] == *text).map(|(key, _)| key).collect();
    assert_eq!(same, [".common.error_prefix", ".common.tty"]);
}

#[test]
fn sentences_are_short() {
    for (catalogue, longest) in LONGEST_SENTENCE {
        for (key, text) in texts(catalogue) {
            for sentence in text.split_terminator(['.', '?', ':', ';']) {
                assert!(sentence.split_whitespace().count() <= longest, "{key}: {sentence}");
            }
        }
    }
}

#[test]
fn placeholders_are_filled_in() {
    assert_eq!(text!(Locale::En, case_status.slow_minutes, minutes = 3), "You can try again in about 3 minutes.");
    assert_eq!(text!(Locale::Es, case_status.slow_hours, hours = 3), "Puede intentarlo otra vez en unas 3 horas.");
}
