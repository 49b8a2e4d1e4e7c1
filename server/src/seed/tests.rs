use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Datelike, TimeDelta, Timelike, Weekday};
use shared::case_feed::{CaseEvent, EventLine};
use shared::case_status::Stage;
use shared::office::{OfficeCode, OfficeKind};
use shared::protection::{Channel, Outcome, decide};

use super::*;

const TEXTS: &str = include_str!("../../domain/reference/status_texts.toml");

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn feed(cases: u64, today: NaiveDate) -> String {
    let mut out = Vec::new();
    let lines = write_feed(&mut out, cases, today).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().count() as u64, lines);
    text
}

fn events(text: &str) -> Vec<CaseEvent> {
    let parse = |line: &str| CaseEvent::parse(&serde_json::from_str::<EventLine>(line).unwrap()).unwrap();
    text.lines().map(parse).collect()
}

/// The events of each case, in the order of the feed.
fn cases(events: &[CaseEvent]) -> Vec<&[CaseEvent]> {
    events.chunk_by(|a, b| a.receipt_number == b.receipt_number).collect()
}

/// Each code of the reference texts with the status and stage that it shows; none for a code that is not public.
fn statuses() -> HashMap<&'static str, Option<(&'static str, Stage)>> {
    let quoted = |text: &'static str| text.split('"').skip(1).step_by(2);
    let of_table = |table: &'static str| {
        let value = |name: &str| {
            let (_, value) = table.split_once(&format!("\n{name} = "))?;
            quoted(value).next()
        };
        let status = value("key").map(|key| (key, Stage::from_key(value("stage").unwrap()).unwrap()));
        let list = table.split_once("\ncodes = [").map_or("", |(_, rest)| rest.split_once(']').unwrap().0);
        quoted(list).map(move |code| (code, status)).collect::<Vec<_>>()
    };
    TEXTS.split("\n[[").flat_map(of_table).collect()
}

fn is_hidden(case: &[CaseEvent]) -> bool {
    let markers: Vec<_> = case.iter().flat_map(CaseEvent::all_markers).collect();
    decide(&markers, Channel::Public, today()) != Outcome::Show
}

#[test]
fn every_line_is_a_legal_event_of_moderate_length() {
    let text = feed(5_000, today());
    for line in text.lines() {
        assert!(line.len() <= 4096, "{line}");
        let lower = line.to_lowercase();
        for contact in lower.split('"').filter(|text| text.contains('@')) {
            assert!(contact.ends_with("@example.org") || contact.ends_with("@example.com"), "{contact}");
        }
    }
    let events = events(&text);
    let ids: HashSet<_> = events.iter().map(|event| event.event_id.as_str()).collect();
    assert_eq!(ids.len(), events.len());
    for party in events.iter().flat_map(|event| &event.parties) {
        assert!(party.a_number.as_ref().is_none_or(|number| number.expose().digits().starts_with('9')));
        assert!(party.telephone.as_ref().is_none_or(|number| number.expose().as_str().contains("-555-01")));
    }
}

#[test]
fn the_feed_is_the_same_every_time_and_a_longer_one_begins_with_a_shorter() {
    let feed_of_200 = feed(200, today());
    assert_eq!(feed_of_200, feed(200, today()));
    assert!(feed(300, today()).starts_with(&feed_of_200));
    assert_eq!(cases(&events(&feed_of_200)).len(), 200);
    assert_eq!(feed(0, today()), "");
}

#[test]
fn events_of_a_case_follow_each_other_in_working_hours_of_the_last_two_years() {
    // A Sunday too: nothing may fall on the weekend, nor on the day itself or later.
    for today in [today(), NaiveDate::from_ymd_opt(2027, 3, 7).unwrap()] {
        let events = events(&feed(3_000, today));
        for case in cases(&events) {
            assert!(case.is_sorted_by(|a, b| a.occurred_at < b.occurred_at), "{}", case[0].event_id.as_str());
        }
        for event in &events {
            let at = event.occurred_at;
            assert!(!matches!(at.weekday(), Weekday::Sat | Weekday::Sun), "{at}");
            assert!((14..22).contains(&at.hour()), "{at}");
            assert!(at.date_naive() < today && at.date_naive() > today - TimeDelta::days(730), "{at}");
            assert!(event.filed_on <= event.received_on && event.received_on <= Some(at.date_naive()), "{at}");
            let appointment = event.parameters.appointment.as_ref();
            assert!(appointment.is_none_or(|appointment| appointment.at > at.naive_utc()), "{at}");
        }
    }
}

/// Every value of a field, without parsing the rest of the lines.
fn values<'t>(text: &'t str, field: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(field).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value)
}

