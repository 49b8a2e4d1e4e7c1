//! The header of a Type-17 record. The iris itself is kept as it is: nothing here looks at it.

use super::cut::RawRecord;
use super::digits;
use super::field::Field;
use super::image::Compression;
use super::problem::{Findings, Problem};
use super::reader::Reader;
use super::record::OpaqueRecord;
use super::tag::RecordType;
use super::type_1::{AGENCY, AgencyId, DAY};
use super::type_14::COMPRESSION;

/// Which eye an iris is of (`17.003` ELR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Eye {
    Right,
    Left,
}

impl Eye {
    /// The standard has 0 for an eye nobody knows: then there is nothing to compare it with.
    fn parse(text: &str) -> Option<Self> {
        match text {
            "1" => Some(Self::Right),
            "2" => Some(Self::Left),
            _ => None,
        }
    }

    /// The eye of a record, if it is an iris.
    pub(super) fn of(record: &OpaqueRecord) -> Option<Self> {
        let field = record.fields().iter().find(|field| field.number() == ELR)?;
        let text = Field::as_text(field).filter(|_| record.record_type() == RecordType::IRIS)?;
        Self::parse(text.expose())
    }
}

const ELR: u32 = 3;
const EYE: Problem = Problem::Malformed { form: "1 for the right eye or 2 for the left" };
const LENGTH: Problem = Problem::Malformed { form: "a number of pixels from 1 to 99999" };

/// Notes what is wrong with the fields that describe the iris (`17.003` to `17.011`), and whether it begins as they say.
pub(super) fn check(raw: &RawRecord<'_>, found: &mut Findings) {
    let mut fields = Reader::new(raw, found);
    fields.need(ELR, EYE, Eye::parse);
    fields.need(4, AGENCY, AgencyId::parse);
    fields.need(5, DAY, digits::day);
    let length = |text: &str| digits::number(text, 5).filter(|pixels| *pixels > 0);
    fields.need(6, LENGTH, length);
    fields.need(7, LENGTH, length);
    let compression = fields.need(11, COMPRESSION, Compression::from_name);
    let data = raw.field(999).map_or(b"".as_slice(), |field| field.value);
    if data.is_empty() {
        found.add(raw.place_of(999), Problem::MissingImage);
    } else if let Some(compression) = compression.filter(|compression| !compression.begins(data)) {
        found.add(raw.place_of(999), Problem::OtherCompression { compression });
    }
}
