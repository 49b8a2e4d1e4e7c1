//! The form with which somebody asks to be told of a case. A receipt number can be seen over a shoulder; so the form also
//! asks what only people of the case know: a date of birth, or the ZIP code that the case's mail goes to.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::case_feed::Email;
use crate::case_status::{ReceiptNumber, ReceiptNumberError};
use crate::sensitive::Sensitive;

/// The longest that any field takes, in bytes: an e-mail address.
const LONGEST: usize = 254;

/// What was typed, as it came.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowForm {
    pub receipt_number: String,
    pub month: String,
    pub day: String,
    pub year: String,
    pub zip: String,
    pub email: String,
}

impl fmt::Debug for FollowForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FollowForm")
    }
}

/// A field of the form, in the form's order. The date of birth is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FollowField {
    ReceiptNumber,
    BirthDate,
    Zip,
    Email,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FollowProblem {
    NumberEmpty,
    NumberMalformed,
    /// Neither a date of birth nor a ZIP code.
    NothingKnown,
    /// No day of the calendar, or one to come.
    BirthDateWrong,
    ZipWrong,
    EmailEmpty,
    EmailWrong,
}

impl FollowProblem {
    pub const fn field(self) -> FollowField {
        match self {
            Self::NumberEmpty | Self::NumberMalformed => FollowField::ReceiptNumber,
            Self::NothingKnown | Self::BirthDateWrong => FollowField::BirthDate,
            Self::ZipWrong => FollowField::Zip,
            Self::EmailEmpty | Self::EmailWrong => FollowField::Email,
        }
    }
}

/// The five digits of a ZIP code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipCode(String);

