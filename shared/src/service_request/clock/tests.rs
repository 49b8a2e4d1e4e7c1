use super::*;
use chrono::{Days, NaiveTime};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A moment of a day; the number tells which is first within it.
fn moment(day: NaiveDate, nth: u32) -> Moment {
    Moment { at: (day.and_time(NaiveTime::MIN) + chrono::TimeDelta::seconds(nth.into())).and_utc(), day }
}

fn run(name: &str) -> Run {
    match name {
        "run" => Run::Running,
        "ask" => Run::WaitingForPerson,
        "stop" => Run::Stopped,
        key => Run::Paused(PauseReason::from_key(key).unwrap()),
    }
}

/// `2026-11-05 other_office, 2026-11-10 run`: what the clock did from then on.
fn transitions(history: &str) -> Vec<Transition> {
    let parts = history.split(", ").filter(|part| !part.is_empty()).zip(0..);
    let transition = |(part, nth): (&str, u32)| {
        let (on, to) = part.split_once(' ').unwrap();
        Transition { from: moment(day(on), nth), to: run(to) }
    };
    parts.map(transition).collect()
}

fn read(target: Target, history: &str, today: &str) -> Reading {
    Clock::new(day("2026-11-02"), target, transitions(history)).read(day(today), &HolidayTable::default())
}

const FIFTEEN_BUSINESS_DAYS: Target = Target { days: 15, count: Count::Business };
use Balance::{Left, Over};

#[test]
fn a_clock_counts_calendar_days_and_stands_still_while_it_is_stopped() {
    // It starts on Monday, the second of November; thirty days later is the second of December.
    for (history, today, used, balance, due) in [
        ("", "2026-11-02", 0, Left(30), Due::On(day("2026-12-02"))),
        ("", "2026-11-03", 1, Left(29), Due::On(day("2026-12-02"))),
        ("", "2026-12-02", 30, Left(0), Due::On(day("2026-12-02"))),
        ("", "2026-12-03", 31, Over(1), Due::On(day("2026-12-02"))),
        // Five days do not count: the fifth to the ninth.
        ("2026-11-05 other_office, 2026-11-10 run", "2026-11-10", 3, Left(27), Due::On(day("2026-12-07"))),
        ("2026-11-05 ask, 2026-11-10 run", "2026-12-07", 30, Left(0), Due::On(day("2026-12-07"))),
        ("2026-11-05 ask, 2026-11-10 run", "2026-12-08", 31, Over(1), Due::On(day("2026-12-07"))),
        // Within a day nothing is lost.
        ("2026-11-05 system_outage, 2026-11-05 run", "2026-11-06", 4, Left(26), Due::On(day("2026-12-02"))),
        // From pause to pause without a day between; the day of the start does not count anyway.
        ("2026-11-02 ask, 2026-11-04 file_requested, 2026-11-06 run", "2026-11-06", 1, Left(29), Due::On(day("2026-12-05"))),
        // While it stands the due day moves on each day.
        ("2026-11-05 file_requested", "2026-11-05", 2, Left(28), Due::NotBefore(day("2026-12-02"))),
        ("2026-11-05 file_requested", "2026-11-06", 2, Left(28), Due::NotBefore(day("2026-12-03"))),
        ("2026-11-05 file_requested", "2026-12-25", 2, Left(28), Due::NotBefore(day("2027-01-21"))),
        // What is late stays late: a pause does not mend it.
        ("2026-12-04 ask", "2026-12-10", 31, Over(1), Due::On(day("2026-12-02"))),
        ("2026-12-04 ask, 2026-12-09 run", "2026-12-10", 33, Over(3), Due::On(day("2026-12-02"))),
        // A pause that begins on the due day is one before its end.
        ("2026-12-02 ask", "2026-12-02", 29, Left(1), Due::NotBefore(day("2026-12-02"))),
        ("2026-12-02 ask, 2026-12-04 run", "2026-12-04", 30, Left(0), Due::On(day("2026-12-04"))),
    ] {
        let reading = read(Target::THIRTY_DAYS, history, today);
        assert_eq!((reading.used, reading.balance, reading.due), (used, balance, due), "{history}: {today}");
    }
}

