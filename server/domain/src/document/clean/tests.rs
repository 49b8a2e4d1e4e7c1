//! Pictures and documents made here, with a planted text wherever a file can hold one.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use proptest::prelude::*;

use super::*;

/// Nobody who sends a file wants this to be kept.
const PLANTED: &[u8] = b"38.8977N 77.0365W Xiomara Quimbaya";

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], length.as_slice(), &content].concat()
}

/// EXIF of a camera: orientation, and a text behind the directory.
fn exif(orientation: u8) -> Vec<u8> {
    let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], &[0; 6], PLANTED].concat();
    segment(0xE1, &[b"Exif\0\0", &tiff])
}

fn frame(width: u16, height: u16) -> Vec<u8> {
    segment(0xC0, &[&[8], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]])
}

/// A scan with a stuffed 0xFF, a restart and fill bytes.
const CODED: &[u8] = &[0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56, 0xFF];

fn scan() -> Vec<u8> {
    [segment(0xDA, &[&[1, 1, 0, 0, 63, 0]]), CODED.to_vec()].concat()
}

fn icc() -> Vec<u8> {
    segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", b"a profile"])
}

/// A photograph as a telephone writes it, with everything that it knows.
fn photograph(orientation: u8) -> Vec<u8> {
    [
        vec![0xFF, 0xD8],
        segment(0xE0, &[b"JFIF\0\x01\x02\x01\0\x48\0\x48\x03\x03", PLANTED]),
        segment(0xE0, &[b"JFXX\0\x10", PLANTED]),
        exif(orientation),
        segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>", PLANTED]),
        icc(),
        segment(0xE2, &[b"MPF\0", PLANTED]),
        segment(0xED, &[b"Photoshop 3.0\08BIM", PLANTED]),
        segment(0xEE, &[b"Adobe\0\x64\0\0\0\0\x01", PLANTED]),
        segment(0xEB, &[b"an application", PLANTED]),
        segment(0xFE, &[PLANTED]),
        segment(0xDB, &[&[0], &[1; 64]]),
        frame(640, 480),
        segment(0xC4, &[&[0], &[0; 16]]),
        scan(),
        segment(0xFE, &[PLANTED]),
        scan(),
        vec![0xFF, 0xD9],
        // A film behind the picture.
        b"ftypmp42".to_vec(),
        PLANTED.to_vec(),
    ]
    .concat()
}

fn jpeg() -> Vec<u8> {
    [vec![0xFF, 0xD8], frame(640, 480), scan(), vec![0xFF, 0xD9]].concat()
}

