//! Every field that a form may ask, and what may stand in it.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::address::ZipCode;
use crate::case_feed::{ANumber, Email, Telephone};
use crate::case_status::{FormNumber, ReceiptNumber, ReceiptNumberError};
use crate::typed;

/// A field. Forms ask nothing that is not one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Who asks: applicant, petitioner, or a representative with a Form G-28.
    Requester,
    ReceiptNumber,
    Form,
    /// The form's sub-type, as the notice names it.
    Category,
    FiledOn,
    MailingZip,
    /// Which notice did not come.
    Notice,
    /// Which card did not come.
    Card,
    /// Which document did not come.
    Document,
    /// Whether mail to the address that the agency has would come.
    AddressIsCurrent,
    /// What has the error: a notice, a card, another document.
    ErrorOn,
    /// What is wrong in it.
    ErrorIn,
    PrintedText,
    CorrectText,
    AppointmentKind,
    AppointmentOn,
    /// Who needs it.
    AccommodationFor,
    Accommodation,
    BeneficiaryChange,
    /// What the person wants to add, in their own words.
    Explanation,
    /// Why a case is to be decided before others; only staff ask it.
    ExpediteReason,
    FamilyName,
    GivenName,
    BirthDate,
    BirthCountry,
    Citizenship,
    ANumber,
    RepresentativeName,
    Email,
    Telephone,
}

/// Which days a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichDay {
    UntilToday,
    FromToday,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// So many characters in one line.
    Line(usize),
    /// So many characters in several lines.
    Lines(usize),
    /// Three parts, kept as `year-month-day` as they were typed.
    Day(WhichDay),
    ReceiptNumber,
    Form,
    Category,
    Zip,
    /// One of the listed countries, by its code.
    Country,
    ANumber,
    Email,
    Telephone,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    Missing,
    Wrong,
    TooLong,
    /// One of several fields has to be answered, and none is.
    NoneGiven,
}

const YES_NO: &[&str] = &["yes", "no"];

impl Field {
    pub const ALL: [Self; 30] = [
        Self::Requester,
        Self::ReceiptNumber,
        Self::Form,
        Self::Category,
        Self::FiledOn,
        Self::MailingZip,
        Self::Notice,
        Self::Card,
        Self::Document,
        Self::AddressIsCurrent,
        Self::ErrorOn,
        Self::ErrorIn,
        Self::PrintedText,
        Self::CorrectText,
        Self::AppointmentKind,
        Self::AppointmentOn,
        Self::AccommodationFor,
        Self::Accommodation,
        Self::BeneficiaryChange,
        Self::Explanation,
        Self::ExpediteReason,
        Self::FamilyName,
        Self::GivenName,
        Self::BirthDate,
        Self::BirthCountry,
        Self::Citizenship,
        Self::ANumber,
        Self::RepresentativeName,
        Self::Email,
        Self::Telephone,
    ];

