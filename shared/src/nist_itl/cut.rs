//! A file cut into records and fields. Each record is as long as its LEN says: the bytes of an image may look like separators.

use super::contents::Contents;
use super::digits;
use super::field::{FS, GS};
use super::problem::{Finding, Place, Problem};
use super::tag::{RecordType, Tag};
use super::{MOST_BYTES, MOST_RECORDS};

/// Field numbers of the standard, 1 to 999. A record with more fields has one of them twice, or is meant to cost memory.
const MOST_FIELDS: usize = 999;
/// LEN (4 bytes) and IDC (1 byte) begin every binary record.
pub(super) const SHORTEST_BINARY: usize = 5;

/// A file as its bytes are.
pub(super) struct RawFile<'a> {
    /// The Type-1 record.
    pub(super) first: RawRecord<'a>,
    pub(super) others: Vec<RawRecord<'a>>,
}

impl<'a> RawFile<'a> {
    pub(super) fn records(&self) -> impl Iterator<Item = &RawRecord<'a>> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// A record as its bytes are. No `Debug`: they are a person's.
pub(super) struct RawRecord<'a> {
    /// Counted from 1.
    number: usize,
    /// Bytes before it in the file.
    offset: usize,
    /// The bytes that LEN counts.
    length: usize,
    /// Of a binary record what `1.003` says; none if that says nothing or no binary type.
    record_type: Option<RecordType>,
    body: RawBody<'a>,
}

enum RawBody<'a> {
    Tagged(Vec<RawField<'a>>),
    Binary(&'a [u8]),
}

/// A field as its bytes are.
#[derive(Clone, Copy)]
pub(super) struct RawField<'a> {
    pub(super) number: u32,
    pub(super) offset: usize,
    pub(super) value: &'a [u8],
}

impl<'a> RawRecord<'a> {
    pub(super) const fn record_type(&self) -> Option<RecordType> {
        self.record_type
    }

    /// None of a binary record.
    pub(super) fn fields(&self) -> &[RawField<'a>] {
        match &self.body {
            RawBody::Tagged(fields) => fields,
            RawBody::Binary(_) => &[],
        }
    }

    /// The first field of a number.
    pub(super) fn field(&self, number: u32) -> Option<RawField<'a>> {
        self.fields().iter().find(|field| field.number == number).copied()
    }

    /// All bytes of a binary record, LEN and IDC among them.
    pub(super) const fn binary(&self) -> Option<&'a [u8]> {
        match self.body {
            RawBody::Binary(bytes) => Some(bytes),
            RawBody::Tagged(_) => None,
        }
    }

    pub(super) const fn place(&self) -> Place {
        Place { record: self.number, tag: None, offset: self.offset }
    }

    /// The place of a field; of one that is missing, that of the record.
    pub(super) fn place_of(&self, field: u32) -> Place {
        let offset = match self.body {
            RawBody::Tagged(_) => self.field(field).map_or(self.offset, |field| field.offset),
            RawBody::Binary(_) => self.offset + in_binary_header(field),
        };
        let tag = self.record_type.map(|record_type| Tag { record_type, field });
        Place { record: self.number, tag, offset }
    }
}

/// Bytes before a field in the header of a Type-4 record. The first two are those of each binary record.
const fn in_binary_header(field: u32) -> usize {
    match field {
        2 => 4,
        3 => 5,
        4 => 6,
        5 => 12,
        6 => 13,
        7 => 15,
        8 => 17,
        9 => 18,
        _ => 0,
    }
}

/// All records of a file.
///
/// # Errors
/// The first thing that is wrong with the structure: what follows could only be guessed.
pub(super) fn cut(bytes: &[u8]) -> Result<RawFile<'_>, Finding> {
    let first = cut_first(bytes)?;
    let contents = first.field(Contents::FIELD).and_then(|field| Contents::parse(field.value));
    let mut offset = first.length;
    let mut others = Vec::new();
    while offset < bytes.len() {
        let at = Cutter { bytes, number: others.len() + 2, offset };
        if at.number > MOST_RECORDS {
            return Err(at.finding(Problem::TooManyRecords));
        }
        let record = at.record(contents.as_ref())?;
        offset += record.length;
        others.push(record);
    }
    Ok(RawFile { first, others })
}

/// The Type-1 record alone.
pub(super) fn cut_first(bytes: &[u8]) -> Result<RawRecord<'_>, Finding> {
    let at = Cutter { bytes, number: 1, offset: 0 };
    if bytes.is_empty() {
        return Err(at.finding(Problem::Empty));
    }
    if bytes.len() > MOST_BYTES {
        return Err(at.finding(Problem::TooLarge { bytes: bytes.len() }));
    }
    match Tag::split(bytes) {
        Some((Tag { record_type: RecordType::TRANSACTION, field: 1 }, _)) => at.tagged(),
        _ => Err(at.finding(Problem::NoTypeOne)),
    }
}

