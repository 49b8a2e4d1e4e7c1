//! Our third query as the partner reads it, on both engines.

use shared::agreement::AgreementVersion;
use shared::partner_query::{EncounterReference, Message, Reason, Request, Template, TemplateKey};
use shared::profile::{Change, EncounterId, Fact, FactKind};

use super::*;

/// The department met the person on a day: two people put it on record. In boxes, as desks are.
fn met<'a>(desk: &'a Desk, eid: &'a str, on: &'a str) -> LocalBoxFuture<'a, ()> {
    Box::pin(async move {
        let ctx = &desk.ctx;
        let until = Some(ctx.now() + chrono::TimeDelta::minutes(5));
        let privacy = officer(ctx, 6, Role::PrivacyOfficer).stepped_up_until(until);
        crate::profile::open(ctx, &privacy, desk.profile, ReadPurpose::Redress).await.unwrap();
        let change = Change::Add(Fact::parse(FactKind::Encounter, &[eid, "interview", on], ctx.today()).unwrap());
        let proposed = crate::profile::propose(ctx, &privacy, desk.profile, &change, "IDENT has it.").await.unwrap();
        let crate::profile::Proposed::Waits(id) = proposed else { panic!("{proposed:?}") };
        let other = officer(ctx, 7, Role::IctsReviewer);
        let decided = crate::profile::decide(ctx, &other, desk.profile, id, true).await.unwrap();
        assert_eq!(decided, crate::profile::Decided::Done);
    })
}

/// A query that had a match, and of whose partner more is asked with a supervisor's approval.
fn third_approved(desk: &Desk) -> LocalBoxFuture<'_, Uuid> {
    Box::pin(async move {
        let ctx = &desk.ctx;
        let id = desk.asked().await;
        let first = desk.leaves().await;
        desk.hears(vec![reply(&first.transaction_number, ReplyResult::Match)]).await;
        let second = "SECOND-2026-0000001";
        let prior = number(&first.transaction_number);
        desk.hears(vec![Incoming::SecondSent { transaction_number: number(second), prior, sent_at: ctx.now() }]).await;
        let told = BTreeMap::from([(Element::PartnerIdentification, "UCI-0001".to_owned())]);
        let Incoming::Reply(bare) = reply(second, ReplyResult::Match) else { panic!("it is a reply") };
        desk.hears(vec![Incoming::Reply(PartnerReply { elements: Sensitive::new(told), ..bare })]).await;
        assert_eq!(request_third(ctx, &raio(ctx), id).await.unwrap(), Third::Done);
        assert_eq!(approve(ctx, &supervisor(ctx), id).await.unwrap(), Third::Done);
        id
    })
}

fn read(text: &str) -> Request {
    match Template::in_use(TemplateKey::Of(Partner::Canada)).unwrap().read(text).unwrap() {
        Message::Request(request) => request,
        Message::Reply(_) => panic!("it is a request"),
    }
}

#[tokio::test]
async fn the_third_query_leaves_in_the_partners_template_and_what_it_tells_is_accounted_for() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        met(&desk, "EID-2020-0001", "2020-01-10").await;
        met(&desk, "EID-2019-0001", "2019-01-10").await;
        let id = third_approved(&desk).await;
        let third = desk.leaves().await;
        let text = third.written.as_ref().expect("it can be written").expose().clone();
        let Request { header, reason, subject, ask, .. } = read(&text);
        assert_eq!((header.number.as_str(), header.direction), (third.transaction_number.as_str(), Direction::Out));
        assert_eq!(header.prior.as_ref().map(TransactionNumber::as_str), third.prior.as_deref());
        assert_eq!((header.agreement, header.step, header.date), (AgreementVersion::FIRST, Step::Third, ctx.today()));
        assert_eq!((reason, &ask.elements), (Reason::RefugeeClaimant, &third.asked));
        assert_eq!(subject.full_name.unwrap().expose().as_str(), "Ejemplo, Ana");
        let newest = EncounterReference::Eid(EncounterId::parse("EID-2020-0001").unwrap());
        assert_eq!(*subject.encounter.expose(), newest);
        assert_eq!(subject.partner_identification.unwrap().expose().as_str(), "UCI-0001", "as the partner told it");
        assert!(!text.contains("earlier claim"), "why it is asked stays here");
        let told = [
            Element::FullName,
            Element::BirthDate,
            Element::BirthCountry,
            Element::ANumber,
            Element::Eid,
            Element::PartnerIdentification,
        ];
        assert_eq!(desk.disclosed().await[1], (Some(Told::Sent), BTreeSet::from(told)));

        assert_eq!(query(ctx, &raio(ctx), id).await.unwrap().unwrap().as_read, None, "the profile is not open");
        crate::profile::open(ctx, &raio(ctx), desk.profile, ReadPurpose::PartnerQuery).await.unwrap();
        let seen = query(ctx, &raio(ctx), id).await.unwrap().unwrap().as_read;
        let Some(AsRead::Written(seen)) = seen else { panic!("{seen:?}") };
        assert_eq!(*seen.text.expose(), text, "the page shows what left");
        assert!(!format!("{seen:?}").contains("Ejemplo"));
    }
}

#[tokio::test]
async fn without_an_encounter_a_third_query_leaves_without_a_text_and_the_page_says_why() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = third_approved(&desk).await;
        assert!(desk.leaves().await.written.is_none());
        assert_eq!(desk.disclosed().await[1], (Some(Told::Sent), BTreeSet::new()));
        crate::profile::open(ctx, &raio(ctx), desk.profile, ReadPurpose::PartnerQuery).await.unwrap();
        let seen = query(ctx, &raio(ctx), id).await.unwrap().unwrap().as_read;
        let Some(AsRead::Not(why)) = seen else { panic!("{seen:?}") };
        assert!(why[0].starts_with("no encounter of the person in IDENT is on record"), "{why:?}");
    }
}

#[tokio::test]
async fn another_text_never_leaves_under_a_number_that_may_have_arrived() {
    for (outcome, is_sent) in [(Outcome::Unknown, false), (Outcome::Later(chrono::TimeDelta::minutes(1)), true)] {
        for desk in desks().await {
            let ctx = &desk.ctx;
            met(&desk, "EID-2019-0001", "2019-01-10").await;
            third_approved(&desk).await;
            let Authorized::Send(third) = desk.authorized(&FREE).await else { panic!("it may leave") };
            sent(ctx, Actor::System, &third, outcome).await.unwrap();
            met(&desk, "EID-2020-0001", "2020-01-10").await;
            ctx.clock.advance(chrono::TimeDelta::minutes(3));
            assert_eq!(matches!(desk.authorized(&FREE).await, Authorized::Send(_)), is_sent, "{outcome:?}");
        }
    }
}
