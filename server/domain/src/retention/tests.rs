//! Retention, on both engines: two people, exactly what was shown, nothing on hold, and an end in the middle.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use chrono::TimeDelta;
use shared::agreement::{Modality, Partner, Priority, Purpose};
use shared::case_status::ReceiptNumber;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::partner_query::OutboundState;
use shared::profile::{Fact, FactKind, Origin};
use shared::retention::{LineOutcome, RecordKind};
use store::profile::StatedFact;
use store::testing::{TestStore, both_partner};
use uuid::Uuid;

use super::*;
use crate::testing::{contexts, import_lines, line};

const ONE: u128 = 1;
const TWO: u128 = 2;
const OLD: &str = "EAC9999103481";
const OTHER: &str = "EAC9999103482";
const YOUNG: &str = "EAC9999103483";

/// A context with partner data, and what holds its databases.
struct Test {
    ctx: Context,
    partner: TestStore,
    _main: TestStore,
}

async fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (main, partner) in contexts().await.into_iter().zip(both_partner().await) {
        let ctx = main.ctx.with_partner_data(partner.store.clone(), partner.keys.clone());
        tests.push(Test { ctx, partner, _main: main.test });
    }
    tests
}

/// Somebody who showed a second factor just now.
fn officer(ctx: &Context, id: u128) -> Officer {
    let office = OfficeCode::parse("NBC").unwrap();
    let grant = Grant { role: Role::RecordsOfficer, office, starts_at: ctx.now(), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now()).stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)))
}

/// The person of a case with an event of a day.
async fn person(ctx: &Context, number: &str, born: &str, code: &str, at: &str) -> Uuid {
    let told = line(&format!("e-{number}"), number, code, at, "").replace("1990-02-03", born);
    assert_eq!(import_lines(ctx, &[told]).await.quarantined, 0);
    crate::profile::follow_feed(ctx, Actor::System).await.unwrap();
    let case = case(ctx, number).await.unwrap();
    let mut connection = ctx.store.read_primary().await.unwrap();
    store::profile::linked(&mut connection, case).await.unwrap().pop().unwrap().1
}

async fn case(ctx: &Context, number: &str) -> Option<Uuid> {
    let mut connection = ctx.store.read_primary().await.unwrap();
    store::case_feed::case_id(&mut connection, &ReceiptNumber::parse(number).unwrap()).await.unwrap()
}

/// Two people who are due, and one who is not.
async fn people(ctx: &Context) -> [Uuid; 3] {
    let at = "2026-01-07T14:00:00Z";
    let people = [
        person(ctx, OLD, "1920-05-06", "IAA", at).await,
        person(ctx, OTHER, "1926-03-10", "IAA", at).await,
        person(ctx, YOUNG, "1926-03-11", "IAA", at).await,
    ];
    work_out_all(ctx).await;
    people
}

async fn work_out_all(ctx: &Context) {
    while work_out(ctx, Actor::System).await.unwrap() > 0 {}
}

async fn execute_all(ctx: &Context) {
    while execute(ctx, Actor::System).await.unwrap() > 0 {}
}

async fn list(ctx: &Context, kind: RecordKind) -> Option<Uuid> {
    match propose(ctx, &officer(ctx, ONE), &[kind].into()).await.unwrap() {
        Proposed::Waits { id, .. } => Some(id),
        Proposed::Nothing => None,
    }
}

async fn view(ctx: &Context, id: Uuid) -> DispositionView {
    read(ctx, &officer(ctx, TWO), id, 0).await.unwrap().unwrap()
}

async fn approved(ctx: &Context, id: Uuid) {
    let hash = view(ctx, id).await.list_hash();
    assert_eq!(approve(ctx, &officer(ctx, TWO), id, &hash).await.unwrap(), Approved::Done);
}

/// What became of each record of a list.
async fn outcomes(ctx: &Context, id: Uuid) -> Vec<(Uuid, Option<LineOutcome>)> {
    view(ctx, id).await.lines.into_iter().map(|line| (line.stored.line.record, line.stored.outcome)).collect()
}

