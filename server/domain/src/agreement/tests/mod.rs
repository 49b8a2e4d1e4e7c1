//! Agreements, on both engines.

mod two_people;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::agreement::{
    CapabilityStatus, Capacity, Change, Direction, ENROLLED, Element, Finding, FoundBy, Made, Modality, Partner, Person, Purpose,
    Question, Recipient, Request, Step, Subject, What, enrolled, from_file, starter, to_file,
};
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::protection::{AnsweredBefore, Towards};
use store::crypto::{hex, sha256};
use uuid::Uuid;

use super::read::{decide_again, hash};
use super::*;
use crate::testing::{TestContext, contexts};
use crate::{Action, Officer};

const MANAGER: u128 = 1;
const PRIVACY: u128 = 2;
const COUNSEL: u128 = 3;
const CANADA: Partner = Partner::Canada;

/// Somebody who showed a second factor just now.
fn officer(ctx: &Context, id: u128, roles: &[Role]) -> Officer {
    let grant = |role: &Role| Grant { role: *role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    let until = ctx.now() + TimeDelta::minutes(5);
    Officer::new(Uuid::from_u128(id), roles.iter().map(grant).collect(), ctx.now()).stepped_up_until(Some(until))
}

fn manager(ctx: &Context) -> Officer {
    officer(ctx, MANAGER, &[Role::AgreementsManager])
}

fn signer(ctx: &Context, capacity: Capacity) -> Officer {
    match capacity {
        Capacity::Privacy => officer(ctx, PRIVACY, &[Role::PrivacyOfficer]),
        Capacity::Counsel => officer(ctx, COUNSEL, &[Role::Counsel]),
    }
}

fn first_of(partner: impl Into<Party>) -> Agreement {
    from_file(starter(partner).as_bytes()).unwrap()
}

/// The starter document of Canada with another quota.
fn with_quota(quota: u32) -> Agreement {
    let mut document = first_of(CANADA);
    document.capabilities[0].quota_per_year = Some(quota);
    document
}

fn opening(ctx: &Context, document: Agreement) -> Opening {
    Opening { document, holds_from: ctx.today(), made_from: None }
}

async fn drafted(ctx: &Context, opening: Opening) -> AgreementVersion {
    match draft(ctx, &manager(ctx), opening).await.unwrap() {
        Drafted::Draft(version) => version,
        other => panic!("{other:?}"),
    }
}

async fn seen(ctx: &Context, version: AgreementVersion) -> Seen {
    read(ctx, &manager(ctx), CANADA, version).await.unwrap().unwrap().examined.seen
}

async fn signs(ctx: &Context, version: AgreementVersion, capacity: Capacity) -> Signed {
    let seen = seen(ctx, version).await;
    sign(ctx, &signer(ctx, capacity), (CANADA, version), capacity, &seen).await.unwrap()
}

/// Drafted by one, signed by two others.
async fn in_force(ctx: &Context, opening: Opening) -> AgreementVersion {
    let from = opening.holds_from;
    let version = drafted(ctx, opening).await;
    assert_eq!(signs(ctx, version, Capacity::Privacy).await, Signed::Waits);
    assert_eq!(signs(ctx, version, Capacity::Counsel).await, Signed::InForce(from));
    version
}

async fn acts(test: &TestContext, action: &str) -> Vec<(String, String)> {
    let mut connection = test.ctx.store.read_primary().await.unwrap();
    let entries = store::audit::by_action(&mut connection, action).await.unwrap();
    entries.into_iter().map(|entry| (entry.actor, entry.detail)).collect()
}

fn by(id: u128) -> String {
    format!("officer {}", Uuid::from_u128(id))
}

#[tokio::test]
async fn a_version_is_drafted_by_one_and_signed_by_two() {
    for test in contexts().await {
        let ctx = &test.ctx;
        assert!(current(ctx, CANADA, ctx.today()).await.unwrap().is_none());
        let Drafted::Draft(first) = draft_starter(ctx, &manager(ctx), CANADA).await.unwrap() else { panic!() };
        assert_eq!(first, AgreementVersion::FIRST);
        let file = read(ctx, &signer(ctx, Capacity::Counsel), CANADA, first).await.unwrap().unwrap();
        assert!(file.is_open && file.signatures.is_empty() && file.examined.findings.is_empty());
        assert!(matches!(file.examined.changes.first(), Some(Change::InstrumentAdded(_))), "all of it is new");
        assert_eq!((file.examined.dry_run.requests, file.examined.dry_run.differences.len()), (0, 0));
        assert_eq!(signs(ctx, first, Capacity::Privacy).await, Signed::Waits);
        assert!(current(ctx, CANADA, ctx.today()).await.unwrap().is_none(), "one signature is none");
        assert_eq!(signs(ctx, first, Capacity::Counsel).await, Signed::InForce(ctx.today()));
        assert_eq!(current(ctx, CANADA, ctx.today()).await.unwrap(), Some(first_of(CANADA)));
        assert!(current(ctx, CANADA, ctx.today() - TimeDelta::days(1)).await.unwrap().is_none(), "not backwards");

        let file = read(ctx, &manager(ctx), CANADA, first).await.unwrap().unwrap();
        let document = sha256(to_file(&first_of(CANADA)).as_bytes()).to_vec();
        let signed: Vec<_> = file.signatures.iter().map(|one| (one.capacity, one.officer, one.document_hash.clone())).collect();
        let expected = [(Capacity::Counsel, COUNSEL), (Capacity::Privacy, PRIVACY)];
        assert_eq!(signed, expected.map(|(capacity, id)| (capacity, Uuid::from_u128(id), document.clone())));
        assert!(file.signatures.iter().all(|one| hex(&one.dry_run_hash) == file.examined.seen.dry_run));
        assert_eq!(file.examined.seen.document, hex(&document));

        assert!(acts(&test, "agreement.draft").await.iter().all(|(actor, _)| *actor == by(MANAGER)));
        let mut signed = acts(&test, "agreement.sign").await;
        signed.sort();
        assert_eq!(signed.iter().map(|(actor, _)| actor.clone()).collect::<Vec<_>>(), [by(PRIVACY), by(COUNSEL)]);
        assert!(signed[0].1.contains("\"in_force_from\":null") && signed[1].1.contains("\"in_force_from\":\"2026-03-10\""));
        assert!(acts(&test, "agreement.read").await.iter().any(|(actor, _)| *actor == by(COUNSEL)));
    }
}

#[tokio::test]
async fn a_version_holds_from_its_day_and_not_before_it_was_signed() {
    for test in contexts().await {
        let (ctx, day) = (&test.ctx, TimeDelta::days(1));
        let today = ctx.today();
        in_force(ctx, opening(ctx, first_of(CANADA))).await;
        let second = in_force(ctx, Opening { holds_from: today + day * 10, ..opening(ctx, with_quota(5)) }).await;
        let number = async |on| current(ctx, CANADA, on).await.unwrap().map(|document| document.version.number());
        assert_eq!((number(today + day * 9).await, number(today + day * 10).await), (Some(1), Some(2)));
        let status = &list(ctx, &manager(ctx)).await.unwrap()[1];
        let version = |head: &Option<VersionHead>| head.as_ref().map(|head| head.version.number());
        assert_eq!((status.partner, version(&status.in_force), version(&status.to_come)), (CANADA.into(), Some(1), Some(2)));

        // Signed late: it holds from the day of the second signature.
        let third = drafted(ctx, Opening { holds_from: today + day, ..opening(ctx, with_quota(6)) }).await;
        assert_eq!(signs(ctx, third, Capacity::Counsel).await, Signed::Waits);
        test.test.clock.advance(day * 3);
        assert_eq!(signs(ctx, third, Capacity::Privacy).await, Signed::InForce(today + day * 3));
        assert_eq!((number(today + day * 2).await, number(today + day * 3).await), (Some(1), Some(3)));
        assert_eq!(number(today + day * 10).await, Some(3), "what was signed before it is over");
        let status = of_partner(ctx, &manager(ctx), CANADA).await.unwrap();
        assert_eq!((version(&status.status.in_force), version(&status.status.to_come)), (Some(3), None));
        assert_eq!(status.document.map(|document| document.version), Some(third));
        let numbers: Vec<u32> = status.versions.iter().map(|head| head.version.number()).collect();
        assert_eq!((numbers, second.number()), (vec![3, 2, 1], 2));
    }
}

#[tokio::test]
async fn who_may_do_what() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let version = drafted(ctx, opening(ctx, first_of(CANADA))).await;
        let seen = seen(ctx, version).await;
        for role in Role::ALL {
            let who = officer(ctx, 9, &[role]);
            let refused = |may: bool, refused: bool| assert_eq!(may, !refused, "{role:?}");
            let may_read = who.may_somewhere(Action::ReadAgreements);
            refused(may_read, matches!(list(ctx, &who).await, Err(Error::Refused)));
            refused(may_read, matches!(of_partner(ctx, &who, CANADA).await, Err(Error::Refused)));
            refused(may_read, matches!(read(ctx, &who, CANADA, version).await, Err(Error::Refused)));
            refused(may_read, matches!(document(ctx, &who, CANADA, version).await, Err(Error::Refused)));
            let may_draft = role == Role::AgreementsManager;
            refused(may_draft, matches!(draft(ctx, &who, opening(ctx, with_quota(7))).await, Err(Error::Refused)));
            refused(may_draft, matches!(draft_starter(ctx, &who, CANADA).await, Err(Error::Refused)));
            refused(may_draft, matches!(draft_file(ctx, &who, CANADA, b"", ctx.today()).await, Err(Error::Refused)));
            refused(may_draft, matches!(withdraw(ctx, &who, Partner::Australia, version).await, Err(Error::Refused)));
            for capacity in Capacity::ALL {
                let own =
                    matches!((role, capacity), (Role::PrivacyOfficer, Capacity::Privacy) | (Role::Counsel, Capacity::Counsel));
                let done = sign(ctx, &who, (Partner::Australia, version), capacity, &seen).await;
                refused(own, matches!(done, Err(Error::Refused)));
            }
        }
        let stale = signer(ctx, Capacity::Counsel).stepped_up_until(Some(ctx.now()));
        assert!(matches!(sign(ctx, &stale, (CANADA, version), Capacity::Counsel, &seen).await, Err(Error::StepUp)));
    }
}