#[test]
fn of_a_photograph_the_picture_is_kept_and_how_to_hold_it() {
    let kept = clean(&photograph(6)).unwrap();
    assert_eq!(kept.kind, DocumentKind::Jpeg);
    let upright = segment(0xE1, &[b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"]);
    let expected = [
        vec![0xFF, 0xD8],
        segment(0xE0, &[b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0"]),
        upright,
        icc(),
        segment(0xEE, &[b"Adobe\0\x64\0\0\0\0\x01"]),
        segment(0xDB, &[&[0], &[1; 64]]),
        frame(640, 480),
        segment(0xC4, &[&[0], &[0; 16]]),
        scan(),
        scan(),
        vec![0xFF, 0xD9],
    ]
    .concat();
    assert_eq!(kept.content, expected);
    assert!(!holds(&kept.content, &PLANTED[..8]));
    assert_eq!(clean(&kept.content).unwrap().content, expected, "what is clean stays as it is");
}

#[test]
fn a_photograph_that_stands_upright_needs_no_exif() {
    for orientation in [0, 1, 9, 255] {
        assert!(!holds(&clean(&photograph(orientation)).unwrap().content, b"Exif"), "{orientation}");
    }
}

#[test]
fn a_jpeg_that_is_cut_off_out_of_order_or_of_a_kind_nobody_shows_is_refused() {
    let whole = jpeg();
    assert!(clean(&whole).is_ok());
    for end in 3..whole.len() {
        assert_eq!(clean(&whole[..end]), Err(DocumentProblem::Broken), "{end}");
    }
    let (start, end) = (vec![0xFF, 0xD8], vec![0xFF, 0xD9]);
    for parts in [
        vec![start.clone(), end.clone()],
        vec![start.clone(), frame(1, 1), end.clone()],
        vec![start.clone(), scan(), end.clone()],
        vec![start.clone(), frame(1, 1), frame(1, 1), scan(), end.clone()],
        vec![start.clone(), frame(0, 1), scan(), end.clone()],
        vec![start.clone(), frame(1, 0), scan(), end.clone()],
        vec![start.clone(), segment(0xC0, &[&[8, 0]]), scan(), end.clone()],
        vec![start.clone(), segment(0xC3, &[&[8, 0, 1, 0, 1, 1, 1, 0x11, 0]]), scan(), end.clone()],
        vec![start.clone(), vec![0xFF, 0xE1, 0, 1], frame(1, 1), scan(), end.clone()],
        vec![start.clone(), start.clone(), frame(1, 1), scan(), end.clone()],
        vec![start, frame(1, 1), b"\0".to_vec(), scan(), end],
    ] {
        assert_eq!(clean(&parts.concat()), Err(DocumentProblem::Broken), "{parts:?}");
    }
}

#[test]
fn pictures_that_nobody_could_show_are_refused_without_being_decoded() {
    for (width, height, fits) in [(12_000, 10_000, true), (12_001, 10_000, false), (30_001, 1, false), (30_000, 1, true)] {
        let jpeg = [vec![0xFF, 0xD8], frame(width, height), scan(), vec![0xFF, 0xD9]].concat();
        let png = png(&[header(width.into(), height.into()), chunk(*b"IDAT", &[1]), chunk(*b"IEND", &[])]);
        for picture in [jpeg, png] {
            let expected = if fits { Ok(()) } else { Err(DocumentProblem::TooBig) };
            assert_eq!(clean(&picture).map(|_| ()), expected, "{width} x {height}");
        }
    }
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [name.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}

fn header(width: u32, height: u32) -> Vec<u8> {
    chunk(*b"IHDR", &[width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 3, 0, 0, 0]].concat())
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1A\n".as_slice(), &chunks.concat()].concat()
}

fn data() -> Vec<u8> {
    chunk(*b"IDAT", &[1, 2, 3])
}

#[test]
fn of_a_png_the_picture_is_kept_and_its_colours() {
    let kept = |name| chunk(name, b"colours");
    let planted = |name| chunk(name, PLANTED);
    let full = png(&[
        header(2, 2),
        planted(*b"eXIf"),
        kept(*b"gAMA"),
        kept(*b"iCCP"),
        planted(*b"tEXt"),
        chunk(*b"PLTE", &[0; 12]),
        kept(*b"tRNS"),
        planted(*b"acTL"),
        planted(*b"caBX"),
        kept(*b"pHYs"),
        planted(*b"tIME"),
        data(),
        data(),
        planted(*b"iTXt"),
        planted(*b"zTXt"),
        chunk(*b"IEND", &[]),
        PLANTED.to_vec(),
    ]);
    let cleaned = clean(&full).unwrap();
    assert_eq!(cleaned.kind, DocumentKind::Png);
    let expected = png(&[
        header(2, 2),
        kept(*b"gAMA"),
        kept(*b"iCCP"),
        chunk(*b"PLTE", &[0; 12]),
        kept(*b"tRNS"),
        kept(*b"pHYs"),
        data(),
        data(),
        chunk(*b"IEND", &[]),
    ]);
    assert_eq!(cleaned.content, expected);
    assert_eq!(clean(&expected).unwrap().content, expected);
}

#[test]
fn a_png_that_is_cut_off_changed_or_out_of_order_is_refused() {
    let end = chunk(*b"IEND", &[]);
    let whole = png(&[header(2, 2), data(), end.clone()]);
    assert!(clean(&whole).is_ok());
    for cut in 8..whole.len() {
        assert_eq!(clean(&whole[..cut]), Err(DocumentProblem::Broken), "{cut}");
        let mut changed = whole.clone();
        changed[cut] ^= 0x10;
        assert!(clean(&changed).is_err(), "{cut}");
    }
    let interlaced_oddly = chunk(*b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 8, 3, 0, 0, 2]);
    let odd_depth = chunk(*b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 16, 3, 0, 0, 0]);
    for chunks in [
        vec![data(), end.clone()],
        vec![header(2, 2), end.clone()],
        vec![header(2, 2), header(2, 2), data(), end.clone()],
        vec![header(2, 2), data(), chunk(*b"tIME", &[]), data(), end.clone()],
        vec![header(2, 2), data(), chunk(*b"PLTE", &[]), end.clone()],
        vec![header(2, 2), chunk(*b"XYZW", &[]), data(), end.clone()],
        vec![header(0, 2), data(), end.clone()],
        vec![interlaced_oddly, data(), end.clone()],
        vec![odd_depth, data(), end.clone()],
        vec![header(2, 2), data()],
    ] {
        assert_eq!(clean(&png(&chunks)), Err(DocumentProblem::Broken));
    }
}

/// A PDF of one page with a text, a picture, a link, and everything that programs write about people.
fn document() -> (Document, ObjectId) {
    let planted = || Object::string_literal(PLANTED);
    let mut pdf = Document::with_version("1.4");
    let pages = pdf.new_object_id();
    let xmp = pdf.add_object(Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, PLANTED.to_vec()));
    let image = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => 640, "Height" => 480, "ColorSpace" => "DeviceGray",
        "BitsPerComponent" => 8, "Filter" => "DCTDecode", "Metadata" => xmp,
    };
    let image = pdf.add_object(Stream::new(image, photograph(6)));
    let content = pdf.add_object(Stream::new(Dictionary::new(), b"BT (What everybody sees) Tj ET /Im0 Do".to_vec()));
    let link = dictionary! { "Type" => "Action", "S" => "URI", "URI" => Object::string_literal("https://agency.example/") };
    let link = dictionary! { "Type" => "Annot", "Subtype" => "Link", "Rect" => vec![0.into(); 4], "A" => link };
    let link = pdf.add_object(link);
    let thumbnail = pdf.add_object(Stream::new(Dictionary::new(), PLANTED.to_vec()));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
        "Contents" => content, "Annots" => vec![link.into()], "Thumb" => thumbnail, "LastModified" => planted(),
        "PieceInfo" => dictionary! { "Program" => dictionary! { "Private" => planted() } },
        "Resources" => dictionary! { "XObject" => dictionary! { "Im0" => image } },
    });
    pdf.objects.insert(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
    let catalog = pdf.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages, "Metadata" => xmp, "Lang" => Object::string_literal("es"),
        "ViewerPreferences" => dictionary! { "Private" => planted() },
    });
    let info = pdf.add_object(dictionary! { "Author" => planted(), "Title" => planted(), "Creator" => planted() });
    // What an earlier version of the document held, and nothing leads to any more.
    pdf.add_object(Object::Array(vec![planted()]));
    pdf.trailer.set("Root", catalog);
    pdf.trailer.set("Info", info);
    pdf.trailer.set("ID", vec![planted(), planted()]);
    (pdf, catalog)
}

