//! Tests of whole files: what is read, what is refused, and what comes out again.

mod any_bytes;

mod domain;
mod fixtures;

mod problems;
mod round_trip;

use chrono::NaiveDate;

use super::cut::cut;
use super::*;
use crate::sensitive::Sensitive;

/// The day of all tests.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn read(bytes: &[u8]) -> Result<Transaction, Refusal> {
    Transaction::read(bytes, &PORTICO_IIS_1, today())
}

fn new(information: TransactionInformation, records: Vec<Record>) -> Result<Transaction, Refusal> {
    Transaction::new(information, records, &PORTICO_IIS_1, today())
}

fn idc(number: u8) -> Idc {
    Idc::new(number).unwrap()
}

fn agency(text: &str) -> AgencyId {
    AgencyId::parse(text).unwrap()
}

fn number(text: &str) -> ControlNumber {
    ControlNumber::parse(text).unwrap()
}

/// Of a transaction without Type-4 records.
fn information(kind: TransactionKind) -> TransactionInformation {
    let is_first = matches!(kind, TransactionKind::Query(Step::First) | TransactionKind::Capture(_));
    TransactionInformation {
        version: Version::Itl2013,
        kind,
        date: today(),
        urgency: Some(Urgency::of(Priority::High)),
        destination: agency("TESTLAND"),
        origin: agency("PORTICO TEST"),
        control_number: number("PORTICO-2026-000000017"),
        reference: (!is_first).then(|| number("PORTICO-2026-000000001")),
        native_resolution: Resolution::NONE,
        nominal_resolution: Resolution::NONE,
        sent_at: today().and_hms_opt(15, 4, 5),
        encoding: Some(TextEncoding::utf_8()),
        others: vec![],
    }
}

/// Of a first query with Type-4 records.
fn query_information() -> TransactionInformation {
    let first = information(TransactionKind::Query(Step::First));
    TransactionInformation { native_resolution: Resolution::PPI_500, nominal_resolution: Resolution::PPI_500, ..first }
}

fn text(idc_number: u8) -> Record {
    let fields = vec![Field::text(37, "APPLICATION").unwrap(), Field::new(60, &[&["a", "señal"], &["b"]]).unwrap()];
    Record::Text(DescriptiveText { idc: idc(idc_number), fields })
}

/// Bytes that begin as a WSQ image of a size, with bytes after the header that look like separators and tags.
fn wsq(size: Pixels) -> Vec<u8> {
    let [h0, h1] = size.height.to_be_bytes();
    let [w0, w1] = size.width.to_be_bytes();
    let header = [0xFF, 0xA0, 0xFF, 0xA8, 0, 6, b't', b'e', b's', b't', 0xFF, 0xA2, 0, 17, 0, 255, h0, h1, w0, w1];
    [header.as_slice(), b"\x1C1.001:99\x1D14.001:5\x1C\x1E\x1F\x00\xFF", b"\xFF\xA1"].concat()
}

const SIZE: Pixels = Pixels { width: 400, height: 500 };
const SLAP_SIZE: Pixels = Pixels { width: 1600, height: 1000 };

fn type_4(idc_number: u8, position: FingerPosition) -> HighResolutionPrint {
    HighResolutionPrint {
        idc: idc(idc_number),
        impression: Impression::LiveRolled,
        positions: FingerPositions::of(position),
        scanned_at: ScanResolution::Minimum,
        size: SIZE,
        compression: Compression::Wsq,
        image: Sensitive::new(wsq(SIZE)),
    }
}

fn type_14(idc_number: u8, position: FingerPosition) -> VariableResolutionPrint {
    VariableResolutionPrint {
        idc: idc(idc_number),
        impression: Impression::LivePlain,
        source: agency("PORTICO TEST"),
        captured_on: today(),
        positions: FingerPositions::of(position),
        image: Some(image(SIZE)),
        missing: vec![],
        segments: vec![],
        nist_quality: vec![],
        quality: vec![],
        others: vec![],
    }
}

fn image(size: Pixels) -> VariableImage {
    VariableImage { size, scale: Scale::PerInch(500), compression: Compression::Wsq, data: Sensitive::new(wsq(size)) }
}

