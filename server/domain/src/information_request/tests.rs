//! A request from a partner's question to the package that OBIM sends, on both engines.

mod random;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use futures::future::LocalBoxFuture;
use shared::agreement::{
    Agreement, Capacity, Condition, Direction, Element, Modality, Partner, Priority, Purpose, Recipient, Ruling, Step,
};
use shared::disclosure::{Disclosure, Method, Nature, Outcome as Told};
use shared::document::{DocumentKind, Redaction};
use shared::ident::{Envelope, Found, Incoming, PartnerAsk, Requestor};
use shared::identity::{Grant, Role};
use shared::information_request::{DraftForm, DraftProblem, HeldBack};
use shared::office::OfficeCode;
use shared::partner_query::template::{TemplateKey, starter};
use shared::partner_query::{Failing, InboundState, Message, Referral, ReplyResult, ShortLine, Template, TransactionNumber};
use shared::profile::{Change, Fact, FactKind, ReadPurpose};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use store::crypto::PackageKey;
use store::crypto::hpke::RecipientSecret;
use store::partner_query::{self as queries, Held, HoldDecision};
use store::testing::{TestStore, both_partner, meddle};
use uuid::Uuid;

use super::package::{EntryKind, Opening};
use super::*;
use crate::disclosure::{TellOutcome, notices, tell, trace};
use crate::partner_query::{
    CorrectionChecked, Decided, Outcome, authorize_correction, correction_sent, decide, next_correction, next_to_answer, receive,
    resolve, suppressions, understand,
};
use crate::testing::{TestContext, contexts, import_lines};
use crate::{Actor, Context, Error, Officer};

const NUMBER: &str = "EAC9999103403";
const ANA: &str = r#"{"name":{"family":"Ejemplo","given":"Ana"},"birth_date":"1990-02-03","birth_country":"MEX","citizenship":"MEX","a_number":"A900000001"}"#;
const PROTECTED: &str = r#","protection_markers":[{"class_of_admission":"T1"}]"#;
const FREE: CisAnswer = CisAnswer::NotProtected;

/// Both databases on one engine, agreements in force, and one person.
struct Desk {
    ctx: Context,
    _main: TestContext,
    partner: TestStore,
    profile: Uuid,
}

/// In boxes, as all that waits for much.
fn desks() -> LocalBoxFuture<'static, Vec<Desk>> {
    Box::pin(async move {
        let mut desks = Vec::new();
        for (main, partner) in contexts().await.into_iter().zip(both_partner().await) {
            let ctx = main.ctx.clone().with_partner_data(partner.store.clone(), partner.keys.clone());
            let people = [90, 91, 92].map(Uuid::from_u128);
            crate::agreement::sign_starters(&ctx, &OfficeCode::parse("NBC").unwrap(), people).await.unwrap();
            feed(&ctx, "e1", "").await;
            let mut connection = ctx.store.read_primary().await.unwrap();
            let number = shared::case_status::ReceiptNumber::parse(NUMBER).unwrap();
            let case = store::case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
            let (_, profile) = store::profile::linked(&mut connection, case).await.unwrap().pop().unwrap();
            drop(connection);
            desks.push(Desk { ctx, _main: main, partner, profile });
        }
        desks
    })
}

async fn feed(ctx: &Context, event: &str, more: &str) {
    let at = ctx.now().to_rfc3339();
    let line = format!(
        r#"{{"event_id":"{event}","receipt_number":"{NUMBER}","form":"I-765","category":"C09","applicant":{ANA},"action":{{"code":"IAA","at":"{at}"}}{more}}}"#
    );
    assert_eq!(import_lines(ctx, &[line]).await.quarantined, 0);
    crate::profile::follow_feed(ctx, Actor::System).await.unwrap();
}

/// Has another version of Canada's agreement signed, from today on.
fn signed(ctx: &Context, change: impl FnOnce(&mut Agreement) + 'static) -> LocalBoxFuture<'_, ()> {
    use crate::agreement::{Drafted, Opening, Signed, draft, read, sign};
    Box::pin(async move {
        let mut document = crate::agreement::current(ctx, Partner::Canada, ctx.today()).await.unwrap().unwrap();
        change(&mut document);
        let version = document.version;
        let opening = Opening { document, holds_from: ctx.today(), made_from: Some(version) };
        let Drafted::Draft(version) = draft(ctx, &officer(ctx, 90, Role::AgreementsManager), opening).await.unwrap() else {
            panic!("no draft")
        };
        let mut last = None;
        for (id, role, capacity) in [(91, Role::PrivacyOfficer, Capacity::Privacy), (92, Role::Counsel, Capacity::Counsel)] {
            let signer = fresh(ctx, id, role);
            let seen = read(ctx, &signer, Partner::Canada, version).await.unwrap().unwrap().examined.seen;
            last = Some(sign(ctx, &signer, (Partner::Canada, version), capacity, &seen).await.unwrap());
        }
        assert_eq!(last, Some(Signed::InForce(ctx.today())));
    })
}

fn officer(ctx: &Context, id: u128, role: Role) -> Officer {
    let grant = Grant { role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now())
}

/// Somebody who showed a second factor just now.
fn fresh(ctx: &Context, id: u128, role: Role) -> Officer {
    officer(ctx, id, role).stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)))
}

