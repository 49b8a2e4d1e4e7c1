//! The key with which packages for partner countries are signed (Ed25519), and the files of both sides' keys.

use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::hpke::RecipientKey;
use super::{KeyError, hex, pem, sha256};

/// What stands before the 32 bytes of a public key in its DER (RFC 8410).
const PUBLIC_DER: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// The key that signs.
pub struct PackageKey {
    pair: Ed25519KeyPair,
    public: SenderKey,
}

impl PackageKey {
    /// Reads the file: a private key in PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it, for its owner only.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let name = || path.display().to_string();
        let unreadable = |source| KeyError::Unreadable { path: name(), source };
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(unreadable)?);
        let mode = std::fs::metadata(path).map_err(unreadable)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen { path: name() });
        }
        let der = pem::decode(&text, "PRIVATE KEY");
        let pair = der.and_then(|der| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok());
        pair.and_then(Self::of).ok_or_else(|| KeyError::Malformed { path: name(), line: 1 })
    }

    /// A key of these bytes.
    pub fn of_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Self::of(Ed25519KeyPair::from_seed_unchecked(bytes).ok()?)
    }

    fn of(pair: Ed25519KeyPair) -> Option<Self> {
        let public = SenderKey(pair.public_key().as_ref().try_into().ok()?);
        Some(Self { pair, public })
    }

    pub const fn public(&self) -> &SenderKey {
        &self.public
    }

    pub fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        self.pair.sign(message).as_ref().try_into().ok()
    }
}

impl fmt::Debug for PackageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackageKey({})", hex(&self.public.id()))
    }
}

/// The public half, with which others see that a package is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderKey([u8; 32]);

impl SenderKey {
    /// Reads a public key in PEM, as `openssl pkey -pubout` writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let der = pem::decode(text, "PUBLIC KEY")?;
        Some(Self(der.strip_prefix(PUBLIC_DER)?.try_into().ok()?))
    }

    /// SHA-256 of the 32 bytes.
    pub fn id(&self) -> [u8; 32] {
        sha256(&self.0)
    }

    pub fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

impl RecipientKey {
    /// Reads the file of the public key of those for whom packages are sealed.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| KeyError::Unreadable { path: name(), source })?;
        Self::parse(&text).ok_or_else(|| KeyError::Malformed { path: name(), line: 1 })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn secret() -> [u8; 32] {
        std::array::from_fn(|at| 65 + u8::try_from(at).unwrap())
    }

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("package.key");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    fn private() -> String {
        let der = [b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".as_slice(), &secret()].concat();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
    }

    #[test]
    fn the_keys_are_read_as_openssl_writes_them_and_a_signature_is_of_one_message() {
        let (_folder, path) = file(&private(), 0o600);
        let key = PackageKey::load(&path).unwrap();
        let public =
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEArcFAEfgtHFbZVqpPnXPYhYNhpgYEhSXg0Ixjjcdd2Mc=\n-----END PUBLIC KEY-----\n";
        assert_eq!(SenderKey::parse(public).as_ref(), Some(key.public()));
        let signature = key.sign(b"message").unwrap();
        assert!(key.public().has_signed(b"message", &signature));
        assert!(!key.public().has_signed(b"messagf", &signature));
        let mut changed = signature;
        changed[5] ^= 1;
        assert!(!key.public().has_signed(b"message", &changed));
        assert!(!PackageKey::of_bytes(&[7; 32]).unwrap().public().has_signed(b"message", &signature));
        assert_eq!(format!("{key:?}"), format!("PackageKey({})", hex(&key.public().id())));
    }

    #[test]
    fn a_file_that_is_missing_open_to_others_or_no_key_is_named() {
        assert!(matches!(PackageKey::load(Path::new("/nowhere/package.key")), Err(KeyError::Unreadable { .. })));
        assert!(matches!(RecipientKey::load(Path::new("/nowhere/obim.pem")), Err(KeyError::Unreadable { .. })));
        let (_folder, open) = file(&private(), 0o640);
        assert!(matches!(PackageKey::load(&open), Err(KeyError::TooOpen { .. })));
        let (_folder, none) = file("-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n", 0o600);
        assert!(matches!(PackageKey::load(&none), Err(KeyError::Malformed { .. })));
        assert!(matches!(RecipientKey::load(&none), Err(KeyError::Malformed { .. })));
    }
}
