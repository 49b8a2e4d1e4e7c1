//! Queries both ways, on both engines.

mod accounting;
mod as_read;
mod ask_back;
mod figures;
mod print;
mod sequences;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use futures::future::LocalBoxFuture;
use shared::agreement::{
    Agreement, AnswerKind, Capability, Capacity, Direction, Element, Modality, Partner, Priority, Purpose, Recipient, Step,
    Withheld,
};
use shared::case_status::ReceiptNumber;
use shared::country::CountryCode;
use shared::disclosure::Outcome as Told;
use shared::ident::{Envelope, Found, Incoming, PartnerAsk, PartnerReply, Requestor};
use shared::identity::{Grant, Role, SignInName, StaffName};
use shared::nist_itl;
use shared::office::OfficeCode;
use shared::partner_query::{OutboundState, ReplyResult, ShortLine, TransactionNumber};
use shared::profile::ReadPurpose;
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use store::partner_query as rows;
use store::testing::{TestStore, both_partner};
use uuid::Uuid;

mod component_use;

use super::*;
use crate::testing::{TestContext, contexts, import_lines};
use crate::{Actor, Context, Officer};

const NUMBER: &str = "EAC9999103403";
const ANA: &str = r#"{"name":{"family":"Ejemplo","given":"Ana"},"birth_date":"1990-02-03","birth_country":"MEX","citizenship":"MEX","a_number":"A900000001"}"#;
const FREE: CisAnswer = CisAnswer::NotProtected;

/// Both databases on one engine, agreements in force, and one person in a case of an officer's.
struct Desk {
    ctx: Context,
    /// As a process has it that opens no partner data.
    main: TestContext,
    _partner: TestStore,
    profile: Uuid,
    case: Uuid,
}

/// In boxes: with all that they wait for, they are large.
fn desks() -> LocalBoxFuture<'static, Vec<Desk>> {
    desks_with("")
}

fn desks_with(more: &str) -> LocalBoxFuture<'_, Vec<Desk>> {
    Box::pin(async move {
        let mut desks = Vec::new();
        for (main, partner) in contexts().await.into_iter().zip(both_partner().await) {
            let ctx = main.ctx.clone().with_partner_data(partner.store.clone(), partner.keys.clone());
            let people = [90, 91, 92].map(Uuid::from_u128);
            crate::agreement::sign_starters(&ctx, &OfficeCode::parse("NBC").unwrap(), people).await.unwrap();
            feed(&ctx, "e1", more).await;
            let mut connection = ctx.store.read_primary().await.unwrap();
            let number = ReceiptNumber::parse(NUMBER).unwrap();
            let case = store::case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
            let (_, profile) = store::profile::linked(&mut connection, case).await.unwrap().pop().unwrap();
            drop(connection);
            assert!(assign(&ctx, &supervisor(&ctx), &number, Some(raio(&ctx).id())).await.unwrap());
            desks.push(Desk { ctx, main, _partner: partner, profile, case });
        }
        desks
    })
}

/// Has another version of Canada's agreement signed, from today on.
async fn signed(ctx: &Context, change: impl FnOnce(&mut Agreement)) {
    use crate::agreement::{Drafted, Opening, Signed, draft, read, sign};
    let mut document = crate::agreement::current(ctx, Partner::Canada, ctx.today()).await.unwrap().unwrap();
    change(&mut document);
    let version = document.version;
    let manager = officer(ctx, 90, Role::AgreementsManager);
    let opening = Opening { document, holds_from: ctx.today(), made_from: Some(version) };
    let Drafted::Draft(version) = draft(ctx, &manager, opening).await.unwrap() else { panic!("no draft") };
    let until = Some(ctx.now() + chrono::TimeDelta::minutes(5));
    let mut last = None;
    for (id, role, capacity) in [(91, Role::PrivacyOfficer, Capacity::Privacy), (92, Role::Counsel, Capacity::Counsel)] {
        let signer = officer(ctx, id, role).stepped_up_until(until);
        let seen = read(ctx, &signer, Partner::Canada, version).await.unwrap().unwrap().examined.seen;
        last = Some(sign(ctx, &signer, (Partner::Canada, version), capacity, &seen).await.unwrap());
    }
    assert_eq!(last, Some(Signed::InForce(ctx.today())));
}