fn analyst(ctx: &Context) -> Officer {
    officer(ctx, 11, Role::IctsAnalyst)
}

fn reviewer(ctx: &Context) -> Officer {
    fresh(ctx, 12, Role::IctsReviewer)
}

fn obim(ctx: &Context) -> Officer {
    fresh(ctx, 13, Role::ObimAnalyst)
}

fn counsel(ctx: &Context) -> Officer {
    officer(ctx, 3, Role::Counsel)
}

fn bytes_from(first: u8) -> [u8; 32] {
    std::array::from_fn(|at| first + u8::try_from(at).unwrap())
}

fn secret() -> RecipientSecret {
    RecipientSecret::of_bytes(&bytes_from(1)).unwrap()
}

fn keys() -> PackageKeys {
    PackageKeys { ours: PackageKey::of_bytes(&bytes_from(65)).unwrap(), theirs: secret().public().clone() }
}

fn asks(number: &str) -> PartnerAsk {
    let line = |text: &str| ShortLine::parse(text).unwrap();
    PartnerAsk {
        transaction_number: TransactionNumber::parse(number).unwrap(),
        prior: None,
        partner: Partner::Canada,
        step: Step::Third,
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
        asked: BTreeSet::from([Element::FullName, Element::BirthDate, Element::ANumber, Element::PassportImage]),
        justification: Sensitive::default(),
        found: Sensitive::new(Some(Found { a_numbers: vec!["A900000001".into()], ..Found::default() })),
        is_first_answer: false,
        written: Sensitive::default(),
    }
}

/// A draft that tells these, and holds back what else may be told.
fn form(told: &[Element]) -> DraftForm {
    let rest = asks("CA-2026-0000001").asked.into_iter().filter(|element| !told.contains(element));
    DraftForm {
        told: told.iter().map(|element| element.key().to_owned()).collect(),
        held_back: rest.map(|element| (element.key().to_owned(), HeldBack::NotRelevant.key().to_owned())).collect(),
        caveats: "For the visa officer alone.".into(),
        compared_with: "A-File A900000001, paper".into(),
    }
}

const TOLD: [Element; 3] = [Element::FullName, Element::BirthDate, Element::PassportImage];

