//! The list of a file's records (`1.003`, CNT): binary records have their type from nowhere else.

use super::digits;
use super::field::{RS, US};
use super::tag::{Idc, RecordType};

/// Most entries of the list: its count has at most three digits.
const MOST_ENTRIES: usize = 999;

/// What `1.003` says: `1␟n`, then a pair of a record type and an IDC for each of the n records after the first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contents {
    stated: usize,
    entries: Vec<(RecordType, Idc)>,
}

impl Contents {
    /// Its field of a Type-1 record.
    pub(super) const FIELD: u32 = 3;

    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let mut pairs = value.split(|byte| *byte == RS).take(MOST_ENTRIES + 2);
        let (first, stated) = pair(pairs.next()?)?;
        if digits::number(first, 2)? != 1 {
            return None;
        }
        let stated = usize::try_from(digits::number(stated, 3)?).ok()?;
        let entries = pairs.map(entry).collect::<Option<Vec<_>>>().filter(|entries| entries.len() <= MOST_ENTRIES)?;
        Some(Self { stated, entries })
    }

    /// How many records it says follow the first. Files were seen whose pairs are more or fewer.
    pub(super) const fn stated(&self) -> usize {
        self.stated
    }

    pub(super) fn listed(&self) -> usize {
        self.entries.len()
    }

    /// Of the records after the first, counted from 0.
    pub(super) fn entry(&self, index: usize) -> Option<(RecordType, Idc)> {
        self.entries.get(index).copied()
    }
}

fn entry(subfield: &[u8]) -> Option<(RecordType, Idc)> {
    let (record_type, idc) = pair(subfield)?;
    let record_type = u8::try_from(digits::number(record_type, 2)?).ok().and_then(RecordType::new)?;
    Some((record_type, Idc::parse(idc)?))
}

fn pair(subfield: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(subfield).ok()?.split_once(char::from(US))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_a_count_and_pairs() {
        let contents = Contents::parse(b"1\x1F2\x1E2\x1F00\x1E14\x1F1").unwrap();
        assert_eq!((contents.stated(), contents.listed()), (2, 2));
        let numbers = |(record_type, idc): (RecordType, Idc)| (record_type.number(), idc.number());
        assert_eq!([0, 1, 2].map(|index| contents.entry(index).map(numbers)), [Some((2, 0)), Some((14, 1)), None]);
        assert_eq!(Contents::parse(b"1\x1F0").unwrap().listed(), 0);
        for bad in ["", "1", "2\u{1F}0", "1\u{1F}", "1\u{1F}1000", "1\u{1F}1\u{1E}", "1\u{1F}1\u{1E}2", "1\u{1F}1\u{1E}2\u{1F}100"]
        {
            assert_eq!(Contents::parse(bad.as_bytes()), None, "{bad:?}");
        }
        let long = format!("1\u{1F}999{}", "\u{1E}2\u{1F}0".repeat(1000));
        assert_eq!(Contents::parse(long.as_bytes()), None);
    }
}
