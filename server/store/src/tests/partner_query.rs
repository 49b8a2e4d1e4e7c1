//! The statements of partner data, on both engines.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::TimeDelta;
use shared::agreement::{AgreementVersion, AnswerKind, Direction, Element, Made, Modality, Partner, Priority, Purpose, Step};
use shared::disclosure::{Authority, Disclosure, Method, Nature, Outcome, OutcomeEntry, Recipient};
use shared::partner_query::component_use::{ApprovalId, Component, Draft, Reach};
use shared::partner_query::{InboundState, LongLine, OutboundState, ReleaseState, ReplyResult, ShortLine, TransactionNumber};
use shared::protection::{AnsweredBefore, Class, Waiver, WaiverId, WaiverKind};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection};
use uuid::Uuid;

use crate::case_officer::{self, CaseOfficer};
use crate::engine::{Connection, Engine};
use crate::partner_query::{
    self, Answering, ForeignState, Ground, Happened, Held, HoldDecision, NewForeign, NewHold, NewMessage, NewQuery, NewStep,
    NewUse, UseChecked, UseDecided, UseState,
};
use crate::testing::{TestStore, both, both_partner, meddle, open, open_partner};
use crate::{disclosure, installation, waiver};

const SOMEBODY: Uuid = Uuid::from_u128(7);

fn query(test: &TestStore, id: Uuid) -> NewQuery<'static> {
    NewQuery {
        id,
        profile: SOMEBODY,
        case: Uuid::from_u128(8),
        partner: Partner::Canada,
        purpose: Purpose::RefugeeClaim,
        priority: Priority::High,
        modality: Modality::Biometric,
        state: OutboundState::Submitted,
        asked_by: Uuid::from_u128(1),
        justification: b"{}",
        probe: Some(b"prints"),
        at: test.clock.now(),
    }
}

pub fn entry(test: &TestStore) -> Disclosure {
    let line = |text: &str| ShortLine::parse(text).unwrap();
    Disclosure {
        id: test.clock.new_id(),
        at: test.clock.now(),
        person: SOMEBODY,
        a_number: None,
        nature: Nature::OwnQueryWithPrints,
        record: LongLine::parse("Profile").unwrap(),
        elements: BTreeSet::from([Element::Fingerprints]),
        documents: BTreeSet::new(),
        purpose: Purpose::RefugeeClaim,
        authority: Authority::Statute { citation: line("a statute") },
        agreement: AgreementVersion::FIRST,
        waivers: BTreeSet::new(),
        recipient: Recipient {
            partner: Partner::Canada,
            organization: line("Authority"),
            name: Sensitive::new(line("A name")),
            address: Sensitive::new(line("An address")),
        },
        method: Method::Ident,
        transaction: TransactionNumber::parse("TEST-2026-0000001").unwrap(),
        released_by: Some(OfficerId(1)),
        approved_by: None,
        transmitted_by: None,
        payload_sha256: [7; 32],
        correction_of: None,
    }
}

/// Keeps a disclosure, closes it once, and reads it back.
async fn account(test: &TestStore) -> Uuid {
    let entry = entry(test);
    let mut transaction = test.store.begin().await.unwrap();
    disclosure::add(&mut transaction, &test.keys, test.clock.new_id(), &entry).await.unwrap();
    assert_eq!(disclosure::outcome(&mut transaction, entry.id).await.unwrap(), None);
    let closing = |outcome| OutcomeEntry { id: test.clock.new_id(), disclosure: entry.id, at: test.clock.now(), outcome };
    assert!(disclosure::close(&mut transaction, &closing(Outcome::Sent)).await.unwrap());
    assert!(!disclosure::close(&mut transaction, &closing(Outcome::Unknown)).await.unwrap(), "once");
    assert_eq!(disclosure::outcome(&mut transaction, entry.id).await.unwrap(), Some(Outcome::Sent));
    let stored = disclosure::of_profile(&mut transaction, &test.keys, SOMEBODY).await.unwrap();
    assert_eq!((stored.len(), &stored[0].entry), (1, &entry));
    assert_eq!(disclosure::leaves(&mut transaction).await.unwrap(), [crate::audit::leaf_hash(&entry.canonical()).to_vec()]);
    transaction.commit().await.unwrap();
    entry.id
}

