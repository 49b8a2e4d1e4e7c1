//! Call scripts (Customer Service Gateway): how they are written, and what an agent does with one while somebody is on the line.
//!
//! Scripts are versions. One person writes a draft, which is checked, and another publishes it from a day on ([`edit`]). An agent
//! takes a call, looks for what the caller wants and follows a script from node to node ([`call`]); what it says about the caller's
//! case is decided at each node anew, by how far the caller is verified and by the protection of the case ([`hear`]).

mod call;
mod demo;
mod edit;
mod hear;
mod starter;
#[cfg(test)]
mod tests;
mod verify;

pub use call::{
    CallView, Found, LONGEST_NOTES, Told, at, back_to, begin, begin_script, call_of_request, end, find_scripts, go, handed_over,
    note, open_call,
};
pub(crate) use call::{empty, end_with_request};
pub use demo::seed_demo;
pub use edit::{
    Begun, HandedIn, Kept, Reviewed, Verdict, current_scripts, give_up, hand_in, import, import_as_operator, new_draft,
    read_to_callers, review, save_draft, script_version, script_versions, scripts_under_way, withdraw,
};
pub use hear::Heard;
pub use starter::ship;
pub use store::call_script::{Caller, Ending, StoredCall, StoredVersion};
pub use verify::{Claim, Identified, identify};
