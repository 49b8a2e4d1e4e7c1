//! Categories of a form, by the key that processing times are published under.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The key of a form's category, as `136A-NIW`, `134A-F21`, `137-E` or `142`: up to 20 capital letters, digits and dashes.
/// Categories are reference data, so a key that no list has is legal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CategoryKey(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a category key has 1 to 20 letters, digits and dashes, as 136A-NIW")]
pub struct CategoryKeyError;

impl CategoryKey {
    /// Reads a key in capital or small letters.
    pub fn parse(text: &str) -> Result<Self, CategoryKeyError> {
        let legal = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if legal { Ok(Self(text.to_ascii_uppercase())) } else { Err(CategoryKeyError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CategoryKey {
    type Error = CategoryKeyError;

    fn try_from(text: String) -> Result<Self, CategoryKeyError> {
        Self::parse(&text)
    }
}

impl From<CategoryKey> for String {
    fn from(key: CategoryKey) -> Self {
        key.0
    }
}

/// The category whose time counts, of those that a form has times for: the case's own if it is one of them, or the only one
/// there is. None if the case does not tell.
pub fn category_for<'a>(own: Option<&CategoryKey>, listed: &[&'a CategoryKey]) -> Option<&'a CategoryKey> {
    match listed {
        [only] => Some(only),
        _ => listed.iter().copied().find(|listed| Some(*listed) == own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_cases_own_category_counts_if_it_is_listed_and_the_only_one_anyway() {
        let [c08, c09, c10] = ["C08", "C09", "C10"].map(|key| CategoryKey::parse(key).unwrap());
        assert_eq!(category_for(Some(&c09), &[&c08, &c09]), Some(&c09));
        assert_eq!(category_for(Some(&c10), &[&c08, &c09]), None);
        assert_eq!(category_for(None, &[&c08, &c09]), None);
        assert_eq!(category_for(Some(&c10), &[&c08]), Some(&c08));
        assert_eq!(category_for(None, &[&c08]), Some(&c08));
        assert_eq!(category_for(Some(&c08), &[]), None);
    }

    #[test]
    fn published_keys_parse_and_other_text_does_not() {
        for good in ["136A-NIW", "134A-F21", "137-E", "142", "C", "ABCDEFGHIJ0123456789"] {
            assert_eq!(CategoryKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " 142", "136A NIW", "136A_NIW", "137\u{2013}E", "136A-ÑIW", "ABCDEFGHIJ0123456789A", "142<b>"] {
            assert_eq!(CategoryKey::parse(bad), Err(CategoryKeyError), "{bad}");
        }
    }

    #[test]
    fn small_letters_are_the_same_key() {
        assert_eq!(CategoryKey::parse("136a-niw"), CategoryKey::parse("136A-NIW"));
    }

    #[test]
    fn json_is_held_to_the_same_form() {
        assert_eq!(serde_json::to_string(&CategoryKey::parse("137-e").unwrap()).unwrap(), r#""137-E""#);
        assert!(serde_json::from_str::<CategoryKey>(r#""137 E""#).is_err());
    }

    proptest! {
        #[test]
        fn what_was_parsed_parses_to_itself(text in any::<String>(), likely in "[A-Za-z0-9-]{0,22}") {
            for text in [text, likely] {
                if let Ok(key) = CategoryKey::parse(&text) {
                    prop_assert_eq!(CategoryKey::parse(key.as_str()), Ok(key.clone()));
                }
            }
        }
    }
}
