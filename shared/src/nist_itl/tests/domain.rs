//! The table of the domain's rules: each type of transaction with each part, and with and without a reference.

use super::*;

/// How many of a part a transaction may have: 0, 1 or at most 10.
fn counts_taken(part: Part, rules: &KindRules) -> Vec<usize> {
    [0, 1, 2, 10, 11].into_iter().filter(|count| is_taken(part, *count, rules)).collect()
}

fn is_taken(part: Part, count: usize, rules: &KindRules) -> bool {
    let counted = |of: Part| if of == part { count } else { rules.amount(of).least };
    let mut records = Vec::new();
    for part in Part::ALL {
        for _ in 0..counted(part) {
            let number = u8::try_from(records.len()).unwrap();
            records.push(match part {
                Part::Text => text(number),
                Part::Prints => print(type_14(number, FingerPosition::Unknown)),
                Part::Faces => face(number),
                Part::Irises => iris(number, "1"),
            });
        }
    }
    let is_capture = matches!(rules.kind, TransactionKind::Capture(_));
    let domain = if is_capture { &PORTICO_CAPTURE_1 } else { &PORTICO_IIS_1 };
    Transaction::new(information(rules.kind), records, domain, today()).is_ok()
}

#[test]
fn each_type_of_transaction_holds_what_the_table_says() {
    let at_most_one = vec![0, 1];
    let one = vec![1];
    let none = vec![0];
    let to_ten = vec![0, 1, 2, 10];
    for (code, text, prints, faces) in [
        ("IIQ1", &at_most_one, &vec![1, 2, 10], &none),
        ("IIQ2", &at_most_one, &none, &none),
        ("IIQ3", &at_most_one, &none, &none),
        ("IIR1", &one, &none, &at_most_one),
        ("IIR2", &one, &to_ten, &to_ten),
        ("IIR3", &one, &to_ten, &to_ten),
        ("IERR", &one, &none, &none),
    ] {
        let rules = PORTICO_IIS_1.rules(PORTICO_IIS_1.kind(code).unwrap()).unwrap();
        assert_eq!(rules.code, code);
        let taken = Part::ALL.map(|part| counts_taken(part, rules));
        assert_eq!(taken.each_ref(), [text, prints, faces, &none], "{code}");
    }
    assert_eq!(PORTICO_IIS_1.kinds.len(), 7);
}

#[test]
fn a_capture_holds_one_kind_of_thing_and_refers_to_nothing() {
    let none = vec![0];
    for (code, prints, faces, irises) in
        [("CFP", &vec![1, 2, 10], &none, &none), ("CIR", &none, &none, &vec![1, 2]), ("CFC", &none, &vec![1, 2], &none)]
    {
        let rules = PORTICO_CAPTURE_1.rules(PORTICO_CAPTURE_1.kind(code).unwrap()).unwrap();
        let taken = Part::ALL.map(|part| counts_taken(part, rules));
        assert_eq!(taken.each_ref(), [&vec![0, 1], prints, faces, irises], "{code}");
        assert_eq!(rules.reference, Reference::Forbidden);
        assert_eq!(PORTICO_IIS_1.kind(code), None, "partners send no captures");
    }
    assert_eq!(PORTICO_CAPTURE_1.kinds.len(), 3);
}

#[test]
fn a_capture_says_which_fingers_and_which_eyes_it_shows() {
    let taken = |kind, records| {
        Transaction::new(information(TransactionKind::Capture(kind)), records, &PORTICO_CAPTURE_1, today()).unwrap()
    };
    let thumb = print(type_14(2, FingerPosition::PlainLeftThumb));
    let prints = taken(Capture::Fingerprints, vec![print(slap(1)), thumb, print(type_14(3, FingerPosition::Unknown))]);
    assert_eq!(prints.fingers(), [Finger::RightIndex, Finger::RightMiddle, Finger::RightLittle, Finger::LeftThumb]);
    assert!(prints.eyes().is_empty());
    let irises = taken(Capture::Irises, vec![iris(1, "2"), iris(2, "1")]);
    assert_eq!((irises.eyes(), irises.fingers()), (vec![Eye::Left, Eye::Right], vec![]));
    let again = Transaction::read(&irises.to_bytes(), &PORTICO_CAPTURE_1, today());
    assert_eq!(again, Ok(irises));
}

