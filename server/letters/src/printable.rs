//! What the fonts can show.
//!
//! PDF/UA forbids a character without a glyph, and typst then makes no document at all. A person whose name has one is better
//! served with a mark in its place.

use serde_json::Value;
use shared::letter::Letter;
use typst::text::Font;

/// In place of what cannot be shown.
const REPLACEMENT: char = '\u{fffd}';

/// The letter in JSON, with texts that can be printed in each of the fonts.
pub(crate) fn printable(letter: &Letter, fonts: &[Font]) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(letter)?;
    each_text(&mut value, &|text| text.chars().filter_map(|c| printed(c, fonts)).collect());
    Ok(value)
}

fn each_text(value: &mut Value, change: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn printed(c: char, fonts: &[Font]) -> Option<char> {
    match c {
        '\n' => Some(c),
        '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Not seen, or turning the direction of what follows: a text means the same without them.
        _ if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}') =>
        {
            None
        }
        // Each font may have other signs of its own here; PDF/UA refuses them.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => Some(REPLACEMENT),
        _ if fonts.iter().all(|font| font.info().coverage.contains(c.into())) => Some(c),
        _ => Some(REPLACEMENT),
    }
}
