//! The console is closed: to whoever has not signed in, and to pages of others.

// Brings the pages' server functions into this program, where they register themselves.
use app as _;

use std::collections::BTreeMap;

use app::console::site::{FUNCTIONS, PAGES, TAKES_FILES, is_console, is_open};
use chrono::{TimeDelta, Utc};
use domain::identity::code_at;
use reqwest::header::{ACCEPT, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use store::crypto::sha256;

use super::running::{Engine, Installation, Server, http};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "garza tero lapacho rocio";

/// What a browser keeps: more cookies than one.
pub struct Desk {
    client: Client,
    pub cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default()
    }

    pub fn csrf(&self) -> String {
        let (_, rest) = self.body.split_once("<meta name=\"csrf\" content=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Desk {
    pub fn new() -> Self {
        Self { client: http().redirect(reqwest::redirect::Policy::none()).build().unwrap(), cookies: BTreeMap::new() }
    }

    pub async fn send(&mut self, method: Method, url: String, accept: &str, fields: &[(&str, &str)]) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.client.request(method.clone(), url).header(ACCEPT, accept).header("sec-fetch-site", "same-origin");
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        if method == Method::POST {
            request = request.form(fields);
        }
        self.answer(request).await
    }

    async fn answer(&mut self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = response.bytes().await.unwrap().to_vec();
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Sends a form with files, in the order in which a page has its fields: the token first.
    pub async fn upload(&mut self, url: String, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut form = Form::new();
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (name, bytes) in files {
            form = form.part((*name).to_owned(), Part::bytes(bytes.to_vec()).file_name(if bytes.is_empty() { "" } else { "file" }));
        }
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.post(url).header(ACCEPT, "text/html").header("sec-fetch-site", "same-origin");
        self.answer(request.header(COOKIE, cookies.join("; ")).multipart(form)).await
    }

    pub async fn get(&mut self, url: String) -> Answer {
        self.send(Method::GET, url, "text/html", &[]).await
    }

    pub async fn post(&mut self, url: String, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, url, "text/html", fields).await
    }

    /// From the use notice to the first page.
    pub async fn sign_in(&mut self, server: &Server, name: &str, steps_ahead: i32) -> Answer {
        let door = || server.url("/console/sign-in");
        let token = self.get(door()).await.csrf();
        self.post(server.url("/_fn/console/sign_in/agree"), &[("csrf", &token)]).await;
        let fields = [("csrf", token.as_str()), ("name", name), ("password", PASSWORD)];
        let answer = self.post(server.url("/_fn/console/sign_in/password"), &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/console/sign-in"));
        let code = code(name, steps_ahead);
        self.post(server.url("/_fn/console/sign_in/code"), &[("csrf", &token), ("code", &code)]).await
    }
}

/// What the authenticator of somebody of the demo shows. A code is good once, and a step before and after its own.
#[expect(clippy::disallowed_methods, reason = "the server that is tested has the machine's clock")]
fn code(name: &str, steps_ahead: i32) -> String {
    let secret = sha256(format!("portico demo {name}").as_bytes());
    code_at(&secret[..20], Utc::now() + TimeDelta::seconds(30) * steps_ahead)
}

/// What is open, told a second time: the list in the program is the one that is tested.
fn is_the_way_in(path: &str) -> bool {
    ["/console/sign-in", "/console/sign-in/again", "/console/sign-in/enrol"].contains(&path)
        || path.starts_with("/_fn/console/sign_in/")
}

async fn served(settings: &[(&str, &str)]) -> (Installation, Server) {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(settings);
    (installation, server)
}

async fn demo() -> (Installation, Server) {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["seed", "demo", "--cases", "20"]);
    let server = installation.serve(&[]);
    (installation, server)
}

fn pages() -> impl Iterator<Item = String> {
    const ID: &str = "0199a8a4-0000-7000-8000-000000000000";
    let filled = |page: &str| page.replace(":account", ID).replace(":request", ID).replace(":template", "mailed");
    let files = [
        format!("/console/requests/{ID}/documents/{ID}"),
        format!("/console/requests/{ID}/answer/letter.pdf?copy=online"),
        format!("/console/requests/{ID}/answers/1/letter.pdf?copy=person"),
        format!("/console/letters/{ID}/letters.pdf"),
        format!("/console/letters/{ID}/manifest.json"),
        "/console/live?office=NBC".into(),
        format!("/console/profiles/{ID}/photographs/{ID}"),
        format!("/console/partner-queries/{ID}/print"),
    ];
    PAGES.into_iter().map(filled).chain(["/console/nothing-here".into(), "/console/accounts/x/y".into()]).chain(files)
}

pub fn functions() -> Vec<&'static str> {
    let all = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path);
    all.filter(|path| path.starts_with(FUNCTIONS)).collect()
}

