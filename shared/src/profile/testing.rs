//! Files of capture stations for tests: the headers are true, the images are not.

use chrono::NaiveDate;

use crate::nist_itl::{
    AgencyId, Capture, Compression, ControlNumber, Field, FingerPosition, FingerPositions, Idc, Impression, OpaqueRecord,
    PORTICO_CAPTURE_1, Pixels, Record, RecordType, Resolution, Scale, Transaction, TransactionInformation, TransactionKind,
    VariableImage, VariableResolutionPrint, Version,
};
use crate::sensitive::Sensitive;

/// The day of all files.
pub const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();

const SIDE: u16 = 100;

fn agency() -> AgencyId {
    AgencyId::parse("PORTICO TEST").unwrap()
}

/// A file of records.
pub fn capture(capture: Capture, records: Vec<Record>) -> Vec<u8> {
    let information = TransactionInformation {
        version: Version::Itl2013,
        kind: TransactionKind::Capture(capture),
        date: DAY,
        urgency: None,
        destination: agency(),
        origin: agency(),
        control_number: ControlNumber::parse("CAPTURE-0001").unwrap(),
        reference: None,
        native_resolution: Resolution::NONE,
        nominal_resolution: Resolution::NONE,
        sent_at: None,
        encoding: None,
        others: Vec::new(),
    };
    Transaction::new(information, records, &PORTICO_CAPTURE_1, DAY).unwrap().to_bytes()
}

/// A print of a finger, without compression.
pub fn finger(number: u8, position: FingerPosition) -> Record {
    let image = VariableImage {
        size: Pixels { width: SIDE, height: SIDE },
        scale: Scale::PerInch(500),
        compression: Compression::None,
        data: Sensitive::new(vec![number; usize::from(SIDE) * usize::from(SIDE)]),
    };
    Record::VariableResolutionPrint(Box::new(VariableResolutionPrint {
        idc: Idc::new(number).unwrap(),
        impression: Impression::LivePlain,
        source: agency(),
        captured_on: DAY,
        positions: FingerPositions::of(position),
        image: Some(image),
        missing: Vec::new(),
        segments: Vec::new(),
        nist_quality: Vec::new(),
        quality: Vec::new(),
        others: Vec::new(),
    }))
}

/// An iris; `eye` is 1, the right one, or 2.
pub fn iris(number: u8, eye: &str) -> Record {
    opaque(RecordType::IRIS, number, &[(3, eye), (4, "PORTICO TEST"), (5, "20260310"), (6, "640"), (7, "480"), (11, "JP2")])
}

pub fn face(number: u8) -> Record {
    let fields = [
        (3, "FACE"),
        (4, "PORTICO TEST"),
        (5, "20260310"),
        (6, "480"),
        (7, "600"),
        (8, "0"),
        (9, "1"),
        (10, "1"),
        (11, "JP2"),
        (12, "SRGB"),
    ];
    opaque(RecordType::PHOTOGRAPH, number, &fields)
}

fn opaque(record_type: RecordType, number: u8, fields: &[(u32, &str)]) -> Record {
    let fields = fields.iter().map(|(number, text)| Field::text(*number, text).unwrap()).collect();
    let data = Some(Sensitive::new(b"\x00\x00\x00\x0CjP  \r\n\x87\n".to_vec()));
    Record::Opaque(OpaqueRecord::tagged(record_type, Idc::new(number).unwrap(), fields, data).unwrap())
}
