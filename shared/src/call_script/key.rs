//! The names of scripts, and of the nodes in one.

use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a name has 1 to 40 small letters, digits and dashes, and begins with a letter")]
pub struct KeyError;

fn is_key(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}

macro_rules! key {
    ($(#[$guide:meta])* $name:ident) => {
        $(#[$guide])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// [`KeyError`] says what a name looks like.
            pub fn parse(text: &str) -> Result<Self, KeyError> {
                if is_key(text) { Ok(Self(text.to_owned())) } else { Err(KeyError) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = KeyError;

            fn try_from(text: String) -> Result<Self, KeyError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.0
            }
        }
    };
}

key! {
    /// The name of a script: `card-not-received`.
    ScriptKey
}

key! {
    /// The name of a node within its script.
    NodeKey
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_small_letters_digits_and_dashes() {
        for good in ["a", "card-not-received", "i-90", "x2"] {
            assert_eq!(NodeKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "2x", "-a", "Card", "card not", "é", &"a".repeat(41), "a/b", "a\n"] {
            assert_eq!(ScriptKey::parse(bad), Err(KeyError), "{bad}");
        }
    }
}