/// Of the database of partner data.
pub async fn run(test: &TestStore) {
    let told = account(test).await;
    let now = test.clock.now();
    let mut transaction = test.store.begin().await.unwrap();
    assert_eq!(installation::ident_cursor(&mut transaction).await.unwrap(), 0);
    installation::set_ident_cursor(&mut transaction, 17).await.unwrap();
    assert_eq!(installation::ident_cursor(&mut transaction).await.unwrap(), 17);
    let (id, keys) = (test.clock.new_id(), &test.keys);
    partner_query::add(&mut transaction, keys, test.clock.new_id(), &query(test, id)).await.unwrap();
    let due = Some(test.clock.now() + TimeDelta::days(3));
    partner_query::set_due(&mut transaction, id, due).await.unwrap();
    assert_eq!(partner_query::get(&mut transaction, keys, id).await.unwrap().unwrap().due_at, due);
    assert_eq!(partner_query::of_profile(&mut transaction, SOMEBODY).await.unwrap(), [id]);
    assert_eq!(partner_query::of_officer(&mut transaction, Uuid::from_u128(1), 5).await.unwrap(), [id]);
    assert_eq!(partner_query::in_state(&mut transaction, OutboundState::Submitted, 5).await.unwrap(), [id]);
    let happened = |state| Happened { id: test.clock.new_id(), event: "sent", state, actor: "system", at: now };
    partner_query::note(&mut transaction, id, 1, &happened(OutboundState::Submitted)).await.unwrap();
    assert!(partner_query::save(&mut transaction, id, 1, &happened(OutboundState::Q1Sent)).await.unwrap());
    assert!(!partner_query::save(&mut transaction, id, 1, &happened(OutboundState::Q1Sent)).await.unwrap(), "somebody was quicker");
    assert_eq!(partner_query::events(&mut transaction, id).await.unwrap().len(), 2);
    let stored = partner_query::get(&mut transaction, keys, id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.version, stored.justification.as_slice()), (OutboundState::Q1Sent, 2, b"{}".as_slice()));
    assert_eq!(partner_query::probe(&mut transaction, keys, id).await.unwrap().unwrap(), b"prints");
    assert!(partner_query::destroy_probe(&mut transaction, id, now).await.unwrap());
    assert!(!partner_query::destroy_probe(&mut transaction, id, now).await.unwrap());
    assert_eq!(partner_query::probe(&mut transaction, keys, id).await.unwrap(), None);

    let step = |step, number, send_at| NewStep {
        query: id,
        step,
        transaction_number: number,
        prior: None,
        requested_by: Some(Uuid::from_u128(1)),
        send_at,
        sent_at: None,
    };
    partner_query::add_step(&mut transaction, &step(Step::First, "TEST-1", Some(now))).await.unwrap();
    partner_query::add_step(&mut transaction, &step(Step::Third, "TEST-3", None)).await.unwrap();
    assert_eq!(partner_query::due_steps(&mut transaction, now, 5).await.unwrap(), [(id, Step::First)]);
    assert_eq!(partner_query::number_of_step(&mut transaction, "TEST-3").await.unwrap(), Some((id, Step::Third)));
    let requester = Uuid::from_u128(1);
    assert!(!partner_query::approve_step(&mut transaction, id, Step::Third, requester, now).await.unwrap());
    assert!(partner_query::approve_step(&mut transaction, id, Step::Third, Uuid::from_u128(2), now).await.unwrap());
    partner_query::forget_approval(&mut transaction, id, Step::Third).await.unwrap();
    partner_query::drop_step(&mut transaction, id, Step::Third).await.unwrap();
    let first = partner_query::steps(&mut transaction, keys, id).await.unwrap().remove(0);
    let later = now + TimeDelta::minutes(2);
    assert!(partner_query::authorize_step(&mut transaction, &first, "{}", told, later).await.unwrap());
    assert!(!partner_query::authorize_step(&mut transaction, &first, "{}", told, later).await.unwrap(), "somebody was quicker");
    partner_query::try_step_again(&mut transaction, id, Step::First, later).await.unwrap();
    partner_query::settle_step(&mut transaction, id, Step::First, Some(now)).await.unwrap();
    for step in [Step::First, Step::First, Step::Third] {
        partner_query::count(&mut transaction, Partner::Canada, Direction::Out, step, 2026).await.unwrap();
    }
    assert_eq!(partner_query::of_partner(&mut transaction, Partner::Canada, later, 5).await.unwrap(), [id]);
    assert!(
        partner_query::of_partner(&mut transaction, Partner::Canada, now, 5).await.unwrap().is_empty(),
        "not before it was made"
    );
    let made = async |transaction: &mut Connection, direction, year| {
        partner_query::made(transaction, Partner::Canada, direction, year).await.unwrap()
    };
    assert_eq!(made(&mut transaction, Direction::Out, 2026).await, Made { first: 2, third: 1, ..Made::default() });
    assert_eq!(made(&mut transaction, Direction::Out, 2027).await, Made::default());
    assert_eq!(made(&mut transaction, Direction::In, 2026).await, Made::default());
    let answered = ReplyResult::Match;
    let data_key = stored.data_key;
    assert!(partner_query::answer_step(&mut transaction, keys, &first, data_key, answered, b"told", now).await.unwrap());
    assert!(!partner_query::answer_step(&mut transaction, keys, &first, data_key, answered, b"more", now).await.unwrap());
    let steps = partner_query::steps(&mut transaction, keys, id).await.unwrap();
    assert_eq!((steps.len(), steps[0].answered.as_deref()), (1, Some(b"told".as_slice())), "what was dropped is gone");
    transaction.commit().await.unwrap();
    run_asking_back(test, id).await;
    run_foreign(test, told).await;
    run_messages_and_holds(test, id).await;
    run_uses(test, id).await;
}

