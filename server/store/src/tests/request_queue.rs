//! Lists of requests, the work on them, who works on them, and searches.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::{
    Chosen, MailTrouble, OfficerId, Order, Place, Placement, Queue, RequestKind, RequestNumber, Source, State, Target,
};
use uuid::Uuid;

use super::{line, take_in_lines};
use crate::assignment::{self, Given, Leave, Share};
use crate::engine::{Connection, Engine};
use crate::request_queue::*;
use crate::request_search::{self, OneOf, Term, View};
use crate::request_work::{self, Answered, Note, Question, Stage};
use crate::service_request::{self, NewRequest};
use crate::testing::{TestStore, both};
use crate::{case_feed, data_key};

const ANA: OfficerId = OfficerId(0xa);
const BEN: OfficerId = OfficerId(0xb);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn office(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

fn unassigned(due_on: NaiveDate) -> Placement {
    Placement {
        office: Some(office("NBC")),
        place: Place::Unassigned,
        officer: None,
        due_on,
        owed_on: Some(due_on),
        open_by: Some(day("2026-12-01")),
        mail: None,
    }
}

async fn put(transaction: &mut Connection, id: Uuid, state: &'static str, placement: &Placement) {
    let at = "2026-03-10T15:00:00Z".parse().unwrap();
    place(transaction, &Placed { id, state, version: 3, placement, review_since: None, at }).await.unwrap();
}

async fn counted(transaction: &mut Connection, today: &str) -> BTreeMap<Queue, i64> {
    let (today, soon) = (day(today), day(today) + TimeDelta::days(7));
    let kept: BTreeMap<_, _> = counts(transaction, &office("NBC"), ANA, today, soon).await.unwrap().into_iter().collect();
    let kept: BTreeMap<_, _> = kept.into_iter().filter(|(_, requests)| *requests != 0).collect();
    let full: BTreeMap<_, _> = full_count(transaction, &office("NBC"), today, soon, ANA).await.unwrap().into_iter().collect();
    assert_eq!(kept, full);
    kept
}

/// Runs every statement once, on a request that lies nowhere yet.
pub async fn run(test: &TestStore, transaction: &mut Connection, case: Uuid, request: Uuid) {
    let now = test.clock.now();
    let (nbc, due) = (office("NBC"), day("2026-12-21"));
    assert_eq!(arriving(transaction, now + TimeDelta::minutes(1), 5).await.unwrap(), [request]);
    assert!(arriving(transaction, now, 5).await.unwrap().is_empty());
    put(transaction, request, "routed", &unassigned(due)).await;
    assert_eq!(placement(transaction, request).await.unwrap(), Some(unassigned(due)));
    assert_eq!(counted(transaction, "2026-12-01").await, BTreeMap::from([(Queue::Unassigned, 1)]));
    assert_eq!(
        counted(transaction, "2026-12-22").await,
        BTreeMap::from([(Queue::Unassigned, 1), (Queue::Overdue, 1), (Queue::Strays, 1)]),
        "the day turns, and nothing is written"
    );
    let next = next(transaction, &nbc, &[RequestKind::CardNotReceived], None).await.unwrap().unwrap();
    assert_eq!((next.id, next.placement.place), (request, Place::Unassigned));
    assert!(super::super::request_queue::next(transaction, &nbc, &[RequestKind::Expedite], None).await.unwrap().is_none());
    let after = Some(Mark::Day(due, request));
    assert!(super::super::request_queue::next(transaction, &nbc, &[], after).await.unwrap().is_none());

    let theirs = Placement { place: Place::Working, officer: Some(ANA), mail: Some(MailTrouble::Returned), ..unassigned(due) };
    put(transaction, request, "assigned", &theirs).await;
    assert_eq!(
        counted(transaction, "2026-12-15").await,
        BTreeMap::from([(Queue::Mine, 1), (Queue::DueSoon, 1), (Queue::Mail, 1), (Queue::Strays, 1)])
    );
    assert_eq!(loads(transaction, &nbc).await.unwrap(), [(ANA, 1)]);
    assert_eq!(open_of_case(transaction, case).await.unwrap(), [request]);
    assert_eq!(with_open_requests(transaction, &[case, request]).await.unwrap(), [case]);
    let (pieces, is_elsewhere) = deliveries(transaction, case).await.unwrap();
    assert!(pieces.is_empty() && !is_elsewhere, "a receipt notice is no mailing that the carrier scans");

    run_work(test, transaction, case, request, due).await;
    run_roster(test, transaction, request).await;
    run_search(test, transaction, case, request).await;

    let closed = Placement { place: Place::Closed, owed_on: None, open_by: None, ..theirs };
    put(transaction, request, "withdrawn", &closed).await;
    assert_eq!(counted(transaction, "2026-12-24").await, BTreeMap::from([(Queue::Closed, 1)]));
    super::live::run(test, transaction, request).await;
    assert_eq!(forget_empty(transaction, day("2026-12-24")).await.unwrap(), 2, "the two days");
    assert_eq!(counted(transaction, "2026-12-24").await, BTreeMap::from([(Queue::Closed, 1)]));
    assert!(open_of_case(transaction, case).await.unwrap().is_empty());
    assert!(any(transaction).await.unwrap());
    let some = service_request::some_open_after(transaction, Uuid::nil(), 5).await.unwrap();
    assert!(some.is_empty(), "it is over");
    run_import(test, transaction, case).await;
    analyze(transaction).await.unwrap();
}

async fn run_import(test: &TestStore, transaction: &mut Connection, case: Uuid) {
    let imported = |round: u8| Imported {
        id: test.clock.new_id(),
        number: RequestNumber::new(2025, [round; 16]),
        case,
        kind: RequestKind::Expedite,
        round: round.into(),
        source: Source::Telephone,
        locale: Locale::En,
        content: b"told before".to_vec(),
        state: "routed",
        target: Target::THIRTY_DAYS,
        placement: unassigned(day("2026-12-28")),
        received_at: test.clock.now(),
        events: vec![(test.clock.now(), "system".into(), "{}".into()); 3],
        words: "onbc nana".into(),
        tallies: std::collections::BTreeMap::new(),
    };
    let many = [imported(1), imported(2)];
    import(transaction, &test.keys, &many, &mut KnownKeys::default()).await.unwrap();
    let told = service_request::content(transaction, &test.keys, many[1].id).await.unwrap();
    assert_eq!(told, Some(Sensitive::new(b"told before".to_vec())));
    assert_eq!(placement(transaction, many[0].id).await.unwrap().as_ref(), Some(&many[0].placement));
    let expected = [(Queue::Unassigned, 2), (Queue::DueSoon, 2), (Queue::Strays, 2), (Queue::Closed, 1)];
    assert_eq!(counted(transaction, "2026-12-24").await, BTreeMap::from(expected));
    let moved = Placement { place: Place::Working, officer: Some(BEN), open_by: None, ..many[0].placement.clone() };
    put(transaction, many[0].id, "opened", &moved).await;
    counted(transaction, "2026-12-24").await;
}

async fn run_work(test: &TestStore, transaction: &mut Connection, case: Uuid, request: Uuid, due: NaiveDate) {
    let (now, keys) = (test.clock.now(), &test.keys);
    let words = |text: &str| Sensitive::new(text.to_owned());
    let note = Note { id: test.clock.new_id(), officer: ANA, text: words("called"), created_at: now };
    request_work::add_note(transaction, keys, case, request, &note).await.unwrap();
    let notes = request_work::notes(transaction, keys, case, request).await.unwrap();
    assert_eq!((notes.len(), notes[0].officer, notes[0].text.expose().as_str()), (1, ANA, "called"));

    for who in [ANA, BEN, BEN] {
        request_work::seen(transaction, request, who, now).await.unwrap();
    }
    let before = now - TimeDelta::seconds(1);
    assert_eq!(request_work::present(transaction, request, before).await.unwrap(), [ANA, BEN]);
    request_work::gone(transaction, request, ANA).await.unwrap();
    assert_eq!(request_work::present(transaction, request, before).await.unwrap(), [BEN]);
    assert_eq!(request_work::forget_presence(transaction, now).await.unwrap(), 1);

    let question = Question {
        id: test.clock.new_id(),
        request,
        from: office("NBC"),
        to: office("LIN"),
        asked_by: ANA,
        question: words("where is the file?"),
        asked_at: now,
        ends_at: now + TimeDelta::days(7),
        answer: None,
    };
    request_work::ask(transaction, keys, case, &question).await.unwrap();
    let about = request_work::question_about(transaction, question.id).await.unwrap();
    assert_eq!(about, Some((request, office("LIN"))));
    let open = request_work::open_questions(transaction, &office("LIN"), now, 5).await.unwrap();
    assert_eq!(open, [(question.id, request)]);
    assert_eq!(request_work::asked_offices(transaction, request, now).await.unwrap(), [office("LIN")]);
    assert!(request_work::asked_offices(transaction, request, question.ends_at).await.unwrap().is_empty(), "its time is over");
    let answered = Answered { by: BEN, text: words("on its way"), at: now };
    assert!(request_work::answer(transaction, keys, case, question.id, &answered).await.unwrap());
    assert!(!request_work::answer(transaction, keys, case, question.id, &answered).await.unwrap());
    assert!(request_work::asked_offices(transaction, request, now).await.unwrap().is_empty());
    let questions = request_work::questions(transaction, keys, case, request).await.unwrap();
    let answer = questions[0].answer.as_ref().unwrap();
    assert_eq!((questions[0].question.expose().as_str(), answer.text.expose().as_str()), ("where is the file?", "on its way"));

    let nbc = office("NBC");
    assert_eq!(request_work::offices(transaction).await.unwrap(), std::slice::from_ref(&nbc));
    for raised in [1, 0] {
        assert_eq!(request_work::escalate(transaction, &nbc, Stage::Due, (due, due), now).await.unwrap(), raised);
    }
    let escalations = request_work::escalations(transaction, &nbc, 5).await.unwrap();
    assert_eq!((escalations.len(), escalations[0].stage, escalations[0].owed_on), (1, Stage::Due, due));
    assert!(request_work::escalation_seen(transaction, request, &nbc, ANA, now).await.unwrap());
    assert!(request_work::escalations(transaction, &nbc, 5).await.unwrap().is_empty());
}

async fn run_roster(test: &TestStore, transaction: &mut Connection, request: Uuid) {
    let (now, nbc) = (test.clock.now(), office("NBC"));
    let share = Share { officer: ANA, kinds: vec![RequestKind::Expedite, RequestKind::CaseStatus], capacity: 20 };
    for capacity in [10, 20] {
        assignment::set_share(transaction, &nbc, &Share { capacity, ..share.clone() }).await.unwrap();
    }
    assert_eq!(assignment::shares(transaction, &nbc).await.unwrap(), std::slice::from_ref(&share));
    assert_eq!(assignment::hold_shares(transaction, &nbc).await.unwrap(), std::slice::from_ref(&share));
    let leave = Leave { id: test.clock.new_id(), from: day("2026-12-20"), until: day("2026-12-24") };
    assignment::add_leave(transaction, ANA, leave).await.unwrap();
    assert_eq!(assignment::leaves(transaction, ANA, day("2026-12-24")).await.unwrap(), [leave]);
    assert!(assignment::leaves(transaction, ANA, day("2026-12-25")).await.unwrap().is_empty());
    for (today, away) in [("2026-12-19", false), ("2026-12-20", true), ("2026-12-24", true), ("2026-12-25", false)] {
        assert_eq!(!assignment::on_leave(transaction, &nbc, day(today)).await.unwrap().is_empty(), away, "{today}");
    }
    assert!(assignment::drop_leave(transaction, ANA, leave.id).await.unwrap());
    assert!(assignment::drop_share(transaction, &nbc, ANA).await.unwrap());
    let (batch, given) = (test.clock.new_id(), Given { request, former: None, version: 3 });
    assignment::add_batch(transaction, batch, ANA, now).await.unwrap();
    assignment::add_given(transaction, batch, given).await.unwrap();
    assert_eq!(assignment::given(transaction, batch).await.unwrap(), [given]);
    let since = now - TimeDelta::hours(1);
    for (who, undone) in [(BEN, false), (ANA, true), (ANA, false)] {
        assert_eq!(assignment::undo_batch(transaction, batch, who, now, since).await.unwrap(), undone);
    }
}

async fn run_search(test: &TestStore, transaction: &mut Connection, case: Uuid, request: Uuid) {
    let (now, keys) = (test.clock.now(), &test.keys);
    assert_eq!(request_search::names(transaction, case).await.unwrap(), ["Ejemplo", "Ana"]);
    let term = |word: &str| Term { word: word.trim_end_matches('*').to_owned(), is_beginning: word.ends_with('*') };
    let query = |all: &str| all.split(' ').map(|one| OneOf(one.split('|').map(term).collect())).collect::<Vec<_>>();
    request_search::set_words(transaction, request, "").await.unwrap();
    assert_eq!(request_search::to_write(transaction, 5).await.unwrap(), [request]);
    request_search::set_words(transaction, request, "onbc nana nejemplo wabcdefgh").await.unwrap();
    assert!(request_search::to_write(transaction, 5).await.unwrap().is_empty());
    for (all, is_found) in [
        ("nejem*", true),
        ("nejem", false),
        ("onbc|olin nana wabcdefgh", true),
        ("olin nana", false),
        ("onbc nben|wabcdefgh", true),
        ("onbc nben|wzzz*", false),
    ] {
        let found = request_search::find(transaction, &query(all), i64::MAX, 5).await.unwrap();
        assert_eq!(found.iter().map(|(_, id)| *id).collect::<Vec<_>>(), if is_found { vec![request] } else { vec![] }, "{all}");
        if let Some((place, _)) = found.first() {
            assert!(request_search::find(transaction, &query(all), *place, 5).await.unwrap().is_empty());
        }
    }
    for wrong in ["", "nana\"", "na na", "Nana", "n'a"] {
        let query = [OneOf(vec![Term { word: wrong.to_owned(), is_beginning: true }])];
        assert!(request_search::find(transaction, &query, i64::MAX, 5).await.is_err(), "{wrong}");
    }
    assert!(request_search::find(transaction, &[], i64::MAX, 5).await.is_err());
    request_search::set_words(transaction, request, "olin nana").await.unwrap();
    assert!(request_search::find(transaction, &query("onbc"), i64::MAX, 5).await.unwrap().is_empty(), "it went to another office");
    assert_eq!(request_search::words(transaction, request).await.unwrap().as_deref(), Some("olin nana"));
    let number = ReceiptNumber::parse("EAC9999103403").unwrap();
    assert_eq!(request_search::by_receipt(transaction, &number, 5).await.unwrap(), [request]);
    let index = keys.blind_index("a_number", "200000001");
    assert_eq!(request_search::by_a_number(transaction, &index, 5).await.unwrap(), [request]);

    let (search, later) = (test.clock.new_id(), now + TimeDelta::hours(1));
    request_search::keep(transaction, keys, search, ANA, b"ana", later).await.unwrap();
    let kept = request_search::kept(transaction, keys, search, ANA, now).await.unwrap();
    assert_eq!(kept, Some(Sensitive::new(b"ana".to_vec())));
    assert_eq!(request_search::kept(transaction, keys, search, BEN, now).await.unwrap(), None, "it is hers");
    assert_eq!(request_search::kept(transaction, keys, search, ANA, later).await.unwrap(), None);
    assert_eq!(request_search::expire(transaction, later).await.unwrap(), 1);

    let nbc = office("NBC");
    let view = View { id: test.clock.new_id(), owner: Some(ANA), name: "Cards".into(), chosen: "{}".into() };
    assert!(request_search::add_view(transaction, &nbc, &view, ANA, now).await.unwrap());
    let again = View { id: test.clock.new_id(), ..view.clone() };
    assert!(!request_search::add_view(transaction, &nbc, &again, ANA, now).await.unwrap());
    let shared = View { owner: None, ..again };
    assert!(request_search::add_view(transaction, &nbc, &shared, ANA, now).await.unwrap());
    assert_eq!(request_search::views(transaction, &nbc, ANA).await.unwrap().len(), 2);
    assert_eq!(request_search::views(transaction, &nbc, BEN).await.unwrap(), std::slice::from_ref(&shared));
    assert_eq!(request_search::view_owner(transaction, view.id).await.unwrap(), Some((nbc, Some(ANA))));
    assert!(request_search::drop_view(transaction, view.id).await.unwrap());
}

/// So many requests of one office, one a day from a day on, every other one of another kind.
pub async fn fill(test: &TestStore, requests: usize) -> Vec<Uuid> {
    take_in_lines(test, &[line("s1", "EAC9999103403", "IAA", "2026-01-07T14:00:00Z")]).await;
    let mut transaction = test.store.begin().await.unwrap();
    let number = ReceiptNumber::parse("EAC9999103403").unwrap();
    let case = case_feed::case_id(&mut transaction, &number).await.unwrap().unwrap();
    assert!(data_key::any(&mut transaction).await.unwrap());
    let mut ids = Vec::new();
    for at in 0..requests {
        let mut random = [0; 16];
        random[..8].copy_from_slice(&u64::try_from(at).unwrap().to_be_bytes());
        let days = TimeDelta::days(i64::try_from(at / 2).unwrap());
        let new = NewRequest {
            id: test.clock.new_id(),
            number: &RequestNumber::new(2026, random),
            case,
            kind: if at % 2 == 0 { RequestKind::CaseStatus } else { RequestKind::Expedite },
            round: i64::try_from(at).unwrap(),
            follows: None,
            source: Source::Letter,
            submission: test.clock.new_id(),
            locale: Locale::En,
            content: b"{}",
            state: State::Stored.key(),
            target: Target::THIRTY_DAYS,
            due_on: day("2026-03-01") + days,
            received_at: test.clock.now() + days,
            version: 2,
            callback: None,
        };
        assert!(service_request::add(&mut transaction, &test.keys, &new).await.unwrap());
        put(&mut transaction, new.id, "routed", &unassigned(new.due_on)).await;
        ids.push(new.id);
    }
    analyze(&mut transaction).await.unwrap();
    transaction.commit().await.unwrap();
    ids
}

fn asked<'a>(nbc: &'a OfficeCode, chosen: &'a Chosen) -> Asked<'a> {
    Asked {
        office: nbc,
        queue: Queue::Unassigned,
        officer: ANA,
        today: day("2026-03-05"),
        soon: day("2026-03-12"),
        chosen,
        received_before: None,
        order: Order::Due,
        direction: Direction::Rising,
        page: Page::First,
        most: 4,
    }
}

#[tokio::test]
async fn pages_go_both_ways_and_leave_nothing_out() {
    for test in both().await {
        let ids = fill(&test, 14).await;
        let (nbc, none) = (office("NBC"), Chosen::default());
        let mut connection = test.store.read_primary().await.unwrap();
        for order in [Order::Due, Order::Received] {
            for direction in [Direction::Rising, Direction::Falling] {
                let asked = Asked { order, direction, ..asked(&nbc, &none) };
                let (mut there, mut page) = (Vec::new(), Page::First);
                loop {
                    let some = list(&mut connection, &Asked { page, ..asked.clone() }).await.unwrap();
                    let Some(last) = some.last() else { break };
                    page = Page::After(asked.mark(last));
                    there.extend(some.iter().map(|listed| listed.id));
                }
                let mut expected = ids.clone();
                // Two of a day stand in the order of their ids.
                expected.chunks_mut(2).for_each(<[Uuid]>::sort);
                if direction == Direction::Falling {
                    expected.reverse();
                }
                assert_eq!(there, expected, "{order:?} {direction:?}");
                let (mut back, mut page) = (Vec::new(), Page::Last);
                loop {
                    let some = list(&mut connection, &Asked { page, ..asked.clone() }).await.unwrap();
                    let Some(first) = some.first() else { break };
                    page = Page::Before(asked.mark(first));
                    back.splice(0..0, some.iter().map(|listed| listed.id));
                }
                assert_eq!(back, expected, "{order:?} {direction:?}, from the end");
            }
        }
    }
}

#[tokio::test]
async fn every_choice_in_every_list_runs_and_chooses() {
    for test in both().await {
        fill(&test, 12).await;
        let nbc = office("NBC");
        let mut connection = test.store.read_primary().await.unwrap();
        let full = Chosen {
            kind: Some(RequestKind::Expedite),
            source: Some(Source::Letter),
            state: Some("routed".into()),
            officer: Some(ANA),
            days_old: Some(3),
        };
        let before: DateTime<Utc> = test.clock.now() + TimeDelta::days(2);
        for queue in Queue::ALL {
            for order in queue.orders() {
                for choices in 0..32u8 {
                    let is = |bit: u8| choices & (1 << bit) != 0;
                    let chosen = Chosen {
                        kind: full.kind.filter(|_| is(0)),
                        source: full.source.filter(|_| is(1)),
                        state: full.state.clone().filter(|_| is(2)),
                        officer: full.officer.filter(|_| is(3)),
                        days_old: full.days_old.filter(|_| is(4)),
                    };
                    let received_before = is(4).then_some(before);
                    let asked = Asked { queue, order: *order, received_before, most: 50, ..asked(&nbc, &chosen) };
                    let found = list(&mut connection, &asked).await.unwrap();
                    let all = match queue {
                        Queue::Unassigned => 12,
                        // Those due on the first four of six days; on the fifth and sixth.
                        Queue::Overdue => 8,
                        Queue::DueSoon => 4,
                        _ => 0,
                    };
                    if choices == 0 {
                        assert_eq!(found.len(), all, "{queue:?}");
                        let marked = Asked { page: Page::After(Mark::Day(day("2026-03-03"), Uuid::max())), ..asked.clone() };
                        if *order == Order::Due && queue == Queue::Unassigned {
                            assert_eq!(list(&mut connection, &marked).await.unwrap().len(), 6);
                        }
                    }
                    if queue == Queue::Unassigned {
                        let expected = match (is(3), is(0), is(4)) {
                            (true, ..) => 0,
                            (false, true, true) => 2,
                            (false, true, false) => 6,
                            (false, false, true) => 4,
                            (false, false, false) => 12,
                        };
                        assert_eq!(found.len(), expected, "{chosen:?}");
                    }
                }
            }
        }
    }
}

/// The page of a list is a stretch of an index: nothing is sorted, and nothing else read.
#[tokio::test]
async fn no_list_sorts() {
    for test in both().await {
        fill(&test, 600).await;
        let (nbc, none) = (office("NBC"), Chosen::default());
        let mut connection = test.store.read_primary().await.unwrap();
        for queue in Queue::ALL {
            for order in queue.orders() {
                for (direction, page) in
                    [(Direction::Rising, Page::First), (Direction::Falling, Page::First), (Direction::Rising, mark_at(*order))]
                {
                    let asked = Asked { queue, order: *order, direction, page, most: 5, ..asked(&nbc, &none) };
                    let plan = plan(&mut connection, &asked).await.unwrap();
                    match test.store.engine() {
                        Engine::Sqlite => {
                            assert!(
                                plan.contains("USING INDEX service_request_") && !plan.contains("TEMP B-TREE"),
                                "{queue:?} {plan}"
                            );
                        }
                        // Of a list without rows PostgreSQL may think that sorting none costs nothing.
                        Engine::Postgres if queue == Queue::Unassigned => assert!(!plan.contains("Sort"), "{queue:?} {plan}"),
                        Engine::Postgres => {}
                    }
                }
            }
        }
    }
}

fn mark_at(order: Order) -> Page {
    let id = Uuid::nil();
    Page::After(match order {
        Order::Received => Mark::At("2026-03-11T15:00:00Z".parse().unwrap(), id),
        Order::Due | Order::OpenBy => Mark::Day(day("2026-03-02"), id),
    })
}
