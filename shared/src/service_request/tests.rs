//! The machine of states, its clock and its steps, together.

use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::office::OfficeCode;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `2026-11-02 14:00`, in an agency whose days are those of Greenwich.
fn moment(text: &str) -> Moment {
    let at = DateTime::parse_from_rfc3339(&format!("{}:00Z", text.replace(' ', "T"))).unwrap().to_utc();
    Moment { at, day: at.date_naive() }
}

fn office(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

fn other_number() -> RequestNumber {
    RequestNumber::new(2026, [7; 16])
}

const ANA: OfficerId = OfficerId(1);
const BEN: OfficerId = OfficerId(2);

/// What happens, by its key; the office and the officer are always the same ones.
fn happening(key: &str) -> Happening {
    match key {
        "received" => Happening::Received,
        "stored" => Happening::Stored,
        "routed" => Happening::Routed { office: office("NBC"), reason: RoutingReason::CaseOffice },
        "assigned" => Happening::Assigned { officer: ANA },
        "laid_back" => Happening::LaidBack,
        "opened" => Happening::Opened { officer: BEN },
        "asked" => Happening::Asked,
        "information_added" => Happening::InformationAdded,
        "address_changed" => Happening::AddressChanged,
        "paused" => Happening::Paused { reason: PauseReason::OtherOffice },
        "resumed" => Happening::Resumed,
        "redirected" => Happening::Redirected { office: office("LIN"), reason: RedirectReason::OfficeBandwidth },
        "answered_in_part" => Happening::AnsweredInPart,
        "answered" => Happening::Answered,
        "reopened" => Happening::Reopened,
        "withdrawn" => Happening::Withdrawn,
        "superseded" => Happening::Superseded { by: other_number() },
        other => panic!("nothing is called {other}"),
    }
}

fn desk() -> Desk {
    Desk { office: office("NBC"), reason: RoutingReason::CaseOffice }
}

fn work(officer: OfficerId) -> Work {
    Work { desk: desk(), officer }
}

/// One of each state, with Ben at work.
fn states() -> [State; 10] {
    [
        State::Received,
        State::Stored,
        State::Routed(desk()),
        State::Assigned(work(BEN)),
        State::Opened(work(BEN)),
        State::WaitingForPerson(work(BEN)),
        State::Paused(work(BEN), PauseReason::FileRequested),
        State::Answered(work(BEN)),
        State::Withdrawn,
        State::Superseded { by: other_number() },
    ]
}

/// Receipt, and then what the text says, each a minute after the other.
fn request(happenings: &str) -> ServiceRequest {
    let begin = moment("2026-11-02 14:00");
    let events = ["received"].into_iter().chain(happenings.split_whitespace()).zip(0..).map(|(key, minute)| {
        let at = Moment { at: begin.at + TimeDelta::minutes(minute), ..begin };
        RequestEvent { at, happening: happening(key) }
    });
    ServiceRequest::fold(events).unwrap()
}

#[test]
fn every_state_and_every_happening_has_its_key() {
    assert_eq!(states().map(|state| state.key()), State::KEYS);
    assert_eq!(Happening::KEYS.map(|key| happening(key).key()), Happening::KEYS);
}

/// All that can happen in all states. The same rows are the table of the document.
#[test]
fn all_transitions_one_by_one() {
    let rows = [
        "received           | stored - - - - - - - - - - - - - - -",
        "stored             | - routed - - - - stored stored - - - - - - withdrawn superseded",
        "routed             | - - assigned - opened - routed routed - - routed - - - withdrawn superseded",
        "assigned           | - - assigned routed opened - assigned assigned - - routed - - - withdrawn superseded",
        "opened             | - - opened routed - waiting_for_person opened opened paused - routed opened answered - withdrawn superseded",
        "waiting_for_person | - - waiting_for_person - - - opened waiting_for_person - opened - waiting_for_person - - withdrawn superseded",
        "paused             | - - paused - - - paused paused - opened - paused - - withdrawn superseded",
        "answered           | - - - - - - - - - - - - - opened - -",
        "withdrawn          | - - - - - - - - - - - - - - - -",
        "superseded         | - - - - - - - - - - - - - - - -",
    ];
    let document = include_str!("../../../docs/requests.md");
    for (state, row) in states().into_iter().zip(rows) {
        let (key, expected) = row.split_once('|').unwrap();
        assert_eq!(state.key(), key.trim());
        let can_happen = |key: &&str| state.after(&happening(key)).map_or("-", |next| next.key());
        let found: Vec<_> = Happening::KEYS[1..].iter().map(can_happen).collect();
        assert_eq!(found, expected.split_whitespace().collect::<Vec<_>>(), "{key}");
        let line = format!("| `{}` | {} |", key.trim(), found.join(" | "));
        assert!(document.contains(&line), "docs/requests.md needs the line {line}");
        let received = state.after(&Happening::Received);
        assert_eq!(received, Err(Refused::NotNow { state: state.key(), happening: "received" }), "nothing is received twice");
    }
    assert!(document.contains(&format!("| | {} |", Happening::KEYS[1..].join(" | "))), "the table's head");
}

#[test]
fn what_a_state_holds_goes_along() {
    for (happenings, state) in [
        ("stored routed", State::Routed(desk())),
        ("stored routed assigned", State::Assigned(work(ANA))),
        // Who reads it has it, whoever had it before.
        ("stored routed opened", State::Opened(work(BEN))),
        ("stored routed assigned opened", State::Opened(work(BEN))),
        ("stored routed opened assigned", State::Opened(work(ANA))),
        ("stored routed assigned laid_back", State::Routed(desk())),
        ("stored routed opened laid_back", State::Routed(desk())),
        ("stored routed opened laid_back assigned", State::Assigned(work(ANA))),
        ("stored routed opened asked assigned", State::WaitingForPerson(work(ANA))),
        ("stored routed opened paused assigned", State::Paused(work(ANA), PauseReason::OtherOffice)),
        ("stored routed opened asked information_added", State::Opened(work(BEN))),
        ("stored routed opened paused information_added", State::Paused(work(BEN), PauseReason::OtherOffice)),
        ("stored routed opened paused resumed answered reopened assigned answered", State::Answered(work(ANA))),
        ("stored routed opened superseded", State::Superseded { by: other_number() }),
    ] {
        assert_eq!(*request(happenings).state(), state, "{happenings}");
    }
    let sent_on = Desk { office: office("LIN"), reason: RoutingReason::Redirected(RedirectReason::OfficeBandwidth) };
    assert_eq!(*request("stored routed opened redirected").state(), State::Routed(sent_on));
}

#[test]
fn nothing_is_given_to_who_has_it_and_only_a_redirection_is_one() {
    let refused = |happenings: &str, key: &str| request(happenings).state().after(&happening(key)).unwrap_err();
    assert_eq!(refused("stored routed redirected", "redirected"), Refused::AlreadyThere);
    for before in ["stored routed assigned", "stored routed opened assigned", "stored routed opened asked assigned"] {
        assert_eq!(refused(before, "assigned"), Refused::AlreadyThere, "{before}");
    }
    let not_first = Happening::Routed { office: office("NBC"), reason: RoutingReason::Redirected(RedirectReason::Disability) };
    assert_eq!(State::Stored.after(&not_first), Err(Refused::NotNow { state: "stored", happening: "routed" }));
}

#[test]
fn events_that_are_no_request_are_named() {
    let fold = |keys: &[&str]| {
        let at = moment("2026-11-02 14:00");
        ServiceRequest::fold(keys.iter().map(|key| RequestEvent { at, happening: happening(key) }))
    };
    assert_eq!(fold(&[]), Err(Broken::NotReceived));
    assert_eq!(fold(&["stored"]), Err(Broken::NotReceived));
    let broken = fold(&["received", "stored", "answered"]).unwrap_err();
    assert_eq!(broken, Broken::Refused { number: 3, refused: Refused::NotNow { state: "stored", happening: "answered" } });
    assert_eq!(broken.to_string(), "event 3 of the request: \"answered\" cannot happen to a request that is \"stored\"");
}

#[test]
fn a_server_whose_clock_is_behind_breaks_nothing() {
    let mut request = request("stored routed opened");
    let before = RequestEvent { at: moment("2026-11-01 23:59"), happening: happening("paused") };
    request.record(before).unwrap();
    assert_eq!(request.events()[4].at, request.events()[3].at);
    assert_eq!(request.clock(Target::THIRTY_DAYS).segments().last().map(|last| last.run), Some(request.state().run()));
}

/// `2026-11-02 14:00 stored`, one a line.
fn dated(events: &str) -> ServiceRequest {
    let events = events.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let (at, key) = line.rsplit_once(' ').unwrap();
        RequestEvent { at: moment(at), happening: happening(key) }
    });
    ServiceRequest::fold(events).unwrap()
}

