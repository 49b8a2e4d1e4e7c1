//! Persons, records and waivers of all sorts, for tests here and of `agreement`.

use proptest::prelude::*;
use uuid::Uuid;

use super::super::Evidence;
use super::*;

pub(crate) fn coa(code: &str) -> Marker {
    Marker { evidence: Evidence::ClassOfAdmission(code.into()), effective_from: None, effective_to: None }
}

pub(crate) fn record(a_number: Option<&str>, codes: &[&str]) -> Record {
    let a_number = a_number.map(|number| Sensitive::new(ANumber::parse(number).unwrap()));
    Record { a_number, markers: Some(codes.iter().map(|code| coa(code)).collect()) }
}

pub(crate) fn waiver(number: u128, kind: WaiverKind, classes: &[Class], partners: &[Partner]) -> Waiver {
    let id = WaiverId::new(Uuid::from_u128(number));
    let (classes, partners) = (classes.iter().copied().collect(), partners.iter().copied().collect());
    Waiver::new(id, kind, classes, partners, "2010-03-05".parse().unwrap(), None).unwrap()
}

/// One code of each class, in the order of [`Class::ALL`] without sealed and unknown, and a code that nobody knows.
pub(crate) const CODES: [&str; 11] = ["B2", "IB1", "T1", "U1", "S5", "AS1", "RE1", "TPS", "W16", "NC6", "QX9"];

pub(crate) fn any_marker() -> impl Strategy<Value = Marker> {
    let evidence = prop_oneof![
        10 => prop::sample::select(&CODES[..]).prop_map(|code| Evidence::ClassOfAdmission(code.into())),
        10 => Just(Evidence::ClassOfAdmission("B2".into())),
        1 => Just(Evidence::Sealed),
        1 => Just(Evidence::Unreadable),
    ];
    let day = prop::option::weighted(0.3, (2000_i32..2030).prop_map(|year| NaiveDate::from_ymd_opt(year, 6, 1).unwrap()));
    (evidence, prop::option::of(Just("2001-01-01".parse().unwrap())), day)
        .prop_map(|(evidence, effective_from, effective_to)| Marker { evidence, effective_from, effective_to })
}

pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    let number = prop::option::of(prop::sample::select(&["A000000001", "A000000002", "A000000003"][..]));
    let markers = prop::option::weighted(0.95, prop::collection::vec(any_marker(), 0..4));
    (number, markers).prop_map(|(number, markers)| Record {
        a_number: number.map(|number| Sensitive::new(ANumber::parse(number).unwrap())),
        markers,
    })
}

pub(crate) fn any_cis() -> impl Strategy<Value = CisAnswer> {
    prop_oneof![
        3 => prop::collection::vec(any_marker(), 0..3).prop_map(CisAnswer::Markers),
        1 => Just(CisAnswer::Protected),
        6 => Just(CisAnswer::NotProtected),
        1 => Just(CisAnswer::Failed),
    ]
}

pub(crate) fn any_waivers() -> impl Strategy<Value = Vec<Waiver>> {
    let classes = prop::collection::btree_set(prop::sample::select(&Class::ALL[..]), 1..6);
    let partners = prop::collection::btree_set(prop::sample::select(&Partner::ALL[..]), 1..4);
    let kind = prop::sample::select(&WaiverKind::ALL[..]);
    let waiver = (any::<u128>(), kind, classes, partners, 2000_i32..2030, prop::option::of(1_i32..20)).prop_filter_map(
        "a memorandum without a class that it reaches",
        |(id, kind, classes, partners, from, years)| {
            let classes: BTreeSet<_> = classes.into_iter().filter(|class| kind.reaches(*class)).collect();
            let day = |year| NaiveDate::from_ymd_opt(year, 6, 1).unwrap();
            let id = WaiverId::new(Uuid::from_u128(id));
            Waiver::new(id, kind, classes, partners, day(from), years.map(|years| day(from + years))).ok()
        },
    );
    prop::collection::vec(waiver, 0..4)
}
