//! A drop that is a folder of this machine.

use std::io;
use std::path::Path;

use tokio::fs::{self, DirEntry, File};

use super::{DropError, Found, Listed, MAX_FILES, download};

pub(super) async fn list(folder: &Path) -> Result<Vec<Found>, DropError> {
    let failed = |source| DropError::Folder { path: folder.to_owned(), source };
    let mut entries = fs::read_dir(folder).await.map_err(failed)?;
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await.map_err(failed)? {
        found.extend(regular_file(&entry).await.map_err(failed)?);
        if found.len() > MAX_FILES {
            return Err(DropError::TooManyFiles);
        }
    }
    Ok(found)
}

async fn regular_file(entry: &DirEntry) -> io::Result<Option<Found>> {
    let data = match entry.metadata().await {
        // Taken away since the folder was read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        data => data?,
    };
    if !data.is_file() {
        return Ok(None);
    }
    let name = entry.file_name().to_string_lossy().into_owned();
    Ok(Some(Found { name, bytes: data.len(), modified: data.modified()? }))
}

pub(super) async fn fetch(folder: &Path, listed: &Listed, to: &Path) -> Result<(), DropError> {
    let path = folder.join(listed.name.as_str());
    let file = File::open(&path).await.map_err(|source| DropError::Folder { path, source })?;
    download::save(file, listed, to).await
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use chrono::{DateTime, TimeDelta, Utc};
    use tempfile::TempDir;

    use super::super::{MAX_BYTES, UspsDrop, Watch};
    use super::*;

    struct Place {
        folder: TempDir,
        watch: Watch,
    }

    impl Place {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap(), watch: Watch::default() }
        }

        fn drop(&self) -> UspsDrop {
            UspsDrop::parse(self.folder.path().to_str().unwrap()).unwrap()
        }

        fn put(&self, name: &str, content: &[u8]) -> PathBuf {
            let path = self.folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        }

        async fn list(&mut self, second: i64) -> Vec<Listed> {
            let now: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
            self.drop().list(None, &mut self.watch, now).await.unwrap()
        }

        async fn only_file(&mut self) -> Listed {
            self.list(0).await;
            let [listed] = <[Listed; 1]>::try_from(self.list(60).await).unwrap();
            listed
        }
    }

    #[tokio::test]
    async fn regular_files_directly_in_the_folder_are_listed_by_name() {
        let mut place = Place::new();
        let b = place.put("b.txt", b"bb");
        place.put("a.txt", b"a");
        place.put(".hidden", b"h");
        place.put("c.tmp", b"c");
        std::fs::create_dir(place.folder.path().join("sub")).unwrap();
        std::os::unix::fs::symlink(&b, place.folder.path().join("link.txt")).unwrap();
        assert!(place.list(0).await.is_empty());
        let listed = place.list(60).await;
        let listed: Vec<_> = listed.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
        assert_eq!(listed, [("a.txt", 1), ("b.txt", 2)]);
    }

    #[tokio::test]
    async fn a_name_that_is_not_utf_8_is_left_alone() {
        use std::os::unix::ffi::OsStrExt;
        let mut place = Place::new();
        let name = std::ffi::OsStr::from_bytes(b"a\xff.txt");
        std::fs::write(place.folder.path().join(name), "x").unwrap();
        place.list(0).await;
        assert!(place.list(60).await.is_empty());
    }

    #[tokio::test]
    async fn a_file_is_copied_and_stays_at_the_drop() {
        let mut place = Place::new();
        let at_drop = place.put("a.txt", b"content");
        let listed = place.only_file().await;
        let here = tempfile::tempdir().unwrap();
        let to = here.path().join("a.txt");
        place.drop().fetch(None, &listed, &to).await.unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"content");
        assert_eq!(std::fs::read(at_drop).unwrap(), b"content");
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[tokio::test]
    async fn a_file_that_grew_or_shrank_after_it_was_listed_is_not_kept() {
        for content in [b"longer than before".as_slice(), b"x"] {
            let mut place = Place::new();
            place.put("a.txt", b"content");
            let listed = place.only_file().await;
            place.put("a.txt", content);
            let here = tempfile::tempdir().unwrap();
            let fetched = place.drop().fetch(None, &listed, &here.path().join("a.txt")).await;
            assert!(matches!(fetched, Err(DropError::Changed(_))));
            assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
        }
    }

    #[tokio::test]
    async fn a_file_above_the_limit_is_not_fetched() {
        let mut place = Place::new();
        std::fs::File::create(place.folder.path().join("a.txt")).unwrap().set_len(MAX_BYTES + 1).unwrap();
        let listed = place.only_file().await;
        let here = tempfile::tempdir().unwrap();
        let fetched = place.drop().fetch(None, &listed, &here.path().join("a.txt")).await;
        assert!(matches!(fetched, Err(DropError::TooLarge(_))));
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_folder_with_far_too_many_files_is_refused() {
        let mut place = Place::new();
        for number in 0..MAX_FILES {
            place.put(&format!("{number}.txt"), b"");
        }
        assert!(place.list(0).await.is_empty(), "as many as may be");
        place.put("one more.txt", b"");
        let listed = place.drop().list(None, &mut place.watch, DateTime::UNIX_EPOCH).await;
        assert!(matches!(listed, Err(DropError::TooManyFiles)));
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_named() {
        let drop = UspsDrop::parse("/nowhere/usps").unwrap();
        let error = drop.list(None, &mut Watch::default(), DateTime::UNIX_EPOCH).await.unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/usps: "), "{error}");
    }
}
