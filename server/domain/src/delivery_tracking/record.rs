//! One line of an extract file: read as CSV, and checked against the columns of its layout.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use csv_core::ReadRecordResult;
use shared::case_status::ReceiptNumber;
use shared::delivery_tracking::{EventCode, TrackingNumber};
use store::delivery_tracking::NewScan;

use super::layout::{self, Field, Layout};

/// What a line holds.
#[derive(Debug)]
pub(super) enum Record {
    Scan(Box<NewScan>),
    /// The carrier's receipt for the mailer's own list.
    NoScan,
}

/// Why a line is refused; without any value of it.
pub(super) type Reason = &'static str;

/// More fields than any layout has.
const MOST_FIELDS: usize = 32;
const LONGEST: usize = 512;

/// Reads lines, one after another. Bytes are Latin-1: every byte is a character, and none is lost.
pub(super) struct Lines {
    csv: csv_core::Reader,
    values: [u8; LONGEST],
    ends: [usize; MOST_FIELDS],
}

impl Lines {
    pub fn new() -> Self {
        Self { csv: csv_core::Reader::new(), values: [0; LONGEST], ends: [0; MOST_FIELDS] }
    }

    /// Reads a line without its end.
    pub fn read(&mut self, line: &[u8]) -> Result<Record, Reason> {
        let layout = layout::ALL.into_iter().find(|layout| layout.length == line.len());
        let layout = layout.ok_or("the line is cut, or of no documented layout")?;
        if self.fields(line)? != layout.fields.len() {
            return Err("the line does not have its layout's number of fields");
        }
        let mut values = Values { layout, line };
        if !values.agrees_with(&self.values, &self.ends) {
            return Err("its fields do not stand in the columns of its layout");
        }
        values.record()
    }

    /// Splits a line as CSV and gives the number of fields.
    fn fields(&mut self, line: &[u8]) -> Result<usize, Reason> {
        self.csv.reset();
        let (result, _, written, fields) = self.csv.read_record(line, &mut self.values, &mut self.ends);
        match result {
            ReadRecordResult::Record => return Ok(fields),
            ReadRecordResult::InputEmpty => {}
            _ => return Err("the line is not a list of quoted fields"),
        }
        // The end of the line ends its last field.
        let (result, _, _, more) = self.csv.read_record(&[], &mut self.values[written..], &mut self.ends[fields..]);
        if result == ReadRecordResult::Record { Ok(fields + more) } else { Err("the line is not a list of quoted fields") }
    }
}

/// The fields of a line by their columns.
struct Values<'l> {
    layout: &'static Layout,
    line: &'l [u8],
}

