//! Seals what travels outside: cookies and signed links. Keys of different purposes are derived from one, so that a cookie
//! never opens as a link.

use std::fmt;

use super::{DataKey, aead, mac};

/// Authenticated encryption with a key for each purpose.
#[derive(Clone)]
pub struct Sealer(DataKey);

impl Sealer {
    pub const fn new(key: DataKey) -> Self {
        Self(key)
    }

    fn key(&self, use_of_key: &str, purpose: &'static str) -> [u8; 32] {
        mac(self.0.secret(), &[use_of_key.as_bytes(), purpose.as_bytes()])
    }

    /// Twenty-eight bytes longer than `plain`.
    pub fn seal(&self, purpose: &'static str, plain: &[u8]) -> Vec<u8> {
        // Encryption fails only on messages of 64 GiB; an empty text opens as nothing.
        aead::encrypt(&self.key("seal", purpose), plain, purpose.as_bytes()).unwrap_or_default()
    }

    /// `None` for anything that this service did not seal for this purpose.
    pub fn open(&self, purpose: &'static str, sealed: &[u8]) -> Option<Vec<u8>> {
        aead::decrypt(&self.key("seal", purpose), sealed, purpose.as_bytes()).ok()
    }

    pub fn mac(&self, purpose: &'static str, data: &[u8]) -> [u8; 32] {
        mac(&self.key("mac", purpose), &[data])
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_cookie_opens_as_a_cookie_only() {
        let sealer = Sealer::new(DataKey::generate(Uuid::nil()));
        let sealed = sealer.seal("cookie", b"state");
        assert_eq!(sealer.open("cookie", &sealed).as_deref(), Some(b"state".as_slice()));
        assert_eq!(sealer.open("link", &sealed), None);
        assert_eq!(Sealer::new(DataKey::generate(Uuid::nil())).open("cookie", &sealed), None);
        assert_eq!(sealer.open("cookie", &sealed[..20]), None);
        assert_ne!(sealer.mac("cookie", b"x"), sealer.mac("link", b"x"));
    }
}