impl Desk {
    /// A partner asks, and the check is asked for the first time.
    fn asked(&self, number: &'static str) -> LocalBoxFuture<'_, Uuid> {
        self.asked_with(asks(number), FREE)
    }

    fn asked_with(&self, asked: PartnerAsk, cis: CisAnswer) -> LocalBoxFuture<'_, Uuid> {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        Box::pin(async move {
            let cursor = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let number = asked.transaction_number.as_str().to_owned();
            let envelope = Envelope { cursor, id: Uuid::from_u128(cursor.into()), message: Incoming::Ask(Box::new(asked)) };
            assert_eq!(receive(&self.ctx, Actor::System, &[envelope]).await.unwrap(), 1);
            assert_eq!(understand(&self.ctx, Actor::System).await.unwrap(), 1);
            self.checked(&cis).await;
            let mut connection = self.ctx.partner_data().unwrap().store.read_primary().await.unwrap();
            queries::foreign_by_number(&mut connection, Partner::Canada, &number).await.unwrap().unwrap()
        })
    }

    /// The job asks PCQS/CIS about what is due.
    fn checked<'a>(&'a self, cis: &'a CisAnswer) -> LocalBoxFuture<'a, Option<Decided>> {
        Box::pin(async move {
            let due = next_to_answer(&self.ctx, Actor::System).await.unwrap()?;
            Some(decide(&self.ctx, Actor::System, &due, cis).await.unwrap())
        })
    }

    async fn state(&self, id: Uuid) -> InboundState {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        act::state_of(&queries::foreign(&mut connection, &data.keys, id).await.unwrap().unwrap()).unwrap()
    }

    fn seen<'a>(&'a self, officer: &'a Officer, id: Uuid) -> LocalBoxFuture<'a, Option<RequestView>> {
        Box::pin(async move { request(&self.ctx, officer, id).await.unwrap() })
    }

    async fn adds(&self, id: Uuid, content: &[u8]) -> Added {
        let new =
            NewDocument { element: Element::PassportImage, kind: DocumentKind::Png, sha256: [7; 32], content: content.to_vec() };
        add_document(&self.ctx, &analyst(&self.ctx), id, new).await.unwrap()
    }

    async fn keeps(&self, id: Uuid, told: &[Element]) -> Kept {
        let version = self.seen(&analyst(&self.ctx), id).await.unwrap().version;
        keep(&self.ctx, &analyst(&self.ctx), id, version, &form(told)).await.unwrap()
    }

    /// An analyst takes it, prepares it and sends it to review.
    fn prepared<'a>(&'a self, id: Uuid, told: &'a [Element]) -> LocalBoxFuture<'a, ()> {
        Box::pin(async move {
            let ctx = &self.ctx;
            assert_eq!(take(ctx, &analyst(ctx), id).await.unwrap(), Done::Done);
            if told.contains(&Element::PassportImage) {
                assert!(matches!(self.adds(id, b"a passport").await, Added::Added(_)));
            }
            assert_eq!(self.keeps(id, told).await, Kept::Kept);
            assert_eq!(send_to_review(ctx, &analyst(ctx), id).await.unwrap(), SentToReview::Sent);
        })
    }

    fn releases(&self, id: Uuid) -> LocalBoxFuture<'_, Done> {
        Box::pin(async move {
            let hash = self.seen(&reviewer(&self.ctx), id).await.unwrap().hash.unwrap();
            release(&self.ctx, &reviewer(&self.ctx), id, hash).await.unwrap()
        })
    }

    /// From the question to what is released.
    fn released<'a>(&'a self, number: &'static str, told: &'a [Element]) -> LocalBoxFuture<'a, Uuid> {
        Box::pin(async move {
            let id = self.asked(number).await;
            self.prepared(id, told).await;
            self.checked(&FREE).await.expect("the check is asked anew");
            assert_eq!(self.releases(id).await, Done::Done);
            id
        })
    }

    fn packages<'a>(&'a self, cis: &'a CisAnswer) -> LocalBoxFuture<'a, ()> {
        Box::pin(async move {
            // No two disclosures are of one instant.
            self.ctx.clock.advance(TimeDelta::seconds(1));
            let due = next_to_package(&self.ctx, Actor::System).await.unwrap().expect("something is to be packaged");
            package(&self.ctx, Actor::System, &due, cis, &keys()).await.unwrap();
        })
    }

    fn fetches<'a>(&'a self, id: Uuid, cis: &'a CisAnswer) -> LocalBoxFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.ctx.clock.advance(TimeDelta::seconds(1));
            let officer = obim(&self.ctx);
            let due = to_fetch(&self.ctx, &officer, id).await.unwrap()?;
            let Fetch::Fetch { package, bytes, parts } = fetch(&self.ctx, &officer, &due, cis).await.unwrap() else { return None };
            let mut whole = Vec::new();
            for position in 0..parts {
                whole.extend(part(&self.ctx, &officer, package, position).await.unwrap().unwrap());
            }
            assert_eq!(whole.len() as u64, bytes);
            Some(whole)
        })
    }

    async fn disclosed(&self) -> Vec<(Option<Told>, Disclosure)> {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        let all = store::disclosure::of_profile(&mut connection, &data.keys, self.profile).await.unwrap();
        all.into_iter().map(|one| (one.outcome.map(|(outcome, _)| outcome), one.entry)).collect()
    }

    async fn outcomes(&self) -> Vec<Option<Told>> {
        self.disclosed().await.into_iter().map(|(outcome, _)| outcome).collect()
    }

    /// It is where no analyst can tell it from what never came.
    fn is_nowhere(&self, id: Uuid) -> LocalBoxFuture<'_, bool> {
        Box::pin(async move {
            let ctx = &self.ctx;
            let mut is_listed = packages(ctx, &obim(ctx)).await.unwrap().iter().any(|row| row.request == id);
            for officer in [analyst(ctx), reviewer(ctx)] {
                is_listed |= queue(ctx, &officer).await.unwrap().iter().any(|row| row.id == id);
                is_listed |= self.seen(&officer, id).await.is_some();
            }
            !is_listed
        })
    }

    /// Counsel decides on what holds a request.
    fn decides(&self, id: Uuid, decision: HoldDecision) -> LocalBoxFuture<'_, bool> {
        Box::pin(async move {
            let data = self.ctx.partner_data().unwrap();
            let mut connection = data.store.read_primary().await.unwrap();
            let waiting = queries::holds_waiting(&mut connection, &data.keys, 500).await.unwrap();
            drop(connection);
            let Some(hold) = waiting.into_iter().find(|hold| hold.held == Held::Foreign(id)) else { return false };
            let resolved = resolve(&self.ctx, &counsel(&self.ctx), hold.id, decision, "CIS was asked by telephone.").await.unwrap();
            resolved == crate::partner_query::Resolved::Done
        })
    }

    /// The request as it is kept, and what is in a package: request, reply, documents.
    async fn opened(&self, id: Uuid, package: &[u8]) -> (Vec<u8>, Opened) {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        let foreign = queries::foreign(&mut connection, &data.keys, id).await.unwrap().unwrap();
        (foreign.request, Opened::of(package))
    }
}

/// What OBIM has, when it opens a package.
struct Opened {
    request: Vec<u8>,
    reply: shared::partner_query::Reply,
    text: String,
    documents: Vec<Vec<u8>>,
}

