//! From the first page to a stored request, and what is kept of what was typed on the way.

use chrono::{NaiveDate, TimeDelta};
use shared::case_status::ReceiptNumber;
use shared::e_request::{Field, FieldProblem, Step};
use shared::service_request::{RequestKind, Source, StepName};
use store::notification::Kind;

use super::*;
use crate::notification::Content;
use crate::service_request::view;
use crate::testing::{due, send_all};

#[tokio::test]
async fn every_kind_of_request_is_asked_page_by_page_and_stored() {
    for test in contexts().await {
        let ctx = &test.ctx;
        for kind in RequestKind::ONLINE {
            let visitor = Visitor::new(ctx, 1).about(case_for(kind));
            visitor.begin(kind).await;
            for step in visitor.draft().await.rule().steps() {
                assert_eq!(visitor.draft().await.step_at_hand(ctx), step, "{kind:?}");
                let saved = visitor.save(step).await;
                assert!(matches!(saved, Saved::GoTo(next) if next > step || step == Step::Check), "{kind:?}: {step:?} {saved:?}");
            }
            let before = visitor.draft().await;
            let Submitted::Stored(id) = visitor.submit().await else { panic!("{kind:?} was not stored") };
            assert_eq!(sent(ctx, visitor.key).await.unwrap().map(|request| request.id), Some(id), "{kind:?}");

            let (row, rule) = (row(ctx, id).await, before.rule());
            assert_eq!((row.kind, row.source, row.locale, row.round, row.follows), (kind, Source::EReq, Locale::Es, 1, None));
            assert_eq!((row.receipt_number.as_str(), row.state.as_str(), row.target), (case_for(kind), "stored", rule.target));
            let due_on: NaiveDate = if rule.target.days == 7 { "2026-03-17" } else { "2026-04-09" }.parse().unwrap();
            assert_eq!((row.due_on, row.received_at), (due_on, ctx.now()), "{kind:?}");

            let told = told(ctx, id).await;
            assert_eq!(told.typed(Field::Telephone), "202-555-0143");
            let asked = rule.all_asked(&told);
            assert_eq!(keys(told.fields().map(|(field, _)| field)), keys(asked_in_order(&asked)), "{kind:?}: all that is asked");

            let after = visitor.draft().await;
            assert_eq!((after.sent, after.submission, after.answers.fields().count()), (Some(id), before.submission, 0));
        }
    }
}

/// As [`Answers`] keep them.
fn asked_in_order(asked: &[shared::e_request::Asked]) -> impl Iterator<Item = Field> {
    Field::ALL.into_iter().filter(|field| asked.iter().any(|asked| asked.field == *field))
}

#[tokio::test]
async fn a_stored_request_is_confirmed_by_a_mail_without_personal_data_and_given_to_an_office() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(RequestKind::OutsideNormalTime).await;
        let waits: Vec<Kind> = due(ctx).await.iter().map(|due| due.kind).collect();
        assert!(waits.len() == 2 && waits.contains(&Kind::RequestRouting) && waits.contains(&Kind::RequestMail), "{waits:?}");
        // The claim of who was asked and died is over.
        test.test.clock.advance(TimeDelta::minutes(1));
        let mails = send_all(ctx).await;
        let shown = view(ctx, id).await.unwrap().unwrap();
        let content = Content::RequestStored { number: shown.number.grouped(), due_on: "2026-04-09".parse().unwrap() };
        assert_eq!((mails.len(), &mails[0].content, mails[0].locale), (1, &content, Locale::Es));
        assert_eq!(mails[0].to.expose().as_str(), "ana@example.org");
        assert_eq!((shown.state.key(), shown.office.as_deref()), ("routed", Some("NBC")));
        let at = |name| shown.steps.iter().find(|step| step.name == name).unwrap().at;
        assert!([StepName::Received, StepName::Stored, StepName::Routed].into_iter().all(|name| at(name).is_some()));
        assert!([StepName::Opened, StepName::Answered].into_iter().all(|name| at(name).is_none()));
    }
}

#[tokio::test]
async fn who_gives_no_address_of_email_gets_no_mail() {
    for test in contexts().await {
        Visitor::new(&test.ctx, 1).types(&[("email", " ")]).file(RequestKind::TypographicError).await;
        assert!(send_all(&test.ctx).await.is_empty());
    }
}