fn written(mut pdf: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

/// A document, whose catalog is changed.
fn with_catalog(change: impl FnOnce(&mut Document, &mut Dictionary)) -> Vec<u8> {
    let (mut pdf, catalog) = document();
    let mut dictionary = pdf.get_dictionary(catalog).unwrap().clone();
    change(&mut pdf, &mut dictionary);
    pdf.objects.insert(catalog, dictionary.into());
    written(pdf)
}

/// Everything in a PDF, packed or not.
fn all_of(bytes: &[u8]) -> String {
    let pdf = Document::load_mem(bytes).unwrap();
    let contents = pdf.objects.values().filter_map(|object| object.as_stream().ok());
    let contents: Vec<_> = contents.map(|stream| String::from_utf8_lossy(&stream.content).into_owned()).collect();
    format!("{:?} {:?} {}", pdf.trailer, pdf.objects, contents.concat())
}

#[test]
fn of_a_pdf_the_pages_are_kept_and_nobodys_name() {
    let (pdf, _) = document();
    let bytes = written(pdf);
    assert!(all_of(&bytes).contains("Xiomara Quimbaya"), "it is looked for in the right place");
    let kept = clean(&bytes).unwrap();
    assert_eq!(kept.kind, DocumentKind::Pdf);
    let all = all_of(&kept.content);
    assert!(!all.contains("Quimbaya") && !holds(&kept.content, b"Quimbaya"), "{all}");
    for shown in ["What everybody sees", "https://agency.example/", "MediaBox", "Lang"] {
        assert!(all.contains(shown), "{shown} in {all}");
    }
    let pdf = Document::load_mem(&kept.content).unwrap();
    assert_eq!(pdf.get_pages().len(), 1);
    let is_picture = |object: &Object| object.as_stream().is_ok_and(|stream| stream.content.starts_with(&[0xFF, 0xD8]));
    assert!(pdf.objects.values().any(is_picture));
    assert!(pdf.trailer.iter().all(|(key, _)| matches!(key.as_slice(), b"Root" | b"Size" | b"Type" | b"W" | b"Index" | b"Length")));
    assert!(clean(&kept.content).is_ok());
}

#[test]
fn what_a_pdf_says_of_itself_before_its_first_object_is_not_kept() {
    let (pdf, _) = document();
    let bytes = written(pdf);
    let after = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let bytes = [b"%PDF-1.4 Xiomara Quimbaya".as_slice(), &bytes[after..]].concat();
    if let Ok(kept) = clean(&bytes) {
        assert!(!holds(&kept.content, b"Quimbaya"));
    }
}

#[test]
fn a_packed_pdf_is_cleaned_as_well() {
    let (mut pdf, _) = document();
    let mut bytes = Vec::new();
    pdf.save_modern(&mut bytes).unwrap();
    let kept = clean(&bytes).unwrap();
    assert!(!all_of(&kept.content).contains("Quimbaya"));
}

#[test]
fn a_picture_that_was_packed_once_more_is_unpacked_and_cleaned() {
    let (mut pdf, _) = document();
    for object in pdf.objects.values_mut() {
        if let Ok(stream) = object.as_stream_mut()
            && stream.dict.has(b"Width")
        {
            let packed = store::crypto::hex(&stream.content);
            stream.dict.set("Filter", vec![Object::Name(b"ASCIIHexDecode".to_vec()), Object::Name(b"DCTDecode".to_vec())]);
            stream.set_content(format!("{packed}>").into_bytes());
        }
    }
    let kept = clean(&written(pdf)).unwrap();
    let pdf = Document::load_mem(&kept.content).unwrap();
    let picture = pdf.objects.values().filter_map(|object| object.as_stream().ok()).find(|stream| stream.dict.has(b"Width"));
    let picture = picture.unwrap();
    assert!(picture.content.starts_with(&[0xFF, 0xD8]) && !holds(&picture.content, b"Quimbaya"));
    assert_eq!(picture.dict.get(b"Filter").unwrap().as_name().unwrap(), b"DCTDecode");
}

#[test]
fn a_jpeg_2000_picture_in_a_pdf_loses_its_metadata() {
    let boxed = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [length.as_slice(), name, content].concat()
    };
    let (signature, picture) = (boxed(b"jP  ", b"\r\n\x87\n"), boxed(b"jp2c", b"the picture"));
    let file = [signature.clone(), boxed(b"uuid", PLANTED), boxed(b"xml ", PLANTED), picture.clone()].concat();
    assert!(jpeg2000::is_file(&file));
    assert_eq!(jpeg2000::clean(&file).unwrap(), [signature, picture].concat());
    for cut in 1..12 {
        assert_eq!(jpeg2000::clean(&file[..file.len() - cut]), Err(DocumentProblem::Broken));
    }
    let (mut pdf, _) = document();
    for object in pdf.objects.values_mut() {
        if let Ok(stream) = object.as_stream_mut()
            && stream.dict.has(b"Width")
        {
            stream.dict.set("Filter", "JPXDecode");
            stream.set_content(file.clone());
        }
    }
    let kept = all_of(&clean(&written(pdf)).unwrap().content);
    assert!(kept.contains("the picture") && !kept.contains("Quimbaya"));
}

