//! A case that becomes hidden stops answering, wherever somebody is: the form, the link to it, the messages, the request.

use shared::e_request::Step;
use shared::service_request::RequestKind;
use store::notification::{Kind, Outcome};

use super::*;
use crate::notification::{Prepared, prepare, settle_as};
use crate::service_request::{Added, Withdrawn, add_information, view, withdraw};
use crate::testing::{due, send_all};

const KIND: RequestKind = RequestKind::TypographicError;

/// A case of its own for each test: what is hidden once is hidden for good.
async fn cases(ctx: &Context, some: usize) -> Vec<String> {
    let numbers: Vec<String> = (0..some).map(|at| format!("SRC9999{at}02777")).collect();
    for number in &numbers {
        a_case(ctx, number).await;
    }
    numbers
}

#[tokio::test]
async fn between_any_two_pages_the_answer_goes_and_nothing_is_stored() {
    for test in contexts().await {
        let ctx = &test.ctx;
        for (number, step) in
            cases(ctx, 6).await.iter().zip([Step::Answer, Step::Issue, Step::Documents, Step::Person, Step::Contact, Step::Check])
        {
            let visitor = Visitor::new(ctx, 1).about(number);
            forget(ctx, visitor.key).await.unwrap();
            visitor.walk(KIND, step).await;
            hide(ctx, number).await;
            assert!(matches!(visitor.answer().await, Answer::Gone), "{step:?}");
            if step == Step::Check {
                assert_eq!(visitor.submit().await, Submitted::GoTo(Step::Case));
            } else {
                assert_eq!(visitor.save(Step::Answer).await, Saved::GoTo(Step::Case), "{step:?}");
                assert_eq!(visitor.submit().await, Submitted::GoTo(Step::Case), "{step:?}");
            }
            let refused = visitor.draft().await;
            assert!(refused.case.is_none() && refused.is_refused, "{step:?}: as one that never agreed");
            assert_eq!(visitor.save(Step::Case).await, Saved::GoTo(Step::Case), "{step:?}");
            assert!(requests(ctx, number).await.is_empty(), "{step:?}");
        }
    }
}

/// Who sends the page of the case once more as it stands is refused as well, and not led around in a circle.
#[tokio::test]
async fn what_was_proven_once_is_refused_when_it_is_sent_again() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(KIND, Step::Person).await;
        hide(ctx, NUMBER).await;
        assert_eq!(visitor.save(Step::Case).await, Saved::GoTo(Step::Case));
        assert!(visitor.draft().await.is_refused);
    }
}

#[tokio::test]
async fn a_request_is_seen_no_more_and_cannot_be_changed_from_outside() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        let id = visitor.file(KIND).await;
        let number = view(ctx, id).await.unwrap().unwrap().number;
        hide(ctx, NUMBER).await;
        assert!(view(ctx, id).await.unwrap().is_none());
        assert!(sent(ctx, visitor.key).await.unwrap().is_none());
        let question = Question { number: number.grouped(), zip: "22150".into(), ..Question::default() };
        let FollowUp::Kept(kept) = follow_up(ctx, ClientIp([192, 0, 2, 1].into()), &question).await.unwrap() else {
            panic!("it was found")
        };
        assert_eq!(kept_question(ctx, kept).await.unwrap().1, [QuestionProblem::NotRecognised]);
        assert_eq!(add_information(ctx, id, "More.").await.unwrap(), Added::Over);
        assert_eq!(withdraw(ctx, id).await.unwrap(), Withdrawn::Over);
        assert_eq!(row(ctx, id).await.state, "stored", "the office still owes an answer");
        assert_eq!(visitor.submit().await, Submitted::Stored(id), "what was acknowledged is not made twice");
    }
}

/// Who holds a request that is under way learns nothing from the answer of another form either.
#[tokio::test]
async fn an_open_request_is_no_answer_of_a_hidden_case() {
    for test in contexts().await {
        let ctx = &test.ctx;
        Visitor::new(ctx, 1).file(KIND).await;
        let other = Visitor::new(ctx, 2);
        other.walk(KIND, Step::Answer).await;
        assert!(matches!(other.answer().await, Answer::Open { .. }));
        hide(ctx, NUMBER).await;
        assert!(matches!(other.answer().await, Answer::Gone));
    }
}

#[tokio::test]
async fn messages_that_wait_are_dropped_and_a_link_that_was_sent_is_over() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let numbers = cases(ctx, 2).await;
        // A link that has arrived, one that has not, a confirmation and a reminder.
        let keeper = Visitor::new(ctx, 1).about(&numbers[0]);
        keeper.walk(KIND, Step::Person).await;
        assert_eq!(keep_for_later(ctx, keeper.key, "ana@example.org", Locale::En).await.unwrap(), Written::Taken);
        let mails = send_all(ctx).await;
        let crate::notification::Content::KeptForm { token } = &mails[0].content else { panic!("{mails:?}") };
        assert_eq!(keep_for_later(ctx, keeper.key, "ana@example.org", Locale::En).await.unwrap(), Written::Taken);
        let id = Visitor::new(ctx, 2).about(&numbers[0]).file(KIND).await;
        let fresh = FILED.replace("2025-08", "2025-10");
        import_lines(ctx, &[line("fresh", &numbers[1], "IAA", "2025-10-07T15:00:00Z", &fresh)]).await;
        let waiting = Visitor::new(ctx, 3).about(&numbers[1]).types(&[("filed_on_month", "10")]);
        waiting.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
        assert_eq!(remind(ctx, waiting.key, "ana@example.org", Locale::En).await.unwrap(), Written::Taken);
        for number in &numbers {
            hide(ctx, number).await;
        }

        assert_eq!(resume(ctx, Visitor::new(ctx, 4).key, token, "22150").await.unwrap(), Resumed::LinkIsOver);
        let nothing = remind(ctx, waiting.key, "ana@example.org", Locale::En).await.unwrap();
        assert_eq!(nothing, Written::Nothing, "there is no day to wait for");
        test.test.clock.advance(chrono::TimeDelta::days(60));
        let mut became = Vec::new();
        for due in due(ctx).await {
            let Prepared::Done(outcome) = prepare(ctx, Actor::System, &due).await.unwrap() else { panic!("{due:?} is sent") };
            settle_as(ctx, Actor::System, &due, &outcome).await.unwrap();
            became.push((due.kind.key(), outcome));
        }
        became.sort_by_key(|(kind, _)| *kind);
        let dropped = |kind: Kind| (kind.key(), Outcome::Dropped);
        let routed = (Kind::RequestRouting.key(), Outcome::Sent);
        assert_eq!(became, [dropped(Kind::DraftMail), dropped(Kind::Reminder), dropped(Kind::RequestMail), routed]);
        assert_eq!(row(ctx, id).await.state, "routed", "an office has it all the same");
    }
}