#[tokio::test]
async fn each_reason_against_a_signature_holds() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let refused = async |who: &Officer, version, capacity, seen: &Seen| match sign(ctx, who, (CANADA, version), capacity, seen)
            .await
            .unwrap()
        {
            Signed::Not(refusal) => refusal,
            other => panic!("{other:?}"),
        };
        let (privacy, counsel) = (signer(ctx, Capacity::Privacy), signer(ctx, Capacity::Counsel));
        let version = drafted(ctx, opening(ctx, first_of(CANADA))).await;
        let as_seen = seen(ctx, version).await;
        assert_eq!(refused(&privacy, version.next(), Capacity::Privacy, &as_seen).await, NotSigned::NoDraft, "there is none");

        let author = officer(ctx, MANAGER, &[Role::PrivacyOfficer, Role::Counsel]);
        for capacity in Capacity::ALL {
            assert_eq!(refused(&author, version, capacity, &as_seen).await, NotSigned::OwnDraft);
        }
        for another in [
            Seen { document: hex(&sha256(b"another")), ..as_seen.clone() },
            Seen { dry_run: hex(&sha256(b"another")), ..as_seen.clone() },
        ] {
            assert_eq!(refused(&privacy, version, Capacity::Privacy, &another).await, NotSigned::Changed);
        }
        assert_eq!(signs(ctx, version, Capacity::Privacy).await, Signed::Waits);
        assert_eq!(refused(&privacy, version, Capacity::Privacy, &as_seen).await, NotSigned::Twice);
        let second = officer(ctx, 8, &[Role::PrivacyOfficer]);
        assert_eq!(refused(&second, version, Capacity::Privacy, &as_seen).await, NotSigned::Twice, "in this capacity");
        let of_both = officer(ctx, PRIVACY, &[Role::PrivacyOfficer, Role::Counsel]);
        assert_eq!(refused(&of_both, version, Capacity::Counsel, &as_seen).await, NotSigned::Twice, "one person");

        let wrong = drafted(ctx, opening(ctx, with_quota(0))).await;
        let file = read(ctx, &counsel, CANADA, wrong).await.unwrap().unwrap();
        assert!(matches!(file.examined.findings.as_slice(), [Finding::NoQuota { .. }]));
        assert_eq!(refused(&counsel, wrong, Capacity::Counsel, &file.examined.seen).await, NotSigned::Findings);

        let beside = drafted(ctx, opening(ctx, with_quota(5))).await;
        assert_eq!(signs(ctx, beside, Capacity::Privacy).await, Signed::Waits);
        assert_eq!(signs(ctx, version, Capacity::Counsel).await, Signed::InForce(ctx.today()));
        assert_eq!(refused(&counsel, version, Capacity::Counsel, &as_seen).await, NotSigned::NoDraft, "it is in force");
        let seen_beside = seen(ctx, beside).await;
        assert_eq!(refused(&counsel, beside, Capacity::Counsel, &seen_beside).await, NotSigned::Overtaken);
        assert!(!read(ctx, &counsel, CANADA, beside).await.unwrap().unwrap().is_open);
        assert_eq!(list(ctx, &counsel).await.unwrap()[1].waiting.len(), 0, "nor does it wait");

        let withdrawn = drafted(ctx, opening(ctx, with_quota(6))).await;
        assert_eq!(signs(ctx, withdrawn, Capacity::Privacy).await, Signed::Waits);
        assert!(withdraw(ctx, &manager(ctx), CANADA, withdrawn).await.unwrap());
        let seen = seen(ctx, withdrawn).await;
        assert_eq!(refused(&counsel, withdrawn, Capacity::Counsel, &seen).await, NotSigned::NoDraft);
        assert!(!withdraw(ctx, &manager(ctx), CANADA, withdrawn).await.unwrap(), "once");
        assert!(!withdraw(ctx, &manager(ctx), CANADA, version).await.unwrap(), "nor what is in force");
        assert_eq!(current(ctx, CANADA, ctx.today()).await.unwrap().map(|document| document.version), Some(version));
    }
}

