//! Letters as people who print, read and listen to them get them: poppler's programs read what was set.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod accounting;
mod examples;
mod paper;
mod partner_answer;
mod poppler;
mod redaction;
mod words;
mod worker;
