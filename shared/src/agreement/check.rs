//! What is wrong with an agreement.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use thiserror::Error;

use super::capability::{Capability, CapabilityStatus, Recipient, Serves, Slot};
use super::element::Element;
use super::enrolment::{EnrolmentFault, faults};
use super::instrument::{Dated, Instrument, InstrumentKey, InstrumentKind};
use super::party::Party;
use super::purpose::Purpose;
use super::snapshot::Agreement;
use super::step::{Direction, Priority, Step};

/// Something that keeps an agreement from being signed. Each says what is wrong, as who edits it reads it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    #[error("two instruments have the name {}", .0.as_str())]
    InstrumentTwice(InstrumentKey),
    #[error("{} has no name that people could read", .0.as_str())]
    Unnamed(InstrumentKey),
    #[error("{} says of no place where it can be read", .0.as_str())]
    NoCitation(InstrumentKey),
    #[error("{} has fewer than two parties", .0.as_str())]
    FewParties(InstrumentKey),
    #[error("{} amends {}, which is not there", .instrument.as_str(), .amends.as_str())]
    AmendsNothing { instrument: InstrumentKey, amends: InstrumentKey },
    #[error("{} amends itself", .0.as_str())]
    AmendsItself(InstrumentKey),
    #[error("{} is an amendment, and amends nothing", .0.as_str())]
    AmendsNone(InstrumentKey),
    #[error("{} is in force and not signed", .0.as_str())]
    InForceUnsigned(InstrumentKey),
    #[error("{} is in force before it was signed", .0.as_str())]
    InForceEarly(InstrumentKey),
    #[error("{} ends before it is in force", .0.as_str())]
    InstrumentEnds(InstrumentKey),
    #[error("{slot}: it ends before it begins")]
    Ends { slot: Slot },
    #[error("{slot}: there are two for the same time")]
    Overlap { slot: Slot },
    #[error("{slot}: it rests on no instrument")]
    NoInstrument { slot: Slot },
    #[error("{slot}: it rests on {}, which is not there", .instrument.as_str())]
    MissingInstrument { slot: Slot, instrument: InstrumentKey },
    #[error("{slot}: it rests on {}, a waiver memorandum; that lifts a bar of ours, and lets nobody ask", .instrument.as_str())]
    Memorandum { slot: Slot, instrument: InstrumentKey },
    #[error("{slot}: it is live, and none of its instruments is signed and in force")]
    NotFounded { slot: Slot },
    #[error("{slot}: {} stands twice in the data set", .element.name())]
    ElementTwice { slot: Slot, element: Element },
    #[error("{slot}: {} is {}", .element.name(), .element.modality().name().to_lowercase())]
    OtherModality { slot: Slot, element: Element },
    #[error("{slot}: {} is for the {} and later ones", .element.name(), .element.earliest().name().to_lowercase())]
    TooEarly { slot: Slot, element: Element },
    #[error("{slot}: it has no purpose")]
    NoPurpose { slot: Slot },
    #[error("{slot}: the purpose {} stands twice", .purpose.name())]
    PurposeTwice { slot: Slot, purpose: Purpose },
    #[error("{slot}: nobody may get what is told")]
    NoRecipient { slot: Slot },
    #[error("{slot}: {} stands twice among those who may get what is told", .recipient.name())]
    RecipientTwice { slot: Slot, recipient: Recipient },
    #[error("{slot}: a quota of none; suspend it instead")]
    NoQuota { slot: Slot },
    #[error("{slot}: an answer of priority {} is due at once", .priority.name().to_lowercase())]
    NoHours { slot: Slot, priority: Priority },
    #[error("{slot}: it is live, and the second query, which IDENT sends by itself, is not: nothing could be asked")]
    NoSecond { slot: Slot },
    #[error("{slot}: IDENT is no partner; nobody asks under its terms")]
    Queries { slot: Slot },
    #[error("nobody is enrolled with a partner: that stands in the terms with IDENT")]
    NotIdent,
    #[error("enrolment from {from}: {fault}")]
    Enrolment { from: NaiveDate, fault: EnrolmentFault },
}

