//! What poppler's programs, which share no code with the typesetter, find in a document.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// What a program prints about a document.
fn read_by(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut reader = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}. `.config/install-for-tests` installs it (Debian: poppler-utils)."));
    let mut input = reader.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let written = thread::spawn(move || input.write_all(&pdf));
    let output = reader.wait_with_output().unwrap();
    written.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words in the order of reading, with single spaces.
pub fn text(pdf: &[u8]) -> String {
    read_by("pdftotext", &["-", "-"], pdf).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The tags and their texts, as assistive technology gets them: one a line, indented.
pub fn structure(pdf: &[u8]) -> String {
    read_by("pdfinfo", &["-struct-text", "-"], pdf)
}

/// Title, pages and the like.
pub fn properties(pdf: &[u8]) -> String {
    read_by("pdfinfo", &["-"], pdf)
}

/// The metadata in XMP.
pub fn metadata(pdf: &[u8]) -> String {
    read_by("pdfinfo", &["-meta", "-"], pdf)
}

pub fn pages(pdf: &[u8]) -> usize {
    let properties = properties(pdf);
    properties.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap()
}

/// A word on the paper, in inches from the upper left corner.
#[derive(Debug)]
pub struct Word {
    pub text: String,
    pub page: usize,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

pub fn words(pdf: &[u8]) -> Vec<Word> {
    let mut page = 0;
    let mut words = Vec::new();
    for line in read_by("pdftotext", &["-bbox", "-", "-"], pdf).lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
        }
        let Some(word) = line.strip_prefix("<word ") else { continue };
        let side = |name: &str| {
            let value = word.split_once(&format!("{name}=\"")).unwrap().1;
            value.split_once('"').unwrap().0.parse::<f64>().unwrap() / 72.0
        };
        let text = word.split_once('>').unwrap().1.trim_end_matches("</word>").replace('\u{200b}', "");
        words.push(Word { text, page, left: side("xMin"), top: side("yMin"), right: side("xMax"), bottom: side("yMax") });
    }
    words
}
