//! Documents: the worker that cleans them, the folder they are kept in, and what an operator is told.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use domain::document::{Arriving, prepare, record, remove};
use domain::{Actor, Context};
use gateways::object_storage::{BucketAccess, Storage, StorageAddress};
use shared::case_status::ReceiptNumber;
use shared::document::{DocumentKind, FileName, ScanState};
use store::crypto::{KeyRing, sha256};
use store::data_key::Keys;
use store::{Clock, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::running::{Engine, Installation, PORTICO, http, line};

pub const NUMBER: &str = "EAC9999103403";
/// What must not be found in a database, a folder or a backup.
pub const NAME: &str = "Xiomara Quimbaya passport.pdf";
pub const CONTENT: &[u8] = b"a face that nobody should see";

/// The documents of an installation, as its server works with them.
pub struct Desk {
    pub ctx: Context,
    pub storage: Storage,
}

impl Desk {
    pub async fn of(installation: &Installation) -> Self {
        let store = Store::open(&installation.database, None).await.unwrap();
        let clock = Clock::system();
        let ring = KeyRing::load(&installation.path("portico.keys")).unwrap().unwrap();
        let keys = Keys::open(&store, ring, None, &clock).await.unwrap();
        let zone = chrono_tz::America::New_York;
        let ctx = Context::new(store, keys, clock, zone, domain::case_status::limits::LimitSettings::default()).await.unwrap();
        let folder = StorageAddress::Folder(installation.path("documents"));
        Self { ctx, storage: Storage::open(&folder, &BucketAccess::default()).unwrap() }
    }

    /// Adds a document of the case to a holder.
    pub async fn attach(&self, holder: Uuid) -> Uuid {
        let mut connection = self.ctx.store.read_primary().await.unwrap();
        let number = ReceiptNumber::parse(NUMBER).unwrap();
        let case = store::case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
        drop(connection);
        let arriving = Arriving {
            case,
            holder,
            name: FileName::parse(NAME),
            kind: DocumentKind::Pdf,
            scan: ScanState::NotScanned,
            sent_bytes: 7,
            sha256: sha256(CONTENT),
            content: CONTENT,
            keep_until: None,
        };
        let prepared = prepare(&self.ctx, arriving).await.unwrap().unwrap();
        self.storage.put(prepared.object_key(), prepared.object.clone()).await.unwrap();
        record(&self.ctx, prepared).await.unwrap().unwrap().id
    }

    pub async fn read(&self, id: Uuid) -> (String, Vec<u8>) {
        let document = domain::document::open(&self.ctx, Actor::Operator, id).await.unwrap().unwrap();
        let object = self.storage.get(document.object_key).await.unwrap().unwrap();
        (document.view.name.as_str().to_owned(), document.open(&object).unwrap())
    }
}

fn clean(bytes: &[u8]) -> Output {
    let mut command = Command::new(PORTICO);
    command.arg("clean-document").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    // It may end before it has read everything.
    let sending = std::thread::spawn(move || input.write_all(&bytes));
    let output = process.wait_with_output().unwrap();
    let _ = sending.join().unwrap();
    output
}

/// A PDF of one page, without a table of its objects, as scanners of telephones write it when they are in a hurry.
fn pdf(object: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n4 0 obj\n{object}\nendobj\n\
         trailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%EOF\n"
    )
    .into_bytes()
}

#[test]
fn the_worker_says_what_a_file_is_and_gives_back_what_is_kept() {
    let cleaned = clean(&pdf("(Xiomara Quimbaya)"));
    assert!(cleaned.status.success() && cleaned.stdout.starts_with(b"pdf\n%PDF-"), "{cleaned:?}");
    assert!(!String::from_utf8_lossy(&cleaned.stdout).contains("Quimbaya"));
    for (bytes, said) in [
        (pdf("<< /S /JavaScript /JS (app.alert(1)) >>"), "refused active_content\n"),
        (b"GIF89a".to_vec(), "refused wrong_kind\n"),
        (Vec::new(), "refused empty\n"),
        (vec![0; 11 * 1024 * 1024], "refused too_large\n"),
    ] {
        let refused = clean(&bytes);
        assert!(refused.status.success());
        assert_eq!(String::from_utf8(refused.stdout).unwrap(), said);
    }
}