#[tokio::test]
async fn a_draft_is_made_from_what_holds_and_takes_the_place_of_a_draft() {
    for test in contexts().await {
        let (ctx, manager) = (&test.ctx, manager(&test.ctx));
        let of = |document, made_from| Opening { made_from, ..opening(ctx, document) };
        let first = in_force(ctx, of(first_of(CANADA), None)).await;
        let unchanged = draft(ctx, &manager, of(first_of(CANADA), Some(first))).await.unwrap();
        assert_eq!(unchanged, Drafted::Unchanged);
        for holds_from in [ctx.today() - TimeDelta::days(1), ctx.today() + TimeDelta::days(366 * 5)] {
            let opening = Opening { holds_from, ..of(with_quota(5), None) };
            assert_eq!(draft(ctx, &manager, opening).await.unwrap(), Drafted::WrongDay, "{holds_from}");
        }
        let second = drafted(ctx, of(with_quota(5), Some(first))).await;
        let third = drafted(ctx, of(with_quota(6), Some(second))).await;
        let standing = |versions: &[VersionHead], of| versions.iter().find(|head| head.version == of).unwrap().standing;
        let versions = of_partner(ctx, &manager, CANADA).await.unwrap().versions;
        assert!(matches!(standing(&versions, second), Standing::Withdrawn { .. }));
        assert_eq!(standing(&versions, third), Standing::Draft);
        assert_eq!(draft(ctx, &manager, of(with_quota(7), Some(second))).await.unwrap(), Drafted::Meanwhile, "it was withdrawn");
        let beside = drafted(ctx, of(with_quota(7), Some(first))).await;
        assert_eq!(list(ctx, &manager).await.unwrap()[1].waiting.len(), 2, "two can wait side by side");
        for capacity in Capacity::ALL {
            signs(ctx, third, capacity).await;
        }
        for stale in [first, beside] {
            assert_eq!(draft(ctx, &manager, of(with_quota(8), Some(stale))).await.unwrap(), Drafted::Meanwhile, "{stale:?}");
        }
        let file = read(ctx, &manager, CANADA, drafted(ctx, of(with_quota(8), Some(third))).await).await.unwrap().unwrap();
        assert_eq!(file.stored.head.follows, Some(third));
        let quota = What::Quota { before: Some(6), after: Some(8) };
        assert!(matches!(file.examined.changes.as_slice(), [Change::Capability { what, .. }] if *what == quota));
        assert!(acts(&test, "agreement.withdraw").await[0].1.contains("\"replaced_by\":3"));
    }
}

