//! Scripts and calls, on both engines.

use chrono::TimeDelta;
use shared::call_script::{
    Answer, CaseBlock, Finding, Move, Node, NodeKey, Said, Script, ScriptKey, Step, Verified, VersionState, Words, check,
};
use shared::case_status::ReceiptNumber;
use shared::e_request::{Answers, Field};
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::{RequestKind, Source};
use uuid::Uuid;

use super::*;
use crate::e_request::tests::{NUMBER, Visitor, a_case, contexts, hide};
use crate::service_request::{Intake, TakenIn, take_in};
use crate::testing::{grade_level, send_all};
use crate::{Actor, Context, Error, Officer};

fn nbc() -> OfficeCode {
    OfficeCode::parse("NBC").unwrap()
}

fn who(ctx: &Context, id: u128, role: Role) -> Officer {
    let grant = Grant { role, office: nbc(), starts_at: ctx.now() - TimeDelta::days(1), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now())
}

fn key(text: &str) -> NodeKey {
    NodeKey::parse(text).unwrap()
}

fn script() -> Script {
    let text = || Words::new("Words.", "Palabras.");
    let node = |name: &str, step| Node { key: key(name), name: name.into(), step };
    let case = |block, then: &str| Step::Case { block, text: text(), then: key(then), otherwise: key("tier-2") };
    let to = |then: &str| Answer { label: text(), then: key(then) };
    let blocks = vec![to("status"), to("delivery"), to("eligibility"), to("requests"), to("privacy")];
    let nodes = vec![
        node("disclaimer", Step::Say { what: Said::Disclaimer, text: text(), then: key("which") }),
        node("which", Step::Ask { question: text(), answers: blocks }),
        node("status", case(CaseBlock::Status, "end")),
        node("delivery", case(CaseBlock::Delivery, "end")),
        node("eligibility", case(CaseBlock::Eligibility, "end")),
        node("requests", case(CaseBlock::Requests, "end")),
        node("privacy", Step::Say { what: Said::PrivacyAct, text: text(), then: key("take") }),
        node("take", Step::TakeRequest { kind: RequestKind::CaseStatus, text: text() }),
        node("tier-2", Step::Transfer { text: text() }),
        node("end", Step::End { text: text() }),
    ];
    Script {
        key: ScriptKey::parse("where-is-it").unwrap(),
        title: Words::new("Where is it?", "¿Dónde está?"),
        words: vec![],
        nodes,
    }
}

/// The script, published from today by two people.
async fn published(ctx: &Context) -> Uuid {
    let (writer, reader) = (who(ctx, 1, Role::Siio), who(ctx, 2, Role::QualityReviewer));
    let Begun::Draft(id) = new_draft(ctx, &writer, &script()).await.unwrap() else { panic!("nobody else writes it") };
    assert!(matches!(hand_in(ctx, &writer, id, 0).await.unwrap(), HandedIn::Done));
    assert!(matches!(review(ctx, &reader, id, 1, &Verdict::Publish(ctx.today())).await.unwrap(), Reviewed::Done));
    id
}

async fn seen(ctx: &Context, officer: &Officer, id: Uuid) -> StoredVersion {
    script_version(ctx, officer, id).await.unwrap().unwrap()
}

/// A call in which the script was begun.
async fn a_call(ctx: &Context, agent: &Officer, version: Uuid) -> Uuid {
    let id = begin(ctx, agent, &nbc(), Locale::En).await.unwrap();
    let saved = at(ctx, agent, id).await.unwrap().call.saved;
    assert_eq!(begin_script(ctx, agent, id, saved, version).await.unwrap(), Told::Done);
    id
}

async fn does(ctx: &Context, agent: &Officer, id: Uuid, made: Move) -> Told {
    let saved = at(ctx, agent, id).await.unwrap().call.saved;
    go(ctx, agent, id, saved, made).await.unwrap()
}