#[test]
fn a_file_made_to_cost_much_ends_its_worker_and_nothing_else() {
    let begun = Instant::now();
    // Ten megabytes of numbers are gigabytes once they are read.
    let numbers = "0 ".repeat(5_000_000);
    let ended = clean(&pdf(&format!("[{numbers}]")));
    assert!(!ended.status.success(), "it did not cost as much as it should");
    assert!(ended.stdout.is_empty());
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[tokio::test]
async fn a_server_deletes_what_no_document_has_any_more() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&line("e1", NUMBER, "IAA", "2026-01-07T15:00:00Z", ""));
        let desk = Desk::of(&installation).await;
        let holder = Uuid::from_u128(1);
        let (kept, removed) = (desk.attach(holder).await, desk.attach(holder).await);
        assert!(remove(&desk.ctx, holder, removed).await.unwrap());
        let objects = || std::fs::read_dir(installation.path("documents")).unwrap().count();
        assert_eq!(objects(), 2);
        let server = installation.serve(&[]);
        let deadline = Instant::now() + Duration::from_secs(30);
        while objects() > 1 {
            assert!(Instant::now() < deadline, "{}", server.log());
            http().build().unwrap().get(server.url("/health/live")).send().await.unwrap();
        }
        assert_eq!(desk.read(kept).await, (NAME.to_owned(), CONTENT.to_vec()));
    }
}

fn doctor(installation: &Installation, settings: &[(&str, &str)]) -> String {
    let output = installation.command(&["doctor"]).envs(settings.iter().copied()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_doctor_tries_the_storage() {
    let installation = Installation::new(Engine::Sqlite).await;
    let folder = installation.path("documents");
    let folder = folder.to_str().unwrap();
    assert!(doctor(&installation, &[]).contains(&format!("look  PORTICO_DOCUMENTS: {folder} will be made at the first start")));
    assert!(!Path::new(folder).exists(), "a look changes nothing");
    std::fs::create_dir(folder).unwrap();
    let said = doctor(&installation, &[]);
    assert!(said.contains(&format!("ok    PORTICO_DOCUMENTS: documents can be written to {folder} and read")), "{said}");
    assert!(said.contains("others can look into"), "{said}");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    let file = installation.path("a file");
    std::fs::write(&file, "").unwrap();
    let said = doctor(&installation, &[("PORTICO_DOCUMENTS", file.to_str().unwrap())]);
    assert!(said.contains("bad   PORTICO_DOCUMENTS: ") && said.contains("a file"), "{said}");
    let bucket = [("PORTICO_DOCUMENTS", "s3://papers"), ("PORTICO_S3_ENDPOINT", "http://127.0.0.1:1")];
    let said = doctor(&installation, &[bucket[0], bucket[1], ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "hunter2")]);
    assert!(said.contains("bad   PORTICO_DOCUMENTS: s3://papers: ") && !said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn the_doctor_asks_the_scanner() {
    let installation = Installation::new(Engine::Sqlite).await;
    assert!(doctor(&installation, &[]).contains("look  PORTICO_CLAMD: documents are taken without a scan"));
    let said = doctor(&installation, &[("PORTICO_CLAMD", "unix:/nonexistent/clamd.ctl")]);
    assert!(said.contains("bad   PORTICO_CLAMD: unix:/nonexistent/clamd.ctl"), "{said}");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let daemon = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut command = [0; 6];
        connection.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zPING\0");
        connection.write_all(b"PONG\0").await.unwrap();
    });
    let asked = tokio::task::spawn_blocking({
        let address = address.clone();
        move || doctor(&installation, &[("PORTICO_CLAMD", &address)])
    });
    let said = asked.await.unwrap();
    daemon.await.unwrap();
    assert!(said.contains(&format!("ok    PORTICO_CLAMD: the scanner at {address} answers")), "{said}");
}
