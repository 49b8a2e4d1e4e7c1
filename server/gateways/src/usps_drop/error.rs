use std::io;
use std::path::PathBuf;

use russh_sftp::client::error::Error as SftpError;
use thiserror::Error;

use super::{Address, FileName};

/// Why a drop cannot be used, or not at the moment.
#[derive(Debug, Error)]
pub enum DropError {
    /// The text is no drop. It is not repeated: somebody may have put a password into it.
    #[error("{0}")]
    Address(&'static str),
    #[error("must be the fingerprint as `ssh-keygen -lf` prints it: SHA256: and 43 characters")]
    HostKey,
    #[error("a drop on a server needs a key file and the fingerprint of the server's host key")]
    NoAccess,
    #[error("{}: {problem}", path.display())]
    KeyFile { path: PathBuf, problem: String },

    #[error("{address} cannot be reached: {source}")]
    Unreachable { address: Address, source: io::Error },
    #[error(
        "the server shows the host key {shown} ({kind}), which is not the pinned one: ask the server's operator, by another way than \
         this one, which is right"
    )]
    OtherHostKey { shown: String, kind: String },
    #[error("{0} does not accept the key: give its operator the public key, and check the user")]
    KeyRefused(Address),
    #[error("{0} offers no SFTP to this user")]
    NoSftp(Address),
    #[error("the server took too long to {0}")]
    TimedOut(&'static str),
    #[error("the connection failed: {0}")]
    Connection(#[from] russh::Error),
    #[error("the server did not do what was asked: {0}")]
    Server(SftpError),

    #[error("{}: {source}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("there are too many files at the drop")]
    TooManyFiles,
    #[error("a name at the drop is not used: it is longer than 200 bytes, or has /, \\, .. or control characters")]
    Name,
    #[error("{0} is larger than 4 GiB")]
    TooLarge(FileName),
    #[error("{0} changed after it was listed: list again")]
    Changed(FileName),
    #[error("{name} was not fetched: {source}")]
    Fetch { name: FileName, source: io::Error },
}

impl From<SftpError> for DropError {
    fn from(error: SftpError) -> Self {
        match error {
            SftpError::Timeout => Self::TimedOut("answer"),
            error => Self::Server(error),
        }
    }
}