#[tokio::test]
async fn a_file_becomes_a_draft_whatever_number_is_in_it() {
    for test in contexts().await {
        let (ctx, manager) = (&test.ctx, manager(&test.ctx));
        let numbered = Agreement { version: AgreementVersion::new(77).unwrap(), ..first_of(CANADA) };
        let file = to_file(&numbered);
        let taken_in = |bytes: Vec<u8>, partner: Partner| {
            let manager = manager.clone();
            async move { draft_file(ctx, &manager, partner, &bytes, ctx.today()).await.unwrap() }
        };
        let drafted = taken_in(file.clone().into_bytes(), CANADA).await;
        assert_eq!(drafted, Ok(Drafted::Draft(AgreementVersion::FIRST)));
        let stored = document(ctx, &manager, CANADA, AgreementVersion::FIRST).await.unwrap().unwrap();
        assert_eq!(stored.document, first_of(CANADA));
        let other = taken_in(file.into_bytes(), Partner::NewZealand).await.unwrap_err();
        assert_eq!(other.to_string(), "it is the agreement with Canada");
        let wrong = taken_in(b"{}".to_vec(), CANADA).await.unwrap_err();
        assert!(wrong.to_string().starts_with("line 1, column 2"), "{wrong}");
    }
}

#[tokio::test]
async fn two_who_sign_at_one_time_bring_it_into_force_once() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let version = drafted(ctx, opening(ctx, first_of(CANADA))).await;
        let (privacy, counsel) = futures::join!(signs(ctx, version, Capacity::Privacy), signs(ctx, version, Capacity::Counsel));
        let mut outcomes = [privacy, counsel];
        outcomes.sort_by_key(|signed| *signed == Signed::Waits);
        assert_eq!(outcomes, [Signed::InForce(ctx.today()), Signed::Waits]);
        assert!(current(ctx, CANADA, ctx.today()).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn two_who_draft_at_one_time_get_two_numbers() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let one = drafted(ctx, opening(ctx, with_quota(5)));
        let (one, other) = futures::join!(one, drafted(ctx, opening(ctx, with_quota(6))));
        assert_eq!(BTreeSet::from([one.number(), other.number()]), BTreeSet::from([1, 2]));
    }
}

