//! A request after it was stored: its office, what is added to it, its clock, and those that are left lying.

use chrono::TimeDelta;
use futures::future::join_all;
use shared::e_request::Route;
use shared::service_request::{Balance, Deadline, Due, OfficerId, RoutingReason, Run};
use store::notification::Outcome;
use store::testing::meddle;

use super::*;
use crate::e_request::tests::{FILED, GRANTED, NUMBER, SEALED, Visitor, contexts, row, told};
use crate::notification::{Failed, overview, retry, settle};
use crate::office;
use crate::testing::{TestContext, due, import_lines, line, send_all};

const KIND: RequestKind = RequestKind::TypographicError;
const OFFICES: &str = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n\
    WAS\tWashington\tfield_office\t221\n";

async fn request(ctx: &Context, id: Uuid) -> ServiceRequest {
    fold(ctx.zone, &mut ctx.store.read_primary().await.unwrap(), id).await.unwrap()
}

fn happenings(request: &ServiceRequest) -> Vec<&'static str> {
    request.events().iter().map(|event| event.happening.key()).collect()
}

/// Where a request lies, and why there.
async fn desk(ctx: &Context, id: Uuid) -> (String, RoutingReason) {
    let request = request(ctx, id).await;
    let desk = request.state().desk().unwrap();
    assert_eq!(row(ctx, id).await.office.as_deref(), Some(desk.office.as_str()));
    (desk.office.as_str().to_owned(), desk.reason)
}

async fn routed(visitor: &Visitor<'_>, kind: RequestKind) -> (String, RoutingReason) {
    let id = visitor.file(kind).await;
    assert_eq!(route(visitor.ctx, id).await.unwrap(), Outcome::Sent);
    desk(visitor.ctx, id).await
}

/// What an officer does.
async fn act(ctx: &Context, id: Uuid, happening: Happening) -> Happened {
    let mut transaction = ctx.store.begin().await.unwrap();
    let happened = happen(ctx, &mut transaction, Actor::System, id, &happening, None).await.unwrap();
    transaction.commit().await.unwrap();
    happened
}

const OPENED: Happening = Happening::Opened { officer: OfficerId(7) };

