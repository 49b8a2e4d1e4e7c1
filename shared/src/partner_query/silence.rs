//! The answer to a partner about somebody of whom nothing may be told, which is the answer about somebody unknown.

use chrono::NaiveDate;

use super::message::{Header, Official, Reply, ReplyResult};
use super::number::TransactionNumber;
use super::value::Told;
use crate::agreement::{AnswerKind, Decision};
use crate::protection::AnsweredBefore;

/// The two ways to tell nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    NoMatch,
    /// The agreement lets nothing be asked, or the partner had a match before: "no match" would say that something has happened since.
    Refused,
}

impl Silent {
    /// As a decision has it, which is the same decision for somebody protected and for somebody unknown; none if something is told, or
    /// if counsel decides.
    pub const fn of(decision: &Decision) -> Option<Self> {
        match decision.answer {
            AnswerKind::NoMatch => Some(Self::NoMatch),
            AnswerKind::Refused => Some(Self::Refused),
            AnswerKind::Match | AnswerKind::Partial | AnswerKind::Hold => None,
        }
    }

    /// Where counsel decides that nothing is told.
    pub const fn after(before: AnsweredBefore) -> Self {
        match before {
            AnsweredBefore::Never | AnsweredBefore::NoMatch => Self::NoMatch,
            AnsweredBefore::Match => Self::Refused,
        }
    }

    const fn result(self) -> ReplyResult {
        match self {
            Self::NoMatch => ReplyResult::NoMatch,
            Self::Refused => ReplyResult::Refused,
        }
    }
}

