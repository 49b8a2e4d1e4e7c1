//! What officers do with requests, on both engines.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shared::identity::{Grant, Role};
use shared::service_request::{Balance, Chosen, OfficerId, Order, PauseReason, Queue, RedirectReason, soon};
use store::assignment::Share;
use store::request_queue::full_count;

use super::demo::{Mix, Staffed};
use super::*;
use crate::Officer;
use crate::e_request::tests::{GRANTED, NUMBER, SEALED, Visitor, a_case, contexts, hide, row};
use crate::testing::{TestContext, import_lines, line, send_all};

const KIND: RequestKind = RequestKind::TypographicError;
const OFFICES: &str = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n\
    LIN\tNebraska\tservice_center\t\nWAS\tWashington\tfield_office\t221\n";

fn code(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

fn who(ctx: &Context, id: u128, roles: &[(Role, &str)]) -> Officer {
    let starts_at = ctx.now() - TimeDelta::days(1);
    let grant = |(role, office): &(Role, &str)| Grant { role: *role, office: code(office), starts_at, ends_at: None };
    Officer::new(Uuid::from_u128(id), roles.iter().map(grant).collect(), ctx.now())
}

/// Offices, and at the first of them a supervisor and two officers on its roster.
struct Console<'a> {
    ctx: &'a Context,
    siio: Officer,
    ana: Officer,
    ben: Officer,
    /// At another office.
    lin: Officer,
}

impl<'a> Console<'a> {
    async fn open(ctx: &'a Context) -> Self {
        crate::office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
        let console = Self {
            ctx,
            siio: who(ctx, 1, &[(Role::Siio, "NBC")]),
            ana: who(ctx, 2, &[(Role::Iio, "NBC")]),
            ben: who(ctx, 3, &[(Role::Iio, "NBC")]),
            lin: who(ctx, 4, &[(Role::Iio, "LIN")]),
        };
        // On the roster, and given nothing by themselves.
        for officer in [&console.ana, &console.ben] {
            console.share(officer, 0).await;
        }
        console
    }

    async fn share(&self, officer: &Officer, capacity: i64) {
        let share = Share { officer: officer.officer_id(), kinds: Vec::new(), capacity };
        set_share(self.ctx, &self.siio, &code("NBC"), &share).await.unwrap();
    }

    /// A request at the office.
    async fn request(&self, session: u8, number: &str) -> Uuid {
        let id = Visitor::new(self.ctx, session).about(number).file(KIND).await;
        send_all(self.ctx).await;
        id
    }

    async fn version(&self, id: Uuid) -> i64 {
        row(self.ctx, id).await.version
    }

    async fn counts(&self, officer: &Officer) -> BTreeMap<Queue, u64> {
        let kept = counts(self.ctx, officer, &code("NBC")).await.unwrap();
        kept.all().iter().copied().filter(|(_, requests)| *requests > 0).collect()
    }

    async fn history(&self, id: Uuid) -> Vec<Entry> {
        file_of(self.ctx, &self.siio, id, ReadPurpose::Assign).await.unwrap().history
    }
}

fn done(worked: &Worked) -> i64 {
    match worked {
        Worked::Done(version) => *version,
        other => panic!("{other:?}"),
    }
}

/// The figures kept are those of a full count, today and on any later day.
async fn agree(ctx: &Context, offices: &[&str], officers: &[OfficerId]) {
    let mut connection = ctx.store.read_primary().await.unwrap();
    for office in offices.iter().map(|office| code(office)) {
        for officer in officers {
            for days in [0, 4, 30, 90] {
                let today = ctx.today() + TimeDelta::days(days);
                let soon = soon(today, &holidays());
                let kept = store::request_queue::counts(&mut connection, &office, *officer, today, soon).await.unwrap();
                let kept: BTreeMap<_, _> = kept.into_iter().filter(|(_, requests)| *requests != 0).collect();
                let full = full_count(&mut connection, &office, today, soon, *officer).await.unwrap();
                assert_eq!(kept, full.into_iter().collect(), "{office:?} in {days} days");
            }
        }
    }
}

