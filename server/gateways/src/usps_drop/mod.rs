//! Brings USPS extract files from the drop, where they arrive, to a local folder. One way: nothing is written, moved or deleted at
//! the drop.
//!
//! * [`UspsDrop`] is the place: a folder, or an SFTP server that proves itself with the pinned [`HostKey`].
//! * [`Watch`] knows which files are complete.
//! * A file appears under its final name when it is whole, or not at all (`download.rs`).

mod access;
mod address;
mod download;
mod error;
mod file_name;
mod folder;
mod sftp;
mod watch;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

pub use access::{HostKey, SftpAccess};
pub use address::Address;
pub use error::DropError;
pub use file_name::FileName;
pub use watch::Watch;

/// The largest file that is fetched: 4 GiB.
pub const MAX_BYTES: u64 = 4 << 30;

/// More files than this in one drop are somebody's mistake.
const MAX_FILES: usize = 10_000;

/// Where the extract files arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UspsDrop {
    Folder(PathBuf),
    Sftp(Address),
}

/// A complete file at the drop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listed {
    pub name: FileName,
    pub bytes: u64,
    /// When it was last written, by the drop's clock.
    pub modified: SystemTime,
}

/// A regular file at the drop, as the drop describes it.
struct Found {
    name: String,
    bytes: u64,
    modified: SystemTime,
}

impl UspsDrop {
    /// Reads a folder's path, or `sftp://user@host[:port]/path`.
    pub fn parse(text: &str) -> Result<Self, DropError> {
        match text.trim() {
            "" => Err(DropError::Address("name a folder, or sftp://user@host/path")),
            text if text.contains("://") => Address::parse(text).map(Self::Sftp),
            text if text.contains(char::is_control) => Err(DropError::Address("take the control characters out of the path")),
            text => Ok(Self::Folder(text.into())),
        }
    }

    /// The complete files directly in the drop, by name. `access` is for SFTP; `watch` remembers what this drop showed before.
    pub async fn list(&self, access: Option<&SftpAccess>, watch: &mut Watch, now: DateTime<Utc>) -> Result<Vec<Listed>, DropError> {
        let found = match self {
            Self::Folder(folder) => folder::list(folder).await?,
            Self::Sftp(address) => sftp::list(address, needed(access)?).await?,
        };
        Ok(watch.complete(found, now))
    }

    /// Copies a file from the drop to `to`, and replaces what is there. One fetch to a path at a time.
    pub async fn fetch(&self, access: Option<&SftpAccess>, listed: &Listed, to: &Path) -> Result<(), DropError> {
        if listed.bytes > MAX_BYTES {
            return Err(DropError::TooLarge(listed.name.clone()));
        }
        match self {
            Self::Folder(folder) => folder::fetch(folder, listed, to).await,
            Self::Sftp(address) => sftp::fetch(address, needed(access)?, listed, to).await,
        }
    }
}

fn needed(access: Option<&SftpAccess>) -> Result<&SftpAccess, DropError> {
    access.ok_or(DropError::NoAccess)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_folder() {
        for path in ["/srv/usps", "data/usps", "./drop", "C:drop"] {
            assert_eq!(UspsDrop::parse(path).unwrap(), UspsDrop::Folder(path.into()));
        }
        assert_eq!(UspsDrop::parse(" /srv/usps\n").unwrap(), UspsDrop::Folder("/srv/usps".into()));
    }

    #[test]
    fn an_address_is_a_server() {
        assert!(matches!(UspsDrop::parse("sftp://agency@drop.example/out").unwrap(), UspsDrop::Sftp(_)));
    }

    #[test]
    fn what_is_neither_is_refused_with_a_way_to_mend_it() {
        for text in ["", "  ", "https://drop.example/out", "ftp://agency@drop.example/out", "a\0b"] {
            assert!(matches!(UspsDrop::parse(text), Err(DropError::Address(_))), "{text}");
        }
    }

    #[tokio::test]
    async fn a_server_is_not_asked_without_key_and_pinned_host_key() {
        let drop = UspsDrop::parse("sftp://agency@drop.example/out").unwrap();
        let listed = drop.list(None, &mut Watch::default(), DateTime::UNIX_EPOCH).await;
        assert!(matches!(listed, Err(DropError::NoAccess)));
    }
}
