//! Webhooks, from the operator's command to the message that arrives.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::running::{Engine, Installation, Server, http};

/// A known case of the demo, and one that is hidden there.
const KNOWN: &str = "EAC9999103403";

struct Message {
    headers: HeaderMap,
    body: Bytes,
}

/// A machine of our own that takes messages.
async fn machine() -> (String, mpsc::UnboundedReceiver<Message>) {
    let (sender, messages) = mpsc::unbounded_channel();
    let take = move |headers: HeaderMap, body: Bytes| {
        sender.send(Message { headers, body }).unwrap();
        async { StatusCode::NO_CONTENT }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(take))).await.unwrap() });
    (url, messages)
}

fn value<'a>(printed: &'a str, name: &str) -> &'a str {
    printed.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name} in {printed}"))
}

async fn token(installation: &Installation, server: &Server, name: &str, scope: &str) -> String {
    let printed = installation.succeed(&["client", "add", name, "--scope", scope, "--per-second", "1000"]);
    let (id, secret) = (value(&printed, "client_id: "), value(&printed, "client_secret: "));
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let response = http().build().unwrap().post(server.url("/oauth/accesstoken")).form(&form).send().await.unwrap();
    response.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
}

async fn ask(server: &Server, method: Method, token: &str, receipts: &[&str]) -> (StatusCode, Value) {
    let request = http().build().unwrap().request(method, server.url("/api/v1/subscriptions")).bearer_auth(token);
    let response = request.json(&json!({ "receipts": receipts })).send().await.unwrap();
    let status = StatusCode::from_u16(response.status().as_u16()).unwrap();
    let body = response.bytes().await.unwrap();
    (status, if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() })
}

/// Has the case change in public.
fn change(installation: &Installation, event: &str) {
    let at =
        chrono::DateTime::<chrono::Utc>::from(std::fs::metadata(installation.path("portico.keys")).unwrap().modified().unwrap());
    let line = format!(
        r#"{{"event_id":"{event}","receipt_number":"{KNOWN}","form":"I-765","category":"C09","office":"NBC","applicant":{{"name":{{"family":"Ejemplo"}}}},"action":{{"code":"DA","at":"{}"}}}}"#,
        at.format("%Y-%m-%dT%H:%M:%SZ")
    );
    let said = installation.import(&line);
    assert!(said.contains("1 events added"), "{said}");
}

/// The check that docs/webhooks.md gives to those who receive messages.
fn docs_say_it_is_ours(secret: &str, message: &Message, body: &[u8], seconds_later: i64) -> bool {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/webhooks.md")).unwrap();
    let code = docs.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let headers: serde_json::Map<String, Value> =
        message.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().into())).collect();
    let timestamp: i64 = message.headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
    let call = "import json, sys\ngiven = json.loads(sys.argv[1])\n\
                print(is_from_portico(given['secret'], given['headers'], sys.stdin.buffer.read(), given['now']))";
    let given = json!({ "secret": secret, "headers": headers, "now": timestamp + seconds_later }).to_string();
    let mut python = Command::new("python3");
    let mut process = python
        .args(["-c", &format!("{code}\n{call}"), &given])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    process.stdin.take().unwrap().write_all(body).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim() == "True"
}