#[test]
fn a_clock_of_business_days_leaves_out_days_on_which_nobody_works() {
    // Veterans Day is the eleventh, Thanksgiving the twenty-sixth: fifteen days end on Tuesday, the twenty-fourth.
    for (history, today, used, balance, due) in [
        ("", "2026-11-07", 4, Left(11), Due::On(day("2026-11-24"))),
        ("", "2026-11-11", 6, Left(9), Due::On(day("2026-11-24"))),
        ("", "2026-11-24", 15, Left(0), Due::On(day("2026-11-24"))),
        ("", "2026-11-26", 16, Over(1), Due::On(day("2026-11-24"))),
        // From Friday to Monday one business day is lost, over the weekend alone none.
        ("2026-11-06 ask, 2026-11-09 run", "2026-11-09", 4, Left(11), Due::On(day("2026-11-25"))),
        ("2026-11-07 ask, 2026-11-09 run", "2026-11-09", 5, Left(10), Due::On(day("2026-11-24"))),
        // Into the holiday: the next business day is the Friday.
        ("2026-11-09 ask, 2026-11-12 run", "2026-11-12", 5, Left(10), Due::On(day("2026-11-27"))),
        // The Saturday after the due day is late, and not by a business day.
        ("2026-11-09 ask, 2026-11-12 run", "2026-11-28", 15, Over(0), Due::On(day("2026-11-27"))),
    ] {
        let reading = read(FIFTEEN_BUSINESS_DAYS, history, today);
        assert_eq!((reading.used, reading.balance, reading.due), (used, balance, due), "{history}: {today}");
    }
}

#[test]
fn a_stopped_clock_shows_for_ever_what_it_showed_on_the_day_of_the_stop() {
    for (history, used, balance, due) in [
        ("2026-11-20 stop", 18, Left(12), "2026-12-02"),
        ("2026-12-02 stop", 30, Left(0), "2026-12-02"),
        ("2026-12-05 stop", 33, Over(3), "2026-12-02"),
        ("2026-11-05 ask, 2026-11-20 stop", 2, Left(28), "2026-12-17"),
        // Opened again on the tenth: the days with an answer do not count, and what follows does.
        ("2026-11-04 stop, 2026-11-10 run, 2026-11-12 stop", 4, Left(26), "2026-12-08"),
    ] {
        let stopped = history.rsplit(", ").next().unwrap().split(' ').next().unwrap();
        for today in [stopped, "2026-12-20", "2031-01-01"] {
            let reading = read(Target::THIRTY_DAYS, history, today);
            assert_eq!((reading.run, reading.used, reading.balance), (Run::Stopped, used, balance), "{history}: {today}");
            assert_eq!(reading.due, Due::On(day(due)), "{history}: {today}");
        }
    }
}

#[test]
fn the_arithmetic_is_shown_line_by_line() {
    let history = "2026-11-06 file_requested, 2026-11-13 run, 2026-11-17 ask";
    let reading = read(FIFTEEN_BUSINESS_DAYS, history, "2026-11-18");
    assert_eq!(
        reading.arithmetic,
        [
            Line::Started { on: day("2026-11-02") },
            Line::Target { target: FIFTEEN_BUSINESS_DAYS, due: day("2026-11-24") },
            Line::ClosedOn { day: day("2026-11-11"), holiday: Some(Holiday::VeteransDay) },
            Line::ClosedOn { day: day("2026-11-26"), holiday: Some(Holiday::Thanksgiving) },
            Line::Passed { until: day("2026-11-18"), days: 11 },
            Line::NotCounted {
                run: Run::Paused(PauseReason::FileRequested),
                from: day("2026-11-06"),
                until: Some(day("2026-11-13")),
                days: 4
            },
            Line::NotCounted { run: Run::WaitingForPerson, from: day("2026-11-17"), until: None, days: 2 },
            Line::Used { days: 5 },
            Line::Balance { balance: Left(10), due: Due::NotBefore(day("2026-12-02")) },
        ]
    );
    let stopped = read(Target::THIRTY_DAYS, "2026-11-05 stop", "2026-12-24").arithmetic;
    assert_eq!(
        stopped,
        [
            Line::Started { on: day("2026-11-02") },
            Line::Target { target: Target::THIRTY_DAYS, due: day("2026-12-02") },
            Line::Stopped { on: day("2026-11-05") },
            Line::Passed { until: day("2026-11-05"), days: 3 },
            Line::Used { days: 3 },
            Line::Balance { balance: Left(27), due: Due::On(day("2026-12-02")) },
        ]
    );
}

#[test]
fn days_that_an_operator_closed_are_shown_without_a_name() {
    let holidays = HolidayTable::new([day("2026-11-03")]);
    let reading = Clock::new(day("2026-11-02"), Target { days: 1, count: Count::Business }, []).read(day("2026-11-03"), &holidays);
    assert!(reading.arithmetic.contains(&Line::ClosedOn { day: day("2026-11-03"), holiday: None }));
    assert_eq!(reading.due, Due::On(day("2026-11-04")));
}

