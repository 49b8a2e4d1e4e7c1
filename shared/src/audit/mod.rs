//! What shows that nobody changed a log: a tree of hashes over its rows (RFC 9162), cut into tiles (<https://c2sp.org/tlog-tiles>),
//! and a signed note that says how large the tree is and what its root (<https://c2sp.org/tlog-checkpoint>).
//!
//! Nothing here signs or reads a file. A tree is fed one leaf after the other and keeps no more than its right edge.

mod checkpoint;
mod log;
mod proof;
mod tiles;
mod tree;

pub use checkpoint::{Checkpoint, Note, NoteError, Signature, key_id, verifier_key};
pub use log::Log;
pub use proof::{is_consistent, is_included};
pub use tiles::{TILE, TileAt, Tiles};
pub use tree::{EMPTY_ROOT, Hash, Head, Tree, leaf_hash, node_hash};
