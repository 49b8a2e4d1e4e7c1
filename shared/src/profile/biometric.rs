//! Biometric records of a person: photographs, and fingerprints, irises and faces in files of ANSI/NIST-ITL.
//!
//! A file is read once, as it comes in ([`read_capture`]): whether it keeps every rule, what it shows, when it was taken, how good
//! it is. After that it is bytes, and nothing of ours looks inside.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use thiserror::Error;
use uuid::Uuid;

use crate::document::{DocumentKind, LARGEST_DOCUMENT};
use crate::nist_itl::{Capture, Eye, Finger, PORTICO_CAPTURE_1, Record, Refusal, Transaction, TransactionKind};
use crate::sensitive::Sensitive;

/// Most bytes of a record: as many as an upload may have.
pub const LARGEST_RECORD: usize = LARGEST_DOCUMENT;
/// Most records of a kind that a person has at one time. Who has more has old ones to be ended first.
pub const MOST_OF_A_KIND: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BiometricKind {
    /// A picture: JPEG or PNG.
    Photograph,
    Fingerprints,
    Iris,
    /// A face that machines compare, in a file with what they need to know of it.
    Face,
}

impl BiometricKind {
    pub const ALL: [Self; 4] = [Self::Photograph, Self::Fingerprints, Self::Iris, Self::Face];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Photograph => "photograph",
            Self::Fingerprints => "fingerprints",
            Self::Iris => "iris",
            Self::Face => "face",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Photograph => "Photograph",
            Self::Fingerprints => "Fingerprints",
            Self::Iris => "Iris",
            Self::Face => "Face, for comparison",
        }
    }

    /// What a file of it holds; none of a photograph, which is a picture.
    pub const fn capture(self) -> Option<Capture> {
        match self {
            Self::Photograph => None,
            Self::Fingerprints => Some(Capture::Fingerprints),
            Self::Iris => Some(Capture::Irises),
            Self::Face => Some(Capture::Face),
        }
    }

    /// From which sides it can be taken, for whoever adds it to say; none where the file says what it shows.
    pub const fn sides(self) -> &'static [Position] {
        match self {
            Self::Photograph | Self::Face => &[Position::Front, Position::LeftSide, Position::RightSide],
            Self::Fingerprints | Self::Iris => &[],
        }
    }
}

/// What a record shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    Front,
    LeftSide,
    RightSide,
    TenFingers,
    RightHand,
    LeftHand,
    /// Of both hands, but not all; or nobody knows which.
    SomeFingers,
    BothEyes,
    RightEye,
    LeftEye,
}

impl Position {
    pub const ALL: [Self; 10] = [
        Self::Front,
        Self::LeftSide,
        Self::RightSide,
        Self::TenFingers,
        Self::RightHand,
        Self::LeftHand,
        Self::SomeFingers,
        Self::BothEyes,
        Self::RightEye,
        Self::LeftEye,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::LeftSide => "left_side",
            Self::RightSide => "right_side",
            Self::TenFingers => "ten_fingers",
            Self::RightHand => "right_hand",
            Self::LeftHand => "left_hand",
            Self::SomeFingers => "some_fingers",
            Self::BothEyes => "both_eyes",
            Self::RightEye => "right_eye",
            Self::LeftEye => "left_eye",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|position| position.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Front => "from the front",
            Self::LeftSide => "left side",
            Self::RightSide => "right side",
            Self::TenFingers => "ten fingers",
            Self::RightHand => "right hand",
            Self::LeftHand => "left hand",
            Self::SomeFingers => "some fingers",
            Self::BothEyes => "both eyes",
            Self::RightEye => "right eye",
            Self::LeftEye => "left eye",
        }
    }

    fn of_fingers(fingers: &[Finger]) -> Self {
        let is_right = |finger: &Finger| finger.code() <= Finger::RightLittle.code();
        match fingers.iter().filter(|finger| is_right(finger)).count() {
            _ if fingers.len() == Finger::ALL.len() => Self::TenFingers,
            _ if fingers.is_empty() => Self::SomeFingers,
            0 => Self::LeftHand,
            right if right == fingers.len() => Self::RightHand,
            _ => Self::SomeFingers,
        }
    }

    fn of_eyes(eyes: &[Eye]) -> Self {
        match (eyes.contains(&Eye::Right), eyes.contains(&Eye::Left)) {
            (true, true) => Self::BothEyes,
            (_, false) => Self::RightEye,
            (false, true) => Self::LeftEye,
        }
    }
}

