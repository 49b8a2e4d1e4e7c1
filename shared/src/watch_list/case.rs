//! One case of a list.

use chrono::NaiveDate;

use super::{CaseName, Seen};
use crate::case_status::ReceiptNumber;

/// A case, what its owner calls it, and what was last seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedCase {
    pub(super) number: ReceiptNumber,
    pub(super) name: Option<CaseName>,
    pub(super) seen: Option<Seen>,
    pub(super) changed_since: Option<NaiveDate>,
}

impl WatchedCase {
    pub const fn new(number: ReceiptNumber, name: Option<CaseName>) -> Self {
        Self { number, name, seen: None, changed_since: None }
    }

    pub const fn number(&self) -> &ReceiptNumber {
        &self.number
    }

    pub const fn name(&self) -> Option<&CaseName> {
        self.name.as_ref()
    }

    /// The name, or the number of a case without one.
    pub fn called(&self) -> &str {
        self.name.as_ref().map_or_else(|| self.number.as_str(), CaseName::as_str)
    }

    /// What the newest question brought; none before the first.
    pub const fn seen(&self) -> Option<&Seen> {
        self.seen.as_ref()
    }

    /// The day on which something else was seen, if that was at the last visit. A visit lasts a day: who loads the page again,
    /// or reads it in the other language, still sees what is new.
    pub const fn changed_since(&self) -> Option<NaiveDate> {
        self.changed_since
    }

    /// Keeps what was seen now in place of what was seen before. Of a case that is no longer recognised nothing is kept, so that
    /// it looks like one that never was.
    pub(super) fn see(&mut self, now: Seen) {
        let before = self.seen.replace(now.clone());
        self.changed_since = match before {
            Some(before) if now.status.is_some() => {
                let known = self.changed_since.filter(|_| before.on == now.on);
                if before.status == now.status { known } else { known.or(Some(before.on)) }
            }
            _ => None,
        };
    }
}