/// All that is wrong with an agreement that would be signed today.
pub fn check(agreement: &Agreement, today: NaiveDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names = BTreeSet::new();
    for instrument in &agreement.instruments {
        if !names.insert(&instrument.key) {
            findings.push(Finding::InstrumentTwice(instrument.key.clone()));
        }
        findings.extend(of_instrument(instrument, agreement));
    }
    for (at, capability) in agreement.capabilities.iter().enumerate() {
        let before = agreement.capabilities.iter().take(at);
        findings.extend(of_capability(capability));
        findings.extend(of_foundation(capability, agreement, today));
        findings.extend(of_others(capability, before, agreement));
    }
    findings.extend(of_party(agreement));
    for (at, enrolment) in agreement.enrolments.iter().enumerate() {
        let before = agreement.enrolments.get(..at).unwrap_or_default();
        let finding = |fault| Finding::Enrolment { from: enrolment.from, fault };
        findings.extend(faults(enrolment, before, agreement, today).into_iter().map(finding));
    }
    findings
}

/// What stands in an agreement with somebody with whom there is none of it.
fn of_party(agreement: &Agreement) -> Vec<Finding> {
    match agreement.partner {
        Party::Ident => agreement.capabilities.iter().map(|one| Finding::Queries { slot: one.slot() }).collect(),
        Party::Country(_) if agreement.enrolments.is_empty() => Vec::new(),
        Party::Country(_) => vec![Finding::NotIdent],
    }
}

fn of_instrument(instrument: &Instrument, agreement: &Agreement) -> Vec<Finding> {
    let Instrument { key, kind, name, amends, parties, signed, in_force, ends, citation, .. } = instrument;
    let mut findings = Vec::new();
    let mut find = |is_wrong: bool, finding: fn(InstrumentKey) -> Finding| findings.extend(is_wrong.then(|| finding(key.clone())));
    find(name.trim().is_empty(), Finding::Unnamed);
    find(citation.trim().is_empty(), Finding::NoCitation);
    // A memorandum is the Secretary's alone.
    find(*kind != InstrumentKind::WaiverMemo && parties.len() < 2, Finding::FewParties);
    find(*kind == InstrumentKind::Amendment && amends.is_none(), Finding::AmendsNone);
    find(amends.as_ref() == Some(key), Finding::AmendsItself);
    find(in_force.is_some() && signed.is_none(), Finding::InForceUnsigned);
    let earliest = signed.and_then(Dated::earliest);
    find(in_force.zip(earliest).is_some_and(|(holds, earliest)| holds < earliest), Finding::InForceEarly);
    find(in_force.zip(*ends).is_some_and(|(holds, ends)| ends <= holds), Finding::InstrumentEnds);
    if let Some(amends) = amends.as_ref().filter(|amends| agreement.instrument(amends).is_none()) {
        findings.push(Finding::AmendsNothing { instrument: key.clone(), amends: amends.clone() });
    }
    findings
}

/// What is wrong with a capability by itself.
fn of_capability(capability: &Capability) -> Vec<Finding> {
    let Capability { elements, purposes, recipients, hours, .. } = capability;
    let slot = capability.slot();
    let mut findings = Vec::new();
    findings.extend(capability.to.is_some_and(|end| end <= capability.from).then_some(Finding::Ends { slot }));
    let named: Vec<Element> = elements.iter().map(|row| row.element).collect();
    findings.extend(twice(&named).map(|element| Finding::ElementTwice { slot, element }));
    for element in named {
        findings.extend((element.modality() != slot.modality).then_some(Finding::OtherModality { slot, element }));
        findings.extend((element.earliest() > slot.step).then_some(Finding::TooEarly { slot, element }));
    }
    findings.extend(purposes.is_empty().then_some(Finding::NoPurpose { slot }));
    findings.extend(twice(purposes).map(|purpose| Finding::PurposeTwice { slot, purpose }));
    findings.extend(recipients.is_empty().then_some(Finding::NoRecipient { slot }));
    findings.extend(twice(recipients).map(|recipient| Finding::RecipientTwice { slot, recipient }));
    findings.extend((capability.quota_per_year == Some(0)).then_some(Finding::NoQuota { slot }));
    let none = Priority::ALL.into_iter().filter(|priority| hours.of(*priority) == Some(0));
    findings.extend(none.map(|priority| Finding::NoHours { slot, priority }));
    findings
}

/// What is wrong with that on which a capability rests.
fn of_foundation(capability: &Capability, agreement: &Agreement, today: NaiveDate) -> Vec<Finding> {
    let slot = capability.slot();
    let mut findings = Vec::new();
    findings.extend(capability.instruments.is_empty().then_some(Finding::NoInstrument { slot }));
    for key in &capability.instruments {
        match agreement.instrument(key) {
            None => findings.push(Finding::MissingInstrument { slot, instrument: key.clone() }),
            Some(instrument) if instrument.kind == InstrumentKind::WaiverMemo => {
                findings.push(Finding::Memorandum { slot, instrument: key.clone() });
            }
            Some(_) => {}
        }
    }
    // An instrument that ends later ends the capability by itself, on its day.
    let is_live = capability.status == CapabilityStatus::Live && capability.to.is_none_or(|end| today < end);
    if is_live && !agreement.is_founded(&capability.instruments, capability.from.max(today)) {
        findings.push(Finding::NotFounded { slot });
    }
    findings
}