impl Opened {
    fn of(package: &[u8]) -> Self {
        let (secret, keys) = (secret(), keys());
        let mut opening = Opening::begin(package, &secret, keys.ours.public()).unwrap();
        let mut contents = Vec::new();
        loop {
            let mut content = Vec::new();
            let Some(kind) = opening.next(&mut content).unwrap().map(|entry| entry.kind) else { break };
            contents.push((kind, content));
        }
        let mut contents = contents.into_iter();
        let (EntryKind::Request, request) = contents.next().unwrap() else { panic!("the request is first") };
        let (EntryKind::Reply, reply) = contents.next().unwrap() else { panic!("the reply is second") };
        let text = String::from_utf8(reply).unwrap();
        let template = Template::from_file(starter(TemplateKey::Of(Partner::Canada)).as_bytes()).unwrap();
        let Message::Reply(reply) = template.read(&text).unwrap() else { panic!("it is no reply") };
        Self { request, reply, text, documents: contents.map(|(_, content)| content).collect() }
    }
}

#[tokio::test]
async fn a_request_goes_from_the_question_to_the_package_that_is_sent() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked("CA-2026-0000001").await;
        let listed = queue(ctx, &analyst(ctx)).await.unwrap();
        assert_eq!((listed.len(), listed[0].state, listed[0].prepared_by), (1, InboundState::Assigned, None));
        let view = desk.seen(&analyst(ctx), id).await.unwrap();
        assert_eq!((view.may, view.profile, view.values.expose().len()), (May::Take, desk.profile, 3));
        desk.prepared(id, &TOLD).await;
        assert_eq!(desk.seen(&reviewer(ctx), id).await.unwrap().may, May::WaitForCheck);
        assert_eq!(desk.releases(id).await, Done::NotChecked);
        desk.checked(&FREE).await.expect("the check is asked anew");
        assert_eq!(desk.seen(&reviewer(ctx), id).await.unwrap().may, May::Review);
        assert_eq!(release(ctx, &reviewer(ctx), id, [0; 32]).await.unwrap(), Done::Changed, "not what was reviewed");
        assert_eq!(desk.releases(id).await, Done::Done);
        desk.packages(&FREE).await;
        assert_eq!(desk.state(id).await, InboundState::HandedToCpms);
        assert!(next_to_package(ctx, Actor::System).await.unwrap().is_none(), "once");
        assert!(desk.disclosed().await.is_empty(), "nothing has left");

        let rows = super::packages(ctx, &obim(ctx)).await.unwrap();
        assert_eq!((rows.len(), rows[0].request, rows[0].fetched), (1, id, None));
        assert_eq!(part(ctx, &obim(ctx), rows[0].package, 0).await.unwrap(), None, "nobody has fetched it");
        let package = desk.fetches(id, &FREE).await.unwrap();
        assert_eq!(store::crypto::sha256(&package), rows[0].sha256);
        let disclosed = desk.disclosed().await;
        let (outcome, entry) = &disclosed[0];
        assert_eq!((disclosed.len(), *outcome, entry.nature, entry.method), (1, None, Nature::Answer, Method::ObimPackage));
        assert_eq!((entry.elements.clone(), entry.documents.len()), (BTreeSet::from(TOLD), 1));
        assert_eq!((entry.payload_sha256, entry.transaction.as_str()), (rows[0].sha256, "CA-2026-0000001"));
        assert_eq!([entry.released_by, entry.approved_by, entry.transmitted_by], [11, 12, 13].map(|id| Some(OfficerId(id))));

        let (request, opened) = desk.opened(id, &package).await;
        assert_eq!(opened.request, request, "byte for byte");
        assert_eq!(opened.documents, [b"a passport".to_vec()]);
        assert_eq!((opened.reply.elements(), opened.reply.result), (BTreeSet::from(TOLD), ReplyResult::Partial));
        assert!(opened.text.contains("Ejemplo, Ana") && !opened.text.contains("900000001"));
        assert!(desk.fetches(id, &FREE).await.is_some(), "it may be fetched again");
        assert_eq!(desk.outcomes().await, [None], "and is told once");

        assert_eq!(sent(ctx, &obim(ctx), id).await.unwrap(), Done::Done);
        assert_eq!(sent(ctx, &obim(ctx), id).await.unwrap(), Done::NotNow);
        assert_eq!(desk.outcomes().await, [Some(Told::Sent)]);
        assert_eq!(part(ctx, &obim(ctx), rows[0].package, 0).await.unwrap(), None, "its bytes are gone");
        let view = desk.seen(&analyst(ctx), id).await.unwrap();
        assert_eq!((view.may, view.release.unwrap().answer), (May::Close, Some(ReplyResult::Partial)));
        assert_eq!(close(ctx, &analyst(ctx), id).await.unwrap(), Done::Done);
        let happened: Vec<String> = desk.seen(&analyst(ctx), id).await.unwrap().happened.into_iter().map(|row| row.event).collect();
        let all = [
            "opened",
            "document_added",
            "kept",
            "sent_to_review",
            "approved",
            "packaged",
            "handed",
            "retrieved",
            "transmitted",
            "closed",
        ];
        assert_eq!(happened, all);
    }
}

