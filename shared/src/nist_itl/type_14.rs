//! The Type-14 record: a fingerprint that says its own scale and, of several fingers, where each is.

use chrono::NaiveDate;

use super::cut::RawRecord;
use super::digits;
use super::field::{Field, RS};
use super::finger::{Finger, FingerPosition, FingerPositions, Impression};
use super::image::{Compression, Pixels, SMALLEST_PPI, Scale, problem_of};
use super::problem::{Findings, Problem};
use super::reader::Reader;
use super::tag::Idc;
use super::type_1::{AGENCY, AgencyId, DAY, is_future};
use crate::sensitive::Sensitive;

/// A fingerprint of a Type-14 record.
#[derive(Clone, PartialEq, Eq)]
pub struct VariableResolutionPrint {
    /// `14.002`.
    pub idc: Idc,
    /// `14.003` IMP.
    pub impression: Impression,
    /// `14.004` SRC: who took it.
    pub source: AgencyId,
    /// `14.005` FCD: when it was taken, by the local calendar.
    pub captured_on: NaiveDate,
    /// `14.013` FGP.
    pub positions: FingerPositions,
    /// `14.006` to `14.012` and `14.999`. None if the finger could not be taken, which `missing` explains.
    pub image: Option<VariableImage>,
    /// `14.018` AMP.
    pub missing: Vec<MissingFinger>,
    /// `14.021` SEG: where each finger is in the image.
    pub segments: Vec<Segment>,
    /// `14.022` NQM.
    pub nist_quality: Vec<NistQuality>,
    /// `14.024` FQM.
    pub quality: Vec<Quality>,
    /// All other fields, as they are, in ascending order.
    pub others: Vec<Field>,
}

/// What is missing of a hand, and when the person was where, is theirs.
impl std::fmt::Debug for VariableResolutionPrint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut print = f.debug_struct("VariableResolutionPrint");
        print.field("idc", &self.idc).field("positions", &self.positions).finish_non_exhaustive()
    }
}

/// An image in grey, a byte for each pixel (`14.012` BPX is 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableImage {
    /// `14.006` HLL and `14.007` VLL.
    pub size: Pixels,
    /// `14.008` SLC, `14.009` HPS and `14.010` VPS.
    pub scale: Scale,
    /// `14.011` CGA.
    pub compression: Compression,
    /// `14.999` DATA.
    pub data: Sensitive<Vec<u8>>,
}

/// Why a finger is not in the image (AMP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absence {
    /// `XX`: part of it, or all, is amputated.
    Amputated,
    /// `UP`: it could not be taken, as under a bandage.
    UnableToPrint,
    /// `SR`: a scar (2015 update).
    Scar,
}

impl Absence {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Amputated => "XX",
            Self::UnableToPrint => "UP",
            Self::Scar => "SR",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Amputated, Self::UnableToPrint, Self::Scar].into_iter().find(|absence| absence.code() == code)
    }
}

/// A finger that is not in the image, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MissingFinger {
    pub finger: Finger,
    pub absence: Absence,
}

/// Where a finger is in the image: pixels from the upper left corner (SEG).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segment {
    pub finger: Finger,
    pub left: u16,
    pub right: u16,
    pub top: u16,
    pub bottom: u16,
}

impl Segment {
    /// Whether it is a part of an image of a size, and not empty.
    const fn is_inside(&self, size: Pixels) -> bool {
        self.left < self.right && self.right <= size.width && self.top < self.bottom && self.bottom <= size.height
    }
}

/// The NIST fingerprint image quality of a finger (NQM): 1, the best, to 5; 254 not computed, 255 failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NistQuality {
    finger: Finger,
    score: u8,
}

impl NistQuality {
    /// None unless the score is 1 to 5, 254 or 255.
    pub const fn new(finger: Finger, score: u8) -> Option<Self> {
        if matches!(score, 1..=5 | 254 | 255) { Some(Self { finger, score }) } else { None }
    }

    pub const fn finger(self) -> Finger {
        self.finger
    }

    pub const fn score(self) -> u8 {
        self.score
    }
}

/// The quality of a finger by a vendor's algorithm (FQM): 0 to 100, the best; 254 not computed, 255 failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quality {
    finger: Finger,
    score: u8,
    vendor: u16,
    algorithm: u16,
}

