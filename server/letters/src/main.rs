//! `portico-letters`: reads letters from the standard input and answers with documents. The server starts it. As `portico-letters
//! redact` it takes areas out of one document.

use std::error::Error;
use std::io::{Write as _, stderr, stdin, stdout};

use letters::{Press, redaction, worker};

fn main() -> Result<(), Box<dyn Error>> {
    // A panic's message may quote the letter.
    std::panic::set_hook(Box::new(|panic| {
        let _ = match panic.location() {
            Some(place) => writeln!(stderr(), "portico-letters stopped at {place}"),
            None => writeln!(stderr(), "portico-letters stopped"),
        };
    }));
    if std::env::args().nth(1).is_some_and(|argument| argument == redaction::worker::ARGUMENT) {
        return Ok(redaction::worker::run(stdin().lock(), stdout().lock())?);
    }
    let press = Press::new()?;
    Ok(worker::work(&press, stdin().lock(), stdout().lock())?)
}
