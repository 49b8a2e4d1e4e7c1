//! What differs between two versions of an agreement, for those who sign the later one.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;

use super::capability::{Capability, CapabilityStatus, Condition, Recipient, Serves, Slot, SubjectRule};
use super::element::Element;
use super::enrolment::EnrolmentCapability;
use super::instrument::{Instrument, InstrumentKey};
use super::party::Party;
use super::purpose::Purpose;
use super::snapshot::Agreement;
use super::step::Priority;

/// One difference. [`fmt::Display`] says it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Partner { before: Party, after: Party },
    InstrumentAdded(InstrumentKey),
    InstrumentRemoved(InstrumentKey),
    InstrumentChanged(InstrumentKey),
    Added { slot: Slot, status: CapabilityStatus, from: NaiveDate },
    Removed { slot: Slot, status: CapabilityStatus },
    Capability { slot: Slot, what: What },
    EnrolmentAdded { status: CapabilityStatus, from: NaiveDate },
    EnrolmentRemoved { status: CapabilityStatus },
    Enrolment { what: What },
}

/// What was changed in a capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Status { before: CapabilityStatus, after: CapabilityStatus },
    From { before: NaiveDate, after: NaiveDate },
    To { before: Option<NaiveDate>, after: Option<NaiveDate> },
    Serves { before: Serves, after: Serves },
    RestsOn(InstrumentKey),
    RestsNoMoreOn(InstrumentKey),
    ElementAdded { element: Element, condition: Condition },
    ElementRemoved(Element),
    Condition { element: Element, before: Condition, after: Condition },
    PurposeAdded(Purpose),
    PurposeRemoved(Purpose),
    RecipientAdded(Recipient),
    RecipientRemoved(Recipient),
    SubjectRule { before: SubjectRule, after: SubjectRule },
    Quota { before: Option<u32>, after: Option<u32> },
    Hours { priority: Priority, before: Option<u32>, after: Option<u32> },
    Adds(Element),
    AddsNoMore(Element),
    Note,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Partner { before, after } => write!(f, "the partner was {}, and is {}", before.name(), after.name()),
            Self::InstrumentAdded(key) => write!(f, "instrument added: {}", key.as_str()),
            Self::InstrumentRemoved(key) => write!(f, "instrument removed: {}", key.as_str()),
            Self::InstrumentChanged(key) => write!(f, "instrument changed: {}", key.as_str()),
            Self::Added { slot, status, from } => write!(f, "{slot}: added, {} from {from}", status.name().to_lowercase()),
            Self::Removed { slot, status } => write!(f, "{slot}: removed; it was {}", status.name().to_lowercase()),
            Self::Capability { slot, what } => write!(f, "{slot}: {what}"),
            Self::EnrolmentAdded { status, from } => write!(f, "enrolment: added, {} from {from}", status.name().to_lowercase()),
            Self::EnrolmentRemoved { status } => write!(f, "enrolment: removed; it was {}", status.name().to_lowercase()),
            Self::Enrolment { what } => write!(f, "enrolment: {what}"),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { before, after } => {
                write!(f, "{}, was {}", after.name().to_lowercase(), before.name().to_lowercase())
            }
            Self::From { before, after } => write!(f, "from {after}, was {before}"),
            Self::To { before, after } => write!(f, "until {}, was {}", until(*after), until(*before)),
            Self::Serves { before, after } => write!(f, "for {}, was for {}", after.name(), before.name()),
            Self::RestsOn(key) => write!(f, "rests on {}", key.as_str()),
            Self::RestsNoMoreOn(key) => write!(f, "rests no more on {}", key.as_str()),
            Self::ElementAdded { element, condition } => write!(f, "may tell {}, {}", element.name(), condition.name()),
            Self::ElementRemoved(element) => write!(f, "may no longer tell {}", element.name()),
            Self::Condition { element, before, after } => {
                write!(f, "may tell {} {}, was {}", element.name(), after.name(), before.name())
            }
            Self::PurposeAdded(purpose) => write!(f, "for the purpose {}", purpose.name()),
            Self::PurposeRemoved(purpose) => write!(f, "no longer for the purpose {}", purpose.name()),
            Self::RecipientAdded(recipient) => write!(f, "to {}", recipient.name()),
            Self::RecipientRemoved(recipient) => write!(f, "no longer to {}", recipient.name()),
            Self::SubjectRule { before, after } => write!(f, "about {}, was about {}", after.name(), before.name()),
            Self::Quota { before, after } => write!(f, "{} queries in a year, was {}", most(*after), most(*before)),
            Self::Hours { priority, before, after } => {
                write!(f, "priority {}: {}, was {}", priority.name().to_lowercase(), due(*after), due(*before))
            }
            Self::Adds(element) => write!(f, "adds {} to IDENT", element.name()),
            Self::AddsNoMore(element) => write!(f, "adds {} no more to IDENT", element.name()),
            Self::Note => f.write_str("another note"),
        }
    }
}

