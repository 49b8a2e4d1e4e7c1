//! Fingers, the positions that an image can show, and the ways in which a print is taken.

use std::fmt;

use super::digits;

/// One of ten fingers, in the order of their codes 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Finger {
    RightThumb,
    RightIndex,
    RightMiddle,
    RightRing,
    RightLittle,
    LeftThumb,
    LeftIndex,
    LeftMiddle,
    LeftRing,
    LeftLittle,
}

impl Finger {
    pub const ALL: [Self; 10] = [
        Self::RightThumb,
        Self::RightIndex,
        Self::RightMiddle,
        Self::RightRing,
        Self::RightLittle,
        Self::LeftThumb,
        Self::LeftIndex,
        Self::LeftMiddle,
        Self::LeftRing,
        Self::LeftLittle,
    ];

    /// Its code, 1 to 10.
    pub const fn code(self) -> u8 {
        match self {
            Self::RightThumb => 1,
            Self::RightIndex => 2,
            Self::RightMiddle => 3,
            Self::RightRing => 4,
            Self::RightLittle => 5,
            Self::LeftThumb => 6,
            Self::LeftIndex => 7,
            Self::LeftMiddle => 8,
            Self::LeftRing => 9,
            Self::LeftLittle => 10,
        }
    }

    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|finger| finger.code() == code)
    }

    /// As the lists of a Type-14 name it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        digits::number(text, 2).and_then(|code| u8::try_from(code).ok()).and_then(Self::from_code)
    }
}

impl fmt::Display for Finger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RightThumb => "right thumb",
            Self::RightIndex => "right index finger",
            Self::RightMiddle => "right middle finger",
            Self::RightRing => "right ring finger",
            Self::RightLittle => "right little finger",
            Self::LeftThumb => "left thumb",
            Self::LeftIndex => "left index finger",
            Self::LeftMiddle => "left middle finger",
            Self::LeftRing => "left ring finger",
            Self::LeftLittle => "left little finger",
        })
    }
}

/// What one image shows (FGP: `4.004`, `14.013`; codes 0 to 17).
///
/// Codes that no fingerprint query can use are not here: 18 (unknown ridges), 19 (several views of a whole finger), palms and
/// soles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FingerPosition {
    /// A finger, nobody knows which.
    Unknown,
    One(Finger),
    /// Taken flat, beside the four fingers of the hand. The same finger as the thumb of code 1.
    PlainRightThumb,
    PlainLeftThumb,
    RightFour,
    LeftFour,
    BothThumbs,
    /// A sixth finger.
    RightExtra,
    LeftExtra,
}

impl FingerPosition {
    pub const fn code(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::One(finger) => finger.code(),
            Self::PlainRightThumb => 11,
            Self::PlainLeftThumb => 12,
            Self::RightFour => 13,
            Self::LeftFour => 14,
            Self::BothThumbs => 15,
            Self::RightExtra => 16,
            Self::LeftExtra => 17,
        }
    }

    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unknown,
            11 => Self::PlainRightThumb,
            12 => Self::PlainLeftThumb,
            13 => Self::RightFour,
            14 => Self::LeftFour,
            15 => Self::BothThumbs,
            16 => Self::RightExtra,
            17 => Self::LeftExtra,
            _ => Self::One(Finger::from_code(code)?),
        })
    }

    /// The fingers that can be in the image.
    pub const fn fingers(self) -> &'static [Finger] {
        use Finger::{
            LeftIndex, LeftLittle, LeftMiddle, LeftRing, LeftThumb, RightIndex, RightLittle, RightMiddle, RightRing, RightThumb,
        };
        match self {
            Self::Unknown | Self::RightExtra | Self::LeftExtra => &[],
            Self::One(RightThumb) | Self::PlainRightThumb => &[RightThumb],
            Self::One(RightIndex) => &[RightIndex],
            Self::One(RightMiddle) => &[RightMiddle],
            Self::One(RightRing) => &[RightRing],
            Self::One(RightLittle) => &[RightLittle],
            Self::One(LeftThumb) | Self::PlainLeftThumb => &[LeftThumb],
            Self::One(LeftIndex) => &[LeftIndex],
            Self::One(LeftMiddle) => &[LeftMiddle],
            Self::One(LeftRing) => &[LeftRing],
            Self::One(LeftLittle) => &[LeftLittle],
            Self::RightFour => &[RightIndex, RightMiddle, RightRing, RightLittle],
            Self::LeftFour => &[LeftIndex, LeftMiddle, LeftRing, LeftLittle],
            Self::BothThumbs => &[RightThumb, LeftThumb],
        }
    }

    /// Whether several fingers lie side by side in the image, which must be cut before it is compared.
    pub const fn is_slap(self) -> bool {
        matches!(self, Self::RightFour | Self::LeftFour | Self::BothThumbs)
    }
}