#[tokio::test]
async fn nobody_skips_a_page() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        assert_eq!(visitor.save(Step::Who).await, Saved::NoDraft);
        assert_eq!(visitor.submit().await, Submitted::NoDraft);
        visitor.begin(RequestKind::TypographicError).await;
        let steps = visitor.draft().await.rule().steps();
        assert_eq!(steps, Step::ALL);
        for (at, step) in steps.iter().enumerate() {
            let before = visitor.draft().await;
            for ahead in &steps[at + 1..] {
                assert_eq!(visitor.save(*ahead).await, Saved::GoTo(*step), "{ahead:?}");
            }
            if *step != Step::Check {
                assert_eq!(visitor.submit().await, Submitted::GoTo(*step));
            }
            assert_eq!(visitor.draft().await, before, "nothing was taken");
            visitor.save(*step).await;
        }
        assert!(requests(ctx, NUMBER).await.is_empty(), "no page but the last sends anything");
    }
}

#[tokio::test]
async fn a_step_that_a_kind_does_not_have_is_no_way_around() {
    for test in contexts().await {
        let visitor = Visitor::new(&test.ctx, 1);
        visitor.walk(RequestKind::OutsideNormalTime, Step::Check).await;
        let before = visitor.draft().await;
        assert_eq!(visitor.save(Step::Documents).await, Saved::GoTo(Step::Check));
        assert_eq!(visitor.draft().await, before);
    }
}

#[tokio::test]
async fn a_mistake_keeps_everything_that_was_typed() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let wrong = Visitor::new(ctx, 1).types(&[("mailing_zip", "2215"), ("filed_on_month", "13"), ("category", "C09")]);
        wrong.begin(RequestKind::TypographicError).await;
        wrong.save(Step::Who).await;
        assert_eq!(wrong.save(Step::Case).await, Saved::GoTo(Step::Case));
        let draft = wrong.draft().await;
        let typed = |field| draft.answers.typed(field);
        assert_eq!((typed(Field::MailingZip), typed(Field::FiledOn), typed(Field::Category)), ("2215", "2025-13-3", "C09"));
        assert_eq!((typed(Field::ReceiptNumber), typed(Field::Form)), (NUMBER, "I-765"));
        let problems = [(Field::FiledOn, FieldProblem::Wrong), (Field::MailingZip, FieldProblem::Wrong)];
        assert_eq!(draft.problems(ctx, Step::Case), problems);
        assert_eq!(draft.problems(ctx, Step::Issue), [], "what nobody has seen yet is no mistake");
        assert!(!draft.is_refused, "it was not compared with anything");

        let long = Visitor::new(ctx, 1).types(&[("explanation", &"á".repeat(1001)), ("correct_text", "")]);
        long.walk_from_here(Step::Issue).await;
        assert_eq!(long.save(Step::Issue).await, Saved::GoTo(Step::Issue));
        let draft = long.draft().await;
        assert_eq!(draft.answers.typed(Field::Explanation).chars().count(), 1001);
        let problems = [(Field::CorrectText, FieldProblem::Missing), (Field::Explanation, FieldProblem::TooLong)];
        assert_eq!(draft.problems(ctx, Step::Issue), problems);
        assert_eq!(Visitor::new(ctx, 1).save(Step::Issue).await, Saved::GoTo(Step::Documents));
    }
}

impl Visitor<'_> {
    async fn walk_from_here(&self, to: Step) {
        let kind = self.draft().await.kind;
        self.walk(kind, to).await;
    }
}

#[tokio::test]
async fn a_mistake_in_what_was_right_closes_the_way_that_was_open() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(RequestKind::TypographicError, Step::Check).await;
        let wrong = visitor.clone().types(&[("birth_date_day", "31"), ("birth_date_month", "2")]);
        assert_eq!(wrong.save(Step::Person).await, Saved::GoTo(Step::Person));
        assert!(!visitor.draft().await.done.contains(&Step::Person));
        assert_eq!(visitor.submit().await, Submitted::GoTo(Step::Person));
        assert_eq!(visitor.save(Step::Person).await, Saved::GoTo(Step::Check), "and the rest was not lost");
    }
}

