//! The Type-2 record: text whose fields the domain defines.

use super::cut::RawRecord;
use super::field::Field;
use super::problem::Findings;
use super::reader::Reader;
use super::tag::Idc;

/// Text about a person or a query, in fields that the domain numbers from 3 on.
///
/// The values are bytes: ASCII, or what `1.015` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptiveText {
    /// `2.002`.
    pub idc: Idc,
    /// In the order in which they stand.
    pub fields: Vec<Field>,
}

impl DescriptiveText {
    /// The field of a number.
    pub fn field(&self, number: u32) -> Option<&Field> {
        self.fields.iter().find(|field| field.number() == number)
    }

    pub(super) fn read(raw: &RawRecord<'_>, idc: Option<Idc>, found: &mut Findings) -> Option<Self> {
        Some(Self { idc: idc?, fields: Reader::new(raw, found).others(&[1, 2]) })
    }
}