impl ZipCode {
    /// Reads `22150`, `22150-1234` and `221501234`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (five, four) = text.split_at_checked(5)?;
        let four = four.strip_prefix('-').unwrap_or(four);
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (digits(five) && digits(four) && matches!(four.len(), 0 | 4) && !text.ends_with('-')).then(|| Self(five.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A form without mistakes. At least one of date and ZIP code is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowRequest {
    pub number: ReceiptNumber,
    pub birth_date: Option<Sensitive<NaiveDate>>,
    pub zip: Option<Sensitive<ZipCode>>,
    pub email: Sensitive<Email>,
}

impl FollowForm {
    /// As much of it as the fields take. What comes without the page may be longer, and is kept to be mended.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let short = |text: &String| text[..text.floor_char_boundary(LONGEST)].to_owned();
        Self {
            receipt_number: short(&self.receipt_number),
            month: short(&self.month),
            day: short(&self.day),
            year: short(&self.year),
            zip: short(&self.zip),
            email: short(&self.email),
        }
    }

    /// Reads the form.
    ///
    /// # Errors
    /// All that is wrong, in the form's order.
    pub fn parse(&self, today: NaiveDate) -> Result<FollowRequest, Vec<FollowProblem>> {
        let mut problems = Vec::new();
        let number = ReceiptNumber::parse(&self.receipt_number).map_err(|error| match error {
            ReceiptNumberError::Empty => FollowProblem::NumberEmpty,
            ReceiptNumberError::Malformed => FollowProblem::NumberMalformed,
        });
        let number = number.map_err(|problem| problems.push(problem)).ok();
        let (birth_date, zip) = (self.birth_date(today), self.zip_code());
        if matches!((&birth_date, &zip), (Ok(None), Ok(None))) {
            problems.push(FollowProblem::NothingKnown);
        }
        let birth_date = birth_date.map_err(|problem| problems.push(problem)).ok().flatten();
        let zip = zip.map_err(|problem| problems.push(problem)).ok().flatten();
        let email = self.email_address().map_err(|problem| problems.push(problem)).ok();
        match (number, email) {
            (Some(number), Some(email)) if problems.is_empty() => Ok(FollowRequest {
                number,
                birth_date: birth_date.map(Sensitive::new),
                zip: zip.map(Sensitive::new),
                email: Sensitive::new(email),
            }),
            _ => Err(problems),
        }
    }

    fn birth_date(&self, today: NaiveDate) -> Result<Option<NaiveDate>, FollowProblem> {
        let parts = [&self.year, &self.month, &self.day].map(|part| part.trim());
        if parts.iter().all(|part| part.is_empty()) {
            return Ok(None);
        }
        let number = |part: &str| (part.len() <= 4).then(|| part.parse::<u16>().ok()).flatten();
        let [Some(year), Some(month), Some(day)] = parts.map(number) else { return Err(FollowProblem::BirthDateWrong) };
        let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
        date.filter(|date| year >= 1880 && *date <= today).map(Some).ok_or(FollowProblem::BirthDateWrong)
    }

    fn zip_code(&self) -> Result<Option<ZipCode>, FollowProblem> {
        if self.zip.trim().is_empty() {
            return Ok(None);
        }
        ZipCode::parse(&self.zip).map(Some).ok_or(FollowProblem::ZipWrong)
    }

    fn email_address(&self) -> Result<Email, FollowProblem> {
        match self.email.trim() {
            "" => Err(FollowProblem::EmailEmpty),
            text => read_email(text).ok_or(FollowProblem::EmailWrong),
        }
    }
}

/// An address that somebody typed, to be written to.
pub fn read_email(typed: &str) -> Option<Email> {
    Email::parse(typed.trim()).filter(is_plain)
}

/// Whether mail servers everywhere take the address as it stands. What they do not take is mostly a slip, as a comma at the
/// end, and nobody could be told of it later.
fn is_plain(address: &Email) -> bool {
    let Some((local, host)) = address.as_str().split_once('@') else { return false };
    let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(is_inside) && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_local = |part: &str| !part.is_empty() && part.bytes().all(is_atom);
    local.len() <= 64 && local.split('.').all(is_local) && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-11-21".parse().unwrap()
    }

    fn form(zip: &str, [month, day, year]: [&str; 3]) -> FollowForm {
        FollowForm {
            receipt_number: "eac-99-991-03403".into(),
            month: month.into(),
            day: day.into(),
            year: year.into(),
            zip: zip.into(),
            email: " ana@example.org ".into(),
        }
    }

    #[test]
    fn a_whole_form_is_read_with_either_proof() {
        let both = form("22150-1234", ["2", "3", "1990"]).parse(today()).unwrap();
        assert_eq!(both.number.as_str(), "EAC9999103403");
        assert_eq!(both.birth_date, Some(Sensitive::new("1990-02-03".parse().unwrap())));
        assert_eq!(both.zip.unwrap().expose().as_str(), "22150");
        assert_eq!(both.email.expose().as_str(), "ana@example.org");
        assert!(form("22150", [""; 3]).parse(today()).unwrap().birth_date.is_none());
        assert!(form("", ["02", "03", "1990"]).parse(today()).unwrap().zip.is_none());
    }

    #[test]
    fn every_mistake_is_named_in_the_order_of_the_form() {
        assert_eq!(
            FollowForm::default().parse(today()),
            Err(vec![FollowProblem::NumberEmpty, FollowProblem::NothingKnown, FollowProblem::EmailEmpty])
        );
        let wrong = FollowForm { receipt_number: "EAC1".into(), email: "ana".into(), ..form("2215", ["2", "30", "1990"]) };
        assert_eq!(
            wrong.parse(today()),
            Err(vec![
                FollowProblem::NumberMalformed,
                FollowProblem::BirthDateWrong,
                FollowProblem::ZipWrong,
                FollowProblem::EmailWrong
            ])
        );
        for date in [["2", "3", ""], ["2", "3", "90"], ["11", "22", "2026"], ["-2", "3", "1990"], ["2", "3", "19900"]] {
            assert_eq!(form("22150", date).parse(today()), Err(vec![FollowProblem::BirthDateWrong]), "{date:?}");
        }
        for email in [
            "ana,@example.org",
            "<ana@example.org>",
            "ana..b@example.org",
            ".ana@example.org",
            "ana@example.org,",
            "ana@exa_mple.org",
            "ana@-example.org",
            "ana@example..org",
            "añá@example.org",
            "\"ana b\"@example.org",
            "ana@[192.0.2.1]",
        ] {
            let form = FollowForm { email: email.into(), ..form("22150", [""; 3]) };
            assert_eq!(form.parse(today()), Err(vec![FollowProblem::EmailWrong]), "{email}");
        }
        for email in ["o'hara+case@mail.example-1.org", "a.b_c@example.org", "x@xn--bcher-kva.example"] {
            let form = FollowForm { email: email.into(), ..form("22150", [""; 3]) };
            assert!(form.parse(today()).is_ok(), "{email}");
        }
        for zip in ["2215", "22150-", "22150-12", "2215a", "221501", "２２１５０", "22150--1234"] {
            assert_eq!(ZipCode::parse(zip), None, "{zip}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(texts in prop::array::uniform6(".{0,24}")) {
            let [receipt_number, month, day, year, zip, email] = texts;
            let form = FollowForm { receipt_number, month, day, year, zip, email };
            prop_assert_eq!(format!("{form:?}"), "FollowForm");
            if let Err(problems) = form.parse(today()) {
                prop_assert!(!problems.is_empty());
            }
        }
    }
}
