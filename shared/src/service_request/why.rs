//! Why an officer has a request: kept with the event, and shown to whoever asks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::category::RedirectReason;

/// Why it was given to this officer, or taken. Without anything personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Why {
    /// Of those of the office who take this kind, were there and had room, this officer had the smallest part of it taken.
    Rule { open: i64, capacity: i64, among: usize, on_leave: usize, full: usize },
    /// It was the next one: of those that nobody has, an answer to it is due first.
    Next { due_on: NaiveDate, is_overdue: bool, passed_over: usize },
    /// A supervisor gave it, with one of the agency's reasons or none.
    Supervisor {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<RedirectReason>,
    },
    /// One of many in an act, which can be undone.
    Batch { id: Uuid },
    /// The act was undone.
    Undone { id: Uuid },
    /// The officer who had it handed it over.
    HandedOver,
}
