//! Signing in to the console at an identity provider: the certified `oidc-provider`, as `end2end/oidc.mjs` starts it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::StatusCode;
use reqwest::header::SET_COOKIE;

use store::testing::meddle;

use super::console::{Answer, Desk};
use super::running::{Engine, Installation, Server};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end");
/// With port 0 the public address is not known before; only path and query of what leads back are followed.
const PUBLIC: &str = "http://localhost:8080";

/// A provider that ends with the test.
struct Provider {
    process: Child,
    url: String,
}

impl Provider {
    fn start() -> Self {
        assert!(
            Path::new(FOLDER).join("node_modules/oidc-provider").is_dir(),
            "the identity provider of the tests is not installed: npm ci --prefix end2end --ignore-scripts (`make test` does it)"
        );
        let mut command = Command::new("node");
        command.arg(Path::new(FOLDER).join("oidc.mjs")).arg(format!("{PUBLIC}/console/sign-in/oidc/back"));
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let url = said.trim().strip_prefix("Identity provider at ").expect("an address").to_owned();
        Self { process, url }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Agency {
    installation: Installation,
    server: Server,
    provider: Provider,
    /// The browser, once at the agency and once at the provider: they are two sites.
    desk: Desk,
    there: Desk,
}

impl Agency {
    async fn open() -> Self {
        let (installation, provider) = (Installation::new(Engine::Sqlite).await, Provider::start());
        installation.succeed(&["seed", "demo", "--cases", "20"]);
        let secret = installation.path("secret");
        std::fs::write(&secret, "a secret of tests\n").unwrap();
        let server = installation.serve(&[
            ("PORTICO_OIDC_ISSUER", &provider.url),
            ("PORTICO_OIDC_CLIENT_SECRET_FILE", secret.to_str().unwrap()),
            ("PORTICO_OIDC_SCOPES", "openid,profile,roles,x509"),
            ("PORTICO_OIDC_ACR", "aal2"),
            ("PORTICO_OIDC_ROLES", "portico-iio-{office}=iio@{office};portico-siio-{office}=siio@{office}"),
        ]);
        Self { installation, server, provider, desk: Desk::new(), there: Desk::new() }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.desk.get(self.server.url(path)).await
    }

    /// Agrees to the use notice, and gives the page after it.
    async fn agree(&mut self) -> Answer {
        let token = self.get("/console/sign-in").await.csrf();
        self.desk.post(self.server.url("/_fn/console/sign_in/agree"), &[("csrf", &token)]).await;
        self.get("/console/sign-in").await
    }

    /// Begins at the console, and gives where it sends the browser.
    async fn begin(&mut self, path: &str) -> String {
        let sent = self.get(path).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        assert!(sent.location().starts_with(&format!("{}/auth?", self.provider.url)), "{}", sent.location());
        sent.location().to_owned()
    }

    /// Signs in at the provider, and gives the path and query that lead back.
    async fn at_provider(&mut self, start: String, account: &str, acr: &str) -> String {
        let mut at = start;
        for _ in 0..10 {
            if let Some(back) = at.strip_prefix(PUBLIC) {
                return back.to_owned();
            }
            if at.starts_with('/') {
                at = format!("{}{at}", self.provider.url);
            }
            let fields = [("account", account), ("acr", acr), ("press", "in")];
            let is_form = at.contains("/interaction/");
            let answer = if is_form { self.there.post(at.clone(), &fields).await } else { self.there.get(at.clone()).await };
            answer.location().clone_into(&mut at);
        }
        panic!("the provider goes in circles")
    }

    /// All of it, and what the console answers in the end.
    async fn sign_in(&mut self, account: &str, acr: &str) -> Answer {
        (self.desk, self.there) = (Desk::new(), Desk::new());
        self.agree().await;
        let start = self.begin("/console/sign-in/oidc?next=%2Fconsole%2Fsessions").await;
        let back = self.at_provider(start, account, acr).await;
        self.get(&back).await
    }

    /// What the page of the way in says.
    async fn told(&mut self) -> String {
        self.get("/console/sign-in").await.body
    }
}

#[tokio::test]
async fn an_officer_signs_in_at_the_agency_and_stands_where_the_way_led() {
    let mut agency = Agency::open().await;
    let door = agency.agree().await;
    assert!(door.body.contains("href=\"/console/sign-in/oidc\""), "{}", door.body);
    let entered = agency.sign_in("iio", "aal2").await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/console/sessions"));
    let page = agency.get("/console/sessions").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Iris Ibsen") && page.body.contains("Agency sign-in"), "{}", page.body);
    assert!(!agency.server.log().contains("Ibsen"));
}

#[tokio::test]
async fn an_attempt_is_the_browsers_own_and_good_once() {
    let mut agency = Agency::open().await;
    agency.agree().await;
    let sent = agency.get("/console/sign-in/oidc").await;
    let cookie = sent.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("oidc-") && cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=600"), "{cookie}");
    let start = sent.location().to_owned();
    // A second tab begins as well, and does not disturb the first.
    let other = agency.begin("/console/sign-in/oidc").await;
    assert_eq!(agency.desk.cookies.keys().filter(|name| name.starts_with("oidc-")).count(), 2);
    let back = agency.at_provider(start, "iio", "aal2").await;

    let mut stranger = Desk::new();
    let refused = stranger.get(agency.server.url(&back)).await;
    assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, "/console/sign-in"));
    let door = stranger.get(agency.server.url("/console/sign-in")).await;
    assert!(door.body.contains("You were not signed in"), "{}", door.body);
    assert_eq!(stranger.get(agency.server.url("/console")).await.status, StatusCode::SEE_OTHER);

