//! Encryption for somebody else's public key: HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
//!
//! Of the suites that RFC 9180 has this is the one whose parts are all approved by NIST. What is sealed in one context is opened in
//! the same order or not at all.

use std::fmt;

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey};
use p256::{PublicKey, SecretKey};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyError, pem, sha256};
use crate::random;

/// Bytes of the key that travels with what is sealed.
pub const ENCAPSULATED: usize = 65;
/// Bytes that sealing adds.
pub const TAG: usize = 16;

const KEM: &[u8] = b"KEM\x00\x10";
const SUITE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x02";
const BASE_MODE: u8 = 0;

/// The public key of whoever something is sealed for.
#[derive(Clone)]
pub struct RecipientKey {
    key: PublicKey,
    point: [u8; ENCAPSULATED],
}

impl RecipientKey {
    /// Reads a public key of P-256 in PEM, as `openssl pkey -pubout` writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let der = pem::decode(text, "PUBLIC KEY")?;
        Self::of(PublicKey::from_public_key_der(&der).ok()?)
    }

    fn of(key: PublicKey) -> Option<Self> {
        let point = <[u8; ENCAPSULATED]>::try_from(&*key.to_sec1_bytes()).ok()?;
        Some(Self { key, point })
    }

    fn of_point(point: &[u8; ENCAPSULATED]) -> Option<Self> {
        Self::of(PublicKey::from_sec1_bytes(point).ok()?)
    }

    /// SHA-256 of the uncompressed point.
    pub fn id(&self) -> [u8; 32] {
        sha256(&self.point)
    }

    /// Begins to seal: gives the key that travels along, and the context. Both sides have the same `info`.
    pub fn seal(&self, info: &[u8]) -> Result<([u8; ENCAPSULATED], Sealing), KeyError> {
        // One of 2^32 is no key.
        let ephemeral = (0..4).find_map(|_| SecretKey::from_slice(Zeroizing::new(random::bytes::<32>()).as_slice()).ok());
        self.seal_with(&ephemeral.ok_or(KeyError::Unopenable)?, info)
    }

    fn seal_with(&self, ephemeral: &SecretKey, info: &[u8]) -> Result<([u8; ENCAPSULATED], Sealing), KeyError> {
        let travels = Self::of(ephemeral.public_key()).ok_or(KeyError::Unopenable)?.point;
        let shared = ephemeral.diffie_hellman(&self.key);
        let context = Context::new(shared.raw_secret_bytes().as_slice(), &travels, &self.point, info)?;
        Ok((travels, Sealing(context)))
    }
}

impl fmt::Debug for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecipientKey({})", super::hex(&self.id()))
    }
}

/// The key of whoever something was sealed for.
pub struct RecipientSecret {
    secret: SecretKey,
    public: RecipientKey,
}

impl RecipientSecret {
    /// Reads a private key of P-256 in PEM (PKCS #8), as `openssl genpkey -algorithm EC` writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let der = pem::decode(text, "PRIVATE KEY")?;
        Self::of(SecretKey::from_pkcs8_der(&der).ok()?)
    }

    /// A key of these bytes; `None` for one of 2^32.
    pub fn of_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Self::of(SecretKey::from_slice(bytes).ok()?)
    }

    fn of(secret: SecretKey) -> Option<Self> {
        let public = RecipientKey::of(secret.public_key())?;
        Some(Self { secret, public })
    }

    pub const fn public(&self) -> &RecipientKey {
        &self.public
    }

    /// Begins to open what was sealed with the key that travels along.
    pub fn open(&self, travels: &[u8; ENCAPSULATED], info: &[u8]) -> Result<Opening, KeyError> {
        let ephemeral = RecipientKey::of_point(travels).ok_or(KeyError::Unopenable)?;
        let shared = self.secret.diffie_hellman(&ephemeral.key);
        Ok(Opening(Context::new(shared.raw_secret_bytes().as_slice(), travels, &self.public.point, info)?))
    }
}

impl fmt::Debug for RecipientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecipientSecret({})", super::hex(&self.public.id()))
    }
}

/// What seals.
pub struct Sealing(Context);

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealing")
    }
}