#[tokio::test]
async fn who_names_another_case_proves_it_anew_and_gets_its_answer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(RequestKind::TypographicError, Step::Check).await;
        let first = visitor.draft().await.case;

        assert_eq!(visitor.clone().types(&[("mailing_zip", "22151")]).save(Step::Case).await, Saved::GoTo(Step::Case));
        let refused = visitor.draft().await;
        assert_eq!((refused.case, refused.is_refused, refused.step_at_hand(ctx)), (None, true, Step::Case));
        assert!(matches!(visitor.answer().await, Answer::Gone));

        assert_eq!(visitor.clone().about(GRANTED).save(Step::Case).await, Saved::GoTo(Step::Answer));
        let other = visitor.draft().await;
        assert!(other.case.is_some() && other.case != first && !other.is_refused);
        assert!(!other.may_see(ctx, Step::Issue), "the answer is another case's");
        assert_eq!(visitor.save(Step::Answer).await, Saved::GoTo(Step::Check), "what else was typed is kept");

        assert_eq!(visitor.clone().about("eac-99-991-03403").save(Step::Case).await, Saved::GoTo(Step::Answer));
        assert_eq!(visitor.draft().await.answers.typed(Field::ReceiptNumber), NUMBER, "as the case has it");
        visitor.save(Step::Answer).await;
        assert_eq!(visitor.save(Step::Case).await, Saved::GoTo(Step::Check), "sent again as it was, nothing has to be done again");
    }
}

#[tokio::test]
async fn another_kind_of_request_keeps_who_asks_and_the_case() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(RequestKind::Accommodation, Step::Contact).await;
        let before = visitor.draft().await;
        visitor.begin(RequestKind::TypographicError).await;
        let after = visitor.draft().await;
        assert_eq!((after.kind, after.case, after.submission), (RequestKind::TypographicError, before.case, before.submission));
        assert_eq!((after.step_at_hand(ctx), &after.answers), (Step::Answer, &before.answers));
        assert_eq!(after.problems(ctx, Step::Issue), [], "the new questions were not tried yet");
        visitor.begin(RequestKind::TypographicError).await;
        assert_eq!(visitor.draft().await, after, "begun again, it is as it was");

        let id = visitor.file(RequestKind::TypographicError).await;
        assert_eq!(told(ctx, id).await.typed(Field::Accommodation), "", "what was typed for another kind goes nowhere");
        visitor.begin(RequestKind::TypographicError).await;
        let anew = visitor.draft().await;
        assert!(anew.sent.is_none() && anew.submission != after.submission && anew.case.is_none(), "after it was sent, a new one");
    }
}

#[tokio::test]
async fn the_number_that_was_looked_up_is_filled_in_but_replaces_none() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        for (offered, kept) in [(NUMBER, NUMBER), (GRANTED, NUMBER)] {
            let offered = ReceiptNumber::parse(offered).unwrap();
            begin(ctx, visitor.key, RequestKind::Accommodation, Some(&offered)).await.unwrap();
            assert_eq!(visitor.draft().await.receipt_number().unwrap().as_str(), kept);
        }
        let refused = begin(ctx, visitor.key, RequestKind::Expedite, None).await;
        assert!(matches!(refused, Err(Error::Refused)), "only staff take it");
        assert_eq!(visitor.draft().await.kind, RequestKind::Accommodation);
    }
}

#[tokio::test]
async fn a_form_is_kept_for_four_hours_after_its_last_change_and_for_its_session_only() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        visitor.walk(RequestKind::Accommodation, Step::Case).await;
        assert!(draft(ctx, Visitor::new(ctx, 2).key).await.unwrap().is_none());
        test.test.clock.advance(TimeDelta::minutes(239));
        visitor.save(Step::Case).await;
        test.test.clock.advance(TimeDelta::minutes(239));
        assert!(draft(ctx, visitor.key).await.unwrap().is_some());
        test.test.clock.advance(TimeDelta::minutes(1));
        assert!(draft(ctx, visitor.key).await.unwrap().is_none());
        assert_eq!(visitor.submit().await, Submitted::NoDraft);

        visitor.walk(RequestKind::Accommodation, Step::Case).await;
        forget(ctx, visitor.key).await.unwrap();
        assert!(draft(ctx, visitor.key).await.unwrap().is_none());
    }
}