    assert_eq!(agency.get(&back).await.location(), "/console");
    let again = agency.get(&back).await;
    assert_eq!(again.location(), "/console/sign-in", "it was used");
    let back = agency.at_provider(other, "iio", "aal2").await;
    assert_eq!(agency.get(&back).await.location(), "/console", "the other tab");
}

/// How a browser may come back that is not the one that left, or not with what it was given.
#[tokio::test]
async fn who_comes_back_otherwise_than_the_provider_sent_them_is_not_let_in() {
    type Change = fn(&mut Desk, &Desk, &str) -> String;
    fn attempt(desk: &Desk) -> (String, String) {
        let found = desk.cookies.iter().find(|(name, value)| name.starts_with("oidc-") && !value.is_empty());
        found.map(|(name, value)| (name.clone(), value.clone())).expect("an attempt")
    }
    fn replaced(back: &str, name: &str, value: &str) -> String {
        let (path, query) = back.split_once('?').unwrap();
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((other, _)) if other == name => format!("{name}={value}"),
            _ => pair.to_owned(),
        });
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    }
    const CASES: [(&str, Change, &str); 12] = [
        (
            "without its cookie",
            |desk, _, back| {
                desk.cookies.remove(&attempt(desk).0);
                back.into()
            },
            "not finished",
        ),
        (
            "another browser, with an attempt of its own",
            |desk, other, back| {
                desk.cookies = other.cookies.clone();
                back.into()
            },
            "not finished",
        ),
        (
            "another attempt by the name of this one",
            |desk, other, back| {
                desk.cookies.insert(attempt(desk).0, attempt(other).1);
                back.into()
            },
            "not finished",
        ),
        (
            "a cookie that was changed",
            |desk, _, back| {
                let (name, value) = attempt(desk);
                desk.cookies.insert(name, format!("A{}", &value[1..]));
                back.into()
            },
            "not finished",
        ),
        (
            "an empty cookie",
            |desk, _, back| {
                desk.cookies.insert(attempt(desk).0, String::new());
                back.into()
            },
            "not finished",
        ),
        ("another state", |_, _, back| replaced(back, "state", &"x".repeat(43)), "not finished"),
        ("no state", |_, _, back| replaced(back, "state", ""), "not finished"),
        ("two codes", |_, _, back| format!("{back}&code=another"), "not finished"),
        ("another code", |_, _, back| replaced(back, "code", "another"), "not finished"),
        ("no code", |_, _, back| replaced(back, "code", ""), "not finished"),
        ("an error instead", |_, _, back| replaced(&back.replace("code=", "error="), "error", "access_denied"), "not finished"),
        ("another provider", |_, _, back| replaced(back, "iss", "https://evil.example"), "cannot be used"),
    ];
    let mut agency = Agency::open().await;
    agency.agree().await;
    agency.begin("/console/sign-in/oidc").await;
    let other = std::mem::replace(&mut agency.desk, Desk::new());
    for (what, change, says) in CASES {
        (agency.desk, agency.there) = (Desk::new(), Desk::new());
        agency.agree().await;
        let start = agency.begin("/console/sign-in/oidc").await;
        let back = agency.at_provider(start, "iio", "aal2").await;
        let back = change(&mut agency.desk, &other, &back);
        let refused = agency.get(&back).await;
        assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, "/console/sign-in"), "{what}");
        let told = agency.told().await;
        assert!(told.contains(says), "{what}: {told}");
        assert!(agency.get("/console").await.location().starts_with("/console/sign-in"), "{what}");
    }
}