fn claim(number: &str) -> Claim {
    Claim { number: Some(ReceiptNumber::parse(number).unwrap()), ..Claim::default() }
}

fn person(number: &str) -> Claim {
    Claim {
        birth_date: Some("1990-02-03".parse().unwrap()),
        zip: shared::address::ZipCode::parse("22150"),
        name: "Ana Ejemplo".into(),
        ..claim(number)
    }
}

#[tokio::test]
async fn a_script_is_written_by_one_and_published_by_another() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let (writer, reader) = (who(ctx, 1, Role::Siio), who(ctx, 2, Role::QualityReviewer));
        let mut draft = script();
        draft.nodes[0].step = Step::Say { what: Said::Information, text: Words::new("Hello.", ""), then: key("which") };
        let Begun::Draft(id) = new_draft(ctx, &writer, &draft).await.unwrap() else { panic!() };
        let Begun::UnderWay(other) = new_draft(ctx, &writer, &script()).await.unwrap() else { panic!() };
        assert_eq!(other.id, id);
        let HandedIn::Findings(findings) = hand_in(ctx, &writer, id, 0).await.unwrap() else { panic!() };
        assert!(findings.contains(&Finding::NoDisclaimer(key("end"))), "{findings:?}");
        assert!(findings.contains(&Finding::Untranslated { node: key("disclaimer"), locale: Locale::Es }));

        assert!(matches!(save_draft(ctx, &writer, id, 0, &script()).await.unwrap(), Kept::Saved(1)));
        let Kept::Meanwhile(there) = save_draft(ctx, &writer, id, 0, &draft).await.unwrap() else { panic!() };
        assert_eq!(there.script, script(), "what is there is shown, and stays");
        assert!(matches!(hand_in(ctx, &writer, id, 0).await.unwrap(), HandedIn::Meanwhile(_)));
        assert!(matches!(hand_in(ctx, &writer, id, 1).await.unwrap(), HandedIn::Done));
        let publish = Verdict::Publish(ctx.today());
        assert!(matches!(review(ctx, &writer, id, 2, &publish).await.unwrap(), Reviewed::Own));
        let yesterday = Verdict::Publish(ctx.today() - TimeDelta::days(1));
        assert!(matches!(review(ctx, &reader, id, 2, &yesterday).await.unwrap(), Reviewed::DayIsPast));
        assert!(matches!(review(ctx, &reader, id, 2, &Verdict::SendBack(" ".into())).await.unwrap(), Reviewed::NoWords));
        let back = Verdict::SendBack("Say hello first.".into());
        assert!(matches!(review(ctx, &reader, id, 2, &back).await.unwrap(), Reviewed::Done));
        let sent_back = seen(ctx, &writer, id).await;
        assert_eq!((sent_back.state, sent_back.note.as_deref()), (VersionState::Draft, Some("Say hello first.")));
        assert!(matches!(hand_in(ctx, &writer, id, 3).await.unwrap(), HandedIn::Done));
        assert!(matches!(review(ctx, &reader, id, 3, &publish).await.unwrap(), Reviewed::Meanwhile(_)));
        assert!(matches!(review(ctx, &reader, id, 4, &publish).await.unwrap(), Reviewed::Done));
        let agent = who(ctx, 3, Role::Tier1Agent);
        assert_eq!(find_scripts(ctx, &agent, "donde").await.unwrap().len(), 1);
        assert!(find_scripts(ctx, &agent, "passport").await.unwrap().is_empty());

        assert!(!withdraw(ctx, &reader, id, ctx.today() - TimeDelta::days(1)).await.unwrap());
        assert!(withdraw(ctx, &reader, id, ctx.today()).await.unwrap());
        let Begun::Draft(next) = new_draft(ctx, &writer, &script()).await.unwrap() else { panic!("no other is under way") };
        assert!(!give_up(ctx, &writer, next, 5).await.unwrap());
        assert!(give_up(ctx, &writer, next, 0).await.unwrap());
        assert!(!give_up(ctx, &writer, next, 1).await.unwrap());
        assert_eq!(seen(ctx, &writer, next).await.state, VersionState::Dropped);
        assert!(matches!(new_draft(ctx, &writer, &script()).await.unwrap(), Begun::Draft(_)), "the next may be begun");
        assert!(find_scripts(ctx, &agent, "").await.unwrap().is_empty(), "what is wrong is read to nobody from now on");
    }
}