fn until(end: Option<NaiveDate>) -> String {
    end.map_or_else(|| "without end".into(), |end| end.to_string())
}

fn most(quota: Option<u32>) -> String {
    quota.map_or_else(|| "any number of".into(), |quota| quota.to_string())
}

fn due(hours: Option<u32>) -> String {
    hours.map_or_else(|| "no time".into(), |hours| format!("{hours} hours"))
}

/// What was changed from one version to another. The order in which things stand is no change, nor is the number of the version.
pub fn changes(before: &Agreement, after: &Agreement) -> Vec<Change> {
    let mut changes = Vec::new();
    if before.partner != after.partner {
        changes.push(Change::Partner { before: before.partner, after: after.partner });
    }
    changes.extend(of_instruments(&before.instruments, &after.instruments));
    let slots: BTreeSet<Slot> = [before, after].into_iter().flat_map(|one| one.capabilities.iter().map(Capability::slot)).collect();
    for slot in slots {
        changes.extend(of_slot(slot, &in_turn(before, slot), &in_turn(after, slot)));
    }
    changes.extend(of_enrolments(before, after));
    changes
}

fn of_enrolments(before: &Agreement, after: &Agreement) -> Vec<Change> {
    let in_turn = |agreement: &Agreement| {
        let mut there = agreement.enrolments.clone();
        there.sort_by_key(|one| one.from);
        there
    };
    let (before, after) = (in_turn(before), in_turn(after));
    let changed = before.iter().zip(&after).flat_map(|(before, after)| of_enrolment(before, after));
    let changed = changed.map(|what| Change::Enrolment { what });
    let added = after.iter().skip(before.len()).map(|one| Change::EnrolmentAdded { status: one.status, from: one.from });
    let removed = before.iter().skip(after.len()).map(|one| Change::EnrolmentRemoved { status: one.status });
    changed.chain(added).chain(removed).collect()
}

fn of_enrolment(before: &EnrolmentCapability, after: &EnrolmentCapability) -> Vec<What> {
    let mut changes = Vec::new();
    let mut find = |differs: bool, what: What| changes.extend(differs.then_some(what));
    find(before.status != after.status, What::Status { before: before.status, after: after.status });
    find(before.from != after.from, What::From { before: before.from, after: after.from });
    find(before.to != after.to, What::To { before: before.to, after: after.to });
    find(before.note != after.note, What::Note);
    changes.extend(added(&before.instruments, &after.instruments).map(What::RestsOn));
    changes.extend(added(&after.instruments, &before.instruments).map(What::RestsNoMoreOn));
    changes.extend(added(&before.elements, &after.elements).map(What::Adds));
    changes.extend(added(&after.elements, &before.elements).map(What::AddsNoMore));
    changes
}