/// A case like the others at an office of which nobody knows a ZIP code.
async fn at_office(ctx: &Context, number: &str, office: &str) {
    let event = line(&format!("{number}-1"), number, "IAA", "2025-08-07T15:00:00Z", FILED);
    import_lines(ctx, &[event.replace(r#""office":"NBC","#, office)]).await;
}

#[tokio::test]
async fn a_request_goes_where_its_rule_leads_and_says_why() {
    for test in contexts().await {
        let ctx = &test.ctx;
        at_office(ctx, "EAC9998103403", r#""office":"TSC","#).await;
        at_office(ctx, "EAC9997103403", "").await;
        let said = |office: &str, reason| (office.to_owned(), reason);
        let at_tsc = Visitor::new(ctx, 1).about("EAC9998103403");
        assert_eq!(routed(&at_tsc, KIND).await, said("TSC", RoutingReason::CaseOffice));
        let nowhere = Visitor::new(ctx, 1).about("EAC9997103403");
        assert_eq!(routed(&nowhere, KIND).await, said("NBC", RoutingReason::Default));
        assert_eq!(routed(&at_tsc, RequestKind::Accommodation).await, said("TSC", RoutingReason::CaseOffice), "no office yet");
        office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
        let kind = RequestKind::BeneficiaryChange;
        assert_eq!(routed(&nowhere, kind).await, said("WAS", RoutingReason::Zip), "where the person lives");
        let visitor = Visitor::new(ctx, 1);
        assert_eq!(routed(&visitor, RequestKind::Accommodation).await, said("WAS", RoutingReason::Zip), "the ZIP code first");
        assert_eq!(routed(&visitor, KIND).await, said("NBC", RoutingReason::CaseOffice));
    }
}

#[tokio::test]
async fn the_first_route_that_leads_somewhere_counts() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(KIND).await;
        let (row, answers) = (row(ctx, id).await, told(ctx, id).await);
        let asylum = || Route::Office(OfficeCode::parse("ZNY").unwrap());
        for (routes, office, reason) in [
            (vec![asylum(), Route::CaseOffice], "ZNY", RoutingReason::TypeTable),
            (vec![Route::Zip, asylum()], "ZNY", RoutingReason::TypeTable),
            (vec![Route::Zip, Route::CaseOffice, asylum()], "NBC", RoutingReason::CaseOffice),
            (vec![Route::Zip], "NBC", RoutingReason::Default),
            (Vec::new(), "NBC", RoutingReason::Default),
        ] {
            let (found, why) = routing::office_for(ctx, &routes, &row, &answers).await.unwrap();
            assert_eq!((found.as_str(), why), (office, reason), "{routes:?}");
        }
    }
}

#[tokio::test]
async fn what_a_hidden_case_says_gives_no_office() {
    for test in contexts().await {
        let ctx = &test.ctx;
        at_office(ctx, "EAC9998103403", r#""office":"TSC","#).await;
        let id = Visitor::new(ctx, 1).about("EAC9998103403").file(KIND).await;
        import_lines(ctx, &[line("sealed", "EAC9998103403", "IAA", "2026-03-10T14:00:00Z", SEALED)]).await;
        assert_eq!(route(ctx, id).await.unwrap(), Outcome::Sent);
        assert_eq!(desk(ctx, id).await, ("NBC".to_owned(), RoutingReason::Default));
    }
}

#[tokio::test]
async fn routing_again_changes_nothing() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(KIND).await;
        for routed in join_all((0..4).map(|_| route(ctx, id))).await {
            assert_eq!(routed.unwrap(), Outcome::Sent);
        }
        office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
        assert_eq!(route(ctx, id).await.unwrap(), Outcome::Sent);
        assert_eq!(happenings(&request(ctx, id).await), ["received", "stored", "routed"]);
        assert_eq!(desk(ctx, id).await.0, "NBC");
        assert_eq!(route(ctx, Uuid::nil()).await.unwrap(), Outcome::Dropped, "there is none");
    }
}

#[tokio::test]
async fn what_was_taken_back_first_is_given_to_nobody() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(KIND).await;
        assert_eq!(withdraw(ctx, id).await.unwrap(), Withdrawn::Done);
        assert_eq!(withdraw(ctx, id).await.unwrap(), Withdrawn::Over);
        send_all(ctx).await;
        let request = request(ctx, id).await;
        assert_eq!((happenings(&request), request.state()), (vec!["received", "stored", "withdrawn"], &State::Withdrawn));
        assert_eq!(row(ctx, id).await.office, None);
        let shown = view(ctx, id).await.unwrap().unwrap();
        assert!(!shown.is_open() && shown.reading.run == Run::Stopped);
        assert!(shown.steps.iter().all(|step| step.at.is_some() || step.deadline.is_none()), "nothing is promised any more");
    }
}

#[tokio::test]
async fn a_number_that_was_given_out_is_drawn_again() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let first = row(ctx, Visitor::new(ctx, 1).file(KIND).await).await;
        let filing = |submission| Filing {
            submission,
            case: first.case,
            kind: RequestKind::Accommodation,
            follows: None,
            source: Source::EReq,
            locale: Locale::En,
            answers: Answers::default(),
            target: first.target,
            received_at: ctx.now(),
            callback: None,
        };
        let fresh = RequestNumber::new(2026, [9; 16]);
        let mut drawn = [&first.number, &first.number, &fresh].into_iter().cloned();
        let mut transaction = ctx.store.begin().await.unwrap();
        let new = filing(ctx.clock.new_id());
        let filed = file_under(ctx, &mut transaction, Actor::Public, &new, || drawn.next().unwrap()).await.unwrap();
        let Filed::Stored(id) = filed else { panic!("it was not stored") };
        transaction.commit().await.unwrap();
        assert_eq!(row(ctx, id).await.number, fresh);
        let mut transaction = ctx.store.begin().await.unwrap();
        let again = Filing { kind: RequestKind::BeneficiaryChange, ..new };
        let filed = file(ctx, &mut transaction, Actor::Public, &again).await.unwrap();
        assert!(matches!(filed, Filed::Overtaken), "a form that was sent is not sent under another number");
    }
}

/// What was added, in its order.
async fn additions(ctx: &Context, id: Uuid) -> Vec<String> {
    let row = row(ctx, id).await;
    let mut connection = ctx.store.read_primary().await.unwrap();
    let mut added = Vec::new();
    for event in rows::events(&mut connection, id).await.unwrap() {
        assert!(!event.event.contains("thing"), "{}", event.event);
        if let Some(content) = rows::event_content(&mut connection, &ctx.keys, &row, event.id).await.unwrap() {
            added.push(String::from_utf8(content.expose().clone()).unwrap());
        }
    }
    added
}

