//! PDF (ISO 32000): read with `lopdf`, and written anew from what the pages need.
//!
//! A PDF is refused if it is encrypted, or holds scripts, other files, forms of XFA, or actions that start something: whoever
//! prints it to a new PDF loses nothing that one can see. Of the rest only what leads from the pages is written, so that earlier
//! versions of the document, which a PDF may carry, are gone. The information dictionary, XMP, data of programs, thumbnails, and
//! what stands beside the picture in JPEG pictures are left out. A signature is not valid any more afterwards.

use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};
use shared::document::DocumentProblem;

use super::{jpeg, jpeg2000};

/// Most bytes that one packed part may unfold into. The parts together are bounded by the memory of the process.
pub(super) const LARGEST_PART: usize = 64 * 1024 * 1024;
const MOST_OBJECTS: usize = 200_000;
pub(super) const MOST_PAGES: usize = 500;

/// What of the catalog is needed to show pages as they were, and to read them aloud.
const CATALOG: [&[u8]; 12] = [
    b"Type",
    b"Version",
    b"Pages",
    b"PageLabels",
    b"Dests",
    b"Outlines",
    b"AcroForm",
    b"OCProperties",
    b"OutputIntents",
    b"StructTreeRoot",
    b"MarkInfo",
    b"Lang",
];

/// Keys of any dictionary that tell of people, programs and times, and show nothing.
const METADATA: [&[u8]; 4] = [b"Metadata", b"PieceInfo", b"LastModified", b"Thumb"];

/// Keys that hold scripts, files or forms that run.
const ACTIVE_KEYS: [&[u8]; 5] = [b"JS", b"JavaScript", b"EF", b"EmbeddedFiles", b"XFA"];
/// Actions (`S`) that do more than turn to a page or show an address.
const ACTIVE_ACTIONS: [&[u8]; 11] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
    b"Rendition",
    b"RichMediaExecute",
    b"Movie",
    b"Sound",
    b"GoTo3DView",
];
/// Things (`Type`, `Subtype`) that are files, or play them.
const ACTIVE_TYPES: [&[u8]; 7] = [b"EmbeddedFile", b"FileAttachment", b"RichMedia", b"Screen", b"Movie", b"Sound", b"3D"];

/// Cleans a file.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, DocumentProblem> {
    let mut document = open(bytes)?;
    if document.objects.values().any(is_active) || is_active(&Object::Dictionary(document.trailer.clone())) {
        return Err(DocumentProblem::ActiveContent);
    }
    let pages = document.get_pages().len();
    if pages == 0 {
        return Err(DocumentProblem::Broken);
    }
    if pages > MOST_PAGES {
        return Err(DocumentProblem::TooBig);
    }
    document.objects.values_mut().for_each(without_metadata);
    keep_what_pages_need(&mut document)?;
    document.objects.values_mut().filter_map(|object| object.as_stream_mut().ok()).try_for_each(clean_picture)?;
    let written = write(&mut document)?;
    // What we wrote must open for others as well.
    if open(&written)?.get_pages().len() == pages { Ok(written) } else { Err(DocumentProblem::Broken) }
}

fn open(bytes: &[u8]) -> Result<Document, DocumentProblem> {
    let options = LoadOptions::with_max_decompressed_size(LARGEST_PART);
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => DocumentProblem::Encrypted,
        _ => DocumentProblem::Broken,
    })?;
    // One that opens without a password is encrypted all the same.
    if document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(DocumentProblem::Encrypted);
    }
    if document.objects.len() > MOST_OBJECTS {
        return Err(DocumentProblem::TooBig);
    }
    Ok(document)
}

/// Whether it, or anything in it, is a script, a file, or starts something. The parser bounds how deep things lie in each other.
fn is_active(object: &Object) -> bool {
    match object {
        Object::Array(items) => items.iter().any(is_active),
        Object::Dictionary(dictionary) => is_active_dictionary(dictionary),
        Object::Stream(stream) => is_active_dictionary(&stream.dict),
        _ => false,
    }
}

