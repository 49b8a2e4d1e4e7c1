//! Retention: what must not be destroyed, what is due, what two people let be destroyed, and what became of it.
//!
//! Nothing here decides whether something is due: that is worked out in `shared`, from what [`record`] reads. That two people
//! agree, that a list is written once and an outcome stays is in the tables' constraints and triggers. Destroying a record is
//! destroying its data key: what it sealed cannot be read any more, in rows that can only be appended either. What is in plain
//! words beside is deleted.

mod disposition;
mod due;
mod hold;
mod partner;
pub mod record;

pub use disposition::{
    Certificate, Count, Line, NewDisposition, StoredDisposition, StoredLine, approve, certificate, certify, counts, disposition,
    dispositions, left, lines, list_hash, propose, settle, under_way, withdraw,
};
pub use due::{DueYear, Walk, by_year, candidates, forget_due, note_due, save_walk, walk};
pub use hold::{
    Decision, NewHold, StoredHold, agree_to_hold, end_hold, hold, holds, holds_in_force, keep_hold, propose_end, propose_hold,
    withdraw_hold,
};
pub use partner::{AboutPerson, about_person, destroy_queries, destroyed_queries};

use crate::StoreError;
use crate::engine::{Connection, execute, statement};

statement! { main,
    LOCK = "UPDATE installation SET value = '' WHERE name = 'retention_lock'";
}

/// Waits until nobody else changes a hold or destroys something, until the end of the transaction.
pub async fn lock(transaction: &mut Connection) -> Result<(), StoreError> {
    execute!(transaction, &LOCK)?;
    Ok(())
}
