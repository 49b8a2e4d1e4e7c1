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
            });
        }
    }
    new(information(rules.kind), records).is_ok()
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
        assert_eq!([&taken[0], &taken[1], &taken[2]], [text, prints, faces], "{code}");
    }
    assert_eq!(PORTICO_IIS_1.kinds.len(), 7);
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
