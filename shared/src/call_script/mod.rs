//! What a call-centre agent reads to a caller (Customer Service Gateway, PIA-019(b)): scripts, their check, and the way through one.
//!
//! A [`Script`] is a list of nodes. A call begins at the first, and goes from node to node until one that ends it: the caller has an
//! answer, a service request is taken, or the call goes to Tier 2. [`check`] says what keeps a script from being published; who
//! follows one that passed can always go on, and can always come to an end. [`Walk`] is the way of one call: it is what is kept with a
//! service request, so that a year later one can read what the caller was told.
//!
//! What a script says about a case depends on how far the caller has shown who they are ([`Verified`]).

mod changes;
mod check;
mod file;
mod key;
mod node;
mod script;
mod state;
mod verified;
mod walk;

pub use changes::{Change, changes};
pub use check::{Finding, check};
pub use file::{FORMAT, FileError, LARGEST_FILE, from_file, to_file};
pub use key::{KeyError, NodeKey, ScriptKey};
pub use node::{Answer, Node, Said, Step, StepKind, Words};
pub use script::{LONGEST_TEXT, MOST_ANSWERS, MOST_NODES, Script};
pub use state::VersionState;
pub use verified::{CaseBlock, Verified};
pub use walk::{Move, Taken, Walk, WalkError};
