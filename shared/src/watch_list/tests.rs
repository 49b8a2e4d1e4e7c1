use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::case_status::ReceiptNumber;
use crate::locale::Locale;

fn number(serial: usize) -> ReceiptNumber {
    ReceiptNumber::parse(&format!("EAC{:010}", 9_999_000_000 + serial as u64)).unwrap()
}

fn named(name: &str) -> Option<CaseName> {
    CaseName::parse(name).unwrap()
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn received() -> WatchedStatus {
    WatchedStatus::new("Case Was Received", "Su caso fue recibido", day(1))
}

fn approved() -> WatchedStatus {
    WatchedStatus::new("Case Was Approved", "Su caso fue aprobado", day(4))
}

fn seen(on: u32, status: WatchedStatus) -> Seen {
    Seen { on: day(on), status: Some(status) }
}

fn list_of(count: usize) -> WatchList {
    let mut list = WatchList::default();
    for serial in 0..count {
        list.add(WatchedCase::new(number(serial), None)).unwrap();
    }
    list
}

#[test]
fn a_name_is_one_line_of_so_many_characters() {
    assert_eq!(named("  Mom’s \t green\u{a0}card ").unwrap().as_str(), "Mom’s green card");
    assert_eq!(named(" \n "), None);
    let longest = "ñ".repeat(LONGEST_CASE_NAME);
    assert_eq!(named(&longest).unwrap().as_str(), longest);
    assert_eq!(CaseName::parse(&format!("{longest}x")), Err(CaseNameError::TooLong));
    assert_eq!(CaseName::parse(&"x".repeat(1_000_000)), Err(CaseNameError::TooLong));
    for bad in ["a\u{0}b", "a\u{1b}[2J", "\u{202e}drac"] {
        assert_eq!(CaseName::parse(bad), Err(CaseNameError::Unreadable), "{bad:?}");
    }
    assert!(!format!("{:?}", named("Xiomara")).contains("Xiomara"));
}

#[test]
fn a_case_stands_once_on_a_list_that_has_an_end() {
    let mut list = list_of(MOST_CASES - 1);
    assert_eq!(list.add(WatchedCase::new(number(3), None)), Err(NotAdded::AlreadyThere));
    list.add(WatchedCase::new(number(700), None)).unwrap();
    assert_eq!(list.add(WatchedCase::new(number(701), None)), Err(NotAdded::Full));
    assert_eq!(list.cases().len(), MOST_CASES);
}

#[test]
fn a_removed_case_comes_back_where_it_stood() {
    let mut list = list_of(5);
    let before = list.clone();
    let removed = list.remove(&number(2)).unwrap();
    assert_eq!((list.cases().len(), list.remove(&number(2))), (4, None));
    list.put_back(removed.clone()).unwrap();
    assert_eq!(list, before);
    assert_eq!(list.put_back(removed), Err(NotAdded::AlreadyThere));
}

#[test]
fn what_is_new_is_told_since_the_last_visit_and_for_a_day() {
    let mut list = list_of(1);
    let mut see = |now: Seen| {
        list.see(&number(0), now);
        list.find(&number(0)).unwrap().changed_since()
    };
    assert_eq!(see(seen(3, received())), None, "the first time nothing is new");
    assert_eq!(see(seen(3, received())), None);
    assert_eq!(see(seen(5, approved())), Some(day(3)));
    assert_eq!(see(seen(5, approved())), Some(day(3)), "the page was loaded again");
    assert_eq!(see(seen(5, received())), Some(day(3)), "twice on one day");
    assert_eq!(see(seen(6, received())), None, "that was seen yesterday");
    assert_eq!(see(seen(6, approved())), Some(day(6)));
    let later = WatchedStatus::new("Case Was Approved", "Su caso fue aprobado", day(7));
    assert_eq!(see(seen(8, later)), Some(day(6)), "the title stayed, the day of the update did not");
}

#[test]
fn of_a_case_that_is_no_longer_recognised_nothing_is_kept() {
    let unknown = Seen { on: day(9), status: None };
    let mut never_known = list_of(1);
    never_known.see(&number(0), unknown.clone());
    let mut became_hidden = list_of(1);
    became_hidden.see(&number(0), seen(3, received()));
    became_hidden.see(&number(0), seen(5, approved()));
    became_hidden.see(&number(0), unknown);
    assert_eq!(became_hidden.write(), never_known.write());
    became_hidden.see(&number(0), seen(10, received()));
    assert_eq!(became_hidden.cases()[0].changed_since(), Some(day(9)));
}

#[test]
fn what_was_asked_for_least_recently_is_asked_first() {
    let mut list = list_of(4);
    list.see(&number(0), seen(5, received()));
    list.see(&number(1), Seen { on: day(4), status: None });
    list.see(&number(2), seen(5, received()));
    let mut asked = Vec::new();
    while let Some(next) = list.next_but(&asked) {
        asked.push(next.number().clone());
    }
    assert_eq!(asked, [number(3), number(1), number(0), number(2)]);
    list.see(&number(77), seen(5, received()));
    assert_eq!(list.cases().len(), 4, "an answer about a removed case does not bring it back");
}

#[test]
fn a_file_adds_what_is_missing_and_keeps_what_is_here() {
    let mut here = list_of(2);
    here.rename(&number(0), named("Mine"));
    here.see(&number(0), seen(5, approved()));
    let mut there = list_of(3);
    there.rename(&number(0), named("Theirs"));
    there.rename(&number(1), named("Theirs too"));
    there.see(&number(0), seen(3, received()));
    there.see(&number(1), seen(3, received()));
    let file = || ListFile::parse(&there.write()).unwrap();

    assert_eq!(here.merge(file()), Merged { added: 1, already_there: 2, refused: vec![] });
    let [mine, named_there, new] = here.cases() else { panic!() };
    assert_eq!((mine.called(), mine.seen().unwrap()), ("Mine", &seen(5, approved())));
    assert_eq!((named_there.called(), named_there.seen().unwrap()), ("Theirs too", &seen(3, received())));
    assert_eq!(new.called(), number(2).as_str());
}

#[test]
fn a_file_is_taken_case_by_case_and_the_rest_is_named() {
    let file = r#"{"version":1,"cases":[
        {"receipt_number":"eac-9999-103403","name":"Mom"},
        {"receipt_number":"EAC99"},
        {"receipt_number":"EAC9999103404","name":"a\u0000b"},
        {"receipt_number":"EAC9999103405","seen_on":"2026-02-30"},
        {"receipt_number":"EAC9999103406","seen_on":"2026-03-02","changed_since":"2026-03-01"},
        {"receipt_number":"EAC9999103407","seen_on":"2026-03-01","title_en":"A\nB","title_es":"C","updated_on":"2026-03-01"},
        {"receipt_number":"EAC9999103408","title_en":"A","title_es":"C","updated_on":"2026-03-01"},
        {"receipt_number":"EAC9999103403"}]}"#;
    let mut list = WatchList::default();
    let merged = list.merge(ListFile::parse(file).unwrap());
    assert_eq!((merged.added, merged.already_there), (1, 1));
    let refused: Vec<_> = merged.refused.iter().map(|RefusedCase { entry, why }| (*entry, *why)).collect();
    let status = CaseRefusal::Status;
    assert_eq!(refused, [(2, CaseRefusal::Number), (3, CaseRefusal::Name), (4, status), (5, status), (6, status), (7, status)]);
    assert_eq!(list.cases()[0].called(), "Mom");

    let refused = RefusedCase { entry: 2, why: CaseRefusal::Number };
    assert_eq!(WatchList::parse(file), Err(ListError::Case(refused)), "the browser's own list is whole or not read");
}