#[tokio::test]
async fn a_request_goes_through_the_lists() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let console = Console::open(ctx).await;
        let nbc = code("NBC");
        let id = console.request(1, NUMBER).await;
        assert_eq!(console.counts(&console.ana).await, BTreeMap::from([(Queue::Unassigned, 1)]));
        let page = list(ctx, &console.ana, &List::of(nbc.clone(), Queue::Unassigned)).await.unwrap();
        assert_eq!((page.requests.len(), page.requests[0].listed.id, page.before, page.after), (1, id, None, None));
        assert_eq!(page.requests[0].receipt_number.as_ref().unwrap().as_str(), NUMBER);

        let taken = take_next(ctx, &console.ana, &nbc).await.unwrap().unwrap();
        let why = Why::Next { due_on: page.requests[0].listed.placement.due_on, is_overdue: false, passed_over: 0 };
        assert_eq!((taken.id, taken.why), (id, why));
        assert_eq!(take_next(ctx, &console.ben, &nbc).await.unwrap(), None);
        assert_eq!(console.counts(&console.ana).await, BTreeMap::from([(Queue::Mine, 1)]));
        assert_eq!(console.counts(&console.ben).await, BTreeMap::new());

        let paused = pause(ctx, &console.ana, id, console.version(id).await, PauseReason::FileRequested).await.unwrap();
        assert_eq!(console.counts(&console.ana).await, BTreeMap::from([(Queue::Mine, 1), (Queue::Waiting, 1)]));
        clock.advance(TimeDelta::days(60));
        assert_eq!(console.counts(&console.ana).await.get(&Queue::Overdue), None, "its clock stands");
        let resumed = resume(ctx, &console.ana, id, done(&paused)).await.unwrap();
        let row = row(ctx, id).await;
        assert!(row.due_on > ctx.today(), "sixty days were not counted");
        assert_eq!(row.version, done(&resumed));
        // Its day passes, and nothing is written.
        clock.advance(row.due_on - ctx.today());
        assert_eq!(console.counts(&console.ana).await, BTreeMap::from([(Queue::Mine, 1), (Queue::DueSoon, 1)]));
        clock.advance(TimeDelta::days(1));
        assert_eq!(console.counts(&console.ana).await, BTreeMap::from([(Queue::Mine, 1), (Queue::Overdue, 1)]));

        let mut transaction = ctx.store.begin().await.unwrap();
        assert!(set_review(ctx, &mut transaction, id, true).await.unwrap());
        transaction.commit().await.unwrap();
        assert_eq!(console.counts(&console.ben).await, BTreeMap::from([(Queue::Review, 1), (Queue::Overdue, 1)]));
        let mut transaction = ctx.store.begin().await.unwrap();
        happen(ctx, &mut transaction, console.ana.actor(), id, &Happening::Answered, None).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(console.counts(&console.ana).await, BTreeMap::from([(Queue::Closed, 1)]));
        let version = console.version(id).await;
        assert!(matches!(reopen(ctx, &console.ana, id, version, " ").await.unwrap(), Worked::Words));
        done(&reopen(ctx, &console.ana, id, version, "It named another card.").await.unwrap());
        assert_eq!(console.counts(&console.ana).await.get(&Queue::Mine), Some(&1), "and nobody reads it a second time");
        let last = console.history(id).await.pop().unwrap();
        assert_eq!(last.words.unwrap().expose(), "It named another card.");
        agree(ctx, &["NBC", "LIN"], &[console.ana.officer_id()]).await;
    }
}

#[tokio::test]
async fn who_may_not_see_an_office_sees_nothing_of_it() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let (nbc, id) = (code("NBC"), console.request(1, NUMBER).await);
        let version = console.version(id).await;
        for stranger in [&console.lin, &who(ctx, 9, &[(Role::Administrator, "NBC"), (Role::Tier1Agent, "NBC")])] {
            let refused = |failed: Option<Error>| assert!(matches!(failed, Some(Error::Refused)), "{failed:?}");
            refused(list(ctx, stranger, &List::of(nbc.clone(), Queue::Unassigned)).await.err());
            refused(counts(ctx, stranger, &nbc).await.err());
            refused(take_next(ctx, stranger, &nbc).await.err());
            refused(open(ctx, stranger, id, version).await.err());
            refused(file_of(ctx, stranger, id, ReadPurpose::Work).await.err());
            refused(add_note(ctx, stranger, id, "x").await.err());
            refused(here(ctx, stranger, id).await.err());
            refused(lay_back(ctx, stranger, (id, version)).await.err());
            let to = console.ana.officer_id();
            refused(assign(ctx, stranger, (id, version), to, None, "").await.err());
            refused(preview(ctx, stranger, &nbc, &[id], to).await.err());
            refused(redirect(ctx, stranger, (id, version), &code("LIN"), RedirectReason::Disability, "x").await.err());
            refused(unrouted(ctx, stranger).await.err());
            refused(escalations(ctx, stranger, &nbc).await.err());
        }
        // An officer is no supervisor; and there is no telling one refused from one that there is not.
        let to = console.ben.officer_id();
        assert!(matches!(assign(ctx, &console.ana, (id, version), to, None, "").await, Err(Error::Refused)));
        assert!(matches!(file_of(ctx, &console.ana, Uuid::nil(), ReadPurpose::Work).await, Err(Error::Refused)));
        assert_eq!(console.version(id).await, version);
    }
}

