//! What changes while a page is open: a bar on the page says so, and what it says is shown when somebody wants it. Nothing moves under
//! the cursor, and nothing that is typed is touched.
//!
//! The bar stands on the page from the beginning, with a link that loads it again (`bar`). With scripts the browser listens
//! (`listen`): to a stream that says only that something changed, whereupon it asks what that means for this page (`server`).

#[cfg(feature = "ssr")]
mod bar;
#[cfg(feature = "hydrate")]
mod listen;
pub mod server;

#[cfg(feature = "ssr")]
pub use bar::Bar;

/// In the browser: listens, on pages with a bar.
#[cfg(feature = "hydrate")]
pub(super) fn begin() {
    listen::begin();
}