/// Three of the fingers of a right hand, the ring finger under a bandage.
fn slap(idc_number: u8) -> VariableResolutionPrint {
    let segment = |finger, left| Segment { finger, left, right: left + 300, top: 20, bottom: 900 };
    VariableResolutionPrint {
        image: Some(VariableImage { scale: Scale::PerCentimetre(197), ..image(SLAP_SIZE) }),
        missing: vec![MissingFinger { finger: Finger::RightRing, absence: Absence::UnableToPrint }],
        segments: vec![segment(Finger::RightIndex, 0), segment(Finger::RightMiddle, 400), segment(Finger::RightLittle, 1300)],
        nist_quality: vec![NistQuality::new(Finger::RightIndex, 2).unwrap()],
        quality: vec![Quality::new(Finger::RightIndex, 87, 0x1234, 7).unwrap()],
        others: vec![Field::text(20, "a comment").unwrap(), Field::text(30, "OBSERVED").unwrap()],
        ..type_14(idc_number, FingerPosition::RightFour)
    }
}

fn face(idc_number: u8) -> Record {
    let fields = [
        (3, "FACE"),
        (4, "PORTICO TEST"),
        (5, "20261101"),
        (6, "480"),
        (7, "600"),
        (8, "0"),
        (9, "1"),
        (10, "1"),
        (11, "JPEGB"),
        (12, "YCC"),
    ];
    let fields = fields.map(|(number, text)| Field::text(number, text).unwrap()).to_vec();
    let data = Some(Sensitive::new(b"\xFF\xD8\xFF\xE0 a face \x1C\x1D".to_vec()));
    Record::Opaque(OpaqueRecord::tagged(RecordType::PHOTOGRAPH, idc(idc_number), fields, data).unwrap())
}

/// An iris; `eye` is what `17.003` says.
fn iris(idc_number: u8, eye: &str) -> Record {
    let fields = [(3, eye), (4, "PORTICO TEST"), (5, "20261101"), (6, "640"), (7, "480"), (11, "PNG")];
    let fields = fields.map(|(number, text)| Field::text(number, text).unwrap()).to_vec();
    let data = Some(Sensitive::new(b"\x89PNG\r\n\x1A\n an iris \x1C\x1D".to_vec()));
    Record::Opaque(OpaqueRecord::tagged(RecordType::IRIS, idc(idc_number), fields, data).unwrap())
}

fn print(print: VariableResolutionPrint) -> Record {
    Record::VariableResolutionPrint(Box::new(print))
}

/// A text, a rolled thumb (Type-4), a plain index finger and three fingers of a hand (Type-14): records 2 to 5.
fn query() -> Transaction {
    let records = vec![
        text(0),
        Record::HighResolutionPrint(type_4(1, FingerPosition::One(Finger::RightThumb))),
        print(type_14(2, FingerPosition::One(Finger::LeftIndex))),
        print(slap(3)),
    ];
    new(query_information(), records).unwrap()
}

/// A file taken apart, to be changed and put together again with right lengths.
#[derive(Debug, Clone)]
struct Draft(Vec<DraftRecord>);

#[derive(Debug, Clone)]
enum DraftRecord {
    /// The type and the fields after LEN, each a number and a value.
    Tagged(u8, Vec<(u32, Vec<u8>)>),
    Binary(Vec<u8>),
}

impl Draft {
    fn of(file: &[u8]) -> Self {
        let raw = cut(file).unwrap_or_else(|finding| panic!("{finding}"));
        Self(raw.records().map(DraftRecord::of).collect())
    }

    /// Of [`query`].
    fn query() -> Self {
        Self::of(&query().to_bytes())
    }

    fn fields(&mut self, record: usize) -> &mut Vec<(u32, Vec<u8>)> {
        match &mut self.0[record - 1] {
            DraftRecord::Tagged(_, fields) => fields,
            DraftRecord::Binary(_) => panic!("record {record} is binary"),
        }
    }

    /// Records are counted from 1. A field that the record has not is added in its order.
    fn set(mut self, record: usize, field: u32, value: impl AsRef<[u8]>) -> Self {
        let fields = self.fields(record);
        let at = fields.iter().position(|(number, _)| *number >= field).unwrap_or(fields.len());
        if fields.get(at).is_some_and(|(number, _)| *number == field) {
            fields.remove(at);
        }
        fields.insert(at, (field, value.as_ref().to_vec()));
        self
    }

    fn without(mut self, record: usize, field: u32) -> Self {
        self.fields(record).retain(|(number, _)| *number != field);
        self
    }

