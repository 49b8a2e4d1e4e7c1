//! The process: a request and a document in, what is left of the document out, as [`RedactionRequest`] says. Then it ends.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, setrlimit};
use shared::document::{LARGEST_KEPT, RedactionFault, RedactionRequest};

use super::redact;

/// The argument that makes the program take areas out of a document.
pub const ARGUMENT: &str = "redact";
/// Memory of the process. A scanned page takes some tens of megabytes, a photograph of 60 million pixels 200.
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of work.
const MOST_SECONDS: u64 = 60;

/// Answers one request, in a process that takes no more memory and time than a document needs and writes no file.
///
/// # Errors
/// When the limits cannot be set, or the other side is gone.
pub fn run(input: impl Read, output: impl Write) -> Result<()> {
    let limits = [(Resource::Data, MOST_MEMORY), (Resource::Cpu, MOST_SECONDS), (Resource::Core, 0), (Resource::Fsize, 0)];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    work(input, output)
}

/// Answers one request.
///
/// # Errors
/// When the other side is gone.
pub fn work(input: impl Read, mut output: impl Write) -> Result<()> {
    let mut input = BufReader::new(input);
    let mut line = Vec::new();
    input.by_ref().take(RedactionRequest::LONGEST).read_until(b'\n', &mut line)?;
    let mut document = Vec::new();
    // One byte more shows that there is more.
    input.take(LARGEST_KEPT as u64 + 1).read_to_end(&mut document)?;
    match answer(&line, document) {
        Ok(redacted) => {
            writeln!(output, "{}", RedactionRequest::DONE)?;
            output.write_all(&redacted)?;
        }
        Err(fault) => writeln!(output, "{}{}", RedactionRequest::REFUSED, fault.key())?,
    }
    output.flush()
}

fn answer(line: &[u8], document: Vec<u8>) -> std::result::Result<Vec<u8>, RedactionFault> {
    let request: RedactionRequest = serde_json::from_slice(line).map_err(|_| RedactionFault::NoArea)?;
    if document.len() > LARGEST_KEPT {
        return Err(RedactionFault::TooBig);
    }
    // A parser that stops in the middle has left nothing behind that is used.
    let redacted = catch_unwind(AssertUnwindSafe(|| redact(request.kind, document, &request.areas)));
    redacted.unwrap_or(Err(RedactionFault::Broken))
}
