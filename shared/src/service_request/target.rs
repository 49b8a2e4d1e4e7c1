//! By when the agency means to answer.

use serde::{Deserialize, Serialize};

/// So many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub days: u16,
    pub count: Count,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Calendar,
    Business,
}
