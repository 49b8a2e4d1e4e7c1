//! Has letters set as PDF by the program `portico-letters`, a process of its own with no environment.
//!
//! The program is started with the first letter and kept for the next ones, which it takes one at a time. If it ends or hangs, a
//! new one is started.

use std::env::consts::EXE_SUFFIX;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use shared::letter::Letter;
use shared::letter::wire::{Answer, MAX_ANSWER};
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

/// A letter takes a fraction of a second. The wait for the letters before it does not count.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Why there is no PDF. No variant holds a text of the letter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LettersError {
    #[error("the program that sets letters is not at {}: it is still being built, or was left out (`make letters`)", .0.display())]
    Missing(PathBuf),
    #[error("the program that sets letters cannot be started: {0}")]
    Start(ErrorKind),
    #[error("the program that sets letters ended in the middle of a letter")]
    Ended,
    #[error("the program that sets letters took too long")]
    TimedOut,
    #[error("the program that sets letters answered what is no answer")]
    Garbled,
    #[error("the letter was not set: {0}")]
    Refused(String),
}

/// Sets letters.
pub struct Letters {
    program: PathBuf,
    time_limit: Duration,
    worker: Mutex<Option<Worker>>,
}

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letters({})", self.program.display())
    }
}

impl Letters {
    /// The program is looked for beside the one that is running, unless a path says where it is. It need not be there yet.
    pub fn new(program: Option<PathBuf>) -> Self {
        Self { program: program.unwrap_or_else(beside), time_limit: TIME_LIMIT, worker: Mutex::new(None) }
    }

    /// Sets one letter as PDF.
    pub async fn pdf(&self, letter: &Letter) -> Result<Vec<u8>, LettersError> {
        let request = request(letter)?;
        let mut kept = self.worker.lock().await;
        // Whoever stops waiting drops the worker, which ends it: its answer would be taken for the next letter's.
        if let Some(worker) = kept.take() {
            match self.ask(worker, &request).await {
                // It may have ended since the last letter.
                Err(LettersError::Ended) => {}
                Err(error) => return Err(error),
                Ok((worker, pdf)) => {
                    *kept = Some(worker);
                    return Ok(pdf);
                }
            }
        }
        let (worker, pdf) = self.ask(Worker::start(&self.program)?, &request).await?;
        *kept = Some(worker);
        Ok(pdf)
    }

    /// Gives the worker back only after a document. Any other ends here.
    async fn ask(&self, mut worker: Worker, request: &[u8]) -> Result<(Worker, Vec<u8>), LettersError> {
        let answer = tokio::time::timeout(self.time_limit, worker.answer(request)).await;
        let (kind, body) = answer.map_err(|_| LettersError::TimedOut)??;
        match kind {
            Answer::Document => Ok((worker, body)),
            Answer::Refused | Answer::Failed => Err(LettersError::Refused(String::from_utf8_lossy(&body).into_owned())),
        }
    }
}

/// The program at work.
struct Worker {
    input: ChildStdin,
    output: ChildStdout,
    /// Ends with this.
    _process: Child,
}

impl Worker {
    fn start(program: &Path) -> Result<Self, LettersError> {
        let spawned = Command::new(program)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It says where it stopped, and nothing of a letter.
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn();
        let mut process = spawned.map_err(|error| match error.kind() {
            ErrorKind::NotFound => LettersError::Missing(program.to_owned()),
            kind => LettersError::Start(kind),
        })?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(LettersError::Start(ErrorKind::BrokenPipe));
        };
        Ok(Self { input, output, _process: process })
    }

    async fn answer(&mut self, request: &[u8]) -> Result<(Answer, Vec<u8>), LettersError> {
        let ended = |_| LettersError::Ended;
        self.input.write_all(request).await.map_err(ended)?;
        let kind = Answer::from_byte(self.output.read_u8().await.map_err(ended)?).ok_or(LettersError::Garbled)?;
        let length = self.output.read_u32().await.map_err(ended)?;
        if length > MAX_ANSWER {
            return Err(LettersError::Garbled);
        }
        let mut body = vec![0; length as usize];
        self.output.read_exact(&mut body).await.map_err(ended)?;
        Ok((kind, body))
    }
}

/// The letter's length and the letter.
fn request(letter: &Letter) -> Result<Vec<u8>, LettersError> {
    let unwritable = || LettersError::Refused("it cannot be written as JSON".to_owned());
    let json = serde_json::to_vec(letter).map_err(|_| unwritable())?;
    let length = u32::try_from(json.len()).map_err(|_| unwritable())?;
    Ok([&length.to_be_bytes()[..], &json].concat())
}

/// Where the program is, if nothing says so.
pub(crate) fn beside() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.with_file_name(format!("portico-letters{EXE_SUFFIX}"))
}

#[cfg(test)]
mod tests;
