//! Whatever the bytes are: an answer, no panic, and no more findings than are told.

use proptest::prelude::*;

use super::*;

/// What can be relied on after any file.
fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    match read(bytes) {
        Ok(taken) => {
            let again = read(&taken.to_bytes());
            prop_assert_eq!(again.as_ref(), Ok(&taken));
        }
        Err(refusal) => {
            prop_assert!((1..=MOST_FINDINGS).contains(&refusal.findings.len()));
            prop_assert!(refusal.findings.iter().all(|finding| finding.place.offset <= bytes.len()));
            prop_assert!(!refusal.to_string().is_empty());
        }
    }
    Ok(())
}

/// Bytes that are much of what a file is made of.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\x1C".to_vec()),
        Just(b"\x1D".to_vec()),
        Just(b"\x1E".to_vec()),
        Just(b"\x1F".to_vec()),
        (0..100_u8, 0..30_u16).prop_map(|(record, field)| format!("{record}.{field:03}:").into_bytes()),
        (0..100_u8).prop_map(|record| format!("{record}.999:").into_bytes()),
        any::<u16>().prop_map(|number| number.to_string().into_bytes()),
        (0..400_u32).prop_map(|length| length.to_be_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
        Just(wsq(SIZE)),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A change of a file.
#[derive(Debug, Clone)]
enum Change {
    Flip(usize, u8),
    Cut(usize, usize),
    Put(usize, Vec<u8>),
    Repeat(usize, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<prop::sample::Index>().prop_map(|index| index.index(2000));
    let length = 0..60_usize;
    let change = prop_oneof![
        4 => (at.clone(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        1 => (at.clone(), length.clone()).prop_map(|(at, length)| Change::Cut(at, length)),
        1 => (at.clone(), likely()).prop_map(|(at, bytes)| Change::Put(at, bytes)),
        1 => (at, length).prop_map(|(at, length)| Change::Repeat(at, length)),
    ];
    prop::collection::vec(change, 1..6)
}

fn changed(mut file: Vec<u8>, changes: Vec<Change>) -> Vec<u8> {
    for change in changes {
        let from = |at: usize| at.min(file.len());
        match change {
            Change::Flip(at, bit) => {
                if let Some(byte) = file.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            Change::Cut(at, length) => {
                file.drain(from(at)..from(at + length));
            }
            Change::Put(at, bytes) => {
                file.splice(from(at)..from(at), bytes);
            }
            Change::Repeat(at, length) => {
                let part = file[from(at)..from(at + length)].to_vec();
                file.splice(from(at)..from(at), part);
            }
        }
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        holds(&bytes)?;
        holds(&[b"1.001:".as_slice(), &bytes].concat())?;
    }

    #[test]
    fn likely_bytes_are_answered(bytes in likely(), with_first in any::<bool>()) {
        let first = if with_first { Draft(Draft::query().0[..1].to_vec()).bytes() } else { vec![] };
        holds(&[first, bytes].concat())?;
    }

    #[test]
    fn a_changed_file_is_answered(changes in changes()) {
        holds(&changed(query().to_bytes(), changes))?;
    }

    /// The lengths are put right again, so that the change gets further in.
    #[test]
    fn a_changed_field_is_answered(record in 0..4_usize, field in any::<prop::sample::Index>(), value in likely()) {
        let mut draft = Draft::query();
        let record = [1, 2, 4, 5][record];
        let fields = draft.fields(record);
        let number = fields[field.index(fields.len())].0;
        holds(&draft.set(record, number, value).bytes())?;
    }

    #[test]
    fn a_changed_header_is_answered(at in 0..40_usize, byte in any::<u8>()) {
        holds(&Draft::query().set_byte(3, at, byte).bytes())?;
    }
}

/// A flipped bit makes another transaction that keeps the rules, or none: it never goes unseen.
#[test]
fn no_bit_can_be_flipped_unseen() {
    let query = query();
    let file = query.to_bytes();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            holds(&flipped).unwrap();
            assert_ne!(read(&flipped).as_ref(), Ok(&query), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn each_beginning_of_a_file_is_refused() {
    let file = query().to_bytes();
    for length in 0..file.len() {
        assert!(read(&file[..length]).is_err(), "{length} bytes");
    }
    assert!(read(&file).is_ok());
}

#[test]
fn a_file_that_is_meant_to_cost_memory_costs_little() {
    let first = information(TransactionKind::Query(Step::Second));
    let file = |value: Vec<u8>| {
        let draft = Draft::of(&new(first.clone(), vec![text(0)]).unwrap().to_bytes());
        draft.set(2, 37, value).bytes()
    };
    let most = MOST_BYTES - 1000;
    let separators = file(vec![0x1E; most]);
    let taken = read(&separators).unwrap();
    assert_eq!(taken.records().len(), 1, "a field of separators is kept as its bytes");
    let fields = file(b"\x1D2.5:".repeat(most / 5));
    assert_eq!(read(&fields).unwrap_err().findings[0].problem, Problem::TooManyFields);
    let duplicates = file(b"\x1D2.5:".repeat(900));
    assert_eq!(read(&duplicates).unwrap_err().findings.len(), MOST_FINDINGS);
}
