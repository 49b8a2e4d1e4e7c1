use chrono::TimeDelta;
use shared::answer::{Channel as By, Delivery, Form, Next, Recipient, Rule, Stage, plain_text};
use shared::service_request::{Due, Run};
use store::answer as rows;

use super::*;
use crate::notification::{Content, Failed, Mail};
use crate::service_request::{add_information, view};
use crate::testing::{due, send_all};

async fn deliveries(ctx: &Context, request: Uuid) -> Vec<(Recipient, By, Delivery)> {
    let mut connection = ctx.store.read_primary().await.unwrap();
    let answers = rows::released(&mut connection, request).await.unwrap();
    let of_last = rows::recipients_of(&mut connection, answers.last().unwrap().id).await.unwrap();
    of_last.into_iter().map(|recipient| (recipient.recipient, recipient.channel, recipient.state)).collect()
}

fn about_answers(mails: Vec<Mail>) -> Vec<String> {
    let about = |mail: Mail| match mail.content {
        Content::RequestAnswered { .. } => Some(mail.to.expose().as_str().to_owned()),
        _ => None,
    };
    let mut to: Vec<String> = mails.into_iter().filter_map(about).collect();
    to.sort();
    to
}

fn words(answer: &AnswerView) -> String {
    answer.content.blocks.iter().map(plain_text).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_letter_goes_to_the_person_and_the_representative_and_is_read_online() {
    for test in each().await {
        let ctx = &test.ctx;
        with_representative(ctx, r#","email":"luz@example.org""#).await;
        let request = opened(ctx).await;
        send_all(ctx).await;
        assert_eq!(answered(ctx, request, &good(ctx)).await, 1);
        assert_eq!(state(ctx, request).await, "answered");
        let prepared = [
            (Recipient::Person, By::Email, Delivery::Prepared),
            (Recipient::Person, By::Letter, Delivery::Prepared),
            (Recipient::Representative, By::Email, Delivery::Prepared),
        ];
        assert_eq!(deliveries(ctx, request).await, prepared);
        assert_eq!(about_answers(send_all(ctx).await), ["ana@example.org", "luz@example.org"]);
        let sent: Vec<_> = deliveries(ctx, request).await.into_iter().map(|(.., state)| state).collect();
        assert_eq!(sent, [Delivery::Sent, Delivery::Prepared, Delivery::Sent], "the letter waits for the printer");
        let read = answers_of(ctx, request).await.unwrap();
        assert_eq!((read.len(), read[0].number, read[0].stage, read[0].locale), (1, 1, Stage::Final, Locale::Es));
        let words = words(&read[0]);
        assert!(words.contains("Vamos a hacer otra tarjeta antes del 30 de marzo de 2026."), "{words}");
        for private in ["Ejemplo", "Abogada", "1 Sample Street", "ana@example.org"] {
            assert!(!words.contains(private), "{private}");
        }
        assert!(read[0].content.mail_to.is_empty());
        let view = view(ctx, request).await.unwrap().unwrap();
        assert_eq!(view.reading.run, Run::Stopped);
        assert_eq!(audited(ctx, "answer.release").await, 1);
        let officer = officer(ctx, 9, Role::QualityReviewer);
        let exchanged = exchanged(ctx, &officer, request).await.unwrap().unwrap();
        assert_eq!((exchanged[0].draft.clone(), exchanged[0].recipients.len()), (good(ctx), 3));
    }
}

#[tokio::test]
async fn without_an_address_the_representatives_copy_is_a_letter() {
    for test in each().await {
        let ctx = &test.ctx;
        with_representative(ctx, "").await;
        let request = opened(ctx).await;
        answered(ctx, request, &good(ctx)).await;
        assert_eq!(deliveries(ctx, request).await[2], (Recipient::Representative, By::Letter, Delivery::Prepared));
    }
}

#[tokio::test]
async fn an_interim_answer_leaves_the_clock_running_or_waits_for_the_person() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        let mut interim = good(ctx);
        interim.stage = Stage::Interim(Next::WeGoOn);
        assert_eq!(answered(ctx, request, &interim).await, 1);
        let running = view(ctx, request).await.unwrap().unwrap();
        assert_eq!((state(ctx, request).await.as_str(), running.reading.run), ("opened", Run::Running));
        interim.stage = Stage::Interim(Next::PersonReplies);
        interim.text =
            "Nos falta una copia de su acta de nacimiento para corregir su nombre en la tarjeta.\n\nPor favor, envíela antes \
            del {done_by}."
                .into();
        assert_eq!(answered(ctx, request, &interim).await, 2);
        let waiting = view(ctx, request).await.unwrap().unwrap();
        assert_eq!((state(ctx, request).await.as_str(), waiting.reading.run), ("waiting_for_person", Run::WaitingForPerson));
        assert!(matches!(waiting.reading.due, Due::NotBefore(_)));
        ctx.clock.advance(TimeDelta::hours(1));
        add_information(ctx, request, "Aquí está.").await.unwrap();
        let officer = officer(ctx, 7, Role::Iio);
        let work = work(ctx, &officer, request).await.unwrap().unwrap();
        assert!(work.issues.iter().any(|(issue, _)| *issue == Issue::Addition(1)), "{:?}", work.issues);
        let stages: Vec<_> = answers_of(ctx, request).await.unwrap().iter().map(|answer| answer.stage).collect();
        assert_eq!(stages, [Stage::Interim(Next::WeGoOn), Stage::Interim(Next::PersonReplies)]);
    }
}

