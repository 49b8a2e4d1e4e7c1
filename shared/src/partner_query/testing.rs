//! Messages of all sorts, for tests.

use std::num::NonZeroU32;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::agreement::{AgreementVersion, Direction, Element, Partner, Priority, Step};
use crate::case_feed::ANumber;
use crate::country::CountryCode;
use crate::profile::{EncounterId, Fin, Gender};
use crate::sensitive::Sensitive;

/// A header of a query with Canada; later steps name the first.
pub(crate) fn header(direction: Direction, step: Step) -> Header {
    Header {
        template: TemplateId { key: TemplateKey::Of(Partner::Canada), version: NonZeroU32::MIN },
        number: TransactionNumber::new([7; 16]),
        prior: (step != Step::First).then(|| TransactionNumber::parse("CAN-2026/000000017").unwrap()),
        direction,
        partner: Partner::Canada,
        agreement: AgreementVersion::FIRST,
        step,
        date: "2026-01-15".parse().unwrap(),
    }
}

pub(crate) fn official() -> Official {
    Official {
        name: Sensitive::new(ShortLine::parse("Olga Officer").unwrap()),
        organization: ShortLine::parse("National Records Center").unwrap(),
        contact: Sensitive::new(ShortLine::parse("202-555-0123").unwrap()),
    }
}

/// A third query of Canada about somebody.
pub(crate) fn request() -> Request {
    Request {
        header: header(Direction::In, Step::Third),
        reason: Reason::RefugeeClaimant,
        priority: Priority::High,
        requestor: official(),
        subject: Subject {
            full_name: Some(Sensitive::new(ShortLine::parse("Ejemplo, Ana").unwrap())),
            aliases: vec![Sensitive::new(ShortLine::parse("Ana Muster").unwrap())],
            birth_date: Some(Sensitive::new("1990-02-03".parse().unwrap())),
            birth_country: Some(Sensitive::new(CountryCode::parse("MEX").unwrap())),
            gender: Some(Sensitive::new(Gender::Female)),
            a_number: Some(Sensitive::new(ANumber::parse("A900000001").unwrap())),
            fin: Some(Sensitive::new(Fin::parse("1234567").unwrap())),
            encounter: Sensitive::new(EncounterReference::Eid(EncounterId::parse("EID-2026-0001").unwrap())),
            partner_identification: Some(Sensitive::new(PartnerReference::parse("UCI-0001").unwrap())),
        },
        ask: Ask {
            elements: [Element::ImmigrationStatus, Element::PassportImage].into(),
            justification: Some(Sensitive::new(LongLine::parse("To confirm an earlier stay.").unwrap())),
        },
    }
}

/// What is told in answer to it.
pub(crate) fn reply() -> Reply {
    let mut told = Told::default();
    told.add(Element::FullName, Value::Text(LongLine::parse("Ejemplo, Ana").unwrap())).unwrap();
    told.add(Element::BirthDate, Value::Day("1990-02-03".parse().unwrap())).unwrap();
    told.add(Element::Citizenship, Value::Country(CountryCode::parse("MEX").unwrap())).unwrap();
    let header = header(Direction::In, Step::Third);
    Reply {
        header: Header { prior: Some(header.number.clone()), number: TransactionNumber::new([9; 16]), ..header },
        result: ReplyResult::Partial,
        reviewer: official(),
        told,
        enclosures: vec![Enclosure {
            element: Element::PassportImage,
            name: Sensitive::new(ShortLine::parse("passport | page 2.pdf").unwrap()),
            sha256: [171; 32],
        }],
        caveats: vec![LongLine::parse("Not to be used against the person's family.").unwrap()],
        correction_of: None,
    }
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

pub(crate) fn any_number() -> impl Strategy<Value = TransactionNumber> {
    let theirs = "[!-TV-~][!-~]{9,39}".prop_map(|text| TransactionNumber::parse(&text).unwrap());
    prop_oneof![any::<[u8; 16]>().prop_map(TransactionNumber::new), theirs]
}

/// Lines with what the line form itself is made of.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[A-Za-zÀ-ž' .-]{1,30}", 1 => ".{1,30}", 1 => "(END|: |\\| |Name: x|Number: |PORTICO-MESSAGE/1 |é|名){1,5}"]
}

pub(crate) fn any_line<const MOST: usize>() -> impl Strategy<Value = Line<MOST>> {
    any_text().prop_filter_map("no line", |text| Line::parse(&text).ok())
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..140_000).prop_map(|days| NaiveDate::from_ymd_opt(1800, 1, 1).unwrap() + Days::new(days))
}

fn any_country() -> impl Strategy<Value = CountryCode> {
    any_of(&["MEX", "SYR", "KOR", "XKX", "XXA", "SUN", "GBR", "CIV", "COD"]).prop_map(|code| CountryCode::parse(code).unwrap())
}

fn any_gender() -> impl Strategy<Value = Gender> {
    any_of(&Gender::ALL)
}

fn any_reference() -> impl Strategy<Value = PartnerReference> {
    "[!-~]{1,40}".prop_map(|text| PartnerReference::parse(&text).unwrap())
}

fn any_official() -> impl Strategy<Value = Official> {
    (any_line::<200>(), any_line::<200>(), any_line::<200>()).prop_map(|(name, organization, contact)| Official {
        name: Sensitive::new(name),
        organization,
        contact: Sensitive::new(contact),
    })
}

