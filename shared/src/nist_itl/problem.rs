//! What is wrong with a file, where, and what its sender can do. Nothing here repeats a value that may be a person's.

use std::fmt;

use thiserror::Error;

use super::domain::Part;
use super::finger::Finger;
use super::image::{Compression, Pixels};
use super::tag::{Idc, RecordType, Tag};
use super::type_1::ControlNumber;
use super::wsq::WsqError;
use super::{LONGEST_SIDE, MOST_BYTES, MOST_RECORDS, SHORTEST_SIDE, SMALLEST_PPI};

/// Most findings of one file that are told. More would be the same mistake again.
pub const MOST_FINDINGS: usize = 200;

/// Where something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1, as people count: the Type-1 record is the first.
    pub record: usize,
    /// None if it is no single field's, or if nobody can tell the record's type.
    pub tag: Option<Tag>,
    /// Bytes before it in the file: before the field if the record has it, else before the record.
    pub offset: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {} ", self.record)?;
        if let Some(tag) = self.tag {
            write!(f, "field {tag} ")?;
        }
        write!(f, "(byte {})", self.offset)
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{place}: {problem}")]
pub struct Finding {
    pub place: Place,
    pub problem: Problem,
}

/// Why a file is not taken: everything that was found, and the number under which its sender can be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the file is not taken, for {} reasons; the first: {}", findings.len(), first_of(findings))]
pub struct Refusal {
    /// `1.009`, if it could be read: the reference of an error message.
    pub control_number: Option<ControlNumber>,
    /// At least one, at most [`MOST_FINDINGS`], in the order of the checks.
    pub findings: Vec<Finding>,
}

fn first_of(findings: &[Finding]) -> String {
    findings.first().map(ToString::to_string).unwrap_or_default()
}

