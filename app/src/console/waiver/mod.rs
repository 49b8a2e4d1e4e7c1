//! Waivers towards partner countries: which stand, which wait for somebody else, and how another one is proposed, with the paper on
//! which it rests. All acts are plain forms.

#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod propose;
#[cfg(feature = "ssr")]
mod proposed;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    list::WaiversPage,
    propose::ProposePage,
    proposed::{NoPaper, proposed},
};
