use super::*;

fn content() -> Content {
    Content {
        locale: Locale::Es,
        agency: "La agencia".to_owned(),
        agency_lines: vec!["PO Box 100".to_owned()],
        mail_to: vec!["ANA INVENTADA".to_owned(), "SPRINGFIELD VA 22150".to_owned()],
        title: "Una carta".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        blocks: vec![
            Block::Heading("Qué pasa".to_owned()),
            Block::Paragraph("Nada.\nNada más.".to_owned()),
            Block::Facts(vec![Fact { term: "Número".to_owned(), description: "EAC9999500777".to_owned() }]),
            Block::Steps(vec!["Espere.".to_owned()]),
            Block::Code(Code { label: "Su código".to_owned(), code: "7K4M-2Q9D".to_owned() }),
            Block::Note("No lo diga.".to_owned()),
        ],
        footer: "Página de prueba".to_owned(),
    }
}

fn with(block: Block) -> Content {
    Content { blocks: vec![block], ..content() }
}

fn refused(content: Content) -> String {
    Letter::check(content).unwrap_err().to_string()
}

#[test]
fn a_letter_reads_as_it_was_written() {
    let letter = Letter::check(content()).unwrap();
    let json = serde_json::to_string(&letter).unwrap();
    assert_eq!(serde_json::from_str::<Content>(&json).unwrap(), content());
    assert_eq!(letter.content(), &content());
}

#[test]
fn fields_that_are_not_known_are_refused() {
    for (known, unknown) in
        [("\"title\"", "\"heading\""), ("\"term\"", "\"name\""), ("\"label\"", "\"name\""), ("\"note\"", "\"markup\"")]
    {
        let json = serde_json::to_string(&content()).unwrap();
        assert!(json.contains(known));
        assert!(serde_json::from_str::<Content>(&json.replace(known, unknown)).is_err(), "{unknown}");
    }
    let more = serde_json::to_string(&content()).unwrap().replacen('{', "{\"script\":\"\",", 1);
    assert!(serde_json::from_str::<Content>(&more).is_err());
}

#[test]
fn no_part_is_without_text() {
    assert_eq!(refused(Content { title: " \n".to_owned(), ..content() }), "the title is empty");
    assert_eq!(refused(Content { agency: String::new(), ..content() }), "the agency's name is empty");
    assert_eq!(refused(Content { mail_to: vec![String::new()], ..content() }), "a line of the address is empty");
    assert_eq!(refused(Content { blocks: Vec::new(), ..content() }), "there are no blocks");
    assert_eq!(refused(with(Block::Steps(Vec::new()))), "there are no steps");
    assert_eq!(
        refused(with(Block::Facts(vec![Fact { term: "T".to_owned(), description: String::new() }]))),
        "a fact's description is empty"
    );
    let bare = Content { agency_lines: Vec::new(), mail_to: Vec::new(), footer: String::new(), ..content() };
    assert!(Letter::check(bare).is_ok(), "these may be left out");
}

/// A letter with this text somewhere.
type Made = fn(String) -> Content;

#[test]
fn each_part_has_a_longest_size() {
    let of = |length: usize| "ñ".repeat(length);
    let code = |code: String| with(Block::Code(Code { label: "L".to_owned(), code }));
    let sizes: [(Made, usize); 6] = [
        (|title| Content { title, ..content() }, 200),
        (|footer| Content { footer, ..content() }, 100),
        (|line| Content { mail_to: vec![line], ..content() }, 80),
        (|heading| with(Block::Heading(heading)), 200),
        (|text| with(Block::Paragraph(text)), 10_000),
        (|step| with(Block::Steps(vec![step])), 10_000),
    ];
    for (made, longest) in sizes {
        assert!(Letter::check(made(of(longest))).is_ok(), "{longest}");
        assert!(refused(made(of(longest + 1))).ends_with(&format!("is longer than {longest} characters")));
    }
    assert!(Letter::check(code(of(24))).is_ok());
    assert_eq!(refused(code(of(25))), "a code is longer than 24 characters");
}

#[test]
fn there_are_not_too_many_parts() {
    let lines = |count: usize| vec!["Line".to_owned(); count];
    assert!(Letter::check(Content { mail_to: lines(5), ..content() }).is_ok());
    assert_eq!(refused(Content { mail_to: lines(6), ..content() }), "lines of an address are more than 5");
    assert_eq!(refused(with(Block::Steps(lines(101)))), "steps are more than 100");
    assert_eq!(refused(Content { blocks: vec![Block::Note("N".to_owned()); 201], ..content() }), "blocks are more than 200");
    let much = vec![Block::Paragraph("x".repeat(10_000)); 7];
    assert_eq!(refused(Content { blocks: much, ..content() }), "all texts together are longer than 65536 bytes");
}

#[test]
fn what_stands_on_one_line_has_no_line_end() {
    assert_eq!(refused(Content { title: "One\nTwo".to_owned(), ..content() }), "the title is not a single line");
    assert_eq!(refused(Content { mail_to: vec!["A\rB".to_owned()], ..content() }), "a line of the address is not a single line");
}

#[test]
fn debug_output_says_nothing_of_a_letter() {
    let letter = Letter::check(content()).unwrap();
    let printed = format!("{letter:?} {:?} {:?}", content(), content().blocks);
    for text in ["agencia", "ANA", "carta", "Nada", "EAC", "7K4M", "2026"] {
        assert!(!printed.contains(text), "{printed}");
    }
}

#[test]
fn answers_are_known_by_their_byte() {
    use wire::Answer;
    for answer in [Answer::Document, Answer::Refused, Answer::Failed] {
        assert_eq!(Answer::from_byte(answer.byte()), Some(answer));
    }
    assert_eq!(Answer::from_byte(3), None);
}
