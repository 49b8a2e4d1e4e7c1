//! What is told of a document that was kept.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DocumentKind, FileName};

/// What the scanner said. Nothing infected is ever kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    /// This installation has no scanner: whoever opens the document is told so.
    NotScanned,
    Clean,
}

impl ScanState {
    pub const ALL: [Self; 2] = [Self::NotScanned, Self::Clean];

    pub const fn key(self) -> &'static str {
        match self {
            Self::NotScanned => "not_scanned",
            Self::Clean => "clean",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// A document as its sender and officers see it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    pub id: Uuid,
    pub name: FileName,
    pub kind: DocumentKind,
    /// Of the file as it was sent: what the sender can compare. What is kept is without its metadata.
    pub bytes: u64,
    /// Of the file as it was sent, in 64 small letters and digits.
    pub sha256: String,
    pub scan: ScanState,
}
