//! Waivers, on both engines.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::agreement::{Partner, Purpose};
use shared::case_status::ReceiptNumber;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::protection::{CisAnswer, Class, Evidence, Marker, Record, Telling, Towards, towards_partner};

use super::*;
use crate::testing::{TestContext, contexts, import_lines, line};

const COUNSEL: u128 = 1;
const PRIVACY: u128 = 2;
const PAPER: [u8; 32] = [7; 32];
const NUMBER: &str = "EAC9999103403";

/// Somebody who showed a second factor just now.
fn officer(ctx: &Context, id: u128, roles: &[Role]) -> Officer {
    let grant = |role: &Role| Grant { role: *role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    let until = ctx.now() + TimeDelta::minutes(5);
    Officer::new(Uuid::from_u128(id), roles.iter().map(grant).collect(), ctx.now()).stepped_up_until(Some(until))
}

fn counsel(ctx: &Context) -> Officer {
    officer(ctx, COUNSEL, &[Role::Counsel])
}

fn privacy(ctx: &Context) -> Officer {
    officer(ctx, PRIVACY, &[Role::PrivacyOfficer])
}

/// For Canada, from today on.
fn waiver(ctx: &Context, kind: WaiverKind, class: Class) -> Waiver {
    let (classes, partners) = ([class].into(), [Partner::Canada].into());
    Waiver::new(WaiverId::new(ctx.clock.new_id()), kind, classes, partners, ctx.today(), None).unwrap()
}

/// Proposed by counsel.
async fn memorandum(ctx: &Context) -> WaiverId {
    let waiver = waiver(ctx, WaiverKind::SecretaryMemorandum, Class::Asylum);
    assert_eq!(propose(ctx, &counsel(ctx), &waiver, None, PAPER).await.unwrap(), Proposed::Waits);
    waiver.id()
}

/// The waivers without which Canada could not be told of somebody who was granted asylum; none if it is told nothing.
async fn lifted(ctx: &Context, profile: Uuid) -> Option<BTreeSet<WaiverId>> {
    let evidence = Evidence::ClassOfAdmission("AS1".into());
    let marker = Marker { evidence, effective_from: None, effective_to: None };
    let record = Record { a_number: None, markers: Some(vec![marker]) };
    let waivers = rows::for_person(&mut ctx.store.read_primary().await.unwrap(), profile).await.unwrap();
    let telling = Telling { partner: Partner::Canada, purpose: Purpose::RefugeeClaim, today: ctx.today() };
    match towards_partner(&[record], &CisAnswer::NotProtected, &waivers, telling) {
        Towards::Share { waivers } => Some(waivers),
        Towards::NoMatch => None,
        other @ Towards::Refer { .. } => panic!("{other:?}"),
    }
}

/// Somebody with a case, and perhaps a marker.
async fn person(ctx: &Context, markers: &str) -> Uuid {
    assert_eq!(import_lines(ctx, &[line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z", markers)]).await.quarantined, 0);
    crate::profile::follow_feed(ctx, Actor::System).await.unwrap();
    let mut connection = ctx.store.read_primary().await.unwrap();
    let number = ReceiptNumber::parse(NUMBER).unwrap();
    let case = store::case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
    store::profile::linked(&mut connection, case).await.unwrap().pop().unwrap().1
}

async fn acts(test: &TestContext, action: &str) -> Vec<String> {
    let mut connection = test.ctx.store.read_primary().await.unwrap();
    store::audit::by_action(&mut connection, action).await.unwrap().into_iter().map(|entry| entry.actor).collect()
}

fn by(id: u128) -> String {
    format!("officer {}", Uuid::from_u128(id))
}

#[tokio::test]
async fn one_proposes_and_another_agrees() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let anybody = Uuid::nil();
        let id = memorandum(ctx).await;
        assert_eq!(lifted(ctx, anybody).await, None, "one is nobody");
        assert!(agree(ctx, &privacy(ctx), id).await.unwrap());
        assert_eq!(lifted(ctx, anybody).await, Some(BTreeSet::from([id])));
        assert!(!agree(ctx, &officer(ctx, 3, &[Role::Counsel]), id).await.unwrap(), "it does not wait any more");
        let stored = all(ctx, &counsel(ctx)).await.unwrap().pop().unwrap();
        assert_eq!((stored.document_sha256.as_slice(), stored.proposed_by), (PAPER.as_slice(), Uuid::from_u128(COUNSEL)));
        assert_eq!((stored.agreed.map(|(by, _)| by), stored.ended), (Some(Uuid::from_u128(PRIVACY)), None));
        assert_eq!([acts(&test, "waiver.propose").await, acts(&test, "waiver.agree").await], [[by(COUNSEL)], [by(PRIVACY)]]);
    }
}

#[tokio::test]
async fn nobody_agrees_to_what_they_proposed() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = memorandum(ctx).await;
        let in_both_roles = officer(ctx, COUNSEL, &[Role::Counsel, Role::PrivacyOfficer]);
        assert!(!agree(ctx, &counsel(ctx), id).await.unwrap());
        assert!(!agree(ctx, &in_both_roles, id).await.unwrap(), "one person, whatever the roles");
        assert_eq!(lifted(ctx, Uuid::nil()).await, None);
        assert!(acts(&test, "waiver.agree").await.is_empty());
    }
}