/// The first queries in a direction, of which there is one capability for each kind.
fn first(document: &mut Agreement, direction: Direction) -> impl Iterator<Item = &mut Capability> {
    document.capabilities.iter_mut().filter(move |one| one.direction == direction && one.step == Step::First)
}

async fn feed(ctx: &Context, event: &str, more: &str) {
    let at = ctx.now().to_rfc3339();
    let line = format!(
        r#"{{"event_id":"{event}","receipt_number":"{NUMBER}","form":"I-765","category":"C09","applicant":{ANA},"action":{{"code":"IAA","at":"{at}"}}{more}}}"#
    );
    assert_eq!(import_lines(ctx, &[line]).await.quarantined, 0);
    crate::profile::follow_feed(ctx, Actor::System).await.unwrap();
}

const PROTECTED: &str = r#","protection_markers":[{"class_of_admission":"T1"}]"#;

fn officer(ctx: &Context, id: u128, role: Role) -> Officer {
    let grant = Grant { role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now())
}

fn raio(ctx: &Context) -> Officer {
    officer(ctx, 1, Role::RaioOfficer)
}

fn supervisor(ctx: &Context) -> Officer {
    officer(ctx, 2, Role::Siio)
}

fn counsel(ctx: &Context) -> Officer {
    officer(ctx, 3, Role::Counsel)
}

fn prints(ctx: &Context) -> Sensitive<Vec<u8>> {
    Sensitive::new(nist_itl::synthetic(7, "TEST-2026-0000007", ctx.today()).unwrap().to_bytes())
}

impl Desk {
    fn question(&self) -> Ask {
        Ask {
            profile: self.profile,
            case: self.case,
            partners: BTreeSet::from([Partner::Canada]),
            purpose: Purpose::RefugeeClaim,
            priority: Priority::Medium,
            feared: Vec::new(),
            justification: "To learn whether there was an earlier claim.".into(),
            by: By::Prints(prints(&self.ctx)),
        }
    }

    /// Asks Canada, and gives the query's id.
    async fn asked(&self) -> Uuid {
        match ask(&self.ctx, &raio(&self.ctx), &self.question()).await.unwrap() {
            Asked::Made(made) => made[0],
            Asked::Faulty(faults) => panic!("{faults:?}"),
        }
    }

    async fn faults(&self, question: &Ask) -> Vec<AskFault> {
        match ask(&self.ctx, &raio(&self.ctx), question).await.unwrap() {
            Asked::Made(_) => Vec::new(),
            Asked::Faulty(faults) => faults,
        }
    }

    async fn authorized(&self, cis: &CisAnswer) -> Authorized {
        // No two disclosures are of one instant.
        self.ctx.clock.advance(chrono::TimeDelta::seconds(1));
        let due = next_to_send(&self.ctx, Actor::System).await.unwrap().expect("something is due");
        authorize(&self.ctx, Actor::System, &due, cis).await.unwrap()
    }

    /// Lets the next step out, and says that it arrived.
    async fn leaves(&self) -> Outgoing {
        match self.authorized(&FREE).await {
            Authorized::Send(outgoing) => {
                sent(&self.ctx, Actor::System, &outgoing, Outcome::Sent).await.unwrap();
                *outgoing
            }
            other => panic!("{other:?}"),
        }
    }

    async fn state(&self, query: Uuid) -> OutboundState {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        rows::get(&mut connection, &data.keys, query).await.unwrap().unwrap().state
    }

    async fn probe(&self, query: Uuid) -> Option<Vec<u8>> {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        rows::probe(&mut connection, &data.keys, query).await.unwrap()
    }

    /// What the accounting says of the person: what became of each disclosure, and what was told.
    async fn disclosed(&self) -> Vec<(Option<Told>, BTreeSet<Element>)> {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        let all = store::disclosure::of_profile(&mut connection, &data.keys, self.profile).await.unwrap();
        all.into_iter().map(|one| (one.outcome.map(|(outcome, _)| outcome), one.entry.elements)).collect()
    }

