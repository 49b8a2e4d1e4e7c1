//! Five hundred officers with a page open: what that costs where nothing happens, and how soon a change is on all of them.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::Context;
use domain::case_status::limits::LimitSettings;
use domain::identity::Manager;
use domain::identity::account::list as accounts;
use domain::service_request::demo::officer;
use domain::service_request::{List, add_note, list};
use shared::identity::Method;
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, Queue};
use store::crypto::{KeyRing, sha256};
use store::data_key::Keys;
use store::identity::session::{self, NewSession};
use store::{Clock, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::Row;
use crate::served::{Database, PORTICO, Process, root, start};

const DESKS: usize = 500;
/// Long enough for each desk's session to be looked at twice.
const IDLE: Duration = Duration::from_secs(45);
/// Of a core, for all desks.
const LIMIT: f64 = 0.05;
/// A change is on every page by then.
const PROMISED: Duration = Duration::from_secs(2);

/// An open page.
struct Stream(TcpStream);

impl Stream {
    async fn open(address: &str, token: &str) -> Self {
        let mut stream = TcpStream::connect(address.trim_start_matches("http://").replace("localhost", "127.0.0.1")).await.unwrap();
        let head = format!(
            "GET /console/live?office=NBC HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\
             cookie: portico-officer={token}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut stream = Self(stream);
        stream.reads("data: []").await;
        stream
    }

    /// Reads on until this was told.
    async fn reads(&mut self, wanted: &str) {
        let mut read = Vec::new();
        let mut some = [0; 4096];
        while !String::from_utf8_lossy(&read).contains(wanted) {
            let bytes = self.0.read(&mut some).await.unwrap();
            assert!(bytes > 0, "the stream ended: {}", String::from_utf8_lossy(&read));
            read.extend_from_slice(&some[..bytes]);
        }
    }
}

/// A server with the demo, and the demo itself as another process sees it.
struct Served {
    process: Process,
    ctx: Context,
}

impl Served {
    async fn start(database: Database) -> Self {
        let folder: PathBuf =
            root().join("target/bench").join(if database == Database::Sqlite { "live-sqlite" } else { "live-postgres" });
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let address = match database {
            Database::Sqlite => format!("sqlite:{}", folder.join("portico.db").display()),
            Database::Postgres => store::testing::new_postgres().await.kept(),
        };
        let command = |arguments: &[&str]| {
            let mut command = Command::new(PORTICO);
            command.args(arguments).current_dir(root()).env("PORTICO_DATABASE_URL", &address).env("PORTICO_LISTEN", "127.0.0.1:0");
            command.env("PORTICO_KEY_FILE", folder.join("portico.keys")).env("PORTICO_LOG", "warn");
            command.env("PORTICO_DOCUMENTS", folder.join("documents"));
            command
        };
        assert!(command(&["seed", "demo", "--cases", "60", "--requests", "200"]).status().unwrap().success());
        let store = Store::open(&address, None).await.unwrap();
        let clock = Clock::system();
        let keys = Keys::open(&store, KeyRing::load(&folder.join("portico.keys")).unwrap().unwrap(), None, &clock).await.unwrap();
        let ctx = Context::new(store, keys, clock, chrono_tz::America::New_York, LimitSettings::default()).await.unwrap();
        Self { process: start(command(&["serve"]), "Portico serves "), ctx }
    }

    /// Sessions as signing in makes them, without five hundred passwords.
    async fn sessions(&self) -> Vec<String> {
        let ctx = &self.ctx;
        let all = accounts(ctx, Manager::Operator).await.unwrap();
        let at_office: Vec<Uuid> = all
            .iter()
            .filter(|account| ["officer.one", "officer.two", "supervisor.nbc"].contains(&account.sign_in_name.as_str()))
            .map(|account| account.id)
            .collect();
        let mut tokens = Vec::new();
        let mut transaction = ctx.store.begin().await.unwrap();
        for desk in 0..DESKS {
            let token = format!("desk-{desk}");
            let new = NewSession {
                id: ctx.clock.new_id(),
                token_hash: &sha256(token.as_bytes()),
                account: at_office[desk % at_office.len()],
                method: Method::Totp,
                client: "bench",
                created_at: ctx.now(),
                ends_at: ctx.now() + TimeDelta::hours(1),
            };
            session::add(&mut transaction, &new).await.unwrap();
            tokens.push(token);
        }
        transaction.commit().await.unwrap();
        tokens
    }

    /// Seconds of a core that the server used so far.
    fn worked(&self) -> f64 {
        /// What Linux counts in on every machine.
        const TICKS: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // Behind the name, which may hold anything, the twelfth and thirteenth.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / TICKS
    }

    async fn share_of_a_core(&self) -> f64 {
        let (before, began) = (self.worked(), Instant::now());
        tokio::time::sleep(IDLE).await;
        (self.worked() - before) / began.elapsed().as_secs_f64()
    }
}

pub async fn rows(database: Database) -> [Row; 2] {
    let name = if database == Database::Sqlite { "SQLite" } else { "PostgreSQL" };
    let served = Served::start(database).await;
    let alone = served.share_of_a_core().await;
    let mut streams = Vec::new();
    for token in served.sessions().await {
        streams.push(Stream::open(&served.process.address, &token).await);
    }
    let share = served.share_of_a_core().await;

    let (ctx, nbc) = (&served.ctx, OfficeCode::parse("NBC").unwrap());
    let somebody = officer(ctx, OfficerId(9), &nbc);
    let some = list(ctx, &somebody, &List::of(nbc, Queue::Unassigned)).await.unwrap().requests[0].listed.id;
    let began = Instant::now();
    assert!(add_note(ctx, &somebody, some, "Seen.").await.unwrap());
    for stream in &mut streams {
        stream.reads(&some.to_string()).await;
    }
    let took = began.elapsed();
    [
        Row {
            what: format!("{DESKS} open pages where nothing happens, {name}, of a core"),
            measured: format!("{share:.3}  (without them {alone:.3})"),
            limit: format!("<= {LIMIT}"),
            holds: share <= LIMIT,
        },
        Row {
            what: format!("a change by another process on all {DESKS} of them, {name}"),
            measured: format!("{:.0} ms", took.as_secs_f64() * 1e3),
            limit: format!("<= {:.0} s", PROMISED.as_secs_f64()),
            holds: took <= PROMISED,
        },
    ]
}