/// What is wrong with a capability beside the others.
fn of_others<'a>(capability: &Capability, mut before: impl Iterator<Item = &'a Capability>, agreement: &Agreement) -> Vec<Finding> {
    let slot = capability.slot();
    let mut findings = Vec::new();
    findings.extend(before.any(|other| other.slot() == slot && overlap(other, capability)).then_some(Finding::Overlap { slot }));
    let second = Slot { step: Step::Second, ..slot };
    let is_second = |other: &Capability| other.slot() == second && asks(other) && overlap(other, capability);
    if slot.direction == Direction::Out && slot.step == Step::First && asks(capability) {
        findings.extend((!agreement.capabilities.iter().any(is_second)).then_some(Finding::NoSecond { slot }));
    }
    findings
}

fn asks(capability: &Capability) -> bool {
    capability.status == CapabilityStatus::Live && capability.serves == Serves::Queries
}

fn overlap(one: &Capability, other: &Capability) -> bool {
    one.to.is_none_or(|end| other.from < end) && other.to.is_none_or(|end| one.from < end)
}

/// Each that was there before, where it is again.
fn twice<T: Copy + Ord>(list: &[T]) -> impl Iterator<Item = T> {
    let mut seen = BTreeSet::new();
    list.iter().copied().filter(move |one| !seen.insert(*one))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{agreement, at, capability, day, instrument, key};
    use super::super::{Condition, DataSetElement, Modality};
    use super::*;
    use Direction::{In, Out};
    use Modality::{Biographic, Biometric, Document};

    fn found(agreement: &Agreement) -> Vec<Finding> {
        check(agreement, day("2026-01-15"))
    }

    fn slot(direction: Direction, step: Step, modality: Modality) -> Slot {
        Slot { direction, step, modality }
    }

    const THIRD: Slot = Slot { direction: In, step: Step::Third, modality: Document };

    /// What is found once a capability is changed.
    fn once(of: Slot, change: impl FnOnce(&mut Capability)) -> Vec<Finding> {
        let mut agreement = agreement();
        change(at(&mut agreement, of.direction, of.step, of.modality));
        found(&agreement)
    }

    /// What is found once an instrument, on which nothing rests, is changed.
    fn of_another(change: impl FnOnce(&mut Instrument)) -> Vec<Finding> {
        let mut agreement = agreement();
        let mut other = instrument("other");
        change(&mut other);
        agreement.instruments.push(other);
        found(&agreement)
    }

    #[test]
    fn a_whole_agreement_has_no_findings() {
        assert_eq!(found(&agreement()), []);
        assert_eq!(of_another(|_| {}), []);
    }

    #[test]
    fn each_thing_that_is_wrong_with_an_instrument_is_found() {
        let other = || key("other");
        assert_eq!(of_another(|one| one.key = key("agreement")), [Finding::InstrumentTwice(key("agreement"))]);
        assert_eq!(of_another(|one| one.name = " ".into()), [Finding::Unnamed(other())]);
        assert_eq!(of_another(|one| one.citation.clear()), [Finding::NoCitation(other())]);
        assert_eq!(of_another(|one| one.parties.truncate(1)), [Finding::FewParties(other())]);
        let memorandum = |one: &mut Instrument| (one.kind, one.parties) = (InstrumentKind::WaiverMemo, Vec::new());
        assert_eq!(of_another(memorandum), []);
        assert_eq!(of_another(|one| one.kind = InstrumentKind::Amendment), [Finding::AmendsNone(other())]);
        let amends = |name: &str| of_another(|one| (one.kind, one.amends) = (InstrumentKind::Amendment, Some(key(name))));
        assert_eq!(amends("agreement"), []);
        assert_eq!(amends("other"), [Finding::AmendsItself(other())]);
        assert_eq!(amends("lost"), [Finding::AmendsNothing { instrument: other(), amends: key("lost") }]);
        assert_eq!(of_another(|one| one.signed = None), [Finding::InForceUnsigned(other())]);
        assert_eq!(of_another(|one| (one.signed, one.in_force) = (None, None)), []);
        assert_eq!(of_another(|one| one.signed = Some(Dated::Undated)), []);
        assert_eq!(of_another(|one| one.signed = Some(Dated::Year(2013))), []);
        assert_eq!(of_another(|one| one.signed = Some(Dated::Year(2014))), [Finding::InForceEarly(other())]);
        assert_eq!(of_another(|one| one.signed = one.in_force.map(Dated::Day)), [], "signed on the day");
        assert_eq!(of_another(|one| one.ends = one.in_force), [Finding::InstrumentEnds(other())]);
        assert_eq!(of_another(|one| one.ends = Some(day("2013-11-22"))), []);
    }

    #[test]
    fn each_thing_that_is_wrong_with_a_capability_is_found() {
        let slot = THIRD;
        let row = |element| DataSetElement { element, condition: Condition::Always };
        assert_eq!(once(slot, |one| one.to = Some(one.from)), [Finding::Ends { slot }]);
        assert_eq!(once(slot, |one| one.to = Some(day("2017-07-18"))), []);
        let element = Element::VisaImage;
        assert_eq!(once(slot, |one| one.elements.push(row(element))), [Finding::ElementTwice { slot, element }]);
        let element = Element::FullName;
        assert_eq!(once(slot, |one| one.elements.push(row(element))), [Finding::OtherModality { slot, element }]);
        assert_eq!(once(slot, |one| one.purposes.clear()), [Finding::NoPurpose { slot }]);
        let purpose = Purpose::Citizenship;
        assert_eq!(once(slot, |one| one.purposes.push(purpose)), [Finding::PurposeTwice { slot, purpose }]);
        assert_eq!(once(slot, |one| one.recipients.clear()), [Finding::NoRecipient { slot }]);
        let recipient = Recipient::Border;
        assert_eq!(once(slot, |one| one.recipients.push(recipient)), [Finding::RecipientTwice { slot, recipient }]);
        assert_eq!(once(slot, |one| one.quota_per_year = Some(0)), [Finding::NoQuota { slot }]);
        assert_eq!(once(slot, |one| one.quota_per_year = None), []);
        let priority = Priority::Medium;
        assert_eq!(once(slot, |one| one.hours.medium = Some(0)), [Finding::NoHours { slot, priority }]);
        assert_eq!(once(slot, |one| one.hours.medium = Some(1)), []);
    }

    #[test]
    fn nothing_is_told_before_its_step() {
        let of = |step, modality, element| {
            let row = DataSetElement { element, condition: Condition::Always };
            let add = |one: &mut Capability| one.elements = vec![row];
            once(slot(In, step, modality), add)
        };
        for element in Element::ALL {
            for step in Step::ALL {
                let slot = slot(In, step, element.modality());
                let expected = if step < element.earliest() { vec![Finding::TooEarly { slot, element }] } else { Vec::new() };
                assert_eq!(of(step, element.modality(), element), expected);
            }
        }
    }

    #[test]
    fn each_thing_that_is_wrong_with_its_foundation_is_found() {
        let slot = THIRD;
        let rests_on = |name: &str| once(slot, |one| one.instruments = vec![key("agreement"), key(name)]);
        assert_eq!(rests_on("lost"), [Finding::MissingInstrument { slot, instrument: key("lost") }]);
        assert_eq!(once(slot, |one| one.instruments.clear()), [Finding::NoInstrument { slot }, Finding::NotFounded { slot }]);
        let planned = |one: &mut Capability| (one.status, one.instruments) = (CapabilityStatus::Planned, Vec::new());
        assert_eq!(once(slot, planned), [Finding::NoInstrument { slot }]);
        let before = |one: &mut Capability| one.from = day("2013-11-20");
        assert_eq!(once(slot, before), [], "it is founded today");
    }

    #[test]
    fn what_is_live_rests_on_an_instrument_in_force_today_or_when_it_begins() {
        let mut agreement = agreement();
        agreement.capabilities.retain(|one| one.slot() == THIRD);
        let slot = THIRD;
        let founded_on = |agreement: &Agreement, today: &str| check(agreement, day(today));
        agreement.instruments[0].ends = Some(day("2026-01-15"));
        assert_eq!(founded_on(&agreement, "2026-01-14"), []);
        assert_eq!(founded_on(&agreement, "2026-01-15"), [Finding::NotFounded { slot }]);
        agreement.capabilities[0].to = Some(day("2026-01-15"));
        assert_eq!(founded_on(&agreement, "2026-01-15"), [], "it is over");
        agreement.capabilities[0].to = Some(day("2026-01-16"));
        assert_eq!(founded_on(&agreement, "2026-01-15"), [Finding::NotFounded { slot }]);
        (agreement.capabilities[0].from, agreement.capabilities[0].to) = (day("2026-01-15"), None);
        assert_eq!(founded_on(&agreement, "2026-01-01"), [Finding::NotFounded { slot }], "it will not be when it begins");
        agreement.capabilities[0].status = CapabilityStatus::Suspended;
        assert_eq!(founded_on(&agreement, "2026-01-15"), []);
    }

    #[test]
    fn a_memorandum_founds_nothing() {
        let mut agreement = agreement();
        agreement.instruments.push(Instrument { kind: InstrumentKind::WaiverMemo, ..instrument("memo") });
        let slot = THIRD;
        let third = at(&mut agreement, slot.direction, slot.step, slot.modality);
        third.instruments = vec![key("memo")];
        let memorandum = Finding::Memorandum { slot, instrument: key("memo") };
        assert_eq!(found(&agreement), [memorandum.clone(), Finding::NotFounded { slot }]);
        let third = at(&mut agreement, slot.direction, slot.step, slot.modality);
        third.instruments.push(key("agreement"));
        assert_eq!(found(&agreement), [memorandum]);
    }

    #[test]
    fn two_for_one_time_are_found_and_one_after_the_other_is_right() {
        let two = |first: (&str, Option<&str>), second: (&str, Option<&str>)| {
            let mut agreement = agreement();
            let one = at(&mut agreement, In, Step::Third, Document);
            (one.from, one.to) = (day(first.0), first.1.map(day));
            let mut other = capability(In, Step::Third, Document);
            (other.from, other.to) = (day(second.0), second.1.map(day));
            agreement.capabilities.push(other);
            found(&agreement)
        };
        let overlap = [Finding::Overlap { slot: THIRD }];
        assert_eq!(two(("2018-01-01", None), ("2019-01-01", None)), overlap);
        assert_eq!(two(("2018-01-01", Some("2019-01-02")), ("2019-01-01", None)), overlap);
        assert_eq!(two(("2018-01-01", Some("2019-01-01")), ("2019-01-01", None)), []);
        assert_eq!(two(("2019-01-01", None), ("2018-01-01", Some("2019-01-01"))), []);
        assert_eq!(two(("2019-01-01", None), ("2018-01-01", Some("2019-01-02"))), overlap);
    }

    #[test]
    fn a_first_query_of_ours_without_the_second_is_found() {
        let (first, second) = (slot(Out, Step::First, Biometric), slot(Out, Step::Second, Biometric));
        let finding = [Finding::NoSecond { slot: first }];
        assert_eq!(once(second, |one| one.status = CapabilityStatus::Planned), finding);
        assert_eq!(once(second, |one| one.serves = Serves::AnswersOnly), finding);
        assert_eq!(once(second, |one| one.modality = Biographic)[..1], finding);
        assert_eq!(once(first, |one| one.to = Some(day("2018-01-01"))), []);
        assert_eq!(once(second, |one| one.to = Some(day("2018-01-01"))), [], "for a time there was one");
        let over = |one: &mut Capability| (one.from, one.to) = (day("2015-01-01"), Some(day("2017-07-17")));
        assert_eq!(once(second, over), finding);
        let mut planned = agreement();
        for step in [Step::First, Step::Second] {
            at(&mut planned, Out, step, Biometric).status = CapabilityStatus::Planned;
        }
        assert_eq!(found(&planned), []);
        assert_eq!(once(slot(In, Step::Second, Biometric), |one| one.status = CapabilityStatus::Planned), []);
        assert_eq!(once(slot(Out, Step::Second, Biographic), |one| one.status = CapabilityStatus::Planned), []);
    }

    #[test]
    fn findings_are_sentences() {
        let slot = slot(Out, Step::First, Biometric);
        for (finding, text) in [
            (Finding::NoQuota { slot }, "We ask, first query, biometric: a quota of none; suspend it instead"),
            (
                Finding::TooEarly { slot, element: Element::Fingerprints },
                "We ask, first query, biometric: Fingerprints is for the second query and later ones",
            ),
            (
                Finding::OtherModality { slot, element: Element::VisaImage },
                "We ask, first query, biometric: Image of visa is document",
            ),
            (Finding::AmendsItself(key("a")), "a amends itself"),
        ] {
            assert_eq!(finding.to_string(), text);
        }
    }
}