    async fn hears(&self, messages: Vec<Incoming>) -> usize {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let envelope = |message| {
            let cursor = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Envelope { cursor, id: Uuid::from_u128(cursor.into()), message }
        };
        let messages: Vec<Envelope> = messages.into_iter().map(envelope).collect();
        assert_eq!(receive(&self.ctx, Actor::System, &messages).await.unwrap(), messages.len());
        assert_eq!(receive(&self.ctx, Actor::System, &messages).await.unwrap(), 0, "twice is once");
        understand(&self.ctx, Actor::System).await.unwrap()
    }

    /// What a partner gets that asks about whom IDENT found, if it gets anything now.
    async fn answer(&self, asked: PartnerAsk, cis: &CisAnswer) -> Option<OutgoingAnswer> {
        assert_eq!(self.hears(vec![Incoming::Ask(Box::new(asked))]).await, 1);
        self.decided(cis).await
    }

    async fn decided(&self, cis: &CisAnswer) -> Option<OutgoingAnswer> {
        let due = next_to_answer(&self.ctx, Actor::System).await.unwrap()?;
        match decide(&self.ctx, Actor::System, &due, cis).await.unwrap() {
            Decided::Answer(answer) => {
                answered(&self.ctx, Actor::System, &answer, Outcome::Sent).await.unwrap();
                Some(*answer)
            }
            Decided::Unreadable(_) | Decided::Later | Decided::Waits | Decided::Gone => None,
        }
    }
}

fn number(text: &str) -> TransactionNumber {
    TransactionNumber::parse(text).unwrap()
}

fn reply(to: &str, result: ReplyResult) -> Incoming {
    let elements = BTreeMap::from([(Element::FullName, "EJEMPLO, ANA".to_owned())]);
    Incoming::Reply(PartnerReply {
        transaction_number: number(to),
        result,
        elements: Sensitive::new(elements),
        answered_at: "2026-03-10T15:00:00Z".parse().unwrap(),
        destroyed_at: None,
    })
}

fn asked_by(partner: Partner, transaction: &str, a_numbers: &[&str]) -> PartnerAsk {
    let line = |text: &str| ShortLine::parse(text).unwrap();
    PartnerAsk {
        transaction_number: number(transaction),
        prior: None,
        partner,
        step: Step::First,
        date: "2026-03-10".parse().unwrap(),
        purpose: Purpose::VisaOrBenefit,
        priority: Priority::High,
        modality: Modality::Biometric,
        recipient: Recipient::Immigration,
        requestor: Requestor {
            organization: line("Visa Office"),
            name: Sensitive::new(line("R. Maple")),
            contact: Sensitive::new(line("1 Example Street, Ottawa")),
        },
        subject: Sensitive::default(),
        asked: BTreeSet::from([Element::FullName, Element::BirthDate, Element::ANumber, Element::ImmigrationStatus]),
        justification: Sensitive::default(),
        found: Sensitive::new(Some(Found {
            a_numbers: a_numbers.iter().map(|number| (*number).to_owned()).collect(),
            ..Found::default()
        })),
        is_first_answer: true,
        written: Sensitive::default(),
    }
}

fn canada(transaction: &str) -> PartnerAsk {
    asked_by(Partner::Canada, transaction, &["A900000001"])
}

