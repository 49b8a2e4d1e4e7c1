//! Letters and redacted documents by the real program. It is large and not built with this crate: `cargo build -p letters` comes
//! first.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use chrono::NaiveDate;
use gateways::letters::{Letters, LettersError};
use gateways::redaction::Redactor;
use shared::document::{DocumentKind, Redaction, RedactionFault};
use shared::letter::{Block, Content, Letter};
use shared::locale::Locale;
use tempfile::TempDir;

/// Where cargo puts it: beside the folder of this test.
fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().with_file_name(format!("portico-letters{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is not there: build it with `cargo build -p letters`", program.display());
    program
}

/// The real program after some lines of shell, whose folder is `$here`.
fn program_after(script: &str) -> (TempDir, Letters) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico-letters");
    let script = format!("here=${{0%/*}}\n{script}\nexec '{}'", program().display());
    // Written by another process: what this one has open for writing cannot be started while another test forks.
    let written = Command::new("/bin/sh")
        .args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 700 \"$0\""])
        .args([path.as_os_str(), script.as_ref()])
        .status();
    assert!(written.unwrap().success());
    (folder, Letters::new(Some(path)))
}

fn letter(title: &str) -> Letter {
    Letter::check(Content {
        locale: Locale::En,
        agency: "Immigration Benefits Agency".to_owned(),
        agency_lines: Vec::new(),
        mail_to: Vec::new(),
        title: title.to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        blocks: vec![Block::Paragraph("Nothing happens.".to_owned())],
        footer: String::new(),
    })
    .unwrap()
}

fn is_about(pdf: &[u8], title: &str) -> bool {
    let metadata = format!("<rdf:li xml:lang=\"x-default\">{title}</rdf:li>");
    pdf.starts_with(b"%PDF-") && pdf.windows(metadata.len()).any(|window| window == metadata.as_bytes())
}

#[tokio::test]
async fn a_letter_that_is_redacted_by_the_same_program_is_a_picture() {
    let letter = Letters::new(Some(program())).pdf(&letter("A title")).await.unwrap();
    let redactor = Redactor::new(Some(program()));
    let area = |page| Redaction { page, left: 0, top: 0, right: 500, bottom: 500 };
    let redacted = redactor.redact(DocumentKind::Pdf, &letter, &[area(1)]).await.unwrap();
    assert!(redacted.starts_with(b"%PDF-") && !is_about(&redacted, "A title"));
    assert!(redacted.windows(3).any(|window| window == [0xFF, 0xD8, 0xFF]), "a picture is in it");
    assert_eq!(redactor.redact(DocumentKind::Pdf, &letter, &[area(2)]).await, Err(RedactionFault::NoSuchPage));
    assert_eq!(redactor.redact(DocumentKind::Png, &letter, &[area(1)]).await, Err(RedactionFault::Broken));
}

#[tokio::test]
async fn one_program_is_kept_for_all_letters() {
    let (folder, letters) = program_after("echo started >> \"$here/starts\"");
    for title in ["One", "Two", "Three"] {
        assert!(is_about(&letters.pdf(&letter(title)).await.unwrap(), title));
    }
    let (one, two) = (letter("One"), letter("Two"));
    let (one, two) = tokio::join!(letters.pdf(&one), letters.pdf(&two));
    assert!(is_about(&one.unwrap(), "One") && is_about(&two.unwrap(), "Two"));
    assert_eq!(fs::read_to_string(folder.path().join("starts")).unwrap(), "started\n");
}

#[tokio::test]
async fn a_program_that_was_killed_is_replaced_before_anybody_notices() {
    let (folder, letters) = program_after("echo $$ > \"$here/pid\"");
    letters.pdf(&letter("One")).await.unwrap();
    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    assert!(Command::new("/bin/kill").args(["-9", pid.trim()]).status().unwrap().success());
    assert!(is_about(&letters.pdf(&letter("Two")).await.unwrap(), "Two"));
    assert_ne!(fs::read_to_string(folder.path().join("pid")).unwrap(), pid);
}

#[tokio::test]
async fn after_a_program_died_in_the_middle_of_a_letter_the_next_one_is_set() {
    let (_folder, letters) = program_after("if mkdir \"$here/second\" 2> /dev/null; then head -c 100 > /dev/null; exit 1; fi");
    assert_eq!(letters.pdf(&letter("One")).await, Err(LettersError::Ended));
    assert!(is_about(&letters.pdf(&letter("Two")).await.unwrap(), "Two"));
}

#[tokio::test]
async fn nobody_gets_the_letter_that_somebody_else_did_not_wait_for() {
    let letters = Letters::new(Some(program()));
    let first = letter("One");
    letters.pdf(&letter("Zero")).await.unwrap();
    // The request is written, and then nobody waits any longer.
    let waiting = letters.pdf(&first);
    tokio::select! {
        biased;
        _ = waiting => unreachable!("it takes longer than nothing"),
        () = tokio::task::yield_now() => {}
    }
    assert!(is_about(&letters.pdf(&letter("Two")).await.unwrap(), "Two"));
}
