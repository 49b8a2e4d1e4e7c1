//! JPEG 2000 (ISO/IEC 15444-1), as scanners put it into a PDF: boxes, each with its length and name. Alone it is not taken, since
//! browsers do not show it.

use shared::document::DocumentProblem;

const SIGNATURE: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n";

/// Boxes that hold XMP, EXIF and what others thought of.
const METADATA: [&[u8; 4]; 4] = [b"xml ", b"uuid", b"uinf", b"asoc"];

/// Whether it is made of boxes. The bare picture, without any, has no metadata.
pub(super) fn is_file(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// Cleans a file.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, DocumentProblem> {
    let (mut rest, mut out) = (bytes, Vec::with_capacity(bytes.len()));
    while !rest.is_empty() {
        let (name, whole, after) = next(rest).ok_or(DocumentProblem::Broken)?;
        if !METADATA.contains(&name) {
            out.extend_from_slice(whole);
        }
        rest = after;
    }
    Ok(out)
}

/// The name of the next box, the box, and what follows it.
fn next(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, after) = bytes.split_first_chunk()?;
    let (name, after) = after.split_first_chunk()?;
    let length = match u32::from_be_bytes(*length) {
        // To the end of the file.
        0 => bytes.len(),
        // Eight more bytes say how long.
        1 => usize::try_from(u64::from_be_bytes(*after.first_chunk()?)).ok().filter(|length| *length >= 16)?,
        length => usize::try_from(length).ok().filter(|length| *length >= 8)?,
    };
    let (whole, rest) = bytes.split_at_checked(length)?;
    Some((name, whole, rest))
}