#[tokio::test]
async fn a_protected_case_is_for_who_may_see_it() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let (nbc, id) = (code("NBC"), console.request(1, NUMBER).await);
        add_note(ctx, &console.ana, id, "Unmistakable").await.unwrap();
        hide(ctx, NUMBER).await;
        let shown = async |officer: &Officer| {
            let page = list(ctx, officer, &List::of(nbc.clone(), Queue::Unassigned)).await.unwrap();
            page.requests[0].receipt_number.is_some()
        };
        assert!(!shown(&console.ana).await && shown(&console.siio).await);
        assert!(matches!(file_of(ctx, &console.ana, id, ReadPurpose::Work).await, Err(Error::Refused)));
        assert!(file_of(ctx, &console.siio, id, ReadPurpose::Work).await.is_ok());
        assert_eq!(take_next(ctx, &console.ana, &nbc).await.unwrap(), None, "it is passed over");
        let other = console.request(2, GRANTED).await;
        let taken = take_next(ctx, &console.ana, &nbc).await.unwrap().unwrap();
        assert!(taken.id == other && matches!(taken.why, Why::Next { .. }));
        for (officer, found_some) in [(&console.ana, false), (&console.siio, true)] {
            for text in ["unmistakable", NUMBER] {
                let search = look_for(ctx, officer, text).await.unwrap().unwrap();
                let found = found(ctx, officer, search, None).await.unwrap().unwrap();
                assert_eq!(!found.requests.is_empty(), found_some, "{text}");
            }
        }
        // What comes in about it is not given to anybody by a rule.
        console.share(&console.ana, 10).await;
        let case = "EAC9998103403";
        a_case(ctx, case).await;
        let hidden = Visitor::new(ctx, 3).about(case).file(KIND).await;
        import_lines(ctx, &[line("sealed-2", case, "IAA", "2026-03-10T14:00:00Z", SEALED)]).await;
        send_all(ctx).await;
        assert_eq!(row(ctx, hidden).await.state, "routed");
    }
}

#[tokio::test]
async fn fifty_officers_take_a_thousand_requests_each_once() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let lines: Vec<String> = (0..80)
            .map(|at| line(&format!("c{at}"), &format!("EAC99980{:05}", at * 300), "IAA", "2026-01-07T14:00:00Z", ""))
            .collect();
        import_lines(ctx, &lines).await;
        let staff = [Staffed { office: code("NBC"), officers: Vec::new() }];
        assert_eq!(demo::fill(ctx, Actor::Operator, &staff, 1000, Mix::Unassigned).await.unwrap(), 1000);
        agree(ctx, &["NBC"], &[console.ana.officer_id()]).await;
        let take_all = async |id: u128| {
            let officer = who(ctx, id, &[(Role::Iio, "NBC")]);
            let mut taken = Vec::new();
            while let Some(next) = take_next(ctx, &officer, &code("NBC")).await.unwrap() {
                taken.push(next.id);
            }
            (officer.officer_id(), taken)
        };
        let all = join_all((100..150).map(take_all)).await;
        let taken: Vec<Uuid> = all.iter().flat_map(|(_, taken)| taken.clone()).collect();
        assert_eq!((taken.len(), taken.iter().collect::<BTreeSet<_>>().len()), (1000, 1000), "each once");
        for (officer, taken) in &all {
            for id in taken {
                let opened = fold(ctx.zone, &mut ctx.store.read_primary().await.unwrap(), *id).await.unwrap();
                assert_eq!(opened.state().officer(), Some(*officer), "no update was lost");
            }
        }
        assert!(all.iter().filter(|(_, taken)| !taken.is_empty()).count() > 25, "nobody took them all");
        agree(ctx, &["NBC"], &[all[0].0]).await;
        let loads = store::request_queue::loads(&mut ctx.store.read_primary().await.unwrap(), &code("NBC")).await.unwrap();
        assert_eq!(loads.iter().map(|(_, open)| open).sum::<i64>(), 1000);
    }
}

#[tokio::test]
async fn of_two_who_change_a_request_one_is_shown_what_the_other_did() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let id = console.request(1, NUMBER).await;
        let version = console.version(id).await;
        let (ana, ben) = (console.ana.officer_id(), console.ben.officer_id());
        done(&assign(ctx, &console.siio, (id, version), ana, None, "").await.unwrap());
        match assign(ctx, &console.siio, (id, version), ben, None, "").await.unwrap() {
            Worked::Changed(now) => assert_eq!((now.placement.officer, now.version), (Some(ana), version + 1)),
            other => panic!("{other:?}"),
        }
        let stranger = OfficerId(77);
        let not_here = assign(ctx, &console.siio, (id, version + 1), stranger, None, "").await;
        assert!(matches!(not_here, Err(Error::Refused)), "not on the roster");
        let again = assign(ctx, &console.siio, (id, version + 1), ana, None, "").await.unwrap();
        assert!(matches!(again, Worked::NotNow), "she has it");
    }
}

#[tokio::test]
async fn it_is_said_who_has_a_request_open() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let console = Console::open(ctx).await;
        let id = console.request(1, NUMBER).await;
        assert!(here(ctx, &console.ana, id).await.unwrap().is_empty(), "nobody else");
        assert_eq!(here(ctx, &console.ben, id).await.unwrap(), [console.ana.officer_id()]);
        left(ctx, &console.ana, id).await.unwrap();
        assert!(here(ctx, &console.ben, id).await.unwrap().is_empty());
        assert_eq!(here(ctx, &console.ana, id).await.unwrap(), [console.ben.officer_id()]);
        clock.advance(PRESENT_FOR);
        assert!(here(ctx, &console.ana, id).await.unwrap().is_empty(), "he gave no sign");
    }
}

