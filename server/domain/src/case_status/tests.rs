use chrono::TimeDelta;
use shared::case_status::{CaseStatusView, Day, LookUpAnswer, Stage, Timing};
use shared::locale::Locale;

use super::limits::LimitSettings;
use super::{answer, calendar_file, kept_answer, save_failures};
use crate::testing::{contexts, contexts_with, import_lines, line};
use crate::{Actor, ClientIp, Context, office};

const NUMBER: &str = "EAC9999103403";

fn client() -> ClientIp {
    ClientIp("192.0.2.1".parse().unwrap())
}

async fn shown(ctx: &Context, locale: Locale) -> CaseStatusView {
    match kept_answer(ctx, NUMBER, locale).await.unwrap() {
        LookUpAnswer::Shown { case } => *case,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_case_is_told_in_both_languages() {
    for test in contexts().await {
        let offices = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n";
        office::import(&test.ctx, Actor::Operator, offices).await.unwrap();
        let lines = [line("e1", NUMBER, "IAA", "2026-01-08T03:30:00Z", ""), line("e2", NUMBER, "FF0", "2026-02-09T15:00:00Z", "")];
        assert_eq!(import_lines(&test.ctx, &lines).await.added, 2);
        let english = shown(&test.ctx, Locale::En).await;
        assert_eq!(english.title, "Case Was Received");
        // 03:30 UTC is still the day before in the agency's zone.
        assert!(english.description.starts_with("On January 7, 2026, "), "{}", english.description);
        assert!(english.description.contains("Form I-765, Application for Employment Authorization"), "{}", english.description);
        assert!(english.description.contains(NUMBER));
        assert_eq!(english.updated.iso, "2026-01-07", "the fraud unit's event is no update");
        assert_eq!(english.history.len(), 1);
        assert_eq!(english.stage, Stage::Received);
        let spanish = shown(&test.ctx, Locale::Es).await;
        assert!(spanish.description.starts_with("El 7 de enero de 2026, "), "{}", spanish.description);
        assert!(spanish.description.contains("Formulario I-765, "));
    }
}

#[tokio::test]
async fn a_day_that_has_passed_is_not_promised() {
    for test in contexts().await {
        // It is March 10; the notice should come within 30 days.
        import_lines(&test.ctx, &[line("e1", NUMBER, "IAA", "2026-02-08T15:00:00Z", "")]).await;
        for (locale, day) in [(Locale::En, "by March 10, 2026, call us."), (Locale::Es, "para el 10 de marzo de 2026 no ha")] {
            let view = shown(&test.ctx, locale).await;
            assert!(view.next_step.unwrap().contains(day), "the last day counts");
            assert_eq!(view.timing, None, "the text says when to call");
        }
        test.test.clock.advance(TimeDelta::days(1));
        for locale in Locale::ALL {
            let view = shown(&test.ctx, locale).await;
            let next_step = view.next_step.unwrap();
            assert!(!next_step.is_empty() && !next_step.contains("2026"), "{next_step}");
            assert_eq!(view.timing, Some(Timing::ShouldHaveCome));
        }
    }
}

#[tokio::test]
async fn the_day_to_act_is_told_until_it_passes() {
    for test in contexts().await {
        // A letter came back: call within 30 days.
        import_lines(&test.ctx, &[line("e1", NUMBER, "HB", "2026-02-08T15:00:00Z", "")]).await;
        let act_by = |text: &str| Some(Timing::ActBy(Day { iso: "2026-03-10".into(), text: text.into() }));
        assert_eq!(shown(&test.ctx, Locale::En).await.timing, act_by("March 10, 2026"));
        assert_eq!(shown(&test.ctx, Locale::Es).await.timing, act_by("10 de marzo de 2026"));
        test.test.clock.advance(TimeDelta::days(1));
        let view = shown(&test.ctx, Locale::En).await;
        assert_eq!(view.timing, Some(Timing::ActDayPassed));
        assert!(!view.next_step.unwrap().contains("2026"));
    }
}

#[tokio::test]
async fn hidden_unknown_and_silent_cases_are_one_answer() {
    for test in contexts().await {
        let marked = |id: &str, number: &str, marker: &str| {
            line(id, number, "IAA", "2026-01-08T15:00:00Z", &format!(r#","protection_markers":[{marker}]"#))
        };
        import_lines(
            &test.ctx,
            &[
                marked("e1", "EAC9999100001", r#"{"class_of_admission":"T1"}"#),
                marked("e2", "EAC9999200001", r#"{"sealed":true}"#),
                marked("e3", "EAC9999300001", r#"{"class_of_admission":"QQQ"}"#),
                marked("e4", "EAC9999400001", r#"{"pending_form":"I-914"}"#),
                line("e5", "EAC9999500001", "FF0", "2026-01-08T15:00:00Z", ""),
                line("e6", "EAC9999600001", "ZZZ99", "2026-01-08T15:00:00Z", ""),
                line("e7", "EAC9999700001", "IAA", "2026-01-08T15:00:00Z", "").replace("C09", "A19"),
            ],
        )
        .await;
        for number in ["1", "2", "3", "4", "5", "6", "7", "8"].map(|n| format!("EAC9999{n}00001")) {
            let given = answer(&test.ctx, client(), &number, Locale::En).await.unwrap();
            assert_eq!(given, LookUpAnswer::NotRecognised { typed: number.clone() });
            assert_eq!(calendar_file(&test.ctx, &number, Locale::En).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn an_event_that_arrives_late_lands_in_its_place() {
    for test in contexts().await {
        import_lines(&test.ctx, &[line("e2", NUMBER, "DA", "2026-02-08T15:00:00Z", "")]).await;
        import_lines(&test.ctx, &[line("e1", NUMBER, "IAA", "2026-01-08T15:00:00Z", "")]).await;
        let view = shown(&test.ctx, Locale::En).await;
        assert_eq!(view.title, "Case Was Approved");
        assert_eq!(
            view.history.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(),
            ["Case Was Approved", "Case Was Received"]
        );
    }
}

#[tokio::test]
async fn mistakes_are_told_apart_empty_first() {
    for test in contexts().await {
        let ask = async |typed| answer(&test.ctx, client(), typed, Locale::En).await.unwrap();
        assert_eq!(ask(" - ").await, LookUpAnswer::Empty);
        assert_eq!(ask("123").await, LookUpAnswer::Malformed { typed: "123".into() });
        let long = "x".repeat(500);
        assert_eq!(ask(&long).await, LookUpAnswer::Malformed { typed: "x".repeat(64) });
    }
}

const APPOINTMENT: &str = r#","parameters":{"appointment":{"kind":"biometrics","at":"2026-03-20T09:30","office":"WAS"}}}"#;

fn with_appointment(id: &str, code: &str, at: &str) -> String {
    line(id, NUMBER, code, at, "").replace(&format!("\"at\":\"{at}\"}}"), &format!("\"at\":\"{at}\"{APPOINTMENT}"))
}

#[tokio::test]
async fn the_next_appointment_is_shown_until_it_passes_or_is_overtaken() {
    for test in contexts().await {
        import_lines(&test.ctx, &[with_appointment("e1", "IMAF", "2026-03-01T15:00:00Z")]).await;
        let view = shown(&test.ctx, Locale::En).await;
        let appointment = view.appointment.unwrap();
        assert_eq!((appointment.day.iso.as_str(), appointment.time.as_str()), ("2026-03-20", "9:30\u{a0}a.m."));
        let file = calendar_file(&test.ctx, NUMBER, Locale::Es).await.unwrap().unwrap();
        assert!(file.contains("DTSTART:20260320T093000\r\n") && file.contains("SUMMARY:Cita de datos biométricos\r\n"), "{file}");
        assert!(!file.contains(NUMBER) && !file.contains("Ejemplo"));

        import_lines(&test.ctx, &[line("e2", NUMBER, "DA", "2026-03-05T15:00:00Z", "")]).await;
        assert_eq!(shown(&test.ctx, Locale::En).await.appointment, None);
    }
    for test in contexts().await {
        import_lines(&test.ctx, &[with_appointment("e1", "IMAF", "2026-03-01T15:00:00Z")]).await;
        test.test.clock.advance(TimeDelta::days(11));
        assert_eq!(shown(&test.ctx, Locale::En).await.appointment, None);
    }
}

#[tokio::test]
async fn after_its_day_an_appointment_is_no_next_step() {
    for test in contexts().await {
        import_lines(&test.ctx, &[with_appointment("e1", "IMAF", "2026-03-01T15:00:00Z")]).await;
        test.test.clock.advance(TimeDelta::days(10));
        let on_the_day = shown(&test.ctx, Locale::En).await;
        assert!(on_the_day.appointment.is_some() && on_the_day.next_step.unwrap().contains("come on that day"));
        test.test.clock.advance(TimeDelta::days(1));
        let after = shown(&test.ctx, Locale::En).await;
        assert_eq!((after.next_step, after.timing), (None, Some(Timing::AppointmentPassed)));

        import_lines(&test.ctx, &[line("e2", NUMBER, "FNB", "2026-03-20T15:00:00Z", "")]).await;
        let came = shown(&test.ctx, Locale::En).await;
        assert!(came.next_step.is_some() && came.timing.is_none(), "what came later says what is next");
    }
    for test in contexts().await {
        import_lines(&test.ctx, &[with_appointment("e1", "FL", "2026-03-05T15:00:00Z")]).await;
        let upcoming = shown(&test.ctx, Locale::En).await;
        assert!(upcoming.appointment.is_some() && upcoming.timing.is_none(), "one day to remember is enough");
        test.test.clock.advance(TimeDelta::days(11));
        let missed = shown(&test.ctx, Locale::En).await;
        assert!(matches!(missed.timing, Some(Timing::ActBy(_))), "who missed it is told to call");
    }
}

#[tokio::test]
async fn a_number_that_failed_too_often_is_refused_from_anywhere_and_hidden_ones_count_the_same() {
    let limits = LimitSettings { misses_per_number_day: 2, ..LimitSettings::default() };
    for test in contexts_with(limits).await {
        let hidden = line("e1", "EAC9999100001", "IAA", "2026-01-08T15:00:00Z", r#","protection_markers":[{"sealed":true}]"#);
        import_lines(&test.ctx, &[hidden]).await;
        for number in ["EAC9999100001", "EAC9999200001"] {
            let ask = async |address: &str| {
                let client = ClientIp(address.parse().unwrap());
                answer(&test.ctx, client, number, Locale::En).await.unwrap()
            };
            for address in ["192.0.2.1", "198.51.100.1"] {
                assert_eq!(ask(address).await, LookUpAnswer::NotRecognised { typed: number.into() });
                save_failures(&test.ctx).await.unwrap();
            }
            // 15:00 UTC in March is 11:00 in New York.
            assert_eq!(ask("203.0.113.1").await, LookUpAnswer::SlowDown { retry_after_seconds: 13 * 3600 + 1 });
        }
        let arrives = line("e9", "EAC9999200001", "IAA", "2026-01-08T15:00:00Z", "");
        import_lines(&test.ctx, &[arrives]).await;
        let client = ClientIp("203.0.113.9".parse().unwrap());
        let asked = answer(&test.ctx, client, "EAC9999200001", Locale::En).await.unwrap();
        assert!(matches!(asked, LookUpAnswer::Shown { .. }), "a case that comes in is shown");
        test.test.clock.advance(TimeDelta::days(1));
        assert!(matches!(
            answer(&test.ctx, client, "EAC9999100001", Locale::En).await.unwrap(),
            LookUpAnswer::NotRecognised { .. }
        ));
    }
}

#[tokio::test]
async fn a_shown_case_never_counts_as_a_failure() {
    let limits = LimitSettings { misses_per_number_day: 1, ..LimitSettings::default() };
    for test in contexts_with(limits).await {
        import_lines(&test.ctx, &[line("e1", NUMBER, "IAA", "2026-01-08T15:00:00Z", "")]).await;
        for _ in 0..3 {
            assert!(matches!(answer(&test.ctx, client(), NUMBER, Locale::En).await.unwrap(), LookUpAnswer::Shown { .. }));
            save_failures(&test.ctx).await.unwrap();
        }
    }
}

#[tokio::test]
async fn texts_edited_by_another_process_are_seen_and_the_past_keeps_its_own() {
    for test in contexts().await {
        import_lines(&test.ctx, &[line("e1", NUMBER, "IAA", "2026-01-08T15:00:00Z", "")]).await;
        let before = test.ctx.now();
        test.test.clock.advance(TimeDelta::minutes(1));
        let zone = test.ctx.zone;
        let other =
            Context::new(test.ctx.store.clone(), (*test.ctx.keys).clone(), test.ctx.clock.clone(), zone, LimitSettings::default())
                .await
                .unwrap();
        let file = "[[status]]\nkey=\"case_was_received\"\nstage=\"received\"\ntitle_en=\"We have it\"\ntitle_es=\"Lo tenemos\"\n\
                    description_en=\"On {date}, yes.\"\ndescription_es=\"El {date}, sí.\"\nnext_en=\"Wait.\"\nnext_es=\"Espere.\"\n";
        assert_eq!(crate::reference::import(&other, Actor::Operator, file).await.unwrap(), 1);
        test.ctx.refresh_texts().await.unwrap();
        assert_eq!(shown(&test.ctx, Locale::En).await.title, "We have it");
        let number = shared::case_status::ReceiptNumber::parse(NUMBER).unwrap();
        let past = super::look_up(&test.ctx, Actor::Public, shared::protection::Channel::Public, &number, before).await.unwrap();
        assert_eq!(super::view(&test.ctx, &past.unwrap(), Locale::En).title, "Case Was Received");
    }
}

/// A replica lags: what it does not know yet must not show a case.
#[tokio::test]
async fn protection_is_read_from_the_primary_and_events_from_the_replica() {
    let test = contexts().await.pop().unwrap();
    import_lines(&test.ctx, &[line("e1", NUMBER, "IAA", "2026-01-08T15:00:00Z", "")]).await;
    let copy = test.test.folder.path().join("copy");
    test.ctx.store.copy_to(&copy).await.unwrap();
    let replica = store::testing::new_postgres().await;
    store::Store::open(&replica.address, None).await.unwrap().restore_from(&copy).await.unwrap();

    let store = store::Store::open(&test.test.address, Some(&replica.address)).await.unwrap();
    assert!(!store.reads_primary());
    let ctx = Context::new(store, test.test.keys.clone(), test.test.clock.clone(), test.ctx.zone, LimitSettings::default())
        .await
        .unwrap();
    import_lines(&test.ctx, &[line("e2", NUMBER, "DA", "2026-01-09T15:00:00Z", "")]).await;
    assert_eq!(shown(&ctx, Locale::En).await.title, "Case Was Received", "the replica has not heard of the approval");
    let sealed = line("e3", NUMBER, "IAA", "2026-01-10T15:00:00Z", r#","protection_markers":[{"sealed":true}]"#);
    import_lines(&test.ctx, &[sealed]).await;
    assert_eq!(kept_answer(&ctx, NUMBER, Locale::En).await.unwrap(), LookUpAnswer::NotRecognised { typed: NUMBER.into() });
}
