//! What a letter says, and how assistive technology finds it.

use letters::Press;
use proptest::prelude::*;
use shared::letter::{Block, Code, Content, Fact};

use super::examples::{confirmation, fact, letter, mailed_code, paragraph, with};
use super::poppler::{metadata, pages, properties, structure, text};

#[test]
fn text_that_looks_like_markup_is_printed_as_it_is() {
    let markup =
        r#"#import "/etc/passwd": * #panic() $ x^2 $ ] [ *bold* _italic_ `code` <label> @label = Heading // note /* \ ~ -- ' ""#;
    let blocks = vec![
        Block::Heading(format!("H {markup}")),
        paragraph(&format!("P {markup}")),
        Block::Facts(vec![fact(&format!("T {markup}"), &format!("D {markup}"))]),
        Block::Steps(vec![format!("S {markup}")]),
        Block::Code(Code { label: format!("L {markup}"), code: "#1*$2$]_3".to_owned() }),
        Block::Note(format!("N {markup}")),
    ];
    let content = Content {
        agency: format!("A {markup}"),
        title: format!("I {markup}"),
        footer: "F #panic() $x$ ]".to_owned(),
        blocks,
        ..confirmation()
    };
    let pdf = Press::new().unwrap().set(&letter(content)).unwrap();
    let text = text(&pdf);
    for part in ["A", "I", "H", "P", "T", "D", "S", "L", "N"] {
        assert!(text.contains(&format!("{part} {markup}")), "{part}: {text}");
    }
    assert!(text.contains("#1*$2$]_3") && text.contains("F #panic() $x$ ]"), "{text}");
}

#[test]
fn the_same_letter_is_the_same_bytes() {
    let first = Press::new().unwrap().set(&letter(mailed_code())).unwrap();
    let press = Press::new().unwrap();
    let other = press.set(&letter(confirmation())).unwrap();
    assert!(press.set(&letter(mailed_code())).unwrap() == first, "set after another letter");
    assert!(first != other);
}

#[test]
fn everything_is_tagged_in_its_order() {
    let pdf = Press::new().unwrap().set(&letter(confirmation())).unwrap();
    let structure = structure(&pdf);
    // Tags begin with a capital letter, texts with a quotation mark; what tells more of a tag with a slash.
    let tags: Vec<&str> =
        structure.lines().filter_map(|line| line.split_whitespace().next()).filter(|word| !word.starts_with(['"', '/'])).collect();
    let fact = ["LI", "Lbl", "Span", "LBody", "P"];
    let step = ["LI", "Lbl", "LBody", "P"];
    let expected = [
        vec!["Document", "Div", "Div", "P", "P", "Div", "P"],
        vec!["H1", "P", "H2", "L"],
        fact.repeat(3),
        vec!["H2", "L"],
        step.repeat(2),
        vec!["P"],
    ];
    assert_eq!(tags, expected.concat(), "{structure}");
    assert!(structure.contains("\"We mean to answer by December 22, 2026.\""), "{structure}");
    assert!(!structure.contains("Page 1"), "foot and head of a page are no part of the text");
}

#[test]
fn a_document_says_what_it_is() {
    for (content, language, title) in
        [(confirmation(), "en-US", "We received your request"), (mailed_code(), "es-US", "Su código para cambiar de dirección")]
    {
        let pdf = Press::new().unwrap().set(&letter(content)).unwrap();
        let (properties, metadata) = (properties(&pdf), metadata(&pdf));
        let property = |name: &str| properties.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim();
        assert_eq!(property("Title:"), title);
        assert_eq!(property("Tagged:"), "yes");
        assert_eq!(property("Page size:"), "612 x 792 pts (letter)");
        assert!(property("CreationDate:").contains("Nov 22") && property("CreationDate:").contains("2026"), "{properties}");
        assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
        assert!(metadata.contains(&format!("<rdf:li>{language}</rdf:li>")), "{metadata}");
        let holds = |part: &str| pdf.windows(part.len()).any(|window| window == part.as_bytes());
        assert!(holds(&format!("/Lang({language})")) && holds("/DisplayDocTitle true") && holds("/Marked true"));
    }
}

