//! What is told of a field as soon as somebody leaves it, before the page is sent: the same rules, as far as the page alone knows.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::form::{ChangeForm, ProblemKind};
use super::step::{Field, Step};
use crate::address::{AddressField, AddressProblem};

/// What the rules say of a field that was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Right,
    /// What is wrong with it, by [`ProblemKind::slip`].
    Wrong(&'static str),
    /// Something that is said when the page is sent: that an answer is missing, or what has a box to tick beside it then.
    Later,
}

/// Looks at a field of a page on which so much was typed.
pub fn check_left(step: Step, field: &str, typed: &BTreeMap<String, String>, today: NaiveDate) -> Left {
    let mut form = ChangeForm::default();
    form.take(step, typed);
    let problems = form.problems_within(step, today);
    match problems.iter().find(|problem| problem.field.key() == field) {
        None => Left::Right,
        Some(problem) => problem.kind.slip().map_or(Left::Later, Left::Wrong),
    }
}

impl ProblemKind {
    /// The name of what can be told while somebody fills in the page; none of what cannot.
    pub const fn slip(self) -> Option<&'static str> {
        match self {
            Self::TooLong | Self::Address(AddressProblem::TooLong(_)) => Some("too-long"),
            Self::Unreadable | Self::Address(AddressProblem::Unreadable(_)) => Some("unreadable"),
            Self::NoSuchDay => Some("no-such-day"),
            Self::InTheFuture => Some("future"),
            Self::Malformed | Self::Address(AddressProblem::ZipMalformed) => Some("malformed"),
            Self::TooYoung => Some("too-young"),
            Self::NumberTwice => Some("twice"),
            Self::Address(AddressProblem::PoBox(_)) => Some("po-box"),
            Self::Address(AddressProblem::Unknown(_)) => Some("unknown"),
            Self::Empty
            | Self::NotAChoice
            | Self::BeforeBirth
            | Self::SameAddress
            | Self::TooMany
            | Self::NotTheName
            | Self::NotCertified
            | Self::Address(AddressProblem::Empty(_) | AddressProblem::ZipUnknown | AddressProblem::ZipOfOtherState) => None,
        }
    }
}

impl Field {
    /// All that can be told of the field while somebody fills in its page.
    pub fn slips(self) -> Vec<ProblemKind> {
        use ProblemKind::{InTheFuture, Malformed, NoSuchDay, NumberTwice, TooLong, TooYoung, Unreadable};
        match self {
            Self::Filer => vec![TooYoung],
            Self::FamilyName | Self::GivenName | Self::MiddleName | Self::StatusOther => vec![TooLong, Unreadable],
            Self::BirthDate | Self::MovedOn => vec![NoSuchDay, InTheFuture],
            Self::ANumber | Self::Email | Self::Telephone | Self::CaseZip(_) => vec![Malformed],
            Self::ReceiptNumber(_) => vec![Malformed, NumberTwice],
            Self::New(part) | Self::Old(part) | Self::Mailing(part) => {
                of_address(part).into_iter().map(ProblemKind::Address).collect()
            }
            Self::Citizenship | Self::Status | Self::OldAddressUnsafe | Self::Signature | Self::Certified => Vec::new(),
        }
    }
}

fn of_address(part: AddressField) -> Vec<AddressProblem> {
    let mut problems = vec![AddressProblem::TooLong(part), AddressProblem::Unreadable(part)];
    match part {
        AddressField::Country => return vec![AddressProblem::Unknown(part)],
        AddressField::Street | AddressField::Unit => problems.push(AddressProblem::PoBox(part)),
        AddressField::State => problems.push(AddressProblem::Unknown(part)),
        AddressField::Zip => problems.push(AddressProblem::ZipMalformed),
        AddressField::Urbanization | AddressField::City => {}
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn left(step: Step, field: &str, typed: &[(&str, &str)]) -> Left {
        let typed = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        check_left(step, field, &typed, "2026-11-22".parse().unwrap())
    }

    #[test]
    fn a_slip_is_told_at_once_and_what_is_missing_later() {
        for (step, field, typed, expected) in [
            (Step::Person, "family_name", vec![("family_name", "Ejemplo")], Left::Right),
            (Step::Person, "family_name", vec![], Left::Later),
            (Step::Person, "a_number", vec![("a_number", "12")], Left::Wrong("malformed")),
            (
                Step::Person,
                "birth",
                vec![("birth_month", "2"), ("birth_day", "30"), ("birth_year", "1990")],
                Left::Wrong("no-such-day"),
            ),
            (Step::Move, "moved", vec![("moved_month", "11"), ("moved_day", "23"), ("moved_year", "2026")], Left::Wrong("future")),
            (Step::NewAddress, "new_street", vec![("new_street", "PO Box 7")], Left::Wrong("po-box")),
            (Step::MailingAddress, "mailing_street", vec![("mail_elsewhere", "yes"), ("mailing_street", "PO Box 7")], Left::Right),
            (Step::NewAddress, "new_state", vec![("new_state", "Nowhere")], Left::Wrong("unknown")),
            (Step::NewAddress, "new_zip", vec![("new_zip", "123")], Left::Wrong("malformed")),
            (Step::NewAddress, "new_zip", vec![("new_state", "VA"), ("new_zip", "90001")], Left::Later),
            (Step::NewAddress, "new_zip", vec![("new_country", "GTM"), ("new_zip", "9001")], Left::Right),
            (Step::Cases, "number_1", vec![("number_1", "12345"), ("zip_1", "22150")], Left::Wrong("malformed")),
            (Step::Contact, "email", vec![("email", "ana@")], Left::Wrong("malformed")),
        ] {
            assert_eq!(left(step, field, &typed), expected, "{field} {typed:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_told_has_its_words(at in 0usize..7, texts in proptest::collection::vec("(PO Box 7|90001|VA|GTM|2|[ -~áß]{0,12}|x{300})", 12)) {
            let step = Step::ALL[at];
            let names = ["family_name", "given_name", "birth_month", "birth_day", "birth_year", "a_number", "moved_day", "email", "telephone", "status_other", "filer", "middle_name"];
            let parts = ["street", "unit", "urbanization", "city", "state", "zip", "country"];
            let mut typed: BTreeMap<String, String> =
                names.iter().zip(&texts).map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
            for (part, text) in parts.iter().zip(&texts) {
                for side in ["new", "old", "mailing"] {
                    typed.insert(format!("{side}_{part}"), text.clone());
                }
            }
            for (name, text) in ["number_0", "zip_0", "number_1", "zip_1"].iter().zip(&texts) {
                typed.insert((*name).to_owned(), text.clone());
            }
            typed.insert("mail_elsewhere".into(), "yes".into());
            let mut form = ChangeForm::default();
            form.take(step, &typed);
            let today = "2026-11-22".parse().unwrap();
            let (within, all) = (form.problems_within(step, today), form.problems_of(step, today));
            prop_assert!(within.iter().all(|problem| all.contains(problem)), "the server says so, too: {within:?} {all:?}");
            for problem in within {
                let told = problem.field.slips().iter().any(|kind| kind.slip() == problem.kind.slip());
                prop_assert!(problem.kind.slip().is_none() || told, "{problem:?}");
            }
        }
    }
}
