//! Answers to service requests, for those who write, read and mail them: the answer that is being written, its second reading, what
//! went out, letters for the printer, templates, and what the case system is to do.
//!
//! What is shown of a request's answers on its own page is `exchanged`. Every act is a plain form; a script adds that what is
//! written is kept while it is typed (`drafts`).

#[cfg(feature = "ssr")]
mod commands;
#[cfg(feature = "hydrate")]
mod drafts;
#[cfg(feature = "ssr")]
mod exchanged;
#[cfg(feature = "ssr")]
pub(super) mod findings;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod letters;
#[cfg(feature = "ssr")]
pub(super) mod preview;
#[cfg(feature = "ssr")]
pub(super) mod request;
#[cfg(feature = "ssr")]
mod review;
pub mod server;
#[cfg(feature = "ssr")]
mod templates;
#[cfg(feature = "ssr")]
mod typed;
#[cfg(feature = "ssr")]
pub(super) mod words;
#[cfg(feature = "ssr")]
mod write;

#[cfg(feature = "ssr")]
pub use {
    commands::CommandsPage,
    exchanged::panel,
    letters::LettersPage,
    preview::PreviewPage,
    request::{segment, shown},
    review::{ReviewPage, ReviewsPage},
    templates::{TemplatePage, TemplatesPage},
    write::AnswerPage,
};

#[cfg(feature = "ssr")]
pub(super) use words::rule as rule_words;

/// In the browser: keeps what is written while it is typed.
#[cfg(feature = "hydrate")]
pub(super) fn begin() {
    drafts::begin();
}
