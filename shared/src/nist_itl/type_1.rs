//! The Type-1 record: who sends what to whom, under which number.

use std::fmt;

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::contents::Contents;
use super::cut::RawRecord;
use super::digits;
use super::domain::{Domain, TransactionKind};
use super::field::{Field, RS, US};
use super::problem::{Findings, Problem};
use super::reader::Reader;
use crate::agreement::Priority;

/// How far a date may be ahead of ours: it is the sender's local day, and Auckland's is Washington's tomorrow.
const AHEAD: Days = Days::new(1);

/// The fields of a Type-1 record, but LEN and CNT, which follow from the file, and DOM, which is the domain's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionInformation {
    /// `1.002` VER.
    pub version: Version,
    /// `1.004` TOT.
    pub kind: TransactionKind,
    /// `1.005` DAT: the sender's local day.
    pub date: NaiveDate,
    /// `1.006` PRY.
    pub urgency: Option<Urgency>,
    /// `1.007` DAI.
    pub destination: AgencyId,
    /// `1.008` ORI.
    pub origin: AgencyId,
    /// `1.009` TCN: the number of this transaction.
    pub control_number: ControlNumber,
    /// `1.010` TCR: the number of the first transaction, in every later one.
    pub reference: Option<ControlNumber>,
    /// `1.011` NSR: at what resolution prints of Type-4 records with [`super::ScanResolution::Native`] were scanned.
    pub native_resolution: Resolution,
    /// `1.012` NTR: at what resolution Type-4 records are sent; 00.00 if there are none.
    pub nominal_resolution: Resolution,
    /// `1.014` GMT: when it was sent, in UTC.
    pub sent_at: Option<NaiveDateTime>,
    /// `1.015` DCS: the encoding of texts outside this record; none means ASCII.
    pub encoding: Option<TextEncoding>,
    /// Fields from `1.016` on, as they are, in ascending order.
    pub others: Vec<Field>,
}

impl TransactionInformation {
    /// Numbers of fields that are not among the others.
    const OWN: [u32; 15] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// Reads all of a Type-1 record but CNT, LEN and DOM's meaning, and says everything that is wrong with it.
    pub(super) fn read(raw: &RawRecord<'_>, domain: &Domain, today: NaiveDate, found: &mut Findings) -> Option<Self> {
        let mut fields = Reader::new(raw, found);
        let version = fields.need(2, Problem::UnknownVersion, Version::from_code);
        fields.need(Contents::FIELD, Problem::BadContents, |text| Contents::parse(text.as_bytes()));
        let kind = fields.need(4, Problem::UnknownKind, |text| domain.kind(text));
        let date = fields.need(5, DAY, digits::day);
        let urgency = fields.take(6, Problem::Malformed { form: "one digit from 1 to 9" }, Urgency::parse);
        let destination = fields.need(7, AGENCY, AgencyId::parse);
        let origin = fields.need(8, AGENCY, AgencyId::parse);
        let control_number = fields.need(9, Problem::BadControlNumber, ControlNumber::parse);
        let reference = fields.take(10, Problem::BadControlNumber, ControlNumber::parse);
        let native_resolution = fields.need(11, RESOLUTION, Resolution::parse);
        let nominal_resolution = fields.need(12, RESOLUTION, Resolution::parse);
        fields.need(13, Problem::OtherDomain, |text| domain.is_named(text).then_some(()));
        let sent_at = fields.take(14, Problem::Malformed { form: "a time in UTC as YYYYMMDDHHMMSSZ" }, digits::instant);
        let encoding = fields.take(15, ENCODING, TextEncoding::parse);
        let others = fields.sorted_others(&Self::OWN);
        if date.is_some_and(|date| is_future(date, today)) {
            found.add(raw.place_of(5), Problem::FutureDate);
        }
        Some(Self {
            version: version?,
            kind: kind?,
            date: date?,
            urgency,
            destination: destination?,
            origin: origin?,
            control_number: control_number?,
            reference,
            native_resolution: native_resolution?,
            nominal_resolution: nominal_resolution?,
            sent_at,
            encoding,
            others,
        })
    }
}