#[tokio::test]
async fn a_query_goes_its_three_steps_and_everything_that_left_is_accounted_for() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let query = desk.asked().await;
        assert_eq!(desk.disclosed().await, [], "nothing has left");
        let Authorized::Send(first) = desk.authorized(&FREE).await else { panic!("it may leave") };
        assert_eq!(desk.disclosed().await, [(None, BTreeSet::from([Element::Fingerprints]))], "before the first byte");
        assert!(first.prints.is_some() && first.prior.is_none());
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none(), "nobody else sends it");
        sent(ctx, Actor::System, &first, Outcome::Sent).await.unwrap();
        assert_eq!(desk.disclosed().await[0].0, Some(Told::Sent));
        assert_eq!(desk.state(query).await, OutboundState::Q1Sent);

        // The answer to the second query comes before IDENT says that it sent it.
        let second = "SECOND-2026-0000001";
        assert_eq!(desk.hears(vec![reply(second, ReplyResult::Match)]).await, 0);
        assert_eq!(desk.hears(vec![reply(&first.transaction_number, ReplyResult::Match)]).await, 1);
        assert_eq!(desk.state(query).await, OutboundState::Q1Matched);
        assert_eq!(desk.probe(query).await, None, "the prints are gone");
        let second_sent = Incoming::SecondSent {
            transaction_number: number(second),
            prior: number(&first.transaction_number),
            sent_at: ctx.now(),
        };
        desk.hears(vec![second_sent]).await;
        understand(ctx, Actor::System).await.unwrap();
        assert_eq!(desk.state(query).await, OutboundState::Q2Answered);

        assert_eq!(request_third(ctx, &officer(ctx, 9, Role::RaioOfficer), query).await.unwrap(), Third::NotNow, "not theirs");
        assert_eq!(request_third(ctx, &raio(ctx), query).await.unwrap(), Third::Done);
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none(), "somebody has to approve it");
        let both = officer(ctx, 1, Role::Siio);
        assert_eq!(approve(ctx, &both, query).await.unwrap(), Third::OwnRequest);
        assert_eq!(to_approve(ctx, &supervisor(ctx)).await.unwrap().len(), 1);
        assert_eq!(approve(ctx, &supervisor(ctx), query).await.unwrap(), Third::Done);
        let third = desk.leaves().await;
        assert!(third.prints.is_none(), "later queries carry a number and no prints");
        assert_eq!(third.prior.as_deref(), Some(second));
        assert_eq!(desk.disclosed().await[1], (Some(Told::Sent), BTreeSet::new()));
        desk.hears(vec![reply(&third.transaction_number, ReplyResult::Partial)]).await;
        assert_eq!(desk.state(query).await, OutboundState::Q3Answered);
        assert!(review(ctx, &raio(ctx), query).await.unwrap() && close(ctx, &raio(ctx), query).await.unwrap());
    }
}

#[tokio::test]
async fn answers_are_read_by_who_has_the_profile_open_for_a_purpose() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked().await;
        let first = desk.leaves().await;
        desk.hears(vec![reply(&first.transaction_number, ReplyResult::Match)]).await;
        let own = query(ctx, &raio(ctx), id).await.unwrap().unwrap();
        assert!(own.is_closed && own.steps[0].elements.is_none() && own.is_own);
        crate::profile::open(ctx, &raio(ctx), desk.profile, ReadPurpose::PartnerQuery).await.unwrap();
        let own = query(ctx, &raio(ctx), id).await.unwrap().unwrap();
        assert_eq!(own.steps[0].elements.as_ref().unwrap()[&Element::FullName], "EJEMPLO, ANA");
        let fdns = officer(ctx, 5, Role::FdnsAnalyst);
        assert!(query(ctx, &fdns, id).await.unwrap().unwrap().is_closed);
        crate::profile::open(ctx, &fdns, desk.profile, ReadPurpose::Fraud).await.unwrap();
        assert!(query(ctx, &fdns, id).await.unwrap().unwrap().steps[0].elements.is_some());
        assert_eq!(of_profile(ctx, &fdns, desk.profile).await.unwrap().ours.len(), 1);
        assert_eq!(query(ctx, &supervisor(ctx), id).await.unwrap(), None, "nothing waits for an approval");
        assert!(matches!(query(ctx, &officer(ctx, 6, Role::Tier1Agent), id).await, Err(crate::Error::Refused)));
    }
}

#[tokio::test]
async fn what_may_not_be_asked_says_why() {
    for desk in desks().await {
        let feared = |code: &str| vec![CountryCode::parse(code).unwrap()];
        let persecuted = Ask { feared: feared("CAN"), ..desk.question() };
        assert_eq!(desk.faults(&persecuted).await, [AskFault::Partner(Partner::Canada, Withheld::Persecution)]);
        let elsewhere = Ask { feared: feared("SYR"), ..desk.question() };
        assert_eq!(desk.faults(&elsewhere).await, []);
        let planned = Ask { partners: BTreeSet::from([Partner::UnitedKingdom]), ..desk.question() };
        assert_eq!(desk.faults(&planned).await, [AskFault::Partner(Partner::UnitedKingdom, Withheld::NotLive)]);
        let nobody = Ask { partners: BTreeSet::new(), justification: " ".into(), ..desk.question() };
        assert_eq!(desk.faults(&nobody).await, [AskFault::NoPartner, AskFault::NoJustification]);
        let broken = Ask { by: By::Prints(Sensitive::new(b"no prints".to_vec())), ..desk.question() };
        assert!(matches!(desk.faults(&broken).await.as_slice(), [AskFault::Prints(problems)] if !problems.is_empty()));
        let other = Ask { case: Uuid::nil(), ..desk.question() };
        assert_eq!(desk.faults(&other).await, [AskFault::Nobody]);
        let somebody = officer(&desk.ctx, 8, Role::RaioOfficer);
        let asked = ask(&desk.ctx, &somebody, &desk.question()).await.unwrap();
        assert_eq!(asked, Asked::Faulty(vec![AskFault::NotAssigned]));
        for role in Role::ALL.into_iter().filter(|role| *role != Role::RaioOfficer) {
            let refused = ask(&desk.ctx, &officer(&desk.ctx, 7, role), &desk.question()).await;
            assert!(matches!(refused, Err(crate::Error::Refused)), "{role:?}");
        }
    }
}

