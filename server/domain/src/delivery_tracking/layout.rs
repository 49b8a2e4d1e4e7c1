//! The documented layouts of USPS extract files, as data: lines of quoted fields at fixed places.

/// A layout: how long a line is, and where its fields stand.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// What the line's first field says, where the layout has a version.
    pub version: Option<&'static str>,
    /// Bytes of a line without its end.
    pub length: usize,
    /// In the order of the line. Each is quoted, with a comma between.
    pub fields: &'static [(Field, usize)],
}

/// A field of an extract line (USPS Publication 97 and extract file version 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Version,
    TrackingNumber,
    ElectronicFileNumber,
    MailerId,
    MailerName,
    DestinationZip,
    DestinationZipPlus4,
    FacilityZip,
    FacilityName,
    EventCode,
    EventName,
    EventDate,
    EventTime,
    MailOwnerId,
    CustomerReference,
    DestinationCountry,
    RecipientName,
    OriginalLabel,
    UnitOfMeasure,
    Weight,
    GuaranteedDate,
    GuaranteedTime,
    LogisticsManagerId,
}

/// Extract file version 1.5.
pub const VERSION_1_5: Layout = Layout {
    version: Some("015"),
    length: 393,
    fields: &[
        (Field::Version, 3),
        (Field::TrackingNumber, 34),
        (Field::ElectronicFileNumber, 34),
        (Field::MailerId, 9),
        (Field::MailerName, 20),
        (Field::DestinationZip, 5),
        (Field::DestinationZipPlus4, 4),
        (Field::FacilityZip, 5),
        (Field::FacilityName, 31),
        (Field::EventCode, 2),
        (Field::EventName, 40),
        (Field::EventDate, 8),
        (Field::EventTime, 4),
        (Field::MailOwnerId, 9),
        (Field::CustomerReference, 30),
        (Field::DestinationCountry, 2),
        (Field::RecipientName, 20),
        (Field::OriginalLabel, 34),
        (Field::UnitOfMeasure, 1),
        (Field::Weight, 9),
        (Field::GuaranteedDate, 8),
        (Field::GuaranteedTime, 4),
        (Field::LogisticsManagerId, 9),
    ],
};

/// The layout of Publication 97, from before version 1.5.
pub const OLDER: Layout = Layout {
    version: None,
    length: 280,
    fields: &[
        (Field::TrackingNumber, 22),
        (Field::ElectronicFileNumber, 22),
        (Field::MailerId, 9),
        (Field::MailerName, 20),
        (Field::DestinationZip, 5),
        (Field::DestinationZipPlus4, 4),
        (Field::FacilityZip, 5),
        (Field::FacilityName, 31),
        (Field::EventCode, 2),
        (Field::EventName, 40),
        (Field::EventDate, 8),
        (Field::EventTime, 4),
        (Field::MailOwnerId, 9),
        (Field::CustomerReference, 30),
        (Field::DestinationCountry, 2),
        (Field::RecipientName, 20),
    ],
};

pub const ALL: [&Layout; 2] = [&VERSION_1_5, &OLDER];

impl Layout {
    /// Where each field's value begins in the line, and how long it is. A value stands between quotation marks, three bytes
    /// (`","`) after the one before.
    pub fn places(&self) -> impl Iterator<Item = (Field, usize, usize)> {
        self.fields.iter().scan(1, |at, (field, length)| {
            let place = (*field, *at, *length);
            *at += length + 3;
            Some(place)
        })
    }

    /// A line of this layout, without its end. Values are cut or padded to their field's length, in Latin-1.
    pub fn write(&self, value: impl Fn(Field) -> String) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.length);
        for (field, length) in self.fields {
            line.extend(if line.is_empty() { b"\"".as_slice() } else { b",\"" });
            let value = match field {
                Field::Version => self.version.unwrap_or_default().to_owned(),
                _ => value(*field),
            };
            let mut bytes: Vec<u8> = value.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
            bytes.resize(*length, b' ');
            line.extend(bytes);
            line.push(b'"');
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The positions as the layout documents count them, from one.
    #[test]
    fn fields_stand_where_the_documents_say() {
        let place =
            |layout: &Layout, field| layout.places().find(|(known, ..)| *known == field).map(|(_, at, length)| (at + 1, length));
        for (field, at, length) in [
            (Field::Version, 2, 3),
            (Field::TrackingNumber, 8, 34),
            (Field::DestinationZip, 117, 5),
            (Field::FacilityZip, 132, 5),
            (Field::FacilityName, 140, 31),
            (Field::EventCode, 174, 2),
            (Field::EventName, 179, 40),
            (Field::EventDate, 222, 8),
            (Field::EventTime, 233, 4),
            (Field::CustomerReference, 252, 30),
            (Field::RecipientName, 290, 20),
            (Field::OriginalLabel, 313, 34),
            (Field::LogisticsManagerId, 384, 9),
        ] {
            assert_eq!(place(&VERSION_1_5, field), Some((at, length)), "{field:?}");
        }
        for (field, at, length) in [
            (Field::TrackingNumber, 2, 22),
            (Field::DestinationZip, 87, 5),
            (Field::FacilityZip, 102, 5),
            (Field::EventCode, 144, 2),
            (Field::EventDate, 192, 8),
            (Field::CustomerReference, 222, 30),
            (Field::RecipientName, 260, 20),
        ] {
            assert_eq!(place(&OLDER, field), Some((at, length)), "{field:?}");
        }
        for layout in ALL {
            let (_, at, length) = layout.places().last().unwrap();
            assert_eq!(at + length + 1, layout.length);
            assert_eq!(layout.write(|_| "x".repeat(50)).len(), layout.length);
        }
    }
}
