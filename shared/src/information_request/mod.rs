//! What an analyst prepares for a partner that asks for more: what is told, what is held back and why, and on what condition
//! (PIA-060(a), "Foreign Partner Query"; SOR/2002-227 s. 315.24, .25).
//!
//! An agreement says what may be told. Of that, somebody tells or holds back each element, and says with what the file was compared,
//! so that nothing wrong is told. A [`DraftForm`] is what is typed; a [`Draft`] is what a second person reviews and releases.

mod draft;
mod form;
mod held_back;

pub use draft::Draft;
pub use form::{DraftForm, DraftProblem};
pub use held_back::HeldBack;