#[tokio::test]
async fn a_marker_that_came_after_the_question_keeps_it_here() {
    for desk in desks().await {
        let query = desk.asked().await;
        feed(&desk.ctx, "e2", PROTECTED).await;
        assert!(matches!(desk.authorized(&FREE).await, Authorized::Refused));
        assert_eq!(desk.disclosed().await, [], "nothing has left");
        assert_eq!(desk.state(query).await, OutboundState::Refused(shared::partner_query::Refuser::Us));
        assert_eq!(desk.probe(query).await, None, "the prints are gone");
    }
}

#[tokio::test]
async fn what_cis_cannot_say_waits_for_counsel_and_what_it_protects_is_not_asked() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let query = desk.asked().await;
        assert!(matches!(desk.authorized(&CisAnswer::Failed).await, Authorized::Held));
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none());
        let held = holds(ctx, &counsel(ctx)).await.unwrap();
        assert_eq!((held.len(), held[0].held, held[0].is_late), (1, Held::Query(query), false));
        assert_eq!(resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Release, " ").await.unwrap(), Resolved::NoReason);
        let released = resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Release, "CIS was asked by telephone.").await.unwrap();
        assert_eq!(released, Resolved::Done);
        assert_eq!(resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Silence, "Again.").await.unwrap(), Resolved::NotWaiting);
        // The doubt is settled; a plain answer that protects is not.
        assert!(matches!(desk.authorized(&CisAnswer::Protected).await, Authorized::Refused));
        assert_eq!(desk.disclosed().await, []);

        let query = desk.asked().await;
        assert!(matches!(desk.authorized(&CisAnswer::Failed).await, Authorized::Held));
        let held = holds(ctx, &counsel(ctx)).await.unwrap();
        resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Release, "CIS was asked by telephone.").await.unwrap();
        assert!(matches!(desk.authorized(&CisAnswer::Failed).await, Authorized::Send(_)));
        assert_eq!(desk.state(query).await, OutboundState::Q1Sent);
        assert!(matches!(holds(ctx, &raio(ctx)).await, Err(crate::Error::Refused)));
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_unknown_and_goes_again_under_its_number() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.asked().await;
        let Authorized::Send(first) = desk.authorized(&FREE).await else { panic!("it may leave") };
        sent(ctx, Actor::System, &first, Outcome::Unknown).await.unwrap();
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none(), "not at once");
        ctx.clock.advance(chrono::TimeDelta::minutes(3));
        let again = desk.leaves().await;
        assert_eq!(again.transaction_number, first.transaction_number);
        let outcomes: Vec<_> = desk.disclosed().await.into_iter().map(|(outcome, _)| outcome).collect();
        assert_eq!(outcomes, [Some(Told::Unknown), Some(Told::Sent)]);

        // The program ended between the disclosure and its outcome, and meanwhile the person came under protection.
        desk.asked().await;
        assert!(matches!(desk.authorized(&FREE).await, Authorized::Send(_)));
        ctx.clock.advance(chrono::TimeDelta::minutes(3));
        feed(ctx, "e2", PROTECTED).await;
        assert!(matches!(desk.authorized(&FREE).await, Authorized::Refused), "it is not sent a second time");
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none());
        assert_eq!(desk.disclosed().await.last().unwrap().0, Some(Told::Unknown));
    }
}

