//! PNG (ISO/IEC 15948): a signature, then chunks, each with its length, name and checksum.
//!
//! Kept are the chunks that the picture needs. All else goes: texts, times, EXIF, animations, chunks that nobody knows, and
//! whatever stands after the end.

use shared::document::DocumentProblem;

use super::check_size;

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];

/// Chunks that change how a picture looks: transparency, colours, the shape of pixels, background.
const LOOKS: [&[u8; 4]; 9] = [b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs", b"bKGD"];

/// How far the file was read. Chunks have an order.
#[derive(PartialEq, Eq)]
enum Place {
    Start,
    Head,
    Palette,
    Data,
    AfterData,
}

/// Cleans a file.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, DocumentProblem> {
    let mut rest = bytes.strip_prefix(&SIGNATURE).ok_or(DocumentProblem::Broken)?;
    let mut out = SIGNATURE.to_vec();
    let mut place = Place::Start;
    loop {
        let chunk = Chunk::read(&mut rest)?;
        place = match (chunk.name, place) {
            (b"IHDR", Place::Start) => {
                check_header(chunk.content)?;
                out.extend_from_slice(chunk.whole);
                Place::Head
            }
            (b"PLTE", Place::Head) => {
                out.extend_from_slice(chunk.whole);
                Place::Palette
            }
            (b"IDAT", Place::Head | Place::Palette | Place::Data) => {
                out.extend_from_slice(chunk.whole);
                Place::Data
            }
            (b"IEND", Place::Data | Place::AfterData) => {
                out.extend_from_slice(chunk.whole);
                return Ok(out);
            }
            (name, place) if chunk.is_optional() && place != Place::Start => {
                // What changes the look stands before the picture.
                let is_late = matches!(place, Place::Data | Place::AfterData);
                if !is_late && LOOKS.contains(&name) {
                    out.extend_from_slice(chunk.whole);
                }
                if is_late { Place::AfterData } else { place }
            }
            // A second header, data in two places, or a chunk that one must know to show the picture.
            _ => return Err(DocumentProblem::Broken),
        };
    }
}

struct Chunk<'a> {
    name: &'a [u8; 4],
    content: &'a [u8],
    /// With its length and checksum.
    whole: &'a [u8],
}

impl<'a> Chunk<'a> {
    fn read(rest: &mut &'a [u8]) -> Result<Self, DocumentProblem> {
        let read = || {
            let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
            let (whole, after) = rest.split_at_checked(length.checked_add(12)?)?;
            let (checked, checksum) = whole.get(4..)?.split_last_chunk()?;
            let (name, content) = checked.split_first_chunk()?;
            let is_whole = crc32fast::hash(checked) == u32::from_be_bytes(*checksum);
            is_whole.then_some((Self { name, content, whole }, after))
        };
        let (chunk, after) = read().ok_or(DocumentProblem::Broken)?;
        *rest = after;
        Ok(chunk)
    }

    /// A small first letter: whoever does not know the chunk may leave it out.
    fn is_optional(&self) -> bool {
        self.name[0].is_ascii_lowercase()
    }
}

/// Size, bits and colours, and the one way there is to compress, filter and interlace.
fn check_header(content: &[u8]) -> Result<(), DocumentProblem> {
    let [w1, w2, w3, w4, h1, h2, h3, h4, depth, colours, 0, 0, 0 | 1] = content else { return Err(DocumentProblem::Broken) };
    let is_legal = match colours {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    if !is_legal {
        return Err(DocumentProblem::Broken);
    }
    check_size(u32::from_be_bytes([*w1, *w2, *w3, *w4]), u32::from_be_bytes([*h1, *h2, *h3, *h4]))
}