#[tokio::test]
async fn who_may_write_publish_and_follow() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = published(ctx).await;
        for role in Role::ALL {
            let officer = who(ctx, 9, role);
            let writes = matches!(role, Role::Siio);
            let publishes = matches!(role, Role::Siio | Role::QualityReviewer);
            let follows = matches!(role, Role::Tier1Agent | Role::Tier2Agent | Role::Iio | Role::Siio);
            let is_let = |done: Result<(), Error>| !matches!(done, Err(Error::Refused));
            assert_eq!(is_let(new_draft(ctx, &officer, &script()).await.map(|_| ())), writes, "{role:?}");
            assert_eq!(is_let(import(ctx, &officer, b"{}").await.map(|_| ())), writes, "{role:?}");
            assert_eq!(
                is_let(withdraw(ctx, &officer, id, ctx.today() - TimeDelta::days(9)).await.map(|_| ())),
                publishes,
                "{role:?}"
            );
            assert_eq!(is_let(give_up(ctx, &officer, id, 9).await.map(|_| ())), writes, "{role:?}");
            assert_eq!(is_let(script_version(ctx, &officer, id).await.map(|_| ())), publishes, "{role:?}");
            assert_eq!(is_let(begin(ctx, &officer, &nbc(), Locale::En).await.map(|_| ())), follows, "{role:?}");
            assert_eq!(is_let(find_scripts(ctx, &officer, "").await.map(|_| ())), follows, "{role:?}");
            let elsewhere = OfficeCode::parse("LIN").unwrap();
            assert!(matches!(begin(ctx, &officer, &elsewhere, Locale::En).await, Err(Error::Refused)), "{role:?}");
        }
    }
}

#[tokio::test]
async fn what_a_caller_hears_depends_on_who_they_are() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, NUMBER).await;
        Visitor::new(ctx, 1).about(NUMBER).file(RequestKind::TypographicError).await;
        let (version, agent) = (published(ctx).await, who(ctx, 3, Role::Tier1Agent));
        let call = a_call(ctx, &agent, version).await;
        assert_eq!(does(ctx, &agent, call, Move::Go).await, Told::NotHere, "the disclaimer is read out");
        assert_eq!(does(ctx, &agent, call, Move::Read).await, Told::Done);
        let blocks = [CaseBlock::Status, CaseBlock::Eligibility, CaseBlock::Requests];
        let hears = async || {
            let mut heard = Vec::new();
            for (answer, block) in [0, 2, 3].into_iter().zip(blocks) {
                assert_eq!(does(ctx, &agent, call, Move::Answer(answer)).await, Told::Done);
                let view = at(ctx, &agent, call).await.unwrap();
                let is_something = view.heard.as_ref().is_some_and(Heard::is_something);
                assert_eq!(view.behind, ["disclaimer", "which"]);
                assert_eq!(
                    does(ctx, &agent, call, Move::Told).await,
                    if is_something { Told::Done } else { Told::NotHere },
                    "{block:?}"
                );
                let saved = at(ctx, &agent, call).await.unwrap().call.saved;
                assert_eq!(back_to(ctx, &agent, call, saved, 1).await.unwrap(), Told::Done);
                heard.push(is_something);
            }
            heard
        };
        assert_eq!(hears().await, [false, false, false], "nobody has said anything");
        assert_eq!(identify(ctx, &agent, call, &claim(NUMBER)).await.unwrap(), Identified::As(Verified::Receipt));
        assert_eq!(hears().await, [true, false, false]);
        for wrong in [
            Claim { birth_date: Some("1990-02-04".parse().unwrap()), ..person(NUMBER) },
            Claim { zip: None, ..person(NUMBER) },
            Claim { representative: Some("Rosa Nadie".into()), ..person(NUMBER) },
        ] {
            assert_eq!(identify(ctx, &agent, call, &wrong).await.unwrap(), Identified::Disagrees, "{wrong:?}");
            assert_eq!(hears().await, [true, false, false]);
        }
        assert_eq!(identify(ctx, &agent, call, &person(NUMBER)).await.unwrap(), Identified::As(Verified::Person));
        assert_eq!(hears().await, [true, true, true]);
        // From the moment on at which the case is protected, nothing is said; the call goes on.
        hide(ctx, NUMBER).await;
        assert_eq!(hears().await, [false, false, false]);
    }
}

