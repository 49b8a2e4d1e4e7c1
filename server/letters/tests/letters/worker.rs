//! The program and its conversation.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use letters::Press;
use letters::worker::work;
use proptest::prelude::*;
use shared::letter::wire::{Answer, MAX_REQUEST};

use super::examples::{confirmation, letter, mailed_code};

fn start() -> Child {
    Command::new(env!("CARGO_BIN_EXE_portico-letters")).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

fn request(body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], body].concat()
}

fn next_answer(output: &mut impl Read) -> (Answer, Vec<u8>) {
    let mut head = [0; 5];
    output.read_exact(&mut head).unwrap();
    let mut body = vec![0; u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize];
    output.read_exact(&mut body).unwrap();
    (Answer::from_byte(head[0]).unwrap(), body)
}

/// All answers to an input that then ends.
fn answers(press: &Press, input: &[u8]) -> Vec<(Answer, String)> {
    let mut output = Vec::new();
    work(press, input, &mut output).unwrap();
    let mut rest = &output[..];
    let mut answers = Vec::new();
    while !rest.is_empty() {
        let (kind, body) = next_answer(&mut rest);
        answers.push((kind, String::from_utf8_lossy(&body).into_owned()));
    }
    answers
}

#[test]
fn one_program_sets_many_letters_and_ends_with_its_input() {
    let mut program = start();
    let (mut input, mut output) = (program.stdin.take().unwrap(), program.stdout.take().unwrap());
    let press = Press::new().unwrap();
    for content in [confirmation(), mailed_code(), confirmation()] {
        let letter = letter(content);
        input.write_all(&request(&serde_json::to_vec(&letter).unwrap())).unwrap();
        let (kind, pdf) = next_answer(&mut output);
        assert_eq!(kind, Answer::Document);
        assert!(pdf == press.set(&letter).unwrap(), "another process, the same bytes");
    }
    drop(input);
    assert!(program.wait().unwrap().success());
}

#[test]
fn what_is_no_letter_is_refused_without_a_word_of_it_and_the_next_letter_is_set() {
    let press = Press::new().unwrap();
    let mut with_more = serde_json::to_value(letter(confirmation())).unwrap();
    with_more["Secret"] = "Secret".into();
    let mut with_nothing = serde_json::to_value(letter(confirmation())).unwrap();
    with_nothing["title"] = "".into();
    let good = serde_json::to_vec(&letter(confirmation())).unwrap();
    let input = [
        request(b""),
        request(b"\"Secret\""),
        request(&[0xff; 100]),
        request("[".repeat(10_000).as_bytes()),
        request(with_more.to_string().as_bytes()),
        request(with_nothing.to_string().as_bytes()),
        request(&good),
    ];
    let answers = answers(&press, &input.concat());
    assert_eq!(answers.len(), input.len());
    let (last, refused) = answers.split_last().unwrap();
    assert!(refused.iter().all(|(kind, reason)| *kind == Answer::Refused && !reason.contains("Secret")), "{refused:?}");
    assert_eq!(refused[5].1, "the title is empty");
    assert_eq!(last.0, Answer::Document);
}

#[test]
fn a_request_that_is_too_long_ends_the_program_with_an_answer() {
    let mut program = start();
    let (mut input, mut output) = (program.stdin.take().unwrap(), program.stdout.take().unwrap());
    input.write_all(&(MAX_REQUEST + 1).to_be_bytes()).unwrap();
    assert_eq!(next_answer(&mut output).0, Answer::Refused);
    assert!(program.wait().unwrap().success());
}

#[test]
fn the_largest_letter_fits_into_a_request() {
    use shared::letter::{Block, Content};
    // A control character takes six bytes in JSON.
    let paragraphs = vec![Block::Paragraph(format!("x{}", "\u{1}".repeat(9_000))); 7];
    let json = serde_json::to_vec(&letter(Content { blocks: paragraphs, ..confirmation() })).unwrap();
    assert!(json.len() > 300_000 && json.len() <= MAX_REQUEST as usize, "{}", json.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_the_conversation(bytes in proptest::collection::vec(any::<u8>(), 0..64), small in 0..40_u32) {
        let press = Press::new().unwrap();
        let framed = [&small.to_be_bytes()[..], &bytes].concat();
        for input in [&bytes, &framed] {
            prop_assert!(answers(&press, input).iter().all(|(kind, _)| *kind == Answer::Refused));
        }
    }
}
