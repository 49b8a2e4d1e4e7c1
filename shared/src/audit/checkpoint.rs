//! The head of a tree as text (<https://c2sp.org/tlog-checkpoint>) in a signed note (<https://c2sp.org/signed-note>).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::tree::{Hash, Head};

/// The kind of a signature: Ed25519 over the note's text.
const ED25519: u8 = 1;
/// What witnesses may have added; more is nonsense.
const MOST_SIGNATURES: usize = 100;

/// What is wrong with a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    #[error("is no signed note")]
    NoNote,
    #[error("is no checkpoint")]
    NoCheckpoint,
    #[error("is of another log")]
    OtherLog,
    #[error("is not signed with our key")]
    NotSigned,
    #[error("has a signature that is not of its text: it was changed")]
    Forged,
}

/// How large the tree of a log is, and its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, the same for ever and nowhere else.
    pub origin: String,
    pub head: Head,
}

impl Checkpoint {
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.head.size, STANDARD.encode(self.head.root))
    }

    /// Lines after the third are for others to add.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.strip_suffix('\n').ok_or(NoteError::NoCheckpoint)?.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(NoteError::NoCheckpoint);
        let (origin, size, root) = (line()?, line()?, line()?);
        // Neither a sign nor leading zeros: a size has one text.
        let size = size.parse().ok().filter(|number: &u64| number.to_string() == size).ok_or(NoteError::NoCheckpoint)?;
        let root = STANDARD.decode(root).ok().and_then(|root| Hash::try_from(root).ok()).ok_or(NoteError::NoCheckpoint)?;
        Ok(Self { origin: origin.to_owned(), head: Head { size, root } })
    }
}

/// A text and who signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Ends with a line feed.
    pub text: String,
    pub signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub name: String,
    pub key_id: [u8; 4],
    pub bytes: Vec<u8>,
}

impl Note {
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        // The last empty line: a text may have others.
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::NoNote)?;
        let lines = signatures.strip_suffix('\n').ok_or(NoteError::NoNote)?.split('\n');
        let signatures: Option<Vec<Signature>> = lines.take(MOST_SIGNATURES + 1).map(Signature::parse).collect();
        let signatures = signatures.filter(|all| all.len() <= MOST_SIGNATURES).ok_or(NoteError::NoNote)?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// What a key signed. None, if it did not, or twice.
    pub fn signed_by(&self, name: &str, key_id: [u8; 4]) -> Option<&[u8]> {
        let mut found = self.signatures.iter().filter(|signature| signature.name == name && signature.key_id == key_id);
        let signature = found.next()?;
        found.next().is_none().then_some(signature.bytes.as_slice())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, key_id, bytes } in &self.signatures {
            writeln!(f, "\u{2014} {name} {}", STANDARD.encode([key_id.as_slice(), bytes].concat()))?;
        }
        Ok(())
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let signature = STANDARD.decode(signature).ok()?;
        let (key_id, bytes) = signature.split_first_chunk()?;
        (!name.is_empty()).then(|| Self { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
    }
}

/// What tells the key of a signature from others of the same name.
pub fn key_id(name: &str, public_key: &[u8; 32]) -> [u8; 4] {
    let hash: Hash = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(public_key).finalize().into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

/// The public key as verifiers are told it: `name+id+key`.
pub fn verifier_key(name: &str, public_key: &[u8; 32]) -> String {
    let id = u32::from_be_bytes(key_id(name, public_key));
    let key = [[ED25519].as_slice(), public_key].concat();
    format!("{name}+{id:08x}+{}", STANDARD.encode(key))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "agency.example/audit".into(), head: Head { size: 20_852_163, root: [7; 32] } }
    }

    /// Signed by another implementation (`aics-tlog`), with the key whose secret is the bytes from 0 to 31.
    const SIGNED: &str = concat!(
        "agency.example/audit\n20852163\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n\u{2014} agency.example/audit ",
        "BMnHwdk7RS/Qp/SEQC8hSLWemRi8r53vxkKXWkzl7a9MjLH4+OYWaYMe8hk5NPSGFhylXTAfzuNXSbJTR1emG7JPQg0=\n"
    );
    const PUBLIC_KEY: [u8; 32] = [
        3, 161, 7, 191, 243, 206, 16, 190, 29, 112, 221, 24, 231, 75, 192, 153, 103, 228, 214, 48, 155, 165, 13, 95, 29, 220, 134,
        100, 18, 85, 49, 184,
    ];

    #[test]
    fn a_note_of_another_implementation_is_read_and_written_alike() {
        let note = Note::parse(SIGNED).unwrap();
        assert_eq!(note.to_string(), SIGNED);
        assert_eq!(Checkpoint::parse(&note.text), Ok(checkpoint()));
        let id = key_id("agency.example/audit", &PUBLIC_KEY);
        assert_eq!(note.signed_by("agency.example/audit", id).unwrap().len(), 64);
        assert_eq!(note.signed_by("agency.example/other", id), None);
        assert_eq!(note.signed_by("agency.example/audit", [0; 4]), None);
        let signature = note.signatures[0].clone();
        let twice = Note { signatures: vec![signature.clone(), signature], ..note };
        assert_eq!(twice.signed_by("agency.example/audit", id), None);
    }

    #[test]
    fn a_verifier_key_is_that_of_another_implementation() {
        let key = verifier_key("agency.example/audit", &PUBLIC_KEY);
        assert_eq!(key, "agency.example/audit+04c9c7c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
    }

    #[test]
    fn a_checkpoint_is_three_lines() {
        let text = checkpoint().text();
        assert_eq!(text, "agency.example/audit\n20852163\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n");
        assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
        assert_eq!(Checkpoint::parse(&format!("{text}more\n")), Ok(checkpoint()));
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let root = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
        for text in [
            String::new(),
            "\n\n\n".into(),
            format!("a\n1\n{root}"),
            format!("a\n01\n{root}\n"),
            format!("a\n+1\n{root}\n"),
            format!("a\n-1\n{root}\n"),
            format!("a\n99999999999999999999\n{root}\n"),
            format!("\n1\n{root}\n"),
            "a\n1\nBwc=\n".into(),
            "a\n1\n".into(),
        ] {
            assert_eq!(Checkpoint::parse(&text), Err(NoteError::NoCheckpoint), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_note_is_refused() {
        for note in
            ["", "text\n", "text\n\n", "text\n\n\u{2014} name", "text\n\n\u{2014} name AAAA\n\n", "text\n\n- name AAAAAA==\n"]
        {
            assert_eq!(Note::parse(note), Err(NoteError::NoNote), "{note:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(text in any::<String>()) {
            if let Ok(note) = Note::parse(&text) {
                prop_assert_eq!(note.to_string(), text.clone());
            }
            let _ = Checkpoint::parse(&text);
        }

        #[test]
        fn every_checkpoint_comes_back(size in any::<u64>(), root in any::<Hash>()) {
            let checkpoint = Checkpoint { origin: "agency.example/audit".into(), head: Head { size, root } };
            prop_assert_eq!(Checkpoint::parse(&checkpoint.text()), Ok(checkpoint));
        }
    }
}