/// The steps on a day, as `time done / deadline`.
fn shown(request: &ServiceRequest, today: &str) -> Vec<String> {
    let steps = request.steps(&Promise::default(), &HolidayTable::default(), day(today));
    let shown = steps.map(|step| {
        let done = step.at.map_or("-".to_owned(), |at| at.at.format("%m-%d %H:%M").to_string());
        let deadline = match step.deadline {
            Some(Deadline::At(at)) => at.format("%m-%d %H:%M").to_string(),
            Some(Deadline::On(day)) => day.format("%m-%d").to_string(),
            None => "-".to_owned(),
        };
        format!("{} {done} / {deadline}", step.name.key())
    });
    shown.to_vec()
}

#[test]
fn the_steps_are_shown_with_their_times_and_deadlines() {
    let fresh = "2026-11-02 14:00 received
                 2026-11-02 14:00 stored";
    assert_eq!(
        shown(&dated(fresh), "2026-11-02"),
        [
            "received 11-02 14:00 / -",
            "stored 11-02 14:00 / 11-02 14:00",
            "routed - / 11-02 14:15",
            "opened - / 11-09",
            "answered - / 12-02"
        ]
    );
    // Routed on the day after; Veterans Day is the eleventh. The person was asked for two days.
    let answered = &format!(
        "{fresh}
         2026-11-05 09:30 routed
         2026-11-10 10:00 opened
         2026-11-10 11:00 asked
         2026-11-12 08:00 information_added
         2026-11-20 15:00 answered"
    );
    let steps = ["received 11-02 14:00 / -", "stored 11-02 14:00 / 11-02 14:00", "routed 11-05 09:30 / 11-02 14:15"];
    let end = ["opened 11-10 10:00 / 11-13", "answered 11-20 15:00 / 12-04"];
    assert_eq!(shown(&dated(answered), "2027-05-01"), [&steps[..], &end].concat());
    let reopened = dated(&format!("{answered}\n 2026-11-25 09:00 reopened"));
    assert_eq!(shown(&reopened, "2026-11-25")[3..], ["opened 11-10 10:00 / 11-13", "answered - / 12-09"]);
    let redirected = dated(&format!("{answered}\n 2026-11-25 09:00 reopened\n 2026-11-30 09:00 redirected"));
    assert_eq!(shown(&redirected, "2026-11-30")[2..], ["routed 11-30 09:00 / -", "opened - / 12-07", "answered - / 12-09"]);
    let withdrawn = dated(&format!("{fresh}\n 2026-11-02 14:01 withdrawn"));
    assert_eq!(shown(&withdrawn, "2027-05-01")[2..], ["routed - / -", "opened - / -", "answered - / -"]);
}

