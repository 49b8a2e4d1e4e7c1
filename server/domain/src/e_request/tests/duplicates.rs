//! One form is one request, and of one kind about one case only one is under way.

use chrono::TimeDelta;
use futures::future::join_all;
use shared::e_request::{Eligibility, Step};
use shared::service_request::{Happening, OfficerId, RequestKind, State};
use store::testing::meddle;

use super::*;
use crate::service_request::{Happened, happen, route, view, withdraw};

const KIND: RequestKind = RequestKind::TypographicError;

async fn follows(visitor: &Visitor<'_>) -> Option<Uuid> {
    match visitor.answer().await {
        Answer::Record { eligibility: Eligibility::MayAsk(_), follows } => follows,
        other => panic!("{other:?}"),
    }
}

/// What an officer does with a request.
async fn answer_it(ctx: &Context, id: Uuid) {
    route(ctx, id).await.unwrap();
    for happening in [Happening::Opened { officer: OfficerId(1) }, Happening::Answered] {
        let mut transaction = ctx.store.begin().await.unwrap();
        let happened = happen(ctx, &mut transaction, Actor::System, id, &happening, None).await.unwrap();
        assert!(matches!(happened, Happened::Yes(_)), "{happening:?}");
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn while_a_request_is_open_its_state_is_the_answer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let first = Visitor::new(ctx, 1).file(KIND).await;
        let other = Visitor::new(ctx, 2);
        // One day short of thirty.
        for days in [0, 29] {
            test.test.clock.advance(TimeDelta::days(days));
            forget(ctx, other.key).await.unwrap();
            other.walk(KIND, Step::Answer).await;
            let Answer::Open { request, again_from } = other.answer().await else { panic!("it may be asked again") };
            assert_eq!((request.id, again_from.to_string().as_str()), (first, "2026-04-09"));
            assert_eq!(other.save(Step::Answer).await, Saved::GoTo(Step::Answer));
            assert_eq!(other.submit().await, Submitted::GoTo(Step::Answer));
        }
        other.begin(RequestKind::Accommodation).await;
        assert_eq!(follows(&other).await, None, "another kind is another matter");
        assert_eq!(requests(ctx, NUMBER).await, [first]);
    }
}

#[tokio::test]
async fn an_answer_that_was_promised_sooner_need_not_be_waited_for_longer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        // An appointment is soon: seven days.
        let kind = RequestKind::Accommodation;
        let first = Visitor::new(ctx, 1).file(kind).await;
        let other = Visitor::new(ctx, 2);
        test.test.clock.advance(TimeDelta::days(7));
        other.walk(kind, Step::Answer).await;
        let Answer::Open { again_from, .. } = other.answer().await else { panic!("its day is not over") };
        assert_eq!(again_from.to_string(), "2026-03-18");
        test.test.clock.advance(TimeDelta::days(1));
        other.walk(kind, Step::Answer).await;
        assert_eq!(follows(&other).await, Some(first));

        // While the agency waits for the person, its own days stand still.
        route(ctx, first).await.unwrap();
        for happening in [Happening::Opened { officer: OfficerId(1) }, Happening::Asked] {
            let mut transaction = ctx.store.begin().await.unwrap();
            happen(ctx, &mut transaction, Actor::System, first, &happening, None).await.unwrap();
            transaction.commit().await.unwrap();
        }
        let Answer::Open { again_from, .. } = other.answer().await else { panic!("the agency waits for the person") };
        assert_eq!(again_from.to_string(), "2026-04-09");
    }
}

#[tokio::test]
async fn after_its_days_a_new_one_is_linked_and_takes_its_place() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let first = Visitor::new(ctx, 1).file(KIND).await;
        test.test.clock.advance(TimeDelta::days(30));
        let visitor = Visitor::new(ctx, 2);
        visitor.walk(KIND, Step::Check).await;
        assert_eq!(follows(&visitor).await, Some(first));
        let Submitted::Stored(second) = visitor.submit().await else { panic!("not stored") };
        let (new, old) = (row(ctx, second).await, row(ctx, first).await);
        assert_eq!((new.round, new.follows), (2, Some(first)));
        assert_eq!(old.state, "superseded");
        let shown = view(ctx, first).await.unwrap().unwrap();
        assert_eq!(shown.state, State::Superseded { by: new.number });
        assert!(!shown.is_open() && view(ctx, second).await.unwrap().unwrap().is_open());
        let third = Visitor::new(ctx, 3);
        third.walk(KIND, Step::Answer).await;
        assert!(matches!(third.answer().await, Answer::Open { request, .. } if request.id == second), "its days begin anew");
    }
}