#[tokio::test]
async fn an_ended_waiver_lifts_nothing() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = memorandum(ctx).await;
        assert!(agree(ctx, &privacy(ctx), id).await.unwrap());
        assert!(end(ctx, &counsel(ctx), id).await.unwrap());
        assert_eq!(lifted(ctx, Uuid::nil()).await, None);
        assert!(!end(ctx, &privacy(ctx), id).await.unwrap(), "once");
        assert_eq!(acts(&test, "waiver.end").await, [by(COUNSEL)]);

        let taken_back = memorandum(ctx).await;
        assert!(end(ctx, &counsel(ctx), taken_back).await.unwrap());
        assert!(!agree(ctx, &privacy(ctx), taken_back).await.unwrap(), "nobody agrees to what was taken back");
        assert_eq!(lifted(ctx, Uuid::nil()).await, None);
        let unknown = WaiverId::new(Uuid::from_u128(99));
        assert!(!agree(ctx, &privacy(ctx), unknown).await.unwrap() && !end(ctx, &privacy(ctx), unknown).await.unwrap());
    }
}

#[tokio::test]
async fn a_consent_is_one_persons_and_nothing_else_is() {
    for test in contexts().await {
        let ctx = &test.ctx;
        // Counsel may know of somebody who is protected, whose consent it most often is.
        let profile = person(ctx, r#","protection_markers":[{"class_of_admission":"T1"}]"#).await;
        let consent = waiver(ctx, WaiverKind::Consent, Class::Asylum);
        let counsel = counsel(ctx);
        let refused = async |waiver: &Waiver, profile| propose(ctx, &counsel, waiver, profile, PAPER).await.unwrap();
        assert_eq!(refused(&consent, None).await, Proposed::NotOnePersons);
        assert_eq!(refused(&consent, Some(Uuid::from_u128(99))).await, Proposed::Nobody);
        for kind in [WaiverKind::SecretaryMemorandum, WaiverKind::Statute] {
            assert_eq!(refused(&waiver(ctx, kind, Class::Asylum), Some(profile)).await, Proposed::NotOnePersons, "{kind:?}");
        }
        assert!(all(ctx, &counsel).await.unwrap().is_empty());
        assert_eq!(propose(ctx, &counsel, &consent, Some(profile), PAPER).await.unwrap(), Proposed::Waits);
        assert!(agree(ctx, &privacy(ctx), consent.id()).await.unwrap());
        assert_eq!(lifted(ctx, profile).await, Some(BTreeSet::from([consent.id()])));
        assert_eq!(lifted(ctx, Uuid::from_u128(99)).await, None, "and of nobody else");
    }
}

#[tokio::test]
async fn who_may_do_what() {
    for test in contexts().await {
        let ctx = &test.ctx;
        for role in Role::ALL {
            let who = officer(ctx, 9, &[role]);
            let may = matches!(role, Role::Counsel | Role::PrivacyOfficer);
            let refused = |refused: bool| assert_eq!(may, !refused, "{role:?}");
            let proposal = waiver(ctx, WaiverKind::Statute, Class::Tps);
            let waiting = memorandum(ctx).await;
            refused(matches!(all(ctx, &who).await, Err(Error::Refused)));
            refused(matches!(propose(ctx, &who, &proposal, None, PAPER).await, Err(Error::Refused)));
            refused(matches!(agree(ctx, &who, waiting).await, Err(Error::Refused)));
            refused(matches!(end(ctx, &who, waiting).await, Err(Error::Refused)));
        }
    }
}

#[tokio::test]
async fn each_act_needs_a_fresh_second_factor() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = memorandum(ctx).await;
        let stale = privacy(ctx).stepped_up_until(Some(ctx.now()));
        let proposal = waiver(ctx, WaiverKind::Statute, Class::Tps);
        assert!(matches!(propose(ctx, &stale, &proposal, None, PAPER).await, Err(Error::StepUp)));
        assert!(matches!(agree(ctx, &stale, id).await, Err(Error::StepUp)));
        assert!(matches!(end(ctx, &stale, id).await, Err(Error::StepUp)));
        let stored = all(ctx, &stale).await.unwrap();
        assert_eq!(stored.len(), 1, "reading needs none");
        assert!(stored[0].agreed.is_none() && stored[0].ended.is_none());
    }
}