/// What can be wrong with a file. The field numbers are those of ANSI/NIST-ITL 1-2011, update 2013.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Problem {
    // The structure. One of these ends the reading: what follows would be guessed.
    #[error("the file is empty; send a file that begins with its Type-1 record")]
    Empty,
    #[error("the file has {bytes} bytes and at most {MOST_BYTES} are taken; send fewer or smaller images")]
    TooLarge { bytes: usize },
    #[error("the file does not begin with `1.001:`; send the traditional encoding, with the Type-1 record first")]
    NoTypeOne,
    #[error("there are more than {MOST_RECORDS} records; send fewer")]
    TooManyRecords,
    #[error("the record's LEN is not the number of its bytes; write the length of the whole record there, in digits")]
    BadLength,
    #[error("LEN says {length} bytes and the file has {left} more; send the whole file, or correct LEN")]
    CutOff { length: usize, left: usize },
    #[error("the last byte that LEN counts is not FS (1C); correct LEN, and end the record with FS")]
    NoRecordEnd,
    #[error("FS (1C) stands inside the record that LEN measures; correct LEN, and take FS out of texts")]
    RecordEndInside,
    #[error("{bytes} bytes follow the last record; correct each LEN, and add nothing after the last record")]
    TrailingBytes { bytes: usize },
    #[error("no tag such as `14.013:` of a record with tags begins here; correct LEN or the separators before it")]
    BadTag,
    #[error("the tag is of a {0} record, inside another record; correct LEN or the tag")]
    ForeignTag(RecordType),
    #[error("the record has more fields than there are field numbers; send each field once")]
    TooManyFields,

    // Fields.
    #[error("the field is there twice; send it once, several values as its subfields")]
    DuplicateTag,
    #[error("the field is missing or empty; send it")]
    MissingField,
    #[error("the field is not in its form; write {form}")]
    Malformed { form: &'static str },
    #[error("the record is shorter than its header; send all of its header, and correct LEN")]
    ShortHeader,

    // Type-1.
    #[error("the version is not known; write 0200, 0201, 0300, 0400, 0500, 0501 or 0502")]
    UnknownVersion,
    #[error("the day is in the future; correct the day, or the clock of the sending system")]
    FutureDate,
    #[error("the domain has no such type of transaction; write one of its own")]
    UnknownKind,
    #[error("the file is for another domain; write the name and the version of the domain that was agreed on")]
    OtherDomain,
    #[error("a control number has 10 to 40 visible ASCII characters; write one of that form")]
    BadControlNumber,
    #[error("the list of records is not `1␟n` and n pairs of a record type and an IDC; write it so")]
    BadContents,
    #[error("the list says {stated} records after the first and there are {present}; list each record, and send each listed one")]
    ContentsCount { stated: usize, present: usize },
    #[error("the list says {} IDC {} here; list the records in their order, each with its own IDC", .0, .1.number())]
    ContentsDiffer(RecordType, Idc),
    #[error("another record has the same IDC; give each image a number of its own")]
    SharedIdc,
    #[error("the resolution is 00.00 though there are Type-4 records; write 19.69 for 500 pixels per inch")]
    MissingResolution,
    #[error("a resolution is stated though there is no Type-4 record; write 00.00")]
    NeedlessResolution,

    // The domain.
    #[error("the transaction must refer to the first one; write its control number in 1.010")]
    MissingReference,
    #[error("the transaction is the first and must refer to none; leave 1.010 out")]
    NeedlessReference,
    #[error("the transaction refers to itself; write the control number of the first transaction in 1.010")]
    ReferenceToItself,
    #[error("a later query must carry the first query's number and nothing of the body (SOR/2002-227 s. 315.38); take it out")]
    PrintsSentAgain,
    #[error("this type of transaction has no {0} records; take it out")]
    RecordNotAllowed(RecordType),
    #[error("there must be at least {least} {part}; add what is missing")]
    TooFew { part: Part, least: usize },
    #[error("there must be at most {most} {part}; take the others out")]
    TooMany { part: Part, most: usize },
    #[error("only photographs of a face are taken; write FACE, or take the record out")]
    NotAFace,

    // Fingerprints.
    #[error("no such finger position; write 0 to 17, of a Type-4 in the first byte, with 255 in those that are not used")]
    IllegalFinger,
    #[error("no such kind of impression of a finger; write a code of table 7")]
    IllegalImpression,
    #[error("the {0} was sent already; send each finger once")]
    FingerTwice(Finger),
    #[error("fingers in one image cannot be told apart; send a Type-14 with each finger's place in 14.021")]
    SlapWithoutSegments,
    #[error("the {0} is not among the fingers of the image; correct 14.013 or 14.021")]
    SegmentOfOtherFinger(Finger),
    #[error("the place of the {0} is empty or not inside the image; correct 14.021")]
    SegmentOutside(Finger),

    // Images.
    #[error("there is no image; send it, or in a Type-14 without fields 6 to 12 the reason in 14.018")]
    MissingImage,
    #[error("the image is {0} pixels and no side may be under {SHORTEST_SIDE}; send it whole")]
    ImageTooSmall(Pixels),
    #[error("the image is {0} pixels and no side may be over {LONGEST_SIDE}; send it cut or at 500 pixels per inch")]
    ImageTooLarge(Pixels),
    #[error("the image does not begin as {compression} does; correct the compression, or send the image so")]
    OtherCompression { compression: Compression },
    #[error("the WSQ image cannot be read: {0}; compress it again")]
    BrokenWsq(WsqError),
    #[error("the header says {header} pixels and the WSQ image {image}; correct HLL and VLL, or send the image that they mean")]
    WsqSize { header: Pixels, image: Pixels },
    #[error("an uncompressed image of this size has {needed} bytes and there are {found}; correct HLL and VLL, or send it whole")]
    RawSize { needed: usize, found: usize },
    #[error("the image has no scale; write 1 or 2 in the field, and the pixels per inch or centimetre in 14.009 and 14.010")]
    NoScale,
    #[error("the pixels are not square; send an image of the same scale both ways")]
    PixelsNotSquare,
    #[error("{ppi} pixels per inch are too few to compare prints, which takes {SMALLEST_PPI}; scan the finger again at 500")]
    ResolutionTooLow { ppi: u32 },
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, place: Place, problem: Problem) {
        if self.0.len() < MOST_FINDINGS {
            self.0.push(Finding { place, problem });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}
