//! Case events over HTTP, with a client's credentials.

use super::running::{Engine, Installation, Server, http, line};
use reqwest::{Response, StatusCode};
use serde_json::Value;

pub struct Credentials {
    id: String,
    secret: String,
}

fn add_client(installation: &Installation) -> Credentials {
    credentials(installation, "feed", "case-feed")
}

pub async fn token(server: &Server, credentials: &Credentials) -> String {
    let form = [("grant_type", "client_credentials"), ("client_id", &credentials.id), ("client_secret", &credentials.secret)];
    let response = http().build().unwrap().post(server.url("/oauth/accesstoken")).form(&form).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(
        (&answer["token_type"], &answer["expires_in"], &answer["status"]),
        (&"Bearer".into(), &"1800".into(), &"approved".into())
    );
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn send(server: &Server, token: &str, body: String) -> Response {
    http().build().unwrap().post(server.url("/api/v1/case-events")).bearer_auth(token).body(body).send().await.unwrap()
}

#[tokio::test]
async fn events_go_in_once_and_bad_lines_are_named() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let credentials = add_client(&installation);
        let server = installation.serve(&[]);
        let token = token(&server, &credentials).await;
        let body = line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", "") + "{\"event_id\":1}\n";
        let first: Value = send(&server, &token, body.clone()).await.json().await.unwrap();
        assert_eq!((&first["lines"], &first["added"], &first["quarantined"]), (&2.into(), &1.into(), &1.into()));
        assert_eq!(first["refused"][0]["line"], 2);
        assert_eq!(first["refused"][0]["reason"], "column 13: event_id: is not of the documented type");
        let second: Value = send(&server, &token, body).await.json().await.unwrap();
        assert_eq!((&second["added"], &second["already_there"]), (&0.into(), &1.into()));
    }
}

#[tokio::test]
async fn without_a_good_token_nothing_goes_in() {
    let installation = Installation::new(Engine::Sqlite).await;
    let credentials = add_client(&installation);
    let server = installation.serve(&[]);
    for token in ["", "nonsense", &"x".repeat(5000)] {
        let response = send(&server, token, line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", "")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.json::<Value>().await.unwrap()["message"], "Invalid Access Token");
    }
    for form in [
        vec![("grant_type", "client_credentials"), ("client_id", &credentials.id), ("client_secret", "wrong")],
        vec![("grant_type", "client_credentials"), ("client_id", "not an id"), ("client_secret", &credentials.secret)],
        vec![("grant_type", "client_credentials")],
    ] {
        let response = http().build().unwrap().post(server.url("/oauth/accesstoken")).form(&form).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{form:?}");
    }
    let live = token(&server, &credentials).await;
    installation.succeed(&["client", "revoke", "feed"]);
    let response = send(&server, &live, line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", "")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "a revoked client's token ends at once");
    assert!(installation.import("").starts_with("0 lines read"));
}

#[tokio::test]
async fn too_much_in_one_request_is_refused_whole() {
    let installation = Installation::new(Engine::Sqlite).await;
    let credentials = add_client(&installation);
    let server = installation.serve(&[]);
    let token = token(&server, &credentials).await;
    let response = send(&server, &token, " ".repeat(8 * 1024 * 1024 + 1)).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn only_the_case_system_fetches_changes_of_cases() {
    let installation = Installation::new(Engine::Sqlite).await;
    let feed = credentials(&installation, "feed", "case-feed");
    let reader = credentials(&installation, "reader", "case-status");
    let server = installation.serve(&[]);
    let (feed, reader) = (token(&server, &feed).await, token(&server, &reader).await);
    let get = async |query: &str, token: &str| {
        let url = server.url(&format!("/api/v1/case-changes{query}"));
        http().build().unwrap().get(url).bearer_auth(token).send().await.unwrap()
    };
    let empty = get("", &feed).await;
    assert_eq!((empty.status(), &empty.headers()["cache-control"]), (StatusCode::OK, &"no-store".parse().unwrap()));
    assert_eq!(empty.json::<Value>().await.unwrap(), serde_json::json!({ "changes": [], "next": 0 }));
    assert_eq!(get("?after=7", &feed).await.json::<Value>().await.unwrap()["next"], 7);
    assert_eq!(get("?after=-1", &feed).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(get("", &reader).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(get("", "nonsense").await.status(), StatusCode::UNAUTHORIZED);
}

pub fn credentials(installation: &Installation, name: &str, scope: &str) -> Credentials {
    let printed = installation.succeed(&["client", "add", name, "--scope", scope]);
    let value = |name: &str| printed.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    Credentials { id: value("client_id: "), secret: value("client_secret: ") }
}