#[tokio::test]
async fn what_was_taken_back_or_answered_is_in_nobodys_way() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        let first = visitor.file(KIND).await;
        withdraw(ctx, first).await.unwrap();
        let second = visitor.file(KIND).await;
        assert_eq!((row(ctx, second).await.round, row(ctx, second).await.follows), (2, None));
        answer_it(ctx, second).await;
        let third = visitor.file(KIND).await;
        assert_eq!((row(ctx, third).await.round, row(ctx, third).await.follows), (3, None));
        assert_eq!(row(ctx, first).await.state, "withdrawn");
        assert_eq!(row(ctx, second).await.state, "answered");
    }
}

#[tokio::test]
async fn of_two_sessions_at_once_one_makes_the_request_of_a_round() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let sessions: Vec<Visitor> = (1..9).map(|session| Visitor::new(ctx, session)).collect();
        for round in 1..3 {
            for visitor in &sessions {
                visitor.walk(KIND, Step::Check).await;
            }
            let submitted = join_all(sessions.iter().map(Visitor::submit)).await;
            let stored = submitted.iter().filter(|submitted| matches!(submitted, Submitted::Stored(_))).count();
            let late = submitted.iter().filter(|submitted| **submitted == Submitted::GoTo(Step::Answer)).count();
            assert_eq!((stored, late), (1, 7), "{submitted:?}");
            assert_eq!(requests(ctx, NUMBER).await.len(), round);
            for visitor in &sessions {
                forget(ctx, visitor.key).await.unwrap();
            }
            test.test.clock.advance(TimeDelta::days(30));
        }
    }
}

#[tokio::test]
async fn a_form_that_is_sent_many_times_at_once_is_one_request() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Check).await;
        let submitted = join_all((0..8).map(|_| visitor.submit())).await;
        let ids = requests(ctx, NUMBER).await;
        assert_eq!(ids.len(), 1);
        assert!(
            submitted.iter().all(|submitted| *submitted == Submitted::Stored(ids[0])),
            "everybody is told of it: {submitted:?}"
        );
        assert_eq!(visitor.submit().await, Submitted::Stored(ids[0]));
        let mut connection = ctx.store.read_primary().await.unwrap();
        assert_eq!(store::audit::by_action(&mut connection, "service_request.file").await.unwrap().len(), 1);
        let standing = store::notification::standing(&mut connection).await.unwrap();
        assert!(standing.iter().all(|row| row.rows == 1), "{standing:?}");
    }
}

/// Somebody presses the button, and changes an answer in another window at the same time.
#[tokio::test]
async fn a_draft_that_comes_back_after_it_was_sent_is_still_the_same_request() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Check).await;
        let before = visitor.draft().await;
        let Submitted::Stored(id) = visitor.submit().await else { panic!("not stored") };
        draft::save(ctx, visitor.key, &before).await.unwrap();
        assert_eq!(visitor.submit().await, Submitted::Stored(id));
        assert_eq!(visitor.draft().await.sent, Some(id));
        assert_eq!(requests(ctx, NUMBER).await, [id]);
        withdraw(ctx, id).await.unwrap();
        draft::save(ctx, visitor.key, &before).await.unwrap();
        assert_eq!(visitor.submit().await, Submitted::Stored(id), "even when it was taken back since");
        assert_eq!(requests(ctx, NUMBER).await, [id]);
    }
}

#[tokio::test]
async fn what_fails_half_way_leaves_nothing_and_is_sent_again() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Check).await;
        let before = visitor.draft().await;
        // The last thing that is written for a request, but for its audit entry.
        meddle(&ctx.store, "ALTER TABLE outbox RENAME TO outbox_away").await.unwrap();
        assert!(submit(ctx, visitor.key, Locale::Es).await.is_err());
        meddle(&ctx.store, "ALTER TABLE outbox_away RENAME TO outbox").await.unwrap();
        assert!(requests(ctx, NUMBER).await.is_empty(), "no confirmation, no request");
        assert_eq!(visitor.draft().await, before, "nothing has to be typed again");
        let Submitted::Stored(id) = visitor.submit().await else { panic!("not stored") };
        assert_eq!(requests(ctx, NUMBER).await, [id]);
    }
}