#[tokio::test]
async fn many_are_given_out_in_one_act_that_can_be_undone() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let (nbc, ana, ben) = (code("NBC"), console.ana.officer_id(), console.ben.officer_id());
        let mut ids = Vec::new();
        for (session, number) in [(1, "EAC9998103403"), (2, "EAC9998203403"), (3, "EAC9998303403"), (4, NUMBER)] {
            a_case(ctx, number).await;
            ids.push(console.request(session, number).await);
        }
        let [free, bens, opened, gone] = ids[..] else { panic!() };
        done(&assign(ctx, &console.siio, (bens, 3), ben, None, "").await.unwrap());
        withdraw(ctx, gone).await.unwrap();
        let preview = preview(ctx, &console.siio, &nbc, &[free, bens, opened, gone, Uuid::nil()], ana).await.unwrap();
        let given: Vec<_> = preview.iter().map(|row| (row.id, row.from, row.given)).collect();
        let yes = Given::Yes;
        assert_eq!(given, [(free, None, yes), (bens, Some(ben), yes), (opened, None, yes), (gone, None, Given::NotNow)]);
        let seen: Vec<(Uuid, i64)> = preview.iter().map(|row| (row.id, row.version)).collect();
        // Meanwhile one more changed.
        let other = (gone, 1);
        let batch =
            assign_many(ctx, &console.siio, &nbc, &[seen[0], seen[1], seen[2], other, (Uuid::nil(), 1)], ana).await.unwrap();
        let rows: Vec<Given> = batch.rows.iter().map(|(_, given)| *given).collect();
        assert_eq!(rows, [yes, yes, yes, Given::Changed, Given::Refused]);
        assert_eq!(console.counts(&console.ana).await[&Queue::Mine], 3);
        assert_eq!(console.history(bens).await.pop().unwrap().why, Some(Why::Batch { id: batch.batch }));
        done(&super::open(ctx, &console.ana, opened, console.version(opened).await).await.unwrap());
        let other_siio = who(ctx, 8, &[(Role::Siio, "NBC")]);
        assert_eq!(undo(ctx, &other_siio, batch.batch).await.unwrap(), None, "it was not theirs");
        let undone: BTreeMap<_, _> = undo(ctx, &console.siio, batch.batch).await.unwrap().unwrap().into_iter().collect();
        let expected = [(free, Undone::Yes), (bens, Undone::Yes), (opened, Undone::MovedOn)];
        assert_eq!(undone, BTreeMap::from(expected));
        assert_eq!(row(ctx, free).await.state, "routed");
        assert_eq!(console.counts(&console.ben).await[&Queue::Mine], 1, "it is his again");
        assert_eq!(undo(ctx, &console.siio, batch.batch).await.unwrap(), None, "once");
        agree(ctx, &["NBC"], &[ana, ben]).await;
    }
}

#[tokio::test]
async fn a_request_moves_to_another_office_and_its_clock_goes_on() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let console = Console::open(ctx).await;
        let id = console.request(1, NUMBER).await;
        let due = row(ctx, id).await.due_on;
        clock.advance(TimeDelta::days(10));
        let send = async |officer: &Officer, to: &str, text: &str| {
            let version = console.version(id).await;
            redirect(ctx, officer, (id, version), &code(to), RedirectReason::Disability, text).await.unwrap()
        };
        assert!(matches!(send(&console.ana, "XXX", "x").await, Redirected::UnknownOffice));
        assert!(matches!(send(&console.ana, "LIN", " ").await, Redirected::Worked(Worked::Words)));
        assert!(matches!(send(&console.ana, "NBC", "x").await, Redirected::Worked(Worked::NotNow)), "it is there");
        assert!(matches!(send(&console.ana, "LIN", "Needs a ramp.").await, Redirected::Worked(Worked::Done(_))));
        let seen = view(ctx, id).await.unwrap().unwrap();
        assert_eq!((seen.office.as_deref(), seen.reading.due.day()), (Some("Nebraska"), due), "the person sees the move");
        assert_eq!((seen.reading.used, seen.reading.balance), (10, Balance::Left(20)));
        assert!(matches!(file_of(ctx, &console.ana, id, ReadPurpose::Work).await, Err(Error::Refused)), "it is not hers any more");
        assert!(matches!(send(&console.lin, "NBC", "The ramp is there.").await, Redirected::Worked(Worked::Done(_))));
        assert!(matches!(send(&console.ana, "LIN", "Once more").await, Redirected::AskSupervisor));
        assert!(matches!(send(&console.siio, "LIN", "Once more").await, Redirected::Worked(Worked::Done(_))));
        let words = file_of(ctx, &console.lin, id, ReadPurpose::Work).await.unwrap().history[3].words.clone();
        assert_eq!(words.unwrap().expose(), "Needs a ramp.");
        agree(ctx, &["NBC", "LIN"], &[console.ana.officer_id()]).await;
    }
}