#[test]
fn stretches_follow_each_other_and_the_same_twice_is_one() {
    let history = "2026-11-04 run, 2026-11-05 ask, 2026-11-06 ask, 2026-11-08 other_office, 2026-11-08 run";
    let clock = Clock::new(day("2026-11-02"), Target::THIRTY_DAYS, transitions(history));
    let segment = |run, from, until: Option<&str>| Segment { run, from: day(from), until: until.map(day) };
    assert_eq!(
        clock.segments(),
        [
            segment(Run::Running, "2026-11-02", Some("2026-11-05")),
            segment(Run::WaitingForPerson, "2026-11-05", Some("2026-11-08")),
            segment(Run::Paused(PauseReason::OtherOffice), "2026-11-08", Some("2026-11-08")),
            segment(Run::Running, "2026-11-08", None),
        ]
    );
}

#[test]
fn nothing_is_counted_before_the_start() {
    let clock = Clock::new(day("2026-11-02"), Target::THIRTY_DAYS, transitions("2026-10-30 ask, 2026-11-04 run"));
    let from_and_until: Vec<_> = clock.segments().iter().map(|segment| (segment.from, segment.until)).collect();
    let [start, resumed] = ["2026-11-02", "2026-11-04"].map(day);
    assert_eq!(from_and_until, [(start, Some(start)), (start, Some(resumed)), (resumed, None)]);
    let reading = clock.read(day("2026-11-04"), &HolidayTable::default());
    assert_eq!((reading.used, reading.due), (1, Due::On(day("2026-12-03"))));
}

#[test]
fn of_two_transitions_at_one_instant_the_later_one_holds() {
    let both = |first, second| {
        let transitions = [first, second].map(|to| Transition { from: moment(day("2026-11-05"), 0), to });
        Clock::new(day("2026-11-02"), Target::THIRTY_DAYS, transitions).read(day("2026-11-05"), &HolidayTable::default()).run
    };
    assert_eq!(both(Run::WaitingForPerson, Run::Running), Run::Running);
    assert_eq!(both(Run::Running, Run::WaitingForPerson), Run::WaitingForPerson);
}

#[test]
fn what_is_sent_to_a_browser_comes_back_the_same() {
    let reading = read(FIFTEEN_BUSINESS_DAYS, "2026-11-06 file_requested, 2026-11-13 run, 2026-11-17 ask", "2026-11-18");
    let json = serde_json::to_string(&reading).unwrap();
    assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading);
    assert!(json.contains(r#""balance":{"left":10},"due":{"not_before":"2026-12-02"}"#), "{json}");
    for reason in PauseReason::ALL {
        assert_eq!(PauseReason::from_key(reason.key()), Some(reason));
        assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.key()));
    }
}

#[test]
fn the_calendars_end_does_not_panic() {
    let clock = Clock::new(
        NaiveDate::MAX,
        FIFTEEN_BUSINESS_DAYS,
        [Transition { from: moment(day("2026-11-05"), 0), to: Run::WaitingForPerson }],
    );
    assert_eq!(clock.read(NaiveDate::MAX, &HolidayTable::default()).due.day(), NaiveDate::MAX);
    assert_eq!(clock.read(NaiveDate::MIN, &HolidayTable::default()).used, 0);
}

const START: &str = "2026-11-02";

const RUNS: [Run; 5] = [
    Run::Running,
    Run::WaitingForPerson,
    Run::Paused(PauseReason::FileRequested),
    Run::Paused(PauseReason::SystemOutage),
    Run::Stopped,
];

fn any_target() -> impl Strategy<Value = Target> {
    (0u16..60, prop::sample::select(&Count::ALL)).prop_map(|(days, count)| Target { days, count })
}

/// At instants that differ, over three months.
fn history_of(runs: &'static [Run]) -> impl Strategy<Value = Vec<Transition>> {
    let at = prop::collection::btree_map(0u32..90 * 4, prop::sample::select(runs), 0..8);
    at.prop_map(|at| {
        let transition = |(quarter, to): (u32, Run)| Transition { from: moment(after_start(quarter / 4), quarter % 4), to };
        at.into_iter().map(transition).collect()
    })
}

fn any_history() -> impl Strategy<Value = Vec<Transition>> {
    history_of(&RUNS)
}

fn unanswered_history() -> impl Strategy<Value = Vec<Transition>> {
    history_of(&RUNS[..4])
}

fn after_start(days: u32) -> NaiveDate {
    day(START) + Days::new(days.into())
}

fn clock(target: Target, history: &[Transition]) -> Clock {
    Clock::new(day(START), target, history.iter().copied())
}

fn holidays() -> HolidayTable {
    HolidayTable::new([day("2026-11-27"), day("2026-12-24")])
}

