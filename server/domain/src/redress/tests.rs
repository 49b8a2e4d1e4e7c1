//! Redress, on both engines.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::profile::{Change, Fact, FactKind};
use shared::redress::{Asked, Basis, Channel, DecisionFault, Exemption, Extension, Outcome, Part, Proposal};

use super::*;
use crate::testing::{TestContext, contexts, import_lines};
use crate::{Actor, profile};

const FIRST: u128 = 1;
const SECOND: u128 = 2;
const OWN: &str = "EAC9999103403";
const OTHERS: &str = "EAC9999103404";
const ANA: &str =
    r#"{"name":{"family":"Ejemplo","given":"Ana"},"birth_date":"1990-02-03","birth_country":"MEX","a_number":"A900000001"}"#;

fn officer(ctx: &Context, id: u128, role: Role) -> Officer {
    let grant = Grant { role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now()).stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)))
}

fn privacy(ctx: &Context, id: u128) -> Officer {
    officer(ctx, id, Role::PrivacyOfficer)
}

/// Ana, who has a case of her own; and perhaps stands as petitioner in another one with such a marker.
async fn ana(ctx: &Context, marker_of_other: Option<&str>) -> Uuid {
    let line = |event: &str, number: &str, parties: &str, more: &str| {
        format!(
            r#"{{"event_id":"{event}","receipt_number":"{number}","form":"I-765","category":"C09",{parties},"action":{{"code":"IAA","at":"2026-01-07T14:00:00Z"}}{more}}}"#
        )
    };
    let mut lines = vec![line("e1", OWN, &format!(r#""applicant":{ANA}"#), "")];
    if let Some(marker) = marker_of_other {
        let victim = r#"{"name":{"family":"Muestra","given":"Vera"},"birth_date":"1992-05-06"}"#;
        let parties = format!(r#""applicant":{victim},"petitioner":{}"#, ANA.replace("MEX", "CUB"));
        lines.push(line("e2", OTHERS, &parties, &format!(r#","protection_markers":[{marker}]"#)));
    }
    assert_eq!(import_lines(ctx, &lines).await.quarantined, 0);
    profile::follow_feed(ctx, Actor::System).await.unwrap();
    let mut connection = ctx.store.read_primary().await.unwrap();
    let case = store::case_feed::case_id(&mut connection, &ReceiptNumber::parse(OWN).unwrap()).await.unwrap().unwrap();
    let linked = store::profile::linked(&mut connection, case).await.unwrap().remove(0).1;
    store::profile::root(&mut connection, linked).await.unwrap().unwrap()
}

fn request(ctx: &Context, kind: RedressKind) -> NewRequest {
    let asked = Asked {
        name: "Ana Ejemplo".into(),
        address: vec!["1 Sample Street".into()],
        words: "All of it.".into(),
        evidence: "A certificate.".into(),
    };
    let (basis, channel) = (Basis::PrivacyAct, Channel::Mail);
    NewRequest { kind, basis, channel, locale: Locale::En, received_on: ctx.today() - TimeDelta::days(4), asked }
}

/// A request that was logged, verified and searched.
async fn searched(ctx: &Context, kind: RedressKind, profile: Option<Uuid>) -> Uuid {
    let privacy = privacy(ctx, FIRST);
    let Logged::Logged(id) = log(ctx, &privacy, &request(ctx, kind)).await.unwrap() else { panic!("not logged") };
    assert_eq!(verify(ctx, &privacy, id, "A passport.").await.unwrap(), Done::Done);
    assert_eq!(search(ctx, &privacy, id, profile).await.unwrap(), Searched::Done);
    id
}

async fn file(ctx: &Context, id: Uuid) -> RedressFile {
    read(ctx, &privacy(ctx, FIRST), id).await.unwrap().unwrap()
}

async fn found(ctx: &Context, id: Uuid) -> Found {
    held(ctx, &privacy(ctx, FIRST), id).await.unwrap().unwrap()
}

async fn acts(test: &TestContext, action: &str) -> usize {
    let mut connection = test.ctx.store.read_primary().await.unwrap();
    store::audit::by_action(&mut connection, action).await.unwrap().len()
}

#[tokio::test]
async fn a_request_is_logged_searched_decided_and_answered() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let (ana, privacy) = (ana(ctx, None).await, privacy(ctx, FIRST));
        let id = searched(ctx, RedressKind::Access, Some(ana)).await;
        let parts = found(ctx, id).await.held.parts();
        assert_eq!(parts, BTreeSet::from([Part::Identity, Part::Cases]));
        let whole = Proposal { given: parts, ..Proposal::default() };
        assert_eq!(propose(ctx, &privacy, id, whole).await.unwrap(), Proposed::Decided, "it keeps nothing back");
        assert!(package(ctx, &privacy, id).await.unwrap().is_none(), "nothing went out yet");
        assert_eq!(answer(ctx, &privacy, id).await.unwrap(), Answered::Done);
        assert_eq!(answer(ctx, &privacy, id).await.unwrap(), Answered::NotNow, "once");
        let given = package(ctx, &privacy, id).await.unwrap().unwrap();
        assert_eq!((given.request.as_str(), given.made_on), ("R-000001", ctx.today()));
        let what: Vec<&str> = given.records.lines.iter().map(|line| line.what.as_str()).collect();
        assert!(what.contains(&"1990-02-03") && what.iter().any(|what| what.contains(OWN)), "{what:?}");
        let sent = letter(ctx, &privacy, id).await.unwrap().unwrap();
        assert_eq!(sent.mail_to, ["Ana Ejemplo", "1 Sample Street"]);
        test.test.clock.advance(TimeDelta::days(30));
        assert_eq!(letter(ctx, &self::privacy(ctx, SECOND), id).await.unwrap().unwrap(), sent, "as it went out");
        assert_eq!(close(ctx, &privacy, id).await.unwrap(), Done::Done);
        let events: Vec<_> = file(ctx, id).await.events.iter().map(|event| event.event.key()).collect();
        assert_eq!(events, ["logged", "verified", "searched", "decided", "answered", "closed"]);
        assert_eq!((acts(&test, "redress.answer").await, acts(&test, "redress.package").await), (1, 1));
    }
}

#[tokio::test]
async fn whoever_keeps_something_back_needs_another() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let ana = ana(ctx, None).await;
        let (first, second) = (privacy(ctx, FIRST), privacy(ctx, SECOND));
        let id = searched(ctx, RedressKind::Access, Some(ana)).await;
        let part = || Proposal {
            given: [Part::Cases].into(),
            exemptions: [Exemption::Investigation].into(),
            reason: "It is an investigation's.".into(),
            ..Proposal::default()
        };
        assert_eq!(propose(ctx, &first, id, part()).await.unwrap(), Proposed::Waits);
        let waiting = file(ctx, id).await.decisions[0].id;
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::NotNow);
        assert_eq!(agree(ctx, &first, id, waiting).await.unwrap(), Agreed::OwnProposal);
        assert_eq!(give_back(ctx, &second, id, " ").await.unwrap(), Done::NoWords);
        assert_eq!(give_back(ctx, &second, id, "Whose investigation?").await.unwrap(), Done::Done);
        assert_eq!(agree(ctx, &second, id, waiting).await.unwrap(), Agreed::NotWaiting, "it was given back");
        assert_eq!(propose(ctx, &first, id, part()).await.unwrap(), Proposed::Waits);
        assert_eq!(agree(ctx, &second, id, waiting).await.unwrap(), Agreed::NotWaiting, "another one than was read");
        let newest = file(ctx, id).await.decisions[0].id;
        assert_eq!(agree(ctx, &second, id, newest).await.unwrap(), Agreed::Done);
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::Done);
        let given = package(ctx, &first, id).await.unwrap().unwrap().records;
        assert_eq!(given.parts(), BTreeSet::from([Part::Cases]), "and nothing else");
        let out = letter(ctx, &first, id).await.unwrap().unwrap();
        let text = serde_json::to_string(&out).unwrap();
        assert!(text.contains("5 USC 552a(k)(2)") && text.contains("90 days"), "{text}");
    }
}

/// What nobody read when it was decided does not go out.
#[tokio::test]
async fn what_came_after_the_decision_does_not_go_out_with_it() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let ana = ana(ctx, None).await;
        let (first, second) = (privacy(ctx, FIRST), privacy(ctx, SECOND));
        let id = searched(ctx, RedressKind::Access, Some(ana)).await;
        let whole = async || Proposal { given: found(ctx, id).await.held.parts(), ..Proposal::default() };
        assert_eq!(propose(ctx, &first, id, whole().await).await.unwrap(), Proposed::Decided);
        let change = Change::Add(Fact::parse(FactKind::Gender, &["F"], ctx.today()).unwrap());
        let profile::Proposed::Waits(correction) = profile::propose(ctx, &first, ana, &change, "Seen.").await.unwrap() else {
            panic!("not proposed")
        };
        assert_eq!(profile::decide(ctx, &second, ana, correction, true).await.unwrap(), profile::Decided::Done);
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::Changed);
        assert!(package(ctx, &first, id).await.unwrap().is_none());
        assert_eq!(give_back(ctx, &first, id, "There is more.").await.unwrap(), Done::Done);
        assert_eq!(propose(ctx, &first, id, whole().await).await.unwrap(), Proposed::Decided);
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::Done);
    }
}

