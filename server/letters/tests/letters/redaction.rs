//! Documents of which a part is to be gone, as the one who gets them would look for it.

use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayAlphaImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage};
use letters::Press;
use letters::redaction::{redact, worker};
use pdf_writer::{Content, Filter, Finish, Name, Rect, Ref};
use proptest::prelude::*;
use shared::document::{DocumentKind, MOST_REDACTED_PAGES, MOST_REDACTIONS, Redaction, RedactionFault, RedactionRequest};

use super::examples::{letter, mailed_code};
use super::poppler::{self, properties, structure, words};

/// What is to be gone, wherever it stood.
const SECRET: &[u8] = b"Quimbaya";

const fn area(page: u16, left: u16, top: u16, right: u16, bottom: u16) -> Redaction {
    Redaction { page, left, top, right, bottom }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// The pictures of the pages of a PDF that was redacted.
fn page_pictures(pdf: &[u8]) -> Vec<RgbImage> {
    let starts = pdf.windows(3).enumerate().filter(|(_, window)| *window == [0xFF, 0xD8, 0xFF]).map(|(at, _)| at);
    starts.map(|at| image::load_from_memory_with_format(&pdf[at..], ImageFormat::Jpeg).unwrap().into_rgb8()).collect()
}

/// Colours that run into each other, with something fine in them.
fn photograph(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |value: u32, most: u32| u8::try_from(40 + 180 * value / most).unwrap();
        Rgb([part(x, width), part(y, height), part(x + y, width + height) ^ u8::try_from((x * y) % 4).unwrap()])
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(picture).unwrap();
    bytes
}

/// A JPEG's segment behind its first marker.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, content, &jpeg[2..]].concat()
}

fn exif(orientation: u8) -> Vec<u8> {
    [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], &[0; 6], SECRET].concat()
}

fn differs(one: Rgb<u8>, other: Rgb<u8>) -> u8 {
    one.0.into_iter().zip(other.0).map(|(a, b)| a.abs_diff(b)).max().unwrap()
}

#[test]
fn of_a_photograph_the_area_is_black_and_the_rest_is_what_it_was() {
    let picture = photograph(320, 240);
    let bytes = with_segment(&with_segment(&jpeg(&picture), 0xFE, SECRET), 0xE1, &exif(1));
    let redacted = redact(DocumentKind::Jpeg, bytes, &[area(1, 250, 250, 500, 500)]).unwrap();
    assert!(!holds(&redacted, SECRET) && !holds(&redacted, b"Exif") && !holds(&redacted, b"ICC_PROFILE"));
    let after = decoded(&redacted).into_rgb8();
    assert_eq!(after.dimensions(), (320, 240));
    // The area and 16 pixels around it, out to blocks of 8.
    let (columns, rows) = (64..176, 40..136);
    for (x, y, pixel) in after.enumerate_pixels() {
        if columns.contains(&x) && rows.contains(&y) {
            assert_eq!(*pixel, Rgb([0; 3]), "{x}, {y}");
        } else {
            assert!(differs(*pixel, *picture.get_pixel(x, y)) < 24, "{x}, {y}: {pixel:?}");
        }
    }
}

#[test]
fn a_photograph_that_lies_on_its_side_is_redacted_where_it_is_shown_and_stands_upright() {
    let picture = photograph(160, 320);
    for orientation in 1..=8 {
        let bytes = with_segment(&jpeg(&picture), 0xE1, &exif(orientation));
        let mut shown = DynamicImage::ImageRgb8(picture.clone());
        shown.apply_orientation(image::metadata::Orientation::from_exif(orientation).unwrap());
        let shown = shown.into_rgb8();
        // The upper left corner.
        let redacted = redact(DocumentKind::Jpeg, bytes, &[area(1, 0, 0, 100, 100)]).unwrap();
        assert!(!holds(&redacted, b"Exif"));
        let after = decoded(&redacted).into_rgb8();
        assert_eq!(after.dimensions(), shown.dimensions(), "{orientation}");
        assert!(differs(*after.get_pixel(1, 1), Rgb([0; 3])) < 8, "{orientation}");
        let (right, bottom) = (after.width() - 2, after.height() - 2);
        for (x, y) in [(right, 2), (2, bottom), (right, bottom), (right / 2, bottom / 2)] {
            assert!(differs(*after.get_pixel(x, y), *shown.get_pixel(x, y)) < 24, "{orientation}: {x}, {y}");
        }
    }
}

