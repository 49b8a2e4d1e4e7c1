use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::agreement::{AgreementVersion, Direction, Element, Partner, Purpose, Step};
use crate::case_feed::ANumber;
use crate::partner_query::testing::{any_reply, header, reply, request};
use crate::partner_query::{
    Header, LongLine, Message, Reply, ReplyResult, Request, ShortLine, Silent, TemplateId, TemplateKey, Told, TransactionNumber,
    silence,
};
use crate::protection::WaiverId;
use crate::sensitive::Sensitive;
use crate::service_request::OfficerId;

fn short(text: &str) -> ShortLine {
    ShortLine::parse(text).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn disclosure() -> Disclosure {
    Disclosure {
        id: Uuid::from_u128(1),
        at: at("2026-01-16T15:00:00.000001Z"),
        person: Uuid::from_u128(2),
        a_number: Some(Sensitive::new(ANumber::parse("A900000001").unwrap())),
        nature: Nature::Answer,
        record: LongLine::parse("A-File, application for asylum").unwrap(),
        elements: [Element::FullName, Element::ImmigrationStatus].into(),
        documents: [Uuid::from_u128(3)].into(),
        purpose: Purpose::RefugeeClaim,
        authority: Authority::RoutineUse { sorn: short("DHS/USCIS-018"), letter: short("H") },
        agreement: AgreementVersion::FIRST,
        waivers: [WaiverId::new(Uuid::from_u128(4))].into(),
        recipient: Recipient {
            partner: Partner::Canada,
            organization: short("Immigration, Refugees and Citizenship Canada"),
            name: Sensitive::new(short("Olga Officer")),
            address: Sensitive::new(short("1 Example Street, Ottawa")),
        },
        method: Method::ObimPackage,
        transaction: TransactionNumber::new([9; 16]),
        released_by: Some(OfficerId(5)),
        approved_by: Some(OfficerId(6)),
        transmitted_by: None,
        payload_sha256: [171; 32],
        correction_of: None,
    }
}

/// A disclosure that differs in one part, for each part there is.
fn others() -> Vec<Disclosure> {
    let authorities = [
        Authority::RoutineUse { sorn: short("DHS/USCIS-018H"), letter: short("H") },
        Authority::RoutineUse { sorn: short("DHS/USCIS-018"), letter: short("G") },
        Authority::Consent { waiver: WaiverId::new(Uuid::from_u128(4)) },
        Authority::SecretaryMemorandum { waiver: WaiverId::new(Uuid::from_u128(4)) },
        Authority::Statute { citation: short("DHS/USCIS-018") },
    ];
    let recipient = |change: fn(&mut Recipient)| {
        let mut other = disclosure();
        change(&mut other.recipient);
        other
    };
    let parts = vec![
        Disclosure { id: Uuid::from_u128(9), ..disclosure() },
        Disclosure { at: at("2026-01-16T15:00:00.000002Z"), ..disclosure() },
        Disclosure { person: Uuid::from_u128(9), ..disclosure() },
        Disclosure { a_number: None, ..disclosure() },
        Disclosure { nature: Nature::Correction, ..disclosure() },
        Disclosure { record: LongLine::parse("A-File").unwrap(), ..disclosure() },
        Disclosure { elements: [Element::FullName].into(), ..disclosure() },
        Disclosure { documents: [].into(), ..disclosure() },
        Disclosure { purpose: Purpose::Citizenship, ..disclosure() },
        Disclosure { agreement: AgreementVersion::FIRST.next(), ..disclosure() },
        Disclosure { waivers: [].into(), ..disclosure() },
        recipient(|recipient| recipient.partner = Partner::Australia),
        recipient(|recipient| recipient.organization = short("Immigration")),
        recipient(|recipient| recipient.name = Sensitive::new(short("Oscar Officer"))),
        recipient(|recipient| recipient.address = Sensitive::new(short("2 Example Street, Ottawa"))),
        Disclosure { method: Method::Ident, ..disclosure() },
        Disclosure { transaction: TransactionNumber::new([8; 16]), ..disclosure() },
        Disclosure { released_by: None, ..disclosure() },
        Disclosure { approved_by: Some(OfficerId(5)), released_by: Some(OfficerId(6)), ..disclosure() },
        Disclosure { transmitted_by: Some(OfficerId(7)), ..disclosure() },
        // The same officers in the same order, each for something else.
        Disclosure { released_by: None, approved_by: Some(OfficerId(5)), transmitted_by: Some(OfficerId(6)), ..disclosure() },
        Disclosure { payload_sha256: [172; 32], ..disclosure() },
        Disclosure { correction_of: Some(Uuid::from_u128(1)), ..disclosure() },
    ];
    parts.into_iter().chain(authorities.into_iter().map(|authority| Disclosure { authority, ..disclosure() })).collect()
}

fn other() -> OtherDisclosure {
    OtherDisclosure {
        id: Uuid::from_u128(1),
        at: at("2026-01-16T15:00:00.000001Z"),
        person: Uuid::from_u128(2),
        a_number: Some(Sensitive::new(ANumber::parse("A900000001").unwrap())),
        nature: LongLine::parse("Copy of a record").unwrap(),
        record: LongLine::parse("Form I-485").unwrap(),
        elements: [Element::FullName].into(),
        told: Some(Sensitive::new(LongLine::parse("When it was filed").unwrap())),
        documents: None,
        purpose: LongLine::parse("A benefit of the State").unwrap(),
        exception: Exception::RoutineUse,
        citation: Some(short("DHS/USCIS-007, H")),
        recipient: OtherRecipient {
            organization: short("Department of Example"),
            name: Some(Sensitive::new(short("Olga Officer"))),
            address: Sensitive::new(short("1 Example Street, Springfield")),
        },
        way: Way::Mail,
        recorded_by: OfficerId(5),
        correction_of: None,
    }
}

#[test]
fn every_part_of_another_disclosure_is_in_its_bytes_and_no_person_in_a_log() {
    let line = |text: &str| LongLine::parse(text).unwrap();
    let recipient = |change: fn(&mut OtherRecipient)| {
        let mut one = other();
        change(&mut one.recipient);
        one
    };
    let all = [
        other(),
        OtherDisclosure { id: Uuid::from_u128(9), ..other() },
        OtherDisclosure { at: at("2026-01-16T15:00:00.000002Z"), ..other() },
        OtherDisclosure { person: Uuid::from_u128(9), ..other() },
        OtherDisclosure { a_number: None, ..other() },
        OtherDisclosure { nature: line("Letter"), ..other() },
        OtherDisclosure { record: line("Form I-90"), ..other() },
        OtherDisclosure { elements: [Element::Alias].into(), ..other() },
        OtherDisclosure { told: None, ..other() },
        // The same words, told or sent along.
        OtherDisclosure { told: None, documents: Some(line("When it was filed")), ..other() },
        OtherDisclosure { purpose: line("A claim"), ..other() },
        OtherDisclosure { exception: Exception::Court, ..other() },
        OtherDisclosure { citation: None, ..other() },
        recipient(|recipient| recipient.organization = short("Another department")),
        recipient(|recipient| recipient.name = None),
        recipient(|recipient| recipient.address = Sensitive::new(short("2 Example Street"))),
        OtherDisclosure { way: Way::Email, ..other() },
        OtherDisclosure { recorded_by: OfficerId(6), ..other() },
        OtherDisclosure { correction_of: Some(Uuid::from_u128(1)), ..other() },
    ];
    let bytes: BTreeSet<_> = all.iter().map(OtherDisclosure::canonical).collect();
    assert_eq!(bytes.len(), all.len());
    assert!(other().canonical().starts_with(b"portico other disclosure 1\0\0\0\0\0\0\0\x10"));
    let shown = format!("{:?}", other());
    for secret in ["900000001", "Olga", "Example Street", "When it was filed"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn what_is_told_by_other_ways_says_what_and_on_which_ground() {
    assert!(other().says_what());
    assert!(!OtherDisclosure { elements: [].into(), told: None, ..other() }.says_what());
    for exception in Exception::ALL {
        assert_eq!(Exception::from_key(exception.key()), Some(exception));
        assert_eq!(serde_json::to_value(exception).unwrap(), exception.key());
        assert_eq!(exception.is_shown_to_the_person(), exception != Exception::LawEnforcement);
    }
    for way in Way::ALL {
        assert_eq!(Way::from_key(way.key()), Some(way));
        assert_eq!(serde_json::to_value(way).unwrap(), way.key());
    }
}

#[test]
fn what_a_partner_keeps_is_set_right_and_what_was_refused_is_not() {
    assert!(is_to_be_told(&disclosure(), Some(Outcome::Sent)));
    assert!(is_to_be_told(&disclosure(), Some(Outcome::Unknown)), "it counts as told");
    assert!(is_to_be_told(&disclosure(), None), "it is under way");
    assert!(!is_to_be_told(&disclosure(), Some(Outcome::Refused)));
    for nature in [Nature::OwnQueryWithPrints, Nature::Correction] {
        assert!(!is_to_be_told(&Disclosure { nature, ..disclosure() }, Some(Outcome::Sent)), "{nature:?}");
    }
    let question = |elements| Disclosure { nature: Nature::OwnQuery, elements, ..disclosure() };
    assert!(
        is_to_be_told(&question([Element::BirthDate].into()), Some(Outcome::Sent)),
        "its text says it, and the partner keeps it"
    );
    assert!(!is_to_be_told(&question(BTreeSet::new()), Some(Outcome::Sent)), "a number alone tells nothing");
    let corrected = Disclosure { correction_of: Some(Uuid::from_u128(1)), ..disclosure() };
    assert!(!is_to_be_told(&corrected, Some(Outcome::Sent)), "it is followed by way of the first");
}

#[test]
fn every_key_is_read_back_and_is_the_word_in_files() {
    for nature in Nature::ALL {
        assert_eq!(Nature::from_key(nature.key()), Some(nature));
        assert_eq!(serde_json::to_value(nature).unwrap(), nature.key());
        assert!(!nature.name().is_empty());
    }
    for method in Method::ALL {
        assert_eq!(Method::from_key(method.key()), Some(method));
        assert_eq!(serde_json::to_value(method).unwrap(), method.key());
    }
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_key(outcome.key()), Some(outcome));
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.key());
    }
    for authority in others().into_iter().map(|other| other.authority) {
        let kept = serde_json::to_value(&authority).unwrap();
        assert_eq!(kept["authority"], authority.key());
        assert_eq!(serde_json::from_value::<Authority>(kept).unwrap(), authority);
        assert!(!authority.name().is_empty());
    }
}