#[tokio::test]
async fn what_the_check_finds_does_not_go_out_unless_it_only_warns() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        let me = officer(ctx, 7, Role::Iio);
        let mut draft = good(ctx);
        draft.addressed.remove(&Issue::Explanation);
        save(ctx, &me, request, None, &draft).await.unwrap();
        let Released::Found(findings) = release(ctx, &me, request, 1).await.unwrap() else { panic!("it went out") };
        assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::Issues]);
        assert_eq!((state(ctx, request).await.as_str(), answers_of(ctx, request).await.unwrap().len()), ("opened", 0));
        let mild =
            AnswerSettings { check: CheckSettings { warnings: [Rule::Issues].into(), grade: 9 }, ..AnswerSettings::default() };
        let mild = ctx.clone().with_answers(mild);
        assert_eq!(release(&mild, &me, request, 1).await.unwrap(), Released::Out(1));
        assert_eq!(release(&mild, &me, request, 2).await.unwrap(), Released::NotNow, "once");
    }
}

#[tokio::test]
async fn a_request_that_nobody_has_read_is_not_answered() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = Visitor::new(ctx, 1).file(KIND).await;
        route(ctx, request).await.unwrap();
        let me = officer(ctx, 7, Role::Iio);
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        assert_eq!(release(ctx, &me, request, 1).await.unwrap(), Released::NotNow);
        assert!(answers_of(ctx, request).await.unwrap().is_empty());
        assert_eq!(work(ctx, &me, request).await.unwrap().unwrap().draft, good(ctx), "nothing is lost");
    }
}

#[tokio::test]
async fn chosen_kinds_are_released_by_a_second_person_only() {
    for test in each().await {
        let ctx = &test.ctx.clone().with_answers(AnswerSettings { reviewed: [KIND].into(), ..AnswerSettings::default() });
        let request = opened(ctx).await;
        let (writer, reviewer) = (officer(ctx, 7, Role::Siio), officer(ctx, 8, Role::QualityReviewer));
        save(ctx, &writer, request, None, &good(ctx)).await.unwrap();
        assert_eq!(release(ctx, &writer, request, 1).await.unwrap(), Released::AwaitsReview);
        assert_eq!((state(ctx, request).await.as_str(), answers_of(ctx, request).await.unwrap().len()), ("opened", 0));
        assert_eq!(save(ctx, &writer, request, Some(2), &good(ctx)).await.unwrap(), Saved::NotNow);
        assert_eq!(release(ctx, &writer, request, 2).await.unwrap(), Released::NotNow, "handing in is no release");
        let out = Verdict::Release;
        assert!(matches!(review(ctx, &writer, request, 2, &out).await, Err(Error::Refused)), "nobody reviews their own");
        let stranger = officer_at(ctx, 9, Role::QualityReviewer, "LIN");
        assert!(matches!(review(ctx, &stranger, request, 2, &out).await, Err(Error::Refused)));
        assert!(matches!(review(ctx, &officer(ctx, 9, Role::Iio), request, 2, &out).await, Err(Error::Refused)));
        assert_eq!(to_review(ctx, &reviewer, 5).await.unwrap(), [request]);
        assert!(to_review(ctx, &writer, 5).await.unwrap().is_empty());
        let back = Verdict::GiveBack("Diga el día.".into());
        assert_eq!(review(ctx, &reviewer, request, 2, &back).await.unwrap(), Released::GivenBack);
        let back = work(ctx, &writer, request).await.unwrap().unwrap().under_way.unwrap();
        assert_eq!(back.note.map(|note| note.expose().clone()).as_deref(), Some("Diga el día."));
        assert_eq!(release(ctx, &writer, request, back.version).await.unwrap(), Released::AwaitsReview);
        assert_eq!(review(ctx, &reviewer, request, back.version, &out).await.unwrap(), Released::Changed);
        assert_eq!(review(ctx, &reviewer, request, back.version + 1, &out).await.unwrap(), Released::Out(1));
        assert_eq!(state(ctx, request).await, "answered");
    }
}