#[test]
fn who_passes_a_deadline_is_a_stray() {
    let strays = |events: &str, now: &str| {
        let strays = dated(events).strays(&Promise::default(), &HolidayTable::default(), moment(now));
        strays.into_iter().map(StepName::key).collect::<Vec<_>>().join(" ")
    };
    let stored = "2026-11-02 14:00 received\n 2026-11-02 14:00 stored";
    let routed = &format!("{stored}\n 2026-11-02 14:01 routed");
    let opened = &format!("{routed}\n 2026-11-03 10:00 opened");
    for (events, now, expected) in [
        ("2026-11-02 14:00 received", "2026-11-02 14:00", ""),
        ("2026-11-02 14:00 received", "2026-11-02 14:01", "stored"),
        (stored, "2026-11-02 14:15", ""),
        (stored, "2026-11-02 14:16", "routed"),
        (stored, "2026-12-24 09:00", "routed opened answered"),
        (routed, "2026-11-09 23:59", ""),
        (routed, "2026-11-10 00:00", "opened"),
        (&format!("{routed}\n 2026-11-03 10:00 assigned"), "2026-11-10 00:00", "opened"),
        (opened, "2026-12-02 23:59", ""),
        (opened, "2026-12-03 00:00", "answered"),
        (&format!("{opened}\n 2026-11-20 10:00 redirected"), "2026-11-30 23:59", ""),
        (&format!("{opened}\n 2026-11-20 10:00 redirected"), "2026-12-01 00:00", "opened"),
        // What stops the clock moves the last deadline, until it has passed.
        (&format!("{opened}\n 2026-11-20 10:00 paused"), "2027-06-01 10:00", ""),
        (&format!("{opened}\n 2026-12-04 10:00 paused"), "2027-06-01 10:00", "answered"),
        (&format!("{opened}\n 2026-12-20 10:00 answered"), "2027-06-01 10:00", ""),
        (&format!("{stored}\n 2026-12-20 10:00 withdrawn"), "2027-06-01 10:00", ""),
        (&format!("{opened}\n 2026-12-20 10:00 superseded"), "2027-06-01 10:00", ""),
    ] {
        assert_eq!(strays(events, now), expected, "{events}: {now}");
    }
}