fn of_instruments(before: &[Instrument], after: &[Instrument]) -> Vec<Change> {
    let find = |list: &'_ [Instrument], key: &InstrumentKey| list.iter().find(|one| one.key == *key).cloned();
    let change = |instrument: &Instrument| match find(before, &instrument.key) {
        None => Some(Change::InstrumentAdded(instrument.key.clone())),
        Some(other) if other != *instrument => Some(Change::InstrumentChanged(instrument.key.clone())),
        Some(_) => None,
    };
    let removed = before.iter().filter(|one| find(after, &one.key).is_none());
    let removed = removed.map(|one| Change::InstrumentRemoved(one.key.clone()));
    after.iter().filter_map(change).chain(removed).collect()
}

/// The capabilities of a slot, one after the other.
fn in_turn(agreement: &Agreement, slot: Slot) -> Vec<&Capability> {
    let mut there: Vec<_> = agreement.capabilities.iter().filter(|one| one.slot() == slot).collect();
    there.sort_by_key(|one| one.from);
    there
}

fn of_slot(slot: Slot, before: &[&Capability], after: &[&Capability]) -> Vec<Change> {
    let both = before.iter().zip(after);
    let changed = both.flat_map(|(before, after)| of_capability(before, after)).map(|what| Change::Capability { slot, what });
    let added = after.iter().skip(before.len()).map(|one| Change::Added { slot, status: one.status, from: one.from });
    let removed = before.iter().skip(after.len()).map(|one| Change::Removed { slot, status: one.status });
    changed.chain(added).chain(removed).collect()
}

fn of_capability(before: &Capability, after: &Capability) -> Vec<What> {
    let mut changes = Vec::new();
    let mut find = |differs: bool, what: What| changes.extend(differs.then_some(what));
    find(before.status != after.status, What::Status { before: before.status, after: after.status });
    find(before.from != after.from, What::From { before: before.from, after: after.from });
    find(before.to != after.to, What::To { before: before.to, after: after.to });
    find(before.serves != after.serves, What::Serves { before: before.serves, after: after.serves });
    let (rule, new_rule) = (before.subject_rule, after.subject_rule);
    find(rule != new_rule, What::SubjectRule { before: rule, after: new_rule });
    let (quota, new_quota) = (before.quota_per_year, after.quota_per_year);
    find(quota != new_quota, What::Quota { before: quota, after: new_quota });
    for priority in Priority::ALL {
        let (hours, new_hours) = (before.hours.of(priority), after.hours.of(priority));
        find(hours != new_hours, What::Hours { priority, before: hours, after: new_hours });
    }
    find(before.note != after.note, What::Note);
    changes.extend(added(&before.instruments, &after.instruments).map(What::RestsOn));
    changes.extend(added(&after.instruments, &before.instruments).map(What::RestsNoMoreOn));
    changes.extend(Element::ALL.into_iter().filter_map(|element| of_element(element, before, after)));
    changes.extend(added(&before.purposes, &after.purposes).map(What::PurposeAdded));
    changes.extend(added(&after.purposes, &before.purposes).map(What::PurposeRemoved));
    changes.extend(added(&before.recipients, &after.recipients).map(What::RecipientAdded));
    changes.extend(added(&after.recipients, &before.recipients).map(What::RecipientRemoved));
    changes
}

fn of_element(element: Element, before: &Capability, after: &Capability) -> Option<What> {
    match (before.condition(element), after.condition(element)) {
        (None, Some(condition)) => Some(What::ElementAdded { element, condition }),
        (Some(_), None) => Some(What::ElementRemoved(element)),
        (Some(before), Some(after)) if before != after => Some(What::Condition { element, before, after }),
        _ => None,
    }
}

