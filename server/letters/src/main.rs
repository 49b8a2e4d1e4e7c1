//! `portico-letters`: reads letters from the standard input and answers with documents. The server starts it.

use std::error::Error;
use std::io::{Write as _, stderr, stdin, stdout};

use letters::{Press, worker};

fn main() -> Result<(), Box<dyn Error>> {
    // A panic's message may quote the letter.
    std::panic::set_hook(Box::new(|panic| {
        let _ = match panic.location() {
            Some(place) => writeln!(stderr(), "portico-letters stopped at {place}"),
            None => writeln!(stderr(), "portico-letters stopped"),
        };
    }));
    let press = Press::new()?;
    Ok(worker::work(&press, stdin().lock(), stdout().lock())?)
}