/// A partner is asked back: without prints, under its own number.
async fn run_asking_back(test: &TestStore, other: Uuid) {
    let (keys, back) = (&test.keys, test.clock.new_id());
    let mut transaction = test.store.begin().await.unwrap();
    let asks_back = NewQuery { probe: None, ..query(test, back) };
    partner_query::add(&mut transaction, keys, test.clock.new_id(), &asks_back).await.unwrap();
    let reverse = NewStep {
        query: back,
        step: Step::Reverse,
        transaction_number: "TEST-4",
        prior: Some("CA-1"),
        requested_by: Some(Uuid::from_u128(1)),
        send_at: None,
        sent_at: None,
    };
    partner_query::add_step(&mut transaction, &reverse).await.unwrap();
    for (id, asks_back) in [(back, true), (other, false)] {
        assert_eq!(partner_query::get(&mut transaction, keys, id).await.unwrap().unwrap().asks_back, asks_back);
    }
    transaction.commit().await.unwrap();
}

async fn run_foreign(test: &TestStore, told: Uuid) {
    let (now, keys, id) = (test.clock.now(), &test.keys, test.clock.new_id());
    let mut transaction = test.store.begin().await.unwrap();
    let new = |id, number, state| NewForeign {
        id,
        message: id,
        partner: Partner::Canada,
        step: Step::First,
        transaction_number: number,
        prior: None,
        purpose: Purpose::VisaOrBenefit,
        priority: Priority::Low,
        profile: Some(SOMEBODY),
        request: b"asked",
        state,
        at: now,
        due_at: None,
        next_attempt_at: Some(now),
    };
    let received = ForeignState::First(ReleaseState::Received);
    assert!(partner_query::add_foreign(&mut transaction, keys, test.clock.new_id(), &new(id, "CA-1", received)).await.unwrap());
    let again = new(test.clock.new_id(), "CA-1", received);
    assert!(!partner_query::add_foreign(&mut transaction, keys, test.clock.new_id(), &again).await.unwrap());
    assert_eq!(partner_query::foreign_by_number(&mut transaction, Partner::Canada, "CA-1").await.unwrap(), Some(id));
    assert_eq!(partner_query::foreign_in_state(&mut transaction, received, 5).await.unwrap(), [id]);
    let request = ForeignState::Request(InboundState::Received);
    assert!(partner_query::foreign_in_state(&mut transaction, request, 5).await.unwrap().is_empty());
    assert_eq!(partner_query::newest_in_state(&mut transaction, received, 5).await.unwrap(), [id]);
    assert!(partner_query::newest_in_state(&mut transaction, request, 5).await.unwrap().is_empty());
    assert_eq!(partner_query::due_foreign(&mut transaction, now, 5).await.unwrap(), [id]);
    let before = partner_query::answered_before(&mut transaction, &[SOMEBODY], Partner::Canada).await.unwrap();
    assert_eq!(before, AnsweredBefore::Never);
    let released = ForeignState::First(ReleaseState::Released);
    let answering = Answering {
        state: released,
        decision: Some("{}"),
        answer: Some(AnswerKind::Match),
        disclosure: Some(told),
        attempts: 1,
        next_attempt_at: None,
        answered_at: None,
        at: now,
    };
    assert!(partner_query::save_foreign(&mut transaction, id, 1, &answering).await.unwrap());
    assert!(!partner_query::save_foreign(&mut transaction, id, 1, &answering).await.unwrap(), "somebody was quicker");
    let stored = partner_query::foreign(&mut transaction, keys, id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.request.as_slice(), stored.disclosure), (released, b"asked".as_slice(), Some(told)));
    let before_it = partner_query::foreign_of_partner(&mut transaction, Partner::Canada, now, 5).await.unwrap();
    let after_it =
        partner_query::foreign_of_partner(&mut transaction, Partner::Canada, now + TimeDelta::seconds(1), 5).await.unwrap();
    assert_eq!((before_it, after_it), (vec![], vec![id]));
    // It may have arrived: it counts as told.
    let before = partner_query::answered_before(&mut transaction, &[SOMEBODY], Partner::Canada).await.unwrap();
    assert_eq!(before, AnsweredBefore::Match);
    assert!(partner_query::told_of(&mut transaction, SOMEBODY, 5).await.unwrap().is_empty(), "nobody knows that it has left");
    let left = Answering { answered_at: Some(now), ..answering };
    assert!(partner_query::save_foreign(&mut transaction, id, 2, &left).await.unwrap());
    assert_eq!(partner_query::told_of(&mut transaction, SOMEBODY, 5).await.unwrap(), [id]);
    for _ in 0..2 {
        partner_query::suppress(&mut transaction, test.clock.new_id(), id, SOMEBODY, "protected", now).await.unwrap();
    }
    assert_eq!(partner_query::suppressions(&mut transaction, 5).await.unwrap().len(), 1, "once for each query");
    let held = NewHold { id: test.clock.new_id(), held: Held::Foreign(id), because: "[]", at: now };
    partner_query::raise_hold(&mut transaction, &held).await.unwrap();
    assert!(partner_query::releases(&mut transaction, Held::Foreign(id)).await.unwrap().is_empty(), "nobody has decided");
    transaction.commit().await.unwrap();
}