#[tokio::test]
async fn an_office_that_is_asked_may_read_until_it_has_answered() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let console = Console::open(ctx).await;
        let (id, lin) = (console.request(1, NUMBER).await, code("LIN"));
        let reads = async || file_of(ctx, &console.lin, id, ReadPurpose::Question).await.is_ok();
        assert!(!reads().await);
        assert_eq!(ask_office(ctx, &console.ana, id, &code("NBC"), "x").await.unwrap(), None, "nobody asks themselves");
        let question = ask_office(ctx, &console.ana, id, &lin, "Where is the file?").await.unwrap().unwrap();
        assert!(reads().await);
        let version = console.version(id).await;
        assert!(matches!(super::open(ctx, &console.lin, id, version).await, Err(Error::Refused)), "reading is not working");
        assert_eq!(open_questions(ctx, &console.lin, &lin).await.unwrap(), [OpenQuestion { question, request: id }]);
        assert!(matches!(answer_question(ctx, &console.ana, question, "x").await, Err(Error::Refused)));
        assert!(answer_question(ctx, &console.lin, question, "In the mail.").await.unwrap());
        assert!(!reads().await, "the grant has ended");
        let file = file_of(ctx, &console.ana, id, ReadPurpose::Work).await.unwrap();
        assert_eq!(file.questions[0].answer.as_ref().unwrap().text.expose(), "In the mail.");
        ask_office(ctx, &console.ana, id, &lin, "And now?").await.unwrap().unwrap();
        clock.advance(QUESTION_LASTS);
        assert!(!reads().await, "its time is over");
    }
}

#[tokio::test]
async fn the_roster_gives_out_what_comes_in_and_says_why() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let (ana, ben) = (console.ana.officer_id(), console.ben.officer_id());
        console.share(&console.ana, 1).await;
        console.share(&console.ben, 2).await;
        let tomorrow = ctx.today() + TimeDelta::days(1);
        let numbers = ["EAC9998103403", "EAC9998203403", "EAC9998303403", "EAC9998403403"];
        let mut given = Vec::new();
        for (session, number) in (1..).zip(numbers) {
            a_case(ctx, number).await;
            let id = console.request(session, number).await;
            let why = console.history(id).await.pop().unwrap().why;
            given.push((
                store::request_queue::placement(&mut ctx.store.read_primary().await.unwrap(), id).await.unwrap().unwrap().officer,
                why,
            ));
        }
        let rule = |open, capacity, among, full| Some(Why::Rule { open, capacity, among, on_leave: 0, full });
        assert_eq!(
            given,
            [(Some(ben), rule(0, 2, 2, 0)), (Some(ana), rule(0, 1, 2, 0)), (Some(ben), rule(1, 2, 1, 1)), (None, None),]
        );
        console.share(&console.ben, 9).await;
        let away = add_leave(ctx, &console.ben, &code("NBC"), ben, (ctx.today(), tomorrow)).await.unwrap();
        assert!(add_leave(ctx, &console.ben, &code("NBC"), ana, (ctx.today(), tomorrow)).await.is_err(), "her leave is not his");
        let fifth = console.request(5, NUMBER).await;
        assert_eq!(row(ctx, fifth).await.state, "routed", "one is full, one is away");
        assert!(drop_leave(ctx, &console.siio, &code("NBC"), ben, away.unwrap()).await.unwrap());
        let roster = roster(ctx, &console.ana, &code("NBC")).await.unwrap();
        assert_eq!(roster.iter().map(|entry| entry.open).collect::<Vec<_>>(), [1, 2]);
        assert!(drop_share(ctx, &console.siio, &code("NBC"), ana).await.unwrap());
        agree(ctx, &["NBC"], &[ana, ben]).await;
    }
}

#[tokio::test]
async fn a_search_finds_names_words_and_numbers_of_the_officers_offices() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let id = console.request(1, NUMBER).await;
        add_note(ctx, &console.ana, id, "Llamó la señora Muñoz").await.unwrap();
        add_information(ctx, id, "I moved to Fairfax").await.unwrap();
        let number = row(ctx, id).await.number;
        let finds = async |officer: &Officer, text: &str| {
            let search = look_for(ctx, officer, text).await.unwrap().unwrap();
            let found = found(ctx, officer, search, None).await.unwrap().unwrap();
            assert_eq!(found.text.expose(), text);
            found.requests.iter().any(|shown| shown.listed.id == id)
        };
        for text in ["ejemplo", "EJEM", "Ana Ejémplo", "munoz", "MUÑOZ señora", "fairfax", "second time", NUMBER, number.as_str()]
        {
            assert!(finds(&console.ana, text).await, "{text}");
            assert!(!finds(&console.lin, text).await, "{text}: it lies elsewhere");
        }
        for text in ["fairf", "benito", "ejemplo benito", "EAC9999103402", "ana@example.org", "20255501"] {
            assert!(!finds(&console.ana, text).await, "{text}");
        }
        assert_eq!(look_for(ctx, &console.ana, " .. ").await.unwrap(), None);
        let search = look_for(ctx, &console.ana, "ejemplo").await.unwrap().unwrap();
        assert!(found(ctx, &console.ben, search, None).await.unwrap().is_none(), "it is hers");
        // The index holds no word that anybody wrote.
        let words = store::request_search::words(&mut ctx.store.read_primary().await.unwrap(), id).await.unwrap().unwrap();
        assert!(words.contains("nejemplo") && words.contains("onbc"));
        assert!(!words.contains("fairfax") && !words.contains("munoz") && !words.contains("second"), "{words}");
        // As an earlier release leaves it.
        store::testing::meddle(&ctx.store, "UPDATE request_text SET words = ''").await.unwrap();
        assert!(!finds(&console.ana, "fairfax").await);
        crate::upkeep::sweep(ctx, Actor::System).await.unwrap();
        assert!(finds(&console.ana, "fairfax").await);
        let version = console.version(id).await;
        redirect(ctx, &console.ana, (id, version), &code("LIN"), RedirectReason::OfficeBandwidth, "Full here").await.unwrap();
        assert!(finds(&console.lin, "ejemplo").await && !finds(&console.ana, "ejemplo").await, "it went along");
    }
}