/// What is answered where nothing is told.
///
/// It does not get to know whether the person is protected, or unknown, or who they are. All that it has is the request's header, which
/// of the two ways it is, and the office in whose name every such answer goes out: no analyst's, because nobody prepares it.
pub fn silence(asked: &Header, silent: Silent, office: &Official, number: TransactionNumber, on: NaiveDate) -> Reply {
    Reply {
        header: Header { number, prior: Some(asked.number.clone()), date: on, ..asked.clone() },
        result: silent.result(),
        reviewer: office.clone(),
        told: Told::default(),
        enclosures: Vec::new(),
        caveats: Vec::new(),
        correction_of: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::template::{Template, TemplateKey, starter};
    use super::super::testing::{addressed, header, official};
    use super::super::verdict::Verdict;
    use super::super::{InboundEvent, InboundState, Message, ReleaseEvent, ReleaseState};
    use super::*;
    use crate::agreement::{
        self, Direction, Element, FoundBy, Made, Modality, Partner, Person, Purpose, Question, Recipient, Request, Step, Subject,
        evaluate,
    };
    use crate::country::CountryCode;
    use crate::protection::{Doubt, Towards};

    fn decide(step: Step, subject: Subject, towards: &Towards, answered_before: AnsweredBefore) -> agreement::Decision {
        let question = Question {
            partner: Partner::Canada,
            direction: Direction::In,
            step,
            by: Modality::Biometric,
            purpose: Purpose::RefugeeClaim,
            recipient: Recipient::Protection,
            on: "2026-01-15".parse().unwrap(),
            made_this_year: Made::default(),
        };
        let asked = [Element::FullName, Element::ImmigrationStatus, Element::PassportImage].into();
        let agreement = agreement::from_file(agreement::starter(Partner::Canada).as_bytes()).unwrap();
        evaluate(&Request { question, asked, subject, answered_before, settled: [].into() }, &agreement, towards)
    }

    /// The person is protected, or alleges persecution by the partner, or is a citizen of it.
    fn protected() -> Vec<(Subject, Towards)> {
        let codes = |codes: &[&str]| codes.iter().map(|code| CountryCode::parse(code)).collect::<Option<Vec<_>>>();
        let person = |citizen: &str, persecuted_by: &str| {
            Subject::Known(Person {
                found_by: FoundBy::Fingerprints,
                citizenships: codes(&[citizen]),
                residences: codes(&[]),
                persecuted_by: codes(&[persecuted_by]),
            })
        };
        let share = Towards::Share { waivers: [].into() };
        vec![
            (person("SYR", "SYR"), Towards::NoMatch),
            (person("SYR", "CAN"), share.clone()),
            (person("CAN", "SYR"), share),
            (person("SYR", "CAN"), Towards::Refer { because: [Doubt::CisFailed].into() }),
        ]
    }

    /// From the decision to the reply, as the partner sees it.
    fn answer(step: Step, subject: Subject, towards: &Towards, before: AnsweredBefore) -> Reply {
        let decision = decide(step, subject, towards, before);
        assert_eq!(Verdict::of(&decision), Verdict::Silence);
        let silent = Silent::of(&decision).unwrap();
        assert_eq!(silent, Silent::after(before), "counsel's silence is no other");
        let asked = header(Direction::In, step);
        silence(&asked, silent, &official(), TransactionNumber::new([5; 16]), "2026-01-16".parse().unwrap())
    }

    #[test]
    fn a_protected_person_and_nobody_are_answered_alike_field_by_field_and_byte_by_byte() {
        for step in [Step::First, Step::Second, Step::Third] {
            for before in AnsweredBefore::ALL {
                let unknown = answer(step, Subject::Nobody, &Towards::NoMatch, before);
                for (subject, towards) in protected() {
                    let Reply { header, result, reviewer, told, enclosures, caveats, correction_of } =
                        answer(step, subject, &towards, before);
                    assert_eq!(header, unknown.header);
                    assert_eq!(result, unknown.result);
                    assert_eq!(reviewer, unknown.reviewer);
                    assert_eq!((&told, &enclosures, &caveats), (&unknown.told, &unknown.enclosures, &unknown.caveats));
                    assert_eq!(correction_of, unknown.correction_of);
                    let known = Reply { header, result, reviewer, told, enclosures, caveats, correction_of };
                    for key in TemplateKey::ALL {
                        let template = Template::from_file(starter(key).as_bytes()).unwrap();
                        let written = |reply: &Reply| template.write(&addressed(Message::Reply(reply.clone()), key)).unwrap();
                        assert_eq!(written(&known).text, written(&unknown).text);
                    }
                }
            }
        }
    }

    #[test]
    fn it_tells_nothing_and_says_no_match_unless_there_was_one_before() {
        for (before, result) in [
            (AnsweredBefore::Never, ReplyResult::NoMatch),
            (AnsweredBefore::NoMatch, ReplyResult::NoMatch),
            (AnsweredBefore::Match, ReplyResult::Refused),
        ] {
            let reply = answer(Step::Third, Subject::Nobody, &Towards::NoMatch, before);
            assert_eq!(reply.result, result);
            assert!(!reply.tells());
            assert_eq!(reply.header.prior, Some(header(Direction::In, Step::Third).number), "it names what it answers");
        }
    }

    #[test]
    fn a_decision_that_tells_something_or_waits_for_counsel_is_no_silence() {
        let share = Towards::Share { waivers: [].into() };
        let (known, _) = protected().remove(0);
        let told = decide(Step::Third, known.clone(), &share, AnsweredBefore::Never);
        let held = decide(Step::Third, known, &Towards::Refer { because: [Doubt::CisFailed].into() }, AnsweredBefore::Never);
        assert_eq!((Silent::of(&told), Verdict::of(&told)), (None, Verdict::Proceed));
        assert_eq!((Silent::of(&held), Verdict::of(&held)), (None, Verdict::Refer));
    }

    /// "No match" would be untrue: nobody looked.
    #[test]
    fn what_an_agreement_does_not_let_be_asked_is_refused() {
        let refused = decide(Step::Reverse, Subject::Nobody, &Towards::NoMatch, AnsweredBefore::Never);
        assert_eq!((Silent::of(&refused), Verdict::of(&refused)), (Some(Silent::Refused), Verdict::Silence));
    }

    /// The states that the partner's request goes through say nothing, either.
    #[test]
    fn both_go_the_same_way() {
        for before in AnsweredBefore::ALL {
            let nobody = Verdict::of(&decide(Step::Third, Subject::Nobody, &Towards::NoMatch, before));
            for (subject, towards) in protected() {
                let verdict = Verdict::of(&decide(Step::Third, subject, &towards, before));
                let inbound = |verdict| InboundState::ProtectionCheck.next(&InboundEvent::Checked { verdict });
                assert_eq!(inbound(verdict), inbound(nobody));
                let release = |verdict| ReleaseState::ProtectionCheck.next(&ReleaseEvent::Checked { verdict });
                assert_eq!(release(verdict), release(nobody));
            }
        }
    }
}