#[tokio::test]
async fn a_first_answer_tells_what_the_agreement_allows_and_is_accounted_for() {
    for desk in desks().await {
        let answer = desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        assert_eq!(answer.answer, AnswerKind::Partial, "neither the A-Number nor the status is told at the first step");
        let told: Vec<Element> = answer.elements.expose().keys().copied().collect();
        assert_eq!(told, [Element::FullName, Element::BirthDate]);
        assert_eq!(answer.elements.expose()[&Element::FullName], "Ejemplo, Ana");
        assert_eq!(desk.disclosed().await, [(Some(Told::Sent), told.into_iter().collect())]);
        assert!(next_to_answer(&desk.ctx, Actor::System).await.unwrap().is_none(), "once");
    }
}

#[tokio::test]
async fn an_element_that_the_agreement_lacks_is_not_told_from_the_day_on_which_it_lacks_it() {
    for desk in desks().await {
        signed(&desk.ctx, |document| {
            for capability in first(document, Direction::In) {
                capability.elements.retain(|row| row.element != Element::BirthDate);
            }
        })
        .await;
        let answer = desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        let told: Vec<Element> = answer.elements.expose().keys().copied().collect();
        assert_eq!((answer.answer, told), (AnswerKind::Partial, vec![Element::FullName]));
        assert_eq!(desk.disclosed().await, [(Some(Told::Sent), BTreeSet::from([Element::FullName]))]);
    }
}

#[tokio::test]
async fn another_version_is_tried_on_what_was_asked_before_it_was_drafted() {
    use crate::agreement::{Drafted, Opening, draft, read};
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        desk.asked().await;
        ctx.clock.advance(chrono::TimeDelta::seconds(1));
        let mut document = crate::agreement::current(ctx, Partner::Canada, ctx.today()).await.unwrap().unwrap();
        let version = document.version;
        for capability in first(&mut document, Direction::In) {
            capability.elements.retain(|row| row.element != Element::BirthDate);
        }
        let manager = officer(ctx, 90, Role::AgreementsManager);
        let opening = Opening { document, holds_from: ctx.today(), made_from: Some(version) };
        let Drafted::Draft(version) = draft(ctx, &manager, opening).await.unwrap() else { panic!("no draft") };
        let examined = read(ctx, &manager, Partner::Canada, version).await.unwrap().unwrap().examined;
        assert_eq!((examined.dry_run.requests, examined.dry_run.differences.len()), (2, 1));
        let changed = &examined.dry_run.differences[0];
        assert_eq!(changed.elements.iter().map(|(element, _)| *element).collect::<Vec<_>>(), [Element::BirthDate]);

        // What comes while people read it does not change what they sign.
        desk.answer(canada("CA-2026-0000002"), &FREE).await.unwrap();
        let again = read(ctx, &manager, Partner::Canada, version).await.unwrap().unwrap().examined;
        assert_eq!((again.dry_run.requests, again.seen), (2, examined.seen));
    }
}