#[test]
fn a_picture_without_colours_stays_one() {
    let grey = image::GrayImage::from_fn(64, 64, |x, y| Luma([u8::try_from(x + y).unwrap()]));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&grey).unwrap();
    let redacted = redact(DocumentKind::Jpeg, bytes, &[area(1, 0, 0, 10, 10)]).unwrap();
    assert!(matches!(decoded(&redacted), DynamicImage::ImageLuma8(_)));
}

/// A chunk of a PNG; its checksum by the definition, a bit at a time.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [name.as_slice(), content].concat();
    let checksum = !checked.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &checked, &checksum.to_be_bytes()].concat()
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    // Behind the header.
    let text = chunk(*b"tEXt", &[b"Author\0".as_slice(), SECRET].concat());
    [&bytes[..33], &text, &bytes[33..]].concat()
}

#[test]
fn of_a_png_every_other_pixel_is_exactly_what_it_was() {
    let of_16_bits = |x: u32, y: u32| u16::try_from(x * 251 + y * 83).unwrap();
    let pictures = [
        DynamicImage::ImageRgb8(photograph(50, 40)),
        DynamicImage::ImageLuma8(image::GrayImage::from_fn(50, 40, |x, y| Luma([u8::try_from(x + y).unwrap()]))),
        DynamicImage::ImageRgb16(ImageBuffer::from_fn(50, 40, |x, y| Rgb([of_16_bits(x, y), of_16_bits(y, x), 65_535]))),
        DynamicImage::ImageLuma16(ImageBuffer::from_fn(50, 40, |x, y| Luma([of_16_bits(x, y)]))),
    ];
    for picture in pictures {
        let redacted = redact(DocumentKind::Png, png(&picture), &[area(1, 100, 100, 500, 500), area(1, 900, 0, 901, 1)]).unwrap();
        assert!(!holds(&redacted, SECRET) && !holds(&redacted, b"tEXt"));
        let after = decoded(&redacted);
        assert_eq!((after.color(), after.width(), after.height()), (picture.color(), 50, 40));
        let (before, after) = (picture.into_rgb16(), after.into_rgb16());
        for (x, y, pixel) in after.enumerate_pixels() {
            let is_gone = (5..25).contains(&x) && (4..20).contains(&y) || (x, y) == (45, 0);
            let expected = if is_gone { Rgb([0; 3]) } else { *before.get_pixel(x, y) };
            assert_eq!(*pixel, expected, "{x}, {y}");
        }
    }
}

#[test]
fn what_stood_under_transparent_pixels_is_gone_as_well() {
    let hidden = RgbaImage::from_fn(20, 20, |x, _| if x < 10 { Rgba([1, 2, 3, 0]) } else { Rgba([9, 8, 7, 255]) });
    let redacted = redact(DocumentKind::Png, png(&DynamicImage::ImageRgba8(hidden)), &[area(1, 0, 0, 50, 50)]).unwrap();
    let DynamicImage::ImageRgb8(after) = decoded(&redacted) else { panic!("it is opaque") };
    assert_eq!(
        (after.get_pixel(0, 0), after.get_pixel(5, 5), after.get_pixel(15, 5)),
        (&Rgb([0; 3]), &Rgb([255; 3]), &Rgb([9, 8, 7]))
    );

    let grey = GrayAlphaImage::from_pixel(4, 4, LumaA([0, 128]));
    let redacted = redact(DocumentKind::Png, png(&DynamicImage::ImageLumaA8(grey)), &[area(1, 0, 0, 1, 1)]).unwrap();
    assert_eq!(decoded(&redacted).into_rgb8().get_pixel(3, 3), &Rgb([127; 3]));
}

