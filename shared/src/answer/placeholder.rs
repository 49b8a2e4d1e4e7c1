//! What a text can leave open, each with the type of what goes there.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::delivery_tracking::TrackingNumber;
use crate::locale::Locale;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    Day,
    /// Up to 100 characters in one line.
    Line,
    /// A number of days, letters, cards.
    Count,
    TrackingNumber,
}

/// Who fills a placeholder in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The record of the request and its case.
    Record,
    /// The officer who writes.
    Officer,
}

/// What can be left open in a text: a closed list, so that a template cannot ask for what nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placeholder {
    RequestNumber,
    ReceiptNumber,
    Form,
    /// The day on which the request came in.
    AskedOn,
    /// The day by which an answer was promised.
    DueOn,
    /// The day of the letter.
    Today,
    Office,
    FiledOn,
    /// The day on which a card or a notice was mailed.
    MailedOn,
    TrackingNumber,
    AppointmentOn,
    /// The last day for the person to do something.
    ReplyBy,
    /// The day by which the agency will have done something.
    DoneBy,
    /// What was mailed, made or corrected.
    Document,
    /// Where to go.
    Place,
    NumberOfDays,
}

impl Placeholder {
    pub const ALL: [Self; 16] = [
        Self::RequestNumber,
        Self::ReceiptNumber,
        Self::Form,
        Self::AskedOn,
        Self::DueOn,
        Self::Today,
        Self::Office,
        Self::FiledOn,
        Self::MailedOn,
        Self::TrackingNumber,
        Self::AppointmentOn,
        Self::ReplyBy,
        Self::DoneBy,
        Self::Document,
        Self::Place,
        Self::NumberOfDays,
    ];

    /// The word between the braces.
    pub const fn key(self) -> &'static str {
        match self {
            Self::RequestNumber => "request_number",
            Self::ReceiptNumber => "receipt_number",
            Self::Form => "form",
            Self::AskedOn => "asked_on",
            Self::DueOn => "due_on",
            Self::Today => "today",
            Self::Office => "office",
            Self::FiledOn => "filed_on",
            Self::MailedOn => "mailed_on",
            Self::TrackingNumber => "tracking_number",
            Self::AppointmentOn => "appointment_on",
            Self::ReplyBy => "reply_by",
            Self::DoneBy => "done_by",
            Self::Document => "document",
            Self::Place => "place",
            Self::NumberOfDays => "number_of_days",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placeholder| placeholder.key() == key)
    }

    pub const fn kind(self) -> ValueKind {
        match self {
            Self::AskedOn
            | Self::DueOn
            | Self::Today
            | Self::FiledOn
            | Self::MailedOn
            | Self::AppointmentOn
            | Self::ReplyBy
            | Self::DoneBy => ValueKind::Day,
            Self::RequestNumber | Self::ReceiptNumber | Self::Form | Self::Office | Self::Document | Self::Place => ValueKind::Line,
            Self::TrackingNumber => ValueKind::TrackingNumber,
            Self::NumberOfDays => ValueKind::Count,
        }
    }

    pub const fn origin(self) -> Origin {
        match self {
            Self::RequestNumber
            | Self::ReceiptNumber
            | Self::Form
            | Self::AskedOn
            | Self::DueOn
            | Self::Today
            | Self::Office
            | Self::FiledOn => Origin::Record,
            Self::MailedOn
            | Self::TrackingNumber
            | Self::AppointmentOn
            | Self::ReplyBy
            | Self::DoneBy
            | Self::Document
            | Self::Place
            | Self::NumberOfDays => Origin::Officer,
        }
    }
}

/// What fills a placeholder.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    Day(NaiveDate),
    Line(String),
    Count(u32),
    TrackingNumber(TrackingNumber),
}

/// It is about a person.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value([sensitive])")
    }
}

