//! Requests of the demo that were answered: read, found wanting, printed; and what the case system is to do.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde_json::{Value, json};
use store::crypto::{hex, sha256};

use super::api::{credentials, token};
use super::look_up::NO_LIMITS;
use super::running::{Browser, Engine, Installation, Server, http};

const OWN: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];
const CASES: &str = "60";

/// The numbers that the seed prints, with what it says of each.
fn seeded(installation: &Installation) -> Vec<(String, String)> {
    let said = installation.succeed(&["seed", "demo", "--cases", CASES]);
    assert!(said.contains("/e-request/status, each with the ZIP code 22150"), "{said}");
    let lines = said.lines().filter_map(|line| line.trim().split_once("  ").filter(|(number, _)| number.starts_with("SR26-")));
    lines.map(|(number, note)| (number.to_owned(), note.to_owned())).collect()
}

/// Somebody who is shown a request.
async fn shown(server: &Server, number: &str) -> (Browser, String) {
    let mut browser = Browser::new();
    let csrf = browser.get(server.url("/e-request/status")).await.csrf_token();
    let fields = [("csrf", csrf.as_str()), ("locale", "en"), ("number", number), ("zip", "22150")];
    let found = browser.post(server.url("/_fn/e_request/find"), &OWN, &fields).await;
    assert_eq!(found.headers[LOCATION], "/e-request/status/request");
    (browser, csrf)
}

#[tokio::test]
async fn an_answer_is_read_and_found_wanting_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let requests = seeded(&installation);
        assert_eq!(requests.len(), 11);
        assert_eq!(seeded(&installation), requests, "seeding again changes nothing");
        let server = installation.serve(&NO_LIMITS);
        let (mut browser, csrf) = shown(&server, &requests[3].0).await;
        let request = server.url("/e-request/status/request");
        let read = browser.get(request.clone()).await;
        assert!(read.body.contains("Answer 1") && read.body.contains("This is our full answer."), "{}", read.body);
        assert!(read.body.contains("Ask at your post office."));
        for private in ["A-Number", "Person who contacted us"] {
            assert!(!read.body.contains(private), "{private}");
        }
        let say = async |browser: &mut Browser, why: &str| {
            let fields = [("csrf", csrf.as_str()), ("locale", "en"), ("number", "1"), ("why", why)];
            let said = browser.post(server.url("/_fn/e_request/not_helped"), &OWN, &fields).await;
            said.headers[LOCATION].to_str().unwrap().to_owned()
        };
        assert_eq!(say(&mut browser, " ").await, "/e-request/status/request?why=1");
        assert_eq!(say(&mut browser, "No day in it.").await, "/e-request/status/request?reopened");
        assert_eq!(say(&mut browser, "Again.").await, "/e-request/status/request");
        let after = browser.get(request).await;
        assert!(after.body.contains("You told us that this answer did not help on"), "{}", after.body);
        assert!(!after.body.contains("No day in it."), "what was written is for officers");
        let mut stranger = Browser::new();
        assert_eq!(stranger.get(server.url("/e-request/answer.pdf?number=1")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn letters_are_laid_down_in_one_document_and_acknowledged_by_their_number() {
    let installation = Installation::new(Engine::Sqlite).await;
    let requests = seeded(&installation);
    let folder = installation.path("letters");
    assert!(installation.fail(&["letters", "print"]).contains("Set PORTICO_LETTERS"));
    let print = || {
        let output = installation.command(&["letters", "print"]).env("PORTICO_LETTERS", &folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = print();
    let batch = printed.split_whitespace().next().unwrap().to_owned();
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join(format!("batch-{batch}.json"))).unwrap()).unwrap();
    let document = std::fs::read(folder.join(format!("batch-{batch}.pdf"))).unwrap();
    assert_eq!(manifest["sha256"], hex(&sha256(&document)));
    let list = manifest["list"].as_array().unwrap();
    assert_eq!((manifest["letters"].as_u64(), list.len()), (Some(list.len() as u64), list.len()));
    assert!(list.len() >= requests.len());
    assert_eq!(list.iter().map(|letter| letter["pages"].as_u64().unwrap()).sum::<u64>(), manifest["pages"].as_u64().unwrap());
    let said: std::collections::BTreeSet<_> = list.iter().flat_map(|letter| letter.as_object().unwrap().keys()).collect();
    assert!(said.iter().eq(["address", "first_page", "letter", "pages", "sha256"].iter()), "nothing of whom it is for: {said:?}");
    assert!(print().contains("No letter waits"));
    assert!(installation.succeed(&["letters", "list"]).contains(&batch));
    assert!(installation.fail(&["letters", "acknowledge", &batch, "1"]).contains("look for those that are missing"));
    installation.succeed(&["letters", "acknowledge", &batch, &list.len().to_string()]);
    assert!(installation.succeed(&["letters", "list"]).contains("Every batch was acknowledged."));
    let server = installation.serve(&NO_LIMITS);
    let (mut browser, _) = shown(&server, &requests[0].0).await;
    let [first, second] = [
        browser.get(server.url("/e-request/answer.pdf?number=1")).await,
        browser.get(server.url("/e-request/answer.pdf?number=1")).await,
    ];
    assert_eq!((first.status, &first.headers[CONTENT_TYPE]), (StatusCode::OK, &"application/pdf".parse().unwrap()));
    assert_eq!(first.body, second.body, "the same document each time");
}

#[tokio::test]
async fn only_the_case_system_fetches_commands_and_settles_them() {
    let installation = Installation::new(Engine::Sqlite).await;
    let feed = credentials(&installation, "feed", "case-feed");
    let reader = credentials(&installation, "reader", "case-status");
    let server = installation.serve(&[]);
    let (feed, reader) = (token(&server, &feed).await, token(&server, &reader).await);
    let get = async |query: &str, token: &str| {
        let url = server.url(&format!("/api/v1/case-commands{query}"));
        http().build().unwrap().get(url).bearer_auth(token).send().await.unwrap()
    };
    let put = async |id: &str, body: Value, token: &str| {
        let url = server.url(&format!("/api/v1/case-commands/{id}"));
        http().build().unwrap().put(url).bearer_auth(token).json(&body).send().await.unwrap().status()
    };
    let empty = get("", &feed).await;
    assert_eq!((empty.status(), &empty.headers()["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    assert_eq!(empty.json::<Value>().await.unwrap(), json!({ "commands": [], "next": 0 }));
    assert_eq!(get("?after=-1", &feed).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(get("", &reader).await.status(), StatusCode::FORBIDDEN);
    let (id, done) = ("01939f0a-1c00-7000-8000-000000000001", json!({ "outcome": "confirmed" }));
    assert_eq!(put(id, done.clone(), &feed).await, StatusCode::NOT_FOUND);
    assert_eq!(put("nonsense", done.clone(), &feed).await, StatusCode::NOT_FOUND);
    assert_eq!(put(id, json!({ "outcome": "perhaps" }), &feed).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(put(id, done, &reader).await, StatusCode::FORBIDDEN);
}