impl Quality {
    /// None unless the score is 0 to 100, 254 or 255, and the algorithm's number not 0.
    pub const fn new(finger: Finger, score: u8, vendor: u16, algorithm: u16) -> Option<Self> {
        if matches!(score, 0..=100 | 254 | 255) && algorithm > 0 { Some(Self { finger, score, vendor, algorithm }) } else { None }
    }

    pub const fn finger(self) -> Finger {
        self.finger
    }

    pub const fn score(self) -> u8 {
        self.score
    }

    /// As registered with IBIA; four hexadecimal digits in the file.
    pub const fn vendor(self) -> u16 {
        self.vendor
    }

    pub const fn algorithm(self) -> u16 {
        self.algorithm
    }
}

/// The fields that only an image has.
const OF_IMAGE: std::ops::RangeInclusive<u32> = 6..=12;
const DATA: u32 = 999;

impl VariableResolutionPrint {
    /// Numbers of fields that are not among the others.
    const OWN: [u32; 18] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 18, 21, 22, 24, DATA];

    pub(super) fn read(raw: &RawRecord<'_>, idc: Option<Idc>, today: NaiveDate, found: &mut Findings) -> Option<Self> {
        let mut fields = Reader::new(raw, found);
        let impression = fields.need(3, Problem::IllegalImpression, |text| Impression::from_code(code(text)?));
        let source = fields.need(4, AGENCY, AgencyId::parse);
        let captured_on = fields.need(5, DAY, digits::day);
        let positions = fields.need(13, Problem::IllegalFinger, parse_positions);
        let missing = fields.list(18, "pairs of a finger from 1 to 10 and XX, UP or SR", parse_missing);
        let segments = fields.list(21, "a finger from 1 to 10, then left, right, top and bottom in pixels", parse_segment);
        let nist_quality = fields.list(22, "pairs of a finger from 1 to 10 and 1 to 5, 254 or 255", parse_nist_quality);
        let quality = fields.list(24, "a finger, 0 to 100, four hexadecimal digits, and a number from 1 to 65535", parse_quality);
        let others = fields.sorted_others(&Self::OWN);
        if captured_on.is_some_and(|day| is_future(day, today)) {
            found.add(raw.place_of(5), Problem::FutureDate);
        }
        let image = read_image(raw, !missing.is_empty(), found);
        if let (Some(positions), Some(image)) = (&positions, &image) {
            check_segments(raw, positions, &segments, image.size, found);
        }
        Some(Self {
            idc: idc?,
            impression: impression?,
            source: source?,
            captured_on: captured_on?,
            positions: positions?,
            image,
            missing,
            segments,
            nist_quality,
            quality,
            others,
        })
    }

    /// The fingers that the image shows for certain: of several side by side those that have a place.
    pub(super) fn fingers(&self) -> Vec<Finger> {
        let Some(position) = self.positions.certain().filter(|_| self.image.is_some()) else { return Vec::new() };
        let has_place = |finger: &Finger| self.segments.iter().any(|segment| segment.finger == *finger);
        position.fingers().iter().copied().filter(|finger| !position.is_slap() || has_place(finger)).collect()
    }
}

/// The image; none if there is none and the record says why.
fn read_image(raw: &RawRecord<'_>, has_reason: bool, found: &mut Findings) -> Option<VariableImage> {
    let data = raw.field(DATA).map(|field| field.value).filter(|data| !data.is_empty());
    let Some(data) = data else {
        if !has_reason || raw.field(DATA).is_some() || OF_IMAGE.into_iter().any(|field| raw.field(field).is_some()) {
            found.add(raw.place_of(DATA), Problem::MissingImage);
        }
        return None;
    };
    let mut fields = Reader::new(raw, found);
    let width = fields.need(6, LENGTH, length);
    let height = fields.need(7, LENGTH, length);
    let scale = read_scale(&mut fields);
    let compression = fields.need(11, COMPRESSION, Compression::from_name);
    fields.need(12, Problem::Malformed { form: "8" }, |text| (text == "8").then_some(()));
    let size = Pixels { width: width?, height: height? };
    let compression = compression?;
    if let Some(problem) = problem_of(data, size, compression) {
        found.add(raw.place_of(DATA), problem);
    }
    let scale = scale?;
    if scale.ppi() < SMALLEST_PPI {
        found.add(raw.place_of(9), Problem::ResolutionTooLow { ppi: scale.ppi() });
    }
    Some(VariableImage { size, scale, compression, data: Sensitive::new(data.to_vec()) })
}

