//! What is in a package.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use shared::document::DocumentKind;
use store::crypto::hex;
use thiserror::Error;
use uuid::Uuid;

/// Most documents of one package.
pub const MOST_DOCUMENTS: usize = 100;
/// Most bytes of a manifest; a hundred documents take thirty thousand.
pub(super) const LONGEST: usize = 64 * 1024;
const LONGEST_NAME: usize = 100;

/// What an entry is called: a name of a file that is safe wherever it is written, and tells nothing of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryName(String);

impl EntryName {
    /// Letters, digits, dots, hyphens and underlines; neither a path nor a hidden file.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        let is_name = is_plain && !text.is_empty() && text.len() <= LONGEST_NAME && !text.starts_with(['.', '-']);
        is_name.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// The partner's request, byte for byte as it came.
    Request,
    /// The message that answers it, with the elements that are allowed.
    Reply,
    Document(DocumentKind),
}

impl EntryKind {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Reply => "reply",
            Self::Document(kind) => kind.key(),
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "request" => Some(Self::Request),
            "reply" => Some(Self::Reply),
            _ => DocumentKind::from_key(key).map(Self::Document),
        }
    }
}

/// A part of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: EntryName,
    pub kind: EntryKind,
    pub sha256: [u8; 32],
    pub bytes: u64,
}

/// The request, the reply, and documents, in the order in which they stand in the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    package: Uuid,
    made_at: DateTime<Utc>,
    entries: Vec<Entry>,
}

/// Why something is no manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ManifestError {
    #[error("a package begins with one request and one reply, and has documents after them")]
    Order,
    #[error("two entries have the same name")]
    SameName,
    #[error("a package has at most {MOST_DOCUMENTS} documents")]
    TooMany,
    #[error("the manifest is not in the documented form")]
    Malformed,
}

impl Manifest {
    /// A manifest of these entries. Its instant is cut to seconds.
    pub fn new(package: Uuid, made_at: DateTime<Utc>, entries: Vec<Entry>) -> Result<Self, ManifestError> {
        let mut kinds = entries.iter().map(|entry| entry.kind);
        let is_begun = kinds.next() == Some(EntryKind::Request) && kinds.next() == Some(EntryKind::Reply);
        if !is_begun || !kinds.all(|kind| matches!(kind, EntryKind::Document(_))) {
            return Err(ManifestError::Order);
        }
        if entries.len() > 2 + MOST_DOCUMENTS {
            return Err(ManifestError::TooMany);
        }
        if entries.iter().map(|entry| &entry.name).collect::<BTreeSet<_>>().len() < entries.len() {
            return Err(ManifestError::SameName);
        }
        Ok(Self { package, made_at: made_at.trunc_subsecs(0), entries })
    }

    pub const fn package(&self) -> Uuid {
        self.package
    }

    pub const fn made_at(&self) -> DateTime<Utc> {
        self.made_at
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The one way to write it: what is signed are bytes.
    pub fn canonical(&self) -> Result<Vec<u8>, ManifestError> {
        let entry = |entry: &Entry| WrittenEntry {
            name: entry.name.0.clone(),
            kind: entry.kind.key().to_owned(),
            sha256: hex(&entry.sha256),
            bytes: entry.bytes,
        };
        let written = Written {
            package: self.package,
            made_at: self.made_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            entries: self.entries.iter().map(entry).collect(),
        };
        serde_json::to_vec(&written).map_err(|_| ManifestError::Malformed)
    }

    /// Reads what [`Manifest::canonical`] writes, and nothing else.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let written: Written = serde_json::from_slice(bytes).map_err(|_| ManifestError::Malformed)?;
        let made_at = DateTime::parse_from_rfc3339(&written.made_at).map_err(|_| ManifestError::Malformed)?;
        let entries = written.entries.into_iter().map(WrittenEntry::parse).collect::<Option<Vec<_>>>();
        let manifest = Self::new(written.package, made_at.to_utc(), entries.ok_or(ManifestError::Malformed)?)?;
        if manifest.canonical()? == bytes { Ok(manifest) } else { Err(ManifestError::Malformed) }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    package: Uuid,
    made_at: String,
    entries: Vec<WrittenEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    name: String,
    kind: String,
    sha256: String,
    bytes: u64,
}

impl WrittenEntry {
    fn parse(self) -> Option<Entry> {
        Some(Entry {
            name: EntryName::parse(&self.name)?,
            kind: EntryKind::from_key(&self.kind)?,
            sha256: HEXLOWER.decode(self.sha256.as_bytes()).ok()?.try_into().ok()?,
            bytes: self.bytes,
        })
    }
}
