//! How large a letter may be.

use thiserror::Error;

use super::{Block, Content};

/// A name, a title, a line: characters.
const LINE: usize = 200;
/// The line at the foot of each page: characters.
const FOOTER: usize = 100;
/// A paragraph: characters. Longer than any field of a form.
const PARAGRAPH: usize = 10_000;
/// Lines of an address: what a window envelope shows of it.
const ADDRESS_LINES: usize = 5;
/// Characters of a line of an address. Long lines are printed smaller, so that they stay in the window.
const ADDRESS_LINE: usize = 80;
/// Characters that stay on one line when they are printed large.
const CODE: usize = 24;
const BLOCKS: usize = 200;
/// Facts of one list, steps of one list.
const ITEMS: usize = 100;
/// All texts together, in bytes: some twenty pages.
const TOTAL: usize = 64 * 1024;

/// Why something is not a letter. It names the part, never its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LetterError {
    #[error("{0} is empty")]
    Empty(&'static str),
    #[error("there are no {0}")]
    None(&'static str),
    #[error("{0} is longer than {1} characters")]
    TooLong(&'static str, usize),
    #[error("{0} are more than {1}")]
    TooMany(&'static str, usize),
    #[error("all texts together are longer than {TOTAL} bytes")]
    TooLarge,
    #[error("{0} is not a single line")]
    NotOneLine(&'static str),
}

pub(super) fn check(content: &Content) -> Result<(), LetterError> {
    line("the agency's name", &content.agency, LINE)?;
    line("the title", &content.title, LINE)?;
    if !content.footer.is_empty() {
        line("the footer", &content.footer, FOOTER)?;
    }
    address("a line under the agency's name", &content.agency_lines)?;
    address("a line of the address", &content.mail_to)?;
    count("blocks", content.blocks.len(), BLOCKS)?;
    content.blocks.iter().try_for_each(block)?;
    if total(content) > TOTAL { Err(LetterError::TooLarge) } else { Ok(()) }
}

fn block(block: &Block) -> Result<(), LetterError> {
    match block {
        Block::Heading(heading) => line("a heading", heading, LINE),
        Block::Paragraph(paragraph) => text("a paragraph", paragraph, PARAGRAPH),
        Block::Note(note) => text("a note", note, PARAGRAPH),
        Block::Steps(steps) => {
            count("steps", steps.len(), ITEMS)?;
            steps.iter().try_for_each(|step| text("a step", step, PARAGRAPH))
        }
        Block::Facts(facts) => {
            count("facts", facts.len(), ITEMS)?;
            facts.iter().try_for_each(|fact| {
                line("a fact's term", &fact.term, LINE)?;
                text("a fact's description", &fact.description, PARAGRAPH)
            })
        }
        Block::Code(code) => {
            line("a code's label", &code.label, LINE)?;
            line("a code", &code.code, CODE)
        }
    }
}

fn address(part: &'static str, lines: &[String]) -> Result<(), LetterError> {
    if lines.len() > ADDRESS_LINES {
        return Err(LetterError::TooMany("lines of an address", ADDRESS_LINES));
    }
    lines.iter().try_for_each(|text| line(part, text, ADDRESS_LINE))
}

fn line(part: &'static str, line: &str, longest: usize) -> Result<(), LetterError> {
    text(part, line, longest)?;
    if line.contains(['\n', '\r']) { Err(LetterError::NotOneLine(part)) } else { Ok(()) }
}

fn text(part: &'static str, text: &str, longest: usize) -> Result<(), LetterError> {
    if text.trim().is_empty() {
        return Err(LetterError::Empty(part));
    }
    if text.chars().count() > longest { Err(LetterError::TooLong(part, longest)) } else { Ok(()) }
}

fn count(part: &'static str, items: usize, most: usize) -> Result<(), LetterError> {
    match items {
        0 => Err(LetterError::None(part)),
        _ if items > most => Err(LetterError::TooMany(part, most)),
        _ => Ok(()),
    }
}

fn total(content: &Content) -> usize {
    let lines = [&content.agency, &content.title, &content.footer].into_iter();
    let lines = lines.chain(&content.agency_lines).chain(&content.mail_to).map(String::len).sum::<usize>();
    lines + content.blocks.iter().map(block_size).sum::<usize>()
}

fn block_size(block: &Block) -> usize {
    match block {
        Block::Heading(text) | Block::Paragraph(text) | Block::Note(text) => text.len(),
        Block::Steps(steps) => steps.iter().map(String::len).sum(),
        Block::Facts(facts) => facts.iter().map(|fact| fact.term.len() + fact.description.len()).sum(),
        Block::Code(code) => code.label.len() + code.code.len(),
    }
}