/// A place in a file where a record begins.
#[derive(Clone, Copy)]
struct Cutter<'a> {
    bytes: &'a [u8],
    number: usize,
    offset: usize,
}

impl<'a> Cutter<'a> {
    fn rest(self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    const fn finding(self, problem: Problem) -> Finding {
        Finding { place: Place { record: self.number, tag: None, offset: self.offset }, problem }
    }

    /// A finding so many bytes after the record's beginning.
    const fn finding_at(self, bytes: usize, tag: Option<Tag>, problem: Problem) -> Finding {
        Finding { place: Place { record: self.number, tag, offset: self.offset + bytes }, problem }
    }

    /// A tagged record begins with a digit. A binary one cannot: its LEN would be over 800 million.
    fn record(self, contents: Option<&Contents>) -> Result<RawRecord<'a>, Finding> {
        let rest = self.rest();
        if rest.first().is_some_and(u8::is_ascii_digit) {
            return self.tagged();
        }
        let is_listed = contents.is_none_or(|contents| self.number - 2 < contents.stated());
        if !is_listed || rest.len() < SHORTEST_BINARY {
            return Err(self.finding(Problem::TrailingBytes { bytes: rest.len() }));
        }
        self.binary(contents)
    }

    fn binary(self, contents: Option<&Contents>) -> Result<RawRecord<'a>, Finding> {
        let length = self.rest().first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length));
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let record = self.measured(length)?;
        if length < SHORTEST_BINARY {
            return Err(self.finding(Problem::BadLength));
        }
        let listed = contents.and_then(|contents| contents.entry(self.number - 2)).map(|(record_type, _)| record_type);
        let record_type = listed.filter(|record_type| record_type.is_binary());
        Ok(RawRecord { number: self.number, offset: self.offset, length, record_type, body: RawBody::Binary(record) })
    }

    fn tagged(self) -> Result<RawRecord<'a>, Finding> {
        let rest = self.rest();
        let (tag, value) = Tag::split(rest).ok_or_else(|| self.finding(Problem::BadTag))?;
        if tag.record_type.is_binary() {
            return Err(self.finding_at(0, Some(tag), Problem::BadTag));
        }
        if tag.field != 1 {
            return Err(self.finding_at(0, Some(tag), Problem::BadLength));
        }
        let length = length_of(rest, value).ok_or_else(|| self.finding_at(0, Some(tag), Problem::BadLength))?;
        let record = self.measured(length)?;
        let Some((&FS, text)) = record.split_last() else {
            return Err(self.finding_at(0, Some(tag), Problem::NoRecordEnd));
        };
        let fields = self.fields(text, tag.record_type)?;
        let record_type = Some(tag.record_type);
        Ok(RawRecord { number: self.number, offset: self.offset, length, record_type, body: RawBody::Tagged(fields) })
    }

    /// The bytes of the record, if the file has so many.
    fn measured(self, length: usize) -> Result<&'a [u8], Finding> {
        let rest = self.rest();
        rest.get(..length).ok_or_else(|| self.finding(Problem::CutOff { length, left: rest.len() }))
    }

    fn fields(self, text: &'a [u8], record_type: RecordType) -> Result<Vec<RawField<'a>>, Finding> {
        let mut fields = Vec::new();
        let mut at = 0;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let (tag, value_at) = Tag::split(rest).ok_or_else(|| self.finding_at(at, None, Problem::BadTag))?;
            if tag.record_type != record_type {
                return Err(self.finding_at(at, Some(tag), Problem::ForeignTag(tag.record_type)));
            }
            if fields.len() == MOST_FIELDS {
                return Err(self.finding_at(at, Some(tag), Problem::TooManyFields));
            }
            // The data of an image goes up to the record's end, whatever bytes it has.
            let is_data = record_type.has_data() && tag.field == 999;
            let end = if is_data { None } else { rest.iter().position(|byte| *byte == GS) };
            let value = rest.get(value_at..end.unwrap_or(rest.len())).unwrap_or_default();
            if !is_data && value.contains(&FS) {
                return Err(self.finding_at(at, Some(tag), Problem::RecordEndInside));
            }
            fields.push(RawField { number: tag.field, offset: self.offset + at, value });
            let Some(end) = end else { return Ok(fields) };
            at += end + 1;
        }
    }
}

/// The length that a tagged record states, from where its value begins.
fn length_of(record: &[u8], value: usize) -> Option<usize> {
    let value = record.get(value..)?;
    // A file of the largest size has 8 digits; old writers pad with zeros.
    let end = value.iter().take(11).position(|byte| *byte == GS || *byte == FS)?;
    let length = std::str::from_utf8(value.get(..end)?).ok().and_then(|text| digits::number(text, 10))?;
    usize::try_from(length).ok()
}
