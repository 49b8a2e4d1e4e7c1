//! Files that another program wrote: `nistitl` 0.6, a Python package, with random bytes for images after true headers.

use super::*;

const OLD_TYPE_4_QUERY: &[u8] = include_bytes!("files/old_type_4_query.an2");
const TYPE_14_QUERY: &[u8] = include_bytes!("files/type_14_query.an2");
const RESPONSE_WITH_FACE: &[u8] = include_bytes!("files/response_with_face.an2");

#[test]
fn an_old_file_with_type_4_records_is_read() {
    let query = read(OLD_TYPE_4_QUERY).unwrap();
    let information = query.information();
    assert_eq!((information.version, information.kind), (Version::Itl1997, TransactionKind::Query(Step::First)));
    assert_eq!(information.control_number.as_str(), "TESTLAND-2026-0000001");
    assert_eq!((information.origin.as_str(), information.destination.as_str()), ("TESTLAND", "PORTICO TEST"));
    assert_eq!(information.urgency.map(Urgency::priority), Some(Priority::Medium));
    assert_eq!(information.sent_at, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(10, 11, 12));
    let prints: Vec<Print<'_>> = query.prints().collect();
    let told: Vec<_> = prints.iter().map(|print| (print.positions.certain(), print.size.to_string(), print.image.len())).collect();
    let finger = |finger| Some(FingerPosition::One(finger));
    assert_eq!(
        told,
        [(finger(Finger::RightIndex), "804 x 752".to_owned(), 431), (finger(Finger::LeftIndex), "800 x 750".to_owned(), 431)]
    );
    assert!(OLD_TYPE_4_QUERY.starts_with(b"1.01:"));
    let written = query.to_bytes();
    assert!(written.starts_with(b"1.001:"));
    assert_eq!(read(&written), Ok(query));
}

#[test]
fn a_hand_and_a_thumb_of_type_14_are_read_and_written_as_they_were() {
    let query = read(TYPE_14_QUERY).unwrap();
    let [Record::VariableResolutionPrint(hand), Record::VariableResolutionPrint(thumb)] = query.records() else {
        panic!("two prints");
    };
    assert_eq!(hand.positions.certain(), Some(FingerPosition::LeftFour));
    assert_eq!(hand.missing, [MissingFinger { finger: Finger::LeftLittle, absence: Absence::UnableToPrint }]);
    let first = Segment { finger: Finger::LeftIndex, left: 1100, right: 1500, top: 10, bottom: 900 };
    assert_eq!((hand.segments.len(), hand.segments.first()), (3, Some(&first)));
    assert_eq!(hand.nist_quality.iter().map(|quality| quality.score()).collect::<Vec<_>>(), [1, 2, 254]);
    assert_eq!(hand.quality, [Quality::new(Finger::LeftIndex, 80, 0x0102, 1).unwrap()]);
    assert_eq!(hand.others.iter().map(Field::number).collect::<Vec<_>>(), [20]);
    let image = thumb.image.as_ref().unwrap();
    assert_eq!((image.compression, image.scale), (Compression::Png, Scale::PerCentimetre(197)));
    assert_eq!(query.to_bytes(), TYPE_14_QUERY);
}

#[test]
fn a_response_with_a_face_is_read_and_written_as_it_was() {
    let response = read(RESPONSE_WITH_FACE).unwrap();
    assert_eq!(response.information().kind, TransactionKind::Response(Step::First));
    assert_eq!(response.information().reference.as_ref().map(ControlNumber::as_str), Some("PORTICO-2026-000000017"));
    assert_eq!(response.information().encoding, Some(TextEncoding::utf_8()));
    let [Record::Text(text), Record::Opaque(face)] = response.records() else { panic!("a text and a face") };
    assert_eq!(text.field(18).and_then(Field::as_text), Some(Sensitive::new("MUESTRA,SEÑAL")));
    let found: Vec<Vec<&[u8]>> = text.field(59).unwrap().subfields().map(|subfield| subfield.items().collect()).collect();
    assert_eq!(found, [[b"Y".as_slice(), b"MATCH"], [b"1", b"FIN"]]);
    assert_eq!(face.record_type(), RecordType::PHOTOGRAPH);
    assert!(face.data().unwrap().expose().starts_with(b"\xFF\xD8\xFF"));
    assert_eq!(response.prints().count(), 0);
    assert_eq!(response.to_bytes(), RESPONSE_WITH_FACE);
}
