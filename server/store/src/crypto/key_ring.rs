//! The key file: wrapping keys, one a line, the newest last.

use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use super::KeyError;
use super::key_file::{self, NamedKey};
use crate::random;

/// The keys that wrap data keys. Old ones stay until `portico key rotate` has wrapped every data key anew.
#[derive(Clone)]
pub struct KeyRing {
    older: Vec<NamedKey>,
    newest: NamedKey,
}

const HEADER: &str = "# Portico key file. Keep a copy apart from the database: without it nothing sensitive can be read.\n\
                      # One key a line, newest last. `portico key rotate` adds one and wraps every data key with it.\n";

impl KeyRing {
    /// A ring of one new key.
    pub fn generate(name: &str) -> Self {
        Self { older: Vec::new(), newest: (name.to_owned(), Zeroizing::new(random::bytes())) }
    }

    /// Reads the key file. `None` if there is none yet.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        Ok(key_file::load(path)?.map(|(older, newest)| Self { older, newest }))
    }

    /// Writes a key file where none is; `false` if there is one, which another process may have made a moment ago.
    pub fn save_first(&self, path: &Path) -> Result<bool, KeyError> {
        key_file::save_first(path, HEADER, self.all())
    }

    /// Writes the key file with mode 0600, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        key_file::save(path, HEADER, self.all())
    }

    /// The same ring with one more, newest key.
    #[must_use]
    pub fn with_new(mut self, name: &str) -> Self {
        let newest = (name.to_owned(), Zeroizing::new(random::bytes()));
        self.older.push(std::mem::replace(&mut self.newest, newest));
        self
    }

    /// The same ring with its newest key only.
    #[must_use]
    pub fn only_newest(mut self) -> Self {
        self.older.clear();
        self
    }

    fn all(&self) -> impl Iterator<Item = &NamedKey> {
        self.older.iter().chain([&self.newest])
    }

    /// Whether a key is in the ring.
    pub fn holds(&self, name: &str) -> bool {
        self.all().any(|(known, _)| known == name)
    }

    pub fn newest_name(&self) -> &str {
        &self.newest.0
    }

    pub(super) fn get(&self, name: &str) -> Result<&[u8; 32], KeyError> {
        let found = self.all().find(|(known, _)| known == name);
        found.map(|(_, key)| &**key).ok_or_else(|| KeyError::MissingWrappingKey(name.to_owned()))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_for_its_owner_only_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/portico.keys");
        assert!(KeyRing::load(&path).unwrap().is_none());
        let ring = KeyRing::generate("k1").with_new("k2");
        ring.save(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = KeyRing::load(&path).unwrap().unwrap();
        assert_eq!(read.newest_name(), "k2");
        assert_eq!(read.get("k1").unwrap(), ring.get("k1").unwrap());
    }

    #[test]
    fn the_first_file_stays_whoever_comes_second() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.keys");
        assert!(KeyRing::generate("first").save_first(&path).unwrap());
        assert!(!KeyRing::generate("second").save_first(&path).unwrap());
        assert_eq!(KeyRing::load(&path).unwrap().unwrap().newest_name(), "first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_open_or_broken_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.keys");
        for (text, line) in [("k1 short\n", 1), ("# nothing\n", 1), ("", 0), ("# a\nk1\n", 2)] {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(KeyRing::load(&path), Err(KeyError::Malformed { line: at, .. }) if at == line), "{text:?}");
        }
        KeyRing::generate("k1").save(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(KeyRing::load(&path), Err(KeyError::TooOpen { .. })));
    }
}
