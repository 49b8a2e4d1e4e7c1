//! Reads a package: the other side's part.

use std::io::{self, ErrorKind, Read, Write};

use sha2::{Digest, Sha256};
use store::crypto::hpke::{self, ENCAPSULATED, RecipientSecret, TAG};
use store::crypto::{SenderKey, same};
use thiserror::Error;

use super::manifest::{Entry, LONGEST, Manifest};
use super::{HEADER, MAGIC, ManifestError, PART, SIGNATURE, header, length};

/// What is wrong with a package. Nothing that came out of it until then may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenError {
    #[error("this is no package, or one of a later version")]
    NoPackage,
    #[error("the package is sealed for another key")]
    OtherRecipient,
    #[error("the package is signed with another key")]
    OtherSender,
    #[error("the package was cut off")]
    Truncated,
    #[error("something follows the package")]
    TooLong,
    /// Bytes were changed, or parts stand in another order.
    #[error("the package was changed on its way")]
    Changed,
    /// The seal holds, which anybody can make; the signature does not.
    #[error("the signature is not of this package")]
    Forged,
    #[error("the package is signed, and {0}")]
    Manifest(ManifestError),
    /// Another document stands in its place, or an older one.
    #[error("entry {0} is not what the manifest says")]
    OtherContent(usize),
    #[error("the package could not be read: {0}")]
    Input(io::ErrorKind),
    #[error("what is in the package could not be written: {0}")]
    Output(io::ErrorKind),
}

/// A package that is being read.
pub struct Opening<R> {
    parts: Parts<R>,
    manifest: Manifest,
    next: usize,
}

impl<R> std::fmt::Debug for Opening<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opening({}, entry {})", self.manifest.package(), self.next)
    }
}

impl<R: Read> Opening<R> {
    /// Reads the header and the manifest, and sees whose it is.
    pub fn begin(mut input: R, ours: &RecipientSecret, theirs: &SenderKey) -> Result<Self, OpenError> {
        let mut head = [0; HEADER];
        read_whole(&mut input, &mut head)?;
        if head[..16] != MAGIC {
            return Err(OpenError::NoPackage);
        }
        let mut left = [0; 8];
        left.copy_from_slice(&head[16..24]);
        let left = u64::from_be_bytes(left);
        let expected = header(left, theirs, ours.public());
        if head[24..56] != expected[24..56] {
            return Err(OpenError::OtherSender);
        }
        if head != expected {
            return Err(OpenError::OtherRecipient);
        }
        let mut travels = [0; ENCAPSULATED];
        read_whole(&mut input, &mut travels)?;
        let opening = ours.open(&travels, &head).map_err(|_| OpenError::Changed)?;
        let mut parts = Parts { input, opening, plain: Vec::with_capacity(PART + TAG), at: 0, left };
        let manifest = parts.manifest(&head, theirs)?;
        Ok(Self { parts, manifest, next: 0 })
    }

    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Writes out the next entry. `None` behind the last, when nothing follows.
    pub fn next(&mut self, output: &mut impl Write) -> Result<Option<&Entry>, OpenError> {
        let number = self.next;
        let Some(entry) = self.manifest.entries().get(number) else {
            return self.parts.end().map(|()| None);
        };
        let (mut hash, mut left) = (Sha256::new(), entry.bytes);
        while left > 0 {
            let bytes = self.parts.some(left)?;
            hash.update(bytes);
            output.write_all(bytes).map_err(|error| OpenError::Output(error.kind()))?;
            left -= bytes.len() as u64;
        }
        let sha256: [u8; 32] = hash.finalize().into();
        if !same(&sha256, &entry.sha256) {
            return Err(OpenError::OtherContent(number));
        }
        self.next += 1;
        Ok(Some(entry))
    }
}

/// What is sealed, a part at a time.
struct Parts<R> {
    input: R,
    opening: hpke::Opening,
    /// The part that was opened last, and how much of it was read.
    plain: Vec<u8>,
    at: usize,
    /// Bytes in the parts behind it.
    left: u64,
}

impl<R: Read> Parts<R> {
    /// The manifest, once its signature holds.
    fn manifest(&mut self, head: &[u8], theirs: &SenderKey) -> Result<Manifest, OpenError> {
        let whole = self.left;
        let malformed = OpenError::Manifest(ManifestError::Malformed);
        let written: [u8; 4] = self.exactly(4)?.try_into().map_err(|_| malformed)?;
        let bytes = usize::try_from(u32::from_be_bytes(written)).ok().filter(|bytes| *bytes <= LONGEST);
        let canonical = self.exactly(bytes.ok_or(malformed)?)?;
        let signature: [u8; SIGNATURE] = self.exactly(SIGNATURE)?.try_into().map_err(|_| OpenError::Forged)?;
        if !theirs.has_signed(&[head, &canonical].concat(), &signature) {
            return Err(OpenError::Forged);
        }
        let manifest = Manifest::parse(&canonical).map_err(OpenError::Manifest)?;
        if length(&manifest, &canonical) == Some(whole) { Ok(manifest) } else { Err(malformed) }
    }

    /// So many bytes.
    fn exactly(&mut self, bytes: usize) -> Result<Vec<u8>, OpenError> {
        let mut read = Vec::with_capacity(bytes);
        while read.len() < bytes {
            let more = self.some((bytes - read.len()) as u64)?;
            read.extend_from_slice(more);
        }
        Ok(read)
    }

    /// Some bytes, and at most so many.
    fn some(&mut self, most: u64) -> Result<&[u8], OpenError> {
        if self.at == self.plain.len() {
            self.open_part()?;
        }
        let here = self.plain.len() - self.at;
        let taken = usize::try_from(most).map_or(here, |most| here.min(most));
        self.at += taken;
        Ok(&self.plain[self.at - taken..self.at])
    }

    fn open_part(&mut self) -> Result<(), OpenError> {
        let bytes = usize::try_from(self.left).map_or(PART, |left| left.min(PART));
        if bytes == 0 {
            // The header said less than the manifest does.
            return Err(OpenError::Manifest(ManifestError::Malformed));
        }
        self.at = 0;
        let mut part = std::mem::take(&mut self.plain);
        part.resize(bytes + TAG, 0);
        read_whole(&mut self.input, &mut part)?;
        self.opening.open(&[], &mut part).map_err(|_| OpenError::Changed)?;
        self.plain = part;
        self.left -= bytes as u64;
        Ok(())
    }

    fn end(&mut self) -> Result<(), OpenError> {
        match read_whole(&mut self.input, &mut [0]) {
            Err(OpenError::Truncated) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => Err(OpenError::TooLong),
        }
    }
}

fn read_whole(input: &mut impl Read, bytes: &mut [u8]) -> Result<(), OpenError> {
    input.read_exact(bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => OpenError::Truncated,
        kind => OpenError::Input(kind),
    })
}
