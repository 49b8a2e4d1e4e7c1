//! A field of a tagged record: subfields, and in each the information items (annex B.1 of the 2011 edition).

use thiserror::Error;

use crate::sensitive::Sensitive;

/// Ends a record.
pub(super) const FS: u8 = 0x1C;
/// Between fields.
pub(super) const GS: u8 = 0x1D;
/// Between the subfields of a field.
pub(super) const RS: u8 = 0x1E;
/// Between the items of a subfield.
pub(super) const US: u8 = 0x1F;

/// A field that this module gives no type of its own. What it says may be a person's, so `Debug` shows its number alone.
///
/// The value is kept as it was sent and is cut into items when somebody looks: a value of nothing but separators costs no more
/// memory than its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    number: u32,
    value: Sensitive<Vec<u8>>,
}

/// Why a field cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldError {
    /// 1 and 2 are LEN and IDC, which the writer knows.
    #[error("a field has a number from 3 to 999999999")]
    Number,
    #[error("a field says something")]
    Empty,
    #[error("a text holds none of the bytes 1C to 1F, which separate fields")]
    Separator,
}

impl Field {
    /// A field of one item.
    ///
    /// # Errors
    /// See [`FieldError`].
    pub fn text(number: u32, text: &str) -> Result<Self, FieldError> {
        Self::new(number, &[&[text]])
    }

    /// A field of subfields, each of items.
    ///
    /// # Errors
    /// See [`FieldError`].
    pub fn new(number: u32, subfields: &[&[&str]]) -> Result<Self, FieldError> {
        if !(3..=999_999_999).contains(&number) {
            return Err(FieldError::Number);
        }
        let is_separator = |byte: u8| (FS..=US).contains(&byte);
        if subfields.iter().copied().flatten().any(|item| item.bytes().any(is_separator)) {
            return Err(FieldError::Separator);
        }
        let subfields: Vec<Vec<u8>> = subfields.iter().map(|items| items.join("\u{1F}").into_bytes()).collect();
        let value = subfields.join(&RS);
        if value.is_empty() {
            return Err(FieldError::Empty);
        }
        Ok(Self::of_value(number, &value))
    }

    pub(super) fn of_value(number: u32, value: &[u8]) -> Self {
        Self { number, value: Sensitive::new(value.to_vec()) }
    }

    /// Its number in the record: 13 of `14.013`.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// All of it, with its separators.
    pub const fn value(&self) -> &Sensitive<Vec<u8>> {
        &self.value
    }

    /// A field of one item as text. None if it has several, or is not UTF-8: ask [`Field::subfields`] then.
    pub fn as_text(&self) -> Option<Sensitive<&str>> {
        let text = std::str::from_utf8(self.value.expose()).ok()?;
        (!text.bytes().any(|byte| byte == RS || byte == US)).then_some(Sensitive::new(text))
    }

    pub fn subfields(&self) -> impl Iterator<Item = Subfield<'_>> {
        self.value.expose().split(|byte| *byte == RS).map(Subfield)
    }
}

/// One of the like parts of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Subfield<'a>(&'a [u8]);

impl<'a> Subfield<'a> {
    /// The items, each as its bytes: they are ASCII unless `1.015` names another encoding.
    pub fn items(self) -> impl Iterator<Item = &'a [u8]> {
        self.0.split(|byte| *byte == US)
    }
}

/// What it says may be a person's.
impl std::fmt::Debug for Subfield<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subfield([sensitive])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_subfields_of_items() {
        let field = Field::new(19, &[&["EJEMPLO", "ANA"], &["MUSTER", "EVA"]]).unwrap();
        assert_eq!(field.value().expose(), b"EJEMPLO\x1FANA\x1EMUSTER\x1FEVA");
        let items: Vec<Vec<&[u8]>> = field.subfields().map(|subfield| subfield.items().collect()).collect();
        assert_eq!(items, [[b"EJEMPLO".as_slice(), b"ANA"], [b"MUSTER", b"EVA"]]);
        assert_eq!(field.as_text(), None);
        assert_eq!(Field::text(60, "señal").unwrap().as_text(), Some(Sensitive::new("señal")));
        assert_eq!(Field::of_value(60, b"\xFF").as_text(), None);
    }

    #[test]
    fn a_field_that_would_break_the_file_is_not_made() {
        for (number, text, error) in [
            (2, "1", FieldError::Number),
            (1_000_000_000, "1", FieldError::Number),
            (3, "", FieldError::Empty),
            (3, "a\u{1C}b", FieldError::Separator),
            (3, "a\u{1F}b", FieldError::Separator),
        ] {
            assert_eq!(Field::text(number, text), Err(error), "{number} {text:?}");
        }
        assert_eq!(Field::new(3, &[]), Err(FieldError::Empty));
    }

    #[test]
    fn what_a_field_says_does_not_show_in_debug_output() {
        let field = Field::text(18, "EJEMPLO,ANA").unwrap();
        assert!(!format!("{field:?} {:?}", field.subfields().next()).contains("ANA"));
    }
}