const LENGTH: Problem = Problem::Malformed { form: "a number of pixels" };
const DENSITY: Problem = Problem::Malformed { form: "a number of pixels from 1 to 65535" };
pub(super) const COMPRESSION: Problem = Problem::Malformed { form: "NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L or PNG" };

/// The standard allows 99999 pixels: what does not fit here is too large whatever its number.
fn length(text: &str) -> Option<u16> {
    digits::number(text, 5).map(|pixels| u16::try_from(pixels).unwrap_or(u16::MAX))
}

fn read_scale(fields: &mut Reader<'_, '_>) -> Option<Scale> {
    let unit: Option<fn(u16) -> Scale> = fields.need(8, Problem::NoScale, |text| match text {
        "1" => Some(Scale::PerInch as fn(u16) -> Scale),
        "2" => Some(Scale::PerCentimetre),
        _ => None,
    });
    let density = |text: &str| digits::number(text, 5).and_then(|pixels| u16::try_from(pixels).ok()).filter(|pixels| *pixels > 0);
    let across = fields.need(9, DENSITY, density);
    let down = fields.need(10, DENSITY, density)?;
    let across = across?;
    if across != down {
        fields.note(10, Problem::PixelsNotSquare);
    }
    Some(unit?(across))
}

fn check_segments(raw: &RawRecord<'_>, positions: &FingerPositions, segments: &[Segment], size: Pixels, found: &mut Findings) {
    if positions.has_slap() && (raw.field(21).is_none() || positions.certain().is_none()) {
        found.add(raw.place_of(21), Problem::SlapWithoutSegments);
        return;
    }
    let may_show = |finger| positions.as_slice().iter().any(|position| position.fingers().contains(&finger));
    for (index, segment) in segments.iter().enumerate() {
        let before = segments.iter().take(index);
        if !may_show(segment.finger) {
            found.add(raw.place_of(21), Problem::SegmentOfOtherFinger(segment.finger));
        } else if !segment.is_inside(size) {
            found.add(raw.place_of(21), Problem::SegmentOutside(segment.finger));
        } else if before.into_iter().any(|earlier| earlier.finger == segment.finger) {
            found.add(raw.place_of(21), Problem::FingerTwice(segment.finger));
        }
    }
}

fn code(text: &str) -> Option<u8> {
    digits::number(text, 2).and_then(|code| u8::try_from(code).ok())
}

/// One position since 2011, up to six before.
fn parse_positions(text: &str) -> Option<FingerPositions> {
    let positions = text.split(char::from(RS)).take(7).map(|position| FingerPosition::from_code(code(position)?));
    FingerPositions::possible(&positions.collect::<Option<Vec<_>>>()?)
}

fn parse_missing(items: &[&str]) -> Option<MissingFinger> {
    let [finger, absence] = items else { return None };
    Some(MissingFinger { finger: Finger::parse(finger)?, absence: Absence::from_code(absence)? })
}

fn parse_segment(items: &[&str]) -> Option<Segment> {
    let [finger, left, right, top, bottom] = items else { return None };
    let edge = |text: &str| digits::number(text, 5).and_then(|pixels| u16::try_from(pixels).ok());
    Some(Segment { finger: Finger::parse(finger)?, left: edge(left)?, right: edge(right)?, top: edge(top)?, bottom: edge(bottom)? })
}

fn parse_nist_quality(items: &[&str]) -> Option<NistQuality> {
    let [finger, score] = items else { return None };
    NistQuality::new(Finger::parse(finger)?, u8::try_from(digits::number(score, 3)?).ok()?)
}

fn parse_quality(items: &[&str]) -> Option<Quality> {
    let [finger, score, vendor, algorithm] = items else { return None };
    if vendor.len() != 4 || !vendor.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let vendor = u16::from_str_radix(vendor, 16).ok()?;
    let score = u8::try_from(digits::number(score, 3)?).ok()?;
    Quality::new(Finger::parse(finger)?, score, vendor, u16::try_from(digits::number(algorithm, 5)?).ok()?)
}