#[tokio::test]
async fn a_list_is_kept_under_a_name() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let nbc = code("NBC");
        let chosen = Chosen { kind: Some(KIND), days_old: Some(7), ..Chosen::default() };
        let list = List { chosen, order: Order::Received, ..List::of(nbc.clone(), Queue::Unassigned) };
        let own = save_view(ctx, &console.ana, "Typos", &list, false).await.unwrap().unwrap();
        assert_eq!(save_view(ctx, &console.ana, "Typos", &list, false).await.unwrap(), None, "the name is taken");
        assert!(save_view(ctx, &console.ana, "Ours", &list, true).await.is_err(), "a supervisor's to share");
        let shared = save_view(ctx, &console.siio, "Ours", &list, true).await.unwrap().unwrap();
        let names = async |officer: &Officer| {
            let views = views(ctx, officer, &nbc).await.unwrap();
            assert!(views.iter().all(|view| view.list.chosen == list.chosen && view.list.order == Order::Received));
            views.into_iter().map(|view| view.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&console.ana).await, ["Ours", "Typos"]);
        assert_eq!(names(&console.ben).await, ["Ours"]);
        assert!(drop_view(ctx, &console.ben, own).await.is_err() && drop_view(ctx, &console.ana, shared).await.is_err());
        assert!(drop_view(ctx, &console.ana, own).await.unwrap() && drop_view(ctx, &console.siio, shared).await.unwrap());
    }
}

#[tokio::test]
async fn supervisors_are_told_before_a_day_and_on_it_and_after_it_once() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let console = Console::open(ctx).await;
        let (nbc, id) = (code("NBC"), console.request(1, NUMBER).await);
        let raised = async || escalate(ctx, Actor::System).await.unwrap();
        assert_eq!(raised().await, Raised::default());
        clock.advance(TimeDelta::days(26));
        assert_eq!(raised().await, Raised { near: 1, ..Raised::default() });
        assert_eq!(raised().await, Raised::default(), "once");
        assert_eq!(escalations(ctx, &console.siio, &nbc).await.unwrap()[0].stage, Stage::Near);
        assert!(note_escalation(ctx, &console.siio, id).await.unwrap());
        assert!(escalations(ctx, &console.siio, &nbc).await.unwrap().is_empty());
        clock.advance(TimeDelta::days(4));
        assert_eq!(raised().await, Raised { due: 1, ..Raised::default() });
        clock.advance(TimeDelta::days(1));
        assert_eq!(raised().await, Raised { over: 1, ..Raised::default() });
        let version = console.version(id).await;
        let opened = super::open(ctx, &console.ana, id, version).await.unwrap();
        let mut transaction = ctx.store.begin().await.unwrap();
        happen(ctx, &mut transaction, console.ana.actor(), id, &Happening::Answered, None).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(escalations(ctx, &console.siio, &nbc).await.unwrap().is_empty(), "nobody has to know any more");
        assert!(done(&opened) > version && escalate(ctx, Actor::Public).await.is_err());
    }
}

#[tokio::test]
async fn staff_take_requests_in_for_somebody() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let agent = who(ctx, 20, &[(Role::Tier1Agent, "NBC")]);
        let typed = |answers: &[(Field, &str)]| {
            let mut all = Answers::default();
            for (field, typed) in answers {
                all.set(*field, typed);
            }
            all
        };
        let right = [
            (Field::Requester, "representative"),
            (Field::RepresentativeName, "Luz Ejemplo"),
            (Field::ReceiptNumber, NUMBER),
            (Field::ExpediteReason, "urgent_humanitarian"),
            (Field::Explanation, "Her father is dying."),
            (Field::FamilyName, "Ejemplo"),
        ];
        let intake = Intake {
            submission: ctx.clock.new_id(),
            office: code("NBC"),
            source: Source::Telephone,
            kind: RequestKind::Expedite,
            received_on: None,
            locale: Locale::Es,
            answers: typed(&right),
            call: None,
        };
        let taken = take_in(ctx, &agent, &intake).await.unwrap();
        let TakenIn::Stored { id, number, call_back: Some(digits) } = taken else { panic!("{taken:?}") };
        assert!(digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()));
        send_all(ctx).await;
        let file = file_of(ctx, &console.ana, id, ReadPurpose::CallBack).await.unwrap();
        assert_eq!(file.history[0].actor, agent.actor().label(), "who typed");
        assert_eq!(file.answers.typed(Field::RepresentativeName), "Luz Ejemplo", "who asked");
        assert_eq!((file.listed.source, file.view.target.days), (Source::Telephone, 7));
        let search = look_for(ctx, &console.ana, &digits).await.unwrap().unwrap();
        assert_eq!(found(ctx, &console.ana, search, None).await.unwrap().unwrap().requests[0].listed.id, id);
        assert_eq!(take_in(ctx, &agent, &intake).await.unwrap(), TakenIn::Stored { id, number: number.clone(), call_back: None });
        let again = Intake { submission: ctx.clock.new_id(), ..intake.clone() };
        assert_eq!(take_in(ctx, &agent, &again).await.unwrap(), TakenIn::UnderWay(number));
        let missing = Intake { answers: typed(&right[2..]), ..again.clone() };
        assert!(
            matches!(take_in(ctx, &agent, &missing).await.unwrap(), TakenIn::Problems(problems) if problems[0].0 == Field::Requester)
        );
        let letter = |received_on| Intake { source: Source::Letter, kind: RequestKind::CaseStatus, received_on, ..again.clone() };
        let tomorrow = ctx.today() + TimeDelta::days(1);
        for wrong in [tomorrow, ctx.today() - TimeDelta::days(61)] {
            assert_eq!(take_in(ctx, &agent, &letter(Some(wrong))).await.unwrap(), TakenIn::WrongDay);
        }
        let last_week = ctx.today() - TimeDelta::days(7);
        let TakenIn::Stored { id, .. } = take_in(ctx, &agent, &letter(Some(last_week))).await.unwrap() else { panic!() };
        assert_eq!(row(ctx, id).await.due_on, last_week + TimeDelta::days(30), "the clock begins with the stamp");
        hide(ctx, NUMBER).await;
        let hidden = Intake { submission: ctx.clock.new_id(), kind: RequestKind::DosReview, ..intake.clone() };
        assert_eq!(take_in(ctx, &agent, &hidden).await.unwrap(), TakenIn::NoCase);
        assert!(take_in(ctx, &console.lin, &hidden).await.is_err() && who(ctx, 5, &[]).offices(Action::TakeRequest).is_empty());
        let public = Intake { source: Source::EReq, ..hidden };
        assert!(take_in(ctx, &agent, &public).await.is_err());
    }
}

