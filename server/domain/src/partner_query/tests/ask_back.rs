//! A partner's query that had a match leads to one of ours, on both engines.

use shared::agreement::CapabilityStatus;
use shared::partner_query::reverse::NoAskingBack;

use super::*;

const THEIRS: &str = "CA-2026-0000001";

/// Opens the profile, and reads what was asked about the person.
async fn exchanged(desk: &Desk, reader: &Officer, purpose: ReadPurpose) -> Exchanged {
    crate::profile::open(&desk.ctx, reader, desk.profile, purpose).await.unwrap();
    of_profile(&desk.ctx, reader, desk.profile).await.unwrap()
}

async fn seen(desk: &Desk) -> Exchanged {
    exchanged(desk, &raio(&desk.ctx), ReadPurpose::PartnerQuery).await
}

/// Canada asked, and was told that we know the person.
async fn matched(desk: &Desk) -> Uuid {
    assert_eq!(desk.answer(canada(THEIRS), &FREE).await.unwrap().answer, AnswerKind::Partial);
    seen(desk).await.theirs[0].id
}

fn back(desk: &Desk, theirs: Uuid) -> Ask {
    Ask { by: By::TheirQuery(theirs), ..desk.question() }
}

async fn asked_back(desk: &Desk, theirs: Uuid) -> Uuid {
    match ask(&desk.ctx, &raio(&desk.ctx), &back(desk, theirs)).await.unwrap() {
        Asked::Made(made) => made[0],
        Asked::Faulty(faults) => panic!("{faults:?}"),
    }
}

/// Has the capability to ask Canada back suspended, from today on.
async fn suspended(ctx: &Context) {
    signed(ctx, |document| {
        let reverse = |one: &&mut Capability| one.direction == Direction::Out && one.step == Step::Reverse;
        document.capabilities.iter_mut().filter(reverse).for_each(|one| one.status = CapabilityStatus::Suspended);
    })
    .await;
}

#[tokio::test]
async fn a_partner_that_had_a_match_is_asked_back_under_its_number_and_without_prints() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        assert_eq!(seen(&desk).await, Exchanged { cases: vec![(desk.case, NUMBER.into())], ..Exchanged::default() });
        let theirs = matched(&desk).await;
        let listed = seen(&desk).await.theirs.remove(0);
        assert_eq!((listed.partner, listed.transaction_number.as_str(), listed.against), (Partner::Canada, THEIRS, None));

        let query_id = asked_back(&desk, theirs).await;
        let outgoing = desk.leaves().await;
        assert_eq!((outgoing.query, outgoing.step, outgoing.prior.as_deref()), (query_id, Step::Reverse, Some(THEIRS)));
        assert!(outgoing.prints.is_none(), "they go with a first query alone");
        assert_eq!(desk.disclosed().await[1], (Some(Told::Sent), BTreeSet::new()), "that we ask is accounted for");
        assert_eq!(seen(&desk).await.ours[0].state_name(), "Asked back");

        assert_eq!(desk.hears(vec![reply(&outgoing.transaction_number, ReplyResult::Match)]).await, 1);
        let read = query(ctx, &raio(ctx), query_id).await.unwrap().unwrap();
        assert_eq!((read.row.state_name(), read.steps.len(), read.row.asks_back), ("Answered", 1, true));
        assert_eq!(read.steps[0].elements.as_ref().unwrap()[&Element::FullName], "EJEMPLO, ANA");
        assert_eq!(request_third(ctx, &raio(ctx), query_id).await.unwrap(), Third::NotNow, "there is one round");
        assert!(review(ctx, &raio(ctx), query_id).await.unwrap() && close(ctx, &raio(ctx), query_id).await.unwrap());
    }
}

#[tokio::test]
async fn what_stands_against_asking_back_is_said() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let theirs = matched(&desk).await;
        let elsewhere = Ask { partners: BTreeSet::from([Partner::Australia]), ..back(&desk, theirs) };
        assert_eq!(desk.faults(&elsewhere).await, [AskFault::AskBack(NoAskingBack::OtherPartner)]);
        assert_eq!(desk.faults(&back(&desk, Uuid::nil())).await, [AskFault::AskBack(NoAskingBack::NotAnswered)]);
        let feared = vec![CountryCode::parse("CAN").unwrap()];
        let persecuted = Ask { feared, ..back(&desk, theirs) };
        assert_eq!(desk.faults(&persecuted).await, [AskFault::Partner(Partner::Canada, Withheld::Persecution)]);
        let somebody = officer(ctx, 8, Role::RaioOfficer);
        let asked = ask(ctx, &somebody, &back(&desk, theirs)).await.unwrap();
        assert_eq!(asked, Asked::Faulty(vec![AskFault::NotAssigned]));
        assert_eq!(exchanged(&desk, &somebody, ReadPurpose::PartnerQuery).await.cases, []);

        // It is asked while it may be, and not sent when it may not be any more.
        asked_back(&desk, theirs).await;
        suspended(ctx).await;
        assert!(matches!(desk.authorized(&FREE).await, Authorized::Refused));
        assert_eq!(seen(&desk).await.theirs[0].against, Some(Withheld::NotLive));
        assert_eq!(desk.faults(&back(&desk, theirs)).await, [AskFault::Partner(Partner::Canada, Withheld::NotLive)]);
        assert_eq!(desk.disclosed().await.len(), 1, "nothing left but our answer");
    }
}

