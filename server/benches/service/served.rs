//! The programs under load, and what is asked of them.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use shared::case_status::ReceiptNumber;
use store::Store;

use crate::extract;
use crate::load::{Connection, Request};

pub const PORTICO: &str = env!("CARGO_BIN_EXE_portico");
/// What the demo's cases were taken in from.
const FEED: &str = "demo-cases.ndjson";
/// As good as no limit.
const MANY: &str = "1000000000";
/// Cases whose page is asked for.
const PAGES: usize = 500;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A running program. It ends with this.
pub struct Process {
    process: Child,
    pub address: String,
}

pub struct Served {
    process: Process,
    pub address: String,
    pub lines: u64,
    taken_in: Duration,
    database: String,
    folder: PathBuf,
    /// Numbers of cases that are shown.
    numbers: Vec<String>,
    client: reqwest::Client,
}

impl Process {
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a program and waits for the address that it prints after `mark`.
#[expect(clippy::zombie_processes, reason = "`Process` waits for it; a start that fails ends the bench")]
pub fn start(mut command: Command, mark: &str) -> Process {
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    for line in BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok) {
        if let Some(address) = line.strip_prefix(mark) {
            return Process { address: address.to_owned(), process };
        }
    }
    panic!("a server did not start");
}

/// This program again, as the thing to compare with.
pub fn start_bare() -> Process {
    start(bare_command(), "bare ")
}

fn bare_command() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("--bare").env_remove("PORTICO_DATABASE_URL");
    command
}