    /// The name in forms, files and kept requests.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::ReceiptNumber => "receipt_number",
            Self::Form => "form",
            Self::Category => "category",
            Self::FiledOn => "filed_on",
            Self::MailingZip => "mailing_zip",
            Self::Notice => "notice",
            Self::Card => "card",
            Self::Document => "document",
            Self::AddressIsCurrent => "address_is_current",
            Self::ErrorOn => "error_on",
            Self::ErrorIn => "error_in",
            Self::PrintedText => "printed_text",
            Self::CorrectText => "correct_text",
            Self::AppointmentKind => "appointment_kind",
            Self::AppointmentOn => "appointment_on",
            Self::AccommodationFor => "accommodation_for",
            Self::Accommodation => "accommodation",
            Self::BeneficiaryChange => "beneficiary_change",
            Self::Explanation => "explanation",
            Self::ExpediteReason => "expedite_reason",
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::BirthDate => "birth_date",
            Self::BirthCountry => "birth_country",
            Self::Citizenship => "citizenship",
            Self::ANumber => "a_number",
            Self::RepresentativeName => "representative_name",
            Self::Email => "email",
            Self::Telephone => "telephone",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }

    pub const fn kind(self) -> FieldKind {
        match self {
            Self::Requester => FieldKind::Choice(&["applicant", "petitioner", "representative"]),
            Self::ReceiptNumber => FieldKind::ReceiptNumber,
            Self::Form => FieldKind::Form,
            Self::Category => FieldKind::Category,
            Self::FiledOn | Self::BirthDate => FieldKind::Day(WhichDay::UntilToday),
            Self::AppointmentOn => FieldKind::Day(WhichDay::FromToday),
            Self::MailingZip => FieldKind::Zip,
            Self::Notice => FieldKind::Choice(&["receipt", "appointment", "request_for_evidence", "approval", "transfer", "other"]),
            Self::Card => FieldKind::Choice(&["permanent_resident_card", "employment_authorization_document"]),
            Self::Document => {
                FieldKind::Choice(&["advance_parole", "reentry_permit", "refugee_travel_document", "certificate", "other"])
            }
            Self::AddressIsCurrent => FieldKind::Choice(YES_NO),
            Self::ErrorOn => FieldKind::Choice(&["notice", "card", "travel_document", "certificate"]),
            Self::ErrorIn => {
                FieldKind::Choice(&["name", "address", "birth_date", "birth_country", "a_number", "sex", "class_or_dates", "other"])
            }
            Self::AppointmentKind => FieldKind::Choice(&["biometrics", "interview", "oath_ceremony", "other"]),
            Self::AccommodationFor => FieldKind::Choice(&["applicant", "petitioner", "companion"]),
            Self::Accommodation => FieldKind::Choice(&[
                "wheelchair",
                "sign_language",
                "hearing",
                "sight",
                "at_home",
                "more_time",
                "companion_present",
                "other",
            ]),
            Self::BeneficiaryChange => {
                FieldKind::Choice(&["name", "marriage", "birth_data", "place_of_interview", "withdraw", "other"])
            }
            Self::Explanation => FieldKind::Lines(1000),
            Self::ExpediteReason => FieldKind::Choice(&[
                "financial_loss",
                "urgent_humanitarian",
                "nonprofit_interest",
                "government_interest",
                "agency_error",
            ]),
            Self::PrintedText | Self::CorrectText | Self::FamilyName | Self::GivenName | Self::RepresentativeName => {
                FieldKind::Line(100)
            }
            Self::BirthCountry | Self::Citizenship => FieldKind::Country,
            Self::ANumber => FieldKind::ANumber,
            Self::Email => FieldKind::Email,
            Self::Telephone => FieldKind::Telephone,
        }
    }

    /// Checks an answer that is not empty. A date of birth, as any other day until today, may be today's.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(self, typed: &str, today: NaiveDate) -> Result<(), FieldProblem> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(FieldProblem::Missing);
        }
        let is_right = match self.kind() {
            FieldKind::Choice(words) => words.contains(&typed),
            FieldKind::Line(longest) => return check_text(typed, longest, false),
            FieldKind::Lines(longest) => return check_text(typed, longest, true),
            FieldKind::Day(which) => read_day(typed).is_some_and(|day| is_in(which, day, today)),
            FieldKind::ReceiptNumber => return check_number(typed),
            FieldKind::Form => FormNumber::parse(typed).is_ok(),
            FieldKind::Category => (1..=30).contains(&typed.len()) && !plain_category(typed).is_empty(),
            FieldKind::Zip => ZipCode::parse(typed).is_some(),
            FieldKind::Country => typed.len() == 3 && typed.bytes().all(|byte| byte.is_ascii_uppercase()),
            FieldKind::ANumber => read_a_number(typed).is_some(),
            FieldKind::Email => Email::parse_typed(typed).is_some(),
            FieldKind::Telephone => Telephone::parse(typed).is_some() && is_whole_number(typed),
        };
        if is_right { Ok(()) } else { Err(FieldProblem::Wrong) }
    }
}

fn check_text(typed: &str, longest: usize, lines: bool) -> Result<(), FieldProblem> {
    if typed.chars().count() > longest {
        return Err(FieldProblem::TooLong);
    }
    let is_text = |c: char| !c.is_control() || (lines && matches!(c, '\n' | '\r' | '\t'));
    if typed.chars().all(is_text) { Ok(()) } else { Err(FieldProblem::Wrong) }
}

fn check_number(typed: &str) -> Result<(), FieldProblem> {
    ReceiptNumber::parse(typed).map(|_| ()).map_err(|error| match error {
        ReceiptNumberError::Empty => FieldProblem::Missing,
        ReceiptNumberError::Malformed => FieldProblem::Wrong,
    })
}

