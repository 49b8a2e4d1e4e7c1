//! Writes a file whole or not at all.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{self, File};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};

use super::{DropError, Listed};

/// What is held in memory of a file.
const BUFFER: usize = 256 * 1024;

/// Reads a file of the drop to its end and puts it to `to`. It must be as long as it was listed.
pub(super) async fn save(from: impl AsyncRead + Unpin, listed: &Listed, to: &Path) -> Result<(), DropError> {
    let part = part_of(to);
    let saved = match write(from, listed, &part).await {
        Ok(()) => fs::rename(&part, to).await.map_err(|source| not_fetched(listed, source)),
        Err(error) => Err(error),
    };
    if saved.is_err() {
        // It may not even be there. A part that stays is written over by the next try.
        let _ = fs::remove_file(&part).await;
    }
    saved
}

async fn write(from: impl AsyncRead + Unpin, listed: &Listed, part: &Path) -> Result<(), DropError> {
    // One byte more shows that the file has grown.
    let bytes = copy(from.take(listed.bytes + 1), part).await.map_err(|source| not_fetched(listed, source))?;
    if bytes == listed.bytes { Ok(()) } else { Err(DropError::Changed(listed.name.clone())) }
}

async fn copy(from: impl AsyncRead + Unpin, part: &Path) -> io::Result<u64> {
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(part).await?;
    let bytes = tokio::io::copy_buf(&mut BufReader::with_capacity(BUFFER, from), &mut file).await?;
    file.flush().await?;
    file.sync_all().await?;
    Ok(bytes)
}

/// A hidden neighbour: a rename moves nothing from one disk to another, and nobody takes it for a file.
fn part_of(to: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(to.file_name().unwrap_or_default());
    name.push(".part");
    to.with_file_name(name)
}

fn not_fetched(listed: &Listed, source: io::Error) -> DropError {
    DropError::Fetch { name: listed.name.clone(), source }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::super::FileName;
    use super::*;

    fn listed(bytes: u64) -> Listed {
        Listed { name: FileName::parse("a.txt").unwrap(), bytes, modified: SystemTime::UNIX_EPOCH }
    }

    #[tokio::test]
    async fn a_failure_leaves_what_was_there_before() {
        let here = tempfile::tempdir().unwrap();
        let to = here.path().join("a.txt");
        std::fs::write(&to, "yesterday's").unwrap();
        save(b"half".as_slice(), &listed(8), &to).await.unwrap_err();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "yesterday's");
    }

    #[tokio::test]
    async fn a_part_that_a_crash_left_is_written_over() {
        let here = tempfile::tempdir().unwrap();
        let to = here.path().join("a.txt");
        std::fs::write(part_of(&to), "much longer than the file").unwrap();
        save(b"content".as_slice(), &listed(7), &to).await.unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "content");
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_to_is_an_error() {
        let saved = save(b"x".as_slice(), &listed(1), Path::new("/nowhere/a.txt")).await;
        assert!(matches!(saved, Err(DropError::Fetch { .. })));
    }
}