#[tokio::test]
async fn a_hidden_case_and_an_unknown_one_are_one_answer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, NUMBER).await;
        hide(ctx, NUMBER).await;
        let (version, agent) = (published(ctx).await, who(ctx, 3, Role::Tier1Agent));
        for number in [NUMBER, "EAC9999103999"] {
            let call = a_call(ctx, &agent, version).await;
            for claim in [claim(number), person(number)] {
                assert_eq!(identify(ctx, &agent, call, &claim).await.unwrap(), Identified::NothingToSay);
                let view = at(ctx, &agent, call).await.unwrap();
                assert_eq!((view.call.verified, view.call.case), (Verified::Nothing, None));
            }
            assert!(end(ctx, &agent, call, Ending::BrokenOff).await.unwrap());
        }
    }
}

#[tokio::test]
async fn who_tries_dates_of_birth_on_the_telephone_is_stopped() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, NUMBER).await;
        let (version, agent) = (published(ctx).await, who(ctx, 3, Role::Tier1Agent));
        let call = a_call(ctx, &agent, version).await;
        let wrong = Claim { birth_date: Some("1971-01-01".parse().unwrap()), ..person(NUMBER) };
        let mut tries = 0;
        while identify(ctx, &agent, call, &wrong).await.unwrap() == Identified::Disagrees {
            tries += 1;
            assert!(tries < 100, "there is an end");
        }
        assert!(tries > 0);
        assert_eq!(identify(ctx, &agent, call, &person(NUMBER)).await.unwrap(), Identified::TooMany);
        assert_eq!(at(ctx, &agent, call).await.unwrap().call.verified, Verified::Nothing);
    }
}

