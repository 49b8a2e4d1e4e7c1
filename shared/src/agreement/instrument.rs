//! Instruments: what was signed with a partner, or what a Secretary put their name to.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The name of an instrument within an agreement: `ca-2012-agreement`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstrumentKey(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a name has 1 to 40 small letters, digits and dashes, and begins with a letter")]
pub struct InstrumentKeyError;

impl InstrumentKey {
    /// # Errors
    /// [`InstrumentKeyError`] says what a name looks like.
    pub fn parse(text: &str) -> Result<Self, InstrumentKeyError> {
        let is_key = (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && text.starts_with(|c: char| c.is_ascii_lowercase());
        if is_key { Ok(Self(text.to_owned())) } else { Err(InstrumentKeyError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for InstrumentKey {
    type Error = InstrumentKeyError;

    fn try_from(text: String) -> Result<Self, InstrumentKeyError> {
        Self::parse(&text)
    }
}

impl From<InstrumentKey> for String {
    fn from(key: InstrumentKey) -> Self {
        key.0
    }
}

/// What an instrument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstrumentKind {
    Agreement,
    ImplementingArrangement,
    Mou,
    Annex,
    Amendment,
    /// A memorandum of the Secretary under 8 CFR 208.6: it lifts a bar of our own, and lets nobody ask anything.
    WaiverMemo,
}

impl InstrumentKind {
    pub const ALL: [Self; 6] =
        [Self::Agreement, Self::ImplementingArrangement, Self::Mou, Self::Annex, Self::Amendment, Self::WaiverMemo];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::ImplementingArrangement => "implementing_arrangement",
            Self::Mou => "mou",
            Self::Annex => "annex",
            Self::Amendment => "amendment",
            Self::WaiverMemo => "waiver_memo",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Agreement => "Agreement",
            Self::ImplementingArrangement => "Implementing arrangement",
            Self::Mou => "Memorandum of understanding",
            Self::Annex => "Annex",
            Self::Amendment => "Amendment",
            Self::WaiverMemo => "Waiver memorandum",
        }
    }
}

/// When something was signed, as exactly as it is known: `2015-09-09`, `2015-05`, `2016` or `undated`. Public sources give no day
/// for some instruments, and a day made up would be read as a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Dated {
    Undated,
    Year(i32),
    /// The first day of the month.
    Month(NaiveDate),
    Day(NaiveDate),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a date is written 2015-09-09, 2015-05, 2016 or undated")]
pub struct DatedError;

impl Dated {
    /// # Errors
    /// [`DatedError`] says how a date is written.
    pub fn parse(text: &str) -> Result<Self, DatedError> {
        let month = || format!("{text}-01").parse().ok();
        match text.len() {
            _ if text == "undated" => Some(Self::Undated),
            4 => text.parse().ok().map(Self::Year),
            7 => month().map(Self::Month),
            10 => text.parse().ok().map(Self::Day),
            _ => None,
        }
        // Numbers are read more freely than they are written here: `+201`.
        .filter(|dated| dated.to_string() == text)
        .ok_or(DatedError)
    }

    /// The first day that it can mean.
    pub fn earliest(self) -> Option<NaiveDate> {
        match self {
            Self::Undated => None,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
            Self::Month(day) | Self::Day(day) => Some(day),
        }
    }
}

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undated => f.write_str("undated"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(day) => write!(f, "{:04}-{:02}", day.year(), day.month()),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl TryFrom<String> for Dated {
    type Error = DatedError;

    fn try_from(text: String) -> Result<Self, DatedError> {
        Self::parse(&text)
    }
}

impl From<Dated> for String {
    fn from(dated: Dated) -> Self {
        dated.to_string()
    }
}

/// One document of Appendix A of PIA-060(a), or a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    pub key: InstrumentKey,
    pub kind: InstrumentKind,
    pub name: String,
    /// The instrument that it changes or adds to.
    #[serde(default)]
    pub amends: Option<InstrumentKey>,
    /// Who signed it, each as it calls itself.
    pub parties: Vec<String>,
    /// None as long as it is not signed.
    #[serde(default)]
    pub signed: Option<Dated>,
    /// The first day on which it holds.
    #[serde(default)]
    pub in_force: Option<NaiveDate>,
    /// The first day on which it holds no longer.
    #[serde(default)]
    pub ends: Option<NaiveDate>,
    /// Where it can be read, or where it is named.
    pub citation: String,
    /// What is not known about it, and what was assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Instrument {
    /// Is it signed, and does it hold on a day?
    pub fn is_in_force(&self, on: NaiveDate) -> bool {
        self.signed.is_some() && self.in_force.is_some_and(|from| from <= on) && self.ends.is_none_or(|end| on < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for kind in InstrumentKind::ALL {
            assert_eq!(InstrumentKind::from_key(kind.key()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        }
    }

    #[test]
    fn names_are_small_letters_digits_and_dashes() {
        for good in ["a", "ca-2012-agreement", &"a".repeat(40)] {
            assert_eq!(InstrumentKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "2x", "-a", "Memo", "a b", "é", &"a".repeat(41), "a_b"] {
            assert_eq!(InstrumentKey::parse(bad), Err(InstrumentKeyError), "{bad}");
        }
    }

    #[test]
    fn a_date_is_kept_as_exactly_as_it_is_known() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (text, dated, earliest) in [
            ("undated", Dated::Undated, None),
            ("2016", Dated::Year(2016), Some(day("2016-01-01"))),
            ("2015-05", Dated::Month(day("2015-05-01")), Some(day("2015-05-01"))),
            ("2015-09-09", Dated::Day(day("2015-09-09")), Some(day("2015-09-09"))),
        ] {
            assert_eq!(Dated::parse(text), Ok(dated));
            assert_eq!((dated.to_string(), dated.earliest()), (text.to_owned(), earliest));
        }
        for bad in ["", "16", "2015-13", "2015/05", "2015-9-09x", "2015-02-30", "+201", "undate", "Undated", "2015-05-"] {
            assert_eq!(Dated::parse(bad), Err(DatedError), "{bad}");
        }
    }

    #[test]
    fn an_instrument_holds_from_its_day_until_its_end_once_it_is_signed() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut instrument = Instrument {
            key: InstrumentKey::parse("gb").unwrap(),
            kind: InstrumentKind::Agreement,
            name: "Agreement".into(),
            amends: None,
            parties: vec!["US".into(), "UK".into()],
            signed: Some(Dated::Day(day("2013-04-18"))),
            in_force: Some(day("2013-11-08")),
            ends: Some(day("2020-01-01")),
            citation: "TIAS 13-1108".into(),
            note: None,
        };
        let holds = |instrument: &Instrument, on: &str| instrument.is_in_force(day(on));
        assert!(!holds(&instrument, "2013-11-07") && holds(&instrument, "2013-11-08"));
        assert!(holds(&instrument, "2019-12-31") && !holds(&instrument, "2020-01-01"));
        instrument.ends = None;
        assert!(holds(&instrument, "2020-01-01"));
        instrument.signed = None;
        assert!(!holds(&instrument, "2020-01-01"));
        instrument.signed = Some(Dated::Undated);
        instrument.in_force = None;
        assert!(!holds(&instrument, "2020-01-01"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9-]{0,11}|.{0,12}") {
            if let Ok(dated) = Dated::parse(&text) {
                prop_assert_eq!(&dated.to_string(), &text);
            }
            let _ = InstrumentKey::parse(&text);
        }
    }
}
