//! The rules between records, and between a file and its domain.

use std::collections::BTreeSet;

use super::contents::Contents;
use super::cut::{RawFile, RawRecord};
use super::domain::{Domain, KindRules, Part, Reference};
use super::field::GS;
use super::finger::Finger;
use super::image::SMALLEST_PPI;
use super::problem::{Findings, Place, Problem};
use super::record::{Record, idc_of};
use super::tag::{Idc, RecordType, Tag};
use super::type_1::{ControlNumber, Resolution};
use super::type_4::ScanResolution;

/// How far into the data of an image a second tag of it is looked for.
const BEFORE_IMAGE: usize = 64;

/// Each field once.
pub(super) fn tags(file: &RawFile<'_>, found: &mut Findings) {
    for record in file.records() {
        let mut seen = BTreeSet::new();
        for field in record.fields() {
            if !seen.insert(field.number) {
                let tag = record.record_type().map(|record_type| Tag { record_type, field: field.number });
                found.add(Place { tag, offset: field.offset, ..record.place() }, Problem::DuplicateTag);
            }
        }
        if has_second_data(record) {
            found.add(record.place_of(999), Problem::DuplicateTag);
        }
    }
}

/// The data goes up to the record's end, so a second `nn.999` is inside it. A file of NIST's own has a short first one.
fn has_second_data(record: &RawRecord<'_>) -> bool {
    let (Some(field), Some(record_type)) = (record.field(999), record.record_type()) else { return false };
    let beginning = field.value.get(..BEFORE_IMAGE).unwrap_or(field.value);
    let begins_again = |rest: &[u8]| Tag::split(rest).is_some_and(|(tag, _)| tag == Tag { record_type, field: 999 });
    record_type.has_data() && beginning.split(|byte| *byte == GS).skip(1).any(begins_again)
}

/// `1.003` lists the records that are there, in their order.
pub(super) fn contents(file: &RawFile<'_>, found: &mut Findings) {
    let RawFile { first, others } = file;
    let place = first.place_of(Contents::FIELD);
    let Some(contents) = first.field(Contents::FIELD).and_then(|field| Contents::parse(field.value)) else { return };
    for stated in [contents.stated(), contents.listed()] {
        if stated != others.len() {
            return found.add(place, Problem::ContentsCount { stated, present: others.len() });
        }
    }
    for (index, record) in others.iter().enumerate() {
        let Some((record_type, idc)) = contents.entry(index) else { continue };
        let is_same_idc = idc_of_raw(record).is_none_or(|present| present == idc);
        if record.record_type() != Some(record_type) || !is_same_idc {
            found.add(record.place(), Problem::ContentsDiffer(record_type, idc));
        }
    }
}

/// None if the record has none that is legal, which is told where it is read.
fn idc_of_raw(record: &RawRecord<'_>) -> Option<Idc> {
    match record.binary() {
        Some(bytes) => idc_of(bytes),
        None => record.field(2).and_then(|field| std::str::from_utf8(field.value).ok()).and_then(Idc::parse),
    }
}

/// No two images have one IDC. A record of minutiae (Type-9) has that of the image it was made from, and texts have their own
/// count.
pub(super) fn idcs(file: &RawFile<'_>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for record in &file.others {
        let (Some(record_type), Some(idc)) = (record.record_type(), idc_of_raw(record)) else { continue };
        let counted_alone = Some(record_type).filter(|record_type| matches!(record_type.number(), 2 | 9 | 98));
        if !seen.insert((counted_alone, idc)) {
            found.add(record.place_of(2), Problem::SharedIdc);
        }
    }
}

/// What the domain says of this type of transaction.
pub(super) fn domain(file: &RawFile<'_>, domain: &Domain, found: &mut Findings) {
    let RawFile { first, others } = file;
    let kind = text_of(first, 4).and_then(|code| domain.kind(code));
    let Some(rules) = kind.and_then(|kind| domain.rules(kind)) else { return };
    reference(first, rules, found);
    for record in others {
        let Some(record_type) = record.record_type() else { continue };
        let is_allowed = Part::of(record_type).is_some_and(|part| rules.amount(part).most > 0);
        if is_allowed {
            continue;
        }
        let is_sent_again = rules.kind.is_follow_up() && record_type.is_biometric();
        let problem = if is_sent_again { Problem::PrintsSentAgain } else { Problem::RecordNotAllowed(record_type) };
        found.add(record.place(), problem);
    }
    for part in Part::ALL {
        amount(first, others, rules, part, found);
    }
}

