//! Sets a [`Letter`](shared::letter::Letter) as a tagged PDF that keeps PDF/UA-1.
//!
//! typst is large and reads text that people typed, so it is no part of the server: the program `portico-letters` is a process of
//! its own with no environment, no file and no network to use ([`worker`] is its loop), and `gateways::letters` keeps it.
//!
//! * [`Press`] sets letters; the same letter gives the same bytes.
//! * `template.typ` says how they look. A letter's texts reach it as values of a file in JSON, never as markup.
//! * The fonts in `fonts/` are part of the program; `printable.rs` replaces what they cannot show.

mod press;
mod printable;
pub mod worker;

pub use press::{Press, SetError};