/// Where the machine leads from each state, by key.
fn ways() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let leads_to = |state: &State| {
        let next = Happening::KEYS.iter().filter_map(|key| state.after(&happening(key)).ok());
        next.map(|next| next.key()).collect()
    };
    states().iter().map(|state| (state.key(), leads_to(state))).collect()
}

fn reachable(from: &'static str) -> BTreeSet<&'static str> {
    let (ways, mut reached, mut left) = (ways(), BTreeSet::from([from]), vec![from]);
    while let Some(state) = left.pop() {
        left.extend(ways[state].iter().copied().filter(|next| reached.insert(next)));
    }
    reached
}

#[test]
fn every_state_can_be_reached_and_every_open_request_can_be_answered() {
    assert_eq!(reachable("received"), BTreeSet::from(State::KEYS));
    for state in states().iter().filter(|state| state.is_open()) {
        assert!(reachable(state.key()).contains("answered"), "{state:?}");
    }
    for ended in ["withdrawn", "superseded"] {
        assert_eq!(reachable(ended), BTreeSet::from([ended]));
    }
    assert!(!reachable("answered").contains("received") && !reachable("answered").contains("stored"));
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let office_code = prop::sample::select(&["NBC", "LIN", "ZSF"]).prop_map(office);
    let reason = prop::sample::select(&RoutingReason::ALL);
    prop_oneof![
        8 => prop::sample::select(&Happening::KEYS).prop_map(happening),
        1 => (office_code.clone(), reason).prop_map(|(office, reason)| Happening::Routed { office, reason }),
        1 => (office_code, prop::sample::select(&RedirectReason::ALL))
            .prop_map(|(office, reason)| Happening::Redirected { office, reason }),
        2 => (0u128..3).prop_map(|id| Happening::Assigned { officer: OfficerId(id) }),
        2 => (0u128..3).prop_map(|id| Happening::Opened { officer: OfficerId(id) }),
        1 => prop::sample::select(&PauseReason::ALL).prop_map(|reason| Happening::Paused { reason }),
    ]
}

/// A walk of many attempts, some hours apart; most get somewhere, since it begins with an office.
fn any_walk() -> impl Strategy<Value = Vec<RequestEvent>> {
    let head = ["stored", "routed"].map(happening);
    let hours_and_happening = prop::collection::vec((0i64..60, any_happening()), 0..60);
    (hours_and_happening, 0usize..=2).prop_map(move |(rest, known)| {
        let mut at = moment("2026-11-02 14:00").at;
        let head = head.iter().take(known).map(|happening| (0, happening.clone()));
        let events = head.chain(rest).map(|(hours, happening)| {
            at += TimeDelta::hours(hours);
            RequestEvent { at: Moment { at, day: at.date_naive() }, happening }
        });
        events.collect()
    })
}

/// Takes a walk, and gives the request with the states that it came through.
fn walked(walk: &[RequestEvent]) -> (ServiceRequest, Vec<State>) {
    let mut request = ServiceRequest::received(moment("2026-11-02 14:00"));
    let mut states = vec![request.state().clone()];
    for event in walk {
        let before = request.clone();
        match request.record(event.clone()) {
            Ok(()) => states.push(request.state().clone()),
            Err(_) => assert_eq!(request, before, "what is refused changes nothing"),
        }
    }
    (request, states)
}

proptest! {
    #[test]
    fn no_walk_goes_around_a_rule(walk in any_walk()) {
        let (request, states) = walked(&walk);
        let mut read_here = false;
        for (event, pair) in request.events()[1..].iter().zip(states.windows(2)) {
            let [before, after] = pair else { unreachable!() };
            match &event.happening {
                Happening::Opened { officer } => {
                    read_here = true;
                    prop_assert!(matches!(after, State::Opened(work) if work.officer == *officer));
                }
                Happening::Routed { office, .. } | Happening::Redirected { office, .. } => {
                    read_here = false;
                    prop_assert!(before.desk().is_none_or(|desk| desk.office != *office));
                    prop_assert_eq!(after.desk().map(|desk| &desk.office), Some(office));
                }
                Happening::Answered | Happening::Asked | Happening::Paused { .. } => {
                    prop_assert!(read_here && matches!(before, State::Opened(_)));
                }
                Happening::Withdrawn | Happening::Superseded { .. } => prop_assert!(before.is_open() && *before != State::Received),
                Happening::Reopened => prop_assert!(matches!(before, State::Answered(_))),
                _ => {}
            }
            prop_assert!(!matches!(before, State::Withdrawn | State::Superseded { .. }), "nothing comes after the end");
            if before.desk().is_some() && after.is_open() {
                prop_assert!(after.desk().is_some(), "no office loses a request that is open");
            }
        }
    }

    #[test]
    fn a_request_folded_again_is_the_same(walk in any_walk(), again in 0usize..60) {
        let (request, states) = walked(&walk);
        let folded = ServiceRequest::fold(request.events().iter().cloned());
        prop_assert_eq!(folded.as_ref(), Ok(&request));
        // Any beginning of a request is one, in the state that it had then.
        let until = again.min(states.len() - 1);
        let part = ServiceRequest::fold(request.events()[..=until].iter().cloned()).unwrap();
        prop_assert_eq!(part.state(), &states[until]);
    }

    #[test]
    fn the_clock_and_the_steps_agree_with_the_state(walk in any_walk(), later in 0i64..90) {
        let (request, _) = walked(&walk);
        let last = request.events().last().unwrap().at;
        let at = last.at + TimeDelta::days(later);
        let now = Moment { at, day: at.date_naive() };
        let (promise, holidays) = (Promise::default(), HolidayTable::default());
        let reading = request.clock(promise.answered).read(now.day, &holidays);
        prop_assert_eq!(reading.run, request.state().run());
        let steps = request.steps(&promise, &holidays, now.day);
        prop_assert_eq!(steps[4].at.is_some(), matches!(request.state(), State::Answered(_)));
        if matches!(request.state(), State::Opened(_) | State::WaitingForPerson(_) | State::Paused(..) | State::Answered(_)) {
            prop_assert!(steps[..4].iter().all(|step| step.at.is_some()));
        }
        let done: Vec<_> = steps.iter().filter_map(|step| step.at).collect();
        prop_assert!(done.is_sorted(), "no step is done before the one that it follows");
        let strays = request.strays(&promise, &holidays, now);
        prop_assert!(request.state().is_open() || strays.is_empty());
        prop_assert_eq!(strays.contains(&StepName::Answered), request.state().is_open() && matches!(reading.balance, Balance::Over(_)));
    }
}

fn placed(request: &ServiceRequest, today: &str, beside: Beside) -> Placement {
    Placement::of(request, &Promise::default(), &HolidayTable::default(), day(today), beside)
}

#[test]
fn a_request_stands_in_the_lists_where_its_office_looks_for_it() {
    let queues = |happenings: &str, changed: &str, today: &str, beside| {
        let (placement, today) = (placed(&request(happenings), changed, beside), day(today));
        let soon = soon(today, &HolidayTable::default());
        let queues = Queue::ALL.into_iter().filter(|queue| placement.is_in(*queue, BEN, today, soon));
        queues.map(Queue::key).collect::<Vec<_>>().join(" ")
    };
    let beside = Beside::default();
    // Received on November 2: to be read by the 9th, due on December 2.
    for (happenings, today, expected) in [
        ("stored", "2026-12-24", ""),
        ("stored routed", "2026-11-09", "unassigned"),
        ("stored routed", "2026-11-10", "unassigned strays"),
        ("stored routed", "2026-12-03", "unassigned overdue strays"),
        ("stored routed assigned", "2026-11-10", "strays"),
        ("stored routed opened", "2026-11-23", "mine"),
        ("stored routed opened", "2026-11-25", "mine due_soon"),
        ("stored routed opened", "2026-12-02", "mine due_soon"),
        ("stored routed opened", "2026-12-03", "mine overdue"),
        ("stored routed opened paused", "2026-12-24", "mine waiting"),
        ("stored routed opened answered", "2026-12-24", "closed"),
        ("stored routed opened answered reopened", "2026-11-23", "mine"),
        ("stored withdrawn", "2026-11-23", ""),
        ("stored routed withdrawn", "2026-11-23", "closed"),
        ("stored routed opened superseded", "2026-11-23", "closed"),
    ] {
        assert_eq!(queues(happenings, "2026-11-02", today, beside), expected, "{happenings} {today}");
    }
    // What was late when its clock stopped stays late.
    assert_eq!(queues("stored routed opened paused", "2026-12-04", "2026-12-04", beside), "mine waiting");
    let beside = Beside { mail: Some(MailTrouble::Returned), is_in_review: true };
    assert_eq!(queues("stored routed opened", "2026-11-02", "2026-11-23", beside), "mine mail review");
    assert_eq!(queues("stored routed opened answered", "2026-11-02", "2026-11-23", beside), "closed");
}

proptest! {
    /// The figures that are kept add up to the lists, on whichever day they are read.
    #[test]
    fn the_figures_are_those_of_the_lists(walk in any_walk(), later in 0i64..90, is_in_review: bool, has_mail: bool) {
        let (request, _) = walked(&walk);
        let changed = request.events().last().unwrap().at.day;
        let beside = Beside { mail: has_mail.then_some(MailTrouble::Misdelivered), is_in_review };
        let placement = placed(&request, &changed.to_string(), beside);
        prop_assert!(request.state().desk().is_none_or(|desk| placement.office.as_ref() == Some(&desk.office)));
        let today = changed + TimeDelta::days(later);
        let soon = soon(today, &HolidayTable::default());
        let tallies: Vec<Tally> = placement.tallies().into_iter().map(|(_, tally)| tally).collect();
        for queue in Queue::ALL {
            let counted = tallies.iter().any(|tally| match (queue, tally) {
                (Queue::Unassigned, Tally::Place(place)) => *place == Place::Unassigned,
                (Queue::Waiting, Tally::Place(place)) => *place == Place::Waiting,
                (Queue::Review, Tally::Place(place)) => *place == Place::Review,
                (Queue::Closed, Tally::Place(place)) => *place == Place::Closed,
                (Queue::Mine, Tally::Officer(officer)) => *officer == BEN,
                (Queue::DueSoon, Tally::Owed(day)) => (today..=soon).contains(day),
                (Queue::Overdue, Tally::Owed(day)) | (Queue::Strays, Tally::OpenBy(day)) => *day < today,
                (Queue::Mail, Tally::Mail) => true,
                _ => false,
            });
            prop_assert_eq!(counted, placement.is_in(queue, BEN, today, soon), "{:?}", queue);
        }
    }
}

#[test]
fn words_of_lists_are_read_back() {
    assert!(Queue::ALL.iter().all(|queue| Queue::from_key(queue.key()) == Some(*queue) && !queue.orders().is_empty()));
    assert!(Order::ALL.iter().all(|order| Order::from_key(order.key()) == Some(*order)));
    assert!(Place::ALL.iter().all(|place| Place::from_key(place.key()) == Some(*place)));
    assert!(MailTrouble::ALL.iter().all(|trouble| MailTrouble::from_key(trouble.key()) == Some(*trouble)));
    let officer = OfficerId(0x0192_0000_0000_7000_8000_0000_0000_002a);
    assert_eq!(OfficerId::parse(&officer.to_string()), Some(officer));
    for wrong in ["", "2a", "+192000000007000800000000000002a", "0192000000007000800000000000002A"] {
        assert_eq!(OfficerId::parse(wrong), None, "{wrong}");
    }
    let chosen = Chosen { kind: Some(RequestKind::Expedite), officer: Some(officer), days_old: Some(30), ..Chosen::default() };
    let json = serde_json::to_string(&chosen).unwrap();
    assert_eq!(json, r#"{"kind":"expedite","officer":"0192000000007000800000000000002a","days_old":30}"#);
    assert_eq!(serde_json::from_str::<Chosen>(&json).unwrap(), chosen);
    assert!(chosen.is_legal() && !Chosen { state: Some("lost".into()), ..chosen }.is_legal());
}
