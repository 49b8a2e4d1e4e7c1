//! What partners ask, from what IDENT brings to what it is given: against its statements alone, and at fifty queries a second.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::case_feed::{Source, import};
use domain::case_status::limits::LimitSettings;
use domain::partner_query::{
    Decided, Outcome, OutgoingAnswer, answered, cursor, decide, next_to_answer, next_to_send, receive, understand,
};
use domain::{Actor, Context};
use shared::agreement::{AnswerKind, Element, Modality, Partner, Party, Priority, Purpose, Recipient, Step};
use shared::ident::{Envelope, Found, Incoming, MOST_MESSAGES, PartnerAsk, Requestor};
use shared::office::OfficeCode;
use shared::partner_query::{ShortLine, TransactionNumber};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use store::Clock;
use store::engine::{Engine, executed_by};
use store::profile::{Key, KeyKind};
use store::testing::TestStore;
use uuid::Uuid;

use crate::Row;
use crate::partner_rows::{About, Asked, Bare, names, steps};
use crate::queues::at_most;

const PEOPLE: u64 = 2_000;
/// Of so many people one is protected.
const PROTECTED: u64 = 20;
/// The first ones, of each kind: whether both sides run the same statements.
const LOOKED_AT: u64 = 4;
const QUERIES: u64 = 400;
const A_SECOND: u64 = 50;
/// After the last query nothing waits any more.
const PROMISED: Duration = Duration::from_secs(2);
/// As `server/src/ident.rs` has them: between two rounds, and answers in one.
const PAUSE: Duration = Duration::from_secs(1);
const AT_ONCE: usize = 100;

/// Both databases on one engine, agreements in force, and people.
struct Desk {
    main: TestStore,
    /// Deletes the database in the end.
    _partner: TestStore,
    ctx: Context,
}

impl Desk {
    async fn open(engine: Engine) -> Self {
        let (main, partner) = (store::testing::open(engine).await, store::testing::open_partner(engine).await);
        // The system's clock: what came first is answered first.
        let (clock, zone) = (Clock::system(), chrono_tz::America::New_York);
        domain::reference::ship(&main.store, &clock).await.unwrap();
        let ctx = Context::new(main.store.clone(), main.keys.clone(), clock, zone, LimitSettings::default()).await.unwrap();
        let ctx = ctx.with_partner_data(partner.store.clone(), partner.keys.clone());
        agree(&ctx).await;
        feed(&ctx).await;
        Self { main, _partner: partner, ctx }
    }

    /// A query as the databases see it.
    async fn asked(&self, n: u64) -> Asked {
        let (envelope, digits) = (envelope(n), digits(n));
        let key = Key { kind: KeyKind::ANumber, text: digits.clone() };
        let mut connection = self.ctx.store.read_primary().await.unwrap();
        let found = store::profile::find(&mut connection, &self.ctx.keys, &key, 2).await.unwrap();
        let about = match found.as_slice() {
            [] => About::Nobody,
            [profile] if is_told(n) => About::Known(*profile),
            [profile] => About::Protected(*profile),
            [_, ..] => panic!("two people have one A-Number"),
        };
        Asked {
            message: envelope.id,
            cursor: envelope.cursor,
            number: number(n),
            about,
            token: self.ctx.keys.blind_index("profile.a_number", &digits),
            length: serde_json::to_vec(&envelope.message).unwrap().len(),
        }
    }
}

/// Only a demo may have its agreements signed by nobody.
async fn agree(ctx: &Context) {
    let mut transaction = ctx.store.begin().await.unwrap();
    store::installation::mark_as_demo(&mut transaction, ctx.today()).await.unwrap();
    transaction.commit().await.unwrap();
    let office = OfficeCode::parse("NBC").unwrap();
    let signed = domain::agreement::seed_demo(ctx, &office, [90, 91, 92].map(Uuid::from_u128)).await.unwrap();
    assert_eq!(signed, Party::ALL.len());
}