fn text_of<'a>(record: &RawRecord<'a>, field: u32) -> Option<&'a str> {
    record.field(field).and_then(|field| std::str::from_utf8(field.value).ok())
}

fn reference(first: &RawRecord<'_>, rules: &KindRules, found: &mut Findings) {
    let reference = first.field(10);
    match rules.reference {
        Reference::Required if reference.is_none() => found.add(first.place_of(10), Problem::MissingReference),
        Reference::Forbidden if reference.is_some() => found.add(first.place_of(10), Problem::NeedlessReference),
        _ => {}
    }
    let own = first.field(9).map(|field| field.value);
    if reference.is_some_and(|reference| Some(reference.value) == own) {
        found.add(first.place_of(10), Problem::ReferenceToItself);
    }
}

/// Records of missing fingers count as records, but ask for no comparison.
fn amount(first: &RawRecord<'_>, others: &[RawRecord<'_>], rules: &KindRules, part: Part, found: &mut Findings) {
    let amount = rules.amount(part);
    let is_of_part = |record: &&RawRecord<'_>| record.record_type().and_then(Part::of) == Some(part);
    let has_image = |record: &&RawRecord<'_>| record.binary().is_some() || record.field(999).is_some();
    let all = others.iter().filter(is_of_part);
    let count = all.clone().count();
    let with_image = all.filter(|record| part != Part::Prints || has_image(record)).count();
    if with_image < amount.least {
        found.add(first.place_of(Contents::FIELD), Problem::TooFew { part, least: amount.least });
    }
    // Of what is not allowed at all, each record was told of already.
    if count > amount.most && amount.most > 0 {
        found.add(first.place_of(Contents::FIELD), Problem::TooMany { part, most: amount.most });
    }
}

/// `1.011` and `1.012` are for Type-4 records, and say 00.00 if there are none.
pub(super) fn resolutions(file: &RawFile<'_>, found: &mut Findings) {
    let RawFile { first, others } = file;
    // Of what kind a binary record is, nobody knows without the list.
    if others.iter().any(|record| record.record_type().is_none()) {
        return;
    }
    let has_type_4 = others.iter().any(|record| record.record_type() == Some(RecordType::HIGH_RESOLUTION_PRINT));
    for field in [11, 12] {
        let Some(resolution) = text_of(first, field).and_then(Resolution::parse) else { continue };
        match (has_type_4, resolution.is_none()) {
            (true, true) => found.add(first.place_of(field), Problem::MissingResolution),
            (false, false) => found.add(first.place_of(field), Problem::NeedlessResolution),
            _ => {}
        }
    }
}

/// The rules between fingerprints: the native resolution is fine enough for those that were scanned at it, and no finger comes
/// twice.
pub(super) fn prints(first: &RawRecord<'_>, records: &[(&RawRecord<'_>, Record)], found: &mut Findings) {
    let native = text_of(first, 11).and_then(Resolution::parse).filter(|resolution| !resolution.is_none());
    let mut seen: BTreeSet<Finger> = BTreeSet::new();
    for (raw, record) in records {
        for finger in fingers_of(record) {
            if !seen.insert(finger) {
                found.add(raw.place_of(position_field(raw)), Problem::FingerTwice(finger));
            }
        }
        let Record::HighResolutionPrint(print) = record else { continue };
        let ppi = native.filter(|_| print.scanned_at == ScanResolution::Native).map(Resolution::ppi);
        if let Some(ppi) = ppi.filter(|ppi| *ppi < SMALLEST_PPI) {
            found.add(raw.place_of(5), Problem::ResolutionTooLow { ppi });
        }
    }
}

/// FGP: `4.004` or `14.013`.
const fn position_field(raw: &RawRecord<'_>) -> u32 {
    if raw.binary().is_some() { 4 } else { 13 }
}

/// A plain thumb is the same finger as a rolled one, and the fingers of a hand in one image are those that have a place in it: of
/// a Type-4 none, which is told where it is read.
pub(super) fn fingers_of(record: &Record) -> Vec<Finger> {
    match record {
        Record::HighResolutionPrint(print) => {
            let position = print.positions.certain().filter(|position| !position.is_slap());
            position.map(|position| position.fingers().to_vec()).unwrap_or_default()
        }
        Record::VariableResolutionPrint(print) => print.fingers(),
        Record::Text(_) | Record::Opaque(_) => Vec::new(),
    }
}

/// `1.009`, if it is legal.
pub(super) fn control_number(first: &RawRecord<'_>) -> Option<ControlNumber> {
    text_of(first, 9).and_then(ControlNumber::parse)
}