async fn knows(ctx: &Context, profile: Uuid) -> bool {
    let mut connection = ctx.store.read_primary().await.unwrap();
    !store::profile::facts(&mut connection, &ctx.keys, profile).await.unwrap().is_empty()
}

async fn hold(ctx: &Context, subject: &HoldSubject) -> Uuid {
    match propose_hold(ctx, &officer(ctx, ONE), subject, "A lawsuit.").await.unwrap() {
        HoldProposed::Keeps(id) => id,
        other => panic!("{other:?}"),
    }
}

/// What Canada was asked about somebody, more than a year ago.
async fn query(test: &Test, profile: Uuid) -> Uuid {
    let (id, at) = (test.ctx.clock.new_id(), test.ctx.now() - TimeDelta::days(400));
    let mut transaction = test.partner.store.begin().await.unwrap();
    let new = store::partner_query::NewQuery {
        id,
        profile,
        case: Uuid::from_u128(9),
        partner: Partner::Canada,
        purpose: Purpose::RefugeeClaim,
        priority: Priority::Low,
        modality: Modality::Biographic,
        state: OutboundState::Draft,
        asked_by: Uuid::from_u128(ONE),
        justification: b"Needed.",
        probe: None,
        at,
    };
    store::partner_query::add(&mut transaction, &test.partner.keys, test.ctx.clock.new_id(), &new).await.unwrap();
    transaction.commit().await.unwrap();
    id
}

async fn has_query(test: &Test, id: Uuid) -> bool {
    let mut connection = test.partner.store.read_primary().await.unwrap();
    store::partner_query::get(&mut connection, &test.partner.keys, id).await.unwrap().is_some()
}

