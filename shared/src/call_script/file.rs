//! A script as a file, to be read by people, kept under version control and moved between installations.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::script::Script;

/// The first line of the format's history.
pub const FORMAT: &str = "portico-call-script/1";

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    script: Script,
}

/// Why a file is no script.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    #[error("the file is larger than 2 MB")]
    TooLarge,
    #[error("the file is not in the format {FORMAT}")]
    OtherFormat,
    /// Line and column count from 1.
    #[error("line {line}, column {column}: {what}")]
    Wrong { line: usize, column: usize, what: String },
}

/// The file of a script: JSON, one value to a line, so that two versions can be compared.
pub fn to_file(script: &Script) -> String {
    let file = File { format: FORMAT.to_owned(), script: script.clone() };
    // Of a struct of texts there is nothing that cannot be written.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the file of a script. Whether the script may be published is not looked at.
///
/// # Errors
/// The first thing that is no script, and where.
pub fn from_file(bytes: &[u8]) -> Result<Script, FileError> {
    if bytes.len() > LARGEST_FILE {
        return Err(FileError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes).map_err(|error| {
        // The place stands in front; behind the words it would be said twice.
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default().to_owned();
        FileError::Wrong { line: error.line(), column: error.column(), what }
    })?;
    if file.format == FORMAT { Ok(file.script) } else { Err(FileError::OtherFormat) }
}

#[cfg(test)]
mod tests {
    use super::super::node::{Answer, Node, Said, Step, Words};
    use super::super::{CaseBlock, NodeKey, ScriptKey};
    use super::*;
    use crate::service_request::RequestKind;
    use proptest::prelude::*;

    fn script() -> Script {
        let (text, key) = (|| Words::new("Words.", "Palabras."), |text: &str| NodeKey::parse(text).unwrap());
        let answer = |then| Answer { label: text(), then: key(then) };
        let steps = [
            Step::Say { what: Said::PrivacyAct, text: text(), then: key("b") },
            Step::Ask { question: text(), answers: vec![answer("c"), answer("d")] },
            Step::Case { block: CaseBlock::Eligibility, text: text(), then: key("d"), otherwise: key("f") },
            Step::Form { form: "I-90".into(), text: text(), then: key("e") },
            Step::TakeRequest { kind: RequestKind::Expedite, text: text() },
            Step::Transfer { text: text() },
            Step::End { text: text() },
        ];
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let nodes = names.into_iter().zip(steps).map(|(name, step)| Node { key: key(name), name: name.into(), step }).collect();
        Script { key: ScriptKey::parse("card").unwrap(), title: text(), words: vec!["tarjeta".into()], nodes }
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let text = to_file(&script());
        assert_eq!(from_file(text.as_bytes()), Ok(script()));
        assert_eq!(from_file(format!("\u{feff}{text}").as_bytes()), Ok(script()), "with the mark that Windows writes");
        assert!(text.contains("\"ask\": {") && text.ends_with("}\n"), "{text}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let text = to_file(&script());
        let wrong = |from: &str, to: &str| from_file(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert_eq!(wrong(FORMAT, "other/2"), FileError::OtherFormat);
        assert_eq!(from_file(&vec![b' '; LARGEST_FILE + 1]), Err(FileError::TooLarge));
        for (from, to, said) in [
            ("\"key\": \"card\"", "\"key\": \"The Card\"", "line 4"),
            ("\"privacy_act\"", "\"advert\"", "unknown variant `advert`"),
            ("\"otherwise\"", "\"else\"", "unknown field `else`"),
            ("\"expedite\"", "\"magic\"", "unknown variant `magic`"),
            ("{", "", "line"),
        ] {
            let error = wrong(from, to).to_string();
            assert!(error.contains(said) && error.starts_with("line "), "{error}");
            assert_eq!(error.matches(" column ").count(), 1, "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..2000) {
            let _ = from_file(&bytes);
            let text = to_file(&script());
            let _ = from_file(&text.as_bytes()[..cut.min(text.len())]);
        }
    }
}
