//! A logical record after the first, and those that this module does not look into.

use chrono::NaiveDate;
use thiserror::Error;

use super::cut::RawRecord;
use super::field::Field;
use super::iris;
use super::photograph;
use super::problem::{Findings, Problem};
use super::reader::Reader;
use super::tag::{Idc, RecordType};
use super::type_2::DescriptiveText;
use super::type_4::HighResolutionPrint;
use super::type_14::VariableResolutionPrint;
use crate::sensitive::Sensitive;

/// A record after the Type-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Type-2.
    Text(DescriptiveText),
    /// Type-4.
    HighResolutionPrint(HighResolutionPrint),
    /// Type-14. Boxed: it is many times as large as the others.
    VariableResolutionPrint(Box<VariableResolutionPrint>),
    /// All others, a photograph (Type-10) and an iris (Type-17) among them.
    Opaque(OpaqueRecord),
}

impl Record {
    pub fn record_type(&self) -> RecordType {
        match self {
            Self::Text(_) => RecordType::TEXT,
            Self::HighResolutionPrint(_) => RecordType::HIGH_RESOLUTION_PRINT,
            Self::VariableResolutionPrint(_) => RecordType::VARIABLE_RESOLUTION_PRINT,
            Self::Opaque(record) => record.record_type,
        }
    }

    pub fn idc(&self) -> Idc {
        match self {
            Self::Text(record) => record.idc,
            Self::HighResolutionPrint(record) => record.idc,
            Self::VariableResolutionPrint(record) => record.idc,
            Self::Opaque(record) => record.idc,
        }
    }

    /// Reads a record, noting all that is wrong with it. None if it is not whole, or if its type is not known, which the check
    /// of the list notes.
    pub(super) fn read(raw: &RawRecord<'_>, today: NaiveDate, found: &mut Findings) -> Option<Self> {
        let record_type = raw.record_type()?;
        let idc = read_idc(raw, found);
        match record_type {
            RecordType::TEXT => DescriptiveText::read(raw, idc, found).map(Self::Text),
            RecordType::HIGH_RESOLUTION_PRINT => HighResolutionPrint::read(raw, idc, found).map(Self::HighResolutionPrint),
            RecordType::VARIABLE_RESOLUTION_PRINT => {
                VariableResolutionPrint::read(raw, idc, today, found).map(Box::new).map(Self::VariableResolutionPrint)
            }
            _ => OpaqueRecord::read(raw, record_type, idc, found).map(Self::Opaque),
        }
    }
}

/// The IDC of a record: its fifth byte if it is binary, else `nn.002`.
fn read_idc(raw: &RawRecord<'_>, found: &mut Findings) -> Option<Idc> {
    let problem = Problem::Malformed { form: "a number from 0 to 99" };
    let Some(bytes) = raw.binary() else {
        return Reader::new(raw, found).need(2, problem, Idc::parse);
    };
    let idc = idc_of(bytes);
    if idc.is_none() {
        found.add(raw.place_of(2), problem);
    }
    idc
}

/// Of a binary record.
pub(super) fn idc_of(binary: &[u8]) -> Option<Idc> {
    binary.get(4).copied().and_then(Idc::new)
}

/// A record that is kept as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpaqueRecord {
    record_type: RecordType,
    idc: Idc,
    body: OpaqueBody,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OpaqueBody {
    Tagged {
        fields: Vec<Field>,
        /// `nn.999`.
        data: Option<Sensitive<Vec<u8>>>,
    },
    /// What follows LEN and IDC.
    Binary(Sensitive<Vec<u8>>),
}

/// Why an opaque record cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpaqueError {
    #[error("Types 1, 2, 4 and 14 have structures of their own")]
    TypedRecord,
    #[error("Types 3 to 8 are binary, the others have fields")]
    OtherBody,
    #[error("nn.999 is given as data, in types from 10 on")]
    Data,
}

impl OpaqueRecord {
    /// A record of fields, such as a face (Type-10).
    ///
    /// # Errors
    /// See [`OpaqueError`].
    pub fn tagged(
        record_type: RecordType,
        idc: Idc,
        fields: Vec<Field>,
        data: Option<Sensitive<Vec<u8>>>,
    ) -> Result<Self, OpaqueError> {
        refuse_typed(record_type)?;
        if record_type.is_binary() {
            return Err(OpaqueError::OtherBody);
        }
        let has_data_field = record_type.has_data() && fields.iter().any(|field| field.number() == 999);
        if has_data_field || data.is_some() && !record_type.has_data() {
            return Err(OpaqueError::Data);
        }
        Ok(Self { record_type, idc, body: OpaqueBody::Tagged { fields, data } })
    }

    /// A record of Types 3 to 8; `body` is what follows LEN and IDC.
    ///
    /// # Errors
    /// See [`OpaqueError`].
    pub fn binary(record_type: RecordType, idc: Idc, body: Sensitive<Vec<u8>>) -> Result<Self, OpaqueError> {
        refuse_typed(record_type)?;
        if !record_type.is_binary() {
            return Err(OpaqueError::OtherBody);
        }
        Ok(Self { record_type, idc, body: OpaqueBody::Binary(body) })
    }

    pub const fn record_type(&self) -> RecordType {
        self.record_type
    }

    pub const fn idc(&self) -> Idc {
        self.idc
    }

    /// Empty of a binary record.
    pub fn fields(&self) -> &[Field] {
        match &self.body {
            OpaqueBody::Tagged { fields, .. } => fields,
            OpaqueBody::Binary(_) => &[],
        }
    }

    /// `nn.999`, or what follows LEN and IDC in a binary record.
    pub fn data(&self) -> Option<&Sensitive<Vec<u8>>> {
        match &self.body {
            OpaqueBody::Tagged { data, .. } => data.as_ref(),
            OpaqueBody::Binary(bytes) => Some(bytes),
        }
    }

    pub(super) const fn body(&self) -> &OpaqueBody {
        &self.body
    }

    fn read(raw: &RawRecord<'_>, record_type: RecordType, idc: Option<Idc>, found: &mut Findings) -> Option<Self> {
        match record_type {
            RecordType::PHOTOGRAPH => photograph::check(raw, found),
            RecordType::IRIS => iris::check(raw, found),
            _ => {}
        }
        let body = match raw.binary().map(|bytes| bytes.get(super::cut::SHORTEST_BINARY..).unwrap_or_default()) {
            Some(bytes) => OpaqueBody::Binary(Sensitive::new(bytes.to_vec())),
            None => tagged_body(raw, record_type, found),
        };
        Some(Self { record_type, idc: idc?, body })
    }
}

fn tagged_body(raw: &RawRecord<'_>, record_type: RecordType, found: &mut Findings) -> OpaqueBody {
    if !record_type.has_data() {
        return OpaqueBody::Tagged { fields: Reader::new(raw, found).others(&[1, 2]), data: None };
    }
    let data = raw.field(999).map(|field| Sensitive::new(field.value.to_vec()));
    OpaqueBody::Tagged { fields: Reader::new(raw, found).others(&[1, 2, 999]), data }
}

fn refuse_typed(record_type: RecordType) -> Result<(), OpaqueError> {
    match record_type {
        RecordType::TRANSACTION | RecordType::TEXT | RecordType::HIGH_RESOLUTION_PRINT | RecordType::VARIABLE_RESOLUTION_PRINT => {
            Err(OpaqueError::TypedRecord)
        }
        _ => Ok(()),
    }
}