#[tokio::test]
async fn an_account_that_was_closed_stays_closed_whatever_the_provider_says() {
    let mut agency = Agency::open().await;
    assert_eq!(agency.sign_in("iio", "aal2").await.location(), "/console/sessions");
    let mut before = std::mem::replace(&mut agency.desk, Desk::new());
    let store = store::Store::open(&agency.installation.database, None).await.unwrap();
    assert_eq!(meddle(&store, "UPDATE account SET state = 'disabled' WHERE name = 'Iris Ibsen'").await.unwrap(), 1);
    assert!(before.get(agency.server.url("/console")).await.location().starts_with("/console/sign-in"), "its sessions are over");
    let refused = agency.sign_in("iio", "aal2").await;
    assert!(refused.location().starts_with("/console/sign-in"), "{}", refused.location());
    assert!(agency.told().await.contains("Your account here is closed"));
    meddle(&store, "UPDATE account SET state = 'active' WHERE name = 'Iris Ibsen'").await.unwrap();
    assert_eq!(agency.sign_in("iio", "aal2").await.location(), "/console/sessions");
}

#[tokio::test]
async fn who_is_refused_is_told_what_to_do() {
    let mut agency = Agency::open().await;
    for (account, acr, says) in [
        ("iio", "aal1", "in a way that is not enough here"),
        ("nobody", "aal2", "has no role here"),
        ("nowhere", "aal2", "has no role here"),
    ] {
        let refused = agency.sign_in(account, acr).await;
        let location = "/console/sign-in?next=%2Fconsole%2Fsessions";
        assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, location), "{account}");
        let told = agency.told().await;
        assert!(told.contains(says), "{account}: {told}");
        assert!(!agency.told().await.contains(says), "it is said once");
        assert!(agency.get("/console").await.location().starts_with("/console/sign-in"));
    }
    agency.provider.process.kill().unwrap();
    agency.provider.process.wait().unwrap();
    let sent = agency.begin("/console/sign-in/oidc").await;
    let state = sent.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    agency.get(&format!("/console/sign-in/oidc/back?state={state}&code=x&iss={}", agency.provider.url)).await;
    assert!(agency.told().await.contains("does not work at the moment"));
}

#[tokio::test]
async fn nobody_is_sent_to_the_provider_who_has_not_agreed() {
    let mut agency = Agency::open().await;
    assert_eq!(agency.get("/console/sign-in/oidc?next=%2Fconsole").await.location(), "/console/sign-in?next=%2Fconsole");
    let elsewhere = agency.get("/console/sign-in/oidc?next=https://evil.example").await;
    assert_eq!(elsewhere.location(), "/console/sign-in");
}

#[tokio::test]
async fn a_locked_session_is_opened_at_the_provider_by_the_same_person_only() {
    let mut agency = Agency::open().await;
    agency.sign_in("iio", "aal2").await;
    let token = agency.get("/console").await.csrf();
    agency.desk.post(agency.server.url("/_fn/console/session/lock"), &[("csrf", &token)]).await;
    let door = agency.get("/console/sign-in/again").await;
    assert!(door.body.contains("href=\"/console/sign-in/oidc?again\""), "{}", door.body);
    for (account, location) in [("card", "/console/sign-in/again"), ("iio", "/console")] {
        let start = agency.begin("/console/sign-in/oidc?again").await;
        assert!(start.contains("prompt=login"), "{start}");
        agency.there = Desk::new();
        let back = agency.at_provider(start, account, "aal2").await;
        assert_eq!(agency.get(&back).await.location(), location, "{account}");
    }
    assert_eq!(agency.get("/console").await.status, StatusCode::OK);
}
