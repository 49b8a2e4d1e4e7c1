//! The Type-4 record: a fingerprint in grey at 500 pixels per inch or more, with a binary header.
//!
//! The header is 18 bytes, numbers the high byte first: LEN 4, IDC 1, IMP 1, FGP 6, ISR 1, HLL 2, VLL 2, GCA 1. No separator
//! ends the record.

use super::cut::RawRecord;
use super::finger::{FingerPositions, Impression};
use super::image::{Compression, Pixels, problem_of};
use super::problem::{Findings, Problem};
use super::tag::Idc;
use crate::sensitive::Sensitive;

/// At what resolution a print was scanned (`4.005` ISR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanResolution {
    /// 0: 19.69 pixels per millimetre, which is 500 per inch.
    Minimum,
    /// 1: what `1.011` says.
    Native,
}

/// A fingerprint of a Type-4 record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HighResolutionPrint {
    /// `4.002`.
    pub idc: Idc,
    /// `4.003` IMP.
    pub impression: Impression,
    /// `4.004` FGP.
    pub positions: FingerPositions,
    /// `4.005` ISR.
    pub scanned_at: ScanResolution,
    /// `4.006` HLL and `4.007` VLL.
    pub size: Pixels,
    /// `4.008` GCA.
    pub compression: Compression,
    /// `4.009` DATA.
    pub image: Sensitive<Vec<u8>>,
}

/// LEN and IDC are read before.
const AFTER_IDC: usize = 5;

impl HighResolutionPrint {
    /// Bytes of the header.
    pub(super) const HEADER: usize = 18;

    pub(super) fn read(raw: &RawRecord<'_>, idc: Option<Idc>, found: &mut Findings) -> Option<Self> {
        let header = raw.binary().and_then(|bytes| bytes.get(AFTER_IDC..)).and_then(|rest| rest.split_first_chunk::<13>());
        let Some((&[imp, f0, f1, f2, f3, f4, f5, isr, h0, h1, v0, v1, gca], image)) = header else {
            found.add(raw.place(), Problem::ShortHeader);
            return None;
        };
        let mut known = |field, problem, is_known: bool| {
            if !is_known {
                found.add(raw.place_of(field), problem);
            }
        };
        let impression = Impression::from_code(imp);
        known(3, Problem::IllegalImpression, impression.is_some());
        let positions = FingerPositions::from_bytes([f0, f1, f2, f3, f4, f5]);
        known(4, Problem::IllegalFinger, positions.is_some());
        let scanned_at = scan_resolution(isr);
        known(5, Problem::Malformed { form: "0 or 1" }, scanned_at.is_some());
        let compression = Compression::from_code(gca);
        known(8, Problem::Malformed { form: "a number from 0 to 6" }, compression.is_some());
        let size = Pixels { width: u16::from_be_bytes([h0, h1]), height: u16::from_be_bytes([v0, v1]) };
        if let Some(problem) = compression.and_then(|compression| problem_of(image, size, compression)) {
            found.add(raw.place_of(9), problem);
        }
        // Nothing in a Type-4 says where in the image each finger is.
        if positions.as_ref().is_some_and(FingerPositions::has_slap) {
            found.add(raw.place_of(4), Problem::SlapWithoutSegments);
        }
        Some(Self {
            idc: idc?,
            impression: impression?,
            positions: positions?,
            scanned_at: scanned_at?,
            size,
            compression: compression?,
            image: Sensitive::new(image.to_vec()),
        })
    }
}

impl ScanResolution {
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Minimum => 0,
            Self::Native => 1,
        }
    }
}

const fn scan_resolution(code: u8) -> Option<ScanResolution> {
    match code {
        0 => Some(ScanResolution::Minimum),
        1 => Some(ScanResolution::Native),
        _ => None,
    }
}