#[tokio::test]
async fn a_demo_begins_with_agreements_in_force_and_no_other_database_does() {
    for test in contexts().await {
        let (ctx, office) = (&test.ctx, OfficeCode::parse("NBC").unwrap());
        let people = [MANAGER, PRIVACY, COUNSEL].map(Uuid::from_u128);
        assert!(matches!(seed_demo(ctx, &office, people).await, Err(Error::Refused)));
        let mut transaction = ctx.store.begin().await.unwrap();
        store::installation::mark_as_demo(&mut transaction, ctx.today()).await.unwrap();
        transaction.commit().await.unwrap();
        drafted(ctx, opening(ctx, with_quota(5))).await;
        assert_eq!(seed_demo(ctx, &office, people).await.unwrap(), 4, "Canada's is being written");
        assert_eq!(seed_demo(ctx, &office, people).await.unwrap(), 0);
        for partner in Partner::ALL {
            let expected = (partner != CANADA).then(|| first_of(partner));
            assert_eq!(current(ctx, partner, ctx.today()).await.unwrap(), expected);
        }
        let terms = current(ctx, Party::Ident, ctx.today()).await.unwrap().unwrap();
        assert!(enrolled(&terms, ctx.today()).is_empty(), "nobody is enrolled before the agency says so");
    }
}