#[test]
fn receipt_numbers_are_unique_and_neighbours_are_strangers() {
    let text = feed(50_000, today());
    let mut numbers: Vec<&str> = values(&text, "\"receipt_number\":\"").collect();
    numbers.dedup();
    let serials: BTreeMap<u64, usize> = numbers.iter().enumerate().map(|(at, number)| (number[3..].parse().unwrap(), at)).collect();
    assert_eq!((numbers.len(), serials.len()), (50_000, 50_000), "even without their prefixes the numbers differ");
    let generated: Vec<_> = serials.into_iter().filter(|(_, at)| *at >= EXAMPLES.len() + HIDDEN.len()).collect();
    assert!(generated.iter().all(|(serial, _)| (9_000_000_000..9_999_000_000).contains(serial)));
    for pair in generated.windows(2) {
        assert!(pair[1].0 - pair[0].0 > 200, "{pair:?} look like neighbours");
        assert!(pair[0].1.abs_diff(pair[1].1) > 8, "{pair:?} are neighbours in the feed too");
    }
}

#[test]
fn every_code_exists_and_every_status_of_a_code_is_reached() {
    let statuses = statuses();
    assert!(statuses.len() > 480, "the reference texts were not read whole");
    let text = feed(25_000, today());
    let codes: BTreeSet<&str> = values(&text, "\"action\":{\"code\":\"").collect();
    let status = |code: &&str| *statuses.get(code).unwrap_or_else(|| panic!("{code} is not an action code"));
    let reached: BTreeSet<&str> = codes.iter().filter_map(status).map(|(key, _)| key).collect();
    let missing: BTreeSet<_> = statuses.values().flatten().map(|(key, _)| *key).filter(|key| !reached.contains(key)).collect();
    assert!(missing.is_empty(), "no story of `stories.rs` reaches {missing:?}");
}

#[test]
fn the_first_examples_show_every_stage_and_all_are_shown() {
    let statuses = statuses();
    let events = events(&feed(EXAMPLES.len() as u64, today()));
    let cases = cases(&events);
    let newest_stage = |case: &&[CaseEvent]| statuses[case[case.len() - 1].action_code.as_str()].unwrap().1;
    let stages: BTreeSet<_> = cases[..12].iter().map(newest_stage).collect();
    assert_eq!(stages.into_iter().collect::<Vec<_>>(), Stage::ALL);
    for (case, example) in cases.iter().zip(EXAMPLES) {
        assert_eq!(case[0].receipt_number.as_str(), example.receipt_number);
        assert!(!is_hidden(case), "{}", example.receipt_number);
        assert!(case.iter().all(|event| statuses[event.action_code.as_str()].is_some()), "{}", example.receipt_number);
    }
    let upcoming = |event: &CaseEvent| event.parameters.appointment.as_ref().is_some_and(|at| at.at.date() > today());
    assert!(upcoming(cases[1].last().unwrap()));
    assert!(cases[6].last().unwrap().parameters.tracking_number.is_some());
    assert_eq!(cases[9][0].parties[0].language.unwrap().tag(), "es");
    // However close together a client's numbers may lie before it is slowed down, reading the first twelve is fine.
    let close = |a: &Example, b: &Example| a.receipt_number[..10] == b.receipt_number[..10];
    assert!(EXAMPLES[..12].iter().all(|a| EXAMPLES[..12].iter().filter(|b| close(a, b)).count() <= 4));
}

#[test]
fn the_published_staging_receipts_have_a_history_or_none_as_published() {
    let numbers = |prefix: &str, serials: &str| -> Vec<String> {
        let number = |serial: u32| format!("{prefix}{serial}");
        let range = |text: &str| match text.split_once('-') {
            Some((from, to)) => (from.parse().unwrap()..=to.parse().unwrap()).map(number).collect::<Vec<_>>(),
            None => vec![number(text.parse().unwrap())],
        };
        serials.split(' ').flat_map(range).collect()
    };
    let with: BTreeSet<String> = [
        numbers("EAC9999103", "403-405 410 411 416 419"),
        numbers("LIN9999106", "498 499 504-506"),
        numbers("SRC9999102", "777-787"),
        numbers("SRC9999132", "710 719"),
    ]
    .concat()
    .into_iter()
    .collect();
    let without: BTreeSet<String> = [
        numbers("EAC9999103", "400 402 406-409 412-415 420 421 424-426 428 429 431 432"),
        numbers("LIN9999106", "501 507"),
        numbers("SRC9999132", "694 695 706 707"),
    ]
    .concat()
    .into_iter()
    .collect();
    let events = events(&feed(EXAMPLES.len() as u64, today()));
    let (long, short): (Vec<_>, Vec<_>) = cases(&events).into_iter().partition(|case| case.len() > 1);
    let set = |cases: Vec<&[CaseEvent]>| -> BTreeSet<String> {
        cases.iter().map(|case| case[0].receipt_number.as_str().to_owned()).collect()
    };
    assert_eq!(set(long), with);
    assert_eq!(set(short), without);
}

