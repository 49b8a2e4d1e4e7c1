//! A file's whole way: a scanner that speaks the real protocol, the real worker, a real folder, both engines.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};

use domain::Context;
use domain::case_feed::{Source, import};
use domain::case_status::limits::LimitSettings;
use gateways::clamd::ClamdAddress;
use gateways::object_storage::{BucketAccess, S3Endpoint, StorageAddress};
use shared::case_status::ReceiptNumber;
use shared::document::DocumentKind;
use store::crypto::hex;
use store::testing::{TestStore, both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const NUMBER: &str = "EAC9999103403";
const NAME: &str = "Xiomara Quimbaya passport.png";
const PLANTED: &str = "38.8977N 77.0365W";

/// A chunk of a PNG; its checksum by the definition, a bit at a time.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [name.as_slice(), content].concat();
    let checksum = !checked.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &checked, &checksum.to_be_bytes()].concat()
}

/// A PNG whose picture is `data`, with a text in it.
fn png(data: &[u8]) -> Vec<u8> {
    let header = chunk(*b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
    let chunks = [header, chunk(*b"tEXt", PLANTED.as_bytes()), chunk(*b"IDAT", data), chunk(*b"IEND", b"")].concat();
    [b"\x89PNG\r\n\x1A\n".as_slice(), &chunks].concat()
}

/// A daemon that finds the word EICAR.
async fn clamd() -> Clamd {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = ClamdAddress::Tcp(listener.local_addr().unwrap().to_string());
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut command = [0; 10];
            connection.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut bytes = Vec::new();
            loop {
                let mut chunk = vec![0; connection.read_u32().await.unwrap() as usize];
                if chunk.is_empty() {
                    break;
                }
                connection.read_exact(&mut chunk).await.unwrap();
                bytes.extend(chunk);
            }
            let is_infected = bytes.windows(5).any(|window| window == b"EICAR");
            let answer: &[u8] = if is_infected { b"stream: Eicar-Signature FOUND\0" } else { b"stream: OK\0" };
            connection.write_all(answer).await.unwrap();
        }
    });
    Clamd::new(address)
}

/// The program, which stands beside its tests.
fn program() -> PathBuf {
    let program = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("portico");
    assert!(program.exists(), "{} is started to clean documents: build it first", program.display());
    program
}

struct Desk {
    ctx: Context,
    documents: Documents,
    folder: PathBuf,
    case: Uuid,
    test: TestStore,
}

async fn desks(scanner: Option<Clamd>) -> Vec<Desk> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut desks = Vec::new();
    for test in both().await {
        domain::reference::ship(&test.store, &test.clock).await.unwrap();
        let zone = chrono_tz::America::New_York;
        let (store, keys, clock) = (test.store.clone(), test.keys.clone(), test.clock.clone());
        let ctx = Context::new(store, keys, clock, zone, LimitSettings::default()).await.unwrap();
        let line = format!(
            r#"{{"event_id":"e1","receipt_number":"{NUMBER}","form":"I-765","applicant":{{"name":{{"family":"Ejemplo"}}}},"action":{{"code":"IAA","at":"2026-01-07T15:00:00Z"}}}}"#
        );
        let source = Source { name: "test", quarantine: chrono::TimeDelta::days(30) };
        let summary = import(&ctx, Actor::Operator, source, line.as_bytes(), |_, _| {}).await.unwrap();
        let mut connection = ctx.store.read_primary().await.unwrap();
        let case = store::case_feed::case_id(&mut connection, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap();
        drop(connection);
        let folder = test.folder.path().join("documents");
        let storage = Storage::open(&StorageAddress::Folder(folder.clone()), &BucketAccess::default()).unwrap();
        let documents = Documents { storage, scanner: scanner.clone(), worker: Worker::new(program()) };
        desks.push(Desk { ctx, documents, folder, case: case.unwrap_or_else(|| panic!("{summary:?}")), test });
    }
    desks
}

impl Desk {
    async fn receive(&self, bytes: &[u8]) -> Result<DocumentView, DocumentProblem> {
        let holder = Uuid::from_u128(1);
        let keep_until = Some(self.ctx.now() + chrono::TimeDelta::days(7));
        let sent = Sent { case: self.case, holder, keep_until, name: FileName::parse(NAME), bytes };
        self.documents.receive(&self.ctx, sent).await.unwrap()
    }

    fn stored(&self) -> usize {
        std::fs::read_dir(&self.folder).unwrap().count()
    }

    async fn loose(&self) -> usize {
        self.test.clock.advance(chrono::TimeDelta::days(2));
        domain::document::to_delete(&self.ctx, Actor::System).await.unwrap().len()
    }

    async fn kept(&self) -> Vec<DocumentView> {
        domain::document::of_holder(&self.ctx, Uuid::from_u128(1)).await.unwrap()
    }
}

/// What all tests of this process log, as the program writes it. One for all: a subscriber of one thread misses what other threads
/// had decided before it that nobody listens to.
fn log() -> &'static Mutex<Vec<u8>> {
    static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    static STARTED: Once = Once::new();
    struct Lines;
    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LINES.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    STARTED.call_once(|| tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(|| Lines).init());
    &LINES
}