fn is_active_dictionary(dictionary: &Dictionary) -> bool {
    let is_one_of =
        |key: &[u8], names: &[&[u8]]| dictionary.get(key).and_then(Object::as_name).is_ok_and(|name| names.contains(&name));
    ACTIVE_KEYS.iter().any(|key| dictionary.has(key))
        || is_one_of(b"S", &ACTIVE_ACTIONS)
        || is_one_of(b"Type", &ACTIVE_TYPES)
        || is_one_of(b"Subtype", &ACTIVE_TYPES)
        || dictionary.iter().any(|(_, value)| is_active(value))
}

/// Leaves a trailer and a catalog that lead to the pages, and what they lead to.
fn keep_what_pages_need(document: &mut Document) -> Result<(), DocumentProblem> {
    let root = document.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| DocumentProblem::Broken)?;
    document.trailer = Dictionary::new();
    document.trailer.set("Root", root);
    let catalog = document.catalog_mut().map_err(|_| DocumentProblem::Broken)?;
    let kept: Vec<_> = CATALOG.iter().filter_map(|key| Some((key.to_vec(), catalog.get(key).ok()?.clone()))).collect();
    *catalog = kept.into_iter().collect();
    document.prune_objects();
    // Numbers as high as an attacker likes would make a table as long.
    document.renumber_objects();
    Ok(())
}

fn without_metadata(object: &mut Object) {
    let dictionary = match object {
        Object::Array(items) => return items.iter_mut().for_each(without_metadata),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &mut stream.dict,
        _ => return,
    };
    for key in METADATA {
        dictionary.remove(key);
    }
    dictionary.iter_mut().for_each(|(_, value)| without_metadata(value));
}

/// A JPEG picture in a PDF is a whole JPEG file, with all that a camera wrote into it.
fn clean_picture(stream: &mut Stream) -> Result<(), DocumentProblem> {
    if stream.filters().is_ok_and(|filters| filters.len() > 1 && is_picture(filters.last())) {
        unpack_picture(stream)?;
    }
    let cleaned = if stream.content.starts_with(&[0xFF, 0xD8, 0xFF]) {
        jpeg::clean(&stream.content, jpeg::Ending::Open)?
    } else if jpeg2000::is_file(&stream.content) {
        jpeg2000::clean(&stream.content)?
    } else {
        return Ok(());
    };
    stream.set_content(cleaned);
    Ok(())
}

fn is_picture(filter: Option<&&[u8]>) -> bool {
    filter.is_some_and(|filter| matches!(*filter, b"DCTDecode" | b"DCT" | b"JPXDecode"))
}

/// Takes off what was packed around a picture.
fn unpack_picture(stream: &mut Stream) -> Result<(), DocumentProblem> {
    let last = |key: &[u8]| stream.dict.get(key).and_then(Object::as_array).ok().and_then(|items| items.last().cloned());
    let (filter, parameters) = (last(b"Filter").ok_or(DocumentProblem::Broken)?, last(b"DecodeParms"));
    let mut around = stream.clone();
    if let Ok(filters) = around.dict.get_mut(b"Filter").and_then(Object::as_array_mut) {
        filters.pop();
    }
    let picture = around.decompressed_content_with_limit(LARGEST_PART).map_err(|_| DocumentProblem::Broken)?;
    stream.dict.set("Filter", filter);
    stream.dict.remove(b"DecodeParms");
    if let Some(parameters) = parameters {
        stream.dict.set("DecodeParms", parameters);
    }
    stream.set_content(picture);
    Ok(())
}

fn write(document: &mut Document) -> Result<Vec<u8>, DocumentProblem> {
    // Both stand in the file as somebody wrote them.
    "1.7".clone_into(&mut document.version);
    document.binary_mark = vec![0xE2, 0xE3, 0xCF, 0xD3];
    let mut written = Vec::new();
    document.save_modern(&mut written).map_err(|_| DocumentProblem::Broken)?;
    Ok(written)
}
