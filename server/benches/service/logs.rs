//! What it costs that nobody can change a log unseen: an entry of the accounting against the bare insert of its rows, and a log
//! that is verified against reading the same rows and hashing each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::audit::{LogName, Outside, seal, verify};
use domain::case_status::limits::LimitSettings;
use domain::{Actor, Context};
use shared::agreement::{AgreementVersion, Element, Partner, Purpose};
use shared::audit::Log;
use shared::disclosure::{Authority, Disclosure, Method, Nature, Recipient};
use shared::partner_query::{LongLine, ShortLine, TransactionNumber};
use shared::sensitive::Sensitive;
use sqlx::{Connection as _, PgConnection, Postgres, Sqlite, SqliteConnection};
use store::audit::{AuditEntry, append, leaf_hash};
use store::crypto::{CheckpointKey, hex};
use store::engine::{Database, Engine};
use store::testing::TestStore;
use uuid::Uuid;

use crate::Row;
use crate::queues::{at_most, median};
use crate::requests::in_transactions;

/// In one round.
const ENTRIES: usize = 200;
/// An entry as it is sealed, and a data key as it is wrapped.
const ENTRY: usize = 900;
const WRAPPED: usize = 60;
const HASH: usize = 32;
const ROUNDS: usize = 5;

/// Both, on one engine.
pub async fn rows(engine: Engine, entries: usize) -> Vec<Row> {
    vec![accounted(engine).await, verified(engine, entries).await]
}

const fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

async fn accounted(engine: Engine) -> Row {
    let (here, raw) = (store::testing::open_partner(engine).await, store::testing::open_partner(engine).await);
    let (mut ours, mut bare_ones) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        ours.push(appended(&here, round).await.div_f64(ENTRIES as f64));
        let texts: Vec<String> = (0..ENTRIES).map(|_| bare(engine, &raw)).collect();
        bare_ones.push(in_transactions(engine, &raw, texts).await.div_f64(ENTRIES as f64));
    }
    let what = format!("an entry of the ledger, {} / a bare insert of its rows (entry, key)", name(engine));
    at_most(&what, median(ours), median(bare_ones), 2.0)
}

/// On a worker thread, as a server does it: this thread is none, and each answer of a database would have to wake it.
async fn appended(test: &TestStore, round: usize) -> Duration {
    let (store, keys, clock) = (test.store.clone(), test.keys.clone(), test.clock.clone());
    let appending = async move {
        let began = Instant::now();
        for number in 0..ENTRIES {
            let told = told(clock.new_id(), clock.now(), round * ENTRIES + number);
            let mut transaction = store.begin().await.unwrap();
            store::disclosure::add(&mut transaction, &keys, clock.new_id(), &told).await.unwrap();
            transaction.commit().await.unwrap();
        }
        began.elapsed()
    };
    tokio::spawn(appending).await.unwrap()
}

fn told(id: Uuid, at: DateTime<Utc>, number: usize) -> Disclosure {
    let line = |text: &str| ShortLine::parse(text).unwrap();
    Disclosure {
        id,
        at,
        person: Uuid::from_u128(number as u128),
        a_number: None,
        nature: Nature::AutomaticAnswer,
        record: LongLine::parse("Profile of the person").unwrap(),
        elements: BTreeSet::from([Element::FullName, Element::BirthDate]),
        documents: BTreeSet::new(),
        purpose: Purpose::VisaOrBenefit,
        authority: Authority::Statute { citation: line("a statute") },
        agreement: AgreementVersion::FIRST,
        waivers: BTreeSet::new(),
        recipient: Recipient {
            partner: Partner::Canada,
            organization: line("Visa Office"),
            name: Sensitive::new(line("R. Maple")),
            address: Sensitive::new(line("1 Example Street, Ottawa")),
        },
        method: Method::Ident,
        transaction: TransactionNumber::parse(&format!("CA-2026-{number:07}")).unwrap(),
        released_by: None,
        approved_by: None,
        transmitted_by: None,
        payload_sha256: [7; 32],
        correction_of: None,
    }
}

