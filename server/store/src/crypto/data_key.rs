//! Data keys: one for each case, wrapped by a key of the key file.

use std::fmt;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{KeyError, KeyRing, aead};
use crate::random;

/// A key that encrypts the sensitive columns of one case, or one purpose of the service.
#[derive(Clone)]
pub struct DataKey {
    id: Uuid,
    secret: Zeroizing<[u8; 32]>,
}

/// A data key as it lies in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    pub id: Uuid,
    pub wrapping_key: String,
    pub wrapped: Vec<u8>,
}

/// The place a ciphertext belongs to. Bound into it: in any other place it does not open.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub table: &'static str,
    pub column: &'static str,
    pub row: Uuid,
}

const VERSION: u8 = 1;

impl Cell {
    fn associated(&self) -> Vec<u8> {
        [self.table.as_bytes(), b"|", self.column.as_bytes(), b"|", self.row.as_bytes()].concat()
    }
}

impl DataKey {
    pub fn generate(id: Uuid) -> Self {
        Self { id, secret: Zeroizing::new(random::bytes()) }
    }

    pub const fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Wraps the key with a key of the ring.
    pub fn wrap(&self, ring: &KeyRing, name: &str) -> Result<WrappedKey, KeyError> {
        let wrapping = ring.get(name)?;
        let wrapped = aead::encrypt(wrapping, self.secret.as_slice(), self.id.as_bytes())?;
        Ok(WrappedKey { id: self.id, wrapping_key: name.to_owned(), wrapped })
    }

    pub fn unwrap(ring: &KeyRing, stored: &WrappedKey) -> Result<Self, KeyError> {
        let wrapping = ring.get(&stored.wrapping_key)?;
        let secret = Zeroizing::new(aead::decrypt(wrapping, &stored.wrapped, stored.id.as_bytes())?);
        let secret: [u8; 32] = secret.as_slice().try_into().map_err(|_| KeyError::Unopenable)?;
        Ok(Self { id: stored.id, secret: Zeroizing::new(secret) })
    }

    /// `version (1) | data key id (16) | nonce (12) | ciphertext and tag`.
    pub fn seal(&self, cell: Cell, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        let sealed = aead::encrypt(&self.secret, plain, &cell.associated())?;
        Ok([[VERSION].as_slice(), self.id.as_bytes(), &sealed].concat())
    }

    /// The key that a ciphertext names.
    pub fn named_in(sealed: &[u8]) -> Option<Uuid> {
        Some(Uuid::from_bytes(*sealed.strip_prefix(&[VERSION])?.first_chunk()?))
    }

    pub fn open(&self, cell: Cell, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let rest = sealed.strip_prefix(&[VERSION]).ok_or(KeyError::Unopenable)?;
        let sealed = rest.strip_prefix(self.id.as_bytes()).ok_or(KeyError::Unopenable)?;
        aead::decrypt(&self.secret, sealed, &cell.associated())
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(column: &'static str, row: u128) -> Cell {
        Cell { table: "case_party", column, row: Uuid::from_u128(row) }
    }

    #[test]
    fn a_ciphertext_opens_only_in_its_place_and_with_its_key() {
        let key = DataKey::generate(Uuid::from_u128(1));
        let sealed = key.seal(cell("email", 7), b"ana@example.org").unwrap();
        assert_eq!(key.open(cell("email", 7), &sealed).unwrap(), b"ana@example.org");
        assert_eq!(DataKey::named_in(&sealed), Some(key.id()));
        assert!(key.open(cell("telephone", 7), &sealed).is_err());
        assert!(key.open(cell("email", 8), &sealed).is_err());
        assert!(DataKey::generate(Uuid::from_u128(1)).open(cell("email", 7), &sealed).is_err());
        assert!(DataKey::generate(Uuid::from_u128(2)).open(cell("email", 7), &sealed).is_err());
    }

    #[test]
    fn a_wrapped_key_opens_with_its_ring_only() {
        let ring = KeyRing::generate("k1");
        let key = DataKey::generate(Uuid::from_u128(1));
        let wrapped = key.wrap(&ring, "k1").unwrap();
        assert_eq!(wrapped.wrapping_key, "k1");
        assert_eq!(DataKey::unwrap(&ring, &wrapped).unwrap().secret(), key.secret());
        assert!(DataKey::unwrap(&KeyRing::generate("k1"), &wrapped).is_err());
        assert!(matches!(DataKey::unwrap(&KeyRing::generate("k2"), &wrapped), Err(KeyError::MissingWrappingKey(_))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), flip in 0usize..60) {
            let key = DataKey::generate(Uuid::from_u128(1));
            prop_assert!(key.open(cell("email", 7), &bytes).is_err());
            let mut sealed = key.seal(cell("email", 7), b"fourteen bytes").unwrap();
            let at = flip % sealed.len();
            sealed[at] ^= 1;
            prop_assert!(key.open(cell("email", 7), &sealed).is_err());
        }
    }
}
