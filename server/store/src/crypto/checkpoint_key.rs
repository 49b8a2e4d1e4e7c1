//! The key that signs the checkpoints of the logs (Ed25519), in a file of its own. Its name begins the name of each log.

use std::fmt;
use std::path::Path;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use shared::audit::{Checkpoint, Note, NoteError, Signature, key_id, verifier_key};
use zeroize::Zeroizing;

use super::KeyError;
use super::key_file::{self, NamedKey};
use crate::random;

const HEADER: &str = "# The key that signs Portico's checkpoints. Keep a copy apart from the database and from the checkpoints.\n\
                      # One line: the name with which the names of the logs begin, and the secret. `portico audit key` tells the \
                      public keys.\n";

pub struct CheckpointKey {
    named: NamedKey,
    pair: Ed25519KeyPair,
    public_key: [u8; 32],
}

impl CheckpointKey {
    /// A new key. The name tells the installation, and this key from others that it had.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        Self::of((name.to_owned(), Zeroizing::new(random::bytes())))
    }

    fn of(named: NamedKey) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(named.1.as_slice()).map_err(|_| KeyError::Unopenable)?;
        let public_key = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Unopenable)?;
        Ok(Self { named, pair, public_key })
    }

    /// Reads the file. `None` if there is none yet. It holds one key: a log that two keys sign has two names.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let Some((older, key)) = key_file::load(path)? else { return Ok(None) };
        if !older.is_empty() {
            return Err(KeyError::Malformed { path: path.display().to_string(), line: 1 });
        }
        Self::of(key).map(Some)
    }

    /// Writes the file where none is; `false` if there is one, which another process may have made a moment ago.
    pub fn save_first(&self, path: &Path) -> Result<bool, KeyError> {
        key_file::save_first(path, HEADER, std::iter::once(&self.named))
    }

    pub fn name(&self) -> &str {
        &self.named.0
    }

    /// The name of a log, which is also that of the key for it.
    pub fn origin(&self, log: &str) -> String {
        format!("{}/{log}", self.name())
    }

    /// The public key for a log, as verifiers are told it.
    pub fn verifier_key(&self, log: &str) -> String {
        verifier_key(&self.origin(log), &self.public_key)
    }

    pub fn sign(&self, checkpoint: &Checkpoint) -> Note {
        let text = checkpoint.text();
        let bytes = self.pair.sign(text.as_bytes()).as_ref().to_vec();
        let name = checkpoint.origin.clone();
        let key_id = key_id(&name, &self.public_key);
        Note { text, signatures: vec![Signature { name, key_id, bytes }] }
    }

    /// Reads a checkpoint of a log that this key signed.
    pub fn open(&self, log: &str, note: &[u8]) -> Result<Checkpoint, NoteError> {
        let origin = self.origin(log);
        let note = Note::parse(str::from_utf8(note).map_err(|_| NoteError::NoNote)?)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if checkpoint.origin != origin {
            return Err(NoteError::OtherLog);
        }
        let signature = note.signed_by(&origin, key_id(&origin, &self.public_key)).ok_or(NoteError::NotSigned)?;
        let key = UnparsedPublicKey::new(&ED25519, self.public_key);
        key.verify(note.text.as_bytes(), signature).map_err(|_| NoteError::Forged)?;
        Ok(checkpoint)
    }
}

impl fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckpointKey({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use shared::audit::Head;

    use super::*;

    fn checkpoint(key: &CheckpointKey) -> Checkpoint {
        Checkpoint { origin: key.origin("audit"), head: Head { size: 20_852_163, root: [7; 32] } }
    }

    #[test]
    fn a_note_is_what_another_implementation_signs() {
        let secret = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let key = CheckpointKey::of(("agency.example".into(), Zeroizing::new(secret))).unwrap();
        assert_eq!(
            key.sign(&checkpoint(&key)).to_string(),
            "agency.example/audit\n20852163\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n\u{2014} agency.example/audit \
             BMnHwdk7RS/Qp/SEQC8hSLWemRi8r53vxkKXWkzl7a9MjLH4+OYWaYMe8hk5NPSGFhylXTAfzuNXSbJTR1emG7JPQg0=\n"
        );
        assert_eq!(key.verifier_key("audit"), "agency.example/audit+04c9c7c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
    }

    #[test]
    fn a_note_that_was_changed_or_is_of_another_key_or_log_is_refused() {
        let key = CheckpointKey::generate("agency.example/k1").unwrap();
        let note = key.sign(&checkpoint(&key)).to_string();
        assert_eq!(key.open("audit", note.as_bytes()), Ok(checkpoint(&key)));
        assert_eq!(key.open("audit", note.replace("20852163", "20852162").as_bytes()), Err(NoteError::Forged));
        assert_eq!(key.open("disclosure", note.as_bytes()), Err(NoteError::OtherLog));
        assert_eq!(key.open("audit", &[0xff, 0xfe]), Err(NoteError::NoNote));
        let other = CheckpointKey::generate("agency.example/k1").unwrap();
        assert_eq!(other.open("audit", note.as_bytes()), Err(NoteError::NotSigned));
    }

    #[test]
    fn the_file_holds_one_key_and_no_debug_output_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.key");
        assert!(CheckpointKey::load(&path).unwrap().is_none());
        let key = CheckpointKey::generate("agency.example/k1").unwrap();
        assert!(key.save_first(&path).unwrap());
        assert!(!CheckpointKey::generate("agency.example/k2").unwrap().save_first(&path).unwrap());
        let read = CheckpointKey::load(&path).unwrap().unwrap();
        assert_eq!(read.verifier_key("audit"), key.verifier_key("audit"));
        assert_eq!(format!("{read:?}"), "CheckpointKey(agency.example/k1)");
        let text = std::fs::read_to_string(&path).unwrap();
        let again = text.lines().last().unwrap();
        std::fs::write(&path, format!("{text}{again}\n")).unwrap();
        assert!(matches!(CheckpointKey::load(&path), Err(KeyError::Malformed { .. })));
    }
}
