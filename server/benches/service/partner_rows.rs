//! What a partner's query costs the databases alone: the program's own statements with rows of the same size, by the engine.
//!
//! In their order, of a first query:
//! * a transaction: cursor of IDENT, `ident_message`, cursor;
//! * read: messages that are left, the agreement, how many were made this year, who has the A-Number;
//! * a transaction: `data_key`, `foreign_query`, the count, the message is done;
//! * read: what is due, the query and its key, the person (root, parts, keys, facts, cases, waivers), the agreement;
//! * read: the query and its key, how many were made, the person, the agreement, what was answered before, holds;
//! * a transaction: of what is told a disclosure with its key, and the audit log; of what is withheld the suppression; the query;
//! * a transaction: the outcome of the disclosure, the query.
//!
//! Of somebody unknown no person is read. The statements are the store's, by their names; `partners` compares the names with what
//! the operations ran.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Postgres};
use store::Clock;
use store::engine::{Engine, registered};
use store::testing::TestStore;
use uuid::Uuid;

const BEGIN: &str = "begin";
const COMMIT: &str = "commit";
const PARTNER: &str = "CA";
/// Bytes by which a sealed text is longer than itself.
const SEALED: usize = 45;
const HASH: usize = 32;
/// A data key as it is wrapped.
const WRAPPED: usize = 60;
/// An entry of the accounting, as it is sealed; what the audit log hashes; a decision.
const ENTRY: usize = 900;
const CANONICAL: usize = 260;
const DECISION: &str = r#"{"partner":"CA","agreement_version":1,"policy_version":1,"answer":"partial","elements":{"full_name":"allow","birth_date":"allow","a_number":{"withhold":"not_agreed"},"immigration_status":{"withhold":"not_agreed"}},"waivers":[]}"#;

/// A connection: as in the program, reading has one of its own.
#[derive(Debug, Clone, Copy)]
enum On {
    Main,
    Partner,
    Write,
}

#[derive(Debug)]
enum Value {
    Id(Option<Uuid>),
    Text(Option<String>),
    Bytes(Vec<u8>),
    Number(i64),
    At(Option<DateTime<Utc>>),
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Self::Id(Some(id))
    }
}

impl From<Option<Uuid>> for Value {
    fn from(id: Option<Uuid>) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(Into::into))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(at: DateTime<Utc>) -> Self {
        Self::At(Some(at))
    }
}

impl From<Option<DateTime<Utc>>> for Value {
    fn from(at: Option<DateTime<Utc>>) -> Self {
        Self::At(at)
    }
}

macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(Value::from($value)),*] };
}

fn blob(length: usize) -> Vec<u8> {
    vec![7; length]
}

/// A statement with its values.
#[derive(Debug)]
pub struct Step {
    on: On,
    name: &'static str,
    values: Vec<Value>,
}

/// Whom a query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Something of them is told.
    Known(Uuid),
    Protected(Uuid),
    Nobody,
}

impl About {
    const fn profile(self) -> Option<Uuid> {
        match self {
            Self::Known(profile) | Self::Protected(profile) => Some(profile),
            Self::Nobody => None,
        }
    }
}

/// A partner's query, as the databases see it.
#[derive(Debug)]
pub struct Asked {
    /// IDENT's number of the message.
    pub message: Uuid,
    pub cursor: u64,
    pub number: String,
    pub about: About,
    /// By which the A-Number is found.
    pub token: Vec<u8>,
    /// Bytes of the message.
    pub length: usize,
}

/// The statements of a query.
pub fn steps(clock: &Clock, asked: &Asked) -> Vec<Step> {
    let [foreign, key, disclosure] = std::array::from_fn(|_| clock.new_id());
    let mut work = Work { clock, asked, at: clock.now(), foreign, key, disclosure, steps: Vec::new() };
    work.taken_in();
    work.understood();
    work.looked_up();
    work.decided();
    work.handed_over();
    work.steps
}

/// The names of the store's statements among these.
pub fn names(steps: &[Step]) -> Vec<&'static str> {
    steps.iter().map(|step| step.name).filter(|name| ![BEGIN, COMMIT].contains(name)).collect()
}

struct Work<'a> {
    clock: &'a Clock,
    asked: &'a Asked,
    at: DateTime<Utc>,
    foreign: Uuid,
    key: Uuid,
    disclosure: Uuid,
    steps: Vec<Step>,
}

