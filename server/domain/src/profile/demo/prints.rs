//! Fingerprints of nobody: rings around a place that a hash chooses, for each of ten fingers.

use chrono::NaiveDate;
use shared::nist_itl::{
    AgencyId, Capture, Compression, ControlNumber, Finger, FingerPosition, FingerPositions, Idc, Impression, PORTICO_CAPTURE_1,
    Pixels, Quality, Record, Resolution, Scale, Transaction, TransactionInformation, TransactionKind, VariableImage,
    VariableResolutionPrint, Version,
};
use shared::sensitive::Sensitive;
use store::crypto::sha256;

const SIZE: Pixels = Pixels { width: 100, height: 120 };

/// Ten fingers of the person of a number, as a capture station writes them. None if that cannot be written, which a test rules out.
pub fn prints(number: usize, taken_on: NaiveDate) -> Option<Vec<u8>> {
    let agency = AgencyId::parse("PORTICO DEMO")?;
    let information = TransactionInformation {
        version: Version::Itl2013,
        kind: TransactionKind::Capture(Capture::Fingerprints),
        date: taken_on,
        urgency: None,
        destination: agency.clone(),
        origin: agency.clone(),
        control_number: ControlNumber::parse(&format!("DEMO-CAPTURE-{number:06}"))?,
        reference: None,
        native_resolution: Resolution::NONE,
        nominal_resolution: Resolution::NONE,
        sent_at: None,
        encoding: None,
        others: Vec::new(),
    };
    let record = |finger: Finger| {
        let seed = sha256(format!("portico demo print {number} {}", finger.code()).as_bytes());
        let image = VariableImage {
            size: SIZE,
            scale: Scale::PerInch(500),
            compression: Compression::None,
            data: Sensitive::new(rings(seed)),
        };
        Some(Record::VariableResolutionPrint(Box::new(VariableResolutionPrint {
            idc: Idc::new(finger.code())?,
            impression: Impression::LivePlain,
            source: agency.clone(),
            captured_on: taken_on,
            positions: FingerPositions::of(FingerPosition::One(finger)),
            image: Some(image),
            missing: Vec::new(),
            segments: Vec::new(),
            nist_quality: Vec::new(),
            quality: vec![Quality::new(finger, 60 + seed[3] % 40, 0, 1)?],
            others: Vec::new(),
        })))
    };
    let records = Finger::ALL.into_iter().map(record).collect::<Option<Vec<_>>>()?;
    Some(Transaction::new(information, records, &PORTICO_CAPTURE_1, taken_on).ok()?.to_bytes())
}

/// Rings around a place, wider one way than the other.
fn rings([across, down, shape, ..]: [u8; 32]) -> Vec<u8> {
    let (middle, top) = (30 + u32::from(across) % 40, 40 + u32::from(down) % 40);
    let pixel = |x: u32, y: u32| {
        let (dx, dy) = (x.abs_diff(middle), y.abs_diff(top));
        let far = (dx * dx * (2 + u32::from(shape) % 3) + dy * dy * 2).isqrt();
        if far / 4 % 2 == 0 { 0x30 } else { 0xD0 }
    };
    (0..u32::from(SIZE.height)).flat_map(|y| (0..u32::from(SIZE.width)).map(move |x| pixel(x, y))).collect()
}

#[cfg(test)]
mod tests {
    use shared::profile::{Position, read_capture};

    use super::*;

    #[test]
    fn everybody_has_ten_fingers_of_their_own() {
        let day = "2026-03-10".parse().unwrap();
        let files: Vec<Vec<u8>> = (0..20).map(|number| prints(number, day).unwrap()).collect();
        for (at, file) in files.iter().enumerate() {
            let told = read_capture(Capture::Fingerprints, file, day).unwrap();
            assert_eq!((told.position, told.captured_on), (Some(Position::TenFingers), day));
            assert!(told.quality.is_some());
            assert_eq!(files.iter().filter(|other| *other == file).count(), 1);
            assert_eq!(prints(at, day).as_ref(), Some(file), "the same every time");
        }
    }
}
