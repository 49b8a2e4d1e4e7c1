//! Answers that are read again, on both engines.

use std::collections::BTreeSet;

use shared::answer::TemplateKey;
use shared::identity::Role;
use shared::office::OfficeCode;
use shared::quality::{Criterion, Draw, Reading, Rule, Score, Scores, Verdict};
use shared::service_request::RequestKind;
use uuid::Uuid;

use super::draw::lot_of;
use super::*;
use crate::answer::tests::{KIND, answered, audited, each, good, good_again, officer, officer_at, opened, state};
use crate::answer::{Released, Saved, Verdict as Before, did_not_help, release, review, save};
use crate::e_request::tests::{FILED, NUMBER, SEALED};
use crate::service_request::{ReadPurpose, file_of};
use crate::testing::{import_lines, line};

const EVERY: Rule = Rule { office: None, kind: None, template: None, draw: Draw::Share(100) };

fn reading(score: Score, note: &str, verdict: Verdict) -> Reading {
    let scores: Scores = Criterion::ALL.into_iter().map(|criterion| (criterion, score)).collect();
    Reading::new(scores, note, Some(verdict)).unwrap()
}

/// A request whose answer went out and was drawn, by officer 7; and the answer.
async fn drawn(ctx: &Context, rule: Rule) -> (Uuid, Uuid) {
    add_rule(ctx, &officer(ctx, 20, Role::QualityReviewer), rule).await.unwrap();
    let request = opened(ctx).await;
    answered(ctx, request, &good(ctx)).await;
    let answers = store::answer::released(&mut ctx.store.read_primary().await.unwrap(), request).await.unwrap();
    (request, answers[0].id)
}

async fn waits(ctx: &Context, reader: &Officer) -> Vec<Uuid> {
    waiting(ctx, reader, 10).await.unwrap().into_iter().map(|row| row.sample.answer).collect()
}

#[tokio::test]
async fn a_lot_follows_from_the_answer_and_the_key_and_a_share_is_a_share() {
    let mut lots: Vec<u16> = Vec::new();
    for test in each().await {
        let of = |number: u128| lot_of(&test.ctx, Uuid::from_u128(number));
        assert!((0..50).all(|number| of(number) == of(number)));
        let below = (0..4000).filter(|number| of(*number) < 1000).count();
        assert!((320..480).contains(&below), "a tenth of 4,000: {below}");
        lots.push(of(1));
    }
    assert_ne!(lots[0], lots[1], "installations have keys of their own");
}

#[tokio::test]
async fn a_rule_draws_from_answers_that_are_released_and_nothing_else() {
    for test in each().await {
        let ctx = &test.ctx;
        let (_, answer) = drawn(ctx, Rule { kind: Some(KIND), ..EVERY }).await;
        assert_eq!(waits(ctx, &officer(ctx, 9, Role::Siio)).await, [answer]);
        assert_eq!(waits(ctx, &officer(ctx, 9, Role::QualityReviewer)).await, [answer]);
        assert!(waits(ctx, &officer_at(ctx, 9, Role::Siio, "LIN")).await.is_empty(), "another office");
        assert!(waits(ctx, &officer(ctx, 7, Role::Siio)).await.is_empty(), "one's own");
        assert!(matches!(waiting(ctx, &officer(ctx, 9, Role::Iio), 10).await, Err(Error::Refused)));
    }
    for test in each().await {
        let ctx = &test.ctx;
        let elsewhere = OfficeCode::parse("LIN").unwrap();
        let quality = officer_at(ctx, 20, Role::QualityReviewer, "LIN");
        add_rule(ctx, &quality, Rule { office: Some(elsewhere), ..EVERY }).await.unwrap();
        let of_template = Rule { template: TemplateKey::parse("mailed"), ..EVERY };
        add_rule(ctx, &quality, of_template).await.unwrap();
        drawn(ctx, Rule { kind: Some(RequestKind::Expedite), ..EVERY }).await;
        assert!(waits(ctx, &officer(ctx, 9, Role::Siio)).await.is_empty(), "rules for something else");
    }
}

