use chrono::Days as SomeDays;
use proptest::prelude::*;

use super::*;
use crate::processing_time::{case_in_question, import, of_form};
use crate::testing::{TestContext, contexts, import_lines, line};

const EDITION: &str = "form,category,category_en,category_es,office,upper,lower,unit,inquiry_date,published,note_en,note_es\n\
    I-765,C09,Pending,Pendiente,NBC,7,,Months,,2026-03-01,,\n\
    I-765,C09,Pending,Pendiente,TSC,6,,Months,,2026-03-01,,\n\
    I-765,C08,Asylum,Asilo,NBC,3,,Months,,2026-03-01,,\n";
const TEN: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// A context with published times and whoever waits, counted.
async fn counted(lines: &[String]) -> Vec<TestContext> {
    let contexts = contexts().await;
    for test in &contexts {
        import(&test.ctx, Actor::Operator, EDITION).await.unwrap();
        import_lines(&test.ctx, lines).await;
        assert!(count(&test.ctx, Actor::System, TEN).await.unwrap());
    }
    contexts
}

/// The event of a case: an I-765 C09 at the NBC unless `more` says otherwise.
fn event(id: u32, code: &str, received: &str, more: &str) -> String {
    let number = format!("EAC9999{:06}", 100_000 + id);
    let line = line(&format!("e{id}-{code}"), &number, code, "2026-03-02T15:00:00Z", "");
    line.replacen('{', &format!(r#"{{"received_on":"{received}","#), 1).replacen(
        r#""office":"NBC""#,
        &format!(r#""office":"NBC"{more}"#),
        1,
    )
}

/// What is told about a case of a number.
async fn told(test: &TestContext, id: u32) -> Option<u64> {
    let case = case_in_question(&test.ctx, &format!("EAC9999{:06}", 100_000 + id)).await.unwrap()?;
    let published = HashMap::from([(case.form.clone(), of_form(&test.ctx, &case.form).await.unwrap())]);
    let wanted = queue_of(&case, &published)?;
    let posting = published[&case.form].iter().find(|posting| queue(posting) == wanted).unwrap();
    let told = before(&test.ctx, &case, posting).await.unwrap()?;
    assert!(told.counted_on <= test.ctx.today());
    Some(told.more_than)
}

fn waiting(ids: std::ops::Range<u32>, received: &str) -> Vec<String> {
    ids.map(|id| event(id, "IAA", received, "")).collect()
}

#[tokio::test]
async fn a_person_learns_how_many_wait_from_an_earlier_date_unless_they_are_few() {
    let mut lines = waiting(0..12, "2026-01-05");
    lines.extend(waiting(12..25, "2026-01-06"));
    lines.extend(waiting(25..26, "2026-02-03"));
    for test in counted(&lines).await {
        assert_eq!(told(&test, 0).await, None, "nobody was before them");
        assert_eq!(told(&test, 12).await, Some(10), "of 12");
        assert_eq!(told(&test, 25).await, Some(20), "of 25");
    }
}

/// Whoever hides or is hidden moves nothing: the number is the same with and without them.
#[tokio::test]
async fn only_who_waits_and_is_shown_stands_in_the_same_queue() {
    let mut lines = waiting(0..11, "2026-01-05");
    lines.extend(waiting(90..91, "2026-02-03"));
    let at = "2026-01-05";
    for id in 20..25 {
        lines.push(event(id, "IAA", at, r#","protection_markers":[{"class_of_admission":"T1"}]"#));
        lines.push(event(id + 10, "FF0", at, ""));
        lines.push(event(id + 20, "DA", at, ""));
        lines.push(event(id + 30, "AFAC", at, ""));
        lines.push(event(id + 40, "LDA", at, ""));
    }
    // Another category, and another office after a transfer.
    lines.extend((30..42).map(|id| event(id + 200, "IAA", at, "").replace("C09", "C08")));
    let moved = r#""action":{"parameters":{"receiving_office":"TSC"},"#;
    lines.extend((50..61).map(|id| event(id + 200, "IP", at, "").replace(r#""action":{"#, moved)));
    lines.push(event(290, "IP", "2026-02-03", "").replace(r#""action":{"#, moved));
    for test in counted(&lines).await {
        assert_eq!(told(&test, 90).await, Some(10), "of 11");
        assert_eq!(told(&test, 290).await, Some(10), "the new office's queue");
        assert_eq!(told(&test, 40).await, None, "whoever was decided waits no longer");
        assert_eq!(told(&test, 20).await, None, "a hidden case is no case");
        // The eleventh becomes hidden; then one more hidden case comes.
        import_lines(
            &test.ctx,
            &[line("t", "EAC9999100010", "FNA", "2026-03-09T15:00:00Z", r#","protection_markers":[{"sealed":true}]"#)],
        )
        .await;
        test.test.clock.advance(TimeDelta::days(1));
        assert!(count(&test.ctx, Actor::System, TEN).await.unwrap());
        assert_eq!(told(&test, 90).await, None, "ten are few");
    }
}

#[tokio::test]
async fn a_day_is_counted_once_and_with_the_highest_threshold() {
    let mut lines = waiting(0..30, "2026-01-05");
    lines.extend(waiting(30..31, "2026-01-06"));
    for test in counted(&lines).await {
        let count = async |threshold| count(&test.ctx, Actor::System, NonZeroU32::new(threshold).unwrap()).await.unwrap();
        import_lines(&test.ctx, &waiting(40..50, "2026-01-05")).await;
        assert!(!count(10).await, "it was counted today");
        assert_eq!(told(&test, 30).await, Some(20), "of 30");
        assert!(count(35).await, "whoever wants more people to pass counts again");
        assert_eq!(told(&test, 30).await, Some(35), "of 40");
        assert!(!count(10).await && !count(35).await);
        assert_eq!(told(&test, 30).await, Some(35));
        test.test.clock.advance(TimeDelta::days(1));
        assert_eq!(told(&test, 30).await, Some(35), "yesterday's holds until there is a newer one");
        assert!(count(10).await);
        assert_eq!(told(&test, 30).await, Some(30), "of 40, with the other threshold");
        let refused = super::count(&test.ctx, Actor::Public, TEN).await;
        assert!(matches!(refused, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn of_two_servers_one_counts_and_one_that_stopped_is_replaced() {
    for test in contexts().await {
        import(&test.ctx, Actor::Operator, EDITION).await.unwrap();
        let wanted = Count { day: test.ctx.today(), threshold: 10 };
        let left = claim(&test.ctx, wanted).await.unwrap().unwrap();
        assert!(!count(&test.ctx, Actor::System, TEN).await.unwrap(), "another server is at it");
        test.test.clock.advance(LEFT_AFTER + TimeDelta::seconds(1));
        assert!(count(&test.ctx, Actor::System, TEN).await.unwrap(), "it was left");
        let mut transaction = test.ctx.store.begin().await.unwrap();
        assert!(!store::waiting::finish(&mut transaction, left, test.ctx.now()).await.unwrap(), "it came back too late");
    }
    for test in contexts().await {
        let (one, other) = tokio::join!(count(&test.ctx, Actor::System, TEN), count(&test.ctx, Actor::System, TEN));
        assert_ne!(one.unwrap(), other.unwrap());
    }
}

/// The number told for a received date, as a look-up finds it.
fn found(steps: &[Step], received: NaiveDate) -> Option<u64> {
    steps.iter().rfind(|step| step.from <= received).map(|step| step.told)
}

proptest! {
    #[test]
    fn what_is_found_is_the_rounded_number_of_those_received_before(
        days in prop::collection::btree_map(0u64..400, 1u64..300, 0..60), asked in 0u64..420, threshold in 1u32..500,
    ) {
        let day = |at| NaiveDate::MIN.checked_add_days(SomeDays::new(at)).unwrap();
        let threshold = NonZeroU32::new(threshold).unwrap();
        let received: Days = days.iter().map(|(at, people)| (day(*at), *people)).collect();
        let steps: Vec<Step> = steps(&received, threshold).collect();
        let naive: u64 = days.iter().filter(|(at, _)| **at < asked).map(|(_, people)| people).sum();
        prop_assert_eq!(found(&steps, day(asked)), more_than(naive, threshold));
        prop_assert!(steps.is_sorted_by(|a, b| a.from < b.from && a.told < b.told));
        prop_assert!(steps.iter().all(|step| step.told >= u64::from(threshold.get())), "no small number is kept");
    }
}

/// The count over the database agrees with asking about each case by itself.
#[tokio::test]
async fn the_count_agrees_with_asking_for_every_case() {
    let mut seed = 7_u32;
    let mut dice = |sides: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % sides
    };
    let mut lines = Vec::new();
    for id in 0..450 {
        let code = ["IAA", "IAF", "FNA", "IK", "DA", "AFAC", "FF0"][dice(7) as usize];
        let hidden = if dice(8) == 0 { r#","protection_markers":[{"class_of_admission":"U1"}]"# } else { "" };
        let line = event(id, code, &format!("2026-01-{:02}", 1 + dice(28)), hidden);
        let line = if dice(3) == 0 { line.replace("C09", ["C08", "C10"][dice(2) as usize]) } else { line };
        lines.push(if dice(3) == 0 { line.replace("NBC", ["TSC", "VSC"][dice(2) as usize]) } else { line });
    }
    for test in counted(&lines).await {
        let mut cases = Vec::new();
        for id in 0..450 {
            if let Some(case) = case_in_question(&test.ctx, &format!("EAC9999{:06}", 100_000 + id)).await.unwrap() {
                cases.push((id, case));
            }
        }
        let mut largest = 0;
        for (id, case) in &cases {
            let same = |other: &&CaseInQuestion| (&other.category, &other.office) == (&case.category, &case.office);
            let others = cases.iter().map(|(_, other)| other).filter(|other| other.waits).filter(same);
            let earlier = others.filter(|other| other.received < case.received).count() as u64;
            let is_published = matches!(
                (case.category.as_ref().unwrap().as_str(), case.office.as_ref().unwrap().as_str()),
                ("C09", "NBC" | "TSC") | ("C08", "NBC")
            );
            let expected = more_than(earlier, TEN).filter(|_| case.waits && is_published);
            assert_eq!(told(&test, *id).await, expected, "{id}: {earlier} before {}", case.received);
            largest = largest.max(expected.unwrap_or(0));
        }
        assert!(largest >= 50, "{largest}");
    }
}