#[tokio::test]
async fn something_can_be_added_until_there_is_an_answer() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(KIND).await;
        assert_eq!(add_information(ctx, id, "  One thing more.\n").await.unwrap(), Added::Taken);
        assert_eq!(add_information(ctx, id, " \n ").await.unwrap(), Added::Empty);
        let longest = "é".repeat(LONGEST_ADDITION);
        assert_eq!(add_information(ctx, id, &format!("{longest}é")).await.unwrap(), Added::TooLong);
        assert_eq!(add_information(ctx, Uuid::nil(), "More.").await.unwrap(), Added::Over);
        route(ctx, id).await.unwrap();
        act(ctx, id, OPENED).await;
        act(ctx, id, Happening::Asked).await;
        test.test.clock.advance(TimeDelta::days(1));
        assert_eq!(add_information(ctx, id, &longest).await.unwrap(), Added::Taken);
        let shown = view(ctx, id).await.unwrap().unwrap();
        assert_eq!(shown.state.key(), "opened", "the answer to what was asked");
        assert_eq!(shown.additions.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-03-10", "2026-03-11"]);
        assert_eq!(additions(ctx, id).await, ["One thing more.".to_owned(), longest]);

        act(ctx, id, Happening::Answered).await;
        assert_eq!(add_information(ctx, id, "A last thing.").await.unwrap(), Added::Over);
        assert_eq!(withdraw(ctx, id).await.unwrap(), Withdrawn::Over);
        assert_eq!(act(ctx, id, Happening::Asked).await, Happened::Refused);
        let answered = request(ctx, id).await;
        assert_eq!(answered.events().last().map(|event| event.happening.key()), Some("answered"), "and nothing was written");
    }
}

#[tokio::test]
async fn changes_that_come_together_are_all_written_in_some_order() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(KIND).await;
        let added = join_all((0..6).map(|_| add_information(ctx, id, "A thing."))).await;
        assert!(added.iter().all(|added| matches!(added, Ok(Added::Taken))), "{added:?}");
        assert_eq!(additions(ctx, id).await.len(), 6);
        let (one, other) = tokio::join!(withdraw(ctx, id), withdraw(ctx, id));
        assert_ne!(one.unwrap(), other.unwrap(), "it is taken back once");
    }
}

#[tokio::test]
async fn the_steps_have_their_times_and_the_clock_waits_for_the_person() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let received = ctx.now();
        let id = Visitor::new(ctx, 1).file(KIND).await;
        clock.advance(TimeDelta::minutes(1));
        send_all(ctx).await;
        // Opened on Thursday, asked on Friday, and the person adds something on the next Wednesday.
        for (days, happening) in [(2, OPENED), (1, Happening::Asked)] {
            clock.advance(TimeDelta::days(days));
            assert!(matches!(act(ctx, id, happening).await, Happened::Yes(_)));
        }
        let waiting = view(ctx, id).await.unwrap().unwrap().reading;
        assert_eq!((waiting.run, waiting.used, waiting.balance), (Run::WaitingForPerson, 2, Balance::Left(28)));
        clock.advance(TimeDelta::days(5));
        assert_eq!(view(ctx, id).await.unwrap().unwrap().reading.due, Due::NotBefore("2026-04-14".parse().unwrap()));
        assert_eq!(add_information(ctx, id, "Here it is.").await.unwrap(), Added::Taken);
        let shown = view(ctx, id).await.unwrap().unwrap();
        let due: NaiveDate = "2026-04-14".parse().unwrap();
        assert_eq!((shown.reading.due, row(ctx, id).await.due_on), (Due::On(due), due), "five days later than it was");
        assert_eq!((shown.reading.run, shown.reading.used), (Run::Running, 3));

        let step = |view: &RequestView, name| *view.steps.iter().find(|step| step.name == name).unwrap();
        let (routed, opened, answered) =
            (step(&shown, StepName::Routed), step(&shown, StepName::Opened), step(&shown, StepName::Answered));
        assert_eq!(step(&shown, StepName::Received).at.unwrap().at, received);
        assert_eq!(routed.at.unwrap().at, received + TimeDelta::minutes(1));
        assert_eq!(routed.deadline, Some(Deadline::At(received + TimeDelta::minutes(15))));
        assert_eq!(opened.at.unwrap().day.to_string(), "2026-03-12");
        assert_eq!(opened.deadline, Some(Deadline::On("2026-03-17".parse().unwrap())), "five days of work");
        assert_eq!((answered.at, answered.deadline), (None, Some(Deadline::On(due))));

        clock.advance(TimeDelta::days(10));
        act(ctx, id, Happening::Answered).await;
        let over = view(ctx, id).await.unwrap().unwrap();
        assert_eq!(step(&over, StepName::Answered).at.unwrap().day.to_string(), "2026-03-28");
        clock.advance(TimeDelta::days(100));
        assert_eq!(view(ctx, id).await.unwrap().unwrap().reading, over.reading, "the clock has stopped");
        assert_eq!((over.reading.run, over.reading.used), (Run::Stopped, 13));
    }
}

