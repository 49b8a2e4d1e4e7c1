//! Partners' requests that people answer: what waits, one request with its draft and documents, and packages for OBIM. All acts are plain
//! forms; files come in and go out at `server/src/http/console_information_request.rs`.

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod draft;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod packages;
#[cfg(feature = "ssr")]
mod queue;
#[cfg(feature = "ssr")]
mod request;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    document::{DocumentPage, areas},
    packages::PackagesPage,
    queue::InformationRequestsPage,
    request::InformationRequestPage,
    words::{document_refused, not_added, not_redacted},
};
