//! Agreements with partner countries: what is in force, a version with all that signers have to know, its signatures, and how another
//! version is drafted: by a form for what changes often, or by a file. All acts are plain forms.

#[cfg(feature = "ssr")]
mod address;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod draft;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod partner;
pub mod server;
#[cfg(feature = "ssr")]
mod templates;
#[cfg(feature = "ssr")]
mod typed;
#[cfg(feature = "ssr")]
mod version;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    address::{version_at, version_path},
    draft::DraftPage,
    kept::file_refused,
    list::AgreementsPage,
    partner::PartnerPage,
    templates::PartnerTemplatesPage,
    version::VersionPage,
    words::{People, not_drafted, person},
};
