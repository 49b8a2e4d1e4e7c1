//! What changes reaches pages that are open, at whichever server, and none that may not see it.

use std::time::{Duration, Instant};

use app::console::site::LIVE;
use domain::identity::Manager;
use domain::identity::account::list as accounts;
use domain::service_request::demo::officer;
use domain::service_request::{self as requests, List, list};
use reqwest::header::{ACCEPT, COOKIE};
use reqwest::{Response, StatusCode};
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, Queue};
use uuid::Uuid;

use super::console::Desk;
use super::documents::Desk as Installed;
use super::running::{Engine, Installation, Server, http};

/// A change is to be on another server's pages by then.
const PROMISED: Duration = Duration::from_secs(2);
/// A stream looks every fifteen seconds whether its session is still there. What hangs is told from what is slow.
const LONGEST: Duration = Duration::from_secs(40);

fn nbc() -> OfficeCode {
    OfficeCode::parse("NBC").unwrap()
}

/// Somebody's open page.
struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    async fn open(server: &Server, desk: &Desk, query: &str, last: Option<&str>) -> Result<Self, StatusCode> {
        let cookies: Vec<String> = desk.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = http().build().unwrap().get(server.url(&format!("{LIVE}?{query}")));
        let mut request = request.header(ACCEPT, "text/event-stream").header(COOKIE, cookies.join("; "));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        if response.status() != StatusCode::OK {
            return Err(response.status());
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Ok(Self { response, read: String::new() })
    }

    /// The next event: its id and its data. None at the end of the stream.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n").map(|(event, rest)| (event.to_owned(), rest.to_owned())) {
                self.read = rest;
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                if let Some(data) = line("data: ") {
                    return Some((line("id: ").unwrap(), data));
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.read += std::str::from_utf8(&chunk).unwrap();
        }
    }

    /// Reads until an event names a request.
    async fn hears_of(&mut self, request: Uuid) -> String {
        loop {
            let (id, data) = self.next().await.expect("the stream goes on");
            if data.contains(&request.to_string()) {
                return id;
            }
        }
    }

    /// Whatever is still told, until the stream ends.
    async fn until_it_ends(mut self) {
        while self.next().await.is_some() {}
    }
}

/// The demo, with requests that nobody has.
async fn demo(engine: Engine) -> (Installation, Installed) {
    let installation = Installation::new(engine).await;
    installation.succeed(&["seed", "demo", "--cases", "400", "--requests", "3000"]);
    let installed = Installed::of(&installation).await;
    (installation, installed)
}

async fn signed_in(server: &Server, name: &str) -> (Desk, String) {
    let mut desk = Desk::new();
    desk.sign_in(server, name, 0).await;
    let token = desk.get(server.url("/console")).await.csrf();
    (desk, token)
}

/// Has somebody take the next request, and gives which.
async fn takes_next(server: &Server, (desk, token): &mut (Desk, String)) -> Uuid {
    let fields = [("csrf", token.as_str()), ("office", "NBC")];
    let answer = desk.post(server.url("/_fn/console/service_request/take_next"), &fields).await;
    let page = answer.location().split('?').next().unwrap();
    page.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("taken: {}", answer.location()))
}

/// A request of NBC that nobody has.
async fn unassigned(installed: &Installed) -> Uuid {
    let reader = officer(&installed.ctx, OfficerId(1), &nbc());
    list(&installed.ctx, &reader, &List::of(nbc(), Queue::Unassigned)).await.unwrap().requests[0].listed.id
}