#[test]
fn a_pdf_with_scripts_files_or_commands_is_refused() {
    let action = |kind: &str| dictionary! { "S" => kind };
    let script = |key: &str| dictionary! { key => Object::string_literal("app.alert(1)") };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("a script when it opens", with_catalog(|_, catalog| catalog.set("OpenAction", script("JS")))),
        ("a named script", with_catalog(|_, catalog| catalog.set("Names", script("JavaScript")))),
        ("a program", with_catalog(|_, catalog| catalog.set("OpenAction", action("Launch")))),
        ("a form that sends itself", with_catalog(|_, catalog| catalog.set("AA", dictionary! { "WC" => action("SubmitForm") }))),
        ("a form of XFA", with_catalog(|_, catalog| catalog.set("AcroForm", script("XFA")))),
        ("other files", with_catalog(|_, catalog| catalog.set("Names", script("EmbeddedFiles")))),
        (
            "a file that nothing leads to",
            with_catalog(|pdf, _| {
                pdf.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"MZ".to_vec()));
            }),
        ),
        (
            "a script far inside",
            with_catalog(|pdf, _| {
                let deep = (0..40).fold(Object::from(action("JavaScript")), |inner, _| Object::Array(vec![inner]));
                pdf.add_object(deep);
            }),
        ),
        (
            "a film",
            with_catalog(|pdf, _| {
                pdf.add_object(dictionary! { "Type" => "Annot", "Subtype" => "RichMedia" });
            }),
        ),
    ];
    for (what, bytes) in cases {
        assert_eq!(clean(&bytes), Err(DocumentProblem::ActiveContent), "{what}");
    }
    // The same name, written in another way.
    let bytes = with_catalog(|_, catalog| catalog.set("OpenAction", action("Launch")));
    let at = bytes.windows(7).position(|window| window == b"/Launch").unwrap();
    let disguised = [&bytes[..at], b"/L#61unch", &bytes[at + 7..]].concat();
    assert_eq!(clean(&disguised), Err(DocumentProblem::ActiveContent));
}

