//! Checking a case without scripts, and what cannot be learned by it.

use domain::case_status::limits::LimitSettings;
use domain::{Actor, Context};
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use store::crypto::KeyRing;
use store::data_key::Keys;
use store::{Clock, Store};

use super::running::{Browser, Engine, Installation, Page, Server, line};

pub const SHOWN: &str = "EAC9999103403";
pub const HIDDEN: &str = "EAC9999500777";
pub const SILENT: &str = "EAC9999600777";
pub const UNKNOWN: &str = "EAC9999700777";

pub fn feed() -> String {
    [
        line("e1", SHOWN, "IAA", "2026-01-07T15:00:00Z", ""),
        line("e2", HIDDEN, "IAA", "2026-01-07T15:00:00Z", r#","protection_markers":[{"class_of_admission":"T1"}]"#),
        line("e3", SILENT, "FF0", "2026-01-07T15:00:00Z", ""),
    ]
    .concat()
}

pub const NO_LIMITS: [(&str, &str); 5] = [
    ("PORTICO_LIMIT_CLIENT_MINUTE", "100000"),
    ("PORTICO_LIMIT_CLIENT_HOUR", "100000"),
    ("PORTICO_LIMIT_NETWORK_HOUR", "100000"),
    ("PORTICO_LIMIT_MISSES_CLIENT_HOUR", "100000"),
    ("PORTICO_LIMIT_MISSES_NUMBER_DAY", "100000"),
];

#[tokio::test]
async fn a_person_reads_where_the_case_stands_in_both_languages() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let server = installation.serve(&[]);
        let mut browser = Browser::new();
        let [sent, answer] = browser.look_up(&server, "en", " eac-9999-103403 ").await;
        assert!(!sent.headers[LOCATION].to_str().unwrap().contains("9999"));
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("Case Was Received") && answer.body.contains("January 7, 2026"), "{}", answer.body);
        assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
        let title = answer.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(!title.contains("9999"), "{title}");
        let [_, answer] = browser.look_up(&server, "es", SHOWN).await;
        assert!(answer.body.contains("7 de enero de 2026") && answer.body.contains("lang=\"es\""), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_answer_is_shown_again_to_who_asked_and_no_row_is_written_for_it() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    make_profiles(&installation).await;
    let server = installation.serve(&[]);
    let before = content(&installation, "before").await;
    let mut browser = Browser::new();
    browser.look_up(&server, "en", SHOWN).await;
    assert!(before == content(&installation, "after").await, "the database did not change");
    let again = browser.get(server.url("/case-status")).await;
    assert!(again.body.contains("Case Was Received"), "a reload shows the answer again");
    let other = Browser::new().get(server.url("/case-status")).await;
    assert!(!other.body.contains("Case Was Received"));
}

/// Does what a server does with a feed in its first seconds, so that it writes nothing of its own any more.
async fn make_profiles(installation: &Installation) {
    let store = Store::open(&installation.database, None).await.unwrap();
    let (clock, file) = (Clock::system(), installation.path("portico.keys"));
    let ring = KeyRing::load(&file).unwrap().unwrap();
    let keys = Keys::open(&store, ring, Some(file), &clock).await.unwrap();
    let zone = chrono_tz::America::New_York;
    let ctx = Context::new(store.clone(), keys, clock, zone, LimitSettings::default()).await.unwrap();
    assert_eq!(domain::profile::follow_feed(&ctx, Actor::System).await.unwrap(), 3);
    store.close().await;
}

/// The whole database, as a copy holds it.
async fn content(installation: &Installation, name: &str) -> Vec<u8> {
    let store = store::Store::open(&installation.database, None).await.unwrap();
    let copy = installation.path(name);
    store.copy_to(&copy).await.unwrap();
    store.close().await;
    std::fs::read(copy).unwrap()
}