/// Everything in a folder and the folders in it.
fn all_bytes(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { all_bytes(&path) } else { std::fs::read(path).unwrap() }).collect()
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[tokio::test]
async fn a_file_is_scanned_cleaned_and_kept_and_nobody_finds_it_without_the_key() {
    let log = log();
    for desk in desks(Some(clamd().await)).await {
        let picture = png(b"a face that nobody should see");
        let view = desk.receive(&picture).await.unwrap();
        assert_eq!((view.kind, view.scan, view.bytes), (DocumentKind::Png, ScanState::Clean, picture.len() as u64));
        assert_eq!((view.name.as_str(), view.sha256.as_str()), (NAME, hex(&sha256(&picture)).as_str()));
        assert_eq!(desk.kept().await, std::slice::from_ref(&view));

        let (read, content) = desk.documents.read(&desk.ctx, Actor::Operator, view.id).await.unwrap().unwrap();
        assert_eq!(read, view);
        assert!(holds(&content, b"a face that nobody should see") && !holds(&content, PLANTED.as_bytes()));

        let copy = desk.test.folder.path().join("copy");
        desk.test.store.copy_to(&copy).await.unwrap();
        let mut bytes = all_bytes(desk.test.folder.path());
        if desk.test.store.engine() == store::engine::Engine::Postgres {
            let dump = tokio::process::Command::new("pg_dump").args(["--dbname", &desk.test.address]).output().await.unwrap();
            bytes.extend(dump.stdout);
        }
        assert!(holds(&bytes, b"Ejemplo"), "names of cases are there, so the search looks in the right place");
        bytes.extend(log.lock().unwrap().iter());
        for secret in ["Quimbaya", "passport", "a face that nobody", PLANTED, &view.sha256] {
            assert!(!holds(&bytes, secret.as_bytes()), "{secret}");
        }
    }
    assert!(!log.lock().unwrap().is_empty(), "something was logged");
}

#[tokio::test]
async fn without_a_scanner_a_document_says_so() {
    for desk in desks(None).await {
        assert_eq!(desk.receive(&png(b"x")).await.unwrap().scan, ScanState::NotScanned);
    }
}

#[tokio::test]
async fn of_what_is_not_taken_nothing_is_left() {
    for desk in desks(Some(clamd().await)).await {
        for (bytes, problem) in [
            (png(b"EICAR"), DocumentProblem::Infected),
            (b"GIF89a".to_vec(), DocumentProblem::WrongKind),
            (png(b"x")[..40].to_vec(), DocumentProblem::Broken),
            (Vec::new(), DocumentProblem::Empty),
            (vec![0; LARGEST_DOCUMENT + 1], DocumentProblem::TooLarge),
        ] {
            assert_eq!(desk.receive(&bytes).await, Err(problem));
        }
        assert_eq!((desk.stored(), desk.kept().await.len(), desk.loose().await), (0, 0, 0));
    }
}

#[tokio::test]
async fn while_the_scanner_does_not_answer_nothing_is_taken() {
    let nobody = Clamd::new(ClamdAddress::Socket("/nonexistent/clamd.ctl".into()));
    for desk in desks(Some(nobody)).await {
        assert_eq!(desk.receive(&png(b"x")).await, Err(DocumentProblem::TryLater));
        assert_eq!((desk.stored(), desk.loose().await), (0, 0));
    }
}

/// A bucket on this machine where nobody listens.
fn unreachable() -> Storage {
    let access = BucketAccess {
        endpoint: Some(S3Endpoint::parse("http://127.0.0.1:1").unwrap()),
        key_id: Some("id".into()),
        secret: Some(shared::sensitive::Sensitive::new("secret".into())),
        ..BucketAccess::default()
    };
    Storage::open(&StorageAddress::parse("s3://papers").unwrap(), &access).unwrap()
}

#[tokio::test]
async fn while_the_storage_does_not_answer_nothing_is_taken_and_nothing_is_forgotten() {
    for desk in desks(None).await {
        let view = desk.receive(&png(b"x")).await.unwrap();
        assert!(domain::document::remove(&desk.ctx, Uuid::from_u128(1), view.id).await.unwrap());
        let without = Documents { storage: unreachable(), ..desk.documents.clone() };
        let sent = Sent { case: desk.case, holder: view.id, keep_until: None, name: FileName::parse(NAME), bytes: &png(b"x") };
        assert_eq!(without.receive(&desk.ctx, sent).await.unwrap(), Err(DocumentProblem::TryLater));
        assert!(without.delete_loose(&desk.ctx).await.is_err());
        assert_eq!(desk.stored(), 1, "it waits");
        desk.documents.delete_loose(&desk.ctx).await.unwrap();
        assert_eq!((desk.stored(), desk.loose().await), (0, 1), "the one that was not stored is still noted");
    }
}

#[tokio::test]
async fn a_document_whose_object_is_gone_or_changed_is_an_error_and_no_other_content() {
    for desk in desks(None).await {
        let view = desk.receive(&png(b"x")).await.unwrap();
        let object = std::fs::read_dir(&desk.folder).unwrap().next().unwrap().unwrap().path();
        let mut bytes = std::fs::read(&object).unwrap();
        bytes[60] ^= 1;
        std::fs::write(&object, bytes).unwrap();
        let read = async || desk.documents.read(&desk.ctx, Actor::Operator, view.id).await;
        assert!(matches!(read().await, Err(Error::Internal)));
        std::fs::remove_file(&object).unwrap();
        assert!(matches!(read().await, Err(Error::Internal)));
        assert!(desk.documents.read(&desk.ctx, Actor::Operator, desk.case).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_worker_that_cannot_be_started_or_says_nothing_takes_no_file() {
    assert_eq!(Worker::new("/nonexistent/portico".into()).clean(&png(b"x")).await, Err(DocumentProblem::TryLater));
    for silent in ["/bin/true", "/bin/false", "/bin/cat"] {
        assert_eq!(Worker::new(silent.into()).clean(&png(b"x")).await, Err(DocumentProblem::Broken), "{silent}");
    }
}
