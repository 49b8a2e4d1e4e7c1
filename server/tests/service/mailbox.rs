//! A mail server of this machine, and what it was given: `end2end/smtp.mjs` says which recipients it refuses.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::running::Installation;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end");

/// A mail server that ends with the test.
pub struct Mailbox {
    process: Child,
    /// `smtp://localhost:2525`
    pub url: String,
    folder: PathBuf,
}

/// A mail as its reader gets it.
#[derive(Debug, Deserialize)]
pub struct Mail {
    pub envelope: Envelope,
    /// Who signed in to send it.
    pub user: Option<String>,
    pub headers: BTreeMap<String, String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub raw: String,
}

#[derive(Debug, Deserialize)]
pub struct Envelope {
    pub from: String,
    pub to: Vec<String>,
}

impl Mail {
    pub fn to(&self) -> &str {
        let [only] = self.envelope.to.as_slice() else { panic!("{:?}", self.envelope) };
        only
    }

    pub fn message_id(&self) -> &str {
        &self.headers["message-id"]
    }

    /// Path and query of the link to a page. Only they are followed: with port 0 the public address is not known before.
    pub fn link(&self, page: &str) -> String {
        let address = format!("http://localhost:8080{page}?link=");
        let at = self.text.find(&address).unwrap_or_else(|| panic!("no link to {page} in {}", self.text));
        let link: String = self.text[at..].chars().take_while(|c| !c.is_whitespace()).collect();
        assert!(self.html.contains(&format!("href=\"{link}\"")), "{}", self.html);
        link["http://localhost:8080".len()..].to_owned()
    }
}

impl Mailbox {
    pub fn start(installation: &Installation) -> Self {
        Self::start_with(installation, &[])
    }

    /// With further arguments of the script.
    pub fn start_with(installation: &Installation, arguments: &[&str]) -> Self {
        assert!(
            Path::new(FOLDER).join("node_modules/smtp-server").is_dir(),
            "the mail server of the tests is not installed: npm ci --prefix end2end --ignore-scripts (`make test` does it)"
        );
        let folder = installation.path("mails");
        let mut command = Command::new("node");
        command.arg(Path::new(FOLDER).join("smtp.mjs")).arg(&folder).args(arguments);
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the tests need Node 20 or later for a mail server; `node` does not start: {error}"));
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let url = said.trim().strip_prefix("SMTP server at ").expect("an address").to_owned();
        Self { process, url, folder }
    }

    /// All mails that were taken, in their order.
    pub fn mails(&self) -> Vec<Mail> {
        let mut files: Vec<PathBuf> = self.files().collect();
        files.sort();
        files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect()
    }

    pub fn count(&self) -> usize {
        self.files().count()
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let files = std::fs::read_dir(&self.folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|extension| extension == "json"))
    }

    /// Waits for the mail with this number, from 1, and gives it; there must be none after it.
    pub async fn nth(&self, number: usize) -> Mail {
        until(&format!("mail {number}"), || self.count() >= number).await;
        let mut mails = self.mails();
        assert_eq!(mails.len(), number, "{mails:?}");
        mails.remove(number - 1)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The longest that a test has to wait for is a claim's end, or the first pauses of a retry.
pub const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Waits until something holds.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + LONGEST_WAIT;
    while !holds() {
        assert!(Instant::now() < deadline, "waited too long for {what}");
        // Between two looks only.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
