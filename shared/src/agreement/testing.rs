//! Agreements, requests and persons of all sorts, for tests.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::country::CountryCode;
use crate::protection::AnsweredBefore;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn key(text: &str) -> InstrumentKey {
    InstrumentKey::parse(text).unwrap()
}

pub(super) fn codes(codes: &[&str]) -> Option<Vec<CountryCode>> {
    codes.iter().map(|code| CountryCode::parse(code)).collect()
}

pub(super) fn instrument(name: &str) -> Instrument {
    Instrument {
        key: key(name),
        kind: InstrumentKind::Agreement,
        name: "Agreement".into(),
        amends: None,
        parties: vec!["United States".into(), "Canada".into()],
        signed: Some(Dated::Day(day("2012-12-13"))),
        in_force: Some(day("2013-11-21")),
        ends: None,
        citation: "E105246".into(),
        note: None,
    }
}

/// A live capability for every purpose and recipient, with all elements of its modality that its step may have.
pub(super) fn capability(direction: Direction, step: Step, modality: Modality) -> Capability {
    let elements = Element::ALL.into_iter().filter(|element| element.modality() == modality && element.earliest() <= step);
    let serves = if modality == Modality::Biometric { Serves::Queries } else { Serves::AnswersOnly };
    Capability {
        direction,
        step,
        modality,
        serves,
        status: CapabilityStatus::Live,
        from: day("2017-07-17"),
        to: None,
        instruments: vec![key("agreement")],
        elements: elements.map(|element| DataSetElement { element, condition: Condition::Always }).collect(),
        purposes: Purpose::ALL.to_vec(),
        recipients: Recipient::ALL.to_vec(),
        subject_rule: SubjectRule::ThirdCountryNational,
        quota_per_year: Some(3000),
        hours: Hours::default(),
        note: None,
    }
}

/// An agreement with Canada under which everything is live.
pub(super) fn agreement() -> Agreement {
    let slots = Direction::ALL.into_iter().flat_map(|direction| {
        let at = move |step| Modality::ALL.into_iter().map(move |modality| capability(direction, step, modality));
        Step::ALL.into_iter().flat_map(at)
    });
    Agreement {
        partner: Partner::Canada.into(),
        version: AgreementVersion::new(7).unwrap(),
        instruments: vec![instrument("agreement")],
        capabilities: slots.collect(),
        enrolments: Vec::new(),
    }
}

/// Terms with IDENT under which all that can be is added to it.
pub(super) fn terms() -> Agreement {
    let enrolment = EnrolmentCapability {
        status: CapabilityStatus::Live,
        from: day("2017-07-17"),
        to: None,
        instruments: vec![key("agreement")],
        elements: ENROLLED.to_vec(),
        note: None,
    };
    Agreement { partner: Party::Ident, capabilities: Vec::new(), enrolments: vec![enrolment], ..agreement() }
}

/// The one capability of a slot in [`agreement`].
pub(super) fn at(agreement: &mut Agreement, direction: Direction, step: Step, modality: Modality) -> &mut Capability {
    let slot = Slot { direction, step, modality };
    agreement.capabilities.iter_mut().find(|capability| capability.slot() == slot).unwrap()
}

/// A person of whom anything may be told to Canada.
pub(super) fn person() -> Person {
    Person {
        found_by: FoundBy::Fingerprints,
        citizenships: codes(&["SYR"]),
        residences: codes(&[]),
        persecuted_by: codes(&["SYR"]),
    }
}

/// A first query of Canada by fingerprints, about a person whom we know.
pub(super) fn request() -> Request {
    Request {
        question: Question {
            partner: Partner::Canada,
            direction: Direction::In,
            step: Step::First,
            by: Modality::Biometric,
            purpose: Purpose::VisaOrBenefit,
            recipient: Recipient::Immigration,
            on: day("2026-01-15"),
            made_this_year: Made::default(),
        },
        asked: [Element::FullName, Element::Photograph].into(),
        subject: Subject::Known(person()),
        answered_before: AnsweredBefore::Never,
        settled: BTreeSet::new(),
    }
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (2015_i32..2030).prop_map(|year| NaiveDate::from_ymd_opt(year, 6, 1).unwrap())
}

