//! Letters about nobody.

use chrono::NaiveDate;
use shared::letter::{Block, Code, Content, Fact, Letter};
use shared::locale::Locale;

pub fn letter(content: Content) -> Letter {
    Letter::check(content).unwrap()
}

/// A confirmation that a person keeps.
pub fn confirmation() -> Content {
    let facts = [("Confirmation number", "7K4M-2Q9D"), ("Receipt number", "EAC9999500777"), ("Office", "Nebraska Service Center")];
    Content {
        locale: Locale::En,
        agency: "Immigration Benefits Agency".to_owned(),
        agency_lines: vec!["Records Center".to_owned(), "PO Box 100".to_owned(), "Springfield, VA 22150".to_owned()],
        mail_to: Vec::new(),
        title: "We received your request".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        blocks: vec![
            paragraph("We received your request on November 22, 2026. Keep this page."),
            Block::Heading("Your request".to_owned()),
            Block::Facts(facts.map(|(term, description)| fact(term, description)).to_vec()),
            Block::Heading("What happens next".to_owned()),
            Block::Steps(vec!["We send your request to the office.".to_owned(), "The office answers by mail.".to_owned()]),
            Block::Note("We mean to answer by December 22, 2026.".to_owned()),
        ],
        footer: "Confirmation number 7K4M-2Q9D".to_owned(),
    }
}

/// A letter with a code, for a window envelope.
pub fn mailed_code() -> Content {
    let address = ["MARÍA INVENTADA", "C/O JUAN INVENTADO", "1234 IMAGINARY STREET APT 56", "SPRINGFIELD VA 22150-1234"];
    Content {
        locale: Locale::Es,
        agency: "Agencia de Beneficios de Inmigración".to_owned(),
        mail_to: address.map(str::to_owned).to_vec(),
        title: "Su código para cambiar de dirección".to_owned(),
        blocks: vec![
            paragraph("Alguien pidió que cambiemos la dirección de su caso. Para confirmarlo, escriba este código."),
            Block::Code(Code { label: "Su código".to_owned(), code: "7K4M-2Q9D".to_owned() }),
            Block::Note("Si usted no lo pidió, llámenos.".to_owned()),
        ],
        footer: String::new(),
        ..confirmation()
    }
}

pub fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

pub fn fact(term: &str, description: &str) -> Fact {
    Fact { term: term.to_owned(), description: description.to_owned() }
}

/// The confirmation with these blocks instead of its own.
pub fn with(blocks: Vec<Block>) -> Letter {
    letter(Content { blocks, ..confirmation() })
}
