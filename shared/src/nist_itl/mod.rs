//! Fingerprint transactions in the traditional encoding of ANSI/NIST-ITL 1-2011, update 2013: a query to a partner, what is
//! answered, and what a capture station took of somebody.
//!
//! [`Transaction::read`] cuts a file into records by their stated lengths, gives each a type, and says everything that is wrong
//! with it as [`Finding`]s with their [`Place`]; [`Transaction::new`] makes one by the same rules, and
//! [`Transaction::to_bytes`] writes it. [`Transaction::prints`] yields the images for a matcher. What a type of transaction may
//! hold is data, in a [`Domain`]; [`PORTICO_IIS_1`] and [`PORTICO_CAPTURE_1`] are this project's own and no agency's.
//!
//! Types 1, 2, 4 and 14 have Rust types. All others are kept as they are ([`OpaqueRecord`]); of a photograph (Type-10) and of an
//! iris (Type-17) the header is checked. Images are not decoded: of WSQ the frame header is read, of others the first bytes.
//!
//! Files of old editions are read too, with tags of two digits (`1.01:`); what is written has three. A file is biometric data:
//! `Debug` shows no image and no text, and no finding repeats a value.

mod check;
mod contents;
mod cut;
mod digits;
mod domain;
mod field;
mod finger;
mod image;
mod iris;
mod photograph;
mod problem;
mod reader;
mod record;
mod synthetic;
mod tag;
#[cfg(test)]
mod tests;
mod transaction;
mod type_1;
mod type_14;
mod type_2;
mod type_4;
mod write;
mod wsq;

pub use crate::agreement::Priority;
pub use domain::{Amount, Capture, Domain, KindRules, PORTICO_CAPTURE_1, PORTICO_IIS_1, Part, Reference, Step, TransactionKind};
pub use field::{Field, FieldError, Subfield};
pub use finger::{Finger, FingerPosition, FingerPositions, Impression};
pub use image::{Compression, LONGEST_SIDE, Pixels, SHORTEST_SIDE, SMALLEST_PPI, Scale};
pub use iris::Eye;
pub use problem::{Finding, MOST_FINDINGS, Place, Problem, Refusal};
pub use record::{OpaqueError, OpaqueRecord, Record};
pub use synthetic::{synthetic, synthetic_capture};
pub use tag::{Idc, RecordType, Tag};
pub use transaction::{Print, Transaction};
pub use type_1::{AgencyId, ControlNumber, Resolution, TextEncoding, TransactionInformation, Urgency, Version};
pub use type_2::DescriptiveText;
pub use type_4::{HighResolutionPrint, ScanResolution};
pub use type_14::{Absence, MissingFinger, NistQuality, Quality, Segment, VariableImage, VariableResolutionPrint};
pub use wsq::WsqError;

/// Most bytes of a file: ten prints of WSQ take under 1 MB, of four fingers without compression under 3 MB each.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Most records of a file, the first among them. The domain allows at most 22.
pub const MOST_RECORDS: usize = 32;
