//! JPEG (ITU-T T.81): markers, each with its segment, and between them the coded picture.
//!
//! Kept are the segments that the picture needs: tables, frame, scans, JFIF's pixel shape, Adobe's colour transform, the colour
//! profile. Of EXIF only the orientation is kept, in an EXIF of our own, or a picture from a telephone would lie on its side. All
//! else goes: EXIF, XMP, IPTC, comments, thumbnails, and whatever stands after the end, where telephones put films and second
//! pictures.

use shared::document::DocumentProblem;

use super::check_size;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;

/// How a file may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With its mark: without it a file was cut off on its way.
    Marked,
    /// Anyhow, as the length says it to whoever holds the picture: a PDF.
    Open,
}

/// Cleans a file.
pub(super) fn clean(bytes: &[u8], ending: Ending) -> Result<Vec<u8>, DocumentProblem> {
    let mut reader = Reader { rest: bytes };
    if reader.marker()? != SOI {
        return Err(DocumentProblem::Broken);
    }
    let mut picture = Picture { out: vec![0xFF, SOI], read: Read::Tables, has_jfif: false, has_orientation: false };
    loop {
        let marker = reader.marker()?;
        if marker == EOI {
            return picture.end();
        }
        let segment = reader.segment()?;
        picture.take(marker, segment)?;
        if marker == 0xDA {
            picture.out.extend_from_slice(reader.coded());
            match ending {
                Ending::Open if reader.rest.is_empty() => return picture.end(),
                Ending::Open | Ending::Marked => {}
            }
        }
    }
}

/// What is left to read. Every read ends with the file.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn marker(&mut self) -> Result<u8, DocumentProblem> {
        let after = self.rest.strip_prefix(&[0xFF]).ok_or(DocumentProblem::Broken)?;
        // Any number of 0xFF may stand before a marker.
        let at = after.iter().position(|byte| *byte != 0xFF).ok_or(DocumentProblem::Broken)?;
        let (marker, rest) = after[at..].split_first().ok_or(DocumentProblem::Broken)?;
        self.rest = rest;
        Ok(*marker)
    }

    /// The content of a segment, behind its two bytes of length, which count themselves.
    fn segment(&mut self) -> Result<&'a [u8], DocumentProblem> {
        let (length, rest) = self.rest.split_first_chunk().ok_or(DocumentProblem::Broken)?;
        let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2).ok_or(DocumentProblem::Broken)?;
        let (content, rest) = rest.split_at_checked(length).ok_or(DocumentProblem::Broken)?;
        self.rest = rest;
        Ok(content)
    }

    /// The coded picture up to the next marker, or the rest. In it 0xFF is followed by 0, and restarts are markers without a segment.
    fn coded(&mut self) -> &'a [u8] {
        let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
        let end = self.rest.windows(2).position(is_marker).unwrap_or(self.rest.len());
        let (coded, rest) = self.rest.split_at(end);
        self.rest = rest;
        coded
    }
}

/// How far a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Tables,
    Frame,
    Scan,
}

struct Picture {
    out: Vec<u8>,
    read: Read,
    has_jfif: bool,
    has_orientation: bool,
}

impl Picture {
    fn take(&mut self, marker: u8, content: &[u8]) -> Result<(), DocumentProblem> {
        match marker {
            // Tables: Huffman, arithmetic coding, quantization, restarts.
            0xC4 | 0xCC | 0xDB | 0xDD => self.put(marker, content),
            // A frame: baseline, extended, progressive. Nobody shows the others.
            0xC0..=0xC2 => {
                if self.read != Read::Tables {
                    return Err(DocumentProblem::Broken);
                }
                let [_, h1, h2, w1, w2, ..] = content else { return Err(DocumentProblem::Broken) };
                check_size(u16::from_be_bytes([*w1, *w2]).into(), u16::from_be_bytes([*h1, *h2]).into())?;
                self.read = Read::Frame;
                self.put(marker, content);
            }
            0xDA => {
                if self.read == Read::Tables {
                    return Err(DocumentProblem::Broken);
                }
                self.read = Read::Scan;
                self.put(marker, content);
            }
            0xE0 => self.take_jfif(content),
            0xE1 => self.take_orientation(content),
            0xE2 if content.starts_with(b"ICC_PROFILE\0") => self.put(marker, content),
            // Version, two flags, and whether the colours are turned.
            0xEE if content.starts_with(b"Adobe") && content.len() >= 12 => self.put(marker, &content[..12]),
            // Other applications' segments, and comments.
            0xE2..=0xEF | 0xFE => {}
            _ => return Err(DocumentProblem::Broken),
        }
        Ok(())
    }

    /// JFIF says whether pixels are square; its thumbnail may show what was cut away.
    fn take_jfif(&mut self, content: &[u8]) {
        if let Some(shape) = content.get(..12).filter(|shape| shape.starts_with(b"JFIF\0") && !self.has_jfif) {
            self.has_jfif = true;
            self.put(0xE0, &[shape, &[0, 0]].concat());
        }
    }

    fn take_orientation(&mut self, content: &[u8]) {
        let orientation = content.strip_prefix(b"Exif\0\0").and_then(orientation).filter(|turned| (2..=8).contains(turned));
        if let Some(orientation) = orientation.filter(|_| !self.has_orientation) {
            self.has_orientation = true;
            self.put(0xE1, &exif_of(orientation));
        }
    }

    fn put(&mut self, marker: u8, content: &[u8]) {
        // Never longer than what was read under two bytes of length.
        let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
        self.out.extend_from_slice(&[0xFF, marker]);
        self.out.extend_from_slice(&length.to_be_bytes());
        self.out.extend_from_slice(content);
    }

    fn end(mut self) -> Result<Vec<u8>, DocumentProblem> {
        if self.read != Read::Scan {
            return Err(DocumentProblem::Broken);
        }
        self.out.extend_from_slice(&[0xFF, EOI]);
        Ok(self.out)
    }
}

const ORIENTATION: u16 = 0x0112;
/// The type of a number of two bytes.
const SHORT: u16 = 3;

/// The orientation in the first directory of an EXIF's TIFF.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let entries = (0..usize::from(short(directory)?)).map_while(|entry| directory.checked_add(2 + 12 * entry));
    let found = entries.take_while(|at| short(*at).is_some()).find(|at| short(*at) == Some(ORIENTATION))?;
    (short(found + 2)? == SHORT && long(found + 4)? == 1).then(|| short(found + 8)).flatten()
}

/// An EXIF with one entry.
fn exif_of(orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
    for part in [ORIENTATION, SHORT, 0, 1, orientation, 0] {
        exif.extend_from_slice(&part.to_be_bytes());
    }
    // There is no second directory.
    exif.extend_from_slice(&[0; 4]);
    exif
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_exif_says_what_it_was_made_for() {
        for turned in 1..=8 {
            assert_eq!(orientation(exif_of(turned).strip_prefix(b"Exif\0\0").unwrap()), Some(turned));
        }
    }

    #[test]
    fn an_orientation_in_either_byte_order_is_read_and_a_broken_one_is_none() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        for broken in [&little[..17], b"", b"II*\0\xFF\xFF\xFF\xFF", b"MM\0*\0\0\0\x08\xFF\xFF", b"XX*\0\x08\0\0\0"] {
            assert_eq!(orientation(broken), None, "{broken:?}");
        }
    }
}