/// Where a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CapturedAt {
    /// An officer had it as a file.
    Upload,
    /// Taken with the person there.
    Interview,
    /// It came with a case.
    Case(Uuid),
}

impl CapturedAt {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Interview => "interview",
            Self::Case(_) => "case",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    Jpeg,
    Png,
}

impl PictureFormat {
    pub const ALL: [Self; 2] = [Self::Jpeg, Self::Png];

    pub const fn key(self) -> &'static str {
        self.document().key()
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// For `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        self.document().media_type()
    }

    const fn document(self) -> DocumentKind {
        match self {
            Self::Jpeg => DocumentKind::Jpeg,
            Self::Png => DocumentKind::Png,
        }
    }
}

/// A picture of somebody, without anything but the picture: what is made of a document when it is cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photograph {
    pub format: PictureFormat,
    pub bytes: Sensitive<Vec<u8>>,
}

impl Photograph {
    /// A cleaned document; none of a PDF.
    pub fn of(kind: DocumentKind, cleaned: Vec<u8>) -> Option<Self> {
        let format = PictureFormat::ALL.into_iter().find(|format| format.document() == kind)?;
        Some(Self { format, bytes: Sensitive::new(cleaned) })
    }
}

/// How good a record is to compare: 0 to 100, the best (ISO/IEC 29794-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quality(u8);

impl Quality {
    pub const fn new(score: u8) -> Option<Self> {
        if score <= 100 { Some(Self(score)) } else { None }
    }

    pub const fn score(self) -> u8 {
        self.0
    }
}

/// What is known of a record beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Biometric {
    pub kind: BiometricKind,
    pub position: Position,
    pub captured_at: CapturedAt,
    pub captured_on: NaiveDate,
    pub quality: Option<Quality>,
}

/// A record of a person, with who added it and until when it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBiometric {
    pub id: Uuid,
    pub biometric: Biometric,
    pub bytes: u64,
    pub added_by: Uuid,
    pub recorded_at: DateTime<Utc>,
    /// When it ended, and the correction that ended it, which says why.
    pub ended: Option<(DateTime<Utc>, Uuid)>,
}

impl KnownBiometric {
    pub const fn is_current(&self) -> bool {
        self.ended.is_none()
    }
}

/// What a file says of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptureSummary {
    /// None of a face, whose side the file does not say.
    pub position: Option<Position>,
    pub captured_on: NaiveDate,
    /// Of its worst finger, where it says any.
    pub quality: Option<Quality>,
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaptureFault {
    #[error("the file holds something else; choose what it holds, or another file")]
    OtherKind,
    #[error("{0}")]
    Refused(Refusal),
}

/// Reads a file of fingerprints, irises or a face that a capture station made.
///
/// # Errors
/// Why it is not taken.
pub fn read_capture(capture: Capture, bytes: &[u8], today: NaiveDate) -> Result<CaptureSummary, CaptureFault> {
    let file = Transaction::read(bytes, &PORTICO_CAPTURE_1, today).map_err(CaptureFault::Refused)?;
    if file.information().kind != TransactionKind::Capture(capture) {
        return Err(CaptureFault::OtherKind);
    }
    let position = match capture {
        Capture::Fingerprints => Some(Position::of_fingers(&file.fingers())),
        Capture::Irises => Some(Position::of_eyes(&file.eyes())),
        Capture::Face => None,
    };
    Ok(CaptureSummary { position, captured_on: captured_on(&file), quality: worst_quality(&file) })
}

