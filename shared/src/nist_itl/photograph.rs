//! The header of a Type-10 record. The face itself is kept as it is: nothing here looks at it.

use super::cut::RawRecord;
use super::digits;
use super::image::Compression;
use super::problem::{Findings, Problem};
use super::reader::Reader;
use super::type_1::{AGENCY, AgencyId, DAY};
use super::type_14::COMPRESSION;

const LENGTH: Problem = Problem::Malformed { form: "a number of pixels from 1 to 99999" };

/// Notes what is wrong with the fields that describe the photograph (`10.003` to `10.012`), and whether it begins as they say.
pub(super) fn check(raw: &RawRecord<'_>, found: &mut Findings) {
    let mut fields = Reader::new(raw, found);
    fields.need(3, Problem::NotAFace, |text| (text == "FACE").then_some(()));
    fields.need(4, AGENCY, AgencyId::parse);
    fields.need(5, DAY, digits::day);
    let length = |text: &str| digits::number(text, 5).filter(|pixels| *pixels > 0);
    fields.need(6, LENGTH, length);
    fields.need(7, LENGTH, length);
    fields.need(8, Problem::Malformed { form: "0, 1 or 2" }, |text| matches!(text, "0" | "1" | "2").then_some(()));
    // Of a photograph without a scale these are the pixels' aspect ratio.
    let density = |text: &str| digits::number(text, 5);
    fields.need(9, LENGTH, density);
    fields.need(10, LENGTH, density);
    let compression = fields.need(11, COMPRESSION, Compression::from_name);
    // CSP. Its words grew from edition to edition, and nothing here decodes the colours.
    fields.need(12, Problem::Malformed { form: "a colour space, such as YCC or SRGB" }, is_word);
    let data = raw.field(999).map_or(b"".as_slice(), |field| field.value);
    if data.is_empty() {
        found.add(raw.place_of(999), Problem::MissingImage);
    } else if let Some(compression) = compression.filter(|compression| !compression.begins(data)) {
        found.add(raw.place_of(999), Problem::OtherCompression { compression });
    }
}

fn is_word(text: &str) -> Option<()> {
    (text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')).then_some(())
}
