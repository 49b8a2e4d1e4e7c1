//! What happened and when, newest first: of the case and of its mail.
//!
//! A case can have dozens of entries of three words each. They are written as one text: as views each would cost about as
//! much as a look-up in the database.

use std::fmt::Write as _;

use leptos::prelude::*;
use shared::case_status::Day;

/// An entry of a timeline.
pub struct Entry<'a> {
    pub what: &'a str,
    pub day: &'a Day,
    /// What follows the day: a time, a place.
    pub more: String,
}

/// The list of these entries.
pub fn timeline<'a>(entries: impl Iterator<Item = Entry<'a>>) -> AnyView {
    let mut html = String::new();
    for Entry { what, day, more } in entries {
        // Writing into a `String` cannot fail.
        let _ = write!(
            html,
            "<li><p class=\"portico-timeline__title\">{}</p><p class=\"portico-timeline__when\"><time datetime=\"{}\">{}</time>{}</p></li>",
            Escaped(what),
            Escaped(&day.iso),
            Escaped(&day.text),
            Escaped(&more)
        );
    }
    view! { <ol class="portico-timeline" inner_html=html></ol> }.into_any()
}

/// A text as it stands in a document, between tags or in an attribute.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut written = 0;
        for (at, byte) in self.0.bytes().enumerate() {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#x27;",
                _ => continue,
            };
            f.write_str(&self.0[written..at])?;
            f.write_str(entity)?;
            written = at + 1;
        }
        f.write_str(&self.0[written..])
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unescaped(text: &str) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
        entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
    }

    #[test]
    fn an_entry_is_a_title_and_a_time() {
        let day = Day { iso: "2026-03-02".into(), text: "March 2, 2026".into() };
        let entry = Entry { what: "Left <b>", day: &day, more: ", 9:05 a.m., O'FALLON, MO".into() };
        assert_eq!(
            timeline([entry].into_iter()).to_html(),
            "<ol class=\"portico-timeline\"><li><p class=\"portico-timeline__title\">Left &lt;b&gt;</p>\
             <p class=\"portico-timeline__when\"><time datetime=\"2026-03-02\">March 2, 2026</time>, 9:05 a.m., O&#x27;FALLON, MO</p>\
             </li></ol>"
        );
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_place(text in any::<String>()) {
            let escaped = Escaped(&text).to_string();
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            prop_assert_eq!(unescaped(&escaped), text);
        }
    }
}