#[test]
fn hidden_cases_are_in_the_feed_and_in_no_list() {
    assert_eq!(HIDDEN.len(), hidden::HIDDEN_CASES.len());
    let statuses = statuses();
    let events = events(&feed((EXAMPLES.len() + HIDDEN.len()) as u64, today()));
    let cases = cases(&events);
    for (number, case) in HIDDEN.iter().zip(&cases[EXAMPLES.len()..]) {
        assert_eq!(case[0].receipt_number.as_str(), *number);
        let nothing_public = case.iter().all(|event| statuses[event.action_code.as_str()].is_none());
        assert!(is_hidden(case) || nothing_public, "{number}");
        assert!(EXAMPLES.iter().all(|example| example.receipt_number != *number));
    }
}

#[test]
fn the_shares_of_the_demo_are_about_those_of_an_agency() {
    let statuses = statuses();
    let events = events(&feed(10_000, today()));
    let cases = cases(&events);
    let percent = |holds: &dyn Fn(&[CaseEvent]) -> bool| {
        cases.iter().filter(|case| holds(case)).count() * 1000 / cases.len() // tenths of a percent
    };
    assert!((27..33).contains(&(events.len() * 10 / cases.len())), "{} events in 10 cases", events.len() * 10 / cases.len());
    let hidden = percent(&is_hidden);
    assert!((16..24).contains(&hidden), "{hidden} hidden");
    let asylum = percent(&|case| !case[0].persecution_countries.expose().is_empty());
    assert!((42..58).contains(&asylum), "{asylum} asylum");
    let internal = percent(&|case| case.iter().any(|event| statuses[event.action_code.as_str()].is_none()));
    assert!((85..115).contains(&internal), "{internal} with codes that are not public");
    let spanish = percent(&|case| case[0].parties.iter().any(|party| party.language.is_some_and(|tongue| tongue.tag() == "es")));
    assert!((300..600).contains(&spanish), "{spanish} in Spanish");
}

#[test]
fn offices_are_a_legal_list_without_overlaps() {
    let mut codes = HashSet::new();
    let mut served = HashSet::new();
    let mut lines = OFFICES.lines();
    assert_eq!(lines.next(), Some("code\tname\tkind\tzip_prefixes"));
    for line in lines {
        let [code, _, kind, prefixes] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        assert!(OfficeCode::parse(code).is_ok() && codes.insert(code), "{line}");
        assert!(OfficeKind::from_key(kind).is_some(), "{line}");
        for prefix in prefixes.split_whitespace() {
            assert!(prefix.len() == 3 && served.insert((kind, prefix)), "{line}: {prefix}");
        }
    }
    let events = events(&feed(10_000, today()));
    let named = events.iter().flat_map(|event| [event.office.as_ref(), event.parameters.receiving_office.as_ref()]).flatten();
    assert!(named.into_iter().all(|office| codes.contains(office.as_str())));
}

#[test]
fn the_carriers_files_have_both_layouts_and_tell_of_no_day_to_come() {
    let feed = feed(300, today());
    let (mut newer, mut older) = (Vec::new(), Vec::new());
    let lines = write_extracts(feed.as_bytes(), &mut newer, &mut older, today()).unwrap();
    let of_length = |file: &[u8], length: usize| file.split(|byte| *byte == b'\n').filter(|line| line.len() == length + 1).count();
    let (whole_newer, whole_older) = (of_length(&newer, 393), of_length(&older, 280));
    assert!(whole_newer > 100 && whole_older > 20, "{whole_newer} {whole_older}");
    assert_eq!(whole_newer + whole_older + 1, usize::try_from(lines).unwrap(), "and the last line, cut");
    let day = today().format("%Y%m%d").to_string();
    for line in newer.split(|byte| *byte == b'\n').filter(|line| line.len() == 394) {
        assert!(std::str::from_utf8(&line[221..229]).unwrap() <= day.as_str());
    }
    let mut again = (Vec::new(), Vec::new());
    write_extracts(feed.as_bytes(), &mut again.0, &mut again.1, today()).unwrap();
    assert!(again == (newer, older), "the same every time");
}