async fn feed(ctx: &Context) {
    let at = ctx.now().to_rfc3339();
    let mut lines = String::new();
    for person in 0..PEOPLE {
        let (case, digits) = (format!("EAC9{:09}", person * 300), digits(person * 2));
        let marker = if is_told(person * 2) { "" } else { r#","protection_markers":[{"class_of_admission":"T1"}]"# };
        writeln!(
            lines,
            r#"{{"event_id":"p{person}","receipt_number":"{case}","form":"I-765","category":"C09","applicant":{{"name":{{"family":"Ejemplo","given":"Ana"}},"birth_date":"1990-02-03","birth_country":"MEX","citizenship":"MEX","a_number":"A{digits}"}},"action":{{"code":"IAA","at":"{at}"}}{marker}}}"#
        )
        .unwrap();
    }
    let source = Source { name: "bench", quarantine: TimeDelta::days(1) };
    let summary = import(ctx, Actor::Operator, source, lines.as_bytes(), |_, _| {}).await.unwrap();
    assert_eq!(summary.added, PEOPLE);
    domain::profile::follow_feed(ctx, Actor::System).await.unwrap();
}

/// Every other query is about somebody of ours.
fn person(n: u64) -> Option<u64> {
    if n.is_multiple_of(2) { Some(n / 2 % PEOPLE) } else { None }
}

/// The A-Number that IDENT has, of somebody of ours or of nobody.
fn digits(n: u64) -> String {
    person(n).map_or_else(|| format!("98{n:07}"), |person| format!("90{person:07}"))
}

/// Is the partner told something?
fn is_told(n: u64) -> bool {
    person(n).is_some_and(|person| !person.is_multiple_of(PROTECTED))
}

fn number(n: u64) -> String {
    format!("CA-2026-{n:07}")
}

/// A message of IDENT: a first query of Canada's.
fn envelope(n: u64) -> Envelope {
    let line = |text: &str| ShortLine::parse(text).unwrap();
    let found = Found { a_numbers: vec![format!("A{}", digits(n))], ..Found::default() };
    let asked = PartnerAsk {
        transaction_number: TransactionNumber::parse(&number(n)).unwrap(),
        prior: None,
        partner: Partner::Canada,
        step: Step::First,
        date: "2026-03-10".parse().unwrap(),
        purpose: Purpose::VisaOrBenefit,
        priority: Priority::High,
        modality: Modality::Biometric,
        recipient: Recipient::Immigration,
        requestor: Requestor {
            organization: line("Visa Office"),
            name: Sensitive::new(line("R. Maple")),
            contact: Sensitive::new(line("1 Example Street, Ottawa")),
        },
        subject: Sensitive::default(),
        asked: BTreeSet::from([Element::FullName, Element::BirthDate, Element::ANumber, Element::ImmigrationStatus]),
        justification: Sensitive::default(),
        found: Sensitive::new(Some(found)),
        is_first_answer: true,
        written: Sensitive::default(),
    };
    Envelope { cursor: n + 1, id: Uuid::from_u128(n.into()), message: Incoming::Ask(Box::new(asked)) }
}

/// What the next partner is answered, handed over as if IDENT had taken it at once.
async fn answer(ctx: &Context) -> Option<OutgoingAnswer> {
    let due = next_to_answer(ctx, Actor::System).await.unwrap()?;
    let decided = decide(ctx, Actor::System, &due, &CisAnswer::NotProtected).await.unwrap();
    let Decided::Answer(outgoing) = decided else { panic!("nobody else decides: {decided:?}") };
    answered(ctx, Actor::System, &outgoing, Outcome::Sent).await.unwrap();
    Some(*outgoing)
}

/// A query from its message to its answer, as the job does it.
async fn whole(ctx: &Context, envelope: &Envelope) -> AnswerKind {
    assert_eq!(receive(ctx, Actor::System, std::slice::from_ref(envelope)).await.unwrap(), 1);
    assert_eq!(understand(ctx, Actor::System).await.unwrap(), 1);
    answer(ctx).await.unwrap().answer
}

const fn expected(is_told: bool) -> AnswerKind {
    // Neither the A-Number nor the status is told at the first step.
    if is_told { AnswerKind::Partial } else { AnswerKind::NoMatch }
}

/// Times both, on one engine: one query after the other, by turns.
pub async fn row(engine: Engine) -> Row {
    let desk = Desk::open(engine).await;
    // Nothing is written into the main database, so that both read the same one.
    let other = store::testing::open_partner(engine).await;
    let mut bare = Bare::open(engine, &desk.main, &other).await;
    for n in 0..LOOKED_AT {
        let steps = steps(&desk.ctx.clock, &desk.asked(n).await);
        let (answer, ran) = executed_by(whole(&desk.ctx, &envelope(n))).await;
        assert_eq!(answer, expected(is_told(n)));
        let ran: Vec<&str> = ran.into_iter().map(|(_, name)| name.trim_start_matches("store::")).collect();
        assert_eq!(ran, names(&steps), "the bare work is another than ours");
        bare.run(&steps).await;
    }
    let mut queries = Vec::new();
    for n in LOOKED_AT..LOOKED_AT + QUERIES {
        queries.push((n, envelope(n), steps(&desk.ctx.clock, &desk.asked(n).await)));
    }
    let ctx = desk.ctx.clone();
    // On a worker thread, as a server does it: this thread is none, and each answer of a database would have to wake it.
    let spent = tokio::spawn(async move {
        let (mut ours, mut raw) = (Duration::ZERO, Duration::ZERO);
        for (n, envelope, steps) in queries {
            // Which goes first changes, and is not the same for all of a kind.
            let is_first = n / 2 % 2 == 0;
            for is_ours in [is_first, !is_first] {
                let began = Instant::now();
                if is_ours {
                    assert_eq!(whole(&ctx, &envelope).await, expected(is_told(n)));
                    ours += began.elapsed();
                } else {
                    bare.run(&steps).await;
                    raw += began.elapsed();
                }
            }
        }
        [ours, raw].map(|all| all.div_f64(QUERIES as f64))
    });
    let [ours, raw] = spent.await.unwrap();
    let engine = if engine == Engine::Sqlite { "SQLite" } else { "PostgreSQL" };
    at_most(&format!("a partner query checked and filtered, {engine} / its bare statements"), ours, raw, 3.0)
}

/// An IDENT that gets queries by the clock, whatever becomes of them.
struct Ident {
    began: Instant,
    queries: u64,
}

impl Ident {
    fn comes_at(&self, n: u64) -> Instant {
        self.began + Duration::from_millis(n * 1000 / A_SECOND)
    }

    fn last(&self) -> Instant {
        self.comes_at(self.queries - 1)
    }

    /// What there is after a cursor by now.
    fn messages(&self, after: u64) -> Vec<Envelope> {
        let now = Instant::now();
        let there = (after..self.queries).take_while(|n| self.comes_at(*n) <= now);
        there.take(usize::try_from(MOST_MESSAGES).unwrap()).map(envelope).collect()
    }

    /// A round of the job that speaks with IDENT. Says when each query was answered.
    async fn round(&self, ctx: &Context) -> BTreeMap<u64, Instant> {
        loop {
            let messages = self.messages(cursor(ctx, Actor::System).await.unwrap());
            if messages.is_empty() {
                break;
            }
            receive(ctx, Actor::System, &messages).await.unwrap();
        }
        while understand(ctx, Actor::System).await.unwrap() > 0 {}
        let mut done = BTreeMap::new();
        for _ in 0..AT_ONCE {
            let Some(outgoing) = answer(ctx).await else { break };
            let n = u64::try_from(outgoing.message.as_u128()).unwrap();
            assert_eq!(outgoing.answer, expected(is_told(n)));
            done.insert(n, Instant::now());
        }
        assert!(next_to_send(ctx, Actor::System).await.unwrap().is_none());
        done
    }
}

/// So many seconds of queries on SQLite, taken in and answered by the job.
pub async fn steady(seconds: u64) -> Row {
    let desk = Desk::open(Engine::Sqlite).await;
    let (ctx, queries) = (desk.ctx.clone(), seconds * A_SECOND);
    let job = tokio::spawn(async move {
        let ident = Ident { began: Instant::now(), queries };
        let (by, mut done) = (ident.last() + PROMISED, BTreeMap::new());
        loop {
            done.append(&mut ident.round(&ctx).await);
            if done.len() as u64 == queries || Instant::now() > by {
                return (ident, done);
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
    let (ident, done) = job.await.unwrap();
    let by = ident.last() + PROMISED;
    let waiting = queries - done.values().filter(|at| **at <= by).count() as u64;
    let longest = done.iter().map(|(n, at)| *at - ident.comes_at(*n)).max().unwrap();
    let rate = done.len() as f64 / (*done.values().max().unwrap() - ident.began).as_secs_f64();
    Row {
        what: format!("{A_SECOND} partner queries a second for {seconds} s, SQLite, waiting 2 s after the last"),
        measured: format!("{waiting}  ({rate:.1} a second, {:.2} s at most)", longest.as_secs_f64()),
        limit: "0".into(),
        holds: waiting == 0,
    }
}