#[tokio::test]
async fn what_is_due_is_destroyed_after_two_people_and_what_a_hold_keeps_is_not() {
    for test in tests().await {
        let ctx = &test.ctx;
        let [old, other, young] = people(ctx).await;
        let asked = query(&test, old).await;
        let id = list(ctx, RecordKind::Person).await.unwrap();
        let shown = view(ctx, id).await;
        let records: BTreeSet<Uuid> = shown.lines.iter().map(|line| line.stored.line.record).collect();
        assert_eq!((records, shown.stored.records), (BTreeSet::from([old, other]), 2), "who is a hundred tomorrow is not on it");
        assert!(list(ctx, RecordKind::Person).await.is_none(), "it stands in a list");

        // One person alone does nothing, and nobody something else than was shown.
        let hash = shown.list_hash();
        assert_eq!(approve(ctx, &officer(ctx, ONE), id, &hash).await.unwrap(), Approved::NotNow);
        assert_eq!(approve(ctx, &officer(ctx, TWO), id, &"0".repeat(64)).await.unwrap(), Approved::Changed);
        execute_all(ctx).await;
        assert_eq!(outcomes(ctx, id).await, outcomes(ctx, id).await.into_iter().map(|(of, _)| (of, None)).collect::<Vec<_>>());

        // A hold comes in its way, on one of the two; nobody has agreed to it yet.
        hold(ctx, &HoldSubject::Person(other)).await;
        assert!(view(ctx, id).await.lines.iter().any(|line| line.stored.line.record == other && line.is_kept));
        approved(ctx, id).await;
        execute_all(ctx).await;
        let came_to: BTreeSet<_> = outcomes(ctx, id).await.into_iter().map(|(of, outcome)| (of, outcome.unwrap())).collect();
        assert_eq!(came_to, BTreeSet::from([(old, LineOutcome::Destroyed), (other, LineOutcome::Held)]));
        assert!(!knows(ctx, old).await && knows(ctx, other).await && knows(ctx, young).await);
        assert!(!has_query(&test, asked).await, "what partners were told goes with the person");

        let certificate = certificate(ctx, &officer(ctx, TWO), id).await.unwrap().unwrap();
        for said in ["DAA-0563-2013-0001-0005", hash.as_str(), "\"destroyed\"", "\"held\"", "\"partner_queries\": 1"] {
            assert!(certificate.document.contains(said), "{said}\n{}", certificate.document);
        }
        for personal in ["Ejemplo", "1920-05-06", old.to_string().as_str(), other.to_string().as_str()] {
            assert!(!certificate.document.contains(personal), "{personal}\n{}", certificate.document);
        }
        assert_eq!(certificate.sha256, store::crypto::hex(&store::crypto::sha256(certificate.document.as_bytes())));
        let mut connection = ctx.store.read_primary().await.unwrap();
        for act in ["retention.propose", "retention.approve", "retention.certify", "retention.hold_propose"] {
            assert_eq!(store::audit::by_action(&mut connection, act).await.unwrap().len(), 1, "{act}");
        }
        assert_eq!(store::audit::by_action(&mut connection, "retention.settle").await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_hold_ends_by_two_and_keeps_until_then() {
    for test in tests().await {
        let ctx = &test.ctx;
        let [old, other, _] = people(ctx).await;
        let on_old = hold(ctx, &HoldSubject::Person(old)).await;
        let on_case = hold(ctx, &HoldSubject::CaseNumber(ReceiptNumber::parse(OTHER).unwrap())).await;
        assert!(!agree_to_hold(ctx, &officer(ctx, ONE), on_old).await.unwrap(), "one's own");
        assert!(agree_to_hold(ctx, &officer(ctx, TWO), on_old).await.unwrap());
        assert_eq!(
            propose(ctx, &officer(ctx, ONE), &[RecordKind::Person].into()).await.unwrap(),
            Proposed::Nothing,
            "by person, and by case"
        );
        assert!(withdraw_hold(ctx, &officer(ctx, ONE), on_case).await.unwrap(), "nobody agreed to it");
        assert!(propose_end(ctx, &officer(ctx, TWO), on_old).await.unwrap());
        assert!(!end_hold(ctx, &officer(ctx, TWO), on_old).await.unwrap(), "who proposed it does not agree");
        let id = match propose(ctx, &officer(ctx, ONE), &[RecordKind::Person].into()).await.unwrap() {
            Proposed::Waits { id, kept: 1 } => id,
            other => panic!("{other:?}"),
        };
        assert_eq!(outcomes(ctx, id).await, [(other, None)]);
        assert!(withdraw(ctx, &officer(ctx, TWO), id).await.unwrap());
        assert!(end_hold(ctx, &officer(ctx, ONE), on_old).await.unwrap());
        assert_eq!(view(ctx, list(ctx, RecordKind::Person).await.unwrap()).await.stored.records, 2);
        assert_eq!(
            propose_hold(ctx, &officer(ctx, ONE), &HoldSubject::Person(on_old), "A lawsuit.").await.unwrap(),
            HoldProposed::Nothing
        );
        assert_eq!(propose_hold(ctx, &officer(ctx, ONE), &HoldSubject::Person(old), " ").await.unwrap(), HoldProposed::NoReason);
    }
}

#[tokio::test]
async fn a_hold_on_a_partner_keeps_whom_it_was_asked_about() {
    for test in tests().await {
        let ctx = &test.ctx;
        let [old, other, _] = people(ctx).await;
        query(&test, old).await;
        hold(ctx, &HoldSubject::Partner(Partner::Canada)).await;
        hold(ctx, &HoldSubject::Partner(Partner::Australia)).await;
        let id = list(ctx, RecordKind::Person).await.unwrap();
        assert_eq!(outcomes(ctx, id).await, [(other, None)]);
    }
}

/// The program ends after the partner's part of a person, before the main database's transaction commits.
#[tokio::test]
async fn an_end_in_the_middle_is_gone_on_from() {
    for test in tests().await {
        let ctx = &test.ctx;
        let [old, other, _] = people(ctx).await;
        let asked = [query(&test, old).await, query(&test, other).await];
        let id = list(ctx, RecordKind::Person).await.unwrap();
        approved(ctx, id).await;
        for person in [old, other] {
            let queries = crate::partner_query::destroy_queries(ctx, Actor::System, id, person, &[person].into()).await.unwrap();
            assert_eq!(queries, 1);
        }
        // Before it goes on, somebody puts one of them on hold: what is left of it stays.
        hold(ctx, &HoldSubject::Person(other)).await;
        execute_all(ctx).await;
        execute_all(ctx).await;
        let came_to: BTreeSet<_> = outcomes(ctx, id).await.into_iter().map(|(of, outcome)| (of, outcome.unwrap())).collect();
        assert_eq!(came_to, BTreeSet::from([(old, LineOutcome::Destroyed), (other, LineOutcome::Held)]));
        assert!(!knows(ctx, old).await && knows(ctx, other).await);
        let queries: Vec<i64> = view(ctx, id).await.counts.into_iter().map(|count| count.queries).collect();
        assert_eq!(queries, [1, 1], "what was destroyed is said, of both");
        for query in asked {
            assert!(!has_query(&test, query).await);
        }
        let mut partner = test.partner.store.read_primary().await.unwrap();
        assert_eq!(store::audit::by_action(&mut partner, "retention.destroy").await.unwrap().len(), 2, "once each");
    }
}

#[tokio::test]
async fn a_birth_date_that_was_corrected_is_worked_out_anew() {
    for test in tests().await {
        let ctx = &test.ctx;
        let [old, other, _] = people(ctx).await;
        let id = list(ctx, RecordKind::Person).await.unwrap();
        approved(ctx, id).await;
        // The later of two that disagree counts; and whoever has none is never due.
        let mut transaction = ctx.store.begin().await.unwrap();
        let born = Fact::parse(FactKind::BirthDate, &["1962-05-06"], ctx.today()).unwrap();
        let stated = StatedFact { id: ctx.clock.new_id(), fact: born, origin: Origin::Correction(Uuid::nil()), keys: Vec::new() };
        store::profile::add_facts(&mut transaction, &ctx.keys, old, &[stated], ctx.now()).await.unwrap();
        let known = store::profile::facts(&mut transaction, &ctx.keys, other).await.unwrap();
        let births: Vec<Uuid> =
            known.iter().filter(|known| known.fact.kind() == FactKind::BirthDate).map(|known| known.id).collect();
        store::profile::end_facts(&mut transaction, &births, None, ctx.now()).await.unwrap();
        transaction.commit().await.unwrap();
        execute_all(ctx).await;
        assert!(outcomes(ctx, id).await.iter().all(|(_, outcome)| *outcome == Some(LineOutcome::NotDue)));
        assert!(knows(ctx, old).await && knows(ctx, other).await);
        ctx.clock.advance(TimeDelta::days(1));
        work_out_all(ctx).await;
        let seen = overview(ctx, &officer(ctx, ONE)).await.unwrap();
        let of_people = seen.walks.iter().find(|(kind, _)| *kind == RecordKind::Person).map(|(_, walk)| walk.never);
        assert_eq!(of_people, Some(1), "nobody knows when one of them was born");
        let left: Vec<(RecordKind, i32)> = seen.years.iter().map(|due| (due.kind, due.year)).collect();
        assert_eq!(left, [(RecordKind::Person, 2026)], "who turned a hundred today");
    }
}

#[tokio::test]
async fn what_somebody_works_on_stays() {
    for test in tests().await {
        let ctx = &test.ctx;
        let [old, ..] = people(ctx).await;
        let id = list(ctx, RecordKind::Person).await.unwrap();
        approved(ctx, id).await;
        // Somebody asks a partner after the list was approved.
        let asked = query(&test, old).await;
        let changed = "UPDATE partner_query SET changed_at = (SELECT max(occurred_at) FROM audit_entry)";
        let entry = crate::audit::Act { action: "test", subject: "", detail: serde_json::json!({}) };
        let mut transaction = test.partner.store.begin().await.unwrap();
        crate::audit::write(&mut transaction, &ctx.clock, Actor::System, entry).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(store::testing::meddle(&test.partner.store, changed).await.unwrap(), 1);
        execute_all(ctx).await;
        let of_old = outcomes(ctx, id).await.into_iter().find(|(of, _)| *of == old).unwrap().1;
        assert_eq!(of_old, Some(LineOutcome::InUse));
        assert!(knows(ctx, old).await && has_query(&test, asked).await);
    }
}

#[tokio::test]
async fn a_case_is_due_after_the_agencys_period_and_not_while_it_waits() {
    for test in tests().await {
        let years = |years: u32| test.ctx.clone().with_cris_years(NonZeroU32::new(years));
        let ctx = years(10);
        person(&ctx, OLD, "1990-02-03", "DA", "2016-03-09T14:00:00Z").await;
        person(&ctx, OTHER, "1990-02-03", "IAA", "2012-03-09T14:00:00Z").await;
        person(&ctx, YOUNG, "1990-02-03", "DA", "2016-03-11T14:00:00Z").await;
        work_out_all(&test.ctx).await;
        assert!(!overview(&test.ctx, &officer(&ctx, ONE)).await.unwrap().has_period);
        assert!(list(&test.ctx, RecordKind::Case).await.is_none(), "no period is set");
        ctx.clock.advance(TimeDelta::days(1));
        work_out_all(&ctx).await;
        let [decided, waits] = [case(&ctx, OLD).await.unwrap(), case(&ctx, OTHER).await.unwrap()];
        let id = list(&ctx, RecordKind::Case).await.unwrap();
        let due: BTreeSet<Uuid> = outcomes(&ctx, id).await.into_iter().map(|(of, _)| of).collect();
        assert!(
            due.contains(&decided) && !due.contains(&waits),
            "a case that waits for its decision is looked up, however long it takes"
        );
        approved(&ctx, id).await;
        // A longer period counts from the moment when it is set.
        execute_all(&years(20)).await;
        assert!(outcomes(&ctx, id).await.iter().all(|(_, outcome)| *outcome == Some(LineOutcome::NotDue)));
        let id = list(&ctx, RecordKind::Case).await.unwrap();
        approved(&ctx, id).await;
        execute_all(&ctx).await;
        assert_eq!(case(&ctx, OLD).await, None, "nobody has this number");
        assert_eq!(case(&ctx, OTHER).await, Some(waits));
        // Again over everything: what is gone is not come upon.
        ctx.clock.advance(TimeDelta::days(1));
        work_out_all(&ctx).await;
        crate::waiting::count(&ctx, Actor::System, NonZeroU32::new(10).unwrap()).await.unwrap();
    }
}

#[tokio::test]
async fn each_decision_wants_a_fresh_factor_and_the_role() {
    for test in tests().await {
        let ctx = &test.ctx;
        let as_role = |role: Role, is_fresh: bool| {
            let office = OfficeCode::parse("NBC").unwrap();
            let grant = Grant { role, office, starts_at: ctx.now(), ends_at: None };
            let until = is_fresh.then(|| ctx.now() + TimeDelta::minutes(5));
            Officer::new(Uuid::from_u128(ONE), vec![grant], ctx.now()).stepped_up_until(until)
        };
        let kinds = BTreeSet::from([RecordKind::Person]);
        let (stale, reader, nobody) =
            (as_role(Role::RecordsOfficer, false), as_role(Role::Counsel, true), as_role(Role::Administrator, true));
        assert!(matches!(propose(ctx, &stale, &kinds).await, Err(Error::StepUp)));
        assert!(matches!(approve(ctx, &stale, Uuid::nil(), "").await, Err(Error::StepUp)));
        assert!(matches!(withdraw(ctx, &stale, Uuid::nil()).await, Err(Error::StepUp)));
        assert!(matches!(agree_to_hold(ctx, &stale, Uuid::nil()).await, Err(Error::StepUp)));
        assert!(matches!(end_hold(ctx, &stale, Uuid::nil()).await, Err(Error::StepUp)));
        assert!(matches!(propose(ctx, &reader, &kinds).await, Err(Error::Refused)));
        assert!(matches!(keep_hold(ctx, &reader, Uuid::nil()).await, Err(Error::Refused)));
        assert!(overview(ctx, &reader).await.is_ok());
        assert!(matches!(overview(ctx, &nobody).await, Err(Error::Refused)));
        assert!(matches!(holds(ctx, &nobody).await, Err(Error::Refused)));
        assert!(matches!(execute(ctx, Actor::Operator).await, Err(Error::Refused)));
    }
}
