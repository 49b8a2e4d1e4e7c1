//! Sentences, and how much two of them say the same.

use std::collections::BTreeSet;

use crate::accents::plain_capitals;

/// The sentences of a text. A line's end ends one, too.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut begin = 0;
        for (at, c) in line.char_indices() {
            let after = at + c.len_utf8();
            let rest = &line[after..];
            let is_end = matches!(c, '.' | '?' | '!') && (rest.is_empty() || rest.starts_with(' '));
            // `U.S. citizen`, `No. 5`: what goes on in small letters or figures is no new sentence.
            let goes_on = rest.trim_start().starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
            if is_end && !goes_on {
                found.push(&line[begin..after]);
                begin = after;
            }
        }
        found.push(&line[begin..]);
    }
    found.retain(|sentence| sentence.chars().any(char::is_alphabetic));
    found.iter().map(|sentence| sentence.trim()).collect()
}

/// The words of a text, without what stands around them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty())
}

/// Shorter sentences are said again without harm.
const SHORTEST: usize = 6;
/// Of pairs of neighbouring words, how many two sentences must share, in percent.
const ALIKE: usize = 80;

/// A sentence as far as it says something: words in plain capitals, whatever the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said(Vec<String>);

impl Said {
    /// None for what is too short to tell.
    pub fn of(sentence: &str) -> Option<Self> {
        let figures_alike = |word: &str| -> String { word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
        let words: Vec<String> = words(&plain_capitals(sentence)).map(figures_alike).collect();
        (words.len() >= SHORTEST).then_some(Self(words))
    }

    fn pairs(&self) -> BTreeSet<(&str, &str)> {
        self.0.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect()
    }

    /// Whether it is the other one again: as good as all pairs of neighbouring words are the same.
    pub fn repeats(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.pairs(), other.pairs());
        let shared = mine.intersection(&theirs).count();
        200 * shared >= ALIKE * (mine.len() + theirs.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_end_where_one_hears_it() {
        let text = "We mailed it. Did it come? No. 5 of the U.S. citizens said so!\nAnother line\n\n12.";
        let found = ["We mailed it.", "Did it come?", "No. 5 of the U.S. citizens said so!", "Another line"];
        assert_eq!(sentences(text), found);
        assert_eq!(sentences("Su caso sigue. Ñandú. Él espera."), ["Su caso sigue.", "Ñandú.", "Él espera."]);
    }

    #[test]
    fn a_sentence_is_the_same_with_another_day_in_it() {
        let said = |text| Said::of(text).unwrap();
        let first = said("We mailed your card to you on March 3, 2026 by Priority Mail.");
        assert!(first.repeats(&said("we mailed your card to you on March 9, 2026, by priority mail")));
        assert!(!first.repeats(&said("We did not find that a card was mailed to you in March.")));
        assert!(
            said("Enviamos su tarjeta a la dirección que usted nos dio.")
                .repeats(&said("Enviamos su tarjeta a la direccion que usted nos dio."))
        );
        assert_eq!(Said::of("Your case is pending."), None);
    }

    proptest! {
        #[test]
        fn every_sentence_is_a_part_of_the_text_and_repeats_itself(text in "([A-Za-zñ]{1,8}[ .!?\n]){0,40}") {
            for sentence in sentences(&text) {
                prop_assert!(text.contains(sentence));
                if let Some(said) = Said::of(sentence) {
                    prop_assert!(said.repeats(&said));
                }
            }
        }

        #[test]
        fn repeating_goes_both_ways(one in "([a-d] ){6,12}", other in "([a-d] ){6,12}") {
            let (one, other) = (Said::of(&one).unwrap(), Said::of(&other).unwrap());
            prop_assert_eq!(one.repeats(&other), other.repeats(&one));
        }
    }
}
