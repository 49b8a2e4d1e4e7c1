//! Whatever people and officers do, in any order: nothing that was acknowledged is lost, and nothing is there twice.

use std::cell::Cell;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use shared::office::OfficeCode;
use shared::service_request::{Happening, OfficerId, PauseReason, RedirectReason, RequestKind, State, StepName};

use super::*;
use crate::service_request::{Happened, add_information, happen, route, view, withdraw};

const KINDS: [RequestKind; 3] = [RequestKind::OutsideNormalTime, RequestKind::TypographicError, RequestKind::BeneficiaryChange];

/// Something that somebody does. Numbers are of a session, or of a request as they were made.
#[derive(Debug, Clone)]
enum Act {
    Begin(u8, usize),
    /// Sends the page at hand.
    Save(u8),
    /// Fills in a form from where it is to its end, and sends it.
    File(u8, usize),
    Submit(u8),
    /// Both sessions at once, each twice.
    SubmitAll,
    Add(usize),
    Withdraw(usize),
    Route(usize),
    Office(usize, usize),
    Wait(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let session = 1..3u8;
    prop_oneof![
        2 => (session.clone(), 0..KINDS.len()).prop_map(|(session, kind)| Act::Begin(session, kind)),
        2 => session.clone().prop_map(Act::Save),
        4 => (session.clone(), 0..KINDS.len()).prop_map(|(session, kind)| Act::File(session, kind)),
        2 => session.prop_map(Act::Submit),
        2 => Just(Act::SubmitAll),
        1 => (0..6usize).prop_map(Act::Add),
        1 => (0..6usize).prop_map(Act::Withdraw),
        2 => (0..6usize).prop_map(Act::Route),
        3 => (0..6usize, 0..8usize).prop_map(|(request, what)| Act::Office(request, what)),
        2 => prop_oneof![Just(0i64), Just(1), Just(29), Just(31)].prop_map(Act::Wait),
    ]
}

fn by_office(what: usize) -> Happening {
    let officer = OfficerId(7);
    match what {
        0 => Happening::Assigned { officer },
        1 => Happening::Opened { officer },
        2 => Happening::Asked,
        3 => Happening::Paused { reason: PauseReason::FileRequested },
        4 => Happening::Resumed,
        5 => Happening::Redirected { office: OfficeCode::parse("TSC").unwrap(), reason: RedirectReason::OfficeBandwidth },
        6 => Happening::Answered,
        _ => Happening::Reopened,
    }
}

/// One sequence, about a case of its own.
struct Story<'a> {
    test: &'a TestContext,
    number: String,
    acknowledged: Vec<Uuid>,
}