/// Whoever stands in a protected case of somebody else learns neither of the case nor of what it alone states.
#[tokio::test]
async fn nothing_of_somebody_elses_protected_case_is_found() {
    let of_class = |class: &str| format!(r#"{{"class_of_admission":"{class}"}}"#);
    for marker in [of_class("T1"), of_class("IB1"), of_class("AS1"), r#"{"sealed":true}"#.to_owned()] {
        for test in contexts().await {
            let ctx = &test.ctx;
            let ana = ana(ctx, Some(&marker)).await;
            let id = searched(ctx, RedressKind::Access, Some(ana)).await;
            let found = found(ctx, id).await;
            assert_eq!(found.left_out, 1, "{marker}");
            let text = serde_json::to_string(&found.held).unwrap();
            assert!(text.contains(OWN) && !text.contains(OTHERS) && !text.contains("CUB"), "{text}");
        }
    }
}

#[tokio::test]
async fn an_amendment_is_granted_by_a_correction_that_somebody_else_made() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let ana = ana(ctx, None).await;
        let (first, second) = (privacy(ctx, FIRST), privacy(ctx, SECOND));
        let id = searched(ctx, RedressKind::Amendment, Some(ana)).await;
        assert!(corrections(ctx, &first, id).await.unwrap().is_empty());
        let granted = |correction| Proposal { outcome: Some(Outcome::Granted), correction, ..Proposal::default() };
        let faulty = propose(ctx, &first, id, granted(Some(Uuid::from_u128(99)))).await.unwrap();
        assert_eq!(faulty, Proposed::Faulty(vec![DecisionFault::NoCorrection]), "one of nobody's");
        let change = Change::Add(Fact::parse(FactKind::Gender, &["F"], ctx.today()).unwrap());
        let profile::Proposed::Waits(correction) = profile::propose(ctx, &first, ana, &change, "A certificate.").await.unwrap()
        else {
            panic!("not proposed")
        };
        assert_eq!(corrections(ctx, &first, id).await.unwrap()[0].id, correction);
        assert_eq!(propose(ctx, &first, id, granted(Some(correction))).await.unwrap(), Proposed::Decided);
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::NotCorrected);
        assert_eq!(profile::decide(ctx, &second, ana, correction, true).await.unwrap(), profile::Decided::Done);
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::Done);
        assert_eq!(disagree(ctx, &first, id, "No.").await.unwrap(), Done::NotNow, "there is nothing to disagree with");
    }
}