/// A PDF in which a name stands in every place that a PDF has: on the page, in a layer that is not shown, in white, under a box, in
/// what is read aloud, in a comment, in a file, in its metadata, and in an earlier version of itself.
fn document() -> Vec<u8> {
    let page = "BT /F 24 Tf 10 60 Td (Quimbaya) Tj ET\n\
                BT /F 24 Tf 10 20 Td (public) Tj ET\n\
                /Span << /ActualText (Xiomara Quimbaya) >> BDC BT /F 8 Tf 100 5 Td (x) Tj ET EMC\n\
                /OC /L BDC BT /F 24 Tf 110 20 Td (Quimbaya) Tj ET EMC\n\
                BT 1 1 1 rg /F 8 Tf 110 5 Td (Quimbaya) Tj ET";
    format!(
        "%PDF-1.7\n\
         1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Metadata 8 0 R /OCProperties << /OCGs [9 0 R] /D << /OFF [9 0 R] >> >> \
         /Names << /EmbeddedFiles << /Names [(Quimbaya.txt) 10 0 R] >> >> >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 100] >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [6 0 R] \
         /Resources << /Font << /F 5 0 R >> /Properties << /L 9 0 R >> >> >>\nendobj\n\
         4 0 obj\n<< /Length 11 >>\nstream\n(Quimbaya)\n\nendstream\nendobj\n\
         4 0 obj\n<< /Length {} >>\nstream\n{page}\nendstream\nendobj\n\
         5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n\
         6 0 obj\n<< /Type /Annot /Subtype /Text /Rect [0 0 1 1] /Contents (Quimbaya) >>\nendobj\n\
         7 0 obj\n<< /Author (Quimbaya) >>\nendobj\n\
         8 0 obj\n<< /Type /Metadata /Subtype /XML /Length 9 >>\nstream\nQuimbaya\n\nendstream\nendobj\n\
         9 0 obj\n<< /Type /OCG /Name (Quimbaya) >>\nendobj\n\
         10 0 obj\n<< /Type /Filespec /F (Quimbaya.txt) /EF << /F 11 0 R >> >>\nendobj\n\
         11 0 obj\n<< /Type /EmbeddedFile /Length 9 >>\nstream\nQuimbaya\n\nendstream\nendobj\n\
         trailer\n<< /Root 1 0 R /Info 7 0 R /Size 12 >>\n%%EOF\n",
        page.len()
    )
    .into_bytes()
}

/// The line with the name.
const NAME: Redaction = area(1, 0, 100, 1000, 450);

#[test]
fn of_a_pdf_pictures_of_its_pages_are_left_and_the_name_is_nowhere() {
    let pdf = document();
    let before = poppler::text(&pdf);
    assert!(before.contains("Quimbaya") && before.contains("public"), "it is looked for in the right place: {before}");
    let redacted = redact(DocumentKind::Pdf, pdf, &[NAME]).unwrap();
    assert_eq!(poppler::text(&redacted), "");
    assert_eq!(poppler::pages(&redacted), 1);
    assert_eq!(structure(&redacted).trim(), "");
    assert_eq!(poppler::metadata(&redacted).trim(), "");
    let properties = properties(&redacted);
    assert!(!properties.contains("Author:") && properties.contains("200 x 100 pts"), "{properties}");
    assert!(!holds(&redacted, SECRET) && !holds(&redacted, b"public"));
    for key in ["/Annots", "/Metadata", "/EmbeddedFile", "/OCG", "/Info", "/ActualText", "/Font", "/Names", "/Prev", "/ObjStm"] {
        assert!(!holds(&redacted, key.as_bytes()), "{key}");
    }
}

#[test]
fn on_a_page_the_area_is_black_and_every_other_pixel_is_as_it_is_drawn() {
    let drawn = |areas: &[Redaction]| page_pictures(&redact(DocumentKind::Pdf, document(), areas).unwrap()).remove(0);
    // Nothing stands in that corner.
    let (before, after) = (drawn(&[area(1, 999, 999, 1000, 1000)]), drawn(&[NAME]));
    assert_eq!(after.dimensions(), (556, 278));
    let is_ink = |picture: &RgbImage, rows: std::ops::Range<u32>| {
        rows.flat_map(|y| (0..540).map(move |x| (x, y))).filter(|(x, y)| picture.get_pixel(*x, *y)[0] < 100).count()
    };
    assert!(is_ink(&before, 24..128) > 100, "there was a name");
    assert_eq!(is_ink(&after, 130..277), is_ink(&before, 130..277), "what is public is there");
    assert!(is_ink(&after, 136..277) > 100);
    let gone = (0..556, 24..128);
    let corner = (544..556, 264..278);
    for (x, y, pixel) in after.enumerate_pixels() {
        if gone.0.contains(&x) && gone.1.contains(&y) {
            assert_eq!(*pixel, Rgb([0; 3]), "{x}, {y}");
        } else if !(corner.0.contains(&x) && corner.1.contains(&y)) {
            assert_eq!(pixel, before.get_pixel(x, y), "{x}, {y}");
        }
    }
    let right =
        before.enumerate_pixels().filter(|(x, y, pixel)| (310..540).contains(x) && (136..240).contains(y) && pixel[0] < 200);
    assert_eq!(right.count(), 0, "the layer is not shown");
}

