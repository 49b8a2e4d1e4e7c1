//! Whatever analysts, reviewers, counsel, OBIM and the job do, in whatever order, and whatever PCQS/CIS says: nothing leaves that may
//! not be told at that moment, or that another person did not release.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

const SEQUENCES: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Free,
    Protected,
    Fails,
}

#[derive(Debug, Clone)]
enum Operation {
    Take,
    /// Keeps a draft that tells these, with or without a document, and sends it to review.
    Prepare(BTreeSet<Element>, bool),
    Check(Says),
    GiveBack,
    Release,
    /// By who prepared it.
    ReleaseOwn,
    Package(Says),
    Fetch(Says),
    Sent,
    NotSent,
    Retry,
    Counsel(bool),
}

fn says() -> impl Strategy<Value = Says> {
    prop_oneof![8 => Just(Says::Free), 1 => Just(Says::Protected), 2 => Just(Says::Fails)]
}

fn operation() -> impl Strategy<Value = Operation> {
    let told = subsequence(TOLD.to_vec(), 0..=3).prop_map(BTreeSet::from_iter);
    prop_oneof![
        2 => Just(Operation::Take),
        4 => (told, any::<bool>()).prop_map(|(told, has_document)| Operation::Prepare(told, has_document)),
        4 => says().prop_map(Operation::Check),
        1 => Just(Operation::GiveBack),
        4 => Just(Operation::Release),
        1 => Just(Operation::ReleaseOwn),
        4 => says().prop_map(Operation::Package),
        4 => says().prop_map(Operation::Fetch),
        1 => Just(Operation::Sent),
        1 => Just(Operation::NotSent),
        2 => Just(Operation::Retry),
        2 => any::<bool>().prop_map(Operation::Counsel),
    ]
}

/// What the rules of this test know of a request. They share nothing with the code that decides.
#[derive(Default)]
struct Known {
    /// What was sent to review last.
    reviewed: Option<BTreeSet<Element>>,
    /// What the other person released.
    released: Option<BTreeSet<Element>>,
    /// PCQS/CIS failed, and counsel looked into it.
    is_settled: bool,
    /// It was silence once.
    is_silent: bool,
}

struct Story<'a> {
    desk: &'a Desk,
    id: Uuid,
    known: Known,
    disclosures: usize,
}

fn answer(says: Says) -> CisAnswer {
    match says {
        Says::Free => CisAnswer::NotProtected,
        Says::Protected => CisAnswer::Protected,
        Says::Fails => CisAnswer::Failed,
    }
}