    /// Sets a byte of a binary record.
    fn set_byte(mut self, record: usize, at: usize, byte: u8) -> Self {
        match &mut self.0[record - 1] {
            DraftRecord::Binary(bytes) => bytes[at] = byte,
            DraftRecord::Tagged(..) => panic!("record {record} is tagged"),
        }
        self
    }

    fn add(mut self, record: DraftRecord) -> Self {
        self.0.push(record);
        self.counted()
    }

    fn without_record(mut self, record: usize) -> Self {
        self.0.remove(record - 1);
        self.counted()
    }

    /// Puts the right list of records into `1.003`.
    fn counted(self) -> Self {
        let entry = |record: &DraftRecord| match record {
            DraftRecord::Binary(bytes) => format!("\u{1E}4\u{1F}{}", bytes[4]),
            DraftRecord::Tagged(record_type, fields) => {
                let idc =
                    fields.iter().find(|(number, _)| *number == 2).map_or("0".into(), |(_, idc)| String::from_utf8_lossy(idc));
                format!("\u{1E}{record_type}\u{1F}{idc}")
            }
        };
        let others = &self.0[1..];
        let list = format!("1\u{1F}{}{}", others.len(), others.iter().map(entry).collect::<String>());
        self.set(1, 3, list)
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(DraftRecord::bytes).collect()
    }
}

impl DraftRecord {
    fn of(raw: &super::cut::RawRecord<'_>) -> Self {
        if let Some(bytes) = raw.binary() {
            return Self::Binary(bytes.to_vec());
        }
        let fields = raw.fields().iter().skip(1).map(|field| (field.number, field.value.to_vec())).collect();
        Self::Tagged(raw.record_type().unwrap().number(), fields)
    }

    fn bytes(&self) -> Vec<u8> {
        let (record_type, fields) = match self {
            Self::Tagged(record_type, fields) => (record_type, fields),
            Self::Binary(bytes) => return bytes.clone(),
        };
        let tagged = |(number, value): &(u32, Vec<u8>)| [format!("\u{1D}{record_type}.{number:03}:").as_bytes(), value].concat();
        let rest: Vec<u8> = fields.iter().flat_map(tagged).chain([0x1C]).collect();
        // Always eight digits, so that the length does not depend on itself: files were seen that do so.
        let length = format!("{record_type}.001:").len() + 8 + rest.len();
        [format!("{record_type}.001:{length:08}").into_bytes(), rest].concat()
    }
}

#[test]
fn a_query_is_read_with_all_that_it_says() {
    let query = query();
    let read = read(&query.to_bytes()).unwrap();
    assert_eq!(read, query);
    assert_eq!(read.information(), &query_information());
    let types: Vec<u8> = read.records().iter().map(|record| record.record_type().number()).collect();
    assert_eq!(types, [2, 4, 14, 14]);
    let Some(Record::Text(text)) = read.records().first() else { panic!("no text") };
    assert_eq!(text.field(37).and_then(Field::as_text), Some(Sensitive::new("APPLICATION")));
    assert_eq!(text.field(60).unwrap().subfields().count(), 2);
    assert_eq!(text.field(61), None);
}

#[test]
fn prints_are_yielded_for_a_matcher() {
    let query = query();
    let prints: Vec<Print<'_>> = query.prints().collect();
    let told: Vec<_> =
        prints.iter().map(|print| (print.positions.certain().unwrap().code(), print.ppi, print.segments.len())).collect();
    assert_eq!(told, [(1, 500, 0), (2 + 5, 500, 0), (13, 500, 3)]);
    assert!(prints.iter().all(|print| print.image.starts_with(b"\xFF\xA0") && print.compression == Compression::Wsq));
    assert_eq!(prints[2].size, SLAP_SIZE);
}

#[test]
fn a_native_print_has_the_resolution_of_the_first_record() {
    let native = HighResolutionPrint { scanned_at: ScanResolution::Native, ..type_4(1, FingerPosition::Unknown) };
    let resolution = Resolution::parse("39.37").unwrap();
    let information = TransactionInformation { native_resolution: resolution, ..query_information() };
    let query = new(information, vec![Record::HighResolutionPrint(native)]).unwrap();
    assert_eq!(query.prints().map(|print| print.ppi).collect::<Vec<_>>(), [1000]);
}