#[tokio::test]
async fn who_was_told_nothing_has_not_asked_for_whoever_looks() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        ctx.clock.advance(chrono::TimeDelta::minutes(1));
        feed(ctx, "e2", r#","persecution_countries":["CAN"]"#).await;
        assert_eq!(desk.answer(canada(THEIRS), &FREE).await.unwrap().answer, AnswerKind::NoMatch);
        let mut connection = ctx.partner_data().unwrap().store.read_primary().await.unwrap();
        let suppressed = rows::foreign_by_number(&mut connection, Partner::Canada, THEIRS).await.unwrap().unwrap();
        drop(connection);
        assert_eq!(seen(&desk).await.theirs, []);
        let faults = desk.faults(&back(&desk, suppressed)).await;
        assert_eq!(faults, desk.faults(&back(&desk, Uuid::nil())).await, "nobody can tell it from none");
        assert_eq!(faults, [AskFault::AskBack(NoAskingBack::NotAnswered)]);
    }
}

#[tokio::test]
async fn of_a_protected_person_no_query_of_a_partner_is_listed_to_anybody() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let theirs = matched(&desk).await;
        let privacy = officer(ctx, 4, Role::PrivacyOfficer);
        assert_eq!(exchanged(&desk, &privacy, ReadPurpose::Redress).await.theirs.len(), 1);
        ctx.clock.advance(chrono::TimeDelta::minutes(1));
        feed(ctx, "e2", PROTECTED).await;
        assert_eq!(seen(&desk).await, Exchanged::default(), "nobody whom the officer may know of");
        assert_eq!(exchanged(&desk, &privacy, ReadPurpose::Redress).await.theirs, []);
        assert_eq!(desk.faults(&back(&desk, theirs)).await, [AskFault::Nobody]);
    }
}

#[tokio::test]
async fn counsel_lets_a_query_that_asks_back_leave_and_its_officer_takes_it_back() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let theirs = matched(&desk).await;
        asked_back(&desk, theirs).await;
        assert!(matches!(desk.authorized(&CisAnswer::Failed).await, Authorized::Held));
        let held = holds(ctx, &counsel(ctx)).await.unwrap();
        resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Release, "CIS was asked by telephone.").await.unwrap();
        let Authorized::Send(outgoing) = desk.authorized(&CisAnswer::Failed).await else { panic!("counsel let it leave") };
        assert_eq!(outgoing.step, Step::Reverse);
        sent(ctx, Actor::System, &outgoing, Outcome::Sent).await.unwrap();

        let taken_back = asked_back(&desk, theirs).await;
        assert!(cancel(ctx, &raio(ctx), taken_back).await.unwrap());
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none());
        assert_eq!(desk.state(taken_back).await, OutboundState::Cancelled);
    }
}

#[tokio::test]
async fn an_analyst_of_fraud_finds_results_by_the_person_and_only_for_that() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked().await;
        let first = desk.leaves().await;
        desk.hears(vec![reply(&first.transaction_number, ReplyResult::Match)]).await;
        matched(&desk).await;
        let fdns = officer(ctx, 5, Role::FdnsAnalyst);
        assert_eq!(of_profile(ctx, &fdns, desk.profile).await.unwrap(), Exchanged::default(), "they have not said what for");
        for purpose in ReadPurpose::ALL.into_iter().filter(|purpose| *purpose != ReadPurpose::Fraud) {
            let refused = crate::profile::open(ctx, &fdns, desk.profile, purpose).await;
            assert!(matches!(refused, Err(crate::Error::Refused)), "{purpose:?}");
        }
        let found = exchanged(&desk, &fdns, ReadPurpose::Fraud).await;
        assert_eq!((found.ours.len(), found.ours[0].id, found.theirs.len(), found.cases.len()), (1, id, 1, 0));
        assert!(query(ctx, &fdns, id).await.unwrap().unwrap().steps[0].elements.is_some());
        ctx.clock.advance(chrono::TimeDelta::minutes(31));
        assert_eq!(of_profile(ctx, &fdns, desk.profile).await.unwrap(), Exchanged::default(), "it is too long ago");

        let mut connection = ctx.partner_data().unwrap().store.read_primary().await.unwrap();
        let read = store::audit::by_action(&mut connection, "partner_query.read_person").await.unwrap();
        let by_fdns: Vec<_> = read.iter().filter(|entry| entry.actor == fdns.actor().label()).collect();
        assert_eq!((by_fdns.len(), &by_fdns[0].subject), (1, &desk.profile.to_string()));
        assert!(by_fdns[0].detail.contains(r#""purpose":"fraud""#), "{}", by_fdns[0].detail);
    }
}
