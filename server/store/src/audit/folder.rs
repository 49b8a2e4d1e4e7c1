//! What of a log lies outside of the database: tiles, which are written once, and the checkpoint, which is replaced.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use shared::audit::{Hash, TILE, TileAt};

use crate::StoreError;

const CHECKPOINT: &str = "checkpoint";
/// What is being written. Who writes has the lock, so that one name is enough, and what a killed process left is written over.
const UNFINISHED: &str = ".unfinished";
const LOCK: &str = ".lock";
/// More than any file of ours has.
const LONGEST: u64 = 64 << 10;

/// The folder of one log.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(folder: &Path, log: &str) -> Self {
        Self(folder.join(log))
    }

    /// Waits until no other process writes here. It may do so again when what is returned is dropped.
    pub fn lock(&self) -> Result<File, StoreError> {
        make(&self.0)?;
        let lock = File::options().write(true).create(true).truncate(false).open(self.0.join(LOCK))?;
        lock.lock()?;
        Ok(lock)
    }

    /// The signed note; none before the first.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(CHECKPOINT)
    }

    /// Puts a note in the place of the one before it.
    pub fn set_checkpoint(&self, note: &str) -> Result<(), StoreError> {
        self.write(CHECKPOINT, note.as_bytes())
    }

    /// The hashes of a tile. A partial one may be gone when its tile is full: then they are the first of that. None: neither is
    /// there, or what is there is no tile.
    pub fn tile(&self, tile: TileAt) -> Result<Option<Vec<Hash>>, StoreError> {
        let bytes = match self.read(&tile.path())? {
            None if tile.width < TILE => self.read(&tile.full().path())?,
            found => found,
        };
        Ok(bytes.and_then(|bytes| tile.hashes(&bytes)))
    }

    /// Writes a tile that is not there. One that is there is never replaced: that would rewrite the past.
    ///
    /// # Errors
    /// [`StoreError::Tool`] where other hashes are there.
    pub fn add_tile(&self, tile: TileAt, hashes: &[Hash]) -> Result<(), StoreError> {
        let (path, bytes) = (tile.path(), hashes.as_flattened());
        match self.read(&path)? {
            None => self.write(&path, bytes),
            Some(there) if there == bytes => Ok(()),
            Some(_) => Err(StoreError::Tool(format!("{} holds other hashes than the log has", self.0.join(path).display()))),
        }
    }

    /// Takes away the partial tiles of one that is full.
    pub fn drop_partial(&self, tile: TileAt) -> Result<(), StoreError> {
        let mut folder = self.0.join(tile.full().path()).into_os_string();
        folder.push(".p");
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let file = match File::open(self.0.join(name)) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            file => file?,
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Whole or not at all, and there after a power cut.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let (path, unfinished) = (self.0.join(name), self.0.join(UNFINISHED));
        let folder = path.parent().unwrap_or(&self.0);
        make(folder)?;
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        sync(folder)?;
        Ok(())
    }
}

/// A folder, and those above it.
fn make(folder: &Path) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("."));
    make(above)?;
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => sync(above),
    }
}

fn sync(folder: &Path) -> std::io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_written_once_and_a_checkpoint_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(&root.path().join("not/there"), "audit");
        assert!(folder.checkpoint().unwrap().is_none());
        let _lock = folder.lock().unwrap();
        let tile = TileAt { level: 0, index: 1_234_567, width: 2 };
        folder.add_tile(tile, &[[1; 32], [2; 32]]).unwrap();
        folder.add_tile(tile, &[[1; 32], [2; 32]]).unwrap();
        assert!(folder.add_tile(tile, &[[1; 32], [3; 32]]).is_err());
        assert_eq!(folder.tile(tile).unwrap().unwrap(), [[1; 32], [2; 32]]);
        for note in ["one", "two"] {
            folder.set_checkpoint(note).unwrap();
            assert_eq!(folder.checkpoint().unwrap().unwrap(), note.as_bytes());
        }
    }

    #[test]
    fn a_partial_tile_is_read_from_the_full_one_when_it_is_gone() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path(), "audit");
        let partial = TileAt { level: 1, index: 3, width: 2 };
        assert!(folder.tile(partial).unwrap().is_none());
        folder.add_tile(partial, &[[1; 32], [2; 32]]).unwrap();
        let mut all = vec![[0; 32]; TILE];
        (all[0], all[1]) = ([1; 32], [2; 32]);
        folder.add_tile(partial.full(), &all).unwrap();
        folder.drop_partial(partial).unwrap();
        folder.drop_partial(partial).unwrap();
        assert!(!root.path().join("audit/tile/1/003.p").exists());
        assert_eq!(folder.tile(partial).unwrap().unwrap(), [[1; 32], [2; 32]]);
    }

    #[test]
    fn what_is_no_tile_or_much_too_long_is_none() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path(), "audit");
        let tile = TileAt { level: 0, index: 0, width: TILE };
        folder.add_tile(tile, &[[1; 32]; TILE]).unwrap();
        let path = root.path().join("audit").join(tile.path());
        for bytes in [vec![1; 31], vec![1; 32 * (TILE - 1)], vec![1; 32 * (TILE + 1)], vec![1; 1 << 20]] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(folder.tile(tile).unwrap(), None);
        }
    }
}
