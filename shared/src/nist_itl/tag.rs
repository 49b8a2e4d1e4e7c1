//! What names a record and a field: the type of a record, its IDC, and tags such as `14.013`.

use std::fmt;

use super::digits;

/// The type of a logical record, 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordType(u8);

impl RecordType {
    /// Type-1: who sends what to whom.
    pub const TRANSACTION: Self = Self(1);
    /// Type-2: text whose fields the domain defines.
    pub const TEXT: Self = Self(2);
    /// Type-4: a fingerprint in grey, with a binary header.
    pub const HIGH_RESOLUTION_PRINT: Self = Self(4);
    /// Type-10: a photograph of a face, or of a scar, mark or tattoo.
    pub const PHOTOGRAPH: Self = Self(10);
    /// Type-14: a fingerprint that says its own scale.
    pub const VARIABLE_RESOLUTION_PRINT: Self = Self(14);
    /// Type-17: an iris.
    pub const IRIS: Self = Self(17);

    pub const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= 99 { Some(Self(number)) } else { None }
    }

    pub const fn number(self) -> u8 {
        self.0
    }

    /// Types 3 to 8 have a fixed binary header and neither tags nor separators.
    pub const fn is_binary(self) -> bool {
        3 <= self.0 && self.0 <= 8
    }

    /// Whether the field `nn.999` holds bytes of any value. In Types 1, 2 and 9 it would be text.
    pub const fn has_data(self) -> bool {
        self.0 >= 10
    }

    /// Whether a record tells of a body: all but the transaction's own, text, and information assurance (Type-98).
    pub const fn is_biometric(self) -> bool {
        !matches!(self.0, 1 | 2 | 98)
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type-{}", self.0)
    }
}

/// Information designation character (field `nn.002`), 0 to 99: what joins a record to its entry in `1.003`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Idc(u8);

impl Idc {
    pub const fn new(number: u8) -> Option<Self> {
        if number <= 99 { Some(Self(number)) } else { None }
    }

    /// One or two digits. Editions before 2011 wrote `00`, later ones advise `0`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        digits::number(text, 2).and_then(|number| u8::try_from(number).ok()).map(Self)
    }

    pub const fn number(self) -> u8 {
        self.0
    }
}

/// The name of a field: the type of its record and its number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    pub record_type: RecordType,
    /// 1 to 999; the domain may number the fields of a Type-2 up to 999,999,999.
    pub field: u32,
}

impl Tag {
    /// The tag that some bytes begin with, and how many bytes it takes with its colon. Old files write `1.01:` for `1.001:`.
    pub(super) fn split(bytes: &[u8]) -> Option<(Self, usize)> {
        // No legal tag is longer: nothing long is gone through.
        let colon = bytes.iter().take(LONGEST_TAG).position(|byte| *byte == b':')?;
        let (record_type, field) = std::str::from_utf8(bytes.get(..colon)?).ok()?.split_once('.')?;
        let record_type = RecordType::new(u8::try_from(digits::number(record_type, 2)?).ok()?)?;
        let field = digits::number(field, 9).filter(|field| *field > 0)?;
        Some((Self { record_type, field }, colon + 1))
    }
}

/// Bytes of `99.999999999:`.
const LONGEST_TAG: usize = 13;

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.record_type.0, self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_old_and_new_files_are_read_and_written_with_three_digits() {
        for (text, written) in [
            ("1.001:230", "1.001"),
            ("1.01:230", "1.001"),
            ("14.999:\u{1c}", "14.999"),
            ("2.999999999:", "2.999999999"),
            ("02.7:x", "2.007"),
        ] {
            let (tag, length) = Tag::split(text.as_bytes()).unwrap();
            assert_eq!(tag.to_string(), written, "{text}");
            assert_eq!(text.as_bytes()[length - 1], b':', "{text}");
        }
        for bad in
            ["", ":", "1:", ".1:", "1.:", "0.001:", "100.001:", "1.000:", "1.0000000001:", "1.001", "1.1.1:", "a.001:", "1. 1:"]
        {
            assert_eq!(Tag::split(bad.as_bytes()), None, "{bad}");
        }
    }
}