#[tokio::test]
async fn a_case_is_whose_the_feed_says_until_a_supervisor_says_otherwise() {
    use crate::identity::Manager;
    use crate::identity::account::{NewAccount, add};
    for desk in desks().await {
        let ctx = &desk.ctx;
        let olga = NewAccount {
            sign_in_name: SignInName::parse("olga.officer").unwrap(),
            name: StaffName::parse("Olga Officer").unwrap(),
            email: None,
            office: OfficeCode::parse("NBC").unwrap(),
        };
        let olga = add(ctx, Manager::Operator, &olga).await.unwrap();
        let whose = async || {
            let mut connection = ctx.store.read_primary().await.unwrap();
            store::case_officer::of_case(&mut connection, desk.case).await.unwrap().unwrap().officer_id
        };
        assert_eq!(whose().await, Some(raio(ctx).id()), "a supervisor gave it");
        ctx.clock.advance(chrono::TimeDelta::minutes(1));
        feed(ctx, "e5", r#","assigned_officer":"Olga.Officer""#).await;
        assert_eq!(whose().await, Some(olga));
        let number = ReceiptNumber::parse(NUMBER).unwrap();
        ctx.clock.advance(chrono::TimeDelta::minutes(1));
        assign(ctx, &supervisor(ctx), &number, Some(raio(ctx).id())).await.unwrap();
        ctx.clock.advance(chrono::TimeDelta::minutes(1));
        feed(ctx, "e6", r#","assigned_officer":"olga.officer""#).await;
        assert_eq!(whose().await, Some(raio(ctx).id()), "the source says nothing new");
        ctx.clock.advance(chrono::TimeDelta::minutes(1));
        feed(ctx, "e7", r#","assigned_officer":"ISO-17""#).await;
        assert_eq!(whose().await, None, "no account has that name");
    }
}

#[tokio::test]
async fn an_answer_is_due_by_the_hours_of_the_agreement() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let hours = |capability: &mut Capability| capability.hours.medium = Some(48);
        signed(ctx, |document| document.capabilities.iter_mut().for_each(hours)).await;
        let id = desk.asked().await;
        let first = desk.leaves().await;
        let row = async || mine(ctx, &raio(ctx)).await.unwrap().remove(0);
        assert_eq!(row().await.due_at, Some(ctx.now() + chrono::TimeDelta::hours(48)));
        ctx.clock.advance(chrono::TimeDelta::hours(49));
        assert!(row().await.is_overdue && row().await.id == id);
        desk.hears(vec![reply(&first.transaction_number, ReplyResult::NoMatch)]).await;
        assert_eq!((row().await.due_at, row().await.is_overdue), (None, false), "nothing is awaited any more");

        let asked = PartnerAsk { priority: Priority::Medium, ..canada("CA-2026-0000001") };
        assert!(desk.answer(asked, &CisAnswer::Failed).await.is_none());
        let held = holds(ctx, &counsel(ctx)).await.unwrap();
        assert_eq!(held[0].due_at, Some(ctx.now() + chrono::TimeDelta::hours(48)));
    }
}

#[tokio::test]
async fn a_years_quota_is_used_up_by_queries_and_begins_anew() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        signed(ctx, |document| {
            first(document, Direction::In).for_each(|capability| capability.quota_per_year = Some(1));
            first(document, Direction::Out).for_each(|capability| capability.quota_per_year = Some(1));
        })
        .await;
        let answer = desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        assert_eq!(answer.answer, AnswerKind::Partial, "the one at hand is in the quota");
        let second = desk.answer(canada("CA-2026-0000002"), &FREE).await.unwrap();
        assert_eq!(second.answer, AnswerKind::Refused);

        desk.asked().await;
        desk.leaves().await;
        assert_eq!(desk.faults(&desk.question()).await, [AskFault::Partner(Partner::Canada, Withheld::Quota)]);
        ctx.clock.advance(chrono::TimeDelta::days(366));
        assert_eq!(desk.faults(&desk.question()).await, []);
        let next = desk.answer(canada("CA-2027-0000001"), &FREE).await.unwrap();
        assert_eq!(next.answer, AnswerKind::Partial);
    }
}

#[tokio::test]
async fn a_protected_person_is_answered_as_nobody() {
    for desk in desks_with(PROTECTED).await {
        let ctx = &desk.ctx;
        let protected = desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        let unknown = desk.answer(asked_by(Partner::Canada, "CA-2026-0000002", &["A987654321"]), &FREE).await.unwrap();
        let seen = |answer: &OutgoingAnswer| (answer.answer, answer.elements.expose().clone(), answer.step, answer.is_first_answer);
        assert_eq!(seen(&protected), seen(&unknown));
        assert_eq!(protected.answer, AnswerKind::NoMatch);
        assert_eq!(desk.disclosed().await, [], "nothing was told");
        let log = suppressions(ctx, &officer(ctx, 4, Role::PrivacyOfficer)).await.unwrap();
        assert_eq!(log.iter().map(|row| row.because.as_str()).collect::<Vec<_>>(), ["protected"]);
        assert!(matches!(suppressions(ctx, &counsel(ctx)).await, Err(crate::Error::Refused)));
    }
}

