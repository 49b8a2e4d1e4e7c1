//! Cleans files in a process of their own: this program, started as `portico clean-document`.
//!
//! What people send is read by parsers, and a file can be made to cost one very much, or to end it. The process has little memory
//! and time, no settings and no database; if it ends, one file was not taken. It reads the file from its standard input and
//! writes one word, a line feed and what is kept of the file: `pdf`, or `refused` and a reason.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use domain::document::{Cleaned, clean};
use rustix::process::{Resource, Rlimit, setrlimit};
use shared::document::{DocumentKind, DocumentProblem, LARGEST_DOCUMENT};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

/// The argument that makes this program a worker.
const ARGUMENT: &str = "clean-document";
/// Memory of one worker. A document of 10 MB takes some tens of megabytes.
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of work.
const MOST_SECONDS: u64 = 15;
/// A worker that has not answered by then is ended; it may have had to wait for a processor.
const TIME_OUT: Duration = Duration::from_secs(30);
/// Workers at one time.
const AT_ONCE: usize = 2;
/// Most bytes of an answer: what is kept of a PDF can be packed less tightly.
const LONGEST_ANSWER: u64 = 4 * LARGEST_DOCUMENT as u64;

const REFUSED: &str = "refused ";

/// Starts workers.
#[derive(Debug, Clone)]
pub struct Worker {
    program: PathBuf,
    places: Arc<Semaphore>,
}

impl Worker {
    pub fn this_program() -> Self {
        // The link leads to the program as it was started, even after an upgrade has put another file in its place.
        let link = Path::new("/proc/self/exe");
        let program = if link.exists() { link.into() } else { std::env::current_exe().unwrap_or_else(|_| "portico".into()) };
        Self::new(program)
    }

    pub(super) fn new(program: PathBuf) -> Self {
        Self { program, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Has a file cleaned.
    pub async fn clean(&self, bytes: &[u8]) -> Result<Cleaned, DocumentProblem> {
        let Ok(_place) = self.places.acquire().await else { return Err(DocumentProblem::TryLater) };
        let started = Command::new(&self.program)
            .arg(ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a parser says when it fails may repeat what it read.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let child = started.map_err(|error| {
            tracing::error!("no process was started to clean a document: {error}");
            DocumentProblem::TryLater
        })?;
        let answered = tokio::time::timeout(TIME_OUT, answer(child, bytes)).await;
        answered.ok().and_then(read).unwrap_or_else(|| {
            tracing::warn!("a document took too much memory or time to be looked through, and was not taken");
            Err(DocumentProblem::Broken)
        })
    }
}

/// What a worker writes, if it ends well.
async fn answer(mut child: Child, bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let mut answer = Vec::new();
    let mut output = output.take(LONGEST_ANSWER);
    let (sent, read) = tokio::join!(
        async {
            input.write_all(bytes).await?;
            input.shutdown().await?;
            drop(input);
            Ok::<_, std::io::Error>(())
        },
        output.read_to_end(&mut answer)
    );
    sent.and(read).ok()?;
    child.wait().await.ok().filter(std::process::ExitStatus::success)?;
    Some(answer)
}

fn read(answer: Option<Vec<u8>>) -> Option<Result<Cleaned, DocumentProblem>> {
    let mut answer = answer?;
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let content = answer.split_off(end + 1);
    let word = str::from_utf8(&answer[..end]).ok()?;
    match word.strip_prefix(REFUSED) {
        Some(problem) => DocumentProblem::from_key(problem).map(Err),
        None => DocumentKind::from_key(word).map(|kind| Ok(Cleaned { kind, content })),
    }
}

/// Is a worker.
pub fn run() -> ExitCode {
    if restrict().and_then(|()| work().map_err(|_| ())).is_err() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// No more memory and time than a document needs; no file is written, a dump of what was read least of all.
fn restrict() -> Result<(), ()> {
    let limits = [(Resource::Data, MOST_MEMORY), (Resource::Cpu, MOST_SECONDS), (Resource::Core, 0), (Resource::Fsize, 0)];
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    limits.into_iter().try_for_each(|(resource, most)| setrlimit(resource, limit(most)).map_err(|_| ()))
}

fn work() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    // One byte more shows that there is more.
    std::io::stdin().lock().take(LARGEST_DOCUMENT as u64 + 1).read_to_end(&mut bytes)?;
    let mut out = std::io::stdout().lock();
    match clean(&bytes) {
        Ok(cleaned) => {
            writeln!(out, "{}", cleaned.kind.key())?;
            out.write_all(&cleaned.content)?;
        }
        Err(problem) => writeln!(out, "{REFUSED}{}", problem.key())?,
    }
    out.flush()
}