impl Sealing {
    /// Replaces the bytes by what is sealed of them, [`TAG`] bytes longer.
    pub fn seal(&mut self, associated: &[u8], bytes: &mut Vec<u8>) -> Result<(), KeyError> {
        let nonce = self.0.nonce()?;
        self.0.cipher.encrypt_in_place(&nonce, associated, bytes).map_err(|_| KeyError::Unopenable)?;
        self.0.next += 1;
        Ok(())
    }
}

/// What opens.
pub struct Opening(Context);

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening")
    }
}

impl Opening {
    /// Replaces the next sealed bytes by what they were. If they do not open they stay, and can be tried again.
    pub fn open(&mut self, associated: &[u8], bytes: &mut Vec<u8>) -> Result<(), KeyError> {
        let nonce = self.0.nonce()?;
        self.0.cipher.decrypt_in_place(&nonce, associated, bytes).map_err(|_| KeyError::Unopenable)?;
        self.0.next += 1;
        Ok(())
    }
}

struct Context {
    cipher: Aes256Gcm,
    first_nonce: [u8; 12],
    next: u64,
}

impl Context {
    /// RFC 9180, 4.1 (`ExtractAndExpand`) and 5.1 (`KeySchedule`).
    fn new(shared: &[u8], travels: &[u8], recipient: &[u8], info: &[u8]) -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new([0_u8; 32]);
        let (_, of_shared) = extract(KEM, &[], b"eae_prk", shared);
        expand(&of_shared, KEM, b"shared_secret", &[travels, recipient], secret.as_mut_slice())?;

        let (no_key, _) = extract(SUITE, &[], b"psk_id_hash", &[]);
        let (of_info, _) = extract(SUITE, &[], b"info_hash", info);
        let mode = [BASE_MODE];
        let context = [mode.as_slice(), &no_key, &of_info];
        let (_, of_secret) = extract(SUITE, secret.as_slice(), b"secret", &[]);
        let (mut key, mut first_nonce) = (Zeroizing::new([0_u8; 32]), [0_u8; 12]);
        expand(&of_secret, SUITE, b"key", &context, key.as_mut_slice())?;
        expand(&of_secret, SUITE, b"base_nonce", &context, &mut first_nonce)?;
        let key: &[u8; 32] = &key;
        Ok(Self { cipher: Aes256Gcm::new(key.into()), first_nonce, next: 0 })
    }

    fn nonce(&self) -> Result<Nonce<aes_gcm::aead::consts::U12>, KeyError> {
        if self.next == u64::MAX {
            return Err(KeyError::Unopenable);
        }
        let mut nonce = self.first_nonce;
        for (byte, counted) in nonce.iter_mut().skip(4).zip(self.next.to_be_bytes()) {
            *byte ^= counted;
        }
        Ok(nonce.into())
    }
}

/// `LabeledExtract` of RFC 9180: the bytes, and what expands them.
fn extract(suite: &[u8], salt: &[u8], label: &[u8], secret: &[u8]) -> ([u8; 32], Hkdf<Sha256>) {
    let labelled = Zeroizing::new([b"HPKE-v1".as_slice(), suite, label, secret].concat());
    let (bytes, expander) = Hkdf::<Sha256>::extract(Some(salt), &labelled);
    (bytes.into(), expander)
}

