use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use russh::keys::ssh_key::Fingerprint;
use russh::keys::{HashAlg, PrivateKey, PublicKeyOrCertificate, decode_secret_key};
use tokio::fs;
use zeroize::Zeroizing;

use super::DropError;

/// How Portico proves itself to a server, and the server to Portico.
#[derive(Debug, Clone)]
pub struct SftpAccess {
    /// The private key, in OpenSSH or PEM format, without a passphrase and with mode 0600.
    pub key_file: PathBuf,
    /// The server's key. A server with another one is refused before anything is said to it.
    pub host_key: HostKey,
}

/// The pinned fingerprint of a server's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostKey(Fingerprint);

impl SftpAccess {
    pub(super) async fn key(&self) -> Result<PrivateKey, DropError> {
        let problem = |problem: String| DropError::KeyFile { path: self.key_file.clone(), problem };
        let text = read_private(&self.key_file).await.map_err(problem)?;
        decode_secret_key(&text, None).map_err(|error| problem(error.to_string()))
    }
}

async fn read_private(path: &Path) -> Result<Zeroizing<String>, String> {
    let mode = fs::metadata(path).await.map_err(|error| error.to_string())?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err("others can read it: set its mode to 0600".to_owned());
    }
    fs::read_to_string(path).await.map(Zeroizing::new).map_err(|error| error.to_string())
}

impl HostKey {
    /// Reads a fingerprint as `ssh-keygen -lf` prints it: `SHA256:` and base64 without padding.
    pub fn parse(text: &str) -> Result<Self, DropError> {
        text.trim().parse().ok().filter(|fingerprint: &Fingerprint| fingerprint.is_sha256()).map(Self).ok_or(DropError::HostKey)
    }

    pub(super) fn check(self, shown: &PublicKeyOrCertificate) -> Result<(), DropError> {
        let key = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.key_data(),
            // Never asked for. What it holds is as good as the key alone.
            PublicKeyOrCertificate::Certificate(certificate) => certificate.public_key(),
        };
        let fingerprint = key.fingerprint(HashAlg::Sha256);
        if fingerprint == self.0 {
            return Ok(());
        }
        Err(DropError::OtherHostKey { shown: fingerprint.to_string(), kind: key.algorithm().to_string() })
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FINGERPRINT: &str = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM";

    #[test]
    fn a_fingerprint_reads_as_it_is_printed() {
        assert_eq!(HostKey::parse(FINGERPRINT).unwrap().to_string(), FINGERPRINT);
        assert_eq!(HostKey::parse(&format!(" {FINGERPRINT}\n")).unwrap().to_string(), FINGERPRINT);
    }

    #[test]
    fn what_is_no_sha256_fingerprint_is_refused() {
        let padded = format!("{FINGERPRINT}=");
        let longer = format!("{FINGERPRINT}AAAA");
        let sha512 = format!("SHA512:{}", "A".repeat(86));
        let line = format!("256 {FINGERPRINT} drop.example (ED25519)");
        let lower = FINGERPRINT.to_lowercase();
        let md5 = "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48";
        for text in ["", "SHA256:", &FINGERPRINT[7..], &FINGERPRINT[..49], &padded, &longer, &sha512, &line, &lower, md5] {
            assert!(HostKey::parse(text).is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_key_file_that_others_can_read_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let access = SftpAccess { key_file: file.path().to_owned(), host_key: HostKey::parse(FINGERPRINT).unwrap() };
        fs::set_permissions(file.path(), PermissionsExt::from_mode(0o640)).await.unwrap();
        assert!(access.key().await.unwrap_err().to_string().contains("0600"));
        fs::set_permissions(file.path(), PermissionsExt::from_mode(0o600)).await.unwrap();
        assert!(matches!(access.key().await, Err(DropError::KeyFile { .. })), "it is empty");
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_printed_the_same(text in "SHA256:[A-Za-z0-9+/]{40,46}|.*") {
            if let Ok(key) = HostKey::parse(&text) {
                prop_assert_eq!(key.to_string(), text.trim());
            }
        }
    }
}