/// The day of its newest print, or else its own.
fn captured_on(file: &Transaction) -> NaiveDate {
    let day = |record: &Record| if let Record::VariableResolutionPrint(print) = record { Some(print.captured_on) } else { None };
    file.records().iter().filter_map(day).max().unwrap_or(file.information().date)
}

/// Scores over 100 say that nobody measured.
fn worst_quality(file: &Transaction) -> Option<Quality> {
    let scores = file.records().iter().flat_map(|record| match record {
        Record::VariableResolutionPrint(print) => print.quality.as_slice(),
        _ => &[],
    });
    scores.filter_map(|quality| Quality::new(quality.score())).min()
}

/// As a list names it: `Photograph, from the front`.
impl fmt::Display for Biometric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.kind.name(), self.position.name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nist_itl::{self, FingerPosition, FingerPositions, Problem, VariableResolutionPrint};
    use crate::profile::testing::{DAY, capture, face, finger, iris};

    fn fingers(positions: &[FingerPosition]) -> Vec<u8> {
        let prints = (1..).zip(positions).map(|(number, position)| finger(number, *position)).collect();
        capture(Capture::Fingerprints, prints)
    }

    fn read(capture: Capture, bytes: &[u8]) -> Result<CaptureSummary, CaptureFault> {
        read_capture(capture, bytes, DAY)
    }

    const ALL: [Capture; 3] = [Capture::Fingerprints, Capture::Irises, Capture::Face];

    #[test]
    fn keys_are_read_back() {
        for kind in BiometricKind::ALL {
            assert_eq!(BiometricKind::from_key(kind.key()), Some(kind));
            assert_eq!(kind.sides().is_empty(), matches!(kind.capture(), Some(Capture::Fingerprints | Capture::Irises)));
        }
        for position in Position::ALL {
            assert_eq!(Position::from_key(position.key()), Some(position));
        }
        for format in PictureFormat::ALL {
            assert_eq!(PictureFormat::from_key(format.key()), Some(format));
        }
        assert_eq!((Quality::new(100).map(Quality::score), Quality::new(101)), (Some(100), None));
    }

    #[test]
    fn a_document_with_pages_is_no_photograph() {
        let formats = DocumentKind::ALL.map(|kind| Photograph::of(kind, vec![1]).map(|photograph| photograph.format));
        assert_eq!(formats, [Some(PictureFormat::Jpeg), Some(PictureFormat::Png), None]);
        assert_eq!(PictureFormat::Png.media_type(), "image/png");
    }

    #[test]
    fn a_file_says_which_fingers_it_shows() {
        use FingerPosition::{LeftExtra, One, PlainLeftThumb, PlainRightThumb, Unknown};
        let all: Vec<FingerPosition> = Finger::ALL.into_iter().map(One).collect();
        for (positions, expected) in [
            (all.as_slice(), Position::TenFingers),
            (&all[1..], Position::SomeFingers),
            (&all[..5], Position::RightHand),
            (&[PlainRightThumb], Position::RightHand),
            (&all[7..], Position::LeftHand),
            (&[PlainLeftThumb, LeftExtra], Position::LeftHand),
            (&[Unknown], Position::SomeFingers),
            (&[PlainRightThumb, PlainLeftThumb], Position::SomeFingers),
        ] {
            let told = read(Capture::Fingerprints, &fingers(positions)).unwrap();
            assert_eq!(told.position, Some(expected), "{positions:?}");
        }
    }

    #[test]
    fn a_file_says_which_eyes_it_shows_and_not_the_side_of_a_face() {
        for (eyes, expected) in [
            (vec!["1"], Position::RightEye),
            (vec!["2"], Position::LeftEye),
            (vec!["2", "1"], Position::BothEyes),
            (vec!["1", "1"], Position::RightEye),
        ] {
            let irises = (1..).zip(eyes.iter().copied()).map(|(number, eye)| iris(number, eye)).collect();
            assert_eq!(read(Capture::Irises, &capture(Capture::Irises, irises)).unwrap().position, Some(expected), "{eyes:?}");
        }
        let told = read(Capture::Face, &capture(Capture::Face, vec![face(1)])).unwrap();
        assert_eq!(told, CaptureSummary { position: None, captured_on: DAY, quality: None });
    }

    #[test]
    fn the_day_and_the_worst_quality_are_those_of_the_prints() {
        let print = |number, position, scores: &[u8], days_before| {
            let Record::VariableResolutionPrint(print) = finger(number, FingerPosition::One(position)) else { panic!() };
            let quality = scores.iter().map(|score| nist_itl::Quality::new(position, *score, 1, 1).unwrap()).collect();
            let captured_on = DAY - chrono::TimeDelta::days(days_before);
            Record::VariableResolutionPrint(Box::new(VariableResolutionPrint { captured_on, quality, ..*print }))
        };
        let told = |records| read(Capture::Fingerprints, &capture(Capture::Fingerprints, records)).unwrap();
        let two = told(vec![print(1, Finger::RightThumb, &[255, 80], 3), print(2, Finger::RightIndex, &[41], 2)]);
        assert_eq!((two.quality, two.captured_on), (Quality::new(41), DAY - chrono::TimeDelta::days(2)));
        assert_eq!(told(vec![print(1, Finger::RightThumb, &[254], 0)]).quality, None);
    }

    #[test]
    fn a_file_of_another_kind_or_domain_is_not_taken() {
        let prints = fingers(&[FingerPosition::One(Finger::LeftThumb)]);
        assert_eq!(read(Capture::Irises, &prints), Err(CaptureFault::OtherKind));
        let query = String::from_utf8_lossy(&prints).replace("PORTICO-CAPTURE", "PORTICO-QUERIES").into_bytes();
        let Err(CaptureFault::Refused(refusal)) = read(Capture::Fingerprints, &query) else { panic!() };
        assert!(refusal.findings.iter().all(|finding| finding.problem != Problem::Empty));
        let Err(CaptureFault::Refused(refusal)) = read(Capture::Face, b"") else { panic!() };
        assert_eq!(refusal.findings[0].problem, Problem::Empty);
    }

    #[test]
    fn the_words_of_a_fault_name_nobody() {
        let fault = read(Capture::Face, b"EJEMPLO,ANA").unwrap_err();
        assert!(!format!("{fault} {fault:?}").contains("EJEMPLO"));
    }

    #[test]
    fn two_positions_of_one_finger_are_no_new_finger() {
        let positions = FingerPositions::possible(&[FingerPosition::One(Finger::LeftThumb), FingerPosition::Unknown]).unwrap();
        let Record::VariableResolutionPrint(print) = finger(1, FingerPosition::Unknown) else { panic!() };
        let print = Record::VariableResolutionPrint(Box::new(VariableResolutionPrint { positions, ..*print }));
        let told = read(Capture::Fingerprints, &capture(Capture::Fingerprints, vec![print])).unwrap();
        assert_eq!(told.position, Some(Position::SomeFingers));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            for capture in ALL {
                prop_assert!(read(capture, &bytes).is_err());
            }
        }

        /// Cut anywhere, and with a byte changed anywhere.
        #[test]
        fn a_file_that_was_cut_or_changed_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let records = [vec![finger(1, FingerPosition::One(Finger::LeftThumb))], vec![iris(1, "1")], vec![face(1)]];
            for (kind, records) in ALL.into_iter().zip(records) {
                let file = capture(kind, records);
                let at = at.index(file.len());
                prop_assert!(read(kind, &file[..at]).is_err());
                let mut changed = file;
                changed[at] = byte;
                for kind in ALL {
                    let _ = read(kind, &changed);
                }
            }
        }
    }
}