impl Story<'_> {
    fn happens(&mut self, operation: Operation) -> LocalBoxFuture<'_, ()> {
        Box::pin(async move {
            let (desk, id) = (self.desk, self.id);
            let ctx = &desk.ctx;
            ctx.clock.advance(TimeDelta::seconds(1));
            match operation {
                Operation::Take => {
                    take(ctx, &analyst(ctx), id).await.unwrap();
                }
                Operation::Prepare(told, has_document) => self.prepare(told, has_document).await,
                Operation::Check(says) => self.checks(says).await,
                Operation::GiveBack => {
                    if give_back(ctx, &reviewer(ctx), id, "Why.").await.unwrap() == GivenBack::Done {
                        self.known.released = None;
                    }
                }
                Operation::Release => self.releases().await,
                Operation::ReleaseOwn => {
                    let own = fresh(ctx, 11, Role::IctsReviewer);
                    let hash = desk.seen(&own, id).await.and_then(|view| view.hash).unwrap_or_default();
                    assert_ne!(release(ctx, &own, id, hash).await.unwrap(), Done::Done, "it is their own");
                }
                Operation::Package(says) => {
                    if let Some(due) = next_to_package(ctx, Actor::System).await.unwrap() {
                        package(ctx, Actor::System, &due, &answer(says), &keys()).await.unwrap();
                        self.known.is_silent |= desk.state(id).await == InboundState::Suppressed;
                    }
                }
                Operation::Fetch(says) => self.fetches(says).await,
                Operation::Sent => {
                    sent(ctx, &obim(ctx), id).await.unwrap();
                }
                Operation::NotSent => {
                    not_sent(ctx, &obim(ctx), id, "Their gateway is down.").await.unwrap();
                }
                Operation::Retry => {
                    retry(ctx, &reviewer(ctx), id).await.unwrap();
                }
                Operation::Counsel(may) => {
                    let decision = if may { HoldDecision::Release } else { HoldDecision::Silence };
                    let is_decided = desk.decides(id, decision).await;
                    self.known.is_settled |= is_decided && may;
                    self.known.is_silent |= is_decided && !may;
                }
            }
        })
    }

    async fn prepare(&mut self, told: BTreeSet<Element>, has_document: bool) {
        let (desk, id) = (self.desk, self.id);
        let ctx = &desk.ctx;
        let analyst = analyst(ctx);
        let Some(view) = desk.seen(&analyst, id).await.filter(|view| view.may == May::Prepare) else { return };
        for document in view.documents {
            assert_eq!(remove_document(ctx, &analyst, id, document.id).await.unwrap(), Done::Done);
        }
        if has_document {
            desk.adds(id, b"a passport").await;
        }
        let list: Vec<Element> = told.iter().copied().collect();
        assert_eq!(desk.keeps(id, &list).await, Kept::Kept);
        let sent = send_to_review(ctx, &analyst, id).await.unwrap();
        let is_whole = told.contains(&Element::PassportImage) == has_document;
        assert_eq!(sent == SentToReview::Sent, is_whole, "{sent:?}");
        if is_whole {
            self.known.reviewed = Some(told);
            self.known.released = None;
        }
    }

    async fn checks(&mut self, says: Says) {
        let decided = self.desk.checked(&answer(says)).await;
        if let Some(Decided::Answer(answer)) = decided {
            assert!(answer.elements.expose().is_empty(), "this job tells nothing");
            let outcome = crate::partner_query::Outcome::Sent;
            crate::partner_query::answered(&self.desk.ctx, Actor::System, &answer, outcome).await.unwrap();
            self.known.is_silent = true;
        }
        self.known.is_silent |= self.desk.state(self.id).await == InboundState::Suppressed;
    }

    async fn releases(&mut self) {
        let (desk, id) = (self.desk, self.id);
        let reviewer = reviewer(&desk.ctx);
        let Some(hash) = desk.seen(&reviewer, id).await.and_then(|view| view.hash) else { return };
        if release(&desk.ctx, &reviewer, id, hash).await.unwrap() == Done::Done {
            self.known.released = self.known.reviewed.clone();
        }
    }

    async fn fetches(&mut self, says: Says) {
        let (desk, id) = (self.desk, self.id);
        let was_fetched = desk.state(id).await == InboundState::RetrievedByObim;
        let given = desk.fetches(id, &answer(says)).await;
        self.known.is_silent |= desk.state(id).await == InboundState::Suppressed;
        let disclosed = desk.disclosed().await;
        let Some(package) = given else {
            assert_eq!(disclosed.len(), self.disclosures, "nothing was given");
            return;
        };
        assert!(says == Says::Free || (says == Says::Fails && self.known.is_settled), "{says:?}");
        assert!(!self.known.is_silent, "what was silence once stays silence");
        let released = self.known.released.as_ref().expect("another person released it");
        let (request, opened) = desk.opened(id, &package).await;
        assert_eq!(opened.request, request);
        assert_eq!(opened.reply.elements(), *released, "exactly what was reviewed: nothing else is in the way here");
        assert_eq!(opened.documents.len(), usize::from(released.contains(&Element::PassportImage)));
        let is_new = !was_fetched && !released.is_empty();
        assert_eq!(disclosed.len(), self.disclosures + usize::from(is_new), "told once, and accounted for before");
        self.disclosures = disclosed.len();
        if is_new {
            let (outcome, entry) = disclosed.last().unwrap();
            assert_eq!((*outcome, &entry.elements), (None, released));
            assert_eq!(entry.payload_sha256, store::crypto::sha256(&package));
            assert_ne!(entry.released_by, entry.approved_by);
        }
    }
}

/// Half of the sequences begin where something is released already.
async fn begin(desk: &Desk, number: usize) -> Story<'_> {
    let asked = asks(&format!("CA-2026-{number:07}"));
    let id = desk.asked_with(asked, FREE).await;
    let mut story = Story { desk, id, known: Known::default(), disclosures: desk.disclosed().await.len() };
    if number % 4 < 2 {
        for operation in
            [Operation::Take, Operation::Prepare(BTreeSet::from(TOLD), true), Operation::Check(Says::Free), Operation::Release]
        {
            story.happens(operation).await;
        }
    }
    story
}

#[tokio::test]
async fn nothing_leaves_that_may_not_be_told_and_was_not_released() {
    let desks = desks().await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let sequences = vec(operation(), 1..25);
    let mut given = 0;
    for number in 0..SEQUENCES {
        let desk = &desks[number % desks.len()];
        let operations = sequences.new_tree(&mut runner).unwrap().current();
        let mut story = begin(desk, number + 1).await;
        let before = story.disclosures;
        for operation in operations {
            story.happens(operation).await;
        }
        given += story.disclosures - before;
        quiet(desk, story.id).await;
    }
    assert!(given > 0, "some of them told something");
}

/// A sequence leaves nothing that the next one's job would find.
async fn quiet(desk: &Desk, id: Uuid) {
    let data = desk.ctx.partner_data().unwrap();
    let mut connection = data.store.read_primary().await.unwrap();
    let number = queries::foreign(&mut connection, &data.keys, id).await.unwrap().unwrap().transaction_number;
    drop(connection);
    let sql = format!("UPDATE foreign_query SET state = 'cancelled', next_attempt_at = NULL WHERE transaction_number = '{number}'");
    meddle(&desk.partner.store, &sql).await.unwrap();
}