async fn left_lying(test: &TestContext) -> Vec<Vec<StepName>> {
    let strays = strays(&test.ctx.store, &test.ctx.clock, test.ctx.zone, 10).await.unwrap();
    assert_eq!(strays.requests, strays.first.len());
    strays.first.into_iter().map(|stray| stray.steps).collect()
}

#[tokio::test]
async fn a_request_whose_routing_was_given_up_is_found_until_it_is_tried_again() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let id = Visitor::new(ctx, 1).types(&[("email", "")]).file(KIND).await;
        for due in due(ctx).await {
            settle(ctx, Actor::System, &due, Err(Failed::ForGood("something is wrong with it".into()))).await.unwrap();
        }
        clock.advance(TimeDelta::minutes(15));
        assert_eq!(left_lying(&test).await, Vec::<Vec<StepName>>::new(), "it has fifteen minutes");
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(left_lying(&test).await, [[StepName::Routed]]);
        let found = strays(&ctx.store, &ctx.clock, ctx.zone, 10).await.unwrap();
        assert_eq!((&found.first[0].number, found.first[0].state), (&row(ctx, id).await.number, "stored"));
        for dead in overview(ctx, Actor::Operator, 10).await.unwrap().dead {
            retry(ctx, Actor::Operator, dead.id).await.unwrap();
        }
        send_all(ctx).await;
        assert!(left_lying(&test).await.is_empty());
        assert_eq!(row(ctx, id).await.state, "routed");
    }
}

#[tokio::test]
async fn what_nobody_opens_or_answers_in_time_is_found() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let id = Visitor::new(ctx, 1).file(KIND).await;
        send_all(ctx).await;
        // The last day on which it may be opened is Tuesday, March 17.
        clock.advance(TimeDelta::days(7));
        assert!(left_lying(&test).await.is_empty());
        clock.advance(TimeDelta::days(1));
        assert_eq!(left_lying(&test).await, [[StepName::Opened]]);
        act(ctx, id, OPENED).await;
        assert!(left_lying(&test).await.is_empty());
        // And answered, Thursday, April 9.
        clock.advance(TimeDelta::days(22));
        assert!(left_lying(&test).await.is_empty());
        clock.advance(TimeDelta::days(1));
        assert_eq!(left_lying(&test).await, [[StepName::Answered]]);
        let second = Visitor::new(ctx, 1).about(GRANTED).file(RequestKind::CardNotReceived).await;
        clock.advance(TimeDelta::days(8));
        let all = [vec![StepName::Answered], vec![StepName::Routed, StepName::Opened, StepName::Answered]];
        assert_eq!(left_lying(&test).await, all);
        let named = strays(&ctx.store, &ctx.clock, ctx.zone, 1).await.unwrap();
        assert_eq!((named.requests, named.first.len(), named.first[0].state), (2, 1, "opened"), "the oldest is named");
        act(ctx, id, Happening::Answered).await;
        withdraw(ctx, second).await.unwrap();
        assert!(left_lying(&test).await.is_empty(), "what is over lies nowhere");
    }
}

#[tokio::test]
async fn events_that_nobody_could_have_written_stop_a_request_and_no_other() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let (id, other) = (Visitor::new(ctx, 1).file(KIND).await, Visitor::new(ctx, 2).about(GRANTED).file(KIND).await);
        let case = row(ctx, id).await.case;
        let mut transaction = ctx.store.begin().await.unwrap();
        add_event(ctx, &mut transaction, Actor::System, (id, case), 2, ctx.now(), &Happening::Answered, Told::default())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        assert!(matches!(view(ctx, id).await, Err(Error::Internal)));
        assert!(matches!(withdraw(ctx, id).await, Err(Error::Internal)));
        assert!(view(ctx, other).await.unwrap().is_some());
        meddle(&ctx.store, "UPDATE service_request SET state = 'withdrawn'").await.unwrap();
        assert_eq!(view(ctx, other).await.unwrap().unwrap().state.key(), "stored", "the events count, not the row");
        assert!(row(ctx, other).await.receipt_number.as_str() == GRANTED && NUMBER != GRANTED);
    }
}