#[tokio::test]
async fn the_first_answers_of_an_officer_are_drawn_and_the_next_are_not() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, first) = drawn(ctx, Rule { draw: Draw::FirstOf(1), ..EVERY }).await;
        did_not_help(ctx, request, 1, "No day in it.").await.unwrap();
        answered(ctx, request, &good_again(ctx)).await;
        assert_eq!(waits(ctx, &officer(ctx, 9, Role::Siio)).await, [first]);
    }
}

#[tokio::test]
async fn whoever_wrote_or_released_an_answer_never_reads_it_again() {
    for test in each().await {
        let ctx = &test.ctx;
        let supervisor = officer(ctx, 9, Role::Siio);
        set_reviewed(ctx, &supervisor, &OfficeCode::parse("NBC").unwrap(), &BTreeSet::from([KIND])).await.unwrap();
        add_rule(ctx, &officer(ctx, 20, Role::QualityReviewer), EVERY).await.unwrap();
        let request = opened(ctx).await;
        let writer = officer(ctx, 7, Role::Siio);
        let Saved::Kept(version) = save(ctx, &writer, request, None, &good(ctx)).await.unwrap() else { panic!("not saved") };
        assert_eq!(release(ctx, &writer, request, version).await.unwrap(), Released::AwaitsReview, "as the office has it");
        assert!(waits(ctx, &officer(ctx, 10, Role::Siio)).await.is_empty(), "it is not out yet");
        let released = review(ctx, &supervisor, request, version + 1, &Before::Release).await.unwrap();
        assert_eq!(released, Released::Out(1));
        let answer = waits(ctx, &officer(ctx, 10, Role::Siio)).await[0];
        let verdict = reading_good();
        for own in [&writer, &supervisor] {
            assert!(waits(ctx, own).await.is_empty());
            assert!(matches!(super::reading(ctx, own, answer).await, Err(Error::Refused)));
            assert!(matches!(judge(ctx, own, answer, &verdict).await, Err(Error::Refused)));
        }
        let sql = "UPDATE quality_sample SET read_by = written_by, read_at = drawn_at, verdict = 'good'";
        assert!(store::testing::meddle(&ctx.store, sql).await.is_err(), "nor by a fault of the program");
    }
}

fn reading_good() -> Reading {
    reading(Score::Yes, "", Verdict::Good)
}

#[tokio::test]
async fn an_answer_that_is_sent_back_opens_its_request_with_a_note_that_the_public_never_sees() {
    const WORDS: &str = "Falta decir cómo se pide otra tarjeta.";
    for test in each().await {
        let ctx = &test.ctx;
        let (request, answer) = drawn(ctx, EVERY).await;
        let reader = officer(ctx, 9, Role::QualityReviewer);
        let page = super::reading(ctx, &reader, answer).await.unwrap().unwrap();
        assert!(page.may_judge && !page.names_writer && page.found.is_none());
        assert!(page.back.findings.iter().all(|found| page.back.check.severity(found.rule) != shared::answer::Severity::Blocks));
        assert_eq!(audited(ctx, "quality.read").await, 1);
        assert_eq!(state(ctx, request).await, "answered");
        let verdict = reading(Score::Partly, WORDS, Verdict::SendBack);
        assert_eq!(judge(ctx, &reader, answer, &verdict).await.unwrap(), Judged::SentBack);
        assert_eq!(judge(ctx, &reader, answer, &verdict).await.unwrap(), Judged::NotNow, "once");
        assert_eq!(state(ctx, request).await, "opened");
        let writer = officer(ctx, 7, Role::Iio);
        let file = file_of(ctx, &writer, request, ReadPurpose::Work).await.unwrap();
        assert_eq!(file.notes.iter().map(|note| note.text.expose().as_str()).collect::<Vec<_>>(), [WORDS]);
        assert_eq!(file.listed.placement.officer, Some(writer.officer_id()));
        let public = format!(
            "{:?} {:?}",
            crate::service_request::view(ctx, request).await.unwrap(),
            crate::answer::answers_of(ctx, request).await.unwrap()
        );
        assert!(!public.contains("Falta decir"));
        let own = own_readings(ctx, &writer).await.unwrap();
        assert_eq!((own.len(), own[0].sample.read.unwrap().seen_at), (1, None));
        let page = super::reading(ctx, &writer, answer).await.unwrap().unwrap();
        let (scores, note) = page.found.unwrap();
        assert_eq!((scores.len(), note.unwrap().expose().as_str()), (5, WORDS));
        assert!(own_readings(ctx, &writer).await.unwrap()[0].sample.read.unwrap().seen_at.is_some());
        assert_eq!(audited(ctx, "quality.judge").await, 1);
    }
}

