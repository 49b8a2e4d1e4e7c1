//! A case that is protected from one moment to the next.

use shared::answer::Command;

use super::*;
use crate::e_request::tests::hide;
use crate::notification::Content;
use crate::testing::send_all;

#[tokio::test]
async fn protection_is_asked_at_release_at_sending_at_printing_and_at_reading() {
    for test in each().await {
        let ctx = &test.ctx;
        let (answered_before, me) = (opened(ctx).await, officer(ctx, 7, Role::Siio));
        send_all(ctx).await;
        answered(ctx, answered_before, &good(ctx)).await;
        hide(ctx, NUMBER).await;
        let mails = send_all(ctx).await;
        assert!(!mails.iter().any(|mail| matches!(mail.content, Content::RequestAnswered { .. })), "no mail goes out");
        let office = OfficeCode::parse("NBC").unwrap();
        assert!(begin_batch(ctx, &me, &office).await.unwrap().is_none(), "no letter is printed");
        assert!(answers_of(ctx, answered_before).await.unwrap().is_empty());
        assert!(document(ctx, answered_before, 1).await.unwrap().is_none());
        assert_eq!(did_not_help(ctx, answered_before, 1, "why").await.unwrap(), NotHelped::Over);
        assert!(work(ctx, &me, answered_before).await.unwrap().is_none());
        assert!(exchanged(ctx, &me, answered_before).await.unwrap().is_none());
        assert!(preview(ctx, &me, answered_before).await.unwrap().is_none());
        assert!(copy(ctx, &me, answered_before, 1, None).await.unwrap().is_none());
        assert!(under_way(ctx, &me, answered_before).await.unwrap().is_none());
        assert!(ask_case_system(ctx, &me, answered_before, &Command::RemailCard).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_letter_that_lies_in_a_batch_is_left_out_once_its_case_is_protected() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Siio));
        answered(ctx, request, &good(ctx)).await;
        let office = OfficeCode::parse("NBC").unwrap();
        let batch = begin_batch(ctx, &me, &office).await.unwrap().unwrap().batch;
        assert_eq!(batch_at_hand(ctx, &me, batch).await.unwrap().unwrap().1.letters.len(), 1);
        hide(ctx, NUMBER).await;
        assert!(batch_at_hand(ctx, &me, batch).await.unwrap().is_none(), "nothing of it is left");
        assert!(batches(ctx, &me, &office).await.unwrap().is_empty());
        assert!(begin_batches(ctx, Actor::Operator).await.unwrap().is_empty());
        assert_eq!(audited(ctx, "answer.leave_out").await, 1);
    }
}

#[tokio::test]
async fn what_was_begun_and_never_laid_down_is_looked_at_again() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Siio));
        answered(ctx, request, &good(ctx)).await;
        begin_batch(ctx, &me, &OfficeCode::parse("NBC").unwrap()).await.unwrap().unwrap();
        assert_eq!(begin_batches(ctx, Actor::Operator).await.unwrap().len(), 1);
        hide(ctx, NUMBER).await;
        assert!(begin_batches(ctx, Actor::Operator).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_answer_that_was_written_before_is_not_released_after() {
    for test in each().await {
        let ctx = &test.ctx.clone().with_answers(AnswerSettings { reviewed: [KIND].into(), ..AnswerSettings::default() });
        let (writer, reviewer) = (officer(ctx, 7, Role::Iio), officer(ctx, 8, Role::QualityReviewer));
        let request = opened(ctx).await;
        save(ctx, &writer, request, None, &good(ctx)).await.unwrap();
        assert_eq!(release(ctx, &writer, request, 1).await.unwrap(), Released::AwaitsReview);
        hide(ctx, NUMBER).await;
        assert_eq!(review(ctx, &reviewer, request, 2, &Verdict::Release).await.unwrap(), Released::Protected);
        assert_eq!(state(ctx, request).await, "opened");
        assert!(second_reading(ctx, &reviewer, request).await.unwrap().is_none());
        let plain = &test.ctx;
        assert_eq!(save(plain, &writer, request, Some(2), &good(ctx)).await.unwrap(), Saved::NotNow);
    }
}
