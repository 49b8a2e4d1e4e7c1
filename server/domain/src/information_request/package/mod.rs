//! A package: the partner's request, our reply and its documents, as OBIM gets them. `docs/packages.md` is the format.
//!
//! It is signed with our key (Ed25519), so that OBIM knows whose it is, and sealed for OBIM's (HPKE), so that nobody else reads it:
//! not who keeps it until it is fetched, either. Both sides stream: a package of any size takes some hundred kilobytes of memory.
//!
//! * [`Manifest`] says what is in it: names, kinds, sizes and hashes. It is what is signed.
//! * [`Sealing`] writes one, and refuses a document that is not what its manifest says.
//! * [`Opening`] is the other side's: tests and simulators are OBIM.

mod manifest;
mod open;
mod seal;
#[cfg(test)]
mod tests;

pub use manifest::{Entry, EntryKind, EntryName, MOST_DOCUMENTS, Manifest, ManifestError};
pub use open::{OpenError, Opening};
pub use seal::{SealError, Sealed, Sealing};

use store::crypto::SenderKey;
use store::crypto::hpke::RecipientKey;

/// How a package begins; the last byte is the version.
const MAGIC: [u8; 16] = *b"PORTICO-PACKAGE\x01";
/// What is sealed at a time. Every part but the last has as much.
const PART: usize = 64 * 1024;
const SIGNATURE: usize = 64;
/// Magic, length of what is sealed, sender, recipient.
const HEADER: usize = 16 + 8 + 32 + 32;

/// What stands in the clear, and is bound into the signature and the encryption.
fn header(length: u64, sender: &SenderKey, recipient: &RecipientKey) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..16].copy_from_slice(&MAGIC);
    header[16..24].copy_from_slice(&length.to_be_bytes());
    header[24..56].copy_from_slice(&sender.id());
    header[56..].copy_from_slice(&recipient.id());
    header
}

/// Bytes of a package before they are sealed.
fn length(manifest: &Manifest, canonical: &[u8]) -> Option<u64> {
    let around = u64::try_from(4 + canonical.len() + SIGNATURE).ok()?;
    manifest.entries().iter().try_fold(around, |sum, entry| sum.checked_add(entry.bytes))
}