#[tokio::test]
async fn who_was_told_a_match_before_is_refused_and_not_told_that_nobody_is_there() {
    for desk in desks().await {
        assert_eq!(desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap().answer, AnswerKind::Partial);
        feed(&desk.ctx, "e2", PROTECTED).await;
        let later = desk.answer(canada("CA-2026-0000002"), &FREE).await.unwrap();
        assert_eq!((later.answer, later.elements.expose().len()), (AnswerKind::Refused, 0));
        let zealand = desk.answer(asked_by(Partner::NewZealand, "NZ-2026-0000001", &["A900000001"]), &FREE).await.unwrap();
        assert_eq!(zealand.answer, AnswerKind::NoMatch, "another partner never had a match");
    }
}

#[tokio::test]
async fn a_doubt_is_no_answer_and_ident_says_that_nobody_was_found() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        assert!(desk.answer(canada("CA-2026-0000001"), &CisAnswer::Failed).await.is_none());
        let held = holds(ctx, &counsel(ctx)).await.unwrap();
        assert!(held.len() == 1 && held[0].is_late);
        let late = resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Release, "It may be told.").await.unwrap();
        assert_eq!(late, Resolved::TooLate);
        let agreed = resolve(ctx, &counsel(ctx), held[0].id, HoldDecision::Silence, "Nothing is told.").await.unwrap();
        assert_eq!(agreed, Resolved::Done);
        assert!(next_to_answer(ctx, Actor::System).await.unwrap().is_none());
        assert_eq!(desk.disclosed().await, []);
    }
}

#[tokio::test]
async fn numbers_of_two_people_wait_for_counsel() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let other = ANA.replace("A900000001", "A900000002").replace("1990-02-03", "1971-01-01");
        let line = format!(
            r#"{{"event_id":"o1","receipt_number":"EAC9999103404","form":"I-765","category":"C09","applicant":{other},"action":{{"code":"IAA","at":"2026-01-07T14:00:00Z"}}}}"#
        );
        import_lines(ctx, &[line]).await;
        crate::profile::follow_feed(ctx, Actor::System).await.unwrap();
        let both = asked_by(Partner::Canada, "CA-2026-0000001", &["A900000001", "A900000002"]);
        assert!(desk.answer(both, &FREE).await.is_none());
        assert_eq!(holds(ctx, &counsel(ctx)).await.unwrap()[0].because, ["several_people"]);
    }
}

#[tokio::test]
async fn what_the_agreement_lets_nobody_ask_is_refused_whoever_it_is_about() {
    for desk in desks().await {
        let planned = |number, a_number| asked_by(Partner::UnitedKingdom, number, &[a_number]);
        let known = desk.answer(planned("GB-2026-0000001", "A900000001"), &FREE).await.unwrap();
        let unknown = desk.answer(planned("GB-2026-0000002", "A987654321"), &FREE).await.unwrap();
        assert_eq!([known.answer, unknown.answer], [AnswerKind::Refused; 2]);
        assert_eq!(desk.disclosed().await, []);
        let other = PartnerAsk { purpose: Purpose::Citizenship, ..canada("CA-2026-0000001") };
        assert_eq!(desk.answer(other, &FREE).await.unwrap().answer, AnswerKind::Refused);
    }
}

#[tokio::test]
async fn a_request_for_more_goes_to_people_and_silence_takes_its_time() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let request = |number| PartnerAsk { step: Step::Second, is_first_answer: false, ..canada(number) };
        assert!(desk.answer(request("CA-2026-0000001"), &FREE).await.is_none(), "an analyst prepares it");
        feed(ctx, "e2", PROTECTED).await;
        let unknown = PartnerAsk { found: Sensitive::default(), ..request("CA-2026-0000003") };
        for asked in [request("CA-2026-0000002"), unknown] {
            assert!(desk.answer(asked, &FREE).await.is_none(), "not sooner than of anybody else");
            ctx.clock.advance(chrono::TimeDelta::seconds(30));
            let answer = desk.decided(&FREE).await.unwrap();
            assert_eq!((answer.answer, answer.elements.expose().len()), (AnswerKind::NoMatch, 0));
        }
    }
}

#[tokio::test]
async fn where_nothing_is_shared_nothing_answers() {
    for test in contexts().await {
        let ctx = &test.ctx;
        assert!(!ctx.shares());
        assert!(matches!(next_to_send(ctx, Actor::System).await, Err(crate::Error::Refused)));
        assert!(matches!(mine(ctx, &raio(ctx)).await, Err(crate::Error::Refused)));
    }
}
