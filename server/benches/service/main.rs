//! `make bench`: the release program under load, on data it makes, as ratios taken in one run.
//!
//! Absolute figures on shared machines mean little, so each row compares two things measured moments apart: bare axum
//! answering a constant, or the same statements without HTTP. Answers are 200s with checked bodies, through the real limiter
//! with raised settings. `PORTICO_BENCH_CASES` (1,000,000) sets how many cases SQLite holds, and how many scans come in;
//! `PORTICO_BENCH_SECONDS` (60) for how long partners ask. An argument picks one part: `cargo bench --bench service extract`,
//! `followers`, `requests`, `queues`, `reports`, `partners`, `logs`, `packages`, `live` or `look-up`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench stops at the first surprise and prints; its numbers are small"
)]

mod extract;
mod followers;
mod lighthouse;
mod live;
mod load;
mod logs;
mod packages;
mod partner_rows;
mod partners;
mod queues;
mod reports;
mod requests;
mod served;
mod timing;

use std::time::Duration;

use load::{Load, Request};
use served::{Database, Served};
use store::engine::Engine;

/// Load on one thing.
const SECONDS: u64 = 8;
const CONNECTIONS: usize = 16;

struct Row {
    what: String,
    measured: String,
    limit: String,
    holds: bool,
}

#[tokio::main]
async fn main() {
    if std::env::args().any(|argument| argument == "--bare") {
        return served::bare_axum().await;
    }
    if let Some(folder) = std::env::args().skip_while(|argument| argument != packages::ARGUMENT).nth(1) {
        return packages::prepare(folder.as_ref()).await;
    }
    let setting = |name: &str, usual: u64| std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual);
    let cases = setting("PORTICO_BENCH_CASES", 1_000_000);
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let is_wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let mut rows = Vec::new();
    if is_wanted("look-up") {
        rows.extend(look_ups(cases).await);
    }
    if is_wanted("extract") {
        let pieces = usize::try_from(cases / 10).unwrap();
        rows.extend(extract::rows(Database::Sqlite, pieces).await);
        rows.extend(extract::rows(Database::Postgres, pieces).await);
    }
    if is_wanted("requests") {
        rows.push(requests::row(Engine::Sqlite).await);
        rows.push(requests::row(Engine::Postgres).await);
    }
    if is_wanted("reports") {
        rows.extend(reports::rows(Engine::Sqlite, cases).await);
        rows.extend(reports::rows(Engine::Postgres, cases).await);
    }
    if is_wanted("queues") {
        rows.extend(queues::rows(Engine::Sqlite, cases).await);
        rows.extend(queues::rows(Engine::Postgres, cases).await);
    }
    if is_wanted("partners") {
        rows.push(Box::pin(partners::row(Engine::Sqlite)).await);
        rows.push(Box::pin(partners::row(Engine::Postgres)).await);
        rows.push(partners::steady(setting("PORTICO_BENCH_SECONDS", 60)).await);
    }
    if is_wanted("logs") {
        let entries = usize::try_from(cases / 10).unwrap();
        rows.extend(Box::pin(logs::rows(Engine::Sqlite, entries)).await);
        rows.extend(Box::pin(logs::rows(Engine::Postgres, entries)).await);
    }
    if is_wanted("packages") {
        rows.extend(packages::rows());
    }
    if is_wanted("followers") {
        rows.push(followers::row(Engine::Sqlite).await);
        rows.push(followers::row(Engine::Postgres).await);
    }
    if is_wanted("live") {
        rows.extend(live::rows(Database::Sqlite).await);
        rows.extend(live::rows(Database::Postgres).await);
    }
    print(&rows);
    std::process::exit(i32::from(rows.iter().any(|row| !row.holds)));
}

async fn look_ups(cases: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    let bare = served::start_bare();
    let constant = Load::new(&bare.address, vec![Request::get("/", "", "constant")]);
    let pace = async || constant.run(CONNECTIONS, Duration::from_secs(SECONDS)).await.per_second;

    let sqlite = Served::start(Database::Sqlite, cases).await;
    rows.push(Row {
        what: format!("events taken in, SQLite ({} lines)", sqlite.lines),
        measured: format!("{:.0} a second", sqlite.lines_per_second()),
        limit: String::new(),
        holds: true,
    });
    for (what, requests, limit) in [
        ("case status as JSON", sqlite.json_requests().await, 0.25),
        ("case status as a page", sqlite.page_requests().await, 0.04),
        ("Case Status API with token and quota", sqlite.machine_requests().await, 0.25),
        ("a ticket and a look-up with it", sqlite.ticket_requests().await, 0.25),
    ] {
        let before = pace().await;
        let load = Load::new(&sqlite.address, requests);
        let measured = load.run(CONNECTIONS, Duration::from_secs(SECONDS)).await;
        let after = pace().await;
        rows.push(ratio(
            &format!("{what}, SQLite, {cases} cases / bare axum"),
            measured.per_second,
            f64::midpoint(before, after),
            limit,
        ));
    }
    let (bare_look_ups, requests) = sqlite.bare_look_ups();
    let statement = Load::new(&bare_look_ups.address, requests).run(CONNECTIONS, Duration::from_secs(SECONDS)).await;
    let whole = Load::new(&sqlite.address, sqlite.json_requests().await).run(CONNECTIONS, Duration::from_secs(SECONDS)).await;
    drop(bare_look_ups);
    rows.push(ratio("case status as JSON, SQLite / its statement through bare axum", whole.per_second, statement.per_second, 0.4));

    let resident = sqlite.resident_mebibytes();
    rows.push(Row {
        what: "resident memory under that load".into(),
        measured: format!("{resident:.0} MiB"),
        limit: "<= 80 MiB".into(),
        holds: resident <= 80.0,
    });

    let t = timing::hidden_against_unknown(&sqlite).await;
    rows.push(Row {
        what: format!("hidden against unknown, 2 x {} interleaved, Welch t", timing::EACH),
        measured: format!("{t:.2}"),
        limit: "|t| < 4.5".into(),
        holds: t.abs() < 4.5,
    });
    rows.extend(lighthouse::rows(&sqlite));
    sqlite.take_in_scans();
    let before = pace().await;
    let load = Load::new(&sqlite.address, sqlite.page_requests().await);
    let measured = load.run(CONNECTIONS, Duration::from_secs(SECONDS)).await;
    let after = pace().await;
    let against = f64::midpoint(before, after);
    rows.push(ratio("a page with ten scans, SQLite / bare axum", measured.per_second, against, 0.04));
    drop(sqlite);

    let postgres = Served::start(Database::Postgres, cases.min(100_000)).await;
    let plain = postgres.statements_per_second(CONNECTIONS, Duration::from_secs(SECONDS)).await;
    let load = Load::new(&postgres.address, postgres.json_requests().await);
    let measured = load.run(CONNECTIONS, Duration::from_secs(SECONDS)).await;
    rows.push(ratio("case status as JSON, PostgreSQL / the same statements without HTTP", measured.per_second, plain, 0.5));
    rows
}

fn ratio(what: &str, measured: f64, against: f64, limit: f64) -> Row {
    let ratio = measured / against;
    Row {
        what: what.into(),
        measured: format!("{ratio:.2}  ({measured:.0} / {against:.0} a second)"),
        limit: format!(">= {limit}"),
        holds: ratio >= limit,
    }
}

fn print(rows: &[Row]) {
    println!();
    for row in rows {
        let verdict = if row.holds { "ok" } else { "MISSED" };
        println!("{:<76} {:<34} {:<12} {verdict}", row.what, row.measured, row.limit);
    }
}
