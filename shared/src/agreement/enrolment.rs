//! What may be added to IDENT of somebody who stands before an officer. IDENT is within our department: whatever is not a partner's
//! stands in terms of its own, which come into force, change and end as agreements do.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::capability::CapabilityStatus;
use super::element::Element;
use super::instrument::{InstrumentKey, InstrumentKind};
use super::party::Party;
use super::snapshot::Agreement;

/// What is taken at an interview and can be added to IDENT.
pub const ENROLLED: [Element; 2] = [Element::Photograph, Element::Fingerprints];

/// That what is taken at an interview is added to IDENT, and not only searched with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentCapability {
    pub status: CapabilityStatus,
    /// The first day on which it is what its status says.
    pub from: NaiveDate,
    /// The first day on which it is no longer.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// On what it rests.
    pub instruments: Vec<InstrumentKey>,
    /// What is added: of [`ENROLLED`].
    pub elements: Vec<Element>,
    /// What of it is known, and what was assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl EnrolmentCapability {
    /// Does its time include a day?
    pub fn is_at(&self, on: NaiveDate) -> bool {
        self.from <= on && self.to.is_none_or(|end| on < end)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.to.is_none_or(|end| other.from < end) && other.to.is_none_or(|end| self.from < end)
    }
}

/// What may be added to IDENT on a day: nothing, unless its terms have a capability that is live and rests on an instrument in force.
pub fn enrolled(terms: &Agreement, on: NaiveDate) -> BTreeSet<Element> {
    let mut there = terms.enrolments.iter().filter(|one| one.is_at(on));
    // Of two for the same time nobody knows which holds. The check of an agreement finds them.
    let (Some(capability), None, Party::Ident) = (there.next(), there.next(), terms.partner) else { return BTreeSet::new() };
    if capability.status != CapabilityStatus::Live || !terms.is_founded(&capability.instruments, on) {
        return BTreeSet::new();
    }
    capability.elements.iter().copied().filter(|element| ENROLLED.contains(element)).collect()
}

/// What is wrong with a capability to enrol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnrolmentFault {
    #[error("it ends before it begins")]
    Ends,
    #[error("there are two for the same time")]
    Overlap,
    #[error("it rests on no instrument")]
    NoInstrument,
    #[error("it rests on {}, which is not there", .0.as_str())]
    MissingInstrument(InstrumentKey),
    #[error("it rests on {}, a waiver memorandum; that lifts a bar of ours, and lets nobody enrol", .0.as_str())]
    Memorandum(InstrumentKey),
    #[error("it is live, and none of its instruments is signed and in force")]
    NotFounded,
    #[error("{} stands twice among what is added", .0.name())]
    ElementTwice(Element),
    #[error("{} is not added to IDENT at an interview", .0.name())]
    OtherElement(Element),
    #[error("it adds no fingerprints, without which nobody is enrolled")]
    NoFingerprints,
}

