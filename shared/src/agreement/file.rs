//! An agreement as a file, to be read by people, kept under version control and moved between installations.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::snapshot::Agreement;

/// The first line of the format's history.
pub const FORMAT: &str = "portico-agreement/1";

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    agreement: Agreement,
}

/// Why a file is no agreement.
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

/// The file of an agreement: JSON, one value to a line, so that two versions can be compared.
pub fn to_file(agreement: &Agreement) -> String {
    let file = File { format: FORMAT.to_owned(), agreement: agreement.clone() };
    // Of a struct of texts and numbers there is nothing that cannot be written.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the file of an agreement. Whether it may be signed is not looked at.
///
/// # Errors
/// The first thing that is no agreement, and where.
pub fn from_file(bytes: &[u8]) -> Result<Agreement, FileError> {
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
    if file.format == FORMAT { Ok(file.agreement) } else { Err(FileError::OtherFormat) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{agreement, any_agreement};
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let text = to_file(&agreement());
        assert_eq!(from_file(text.as_bytes()), Ok(agreement()));
        assert_eq!(from_file(format!("\u{feff}{text}").as_bytes()), Ok(agreement()), "with the mark that Windows writes");
        assert!(text.contains("\"partner\": \"CA\"") && text.ends_with("}\n"), "{text}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let text = to_file(&agreement());
        let wrong = |from: &str, to: &str| from_file(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert_eq!(wrong(FORMAT, "other/2"), FileError::OtherFormat);
        assert_eq!(from_file(&vec![b' '; LARGEST_FILE + 1]), Err(FileError::TooLarge));
        for (from, to, said) in [
            ("\"CA\"", "\"US\"", "no agreement is with `US`"),
            ("\"version\": 7", "\"version\": 0", "nonzero"),
            ("\"full_name\"", "\"ssn\"", "unknown variant `ssn`"),
            ("\"2012-12-13\"", "\"2012-13\"", "a date is written 2015-09-09, 2015-05, 2016 or undated"),
            ("\"key\": \"agreement\"", "\"key\": \"The One\"", "a name has"),
            ("\"serves\"", "\"does\"", "unknown field `does`"),
            ("{", "", "line"),
        ] {
            let error = wrong(from, to).to_string();
            assert!(error.contains(said) && error.starts_with("line "), "{error}");
            assert_eq!(error.matches(" column ").count(), 1, "{error}");
        }
    }

    proptest! {
        #[test]
        fn every_agreement_is_read_as_it_was_written(agreement in any_agreement()) {
            prop_assert_eq!(from_file(to_file(&agreement).as_bytes()), Ok(agreement));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..5000) {
            let _ = from_file(&bytes);
            let text = to_file(&agreement());
            let _ = from_file(&text.as_bytes()[..cut.min(text.len())]);
        }
    }
}
