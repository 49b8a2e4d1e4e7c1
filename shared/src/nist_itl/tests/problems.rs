//! Each thing that can be wrong: a file with it, and what is said.

use super::*;
use Finger::*;

/// A file, and everything that is found in it: the record and the field, and the problem.
struct Case {
    file: Vec<u8>,
    found: Vec<(&'static str, Problem)>,
}

/// A file with one thing wrong.
fn case(file: impl Into<Vec<u8>>, place: &'static str, problem: Problem) -> Case {
    Case { file: file.into(), found: vec![(place, problem)] }
}

fn draft(draft: Draft, place: &'static str, problem: Problem) -> Case {
    case(draft.bytes(), place, problem)
}

const fn malformed(form: &'static str) -> Problem {
    Problem::Malformed { form }
}

const DAY: Problem = malformed("a day that exists, as YYYYMMDD");
const AGENCY: Problem = malformed("1 to 64 visible ASCII characters, blanks only between them");
const IDC: Problem = malformed("a number from 0 to 99");

fn pixels(width: u16, height: u16) -> Pixels {
    Pixels { width, height }
}

fn header_of(size: Pixels) -> [u8; 4] {
    let ([h0, h1], [v0, v1]) = (size.width.to_be_bytes(), size.height.to_be_bytes());
    [h0, h1, v0, v1]
}

/// The query with another size in the header of its Type-4 record.
fn with_size(size: Pixels) -> Draft {
    (13..).zip(header_of(size)).fold(Draft::query(), |draft, (at, byte)| draft.set_byte(3, at, byte))
}

/// The query with another frame in the WSQ image of its first Type-14 record.
fn with_wsq(bytes: &[u8]) -> Draft {
    Draft::query().set(4, 999, bytes)
}

fn type_2(number: usize) -> DraftRecord {
    DraftRecord::Tagged(2, vec![(2, number.to_string().into_bytes()), (3, b"x".to_vec())])
}

/// A later query, with a text.
fn further_query() -> Draft {
    Draft::of(&new(information(TransactionKind::Query(Step::Second)), vec![text(0)]).unwrap().to_bytes())
}

/// A response with a text and a face.
fn response() -> Draft {
    Draft::of(&new(information(TransactionKind::Response(Step::First)), vec![text(0), face(1)]).unwrap().to_bytes())
}

fn structure() -> Vec<Case> {
    let query = query().to_bytes();
    let first = Draft(Draft::query().0[..1].to_vec()).bytes();
    let with_length = |length: &str| [b"1.001:".as_slice(), length.as_bytes(), b"\x1D1.002:0501\x1C"].concat();
    let inside =
        |value: &str| [first.clone(), DraftRecord::Tagged(2, vec![(2, b"0".to_vec()), (3, value.into())]).bytes()].concat();
    let many_records = (0..MOST_RECORDS).fold(first.clone(), |file, number| [file, type_2(number).bytes()].concat());
    let many_fields = DraftRecord::Tagged(2, (2..=1000).map(|number| (number, b"x".to_vec())).collect());
    let no_first = Draft(Draft::query().0[1..].to_vec()).bytes();
    let unlisted =
        Draft(vec![DraftRecord::Tagged(1, vec![(3, b"1\x1F0".to_vec())]), DraftRecord::Binary(vec![0, 0, 0, 9, 1, 2, 3, 4, 5])]);
    let mut short_binary = Draft::query();
    short_binary.0.truncate(2);
    short_binary.0.push(DraftRecord::Binary(vec![0, 0, 0, 4, 1]));
    vec![
        case([], "record 1", Problem::Empty),
        case(vec![b'1'; MOST_BYTES + 1], "record 1", Problem::TooLarge { bytes: MOST_BYTES + 1 }),
        case(*b"<?xml version='1.0'?>", "record 1", Problem::NoTypeOne),
        case(*b"1.002:0501\x1C", "record 1", Problem::NoTypeOne),
        case(no_first, "record 1", Problem::NoTypeOne),
        case(with_length("x"), "record 1 field 1.001", Problem::BadLength),
        case(with_length(""), "record 1 field 1.001", Problem::BadLength),
        case(with_length("-1"), "record 1 field 1.001", Problem::BadLength),
        case(with_length("00000000022"), "record 1 field 1.001", Problem::BadLength),
        case(short_binary.bytes(), "record 3", Problem::BadLength),
        case(with_length("23"), "record 1", Problem::CutOff { length: 23, left: 20 }),
        case(&query[..query.len() - 1], "record 5", Problem::CutOff { length: 338, left: 337 }),
        case(with_length("19"), "record 1 field 1.001", Problem::NoRecordEnd),
        case(with_length("0"), "record 1 field 1.001", Problem::NoRecordEnd),
        case(inside("a\u{1C}b"), "record 2 field 2.003", Problem::RecordEndInside),
        case([query.as_slice(), b"\n"].concat(), "record 6", Problem::TrailingBytes { bytes: 1 }),
        case([query.as_slice(), b"trailing"].concat(), "record 6", Problem::TrailingBytes { bytes: 8 }),
        case(unlisted.bytes(), "record 2", Problem::TrailingBytes { bytes: 9 }),
        case(inside("x\u{1D}"), "record 2", Problem::BadTag),
        case([first.as_slice(), b"2,001:9\x1C"].concat(), "record 2", Problem::BadTag),
        case([first.as_slice(), b"4.001:9\x1C"].concat(), "record 2 field 4.001", Problem::BadTag),
        case([first.as_slice(), b"2.003:9\x1C"].concat(), "record 2 field 2.003", Problem::BadLength),
        case(inside("x\u{1D}10.003:FACE"), "record 2 field 10.003", Problem::ForeignTag(RecordType::PHOTOGRAPH)),
        case(many_records, "record 33", Problem::TooManyRecords),
        case([first, many_fields.bytes()].concat(), "record 2 field 2.1000", Problem::TooManyFields),
    ]
}

fn first_record() -> Vec<Case> {
    let set = |field, value: &str, place, problem| draft(Draft::query().set(1, field, value), place, problem);
    let without = |field, place| draft(Draft::query().without(1, field), place, Problem::MissingField);
    let mut cases = vec![
        without(2, "record 1 field 1.002"),
        without(4, "record 1 field 1.004"),
        without(5, "record 1 field 1.005"),
        without(7, "record 1 field 1.007"),
        without(8, "record 1 field 1.008"),
        without(9, "record 1 field 1.009"),
        without(11, "record 1 field 1.011"),
        without(12, "record 1 field 1.012"),
        without(13, "record 1 field 1.013"),
        set(7, "", "record 1 field 1.007", Problem::MissingField),
        set(2, "0503", "record 1 field 1.002", Problem::UnknownVersion),
        set(2, "501", "record 1 field 1.002", Problem::UnknownVersion),
        set(4, "FAUF", "record 1 field 1.004", Problem::UnknownKind),
        set(4, "iiq1", "record 1 field 1.004", Problem::UnknownKind),
        set(5, "20261125", "record 1 field 1.005", Problem::FutureDate),
        set(5, "20260230", "record 1 field 1.005", DAY),
        set(6, "0", "record 1 field 1.006", malformed("one digit from 1 to 9")),
        set(6, "", "record 1 field 1.006", malformed("one digit from 1 to 9")),
        set(7, " TESTLAND", "record 1 field 1.007", AGENCY),
        set(8, "número", "record 1 field 1.008", AGENCY),
        set(9, "123456789", "record 1 field 1.009", Problem::BadControlNumber),
        set(9, &"1".repeat(41), "record 1 field 1.009", Problem::BadControlNumber),
        set(11, "19.7", "record 1 field 1.011", malformed("pixels per millimetre with two decimals, such as 19.69")),
        set(11, "00.00", "record 1 field 1.011", Problem::MissingResolution),
        set(12, "00.00", "record 1 field 1.012", Problem::MissingResolution),
        set(13, "NORAM\u{1F}EBTS 9.1", "record 1 field 1.013", Problem::OtherDomain),
        set(14, "20261123", "record 1 field 1.014", malformed("a time in UTC as YYYYMMDDHHMMSSZ")),
        set(15, "UTF-8", "record 1 field 1.015", malformed("a number from 0 to 999, a name, and a version if it has one")),
    ];
    let tomorrow = Draft::query().set(1, 5, "20261124").bytes();
    cases.push(Case { file: tomorrow, found: vec![] });
    cases.push(draft(further_query().set(1, 12, "19.69"), "record 1 field 1.012", Problem::NeedlessResolution));
    cases
}

fn contents() -> Vec<Case> {
    let set = |list: &str, place, problem| draft(Draft::query().set(1, 3, list), place, problem);
    let count = "record 1 field 1.003";
    let mut twice = Draft::query();
    twice.fields(2).push((37, b"again".to_vec()));
    let doubled = [b"\xFF\xA0\x1D14.999:".as_slice(), &wsq(SIZE)].concat();
    // Without its list nobody knows what a binary record is, and it is not looked into.
    let listless = |listless: Draft, problem| draft(listless.set_byte(3, 5, 99), "record 1 field 1.003", problem);
    vec![
        draft(twice, "record 2 field 2.037", Problem::DuplicateTag),
        Case {
            file: with_wsq(&doubled).bytes(),
            found: vec![
                ("record 4 field 14.999", Problem::DuplicateTag),
                ("record 4 field 14.999", Problem::BrokenWsq(WsqError::NoMarker)),
            ],
        },
        listless(Draft::query().without(1, 3), Problem::MissingField),
        listless(Draft::query().set(1, 3, "1\u{1F}4\u{1E}2"), Problem::BadContents),
        set("1\u{1F}4\u{1E}2\u{1F}0\u{1E}4\u{1F}1\u{1E}14\u{1F}2", count, Problem::ContentsCount { stated: 3, present: 4 }),
        set(
            "1\u{1F}5\u{1E}2\u{1F}0\u{1E}4\u{1F}1\u{1E}14\u{1F}2\u{1E}14\u{1F}3",
            count,
            Problem::ContentsCount { stated: 5, present: 4 },
        ),
        draft(
            Draft(Draft::query().0[..4].to_vec()).set(1, 3, "1\u{1F}4\u{1E}2\u{1F}0\u{1E}4\u{1F}1\u{1E}14\u{1F}2\u{1E}14\u{1F}3"),
            count,
            Problem::ContentsCount { stated: 4, present: 3 },
        ),
        set(
            "1\u{1F}4\u{1E}2\u{1F}0\u{1E}4\u{1F}1\u{1E}14\u{1F}3\u{1E}14\u{1F}3",
            "record 4",
            Problem::ContentsDiffer(RecordType::VARIABLE_RESOLUTION_PRINT, idc(3)),
        ),
        set(
            "1\u{1F}4\u{1E}14\u{1F}0\u{1E}4\u{1F}1\u{1E}14\u{1F}2\u{1E}14\u{1F}3",
            "record 2",
            Problem::ContentsDiffer(RecordType::VARIABLE_RESOLUTION_PRINT, idc(0)),
        ),
        draft(Draft::query().set(4, 2, "3").counted(), "record 5 field 14.002", Problem::SharedIdc),
        Case { file: Draft::query().set(2, 2, "1").counted().bytes(), found: vec![] },
        draft(
            Draft::query().add(DraftRecord::Tagged(9, vec![(2, b"1".to_vec())])),
            "record 6",
            Problem::RecordNotAllowed(RecordType::new(9).unwrap()),
        ),
        draft(Draft::query().set_byte(3, 4, 100), "record 3 field 4.002", IDC),
        draft(Draft::query().set(4, 2, "100"), "record 4 field 14.002", IDC),
        draft(Draft::query().without(2, 2), "record 2 field 2.002", Problem::MissingField),
    ]
}

fn domain() -> Vec<Case> {
    let first = "PORTICO-2026-000000017";
    let a_face = Draft::of(&response().bytes()).0.pop().unwrap();
    let other_idc = |record: &DraftRecord, number: &str| Draft(vec![record.clone()]).set(1, 2, number).0.pop().unwrap();
    let type_14 = Draft::query().0.pop().unwrap();
    let list = "record 1 field 1.003";
    let no_prints = Draft(Draft::query().0[..2].to_vec()).counted().set(1, 11, "00.00").set(1, 12, "00.00");
    let two_texts = Draft::query().add(type_2(7));
    vec![
        draft(further_query().without(1, 10), "record 1 field 1.010", Problem::MissingReference),
        draft(Draft::query().set(1, 10, "PORTICO-2026-000000001"), "record 1 field 1.010", Problem::NeedlessReference),
        draft(further_query().set(1, 10, first), "record 1 field 1.010", Problem::ReferenceToItself),
        draft(further_query().set(1, 10, "short"), "record 1 field 1.010", Problem::BadControlNumber),
        draft(
            further_query().add(DraftRecord::Tagged(98, vec![(2, b"1".to_vec())])),
            "record 3",
            Problem::RecordNotAllowed(RecordType::new(98).unwrap()),
        ),
        draft(further_query().add(type_14), "record 3", Problem::PrintsSentAgain),
        draft(further_query().add(other_idc(&a_face, "9")), "record 3", Problem::PrintsSentAgain),
        draft(Draft::query().add(other_idc(&a_face, "9")), "record 6", Problem::RecordNotAllowed(RecordType::PHOTOGRAPH)),
        draft(no_prints, list, Problem::TooFew { part: Part::Prints, least: 1 }),
        draft(response().without_record(2), list, Problem::TooFew { part: Part::Text, least: 1 }),
        draft(response().add(other_idc(&a_face, "9")), list, Problem::TooMany { part: Part::Faces, most: 1 }),
        draft(two_texts, list, Problem::TooMany { part: Part::Text, most: 1 }),
    ]
}

fn fingers() -> Vec<Case> {
    let set = |record, field, value: &str, place, problem| draft(Draft::query().set(record, field, value), place, problem);
    let segments = |value: &str, problem| set(5, 21, value, "record 5 field 14.021", problem);
    vec![
        draft(Draft::query().set_byte(3, 6, 18), "record 3 field 4.004", Problem::IllegalFinger),
        draft(Draft::query().set_byte(3, 6, 255), "record 3 field 4.004", Problem::IllegalFinger),
        draft(Draft::query().set_byte(3, 8, 2), "record 3 field 4.004", Problem::IllegalFinger),
        set(4, 13, "19", "record 4 field 14.013", Problem::IllegalFinger),
        set(4, 13, "1\u{1E}2\u{1E}3\u{1E}4\u{1E}5\u{1E}6\u{1E}7", "record 4 field 14.013", Problem::IllegalFinger),
        draft(Draft::query().set_byte(3, 5, 9), "record 3 field 4.003", Problem::IllegalImpression),
        set(4, 3, "10", "record 4 field 14.003", Problem::IllegalImpression),
        draft(Draft::query().set_byte(3, 12, 2), "record 3 field 4.005", malformed("0 or 1")),
        draft(Draft::query().set_byte(3, 6, 3), "record 5 field 14.013", Problem::FingerTwice(RightMiddle)),
        set(4, 13, "11", "record 4 field 14.013", Problem::FingerTwice(RightThumb)),
        draft(Draft::query().set_byte(3, 6, 14), "record 3 field 4.004", Problem::SlapWithoutSegments),
        draft(Draft::query().without(5, 21), "record 5 field 14.021", Problem::SlapWithoutSegments),
        set(5, 13, "13\u{1E}14", "record 5 field 14.021", Problem::SlapWithoutSegments),
        segments("7\u{1F}0\u{1F}300\u{1F}20\u{1F}900", Problem::SegmentOfOtherFinger(LeftIndex)),
        segments("2\u{1F}0\u{1F}1601\u{1F}20\u{1F}900", Problem::SegmentOutside(RightIndex)),
        segments("2\u{1F}0\u{1F}300\u{1F}20\u{1F}1001", Problem::SegmentOutside(RightIndex)),
        segments("2\u{1F}300\u{1F}300\u{1F}20\u{1F}900", Problem::SegmentOutside(RightIndex)),
        segments("2\u{1F}0\u{1F}300\u{1F}900\u{1F}20", Problem::SegmentOutside(RightIndex)),
        segments("2\u{1F}0\u{1F}300\u{1F}20\u{1F}900\u{1E}2\u{1F}400\u{1F}700\u{1F}20\u{1F}900", Problem::FingerTwice(RightIndex)),
        segments("2\u{1F}0\u{1F}300\u{1F}20", malformed("a finger from 1 to 10, then left, right, top and bottom in pixels")),
        set(5, 18, "4\u{1F}YY", "record 5 field 14.018", malformed("pairs of a finger from 1 to 10 and XX, UP or SR")),
        set(5, 22, "2\u{1F}6", "record 5 field 14.022", malformed("pairs of a finger from 1 to 10 and 1 to 5, 254 or 255")),
        set(
            5,
            24,
            "2\u{1F}101\u{1F}1234\u{1F}7",
            "record 5 field 14.024",
            malformed("a finger, 0 to 100, four hexadecimal digits, and a number from 1 to 65535"),
        ),
    ]
}

fn images() -> Vec<Case> {
    let set = |record, field, value: &str, place, problem| draft(Draft::query().set(record, field, value), place, problem);
    let type_4 = "record 3 field 4.009";
    let type_14 = "record 4 field 14.999";
    let without_image = (6..=12).fold(Draft::query().without(4, 999), |draft, field| draft.without(4, field));
    let frame = |size: Pixels| {
        [
            b"\xFF\xA0\xFF\xA2\x00\x11\x00\xFF".as_slice(),
            &[header_of(size)[2], header_of(size)[3], header_of(size)[0], header_of(size)[1]],
        ]
        .concat()
    };
    let mut short = Draft::query();
    short.0[2] = DraftRecord::Binary(vec![0, 0, 0, 17, 1, 0, 1, 255, 255, 255, 255, 255, 0, 1, 0, 1, 0]);
    let mut no_data = Draft::query();
    no_data.0[2] =
        DraftRecord::Binary([&[0, 0, 0, 18, 1, 0, 1, 255, 255, 255, 255, 255, 0], header_of(SIZE).as_slice(), &[1]].concat());
    let raw = |length: usize| {
        let size = "100";
        let draft = Draft::query().set(4, 6, size).set(4, 7, size).set(4, 11, "NONE");
        draft.set(4, 999, vec![0x1D; length])
    };
    let native = |resolution: &str| Draft::query().set_byte(3, 12, 1).set(1, 11, resolution);
    vec![
        draft(short, "record 3", Problem::ShortHeader),
        draft(no_data, type_4, Problem::MissingImage),
        draft(Draft::query().without(4, 999), "record 4 field 14.999", Problem::MissingImage),
        draft(Draft::query().set(4, 999, ""), type_14, Problem::MissingImage),
        draft(without_image.clone(), "record 4 field 14.999", Problem::MissingImage),
        Case { file: without_image.clone().set(4, 18, "7\u{1F}UP").bytes(), found: vec![] },
        draft(without_image.clone().set(4, 18, "7\u{1F}UP").set(4, 999, ""), "record 4 field 14.999", Problem::MissingImage),
        draft(without_image.set(4, 18, "7\u{1F}UP").set(4, 6, "400"), "record 4 field 14.999", Problem::MissingImage),
        draft(with_size(pixels(99, 500)), type_4, Problem::ImageTooSmall(pixels(99, 500))),
        draft(with_size(pixels(400, 0)), type_4, Problem::ImageTooSmall(pixels(400, 0))),
        draft(with_size(pixels(4097, 500)), type_4, Problem::ImageTooLarge(pixels(4097, 500))),
        set(4, 6, "99999", "record 4 field 14.999", Problem::ImageTooLarge(pixels(u16::MAX, 500))),
        set(4, 6, "", "record 4 field 14.006", Problem::MissingField),
        set(4, 7, "4x0", "record 4 field 14.007", malformed("a number of pixels")),
        set(4, 11, "JPEGB", type_14, Problem::OtherCompression { compression: Compression::Jpeg }),
        set(4, 11, "PNG", "record 4 field 14.999", Problem::OtherCompression { compression: Compression::Png }),
        set(4, 11, "JP2", "record 4 field 14.999", Problem::OtherCompression { compression: Compression::Jpeg2000 }),
        set(4, 11, "WSQ", "record 4 field 14.011", malformed("NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L or PNG")),
        draft(Draft::query().set_byte(3, 17, 7), "record 3 field 4.008", malformed("a number from 0 to 6")),
        draft(with_wsq(b"\xFF\xA1"), type_14, Problem::OtherCompression { compression: Compression::Wsq }),
        draft(with_wsq(b"\xFF\xA0"), type_14, Problem::BrokenWsq(WsqError::CutOff)),
        draft(with_wsq(b"\xFF\xA0abcdef"), type_14, Problem::BrokenWsq(WsqError::NoMarker)),
        draft(with_wsq(&frame(pixels(400, 480))), type_14, Problem::WsqSize { header: SIZE, image: pixels(400, 480) }),
        draft(with_size(pixels(500, 400)), type_4, Problem::WsqSize { header: pixels(500, 400), image: SIZE }),
        Case { file: raw(10_000).bytes(), found: vec![] },
        draft(raw(9_999), "record 4 field 14.999", Problem::RawSize { needed: 10_000, found: 9_999 }),
        set(4, 8, "0", "record 4 field 14.008", Problem::NoScale),
        set(4, 9, "0", "record 4 field 14.009", malformed("a number of pixels from 1 to 65535")),
        set(4, 10, "1000", "record 4 field 14.010", Problem::PixelsNotSquare),
        draft(Draft::query().set(4, 9, "96").set(4, 10, "96"), "record 4 field 14.009", Problem::ResolutionTooLow { ppi: 96 }),
        draft(Draft::query().set(5, 9, "176").set(5, 10, "176"), "record 5 field 14.009", Problem::ResolutionTooLow { ppi: 447 }),
        draft(native("17.69"), "record 3 field 4.005", Problem::ResolutionTooLow { ppi: 449 }),
        Case { file: native("17.72").bytes(), found: vec![] },
        set(4, 12, "16", "record 4 field 14.012", malformed("8")),
        set(4, 4, "\t", "record 4 field 14.004", AGENCY),
        set(4, 5, "20269999", "record 4 field 14.005", DAY),
        set(4, 5, "20261125", "record 4 field 14.005", Problem::FutureDate),
    ]
}

fn faces() -> Vec<Case> {
    let set = |field, value: &str, place, problem| draft(response().set(3, field, value), place, problem);
    let length = malformed("a number of pixels from 1 to 99999");
    vec![
        set(3, "SCAR", "record 3 field 10.003", Problem::NotAFace),
        set(4, "", "record 3 field 10.004", Problem::MissingField),
        set(5, "1 May", "record 3 field 10.005", DAY),
        set(6, "0", "record 3 field 10.006", length),
        set(7, "x", "record 3 field 10.007", length),
        set(8, "3", "record 3 field 10.008", malformed("0, 1 or 2")),
        set(9, "-1", "record 3 field 10.009", length),
        set(11, "JPG", "record 3 field 10.011", malformed("NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L or PNG")),
        set(12, "Y C C", "record 3 field 10.012", malformed("a colour space, such as YCC or SRGB")),
        set(999, "", "record 3 field 10.999", Problem::MissingImage),
        set(999, "GIF89a", "record 3 field 10.999", Problem::OtherCompression { compression: Compression::Jpeg }),
    ]
}

fn all() -> Vec<Case> {
    [structure(), first_record(), contents(), domain(), fingers(), images(), faces()].into_iter().flatten().collect()
}

#[test]
fn what_is_wrong_is_found_in_its_field_and_nothing_else_is() {
    for (index, case) in all().iter().enumerate() {
        let found = read(&case.file).err().map(|refusal| refusal.findings).unwrap_or_default();
        let named: Vec<(String, Problem)> = found.iter().map(|finding| (named(finding.place), finding.problem)).collect();
        let expected: Vec<(String, Problem)> = case.found.iter().map(|(place, problem)| ((*place).to_owned(), *problem)).collect();
        assert_eq!(named, expected, "case {index}");
        for finding in found {
            assert!(points_to_field(&case.file, finding.place), "case {index}: {finding}");
        }
    }
}

fn named(place: Place) -> String {
    let field = place.tag.map(|tag| format!(" field {tag}")).unwrap_or_default();
    format!("record {}{field}", place.record)
}

/// Whether the field of a tagged record begins there, or the record if it lacks the field.
fn points_to_field(file: &[u8], place: Place) -> bool {
    let Some(tag) = place.tag.filter(|tag| !tag.record_type.is_binary()) else { return true };
    let first = Tag { field: 1, ..tag };
    [tag, first].iter().any(|tag| file[place.offset..].starts_with(format!("{tag}:").as_bytes()))
}

#[test]
fn places_are_counted_in_bytes_from_the_beginning_of_the_file() {
    let file = query().to_bytes();
    let at = |needle: &[u8]| file.windows(needle.len()).position(|window| window == needle).unwrap();
    let type_4 = at(&[1, 1, 1, 255, 255, 255, 255, 255]) - 4;
    let type_14 = at(b"\xFF\xA1") + 2;
    let mut wrong = file.clone();
    wrong[at(b"1.005:") + 6] = b'x';
    wrong[type_4 + 5] = 9;
    wrong[type_4 + 6] = 18;
    wrong[type_4 + 17] = 7;
    wrong[at(b"14.009:") + 7] = b'x';
    let offsets: Vec<usize> = read(&wrong).unwrap_err().findings.iter().map(|finding| finding.place.offset).collect();
    assert_eq!(offsets, [at(b"1.005:"), type_4 + 5, type_4 + 6, type_4 + 17, at(b"14.009:")]);
    let cut_off = read(&file[..type_14 + 100]).unwrap_err();
    let place = Place { record: 4, tag: None, offset: type_14 };
    assert_eq!(cut_off.findings[0].place, place);
    assert_eq!(place.to_string(), format!("record 4 (byte {type_14})"));
}

/// A number for each problem. Who adds a problem adds a line here, and then a case above.
const fn number_of(problem: Problem) -> usize {
    match problem {
        Problem::Empty => 0,
        Problem::TooLarge { .. } => 1,
        Problem::NoTypeOne => 2,
        Problem::TooManyRecords => 3,
        Problem::BadLength => 4,
        Problem::CutOff { .. } => 5,
        Problem::NoRecordEnd => 6,
        Problem::RecordEndInside => 7,
        Problem::TrailingBytes { .. } => 8,
        Problem::BadTag => 9,
        Problem::ForeignTag(_) => 10,
        Problem::TooManyFields => 11,
        Problem::DuplicateTag => 12,
        Problem::MissingField => 13,
        Problem::Malformed { .. } => 14,
        Problem::ShortHeader => 15,
        Problem::UnknownVersion => 16,
        Problem::FutureDate => 17,
        Problem::UnknownKind => 18,
        Problem::OtherDomain => 19,
        Problem::BadControlNumber => 20,
        Problem::BadContents => 21,
        Problem::ContentsCount { .. } => 22,
        Problem::ContentsDiffer(..) => 23,
        Problem::SharedIdc => 24,
        Problem::MissingResolution => 25,
        Problem::NeedlessResolution => 26,
        Problem::MissingReference => 27,
        Problem::NeedlessReference => 28,
        Problem::ReferenceToItself => 29,
        Problem::PrintsSentAgain => 30,
        Problem::RecordNotAllowed(_) => 31,
        Problem::TooFew { .. } => 32,
        Problem::TooMany { .. } => 33,
        Problem::NotAFace => 34,
        Problem::IllegalFinger => 35,
        Problem::IllegalImpression => 36,
        Problem::FingerTwice(_) => 37,
        Problem::SlapWithoutSegments => 38,
        Problem::SegmentOfOtherFinger(_) => 39,
        Problem::SegmentOutside(_) => 40,
        Problem::MissingImage => 41,
        Problem::ImageTooSmall(_) => 42,
        Problem::ImageTooLarge(_) => 43,
        Problem::OtherCompression { .. } => 44,
        Problem::BrokenWsq(_) => 45,
        Problem::WsqSize { .. } => 46,
        Problem::RawSize { .. } => 47,
        Problem::NoScale => 48,
        Problem::PixelsNotSquare => 49,
        Problem::ResolutionTooLow { .. } => PROBLEMS - 1,
    }
}

const PROBLEMS: usize = 51;

#[test]
fn each_problem_has_a_case_and_says_what_to_do() {
    let mut seen = [false; PROBLEMS];
    for (_, problem) in all().iter().flat_map(|case| &case.found) {
        seen[number_of(*problem)] = true;
        let words = problem.to_string();
        assert!(words.contains("; ") && !words.ends_with('.'), "{words}");
    }
    assert_eq!(seen.iter().position(|seen| !seen), None);
}

#[test]
fn all_that_is_wrong_is_found_at_once() {
    let draft = Draft::query().set(1, 2, "9999").set(1, 5, "20991231").set(4, 9, "96").set_byte(3, 5, 9).set(5, 13, "14");
    let refusal = read(&draft.bytes()).unwrap_err();
    let problems: Vec<Problem> = refusal.findings.iter().map(|finding| finding.problem).collect();
    assert_eq!(
        problems,
        [
            Problem::UnknownVersion,
            Problem::FutureDate,
            Problem::IllegalImpression,
            Problem::PixelsNotSquare,
            Problem::ResolutionTooLow { ppi: 96 },
            Problem::SegmentOfOtherFinger(RightIndex),
            Problem::SegmentOfOtherFinger(RightMiddle),
            Problem::SegmentOfOtherFinger(RightLittle),
        ]
    );
    assert_eq!(
        refusal.to_string(),
        "the file is not taken, for 8 reasons; the first: record 1 field 1.002 (byte 15): the version is not known; write 0200, \
         0201, 0300, 0400, 0500, 0501 or 0502"
    );
}