/// Bare axum: a constant, and with a database the statement of a look-up without anything around it.
pub async fn bare_axum() {
    let mut router = Router::new().route("/", get(async || "constant"));
    if let Ok(database) = std::env::var("PORTICO_DATABASE_URL") {
        let store = Store::open(&database, None).await.unwrap();
        router = router.merge(Router::new().route("/look-up", post(bare_look_up)).with_state(store));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("bare http://{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}

async fn bare_look_up(State(store): State<Store>, number: String) -> String {
    let number = ReceiptNumber::parse(&number).unwrap();
    let mut connection = store.read_primary().await.unwrap();
    let record = store::case_status::look_up(&mut connection, &number).await.unwrap();
    assert!(record.is_known());
    number.as_str().to_owned()
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Served {
    pub async fn start(database: Database, cases: u64) -> Self {
        let folder = root().join("target/bench").join(if database == Database::Sqlite { "sqlite" } else { "postgres" });
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
            for name in [
                "CLIENT_MINUTE",
                "CLIENT_HOUR",
                "NETWORK_HOUR",
                "MISSES_CLIENT_HOUR",
                "MISSES_NUMBER_DAY",
                "NEIGHBOURS_HOUR",
                "REQUESTS_PER_MINUTE",
                "API_REQUESTS_PER_MINUTE",
            ] {
                command.env(format!("PORTICO_LIMIT_{name}"), MANY);
            }
            command
        };
        let began = Instant::now();
        let output = command(&["seed", "demo", "--cases", &cases.to_string()]).output().unwrap();
        let taken_in = began.elapsed();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let lines = said.lines().find_map(|line| line.split_once(" lines read")).unwrap().0.parse().unwrap();
        let process = start(command(&["serve"]), "Portico serves ");
        let numbers = sample(&folder.join(FEED), lines);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let address_of_server = process.address.clone();
        let mut served = Self { process, address: address_of_server, lines, taken_in, database: address, folder, numbers, client };
        served.keep_shown().await;
        served
    }

    pub fn lines_per_second(&self) -> f64 {
        self.lines as f64 / self.taken_in.as_secs_f64()
    }

    /// A session: its cookie and its token.
    async fn session(&self) -> (String, String) {
        let page = self.client.get(format!("{}/case-status", self.address)).send().await.unwrap();
        let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let body = page.text().await.unwrap();
        let token = body.split("name=\"csrf\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        (cookie, token)
    }

    /// Keeps the numbers whose case is shown: the demo hides some.
    async fn keep_shown(&mut self) {
        let (cookie, token) = self.session().await;
        let mut shown = Vec::new();
        for number in &self.numbers {
            let request = self.client.post(format!("{}/_fn/case_status/find", self.address));
            let request = request.header("cookie", &cookie).header("x-csrf", &token).header("sec-fetch-site", "same-origin");
            let answer =
                request.header("accept", "application/json").form(&[("receipt_number", number.as_str()), ("locale", "en")]);
            if answer.send().await.unwrap().text().await.unwrap().contains("\"shown\"") {
                shown.push(number.clone());
            }
        }
        assert!(shown.len() > 100);
        self.numbers = shown;
    }

    /// The page's own server function, as the browser's client calls it.
    pub async fn json_requests(&self) -> Vec<Request> {
        let (cookie, token) = self.session().await;
        let headers = format!("accept: application/json\r\ncookie: {cookie}\r\nx-csrf: {token}\r\n");
        let request = |number: &String| {
            let body = format!("receipt_number={number}&locale=en");
            Request::post("/_fn/case_status/find", &headers, &body, &format!("\"receipt_number\":\"{number}\""))
        };
        self.numbers.iter().map(request).collect()
    }

    /// The Case Status API, as a client with credentials asks it.
    pub async fn machine_requests(&self) -> Vec<Request> {
        let mut command = extract::portico(&self.folder, &self.database);
        command.args(["client", "add", "bench", "--scope", "case-status", "--per-second", MANY, "--per-day", MANY]);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let value = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        let (id, secret) = (value("client_id: "), value("client_secret: "));
        let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
        let answer = self.client.post(format!("{}/oauth/accesstoken", self.address)).form(&form).send().await.unwrap();
        let token = answer.json::<serde_json::Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
        let headers = format!("authorization: Bearer {token}\r\n");
        let request = |number: &String| Request::get(&format!("/case-status/{number}"), &headers, number);
        self.numbers.iter().map(request).collect()
    }

    /// The status page's JSON, as its callers ask it: a ticket, then a case, one after the other.
    pub async fn ticket_requests(&self) -> Vec<Request> {
        let address = format!("{}/csol-api/ui-auth", self.address);
        let ticket = self.client.get(address).send().await.unwrap().json::<serde_json::Value>().await.unwrap();
        let headers = format!("authorization: Bearer {}\r\n", ticket["JwtResponse"]["accessToken"].as_str().unwrap());
        let pair = |number: &String| {
            let ticket = Request::get("/csol-api/ui-auth", "", "accessToken");
            [ticket, Request::get(&format!("/csol-api/case-statuses/{number}"), &headers, number)]
        };
        self.numbers.iter().flat_map(pair).collect()
    }

    /// Bare axum on the same database, and what is asked of it.
    pub fn bare_look_ups(&self) -> (Process, Vec<Request>) {
        let mut command = bare_command();
        command.env("PORTICO_DATABASE_URL", &self.database);
        let request = |number: &String| Request::post("/look-up", "", number, number);
        (start(command, "bare "), self.numbers.iter().map(request).collect())
    }

    /// The page with the answer, as a browser without scripts gets it after the redirect.
    pub async fn page_requests(&self) -> Vec<Request> {
        let (cookie, token) = self.session().await;
        let mut requests = Vec::new();
        for number in self.numbers.iter().take(PAGES) {
            let request = self.client.post(format!("{}/_fn/case_status/find", self.address)).header("accept", "text/html");
            let request = request.header("cookie", &cookie).header("sec-fetch-site", "same-origin");
            let fields = [("csrf", token.as_str()), ("receipt_number", number), ("locale", "en")];
            let sent = request.form(&fields).send().await.unwrap();
            let kept = sent.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
            requests.push(Request::get("/case-status", &format!("cookie: {kept}\r\n"), number));
        }
        requests
    }

    /// Gives ten scans to every case whose page is asked for.
    pub fn take_in_scans(&self) {
        extract::take_in_for(&self.folder, &self.database, &self.numbers[..self.numbers.len().min(PAGES)]);
    }

    /// Look-ups by the server function of numbers whose case is hidden, and of as many that nobody has: each hidden number with
    /// its last digit changed, so that both are spread alike.
    pub async fn hidden_and_unknown(&self, each: usize) -> [Vec<Request>; 2] {
        let (cookie, token) = self.session().await;
        let headers = format!("accept: application/json\r\ncookie: {cookie}\r\nx-csrf: {token}\r\n");
        let request = |number: &str| {
            let body = format!("receipt_number={number}&locale=en");
            Request::post("/_fn/case_status/find", &headers, &body, "\"not_recognised\"")
        };
        let mut pairs = [Vec::new(), Vec::new()];
        let mut probe = Connection::open(&self.address.trim_start_matches("http://").replace("localhost", "127.0.0.1")).await;
        for number in marked(&self.folder.join(FEED)) {
            if pairs[0].len() == each {
                break;
            }
            let last = number.as_bytes()[number.len() - 1] - b'0';
            let unknown = format!("{}{}", &number[..number.len() - 1], (last + 1) % 10);
            // Some markers, such as asylum's, do not hide.
            if probe.try_ask(&request(&number)).await {
                pairs[0].push(request(&number));
                pairs[1].push(request(&unknown));
            }
        }
        assert!(!pairs[0].is_empty());
        pairs
    }

    pub fn resident_mebibytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    /// The statements of a look-up, through a pool as the server opens it, without HTTP.
    pub async fn statements_per_second(&self, connections: usize, how_long: Duration) -> f64 {
        let store = Store::open(&self.database, None).await.unwrap();
        let numbers: Arc<Vec<ReceiptNumber>> =
            Arc::new(self.numbers.iter().map(|number| ReceiptNumber::parse(number).unwrap()).collect());
        let done = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let end = began + how_long;
        let mut tasks = Vec::new();
        for offset in 0..connections {
            let (store, numbers, done) = (store.clone(), Arc::clone(&numbers), Arc::clone(&done));
            tasks.push(tokio::spawn(async move {
                let mut next = offset;
                while Instant::now() < end {
                    let mut connection = store.read_primary().await.unwrap();
                    let record = store::case_status::look_up(&mut connection, &numbers[next % numbers.len()]).await.unwrap();
                    assert!(record.is_known());
                    done.fetch_add(1, Ordering::Relaxed);
                    next += 1;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
    }
}

/// Numbers of cases with a marker.
fn marked(feed: &std::path::Path) -> Vec<String> {
    let file = BufReader::new(std::fs::File::open(feed).unwrap());
    let marked = |line: std::io::Result<String>| {
        let line = line.ok().filter(|line| line.contains("\"protection_markers\""))?;
        Some(line.split("\"receipt_number\":\"").nth(1)?.split('"').next()?.to_owned())
    };
    let mut numbers: Vec<String> = file.lines().filter_map(marked).collect();
    numbers.sort();
    numbers.dedup();
    numbers
}

/// Numbers spread over the whole feed.
fn sample(feed: &std::path::Path, lines: u64) -> Vec<String> {
    let every = usize::try_from(lines / 3000).unwrap().max(1);
    let file = BufReader::new(std::fs::File::open(feed).unwrap());
    let number =
        |line: std::io::Result<String>| Some(line.ok()?.split("\"receipt_number\":\"").nth(1)?.split('"').next()?.to_owned());
    let mut numbers: Vec<String> = file.lines().step_by(every).filter_map(number).collect();
    numbers.sort();
    numbers.dedup();
    numbers
}