/// All that is wrong with a capability of terms that would be signed today, `before` being those that stand above it.
pub(super) fn faults(
    capability: &EnrolmentCapability,
    before: &[EnrolmentCapability],
    terms: &Agreement,
    today: NaiveDate,
) -> Vec<EnrolmentFault> {
    let EnrolmentCapability { status, from, to, instruments, elements, .. } = capability;
    let mut faults = Vec::new();
    let mut find = |is_wrong: bool, fault: EnrolmentFault| faults.extend(is_wrong.then_some(fault));
    find(to.is_some_and(|end| end <= *from), EnrolmentFault::Ends);
    find(before.iter().any(|other| other.overlaps(capability)), EnrolmentFault::Overlap);
    find(instruments.is_empty(), EnrolmentFault::NoInstrument);
    for key in instruments {
        match terms.instrument(key) {
            None => find(true, EnrolmentFault::MissingInstrument(key.clone())),
            Some(instrument) => find(instrument.kind == InstrumentKind::WaiverMemo, EnrolmentFault::Memorandum(key.clone())),
        }
    }
    // An instrument that ends later ends the capability by itself, on its day.
    let is_live = *status == CapabilityStatus::Live && to.is_none_or(|end| today < end);
    find(is_live && !terms.is_founded(instruments, (*from).max(today)), EnrolmentFault::NotFounded);
    let mut seen = BTreeSet::new();
    for element in elements {
        find(!seen.insert(*element), EnrolmentFault::ElementTwice(*element));
        find(!ENROLLED.contains(element), EnrolmentFault::OtherElement(*element));
    }
    find(!elements.contains(&Element::Fingerprints), EnrolmentFault::NoFingerprints);
    faults
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agreement, day, key, request, terms};
    use super::super::{AnswerKind, Finding, Partner, check, evaluate, from_file, to_file};
    use super::*;
    use crate::protection::Towards;

    const TODAY: &str = "2026-01-15";

    fn added(change: impl FnOnce(&mut Agreement)) -> BTreeSet<Element> {
        let mut changed = terms();
        change(&mut changed);
        enrolled(&changed, day(TODAY))
    }

    fn found(change: impl FnOnce(&mut Agreement)) -> Vec<EnrolmentFault> {
        let mut changed = terms();
        change(&mut changed);
        let fault = |finding| match finding {
            Finding::Enrolment { fault, .. } => fault,
            other => panic!("{other}"),
        };
        check(&changed, day(TODAY)).into_iter().map(fault).collect()
    }

    #[test]
    fn what_a_live_capability_has_is_added_and_else_nothing() {
        let nothing = BTreeSet::new();
        assert_eq!(added(|_| {}), BTreeSet::from(ENROLLED));
        let prints = BTreeSet::from([Element::Fingerprints]);
        assert_eq!(added(|terms| terms.enrolments[0].elements = vec![Element::Fingerprints]), prints);
        assert_eq!(added(|terms| terms.enrolments[0].elements.push(Element::FullName)), BTreeSet::from(ENROLLED));
        assert_eq!(added(|terms| terms.enrolments.clear()), nothing);
        for status in [CapabilityStatus::Planned, CapabilityStatus::Suspended] {
            assert_eq!(added(|terms| terms.enrolments[0].status = status), nothing, "{status:?}");
        }
        assert_eq!(added(|terms| terms.enrolments[0].from = day("2026-01-16")), nothing);
        assert_eq!(added(|terms| terms.enrolments[0].to = Some(day(TODAY))), nothing);
        assert_eq!(added(|terms| terms.enrolments[0].to = Some(day("2026-01-16"))), BTreeSet::from(ENROLLED));
        assert_eq!(added(|terms| terms.instruments[0].signed = None), nothing);
        assert_eq!(added(|terms| terms.instruments[0].ends = Some(day(TODAY))), nothing);
        assert_eq!(added(|terms| terms.enrolments.push(terms.enrolments[0].clone())), nothing, "which of the two?");
        assert_eq!(added(|terms| terms.partner = Partner::Canada.into()), nothing, "no partner lets us enrol in IDENT");
    }

    #[test]
    fn each_thing_that_is_wrong_is_found() {
        use EnrolmentFault as F;
        assert_eq!(found(|_| {}), []);
        assert_eq!(found(|terms| terms.enrolments[0].to = Some(day("2017-07-17"))), [F::Ends]);
        assert_eq!(found(|terms| terms.enrolments.push(terms.enrolments[0].clone())), [F::Overlap]);
        assert_eq!(found(|terms| terms.enrolments[0].instruments.clear()), [F::NoInstrument, F::NotFounded]);
        let missing = [F::MissingInstrument(key("other")), F::NotFounded];
        assert_eq!(found(|terms| terms.enrolments[0].instruments = vec![key("other")]), missing);
        let memorandum = [F::Memorandum(key("agreement")), F::NotFounded];
        assert_eq!(found(|terms| terms.instruments[0].kind = InstrumentKind::WaiverMemo), memorandum);
        assert_eq!(found(|terms| terms.instruments[0].ends = Some(day("2020-01-01"))), [F::NotFounded]);
        assert_eq!(found(|terms| terms.enrolments[0].elements.push(Element::Photograph)), [F::ElementTwice(Element::Photograph)]);
        assert_eq!(found(|terms| terms.enrolments[0].elements.push(Element::Race)), [F::OtherElement(Element::Race)]);
        assert_eq!(found(|terms| terms.enrolments[0].elements = vec![Element::Photograph]), [F::NoFingerprints]);
        let later = |terms: &mut Agreement| {
            let next = EnrolmentCapability { from: day("2027-01-01"), ..terms.enrolments[0].clone() };
            terms.enrolments[0].to = Some(next.from);
            terms.enrolments.push(next);
        };
        assert_eq!(found(later), [], "one after the other");
    }

    #[test]
    fn nobody_asks_under_the_terms_with_ident_or_is_told_anything() {
        let mut asking = terms();
        asking.capabilities = agreement().capabilities;
        let decision = evaluate(&request(), &asking, &Towards::Share { waivers: BTreeSet::new() });
        assert_eq!((decision.answer, decision.allowed().count()), (AnswerKind::Refused, 0));
        assert!(check(&asking, day(TODAY)).contains(&Finding::Queries { slot: asking.capabilities[0].slot() }));
        let canada = Agreement { enrolments: terms().enrolments, ..agreement() };
        assert!(check(&canada, day(TODAY)).contains(&Finding::NotIdent));
    }

    #[test]
    fn terms_are_read_as_they_were_written_and_other_agreements_say_nothing_of_enrolment() {
        let written = to_file(&terms());
        assert_eq!(from_file(written.as_bytes()), Ok(terms()));
        assert!(written.contains("\"partner\": \"IDENT\""), "{written}");
        assert!(!to_file(&agreement()).contains("enrolments"));
    }
}