#[tokio::test]
async fn nothing_of_the_console_answers_without_a_live_session() {
    let (_installation, server) = served(&[]).await;
    assert!(functions().len() > 10, "the functions are listed");
    for cookie in [None, Some("Zm9yZ2VkLXRva2VuLXRoYXQtbm9ib2R5LWdhdmU")] {
        let mut desk = Desk::new();
        for page in pages() {
            desk.cookies = cookie.map(|value| ("portico-officer".to_owned(), value.to_owned())).into_iter().collect();
            let answer = desk.get(server.url(&page)).await;
            if is_the_way_in(&page) {
                assert_eq!(answer.status, StatusCode::OK, "{page}");
                assert!(answer.body.contains("<h1"), "{page}");
                continue;
            }
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}");
            assert!(answer.location().starts_with("/console/sign-in?next=%2Fconsole"), "{page}: {}", answer.location());
            assert_eq!(answer.location().ends_with("&ended"), cookie.is_some(), "{page}: {}", answer.location());
            assert!(answer.body.is_empty());
            let call = desk.send(Method::GET, server.url(&page), "application/json", &[]).await;
            assert_eq!((call.status, call.body.as_str()), (StatusCode::FORBIDDEN, ""), "{page}");
        }
        for function in functions().into_iter().chain(TAKES_FILES).filter(|path| !is_the_way_in(path)) {
            let answer = desk.post(server.url(function), &[("csrf", "x")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{function}");
            assert!(answer.location().starts_with("/console/sign-in"), "{function}: {}", answer.location());
            let call = desk.send(Method::POST, server.url(function), "application/json", &[("csrf", "x")]).await;
            assert_eq!((call.status, call.body.as_str()), (StatusCode::FORBIDDEN, ""), "{function}");
        }
        // Who is cut off in the middle of a file would not see where to sign in.
        for address in TAKES_FILES {
            let answer = desk.upload(server.url(address), &[("csrf", "x")], &[("file", &vec![b'x'; 8 * 1024 * 1024])]).await;
            assert!(answer.location().starts_with("/console/sign-in"), "{address}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn every_page_that_is_routed_is_on_the_list() {
    let listed = leptos_axum::generate_route_list(app::console::Console);
    let mut routed: Vec<_> = listed.iter().map(|route| route.path().replace('{', ":").replace('}', "")).collect();
    let mut pages = PAGES.map(str::to_owned);
    routed.sort();
    pages.sort();
    assert_eq!(routed, pages);
}

#[tokio::test]
async fn the_way_in_takes_forms_of_its_own_pages_only() {
    let (_installation, server) = served(&[]).await;
    for function in functions().into_iter().filter(|path| is_the_way_in(path)) {
        assert_eq!(Desk::new().post(server.url(function), &[("csrf", "x")]).await.status, StatusCode::FORBIDDEN, "{function}");
    }
    let (mut desk, mut other) = (Desk::new(), Desk::new());
    let token = desk.get(server.url("/console/sign-in")).await.csrf();
    other.get(server.url("/console/sign-in")).await;
    let agree = || server.url("/_fn/console/sign_in/agree");
    assert_eq!(other.post(agree(), &[("csrf", &token)]).await.status, StatusCode::FORBIDDEN, "a token is its own session's");
    assert_eq!(desk.post(agree(), &[("csrf", &token)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_server_that_does_not_offer_the_console_answers_nothing_for_it() {
    let (_installation, server) = served(&[("PORTICO_SURFACES", "portal,api")]).await;
    for page in pages() {
        assert_eq!(Desk::new().get(server.url(&page)).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let mut desk = Desk::new();
    let token = desk.get(server.url("/case-status")).await.csrf();
    for function in functions().into_iter().chain(TAKES_FILES) {
        let answer = desk.post(server.url(function), &[("csrf", &token)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{function}");
    }
}

#[tokio::test]
async fn who_signs_in_is_let_in_and_who_signs_out_is_not() {
    let (_installation, server) = demo().await;
    let mut desk = Desk::new();
    let home = || server.url("/console");
    let entered = desk.sign_in(&server, "officer.one", 0).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/console"));
    let cookie = entered.headers.get_all(SET_COOKIE).iter().find(|cookie| cookie.to_str().unwrap().contains("officer")).unwrap();
    assert!(cookie.to_str().unwrap().ends_with("; HttpOnly; SameSite=Lax; Path=/"), "{cookie:?}");
    let page = desk.get(home()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Dario Brook") && !page.body.contains("/console/accounts"), "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    let accounts = desk.get(server.url("/console/accounts")).await;
    assert_eq!(accounts.status, StatusCode::FORBIDDEN, "an officer looks after no accounts");
    assert!(!accounts.body.contains("admin.one"));
    assert_eq!(desk.get(server.url("/console/nothing-here")).await.status, StatusCode::NOT_FOUND);

    let (token, kept) = (page.csrf(), desk.cookies.clone());
    let out = || server.url("/_fn/console/session/sign_out");
    assert_eq!(desk.post(out(), &[("csrf", "x")]).await.status, StatusCode::FORBIDDEN, "a form of another page");
    let left = desk.post(out(), &[("csrf", &token)]).await;
    assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, "/console/sign-in"));
    assert!(left.headers.contains_key("clear-site-data"));
    desk.cookies = kept;
    assert_eq!(desk.get(home()).await.location(), "/console/sign-in?next=%2Fconsole&ended", "the session itself is over");
}

#[tokio::test]
async fn the_way_back_leads_to_the_console_and_nowhere_else() {
    let (_installation, server) = demo().await;
    for (name, next, page) in [
        ("officer.two", "/console/sessions", "/console/sessions"),
        ("reviewer", "https://evil.example/console", "/console"),
        ("auditor", "//evil.example", "/console"),
    ] {
        let mut desk = Desk::new();
        let token = desk.get(server.url("/console/sign-in")).await.csrf();
        desk.post(server.url("/_fn/console/sign_in/agree"), &[("csrf", &token), ("next", next)]).await;
        let fields = [("csrf", token.as_str()), ("name", name), ("password", PASSWORD), ("next", next)];
        desk.post(server.url("/_fn/console/sign_in/password"), &fields).await;
        let fields = [("csrf", token.as_str()), ("code", &code(name, 0)), ("next", next)];
        let entered = desk.post(server.url("/_fn/console/sign_in/code"), &fields).await;
        assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, page));
    }
}

#[tokio::test]
async fn a_locked_session_is_opened_by_a_second_factor_and_its_forms_stay_good() {
    let (_installation, server) = demo().await;
    let mut desk = Desk::new();
    desk.sign_in(&server, "supervisor.nbc", -1).await;
    let token = desk.get(server.url("/console")).await.csrf();
    let before = desk.cookies["portico-officer"].clone();
    let locked = desk.post(server.url("/_fn/console/session/lock"), &[("csrf", &token)]).await;
    assert_eq!(locked.location(), "/console/sign-in/again");
    let away = desk.get(server.url("/console/sessions")).await;
    assert_eq!(away.location(), "/console/sign-in/again?next=%2Fconsole%2Fsessions");
    let door = desk.get(server.url("/console/sign-in/again")).await;
    assert!(door.body.contains("This session is locked") && door.body.contains("Carla Meadows"), "{}", door.body);
    let fields = [("csrf", door.csrf()), ("code", code("supervisor.nbc", 0)), ("next", "/console/sessions".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let opened = desk.post(server.url("/_fn/console/sign_in/code_again"), &fields).await;
    assert_eq!(opened.location(), "/console/sessions");
    assert_ne!(desk.cookies["portico-officer"], before, "another token");
    // A form of a page from before, in another tab.
    let again = desk.post(server.url("/_fn/console/session/revoke_others"), &[("csrf", &token)]).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/console/sessions?ended"));
}

/// It is asked by a page that has no token of the session yet, so it must give nothing to other sites and count as nobody's
/// presence; what it is must be a server function.
#[tokio::test]
async fn what_a_page_asks_by_itself_is_for_its_own_origin() {
    let (_installation, server) = demo().await;
    for path in app::console::site::BY_ITSELF {
        assert!(functions().contains(&path) && is_console(path) && !is_open(path), "{path}");
    }
    let mut desk = Desk::new();
    desk.sign_in(&server, "tier.two", 0).await;
    let url = server.url("/_fn/console/session/who");
    let here = desk.send(Method::POST, url.clone(), "application/json", &[]).await;
    assert_eq!(here.status, StatusCode::OK);
    let cookie = format!("portico-officer={}", desk.cookies["portico-officer"]);
    let elsewhere = desk.client.post(url).header(COOKIE, cookie).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
}
