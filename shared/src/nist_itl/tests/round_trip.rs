//! What is written is read as it was, and what is read is written as it was.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

/// A size, a compression, and bytes that are an image of both.
fn images() -> impl Strategy<Value = (Pixels, Compression, Vec<u8>)> {
    let side = SHORTEST_SIDE..=LONGEST_SIDE;
    let noise = prop::collection::vec(any::<u8>(), 0..60);
    (side.clone(), side, select(Compression::ALL.to_vec()), noise).prop_map(|(width, height, compression, noise)| {
        let begun = |magic: &[u8]| [magic, &noise].concat();
        let size = Pixels { width, height };
        match compression {
            Compression::None => {
                let size = Pixels { width: SHORTEST_SIDE, height: SHORTEST_SIDE };
                let bytes = noise.iter().copied().chain(std::iter::repeat(0x1C));
                (size, compression, bytes.take(usize::from(SHORTEST_SIDE).pow(2)).collect())
            }
            Compression::Wsq => (size, compression, [wsq(size), noise].concat()),
            Compression::Jpeg | Compression::JpegLossless => (size, compression, begun(b"\xFF\xD8\xFF")),
            Compression::Jpeg2000 | Compression::Jpeg2000Lossless => (size, compression, begun(b"\0\0\0\x0CjP  \r\n\x87\n")),
            Compression::Png => (size, compression, begun(b"\x89PNG\r\n\x1A\n")),
        }
    })
}

/// Texts with everything but separators.
fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>().prop_filter("a separator", |c| !('\u{1C}'..='\u{1F}').contains(c)), 1..12)
        .prop_map(String::from_iter)
}

