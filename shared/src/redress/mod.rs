//! Redress: what people ask about their own records (PIA-060(a), "Redress"; 5 USC 552, 552a, 552a note; 6 CFR Part 5).
//!
//! * [`RedressKind`], [`Basis`], [`Channel`]: what is asked, by which law, and how it came; [`Asked`] is what the person wrote;
//! * [`RedressState`]: what can happen next, and refuses the rest;
//! * [`clock`]: by when the agency answers, and acknowledges an amendment, in its working days;
//! * [`Exemption`]: on what something may be kept back, by citation;
//! * [`Held`]: what the agency holds of a person, in parts, of which a decision gives some;
//! * [`Decision`]: what is decided, with everything that is wrong with it said at once;
//! * [`letter`]: the answer in words, English or Spanish; [`ways`]: where partner countries are asked.

pub mod clock;
mod decision;
mod exemption;
mod held;
pub mod letter;
mod request;
mod state;
pub mod ways;

pub use decision::{Decision, DecisionFault, LONGEST_REASON, Outcome, Proposal};
pub use exemption::Exemption;
pub use held::{Held, HeldLine, Part};
pub use request::{Asked, AskedFault, Basis, Channel, Extension, LONGEST_TEXT, RedressKind, TypedAsked, number};
pub use state::{NotNow, RedressEvent, RedressState};
