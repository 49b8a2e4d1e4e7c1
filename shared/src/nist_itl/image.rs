//! Images of fingers and faces: how they are compressed, how large and how fine they are, and whether they are what they say.

use std::fmt;

use super::problem::Problem;
use super::wsq;

/// Most pixels of a side of a print: four fingers at 1000 pixels per inch are 3200 wide.
pub const LONGEST_SIDE: u16 = 4096;
/// Fewest pixels of a side of a print: 5 mm at 500 pixels per inch. Matchers were seen to crash on smaller ones.
pub const SHORTEST_SIDE: u16 = 100;
/// Fewest pixels per inch at which prints can be compared. Prints are scanned at 500; 450 allows for scanners.
pub const SMALLEST_PPI: u32 = 450;

/// How an image is compressed (CGA: `14.011` by name, `4.008` by number).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Rows of pixels, a byte each.
    None,
    /// WSQ, the FBI's for prints at 500 pixels per inch.
    Wsq,
    /// JPEG, lossy.
    Jpeg,
    /// JPEG, lossless.
    JpegLossless,
    /// JPEG 2000, lossy.
    Jpeg2000,
    Jpeg2000Lossless,
    Png,
}

impl Compression {
    pub const ALL: [Self; 7] =
        [Self::None, Self::Wsq, Self::Jpeg, Self::JpegLossless, Self::Jpeg2000, Self::Jpeg2000Lossless, Self::Png];

    /// The word of tagged records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Wsq => "WSQ20",
            Self::Jpeg => "JPEGB",
            Self::JpegLossless => "JPEGL",
            Self::Jpeg2000 => "JP2",
            Self::Jpeg2000Lossless => "JP2L",
            Self::Png => "PNG",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|compression| compression.name() == name)
    }

    /// The byte of a Type-4 record, 0 to 6.
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Wsq => 1,
            Self::Jpeg => 2,
            Self::JpegLossless => 3,
            Self::Jpeg2000 => 4,
            Self::Jpeg2000Lossless => 5,
            Self::Png => 6,
        }
    }

    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|compression| compression.code() == code)
    }

    /// The bytes with which each such image begins.
    const fn magic(self) -> &'static [u8] {
        match self {
            Self::None => b"",
            Self::Wsq => b"\xFF\xA0",
            Self::Jpeg | Self::JpegLossless => b"\xFF\xD8\xFF",
            Self::Jpeg2000 | Self::Jpeg2000Lossless => b"\x00\x00\x00\x0CjP  \r\n\x87\n",
            Self::Png => b"\x89PNG\r\n\x1A\n",
        }
    }

    /// Whether an image begins as its compression says. Uncompressed ones have no beginning of their own.
    pub(super) fn begins(self, image: &[u8]) -> bool {
        image.starts_with(self.magic())
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The size of an image, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pixels {
    /// HLL, the horizontal line length.
    pub width: u16,
    /// VLL, the vertical line length.
    pub height: u16,
}

impl fmt::Display for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.width, self.height)
    }
}

/// How fine an image is: pixels to a length, the same both ways (`14.008` to `14.010`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    PerInch(u16),
    PerCentimetre(u16),
}

impl Scale {
    /// As `14.008` and `14.009` write it.
    pub(super) const fn unit_and_density(self) -> (u8, u16) {
        match self {
            Self::PerInch(pixels) => (1, pixels),
            Self::PerCentimetre(pixels) => (2, pixels),
        }
    }

    /// Pixels per inch, rounded.
    pub fn ppi(self) -> u32 {
        match self {
            Self::PerInch(pixels) => u32::from(pixels),
            Self::PerCentimetre(pixels) => (u32::from(pixels) * 254 + 50) / 100,
        }
    }
}

/// What is wrong with the image of a print that its header says is so large and compressed so. At most one thing: each further
/// one would follow from it.
pub(super) fn problem_of(image: &[u8], size: Pixels, compression: Compression) -> Option<Problem> {
    if image.is_empty() {
        return Some(Problem::MissingImage);
    }
    if size.width < SHORTEST_SIDE || size.height < SHORTEST_SIDE {
        return Some(Problem::ImageTooSmall(size));
    }
    if size.width > LONGEST_SIDE || size.height > LONGEST_SIDE {
        return Some(Problem::ImageTooLarge(size));
    }
    if !compression.begins(image) {
        return Some(Problem::OtherCompression { compression });
    }
    match compression {
        Compression::None => raw_problem(image, size),
        Compression::Wsq => wsq_problem(image, size),
        _ => None,
    }
}

fn raw_problem(image: &[u8], size: Pixels) -> Option<Problem> {
    let (needed, found) = (usize::from(size.width) * usize::from(size.height), image.len());
    (needed != found).then_some(Problem::RawSize { needed, found })
}

/// In a file of NIST's own the header says 1800 x 1000 and the image 1600 x 976.
fn wsq_problem(image: &[u8], header: Pixels) -> Option<Problem> {
    match wsq::size(image) {
        Err(error) => Some(Problem::BrokenWsq(error)),
        Ok(size) if size != header => Some(Problem::WsqSize { header, image: size }),
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_one_compression_each() {
        for (code, compression) in (0..).zip(Compression::ALL) {
            assert_eq!(Compression::from_code(code), Some(compression));
            assert_eq!((compression.code(), Compression::from_name(compression.name())), (code, Some(compression)));
        }
        assert_eq!((Compression::from_code(7), Compression::from_name("WSQ")), (None, None));
    }

    #[test]
    fn a_scale_in_centimetres_is_told_in_inches() {
        for (scale, ppi) in
            [(Scale::PerInch(500), 500), (Scale::PerCentimetre(197), 500), (Scale::PerCentimetre(u16::MAX), 166_459)]
        {
            assert_eq!(scale.ppi(), ppi, "{scale:?}");
        }
    }
}