#[tokio::test]
async fn a_change_at_one_server_is_on_the_pages_of_another_within_two_seconds() {
    let (installation, installed) = demo(Engine::Postgres).await;
    let servers = [installation.serve(&[]), installation.serve(&[])];
    let mut here = signed_in(&servers[0], "officer.one").await;
    let there = signed_in(&servers[1], "officer.two").await;
    let elsewhere = signed_in(&servers[1], "officer.tsc").await;
    let mut stream = Stream::open(&servers[1], &there.0, "office=NBC", None).await.unwrap();
    assert_eq!(stream.next().await.unwrap().1, "[]", "what the page missed is not known: it looks by itself");
    let mut other = Stream::open(&servers[1], &elsewhere.0, "office=TSC", None).await.unwrap();
    other.next().await.unwrap();

    let began = Instant::now();
    let taken = takes_next(&servers[0], &mut here).await;
    let heard = tokio::time::timeout(PROMISED, stream.hears_of(taken)).await;
    let last = heard.unwrap_or_else(|_| panic!("nothing was heard {:?} after it began", began.elapsed()));

    // Nobody tells of what is another office's, nor does it open a page to it.
    assert_eq!(Stream::open(&servers[1], &elsewhere.0, "office=NBC", None).await.err(), Some(StatusCode::NOT_FOUND));
    let of_request = format!("request={taken}");
    assert_eq!(Stream::open(&servers[1], &elsewhere.0, &of_request, None).await.err(), Some(StatusCode::NOT_FOUND));
    assert_eq!(Stream::open(&servers[1], &there.0, "", None).await.err(), Some(StatusCode::NOT_FOUND));

    // What happens while a page is away is told when it comes back, to whichever server.
    drop(stream);
    let next = takes_next(&servers[0], &mut here).await;
    for server in &servers {
        let mut stream = Stream::open(server, &there.0, "office=NBC&since=0", Some(&last)).await.unwrap();
        tokio::time::timeout(LONGEST, stream.hears_of(next)).await.unwrap();
    }

    // A page of a request hears of that request, and of no other.
    let mut of_request = Stream::open(&servers[1], &there.0, &of_request, Some(&last)).await.unwrap();
    let third = takes_next(&servers[0], &mut here).await;
    let (desk, token) = &mut here;
    let fields = [("csrf", token.as_str()), ("id", &taken.to_string()), ("text", "It is in the drawer.")];
    desk.post(servers[0].url("/_fn/console/service_request/note"), &fields).await;
    let heard = tokio::time::timeout(LONGEST, async {
        loop {
            let (_, data) = of_request.next().await.unwrap();
            assert!(!data.contains(&third.to_string()) && !data.contains(&next.to_string()), "{data}");
            if data.contains("note") {
                return data;
            }
        }
    });
    let heard = heard.await.unwrap();
    let of_note = format!(r#"[{{"kind":"note","office":"NBC","request":"{taken}","version":"#);
    assert!(heard.contains(&of_note[1..]), "{heard}");
    assert!(!heard.contains("drawer"), "what was noted is not told: {heard}");
    drop(installed);
}

#[tokio::test]
async fn on_sqlite_what_another_process_changes_is_heard_as_well() {
    let (installation, installed) = demo(Engine::Sqlite).await;
    let server = installation.serve(&[]);
    let (desk, _) = signed_in(&server, "officer.one").await;
    let mut stream = Stream::open(&server, &desk, "office=NBC", None).await.unwrap();
    stream.next().await.unwrap();
    let id = unassigned(&installed).await;
    // This test is the other process.
    let somebody = officer(&installed.ctx, OfficerId(9), &nbc());
    assert!(requests::add_note(&installed.ctx, &somebody, id, "Seen.").await.unwrap());
    tokio::time::timeout(LONGEST, stream.hears_of(id)).await.unwrap();
}

#[tokio::test]
async fn a_stream_ends_with_its_session_its_role_and_its_server() {
    let (installation, installed) = demo(Engine::Sqlite).await;
    let server = installation.serve(&[]);
    let (mut desk, token) = signed_in(&server, "officer.one").await;
    let (other, _) = signed_in(&server, "officer.two").await;
    let (third, _) = signed_in(&server, "supervisor.nbc").await;
    let of_first = Stream::open(&server, &desk, "office=NBC", None).await.unwrap();
    let of_other = Stream::open(&server, &other, "office=NBC", None).await.unwrap();
    let of_third = Stream::open(&server, &third, "office=NBC", None).await.unwrap();

    desk.post(server.url("/_fn/console/session/lock"), &[("csrf", &token)]).await;
    let ctx = &installed.ctx;
    let all = accounts(ctx, Manager::Operator).await.unwrap();
    let two = all.iter().find(|account| account.sign_in_name.as_str() == "officer.two").unwrap().id;
    let taken = format!("DELETE FROM role_grant WHERE hex(account_id) = '{}'", two.simple().to_string().to_uppercase());
    assert!(store::testing::meddle(&ctx.store, &taken).await.unwrap() > 0);
    tokio::time::timeout(LONGEST, of_first.until_it_ends()).await.expect("the session is locked");
    tokio::time::timeout(LONGEST, of_other.until_it_ends()).await.expect("the role is gone");
    assert_eq!(Stream::open(&server, &desk, "office=NBC", None).await.err(), Some(StatusCode::FORBIDDEN));
    assert_eq!(Stream::open(&server, &other, "office=NBC", None).await.err(), Some(StatusCode::NOT_FOUND));

    // A session has so many pages open, and no more.
    let mut open = vec![of_third];
    while let Ok(stream) = Stream::open(&server, &third, "office=NBC", None).await {
        open.push(stream);
        assert!(open.len() < 100);
    }
    assert_eq!(open.len(), 8);
    assert_eq!(Stream::open(&server, &third, "office=NBC", None).await.err(), Some(StatusCode::TOO_MANY_REQUESTS));
    drop(open.pop());
    let reopened = async {
        loop {
            if let Ok(stream) = Stream::open(&server, &third, "office=NBC", None).await {
                return stream;
            }
            tokio::task::yield_now().await;
        }
    };
    open.push(tokio::time::timeout(LONGEST, reopened).await.expect("one that was closed leaves its place"));

    // A server that is told to stop does not wait for pages that stay open.
    let began = Instant::now();
    let stopped = tokio::task::spawn_blocking(|| server.stop());
    for stream in open {
        tokio::time::timeout(LONGEST, stream.until_it_ends()).await.expect("the server stops");
    }
    assert!(stopped.await.unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}