/// One position, or the up to six that a print may be of where nobody knows (`4.004`; `14.013` before 2011).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FingerPositions(Vec<FingerPosition>);

/// Most positions of one image: the six bytes of `4.004`.
const MOST_POSITIONS: usize = 6;
/// What `4.004` holds where it names no position.
const UNUSED: u8 = 255;

impl FingerPositions {
    pub fn of(position: FingerPosition) -> Self {
        Self(vec![position])
    }

    /// None unless there are one to six.
    pub fn possible(positions: &[FingerPosition]) -> Option<Self> {
        (1..=MOST_POSITIONS).contains(&positions.len()).then(|| Self(positions.to_vec()))
    }

    /// The six bytes of a Type-4 record: the unused ones come last.
    pub(super) fn from_bytes(codes: [u8; MOST_POSITIONS]) -> Option<Self> {
        let used = codes.iter().position(|code| *code == UNUSED).unwrap_or(MOST_POSITIONS);
        let (used, unused) = codes.split_at_checked(used)?;
        if unused.iter().any(|code| *code != UNUSED) {
            return None;
        }
        let positions: Option<Vec<_>> = used.iter().copied().map(FingerPosition::from_code).collect();
        Self::possible(&positions?)
    }

    pub(super) fn to_bytes(&self) -> [u8; MOST_POSITIONS] {
        let codes = self.0.iter().map(|position| position.code()).chain(std::iter::repeat(UNUSED));
        let mut bytes = [UNUSED; MOST_POSITIONS];
        for (byte, code) in bytes.iter_mut().zip(codes) {
            *byte = code;
        }
        bytes
    }

    pub fn as_slice(&self) -> &[FingerPosition] {
        &self.0
    }

    /// Whether several fingers can be side by side in the image.
    pub(super) fn has_slap(&self) -> bool {
        self.0.iter().any(|position| position.is_slap())
    }

    /// The position, if there is no doubt about it.
    pub fn certain(&self) -> Option<FingerPosition> {
        match self.0.as_slice() {
            [position] => Some(*position),
            _ => None,
        }
    }
}

/// How a print was taken (IMP: `4.003`, `14.003`; table 7 of the 2011 edition; 41 and 42 came in 2015). The codes of
/// palms and soles are not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Impression {
    LivePlain,
    LiveRolled,
    NonLivePlain,
    NonLiveRolled,
    Latent,
    LatentTracing,
    LatentPhoto,
    LatentLift,
    Swipe,
    OpticalContactPlain,
    OpticalContactRolled,
    NonOpticalContactPlain,
    NonOpticalContactRolled,
    OpticalContactlessPlain,
    OpticalContactlessRolled,
    NonOpticalContactlessPlain,
    NonOpticalContactlessRolled,
    Other,
    Unknown,
    /// Without contact, of a hand that moves. The one published table that was at hand contradicts itself on which of 41 and 42
    /// is plain and which is rolled, so the names follow the code.
    ContactlessMoving41,
    ContactlessMoving42,
}