/// What differs from request to request by design: nonce, tokens, ids, the sealed cookie, the clock.
pub fn without_chance(page: &Page, number: &str) -> String {
    let mut headers: Vec<String> = page
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let mut text = format!("{}\n{}\n{}", page.status, headers.join("\n"), page.body);
    for (before, after) in
        [("nonce-", '\''), ("nonce=\"", '"'), ("name=\"csrf\" value=\"", '"'), ("name=\"csrf\" content=\"", '"'), ("portico=", ';')]
    {
        text = blank(&text, before, after);
    }
    text.replace(number, "[number]")
}

/// Replaces what stands between `before` and `after` by as many dots.
fn blank(text: &str, before: &str, after: char) -> String {
    let mut blanked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let (head, tail) = rest.split_at(at + before.len());
        let length = tail.find(after).unwrap_or(tail.len());
        blanked.push_str(head);
        blanked.push_str(&".".repeat(length));
        rest = &tail[length..];
    }
    blanked + rest
}

#[tokio::test]
async fn hidden_silent_and_unknown_numbers_are_answered_with_the_same_bytes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let server = installation.serve(&NO_LIMITS);
        for locale in ["en", "es"] {
            let mut expected: Option<[String; 2]> = None;
            for number in [UNKNOWN, HIDDEN, SILENT, "EAC9999800777"] {
                let pages = Browser::new().look_up(&server, locale, number).await;
                assert!(pages[0].headers.contains_key(SET_COOKIE));
                let plain = pages.map(|page| without_chance(&page, number));
                assert_eq!(&plain, expected.get_or_insert_with(|| plain.clone()), "{number}");
            }
        }
        // The scripted call gets the data itself.
        let mut answers = Vec::new();
        for number in [UNKNOWN, HIDDEN, SILENT] {
            let mut browser = Browser::new();
            let token = browser.get(server.url("/case-status")).await.csrf_token();
            let headers = [("sec-fetch-site", "same-origin"), ("x-csrf", token.as_str()), ("accept", "application/json")];
            let page =
                browser.post(server.url("/_fn/case_status/find"), &headers, &[("receipt_number", number), ("locale", "en")]).await;
            answers.push(without_chance(&page, number));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert!(answers[0].contains("200 OK"), "{}", answers[0]);
    }
}

/// Asks as the list on somebody's device does.
async fn check_watched(browser: &mut Browser, server: &Server, token: &str, number: &str) -> Page {
    let headers = [("sec-fetch-site", "same-origin"), ("x-csrf", token), ("accept", "application/json")];
    browser.post(server.url("/_fn/watch_list/check"), &headers, &[("receipt_number", number)]).await
}