fn any_header(template: TemplateId, is_reply: bool) -> impl Strategy<Value = Header> {
    let numbers = (any_number(), any_number());
    let rest = (any_of(&Direction::ALL), any_of(&Partner::ALL), 1_u32..500, any_of(&Step::ALL), any_day());
    (numbers, rest).prop_map(move |((number, prior), (direction, partner, version, step, date))| Header {
        template,
        number,
        prior: (is_reply || step != Step::First).then_some(prior),
        direction,
        partner: partner_of(template.key, partner),
        agreement: AgreementVersion::new(version).unwrap(),
        step,
        date,
    })
}

/// The partner of a template; of the uniform one any.
const fn partner_of(key: TemplateKey, any: Partner) -> Partner {
    match key {
        TemplateKey::Uniform => any,
        TemplateKey::Of(partner) => partner,
    }
}

/// A message to the partner whose template it is.
pub(crate) fn addressed(message: Message, key: TemplateKey) -> Message {
    let to = |header: Header| Header { partner: partner_of(key, header.partner), ..header };
    match message {
        Message::Request(request) => Message::Request(Request { header: to(request.header), ..request }),
        Message::Reply(reply) => Message::Reply(Reply { header: to(reply.header), ..reply }),
    }
}

fn any_encounter() -> impl Strategy<Value = EncounterReference> {
    prop_oneof![
        "[A-Z0-9-]{3,20}[0-9]".prop_map(|text| EncounterReference::Eid(EncounterId::parse(&text).unwrap())),
        any_reference().prop_map(EncounterReference::PartnerFingerprint),
    ]
}

fn any_subject() -> impl Strategy<Value = Subject> {
    let named = (any_line::<200>(), prop::collection::vec(any_line::<200>(), 0..4));
    let born = (prop::option::of(any_day()), prop::option::of(any_country()), prop::option::of(any_gender()));
    let numbers = (
        prop::option::of("A[0-9]{9}".prop_map(|text| ANumber::parse(&text).unwrap())),
        prop::option::of("[0-9]{4,10}".prop_map(|text| Fin::parse(&text).unwrap())),
        any_encounter(),
        prop::option::of(any_reference()),
    );
    (named, born, numbers).prop_map(|((full_name, aliases), (day, country, gender), (a_number, fin, encounter, partner))| Subject {
        full_name: Some(Sensitive::new(full_name)),
        aliases: aliases.into_iter().map(Sensitive::new).collect(),
        birth_date: day.map(Sensitive::new),
        birth_country: country.map(Sensitive::new),
        gender: gender.map(Sensitive::new),
        a_number: a_number.map(Sensitive::new),
        fin: fin.map(Sensitive::new),
        encounter: Sensitive::new(encounter),
        partner_identification: partner.map(Sensitive::new),
    })
}

pub(crate) fn any_request(template: TemplateId) -> impl Strategy<Value = Request> {
    let ask = (prop::collection::btree_set(any_of(&Element::ALL), 0..9), prop::option::of(any_line::<2000>()));
    let why = (any_of(&Reason::ALL), any_of(&Priority::ALL));
    (any_header(template, false), why, any_official(), any_subject(), ask).prop_map(
        |(header, (reason, priority), requestor, subject, (elements, justification))| Request {
            header,
            reason,
            priority,
            requestor,
            subject,
            ask: Ask { elements, justification: justification.map(Sensitive::new) },
        },
    )
}

fn any_value(element: Element) -> BoxedStrategy<Value> {
    match ValueKind::of(element) {
        ValueKind::Day => any_day().prop_map(Value::Day).boxed(),
        ValueKind::Country => any_country().prop_map(Value::Country).boxed(),
        ValueKind::Gender => any_gender().prop_map(Value::Gender).boxed(),
        ValueKind::Text | ValueKind::Enclosed => any_line::<2000>().prop_map(Value::Text).boxed(),
    }
}

fn any_told() -> impl Strategy<Value = Told> {
    let one = any_of(&Element::ALL).prop_flat_map(|element| any_value(element).prop_map(move |value| (element, value)));
    prop::collection::vec(one, 0..12).prop_map(|all| {
        let mut told = Told::default();
        for (element, value) in all {
            // Documents and photographs are enclosed.
            let _ = told.add(element, value);
        }
        told
    })
}

fn any_enclosure() -> impl Strategy<Value = Enclosure> {
    let enclosed = Element::ALL.into_iter().filter(|element| ValueKind::of(*element) == ValueKind::Enclosed).collect::<Vec<_>>();
    (prop::sample::select(enclosed), any_line::<200>(), any::<[u8; 32]>()).prop_map(|(element, name, sha256)| Enclosure {
        element,
        name: Sensitive::new(name),
        sha256,
    })
}

pub(crate) fn any_reply(template: TemplateId) -> impl Strategy<Value = Reply> {
    let told = (any_told(), prop::collection::vec(any_enclosure(), 0..4));
    let rest = (any_of(&ReplyResult::ALL), prop::collection::vec(any_line::<2000>(), 0..4), prop::option::of(any_number()));
    (any_header(template, true), any_official(), told, rest).prop_map(
        |(header, reviewer, (told, enclosures), (result, caveats, correction_of))| {
            let (told, enclosures) = if result.is_match() { (told, enclosures) } else { (Told::default(), Vec::new()) };
            Reply { header, result, reviewer, told, enclosures, caveats, correction_of }
        },
    )
}

pub(crate) fn any_message(template: TemplateId) -> impl Strategy<Value = Message> {
    prop_oneof![any_request(template).prop_map(Message::Request), any_reply(template).prop_map(Message::Reply)]
}