#[tokio::test]
async fn terms_with_ident_say_what_would_be_added_of_those_who_were_here() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let with = async |status: CapabilityStatus| {
            let mut document = first_of(Party::Ident);
            document.enrolments[0].status = status;
            drafted(ctx, opening(ctx, document)).await
        };
        let file = async |version| read(ctx, &manager(ctx), Party::Ident, version).await.unwrap().unwrap();
        let sign_both = async |version| {
            for capacity in Capacity::ALL {
                let seen = file(version).await.examined.seen;
                sign(ctx, &signer(ctx, capacity), (Party::Ident, version), capacity, &seen).await.unwrap();
            }
        };
        let added = async || current(ctx, Party::Ident, ctx.today()).await.unwrap().map(|terms| enrolled(&terms, ctx.today()));
        let planned = with(CapabilityStatus::Planned).await;
        assert_eq!(file(planned).await.examined.dry_run.enrolment, None, "nothing is added, as before");
        sign_both(planned).await;
        assert_eq!(added().await, Some(BTreeSet::new()));

        let live = with(CapabilityStatus::Live).await;
        let examined = file(live).await.examined;
        let said: Vec<_> = examined.changes.iter().map(Change::to_string).collect();
        assert_eq!((examined.findings, said), (vec![], vec!["enrolment: live, was planned".to_owned()]));
        let turn = examined.dry_run.enrolment.unwrap();
        assert_eq!((turn.before, turn.after), (BTreeSet::new(), BTreeSet::from(ENROLLED)));
        assert_eq!((examined.dry_run.requests, examined.dry_run.differences.len()), (0, 0));
        sign_both(live).await;
        assert_eq!(added().await, Some(BTreeSet::from(ENROLLED)));
        sign_both(with(CapabilityStatus::Suspended).await).await;
        assert_eq!(added().await, Some(BTreeSet::new()));
    }
}

#[test]
fn another_dry_run_is_not_what_was_seen() {
    let request = Request {
        question: Question {
            partner: CANADA,
            direction: Direction::In,
            step: Step::First,
            by: Modality::Biometric,
            purpose: Purpose::VisaOrBenefit,
            recipient: Recipient::Immigration,
            on: "2026-03-10".parse().unwrap(),
            made_this_year: Made { first: 5, ..Made::default() },
        },
        asked: [Element::FullName].into(),
        subject: Subject::Known(Person {
            found_by: FoundBy::Fingerprints,
            citizenships: Some(vec![shared::country::CountryCode::parse("SYR").unwrap()]),
            residences: Some(Vec::new()),
            persecuted_by: Some(Vec::new()),
        }),
        answered_before: AnsweredBefore::Never,
        settled: [].into(),
    };
    let past = [PastRequest { request, towards: Towards::Share { waivers: BTreeSet::new() } }];
    let before = first_of(CANADA);
    let mut after = before.clone();
    for capability in after.capabilities.iter_mut().filter(|one| one.direction == Direction::In) {
        capability.quota_per_year = Some(5);
    }
    let (same, other) = (decide_again(&past, &before, &before), decide_again(&past, &before, &after));
    assert_eq!((same.requests, same.differences.len()), (1, 0));
    assert_eq!((other.requests, other.differences.len()), (1, 1));
    assert_ne!(hash(&same).unwrap(), hash(&other).unwrap());
    assert_eq!(hash(&same).unwrap(), hash(&decide_again(&[], &before, &after)).unwrap(), "more requests without a difference");
}