#[tokio::test]
async fn a_list_learns_no_more_of_hidden_silent_and_unknown_numbers_and_leaves_the_session_alone() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    let mut browser = Browser::new();
    let token = browser.get(server.url("/watch-list")).await.csrf_token();
    let shown = check_watched(&mut browser, &server, &token, SHOWN).await;
    for said in [r#""title_en":"Case Was Received""#, r#""title_es":"#, r#""updated":"2026-01-07""#] {
        assert!(shown.body.contains(said), "{said} in {}", shown.body);
    }
    assert!(!shown.body.contains(SHOWN) && shown.headers[CACHE_CONTROL] == "no-store");
    let mut answers = Vec::new();
    for number in [UNKNOWN, HIDDEN, SILENT, "no number"] {
        let page = check_watched(&mut browser, &server, &token, number).await;
        assert!(!page.headers.contains_key(SET_COOKIE), "nothing of it is kept");
        answers.push(without_chance(&page, number));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(answers[0].contains("200 OK") && answers[0].contains(r#""status":null"#), "{}", answers[0]);
    assert_eq!(check_watched(&mut browser, &server, "0", SHOWN).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_list_and_the_form_share_their_limits() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&[("PORTICO_LIMIT_CLIENT_MINUTE", "2")]);
    let mut browser = Browser::new();
    let token = browser.get(server.url("/watch-list")).await.csrf_token();
    browser.look_up(&server, "en", SHOWN).await;
    assert!(check_watched(&mut browser, &server, &token, SHOWN).await.body.contains("Case Was Received"));
    for number in [SHOWN, HIDDEN, UNKNOWN] {
        let refused = check_watched(&mut browser, &server, &token, number).await;
        assert!(refused.body.contains(r#"{"slow_down":{"retry_after_seconds":"#), "{}", refused.body);
    }
    let [_, answer] = browser.look_up(&server, "en", SHOWN).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "asking by list counts for the form");

    let server = installation.serve(&[("PORTICO_LIMIT_MISSES_CLIENT_HOUR", "2"), ("PORTICO_LIMIT_CLIENT_MINUTE", "100")]);
    let token = browser.get(server.url("/watch-list")).await.csrf_token();
    for number in [HIDDEN, UNKNOWN] {
        assert!(check_watched(&mut browser, &server, &token, number).await.body.contains("null"));
    }
    assert!(check_watched(&mut browser, &server, &token, UNKNOWN).await.body.contains("slow_down"), "misses count");
}

#[tokio::test]
async fn the_list_is_offered_the_number_that_was_asked_for_and_no_other_text() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&NO_LIMITS);
    let mut browser = Browser::new();
    for (typed, is_offered) in [("eac-9999-700777", true), ("<b>Xiomara</b>", false)] {
        browser.look_up(&server, "en", typed).await;
        let page = browser.get(server.url("/watch-list")).await;
        assert_eq!(page.body.contains(UNKNOWN), is_offered, "{typed}");
        assert!(!page.body.contains("Xiomara") && page.headers[CACHE_CONTROL] == "no-store");
    }
    assert!(!Browser::new().get(server.url("/watch-list")).await.body.contains(UNKNOWN));
}

#[tokio::test]
async fn mistakes_are_explained_and_what_was_typed_stays_in_the_field() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&NO_LIMITS);
    let mut browser = Browser::new();
    for (typed, kept) in [
        ("", "value=\"\""),
        ("12345", "value=\"12345\""),
        (UNKNOWN, "value=\"EAC9999700777\""),
        ("<b>\"x", "value=\"&lt;b&gt;&quot;x\""),
    ] {
        let [_, answer] = browser.look_up(&server, "en", typed).await;
        assert!(answer.body.contains("There is a problem"), "{typed}: {}", answer.body);
        assert!(answer.body.contains("<title>Error"), "{typed}");
        assert!(answer.body.contains("aria-invalid=\"true\""), "{typed}");
        assert!(typed.is_empty() || answer.body.contains(kept), "{typed}: {}", answer.body);
        assert!(!answer.body.contains("<b>"));
    }
}

#[tokio::test]
async fn too_many_look_ups_are_told_to_wait_with_a_number_to_call() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&[("PORTICO_LIMIT_CLIENT_MINUTE", "2")]);
    let mut browser = Browser::new();
    browser.look_up(&server, "en", SHOWN).await;
    browser.look_up(&server, "en", SHOWN).await;
    let [_, answer] = browser.look_up(&server, "en", SHOWN).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(answer.body.contains("1-800-555-0199") && !answer.body.contains("Case Was Received"));
}

#[tokio::test]
async fn a_walk_along_numbers_is_stopped_whether_they_exist_or_not() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    let mut browser = Browser::new();
    for step in 0..6 {
        let [_, answer] = browser.look_up(&server, "en", &format!("EAC999950{:04}", 774 + step)).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let [_, answer] = browser.look_up(&server, "en", "EAC9999500790").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

/// Many readers at once: the page is rendered on all cores, and nothing of one request may be gone before it is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_readers_at_once_all_get_their_page() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = std::sync::Arc::new(installation.serve(&[("PORTICO_LIMIT_REQUESTS_PER_MINUTE", "1000000")]));
    let mut readers = Vec::new();
    for _ in 0..16 {
        let server = std::sync::Arc::clone(&server);
        readers.push(tokio::spawn(async move {
            let mut browser = Browser::new();
            for _ in 0..150 {
                let page = browser.get(server.url("/case-status")).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(page.body.contains("<title>") && page.body.contains("</html>"));
            }
        }));
    }
    for reader in readers {
        reader.await.unwrap();
    }
    assert!(!server.log().contains("disposed"), "{}", server.log());
}
