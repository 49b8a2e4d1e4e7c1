use std::fmt;

use super::DropError;

const MAX_LENGTH: usize = 200;

/// The name of a file at the drop, safe in a path and in a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Refuses whatever could lead out of a folder, or spoil a log.
    pub fn parse(text: &str) -> Result<Self, DropError> {
        // Names are UTF-8 here: others were read with replacement characters and could not be asked for.
        let is_unsafe = |c: char| c.is_control() || matches!(c, '/' | '\\' | char::REPLACEMENT_CHARACTER);
        if text.is_empty() || text.len() > MAX_LENGTH || text == "." || text.contains("..") || text.contains(is_unsafe) {
            return Err(DropError::Name);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_names_are_used() {
        for name in ["IV_EXTRACT_20260301.txt", "a b.zip", "señal.csv", "x", &"n".repeat(200)] {
            assert_eq!(FileName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", ".", "..", "../key", "a/b", "/etc/passwd", "a\\b", "a..b", "a\nb", "a\0b", "a\u{9b}b", "a\u{fffd}b"] {
            assert!(FileName::parse(name).is_err(), "{name:?}");
        }
        assert!(FileName::parse(&"n".repeat(201)).is_err());
    }

    proptest! {
        #[test]
        fn a_name_is_one_step_in_a_path(text in ".{0,250}|[./\\\\a]{0,6}") {
            if let Ok(name) = FileName::parse(&text) {
                let steps: Vec<_> = Path::new(name.as_str()).components().collect();
                prop_assert!(matches!(steps[..], [Component::Normal(step)] if step == name.as_str()));
                prop_assert!(name.as_str().len() <= MAX_LENGTH && !name.as_str().contains(char::is_control));
            }
        }
    }
}
