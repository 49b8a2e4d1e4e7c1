use std::fs;

use chrono::NaiveDate;
use shared::letter::{Block, Content};
use shared::locale::Locale;
use tempfile::TempDir;

use super::*;

fn letter() -> Letter {
    Letter::check(Content {
        locale: Locale::En,
        agency: "The agency".to_owned(),
        agency_lines: Vec::new(),
        mail_to: Vec::new(),
        title: "A letter".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        blocks: vec![Block::Paragraph("Nothing happens.".to_owned())],
        footer: String::new(),
    })
    .unwrap()
}

/// A program that behaves as no worker should.
fn program(script: &str) -> (TempDir, Letters) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portico-letters");
    // Written by another process: what this one has open for writing cannot be started while another test forks.
    let written = std::process::Command::new("/bin/sh")
        .args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 700 \"$0\""])
        .args([path.as_os_str(), script.as_ref()])
        .status();
    assert!(written.unwrap().success());
    (folder, Letters::new(Some(path)))
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named_with_what_to_do() {
    let missing = LettersError::Missing("/nowhere/portico-letters".into());
    assert_eq!(Letters::new(Some("/nowhere/portico-letters".into())).pdf(&letter()).await, Err(missing.clone()));
    assert!(missing.to_string().contains("/nowhere/portico-letters") && missing.to_string().contains("make letters"));
}

#[tokio::test]
async fn a_program_that_hangs_is_given_up_and_ended() {
    let (folder, mut letters) = program("echo $$ > \"${0%/*}/pid\"; exec sleep 600");
    letters.time_limit = Duration::from_secs(2);
    assert_eq!(letters.pdf(&letter()).await, Err(LettersError::TimedOut));

    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    let gone = async {
        while fs::read_to_string(format!("/proc/{}/stat", pid.trim())).is_ok_and(|stat| !stat.contains(") Z ")) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.expect("it was killed");
}

#[tokio::test]
async fn what_is_no_answer_is_not_taken_for_a_document() {
    assert_eq!(program("printf '\\007\\000\\000\\000\\000'; cat > /dev/null").1.pdf(&letter()).await, Err(LettersError::Garbled));
    assert_eq!(program("printf '\\000\\377\\377\\377\\377'; cat > /dev/null").1.pdf(&letter()).await, Err(LettersError::Garbled));
    assert_eq!(program("printf '\\000\\000\\000\\000\\011half'").1.pdf(&letter()).await, Err(LettersError::Ended));
}

#[tokio::test]
async fn the_program_gets_no_environment() {
    let (folder, letters) = program("/usr/bin/env > \"${0%/*}/env\"");
    assert_eq!(letters.pdf(&letter()).await, Err(LettersError::Ended));
    let environment = fs::read_to_string(folder.path().join("env")).unwrap();
    // A shell sets these itself.
    let own = ["PWD", "OLDPWD", "SHLVL", "_"];
    let given: Vec<&str> =
        environment.lines().filter_map(|line| line.split('=').next()).filter(|name| !own.contains(name)).collect();
    assert!(given.is_empty(), "{given:?}");
}
