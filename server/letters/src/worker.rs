//! The loop of the program: letters in, documents out, as [`shared::letter::wire`] says.

use std::io::{ErrorKind, Read, Result, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use shared::letter::wire::{Answer, MAX_ANSWER, MAX_REQUEST};
use shared::letter::{Content, Letter};

use crate::Press;

/// Answers until the input ends, or until nothing good can be expected of what follows.
///
/// # Errors
/// When the other side is gone.
pub fn work(press: &Press, mut input: impl Read, mut output: impl Write) -> Result<()> {
    while let Some(length) = read_length(&mut input)? {
        if length > MAX_REQUEST {
            // Where the next request begins is not known.
            return answer(&mut output, Answer::Refused, format!("a request has at most {MAX_REQUEST} bytes").as_bytes());
        }
        let mut request = Vec::new();
        (&mut input).take(length.into()).read_to_end(&mut request)?;
        if request.len() < length as usize {
            return Ok(());
        }
        let letter = match parse(&request) {
            Ok(letter) => letter,
            Err(reason) => {
                answer(&mut output, Answer::Refused, reason.as_bytes())?;
                continue;
            }
        };
        match catch_unwind(AssertUnwindSafe(|| press.set(&letter))) {
            Ok(Ok(pdf)) if pdf.len() > MAX_ANSWER as usize => answer(&mut output, Answer::Failed, b"the document is too large")?,
            Ok(Ok(pdf)) => answer(&mut output, Answer::Document, &pdf)?,
            Ok(Err(error)) => answer(&mut output, Answer::Failed, error.to_string().as_bytes())?,
            // What typst keeps may be half written.
            Err(_) => return answer(&mut output, Answer::Failed, b"the typesetter stopped in the middle"),
        }
    }
    Ok(())
}

fn parse(request: &[u8]) -> std::result::Result<Letter, String> {
    // The parser's own message would quote the letter.
    let content = serde_json::from_slice::<Content>(request)
        .map_err(|error| format!("the request is not a letter in JSON: line {}, column {}", error.line(), error.column()))?;
    Letter::check(content).map_err(|error| error.to_string())
}

/// None at the end of the input.
fn read_length(input: &mut impl Read) -> Result<Option<u32>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => Ok(Some(u32::from_be_bytes(length))),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn answer(output: &mut impl Write, kind: Answer, body: &[u8]) -> Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| ErrorKind::InvalidData)?;
    output.write_all(&[kind.byte()])?;
    output.write_all(&length.to_be_bytes())?;
    output.write_all(body)?;
    output.flush()
}