/// A day of three typed parts, `year-month-day`: a year of four figures, `2` or `02` for February.
pub(super) fn read_day(typed: &str) -> Option<NaiveDate> {
    let mut parts = typed.splitn(3, '-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    typed::day(year, month, day).ok().flatten()
}

/// A year from now nobody has an appointment yet.
fn is_in(which: WhichDay, day: NaiveDate, today: NaiveDate) -> bool {
    match which {
        WhichDay::UntilToday => day <= today,
        WhichDay::FromToday => day >= today && today.checked_add_days(Days::new(731)).is_none_or(|last| day <= last),
    }
}

/// With its area code, or with its country's code, after which numbers may be shorter.
fn is_whole_number(typed: &str) -> bool {
    typed.starts_with('+') || typed.bytes().filter(u8::is_ascii_digit).count() >= 10
}

/// With or without the `A`, as cards print the number.
pub(super) fn read_a_number(typed: &str) -> Option<ANumber> {
    let typed = typed.trim();
    let with_a = if typed.starts_with(['A', 'a']) { typed.to_owned() } else { format!("A{typed}") };
    ANumber::parse(&with_a)
}

/// A category as far as people write it alike: `(c)(9)`, `C09` and `c-9` are one.
pub fn plain_category(typed: &str) -> String {
    let mut plain = String::new();
    let mut after_digit = false;
    let mut chars = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).peekable();
    while let Some(c) = chars.next() {
        let leads = c == '0' && !after_digit && chars.peek().is_some_and(char::is_ascii_digit);
        if !leads {
            plain.push(c);
            after_digit = c.is_ascii_digit();
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-11-21".parse().unwrap()
    }

    #[test]
    fn every_field_has_a_key_of_its_own() {
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(field));
            assert_eq!(serde_json::to_string(&field).unwrap(), format!("\"{}\"", field.key()));
        }
        assert_eq!(Field::from_key("name"), None);
    }

    #[test]
    fn an_answer_is_held_to_its_field() {
        for (field, good) in [
            (Field::Requester, "applicant"),
            (Field::ReceiptNumber, " eac-99-991-03403 "),
            (Field::Form, "I-765"),
            (Field::Category, "(c)(9)"),
            (Field::FiledOn, "2026-11-21"),
            (Field::FiledOn, "2025-2-3"),
            (Field::AppointmentOn, "2026-11-21"),
            (Field::MailingZip, "22150-1234"),
            (Field::Explanation, "One line.\r\nAnd another."),
            (Field::FamilyName, "Muñoz de la O"),
            (Field::Citizenship, "HND"),
            (Field::ANumber, "012-345-678"),
            (Field::ANumber, "a12345678"),
            (Field::Email, "ana@example.org"),
            (Field::Telephone, "+1 (202) 555-0143"),
            (Field::Telephone, "202.555.0143"),
            (Field::Telephone, "+376 555 014"),
        ] {
            assert_eq!(field.check(good, today()), Ok(()), "{field:?} {good}");
        }
        for (field, wrong) in [
            (Field::Requester, "neighbour"),
            (Field::ReceiptNumber, "EAC12"),
            (Field::Form, "765"),
            (Field::Category, "()"),
            (Field::FiledOn, "2026-11-22"),
            (Field::FiledOn, "2026-02-30"),
            (Field::FiledOn, "26-2-3"),
            (Field::FiledOn, "2026-2"),
            (Field::FiledOn, "+2026-2-3"),
            (Field::AppointmentOn, "2026-11-20"),
            (Field::AppointmentOn, "2099-11-20"),
            (Field::MailingZip, "2215"),
            (Field::FamilyName, "a\nb"),
            (Field::Citizenship, "hn"),
            (Field::ANumber, "12345"),
            (Field::Email, "ana"),
            (Field::Telephone, "12"),
            (Field::Telephone, "555-0143"),
        ] {
            assert_eq!(field.check(wrong, today()), Err(FieldProblem::Wrong), "{field:?} {wrong}");
        }
        assert_eq!(Field::FamilyName.check("  ", today()), Err(FieldProblem::Missing));
        assert_eq!(Field::ReceiptNumber.check("--", today()), Err(FieldProblem::Missing));
        assert_eq!(Field::FamilyName.check(&"é".repeat(100), today()), Ok(()));
        assert_eq!(Field::FamilyName.check(&"é".repeat(101), today()), Err(FieldProblem::TooLong));
    }

    #[test]
    fn a_category_is_one_however_it_is_written() {
        for (typed, plain) in
            [("(c)(9)", "C9"), ("C09", "C9"), ("c-9", "C9"), ("136A-NIW", "136ANIW"), ("C10", "C10"), ("0", "0"), ("A00", "A0")]
        {
            assert_eq!(plain_category(typed), plain, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(typed in ".{0,40}", at in 0..Field::ALL.len()) {
            let _ = Field::ALL[at].check(&typed, today());
            let plain = plain_category(&typed);
            prop_assert_eq!(plain_category(&plain), plain);
        }

        #[test]
        fn a_choice_is_right_and_nothing_else(typed in "[a-z_]{0,12}", at in 0..Field::ALL.len()) {
            if let FieldKind::Choice(words) = Field::ALL[at].kind() {
                prop_assert_eq!(Field::ALL[at].check(&typed, today()).is_ok(), words.contains(&typed.as_str()));
            }
        }
    }
}