#[tokio::test]
async fn a_change_arrives_signed_and_the_documented_check_accepts_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.succeed(&["seed", "demo", "--cases", "60"]);
        let server = installation.serve(&[]);
        let token = token(&installation, &server, "firm", "case-status").await;
        assert_eq!(ask(&server, Method::POST, &token, &[KNOWN]).await.0, StatusCode::CONFLICT, "no webhook yet");
        let (url, mut messages) = machine().await;
        let printed = installation.succeed(&["webhook", "add", "firm", &url]);
        let secret = value(&printed, "webhook_secret: ");
        assert!(installation.fail(&["webhook", "add", "firm", &url]).contains("Remove it first"));

        // An unknown number is taken alike.
        for numbers in [[KNOWN, "ZZZ9999999999"], ["ZZZ9999999998", "ZZZ9999999997"]] {
            assert_eq!(ask(&server, Method::POST, &token, &numbers).await, (StatusCode::NO_CONTENT, Value::Null));
        }
        let (status, listed) = ask(&server, Method::GET, &token, &[]).await;
        assert_eq!((status, listed["receipts"].as_array().unwrap().len()), (StatusCode::OK, 4));
        assert!(installation.succeed(&["webhook", "list"]).contains("4  http://127.0.0.1"));

        let number = "ZZZ9999999997";
        let path = server.url(&format!("/api/v1/subscriptions/{number}"));
        for _ in 0..2 {
            let gone = http().build().unwrap().delete(&path).bearer_auth(&token).send().await.unwrap();
            assert_eq!(gone.status().as_u16(), 204, "a second time is no mistake");
        }
        let (_, listed) = ask(&server, Method::GET, &token, &[]).await;
        assert!(!listed.to_string().contains(number));

        change(&installation, "hook-1");
        let came = tokio::time::timeout(Duration::from_secs(30), messages.recv()).await;
        let message = came.unwrap_or_else(|_| panic!("no message: {}", installation.succeed(&["outbox"]))).unwrap();
        let said: Value = serde_json::from_slice(&message.body).unwrap();
        assert_eq!((&said["type"], &said["data"]), (&json!("case.changed"), &json!({ "receipt_number": KNOWN })));
        assert!(docs_say_it_is_ours(secret, &message, &message.body, 0));
        assert!(!docs_say_it_is_ours(secret, &message, &message.body, 301), "somebody kept it");
        assert!(!docs_say_it_is_ours(secret, &message, br#"{"type":"case.changed"}"#, 0), "another body");
        assert!(!docs_say_it_is_ours("whsec_AAAA", &message, &message.body, 0), "another secret");

        let log = server.log();
        assert!(!log.contains(KNOWN) && !log.contains(secret) && !log.contains("ERROR"), "{log}");
    }
}

#[tokio::test]
async fn what_is_sent_wrongly_is_refused_whole() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["seed", "demo", "--cases", "60"]);
    let server = installation.serve(&[]);
    let (reader, feeder) =
        (token(&installation, &server, "firm", "case-status").await, token(&installation, &server, "feed", "case-feed").await);
    let (url, _messages) = machine().await;
    installation.succeed(&["webhook", "add", "firm", &url]);
    assert_eq!(ask(&server, Method::POST, "nonsense", &[KNOWN]).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&server, Method::POST, &feeder, &[KNOWN]).await.0, StatusCode::FORBIDDEN);
    let (status, said) = ask(&server, Method::POST, &reader, &[KNOWN, "EAC1"]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said["message"].as_str().unwrap().starts_with("receipts[1] is not"), "{said}");
    let many = vec![KNOWN; 101];
    assert_eq!(ask(&server, Method::POST, &reader, &many).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let raw = http().build().unwrap().post(server.url("/api/v1/subscriptions")).bearer_auth(&reader).body("{}");
    assert_eq!(raw.send().await.unwrap().status().as_u16(), 422);
    assert_eq!(ask(&server, Method::GET, &reader, &[]).await.1, json!({ "receipts": [] }), "none was taken");

    for (client, url, said) in [
        ("firm2", "https://firm.example/hook", "There is no client named"),
        ("feed", "https://firm.example/hook", "only case-status is told of changes"),
        ("firm", "firm.example", "is not an address as https://"),
        ("firm", "http://firm.example/", "must begin with https://"),
        ("firm", "https://10.0.0.1/", "does not lead to a public address"),
        ("firm", "https://a:b@firm.example/", "must not hold a name or a password"),
    ] {
        let error = installation.fail(&["webhook", "add", client, url]);
        assert!(error.contains(said), "{url}: {error}");
    }
    assert!(installation.fail(&["webhook", "remove", "feed"]).contains("has no webhook"));
}

#[tokio::test]
async fn outside_of_a_demo_no_message_goes_to_this_machine() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["client", "add", "firm", "--scope", "case-status"]);
    for url in ["http://127.0.0.1:9/", "https://127.0.0.1:9/", "https://[::1]/"] {
        let said = installation.fail(&["webhook", "add", "firm", url]);
        assert!(said.contains("must begin with https://") || said.contains("does not lead to a public address"), "{said}");
    }
}
