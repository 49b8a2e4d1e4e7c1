//! Has areas taken out of documents by `portico-letters redact`, a process for each document with little memory and no environment.
//!
//! Nothing of a document is in an error or in the log.

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use shared::document::{DocumentKind, LARGEST_REDACTED, Redaction, RedactionFault, RedactionRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use crate::letters::beside;

const ARGUMENT: &str = "redact";
/// The process takes at most 60 seconds of work; it may have had to wait for a processor.
const TIME_OUT: Duration = Duration::from_secs(90);
/// Processes at one time: each may hold a photograph of 60 million pixels.
const AT_ONCE: usize = 2;
/// The answer's line and the document; one byte more shows that there is more.
const LONGEST_ANSWER: u64 = LARGEST_REDACTED as u64 + 100;

/// Takes areas out of documents.
#[derive(Clone)]
pub struct Redactor {
    program: PathBuf,
    time_out: Duration,
    places: Arc<Semaphore>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({})", self.program.display())
    }
}

impl Redactor {
    /// The program is looked for beside the one that is running, unless a path says where it is. It need not be there yet.
    pub fn new(program: Option<PathBuf>) -> Self {
        Self { program: program.unwrap_or_else(beside), time_out: TIME_OUT, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Gives what is left of a document without the areas. The kind is the one that its content showed when it was taken in.
    ///
    /// # Errors
    /// [`RedactionFault`]: then nothing of the document may go out.
    pub async fn redact(&self, kind: DocumentKind, bytes: &[u8], areas: &[Redaction]) -> Result<Vec<u8>, RedactionFault> {
        let request = RedactionRequest { kind, areas: areas.to_vec() };
        let mut line = serde_json::to_vec(&request).map_err(|_| RedactionFault::NoArea)?;
        line.push(b'\n');
        let Ok(_place) = self.places.acquire().await else { return Err(RedactionFault::TryLater) };
        let child = self.start()?;
        let answered = tokio::time::timeout(self.time_out, answer(child, &line, bytes)).await;
        answered.ok().flatten().and_then(read).unwrap_or_else(|| {
            tracing::warn!("a document took too much memory or time to be redacted, and was not");
            Err(RedactionFault::Broken)
        })
    }

    fn start(&self) -> Result<Child, RedactionFault> {
        let started = Command::new(&self.program)
            .arg(ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a parser says when it fails may repeat what it read.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        started.map_err(|error| {
            let remedy = if error.kind() == ErrorKind::NotFound { ": build it with `make letters`" } else { "" };
            tracing::error!("{} was not started to redact a document: {error}{remedy}", self.program.display());
            RedactionFault::TryLater
        })
    }
}

/// What the process writes, if it ends well.
async fn answer(mut child: Child, line: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let mut answer = Vec::new();
    let mut output = output.take(LONGEST_ANSWER);
    let (sent, read) = tokio::join!(
        async {
            input.write_all(line).await?;
            input.write_all(bytes).await?;
            input.shutdown().await?;
            drop(input);
            Ok::<_, std::io::Error>(())
        },
        output.read_to_end(&mut answer)
    );
    sent.and(read).ok()?;
    // A process that says too much must not wait for somebody to listen.
    drop(output);
    child.wait().await.ok().filter(ExitStatus::success)?;
    Some(answer)
}

fn read(mut answer: Vec<u8>) -> Option<Result<Vec<u8>, RedactionFault>> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let word = str::from_utf8(&answer[..end]).ok()?;
    if let Some(fault) = word.strip_prefix(RedactionRequest::REFUSED) {
        return RedactionFault::from_key(fault).map(Err);
    }
    if word != RedactionRequest::DONE || answer.len() > end + 1 + LARGEST_REDACTED {
        return None;
    }
    // In place: a second copy of a document is memory that nobody needs.
    answer.drain(..=end);
    Some(Ok(answer))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const AREA: Redaction = Redaction { page: 1, left: 0, top: 0, right: 10, bottom: 10 };

    /// A program that behaves as it is told.
    fn program(script: &str) -> (TempDir, Redactor) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico-letters");
        // Written by another process: what this one has open for writing cannot be started while another test forks.
        let written = std::process::Command::new("/bin/sh")
            .args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 700 \"$0\""])
            .args([path.as_os_str(), script.as_ref()])
            .status();
        assert!(written.unwrap().success());
        (folder, Redactor::new(Some(path)))
    }

    async fn redacted(script: &str) -> Result<Vec<u8>, RedactionFault> {
        let (_folder, redactor) = program(script);
        redactor.redact(DocumentKind::Png, b"a picture\n", &[AREA]).await
    }

    #[tokio::test]
    async fn the_program_is_told_what_to_do_and_its_answer_is_the_document() {
        let asked = redacted("echo redacted; echo \"$@\"; exec cat").await.unwrap();
        let line = r#"{"kind":"png","areas":[{"page":1,"left":0,"top":0,"right":10,"bottom":10}]}"#;
        assert_eq!(String::from_utf8(asked).unwrap(), format!("redact\n{line}\na picture\n"));
    }

    #[tokio::test]
    async fn a_reason_is_handed_on() {
        for fault in RedactionFault::ALL {
            assert_eq!(redacted(&format!("cat >&2; echo 'refused {}'", fault.key())).await, Err(fault));
        }
    }

    #[tokio::test]
    async fn what_is_no_answer_is_no_document() {
        for script in [
            "cat >&2",
            "cat >&2; echo half; exit 0",
            "cat >&2; printf redacted",
            "cat >&2; echo 'refused for no reason'",
            "cat >&2; echo redacted; echo half; exit 1",
            "cat >&2; echo redacted; echo half; kill -9 $$",
            "cat >&2; echo redacted; head -c 30000000 /dev/zero",
        ] {
            assert_eq!(redacted(script).await, Err(RedactionFault::Broken), "{script}");
        }
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_ended_and_one_that_is_missing_is_for_later() {
        let (_folder, mut hanging) = program("exec sleep 600");
        hanging.time_out = Duration::from_millis(200);
        assert_eq!(hanging.redact(DocumentKind::Png, b"", &[AREA]).await, Err(RedactionFault::Broken));
        let missing = Redactor::new(Some("/nowhere/portico-letters".into()));
        assert_eq!(missing.redact(DocumentKind::Png, b"", &[AREA]).await, Err(RedactionFault::TryLater));
    }
}