#[test]
fn a_full_list_takes_no_more_from_a_file() {
    let mut list = list_of(MOST_CASES);
    let mut other = WatchList::default();
    other.add(WatchedCase::new(number(500), None)).unwrap();
    let merged = list.merge(ListFile::parse(&other.write()).unwrap());
    assert_eq!(merged.refused, [RefusedCase { entry: 1, why: CaseRefusal::Full }]);
    assert_eq!(list, list_of(MOST_CASES));
}

#[test]
fn what_is_no_list_of_this_version_is_refused_whole() {
    for (text, error) in [
        ("", ListError::NotAList),
        ("[]", ListError::NotAList),
        ("{}", ListError::NotAList),
        ("{\"version\":1}", ListError::NotAList),
        ("{\"version\":-1,\"cases\":[]}", ListError::NotAList),
        ("{\"version\":2,\"cases\":[],\"more\":1}", ListError::OtherVersion),
        ("{\"version\":1,\"cases\":[],\"more\":1}", ListError::NotAList),
        ("{\"version\":1,\"cases\":[{\"receipt_number\":7}]}", ListError::NotAList),
        ("{\"version\":1,\"cases\":[{\"receipt_number\":\"EAC9999103403\",\"more\":1}]}", ListError::NotAList),
    ] {
        assert_eq!(WatchList::parse(text), Err(error), "{text}");
    }
    assert_eq!(WatchList::parse(&" ".repeat(LARGEST_LIST + 1)), Err(ListError::TooLarge));
    assert_eq!(WatchList::parse(&format!("{}1", "[".repeat(LARGEST_LIST - 1))), Err(ListError::NotAList));
    assert_eq!(WatchList::parse("\u{FEFF}{\"version\":1,\"cases\":[]}"), Ok(WatchList::default()));
    let twice = r#"{"version":1,"cases":[{"receipt_number":"EAC9999103403"},{"receipt_number":"EAC9999103403"}]}"#;
    assert_eq!(WatchList::parse(twice), Err(ListError::Case(RefusedCase { entry: 2, why: CaseRefusal::Twice })));
}

