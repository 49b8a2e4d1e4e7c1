//! Writes a package.

use std::io::{self, ErrorKind, Read, Write};

use sha2::{Digest, Sha256};
use store::crypto::hpke::{self, RecipientKey};
use store::crypto::{KeyError, PackageKey};
use thiserror::Error;

use super::manifest::Manifest;
use super::{ManifestError, PART, header, length};

/// Why there is no package. What was written until then is none, and is to be thrown away.
#[derive(Debug, Error)]
pub enum SealError {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("the manifest has no entry {0}")]
    TooMany(usize),
    #[error("entry {0} of the manifest is missing")]
    Missing(usize),
    /// Somebody reviewed something else than what would go out.
    #[error("entry {0} is not what the manifest says: it was changed since it was prepared")]
    Changed(usize),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a document could not be read: {0}")]
    Input(io::ErrorKind),
    #[error("the package could not be written: {0}")]
    Output(io::ErrorKind),
}

/// A package that is being written: its entries are added one after the other, in the order of the manifest.
pub struct Sealing<W> {
    manifest: Manifest,
    /// The entry that is added next.
    next: usize,
    seal: hpke::Sealing,
    /// What is not sealed yet, at most a part.
    plain: Vec<u8>,
    output: W,
    hash: Sha256,
    bytes: u64,
}

impl<W> std::fmt::Debug for Sealing<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealing({}, entry {})", self.manifest.package(), self.next)
    }
}

/// A package that was written.
#[derive(Debug)]
pub struct Sealed<W> {
    pub output: W,
    pub bytes: u64,
    /// Of the package as it goes out.
    pub sha256: [u8; 32],
}

impl<W: Write> Sealing<W> {
    /// Begins a package: writes its header, and seals the signed manifest.
    pub fn begin(manifest: Manifest, ours: &PackageKey, theirs: &RecipientKey, output: W) -> Result<Self, SealError> {
        let canonical = manifest.canonical()?;
        let length = length(&manifest, &canonical).ok_or(ManifestError::Malformed)?;
        let header = header(length, ours.public(), theirs);
        let signature = ours.sign(&[header.as_slice(), &canonical].concat()).ok_or(KeyError::Unopenable)?;
        let written = u32::try_from(canonical.len()).map_err(|_| ManifestError::Malformed)?.to_be_bytes();
        let (travels, seal) = theirs.seal(&header)?;
        let plain = Vec::with_capacity(PART + hpke::TAG);
        let mut begun = Self { manifest, next: 0, seal, plain, output, hash: Sha256::new(), bytes: 0 };
        begun.put(&header)?;
        begun.put(&travels)?;
        begun.take(&written)?;
        begun.take(&canonical)?;
        begun.take(&signature)?;
        Ok(begun)
    }

    /// Adds the next entry, all that the reader gives. If it is not what the manifest says there is no package.
    #[expect(clippy::should_implement_trait, reason = "an entry is added to a package; nothing is summed")]
    pub fn add(mut self, mut content: impl Read) -> Result<Self, SealError> {
        let number = self.next;
        let entry = self.manifest.entries().get(number).ok_or(SealError::TooMany(number))?.clone();
        let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; PART]);
        loop {
            let read = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(SealError::Input(error.kind())),
            };
            bytes += read as u64;
            if bytes > entry.bytes {
                return Err(SealError::Changed(number));
            }
            hash.update(&buffer[..read]);
            self.take(&buffer[..read])?;
        }
        let sha256: [u8; 32] = hash.finalize().into();
        if bytes != entry.bytes || sha256 != entry.sha256 {
            return Err(SealError::Changed(number));
        }
        self.next += 1;
        Ok(self)
    }

    /// Where the package is written to: what is there may be taken away between two entries.
    pub const fn output_mut(&mut self) -> &mut W {
        &mut self.output
    }

    /// Ends the package.
    pub fn finish(mut self) -> Result<Sealed<W>, SealError> {
        if self.next < self.manifest.entries().len() {
            return Err(SealError::Missing(self.next));
        }
        self.seal_part()?;
        self.output.flush().map_err(|error| SealError::Output(error.kind()))?;
        Ok(Sealed { output: self.output, bytes: self.bytes, sha256: self.hash.finalize().into() })
    }

    fn take(&mut self, mut bytes: &[u8]) -> Result<(), SealError> {
        while !bytes.is_empty() {
            // Only when more follows: the last part is never empty.
            if self.plain.len() == PART {
                self.seal_part()?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PART - self.plain.len()));
            self.plain.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal_part(&mut self) -> Result<(), SealError> {
        let mut part = std::mem::take(&mut self.plain);
        self.seal.seal(&[], &mut part)?;
        self.put(&part)?;
        part.clear();
        self.plain = part;
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), SealError> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.output.write_all(bytes).map_err(|error| SealError::Output(error.kind()))
    }
}
