//! Takes areas out of a document: their pixels and texts are gone, not covered.
//!
//! A picture is decoded, its areas are overwritten, and it is written anew: without thumbnail, metadata, colour profile, or
//! anything else that stood in the file. A PDF is drawn, page by page, and a new PDF of the pages' pictures is written: no text,
//! font, layer, annotation or earlier version of the old file is in it. Nothing of a redacted PDF can be read aloud or searched,
//! and that is meant: what a reader of PDF finds in it is a picture that somebody looked at.
//!
//! Decoding and drawing what others made is the most dangerous thing that is done with a document. So `portico-letters redact` is
//! a process for one document with little memory and time ([`worker`]), which `gateways::redaction` starts.

mod area;
mod pages;
mod picture;
pub mod worker;

use image::ImageError;
use shared::document::{DocumentKind, LARGEST_REDACTED, MOST_REDACTIONS, Redaction, RedactionFault};

/// Takes the areas out of a document.
///
/// # Errors
/// [`RedactionFault`]; nothing is left out silently.
pub fn redact(kind: DocumentKind, bytes: Vec<u8>, areas: &[Redaction]) -> Result<Vec<u8>, RedactionFault> {
    if areas.is_empty() || areas.len() > MOST_REDACTIONS || !areas.iter().all(Redaction::is_area) {
        return Err(RedactionFault::NoArea);
    }
    let redacted = match kind {
        DocumentKind::Jpeg => picture::jpeg(bytes, areas)?,
        DocumentKind::Png => picture::png(bytes, areas)?,
        DocumentKind::Pdf => pages::pdf(bytes, areas)?,
    };
    if redacted.len() > LARGEST_REDACTED { Err(RedactionFault::TooLarge) } else { Ok(redacted) }
}

/// The library's own words may repeat what it read.
fn broken(_: ImageError) -> RedactionFault {
    RedactionFault::Broken
}