#[test]
fn months_and_pages_are_in_the_letters_language() {
    let press = Press::new().unwrap();
    let text_of = |content: Content| text(&press.set(&letter(content)).unwrap());
    let (english, spanish) = (text_of(confirmation()), text_of(mailed_code()));
    assert!(english.contains("November 22, 2026") && english.contains("Page 1 of 1"), "{english}");
    assert!(spanish.contains("22 de noviembre de 2026") && spanish.contains("Página 1 de 1"), "{spanish}");
}

#[test]
fn what_the_fonts_lack_is_marked_and_the_rest_is_there() {
    let press = Press::new().unwrap();
    let pdf =
        press.set(&with(vec![paragraph("Łódź Nguyễn Ўзбек Ελλάδα | 漢字 | 😀 | \u{202e}left\u{7} | a\tb | \u{e000}")])).unwrap();
    let text = text(&pdf);
    assert!(text.contains("Łódź Nguyễn Ўзбек Ελλάδα | �� | � | left | a b | �"), "{text}");
}

#[test]
fn lines_end_where_the_text_says_so() {
    let pdf = Press::new().unwrap().set(&with(vec![paragraph("First line\r\nSecond line\n\nThird line")])).unwrap();
    let structure = structure(&pdf);
    for line in ["\"First line\"", "\"Second line\"", "\"Third line\""] {
        assert!(structure.lines().any(|found| found.trim() == line), "{structure}");
    }
}

#[test]
fn an_address_of_a_page_can_be_copied() {
    let address = "https://portico.example/es/e-request/status?of=1234";
    let pdf = Press::new().unwrap().set(&with(vec![paragraph(address), Block::Facts(vec![fact("Page", address)])])).unwrap();
    assert_eq!(text(&pdf).matches(address).count(), 2);
}

#[test]
fn five_pages_of_spanish_are_all_there() {
    let sentence = "La administración de las solicitudes extraordinarias requiere responsabilidades interinstitucionales. ";
    let part = |number: usize| [Block::Heading(format!("Sección {number}")), paragraph(sentence.repeat(12).trim_end())];
    let content = Content { blocks: (1..=15).flat_map(part).collect(), ..mailed_code() };
    let pdf = Press::new().unwrap().set(&letter(content)).unwrap();
    assert!(pages(&pdf) >= 5);
    let text = text(&pdf);
    assert_eq!(text.matches("interinstitucionales.").count(), 15 * 12, "no word is divided or lost");
    assert!((1..=15).all(|number| text.contains(&format!("Sección {number}"))));
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~\n]{0,80}", "\\PC{0,40}", proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter)]
        // A letter has no part without a text.
        .prop_map(|text| format!("x{text}"))
}

fn any_line() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| text.replace(['\n', '\r'], " "))
}

fn any_block() -> impl Strategy<Value = Block> {
    let facts = proptest::collection::vec((any_line(), any_text()), 1..4);
    prop_oneof![
        any_line().prop_map(Block::Heading),
        any_text().prop_map(Block::Paragraph),
        any_text().prop_map(Block::Note),
        proptest::collection::vec(any_text(), 1..4).prop_map(Block::Steps),
        facts.prop_map(|facts| Block::Facts(facts.into_iter().map(|(term, description)| Fact { term, description }).collect())),
        any_line().prop_map(|label| Block::Code(Code { code: label.chars().take(24).collect(), label })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_type_can_be_set(
        blocks in proptest::collection::vec(any_block(), 1..6),
        title in any_line(),
        mail_to in proptest::collection::vec(any_line().prop_map(|line| line.chars().take(80).collect()), 0..=5),
    ) {
        let content = Content { blocks, title, mail_to, ..confirmation() };
        let pdf = Press::new().unwrap().set(&letter(content)).unwrap();
        prop_assert!(pdf.starts_with(b"%PDF-1.7"));
    }
}