/// The same rows as text.
fn bare(engine: Engine, test: &TestStore) -> String {
    let id = |id: Uuid| if engine == Engine::Sqlite { format!("x'{}'", id.simple()) } else { format!("'{id}'") };
    let blob = |length: usize| {
        let bytes = hex(&vec![7; length]);
        if engine == Engine::Sqlite { format!("x'{bytes}'") } else { format!("'\\x{bytes}'") }
    };
    let (entry, key, at) = (id(test.clock.new_id()), id(test.clock.new_id()), "'2026-03-10T15:00:00.000000+00:00'");
    format!(
        "INSERT INTO data_key (id, purpose, wrapping_key, wrapped, created_at) VALUES ({key}, 'disclosure', 'test', {}, {at}); \
         INSERT INTO disclosure (id, recorded_at, profile_id, partner, purpose, transaction_number, data_key_id, entry, leaf_hash) \
         VALUES ({entry}, {at}, {entry}, 'CA', 'visa_or_benefit', 'CA-2026-0000001', {key}, {}, {});",
        blob(WRAPPED),
        blob(ENTRY),
        blob(HASH)
    )
}

async fn verified(engine: Engine, entries: usize) -> Row {
    let test = store::testing::open(engine).await;
    domain::reference::ship(&test.store, &test.clock).await.unwrap();
    let zone = chrono_tz::America::New_York;
    let ctx =
        Context::new(test.store.clone(), test.keys.clone(), test.clock.clone(), zone, LimitSettings::default()).await.unwrap();
    fill(&test, entries).await;
    let folder = test.folder.path().join("outside");
    let outside = Arc::new(Outside { folder, key: CheckpointKey::generate("agency.example/bench").unwrap() });
    seal(&ctx, Actor::System, &outside).await.unwrap();
    let (mut ours, mut hashed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (ctx, outside) = (ctx.clone(), Arc::clone(&outside));
        let looked = async move {
            let began = Instant::now();
            let verified = verify(
                &ctx,
                Actor::Operator,
                &outside,
                &[],
                |finding| panic!("nobody changed anything: {finding:?}"),
                |_, _, _| {},
            );
            let verified = verified.await.unwrap();
            assert!(verified[0].log == LogName { database: Database::Main, log: Log::Audit } && verified[0].rows > entries as u64);
            began.elapsed()
        };
        ours.push(tokio::spawn(looked).await.unwrap());
        hashed.push(read_and_hash(engine, &test, entries).await);
    }
    let what = format!("{entries} entries of the audit log verified, {} / reading and hashing the same rows", name(engine));
    at_most(&what, median(ours), median(hashed), 3.0)
}

async fn fill(test: &TestStore, entries: usize) {
    let mut transaction = test.store.begin().await.unwrap();
    for number in 0..entries {
        let entry = AuditEntry {
            id: test.clock.new_id(),
            occurred_at: test.clock.now(),
            actor: format!("officer {}", Uuid::from_u128(number as u128)),
            action: "service_request.read".into(),
            subject: Uuid::from_u128(7).to_string(),
            detail: r#"{"purpose":"to answer a request","office":"NBC"}"#.into(),
        };
        append(&mut transaction, &entry).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// A row of the audit log, whole.
type Entry = (Uuid, DateTime<Utc>, String, String, String, String, Vec<u8>, Vec<u8>);

const ALL: &str = "SELECT id, occurred_at, actor, action, subject, detail, canonical, leaf_hash FROM audit_entry ORDER BY id";

/// On a worker thread as well.
async fn read_and_hash(engine: Engine, test: &TestStore, entries: usize) -> Duration {
    let address = test.address.clone();
    let reading = async move {
        let rows: (Instant, Vec<Entry>) = match engine {
            Engine::Sqlite => {
                let mut connection = SqliteConnection::connect(&address).await.unwrap();
                (Instant::now(), sqlx::query_as::<Sqlite, Entry>(ALL).fetch_all(&mut connection).await.unwrap())
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&address).await.unwrap();
                (Instant::now(), sqlx::query_as::<Postgres, Entry>(ALL).fetch_all(&mut connection).await.unwrap())
            }
        };
        let (began, rows) = rows;
        assert!(rows.len() > entries && rows.iter().all(|row| leaf_hash(&row.6).as_slice() == row.7));
        began.elapsed()
    };
    tokio::spawn(reading).await.unwrap()
}
