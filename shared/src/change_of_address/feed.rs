//! What an address in the case feed means for a case whose address was changed here.

use chrono::{DateTime, Utc};

use crate::address::Place;

/// What is done with an address of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedAddress {
    /// The case system has taken the change over.
    Acknowledges,
    /// It does not know of the change yet: the address given here stays.
    Passed,
    /// A third address, newer than the change: somebody told the case system.
    Replaces,
}

/// Reads an address of the feed. The one that the case had before the change never comes back by the feed, however late it is
/// sent: case systems repeat what they have with every event. To move back takes a new change.
pub fn judge_feed(
    incoming: &Place,
    changed_to: &Place,
    before: &Place,
    event_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
) -> FeedAddress {
    if incoming == changed_to {
        FeedAddress::Acknowledges
    } else if incoming == before || event_at <= changed_at {
        FeedAddress::Passed
    } else {
        FeedAddress::Replaces
    }
}