#[tokio::test]
async fn who_had_a_part_in_preparing_it_does_not_release_it() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked("CA-2026-0000001").await;
        // Somebody with both roles has it first, and another goes on.
        let both = |id| {
            let grants = [Role::IctsAnalyst, Role::IctsReviewer].map(|role| Grant {
                role,
                office: OfficeCode::parse("NBC").unwrap(),
                starts_at: ctx.now(),
                ends_at: None,
            });
            Officer::new(Uuid::from_u128(id), grants.to_vec(), ctx.now()).stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)))
        };
        assert_eq!(take(ctx, &both(21), id).await.unwrap(), Done::Done);
        desk.prepared(id, &TOLD).await;
        desk.checked(&FREE).await.unwrap();
        let hash = desk.seen(&reviewer(ctx), id).await.unwrap().hash.unwrap();
        for own in [both(21), both(11)] {
            assert_eq!(desk.seen(&own, id).await.unwrap().may, May::Nothing);
            assert_eq!(release(ctx, &own, id, hash).await.unwrap(), Done::OneOfTheTwo);
            assert_eq!(give_back(ctx, &own, id, "Why.").await.unwrap(), GivenBack::OneOfTheTwo);
        }
        let stale = officer(ctx, 12, Role::IctsReviewer);
        assert!(matches!(release(ctx, &stale, id, hash).await, Err(Error::StepUp)));
        assert!(matches!(release(ctx, &analyst(ctx), id, hash).await, Err(Error::Refused)));
        // Not by writing to the database either.
        let own = "UPDATE information_review SET approved_by = prepared_by, approved_at = sent_at";
        assert!(meddle(&desk.partner.store, own).await.is_err());
        meddle(&desk.partner.store, "UPDATE foreign_query SET state = 'approved'").await.unwrap();
        desk.packages(&FREE).await;
        assert_eq!(desk.state(id).await, InboundState::Failed(Failing::Package), "nobody released it");
        assert!(desk.fetches(id, &FREE).await.is_none());
    }
}

#[tokio::test]
async fn what_is_given_back_is_mended_and_reviewed_anew() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked("CA-2026-0000001").await;
        desk.prepared(id, &TOLD).await;
        let before = desk.seen(&reviewer(ctx), id).await.unwrap().hash.unwrap();
        assert_eq!(give_back(ctx, &reviewer(ctx), id, " ").await.unwrap(), GivenBack::NoReason);
        assert_eq!(give_back(ctx, &reviewer(ctx), id, "The date is doubtful.").await.unwrap(), GivenBack::Done);
        let view = desk.seen(&analyst(ctx), id).await.unwrap();
        assert_eq!((view.may, view.returned.as_deref()), (May::Take, Some("The date is doubtful.")));
        ctx.clock.advance(TimeDelta::seconds(1));
        assert_eq!(take(ctx, &analyst(ctx), id).await.unwrap(), Done::Done);
        assert_eq!(desk.keeps(id, &[Element::FullName]).await, Kept::Kept);
        let wrong = vec![DraftProblem::BothToldAndHeldBack(Element::PassportImage)];
        assert_eq!(
            send_to_review(ctx, &analyst(ctx), id).await.unwrap(),
            SentToReview::Wrong(wrong),
            "its document is still there"
        );
        let document = desk.seen(&analyst(ctx), id).await.unwrap().documents[0].id;
        assert_eq!(remove_document(ctx, &analyst(ctx), id, document).await.unwrap(), Done::Done);
        assert_eq!(send_to_review(ctx, &analyst(ctx), id).await.unwrap(), SentToReview::Sent);
        desk.checked(&FREE).await.unwrap();
        assert_eq!(release(ctx, &reviewer(ctx), id, before).await.unwrap(), Done::Changed, "that was another draft");
        assert_eq!(desk.releases(id).await, Done::Done);
        desk.packages(&FREE).await;
        let package = desk.fetches(id, &FREE).await.unwrap();
        let (_, opened) = desk.opened(id, &package).await;
        assert_eq!(opened.reply.elements(), BTreeSet::from([Element::FullName]));
        assert!(opened.documents.is_empty());
    }
}

