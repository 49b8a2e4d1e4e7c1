//! Answers that are read again after they went out: which wait, one of them with what came of it, what was found in one's own, the rules
//! that draw them, and figures. All acts are plain forms.

#[cfg(feature = "ssr")]
mod figures;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod reading;
#[cfg(feature = "ssr")]
mod rules;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {figures::FiguresPage, list::QualityPage, reading::ReadingPage, rules::RulesPage};