/// `LabeledExpand` of RFC 9180.
fn expand(from: &Hkdf<Sha256>, suite: &[u8], label: &[u8], info: &[&[u8]], out: &mut [u8]) -> Result<(), KeyError> {
    let length = u16::try_from(out.len()).map_err(|_| KeyError::Unopenable)?.to_be_bytes();
    let parts = [[length.as_slice(), b"HPKE-v1", suite, label].as_slice(), info].concat();
    from.expand_multi_info(&parts, out).map_err(|_| KeyError::Unopenable)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn counted_from(first: u8) -> [u8; 32] {
        std::array::from_fn(|at| first + u8::try_from(at).unwrap())
    }

    fn recipient() -> RecipientSecret {
        RecipientSecret::of_bytes(&counted_from(1)).unwrap()
    }

    #[test]
    fn another_implementation_opens_what_is_sealed_here() {
        // OpenSSL's, as pyca/cryptography calls it, opened the first; the second is by the letter of RFC 9180.
        let (travels, mut sealing) =
            recipient().public().seal_with(&SecretKey::from_slice(&counted_from(33)).unwrap(), b"info").unwrap();
        assert_eq!(
            super::super::hex(&travels),
            "041f140146bfb1b251f84f4ddbe0d4cdcfd77afd984a9520e35794021f8312bb9e\
             ec995a08b1fa7704df3dcc0b50a9665263fb7711f95f9f8a449c5096e47c892b"
        );
        for (associated, plain, sealed) in [
            ([0], b"the first".as_slice(), "2c0d2cb435b69613040acf8291c52acb692ff77846b8843432"),
            ([1], b"the last".as_slice(), "fe7744031e0ccf7007d36edef2fd18f33c728b5bf2b76578"),
        ] {
            let mut bytes = plain.to_vec();
            sealing.seal(&associated, &mut bytes).unwrap();
            assert_eq!(super::super::hex(&bytes), sealed);
        }
    }

    #[test]
    fn what_was_sealed_opens_in_order_with_its_key_and_its_info() {
        let key = recipient();
        let (travels, mut sealing) = key.public().seal(b"info").unwrap();
        let sealed: Vec<Vec<u8>> = [b"one".as_slice(), b"", b"three"]
            .into_iter()
            .map(|plain| {
                let mut bytes = plain.to_vec();
                sealing.seal(b"a", &mut bytes).unwrap();
                bytes
            })
            .collect();
        let open = |key: &RecipientSecret, info: &[u8], order: &[usize]| {
            let mut opening = key.open(&travels, info).unwrap();
            let open = |at: &usize| {
                let mut bytes = sealed[*at].clone();
                opening.open(b"a", &mut bytes).ok()?;
                Some(bytes)
            };
            order.iter().map(open).collect::<Option<Vec<_>>>()
        };
        let plain = vec![b"one".to_vec(), Vec::new(), b"three".to_vec()];
        assert_eq!(open(&key, b"info", &[0, 1, 2]), Some(plain));
        for order in [[1].as_slice(), &[0, 2], &[0, 0], &[0, 1, 1]] {
            assert_eq!(open(&key, b"info", order), None, "{order:?}");
        }
        assert_eq!(open(&key, b"other info", &[0]), None);
        assert_eq!(open(&RecipientSecret::of_bytes(&counted_from(2)).unwrap(), b"info", &[0]), None);
        let mut opening = key.open(&travels, b"info").unwrap();
        let mut bytes = sealed[0].clone();
        assert!(opening.open(b"b", &mut bytes).is_err() && bytes == sealed[0], "it can be tried again");
        assert!(opening.open(b"a", &mut bytes).is_ok() && bytes == b"one");
    }

    #[test]
    fn a_public_key_is_read_as_openssl_writes_it() {
        let der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUVw9brnjlrkE0/7Kf1T9zQzB6Ze/N13KUVrQpsO0A19FNr46UPMY+/mlR1kCoiFQK+8N\
                   V+CMU7LMClbxfZ+TVA==";
        let text = |der: &str| format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n");
        assert_eq!(RecipientKey::parse(&text(der)).unwrap().id(), recipient().public().id());
        let bytes = STANDARD.decode(der).unwrap();
        let mut off_the_curve = bytes.clone();
        *off_the_curve.last_mut().unwrap() ^= 1;
        for broken in [&bytes[..bytes.len() - 1], &off_the_curve, &[]] {
            assert!(RecipientKey::parse(&text(&STANDARD.encode(broken))).is_none());
        }
    }

    #[test]
    fn a_private_key_is_read_as_openssl_writes_it_and_never_shown() {
        let secret = counted_from(1);
        // PKCS #8 around an ECPrivateKey without the public key.
        let around =
            b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27";
        let der = [around.as_slice(), b"\x30\x25\x02\x01\x01\x04\x20", &secret].concat();
        let text = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
        let read = RecipientSecret::parse(&text).unwrap();
        assert_eq!(read.public().id(), recipient().public().id());
        assert!(!format!("{read:?}").contains("01020304"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_panic(travels in any::<[u8; 32]>(), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let key = recipient();
            let mut point = [4; ENCAPSULATED];
            point[1..33].copy_from_slice(&travels);
            prop_assert!(key.open(&point, b"").is_err());
            let (travels, _) = key.public().seal(b"info").unwrap();
            prop_assert!(key.open(&travels, b"info").unwrap().open(b"", &mut bytes.clone()).is_err());
        }
    }
}
