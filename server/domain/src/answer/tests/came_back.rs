//! Letters that the post office brought back.

use shared::answer::{Channel as By, Delivery, Form, Next, Recipient, Rule, Stage};
use shared::service_request::{MailTrouble, Queue};
use store::answer as rows;

use super::*;
use crate::service_request::{List, counts, list};

/// The letters of the newest answer, each with for whom it is.
async fn letters(ctx: &Context, request: Uuid) -> Vec<(Recipient, Uuid)> {
    let mut connection = ctx.store.read_primary().await.unwrap();
    let answers = rows::released(&mut connection, request).await.unwrap();
    let of_last = rows::recipients_of(&mut connection, answers.last().unwrap().id).await.unwrap();
    of_last.into_iter().filter(|found| found.channel == By::Letter).map(|found| (found.recipient, found.id)).collect()
}

async fn mailed(ctx: &Context, request: Uuid, draft: &Draft) -> Vec<(Recipient, Uuid)> {
    answered(ctx, request, draft).await;
    let office = OfficeCode::parse("NBC").unwrap();
    begin_batch(ctx, &officer(ctx, 7, Role::Iio), &office).await.unwrap().unwrap();
    letters(ctx, request).await
}

async fn with_mail_trouble(ctx: &Context, officer: &Officer) -> Vec<(Uuid, Option<MailTrouble>)> {
    let office = OfficeCode::parse("NBC").unwrap();
    let counted = counts(ctx, officer, &office).await.unwrap();
    let page = list(ctx, officer, &List::of(office, Queue::Mail)).await.unwrap();
    assert_eq!(counted.of(Queue::Mail), page.requests.len() as u64, "the figure is right");
    page.requests.into_iter().map(|shown| (shown.listed.id, shown.listed.placement.mail)).collect()
}

#[tokio::test]
async fn a_letter_that_came_back_opens_the_request_again_among_those_with_trouble() {
    for test in each().await {
        let ctx = &test.ctx;
        with_representative(ctx, "").await;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        let letters = mailed(ctx, request, &good(ctx)).await;
        assert_eq!(letters.iter().map(|(to, _)| *to).collect::<Vec<_>>(), [Recipient::Person, Recipient::Representative]);
        for stranger in [officer_at(ctx, 9, Role::Iio, "LIN"), officer(ctx, 9, Role::QualityReviewer)] {
            assert!(matches!(came_back(ctx, &stranger, request, letters[0].1).await, Err(Error::Refused)));
        }
        assert_eq!(came_back(ctx, &me, request, Uuid::nil()).await.unwrap(), CameBack::NotNow);
        assert_eq!(came_back(ctx, &me, request, letters[1].1).await.unwrap(), CameBack::Noted, "the person may have had theirs");
        assert_eq!((state(ctx, request).await.as_str(), with_mail_trouble(ctx, &me).await.len()), ("answered", 0));
        assert_eq!(came_back(ctx, &me, request, letters[0].1).await.unwrap(), CameBack::Reopened);
        assert_eq!(came_back(ctx, &me, request, letters[0].1).await.unwrap(), CameBack::NotNow, "once");
        assert_eq!(state(ctx, request).await, "opened");
        assert_eq!(with_mail_trouble(ctx, &me).await, [(request, Some(MailTrouble::Returned))]);
        let told = &exchanged(ctx, &me, request).await.unwrap().unwrap()[0].recipients;
        assert!(told.iter().filter(|found| found.channel == By::Letter).all(|found| found.state == Delivery::Returned));
        assert_eq!(audited(ctx, "answer.came_back").await, 2);
    }
}

#[tokio::test]
async fn what_came_back_may_be_said_again_and_is_no_trouble_any_more_then() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        let letters = mailed(ctx, request, &good(ctx)).await;
        came_back(ctx, &me, request, letters[0].1).await.unwrap();
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        assert_eq!(work(ctx, &me, request).await.unwrap().unwrap().findings, [], "it never came");
        assert_eq!(release(ctx, &me, request, 1).await.unwrap(), Released::Out(2));
        assert_eq!(did_not_help(ctx, request, 2, "Otra cosa.").await.unwrap(), NotHelped::Reopened);
        assert!(with_mail_trouble(ctx, &me).await.is_empty(), "the second one came");
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        let found = work(ctx, &me, request).await.unwrap().unwrap().findings;
        assert!(found.iter().any(|finding| finding.rule == Rule::Repetition), "{found:?}");
    }
}

#[tokio::test]
async fn an_interim_letter_that_came_back_is_trouble_of_a_request_that_is_open_anyway() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        let mut interim = good(ctx);
        interim.stage = Stage::Interim(Next::WeGoOn);
        answered(ctx, request, &interim).await;
        let waiting = letters(ctx, request).await[0].1;
        assert_eq!(came_back(ctx, &me, request, waiting).await.unwrap(), CameBack::NotNow, "it was not mailed yet");
        begin_batch(ctx, &me, &OfficeCode::parse("NBC").unwrap()).await.unwrap().unwrap();
        assert_eq!(came_back(ctx, &me, request, waiting).await.unwrap(), CameBack::Noted);
        assert_eq!(with_mail_trouble(ctx, &me).await, [(request, Some(MailTrouble::Returned))]);
        let mut call = good_again(ctx);
        (call.form, call.stage) = (Form::Telephone, Stage::Interim(Next::WeGoOn));
        answered(ctx, request, &call).await;
        assert!(with_mail_trouble(ctx, &me).await.is_empty(), "told by telephone");
    }
}