#[test]
fn an_encrypted_pdf_is_refused_with_and_without_a_password() {
    use lopdf::{EncryptionState, EncryptionVersion, Permissions};
    for user_password in ["", "secret"] {
        let (mut pdf, _) = document();
        pdf.trailer.set("ID", vec![Object::string_literal("0123456789abcdef"); 2]);
        let version = EncryptionVersion::V2 {
            document: &pdf,
            owner_password: "owner",
            user_password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        pdf.encrypt(&state).unwrap();
        assert_eq!(clean(&written(pdf)), Err(DocumentProblem::Encrypted), "{user_password:?}");
    }
}

#[test]
fn what_is_no_pdf_or_has_no_page_or_too_many_is_refused() {
    for text in ["%PDF-1.7", "%PDF-1.7\n%%EOF", "%PDF-1.7\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF"] {
        assert_eq!(clean(text.as_bytes()), Err(DocumentProblem::Broken), "{text}");
    }
    let no_page = with_catalog(|pdf, catalog| {
        let pages = pdf.add_object(dictionary! { "Type" => "Pages", "Kids" => Object::Array(vec![]), "Count" => 0 });
        catalog.set("Pages", pages);
    });
    assert_eq!(clean(&no_page), Err(DocumentProblem::Broken));
    let many = with_catalog(|pdf, catalog| {
        let pages = pdf.new_object_id();
        let page = |pdf: &mut Document| Object::from(pdf.add_object(dictionary! { "Type" => "Page", "Parent" => pages }));
        let kids: Vec<Object> = (0..=pdf::MOST_PAGES).map(|_| page(pdf)).collect();
        pdf.objects.insert(pages, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 501 }.into());
        catalog.set("Pages", pages);
    });
    assert_eq!(clean(&many), Err(DocumentProblem::TooBig));
    let (pdf, _) = document();
    let whole = written(pdf);
    assert!(clean(&whole[..whole.len() / 2]).is_err());
}