impl<'a> Story<'a> {
    fn visitor(&self, session: u8) -> Visitor<'a> {
        Visitor::new(&self.test.ctx, session).about(&self.number)
    }

    fn note(&mut self, submitted: &Submitted) {
        if let Submitted::Stored(id) = submitted
            && !self.acknowledged.contains(id)
        {
            self.acknowledged.push(*id);
        }
    }

    async fn act(&mut self, act: &Act) {
        let ctx = &self.test.ctx;
        let request = |at: usize| self.acknowledged.get(at).copied();
        match *act {
            Act::Begin(session, kind) => self.visitor(session).begin(KINDS[kind]).await,
            Act::Save(session) => self.save(session).await,
            Act::File(session, kind) => {
                self.visitor(session).begin(KINDS[kind]).await;
                for _ in 0..8 {
                    self.save(session).await;
                }
                let submitted = self.visitor(session).submit().await;
                self.note(&submitted);
            }
            Act::Submit(session) => {
                let submitted = self.visitor(session).submit().await;
                self.note(&submitted);
            }
            Act::SubmitAll => {
                let visitors = [1, 1, 2, 2].map(|session| self.visitor(session));
                for submitted in futures::future::join_all(visitors.iter().map(Visitor::submit)).await {
                    self.note(&submitted);
                }
            }
            Act::Add(at) => {
                if let Some(id) = request(at) {
                    add_information(ctx, id, "One thing more.").await.unwrap();
                }
            }
            Act::Withdraw(at) => {
                if let Some(id) = request(at) {
                    withdraw(ctx, id).await.unwrap();
                }
            }
            Act::Route(at) => {
                if let Some(id) = request(at) {
                    route(ctx, id).await.unwrap();
                }
            }
            Act::Office(at, what) => {
                let Some(id) = request(at) else { return };
                let mut transaction = ctx.store.begin().await.unwrap();
                let happened = happen(ctx, &mut transaction, Actor::System, id, &by_office(what), None).await.unwrap();
                if happened != Happened::Refused {
                    transaction.commit().await.unwrap();
                }
            }
            Act::Wait(days) => self.test.test.clock.advance(TimeDelta::days(days)),
        }
    }

    async fn save(&self, session: u8) {
        let visitor = self.visitor(session);
        if let Some(draft) = draft(visitor.ctx, visitor.key).await.unwrap() {
            visitor.save(draft.step_at_hand(visitor.ctx)).await;
        }
    }

    /// What holds after every act.
    async fn check(&self) {
        let ctx = &self.test.ctx;
        let stored = requests(ctx, &self.number).await;
        let mut acknowledged = self.acknowledged.clone();
        acknowledged.sort();
        let mut sorted = stored.clone();
        sorted.sort();
        assert_eq!(sorted, acknowledged, "what was acknowledged is there, and nothing else");
        let mut of_kind: BTreeMap<RequestKind, Vec<(i64, bool)>> = BTreeMap::new();
        for id in stored {
            let row = row(ctx, id).await;
            // Its events fold, or there would be no view.
            let shown = view(ctx, id).await.unwrap().unwrap();
            assert_eq!((shown.state.key(), &shown.number), (row.state.as_str(), &row.number));
            assert!(shown.steps.iter().any(|step| step.name == StepName::Stored && step.at.is_some()));
            if !matches!(shown.state, State::Paused(..) | State::WaitingForPerson(_)) {
                assert_eq!(shown.reading.due.day(), row.due_on, "the list says what the clock says");
            }
            if let Some(followed) = row.follows {
                let state = view(ctx, followed).await.unwrap().unwrap().state;
                assert_eq!(state, State::Superseded { by: row.number.clone() });
            }
            of_kind.entry(row.kind).or_default().push((row.round, shown.is_open()));
        }
        for (kind, mut requests) in of_kind {
            requests.sort_unstable();
            assert!(requests.iter().filter(|(_, is_open)| *is_open).count() <= 1, "{kind:?}: {requests:?}");
            assert!(requests.iter().map(|(round, _)| *round).eq(1..=i64::try_from(requests.len()).unwrap()), "{requests:?}");
        }
    }
}

#[test]
fn whatever_happens_no_request_is_lost_or_doubled() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let contexts = runtime.block_on(contexts());
    let config = Config { cases: 24, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let (stories, most_rounds) = (Cell::new(0), Cell::new(0));
    let acts = prop::collection::vec(act(), 10..40);
    // The same each time: how long the stories are is asked at the end.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&acts, |acts| {
        stories.set(stories.get() + 1);
        runtime.block_on(async {
            for test in &contexts {
                let number = format!("IOE{:010}", stories.get());
                a_case(&test.ctx, &number).await;
                let mut story = Story { test, number, acknowledged: Vec::new() };
                for session in 1..3 {
                    story.visitor(session).begin(KINDS[usize::from(session)]).await;
                }
                for act in &acts {
                    story.act(act).await;
                    story.check().await;
                }
                crate::report::check_figures(&test.ctx).await;
                most_rounds.set(most_rounds.get().max(story.acknowledged.len()));
                for session in 1..3 {
                    forget(&test.ctx, story.visitor(session).key).await.unwrap();
                }
            }
        });
        Ok(())
    });
    outcome.unwrap();
    assert!(most_rounds.get() > 2, "the stories were too short to say anything");
}
