//! AES-256-GCM: `nonce (12) | ciphertext and tag`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use super::KeyError;
use crate::random;

const NONCE: usize = 12;

pub(super) fn encrypt(key: &[u8; 32], plain: &[u8], associated: &[u8]) -> Result<Vec<u8>, KeyError> {
    let nonce: [u8; NONCE] = random::bytes();
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: associated })
        .map_err(|_| KeyError::Unopenable)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(super) fn decrypt(key: &[u8; 32], sealed: &[u8], associated: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(KeyError::Unopenable)?;
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: associated })
        .map_err(|_| KeyError::Unopenable)
}