#[tokio::test]
async fn a_request_that_came_to_no_office_is_sent_to_one_by_hand() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let console = Console::open(ctx).await;
        let id = Visitor::new(ctx, 1).file(KIND).await;
        assert!(unrouted(ctx, &console.siio).await.unwrap().is_empty(), "it has fifteen minutes");
        clock.advance(TimeDelta::minutes(16));
        assert_eq!(unrouted(ctx, &console.siio).await.unwrap()[0].listed.id, id);
        assert!(matches!(send_to(ctx, &console.siio, id, &code("LIN")).await.unwrap(), Redirected::Worked(Worked::Done(3))));
        assert!(unrouted(ctx, &console.siio).await.unwrap().is_empty());
        assert!(matches!(send_to(ctx, &console.siio, id, &code("NBC")).await.unwrap(), Redirected::Worked(Worked::NotNow)));
        send_all(ctx).await;
        assert_eq!(row(ctx, id).await.office.as_deref(), Some("LIN"), "the job comes too late");
    }
}

#[tokio::test]
async fn every_reading_of_a_person_stands_in_the_audit_log_with_its_purpose() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let id = console.request(1, NUMBER).await;
        let TestContext { test, .. } = &test;
        for purpose in ReadPurpose::ALL {
            assert_eq!(ReadPurpose::from_key(purpose.key()), Some(purpose));
            file_of(ctx, &console.ana, id, purpose).await.unwrap();
        }
        let entries = store::audit::by_action(&mut test.store.begin().await.unwrap(), "request.read").await.unwrap();
        assert_eq!(entries.len(), ReadPurpose::ALL.len());
        assert!(entries.iter().all(|entry| entry.actor == console.ana.actor().label() && entry.subject == id.to_string()));
        assert!(ReadPurpose::ALL.iter().all(|purpose| entries.iter().any(|entry| entry.detail.contains(purpose.key()))));
        assert!(entries.iter().all(|entry| !entry.detail.contains(NUMBER)));
    }
}

/// What anybody may try at any time.
#[derive(Debug, Clone, Copy)]
enum Try {
    File,
    Route,
    Take,
    Open,
    Assign,
    LayBack,
    Pause,
    Resume,
    Answer,
    Reopen,
    Redirect,
    Withdraw,
    Review,
    Mail,
    Days,
}

const TRIES: [Try; 15] = [
    Try::File,
    Try::Route,
    Try::Take,
    Try::Open,
    Try::Assign,
    Try::LayBack,
    Try::Pause,
    Try::Resume,
    Try::Answer,
    Try::Reopen,
    Try::Redirect,
    Try::Withdraw,
    Try::Review,
    Try::Mail,
    Try::Days,
];

