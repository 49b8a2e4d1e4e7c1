//! Sets a [`Letter`](shared::letter::Letter) as a tagged PDF that keeps PDF/UA-1, and takes areas out of documents.
//!
//! typst is large and reads text that people typed, so it is no part of the server: the program `portico-letters` is a process of
//! its own with no environment, no file and no network to use ([`worker`] is its loop), and `gateways::letters` keeps it.
//!
//! * [`Press`] sets letters; the same letter gives the same bytes.
//! * `template.typ` says how they look. A letter's texts reach it as values of a file in JSON, never as markup.
//! * The fonts in `fonts/` are part of the program; `printable.rs` replaces what they cannot show.
//! * [`redaction`] is another thing, which needs what typst brings: a drawer of PDF. Started as `portico-letters redact`, the
//!   program sets no letters, answers for one document, and ends.

mod press;
mod printable;
pub mod redaction;
pub mod worker;

pub use press::{Press, SetError};