#[tokio::test]
async fn a_mail_needs_an_address_and_a_call_is_only_written_down() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = Visitor::new(ctx, 1).types(&[("email", "")]).file(KIND).await;
        route(ctx, request).await.unwrap();
        act(ctx, request, Happening::Opened { officer: OfficerId(7) }).await;
        let me = officer(ctx, 7, Role::Iio);
        let mut draft = good(ctx);
        draft.form = Form::Email;
        save(ctx, &me, request, None, &draft).await.unwrap();
        assert_eq!(release(ctx, &me, request, 1).await.unwrap(), Released::NoAddress(By::Email));
        draft.form = Form::Telephone;
        save(ctx, &me, request, Some(1), &draft).await.unwrap();
        assert_eq!(release(ctx, &me, request, 2).await.unwrap(), Released::Out(1));
        assert_eq!(deliveries(ctx, request).await, [(Recipient::Person, By::Telephone, Delivery::Acknowledged)]);
        assert!(about_answers(send_all(ctx).await).is_empty());
        assert!(words(&answers_of(ctx, request).await.unwrap()[0]).contains("Se lo dijimos por teléfono."));
    }
}

#[tokio::test]
async fn a_mail_that_nobody_takes_has_come_back() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        send_all(ctx).await;
        answered(ctx, request, &good(ctx)).await;
        for row in due(ctx).await {
            crate::notification::settle(ctx, Actor::System, &row, Err(Failed::ForGood("no such mailbox".into()))).await.unwrap();
        }
        assert_eq!(deliveries(ctx, request).await[0], (Recipient::Person, By::Email, Delivery::Returned));
    }
}

#[tokio::test]
async fn an_answer_that_did_not_help_reopens_the_request_once() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        assert_eq!(did_not_help(ctx, request, 1, "why").await.unwrap(), NotHelped::Over, "there is no answer");
        answered(ctx, request, &good(ctx)).await;
        assert_eq!(did_not_help(ctx, request, 1, " \n").await.unwrap(), NotHelped::Empty);
        assert_eq!(did_not_help(ctx, request, 1, &"a".repeat(1001)).await.unwrap(), NotHelped::TooLong);
        assert_eq!(did_not_help(ctx, request, 2, "why").await.unwrap(), NotHelped::Over);
        ctx.clock.advance(TimeDelta::days(2));
        assert_eq!(did_not_help(ctx, request, 1, "No dice el día.").await.unwrap(), NotHelped::Reopened);
        assert_eq!(did_not_help(ctx, request, 1, "Otra vez.").await.unwrap(), NotHelped::Over);
        let reopened = view(ctx, request).await.unwrap().unwrap();
        assert_eq!((state(ctx, request).await.as_str(), reopened.reading.run), ("opened", Run::Running));
        let me = officer(ctx, 7, Role::Iio);
        let next = work(ctx, &me, request).await.unwrap().unwrap();
        assert!(next.issues.iter().any(|(issue, _)| *issue == Issue::NotHelped(1)));
        // The same letter again is what people were criticised for.
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        let Released::Found(findings) = release(ctx, &me, request, 1).await.unwrap() else { panic!("it went out") };
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&Rule::Repetition) && rules.contains(&Rule::Issues), "{rules:?}");
        save(ctx, &me, request, Some(1), &good_again(ctx)).await.unwrap();
        assert_eq!(release(ctx, &me, request, 2).await.unwrap(), Released::Out(2));
        let officer = officer(ctx, 9, Role::QualityReviewer);
        let first = &exchanged(ctx, &officer, request).await.unwrap().unwrap()[0];
        assert_eq!(first.complaint.as_ref().map(|why| why.expose().as_str()), Some("No dice el día."));
        assert_eq!(audited(ctx, "answer.did_not_help").await, 1);
    }
}

#[tokio::test]
async fn an_interim_answer_that_did_not_help_is_noted() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        let mut interim = good(ctx);
        interim.stage = Stage::Interim(Next::WeGoOn);
        answered(ctx, request, &interim).await;
        assert_eq!(did_not_help(ctx, request, 1, "¿Cuándo?").await.unwrap(), NotHelped::Noted);
        assert_eq!(state(ctx, request).await, "opened");
    }
}