#[tokio::test]
async fn what_was_found_is_seen_by_its_writer_its_reader_and_their_supervisor_alone() {
    for test in each().await {
        let ctx = &test.ctx;
        let (_, answer) = drawn(ctx, EVERY).await;
        let reader = officer(ctx, 9, Role::QualityReviewer);
        assert!(super::reading(ctx, &officer(ctx, 7, Role::Iio), answer).await.is_err(), "nothing was found yet");
        assert_eq!(judge(ctx, &reader, answer, &reading_good()).await.unwrap(), Judged::Kept);
        for (who, names) in [(officer(ctx, 7, Role::Iio), true), (reader, false), (officer(ctx, 12, Role::Siio), true)] {
            let page = super::reading(ctx, &who, answer).await.unwrap().unwrap();
            assert!(!page.may_judge && page.found.is_some());
            assert_eq!(page.names_writer, names);
        }
        let others = [
            officer(ctx, 13, Role::QualityReviewer),
            officer(ctx, 13, Role::Iio),
            officer_at(ctx, 13, Role::Siio, "LIN"),
            officer_at(ctx, 7, Role::Iio, "LIN"),
        ];
        for other in &others {
            assert!(matches!(super::reading(ctx, other, answer).await, Err(Error::Refused)));
        }
        let nbc = OfficeCode::parse("NBC").unwrap();
        assert!(matches!(officer_figures(ctx, &others[0], &nbc).await, Err(Error::Refused)), "a reviewer knows no writers");
        assert!(matches!(officer_figures(ctx, &others[2], &nbc).await, Err(Error::Refused)));
        let figures = officer_figures(ctx, &officer(ctx, 12, Role::Siio), &nbc).await.unwrap();
        assert_eq!((figures.len(), figures[0].officer.0, figures[0].times(Verdict::Good)), (1, 7, 1));
        assert_eq!(figures[0].scores.times(Criterion::Plain, Score::Yes), 1);
        let own = own_figures(ctx, &officer(ctx, 7, Role::Iio)).await.unwrap().unwrap();
        assert_eq!((own.times(Verdict::Good), own.times(Verdict::SendBack)), (1, 0));
        assert!(own_figures(ctx, &officer(ctx, 8, Role::Iio)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_answer_about_a_case_that_is_protected_by_now_is_not_read_here() {
    for test in each().await {
        let ctx = &test.ctx;
        let (_, answer) = drawn(ctx, EVERY).await;
        let reader = officer(ctx, 9, Role::Siio);
        let sealed = format!("{FILED}{SEALED}");
        import_lines(ctx, &[line("sealed", NUMBER, "IAA", "2026-03-10T14:00:00Z", &sealed)]).await;
        assert!(waits(ctx, &reader).await.is_empty());
        assert!(super::reading(ctx, &reader, answer).await.unwrap().is_none());
        assert_eq!(judge(ctx, &reader, answer, &reading_good()).await.unwrap(), Judged::Protected);
        assert_eq!(audited(ctx, "quality.judge").await, 0);
    }
}

#[tokio::test]
async fn templates_are_counted_with_what_came_back() {
    for test in each().await {
        let ctx = &test.ctx;
        add_rule(ctx, &officer(ctx, 20, Role::QualityReviewer), EVERY).await.unwrap();
        let (request, writer, reader) = (opened(ctx).await, officer(ctx, 7, Role::Iio), officer(ctx, 9, Role::Siio));
        let Saved::Kept(version) = save(ctx, &writer, request, None, &good(ctx)).await.unwrap() else { panic!("not saved") };
        note_template(ctx, &writer, request, "mailed").await.unwrap();
        assert!(note_template(ctx, &officer(ctx, 7, Role::QualityReviewer), request, "mailed").await.is_err());
        assert!(template_figures(ctx, &reader).await.unwrap().is_empty(), "nothing went out with it yet");
        assert_eq!(release(ctx, &writer, request, version).await.unwrap(), Released::Out(1));
        let figures = |figures: &TemplateFigures| (figures.key.clone(), figures.released, figures.reopened, figures.sent_back);
        let all = template_figures(ctx, &reader).await.unwrap();
        assert_eq!(all.iter().map(figures).collect::<Vec<_>>(), [("mailed".to_owned(), 1, 0, 0)]);
        let answer = waits(ctx, &reader).await[0];
        judge(ctx, &reader, answer, &reading(Score::No, "Once more.", Verdict::SendBack)).await.unwrap();
        let all = template_figures(ctx, &reader).await.unwrap();
        assert_eq!(all.iter().map(figures).collect::<Vec<_>>(), [("mailed".to_owned(), 1, 1, 1)]);
        assert_eq!(all[0].scores.times(Criterion::Asked, Score::No), 1);
        assert!(matches!(template_figures(ctx, &writer).await, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn rules_and_categories_are_set_by_who_may_at_their_office() {
    for test in each().await {
        let ctx = &test.ctx;
        let nbc = OfficeCode::parse("NBC").unwrap();
        let (supervisor, quality) = (officer(ctx, 9, Role::Siio), officer(ctx, 20, Role::QualityReviewer));
        let here = || Rule { office: Some(nbc.clone()), ..EVERY };
        for refused in [officer(ctx, 7, Role::Iio), officer_at(ctx, 9, Role::Siio, "LIN")] {
            assert!(matches!(add_rule(ctx, &refused, here()).await, Err(Error::Refused)));
            assert!(matches!(set_reviewed(ctx, &refused, &nbc, &BTreeSet::new()).await, Err(Error::Refused)));
        }
        assert!(matches!(add_rule(ctx, &supervisor, EVERY).await, Err(Error::Refused)), "not for all offices");
        assert!(matches!(set_reviewed(ctx, &quality, &nbc, &BTreeSet::new()).await, Err(Error::Refused)));
        let nothing = Rule { draw: Draw::Share(0), ..here() };
        assert!(matches!(add_rule(ctx, &supervisor, nothing).await, Err(Error::Unusable(_))));
        let own = add_rule(ctx, &supervisor, here()).await.unwrap();
        let everywhere = add_rule(ctx, &quality, EVERY).await.unwrap();
        let seen =
            |rules: Vec<(StoredRule, bool)>| rules.into_iter().map(|(stored, may)| (stored.id, may)).collect::<BTreeSet<_>>();
        assert_eq!(seen(rules(ctx, &supervisor).await.unwrap()), [(own, true), (everywhere, false)].into());
        let there = officer_at(ctx, 9, Role::Siio, "LIN");
        assert_eq!(seen(rules(ctx, &there).await.unwrap()), [(everywhere, false)].into());
        assert!(matches!(end_rule(ctx, &there, own).await, Err(Error::Refused)));
        assert!(matches!(end_rule(ctx, &supervisor, everywhere).await, Err(Error::Refused)));
        assert!(end_rule(ctx, &supervisor, own).await.unwrap() && !end_rule(ctx, &supervisor, own).await.unwrap());
        let kinds = BTreeSet::from([KIND, RequestKind::Expedite]);
        set_reviewed(ctx, &supervisor, &nbc, &kinds).await.unwrap();
        set_reviewed(ctx, &supervisor, &nbc, &BTreeSet::from([KIND])).await.unwrap();
        assert_eq!(reviewed(ctx, &supervisor, &nbc).await.unwrap().here, BTreeSet::from([KIND]));
        assert_eq!((audited(ctx, "quality.require_review").await, audited(ctx, "quality.waive_review").await), (2, 1));
        assert_eq!((audited(ctx, "quality.rule").await, audited(ctx, "quality.rule_end").await), (2, 1));
    }
}