#[tokio::test]
async fn only_what_is_left_of_a_document_goes_out() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked("CA-2026-0000001").await;
        assert_eq!(desk.adds(id, b"too soon").await, Added::NotNow);
        take(ctx, &analyst(ctx), id).await.unwrap();
        let Added::Added(document) = desk.adds(id, b"a passport with a secret").await else { panic!("it is taken") };
        let in_words = NewDocument { element: Element::FullName, kind: DocumentKind::Pdf, sha256: [0; 32], content: vec![1] };
        assert_eq!(add_document(ctx, &analyst(ctx), id, in_words).await.unwrap(), Added::NotAsked);
        let areas = [Redaction { page: 1, left: 0, top: 0, right: 500, bottom: 500 }];
        let other = officer(ctx, 19, Role::IctsAnalyst);
        let left = || b"a passport".to_vec();
        assert_eq!(redact(ctx, &other, id, document, &areas, left()).await.unwrap(), Done::NotNow, "it is with somebody else");
        for _ in 0..2 {
            assert_eq!(redact(ctx, &analyst(ctx), id, document, &areas, left()).await.unwrap(), Done::Done);
        }
        let seen = super::document(ctx, &reviewer(ctx), id, document).await.unwrap().unwrap();
        assert_eq!((seen.content, seen.row.areas.len()), (left(), 2));
        assert!(matches!(super::document(ctx, &obim(ctx), id, document).await, Err(Error::Refused)));
        assert_eq!(desk.keeps(id, &TOLD).await, Kept::Kept);
        assert_eq!(send_to_review(ctx, &analyst(ctx), id).await.unwrap(), SentToReview::Sent);
        assert_eq!(redact(ctx, &analyst(ctx), id, document, &areas, left()).await.unwrap(), Done::NotNow, "it is reviewed");
        desk.checked(&FREE).await.unwrap();
        assert_eq!(desk.releases(id).await, Done::Done);
        desk.packages(&FREE).await;
        let package = desk.fetches(id, &FREE).await.unwrap();
        assert_eq!(desk.opened(id, &package).await.1.documents, [left()]);
    }
}

#[tokio::test]
async fn who_comes_under_protection_after_the_release_is_told_of_to_nobody() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let before_fetching = desk.released("CA-2026-0000001", &TOLD).await;
        desk.packages(&FREE).await;
        let before_packaging = desk.released("CA-2026-0000002", &TOLD).await;
        feed(ctx, "e2", PROTECTED).await;
        for id in [before_packaging, before_fetching] {
            assert!(desk.is_nowhere(id).await, "from this moment on");
        }
        desk.packages(&FREE).await;
        assert!(desk.fetches(before_fetching, &FREE).await.is_none());
        for id in [before_packaging, before_fetching] {
            assert_eq!(desk.state(id).await, InboundState::Suppressed);
            assert!(desk.fetches(id, &FREE).await.is_none());
            assert!(desk.is_nowhere(id).await);
        }
        assert!(desk.disclosed().await.is_empty());
        let log = suppressions(ctx, &officer(ctx, 4, Role::PrivacyOfficer)).await.unwrap();
        assert_eq!(log.len(), 2, "privacy officers alone know");

        // The silent answer goes out by itself, and leaves the request where nobody sees it.
        ctx.clock.advance(TimeDelta::minutes(1));
        for _ in 0..2 {
            let Some(Decided::Answer(answer)) = desk.checked(&FREE).await else { panic!("silence is due") };
            assert!(answer.elements.expose().is_empty());
            crate::partner_query::answered(ctx, Actor::System, &answer, crate::partner_query::Outcome::Sent).await.unwrap();
        }
        for id in [before_packaging, before_fetching] {
            assert_eq!(desk.state(id).await, InboundState::Transmitted);
            assert!(desk.is_nowhere(id).await);
            assert_eq!(close(ctx, &analyst(ctx), id).await.unwrap(), Done::NotNow);
        }
    }
}

#[tokio::test]
async fn a_doubt_goes_to_counsel_and_what_comes_back_is_released_anew() {
    for desk in desks().await {
        let id = desk.released("CA-2026-0000001", &TOLD).await;
        desk.packages(&CisAnswer::Failed).await;
        assert_eq!(desk.state(id).await, InboundState::Referred(Referral::Release));
        assert!(desk.is_nowhere(id).await);
        assert!(desk.decides(id, HoldDecision::Release).await);
        assert_eq!(desk.state(id).await, InboundState::InReview);
        assert_eq!(desk.releases(id).await, Done::NotChecked, "the check is asked anew");
        desk.checked(&CisAnswer::Failed).await.unwrap();
        assert_eq!(desk.releases(id).await, Done::Done);
        desk.packages(&CisAnswer::Failed).await;
        assert_eq!(desk.state(id).await, InboundState::HandedToCpms, "counsel settled this doubt");
        assert!(desk.fetches(id, &CisAnswer::Protected).await.is_none(), "and no other answer");
        assert_eq!(desk.state(id).await, InboundState::Suppressed);
        assert!(desk.disclosed().await.is_empty());
    }
}

#[tokio::test]
async fn what_the_agreement_lacks_since_does_not_leave_and_is_left_out_of_the_next_package() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.released("CA-2026-0000001", &TOLD).await;
        desk.packages(&FREE).await;
        signed(ctx, |document| {
            for capability in document.capabilities.iter_mut().filter(|one| one.direction == Direction::In) {
                capability.elements.retain(|row| row.element != Element::PassportImage);
            }
        })
        .await;
        assert!(desk.fetches(id, &FREE).await.is_none());
        assert_eq!(desk.state(id).await, InboundState::Failed(Failing::Package));
        assert!(desk.disclosed().await.is_empty());
        assert_eq!(desk.seen(&reviewer(ctx), id).await.unwrap().may, May::Retry);
        assert!(matches!(retry(ctx, &analyst(ctx), id).await, Err(Error::Refused)));
        assert_eq!(retry(ctx, &reviewer(ctx), id).await.unwrap(), Done::Done);
        desk.packages(&FREE).await;
        let package = desk.fetches(id, &FREE).await.unwrap();
        let (_, opened) = desk.opened(id, &package).await;
        assert_eq!(opened.reply.elements(), BTreeSet::from([Element::FullName, Element::BirthDate]));
        assert!(opened.documents.is_empty());
        assert_eq!(desk.disclosed().await[0].1.elements, opened.reply.elements());
    }
}