async fn attempt(test: &TestContext, console: &Console<'_>, ids: &mut Vec<Uuid>, what: Try, which: usize) {
    let ctx = console.ctx;
    if let Try::File = what {
        if ids.len() < 6 {
            let number = format!("EAC99{}8103403", ids.len());
            a_case(ctx, &number).await;
            let session = u8::try_from(100 + ids.len()).unwrap();
            ids.push(Visitor::new(ctx, session).about(&number).file(KIND).await);
        }
        return;
    }
    if ids.is_empty() {
        return;
    }
    let id = ids[which % ids.len()];
    let officer = if which.is_multiple_of(2) { &console.ana } else { &console.ben };
    let version = console.version(id).await;
    let to = if which.is_multiple_of(3) { console.ana.officer_id() } else { console.ben.officer_id() };
    // Whoever is refused has changed nothing: that is what is tested.
    match what {
        Try::Route => _ = route(ctx, id).await,
        Try::Take => _ = take_next(ctx, officer, &code("NBC")).await,
        Try::Open => _ = open(ctx, officer, id, version).await,
        Try::Assign => _ = assign(ctx, &console.siio, (id, version), to, None, "").await,
        Try::LayBack => _ = lay_back(ctx, officer, (id, version)).await,
        Try::Pause => _ = pause(ctx, officer, id, version, PauseReason::SystemOutage).await,
        Try::Resume => _ = resume(ctx, officer, id, version).await,
        Try::Answer => {
            let mut transaction = ctx.store.begin().await.unwrap();
            if let Happened::Yes(_) = happen(ctx, &mut transaction, officer.actor(), id, &Happening::Answered, None).await.unwrap()
            {
                transaction.commit().await.unwrap();
            }
        }
        Try::Reopen => _ = reopen(ctx, officer, id, version, "again").await,
        Try::Redirect => {
            let (officer, to) = if which.is_multiple_of(2) { (&console.lin, "NBC") } else { (&console.siio, "LIN") };
            _ = redirect(ctx, officer, (id, version), &code(to), RedirectReason::StaffChange, "there").await;
        }
        Try::Withdraw => _ = withdraw(ctx, id).await.unwrap(),
        Try::Review => {
            let mut transaction = ctx.store.begin().await.unwrap();
            set_review(ctx, &mut transaction, id, !which.is_multiple_of(3)).await.unwrap();
            transaction.commit().await.unwrap();
        }
        Try::Mail => {
            let trouble = [None, Some(MailTrouble::Returned), Some(MailTrouble::Misdelivered)][which % 3];
            let mut transaction = ctx.store.begin().await.unwrap();
            set_mail(ctx, &mut transaction, id, trouble).await.unwrap();
            transaction.commit().await.unwrap();
        }
        Try::Days => test.test.clock.advance(TimeDelta::days(i64::try_from(which % 9).unwrap())),
        Try::File => {}
    }
}

/// Whatever is tried in whatever order, the figures kept are those of a full count, and none is below zero.
#[test]
fn the_figures_are_right_after_anything() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() });
    let walks = prop::collection::vec((prop::sample::select(&TRIES), 0usize..60), 30..70);
    runner
        .run(&walks, |walk| {
            runtime.block_on(async {
                for test in contexts().await {
                    let console = Console::open(&test.ctx).await;
                    let mut ids = Vec::new();
                    for (what, which) in [(Try::File, 0), (Try::File, 1), (Try::Route, 0)].into_iter().chain(walk.clone()) {
                        attempt(&test, &console, &mut ids, what, which).await;
                    }
                    agree(&test.ctx, &["NBC", "LIN"], &[console.ana.officer_id(), console.ben.officer_id()]).await;
                }
            });
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn the_demo_has_requests_in_every_state_and_right_figures() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let console = Console::open(ctx).await;
        let officers = vec![console.ana.officer_id(), console.ben.officer_id()];
        let staff = [
            Staffed { office: code("NBC"), officers: officers.clone() },
            Staffed { office: code("LIN"), officers: vec![console.lin.officer_id()] },
        ];
        let lines: Vec<String> = (0..60)
            .map(|at| line(&format!("c{at}"), &format!("EAC99980{:05}", at * 300), "IAA", "2026-01-07T14:00:00Z", ""))
            .collect();
        import_lines(ctx, &lines).await;
        assert_eq!(demo::fill(ctx, Actor::Operator, &staff, 1500, Mix::Everything).await.unwrap(), 1500);
        assert_eq!(demo::fill(ctx, Actor::Operator, &staff, 1500, Mix::Everything).await.unwrap(), 0, "they are there");
        agree(ctx, &["NBC", "LIN"], &officers).await;
        let counted = console.counts(&console.ana).await;
        let there = [
            Queue::Unassigned,
            Queue::Mine,
            Queue::DueSoon,
            Queue::Overdue,
            Queue::Waiting,
            Queue::Mail,
            Queue::Strays,
            Queue::Closed,
        ];
        assert!(there.iter().all(|queue| counted.contains_key(queue)), "{counted:?}");
        let page = list(ctx, &console.ana, &List::of(code("NBC"), Queue::Closed)).await.unwrap();
        assert!(page.requests.len() == 50 && page.after.is_some() && page.before.is_none());
        let file = file_of(ctx, &console.ana, page.requests[0].listed.id, ReadPurpose::Work).await.unwrap();
        assert_eq!(file.listed.version, i64::try_from(file.history.len()).unwrap());
        let search = look_for(ctx, &console.ana, "ejemplo wheels").await.unwrap().unwrap();
        let first = found(ctx, &console.ana, search, None).await.unwrap().unwrap();
        let next = found(ctx, &console.ana, search, first.after).await.unwrap().unwrap();
        let ids = |found: &Found| found.requests.iter().map(|shown| shown.listed.id).collect::<BTreeSet<_>>();
        assert!(ids(&first).len() == 50 && !next.requests.is_empty() && ids(&first).is_disjoint(&ids(&next)));
    }
}