/// Rows that were hashed must have the same bytes for ever.
#[test]
fn the_bytes_of_a_row_stay_what_they_are() {
    let bytes = disclosure().canonical();
    assert!(bytes.starts_with(b"portico disclosure 1\0\0\0\0\0\0\0\x10"));
    let entry = OutcomeEntry {
        id: Uuid::from_u128(1),
        disclosure: Uuid::from_u128(2),
        at: DateTime::from_timestamp_micros(258).unwrap(),
        outcome: Outcome::Unknown,
    };
    let expected = [
        b"portico disclosure outcome 1".as_slice(),
        b"\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01",
        b"\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02",
        b"\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\x01\x02",
        b"\0\0\0\0\0\0\0\x07unknown",
    ];
    assert_eq!(entry.canonical(), expected.concat());
}

#[test]
fn every_part_of_a_row_is_in_its_bytes() {
    let all: BTreeSet<_> = others().into_iter().chain([disclosure()]).map(|one| one.canonical()).collect();
    assert_eq!(all.len(), others().len() + 1);
    let outcomes: BTreeSet<_> = Outcome::ALL
        .into_iter()
        .map(|outcome| {
            OutcomeEntry { id: Uuid::nil(), disclosure: Uuid::nil(), at: at("2026-01-16T15:00:00Z"), outcome }.canonical()
        })
        .collect();
    assert_eq!(outcomes.len(), 3);
}