impl Work<'_> {
    fn on(&mut self, on: On, name: &'static str, values: Vec<Value>) {
        self.steps.push(Step { on, name, values });
    }

    fn main(&mut self, name: &'static str, values: Vec<Value>) {
        self.on(On::Main, name, values);
    }

    fn read(&mut self, name: &'static str, values: Vec<Value>) {
        self.on(On::Partner, name, values);
    }

    fn write(&mut self, name: &'static str, values: Vec<Value>) {
        self.on(On::Write, name, values);
    }

    fn taken_in(&mut self) {
        let (message, cursor) = (self.asked.message, self.asked.cursor.to_string());
        self.write(BEGIN, Vec::new());
        self.write("installation::GET", values!["ident_cursor"]);
        self.write("partner_query::message::ADD", values![message, self.at, "ask", blob(self.asked.length + SEALED)]);
        self.write("installation::SET", values!["ident_cursor", cursor.as_str()]);
        self.write(COMMIT, Vec::new());
    }

    fn understood(&mut self) {
        let Asked { message, number, token, about, length, .. } = self.asked;
        let (foreign, key, at, length) = (self.foreign, self.key, self.at, *length);
        self.read("partner_query::message::LEFT", values![100_i64]);
        self.agreement();
        self.made_this_year();
        self.main("profile::found::FIND", values!["a_number", token.clone(), 2_i64]);
        self.write(BEGIN, Vec::new());
        self.add_key(key, "query");
        self.write(
            "partner_query::foreign::ADD",
            values![
                foreign,
                *message,
                PARTNER,
                "first",
                number.as_str(),
                None::<&str>,
                "visa_or_benefit",
                "high",
                about.profile(),
                key,
                blob(length + SEALED),
                "first",
                "received",
                at,
                None::<DateTime<Utc>>,
                at
            ],
        );
        self.write("partner_query::count::COUNT", values![PARTNER, "in", "first", self.year()]);
        self.write("partner_query::message::HANDLED", values![*message, at]);
        self.write(COMMIT, Vec::new());
    }

    fn looked_up(&mut self) {
        self.read("partner_query::foreign::DUE", values![self.at, 1_i64]);
        self.query();
        self.person();
        self.agreement();
    }

    fn decided(&mut self) {
        self.query();
        self.made_this_year();
        self.person();
        self.agreement();
        if let Some(profile) = self.asked.about.profile() {
            self.read("partner_query::foreign::ANSWERED", values![profile, PARTNER]);
        }
        self.read("partner_query::hold::FOREIGN_RELEASES", values![self.foreign]);
        self.write(BEGIN, Vec::new());
        match self.asked.about {
            About::Known(profile) => self.told(profile),
            About::Protected(profile) => self.withheld(profile),
            About::Nobody => self.answer("suppressed", "no_match", None),
        }
        self.write(COMMIT, Vec::new());
    }

    fn told(&mut self, profile: Uuid) {
        let (key, audit) = (self.clock.new_id(), self.clock.new_id());
        let (disclosure, at, foreign) = (self.disclosure, self.at, self.foreign.to_string());
        self.add_key(key, "disclosure");
        self.write(
            "disclosure::ADD",
            values![disclosure, at, profile, PARTNER, "visa_or_benefit", self.asked.number.as_str(), key, blob(ENTRY), blob(HASH)],
        );
        self.answer("released", "partial", Some(disclosure));
        let detail = r#"{"agreement_version":1,"answer":"partial"}"#;
        let (canonical, leaf) = (blob(CANONICAL), blob(HASH));
        let values = values![audit, at, "system", "partner_query.release", foreign.as_str(), detail, canonical, leaf];
        self.write("audit::APPEND", values);
    }

    fn withheld(&mut self, profile: Uuid) {
        let id = self.clock.new_id();
        self.write("partner_query::foreign::SUPPRESS", values![id, self.foreign, profile, "protected", self.at]);
        self.answer("suppressed", "no_match", None);
    }

    fn answer(&mut self, state: &str, answer: &str, disclosure: Option<Uuid>) {
        let (foreign, at, again) = (self.foreign, self.at, self.at + TimeDelta::minutes(1));
        let nothing = None::<DateTime<Utc>>;
        let values = values![foreign, 1_i64, state, DECISION, answer, disclosure, 1_i64, again, nothing, at];
        self.write("partner_query::foreign::SAVE", values);
    }

    fn handed_over(&mut self) {
        let (foreign, at, none, nothing) = (self.foreign, self.at, None::<&str>, None::<DateTime<Utc>>);
        self.write(BEGIN, Vec::new());
        if matches!(self.asked.about, About::Known(_)) {
            let id = self.clock.new_id();
            self.write("disclosure::CLOSE", values![id, self.disclosure, "sent", at, blob(HASH)]);
        }
        let values = values![foreign, 2_i64, "sent", none, none, None::<Uuid>, 1_i64, nothing, at, at];
        self.write("partner_query::foreign::SAVE", values);
        self.write(COMMIT, Vec::new());
    }

    fn agreement(&mut self) {
        let day = self.at.date_naive().to_string();
        self.main("agreement::CURRENT", values![PARTNER, day.as_str()]);
        self.main("agreement::FIND", values![PARTNER, 1_i64]);
    }

    fn made_this_year(&mut self) {
        self.read("partner_query::count::MADE", values![PARTNER, "in", self.year()]);
    }

    fn year(&self) -> i64 {
        i64::from(self.at.year())
    }

    fn query(&mut self) {
        self.read("partner_query::foreign::GET", values![self.foreign]);
        self.read("partner_query::KEY", values![self.key]);
    }

    fn person(&mut self) {
        let Some(profile) = self.asked.about.profile() else { return };
        self.main("profile::ROOT", values![profile]);
        self.main("profile::PARTS", values![profile]);
        self.main("installation::GET", values!["wrapping_key"]);
        for name in ["profile::KEYS", "profile::fact::OF_ROOT", "profile::CASES", "waiver::FOR_PERSON"] {
            self.main(name, values![profile]);
        }
    }

    fn add_key(&mut self, key: Uuid, purpose: &str) {
        self.write("data_key::ADD", values![key, purpose, "test", blob(WRAPPED), self.at]);
    }
}

