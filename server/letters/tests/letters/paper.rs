//! Where things stand on the paper.

use letters::Press;
use shared::letter::{Block, Code, Content, Letter};

use super::examples::{confirmation, fact, letter, mailed_code, paragraph, with};
use super::poppler::{Word, words};

fn words_of(letter: &Letter) -> Vec<Word> {
    words(&Press::new().unwrap().set(letter).unwrap())
}

#[test]
fn a_window_shows_the_address_and_nothing_else() {
    let content = mailed_code();
    let address: Vec<String> = content.mail_to.iter().flat_map(|line| line.split(' ').map(str::to_owned)).collect();
    let words = words_of(&letter(content));

    // Wherever the sheet has slipped to in a number 10 envelope, this much of it is behind the window.
    let inside = |word: &&Word| word.left >= 0.88 && word.right <= 4.37 && word.top >= 2.45 && word.bottom <= 3.2;
    let always: Vec<&str> = words.iter().filter(inside).map(|word| word.text.as_str()).collect();
    assert_eq!(always, address);
    // And this is what can get there.
    let touches = |word: &&Word| word.left < 5.38 && word.bottom > 2.04 && word.top < 3.63;
    let ever: Vec<&str> = words.iter().filter(touches).map(|word| word.text.as_str()).collect();
    assert_eq!(ever, address);
}

#[test]
fn long_lines_of_an_address_stay_in_the_window() {
    let lines = ["MARÍA DE LOS ÁNGELES INVENTADA-IMAGINARIA DE LA EJEMPLAR", "1234 IMAGINARY STREET", "SPRINGFIELD VA 22150-1234"];
    let content = Content { mail_to: lines.map(str::to_owned).to_vec(), ..mailed_code() };
    let words = words_of(&letter(content));
    let last = words.iter().find(|word| word.text == "22150-1234").unwrap();
    assert!(last.bottom <= 3.2, "{last:?}");
    let in_line = |word: &&Word| word.top > 2.04 && word.top < 3.63;
    assert!(words.iter().filter(in_line).all(|word| word.right <= 4.41), "{words:?}");
}

#[test]
fn no_word_leaves_the_paper() {
    let long = "W".repeat(200);
    let blocks = vec![
        Block::Heading(long.clone()),
        paragraph(&long),
        Block::Facts(vec![fact(&long, &long), fact("Term", &long)]),
        Block::Steps(vec![long.clone()]),
        Block::Code(Code { label: long.clone(), code: "W".repeat(24) }),
        Block::Note(long.clone()),
    ];
    let content = Content { agency: long.clone(), title: long.clone(), footer: "W".repeat(100), ..confirmation() };
    let words = words_of(&letter(Content { blocks, ..content }));
    // The heads of later pages have agency and title again, shortened.
    let in_body = |word: &&Word| word.top > 0.9 && word.top < 9.9 && word.text.starts_with('W');
    let printed: usize = words.iter().filter(in_body).map(|word| word.text.len()).sum();
    assert_eq!(printed, 10 * 200 + 24, "each letter is on the paper");
    for word in &words {
        assert!(word.left >= 0.5 && word.right <= 8.0 && word.top >= 0.3 && word.bottom <= 10.6, "{word:?}");
    }
}

#[test]
fn a_heading_is_not_left_alone_at_the_end_of_a_page() {
    // One more line each time, so that a heading meets the end of the page in one of them.
    let press = Press::new().unwrap();
    for lines in 20..36 {
        let letter =
            with(vec![paragraph(&vec!["Line."; lines].join("\n")), Block::Heading("Heading".to_owned()), paragraph("Below it.")]);
        let words = words(&press.set(&letter).unwrap());
        let page_of = |text: &str| words.iter().find(|word| word.text == text).unwrap().page;
        assert_eq!(page_of("Heading"), page_of("Below"), "{lines} lines");
    }
}
