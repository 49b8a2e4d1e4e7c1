//! A drop on an SFTP server. Of the protocol only what reads is used. A connection serves one listing or one file, and ends when
//! its values are dropped, whatever happened before.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle, Msg};
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, ChannelStream, Preferred};
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::client::{Config as SftpConfig, RawSftpSession, SftpSession};
use russh_sftp::protocol::{File, StatusCode};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Address, DropError, Found, HostKey, Listed, MAX_FILES, SftpAccess, download};

/// From the first packet until the server is ready for SFTP.
const CONNECT: Duration = Duration::from_secs(20);

/// For each answer to a request.
const READ: Duration = Duration::from_mins(1);

/// Each asks for up to 256 KiB, and all of them are answered within `READ` on a line of 20 KiB a second.
const READS_AT_ONCE: usize = 4;

/// Signatures that a server may prove its key with: the defaults without SHA-1.
const SIGNATURES: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// The connection lives as long as the first; the second carries SFTP.
type Connection = (Handle<PinnedServer>, ChannelStream<Msg>);

pub(super) async fn list(address: &Address, access: &SftpAccess) -> Result<Vec<Found>, DropError> {
    let (_connection, stream) = connect(address, access).await?;
    let sftp = RawSftpSession::new_with_config(stream, sftp_config());
    sftp.init().await?;
    let folder = sftp.opendir(address.folder()).await?.handle;
    let mut entries = Vec::new();
    while let Some(more) = next_entries(&sftp, &folder).await? {
        entries.extend(more);
        if entries.len() > MAX_FILES {
            return Err(DropError::TooManyFiles);
        }
    }
    Ok(entries.into_iter().filter_map(regular_file).collect())
}

/// `None` at the end, which a server may also say with an empty answer.
async fn next_entries(sftp: &RawSftpSession, folder: &str) -> Result<Option<Vec<File>>, SftpError> {
    match sftp.readdir(folder).await {
        Ok(names) => Ok(Some(names.files).filter(|files| !files.is_empty())),
        Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => Ok(None),
        Err(error) => Err(error),
    }
}

fn regular_file(entry: File) -> Option<Found> {
    let attributes = entry.attrs;
    let modified = attributes.modified().ok()?;
    attributes.file_type().is_file().then_some(())?;
    Some(Found { name: entry.filename, bytes: attributes.size?, modified })
}

pub(super) async fn fetch(address: &Address, access: &SftpAccess, listed: &Listed, to: &Path) -> Result<(), DropError> {
    let (connection, stream) = connect(address, access).await?;
    let sftp = SftpSession::new_with_config(stream, sftp_config()).await?;
    let file = sftp.open(address.path_of(&listed.name)).await?;
    download::save(file, listed, to).await.map_err(|error| cause_of(error, &connection))
}

/// What reads the file knows only that nothing came.
fn cause_of(error: DropError, connection: &Handle<PinnedServer>) -> DropError {
    match error {
        DropError::Fetch { source, .. } if source.kind() == ErrorKind::TimedOut => DropError::TimedOut("send the file"),
        DropError::Fetch { .. } if connection.is_closed() => russh::Error::Disconnect.into(),
        error => error,
    }
}

async fn connect(address: &Address, access: &SftpAccess) -> Result<Connection, DropError> {
    let key = access.key().await?;
    timeout(CONNECT, sign_in(address, access.host_key, key)).await.map_err(|_| DropError::TimedOut("let Portico in"))?
}

async fn sign_in(address: &Address, host_key: HostKey, key: PrivateKey) -> Result<Connection, DropError> {
    let unreachable = |source| DropError::Unreachable { address: address.clone(), source };
    let socket = TcpStream::connect(address.socket()).await.map_err(unreachable)?;
    let mut connection = client::connect_stream(Arc::new(ssh_config()), socket, PinnedServer(host_key)).await?;
    // The hash is for RSA keys only.
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), Some(HashAlg::Sha512));
    if !connection.authenticate_publickey(address.user(), key).await?.success() {
        return Err(DropError::KeyRefused(address.clone()));
    }
    let mut channel = connection.channel_open_session().await?;
    channel.request_subsystem(true, "sftp").await?;
    if !is_granted(&mut channel).await {
        return Err(DropError::NoSftp(address.clone()));
    }
    Ok((connection, channel.into_stream()))
}

async fn is_granted(channel: &mut Channel<Msg>) -> bool {
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Success) => return true,
            Some(ChannelMsg::Failure) | None => return false,
            // How much the server is ready to take, for example.
            Some(_) => {}
        }
    }
}

fn ssh_config() -> client::Config {
    client::Config {
        preferred: Preferred { key: SIGNATURES.into(), ..Preferred::DEFAULT },
        // The last resort, if a line is so stuck that not even the end can be said.
        inactivity_timeout: Some(2 * READ),
        nodelay: true,
        ..client::Config::default()
    }
}

fn sftp_config() -> SftpConfig {
    SftpConfig { request_timeout_secs: READ.as_secs(), max_concurrent_reads: READS_AT_ONCE, ..SftpConfig::default() }
}

/// A server that must show the pinned key.
struct PinnedServer(HostKey);

impl client::Handler for PinnedServer {
    type Error = DropError;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, DropError> {
        self.0.check(shown).map(|()| true)
    }
}