#[test]
fn nothing_of_a_person_shows_in_debug_output_or_in_a_refusal() {
    let query = query();
    let shown = format!("{query:?} {:?}", query.prints().collect::<Vec<_>>());
    for hidden in ["APPLICATION", "señal", "255, 162", "UnableToPrint", "a comment"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
    let refusal = read(&Draft::query().set(4, 4, "EJEMPLO\u{1F}ANA").set(2, 18, "EJEMPLO,ANA").bytes()).unwrap_err();
    assert!(!format!("{refusal} {refusal:?}").contains("ANA"));
}

#[test]
fn a_refusal_says_the_number_under_which_it_is_answered() {
    let number = Some(number("PORTICO-2026-000000017"));
    let broken = Draft::query().set(1, 2, "9999").bytes();
    assert_eq!(read(&broken).unwrap_err().control_number, number);
    let cut_off = query().to_bytes();
    assert_eq!(read(&cut_off[..cut_off.len() - 1]).unwrap_err().control_number, number, "its first record is whole");
    assert_eq!(read(&cut_off[..20]).unwrap_err().control_number, None);
    assert_eq!(read(&Draft::query().set(1, 9, "short").bytes()).unwrap_err().control_number, None);
}

#[test]
fn old_files_with_tags_of_two_digits_and_padded_numbers_are_read() {
    let canonical = query().to_bytes();
    assert_eq!(read(&Draft::of(&canonical).bytes()).unwrap(), query(), "lengths of eight digits");
    let fields = super::cut::cut_first(&canonical).unwrap().fields().len();
    let mut old = canonical.clone();
    for field in 1..=15 {
        let tag = format!("1.{field:03}:");
        if let Some(at) = old.windows(tag.len()).position(|window| window == tag.as_bytes()) {
            old.remove(at + 2);
        }
    }
    let length: usize = String::from_utf8_lossy(&old[5..8]).parse().unwrap();
    old.splice(5..8, (length - fields).to_string().into_bytes());
    assert!(old.starts_with(b"1.01:"));
    let read = read(&old).unwrap();
    assert_eq!(read, query());
    assert_eq!(read.to_bytes(), canonical, "written with three");
}

#[test]
fn a_field_that_has_a_place_of_its_own_is_not_taken_among_the_others() {
    let first_problem = |information, print_others| {
        let misplaced = VariableResolutionPrint { others: print_others, ..type_14(1, FingerPosition::Unknown) };
        new(information, vec![print(misplaced)]).unwrap_err().findings[0]
    };
    let information = information(TransactionKind::Query(Step::First));
    let field = |number, text: &str| vec![Field::text(number, text).unwrap()];
    let finding = first_problem(information.clone(), field(13, "1"));
    assert_eq!((finding.problem, finding.place.tag.unwrap().to_string()), (Problem::DuplicateTag, "14.013".to_owned()));
    let finding = first_problem(TransactionInformation { others: field(13, "1"), ..information.clone() }, vec![]);
    assert_eq!((finding.problem, finding.place.tag.unwrap().to_string()), (Problem::DuplicateTag, "1.013".to_owned()));
    // What follows 14.999 would be part of it: the image no longer begins as one.
    assert_eq!(first_problem(information.clone(), field(999, "x")).problem, Problem::DuplicateTag);
    let problem = first_problem(information, field(999, &"x".repeat(100))).problem;
    assert_eq!(problem, Problem::OtherCompression { compression: Compression::Wsq });
}

#[test]
fn opaque_records_are_not_those_with_a_type_of_their_own() {
    let data = || Sensitive::new(vec![1, 2, 3]);
    let of = |number| RecordType::new(number).unwrap();
    for typed in [1, 2, 4, 14] {
        assert_eq!(OpaqueRecord::tagged(of(typed), idc(0), vec![], None), Err(OpaqueError::TypedRecord), "{typed}");
        assert_eq!(OpaqueRecord::binary(of(typed), idc(0), data()), Err(OpaqueError::TypedRecord), "{typed}");
    }
    assert_eq!(OpaqueRecord::tagged(of(8), idc(0), vec![], None), Err(OpaqueError::OtherBody));
    assert_eq!(OpaqueRecord::binary(of(10), idc(0), data()), Err(OpaqueError::OtherBody));
    assert_eq!(OpaqueRecord::tagged(of(9), idc(0), vec![], Some(data())), Err(OpaqueError::Data));
    let data_as_text = vec![Field::text(999, "1").unwrap()];
    assert_eq!(OpaqueRecord::tagged(of(10), idc(0), data_as_text.clone(), None), Err(OpaqueError::Data));
    assert!(OpaqueRecord::tagged(of(9), idc(0), data_as_text, None).is_ok(), "text in a Type-9");
}
