//! Answers that are read again, on both engines: after the tests of answers, with what those leave.

use chrono::TimeDelta;
use shared::answer::TemplateKey;
use shared::case_status::ReceiptNumber;
use shared::office::OfficeCode;
use shared::quality::{Criterion, Draw, Reading, Rule, Score, Scores, Verdict};
use shared::service_request::RequestKind;
use uuid::Uuid;

use crate::quality::{sample as sample_of, *};
use crate::testing::{TestStore, both};
use crate::{answer, case_feed, service_request};

const READER: Uuid = Uuid::from_u128(13);

/// Runs every statement once. [`super::answer::run`] came before.
#[expect(clippy::too_many_lines, reason = "each statement once, in the order of a reading")]
pub async fn run(test: &TestStore) {
    let (keys, now) = (&test.keys, test.clock.now());
    let mut transaction = test.store.begin().await.unwrap();
    let case = case_feed::case_id(&mut transaction, &ReceiptNumber::parse("EAC9999103499").unwrap()).await.unwrap().unwrap();
    let request = service_request::of_case(&mut transaction, case).await.unwrap()[0];
    // The second one is the last full answer.
    let last = answer::released(&mut transaction, request).await.unwrap().pop().unwrap();
    let [nbc, lin] = ["NBC", "LIN"].map(|code| OfficeCode::parse(code).unwrap());
    let mailed = TemplateKey::parse("mailed").unwrap();

    let rule = |office: Option<&OfficeCode>, draw| StoredRule {
        id: test.clock.new_id(),
        rule: Rule { office: office.cloned(), kind: Some(RequestKind::Expedite), template: Some(mailed.clone()), draw },
        made_by: READER,
        made_at: now,
    };
    let share = rule(Some(&nbc), Draw::Share(100));
    let first = StoredRule { made_at: now + chrono::TimeDelta::seconds(1), ..rule(None, Draw::FirstOf(5)) };
    for stored in [&share, &first] {
        add_rule(&mut transaction, stored).await.unwrap();
    }
    let in_use: Vec<Rule> = rules(&mut transaction).await.unwrap().into_iter().map(|stored| stored.rule).collect();
    assert_eq!(in_use, [share.rule.clone(), first.rule.clone()]);
    assert!(end_rule(&mut transaction, first.id, READER, now).await.unwrap());
    assert!(!end_rule(&mut transaction, first.id, READER, now).await.unwrap());
    assert_eq!(rules(&mut transaction).await.unwrap().len(), 1);

    let kind = RequestKind::Expedite;
    assert!(require_review(&mut transaction, &nbc, kind, READER, now).await.unwrap());
    assert!(!require_review(&mut transaction, &nbc, kind, READER, now).await.unwrap());
    assert!(
        needs_review(&mut transaction, &nbc, kind).await.unwrap() && !needs_review(&mut transaction, &lin, kind).await.unwrap()
    );
    assert_eq!(reviewed_kinds(&mut transaction, &nbc).await.unwrap(), [kind]);
    assert!(
        waive_review(&mut transaction, &nbc, kind).await.unwrap() && !waive_review(&mut transaction, &nbc, kind).await.unwrap()
    );

    for _ in 0..2 {
        use_template(&mut transaction, last.id, &mailed).await.unwrap();
    }
    assert_eq!(templates_of(&mut transaction, last.id).await.unwrap(), ["mailed"]);
    note_release(&mut transaction, last.id, now).await.unwrap();
    let used = async |connection: &mut crate::engine::Connection| {
        let uses = template_uses(connection, now - TimeDelta::days(1)).await.unwrap();
        uses.into_iter().map(|one| (one.template, one.released, one.reopened, one.sent_back)).collect::<Vec<_>>()
    };
    let month = TimeDelta::days(30);
    note_reopened(&mut transaction, request, now, now + month).await.unwrap();
    assert_eq!(used(&mut transaction).await, [("mailed".to_owned(), 1, 0, 0)], "it went out too long ago");
    note_reopened(&mut transaction, request, now, now - month).await.unwrap();
    note_sent_back(&mut transaction, last.id, now).await.unwrap();
    assert_eq!(used(&mut transaction).await, [("mailed".to_owned(), 1, 1, 1)]);
    assert!(template_uses(&mut transaction, now + month).await.unwrap().is_empty());
    assert!(earlier_of_writer(&mut transaction, last.written_by, 1).await.unwrap() <= 1);

    let sample = Sample {
        answer: last.id,
        request,
        office: nbc.clone(),
        written_by: last.written_by,
        released_by: last.released_by.unwrap(),
        drawn_at: now,
        read: None,
    };
    assert!(add_sample(&mut transaction, &sample, share.id).await.unwrap());
    assert!(!add_sample(&mut transaction, &sample, share.id).await.unwrap());
    let waits = async |connection: &mut crate::engine::Connection, office: &OfficeCode, reader| {
        waiting(connection, office, reader, 5).await.unwrap().len()
    };
    assert_eq!(waits(&mut transaction, &nbc, READER).await, 1);
    assert_eq!((waits(&mut transaction, &nbc, last.written_by).await, waits(&mut transaction, &lin, READER).await), (0, 0));
    assert!(of_writer(&mut transaction, last.written_by, 5).await.unwrap().is_empty());
    let scores_of: Scores = Criterion::ALL.into_iter().map(|criterion| (criterion, Score::Partly)).collect();
    let reading = Reading::new(scores_of.clone(), "Say when.", Some(Verdict::SendBack)).unwrap();
    assert!(judge(&mut transaction, keys, (last.id, case), &reading, (READER, now)).await.unwrap());
    assert!(!judge(&mut transaction, keys, (last.id, case), &reading, (READER, now)).await.unwrap(), "once");
    let (kept, note) = found(&mut transaction, keys, (last.id, case)).await.unwrap();
    assert_eq!((kept, note.unwrap().expose().as_str()), (scores_of, "Say when."));
    assert_eq!(waits(&mut transaction, &nbc, READER).await, 0);
    seen(&mut transaction, last.id, now).await.unwrap();
    let read = sample_of(&mut transaction, last.id).await.unwrap().unwrap().read.unwrap();
    assert_eq!((read.by, read.verdict, read.seen_at), (READER, Verdict::SendBack, Some(now)));
    assert_eq!(of_writer(&mut transaction, last.written_by, 5).await.unwrap().len(), 1);
    let since = now - month;
    for whose in [Whose::Office(&nbc), Whose::Writer(last.written_by)] {
        assert_eq!(verdicts(&mut transaction, whose, since).await.unwrap(), [(last.written_by, Verdict::SendBack, 1)]);
        assert_eq!(scores(&mut transaction, whose, since).await.unwrap().len(), 5);
    }
    assert!(verdicts(&mut transaction, Whose::Office(&lin), since).await.unwrap().is_empty());
    let of_templates = template_scores(&mut transaction, since).await.unwrap();
    assert_eq!((of_templates.len(), of_templates[0].of.as_str(), of_templates[0].times), (5, "mailed", 1));
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_note_opens_at_its_own_answer_only_and_nobody_reads_their_own() {
    for test in both().await {
        super::answer::run(&test).await;
        run(&test).await;
        for own in ["written_by", "released_by"] {
            let sql = format!("UPDATE quality_sample SET read_by = {own}");
            assert!(crate::testing::meddle(&test.store, &sql).await.is_err(), "{own}");
        }
        assert_eq!(crate::testing::meddle(&test.store, "UPDATE quality_sample SET note = NULL").await.unwrap(), 1);
        let borrowed = "UPDATE quality_sample SET note = (SELECT content FROM answer WHERE answer.id = quality_sample.answer_id)";
        assert_eq!(crate::testing::meddle(&test.store, borrowed).await.unwrap(), 1);
        let mut connection = test.store.read().await.unwrap();
        let case = case_feed::case_id(&mut connection, &ReceiptNumber::parse("EAC9999103499").unwrap()).await.unwrap().unwrap();
        let request = service_request::of_case(&mut connection, case).await.unwrap()[0];
        let answer = answer::released(&mut connection, request).await.unwrap().pop().unwrap().id;
        assert!(found(&mut connection, &test.keys, (answer, case)).await.is_err(), "another column's bytes do not open here");
    }
}
