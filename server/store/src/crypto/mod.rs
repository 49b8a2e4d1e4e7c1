//! Encryption of sensitive columns, blind indexes and sealed cookies.
//!
//! Two layers of keys: the key file holds wrapping keys ([`KeyRing`]), the database holds data keys wrapped by them
//! ([`DataKey`]), one for each case and a few for the service. Every ciphertext names its data key and is bound to its
//! table, column and row, so that it cannot be moved. A third kind of key signs the checkpoints of the logs ([`CheckpointKey`]).
//! Algorithms are AES-256-GCM, HMAC-SHA-256, SHA-256 and Ed25519, all of which have validated implementations.
//!
//! Packages for partner countries are another thing: they are signed with a key of ours ([`PackageKey`], Ed25519) and sealed for a
//! key of theirs ([`hpke`]).

mod aead;
mod checkpoint_key;
mod data_key;
pub mod hpke;
mod key_file;
mod key_ring;
mod package_key;
mod pem;
mod sealer;

pub use checkpoint_key::CheckpointKey;
pub use data_key::{Cell, DataKey, WrappedKey};
pub use key_ring::KeyRing;
pub use package_key::{PackageKey, SenderKey};
pub use sealer::Sealer;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum KeyError {
    #[error("the key file {path} cannot be read: {source}")]
    Unreadable { path: String, source: std::io::Error },
    #[error("the key file {path} is not in the documented form, line {line}")]
    Malformed { path: String, line: usize },
    #[error("the key file {path} can be read by others than its owner; set its mode to 0600")]
    TooOpen { path: String },
    #[error("the key file {path} cannot be written: {source}")]
    Unwritable { path: String, source: std::io::Error },
    #[error("the database was encrypted with the key {0}, which is not in the key file: restore that key file")]
    MissingWrappingKey(String),
    #[error("something encrypted cannot be opened: its key, its place or its bytes are wrong")]
    Unopenable,
}

/// HMAC-SHA-256 over parts, each with its length before it, so that two splits of the same bytes differ.
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros to the hash's block; done here, no length can be wrong.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut hmac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The hash of all that a reader gives.
pub fn sha256_of(mut reader: impl std::io::Read) -> std::io::Result<[u8; 32]> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&buffer[..read]);
    }
}

/// Compares without telling by its time where the first difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    // The compiler must not leave the loop at the first difference.
    let differing = a.iter().zip(b).fold(0, |differing, (a, b)| std::hint::black_box(differing | (a ^ b)));
    a.len() == b.len() && differing == 0
}

/// Two small letters or digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Reads a hash as [`hex`] writes it.
pub fn hash_of_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    let is_hex = text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    for (byte, at) in hash.iter_mut().zip((0..).step_by(2)).filter(|_| is_hex) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    is_hex.then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn only_equal_bytes_are_the_same() {
        assert!(same(b"", b"") && same(b"abc", b"abc"));
        for other in ["", "ab", "abcd", "abd", "bbc", "ABC"] {
            assert!(!same(b"abc", other.as_bytes()), "{other}");
        }
    }
}