#[test]
fn the_longest_list_can_be_read_again() {
    let mut list = WatchList::default();
    let title = "\u{1F4EC}".repeat(500);
    for serial in 0..MOST_CASES {
        list.add(WatchedCase::new(number(serial), named(&"\u{1F4EC}".repeat(LONGEST_CASE_NAME)))).unwrap();
        list.see(&number(serial), seen(3, received()));
        list.see(&number(serial), seen(5, WatchedStatus::new(&title, &title, day(4))));
    }
    assert!(list.write().len() <= LARGEST_LIST, "{}", list.write().len());
    assert_eq!(WatchList::parse(&list.write()), Ok(list));
}

#[test]
fn an_answer_says_the_same_after_its_way() {
    for answer in [
        WatchAnswer::Seen(seen(3, received())),
        WatchAnswer::Seen(Seen { on: day(3), status: None }),
        WatchAnswer::SlowDown { retry_after_seconds: 7 },
    ] {
        let sent = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<WatchAnswer>(&sent).unwrap(), answer, "{sent}");
    }
    assert!(serde_json::from_str::<WatchAnswer>(r#"{"seen":{"on":"yesterday","status":null}}"#).is_err());
    assert_eq!((received().title(Locale::En), received().title(Locale::Es)), ("Case Was Received", "Su caso fue recibido"));
}

fn any_status() -> impl Strategy<Value = WatchedStatus> {
    (any::<String>(), any::<String>(), any_day()).prop_map(|(en, es, updated)| WatchedStatus::new(&en, &es, updated))
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0i32..=9999, 1u32..=366).prop_filter_map("a day of the year", |(year, day)| NaiveDate::from_yo_opt(year, day))
}

prop_compose! {
    fn any_case()(serial in 0usize..60, name in "\\PC{0,20}", looks in prop::collection::vec((any_day(), any::<Option<()>>(), any_status()), 0..3)) -> WatchedCase {
        let mut case = WatchedCase::new(number(serial), CaseName::parse(&name).unwrap_or_default());
        for (on, shown, status) in looks {
            case.see(Seen { on, status: shown.map(|()| status) });
        }
        case
    }
}

fn any_list() -> impl Strategy<Value = WatchList> {
    prop::collection::vec(any_case(), 0..60).prop_map(|cases| {
        let mut list = WatchList::default();
        for case in cases {
            let _ = list.add(case);
        }
        list
    })
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = (WatchList::parse(&text), CaseName::parse(&text), written::read_day(&text));
    }

    /// A list with anything put in somewhere: close enough to a list to get far.
    #[test]
    fn no_damaged_list_panics(list in any_list(), at in any::<prop::sample::Index>(), length in 0usize..20, put in "\\PC{0,8}") {
        let mut text: Vec<char> = list.write().chars().collect();
        let start = at.index(text.len());
        text.splice(start..(start + length).min(text.len()), put.chars());
        if let Ok(read) = WatchList::parse(&text.into_iter().collect::<String>()) {
            prop_assert!(read.cases().len() <= MOST_CASES);
            prop_assert_eq!(WatchList::parse(&read.write()), Ok(read));
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_written(list in any_list()) {
        prop_assert_eq!(WatchList::parse(&list.write()), Ok(list));
    }

    #[test]
    fn a_day_is_read_as_it_was_written(day in any_day()) {
        prop_assert_eq!(written::read_day(&written::write_day(day)), Some(day));
    }

    #[test]
    fn a_file_changes_nothing_the_second_time_and_takes_no_name_away(here in any_list(), there in any_list()) {
        let file = || ListFile::parse(&there.write()).unwrap();
        let mut merged = here.clone();
        let first = merged.merge(file());
        prop_assert_eq!(first.added + first.already_there + first.refused.len(), there.cases().len());
        for case in here.cases() {
            let after = merged.find(case.number()).unwrap();
            prop_assert!(case.name().is_none() || after.name() == case.name());
        }
        let once = merged.clone();
        let second = merged.merge(file());
        prop_assert_eq!(&merged, &once);
        prop_assert_eq!((second.added, second.refused), (0, first.refused));
        prop_assert!(merged.cases().len() <= MOST_CASES);
    }
}
