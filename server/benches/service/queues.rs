//! An office's lists at ten thousand requests and at a million, and a search against the engine's own full-text query.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::case_feed::{Source, import};
use domain::case_status::limits::LimitSettings;
use domain::service_request::demo::{Mix, Staffed, fill};
use domain::service_request::{List, Mark, Page, counts, found, list, look_for};
use domain::{Actor, Context, Officer};
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, Queue};
use store::engine::Engine;
use store::request_search::{self, OneOf, Term};
use store::testing::TestStore;

use crate::Row;

pub const FEW: u64 = 10_000;
pub const CASES: usize = 5_000;
const ROUNDS: usize = 60;
const OFFICER: OfficerId = OfficerId(7);

/// An office with so many requests.
pub struct Filled {
    /// Deletes the database in the end.
    _test: TestStore,
    pub ctx: Context,
    pub officer: Officer,
    pub office: OfficeCode,
    seconds: f64,
}

impl Filled {
    /// Requests are about one type after the other, each as often as there are cases.
    pub async fn open(engine: Engine, requests: u64, cases: usize) -> Self {
        let test = store::testing::open(engine).await;
        domain::reference::ship(&test.store, &test.clock).await.unwrap();
        let (store, keys, clock) = (test.store.clone(), test.keys.clone(), test.clock.clone());
        let ctx = Context::new(store, keys, clock, chrono_tz::America::New_York, LimitSettings::default()).await.unwrap();
        feed(&ctx, cases).await;
        let office = OfficeCode::parse("NBC").unwrap();
        let staff = [Staffed { office: office.clone(), officers: (1..50).map(OfficerId).collect() }];
        let began = Instant::now();
        assert_eq!(fill(&ctx, Actor::Operator, &staff, requests, Mix::Everything).await.unwrap(), requests);
        let officer = domain::service_request::demo::officer(&ctx, OFFICER, &office);
        Self { _test: test, ctx, officer, office, seconds: began.elapsed().as_secs_f64() }
    }

    /// A page of fifty with all figures.
    async fn page(&self, page: Page) -> Duration {
        let wanted = List { page, ..List::of(self.office.clone(), Queue::Closed) };
        let began = Instant::now();
        let shown = list(&self.ctx, &self.officer, &wanted).await.unwrap();
        let figures = counts(&self.ctx, &self.officer, &self.office).await.unwrap();
        let took = began.elapsed();
        assert!(shown.requests.len() == 50 && figures.of(Queue::Closed) > 1000);
        took
    }

    /// The place at nine tenths of the list.
    async fn late(&self) -> Page {
        let oldest = List { page: Page::Last, ..List::of(self.office.clone(), Queue::Closed) };
        let newest = List { page: Page::First, ..oldest.clone() };
        let first = list(&self.ctx, &self.officer, &newest).await.unwrap().requests[0].listed.received_at;
        let last = list(&self.ctx, &self.officer, &oldest).await.unwrap().requests[49].listed.received_at;
        // Requests came in evenly.
        Page::After(Mark::At(first - (first - last) * 9 / 10, uuid::Uuid::nil()))
    }

    async fn search(&self) -> Duration {
        let search = look_for(&self.ctx, &self.officer, "garcia wheels").await.unwrap().unwrap();
        let began = Instant::now();
        let page = found(&self.ctx, &self.officer, search, None).await.unwrap().unwrap();
        let took = began.elapsed();
        assert_eq!(page.requests.len(), 50);
        took
    }

    /// The same words by the engine's index alone.
    async fn raw(&self) -> Duration {
        let term = |word: String, is_beginning| OneOf(vec![Term { word, is_beginning }]);
        let wheels = self.ctx.keys.blind_index("a word of a request", "wheels");
        let letters = wheels.iter().take(10).flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half));
        let word: String = std::iter::once('w').chain(letters).collect();
        let query = [term("onbc".into(), false), term("ngarcia".into(), true), term(word, false)];
        let mut connection = self.ctx.store.read_primary().await.unwrap();
        let began = Instant::now();
        let found = request_search::find(&mut connection, &query, i64::MAX, 51).await.unwrap();
        let took = began.elapsed();
        assert_eq!(found.len(), 51);
        took
    }
}

async fn feed(ctx: &Context, cases: usize) {
    const NAMES: [&str; 5] = ["Ejemplo", "García", "Sample", "Invented", "Nadie"];
    let mut lines = String::new();
    for at in 0..cases {
        let (number, name) = (format!("EAC9{:09}", at * 300), NAMES[at % NAMES.len()]);
        writeln!(
            lines,
            r#"{{"event_id":"q{at}","receipt_number":"{number}","form":"I-765","category":"C09","filed_on":"2024-12-30","received_on":"2025-01-07","office":"NBC","applicant":{{"name":{{"family":"{name}","given":"Ana"}}}},"action":{{"code":"IAA","at":"2025-01-07T15:00:00Z"}}}}"#
        )
        .unwrap();
    }
    let source = Source { name: "bench", quarantine: TimeDelta::days(1) };
    let summary = import(ctx, Actor::Operator, source, lines.as_bytes(), |_, _| {}).await.unwrap();
    assert_eq!(summary.added, cases as u64);
}

pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Times all of it, on one engine.
pub async fn rows(engine: Engine, many: u64) -> Vec<Row> {
    let (small, large) = (Filled::open(engine, FEW, CASES).await, Filled::open(engine, many, CASES).await);
    let name = if engine == Engine::Sqlite { "SQLite" } else { "PostgreSQL" };
    let mut rows = vec![Row {
        what: format!("{many} service requests written, {name}"),
        measured: format!("{:.0} s", large.seconds),
        limit: String::new(),
        holds: true,
    }];
    let (late_small, late_large) = (small.late().await, large.late().await);
    for (what, pages) in [("first page", [Page::First; 2]), ("page at 90 %", [late_small, late_large])] {
        let (mut few, mut lots) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            few.push(small.page(pages[0]).await);
            lots.push(large.page(pages[1]).await);
        }
        rows.push(at_most(
            &format!("a list's {what} with all counts, {name}, {many} requests / {FEW}"),
            median(lots),
            median(few),
            1.5,
        ));
    }
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(large.search().await);
        raw.push(large.raw().await);
    }
    rows.push(at_most(
        &format!("a search for a name and a word, {name}, {many} requests / the raw full-text query"),
        median(ours),
        median(raw),
        2.0,
    ));
    rows
}

pub fn at_most(what: &str, measured: Duration, against: Duration, limit: f64) -> Row {
    let ratio = measured.as_secs_f64() / against.as_secs_f64();
    Row {
        what: what.into(),
        measured: format!("{ratio:.2}  ({:.2} ms / {:.2} ms)", measured.as_secs_f64() * 1e3, against.as_secs_f64() * 1e3),
        limit: format!("<= {limit}"),
        holds: ratio <= limit,
    }
}
