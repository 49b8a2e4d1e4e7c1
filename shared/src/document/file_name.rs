//! What the sender's device calls a file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name on one line, without a path. `Debug` hides it: it is often a person's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FileName(String);

/// Characters of a name.
pub const LONGEST_FILE_NAME: usize = 100;
/// Characters after the last dot that are still kept when a name is cut.
const LONGEST_ENDING: usize = 8;
/// The name of a file that brought none.
const FALLBACK: &str = "document";

impl FileName {
    /// Any text gives a name: nobody has to rename a file because of what we think of its name.
    pub fn parse(text: &str) -> Self {
        // Browsers send a bare name; others a path, in the way of either system.
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        // A character has at most four bytes: nothing long is gone through.
        let readable = last.chars().take(LONGEST_FILE_NAME * 16).filter(|c| !is_unreadable(*c));
        let name = readable.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.trim_start_matches('.').trim();
        Self(if name.is_empty() { FALLBACK.to_owned() } else { shortened(name) })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The beginning of a name, and its ending.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_FILE_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.chars().count() <= LONGEST_ENDING);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let room = LONGEST_FILE_NAME - ending.chars().count();
    name.chars().take(room).chain(ending.chars()).collect()
}

/// Control characters, and those that turn the direction of what follows: `fdp.exe` would read as `exe.pdf`.
fn is_unreadable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

impl From<String> for FileName {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileName([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_last_part_of_a_path_is_kept_and_it_is_readable() {
        for (text, name) in [
            ("card.jpg", "card.jpg"),
            ("C:\\Users\\Ana Ejemplo\\card.jpg", "card.jpg"),
            ("/home/ana/../card.jpg", "card.jpg"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
            ("  two \t words .pdf ", "two words .pdf"),
            ("pasaporte niño.PDF", "pasaporte niño.PDF"),
            ("\u{202E}gpj.exe", "gpj.exe"),
            ("..", FALLBACK),
            (".bashrc", "bashrc"),
            ("", FALLBACK),
            ("folder/", FALLBACK),
            ("\0\u{7}", FALLBACK),
        ] {
            assert_eq!(FileName::parse(text).as_str(), name, "{text:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = FileName::parse(&format!("{}.jpeg", "ñ".repeat(300)));
        assert_eq!(name.as_str(), format!("{}.jpeg", "ñ".repeat(95)));
        let dotted = FileName::parse(&format!("a.{}", "b".repeat(300)));
        assert_eq!(dotted.as_str(), format!("a.{}", "b".repeat(98)));
    }

    #[test]
    fn a_name_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", FileName::parse("Ana Ejemplo.pdf")), "FileName([hidden])");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_name_on_one_line_that_stays_as_it_is(text in any::<String>()) {
            let name = FileName::parse(&text);
            let chars = name.as_str().chars().count();
            prop_assert!((1..=LONGEST_FILE_NAME).contains(&chars));
            prop_assert!(!name.as_str().contains(['/', '\\', '\0', '\n', '\r']));
            prop_assert!(!name.as_str().contains(is_unreadable));
            prop_assert_eq!(&FileName::parse(name.as_str()), &name);
            let json = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(serde_json::from_str::<FileName>(&json).unwrap(), name);
        }
    }
}
