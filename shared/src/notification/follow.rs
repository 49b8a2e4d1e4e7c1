//! The form with which somebody asks to be told of a case. A receipt number can be seen over a shoulder; so the form also
//! asks what only people of the case know: a date of birth, or the ZIP code that the case's mail goes to.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::address::ZipCode;
use crate::case_feed::Email;
use crate::case_status::{ReceiptNumber, ReceiptNumberError};
use crate::sensitive::Sensitive;
use crate::typed::{self, NoSuchDay};

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
        let day = typed::day(&self.year, &self.month, &self.day).map_err(|NoSuchDay| FollowProblem::BirthDateWrong)?;
        if day.is_some_and(|day| day > today) { Err(FollowProblem::BirthDateWrong) } else { Ok(day) }
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
            text => Email::parse_typed(text).ok_or(FollowProblem::EmailWrong),
        }
    }
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