fn any_capability() -> impl Strategy<Value = Capability> {
    let slot = (any_of(&Direction::ALL), any_of(&Step::ALL), any_of(&Modality::ALL));
    let status = prop_oneof![8 => Just(CapabilityStatus::Live), 1 => any_of(&CapabilityStatus::ALL)];
    let time = (any_day(), prop::option::weighted(0.2, any_day()));
    let row = (any_of(&Element::ALL), any_of(&Condition::ALL));
    let sets = (
        prop::collection::vec(row, 0..25),
        prop::collection::vec(any_of(&Purpose::ALL), 1..5),
        prop::collection::vec(any_of(&Recipient::ALL), 1..5),
    );
    let rest = (
        prop_oneof![3 => Just(Serves::Queries), 1 => Just(Serves::AnswersOnly)],
        any_of(&SubjectRule::ALL),
        prop::option::weighted(0.3, 0_u32..3),
        prop_oneof![8 => Just("agreement"), 1 => Just("memo"), 1 => Just("unsigned"), 1 => Just("missing")],
    );
    (slot, status, time, sets, rest).prop_map(|(slot, status, time, sets, rest)| {
        let (elements, purposes, recipients) = sets;
        let (serves, subject_rule, quota_per_year, instrument) = rest;
        let elements = elements.into_iter().map(|(element, condition)| DataSetElement { element, condition });
        Capability {
            serves,
            status,
            from: time.0,
            to: time.1,
            instruments: vec![key(instrument)],
            elements: elements.collect(),
            purposes,
            recipients,
            subject_rule,
            quota_per_year,
            ..capability(slot.0, slot.1, slot.2)
        }
    })
}

/// Agreements that are right in most things, and wrong in some: [`agreement`], with capabilities changed, added and taken away.
pub(super) fn any_agreement() -> impl Strategy<Value = Agreement> {
    let one = || any::<prop::sample::Index>();
    let changes = (
        prop::collection::vec((one(), any_capability()), 0..12),
        prop::collection::vec(any_capability(), 0..3),
        prop::collection::vec(one(), 0..3),
    );
    (any_of(&Partner::ALL), changes).prop_map(|(partner, (changed, added, removed))| {
        let mut agreement = Agreement { partner: partner.into(), ..agreement() };
        let (mut memo, mut unsigned) = (instrument("memo"), instrument("unsigned"));
        memo.kind = InstrumentKind::WaiverMemo;
        unsigned.signed = None;
        agreement.instruments.extend([memo, unsigned]);
        for (at, other) in changed {
            let one = &mut agreement.capabilities[at.index(24)];
            *one = Capability { direction: one.direction, step: one.step, modality: one.modality, ..other };
        }
        for at in removed {
            agreement.capabilities.remove(at.index(agreement.capabilities.len()));
        }
        agreement.capabilities.extend(added);
        agreement
    })
}

fn any_countries() -> impl Strategy<Value = Option<Vec<CountryCode>>> {
    let country = any_of(&["SYR", "MEX", "XXA", "FRA", "CAN", "USA", "AUS", "GIB"]);
    let usual = Just(codes(&["SYR"]));
    let list = prop::collection::vec(country, 0..3).prop_map(|list| codes(&list));
    prop_oneof![4 => usual, 2 => list, 1 => Just(None)]
}

pub(super) fn any_person() -> impl Strategy<Value = Person> {
    (any_of(&FoundBy::ALL), any_countries(), any_countries(), any_countries()).prop_map(
        |(found_by, citizenships, residences, persecuted_by)| Person { found_by, citizenships, residences, persecuted_by },
    )
}

fn any_settled() -> impl Strategy<Value = BTreeSet<Matter>> {
    let element = any_of(&Element::ALL).prop_map(Matter::Element);
    let matter = prop_oneof![1 => Just(Matter::Persecution), 1 => Just(Matter::Citizenship), 6 => element];
    prop_oneof![1 => Just(BTreeSet::new()), 1 => prop::collection::btree_set(matter, 0..12)]
}

pub(super) fn any_request() -> impl Strategy<Value = Request> {
    let whom = (any_of(&[Partner::Canada, Partner::Canada, Partner::Australia, Partner::UnitedKingdom]), any_of(&Direction::ALL));
    let how = (any_of(&Step::ALL), any_of(&[Modality::Biometric, Modality::Biometric, Modality::Biographic]));
    let why = (any_of(&Purpose::ALL), any_of(&Recipient::ALL), any_day(), (0_u32..3, 0_u32..3));
    let subject = prop_oneof![1 => Just(Subject::Nobody), 9 => any_person().prop_map(Subject::Known)];
    let asked = prop::collection::btree_set(any_of(&Element::ALL), 0..8);
    let before = (any_of(&AnsweredBefore::ALL), any_settled());
    (whom, how, why, subject, asked, before).prop_map(|(whom, how, why, subject, asked, (answered_before, settled))| {
        let (purpose, recipient, on, (first, second)) = why;
        let question = Question {
            partner: whom.0,
            direction: whom.1,
            step: how.0,
            by: how.1,
            purpose,
            recipient,
            on,
            made_this_year: Made { first, second, third: 0, reverse: 0 },
        };
        Request { question, asked, subject, answered_before, settled }
    })
}