/// What stands in the second list and not in the first.
fn added<'a, T: PartialEq + Clone>(before: &'a [T], after: &'a [T]) -> impl Iterator<Item = T> + 'a {
    after.iter().filter(|one| !before.contains(one)).cloned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{agreement, any_agreement, at, capability, day, instrument, key, terms};
    use super::super::{AgreementVersion, DataSetElement, Direction, Modality, Partner, Step};
    use super::*;

    const SLOT: Slot = Slot { direction: Direction::In, step: Step::Third, modality: Modality::Biographic };

    /// What is said of a change to the capability of [`SLOT`].
    fn said(change: impl FnOnce(&mut Capability)) -> Vec<String> {
        let mut after = agreement();
        change(at(&mut after, SLOT.direction, SLOT.step, SLOT.modality));
        let text = |change: &Change| change.to_string().replace("They ask, third query, biographic: ", "");
        changes(&agreement(), &after).iter().map(text).collect()
    }

    #[test]
    fn nothing_changed_and_the_order_is_no_change() {
        let mut after = agreement();
        after.version = AgreementVersion::new(8).unwrap();
        after.capabilities.reverse();
        for one in &mut after.capabilities {
            one.elements.reverse();
            one.purposes.reverse();
            one.recipients.reverse();
        }
        assert_eq!(changes(&agreement(), &after), []);
    }

    #[test]
    fn what_changed_in_a_capability_is_said_in_words() {
        let row = |element, condition| DataSetElement { element, condition };
        assert_eq!(said(|one| one.status = CapabilityStatus::Suspended), ["suspended, was live"]);
        assert_eq!(said(|one| one.from = day("2018-01-01")), ["from 2018-01-01, was 2017-07-17"]);
        assert_eq!(said(|one| one.to = Some(day("2030-01-01"))), ["until 2030-01-01, was without end"]);
        assert_eq!(said(|one| one.serves = Serves::Queries), ["for queries and their answers, was for answers only"]);
        assert_eq!(said(|one| one.instruments = vec![key("other")]), ["rests on other", "rests no more on agreement"]);
        assert_eq!(said(|one| one.elements.retain(|row| row.element != Element::Race)), ["may no longer tell Race"]);
        assert_eq!(
            said(|one| one.elements.push(row(Element::VisaImage, Condition::ReferToCounsel))),
            ["may tell Image of visa, if counsel says so"]
        );
        assert_eq!(
            said(|one| one.elements.push(row(Element::Race, Condition::OnFingerprintMatch))),
            ["may tell Race on a match of fingerprints, was always"]
        );
        assert_eq!(
            said(|one| one.purposes = vec![Purpose::Citizenship]).first().map(String::as_str),
            Some("no longer for the purpose Visa, status or benefit")
        );
        assert_eq!(said(|one| one.recipients.retain(|one| *one != Recipient::Fraud)), ["no longer to Fraud detection"]);
        assert_eq!(said(|one| one.subject_rule = SubjectRule::Anyone), ["about anyone, was about nationals of third countries"]);
        assert_eq!(said(|one| one.quota_per_year = None), ["any number of queries in a year, was 3000"]);
        assert_eq!(said(|one| one.hours.low = Some(720)), ["priority low: 720 hours, was no time"]);
        assert_eq!(said(|one| one.note = Some("New.".into())), ["another note"]);
    }

    #[test]
    fn what_was_added_is_what_is_removed_the_other_way_round() {
        let mut after = agreement();
        let third = at(&mut after, SLOT.direction, SLOT.step, SLOT.modality);
        third.purposes.retain(|one| *one != Purpose::Citizenship);
        third.recipients.retain(|one| *one != Recipient::Fraud);
        let what = |what| Change::Capability { slot: SLOT, what };
        assert_eq!(
            changes(&agreement(), &after),
            [what(What::PurposeRemoved(Purpose::Citizenship)), what(What::RecipientRemoved(Recipient::Fraud))]
        );
        assert_eq!(
            changes(&after, &agreement()),
            [what(What::PurposeAdded(Purpose::Citizenship)), what(What::RecipientAdded(Recipient::Fraud))]
        );
        let words: Vec<_> = changes(&after, &agreement()).iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "They ask, third query, biographic: for the purpose Citizenship",
                "They ask, third query, biographic: to Fraud detection"
            ]
        );
    }

    #[test]
    fn instruments_and_capabilities_come_and_go() {
        let mut after = agreement();
        after.partner = Partner::Australia.into();
        after.instruments[0].citation = "Elsewhere".into();
        after.instruments.push(instrument("other"));
        let said = |before: &Agreement, after: &Agreement| -> Vec<String> {
            changes(before, after).iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            said(&agreement(), &after),
            ["the partner was Canada, and is Australia", "instrument changed: agreement", "instrument added: other"]
        );
        assert_eq!(said(&after, &agreement())[1..], ["instrument changed: agreement", "instrument removed: other"]);
        let mut later = agreement();
        at(&mut later, SLOT.direction, SLOT.step, SLOT.modality).to = Some(day("2020-01-01"));
        let next = Capability { from: day("2020-01-01"), ..capability(SLOT.direction, SLOT.step, SLOT.modality) };
        later.capabilities.insert(0, next);
        assert_eq!(
            said(&agreement(), &later),
            [
                "They ask, third query, biographic: until 2020-01-01, was without end",
                "They ask, third query, biographic: added, live from 2020-01-01"
            ]
        );
        assert_eq!(said(&later, &agreement())[1..], ["They ask, third query, biographic: removed; it was live"]);
    }

    #[test]
    fn what_changes_in_an_enrolment_is_said() {
        let said = |change: fn(&mut EnrolmentCapability)| -> Vec<String> {
            let mut after = terms();
            after.enrolments.iter_mut().for_each(change);
            changes(&terms(), &after).iter().map(ToString::to_string).collect()
        };
        assert!(said(|_| {}).is_empty());
        assert_eq!(said(|one| one.status = CapabilityStatus::Suspended), ["enrolment: suspended, was live"]);
        assert_eq!(said(|one| one.from = day("2020-01-01")), ["enrolment: from 2020-01-01, was 2017-07-17"]);
        assert_eq!(said(|one| one.to = Some(day("2027-01-01"))), ["enrolment: until 2027-01-01, was without end"]);
        assert_eq!(
            said(|one| one.elements.retain(|one| *one != Element::Photograph)),
            ["enrolment: adds Photograph no more to IDENT"]
        );
        assert_eq!(said(|one| one.note = Some("New.".into())), ["enrolment: another note"]);
        let other = ["enrolment: rests on other", "enrolment: rests no more on agreement"];
        assert_eq!(said(|one| one.instruments = vec![key("other")]), other);
        let none = Agreement { enrolments: Vec::new(), ..terms() };
        assert_eq!(changes(&none, &terms())[0].to_string(), "enrolment: added, live from 2017-07-17");
        assert_eq!(changes(&terms(), &none)[0].to_string(), "enrolment: removed; it was live");
    }

    proptest! {
        /// Whatever differs is said: two versions of which nothing is said tell the same.
        #[test]
        fn nothing_is_left_out(before in any_agreement(), after in any_agreement()) {
            prop_assert_eq!(changes(&before, &before), []);
            let sorted = |agreement: &Agreement| {
                let mut capabilities = agreement.capabilities.clone();
                capabilities.sort_by_key(|one| (one.slot(), one.from));
                capabilities
            };
            let differs = before.partner != after.partner || sorted(&before) != sorted(&after);
            if changes(&before, &after).is_empty() {
                let same_sets = |(one, other): (&Capability, &Capability)| {
                    Element::ALL.into_iter().all(|element| one.condition(element) == other.condition(element))
                };
                prop_assert!(!differs || sorted(&before).iter().zip(&sorted(&after)).all(same_sets));
            }
            prop_assert_eq!(changes(&before, &after).is_empty(), changes(&after, &before).is_empty());
        }
    }
}
