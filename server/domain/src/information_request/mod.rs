//! What partner countries want to know beyond what is answered at once: cases of ICTS (PIA-060(a), "Foreign Partner Query").
//!
//! [`crate::partner_query`] takes a request in and asks for the first time whether anything may be told. From there on it is with
//! people. An analyst takes it ([`take`]), decides what is told of what may be ([`keep`]), adds documents and has parts of them taken
//! out ([`add_document`], [`redact`]), and sends it to review ([`send_to_review`]), which has the check asked anew. Another person gives
//! it back or releases exactly what was reviewed ([`give_back`], [`release`]). A job asks once more and writes the [`package`](mod@package)
//! ([`next_to_package`], [`package()`]). When OBIM fetches it the check is asked a last time, and the disclosure is committed before the
//! first byte is given ([`to_fetch`], [`fetch`]); OBIM says whether it was sent ([`sent`], [`not_sent`]).
//!
//! What is silent, or with counsel, is on no list here: nobody can tell it from what never came.
//!
//! Areas of documents are not taken out here. Decoding and drawing what others made needs a process of its own, with little memory
//! and time, and what draws PDF comes with typst: so `portico-letters redact` does it. Outside of any transaction the caller awaits
//! `gateways::redaction::Redactor::redact(kind, bytes, &areas)`, with [`Redaction`](shared::document::Redaction) and
//! [`RedactionFault`](shared::document::RedactionFault) from `shared::document`, and brings what it gave to the operation that
//! stores it, with its SHA-256.
#![expect(clippy::disallowed_methods, reason = "one of the modules that may open partner data")]

mod act;
mod check;
mod demo;
mod document;
mod fetch;
mod pack;
pub mod package;
mod prepare;
mod reply;
mod review;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use act::corrected;
pub use act::{Done, GivenBack};
pub use demo::seed_demo;
pub use document::{
    Added, DocumentRow, MOST_BYTES, MOST_DOCUMENTS, NewDocument, StoredDocument, add_document, document, redact, remove_document,
};
pub use fetch::{Fetch, PackageRow, fetch, not_sent, packages, part, sent, to_fetch};
pub use pack::{PackageKeys, ToCheck, next_to_package, package};
pub use prepare::{Kept, SentToReview, close, keep, send_to_review, take};
pub use review::{give_back, release, retry};
pub use view::{HappenedRow, May, ReleaseRow, RequestRow, RequestView, names, queue, request};
