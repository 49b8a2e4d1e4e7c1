//! Fingerprints of nobody, for demonstrations and tests.

use chrono::NaiveDate;

use super::{
    AgencyId, Capture, Compression, ControlNumber, Domain, FingerPosition, FingerPositions, Idc, Impression, PORTICO_CAPTURE_1,
    PORTICO_IIS_1, Pixels, Record, Resolution, Scale, Step, TextEncoding, Transaction, TransactionInformation, TransactionKind,
    VariableImage, VariableResolutionPrint, Version,
};
use crate::sensitive::Sensitive;

const SIZE: Pixels = Pixels { width: 128, height: 160 };
const DOMAIN: &Domain = &PORTICO_IIS_1;

/// A first query with the thumbs of somebody who was never born: the same for the same number, and different for every other one.
/// They are arcs of grey around a centre, and nobody would take them for a finger's. None if a text here is not one, which a test
/// rules out.
pub fn synthetic(person: u32, control_number: &str, today: NaiveDate) -> Option<Transaction> {
    written(person, TransactionKind::Query(Step::First), DOMAIN, control_number, today)
}

/// The same thumbs as a capture station writes them.
pub fn synthetic_capture(person: u32, control_number: &str, today: NaiveDate) -> Option<Transaction> {
    written(person, TransactionKind::Capture(Capture::Fingerprints), &PORTICO_CAPTURE_1, control_number, today)
}

fn written(
    person: u32,
    kind: TransactionKind,
    domain: &'static Domain,
    control_number: &str,
    today: NaiveDate,
) -> Option<Transaction> {
    let information = TransactionInformation {
        version: Version::Itl2013,
        kind,
        date: today,
        urgency: None,
        destination: AgencyId::parse("IDENT SIMULATOR")?,
        origin: AgencyId::parse("PORTICO DEMO")?,
        control_number: ControlNumber::parse(control_number)?,
        reference: None,
        native_resolution: Resolution::NONE,
        nominal_resolution: Resolution::NONE,
        sent_at: None,
        encoding: Some(TextEncoding::utf_8()),
        others: Vec::new(),
    };
    let records =
        [(1, 0), (2, 5)].into_iter().map(|(idc, finger)| thumb(person, idc, finger, today)).collect::<Option<Vec<_>>>()?;
    Transaction::new(information, records, domain, today).ok()
}

fn thumb(person: u32, idc: u8, finger: u8, today: NaiveDate) -> Option<Record> {
    let image = VariableImage {
        size: SIZE,
        scale: Scale::PerInch(500),
        compression: Compression::None,
        data: Sensitive::new(arcs(person.wrapping_mul(31).wrapping_add(u32::from(finger)))),
    };
    Some(Record::VariableResolutionPrint(Box::new(VariableResolutionPrint {
        idc: Idc::new(idc)?,
        impression: Impression::LivePlain,
        source: AgencyId::parse("PORTICO DEMO")?,
        captured_on: today,
        positions: FingerPositions::of(FingerPosition::from_code(finger + 1)?),
        image: Some(image),
        missing: Vec::new(),
        segments: Vec::new(),
        nist_quality: Vec::new(),
        quality: Vec::new(),
        others: Vec::new(),
    })))
}

/// Rings whose distance and centre follow from the seed, and one row of pixels that is the seed itself.
fn arcs(seed: u32) -> Vec<u8> {
    let (width, height) = (u32::from(SIZE.width), u32::from(SIZE.height));
    let spread = seed.wrapping_mul(2_654_435_761);
    let (x0, y0, pace) = (spread % width, (spread >> 8) % height, 40 + (spread >> 16) % 80);
    let mut pixels = Vec::with_capacity((width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            let square = x.abs_diff(x0).pow(2) + y.abs_diff(y0).pow(2);
            let shade = if (square / pace) % 2 == 0 { 60 } else { 200 };
            let is_seed_row = y == 0 && x < 32;
            let bit = (seed >> (x % 32)) & 1 == 1;
            pixels.push(match (is_seed_row, bit) {
                (true, true) => 255,
                (true, false) => 0,
                (false, _) => shade,
            });
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(person: u32) -> Vec<u8> {
        synthetic(person, "DEMO-2026-0000017", "2026-03-10".parse().unwrap()).unwrap().to_bytes()
    }

    #[test]
    fn each_number_has_prints_of_its_own_that_are_taken() {
        let today = "2026-03-10".parse().unwrap();
        for person in [0, 1, 2, 77, u32::MAX] {
            let read = Transaction::read(&of(person), DOMAIN, today).unwrap();
            assert_eq!(read.prints().count(), 2);
            assert_eq!(of(person), of(person));
        }
        assert_ne!(of(1), of(2));
    }
}
