//! The drop on a real `sshd`, which each test starts for itself.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod line;
mod sshd;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use gateways::usps_drop::{DropError, HostKey, Listed, SftpAccess, UspsDrop, Watch};
use line::{Ending, line_to};
use sshd::{Sshd, new_key};
use tempfile::TempDir;

/// A drop on a server, and a folder that its files are brought to.
struct Drops {
    sshd: Sshd,
    here: TempDir,
    watch: Watch,
}

fn second(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

/// Bytes that do not repeat, so that a piece in the wrong place shows.
fn content(bytes: u32) -> Vec<u8> {
    (0..bytes.div_ceil(4)).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).take(bytes as usize).collect()
}

/// Everything about every file of a folder that a stranger could have changed.
fn state_of(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let state = |path: &Path| (std::fs::read(path).unwrap(), path.metadata().unwrap().modified().unwrap());
    paths.map(|path| (path.clone(), state(&path))).collect()
}

impl Drops {
    fn new() -> Self {
        Self { sshd: Sshd::start("ed25519"), here: tempfile::tempdir().unwrap(), watch: Watch::default() }
    }

    fn put(&self, name: &str, content: &[u8]) {
        std::fs::write(self.sshd.drop_folder().join(name), content).unwrap();
    }

    fn drop(&self) -> UspsDrop {
        self.sshd.drop_at(self.sshd.port)
    }

    async fn list(&mut self, at: i64) -> Result<Vec<Listed>, DropError> {
        self.drop().list(Some(&self.sshd.access()), &mut self.watch, second(at)).await
    }

    async fn names(&mut self, at: i64) -> Vec<String> {
        self.list(at).await.unwrap().into_iter().map(|file| file.name.to_string()).collect()
    }

    /// The one file of the drop, whose semaphore is there.
    async fn only_file(&mut self) -> Listed {
        let [listed] = <[Listed; 1]>::try_from(self.list(0).await.unwrap()).unwrap();
        listed
    }

    fn to(&self, listed: &Listed) -> PathBuf {
        self.here.path().join(listed.name.as_str())
    }

    async fn fetch(&self, listed: &Listed) -> Result<(), DropError> {
        self.drop().fetch(Some(&self.sshd.access()), listed, &self.to(listed)).await
    }
}

#[tokio::test]
async fn files_are_listed_and_fetched_byte_for_byte_and_the_drop_stays_as_it_is() {
    let mut drops = Drops::new();
    let files =
        [("a.txt", content(5 << 20)), ("b.csv", content(100_001)), ("empty", vec![]), ("señal one.txt", b"x\r\n\0".to_vec())];
    for (name, content) in &files {
        drops.put(name, content);
        drops.put(&format!("{name}.sem"), b"");
    }
    let before = state_of(&drops.sshd.drop_folder());
    let listed = drops.list(0).await.unwrap();
    assert_eq!(listed.len(), files.len());
    for (listed, (name, content)) in listed.iter().zip(&files) {
        assert_eq!((listed.name.as_str(), listed.bytes), (*name, content.len() as u64));
        drops.fetch(listed).await.unwrap();
        assert!(&std::fs::read(drops.to(listed)).unwrap() == content, "{name} is not the same");
    }
    assert_eq!(std::fs::read_dir(drops.here.path()).unwrap().count(), files.len(), "no temporary file stays");
    assert_eq!(state_of(&drops.sshd.drop_folder()), before);
}