impl Values<'_> {
    /// Whether both ways of reading give the same fields.
    fn agrees_with(&self, values: &[u8], ends: &[usize]) -> bool {
        let mut begin = 0;
        self.layout.places().zip(ends).all(|((_, at, length), end)| {
            let value = values.get(begin..*end);
            begin = *end;
            value == self.line.get(at..at + length)
        })
    }

    /// A field's text without its padding; nothing where the layout has no such field.
    fn text(&self, field: Field) -> String {
        let place = self.layout.places().find(|(known, ..)| *known == field);
        let bytes = place.and_then(|(_, at, length)| self.line.get(at..at + length)).unwrap_or_default();
        let text: String = bytes.trim_ascii().iter().map(|byte| char::from(*byte)).collect();
        text
    }

    fn record(&mut self) -> Result<Record, Reason> {
        if self.layout.version.is_some_and(|version| self.text(Field::Version) != version) {
            return Err("its version is not that of its layout");
        }
        let code = EventCode::parse(&self.text(Field::EventCode)).ok_or("the event code is not two letters or digits")?;
        if code.is_no_scan() {
            return Ok(Record::NoScan);
        }
        let scanned = TrackingNumber::parse(&self.text(Field::TrackingNumber))
            .map_err(|_| "the tracking number is malformed or its check digit is wrong")?;
        let original = Some(self.text(Field::OriginalLabel)).filter(|label| !label.is_empty());
        let original = original
            .map(|label| TrackingNumber::parse(&label))
            .transpose()
            .map_err(|_| "the original label is malformed or its check digit is wrong")?;
        let (tracking_number, label) = match original {
            Some(original) if original != scanned => (original, Some(scanned)),
            _ => (scanned, None),
        };
        Ok(Record::Scan(Box::new(NewScan {
            tracking_number,
            label,
            code,
            event_name: self.text(Field::EventName),
            scanned_at: self.scanned_at()?,
            facility_zip: self.zip(Field::FacilityZip, "the facility's ZIP code is not five digits")?,
            facility: self.text(Field::FacilityName),
            destination_zip: self.zip(Field::DestinationZip, "the destination's ZIP code is not five digits")?,
            receipt_number: ReceiptNumber::parse(&self.text(Field::CustomerReference)).ok(),
        })))
    }

    fn scanned_at(&self) -> Result<NaiveDateTime, Reason> {
        let day = digits(&self.text(Field::EventDate), 8).and_then(|day| {
            let day = NaiveDate::from_ymd_opt(i32::try_from(day / 10_000).ok()?, day / 100 % 100, day % 100)?;
            // Other years are a mistake of the file, and do not sort as text.
            (1990..=2200).contains(&day.year()).then_some(day)
        });
        let time = digits(&self.text(Field::EventTime), 4);
        let at = day.ok_or("the date is not a day")?.and_hms_opt(
            time.map_or(99, |time| time / 100),
            time.map_or(99, |time| time % 100),
            0,
        );
        at.ok_or("the time is not a time of day")
    }

    fn zip(&self, field: Field, reason: Reason) -> Result<String, Reason> {
        let zip = self.text(field);
        let is_legal = zip.is_empty() || digits(&zip, 5).is_some();
        if is_legal { Ok(zip) } else { Err(reason) }
    }
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery_tracking::layout::{OLDER, VERSION_1_5};
    use proptest::prelude::*;

    const NUMBER: &str = "9205599999999900000121";

    pub fn line(layout: &Layout, change: impl Fn(Field) -> Option<&'static str>) -> Vec<u8> {
        layout.write(|field| {
            let value = change(field).unwrap_or(match field {
                Field::TrackingNumber => NUMBER,
                Field::DestinationZip => "22150",
                Field::FacilityZip => "22101",
                Field::FacilityName => "MERRIFIELD, VA",
                Field::EventCode => "01",
                Field::EventName => "DELIVERED",
                Field::EventDate => "20260310",
                Field::EventTime => "1405",
                Field::CustomerReference => "EAC9999103403",
                Field::RecipientName => "A NEJEMPLO",
                _ => "",
            });
            value.to_owned()
        })
    }

    fn read(line: &[u8]) -> Result<NewScan, Reason> {
        match Lines::new().read(line)? {
            Record::Scan(scan) => Ok(*scan),
            Record::NoScan => Err("no scan"),
        }
    }

    fn only(field: Field, value: &'static str) -> impl Fn(Field) -> Option<&'static str> {
        move |known| (known == field).then_some(value)
    }

    #[test]
    fn both_layouts_are_read() {
        for layout in [&VERSION_1_5, &OLDER] {
            let scan = read(&line(layout, |_| None)).unwrap();
            assert_eq!(scan.tracking_number.as_str(), NUMBER);
            assert_eq!(scan.scanned_at.to_string(), "2026-03-10 14:05:00");
            assert_eq!(
                (scan.facility.as_str(), scan.facility_zip.as_str(), scan.destination_zip.as_str()),
                ("MERRIFIELD, VA", "22101", "22150")
            );
            assert_eq!(scan.receipt_number.unwrap().as_str(), "EAC9999103403");
            assert_eq!(scan.event_name, "DELIVERED");
        }
    }

    #[test]
    fn a_piece_with_a_new_label_stays_the_piece() {
        let scan = read(&line(&VERSION_1_5, only(Field::OriginalLabel, "9400111206206406260787"))).unwrap();
        assert_eq!(scan.tracking_number.as_str(), "9400111206206406260787");
        assert_eq!(scan.label.unwrap().as_str(), NUMBER);
        assert!(read(&line(&VERSION_1_5, only(Field::OriginalLabel, NUMBER))).unwrap().label.is_none());
    }

    #[test]
    fn names_are_latin_1() {
        let mut bytes = line(&VERSION_1_5, only(Field::FacilityName, "PE?UELAS, PR"));
        let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
        bytes[at] = 0xD1;
        assert_eq!(read(&bytes).unwrap().facility, "PEÑUELAS, PR");
    }

    #[test]
    fn manifest_receipts_are_no_scans() {
        assert_eq!(read(&line(&VERSION_1_5, only(Field::EventCode, "MA"))).unwrap_err(), "no scan");
    }

    #[test]
    fn bad_lines_are_refused_with_a_reason() {
        for (field, value, reason) in [
            (Field::TrackingNumber, "9205599999999900000122", "check digit"),
            (Field::EventDate, "20260230", "not a day"),
            (Field::EventDate, "00010101", "not a day"),
            (Field::EventTime, "2460", "time of day"),
            (Field::EventTime, "", "time of day"),
            (Field::EventCode, "0", "event code"),
            (Field::FacilityZip, "2210A", "facility"),
            (Field::DestinationZip, "221", "destination"),
            (Field::OriginalLabel, "123", "original label"),
            (Field::FacilityName, "A\"\"B", "columns"),
            (Field::FacilityName, "A\"B", "columns"),
            (Field::FacilityName, "A\",\"B", "number of fields"),
        ] {
            let refused = read(&line(&VERSION_1_5, only(field, value))).unwrap_err();
            assert!(refused.contains(reason), "{field:?} {value}: {refused}");
        }
        let whole = line(&VERSION_1_5, |_| None);
        assert!(read(&whole[..392]).unwrap_err().contains("cut"));
        assert!(read(b"").unwrap_err().contains("cut"));
        let mut other = whole.clone();
        other[1..4].copy_from_slice(b"016");
        assert!(read(&other).unwrap_err().contains("version"));
    }

    #[test]
    fn commas_in_names_are_part_of_them() {
        assert_eq!(read(&line(&OLDER, only(Field::FacilityName, "SAN JUAN, PR, USA"))).unwrap().facility, "SAN JUAN, PR, USA");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..420)) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_changed_byte_panics(at in 0usize..393, byte in any::<u8>()) {
            let mut bytes = line(&VERSION_1_5, |_| None);
            bytes[at] = byte;
            let _ = read(&bytes);
        }

        #[test]
        fn a_reader_forgets_the_line_before(bytes in prop::collection::vec(any::<u8>(), 393)) {
            let mut lines = Lines::new();
            let _ = lines.read(&bytes);
            prop_assert!(lines.read(&line(&VERSION_1_5, |_| None)).is_ok());
        }
    }
}