/// A PDF of pages with a photograph over each of them.
fn scanned(pages: i32, photograph: &[u8]) -> Vec<u8> {
    let (catalog, tree, picture, content) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let mut pdf = pdf_writer::Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids((0..pages).map(|page| Ref::new(10 + page))).count(pages);
    let size = decoded(photograph);
    let pixels = |side: u32| i32::try_from(side).unwrap();
    let mut shown = pdf.image_xobject(picture, photograph);
    shown.filter(Filter::DctDecode);
    shown.width(pixels(size.width())).height(pixels(size.height()));
    shown.color_space().device_rgb();
    shown.bits_per_component(8);
    shown.finish();
    let mut drawing = Content::new();
    drawing.transform([72.0, 0.0, 0.0, 36.0, 0.0, 0.0]).x_object(Name(b"P"));
    pdf.stream(content, &drawing.finish());
    for page in 0..pages {
        let mut page = pdf.page(Ref::new(10 + page));
        page.media_box(Rect::new(0.0, 0.0, 72.0, 36.0)).parent(tree).contents(content);
        page.resources().x_objects().pair(Name(b"P"), picture);
        page.finish();
    }
    pdf.finish()
}

#[test]
fn a_scan_is_gone_under_the_area_of_its_page_and_shown_on_the_others() {
    let picture = photograph(200, 100);
    let scan = with_segment(&jpeg(&picture), 0xFE, SECRET);
    let redacted = redact(DocumentKind::Pdf, scanned(3, &scan), &[area(2, 0, 0, 1000, 500)]).unwrap();
    assert!(!holds(&redacted, SECRET) && !holds(&redacted, &scan[scan.len() / 2..][..64]));
    let pages = page_pictures(&redacted);
    assert_eq!(pages.iter().map(RgbImage::dimensions).collect::<Vec<_>>(), [(200, 100); 3]);
    for (page, after) in (1..).zip(&pages) {
        assert!(differs(*after.get_pixel(100, 90), *picture.get_pixel(100, 90)) < 24, "page {page}");
        let expected = if page == 2 { Rgb([0; 3]) } else { *picture.get_pixel(100, 20) };
        assert!(differs(*after.get_pixel(100, 20), expected) < 24, "page {page}");
    }
}

#[test]
fn a_page_of_which_something_cannot_be_drawn_is_refused() {
    let scan = jpeg(&photograph(200, 100));
    let mut pdf = scanned(1, &scan);
    let at = pdf.windows(3).position(|window| window == [0xFF, 0xD8, 0xFF]).unwrap();
    pdf[at..at + 200].fill(0);
    assert_eq!(redact(DocumentKind::Pdf, pdf, &[area(1, 0, 0, 10, 10)]), Err(RedactionFault::NotDrawn));
}

#[test]
fn a_letter_loses_the_address_that_is_marked() {
    let pdf = Press::new().unwrap().set(&letter(mailed_code())).unwrap();
    let found = words(&pdf);
    let word = found.iter().find(|word| word.text == "IMAGINARY").unwrap();
    // Letter paper, in thousandths.
    let across = |inches: f64| inches / 8.5 * 1000.0;
    let down = |inches: f64| inches / 11.0 * 1000.0;
    let under = |value: f64| (0..1000_u16).take_while(|thousandths| f64::from(*thousandths) <= value).last().unwrap();
    let marked =
        area(1, under(across(word.left)), under(down(word.top)), under(across(word.right)) + 1, under(down(word.bottom)) + 1);
    let redacted = redact(DocumentKind::Pdf, pdf, &[marked]).unwrap();
    assert_eq!((poppler::text(&redacted), poppler::pages(&redacted)), (String::new(), 1));
    let page = page_pictures(&redacted).remove(0);
    assert_eq!(page.dimensions(), (1700, 2200));
    let middle = |from: u16, to: u16, side: u32| u32::from(from + to) * side / 2000;
    let (x, y) = (middle(marked.left, marked.right, 1700), middle(marked.top, marked.bottom, 2200));
    assert_eq!(page.get_pixel(x, y), &Rgb([0; 3]));
    assert!(page.pixels().filter(|pixel| pixel[0] > 250).count() > 1_000_000, "the rest is paper");
}