#[tokio::test]
async fn what_could_not_be_sent_was_not_told_and_is_packaged_anew() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.released("CA-2026-0000001", &TOLD).await;
        desk.packages(&FREE).await;
        assert_eq!(not_sent(ctx, &obim(ctx), id, "Not fetched.").await.unwrap(), GivenBack::NotNow);
        let first = desk.fetches(id, &FREE).await.unwrap();
        assert_eq!(not_sent(ctx, &obim(ctx), id, "").await.unwrap(), GivenBack::NoReason);
        assert_eq!(not_sent(ctx, &obim(ctx), id, "Their gateway is down.").await.unwrap(), GivenBack::Done);
        assert_eq!(desk.outcomes().await, [Some(Told::Refused)]);
        assert!(desk.fetches(id, &FREE).await.is_none());
        assert_eq!(retry(ctx, &reviewer(ctx), id).await.unwrap(), Done::Done);
        desk.packages(&FREE).await;
        let second = desk.fetches(id, &FREE).await.unwrap();
        assert!(first != second, "it is made anew");
        assert_eq!(sent(ctx, &obim(ctx), id).await.unwrap(), Done::Done);
        assert_eq!(desk.outcomes().await, [Some(Told::Refused), Some(Told::Sent)]);
    }
}

#[tokio::test]
async fn what_an_agreement_leaves_to_counsel_is_told_once_counsel_says_so() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        signed(ctx, |document| {
            let rows = document.capabilities.iter_mut().flat_map(|capability| capability.elements.iter_mut());
            rows.filter(|row| row.element == Element::PassportImage).for_each(|row| row.condition = Condition::ReferToCounsel);
        })
        .await;
        let id = desk.asked("CA-2026-0000001").await;
        assert_eq!(desk.state(id).await, InboundState::Referred(Referral::Intake));
        assert!(desk.is_nowhere(id).await, "it is counsel's");
        let held = crate::partner_query::holds(ctx, &counsel(ctx)).await.unwrap();
        assert_eq!(held[0].because, [r#"{"element":"passport_image"}"#]);
        assert!(desk.decides(id, HoldDecision::Release).await);
        desk.checked(&FREE).await.expect("the check is asked anew");
        assert_eq!(desk.state(id).await, InboundState::Assigned, "and does not come back to counsel");
        let decision = desk.seen(&analyst(ctx), id).await.unwrap().decision;
        assert_eq!(decision.elements[&Element::PassportImage], Ruling::Allow);
        desk.prepared(id, &TOLD).await;
        desk.checked(&FREE).await.expect("the check is asked anew");
        assert_eq!(desk.releases(id).await, Done::Done);
        desk.packages(&FREE).await;
        let package = desk.fetches(id, &FREE).await.unwrap();
        assert_eq!(desk.opened(id, &package).await.1.reply.elements(), BTreeSet::from(TOLD));

        let silent = desk.asked("CA-2026-0000002").await;
        assert!(desk.decides(silent, HoldDecision::Silence).await);
        assert!(desk.is_nowhere(silent).await);
        assert_eq!(desk.disclosed().await.len(), 1);
    }
}

/// A privacy officer proposes another birth date, somebody else agrees, and the privacy officer has it told.
async fn sets_the_birth_date_right(desk: &Desk) {
    let ctx = &desk.ctx;
    let privacy = fresh(ctx, 6, Role::PrivacyOfficer);
    crate::profile::open(ctx, &privacy, desk.profile, ReadPurpose::Redress).await.unwrap();
    let right = Change::Add(Fact::parse(FactKind::BirthDate, &["1990-02-04"], ctx.today()).unwrap());
    let proposed = crate::profile::propose(ctx, &privacy, desk.profile, &right, "The passport says so.").await.unwrap();
    let crate::profile::Proposed::Waits(correction) = proposed else { panic!("{proposed:?}") };
    let decided = crate::profile::decide(ctx, &officer(ctx, 7, Role::IctsReviewer), desk.profile, correction, true).await.unwrap();
    assert_eq!(decided, crate::profile::Decided::Done);
    assert_eq!(trace(ctx, Actor::System).await.unwrap(), 1, "the package told it");
    let told = notices(ctx, &privacy).await.unwrap().open.remove(0).notice.id;
    assert_eq!(tell(ctx, &privacy, told).await.unwrap(), TellOutcome::OnItsWay);
}