impl Impression {
    pub const ALL: [Self; 21] = [
        Self::LivePlain,
        Self::LiveRolled,
        Self::NonLivePlain,
        Self::NonLiveRolled,
        Self::Latent,
        Self::LatentTracing,
        Self::LatentPhoto,
        Self::LatentLift,
        Self::Swipe,
        Self::OpticalContactPlain,
        Self::OpticalContactRolled,
        Self::NonOpticalContactPlain,
        Self::NonOpticalContactRolled,
        Self::OpticalContactlessPlain,
        Self::OpticalContactlessRolled,
        Self::NonOpticalContactlessPlain,
        Self::NonOpticalContactlessRolled,
        Self::Other,
        Self::Unknown,
        Self::ContactlessMoving41,
        Self::ContactlessMoving42,
    ];

    pub const fn code(self) -> u8 {
        match self {
            Self::LivePlain => 0,
            Self::LiveRolled => 1,
            Self::NonLivePlain => 2,
            Self::NonLiveRolled => 3,
            Self::Latent => 4,
            Self::LatentTracing => 5,
            Self::LatentPhoto => 6,
            Self::LatentLift => 7,
            Self::Swipe => 8,
            Self::OpticalContactPlain => 20,
            Self::OpticalContactRolled => 21,
            Self::NonOpticalContactPlain => 22,
            Self::NonOpticalContactRolled => 23,
            Self::OpticalContactlessPlain => 24,
            Self::OpticalContactlessRolled => 25,
            Self::NonOpticalContactlessPlain => 26,
            Self::NonOpticalContactlessRolled => 27,
            Self::Other => 28,
            Self::Unknown => 29,
            Self::ContactlessMoving41 => 41,
            Self::ContactlessMoving42 => 42,
        }
    }

    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|impression| impression.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_one_position_and_the_other_way_round() {
        for code in 0..=u8::MAX {
            let position = FingerPosition::from_code(code);
            assert_eq!(position.is_some(), code <= 17, "{code}");
            assert!(position.is_none_or(|position| position.code() == code), "{code}");
            let impression = Impression::from_code(code);
            assert_eq!(impression.is_some(), matches!(code, 0..=8 | 20..=29 | 41 | 42), "{code}");
            assert!(impression.is_none_or(|impression| impression.code() == code), "{code}");
        }
    }

    #[test]
    fn fingers_of_a_position_are_its_own() {
        for finger in Finger::ALL {
            assert_eq!(FingerPosition::One(finger).fingers(), [finger]);
            assert_eq!(Finger::parse(&finger.code().to_string()), Some(finger));
        }
        let hands = [FingerPosition::RightFour, FingerPosition::LeftFour, FingerPosition::BothThumbs];
        let mut all: Vec<Finger> = hands.iter().flat_map(|hand| hand.fingers()).copied().collect();
        all.sort_unstable();
        assert_eq!(all, Finger::ALL);
        assert_eq!((Finger::parse("0"), Finger::parse("11"), Finger::parse("001")), (None, None, None));
    }

    #[test]
    fn six_bytes_are_positions_and_then_nothing() {
        let one = FingerPositions::of(FingerPosition::RightFour);
        assert_eq!(one.to_bytes(), [13, 255, 255, 255, 255, 255]);
        for (bytes, count) in
            [([13, 255, 255, 255, 255, 255], Some(1)), ([2, 7, 255, 255, 255, 255], Some(2)), ([1, 2, 3, 4, 5, 6], Some(6))]
        {
            let positions = FingerPositions::from_bytes(bytes).unwrap();
            assert_eq!((positions.to_bytes(), Some(positions.as_slice().len())), (bytes, count));
            assert_eq!(positions.certain().is_some(), count == Some(1));
        }
        for bad in [[255; 6], [18, 255, 255, 255, 255, 255], [2, 255, 7, 255, 255, 255], [255, 2, 255, 255, 255, 255]] {
            assert_eq!(FingerPositions::from_bytes(bad), None, "{bad:?}");
        }
    }
}