async fn run_messages_and_holds(test: &TestStore, query: Uuid) {
    let (now, keys) = (test.clock.now(), &test.keys);
    let mut transaction = test.store.begin().await.unwrap();
    let message = NewMessage { id: test.clock.new_id(), kind: "reply", body: b"{}", at: now };
    assert!(partner_query::add_message(&mut transaction, keys, &message).await.unwrap());
    assert!(!partner_query::add_message(&mut transaction, keys, &message).await.unwrap());
    partner_query::message_problem(&mut transaction, message.id, "it waits").await.unwrap();
    let left = partner_query::left_messages(&mut transaction, keys, 5).await.unwrap();
    assert_eq!((left[0].body.as_slice(), left[0].problem.as_deref()), (b"{}".as_slice(), Some("it waits")));
    partner_query::message_handled(&mut transaction, message.id, now).await.unwrap();
    assert!(partner_query::left_messages(&mut transaction, keys, 5).await.unwrap().is_empty());

    let id = test.clock.new_id();
    let hold = NewHold { id, held: Held::Query(query), because: r#"["unread"]"#, at: now };
    partner_query::raise_hold(&mut transaction, &hold).await.unwrap();
    assert_eq!(partner_query::holds_waiting(&mut transaction, keys, 5).await.unwrap().len(), 2);
    let (release, by) = (HoldDecision::Release, Uuid::from_u128(3));
    assert!(partner_query::decide_hold(&mut transaction, keys, id, release, by, "Why.", now).await.unwrap());
    assert!(!partner_query::decide_hold(&mut transaction, keys, id, release, by, "Why.", now).await.unwrap());
    let stored = partner_query::hold(&mut transaction, keys, id).await.unwrap().unwrap();
    assert_eq!((stored.decided, stored.reason.as_deref()), (Some((release, by, now)), Some("Why.")));
    assert_eq!(partner_query::releases(&mut transaction, Held::Query(query)).await.unwrap(), [r#"["unread"]"#]);
    transaction.commit().await.unwrap();
    run_figures(test).await;
}

async fn run_figures(test: &TestStore) {
    let (now, canada) = (test.clock.now(), Partner::Canada);
    let (period, before) = ((now, now + TimeDelta::days(1)), (now - TimeDelta::days(1), now));
    let mut connection = test.store.read().await.unwrap();
    let theirs = partner_query::their_queries(&mut connection, canada, period, 5).await.unwrap();
    assert_eq!((theirs.len(), theirs[0].received_at, theirs[0].answer), (1, now, Some(AnswerKind::Match)));
    assert_eq!(theirs[0].answered_at, Some(now));
    assert!(partner_query::their_queries(&mut connection, canada, before, 5).await.unwrap().is_empty());
    let ours = partner_query::our_queries(&mut connection, canada, period, 5).await.unwrap();
    assert_eq!((ours.len(), ours[0].sent_at, ours[0].answered_at), (1, now, Some(now)));
    assert_eq!(ours[0].answer, Some(ReplyResult::Match));
    assert!(partner_query::our_queries(&mut connection, Partner::Australia, period, 5).await.unwrap().is_empty());
    assert_eq!(partner_query::holds_by_partner(&mut connection, 5).await.unwrap(), [(canada, true)], "one was decided");
    assert_eq!(partner_query::suppressed_of(&mut connection, canada, period, 5).await.unwrap(), 1);
    assert_eq!(partner_query::suppressed_of(&mut connection, canada, before, 5).await.unwrap(), 0);
}

async fn run_uses(test: &TestStore, query: Uuid) {
    let approval = run_standing_uses(test).await;
    let (now, keys) = (test.clock.now(), &test.keys);
    let mut transaction = test.store.begin().await.unwrap();
    let elements = BTreeSet::from([Element::FullName, Element::BirthDate]);
    let new = |id: Uuid| NewUse {
        id,
        message: id,
        query,
        transaction_number: "TEST-1",
        component: Component::Cbp,
        purpose: Purpose::RefugeeClaim,
        elements: &elements,
        at: now,
    };
    let ids = [(); 3].map(|()| test.clock.new_id());
    for id in ids {
        assert!(partner_query::add_use(&mut transaction, &new(id)).await.unwrap());
        assert!(!partner_query::add_use(&mut transaction, &new(id)).await.unwrap(), "twice is once");
    }
    let [by_itself, waits, guarded] = ids;
    assert!(ids.contains(&partner_query::use_to_check(&mut transaction, now).await.unwrap().unwrap()));
    let under = UseChecked::Allowed { under: approval, at: now };
    for (id, checked) in [(by_itself, under), (waits, UseChecked::Waiting), (guarded, UseChecked::Guarded)] {
        assert!(partner_query::check_use(&mut transaction, id, checked).await.unwrap());
        assert!(!partner_query::check_use(&mut transaction, id, checked).await.unwrap(), "somebody was quicker");
    }
    assert_eq!(partner_query::use_to_check(&mut transaction, now).await.unwrap(), None);
    assert_eq!(partner_query::uses_waiting(&mut transaction, keys, 5, 0).await.unwrap().len(), 2);
    assert!(partner_query::uses_waiting(&mut transaction, keys, 5, 2).await.unwrap().is_empty());

    let (first, second) = (Uuid::from_u128(3), Uuid::from_u128(4));
    assert!(partner_query::guard_use(&mut transaction, keys, guarded, first, "It may.").await.unwrap());
    assert!(!partner_query::guard_use(&mut transaction, keys, guarded, second, "It may.").await.unwrap(), "somebody was first");
    let decided = |from, is_allowed, by| UseDecided { from, is_allowed, by, reason: "Why.", at: now };
    let refused = decided(UseState::Waiting, false, first);
    assert!(partner_query::decide_use(&mut transaction, keys, waits, &refused).await.unwrap());
    assert!(!partner_query::decide_use(&mut transaction, keys, waits, &refused).await.unwrap(), "once");
    let allowed = decided(UseState::Guarded, true, second);
    assert!(partner_query::decide_use(&mut transaction, keys, guarded, &allowed).await.unwrap());
    let stored = partner_query::asked_use(&mut transaction, keys, guarded).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.profile, stored.elements.clone()), (UseState::Allowed, SOMEBODY, elements.clone()));
    assert_eq!((stored.first.clone(), stored.reason.as_deref()), (Some((first, "It may.".to_owned())), Some("Why.")));

    for _ in 0..3 {
        let due = partner_query::use_to_tell(&mut transaction, now).await.unwrap().unwrap();
        partner_query::use_told(&mut transaction, due, None, Some(now)).await.unwrap();
    }
    assert_eq!(partner_query::use_to_tell(&mut transaction, now).await.unwrap(), None);
    let ground = Ground::Decision { first: Some(first), by: second };
    partner_query::enter_use(&mut transaction, test.clock.new_id(), &stored, ground, now).await.unwrap();
    let other = partner_query::asked_use(&mut transaction, keys, by_itself).await.unwrap().unwrap();
    let later = now + TimeDelta::seconds(1);
    partner_query::enter_use(&mut transaction, test.clock.new_id(), &other, Ground::Approval(approval), later).await.unwrap();
    let ledger = partner_query::use_ledger(&mut transaction, 5, 0).await.unwrap();
    assert_eq!(ledger.iter().map(|row| row.ground).collect::<Vec<_>>(), [Ground::Approval(approval), ground]);
    assert_eq!((ledger[1].request, &ledger[1].elements), (guarded, &elements));
    transaction.commit().await.unwrap();
}

/// A standing approval that is agreed to, beside one that was taken back.
async fn run_standing_uses(test: &TestStore) -> ApprovalId {
    let now = test.clock.now();
    let (proposer, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let draft = Draft {
        component: Component::Cbp,
        partner: Partner::Canada,
        reach: Reach::Standing,
        purposes: BTreeSet::from([Purpose::RefugeeClaim, Purpose::Citizenship]),
        elements: BTreeSet::from([Element::FullName, Element::BirthDate]),
        from: now.date_naive(),
        to: now.date_naive() + TimeDelta::days(30),
    };
    let [id, other] = [(); 2].map(|()| ApprovalId::new(test.clock.new_id()));
    let mut transaction = test.store.begin().await.unwrap();
    for id in [id, other] {
        partner_query::propose_use(&mut transaction, id, &draft, proposer, now).await.unwrap();
        assert!(!partner_query::agree_to_use(&mut transaction, id, proposer, now).await.unwrap(), "another person");
    }
    assert!(partner_query::standing_uses(&mut transaction, Component::Cbp, Partner::Canada).await.unwrap().is_empty());
    assert!(partner_query::agree_to_use(&mut transaction, id, second, now).await.unwrap());
    assert!(partner_query::end_use(&mut transaction, other, second, now).await.unwrap());
    assert!(!partner_query::end_use(&mut transaction, other, second, now).await.unwrap());
    assert!(!partner_query::agree_to_use(&mut transaction, other, second, now).await.unwrap(), "it was taken back");
    let standing = partner_query::standing_uses(&mut transaction, Component::Cbp, Partner::Canada).await.unwrap();
    assert_eq!((standing.len(), standing[0].id, &standing[0].draft), (1, id, &draft));
    assert!(partner_query::standing_uses(&mut transaction, Component::Ice, Partner::Canada).await.unwrap().is_empty());
    assert_eq!(partner_query::use_approvals(&mut transaction, 5, 0).await.unwrap().len(), 2);
    transaction.commit().await.unwrap();
    id
}

/// Of the main database: waivers, who has a case, disclosures that it sends.
pub async fn run_main(test: &TestStore) {
    account(test).await;
    let now = test.clock.now();
    let mut transaction = test.store.begin().await.unwrap();
    let day = now.date_naive();
    let days = (day, Some(day + TimeDelta::days(30)));
    let memorandum = |id| {
        let (classes, partners) = (BTreeSet::from([Class::Asylum]), BTreeSet::from([Partner::Canada]));
        let kind = WaiverKind::SecretaryMemorandum;
        Waiver::new(WaiverId::new(Uuid::from_u128(id)), kind, classes, partners, days.0, days.1).unwrap()
    };
    let (proposer, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    waiver::propose(&mut transaction, &memorandum(1), None, b"hash", proposer, now).await.unwrap();
    assert!(waiver::for_person(&mut transaction, SOMEBODY).await.unwrap().is_empty(), "nobody has agreed");
    assert!(!waiver::agree(&mut transaction, memorandum(1).id(), proposer, now).await.unwrap(), "another person");
    assert!(waiver::agree(&mut transaction, memorandum(1).id(), second, now).await.unwrap());
    assert_eq!(waiver::for_person(&mut transaction, SOMEBODY).await.unwrap(), [memorandum(1)]);
    assert!(waiver::end(&mut transaction, memorandum(1).id(), proposer, now).await.unwrap());
    assert!(waiver::for_person(&mut transaction, SOMEBODY).await.unwrap().is_empty());
    assert_eq!(waiver::all(&mut transaction).await.unwrap().len(), 1);
    transaction.commit().await.unwrap();

    super::take_in_lines(test, &[super::line("o1", "EAC9999103499", "IAA", "2026-01-07T14:00:00Z")]).await;
    let mut transaction = test.store.begin().await.unwrap();
    let number = shared::case_status::ReceiptNumber::parse("EAC9999103499").unwrap();
    let case = crate::case_feed::case_id(&mut transaction, &number).await.unwrap().unwrap();
    let of = |officer, minutes| CaseOfficer {
        case_id: case,
        officer_id: Some(Uuid::from_u128(officer)),
        assigned_by: None,
        assigned_at: now + TimeDelta::minutes(minutes),
    };
    case_officer::assign(&mut transaction, test.clock.new_id(), &of(1, 0)).await.unwrap();
    case_officer::assign(&mut transaction, test.clock.new_id(), &of(2, 1)).await.unwrap();
    assert_eq!(case_officer::of_case(&mut transaction, case).await.unwrap(), Some(of(2, 1)));
    assert!(case_officer::of_officer(&mut transaction, Uuid::from_u128(1), 5).await.unwrap().is_empty(), "it is another's now");
    assert_eq!(case_officer::of_feed(&mut transaction, case).await.unwrap(), Some(of(2, 1)));
    assert_eq!(case_officer::stated(&mut transaction, case).await.unwrap(), None);
    let has = case_officer::of_officer(&mut transaction, Uuid::from_u128(2), 5).await.unwrap();
    assert_eq!(has, [(case, "EAC9999103499".to_owned())]);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn disclosures_and_their_outcomes_can_only_be_appended() {
    for test in both().await.into_iter().chain(both_partner().await) {
        account(&test).await;
        for table in ["disclosure", "disclosure_outcome"] {
            assert!(meddle(&test.store, &format!("UPDATE {table} SET recorded_at = recorded_at")).await.is_err(), "{table}");
            assert!(meddle(&test.store, &format!("DELETE FROM {table}")).await.is_err(), "{table}");
        }
    }
}

#[tokio::test]
async fn the_ledger_of_uses_can_only_be_appended() {
    for test in both_partner().await {
        run(&test).await;
        assert!(meddle(&test.store, "UPDATE use_ledger SET recorded_at = recorded_at").await.is_err());
        assert!(meddle(&test.store, "DELETE FROM use_ledger").await.is_err());
    }
}

/// The portal's role may do everything in the database of its own, and gets no connection to the other.
#[tokio::test]
async fn the_role_of_the_main_database_cannot_open_that_of_partner_data() {
    let (main, partner) = (open(Engine::Postgres).await, open_partner(Engine::Postgres).await);
    let (server, database) = main.address.rsplit_once('/').unwrap();
    assert!(partner.address.starts_with(server), "both are on one server");
    let database = database.split('?').next().unwrap();
    // Roles are the whole server's: this one is of this database alone.
    let role = format!("portal_{database}");
    let mut owner = PgConnection::connect(&main.address).await.unwrap();
    let sql = format!("CREATE ROLE {role} LOGIN PASSWORD 'test'; GRANT ALL ON DATABASE {database} TO {role}");
    owner.execute(AssertSqlSafe(sql)).await.unwrap();
    let as_portal = |address: &str| PgConnectOptions::from_str(address).unwrap().username(&role).password("test");
    let opened = PgConnection::connect_with(&as_portal(&main.address)).await;
    let refused = PgConnection::connect_with(&as_portal(&partner.address)).await;
    opened.expect("it opens its own").close().await.unwrap();
    owner.execute(AssertSqlSafe(format!("DROP OWNED BY {role}; DROP ROLE {role}"))).await.unwrap();
    let refused = refused.expect_err("and no other").into_database_error().unwrap();
    assert_eq!(refused.code().as_deref(), Some("42501"), "insufficient privilege: {refused}");
}