#[test]
fn what_cannot_be_done_is_refused_with_a_reason() {
    let picture = jpeg(&photograph(16, 16));
    let marked = area(1, 0, 0, 10, 10);
    let refused = |kind, bytes: &[u8], areas: &[Redaction]| redact(kind, bytes.to_vec(), areas).unwrap_err();
    assert_eq!(refused(DocumentKind::Jpeg, &picture, &[]), RedactionFault::NoArea);
    assert_eq!(refused(DocumentKind::Jpeg, &picture, &[area(1, 10, 0, 10, 10)]), RedactionFault::NoArea);
    assert_eq!(refused(DocumentKind::Jpeg, &picture, &[marked; MOST_REDACTIONS + 1]), RedactionFault::NoArea);
    assert_eq!(refused(DocumentKind::Jpeg, &picture, &[area(2, 0, 0, 10, 10)]), RedactionFault::NoSuchPage);
    assert_eq!(refused(DocumentKind::Pdf, &document(), &[area(2, 0, 0, 10, 10)]), RedactionFault::NoSuchPage);
    for kind in DocumentKind::ALL {
        for bytes in [b"".as_slice(), b"%PDF-1.7", b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF"] {
            assert_eq!(refused(kind, bytes, &[marked]), RedactionFault::Broken, "{kind:?} {bytes:?}");
        }
    }
    assert_eq!(refused(DocumentKind::Png, &picture, &[marked]), RedactionFault::Broken, "the kind is what the content said");
    let many = scanned(i32::try_from(MOST_REDACTED_PAGES).unwrap() + 1, &picture);
    assert_eq!(refused(DocumentKind::Pdf, &many, &[marked]), RedactionFault::TooBig);
    let header = [20_000_u32.to_be_bytes().as_slice(), &20_000_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let huge = [b"\x89PNG\r\n\x1A\n".as_slice(), &chunk(*b"IHDR", &header), &chunk(*b"IDAT", &[0]), &chunk(*b"IEND", b"")].concat();
    assert_eq!(refused(DocumentKind::Png, &huge, &[marked]), RedactionFault::TooBig);
}

fn request(kind: DocumentKind, areas: &[Redaction], document: &[u8]) -> Vec<u8> {
    let line = serde_json::to_vec(&RedactionRequest { kind, areas: areas.to_vec() }).unwrap();
    [line.as_slice(), b"\n", document].concat()
}

#[test]
fn the_program_answers_for_one_document_and_ends() {
    let bytes = jpeg(&photograph(64, 64));
    let expected = redact(DocumentKind::Jpeg, bytes.clone(), &[NAME]).unwrap();
    let ask = |input: &[u8]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_portico-letters"))
            .arg(worker::ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        program.stdin.take().unwrap().write_all(input).unwrap();
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success());
        output.stdout
    };
    assert!(ask(&request(DocumentKind::Jpeg, &[NAME], &bytes)) == [b"redacted\n".as_slice(), &expected].concat());
    assert_eq!(ask(&request(DocumentKind::Pdf, &[NAME], &bytes)), b"refused broken\n");
    assert_eq!(ask(b"{}\nSecret"), b"refused no_area\n");
    assert_eq!(ask(b""), b"refused no_area\n");
}

/// A file with a few bytes changed, cut out or put in.
fn mutated(file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6);
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

/// What the process answers: it goes on after a parser that stops in the middle.
fn answered(kind: DocumentKind, bytes: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    worker::work(&request(kind, &[NAME], bytes)[..], &mut output).unwrap();
    output
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_photograph_is_refused_or_redacted(bytes in mutated(with_segment(&jpeg(&photograph(48, 32)), 0xE1, &exif(6)))) {
        let answer = answered(DocumentKind::Jpeg, &bytes);
        prop_assert!(answer.starts_with(b"refused ") || answer.starts_with(b"redacted\n\xFF\xD8"));
        prop_assert!(!holds(&answer, SECRET));
    }

    #[test]
    fn a_changed_png_is_refused_or_redacted(bytes in mutated(png(&DynamicImage::ImageRgb8(photograph(24, 16))))) {
        let answer = answered(DocumentKind::Png, &bytes);
        prop_assert!(answer.starts_with(b"refused ") || answer.starts_with(b"redacted\n\x89PNG"));
        prop_assert!(!holds(&answer, SECRET));
    }

    #[test]
    fn a_changed_pdf_is_refused_or_redacted(bytes in mutated(document())) {
        let answer = answered(DocumentKind::Pdf, &bytes);
        prop_assert!(answer.starts_with(b"refused ") || answer.starts_with(b"redacted\n%PDF"));
        prop_assert!(!holds(&answer, SECRET));
    }

    #[test]
    fn a_changed_scan_is_refused_or_redacted(bytes in mutated(scanned(1, &jpeg(&photograph(24, 16))))) {
        let answer = answered(DocumentKind::Pdf, &bytes);
        prop_assert!(answer.starts_with(b"refused ") || answer.starts_with(b"redacted\n%PDF"));
    }

    #[test]
    fn any_bytes_give_an_answer(
        kind in prop::sample::select(DocumentKind::ALL.to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        prop_assert!(answered(kind, &bytes).starts_with(b"refused "));
    }
}