#[test]
fn a_pdf_that_unfolds_into_more_than_is_allowed_is_refused() {
    // The library leaves such parts out when it writes: so the part gets its name afterwards.
    let unfolding = |bytes: usize| {
        let mut part = Stream::new(dictionary! { "Type" => "ObjXYZ", "N" => 1, "First" => 4 }, vec![b' '; bytes]);
        part.compress().unwrap();
        assert!(part.content.len() < 1024 * 1024);
        let mut written = with_catalog(|pdf, _| {
            pdf.add_object(part);
        });
        let at = written.windows(6).position(|window| window == b"ObjXYZ").unwrap();
        written[at..at + 6].copy_from_slice(b"ObjStm");
        clean(&written).map(|_| ())
    };
    assert_eq!(unfolding(pdf::LARGEST_PART), Ok(()));
    assert_eq!(unfolding(pdf::LARGEST_PART + 1), Err(DocumentProblem::Broken));
}

#[test]
fn the_content_alone_says_what_a_file_is() {
    assert_eq!(clean(b""), Err(DocumentProblem::Empty));
    for other in [b"GIF89a".as_slice(), b"PK\x03\x04", b"MZ", b"<svg/>", b"<?php", b" %PDF-1.7", b"\xFF\xD8", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(clean(other), Err(DocumentProblem::WrongKind), "{other:?}");
    }
    assert_eq!(clean(&vec![0; LARGEST_DOCUMENT + 1]), Err(DocumentProblem::TooLarge));
}

/// One of the files above with a few bytes changed, cut out or put in.
fn mutated(file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6);
    changes.prop_map(move |changes| {
        let mut bytes = file.clone();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => {
                    let end = (at + usize::from(byte)).min(bytes.len() - 1);
                    bytes.drain(at..end.max(at));
                }
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn any_bytes_behind_any_beginning_give_an_answer(
        kind in prop::sample::select(vec![b"\xFF\xD8\xFF".as_slice(), b"\x89PNG\r\n\x1A\n", b"%PDF-1.7\n", b""]),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let _ = clean(&[kind, &bytes].concat());
    }

    #[test]
    fn a_changed_photograph_is_refused_or_stays_clean(bytes in mutated(photograph(6))) {
        if let Ok(kept) = clean(&bytes) {
            prop_assert_eq!(clean(&kept.content).map(|again| again.content), Ok(kept.content));
        }
    }

    #[test]
    fn a_changed_png_is_refused_or_stays_clean(
        bytes in mutated(png(&[header(2, 2), chunk(*b"gAMA", &[1; 4]), data(), chunk(*b"tEXt", PLANTED), chunk(*b"IEND", &[])])),
    ) {
        if let Ok(kept) = clean(&bytes) {
            prop_assert!(!holds(&kept.content, PLANTED));
        }
    }

    #[test]
    fn a_changed_pdf_gives_an_answer_and_what_is_kept_opens(bytes in mutated(written(document().0))) {
        if let Ok(kept) = clean(&bytes) {
            prop_assert!(Document::load_mem(&kept.content).is_ok());
        }
    }
}
