//! What is read to callers, and the calls.

mod call;
mod version;

pub use call::{
    Caller, Ending, NewCall, StoredCall, add_call, begin_script, call, caller, empty_calls, end_call, end_left_calls, handed_over,
    notes, of_request, open_call, save_walk, set_caller, set_notes,
};
pub use version::{
    NewVersion, StoredVersion, add_version, current, end_version, publish, save_version, set_state, under_way, version, versions,
};
