//! What partner countries want to know beyond what is answered at once: cases of ICTS.
//!
//! * [`package`]: what is handed to OBIM: the request, the reply and its documents, signed by us and sealed for them.
//!
//! Areas of documents are not taken out here. Decoding and drawing what others made needs a process of its own, with little memory
//! and time, and what draws PDF comes with typst: so `portico-letters redact` does it. Outside of any transaction the caller awaits
//! `gateways::redaction::Redactor::redact(kind, bytes, &areas)`, with [`Redaction`](shared::document::Redaction) and
//! [`RedactionFault`](shared::document::RedactionFault) from `shared::document`, and brings what it gave to the operation that
//! stores it, with its SHA-256.

pub mod package;