#[tokio::test]
async fn a_request_is_taken_in_a_call_and_keeps_what_was_read() {
    for test in contexts().await {
        let ctx = &test.ctx;
        a_case(ctx, NUMBER).await;
        let (version, agent) = (published(ctx).await, who(ctx, 3, Role::Tier1Agent));
        let call = a_call(ctx, &agent, version).await;
        for made in [Move::Read, Move::Answer(4), Move::Read] {
            assert_eq!(does(ctx, &agent, call, made).await, Told::Done);
        }
        assert!(note(ctx, &agent, call, "Calls from work.").await.unwrap());
        let typed = [
            ("requester", "applicant"),
            ("receipt_number", NUMBER),
            ("explanation", "It waits for long."),
            ("family_name", "Ejemplo"),
        ];
        let mut answers = Answers::default();
        for (name, value) in typed {
            answers.set(Field::from_key(name).unwrap(), value);
        }
        let intake = Intake {
            submission: ctx.clock.new_id(),
            office: nbc(),
            source: Source::Telephone,
            kind: RequestKind::CaseStatus,
            received_on: None,
            locale: Locale::En,
            answers,
            call: Some(call),
        };
        // A call of somebody else does not end by it.
        let other = who(ctx, 4, Role::Tier1Agent);
        let theirs = a_call(ctx, &other, version).await;
        let TakenIn::Stored { id: request, .. } = take_in(ctx, &agent, &intake).await.unwrap() else { panic!() };
        let view = at(ctx, &agent, call).await.unwrap();
        assert_eq!(view.call.ending, Some((Ending::Request(request), ctx.now())));
        assert_eq!(at(ctx, &other, theirs).await.unwrap().call.ending, None);
        assert_eq!(does(ctx, &agent, call, Move::Go).await, Told::Meanwhile, "a call that ended stays as it was");
        assert!(!note(ctx, &agent, call, "more").await.unwrap());
        send_all(ctx).await;
        let supervisor = who(ctx, 1, Role::Siio);
        let (kept, read) = call_of_request(ctx, &supervisor, request).await.unwrap().unwrap();
        let way: Vec<&str> = kept.walk.taken().iter().map(|taken| taken.node.as_str()).collect();
        assert_eq!((way, read.map(|read| read.id)), (vec!["disclaimer", "which", "privacy"], Some(version)));
        assert!(matches!(call_of_request(ctx, &other, request).await, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn a_call_is_the_agents_own_until_it_goes_to_tier_2() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let (version, agent) = (published(ctx).await, who(ctx, 3, Role::Tier1Agent));
        let (other, tier_2) = (who(ctx, 4, Role::Tier1Agent), who(ctx, 5, Role::Tier2Agent));
        let call = a_call(ctx, &agent, version).await;
        assert_eq!(begin(ctx, &agent, &nbc(), Locale::Es).await.unwrap(), call, "one call at a time");
        for somebody in [&other, &tier_2] {
            assert!(matches!(at(ctx, somebody, call).await, Err(Error::Refused)));
            assert!(matches!(note(ctx, somebody, call, "x").await, Err(Error::Refused)));
        }
        assert!(note(ctx, &agent, call, "Is afraid of somebody at home.").await.unwrap());
        assert!(matches!(end(ctx, &agent, call, Ending::Request(Uuid::nil())).await, Err(Error::Refused)));
        assert!(end(ctx, &agent, call, Ending::Transferred).await.unwrap());
        assert!(!end(ctx, &agent, call, Ending::Answered).await.unwrap());
        assert_eq!(open_call(ctx, &agent).await.unwrap(), None);
        assert!(matches!(at(ctx, &other, call).await, Err(Error::Refused)));
        let handed = handed_over(ctx, &tier_2, &nbc()).await.unwrap();
        assert_eq!(handed.iter().map(|call| call.id).collect::<Vec<_>>(), [call]);
        let notes = at(ctx, &tier_2, call).await.unwrap().notes.unwrap();
        assert_eq!(notes.expose(), "Is afraid of somebody at home.");
        assert!(matches!(handed_over(ctx, &agent, &nbc()).await, Err(Error::Refused)));
        assert!(matches!(note(ctx, &tier_2, call, "x").await, Err(Error::Refused)), "what was noted stays");

        test.test.clock.advance(TimeDelta::hours(25));
        crate::upkeep::sweep(ctx, Actor::System).await.unwrap();
        let agent = who(ctx, 3, Role::Tier1Agent);
        assert!(at(ctx, &agent, call).await.unwrap().notes.is_none(), "what a caller said is not kept");
        let left = begin(ctx, &agent, &nbc(), Locale::En).await.unwrap();
        test.test.clock.advance(TimeDelta::hours(25));
        crate::upkeep::sweep(ctx, Actor::System).await.unwrap();
        let agent = who(ctx, 3, Role::Tier1Agent);
        assert_eq!(open_call(ctx, &agent).await.unwrap(), None, "nobody is on the line for a day");
        assert_eq!(at(ctx, &agent, left).await.unwrap().call.ending.map(|(ending, _)| ending), Some(Ending::BrokenOff));
    }
}

#[tokio::test]
async fn two_windows_with_one_call_do_not_overtake_each_other() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let (version, agent) = (published(ctx).await, who(ctx, 3, Role::Tier1Agent));
        let call = a_call(ctx, &agent, version).await;
        let saved = at(ctx, &agent, call).await.unwrap().call.saved;
        assert_eq!(go(ctx, &agent, call, saved, Move::Read).await.unwrap(), Told::Done);
        assert_eq!(go(ctx, &agent, call, saved, Move::Read).await.unwrap(), Told::Meanwhile);
        assert_eq!(begin_script(ctx, &agent, call, saved, version).await.unwrap(), Told::Meanwhile);
        assert_eq!(begin_script(ctx, &agent, call, saved + 1, Uuid::nil()).await.unwrap(), Told::NotHere);
        assert_eq!(back_to(ctx, &agent, call, saved + 1, 5).await.unwrap(), Told::NotHere);
    }
}