/// Whether a day is later than it can be anywhere.
pub(super) fn is_future(day: NaiveDate, today: NaiveDate) -> bool {
    today.checked_add_days(AHEAD).is_some_and(|latest| day > latest)
}

pub(super) const DAY: Problem = Problem::Malformed { form: "a day that exists, as YYYYMMDD" };
pub(super) const AGENCY: Problem = Problem::Malformed { form: "1 to 64 visible ASCII characters, blanks only between them" };
const RESOLUTION: Problem = Problem::Malformed { form: "pixels per millimetre with two decimals, such as 19.69" };
const ENCODING: Problem = Problem::Malformed { form: "a number from 0 to 999, a name, and a version if it has one" };

/// The edition of the standard (`1.002` VER).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    Csl1993,
    Itl1997,
    Itl2000,
    Itl2007,
    Itl2011,
    Itl2013,
    Itl2015,
}

impl Version {
    pub const ALL: [Self; 7] =
        [Self::Csl1993, Self::Itl1997, Self::Itl2000, Self::Itl2007, Self::Itl2011, Self::Itl2013, Self::Itl2015];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Csl1993 => "0200",
            Self::Itl1997 => "0201",
            Self::Itl2000 => "0300",
            Self::Itl2007 => "0400",
            Self::Itl2011 => "0500",
            Self::Itl2013 => "0501",
            Self::Itl2015 => "0502",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.code() == code)
    }
}

/// How soon an answer is wanted (`1.006` PRY), from 1, the most urgent, to 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Urgency(u8);

