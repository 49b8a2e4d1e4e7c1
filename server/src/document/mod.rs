//! A document's way between a request, the scanner, the storage and the domain.
//!
//! [`Documents::receive`] makes all steps: the scanner is asked, the file is cleaned in a process of its own ([`worker`]), the
//! domain encrypts it, the storage takes it, the domain records it. If the process dies between two of them, a job deletes what
//! was left ([`Documents::delete_loose`]). Nothing here writes a name or a byte of a document to the log.

pub mod worker;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::document::{Arriving, Cleaned};
use domain::{Actor, Context, Error};
use gateways::clamd::{Clamd, Verdict};
use gateways::object_storage::Storage;
use shared::document::{DocumentProblem, DocumentView, FileName, LARGEST_DOCUMENT, ScanState};
use store::crypto::sha256;
use store::document::Document;
use uuid::Uuid;

use crate::settings::{SettingError, Settings};
use worker::Worker;

/// What takes documents in, and gives them out.
#[derive(Debug, Clone)]
pub struct Documents {
    storage: Storage,
    /// None if this installation has no scanner: documents say so.
    scanner: Option<Clamd>,
    worker: Worker,
}

/// A file that somebody sends, and where it belongs.
#[derive(Debug)]
pub struct Sent<'a> {
    pub case: Uuid,
    /// A draft or a request.
    pub holder: Uuid,
    /// With a draft it expires.
    pub keep_until: Option<DateTime<Utc>>,
    pub name: FileName,
    pub bytes: &'a [u8],
}

impl Documents {
    pub fn open(settings: &Settings) -> Result<Self, SettingError> {
        Ok(Self { storage: settings.storage()?, scanner: settings.clamd.clone().map(Clamd::new), worker: Worker::this_program() })
    }

    /// Takes a file in. What the sender can do something about is in the answer.
    pub async fn receive(&self, ctx: &Context, sent: Sent<'_>) -> Result<Result<DocumentView, DocumentProblem>, Error> {
        let Sent { case, holder, keep_until, name, bytes } = sent;
        let (scan, cleaned) = match self.look_through(bytes).await {
            Ok(found) => found,
            Err(problem) => return Ok(Err(problem)),
        };
        let (sent_bytes, sha256) = (bytes.len() as u64, sha256(bytes));
        let Cleaned { kind, content } = &cleaned;
        let arriving = Arriving { case, holder, name, kind: *kind, scan, sent_bytes, sha256, content, keep_until };
        let mut prepared = match domain::document::prepare(ctx, arriving).await? {
            Ok(prepared) => prepared,
            Err(problem) => return Ok(Err(problem)),
        };
        if let Err(error) = self.storage.put(prepared.object_key(), std::mem::take(&mut prepared.object)).await {
            tracing::error!("a document was not stored: {error}");
            return Ok(Err(DocumentProblem::TryLater));
        }
        domain::document::record(ctx, prepared).await
    }

    /// What the scanner says of a file, and what is kept of it.
    pub async fn look_through(&self, bytes: &[u8]) -> Result<(ScanState, Cleaned), DocumentProblem> {
        if bytes.is_empty() {
            return Err(DocumentProblem::Empty);
        }
        if bytes.len() > LARGEST_DOCUMENT {
            return Err(DocumentProblem::TooLarge);
        }
        // As it came: what it is made of afterwards is our own.
        let scan = self.scan(bytes).await?;
        Ok((scan, self.worker.clean(bytes).await?))
    }

    /// What the scanner says of a file.
    pub async fn scan(&self, bytes: &[u8]) -> Result<ScanState, DocumentProblem> {
        let Some(scanner) = &self.scanner else { return Ok(ScanState::NotScanned) };
        match scanner.scan(bytes).await {
            Ok(Verdict::Clean) => Ok(ScanState::Clean),
            Ok(Verdict::Infected(signature)) => {
                tracing::warn!(signature, "an infected file was not taken");
                Err(DocumentProblem::Infected)
            }
            Err(error) => {
                tracing::error!("a file was not scanned, and so not taken: {error}");
                Err(DocumentProblem::TryLater)
            }
        }
    }

    /// The content of a document that somebody may read: whoever let them noted that it was opened.
    pub async fn content(&self, document: &Document) -> Result<Vec<u8>, Error> {
        let object = self.storage.get(document.object_key).await.map_err(|error| {
            tracing::error!("a document was not read: {error}");
            Error::Unavailable
        })?;
        let Some(object) = object else {
            tracing::error!(id = %document.view.id, "the storage does not have the object of a document");
            return Err(Error::Internal);
        };
        Ok(document.open(&object)?)
    }

    /// Lets an operator read a document. That it was opened is in the audit log, whatever happens then.
    #[cfg(test)]
    pub async fn read(&self, ctx: &Context, actor: Actor, id: Uuid) -> Result<Option<(DocumentView, Vec<u8>)>, Error> {
        let Some(document) = domain::document::open(ctx, actor, id).await? else { return Ok(None) };
        let content = self.content(&document).await?;
        Ok(Some((document.view, content)))
    }

    /// Deletes the objects that no document has any more.
    pub async fn delete_loose(&self, ctx: &Context) -> Result<(), Error> {
        for object in domain::document::to_delete(ctx, Actor::System).await? {
            if let Err(error) = self.storage.delete(object).await {
                // The next round tries again.
                tracing::error!("objects of deleted documents are still there: {error}");
                return Err(Error::Unavailable);
            }
            domain::document::deleted(ctx, Actor::System, object).await?;
        }
        Ok(())
    }
}