#[tokio::test]
async fn only_regular_files_with_usable_names_are_listed() {
    let mut drops = Drops::new();
    for name in ["a.txt", ".hidden", "b.tmp", "c.part", "d.filepart", "e\nf.txt", "g..h"] {
        drops.put(name, b"x");
    }
    let folder = drops.sshd.drop_folder();
    std::fs::create_dir(folder.join("sub")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link.txt")).unwrap();
    assert_eq!(drops.names(0).await, [""; 0]);
    assert_eq!(drops.names(60).await, ["a.txt"]);
}

#[tokio::test]
async fn a_file_is_listed_when_its_semaphore_appears_or_when_it_rests_for_a_minute() {
    let mut drops = Drops::new();
    drops.put("a.txt", b"half");
    drops.put("b.txt", b"half");
    assert_eq!(drops.names(0).await, [""; 0]);
    drops.put("a.txt", b"half and half");
    drops.put("b.txt", b"half and half");
    assert_eq!(drops.names(60).await, [""; 0]);
    drops.put("a.sem", b"");
    assert_eq!(drops.names(61).await, ["a.txt"]);
    assert_eq!(drops.names(120).await, ["a.txt", "b.txt"]);
}

#[tokio::test]
async fn many_files_are_listed() {
    let mut drops = Drops::new();
    let names: Vec<_> = (0..500).map(|number| format!("extract-{number:04}-{}.txt", "n".repeat(150))).collect();
    for name in &names {
        drops.put(name, b"x");
    }
    drops.names(0).await;
    assert_eq!(drops.names(60).await, names);
}

#[tokio::test]
async fn a_server_with_another_host_key_is_refused_before_authentication() {
    let drops = Drops::new();
    let pinned = HostKey::parse(&format!("SHA256:{}", "A".repeat(43))).unwrap();
    let access = SftpAccess { host_key: pinned, ..drops.sshd.access() };
    let listed = drops.drop().list(Some(&access), &mut Watch::default(), second(0)).await;
    let Err(DropError::OtherHostKey { shown, kind }) = listed else { panic!("{listed:?}") };
    assert_eq!((shown, kind.as_str()), (drops.sshd.host_key.to_string(), "ssh-ed25519"));
    // The server names the user from the moment on when somebody tries to sign in.
    let log = drops.sshd.log_with("[preauth]").await;
    assert!(!log.contains("user"), "{log}");
}

#[tokio::test]
async fn a_user_key_that_the_server_does_not_know_is_refused() {
    let drops = Drops::new();
    let stranger = new_key(drops.here.path(), "stranger", "ed25519");
    let access = SftpAccess { key_file: stranger, ..drops.sshd.access() };
    let listed = drops.drop().list(Some(&access), &mut Watch::default(), second(0)).await;
    assert!(matches!(listed, Err(DropError::KeyRefused(_))), "{listed:?}");
}

#[tokio::test]
async fn rsa_and_ecdsa_keys_serve_as_well() {
    for kind in ["rsa", "ecdsa"] {
        let sshd = Sshd::start(kind);
        let listed = sshd.drop_at(sshd.port).list(Some(&sshd.access()), &mut Watch::default(), second(0)).await;
        assert!(listed.is_ok(), "{kind}: {listed:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let mut drops = Drops::new();
    std::fs::remove_dir(drops.sshd.drop_folder()).unwrap();
    let listed = drops.list(0).await;
    assert!(matches!(listed, Err(DropError::Server(_))), "{listed:?}");
}

#[tokio::test]
async fn a_file_that_changed_after_it_was_listed_is_not_kept() {
    let mut drops = Drops::new();
    drops.put("a.txt", &content(300_000));
    drops.put("a.sem", b"");
    let listed = drops.only_file().await;
    for bytes in [299_999, 300_001] {
        drops.put("a.txt", &content(bytes));
        let fetched = drops.fetch(&listed).await;
        assert!(matches!(fetched, Err(DropError::Changed(_))), "{fetched:?}");
        assert_eq!(std::fs::read_dir(drops.here.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_leaves_nothing() {
    let (fetched, drops) = fetched_over(Ending::Cut).await;
    assert!(matches!(fetched, Err(DropError::Connection(_))), "{fetched:?}");
    assert_eq!(std::fs::read_dir(drops.here.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_server_that_falls_silent_in_the_middle_is_given_up() {
    let began = tokio::time::Instant::now();
    let (fetched, drops) = fetched_over(Ending::Silence).await;
    assert_eq!(began.elapsed().as_secs() / 60, 1);
    assert!(matches!(fetched, Err(DropError::TimedOut(_))), "{fetched:?}");
    assert_eq!(std::fs::read_dir(drops.here.path()).unwrap().count(), 0);
}

/// A fetch of 5 MB over a line that carries two.
async fn fetched_over(ending: Ending) -> (Result<(), DropError>, Drops) {
    let mut drops = Drops::new();
    drops.put("a.txt", &content(5 << 20));
    drops.put("a.sem", b"");
    let listed = drops.only_file().await;
    let port = line_to(drops.sshd.port, 2 << 20, ending).await;
    let drop = drops.sshd.drop_at(port);
    let fetched = drop.fetch(Some(&drops.sshd.access()), &listed, &drops.to(&listed)).await;
    (fetched, drops)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_given_up() {
    let drops = Drops::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let drop = drops.sshd.drop_at(silent.local_addr().unwrap().port());
    let began = tokio::time::Instant::now();
    let listed = drop.list(Some(&drops.sshd.access()), &mut Watch::default(), second(0)).await;
    assert!(matches!(listed, Err(DropError::TimedOut(_))), "{listed:?}");
    assert_eq!(began.elapsed().as_secs(), 20);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let drops = Drops::new();
    // Port 1 belongs to a service that nobody runs.
    let listed = drops.sshd.drop_at(1).list(Some(&drops.sshd.access()), &mut Watch::default(), second(0)).await;
    let error = listed.unwrap_err();
    assert!(matches!(error, DropError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("@127.0.0.1:1/"), "{error}");
}