#[test]
fn what_is_wrong_with_the_header_of_an_iris_is_said() {
    let file = |number: u32, value: &str| {
        let (information, records) = (information(TransactionKind::Capture(Capture::Irises)), vec![iris(1, "1")]);
        let written = Transaction::new(information, records, &PORTICO_CAPTURE_1, today()).unwrap().to_bytes();
        Draft::of(&written).set(2, number, value).bytes()
    };
    let problem = |number, value| {
        let refusal = Transaction::read(&file(number, value), &PORTICO_CAPTURE_1, today()).unwrap_err();
        let [Finding { place, problem }] = refusal.findings[..] else { panic!("{refusal:?}") };
        assert_eq!(place.tag.map(|tag| tag.field), Some(number));
        problem
    };
    let eye = Problem::Malformed { form: "1 for the right eye or 2 for the left" };
    for (number, value, expected) in [
        (3, "0", eye),
        (3, "", Problem::MissingField),
        (4, " x", Problem::Malformed { form: "1 to 64 visible ASCII characters, blanks only between them" }),
        (5, "20260230", Problem::Malformed { form: "a day that exists, as YYYYMMDD" }),
        (6, "0", Problem::Malformed { form: "a number of pixels from 1 to 99999" }),
        (7, "x", Problem::Malformed { form: "a number of pixels from 1 to 99999" }),
        (11, "GIF", Problem::Malformed { form: "NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L or PNG" }),
        (999, "", Problem::MissingImage),
        (999, "an iris", Problem::OtherCompression { compression: Compression::Png }),
    ] {
        assert_eq!(problem(number, value), expected, "17.{number:03} {value:?}");
    }
}

#[test]
fn a_first_query_refers_to_nothing_and_all_others_to_the_first() {
    for (code, with, without) in [
        ("IIQ1", false, true),
        ("IIQ2", true, false),
        ("IIQ3", true, false),
        ("IIR1", true, false),
        ("IIR2", true, false),
        ("IIR3", true, false),
        ("IERR", true, true),
    ] {
        let kind = PORTICO_IIS_1.kind(code).unwrap();
        let record = match kind {
            TransactionKind::Query(Step::First) => print(type_14(0, FingerPosition::Unknown)),
            _ => text(0),
        };
        let is_taken = |reference| new(TransactionInformation { reference, ..information(kind) }, vec![record.clone()]).is_ok();
        assert_eq!(is_taken(Some(number("PORTICO-2026-000000001"))), with, "{code}");
        assert_eq!(is_taken(None), without, "{code}");
    }
}

#[test]
fn no_later_query_carries_anything_of_the_body() {
    let biometric = |number| {
        let record_type = RecordType::new(number).unwrap();
        let body = Sensitive::new(vec![0; 20]);
        match number {
            4 => Record::HighResolutionPrint(type_4(1, FingerPosition::Unknown)),
            10 => face(1),
            14 => print(type_14(1, FingerPosition::Unknown)),
            _ if record_type.is_binary() => Record::Opaque(OpaqueRecord::binary(record_type, idc(1), body).unwrap()),
            _ => Record::Opaque(OpaqueRecord::tagged(record_type, idc(1), vec![], None).unwrap()),
        }
    };
    for step in [Step::Second, Step::Third] {
        for number in (3..=99).filter(|number| *number != 98) {
            let refusal = new(information(TransactionKind::Query(step)), vec![biometric(number)]).unwrap_err();
            let problems: Vec<Problem> = refusal.findings.iter().map(|finding| finding.problem).collect();
            assert!(problems.contains(&Problem::PrintsSentAgain), "Type-{number}: {problems:?}");
        }
    }
}

#[test]
fn a_missing_finger_is_a_record_but_no_print_to_compare() {
    let missing = VariableResolutionPrint {
        image: None,
        missing: vec![MissingFinger { finger: Finger::LeftThumb, absence: Absence::Amputated }],
        ..type_14(1, FingerPosition::One(Finger::LeftThumb))
    };
    let first = information(TransactionKind::Query(Step::First));
    let alone = new(first.clone(), vec![print(missing.clone())]).unwrap_err();
    assert_eq!(alone.findings[0].problem, Problem::TooFew { part: Part::Prints, least: 1 });
    let with_another = vec![print(missing), print(type_14(2, FingerPosition::One(Finger::RightThumb)))];
    let query = new(first, with_another).unwrap();
    assert_eq!(query.prints().count(), 1);
    assert_eq!(read(&query.to_bytes()), Ok(query));
}

#[test]
fn another_domain_is_refused_by_name_and_by_version() {
    for other in ["PORTICO-IIS", "PORTICO-IIS\u{1F}", "PORTICO-IIS\u{1F}1.1", "NORAM\u{1F}1.0", "portico-iis\u{1F}1.0"] {
        let refusal = read(&Draft::query().set(1, 13, other).bytes()).unwrap_err();
        assert_eq!(refusal.findings[0].problem, Problem::OtherDomain, "{other:?}");
    }
}