#[tokio::test]
async fn the_starter_set_is_published_once_and_says_nothing_hard() {
    let scripts = starter::scripts().unwrap();
    for script in &scripts {
        assert_eq!(check(script), [], "{}", script.key.as_str());
        let spoken: Vec<&str> = script.nodes.iter().flat_map(|node| node.step.words()).map(|words| words.en.as_str()).collect();
        let grade = grade_level(&spoken.join(" "));
        assert!(grade <= 8.0, "{}: grade {grade:.1}", script.key.as_str());
    }
    for test in contexts().await {
        let ctx = &test.ctx;
        assert_eq!(ship(ctx, Actor::Operator).await.unwrap(), scripts.len() as u64);
        assert_eq!(ship(ctx, Actor::Operator).await.unwrap(), 0);
        assert_eq!(read_to_callers(ctx, Actor::Operator).await.unwrap().len(), scripts.len());
        assert!(read_to_callers(ctx, Actor::Public).await.is_err());
        let file = shared::call_script::to_file(&scripts[0]);
        assert!(import_as_operator(ctx, Actor::Public, file.as_bytes()).await.is_err());
        assert!(import_as_operator(ctx, Actor::Operator, b"[]").await.unwrap().is_err());
        let Ok(Begun::Draft(draft)) = import_as_operator(ctx, Actor::Operator, file.as_bytes()).await.unwrap() else { panic!() };
        let writer = who(ctx, 1, Role::Siio);
        assert!(matches!(hand_in(ctx, &writer, draft, 0).await.unwrap(), HandedIn::Done));
        let publish = Verdict::Publish(ctx.today());
        assert!(matches!(review(ctx, &writer, draft, 1, &publish).await.unwrap(), Reviewed::Done));
        let agent = who(ctx, 3, Role::Tier1Agent);
        assert_eq!(find_scripts(ctx, &agent, "").await.unwrap().len(), scripts.len());
        let best = find_scripts(ctx, &agent, "green card").await.unwrap();
        assert_eq!(best.first().map(|found| found.script.key.as_str()), Some("card-not-received"));
    }
}

#[tokio::test]
async fn the_demo_has_calls_that_ended_in_each_way() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let agent = Uuid::from_u128(3);
        assert_eq!(seed_demo(ctx, agent, &nbc()).await.unwrap(), 0, "without scripts there is nothing to follow");
        ship(ctx, Actor::Operator).await.unwrap();
        a_case(ctx, "EAC9999103416").await;
        assert_eq!(seed_demo(ctx, agent, &nbc()).await.unwrap(), 3);
        assert_eq!(handed_over(ctx, &who(ctx, 5, Role::Tier2Agent), &nbc()).await.unwrap().len(), 1);
        assert_eq!(open_call(ctx, &who(ctx, 3, Role::Tier1Agent)).await.unwrap(), None);
        let mut connection = ctx.store.read_primary().await.unwrap();
        assert!(store::request_queue::any(&mut connection).await.unwrap(), "a request was taken");
    }
}
