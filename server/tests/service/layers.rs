//! What stands around every route.

// Brings the pages' server functions into this program, where they register themselves.
use app as _;

use super::running::{Browser, Engine, Installation, Server};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE};

async fn served(settings: &[(&str, &str)]) -> (Installation, Server) {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(settings);
    (installation, server)
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (_installation, server) = served(&[]).await;
    for path in ["/", "/es", "/case-status", "/nothing-here", "/health/live", "/robots.txt", "/api/v1/case-events"] {
        let page = Browser::new().get(server.url(path)).await;
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(page.headers[name], value, "{path}");
        }
        assert!(page.headers.contains_key("x-request-id") && !page.headers.contains_key("server"), "{path}");
    }
}

#[tokio::test]
async fn the_nonce_of_the_page_is_the_one_of_its_policy_and_new_each_time() {
    let (_installation, server) = served(&[]).await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = Browser::new().get(server.url("/case-status")).await;
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        let nonce = policy.split("nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "{}", page.body);
        assert!(!page.body.contains("style=\""));
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn forms_from_elsewhere_or_without_the_sessions_token_are_refused() {
    let (_installation, server) = served(&[]).await;
    let mut browser = Browser::new();
    let token = browser.get(server.url("/case-status")).await.csrf_token();
    let url = || server.url("/_fn/case_status/find");
    let fields = [("csrf", token.as_str()), ("receipt_number", "x"), ("locale", "en")];
    let same = ("sec-fetch-site", "same-origin");
    for headers in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![],
        vec![("origin", "https://evil.example")],
    ] {
        let page = browser.post(url(), &headers, &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(page.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/html") && page.body.contains("1-800-555-0199"));
    }
    for fields in [&fields[1..], &[("csrf", "0000"), ("receipt_number", "x")]] {
        assert_eq!(browser.post(url(), &[same], fields).await.status, StatusCode::FORBIDDEN);
    }
    let stranger = Browser::new().post(url(), &[same], &fields).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN, "a token works in its own session only");
    assert_eq!(browser.post(url(), &[same], &fields).await.status, StatusCode::SEE_OTHER);
    let by_origin = browser.post(url(), &[("origin", "http://localhost:8080")], &fields).await;
    assert_eq!(by_origin.status, StatusCode::SEE_OTHER, "an old browser names the public address");
}

/// No server function answers an unsafe request that does not prove where it comes from.
#[tokio::test]
async fn every_server_function_is_behind_the_check() {
    let (_installation, server) = served(&[]).await;
    // Those of the console are behind a session as well; console.rs asks them.
    let is_ours = |path: &str| !path.starts_with(app::console::site::FUNCTIONS);
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().filter(|(path, _)| is_ours(path)).collect();
    assert!(!paths.is_empty());
    for (path, method) in paths {
        assert!(path.starts_with("/_fn/"), "{path}");
        assert_eq!(method, reqwest::Method::POST, "{path}: reads by GET would put data into addresses");
        let page = Browser::new().post(server.url(path), &[], &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn cookies_are_closed_to_scripts_and_ignored_where_no_session_is() {
    let (_installation, server) = served(&[]).await;
    let page = Browser::new().get(server.url("/case-status")).await;
    let cookie = page.headers[SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.starts_with("portico=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/"),
        "{cookie}"
    );
    for path in ["/health/live", "/robots.txt", "/.well-known/security.txt", "/pkg/portal.0.css"] {
        assert!(!Browser::new().get(server.url(path)).await.headers.contains_key(SET_COOKIE), "{path}");
    }
}

#[tokio::test]
async fn unknown_addresses_are_not_found_with_a_page_and_a_slash_is_no_second_address() {
    let (_installation, server) = served(&[]).await;
    for path in ["/nothing-here", "/es/nada", "/es/case-status/EAC9999103403", "/favicon.png"] {
        let page = Browser::new().get(server.url(path)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("<h1"), "{path}");
        assert!(!page.body.contains("9999103403"), "the address is not echoed");
    }
    let page = Browser::new().get(server.url("/case-status/")).await;
    assert_eq!((page.status, page.headers[LOCATION].to_str().unwrap()), (StatusCode::PERMANENT_REDIRECT, "/case-status"));
}

#[tokio::test]
async fn a_client_that_asks_too_much_gets_a_page_that_says_when() {
    let (_installation, server) = served(&[("PORTICO_LIMIT_REQUESTS_PER_MINUTE", "5")]).await;
    let mut browser = Browser::new();
    for _ in 0..5 {
        assert_eq!(browser.get(server.url("/")).await.status, StatusCode::OK);
    }
    let page = browser.get(server.url("/es")).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers.contains_key("retry-after") && page.body.contains("lang=\"es\"") && page.body.contains("1-800-555-0199"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let (_installation, server) = served(&[]).await;
    let long = "x".repeat(70_000);
    let page = Browser::new()
        .post(server.url("/_fn/case_status/find"), &[("sec-fetch-site", "same-origin")], &[("receipt_number", &long)])
        .await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_closed_surface_says_so_and_the_rest_goes_on() {
    let (_installation, server) = served(&[("PORTICO_CLOSED_SURFACES", "portal")]).await;
    for path in ["/", "/es/case-status"] {
        let page = Browser::new().get(server.url(path)).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(page.body.contains("1-800-555-0199"));
    }
    assert_eq!(Browser::new().get(server.url("/health/ready")).await.status, StatusCode::OK);
    assert_eq!(Browser::new().post(server.url("/oauth/accesstoken"), &[], &[]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_surface_that_is_not_named_is_not_there() {
    let (_installation, server) = served(&[("PORTICO_SURFACES", "portal")]).await;
    assert_eq!(
        Browser::new().post(server.url("/oauth/accesstoken"), &[("sec-fetch-site", "same-origin")], &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let (_installation, server) = served(&[("PORTICO_SURFACES", "api")]).await;
    assert_eq!(Browser::new().get(server.url("/case-status")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_announcement_stands_on_every_page() {
    let (_installation, server) = served(&[("PORTICO_OUTAGE_EN", "Late today."), ("PORTICO_OUTAGE_ES", "Hoy con retraso.")]).await;
    assert!(Browser::new().get(server.url("/case-status")).await.body.contains("Late today."));
    assert!(Browser::new().get(server.url("/es")).await.body.contains("Hoy con retraso."));
}

#[tokio::test]
async fn files_of_the_site_are_kept_for_ever_and_missing_ones_are_not() {
    let (_installation, server) = served(&[]).await;
    let page = Browser::new().get(server.url("/pkg/portal.0.css")).await;
    assert_eq!(page.headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(page.headers["vary"], ACCEPT_ENCODING.as_str());
    let missing = Browser::new().get(server.url("/pkg/nothing.css")).await;
    assert_eq!((missing.status, missing.headers[CACHE_CONTROL].to_str().unwrap()), (StatusCode::NOT_FOUND, "no-store"));
    for path in ["/pkg/../manifest.json", "/pkg/%2e%2e/manifest.json"] {
        assert_eq!(Browser::new().get(server.url(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Below the root, or it would not be in charge of the pages; asked for anew, or an old one would keep old files.
#[tokio::test]
async fn the_service_worker_is_a_script_at_the_root_that_browsers_ask_for_anew() {
    let (_installation, server) = served(&[("PORTICO_LIMIT_REQUESTS_PER_MINUTE", "1")]).await;
    for _ in 0..3 {
        let worker = Browser::new().get(server.url("/service-worker.js")).await;
        assert_eq!((worker.status, &worker.headers[CACHE_CONTROL]), (StatusCode::OK, &"no-cache".parse().unwrap()));
        assert!(worker.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/javascript"));
        assert!(!worker.headers.contains_key(SET_COOKIE));
    }
}

#[tokio::test]
async fn security_txt_names_a_contact_and_a_day_it_expires() {
    let (_installation, server) = served(&[]).await;
    let text = Browser::new().get(server.url("/.well-known/security.txt")).await.body;
    assert!(text.contains("Contact: mailto:security@agency.example\n") && text.contains("\nExpires: 20"), "{text}");
}

#[tokio::test]
async fn a_server_told_to_stop_ends_by_itself() {
    let (_installation, server) = served(&[]).await;
    assert_eq!(Browser::new().get(server.url("/health/live")).await.body, "live\n");
    assert!(server.stop().success());
}