fn fields(numbers: std::ops::Range<u32>) -> impl Strategy<Value = Vec<Field>> {
    prop::collection::btree_map(numbers, prop::collection::vec(prop::collection::vec(texts(), 1..3), 1..3), 0..4).prop_map(
        |fields| {
            let field = |(number, subfields): (u32, Vec<Vec<String>>)| {
                let subfields: Vec<Vec<&str>> = subfields.iter().map(|items| items.iter().map(String::as_str).collect()).collect();
                Field::new(number, &subfields.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap()
            };
            fields.into_iter().map(field).collect()
        },
    )
}

fn type_4s(position: FingerPosition) -> impl Strategy<Value = Record> {
    (images(), select(Impression::ALL.to_vec()), any::<bool>()).prop_map(move |((size, compression, image), impression, native)| {
        Record::HighResolutionPrint(HighResolutionPrint {
            impression,
            scanned_at: if native { ScanResolution::Native } else { ScanResolution::Minimum },
            size,
            compression,
            image: Sensitive::new(image),
            ..type_4(0, position)
        })
    })
}

/// Of a hand each finger that the strategy chose, in a column of its own.
fn type_14s(position: FingerPosition) -> impl Strategy<Value = Record> {
    let fingers = position.fingers().to_vec();
    let shown = if position.is_slap() { subsequence(fingers.clone(), 1..=fingers.len()).boxed() } else { Just(vec![]).boxed() };
    let scale = prop_oneof![(450_u16..2000).prop_map(Scale::PerInch), (178_u16..900).prop_map(Scale::PerCentimetre)];
    let score = select(vec![1, 5, 254, 255]);
    (images(), scale, shown, select(Impression::ALL.to_vec()), option::of(score), fields(40..900)).prop_map(
        move |((size, compression, data), scale, shown, impression, score, others)| {
            let segment = |(column, finger): (u16, Finger)| Segment {
                finger,
                left: column * 20,
                right: column * 20 + 20,
                top: 0,
                bottom: size.height,
            };
            let finger = fingers.first().copied().filter(|_| score.is_some());
            print(VariableResolutionPrint {
                impression,
                image: Some(VariableImage { size, scale, compression, data: Sensitive::new(data) }),
                segments: (0..).zip(shown).map(segment).collect(),
                nist_quality: finger.and_then(|finger| NistQuality::new(finger, score?)).into_iter().collect(),
                quality: finger.and_then(|finger| Quality::new(finger, 100, 0xBEEF, u16::MAX)).into_iter().collect(),
                missing: finger.map(|finger| MissingFinger { finger, absence: Absence::Scar }).into_iter().collect(),
                others,
                ..type_14(0, position)
            })
        },
    )
}

/// Prints that have no finger in common.
fn prints() -> impl Strategy<Value = Vec<Record>> {
    let single: Vec<FingerPosition> = Finger::ALL.into_iter().map(FingerPosition::One).collect();
    let flat = vec![
        FingerPosition::PlainRightThumb,
        FingerPosition::PlainLeftThumb,
        FingerPosition::RightFour,
        FingerPosition::LeftFour,
        FingerPosition::RightExtra,
        FingerPosition::Unknown,
    ];
    let positions = prop_oneof![subsequence(single, 1..=10), subsequence(flat, 1..=6)];
    positions.prop_flat_map(|positions| {
        let record = |position: FingerPosition| {
            if position.is_slap() {
                return type_14s(position).boxed();
            }
            prop_oneof![type_4s(position), type_14s(position)].boxed()
        };
        positions.into_iter().map(record).collect::<Vec<_>>()
    })
}

fn records_of(kind: TransactionKind) -> BoxedStrategy<Vec<Record>> {
    let text = fields(3..999_999).prop_map(|fields| Record::Text(DescriptiveText { idc: idc(0), fields }));
    match kind {
        TransactionKind::Query(Step::First) => {
            (option::of(text), prints()).prop_map(|(text, prints)| text.into_iter().chain(prints).collect()).boxed()
        }
        TransactionKind::Query(_) => option::of(text).prop_map(|text| text.into_iter().collect()).boxed(),
        TransactionKind::Response(Step::First) => {
            (text, 0..2_usize).prop_map(|(text, faces)| std::iter::once(text).chain(vec![face(0); faces]).collect()).boxed()
        }
        TransactionKind::Response(_) => (text, prints(), 0..3_usize)
            .prop_map(|(text, prints, faces)| std::iter::once(text).chain(prints).chain(vec![face(0); faces]).collect())
            .boxed(),
        TransactionKind::Error => text.prop_map(|text| vec![text]).boxed(),
        TransactionKind::Capture(_) => unreachable!("partners send no captures"),
    }
}

fn with_idc(record: Record, number: u8) -> Record {
    let idc = idc(number);
    match record {
        Record::Text(record) => Record::Text(DescriptiveText { idc, ..record }),
        Record::HighResolutionPrint(record) => Record::HighResolutionPrint(HighResolutionPrint { idc, ..record }),
        Record::VariableResolutionPrint(record) => print(VariableResolutionPrint { idc, ..*record }),
        Record::Opaque(_) => face(number),
    }
}

fn informations(kind: TransactionKind) -> impl Strategy<Value = TransactionInformation> {
    let number = "[!-~]{10,40}";
    (
        select(Version::ALL.to_vec()),
        0..400_u64,
        option::of(select(vec![1, 4, 9])),
        "[!-~]([ -~]{0,62}[!-~])?",
        number,
        fields(16..999),
    )
        .prop_map(move |(version, days, urgency, agency, control_number, others)| {
            let of = |urgency| match urgency {
                1 => Urgency::of(Priority::High),
                4 => Urgency::of(Priority::Medium),
                _ => Urgency::of(Priority::Low),
            };
            TransactionInformation {
                version,
                date: today() - chrono::Days::new(days),
                urgency: urgency.map(of),
                origin: AgencyId::parse(&agency).unwrap(),
                control_number: ControlNumber::parse(&control_number).unwrap(),
                sent_at: urgency.and_then(|_| today().and_hms_opt(0, 0, 59)),
                encoding: urgency.map(|_| TextEncoding::utf_8()),
                others,
                ..information(kind)
            }
        })
}

/// What a program could want to send.
fn transactions() -> impl Strategy<Value = (TransactionInformation, Vec<Record>)> {
    let kinds: Vec<TransactionKind> = PORTICO_IIS_1.kinds.iter().map(|rules| rules.kind).collect();
    select(kinds).prop_flat_map(|kind| (informations(kind), records_of(kind))).prop_map(|(information, records)| {
        let has_type_4 = records.iter().any(|record| record.record_type() == RecordType::HIGH_RESOLUTION_PRINT);
        let resolution = if has_type_4 { Resolution::PPI_500 } else { Resolution::NONE };
        let records = (0..).zip(records).map(|(number, record)| with_idc(record, number)).collect();
        (TransactionInformation { native_resolution: resolution, nominal_resolution: resolution, ..information }, records)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_written_is_read_as_it_was((information, records) in transactions()) {
        let sent = new(information.clone(), records.clone());
        let sent = sent.map_err(|refusal| TestCaseError::fail(format!("{:#?}", refusal.findings)))?;
        prop_assert_eq!((sent.information(), sent.records()), (&information, records.as_slice()));
        let bytes = sent.to_bytes();
        let read = read(&bytes);
        prop_assert_eq!(read.as_ref(), Ok(&sent));
        prop_assert_eq!(read.unwrap().to_bytes(), bytes);
    }

    #[test]
    fn a_file_in_another_form_is_written_in_the_canonical_one((information, records) in transactions()) {
        let sent = new(information, records).unwrap();
        let other = Draft::of(&sent.to_bytes()).bytes();
        prop_assert_eq!(read(&other).map(|read| read.to_bytes()), Ok(sent.to_bytes()));
    }
}

#[test]
fn a_length_counts_its_own_digits() {
    for padding in 0..1200 {
        let fields = vec![Field::text(3, &"x".repeat(padding + 1)).unwrap()];
        let text = Record::Text(DescriptiveText { idc: idc(0), fields });
        let sent = new(information(TransactionKind::Query(Step::Second)), vec![text]).unwrap();
        let bytes = sent.to_bytes();
        let at = bytes.windows(6).position(|window| window == b"2.001:").unwrap();
        let length = String::from_utf8_lossy(&bytes[at + 6..]).split('\u{1D}').next().unwrap().to_owned();
        assert_eq!(length, (bytes.len() - at).to_string());
    }
}