#[tokio::test]
async fn a_refused_amendment_keeps_the_persons_statement() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let ana = ana(ctx, None).await;
        let (first, second) = (privacy(ctx, FIRST), privacy(ctx, SECOND));
        let id = searched(ctx, RedressKind::Amendment, Some(ana)).await;
        let refusal = Proposal { outcome: Some(Outcome::Refused), reason: "It is right.".into(), ..Proposal::default() };
        assert_eq!(propose(ctx, &first, id, refusal).await.unwrap(), Proposed::Waits);
        let newest = file(ctx, id).await.decisions[0].id;
        assert_eq!(agree(ctx, &second, id, newest).await.unwrap(), Agreed::Done);
        assert_eq!(disagree(ctx, &first, id, "It is not.").await.unwrap(), Done::NotNow, "nobody was told yet");
        assert!(file(ctx, id).await.statements.is_empty());
        assert_eq!(answer(ctx, &first, id).await.unwrap(), Answered::Done);
        assert_eq!(disagree(ctx, &first, id, "It is not.").await.unwrap(), Done::Done);
        assert_eq!(file(ctx, id).await.statements[0].statement.expose(), "It is not.");
        assert_eq!(disputed(ctx, &first, ana).await.unwrap(), [id]);
    }
}

#[tokio::test]
async fn clocks_run_in_working_days_and_are_extended_once_in_time() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let privacy = privacy(ctx, FIRST);
        let Logged::Logged(id) = log(ctx, &privacy, &request(ctx, RedressKind::Amendment)).await.unwrap() else { panic!() };
        let row = file(ctx, id).await.row;
        // Received on Friday, the 6th of March 2026.
        assert_eq!(row.acknowledge_by, "2026-03-20".parse().ok());
        assert_eq!((row.head.answer_by.to_string().as_str(), row.balance), ("2026-04-03", Some(Balance::Left(18))));
        assert_eq!(acknowledge(ctx, &privacy, id).await.unwrap(), Done::Done);
        assert_eq!(acknowledge(ctx, &privacy, id).await.unwrap(), Done::NotNow, "once");
        assert_eq!(extend(ctx, &privacy, id, Extension::Volume).await.unwrap(), Done::Done);
        assert_eq!(extend(ctx, &privacy, id, Extension::Volume).await.unwrap(), Done::NotNow, "once");
        let row = file(ctx, id).await.row;
        assert_eq!((row.acknowledge_by, row.head.answer_by.to_string().as_str()), (None, "2026-04-17"));
        let Logged::Logged(late) = log(ctx, &privacy, &request(ctx, RedressKind::Access)).await.unwrap() else { panic!() };
        test.test.clock.advance(TimeDelta::days(40));
        let after = self::privacy(ctx, FIRST);
        assert_eq!(extend(ctx, &after, late, Extension::Volume).await.unwrap(), Done::NotNow, "the day has passed");
        let list = all(ctx, &after).await.unwrap();
        assert_eq!(list.waiting.iter().map(|row| row.head.id).collect::<Vec<_>>(), [late, id], "the most urgent first");
        assert!(matches!(list.waiting[0].balance, Some(Balance::Over(_))));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let privacy = privacy(ctx, FIRST);
        let wrong_law = NewRequest { basis: Basis::Foia, ..request(ctx, RedressKind::Amendment) };
        assert_eq!(log(ctx, &privacy, &wrong_law).await.unwrap(), Logged::WrongLaw);
        for days in [-1, 400] {
            let received_on = ctx.today() - TimeDelta::days(days);
            let wrong_day = NewRequest { received_on, ..request(ctx, RedressKind::Access) };
            assert_eq!(log(ctx, &privacy, &wrong_day).await.unwrap(), Logged::WrongDay);
        }
        let Logged::Logged(id) = log(ctx, &privacy, &request(ctx, RedressKind::Access)).await.unwrap() else { panic!() };
        assert_eq!(search(ctx, &privacy, id, None).await.unwrap(), Searched::NotNow, "it is not known who asks");
        assert!(held(ctx, &privacy, id).await.unwrap().is_none());
        assert_eq!(propose(ctx, &privacy, id, Proposal::default()).await.unwrap(), Proposed::NotNow);
        assert_eq!(verify(ctx, &privacy, id, "").await.unwrap(), Done::NoWords);
        assert_eq!(verify(ctx, &privacy, id, "A passport.").await.unwrap(), Done::Done);
        assert_eq!(search(ctx, &privacy, id, Some(Uuid::from_u128(99))).await.unwrap(), Searched::Nobody);
        assert_eq!(withdraw(ctx, &privacy, id, "She took it back.").await.unwrap(), Done::Done);
        assert_eq!(withdraw(ctx, &privacy, id, "Again.").await.unwrap(), Done::NotNow);
        assert!(read(ctx, &privacy, Uuid::nil()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn privacy_officers_alone_and_with_a_fresh_second_factor() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = searched(ctx, RedressKind::Access, None).await;
        for role in Role::ALL.into_iter().filter(|role| *role != Role::PrivacyOfficer) {
            let who = officer(ctx, 9, role);
            assert!(matches!(all(ctx, &who).await, Err(Error::Refused)), "{role:?}");
            assert!(matches!(read(ctx, &who, id).await, Err(Error::Refused)), "{role:?}");
            assert!(matches!(log(ctx, &who, &request(ctx, RedressKind::Access)).await, Err(Error::Refused)), "{role:?}");
            assert!(matches!(held(ctx, &who, id).await, Err(Error::Refused)), "{role:?}");
            assert!(matches!(package(ctx, &who, id).await, Err(Error::Refused)), "{role:?}");
        }
        let stale = privacy(ctx, FIRST).stepped_up_until(Some(ctx.now()));
        assert!(matches!(propose(ctx, &stale, id, Proposal::default()).await, Err(Error::StepUp)));
        assert!(matches!(agree(ctx, &stale, id, Uuid::nil()).await, Err(Error::StepUp)));
        assert!(matches!(answer(ctx, &stale, id).await, Err(Error::StepUp)));
        assert!(read(ctx, &stale, id).await.unwrap().is_some(), "reading needs none");
    }
}