proptest! {
    #[test]
    fn used_and_left_are_the_target(target in any_target(), history in any_history(), on in 0u32..200) {
        let reading = clock(target, &history).read(after_start(on), &holidays());
        match reading.balance {
            Left(left) => prop_assert_eq!(reading.used + left, u32::from(target.days)),
            Over(over) => prop_assert_eq!(reading.used, u32::from(target.days) + over),
        }
    }

    /// What passed, less what did not count, is used; and the balance is what lies between the day and the due day.
    #[test]
    fn the_lines_add_up(target in any_target(), history in any_history(), on in 0u32..200) {
        let today = after_start(on);
        let reading = clock(target, &history).read(today, &holidays());
        let (mut passed, mut stopped_on, mut not_counted, mut used) = (0, None, 0, None);
        for line in &reading.arithmetic {
            match line {
                Line::Passed { days, .. } => passed = *days,
                Line::Stopped { on } => stopped_on = Some(*on),
                Line::NotCounted { days, .. } => not_counted += days,
                Line::Used { days } => used = Some(*days),
                Line::Started { .. } | Line::Target { .. } | Line::ClosedOn { .. } | Line::Balance { .. } => {}
            }
        }
        prop_assert_eq!(Some(passed - not_counted), used);
        prop_assert_eq!(used, Some(reading.used));
        if reading.run == Run::Running {
            let until_due = target.count.between(today, reading.due.day(), &holidays());
            prop_assert_eq!(reading.due, Due::On(reading.due.day()));
            prop_assert_eq!(until_due, if let Left(left) = reading.balance { left } else { 0 });
        }
        prop_assert_eq!(stopped_on.is_some(), reading.run == Run::Stopped);
    }

    /// The rule again, day by day.
    #[test]
    fn a_day_is_used_when_it_ends_while_the_clock_runs(target in any_target(), history in unanswered_history(), on in 0u32..200) {
        let runs_at_the_end_of = |day: &NaiveDate| {
            let last = history.iter().rfind(|transition| transition.from.day <= *day);
            last.is_none_or(|last| last.to == Run::Running)
        };
        let days = (1..=on).map(after_start).filter(|day| target.count.has(*day, &holidays()));
        let used = days.filter(runs_at_the_end_of).count();
        prop_assert_eq!(clock(target, &history).read(after_start(on), &holidays()).used as usize, used);
    }

    /// Standing still from a day to another, whatever else happened, and then doing what it would have done.
    #[test]
    fn a_pause_never_makes_an_answer_due_earlier(
        target in any_target(), history in unanswered_history(), from in 0u32..90, length in 0u32..30, on in 0u32..200,
    ) {
        let (from, until) = (moment(after_start(from), 10), moment(after_start(from + length), 11));
        let after = history.iter().rfind(|transition| transition.from.at <= until.at).map_or(Run::Running, |last| last.to);
        let pause = [(from, Run::Paused(PauseReason::OtherOffice)), (until, after)].map(|(from, to)| Transition { from, to });
        let apart = history.iter().copied().filter(|transition| transition.from.at < from.at || until.at < transition.from.at);
        let longer: Vec<_> = apart.chain(pause).collect();
        let read = |history: &[Transition]| clock(target, history).read(after_start(on), &holidays());
        let (plain, paused) = (read(&history), read(&longer));
        prop_assert!(plain.due.day() <= paused.due.day(), "{plain:?} {paused:?}");
        prop_assert!(plain.used >= paused.used);
    }

    #[test]
    fn nor_does_waiting_another_day(target in any_target(), history in any_history(), on in 0u32..200) {
        let clock = clock(target, &history);
        let due = |on| clock.read(after_start(on), &holidays()).due.day();
        prop_assert!(due(on) <= due(on + 1));
    }

    #[test]
    fn the_order_of_transitions_and_the_number_of_steps_do_not_matter(
        target in any_target(), (history, shuffled) in any_history().prop_flat_map(|history| (Just(history.clone()), Just(history).prop_shuffle())),
        cut in 0usize..8,
    ) {
        let at_once = clock(target, &history);
        prop_assert_eq!(&clock(target, &shuffled), &at_once);
        let (first, rest) = shuffled.split_at(cut.min(shuffled.len()));
        let extended = rest.iter().fold(clock(target, first), |clock, transition| clock.with(*transition));
        prop_assert_eq!(extended, at_once);
    }

    /// What happens later does not change what was read before.
    #[test]
    fn a_reading_does_not_know_what_comes(target in any_target(), history in any_history(), on in 0u32..90) {
        let today = after_start(on);
        let known: Vec<_> = history.iter().copied().filter(|transition| transition.from.day <= today).collect();
        prop_assert_eq!(clock(target, &known).read(today, &holidays()), clock(target, &history).read(today, &holidays()));
    }
}
