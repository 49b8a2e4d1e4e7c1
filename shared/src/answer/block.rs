//! How the text of an answer is laid out: blank lines part it, and a sign at the beginning says what a part is.

use crate::letter::Block;

/// Reads a text. `# ` begins a heading, `! ` what must not be overlooked, and lines that all begin with `- ` are steps; whatever
/// else stands between blank lines is a paragraph.
pub fn blocks(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n");
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match parts.last_mut() {
            Some(part) if !line.is_empty() => part.push(line),
            _ => parts.push(Vec::new()),
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| block(&part)).collect()
}

fn block(lines: &[&str]) -> Block {
    let steps: Option<Vec<String>> = lines.iter().map(|line| line.strip_prefix("- ").map(str::to_owned)).collect();
    if let Some(steps) = steps {
        return Block::Steps(steps);
    }
    let text = lines.join("\n");
    match (lines, text.strip_prefix("# "), text.strip_prefix("! ")) {
        ([_], Some(heading), _) => Block::Heading(heading.to_owned()),
        (_, _, Some(note)) => Block::Note(note.to_owned()),
        _ => Block::Paragraph(text),
    }
}

/// What a block says, without how.
pub fn plain_text(block: &Block) -> String {
    match block {
        Block::Heading(text) | Block::Paragraph(text) | Block::Note(text) => text.clone(),
        Block::Steps(steps) => steps.join("\n"),
        Block::Facts(facts) => {
            facts.iter().map(|fact| format!("{}: {}", fact.term, fact.description)).collect::<Vec<_>>().join("\n")
        }
        Block::Code(code) => format!("{}: {}", code.label, code.code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sign_says_what_a_part_is() {
        let text = "# What we found\r\n\r\nThe card was mailed.\nIt came back.\n\n\n- Call us.\n- Wait.\n\n! Keep this letter.\n\n- Not\na list";
        let found = blocks(text);
        assert!(
            found
                == [
                    Block::Heading("What we found".into()),
                    Block::Paragraph("The card was mailed.\nIt came back.".into()),
                    Block::Steps(vec!["Call us.".into(), "Wait.".into()]),
                    Block::Note("Keep this letter.".into()),
                    Block::Paragraph("- Not\na list".into()),
                ]
        );
        assert!(blocks(" \n\n").is_empty());
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-z#!\\- \n]{0,80}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
            let kept: String = blocks(&text).iter().map(plain_text).collect();
            prop_assert_eq!(letters(&kept), letters(&text));
        }
    }
}
