//! A transaction as a file, each LEN and the list of records counted here.

use super::cut::SHORTEST_BINARY;
use super::domain::Domain;
use super::field::{FS, Field, GS, RS, US};
use super::record::{OpaqueBody, OpaqueRecord, Record};
use super::tag::{Idc, RecordType, Tag};
use super::type_1::{TransactionInformation, Urgency};
use super::type_2::DescriptiveText;
use super::type_4::HighResolutionPrint;
use super::type_14::VariableResolutionPrint;

pub(super) fn file(domain: &Domain, information: &TransactionInformation, records: &[Record]) -> Vec<u8> {
    let mut file = type_1(domain, information, records);
    for record in records {
        file.extend(match record {
            Record::Text(record) => type_2(record),
            Record::HighResolutionPrint(record) => type_4(record),
            Record::VariableResolutionPrint(record) => type_14(record),
            Record::Opaque(record) => opaque(record),
        });
    }
    file
}

/// The fields of a tagged record that is being written, but LEN.
struct Tagged {
    record_type: RecordType,
    fields: Vec<(u32, Vec<u8>)>,
}

impl Tagged {
    const fn new(record_type: RecordType) -> Self {
        Self { record_type, fields: Vec::new() }
    }

    fn put(&mut self, number: u32, value: impl ToString) {
        self.fields.push((number, value.to_string().into_bytes()));
    }

    fn put_some(&mut self, number: u32, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(number, value);
        }
    }

    /// A list of entries, if there are any.
    fn put_list(&mut self, number: u32, entries: impl Iterator<Item = String>) {
        let entries: Vec<String> = entries.collect();
        if !entries.is_empty() {
            self.put(number, entries.join(&String::from(char::from(RS))));
        }
    }

    fn put_fields(&mut self, fields: &[Field]) {
        self.fields.extend(fields.iter().map(|field| (field.number(), field.value().expose().clone())));
    }

    fn sorted(mut self) -> Self {
        self.fields.sort_by_key(|(number, _)| *number);
        self
    }

    /// The record with its LEN, its data if it has any, and FS.
    fn finish(self, data: Option<&[u8]>) -> Vec<u8> {
        let record_type = self.record_type;
        let mut fields = self.fields;
        fields.extend(data.map(|data| (999, data.to_vec())));
        let mut after_length = Vec::new();
        for (field, value) in &fields {
            after_length.push(GS);
            after_length.extend(format!("{}:", Tag { record_type, field: *field }).into_bytes());
            after_length.extend(value);
        }
        after_length.push(FS);
        let tag = format!("{}:", Tag { record_type, field: 1 });
        let length = with_own_digits(tag.len() + after_length.len());
        [format!("{tag}{length}").into_bytes(), after_length].concat()
    }
}

/// A length that counts its own digits: the least sum of the other bytes and the digits of the sum.
fn with_own_digits(others: usize) -> usize {
    let mut length = others;
    // The digits of a sum are at most one more than before, so this ends after a few steps.
    while length != others + length.to_string().len() {
        length = others + length.to_string().len();
    }
    length
}

fn type_1(domain: &Domain, information: &TransactionInformation, records: &[Record]) -> Vec<u8> {
    let listed = records.iter().map(|record| items(&[&record.record_type().number(), &record.idc().number()]));
    let first = items(&[&1, &records.len()]);
    let mut fields = Tagged::new(RecordType::TRANSACTION);
    fields.put(2, information.version.code());
    fields.put_list(3, std::iter::once(first).chain(listed));
    fields.put_some(4, domain.rules(information.kind).map(|rules| rules.code));
    fields.put(5, information.date.format("%Y%m%d"));
    fields.put_some(6, information.urgency.map(Urgency::number));
    fields.put(7, information.destination.as_str());
    fields.put(8, information.origin.as_str());
    fields.put(9, information.control_number.as_str());
    fields.put_some(10, information.reference.as_ref());
    fields.put(11, information.native_resolution);
    fields.put(12, information.nominal_resolution);
    fields.put(13, items(&[&domain.name, &domain.version]));
    fields.put_some(14, information.sent_at.map(|at| at.format("%Y%m%d%H%M%SZ")));
    fields.put_some(15, information.encoding.as_ref());
    fields.put_fields(&information.others);
    fields.sorted().finish(None)
}

fn type_2(record: &DescriptiveText) -> Vec<u8> {
    tagged(RecordType::TEXT, record.idc, &record.fields).finish(None)
}

/// A record whose fields stay in the order in which they came.
fn tagged(record_type: RecordType, idc: Idc, others: &[Field]) -> Tagged {
    let mut fields = Tagged::new(record_type);
    fields.put(2, idc.number());
    fields.put_fields(others);
    fields
}

fn type_4(record: &HighResolutionPrint) -> Vec<u8> {
    let image = record.image.expose();
    let mut bytes = binary_length(HighResolutionPrint::HEADER + image.len()).to_vec();
    bytes.extend([record.idc.number(), record.impression.code()]);
    bytes.extend(record.positions.to_bytes());
    bytes.push(record.scanned_at.code());
    bytes.extend(record.size.width.to_be_bytes());
    bytes.extend(record.size.height.to_be_bytes());
    bytes.push(record.compression.code());
    bytes.extend(image);
    bytes
}

/// A file that large is refused before its records are looked at.
fn binary_length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn type_14(record: &VariableResolutionPrint) -> Vec<u8> {
    let mut fields = Tagged::new(RecordType::VARIABLE_RESOLUTION_PRINT);
    fields.put(2, record.idc.number());
    fields.put(3, record.impression.code());
    fields.put(4, record.source.as_str());
    fields.put(5, record.captured_on.format("%Y%m%d"));
    if let Some(image) = &record.image {
        let (unit, density) = image.scale.unit_and_density();
        fields.put(6, image.size.width);
        fields.put(7, image.size.height);
        fields.put(8, unit);
        fields.put(9, density);
        fields.put(10, density);
        fields.put(11, image.compression.name());
        fields.put(12, 8);
    }
    fields.put_list(13, record.positions.as_slice().iter().map(|position| position.code().to_string()));
    fields.put_list(18, record.missing.iter().map(|one| items(&[&one.finger.code(), &one.absence.code()])));
    fields
        .put_list(21, record.segments.iter().map(|one| items(&[&one.finger.code(), &one.left, &one.right, &one.top, &one.bottom])));
    fields.put_list(22, record.nist_quality.iter().map(|one| items(&[&one.finger().code(), &one.score()])));
    fields.put_list(
        24,
        record
            .quality
            .iter()
            .map(|one| items(&[&one.finger().code(), &one.score(), &format!("{:04X}", one.vendor()), &one.algorithm()])),
    );
    fields.put_fields(&record.others);
    fields.sorted().finish(record.image.as_ref().map(|image| image.data.expose().as_slice()))
}

fn items(items: &[&dyn std::fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(&String::from(char::from(US)))
}

fn opaque(record: &OpaqueRecord) -> Vec<u8> {
    match record.body() {
        OpaqueBody::Binary(body) => {
            let mut bytes = binary_length(SHORTEST_BINARY + body.expose().len()).to_vec();
            bytes.push(record.idc().number());
            bytes.extend(body.expose());
            bytes
        }
        OpaqueBody::Tagged { fields, data } => {
            tagged(record.record_type(), record.idc(), fields).finish(data.as_ref().map(|data| data.expose().as_slice()))
        }
    }
}