impl Value {
    /// Reads what an officer typed; none if it is not of the type.
    pub fn parse(kind: ValueKind, typed: &str) -> Option<Self> {
        let typed = typed.trim();
        match kind {
            ValueKind::Day => typed.parse().ok().map(Self::Day),
            ValueKind::Line => {
                let is_line = (1..=100).contains(&typed.chars().count()) && !typed.chars().any(char::is_control);
                is_line.then(|| Self::Line(typed.to_owned()))
            }
            ValueKind::Count => typed.parse().ok().map(Self::Count),
            ValueKind::TrackingNumber => TrackingNumber::parse(typed).ok().map(Self::TrackingNumber),
        }
    }

    pub const fn kind(&self) -> ValueKind {
        match self {
            Self::Day(_) => ValueKind::Day,
            Self::Line(_) => ValueKind::Line,
            Self::Count(_) => ValueKind::Count,
            Self::TrackingNumber(_) => ValueKind::TrackingNumber,
        }
    }

    /// In words, `days` later if it is a day.
    pub fn in_words(&self, days: u16, locale: Locale) -> String {
        match self {
            Self::Day(day) => locale.long_date(day.checked_add_days(Days::new(days.into())).unwrap_or(*day)),
            Self::Line(line) => line.clone(),
            Self::Count(count) => count.to_string(),
            Self::TrackingNumber(number) => number.as_str().to_owned(),
        }
    }
}

/// What is known of placeholders: each with a value of its own type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Placeholder, Value>);

impl Values {
    /// Keeps a value; one of another type is not kept, and false.
    pub fn set(&mut self, placeholder: Placeholder, value: Value) -> bool {
        let fits = value.kind() == placeholder.kind();
        if fits {
            self.0.insert(placeholder, value);
        }
        fits
    }

    pub fn get(&self, placeholder: Placeholder) -> Option<&Value> {
        self.0.get(&placeholder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_read_back() {
        for placeholder in Placeholder::ALL {
            assert_eq!(Placeholder::from_key(placeholder.key()), Some(placeholder));
            assert_eq!(serde_json::to_string(&placeholder).unwrap(), format!("\"{}\"", placeholder.key()));
        }
        assert_eq!(Placeholder::from_key("name"), None);
    }

    #[test]
    fn a_value_is_of_its_type_or_none() {
        for (kind, typed, is) in [
            (ValueKind::Day, "2026-03-10", true),
            (ValueKind::Day, "03/10/2026", false),
            (ValueKind::Line, " a card ", true),
            (ValueKind::Line, " ", false),
            (ValueKind::Line, "a\nb", false),
            (ValueKind::Count, "30", true),
            (ValueKind::Count, "-1", false),
            (ValueKind::TrackingNumber, "9205599999999900000121", true),
            (ValueKind::TrackingNumber, "12", false),
        ] {
            assert_eq!(Value::parse(kind, typed).is_some(), is, "{kind:?} {typed}");
        }
        let mut values = Values::default();
        assert!(!values.set(Placeholder::MailedOn, Value::Line("yesterday".into())), "a day is a day");
        assert_eq!(values.get(Placeholder::MailedOn), None);
        assert!(values.set(Placeholder::Document, Value::Line("card".into())));
        assert!(!format!("{values:?}").contains("card"));
    }

    #[test]
    fn a_day_is_written_in_the_readers_language_and_can_be_moved() {
        let day = Value::parse(ValueKind::Day, "2026-02-20").unwrap();
        assert_eq!(day.in_words(0, Locale::En), "February 20, 2026");
        assert_eq!(day.in_words(10, Locale::Es), "2 de marzo de 2026");
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(typed in ".{0,120}", days: u16) {
            for placeholder in Placeholder::ALL {
                if let Some(value) = Value::parse(placeholder.kind(), &typed) {
                    prop_assert_eq!(value.kind(), placeholder.kind());
                    let _ = value.in_words(days, Locale::Es);
                }
            }
        }
    }
}
