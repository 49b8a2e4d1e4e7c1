//! Documents that people attach to what they send: which may be, what is told of them, and why one was not taken. And what is
//! taken out of one before another country gets it.

mod file_name;
mod kind;
mod problem;
mod redaction;
mod view;

pub use file_name::{FileName, LONGEST_FILE_NAME};
pub use kind::DocumentKind;
pub use problem::DocumentProblem;
pub use redaction::{
    LARGEST_KEPT, LARGEST_REDACTED, MOST_REDACTED_PAGES, MOST_REDACTIONS, Redaction, RedactionFault, RedactionRequest,
};
pub use view::{DocumentView, ScanState};

/// Most bytes of one document: 10 MB.
pub const LARGEST_DOCUMENT: usize = 10 * 1024 * 1024;
/// Most documents of one draft or request.
pub const MOST_DOCUMENTS: usize = 5;
