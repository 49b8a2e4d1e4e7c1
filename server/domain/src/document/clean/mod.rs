//! What is kept of a file: bytes in, bytes out, nothing else.
//!
//! The content alone says what a file is; its name and what a browser says of it count for nothing. What was written beside
//! picture and pages (where and when a picture was taken, with which camera, by whom a document was written) is taken out. What
//! cannot be cleaned is refused with a reason that says what to do.
//!
//! Nothing here decodes a picture. JPEG and PNG are gone through once, in their own order, so time and memory are those of the
//! file. A PDF is another thing: a small one can unfold into very much. The server therefore calls this in a process of its own
//! with little memory and time; see `server/src/document/worker.rs`.

mod jpeg;
mod jpeg2000;
mod pdf;
mod png;
#[cfg(test)]
mod tests;

use shared::document::{DocumentKind, DocumentProblem, LARGEST_DOCUMENT};

/// What is kept of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleaned {
    pub kind: DocumentKind,
    pub content: Vec<u8>,
}

/// Most pixels of a picture: more than telephones make, and what a browser still shows.
const MOST_PIXELS: u64 = 120_000_000;
/// Longest side of a picture, as of a panorama.
const LONGEST_SIDE: u32 = 30_000;

/// Finds out what a file is and takes out what is not picture or page.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, DocumentProblem> {
    if bytes.is_empty() {
        return Err(DocumentProblem::Empty);
    }
    if bytes.len() > LARGEST_DOCUMENT {
        return Err(DocumentProblem::TooLarge);
    }
    let kind = kind_of(bytes).ok_or(DocumentProblem::WrongKind)?;
    let content = match kind {
        DocumentKind::Jpeg => jpeg::clean(bytes, jpeg::Ending::Marked)?,
        DocumentKind::Png => png::clean(bytes)?,
        DocumentKind::Pdf => pdf::clean(bytes)?,
    };
    Ok(Cleaned { kind, content })
}

fn kind_of(bytes: &[u8]) -> Option<DocumentKind> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(DocumentKind::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(DocumentKind::Png),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(DocumentKind::Pdf),
        _ => None,
    }
}

/// Whether a picture of this size can be shown.
fn check_size(width: u32, height: u32) -> Result<(), DocumentProblem> {
    if width == 0 || height == 0 {
        return Err(DocumentProblem::Broken);
    }
    let is_showable = width.max(height) <= LONGEST_SIDE && u64::from(width) * u64::from(height) <= MOST_PIXELS;
    if is_showable { Ok(()) } else { Err(DocumentProblem::TooBig) }
}