/// The engine alone, on the databases of a store: its connections in the order of [`On`].
pub struct Bare {
    texts: HashMap<&'static str, Arc<str>>,
    connections: Connections,
}

enum Connections {
    Sqlite(Vec<rusqlite::Connection>),
    Postgres(Vec<PgConnection>),
}

impl Bare {
    pub async fn open(engine: Engine, main: &TestStore, partner: &TestStore) -> Self {
        let databases = [main, partner, partner];
        let connections = match engine {
            Engine::Sqlite => Connections::Sqlite(databases.map(|test| open_sqlite(&test.folder.path().join("portico.db"))).into()),
            Engine::Postgres => {
                let mut connections = Vec::new();
                for test in databases {
                    connections.push(PgConnection::connect(&test.address).await.unwrap());
                }
                Connections::Postgres(connections)
            }
        };
        Self { texts: texts(engine), connections }
    }

    /// Runs the statements one after the other, and reads whatever rows they give.
    pub async fn run(&mut self, steps: &[Step]) {
        match &mut self.connections {
            Connections::Sqlite(connections) => {
                for step in steps {
                    run_on_sqlite(&connections[step.on as usize], &self.texts[step.name], &step.values);
                }
            }
            Connections::Postgres(connections) => {
                for step in steps {
                    run_on_postgres(&mut connections[step.on as usize], &self.texts[step.name], &step.values).await;
                }
            }
        }
    }
}

/// The statements by their names. SQLite takes `$1` for a name and not for a place.
fn texts(engine: Engine) -> HashMap<&'static str, Arc<str>> {
    let begin = if engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
    let of_store = registered().map(|statement| (statement.name.trim_start_matches("store::"), statement.sql));
    let all = of_store.chain([(BEGIN, begin), (COMMIT, "COMMIT")]);
    let text = |sql: &str| -> Arc<str> { if engine == Engine::Sqlite { sql.replace('$', "?").into() } else { sql.into() } };
    all.map(|(name, sql)| (name, text(sql))).collect()
}

/// As the store opens it.
fn open_sqlite(file: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection.pragma_update(None, "temp_store", "memory").unwrap();
    connection.pragma_update(None, "cache_size", -4000).unwrap();
    connection.set_prepared_statement_cache_capacity(64);
    connection
}

fn run_on_sqlite(connection: &rusqlite::Connection, text: &str, values: &[Value]) {
    let mut statement = connection.prepare_cached(text).unwrap();
    let mut rows = statement.query(rusqlite::params_from_iter(values.iter().map(in_sqlite))).unwrap();
    while rows.next().unwrap().is_some() {}
}

/// A value as the store writes it.
fn in_sqlite(value: &Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Written;
    match value {
        Value::Id(id) => id.map_or(Written::Null, |id| Written::Blob(id.as_bytes().to_vec())),
        Value::Text(text) => text.clone().map_or(Written::Null, Written::Text),
        Value::Bytes(bytes) => Written::Blob(bytes.clone()),
        Value::Number(number) => Written::Integer(*number),
        Value::At(at) => at.map_or(Written::Null, |at| Written::Text(at.to_rfc3339_opts(SecondsFormat::AutoSi, false))),
    }
}

async fn run_on_postgres(connection: &mut PgConnection, text: &Arc<str>, values: &[Value]) {
    let mut query = sqlx::query::<Postgres>(AssertSqlSafe(Arc::clone(text)));
    for value in values {
        query = match value {
            Value::Id(id) => query.bind(*id),
            Value::Text(text) => query.bind(text.as_deref()),
            Value::Bytes(bytes) => query.bind(bytes.as_slice()),
            Value::Number(number) => query.bind(*number),
            Value::At(at) => query.bind(*at),
        };
    }
    query.fetch_all(connection).await.unwrap();
}