#[test]
fn no_person_is_in_what_a_log_would_show() {
    let shown = format!("{:?}", disclosure());
    for secret in ["900000001", "Olga", "Example Street"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

/// A message of a step, in a direction.
fn told(step: Step, direction: Direction, result: ReplyResult) -> Message {
    let header = Header { prior: Some(TransactionNumber::new([1; 16])), ..header(direction, step) };
    let empty = Reply { header, result, told: Told::default(), enclosures: Vec::new(), ..reply() };
    Message::Reply(empty)
}

#[test]
fn every_answer_that_tells_anything_has_a_row() {
    for (step, expected) in [
        (Step::First, Nature::AutomaticAnswer),
        (Step::Second, Nature::AutomaticAnswer),
        (Step::Third, Nature::Answer),
        (Step::Reverse, Nature::Answer),
    ] {
        for result in ReplyResult::ALL {
            let expected = result.is_match().then_some(expected);
            assert_eq!(nature(&told(step, Direction::In, result), false), expected, "{step:?} {result:?}");
            assert_eq!(nature(&told(step, Direction::Out, result), false), None, "what a partner tells us is its disclosure");
        }
    }
}

#[test]
fn a_silent_answer_has_none() {
    for silent in [Silent::NoMatch, Silent::Refused] {
        let asked = header(Direction::In, Step::Third);
        let reply = silence(&asked, silent, &reply().reviewer, TransactionNumber::new([2; 16]), asked.date);
        assert_eq!(nature(&Message::Reply(reply), false), None);
    }
}

#[test]
fn a_correction_has_a_row_even_if_it_takes_all_back() {
    let Message::Reply(reply) = told(Step::Third, Direction::In, ReplyResult::NoMatch) else { panic!("it is a reply") };
    let correction = Reply { correction_of: Some(TransactionNumber::new([2; 16])), ..reply };
    assert_eq!(nature(&Message::Reply(correction), false), Some(Nature::Correction));
}

#[test]
fn our_own_queries_have_a_row_and_those_of_a_partner_have_none() {
    for step in Step::ALL {
        let ours = Message::Request(Request { header: header(Direction::Out, step), ..request() });
        assert_eq!(nature(&ours, true), Some(Nature::OwnQueryWithPrints));
        assert_eq!(nature(&ours, false), Some(Nature::OwnQuery));
        let theirs = Message::Request(Request { header: header(Direction::In, step), ..request() });
        assert_eq!(nature(&theirs, true), None);
    }
}

fn uniform() -> TemplateId {
    TemplateId { key: TemplateKey::Uniform, version: std::num::NonZeroU32::MIN }
}

proptest! {
    /// Whatever a reply of ours says: if a name, a picture or the word "match" is in it, it is accounted for.
    #[test]
    fn nothing_is_told_without_a_row(reply in any_reply(uniform())) {
        let tells = reply.result.is_match() || !reply.told.is_empty() || !reply.enclosures.is_empty();
        let is_ours = reply.header.direction == Direction::In;
        let elements = reply.elements();
        prop_assert!(reply.enclosures.iter().all(|enclosure| elements.contains(&enclosure.element)));
        let accounted = nature(&Message::Reply(reply.clone()), false).is_some();
        prop_assert_eq!(accounted, is_ours && (tells || reply.correction_of.is_some()));
    }

    #[test]
    fn the_same_row_has_the_same_bytes_and_another_has_others(person in any::<u128>(), record in "[a-z ]{1,20}[a-z]") {
        let other = Disclosure { person: Uuid::from_u128(person), record: LongLine::parse(&record).unwrap(), ..disclosure() };
        prop_assert_eq!(other.canonical(), other.clone().canonical());
        prop_assert!(other.canonical() != disclosure().canonical());
    }
}
