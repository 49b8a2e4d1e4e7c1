//! Asking back: what a partner asked us may be of use to us, too (PIA-060(a): "USCIS may request specific information on that
//! individual from the foreign partner").

use std::collections::BTreeSet;

use chrono::NaiveDate;
use thiserror::Error;

use super::message::{Header, Reply};
use super::number::TransactionNumber;
use crate::agreement::{Agreement, AgreementVersion, AnswerKind, Blocked, Direction, Partner, Person, Question, Step, may_ask};
use crate::protection::Towards;

/// What a partner was answered that asked us, once the answer has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    pub partner: Partner,
    pub answer: AnswerKind,
}

impl Answered {
    /// Was the partner told that we know the person?
    pub const fn is_match(self) -> bool {
        matches!(self.answer, AnswerKind::Match | AnswerKind::Partial)
    }
}

/// What stands against asking back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoAskingBack {
    #[error("our answer has not left; ask when it has")]
    NotAnswered,
    /// Whoever was told nothing would learn from the question that we know the person after all.
    #[error("we told the partner nothing of the person; a question would tell that we know them")]
    NothingTold,
    #[error("another partner asked about the person; only who asked can be asked back")]
    OtherPartner,
    #[error("this is no query that asks back")]
    OtherStep,
    #[error("{0}")]
    Blocked(Blocked),
}

/// May a partner be asked back about a person about whom it asked? None: our answer has not left.
///
/// # Errors
/// The first thing that stands against it. What the agreement and the person's protection say comes last: it needs them read.
pub fn may_ask_back(
    answered: Option<Answered>,
    question: &Question,
    person: &Person,
    agreement: &Agreement,
    towards: &Towards,
) -> Result<(), NoAskingBack> {
    let Some(answered) = answered else { return Err(NoAskingBack::NotAnswered) };
    if !answered.is_match() {
        return Err(NoAskingBack::NothingTold);
    }
    if question.partner != answered.partner {
        return Err(NoAskingBack::OtherPartner);
    }
    if question.step != Step::Reverse {
        return Err(NoAskingBack::OtherStep);
    }
    may_ask(question, person, agreement, towards, &BTreeSet::new()).map_err(NoAskingBack::Blocked)
}

/// The header of a query that asks back. It carries the number of the partner's own query, and so no fingerprints. None if the answer
/// names no query.
pub fn header(answer: &Reply, number: TransactionNumber, agreement: AgreementVersion, on: NaiveDate) -> Option<Header> {
    let prior = answer.header.prior.clone()?;
    Some(Header {
        number,
        prior: Some(prior),
        direction: Direction::Out,
        step: Step::Reverse,
        agreement,
        date: on,
        ..answer.header.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::reply;
    use super::*;
    use crate::agreement::{FoundBy, Made, Modality, Purpose, Recipient, Withheld, from_file, starter};
    use crate::country::CountryCode;

    fn question() -> Question {
        Question {
            partner: Partner::Canada,
            direction: Direction::Out,
            step: Step::Reverse,
            by: Modality::Biometric,
            purpose: Purpose::RefugeeClaim,
            recipient: Recipient::Protection,
            on: "2026-01-15".parse().unwrap(),
            made_this_year: Made::default(),
        }
    }

    fn person(persecuted_by: &str) -> Person {
        let codes = |code: &str| Some(vec![CountryCode::parse(code).unwrap()]);
        Person {
            found_by: FoundBy::Fingerprints,
            citizenships: codes("SYR"),
            residences: Some(Vec::new()),
            persecuted_by: codes(persecuted_by),
        }
    }

    const TOLD: Answered = Answered { partner: Partner::Canada, answer: AnswerKind::Partial };

    fn may(answered: Option<Answered>, question: &Question, person: &Person, towards: &Towards) -> Result<(), NoAskingBack> {
        let agreement = from_file(starter(Partner::Canada).as_bytes()).unwrap();
        may_ask_back(answered, question, person, &agreement, towards)
    }

    #[test]
    fn who_had_a_match_may_be_asked_back() {
        let share = Towards::Share { waivers: [].into() };
        assert_eq!(may(Some(TOLD), &question(), &person("SYR"), &share), Ok(()));
    }

    #[test]
    fn nobody_is_asked_back_who_was_told_nothing() {
        let share = Towards::Share { waivers: [].into() };
        assert_eq!(may(None, &question(), &person("SYR"), &share), Err(NoAskingBack::NotAnswered));
        for answer in [AnswerKind::NoMatch, AnswerKind::Refused, AnswerKind::Hold] {
            let answered = Some(Answered { answer, ..TOLD });
            assert_eq!(may(answered, &question(), &person("SYR"), &share), Err(NoAskingBack::NothingTold));
        }
    }

    #[test]
    fn another_partner_another_step_and_whatever_protects_the_person_stand_against_it() {
        let share = Towards::Share { waivers: [].into() };
        let elsewhere = Question { partner: Partner::Australia, ..question() };
        assert_eq!(may(Some(TOLD), &elsewhere, &person("SYR"), &share), Err(NoAskingBack::OtherPartner));
        let third = Question { step: Step::Third, ..question() };
        assert_eq!(may(Some(TOLD), &third, &person("SYR"), &share), Err(NoAskingBack::OtherStep));
        let blocked = |person: &Person, towards| may(Some(TOLD), &question(), person, towards).unwrap_err();
        assert_eq!(blocked(&person("CAN"), &share), NoAskingBack::Blocked(Blocked::No(Withheld::Persecution)));
        assert_eq!(blocked(&person("SYR"), &Towards::NoMatch), NoAskingBack::Blocked(Blocked::No(Withheld::Protected)));
    }

    #[test]
    fn it_carries_the_number_of_the_partners_query() {
        let number = TransactionNumber::new([3; 16]);
        let asked = header(&reply(), number.clone(), AgreementVersion::FIRST, "2026-01-20".parse().unwrap()).unwrap();
        assert_eq!((asked.number, asked.prior), (number.clone(), reply().header.prior));
        assert_eq!((asked.direction, asked.step, asked.partner), (Direction::Out, Step::Reverse, Partner::Canada));
        let unasked = Reply { header: Header { prior: None, ..reply().header }, ..reply() };
        assert_eq!(header(&unasked, number, AgreementVersion::FIRST, "2026-01-20".parse().unwrap()), None);
    }
}