impl Urgency {
    /// 1, 4 or 9, which is this project's choice: the standard says only that 1 is the most urgent.
    pub const fn of(priority: Priority) -> Self {
        match priority {
            Priority::High => Self(1),
            Priority::Medium => Self(4),
            Priority::Low => Self(9),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let urgency = digits::number(text, 1).and_then(|urgency| u8::try_from(urgency).ok())?;
        (urgency > 0).then_some(Self(urgency))
    }

    pub const fn number(self) -> u8 {
        self.0
    }

    /// Numbers between the three are taken for the one below them: nobody waits longer than they asked for.
    pub const fn priority(self) -> Priority {
        match self.0 {
            0..=3 => Priority::High,
            4..=8 => Priority::Medium,
            _ => Priority::Low,
        }
    }
}

/// An agency (`1.007` DAI, `1.008` ORI, `14.004` SRC): 1 to 64 visible ASCII characters, blanks between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgencyId(String);

impl AgencyId {
    pub fn parse(text: &str) -> Option<Self> {
        (is_line(text) && text.len() <= 64).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Visible ASCII, with blanks only between.
fn is_line(text: &str) -> bool {
    let is_shown = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    !text.is_empty() && text.trim() == text && text.bytes().all(is_shown)
}

/// The number of a transaction (`1.009` TCN, `1.010` TCR): 10 to 40 visible ASCII characters.
///
/// The width is that of the FBI's profile (EBTS 9.1). A number names a query, never a person, so it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ControlNumber(String);

impl ControlNumber {
    pub fn parse(text: &str) -> Option<Self> {
        let legal = (10..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        legal.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ControlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Pixels per millimetre in hundredths (`1.011` NSR, `1.012` NTR): `19.69` is 500 pixels per inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Resolution(u16);

impl Resolution {
    /// `00.00`: there is no Type-4 record.
    pub const NONE: Self = Self(0);
    /// `19.69`: 500 pixels per inch.
    pub const PPI_500: Self = Self(1969);

    /// Two or three digits, a point, two digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, hundredths) = text.split_once('.').filter(|(whole, rest)| whole.len() >= 2 && rest.len() == 2)?;
        let hundredths = digits::number(whole, 3)? * 100 + digits::number(hundredths, 2)?;
        u16::try_from(hundredths).ok().map(Self)
    }

    /// Pixels per inch, rounded.
    pub fn ppi(self) -> u32 {
        (u32::from(self.0) * 254 + 500) / 1000
    }

    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The encoding of texts (`1.015` DCS): its number, name and version, as `3`, `UTF-8` and `4.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEncoding {
    number: u16,
    name: String,
    version: Option<String>,
}

impl TextEncoding {
    /// UTF-8, number 3.
    pub fn utf_8() -> Self {
        Self { number: 3, name: "UTF-8".to_owned(), version: None }
    }

    /// One subfield: editions before 2011 could name several encodings, and switched between them within a text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut items = text.split(char::from(US));
        let number = items.next().and_then(|number| digits::number(number, 3))?;
        let name = items.next().filter(|name| is_line(name) && name.len() <= 16)?;
        let version = items.next();
        if version.is_some_and(|version| !is_line(version) || version.len() > 16) || items.next().is_some() {
            return None;
        }
        let is_one = !text.contains(char::from(RS));
        let number = u16::try_from(number).ok().filter(|_| is_one)?;
        Some(Self { number, name: name.to_owned(), version: version.map(str::to_owned) })
    }

    /// 0 ASCII, 2 UTF-16, 3 UTF-8, 4 UTF-32; from 128 the domain's.
    pub const fn number(&self) -> u16 {
        self.number
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}\u{1F}{}", self.number, self.name)?;
        match &self.version {
            Some(version) => write!(f, "\u{1F}{version}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_are_1_4_and_9() {
        for (priority, urgency) in [(Priority::High, 1), (Priority::Medium, 4), (Priority::Low, 9)] {
            assert_eq!(Urgency::of(priority).number(), urgency);
            assert_eq!(Urgency::of(priority).priority(), priority);
        }
        let told: Vec<Priority> = (1..=9).map(|urgency| Urgency(urgency).priority()).collect();
        assert_eq!(told[..3], [Priority::High; 3]);
        assert_eq!(told[3..8], [Priority::Medium; 5]);
        for bad in ["0", "10", "", "a", "01"] {
            assert_eq!(Urgency::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn control_numbers_have_ten_to_forty_visible_characters() {
        for good in ["1234567890", "CAN-2026/000000017", &"x".repeat(40)] {
            assert!(ControlNumber::parse(good).is_some(), "{good}");
        }
        for bad in ["", "123456789", &"x".repeat(41), "12345 67890", "123456789\n", "número-0001"] {
            assert_eq!(ControlNumber::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn resolutions_are_read_and_written_alike() {
        for (text, ppi) in [("00.00", 0), ("19.69", 500), ("39.37", 1000), ("17.72", 450), ("17.69", 449), ("100.00", 2540)] {
            let resolution = Resolution::parse(text).unwrap();
            assert_eq!((resolution.ppi(), resolution.to_string()), (ppi, text.to_owned()));
        }
        for bad in ["", "19", "19.7", "9.69", "19.690", "1234.00", "656.00", "-1.00", "19,69", " 19.69"] {
            assert_eq!(Resolution::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_encoding_is_a_number_a_name_and_perhaps_a_version() {
        for text in ["003\u{1F}UTF-8", "000\u{1F}ASCII\u{1F}1"] {
            assert_eq!(TextEncoding::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(TextEncoding::parse("3\u{1F}UTF-8"), Some(TextEncoding::utf_8()));
        for bad in [
            "",
            "3",
            "3\u{1F}",
            "3\u{1F}a\u{1F}",
            "3\u{1F}a\u{1F}b\u{1F}c",
            "3\u{1F}a\u{1E}0\u{1F}b",
            "1000\u{1F}a",
            "3\u{1F}a\u{1E}",
        ] {
            assert_eq!(TextEncoding::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_agency_is_one_short_line() {
        for (text, legal) in
            [("USCIS", true), ("DAI 000", true), ("", false), (" A", false), ("A\tB", false), (&"x".repeat(65), false)]
        {
            assert_eq!(AgencyId::parse(text).is_some(), legal, "{text:?}");
        }
    }
}