#[tokio::test]
async fn what_is_set_right_later_is_told_and_the_request_says_so() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.released("CA-2026-0000001", &TOLD).await;
        desk.packages(&FREE).await;
        desk.fetches(id, &FREE).await.unwrap();
        assert_eq!(sent(ctx, &obim(ctx), id).await.unwrap(), Done::Done);
        Box::pin(sets_the_birth_date_right(&desk)).await;
        ctx.clock.advance(TimeDelta::seconds(1));
        let due = next_correction(ctx, Actor::System).await.unwrap().unwrap();
        let checked = authorize_correction(ctx, Actor::System, &due, &FREE).await.unwrap();
        let CorrectionChecked::Send(outgoing) = checked else { panic!("it may leave: {checked:?}") };
        assert_eq!(outgoing.elements, BTreeSet::from([Element::BirthDate]));
        assert_eq!(desk.state(id).await, InboundState::Transmitted, "it has not left");
        correction_sent(ctx, Actor::System, &outgoing, Outcome::Sent).await.unwrap();
        assert_eq!(desk.state(id).await, InboundState::Corrected);
        assert_eq!(desk.outcomes().await, [Some(Told::Sent), Some(Told::Sent)]);
        assert!(desk.seen(&analyst(ctx), id).await.unwrap().happened.iter().any(|row| row.event == "corrected"));
    }
}

#[tokio::test]
async fn an_answer_that_tells_nothing_is_sent_and_is_no_disclosure() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.released("CA-2026-0000001", &[]).await;
        desk.packages(&FREE).await;
        let package = desk.fetches(id, &FREE).await.unwrap();
        let (_, opened) = desk.opened(id, &package).await;
        assert_eq!((opened.reply.result, opened.reply.tells()), (ReplyResult::Refused, false));
        assert!(opened.reply.caveats.is_empty() && opened.documents.is_empty());
        assert_eq!(sent(ctx, &obim(ctx), id).await.unwrap(), Done::Done);
        assert!(desk.disclosed().await.is_empty());
        assert_eq!(desk.state(id).await, InboundState::Transmitted);
    }
}

#[tokio::test]
async fn what_others_ask_meanwhile_takes_nothing_from_a_request() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        signed(ctx, |document| {
            let third = document.capabilities.iter_mut().filter(|one| one.direction == Direction::In && one.step == Step::Third);
            third.for_each(|capability| capability.quota_per_year = Some(1));
        })
        .await;
        let id = desk.asked("CA-2026-0000001").await;
        let late = desk.asked("CA-2026-0000002").await;
        assert!(desk.is_nowhere(late).await, "the quota is used up");
        desk.prepared(id, &TOLD).await;
        desk.checked(&FREE).await.expect("the check is asked anew");
        assert_eq!(desk.releases(id).await, Done::Done);
        desk.packages(&FREE).await;
        assert!(desk.fetches(id, &FREE).await.is_some());
    }
}

#[tokio::test]
async fn a_draft_is_kept_of_whom_it_is_with_and_of_what_may_be_told() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let id = desk.asked("CA-2026-0000001").await;
        take(ctx, &analyst(ctx), id).await.unwrap();
        let version = desk.seen(&analyst(ctx), id).await.unwrap().version;
        let other = officer(ctx, 19, Role::IctsAnalyst);
        assert_eq!(keep(ctx, &other, id, version, &form(&TOLD)).await.unwrap(), Kept::NotNow);
        assert_eq!(keep(ctx, &analyst(ctx), id, version - 1, &form(&TOLD)).await.unwrap(), Kept::NotNow);
        let more = DraftForm { held_back: BTreeMap::new(), ..form(&[Element::FullName, Element::Watchlist]) };
        let Kept::Wrong(problems) = keep(ctx, &analyst(ctx), id, version, &more).await.unwrap() else { panic!("it is wrong") };
        assert!(problems.contains(&DraftProblem::NotAllowed(Element::Watchlist)));
        assert!(desk.seen(&analyst(ctx), id).await.unwrap().draft.is_none(), "it is kept nowhere");
        assert_eq!(desk.keeps(id, &TOLD).await, Kept::Kept);
        let missing = vec![DraftProblem::DocumentMissing(Element::PassportImage)];
        assert_eq!(send_to_review(ctx, &analyst(ctx), id).await.unwrap(), SentToReview::Wrong(missing));
        assert_eq!(take(ctx, &other, id).await.unwrap(), Done::Done, "somebody else goes on");
        assert_eq!(desk.seen(&other, id).await.unwrap().draft.unwrap().told, BTreeSet::from(TOLD));
        for nobody in [obim(ctx), counsel(ctx)] {
            assert!(matches!(queue(ctx, &nobody).await, Err(Error::Refused)));
            assert!(matches!(request(ctx, &nobody, id).await, Err(Error::Refused)));
        }
        assert!(matches!(super::packages(ctx, &analyst(ctx)).await, Err(Error::Refused)));
        assert!(matches!(take(ctx, &reviewer(ctx), id).await, Err(Error::Refused)));
    }
}
