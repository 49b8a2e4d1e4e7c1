//! A whole transaction: read from a file and checked, or made here and checked alike.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::check;
use super::cut::{cut, cut_first};
use super::domain::Domain;
use super::finger::{Finger, FingerPositions, Impression};
use super::image::{Compression, Pixels};
use super::iris::Eye;
use super::problem::{Finding, Findings, Refusal};
use super::record::Record;
use super::tag::Idc;
use super::type_1::TransactionInformation;
use super::type_4::ScanResolution;
use super::type_14::Segment;
use super::write;

/// A transaction that keeps every rule of its domain and of this module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    domain: &'static Domain,
    information: TransactionInformation,
    records: Vec<Record>,
}

impl Transaction {
    /// Reads a file in the traditional encoding.
    ///
    /// `today` is the reader's day: days later than its morrow are in the future. Whatever the bytes are, this takes time and
    /// memory in proportion to their number, which is at most [`super::MOST_BYTES`].
    ///
    /// # Errors
    /// Everything that is wrong with the file; of its structure the first thing.
    pub fn read(bytes: &[u8], domain: &'static Domain, today: NaiveDate) -> Result<Self, Refusal> {
        let raw = cut(bytes).map_err(|finding| refusal(bytes, vec![finding]))?;
        let mut found = Findings::default();
        check::tags(&raw, &mut found);
        let information = TransactionInformation::read(&raw.first, domain, today, &mut found);
        check::contents(&raw, &mut found);
        check::idcs(&raw, &mut found);
        check::domain(&raw, domain, &mut found);
        check::resolutions(&raw, &mut found);
        let mut records = Vec::new();
        for raw in &raw.others {
            records.extend(Record::read(raw, today, &mut found).map(|record| (raw, record)));
        }
        check::prints(&raw.first, &records, &mut found);
        match information.filter(|_| found.is_empty()) {
            Some(information) => Ok(Self { domain, information, records: records.into_iter().map(|(_, record)| record).collect() }),
            None => Err(refusal(bytes, found.into_vec())),
        }
    }

    /// A transaction made here. It is written and read back, so that nothing is sent that would not be taken.
    ///
    /// # Errors
    /// Everything that is wrong with it. The places are those of the file as it would be written.
    pub fn new(
        information: TransactionInformation,
        records: Vec<Record>,
        domain: &'static Domain,
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        Self::read(&Self { domain, information, records }.to_bytes(), domain, today)
    }

    /// The file, in the form that newer editions advise: tags with three digits and in ascending order, numbers without leading
    /// zeros. A file that has this form already comes out as it went in.
    pub fn to_bytes(&self) -> Vec<u8> {
        write::file(self.domain, &self.information, &self.records)
    }

    pub const fn domain(&self) -> &'static Domain {
        self.domain
    }

    pub const fn information(&self) -> &TransactionInformation {
        &self.information
    }

    /// The records after the first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The fingers that are in its images for certain, in their order.
    pub fn fingers(&self) -> Vec<Finger> {
        let fingers: BTreeSet<Finger> = self.records.iter().flat_map(check::fingers_of).collect();
        fingers.into_iter().collect()
    }

    /// The eyes that its irises are of.
    pub fn eyes(&self) -> Vec<Eye> {
        let eye = |record: &Record| if let Record::Opaque(record) = record { Eye::of(record) } else { None };
        self.records.iter().filter_map(eye).collect()
    }

    /// The images of fingers, for a matcher. Records of fingers that could not be taken have none.
    pub fn prints(&self) -> impl Iterator<Item = Print<'_>> {
        self.records.iter().filter_map(|record| Print::of(record, &self.information))
    }
}

/// `1.009` is looked for even in a file whose structure is broken behind its first record.
fn refusal(bytes: &[u8], findings: Vec<Finding>) -> Refusal {
    let control_number = cut_first(bytes).ok().and_then(|first| check::control_number(&first));
    Refusal { control_number, findings }
}

/// One image of a finger, or of the fingers of a hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Print<'a> {
    pub idc: Idc,
    pub positions: &'a FingerPositions,
    pub impression: Impression,
    pub size: Pixels,
    /// Pixels per inch.
    pub ppi: u32,
    pub compression: Compression,
    /// Of several fingers where each is: cut before you compare. Never empty then.
    pub segments: &'a [Segment],
    /// As it was sent, compressed. Destroy it when the search is done, match or not (SOR/2002-227 s. 315.43).
    pub image: &'a [u8],
}

impl<'a> Print<'a> {
    fn of(record: &'a Record, information: &TransactionInformation) -> Option<Self> {
        match record {
            Record::HighResolutionPrint(print) => Some(Self {
                idc: print.idc,
                positions: &print.positions,
                impression: print.impression,
                size: print.size,
                ppi: match print.scanned_at {
                    ScanResolution::Minimum => 500,
                    ScanResolution::Native => information.native_resolution.ppi(),
                },
                compression: print.compression,
                segments: &[],
                image: print.image.expose(),
            }),
            Record::VariableResolutionPrint(print) => print.image.as_ref().map(|image| Self {
                idc: print.idc,
                positions: &print.positions,
                impression: print.impression,
                size: image.size,
                ppi: image.scale.ppi(),
                compression: image.compression,
                segments: &print.segments,
                image: image.data.expose(),
            }),
            Record::Text(_) | Record::Opaque(_) => None,
        }
    }
}

/// The image is a person's.
impl std::fmt::Debug for Print<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Print").field("idc", &self.idc).field("positions", &self.positions).finish_non_exhaustive()
    }
}
