//! What another version of an agreement would have changed: past requests, decided again.

use serde::Serialize;

use super::element::Element;
use super::evaluate::{Request, evaluate};
use super::ruling::Ruling;
use super::snapshot::Agreement;
use super::step::AnswerKind;
use crate::protection::Towards;

/// A request as it was decided once, with what the protection check said then.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub request: &'a Request,
    pub towards: &'a Towards,
}

/// A past request that would be decided in another way. As JSON it is what those who sign have seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where it stands among those that were given.
    pub at: usize,
    /// None if the whole would be answered as it was.
    pub answer: Option<Turn<AnswerKind>>,
    pub elements: Vec<(Element, Turn<Ruling>)>,
}

/// From what to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Turn<T> {
    pub before: T,
    pub after: T,
}

/// Decides past requests under two versions, each on its own day, and says which would turn out differently.
pub fn dry_run(past: &[Past<'_>], before: &Agreement, after: &Agreement) -> Vec<Difference> {
    past.iter().enumerate().filter_map(|(at, past)| difference(at, *past, before, after)).collect()
}

fn difference(at: usize, past: Past<'_>, before: &Agreement, after: &Agreement) -> Option<Difference> {
    let [old, new] = [before, after].map(|agreement| evaluate(past.request, agreement, past.towards));
    let answer = turn(old.answer, new.answer);
    // Both have the elements that were asked, in the same order.
    let elements: Vec<_> = old
        .elements
        .into_iter()
        .zip(new.elements.into_values())
        .filter_map(|((element, before), after)| turn(before, after).map(|turn| (element, turn)))
        .collect();
    (answer.is_some() || !elements.is_empty()).then_some(Difference { at, answer, elements })
}

fn turn<T: PartialEq>(before: T, after: T) -> Option<Turn<T>> {
    (before != after).then_some(Turn { before, after })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::testing::{agreement, at, request};
    use super::super::{CapabilityStatus, Condition, Direction, Modality, Referred, Step, Subject, Withheld};
    use super::*;

    fn shared() -> Towards {
        Towards::Share { waivers: BTreeSet::new() }
    }

    #[test]
    fn what_would_turn_out_differently_is_said() {
        let (known, nobody) = (request(), Request { subject: Subject::Nobody, ..request() });
        let (share, hidden) = (shared(), Towards::NoMatch);
        let past = [
            Past { request: &nobody, towards: &share },
            Past { request: &known, towards: &share },
            Past { request: &known, towards: &hidden },
        ];
        let before = agreement();
        assert_eq!(dry_run(&past, &before, &before), []);

        let mut after = agreement();
        let names = at(&mut after, Direction::In, Step::First, Modality::Biographic);
        for row in &mut names.elements {
            row.condition = Condition::ReferToCounsel;
        }
        let (allow, refer) = (Ruling::Allow, Ruling::Refer(Referred::Counsel));
        assert_eq!(
            dry_run(&past, &before, &after),
            [Difference {
                at: 1,
                answer: Some(Turn { before: AnswerKind::Match, after: AnswerKind::Hold }),
                elements: vec![(Element::FullName, Turn { before: allow, after: refer })],
            }]
        );

        let mut suspended = agreement();
        at(&mut suspended, Direction::In, Step::First, Modality::Biometric).status = CapabilityStatus::Suspended;
        let differences = dry_run(&past, &before, &suspended);
        assert_eq!(differences.iter().map(|one| one.at).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(differences.iter().all(|one| one.elements.len() == 2 && one.answer.is_some()));
        let withheld = Ruling::Withhold(Withheld::NotLive);
        assert_eq!(differences[1].elements[1], (Element::Photograph, Turn { before: allow, after: withheld }));
    }

    #[test]
    fn an_answer_and_its_elements_may_change_apart() {
        let bare = Request { asked: BTreeSet::new(), ..request() };
        let share = shared();
        let mut suspended = agreement();
        at(&mut suspended, Direction::In, Step::First, Modality::Biometric).status = CapabilityStatus::Suspended;
        let differences = dry_run(&[Past { request: &bare, towards: &share }], &agreement(), &suspended);
        let answer = Some(Turn { before: AnswerKind::Match, after: AnswerKind::Refused });
        assert_eq!(differences, [Difference { at: 0, answer, elements: Vec::new() }]);

        let mut planned = suspended.clone();
        at(&mut planned, Direction::In, Step::First, Modality::Biometric).instruments.clear();
        at(&mut planned, Direction::In, Step::First, Modality::Biometric).status = CapabilityStatus::Live;
        let known = request();
        let differences = dry_run(&[Past { request: &known, towards: &share }], &suspended, &planned);
        assert_eq!((differences[0].answer, differences[0].elements.len()), (None, 2));
    }
}
